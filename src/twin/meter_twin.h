/* What virtual energy meters share beyond their line: the light that falls on them, and what it becomes as a
 * reading. Words belong to speak_<protocol>.c.
 *
 * Light comes from a file or FIFO that a laser twin writes with --light, one line `t_ms energy_J` a pulse;
 * what stood there before the meter was switched on has passed.
 */
#ifndef TWIN_METER_TWIN_H
#define TWIN_METER_TWIN_H

#include "speak_line.h"

#define METER_ON_ITS_WAY 16 /* pulses between their light and a late reading */

#define METER_FAULT_HELP                                                                                     \
    SPEAK_FAULT_HELP                                                                                         \
    "  over stale miss late=MS       of this pulse: over range; the old number again; not seen; read late\n" \
    "  drift=P gain=P watts          percent more at every pulse, percent off; stays in watts\n"             \
    "  labels jump=N                 the other shape of answers; the number of its readings jumps\n"         \
    "  deaf silent                   other words for lie and stall\n" SPEAK_CUE_HELP("pulse")

typedef struct meter_twin {
    speak_line line; /* its cue: pulses that fell on it */
    int light;       /* -1: dark */
    char told[80];
    size_t told_size;
    double least_J, most_J; /* what its settings let it read; the device keeps them true */
    /* the newest reading */
    bool is_new, over, has_reading;
    double energy_J;
    uint64_t sequence, read_ms, period_ms; /* of its readings: how many, when, since the one before */
    struct {
        uint64_t due_ms;
        double energy_J;
        bool over, stale;
    } late[METER_ON_ITS_WAY];
    unsigned late_count;
} meter_twin;

/* So many bytes of zeros that begin with a meter_twin; NULL: *error says why. */
FL_MUST_USE void *meter_twin_make(size_t size, const speak_options *options, fl_error *error);
void meter_twin_free(void *self);
bool meter_twin_tick(void *self, uint64_t now_ms); /* a speaker's tick; false: yanked */
bool meter_twin_has(const meter_twin *meter, speak_fault_kind kind);

#endif
