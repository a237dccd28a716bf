#include "meter_twin.h"

#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fl_status open_light(meter_twin *meter, const char *path, fl_error *error)
{
    meter->light = -1;
    if (!path) return FL_OK;
    /* For writing too: a FIFO then has a writer for ever, and a file that is not there yet is made. */
    meter->light = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
    if (meter->light < 0) return fl_error_set(error, FL_E_FILE, "cannot open %s: %s", path, strerror(errno));
    if (lseek(meter->light, 0, SEEK_END) < 0 && errno != ESPIPE)
        return fl_error_set(error, FL_E_FILE, "cannot read %s: %s", path, strerror(errno));
    return FL_OK;
}

void *meter_twin_make(size_t size, const speak_options *options, fl_error *error)
{
    meter_twin *meter = calloc(1, size);
    if (!meter) return fl_error_set(error, FL_E_IO, "no memory"), NULL;
    meter->light = -1;
    meter->most_J = INFINITY;
    fl_status status = speak_line_init(&meter->line, SPEAK_METER, options, error);
    if (status == FL_OK) status = open_light(meter, options->light, error);
    if (status == FL_OK) return meter;
    meter_twin_free(meter);
    return NULL;
}

void meter_twin_free(void *self)
{
    meter_twin *meter = self;
    if (meter->light >= 0) close(meter->light);
    free(meter);
}

bool meter_twin_has(const meter_twin *meter, speak_fault_kind kind)
{
    return speak_line_has(&meter->line, kind);
}

static double value_of(const meter_twin *meter, speak_fault_kind kind)
{
    const speak_fault *f = speak_line_fault(&meter->line, kind);
    return f ? f->value : 0;
}

/* ---- light ---- */

static void becomes_a_reading(meter_twin *meter, double energy_J, bool over, bool stale)
{
    meter->is_new = true;
    meter->sequence++;
    meter->period_ms = meter->line.now_ms - meter->read_ms;
    meter->read_ms = meter->line.now_ms;
    if (stale && meter->has_reading) return;
    meter->has_reading = true;
    meter->energy_J = energy_J;
    meter->over = over;
}

static void shine(meter_twin *meter, double energy_J)
{
    speak_line_cue(&meter->line);
    meter->sequence = (uint64_t)((int64_t)meter->sequence + (int64_t)speak_line_jump(&meter->line));
    if (meter_twin_has(meter, SPEAK_MISS) || meter->line.dead) return;
    const speak_fault *drift = speak_line_fault(&meter->line, SPEAK_DRIFT);
    energy_J *= 1 + value_of(meter, SPEAK_GAIN) / 100;
    if (drift) energy_J *= 1 + drift->value * (double)(meter->line.cue - drift->from) / 100;
    if (energy_J < meter->least_J) return;
    const bool over = energy_J > meter->most_J || meter_twin_has(meter, SPEAK_OVER),
               stale = meter_twin_has(meter, SPEAK_STALE);
    const uint64_t late_ms = (uint64_t)value_of(meter, SPEAK_LATE_LIGHT);
    if (!late_ms || meter->late_count == METER_ON_ITS_WAY)
        return becomes_a_reading(meter, energy_J, over, stale);
    const unsigned at = meter->late_count++;
    meter->late[at].due_ms = meter->line.now_ms + late_ms;
    meter->late[at].energy_J = energy_J;
    meter->late[at].over = over;
    meter->late[at].stale = stale;
}

/* In the order they fell, each when it is due. */
static void read_late_ones(meter_twin *meter)
{
    while (meter->late_count && meter->late[0].due_ms <= meter->line.now_ms) {
        becomes_a_reading(meter, meter->late[0].energy_J, meter->late[0].over, meter->late[0].stale);
        meter->late_count--;
        memmove(&meter->late[0], &meter->late[1], meter->late_count * sizeof meter->late[0]);
    }
}

/* "1234 0.2013": a line that is none is no light. */
static void take_told(meter_twin *meter)
{
    const char *space = strchr(meter->told, ' ');
    double energy_J;
    if (space && fl_read_double(space + 1, &energy_J) == FL_OK && energy_J > 0) shine(meter, energy_J);
}

static void look_at_light(meter_twin *meter)
{
    char bytes[512];
    const ssize_t got = meter->light < 0 ? 0 : read(meter->light, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] == '\n') {
            meter->told[meter->told_size] = 0;
            take_told(meter);
            meter->told_size = 0;
        } else if (meter->told_size < sizeof meter->told - 1) {
            meter->told[meter->told_size++] = bytes[i];
        }
    }
}

bool meter_twin_tick(void *self, uint64_t now_ms)
{
    meter_twin *meter = self;
    meter->line.now_ms = now_ms;
    read_late_ones(meter);
    look_at_light(meter);
    return speak_line_tick(&meter->line, now_ms);
}
