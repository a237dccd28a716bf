/* Chain: the logs before this one, where they lie and what this one says they were.
 *
 * Entry 1 of a successor, log.succeed, names its predecessor by origin, size and root. The predecessor lies
 * beside it, under a name made of those three: nothing else can lie there and be taken for it.
 */
#ifndef FL_JOURNAL_CHAIN_H
#define FL_JOURNAL_CHAIN_H

#include "fadeline/journal/journal.h"

#define FL_CHAIN_MOST 64 /* successions one after another; more is no clinic */

typedef struct fl_link { /* what a log says of the one before it; origin "": it is the first */
    char origin[FL_NOTE_NAME_MAX + 1];
    uint64_t size;
    fl_hash root;
    uint64_t before; /* entries in all logs before this one */
    uint64_t anchor; /* what lasers count for them: an anchor of this log is anchor + size (succeed.h) */
} fl_link;

/* FL_E_NO: the log has no predecessor. FL_E_DAMAGED: entry 1 does not say who it was. */
FL_MUST_USE fl_status fl_link_read(const fl_record *opening, const fl_record *succeed, fl_link *link);
/* "0f3c…": the name of the directory that keeps a log with this origin, size and root. */
void fl_link_name(const char *origin, uint64_t size, const fl_hash *root, char name[25]);
/* Where the log of this link lies, seen from `directory`, which is either the present journal or one that was
 * put aside. */
FL_MUST_USE fl_status fl_link_place(const char *directory, const fl_link *link, char path[FL_PLACE_MAX],
                                    fl_error *error);
/* <parent>/journals of a present journal. */
FL_MUST_USE fl_status fl_link_shelf(const char *directory, char path[FL_PLACE_MAX], fl_error *error);

/* Reads the link of an open journal into journal->link. */
FL_MUST_USE fl_status fl_chain_learn(fl_journal *journal, fl_error *error);
/* The log before this one, opened for reading and of the size and root that this one names; NULL and FL_OK:
 * there is none. Belongs to the journal. */
FL_MUST_USE fl_status fl_chain_before(fl_journal *journal, fl_journal **before, fl_error *error);

/* Takes key and ballast from a log that was put aside: nothing is signed with that key any more. Again and
 * again is fine; a crash may have come between. */
void fl_succeed_retire(const char *kept);

#endif
