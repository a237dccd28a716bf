/* Live, between its files: live.c is the thread and the orders, live_events.c what viewers read. */
#ifndef FL_CONSOLE_LIVE_PRIVATE_H
#define FL_CONSOLE_LIVE_PRIVATE_H

#include "live.h"

#include "fadeline/base/clock.h"

#include <pthread.h>
#include <sys/types.h>

#define LIVE_ORDERS 16 /* that wait to be sent or answered */

typedef enum order_state { ORDER_FREE, ORDER_QUEUED, ORDER_SENT, ORDER_DONE } order_state;

typedef struct live_asked { /* one order of a page */
    order_state state;
    bool abandoned; /* the page waits no longer */
    const char *what;
    json_t *more, *answer;
    int number;
    live_key key;
    bool stopped; /* ARM, and STOP came before it was sent */
} live_asked;

typedef struct live_event {
    const char *kind; /* event, answer or bye */
    char *data;       /* malloc'ed, one line */
} live_event;

struct live {
    pthread_mutex_t lock; /* held for orders into the socket, which do not wait for room, and never while
                             control or a viewer is read */
    pthread_cond_t news;  /* a status, an event, an answer, a beginning, an end */
    pthread_t thread;
    int wake; /* eventfd: the thread has something to do */
    bool simulated, stopping;

    /* asked for by pages */
    live_asked orders[LIVE_ORDERS];
    bool halt, here;
    fl_instant standby_at;
    int standby;            /* the order that control has not answered; 0: none */
    uint64_t halts;         /* so often so far */
    const live_start *wish; /* of the page that waits in live_begin; NULL: none */
    fl_status begun;        /* its answer, and why */
    fl_error *begun_error;
    bool has_begun;

    /* what is known */
    live_view view;
    uint64_t status_serial;
    live_event events[LIVE_EVENTS];
    uint64_t next_event;  /* number of the one that comes next; from 1 */
    uint32_t epoch;       /* marks of another console are not ours */
    live_viewer *viewers; /* the newest first */

    /* who armed */
    bool has_key, told_silent;
    live_key key;
    fl_instant beat;

    /* who holds the button */
    bool has_hold;
    live_key hold;
    fl_instant held_from;

    /* the thread's alone */
    fl_face_client client;
    int said; /* control's standard error, control.log of the home; -1: none */
    off_t said_from;
    char *bye; /* what control said when it left; NULL: nothing yet */
    bool mismatch, exercise;
};

/* With the lock held. `data` is consumed. */
void live_put_event(live *l, const char *kind, char *data);
void live_put_status(live *l, const json_t *message);
fl_instant live_now(void);

/* live_french.c: adds what is known of it in French. */
void live_french(json_t *message);

/* live_stderr.c; the thread's alone */
void live_stderr_open(live *l);
void live_stderr_close(live *l);
void live_stderr_why(live *l,
                     fl_error *error); /* what control said why it does not begin; its status stays */
char *live_stderr_bye(const live *l,
                      int code); /* control went without a bye: one of ours, with its last line */

#endif
