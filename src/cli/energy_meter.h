/* Energy meter at work: opens its line, keeps it under watch, and collects the readings of a check. */
#ifndef FL_CLI_ENERGY_METER_H
#define FL_CLI_ENERGY_METER_H

#include "fadeline/link/meter.h"
#include "fadeline/session/energy.h"

#include <signal.h>

typedef struct energy_meter {
    fl_carrier carrier;
    fl_dialect *dialect;
    fl_meter meter;
    double readings_J[FL_ENERGY_MOST];
    size_t count;
    uint64_t over, bad, lost, missing;
    char last[100]; /* the newest thing that was no energy, for people */
} energy_meter;

/* FL_E_REFUSED when a simulated meter meets a real laser, or the other way round. */
FL_MUST_USE fl_status energy_meter_open(energy_meter *m, const char *port, const char *dialect,
                                        bool simulated, const fl_meter_wish *wish, fl_error *error);
void energy_meter_close(energy_meter *m);
/* Until it is up. FL_E_DEVICE, FL_E_GONE, FL_E_TIMEOUT, FL_E_INTERRUPTED. */
FL_MUST_USE fl_status energy_meter_ready(energy_meter *m, const volatile sig_atomic_t *stop, fl_error *error);
/* One look, 5 ms at the most, and what it has read since. false: the meter will not come to anything more. */
bool energy_meter_look(energy_meter *m, void (*seen)(void *self, const fl_meter_reading *reading),
                       void *self);
size_t energy_meter_seen(const energy_meter *m); /* pulses, measured or not */
/* Why it will not come to anything more. */
fl_status energy_meter_failure(const energy_meter *m, fl_error *error);
/* Until so many pulses were seen, measured or not, or nothing came for `patience_s`; each is told to `seen`.
 */
FL_MUST_USE fl_status energy_meter_collect(energy_meter *m, size_t wanted, double patience_s,
                                           void (*seen)(void *self, const fl_meter_reading *reading),
                                           void *self, const volatile sig_atomic_t *stop, fl_error *error);
/* Looks again at what it is set to; true: the readings are joules at this wavelength. */
bool energy_meter_prove(energy_meter *m, fl_error *error);

#endif
