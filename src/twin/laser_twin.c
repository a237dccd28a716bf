#include "laser_twin.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define KEEP_MS 1000

static const char *const fault_names[LASER_FAULT_KINDS] = {
    [LASER_LIE] = "lie",           [LASER_STALL] = "stall", [LASER_ECHO] = "echo",
    [LASER_GARBAGE] = "garbage",   [LASER_SLOW] = "slow",   [LASER_LATE] = "late",
    [LASER_STRANGER] = "stranger", [LASER_REAL] = "real",   [LASER_JUMP] = "jump",
    [LASER_BIT] = "bit",           [LASER_OPEN] = "open",   [LASER_YANK] = "yank",
};

static bool value_fits(const laser_fault *f)
{
    const bool needs =
        f->kind == LASER_SLOW || f->kind == LASER_LATE || f->kind == LASER_JUMP || f->kind == LASER_BIT;
    if (f->kind == LASER_YANK) return !f->has_value || (f->value >= 0 && f->value < 1e9);
    if (f->kind == LASER_BIT && !(f->value >= 0 && f->value < 64)) return false;
    return needs == f->has_value && (!needs || fabs(f->value) < 1e12);
}

/* KIND[=VALUE][@N[-[M]]] */
static bool read_fault(const char *spec, laser_fault *fault)
{
    char word[40];
    if (snprintf(word, sizeof word, "%s", spec) >= (int)sizeof word) return false;
    *fault = (laser_fault){.kind = LASER_FAULT_KINDS, .to = UINT64_MAX};
    char *at = strchr(word, '@');
    if (at) {
        *at++ = 0;
        char *dash = strchr(at, '-');
        if (dash) *dash++ = 0;
        if (fl_read_u64(at, &fault->from) != FL_OK) return false;
        if (!dash) fault->to = fault->from;
        if (dash && *dash && fl_read_u64(dash, &fault->to) != FL_OK) return false;
    }
    char *value = strchr(word, '=');
    if (value) {
        *value++ = 0;
        fault->has_value = true;
        if (fl_read_double(value, &fault->value) != FL_OK) return false;
    }
    for (int i = 0; i < LASER_FAULT_KINDS; i++)
        if (strcmp(word, fault_names[i]) == 0) fault->kind = (laser_fault_kind)i;
    return fault->kind != LASER_FAULT_KINDS && value_fits(fault);
}

static fl_status read_state(laser_twin *laser, fl_error *error)
{
    FILE *file = laser->state ? fopen(laser->state, "r") : NULL;
    char line[80] = "";
    if (!file) return FL_OK; /* a new laser */
    const bool got = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    if (got && fl_text_begins(line, "SIM shots ") && fl_read_u64(line + 10, &laser->shots) == FL_OK)
        return FL_OK;
    return fl_error_set(error, FL_E_FILE, "%s is not the state of a virtual laser", laser->state);
}

fl_status laser_twin_init(laser_twin *laser, const speak_options *options, fl_error *error)
{
    *laser = (laser_twin){.shots = 41207, .state = options->state};
    if (options->fault_count > LASER_FAULTS) return fl_error_set(error, FL_E_USAGE, "too many faults");
    for (unsigned i = 0; i < options->fault_count; i++) {
        if (!read_fault(options->faults[i], &laser->faults[i])) {
            fl_error_set(error, FL_E_USAGE, "such a laser has no fault '%s'", options->faults[i]);
            return fl_error_hint(error, "fadeline-twin --help"), FL_E_USAGE;
        }
        laser->fault_count++;
    }
    const fl_status status = read_state(laser, error);
    laser->kept_shots = laser->shots;
    return status;
}

/* Whole or not at all: a half-written counter would be a jump nobody made. */
static void keep(laser_twin *laser)
{
    char beside[1100];
    if (!laser->state || laser->kept_shots == laser->shots) return;
    if (snprintf(beside, sizeof beside, "%s.new", laser->state) >= (int)sizeof beside) return;
    FILE *file = fopen(beside, "w");
    if (!file) return;
    const bool wrote = fprintf(file, "SIM shots %llu\n", (unsigned long long)laser->shots) > 0;
    if (fclose(file) == 0 && wrote && rename(beside, laser->state) == 0) laser->kept_shots = laser->shots;
}

