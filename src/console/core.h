/* Core: what the parts of one running console share. Pages do not look in here; page.h and book.h are for
 * them. */
#ifndef FL_CONSOLE_CORE_H
#define FL_CONSOLE_CORE_H

#include "by_hand_left.h"
#include "gate.h"
#include "tablets.h"
#include "visitors.h"

#include "fadeline/base/place.h"
#include "fadeline/console/console.h"
#include "fadeline/session/people.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define CONSOLE_HOSTS 8

typedef struct door { /* one listening socket and what may be asked at it */
    fl_console *console;
    struct MHD_Daemon *daemon;
    const char *hosts[CONSOLE_HOSTS];
    char host_room[CONSOLE_HOSTS][64];
    gate_rules rules;
    bool far; /* over TLS, for other devices */
    char url[160];
    char cookie[40], tablet[40], marks[10]; /* names of cookies, which do not know ports; "; Secure" */
    char *certificate, *key;                /* PEM, for TLS */
} door;

/* A sign-in that could not be journalled when it was, because a session held the journal. */
typedef struct owed {
    char who[64];
    fl_people_answer answer;
    int64_t utc_us;
} owed;
#define CONSOLE_OWED 32

struct fl_console {
    bool simulated;
    int64_t days_ahead;
    fl_clock clock;
    char home[FL_PLACE_MAX], journal[FL_PLACE_MAX];
    visitors *visitors;
    tablets *tablets;
    door near, far; /* on the loopback address; over TLS, or its daemon is NULL */
    struct watch *watch;
    struct live *live;         /* the session that runs now */
    struct by_hand *hand;      /* the session by hand that this process conducts */
    by_hand_books hand_books;  /* and those that were interrupted */
    struct owner_shelf *shelf; /* audits of tonight */
    struct checking *checking; /* the verification that was asked for */
    struct plan_work *plans;   /* plans that are being made */
    struct roll_up *roll_up;   /* what the hub says of every clinic */
    /* signing in: one at a time, it takes a tenth of a second of a processor; and one writer of the journal
     * among us */
    pthread_mutex_t book;
    fl_people_guard guard;
    fl_people_tries tries;
    uint64_t tries_read;     /* entries of the journal that they know */
    owed owed[CONSOLE_OWED]; /* written with the next entry */
    size_t owed_count;
    fl_instant asked;            /* when control was last asked about a PIN, boot clock; 0: never */
    pthread_mutex_t roster_lock; /* who may sign in, as the journal says: read once, then what is new */
    fl_roster roster;
    uint64_t roster_read;
    char roster_log[200];
    pthread_mutex_t cases;    /* a case file is read, changed and written by one page at a time */
    pthread_mutex_t pictures; /* made one at a time: 50 million pixels are 200 MB while they are unpacked */
    _Atomic unsigned coming;  /* forms with a picture that are being read now */
    _Atomic uint64_t handled; /* calls of handlers, for tests */
    atomic_bool stopping;
};

#endif
