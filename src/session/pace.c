#include "pace.h"

void fl_pace_ticked(fl_pace *pace, fl_instant now, bool armed)
{
    if (armed && pace->ticked) {
        const int64_t gap_us = fl_since(now, pace->last_tick).us;
        pace->ticks++;
        pace->late += gap_us > PACE_LATE_US;
        if (gap_us > pace->worst_us) pace->worst_us = gap_us;
    }
    pace->ticked = armed;
    pace->last_tick = now;
}

void fl_pace_turned(fl_pace *pace, bool armed, uint64_t heap_calls, uint64_t page_faults)
{
    if (armed || pace->armed) {
        pace->allocations += heap_calls - pace->heap_calls;
        pace->faults += page_faults - pace->page_faults;
    }
    pace->armed = armed;
    pace->heap_calls = heap_calls;
    pace->page_faults = page_faults;
}

void fl_pace_put(const fl_pace *pace, bool heap_counted, fl_entry *line)
{
    if (heap_counted) fl_entry_count(line, "armed_allocations", pace->allocations);
    fl_entry_count(line, "armed_faults", pace->faults);
    fl_entry_int(line, "tick_worst_us", pace->worst_us);
    fl_entry_count(line, "ticks_late", pace->late);
}
