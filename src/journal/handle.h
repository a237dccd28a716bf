/* The inside of fl_journal, shared by journal.c, append.c, verify_log.c, seal.c and export.c. */
#ifndef FL_JOURNAL_HANDLE_H
#define FL_JOURNAL_HANDLE_H

#include "chain.h"
#include "seat.h"
#include "verify_source.h"

struct fl_journal {
    char directory[FL_PLACE_MAX];
    fl_journal_options options;
    fl_store store;
    int lock;
    bool failed;  /* an I/O error happened: the store is closed for good */
    bool low;     /* the disk was found full, and that was written down */
    bool careful; /* also as a reader, no entry is given whose bytes do not have their hash */
    fl_link link; /* to the log before this one */
    fl_journal *pred;
    uint64_t steps; /* of the wall clock, recorded by this opening */
    char origin[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX];
    fl_signer signer; /* writer only */
    fl_tree tree;
    fl_hash root; /* of the tree when it had root_size entries; 0: not known */
    uint64_t root_size;
    uint64_t signed_size;
    fl_instant unsigned_since; /* when the oldest unsigned entry was written */
    fl_counters counters, spare;
    uint64_t full_size; /* covered by the last full verification at an opening */
    int64_t full_utc_us;
    int64_t newest_mono_us, newest_utc_us; /* of the newest entry */
    uint64_t boot;
    fl_instant started;      /* clock.now at opening */
    int64_t wall_minus_boot; /* utc minus the clock that runs on in sleep, as last believed */
    char buffer[FL_ENTRY_READ_MAX + 1];
};

FL_MUST_USE fl_status fl_verify_run(fl_journal *journal, const fl_verify_options *options,
                                    fl_verify_report *report, fl_verify_state *state, fl_error *error);
const fl_clock *fl_journal_clock(const fl_journal *journal);
/* Signs the tree as it is in the present transaction. */
FL_MUST_USE fl_status fl_journal_sign(fl_journal *journal, const fl_tree *tree);
/* Sets the error for a store failure; an I/O error closes the store. Returns the status. */
fl_status fl_journal_stumble(fl_journal *journal, fl_status status, fl_error *error);

#endif
