/* Checking: the verification of the whole journal as a job of its own, while pages go on. One at a time.
 *
 *     checking_start(c->checking, c->journal);              // nothing when one runs
 *     checking_wait(c->checking, 1000);                     // most journals are done by then
 *     checking_look(c->checking, &state);                   // how far, or what it found
 *
 * It reads a snapshot; a session beside it loses nothing. It stops when the console does.
 */
#ifndef FL_CONSOLE_CHECKING_H
#define FL_CONSOLE_CHECKING_H

#include "fadeline/journal/verify.h"

typedef struct checking checking;

typedef struct checking_state {
    bool running, done;      /* done: report, status and error are of the last one that ended */
    uint64_t entries, total; /* while it runs: how many hold so far, and how many there are */
    fl_utc began, ended;
    fl_status status; /* FL_OK, FL_E_DAMAGED: see report; else error */
    fl_verify_report report;
    fl_error error;
} checking_state;

checking *checking_new(const fl_clock *clock);           /* NULL: no memory */
void checking_free(checking *k);                         /* stops it */
bool checking_start(checking *k, const char *directory); /* false: no thread */
void checking_wait(checking *k, unsigned milliseconds);
void checking_look(checking *k, checking_state *state);

#endif
