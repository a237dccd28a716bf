/* Beside: the whole journal is verified by another process while a session goes on.
 *
 * The start believes the seal of a good end (decision 0008), so an old entry that was changed since is not
 * met by it. It is met here, seconds later: what this finds takes the interlock's journal input away. The
 * other process is this program once more (`fadeline-control --verify DIR`), at idle priority, and dies with
 * its parent. It reads a snapshot and disturbs nobody; as a process it costs the tick neither heap nor page
 * faults. Logs before this one (journal/succeed.h) are verified with it.
 *
 *     fl_beside beside;
 *     fl_beside_begin(&beside, "/proc/self/exe", place);
 *     every turn: if (fl_beside_look(&beside, !armed) == FL_BESIDE_DAMAGED) fl_conduct_distrust(conduct);
 *     at the end: fl_beside_end(&beside); fl_beside_record(&beside, &entry);
 *
 * Damage is what the other process says with its exit code, and nothing else is. One that was killed, that
 * could not start or could not read has verified nothing: it is started once more, and then the session goes
 * on unverified, is told so, and its record says so. The outcome is one record, whatever it is.
 */
#ifndef FL_SESSION_BESIDE_H
#define FL_SESSION_BESIDE_H

#include "fadeline/base/error.h"
#include "fadeline/base/place.h"
#include "fadeline/journal/entry.h"

#include <stdbool.h>
#include <sys/types.h>

/*    outcome               word in the record  */
#define FL_BESIDE_LIST(X)                                                                                    \
    X(WORKS, "works") /* not yet known */                                                                    \
    X(GOOD, "good")                                                                                          \
    X(DAMAGED, "damaged")                                                                                    \
    X(UNVERIFIED, "not-verified") /* tried twice, and nobody knows */                                        \
    X(CUT_OFF, "cut-off")         /* by the end of the session */

typedef enum fl_beside_outcome {
#define X(name, word) FL_BESIDE_##name,
    FL_BESIDE_LIST(X)
#undef X
} fl_beside_outcome;

typedef struct fl_beside {
    char program[FL_PLACE_MAX], place[FL_PLACE_MAX];
    fl_beside_outcome outcome;
    unsigned tries;
    char why[120];         /* not verified: what became of the last try */
    uint64_t size, before; /* verified: entries of this log, and of the logs before it */
    pid_t child;           /* 0: none, or it has left */
    int pipe;              /* what it says; -1: none */
} fl_beside;

void fl_beside_begin(fl_beside *beside, const char *program, const char *place);
/* Asks without waiting. A second try asks for memory, so it waits for a look at which it may start. */
fl_beside_outcome fl_beside_look(fl_beside *beside, bool may_start);
void fl_beside_end(fl_beside *beside); /* ends what still works, which is then CUT_OFF */

/* The outcome as a record: selftest of `journal`, ok 1 only when it is good. */
void fl_beside_record(const fl_beside *beside, fl_entry *entry);
/* The same for a start that has verified everything itself, before its session. */
void fl_beside_record_own(uint64_t size, fl_entry *entry);
const char *fl_beside_word(fl_beside_outcome outcome);

/* What the other process does; one line on stdout when it is good. Exit code of the contract: 0, or 6 when
 * damaged. */
int fl_beside_work(const char *place);

#endif
