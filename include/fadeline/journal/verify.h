/* Verify: recompute everything from the stored bytes and name the first thing that does not hold.
 *
 * Every leaf hash from its data, every root at every stored checkpoint, every signature, the one encoding of
 * every entry, the order of indices, starts and clocks within a start, and the counters: each grant settled
 * once, each pulse one more on the device's counter (rules 1 to 4 of kinds.h). A database that compared only
 * roots once called an edited file consistent; so nothing that is stored is believed because it is stored.
 *
 *     fl_verify_report report;
 *     status = fl_verify("/media/usb/journal", NULL, &report, &error);
 *     // FL_E_DAMAGED; report.what: "1,024 does not match; 1 to 1,023 good, and 0, the opening of the log"
 *
 * A log that succeeded another one is verified together with every log before it that lies where it was put;
 * a damaged one is damage at entry 1, which names it. One that is missing is said (`missing`), and is no
 * damage of this log.
 *
 * A log cannot show that its end was cut off together with its checkpoints: for that, hand in a checkpoint
 * kept elsewhere (printed, on the laser, at the hub).
 */
#ifndef FL_JOURNAL_VERIFY_H
#define FL_JOURNAL_VERIFY_H

#include "fadeline/journal/journal.h"

typedef struct fl_verify_options {
    const char *vkey;           /* the log's key, known from elsewhere; NULL: the one stored beside the log */
    const char *const *outside; /* signed checkpoints kept elsewhere, each a whole note ending in 0 */
    size_t outside_count;
    /* Called now and then with how many entries hold so far; false stops: FL_E_INTERRUPTED. NULL: not. Of this log, not
     * of those before it. */
    bool (*watch)(void *self, uint64_t entries);
    void *self;
    const char *vfs;
} fl_verify_options;

typedef struct fl_verify_report {
    uint64_t entries, grants, pulses, unknowns, checkpoints;
    bool damaged;
    uint64_t
        first_bad; /* when damaged: the index that does not hold, or the first that cannot be vouched for */
    bool has_good; /* whether anything is proven good; last_good may lie well before first_bad */
    uint64_t last_good;
    bool fork; /* two good signatures over two histories: evidence in fork_a, fork_b */
    char fork_a[FL_CHECKPOINT_MAX], fork_b[FL_CHECKPOINT_MAX];
    bool simulated, vkey_from_outside;
    char origin[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX];
    fl_hash root;         /* recomputed, over the good entries */
    uint64_t signed_size; /* of the newest good checkpoint; entries beyond it are not yet signed */
    char checkpoint[FL_CHECKPOINT_MAX]; /* that note; empty when there is none */
    char what[400];                     /* the finding as a sentence */
    unsigned predecessors; /* logs before this one (succeed.h) that were found and verified as well */
    uint64_t before;       /* and their entries */
    char missing[FL_NOTE_NAME_MAX + 1]; /* the first of them that is not there; "": none is missing */
} fl_verify_report;

/* FL_OK: all holds. FL_E_DAMAGED: see the report. FL_E_FILE: there is no journal here. Options may be NULL.
 */
FL_MUST_USE fl_status fl_verify(const char *directory, const fl_verify_options *options,
                                fl_verify_report *report, fl_error *error);
/* The same over a handle opened with FL_JOURNAL_READ: what was verified is exactly what it will read. */
FL_MUST_USE fl_status fl_verify_journal(fl_journal *journal, const fl_verify_options *options,
                                        fl_verify_report *report, fl_error *error);

/* How many entries from the first on are proven good: all of an intact log. */
uint64_t fl_verify_good(const fl_verify_report *report);

#endif
