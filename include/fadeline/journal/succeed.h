/* Succession: a log ends, and another one with a new key goes on with its history.
 *
 * For a journal that may not be written here any more: its key fits another machine (a copy), an older state
 * came back from a backup and a laser or the hub has seen more, or the key is lost or in other hands. The
 * owner signs; the caller has asked for the PIN. The old log is put aside under journals/ beside the new one,
 * without its key, and is only read from then on; entry 1 of the new one says its origin, size, root and
 * newest checkpoint.
 *
 *     const fl_succession wish = { .who = "op:1", .why = FL_SUCCEED_COPY, .text = "the PC was cloned" };
 *     fl_succession_done done;
 *     status = fl_journal_succeed(place, &options, &wish, &done, &error);
 *
 * Nothing is forgotten: counters, grants that are not settled, sessions that were never closed and session
 * numbers are carried over as entries; everything else is read across the logs (fl_journal_past). A damaged
 * log is refused: what it forgot nobody could know. So is one that the wrong nature asks for, or whose
 * predecessor is missing.
 *
 * A crash leaves the old log or the new one, never none: the new one is made whole aside, and one rename
 * exchanges both directories. What is unfinished aside is thrown away at the next try.
 *
 * Anchors. A laser keeps the largest number it was given and takes no smaller one, so a new log does not
 * count from 0: it begins where the old one, and every anchor in `seen`, ended.
 */
#ifndef FL_JOURNAL_SUCCEED_H
#define FL_JOURNAL_SUCCEED_H

#include "fadeline/journal/journal.h"

#define FL_SUCCEED_COPY "copy"             /* the seat does not fit: another machine or disk */
#define FL_SUCCEED_RESTORED "restored"     /* an older state came back */
#define FL_SUCCEED_KEY_LOST "key-lost"     /* install.key is gone or unreadable */
#define FL_SUCCEED_KEY_STOLEN "key-stolen" /* somebody else may have it */
#define FL_SUCCEED_SEEN_MOST 16

typedef struct fl_seen { /* an anchor that a laser holds and this history does not explain */
    char dev[FL_DEVICE_ID_MAX + 1];
    uint64_t size;
    fl_hash root;
} fl_seen;

typedef struct fl_succession {
    const char *who;    /* the owner who signed, by pseudonym */
    const char *why;    /* one of FL_SUCCEED_... */
    const char *text;   /* a sentence, or NULL */
    const char *origin; /* of the new log; NULL: made from its install id */
    const fl_seen *seen;
    size_t seen_count;
    const fl_entry *then; /* written after what is carried over, e.g. the sign-ins */
    size_t then_count;
    void (*step)(void *self, const char *name); /* for crash tests: before each step; NULL: none */
    void *self;
} fl_succession;

typedef struct fl_succession_done {
    char old_origin[FL_NOTE_NAME_MAX + 1], origin[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX];
    uint64_t size, before; /* of the old log; entries up to its end in all logs */
    fl_hash root;
    char kept[FL_PLACE_MAX]; /* where the old log is now */
} fl_succession_done;

bool fl_succession_is_reason(const char *why);
/* options: simulated, clock, clk, space, seed and no_ballast as for fl_journal_open. FL_E_BUSY: it is in use.
 * FL_E_DAMAGED: it does not verify. FL_E_REFUSED: the other nature, or this very state was succeeded before.
 */
FL_MUST_USE fl_status fl_journal_succeed(const char *directory, const fl_journal_options *options,
                                         const fl_succession *wish, fl_succession_done *done,
                                         fl_error *error);

/* FL_E_DAMAGED: there is no journal in this installation's place, but logs that it succeeded lie beside it:
 * it was taken away, and nothing may begin anew. Of `options`, simulated and vfs count. fl_journal_open asks
 * before it makes one, and who reads who may sign in. */
FL_MUST_USE fl_status fl_journal_left_behind(const char *directory, const fl_journal_options *options,
                                             fl_error *error);

/* What succeed.c hands to fl_journal_open. */
typedef struct fl_successor {
    const char *pred;
    const fl_entry *succeed; /* log.succeed without the common fields */
} fl_successor;

#endif
