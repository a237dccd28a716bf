/* Sitting: all that a session by hand stands on, opened in order and closed in order. Every face that
 * conducts one opens it with this: `fadeline run --device manual:ID`, and the console.
 *
 *     static fl_sitting s;                                   // or calloc'ed: it must not move while it is
 * open status = fl_sitting_read(&s, &start, &error);          // plan, laser, day: FL_E_NO says why not today
 *     if (status == FL_OK) status = fl_sitting_open(&s, &error);     // people and journal; FL_E_BUSY:
 * another holds it if (status == FL_OK) status = fl_sitting_begin(&s, self, say, &error);
 *     ... fl_manual_zone(s.manual, "F-L", &error) ...
 *     status = fl_sitting_end(&s, &error);                   // FL_E_NO: a zone is not counted, it stays open
 *     fl_sitting_close(&s);                                  // also after any failure
 *
 * From fl_sitting_open to fl_sitting_close this process holds the journal's writer lock.
 */
#ifndef FL_SESSION_SITTING_H
#define FL_SESSION_SITTING_H

#include "fadeline/session/manual.h"

typedef struct fl_sitting_start {
    const char *plan, *device; /* a file; an id */
    const char *date;          /* YYYY-MM-DD by hand, training only; NULL: the computer's */
    bool training;             /* into the simulated journal */
} fl_sitting_start;

typedef struct fl_sitting {
    bool training;
    fl_plan *plan;
    fl_device *device;
    char dev[FL_DEVICE_ID_MAX + 1]; /* the laser as the journal names it */
    fl_people *people;
    fl_journal *journal;
    fl_manual *manual;
    fl_clock clock; /* the system's, or moved by whole days */
    int64_t days_ahead;
    fl_date today;
} fl_sitting;

/* Plan and laser alone, which is enough for cards. */
FL_MUST_USE fl_status fl_sitting_plan(fl_sitting *s, const fl_sitting_start *start, fl_error *error);
/* And the day: a plan is for one day, because skin, sun and medicine are asked for it. */
FL_MUST_USE fl_status fl_sitting_read(fl_sitting *s, const fl_sitting_start *start, fl_error *error);
FL_MUST_USE fl_status fl_sitting_open(fl_sitting *s, fl_error *error);
/* `say`: what has to be said besides the answers (manual.h). */
FL_MUST_USE fl_status fl_sitting_begin(fl_sitting *s, void *self,
                                       void (*say)(void *self, const char *kind, const char *code,
                                                   const char *text, const char *hint),
                                       fl_error *error);
FL_MUST_USE fl_status fl_sitting_end(fl_sitting *s, fl_error *error);
void fl_sitting_close(fl_sitting *s);

#endif
