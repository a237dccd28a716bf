/* Clocks: a monotonic instant, a duration and a calendar time are three types.
 *
 * Deadlines use the monotonic clock, which stands still while the machine sleeps; a sleep is seen by comparing
 * it with the boot clock, which does not. Wall time is a label in records and decides nothing.
 *
 * Code that decides takes a `const fl_clock *`, so a test hands in a clock of its own.
 */
#ifndef FL_BASE_CLOCK_H
#define FL_BASE_CLOCK_H

#include <stdint.h>

typedef struct { int64_t us; } fl_instant;  /* monotonic, since some start */
typedef struct { int64_t us; } fl_duration; /* may be negative */
typedef struct { int64_t us; } fl_utc;      /* since 1970-01-01T00:00:00Z, leap seconds ignored */

typedef struct fl_clock {
    fl_instant (*now)(void *self);
    fl_instant (*boot)(void *self); /* as now, but runs during sleep */
    fl_utc (*utc)(void *self);
    void *self;
} fl_clock;

const fl_clock *fl_clock_system(void);
/* The system's clock under another date: wall time is *days later, everything else the same. `days` is read at
 * every call and must live as long; for simulated lasers and exercises, whose --date pretends. */
fl_clock fl_clock_ahead(const int64_t *days);

static inline fl_duration fl_ms(int64_t ms) { return (fl_duration){ ms * 1000 }; }
static inline fl_duration fl_seconds(double s) { return (fl_duration){ (int64_t)(s * 1e6) }; }
static inline fl_instant fl_after(fl_instant from, fl_duration wait) { return (fl_instant){ from.us + wait.us }; }
static inline fl_duration fl_since(fl_instant now, fl_instant then) { return (fl_duration){ now.us - then.us }; }

#endif
