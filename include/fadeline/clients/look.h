/* Look: who looked at a client's record, for the client who asks. Also what was printed, exported and erased
 * of it.
 *
 *     fl_look look;
 *     if (fl_look_of(&record, index, "C-0001", &look)) ...
 */
#ifndef FL_CLIENTS_LOOK_H
#define FL_CLIENTS_LOOK_H

#include "fadeline/clients/visits.h"

typedef struct fl_look {
    uint64_t index;
    fl_utc at;
    fl_kind kind; /* look, print, export, erase */
    char who[33], what[65];
} fl_look;

/* Whether this record says that somebody opened, printed, exported or erased something of this client; *look
 * is then what it says. */
bool fl_look_of(const fl_record *record, uint64_t index, const char *pat, fl_look *look);

#endif
