/* Pace: what the process measures of its own loop while something is armed, so that an owner can see it too:
 * how late ticks came, whether the tick's thread asked for memory, whether it had to wait for a page.
 *
 *     fl_pace_ticked(&pace, now, armed);                          // at every tick
 *     fl_pace_turned(&pace, armed, heap_calls, page_faults);      // at the end of every turn
 *
 * A turn counts as armed when it began or ended so: the order to arm and the way back to STANDBY are in.
 * Pure.
 */
#ifndef FL_SESSION_PACE_H
#define FL_SESSION_PACE_H

#include "fadeline/base/clock.h"
#include "fadeline/journal/entry.h"

#include <stdbool.h>

#define PACE_LATE_US 20000 /* twice the period; at 30 ms the interlock takes the clock for bad */

typedef struct fl_pace {
    bool armed; /* at the end of the last turn */
    bool ticked;
    fl_instant last_tick; /* while armed */
    uint64_t ticks, late;
    int64_t worst_us;                 /* longest time between two ticks while armed */
    uint64_t heap_calls, page_faults; /* of the thread, when the last turn ended */
    uint64_t allocations, faults;     /* while armed */
} fl_pace;

void fl_pace_ticked(fl_pace *pace, fl_instant now, bool armed);
void fl_pace_turned(fl_pace *pace, bool armed, uint64_t heap_calls, uint64_t page_faults);
/* tick_worst_us, ticks_late, armed_faults and, when `heap_counted`, armed_allocations. */
void fl_pace_put(const fl_pace *pace, bool heap_counted, fl_entry *line);

#endif
