/* Beside: the whole journal is verified by another process while a session goes on.
 *
 * The start believes the seal of a good end (decision 0008), so an old entry that was changed since is not
 * met by it. It is met here, seconds later: what this finds takes the interlock's journal input away. The
 * other process is this program once more (`fadeline-control --verify DIR`), at idle priority, and dies with
 * its parent. It reads a snapshot and disturbs nobody; as a process it costs the tick neither heap nor page
 * faults.
 *
 *     fl_beside beside;
 *     status = fl_beside_begin(&beside, "/proc/self/exe", place, &error);
 *     every turn: if (fl_beside_is_bad(&beside)) fl_conduct_distrust(conduct);
 *     fl_beside_end(&beside);
 */
#ifndef FL_SESSION_BESIDE_H
#define FL_SESSION_BESIDE_H

#include "fadeline/base/error.h"

#include <stdbool.h>
#include <sys/types.h>

typedef struct fl_beside {
    pid_t child; /* 0: none, or it has left */
    bool bad;    /* it did not say that all is well, however it left */
} fl_beside;

FL_MUST_USE fl_status fl_beside_begin(fl_beside *beside, const char *program, const char *place,
                                      fl_error *error);
bool fl_beside_is_bad(fl_beside *beside); /* asks without waiting; false while it works */
void fl_beside_end(fl_beside *beside);

/* What the other process does. Exit code of the contract: 0, or 6 when damaged. */
int fl_beside_work(const char *place);

#endif
