/* Roll-up: what the owner's hub says of every clinic, asked of `fadeline hub roll-up` as a process of its
 * own.
 *
 *     roll_up_ask(r, from, to, today, &error);        // nothing when it is being asked, or is known
 *     roll_up_wait(r, from, to, 1500);
 *     roll_up_look(r, from, to, &view);               // ASKING, then TOLD with view.json
 *     roll_up_view_fini(&view);
 *
 * A hub that is slow, gone or stopped holds that process and nothing else; after ROLL_UP_SECONDS it is ended,
 * and the page says so. Why a process and no module of ours: src/decisions/0012.
 *
 * For any thread. Nothing waits but roll_up_wait.
 */
#ifndef FL_CONSOLE_ROLL_UP_H
#define FL_CONSOLE_ROLL_UP_H

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/base/error.h"

#include <jansson.h>
#include <stdbool.h>

#define ROLL_UP_SECONDS 20
#define ROLL_UP_FRESH_US (10 * 60 * (int64_t)1000000) /* an answer that is older is asked for again */

typedef struct roll_up roll_up;

typedef enum roll_up_state {
    ROLL_UP_NEVER, /* nobody asked */
    ROLL_UP_ASKING,
    ROLL_UP_TOLD,
    ROLL_UP_LATE,  /* no answer in time: ended */
    ROLL_UP_FAILED /* view.said: its own words */
} roll_up_state;

typedef struct roll_up_view {
    roll_up_state state;
    int seconds;  /* since it was asked */
    fl_utc ended; /* told, late, failed */
    json_t *json; /* told; the view's own */
    char said[800];
} roll_up_view;

/* hub: its address; it goes to the process in the environment, never on a command line. NULL: there is none.
 */
roll_up *roll_up_new(const char *hub, const fl_clock *clock); /* NULL: no memory */
void roll_up_free(roll_up *r);                                /* ends what still asks; NULL is fine */
bool roll_up_has_hub(const roll_up *r);

/* again: also when an answer is known and fresh. */
FL_MUST_USE fl_status roll_up_ask(roll_up *r, fl_date from, fl_date to, fl_date today, bool again,
                                  fl_error *error);
void roll_up_wait(roll_up *r, fl_date from, fl_date to, unsigned milliseconds);
void roll_up_look(roll_up *r, fl_date from, fl_date to, roll_up_view *view);
void roll_up_view_fini(roll_up_view *view);
/* For tests: another patience. */
void roll_up_patience(roll_up *r, int seconds);

#endif
