/* Heal: a journal that lost its end, or in which bits fell, made whole again from a copy that was kept
 * elsewhere.
 *
 * Only what this log's own key signed comes in: the copy brings entries and a checkpoint, and every entry up
 * to it is hashed and must give the signed root before anything is written. Then a new journal is made aside:
 * local entries that hold stay as they are, those that do not hold or are not there are taken from the copy
 * byte for byte, local ones beyond the copy are kept. It is verified whole, says itself what was done and who
 * signed, and one rename puts it in the place of the old one, which is kept beside it without its key.
 *
 *     fl_heal_source copy = { ... };                    // fl_hub_fetch makes one of a hub
 *     fl_heal_wish wish = { .simulated = true, .then = entries, .then_count = 1 };
 *     status = fl_journal_heal(place, &copy, &wish, &done, &error);
 *
 * Never healed: a local entry that holds and is another one than the copy's, or a local checkpoint over
 * another root (a fork: both stay as they are, FL_E_REFUSED); entries that were signed here and are nowhere
 * (FL_E_DAMAGED); a copy that does not lead to the root it names (FL_E_NO).
 *
 * A crash leaves the old journal or the new one, never none.
 */
#ifndef FL_JOURNAL_HEAL_H
#define FL_JOURNAL_HEAL_H

#include "fadeline/journal/journal.h"

typedef struct fl_heal_note {
    uint64_t size;
    char note[FL_CHECKPOINT_MAX],
        line[FL_NOTE_LINE_MAX]; /* line: the witness's, with its newline, or empty */
} fl_heal_note;

typedef struct fl_heal_source {
    const fl_heal_note *notes; /* checkpoints of the copy by size; the last one is what it leads to */
    size_t count;
    /* Valid until the next call. */
    fl_status (*read)(void *self, uint64_t index, const void **bytes, size_t *size);
    void *self;
} fl_heal_source;

typedef struct fl_heal_wish {
    bool simulated;
    const char *who, *from; /* who signed, and the name of the copy: written as config.change */
    const fl_entry *then;   /* before it, e.g. the sign-in */
    size_t then_count;
    void (*step)(void *self, const char *name); /* for crash tests: before each step; NULL: none */
    void *self;
} fl_heal_wish;

typedef struct fl_heal_done {
    uint64_t size;           /* of the healed log, before what the healing itself wrote */
    uint64_t kept, appended; /* entries that held here; that came after the local end */
    uint64_t replaced,
        beyond; /* that did not hold here or were missing in the middle; local ones the copy has not */
    uint64_t first_replaced; /* UINT64_MAX: none */
    uint64_t other;          /* UINT64_MAX, or the entry that shows the fork */
    bool nothing;            /* all was well: nothing was written or moved */
    bool unreadable; /* the local file could not be opened at all: what it had beyond the copy is lost */
    char aside[FL_PLACE_MAX]; /* where the old one is now */
} fl_heal_done;

FL_MUST_USE fl_status fl_journal_heal(const char *directory, const fl_heal_source *copy,
                                      const fl_heal_wish *wish, fl_heal_done *done, fl_error *error);

#endif
