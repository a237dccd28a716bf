/* Anchor: whether what a laser remembers of the journal is in this journal's history.
 *
 * A laser keeps one number and one root, and takes no smaller number. Its number is compared with the
 * history: larger than all we have means that our end is missing; else the root our own entries had at that
 * very place must be the same. That root is not stored anywhere a rewriter could leave it standing: it is
 * grown again, from the peaks that both trees share and the entries after them, in this log or in the one
 * before it that had the number.
 *
 *     fl_anchor_walk walk;
 *     fl_anchor_begin(journal, laser_number, &walk);                 // FL_E_NO: ahead of us, or in no log
 *     while (!walk.done) status = fl_anchor_step(&walk, 2000);       // a little at a time, where others wait
 *     same = fl_hash_same(&walk.root, &laser_root);
 *
 * Usually a few hundred entries; in the worst case (a power of two between both) every entry of one log,
 * about 2 us each.
 */
#ifndef FL_JOURNAL_ANCHOR_H
#define FL_JOURNAL_ANCHOR_H

#include "fadeline/journal/journal.h"

typedef struct fl_anchor_walk {
    fl_journal *log; /* the one that had the number */
    uint64_t size;   /* of that log, at the number */
    fl_tree tree;
    fl_hash root; /* once done */
    bool done;
} fl_anchor_walk;

/* `number` as the laser has it (fl_journal_anchor_base + size). FL_E_NO: no log of this history ever had it;
 * FL_E_FILE, FL_E_DAMAGED: the log that had it is missing, or another. */
FL_MUST_USE fl_status fl_anchor_begin(fl_journal *journal, uint64_t number, fl_anchor_walk *walk);
/* At most so many entries. FL_E_DAMAGED: one of them is not what it was. */
FL_MUST_USE fl_status fl_anchor_step(fl_anchor_walk *walk, unsigned entries);

#endif
