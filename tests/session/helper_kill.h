/* Kill: real fadeline-control processes on real twins over pseudo-terminals, killed with SIGKILL at random
 * instants.
 *
 * A lane is one twin, one home and one control process after the other; lanes run side by side because they
 * mostly wait. Nothing is asserted about speed: a lane that does not reach READY on a loaded machine is
 * killed where it is.
 */
#ifndef FL_TESTS_SESSION_HELPER_KILL_H
#define FL_TESTS_SESSION_HELPER_KILL_H

#include <stdint.h>

typedef struct kill_result {
    unsigned kills, while_firing, more_than_one; /* kills after which the laser made more than one pulse */
    uint64_t pulses, grants, unknowns;
    char fault[300]; /* what went wrong first; empty: nothing */
} kill_result;

/* Runs `lanes` lanes of `kills` kills each, then ends every session properly, verifies every journal and
 * compares it with the laser's own counter. */
void helper_kill(unsigned lanes, unsigned kills, uint64_t seed, kill_result *sum);

#endif
