/* Report: what lives have reached. Sums, so that reports of many lives add up. */
#ifndef FL_TESTS_SIMULATION_REPORT_H
#define FL_TESTS_SIMULATION_REPORT_H

#include <stdint.h>
#include <stdio.h>

#define SIM_ROWS 55 /* of the transition table, by number; 1 .. 54 */
#define SIM_ATTACKS 160
#define SIM_TICKS 16

typedef enum sim_cause { /* of a host-only drop */
                         SIM_CAUSE_STANDBY,
                         SIM_CAUSE_SIGN_OUT,
                         SIM_CAUSE_ENDPOINT,
                         SIM_CAUSE_END,
                         SIM_CAUSE_SILENT,
                         SIM_CAUSE_HANG_UP,
                         SIM_CAUSE_SPACE,
                         SIM_CAUSE_DISK,
                         SIM_CAUSE_SUSPEND,
                         SIM_CAUSE_FROZEN,
                         SIM_CAUSE_DAMAGE,
                         SIM_CAUSE_CONDITION, /* eyewear, person, limits or journal, taken away inside */
                         SIM_CAUSE_KILL,
                         SIM_CAUSES
} sim_cause;
const char *sim_cause_name(sim_cause cause);

typedef struct sim_report {
    uint64_t lives, failed, pulses, grants, faults, starts, kills, power_cuts, frames, ticks, simulated_ms,
        days;
    uint64_t rows[SIM_ROWS];
    uint64_t attacks[SIM_ATTACKS];
    uint64_t drops[SIM_CAUSES];          /* while firing */
    int64_t drop_worst_us[SIM_CAUSES];   /* newest pulse after one */
    uint64_t disarm_ticks[2][SIM_TICKS]; /* ticks from a bad input to a state that does not fire; of the room,
                                            of the host */
    int64_t permit_room_worst_us;        /* a permit in force so long after the room went bad */
    uint64_t pulses_after_kill, checks, rests, entries, verified;
    uint64_t orders, refused;
} sim_report;

void sim_report_print(const sim_report *report, FILE *out);
/* Rows 1..54 and attacks that were reached fewer than `least` times; says which. */
unsigned sim_report_missing(const sim_report *report, uint64_t least, FILE *out);
#endif
