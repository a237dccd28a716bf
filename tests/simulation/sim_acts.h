/* Act: what goes wrong, one function each. When it does, and how often, stands in sim_chaos.c. */
#ifndef FL_TESTS_SIMULATION_ACTS_H
#define FL_TESTS_SIMULATION_ACTS_H

#include "sim.h"

typedef struct attack { /* a row of the table */
    const char *name;
    unsigned weight, cue;
    void (*run)(sim *s, const struct attack *a);
    int kind;      /* of the twin's fault, the disk's, ... */
    uint32_t mask; /* inputs, or a number */
    bool on;
    double low, high;        /* percent, ms of delay, ... */
    unsigned from_ms, to_ms; /* how long it lasts */
} attack;

void by_twin(sim *s, const attack *a);
void by_light(sim *s, const attack *a);
void by_late_light(sim *s, const attack *a);
void by_room(sim *s, const attack *a);
void by_foot(sim *s, const attack *a);
void by_ring(sim *s, const attack *a);
void by_handpiece(sim *s, const attack *a);
void by_panel(sim *s, const attack *a);
void by_self_test(sim *s, const attack *a);
void by_power(sim *s, const attack *a);
void by_line(sim *s, const attack *a);
void by_cable(sim *s, const attack *a);
void by_firmware(sim *s, const attack *a);
void by_bad_test(sim *s, const attack *a);
void by_test_twin(sim *s, const attack *a);
void by_test_foot(sim *s, const attack *a);
void by_kill(sim *s, const attack *a);
void by_freeze(sim *s, const attack *a);
void by_clock(sim *s, const attack *a);
void by_disk(sim *s, const attack *a);
void by_slow_disk(sim *s, const attack *a);
void by_space(sim *s, const attack *a);
void by_damage(sim *s, const attack *a);
void by_order_byte(sim *s, const attack *a);
void by_calibration(sim *s, const attack *a);
void by_order(sim *s, const attack *a);
void by_silence(sim *s, const attack *a);
void by_hanging_up(sim *s, const attack *a);
void by_screen(sim *s, const attack *a);
void by_wrong_pin(sim *s, const attack *a);

void calibrate(sim *s); /* what by_calibration waits for: once a millisecond, until everything else is good */

#endif
