#include "meter_twin.h"

#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const fault_names[METER_FAULT_KINDS] = {
    [METER_OVER] = "over",     [METER_STALE] = "stale",       [METER_MISS] = "miss",
    [METER_WATTS] = "watts",   [METER_DEAF] = "deaf",         [METER_DRIFT] = "drift",
    [METER_GAIN] = "gain",     [METER_GARBAGE] = "garbage",   [METER_SLOW] = "slow",
    [METER_SILENT] = "silent", [METER_STRANGER] = "stranger", [METER_REAL] = "real",
    [METER_LABELS] = "labels", [METER_YANK] = "yank",
};

static bool needs_value(meter_fault_kind kind)
{
    return kind == METER_DRIFT || kind == METER_GAIN || kind == METER_SLOW;
}

/* KIND[=VALUE][@N[-]] */
static bool read_fault(const char *spec, meter_fault *fault)
{
    char word[40];
    if (snprintf(word, sizeof word, "%s", spec) >= (int)sizeof word) return false;
    *fault = (meter_fault){.kind = METER_FAULT_KINDS, .to = UINT64_MAX};
    char *at = strchr(word, '@');
    if (at) {
        const size_t length = strlen(at);
        const bool open = at[length - 1] == '-';
        *at++ = 0;
        if (open) at[strlen(at) - 1] = 0;
        if (fl_read_u64(at, &fault->from) != FL_OK) return false;
        if (!open) fault->to = fault->from;
    }
    char *value = strchr(word, '=');
    if (value) {
        *value++ = 0;
        if (fl_read_double(value, &fault->value) != FL_OK) return false;
    }
    for (int i = 0; i < METER_FAULT_KINDS; i++)
        if (strcmp(word, fault_names[i]) == 0) fault->kind = (meter_fault_kind)i;
    return fault->kind != METER_FAULT_KINDS && needs_value(fault->kind) == (value != NULL);
}

fl_status meter_twin_init(meter_twin *meter, const speak_options *options, fl_error *error)
{
    *meter = (meter_twin){.light = -1};
    if (options->fault_count > METER_FAULTS) return fl_error_set(error, FL_E_USAGE, "too many faults");
    for (unsigned i = 0; i < options->fault_count; i++) {
        if (!read_fault(options->faults[i], &meter->faults[i])) {
            fl_error_set(error, FL_E_USAGE, "a meter has no fault '%s'", options->faults[i]);
            return fl_error_hint(error, "fadeline-twin --help"), FL_E_USAGE;
        }
        meter->fault_count++;
    }
    if (!options->light) return FL_OK;
    /* For writing too: a FIFO then has a writer for ever, and a file that is not there yet is made. */
    meter->light = open(options->light, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
    if (meter->light < 0)
        return fl_error_set(error, FL_E_FILE, "cannot open %s: %s", options->light, strerror(errno));
    if (lseek(meter->light, 0, SEEK_END) < 0 && errno != ESPIPE)
        return fl_error_set(error, FL_E_FILE, "cannot read %s: %s", options->light, strerror(errno));
    return FL_OK;
}

void meter_twin_fini(meter_twin *meter)
{
    if (meter->light >= 0) close(meter->light);
    meter->light = -1;
}

static const meter_fault *fault_of(const meter_twin *meter, meter_fault_kind kind)
{
    for (unsigned i = 0; i < meter->fault_count; i++) {
        const meter_fault *f = &meter->faults[i];
        if (f->kind == kind && meter->pulses >= f->from && meter->pulses <= f->to) return f;
    }
    return NULL;
}

bool meter_twin_has(const meter_twin *meter, meter_fault_kind kind)
{
    return fault_of(meter, kind) != NULL;
}

static void shine(meter_twin *meter, double energy_J, double full_scale_J)
{
    meter->pulses++;
    if (meter_twin_has(meter, METER_MISS)) return;
    const meter_fault *gain = fault_of(meter, METER_GAIN), *drift = fault_of(meter, METER_DRIFT);
    if (gain) energy_J *= 1 + gain->value / 100;
    if (drift) energy_J *= 1 + drift->value * (double)(meter->pulses - drift->from) / 100;
    meter->is_new = true;
    if (meter_twin_has(meter, METER_STALE) && meter->has_reading) return;
    meter->has_reading = true;
    meter->energy_J = energy_J;
    meter->over = energy_J > full_scale_J || meter_twin_has(meter, METER_OVER);
}

/* "1234 0.2013": a line that is none is no light. */
static void take_line(meter_twin *meter, double full_scale_J)
{
    const char *space = strchr(meter->line, ' ');
    double energy_J;
    if (space && fl_read_double(space + 1, &energy_J) == FL_OK && energy_J > 0)
        shine(meter, energy_J, full_scale_J);
}

static void look_at_light(meter_twin *meter, double full_scale_J)
{
    char bytes[512];
    const ssize_t got = meter->light < 0 ? 0 : read(meter->light, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] == '\n') {
            meter->line[meter->line_size] = 0;
            take_line(meter, full_scale_J);
            meter->line_size = 0;
        } else if (meter->line_size < sizeof meter->line - 1) {
            meter->line[meter->line_size++] = bytes[i];
        }
    }
}

bool meter_twin_tick(meter_twin *meter, uint64_t now_ms, double full_scale_J)
{
    meter->now_ms = now_ms;
    look_at_light(meter, full_scale_J);
    return !meter_twin_has(meter, METER_YANK);
}

/* ---- answers ---- */

void meter_twin_answer(meter_twin *meter, const char *format, ...)
{
    if (meter_twin_has(meter, METER_SILENT) || meter->count == METER_WAITING) return;
    const meter_fault *slow = fault_of(meter, METER_SLOW);
    const unsigned at = (meter->first + meter->count++) % METER_WAITING;
    char *bytes = meter->waiting[at].bytes;
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(bytes, METER_ANSWER, format, arguments);
    va_end(arguments);
    meter->waiting[at].size = length < METER_ANSWER ? (size_t)length : METER_ANSWER - 1;
    meter->waiting[at].due_ms = meter->now_ms + (slow ? (uint64_t)slow->value : 0);
    if (meter_twin_has(meter, METER_GARBAGE) && length > 1) bytes[length / 2] = '\x15', bytes[0] = '\xFF';
}

size_t meter_twin_give(meter_twin *meter, char *room, size_t size)
{
    size_t given = 0;
    while (meter->count && meter->waiting[meter->first].due_ms <= meter->now_ms) {
        const size_t length = meter->waiting[meter->first].size;
        if (given + length > size) break;
        memcpy(room + given, meter->waiting[meter->first].bytes, length);
        given += length;
        meter->first = (meter->first + 1) % METER_WAITING;
        meter->count--;
    }
    return given;
}
