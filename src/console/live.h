/* Live: the session that runs now. One thread holds the one line to fadeline-control, as a face; pages order
 * through it and viewers listen.
 *
 *     live *l = live_new(simulated);
 *     status = live_begin(l, &(live_start){.plan = path, .port = "/dev/ttyUSB0"}, &error);    // control runs
 * now live_order(l, &key, "zone", json_pack("{s:s}", "zone", "F-L"), answer, 5000);           // waits for
 * its answer live_halt(l);                                                                           //
 * STANDBY; never waits page_stream(p, "text/event-stream", live_read, live_watch(l, last_event),
 * live_viewer_free);
 *
 * Nobody is waited for: a viewer that does not read loses status lines and no event; one that is more than
 * LIVE_EVENTS events behind is told `lost`, and its page begins anew. The thread never waits for a page.
 *
 * The heartbeat that keeps control armed is the page's, not ours: it is passed on only while the page that
 * armed beats (live_here with its key). A hung browser therefore stands the laser down after
 * FL_FACE_SILENCE_MS.
 *
 * Who holds the button to arm is told by live_hold; live_arm takes nobody's word for it.
 *
 * Safe from any thread. Nothing in it can make light.
 */
#ifndef FL_CONSOLE_LIVE_H
#define FL_CONSOLE_LIVE_H

#include "fadeline/base/clock.h"
#include "fadeline/base/digest.h"
#include "fadeline/session/face_client.h"

#include <stdbool.h>
#include <stdint.h>

#define LIVE_EVENTS 256
#define LIVE_VIEWERS 64
#define LIVE_STREAMS                                                                                         \
    3 /* of one visitor; the oldest is told bye (code elsewhere): a browser has six lines in all */
#define LIVE_NAME 1024
#define LIVE_MARK 48 /* of an event: "5f3a09c1-17" */
#define LIVE_STALE_MS 1000
#define LIVE_HELD_MS 950 /* a second, less what lies between two requests */
#define LIVE_HOLD_OVER_MS 5000

typedef struct live live;
typedef struct live_viewer live_viewer;

/* Which page of which visitor: who armed, and whose heart beats. */
typedef struct live_key {
    uint8_t bytes[FL_SHA256_SIZE];
} live_key;

typedef struct live_start {
    const char *plan, *port;
    const char *laser_port, *date; /* may be NULL */
    bool training;
} live_start;

/* What is known at this moment. */
typedef struct live_view {
    bool running; /* a control process is there */
    bool ever;    /* one was, since the console opened */
    bool training;
    char port[LIVE_NAME], plan[LIVE_NAME];
    fl_face_status status;
    char line[FL_FACE_LINE_MAX]; /* the newest status line as control sent it; "" before the first */
    fl_instant heard;            /* when it came; monotonic */
    char mark[LIVE_MARK];        /* of the newest event: where a viewer goes on */
} live_view;

live *live_new(bool simulated); /* NULL: no memory or no thread */
/* Ends a session that runs, as an order would, and waits for control. All viewers are gone by then. */
void live_free(live *l);

/* Starts control and waits for its first status. FL_E_BUSY: a session runs already. Else what control said
 * why not. */
FL_MUST_USE fl_status live_begin(live *l, const live_start *start, fl_error *error);
void live_look(live *l, live_view *view);
void live_wait_over(live *l, int ms); /* after "end": until control has closed its books, so long at most */
bool live_is_exercise(live *l);       /* one runs: every page says so */
/* The newest things said that a person should read, newest first: events, refusals, the end; each a JSON text
 * that the caller frees. Returns how many. */
size_t live_said(live *l, char **texts, size_t most);

typedef enum live_answered {
    LIVE_ANSWERED = 1, /* `answer` is control's line, json_decref it */
    LIVE_NOBODY,       /* no session runs */
    LIVE_LATE,         /* none came in this time; it may still, as an event */
    LIVE_NOT_HELD,     /* arm: the button was not held for a second */
    LIVE_STOPPED       /* arm: STOP came after it was asked for */
} live_answered;

/* Sends one order and waits at most wait_ms; `more` is consumed and may be NULL. The key is of the page that
 * asks. */
live_answered live_order(live *l, const live_key *key, const char *what, json_t *more, json_t **answer,
                         int wait_ms);
/* ARM. Only after live_hold of the same key LIVE_HELD_MS to LIVE_HOLD_OVER_MS ago, which it uses up: that the
 * button was held is the console's to know, not the page's to say. `halts` is live_halts from when it was
 * asked for: a STOP since then wins, wherever the order is on its way. */
live_answered live_arm(live *l, const live_key *key, uint64_t halts, json_t *more, json_t **answer,
                       int wait_ms);
void live_hold(live *l, const live_key *key, bool down); /* the button of this page went down, or up */
void live_halt(live *l);      /* STANDBY, before every other order; what waits to arm is dropped */
uint64_t live_halts(live *l); /* how often */
/* A beat of a page. true: it is the page that armed, and control was told. */
bool live_here(live *l, const live_key *key);

/* NULL: LIVE_VIEWERS look on already, or there is no memory. last: a mark, may be NULL: from now on. */
live_viewer *live_watch(live *l, const uint8_t visitor[32], const char *last);
ssize_t live_read(void *viewer, char *bytes, size_t room); /* a page_stream_read */
void live_viewer_free(void *viewer);

/* How old the newest status is. Beyond LIVE_STALE_MS it is shown as no contact: what was true is not what is.
 */
int64_t live_age_ms(const live_view *view);
bool live_is_armed(const char *state); /* ARMING to CLOSING: light is possible or about to be */

#endif
