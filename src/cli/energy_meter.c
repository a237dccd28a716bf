#include "energy_meter.h"

#include <poll.h>

#define STEP_MS 5
#define READY_S 20
#define PROVE_S 15

static fl_instant now(void)
{
    return fl_clock_system()->now(NULL);
}

fl_status energy_meter_open(energy_meter *m, const char *port, const char *dialect, bool simulated,
                            const fl_meter_wish *wish, fl_error *error)
{
    *m = (energy_meter){.carrier.fd = -1};
    fl_status status = fl_dialect_load(dialect, &m->dialect, error);
    if (status != FL_OK) return status;
    if (m->dialect->serves != FL_SERVES_METER)
        return fl_error_set(error, FL_E_USAGE, "'%s' is the protocol of a laser", dialect);
    const int baud = m->dialect->line.baud;
    const fl_carrier_options line = {.other_words = true,
                                     .baud = baud > 0 ? (unsigned)baud : 9600,
                                     .stop_bits = m->dialect->line.stop_bits == 2 ? 2 : 1};
    status = fl_carrier_open(port, &line, &m->carrier, error);
    if (status != FL_OK) return status;
    if (m->carrier.simulated_only != simulated) {
        fl_error_set(error, FL_E_REFUSED, "%s",
                     simulated ? "a simulated laser is not checked with a real meter"
                               : "a real laser is not checked with a simulated meter");
        return fl_error_hint(error, "nothing simulated enters a clinic's record"), FL_E_REFUSED;
    }
    fl_meter_init(&m->meter, &m->carrier, m->dialect, fl_clock_system(), wish);
    return FL_OK;
}

void energy_meter_close(energy_meter *m)
{
    fl_carrier_close(&m->carrier);
    fl_dialect_free(m->dialect);
    m->dialect = NULL;
}

/* One look; false: it will not come to anything. */
static bool step(energy_meter *m)
{
    struct pollfd line = {.fd = fl_carrier_is_gone(&m->carrier) ? -1 : fl_carrier_fd(&m->carrier),
                          .events = POLLIN};
    poll(&line, 1, STEP_MS);
    fl_meter_tick(&m->meter);
    return !fl_meter_is_over(&m->meter);
}

fl_status energy_meter_failure(const energy_meter *m, fl_error *error)
{
    const fl_meter_status *s = &m->meter.status;
    const fl_status status = s->phase == FL_METER_GONE ? FL_E_GONE : FL_E_DEVICE;
    fl_error_set(error, status, "the meter is %s: %s", fl_meter_phase_text(s->phase), s->why);
    return fl_error_hint(error, "look at its display, its head and its cable, then begin again"), status;
}

fl_status energy_meter_ready(energy_meter *m, const volatile sig_atomic_t *stop, fl_error *error)
{
    const fl_instant until = fl_after(now(), fl_seconds(READY_S));
    while (m->meter.status.phase != FL_METER_UP) {
        if (*stop) return fl_error_set(error, FL_E_INTERRUPTED, "interrupted");
        if (!step(m)) return energy_meter_failure(m, error);
        if (now().us > until.us)
            return fl_error_set(error, FL_E_TIMEOUT, "the meter was not ready in %d s: %s", READY_S,
                                m->meter.status.why);
    }
    return FL_OK;
}

static void keep(energy_meter *m, const fl_meter_reading *r)
{
    switch (r->kind) {
    case FL_METER_ENERGY:
        if (m->count < FL_ENERGY_MOST) m->readings_J[m->count++] = r->energy_J;
        break;
    case FL_METER_OVER: m->over++; break;
    case FL_METER_BAD: m->bad++; break;
    case FL_METER_LOST: m->lost += r->count; break;
    case FL_METER_MISSING: m->missing++; break;
    }
}

bool energy_meter_look(energy_meter *m, void (*seen)(void *self, const fl_meter_reading *reading), void *self)
{
    fl_meter_reading r;
    const bool going = step(m);
    while (fl_meter_take(&m->meter, &r)) {
        keep(m, &r);
        seen(self, &r);
    }
    return going;
}

size_t energy_meter_seen(const energy_meter *m)
{
    return m->count + (size_t)(m->over + m->bad + m->lost);
}

fl_status energy_meter_collect(energy_meter *m, size_t wanted, double patience_s,
                               void (*seen)(void *self, const fl_meter_reading *reading), void *self,
                               const volatile sig_atomic_t *stop, fl_error *error)
{
    fl_instant until = fl_after(now(), fl_seconds(patience_s));
    while (energy_meter_seen(m) < wanted) {
        if (*stop) return fl_error_set(error, FL_E_INTERRUPTED, "interrupted");
        const size_t before = energy_meter_seen(m);
        const bool going = energy_meter_look(m, seen, self);
        if (energy_meter_seen(m) != before) until = fl_after(now(), fl_seconds(patience_s));
        if (!going) return energy_meter_failure(m, error);
        if (now().us > until.us)
            return fl_error_set(error, FL_E_TIMEOUT, "no pulse came for %g s", patience_s);
    }
    return FL_OK;
}

bool energy_meter_prove(energy_meter *m, fl_error *error)
{
    const fl_instant until = fl_after(now(), fl_seconds(PROVE_S));
    fl_meter_finish(&m->meter);
    while (step(m) && now().us < until.us) continue;
    if (m->meter.status.phase == FL_METER_PROVEN) return true;
    return (void)energy_meter_failure(m, error), false;
}
