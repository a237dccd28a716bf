/* Monitor (L2): thirty-five invariants over one tuple (state, inputs, next, outputs), written apart from the
 * step.
 *
 * It can only veto. It shares the layout of the inputs and the codes of the modes with the step (they are the
 * subject), and no predicate: what "armed", "soft inputs good" or "well formed" means is written down a
 * second time.
 *
 *     fl_interlock_verdict v = fl_interlock_monitor(state, inputs, r.next, r.outputs, serial);
 *     bool good = v.serial == serial && v.broken == 0;     // no verdict of this very tick is a veto
 *
 * Pure, as the step.
 */
#ifndef FL_INTERLOCK_MONITOR_H
#define FL_INTERLOCK_MONITOR_H

#include "fadeline/interlock/step.h"

#define FL_INVARIANT_COUNT 35 /* I1 is bit 0 of `broken` */

typedef struct fl_interlock_verdict {
    uint64_t broken; /* set of violated invariants */
    uint64_t serial; /* of the tick judged */
} fl_interlock_verdict;

fl_interlock_verdict fl_interlock_monitor(fl_interlock_state state, uint32_t inputs, fl_interlock_state next,
                                          fl_interlock_outputs outputs, uint64_t serial);

const char *fl_invariant_name(int number);     /* "I7"; number 1..35, else "I?" */
const char *fl_invariant_sentence(int number); /* "firing starts only from READY by a fresh press" */

#endif
