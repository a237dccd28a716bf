/* Left: sessions by hand that the journal has open: a console or a terminal was killed, or power went. Read
 * once, then only what came since. */
#ifndef FL_CONSOLE_BY_HAND_LEFT_H
#define FL_CONSOLE_BY_HAND_LEFT_H

#include "fadeline/base/digest.h"
#include "fadeline/course/plan.h"
#include "fadeline/journal/journal.h"

#include <pthread.h>

#define BY_HAND_LASERS 16 /* with an open session at a time; more are forgotten */

typedef struct by_hand_left {
    char dev[FL_DEVICE_ID_MAX + 1], client[FL_PLAN_NAME], zone[FL_PLAN_NAME];
    char plan[2 * FL_SHA256_SIZE + 1]; /* of the zone, else of the session */
    uint64_t sid, ctr;                 /* ctr: where the zone was begun */
    bool in_zone;                      /* it was begun and never counted */
    int64_t at_us;                     /* when that, or the session, was begun */
} by_hand_left;

typedef struct by_hand_books {
    pthread_mutex_t lock;
    char log[200];
    uint64_t read;
    by_hand_left list[BY_HAND_LASERS];
    size_t count;
} by_hand_books;

/* The newest one into *left; false: none is open, or the journal cannot be read. */
bool by_hand_left_find(by_hand_books *b, fl_journal *journal, by_hand_left *left);
void by_hand_left_take(by_hand_books *b, const fl_record *record); /* one entry, in order */

#endif