void laser_twin_fini(laser_twin *laser)
{
    keep(laser);
}

static const laser_fault *fault_of(const laser_twin *laser, laser_fault_kind kind)
{
    for (unsigned i = 0; i < laser->fault_count; i++) {
        const laser_fault *f = &laser->faults[i];
        if (f->kind == kind && laser->words >= f->from && laser->words <= f->to) return f;
    }
    return NULL;
}

bool laser_twin_has(const laser_twin *laser, laser_fault_kind kind)
{
    return fault_of(laser, kind) != NULL;
}

uint64_t laser_twin_bits(const laser_twin *laser)
{
    const laser_fault *f = fault_of(laser, LASER_BIT);
    return f ? UINT64_C(1) << (unsigned)f->value : 0;
}

bool laser_twin_tick(laser_twin *laser, uint64_t now_ms)
{
    laser->now_ms = now_ms;
    for (unsigned i = 0; i < laser->fault_count; i++) {
        const laser_fault *f = &laser->faults[i];
        if (f->kind == LASER_YANK && f->has_value && (double)now_ms >= f->value) laser->gone = true;
    }
    if (now_ms - laser->kept_ms >= KEEP_MS || laser->gone) {
        laser->kept_ms = now_ms;
        keep(laser);
    }
    return !laser->gone;
}

void laser_twin_word(laser_twin *laser)
{
    laser->words++;
    const laser_fault *jump = fault_of(laser, LASER_JUMP), *yank = fault_of(laser, LASER_YANK);
    if (jump && (jump->from == laser->words || (!jump->from && laser->words == 1)))
        laser->shots = (uint64_t)((int64_t)laser->shots + (int64_t)jump->value);
    if (yank && !yank->has_value) laser->gone = true;
}

static void queue(laser_twin *laser, const char *bytes, size_t size)
{
    if (laser->count == LASER_WAITING || size > LASER_ANSWER) return;
    const laser_fault *slow = fault_of(laser, LASER_SLOW), *late = fault_of(laser, LASER_LATE);
    uint64_t due_ms = laser->now_ms + (slow ? (uint64_t)slow->value : 0);
    if (late) laser->busy_until_ms = laser->now_ms + (uint64_t)late->value;
    if (due_ms < laser->busy_until_ms) due_ms = laser->busy_until_ms;
    const unsigned place = (laser->first + laser->count++) % LASER_WAITING;
    laser->waiting[place].due_ms = due_ms;
    laser->waiting[place].size = size;
    memcpy(laser->waiting[place].bytes, bytes, size);
}

void laser_twin_echo(laser_twin *laser, const char *bytes, size_t size)
{
    while (laser_twin_has(laser, LASER_ECHO) && size) {
        const size_t n = size < LASER_ANSWER ? size : LASER_ANSWER;
        queue(laser, bytes, n);
        bytes += n, size -= n;
    }
}

void laser_twin_answer(laser_twin *laser, const char *format, ...)
{
    char bytes[LASER_ANSWER];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(bytes, sizeof bytes, format, arguments);
    va_end(arguments);
    if (size < 0 || size >= (int)sizeof bytes || laser->gone || laser_twin_has(laser, LASER_STALL)) return;
    if (laser_twin_has(laser, LASER_GARBAGE))
        for (int i = 0; i + 1 < size; i += 2) bytes[i] = (char)(0x80 | bytes[i]) ^ 0x15;
    queue(laser, bytes, (size_t)size);
}

size_t laser_twin_give(laser_twin *laser, char *room, size_t size)
{
    size_t used = 0;
    while (laser->count && !laser->gone && laser->waiting[laser->first].due_ms <= laser->now_ms &&
           used + laser->waiting[laser->first].size <= size) {
        memcpy(room + used, laser->waiting[laser->first].bytes, laser->waiting[laser->first].size);
        used += laser->waiting[laser->first].size;
        laser->first = (laser->first + 1) % LASER_WAITING;
        laser->count--;
    }
    return used;
}
