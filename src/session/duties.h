/* Duties: what a turn of the control process must have done before it may speak to the laser.
 *
 * The laser shuts by itself when it hears nothing for 100 ms, so every frame we send feeds its watchdog. A
 * loop that still polls while half of it is stuck would feed a watchdog that guards nothing. Here every part
 * says when it did its work, and a turn in which one part did not says nothing at all.
 *
 *     fl_duties_begin(&duties);                                // a new turn: nothing is done yet
 *     ... fl_duties_done(&duties, FL_DUTY_LINE, now); ...
 *     if (fl_duties_missing(&duties, now, hot) == FL_DUTY_COUNT) fl_gl1_speak(&link);
 *
 * Two kinds. Duties of the turn count in the turn they were done in and in no other. Slow duties are those of
 * other threads and of people's screens: seen done within `within_us` (what a thread may take is its own
 * header's to say: WRITER_ALIVE_US, DOORMAN_LATE_US), and asked for only while light is possible, because a
 * laser that is shut needs nobody to fall silent, and the counter that settles an open grant is read over the
 * same line.
 *
 * Pure: no clock of its own, no allocation.
 */
#ifndef FL_SESSION_DUTIES_H
#define FL_SESSION_DUTIES_H

#include "fadeline/base/clock.h"

#include <stdbool.h>

/* In the order of a turn; `within_us` 0: in every turn. */
// clang-format off
/*    name             word        within_us  when it is missing */
#define FL_DUTY_LIST(X)                                                                                      \
    X(FL_DUTY_LINE,    "line",            0, "the laser's line was not listened to")                         \
    X(FL_DUTY_GRANT,   "grant",           0, "what became of the last grant was not looked at")              \
    X(FL_DUTY_STEP,    "step",            0, "the interlock gave no verdict")                                \
    X(FL_DUTY_MONITOR, "monitor",         0, "the interlock's monitor gave no verdict")                      \
    X(FL_DUTY_RECORDS, "records",         0, "the verdict was not carried out and recorded")                 \
    X(FL_DUTY_PEOPLE,  "people",          0, "doors and people were not watched")                            \
    X(FL_DUTY_FACES,   "faces",      100000, "orders of the screens were not taken")                         \
    X(FL_DUTY_WRITER,  "writer",      20000, "the thread that writes the journal does not answer")           \
    X(FL_DUTY_DOORMAN, "doorman",     20000, "the thread that looks at PINs does not answer")                     \
    X(FL_DUTY_LASER,   "laser",       20000, "the line of the laser behind the gate was not looked at")
// clang-format on

typedef enum fl_duty {
#define X(name, word, within_us, text) name,
    FL_DUTY_LIST(X)
#undef X
        FL_DUTY_COUNT /* as an answer: none is missing */
} fl_duty;

typedef struct fl_duties {
    unsigned done; /* bits, of this turn */
    fl_instant last[FL_DUTY_COUNT];
} fl_duties;

void fl_duties_init(fl_duties *duties, fl_instant now); /* the slow ones count as done just now */
void fl_duties_begin(fl_duties *duties);
void fl_duties_done(fl_duties *duties, fl_duty duty, fl_instant now);
/* The first that is missing; FL_DUTY_COUNT: none. In the middle of a turn: of those before `before`, and of
 * the slow ones. */
fl_duty fl_duties_missing(const fl_duties *duties, fl_instant now, bool hot);
fl_duty fl_duties_missing_so_far(const fl_duties *duties, fl_instant now, bool hot, fl_duty before);

const char *fl_duty_word(fl_duty duty); /* "writer" */
const char *fl_duty_text(fl_duty duty);

#endif
