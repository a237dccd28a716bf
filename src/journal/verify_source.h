/* What a verification reads from: the SQLite store, or anything that can give entries and checkpoints by
 * number. */
#ifndef FL_JOURNAL_VERIFY_SOURCE_H
#define FL_JOURNAL_VERIFY_SOURCE_H

#include "store.h"

#include "fadeline/journal/verify.h"

/* What it learns on its way, for the writer that opens after it. */
typedef struct fl_verify_state {
    fl_tree tree;
    fl_counters counters;
    uint64_t boot;
    int64_t mono_us, utc_us; /* of the newest entry */
} fl_verify_state;

/* Statuses as those of store.h. */
typedef struct fl_verify_source {
    void *self;
    const char *origin, *vkey; /* as stored with the log */
    bool simulated;
    /* Row `index`, or the next there is; FL_E_NO: none. Good until the next call. */
    fl_status (*row)(void *self, uint64_t index, fl_store_row *row);
    /* The one with the least size >= *size; FL_E_NO: none. */
    fl_status (*checkpoint)(void *self, uint64_t *size, char *note, size_t note_room);
    fl_status (*head)(void *self, uint64_t *size, fl_tree *tree, fl_hash *root);
    /* As fl_seal_compare. */
    fl_status (*seal)(void *self, const fl_vkey *key, const fl_verify_state *state, char *why,
                      size_t why_size);
    const char *(*why)(void *self); /* of the last failure */
} fl_verify_source;

/* *state all 0, or what a run over the same beginning left at a checkpoint, whose size is then `from`. */
FL_MUST_USE fl_status fl_verify_source_run(const fl_verify_source *source, const fl_verify_options *options,
                                           uint64_t from, fl_verify_report *report, fl_verify_state *state);

#endif
