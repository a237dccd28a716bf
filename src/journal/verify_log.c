/* Verifying a journal on disk: the store as the source. */
#include "seal.h"

#include "fadeline/base/assert.h"

#include <stdio.h>
#include <stdlib.h>

static fl_status row(void *self, uint64_t index, fl_store_row *found)
{
    return fl_store_row_at(&((fl_journal *)self)->store, index, found);
}
static fl_status checkpoint(void *self, uint64_t *size, char *note, size_t note_room)
{
    return fl_store_checkpoint(&((fl_journal *)self)->store, false, size, note, note_room);
}
static fl_status head(void *self, uint64_t *size, fl_tree *tree, fl_hash *root)
{
    return fl_store_head(&((fl_journal *)self)->store, size, tree, root);
}
static fl_status seal(void *self, const fl_vkey *key, const fl_verify_state *state, char *why,
                      size_t why_size)
{
    return fl_seal_compare(self, key, state, why, why_size);
}
static const char *why_not(void *self)
{
    return ((fl_journal *)self)->store.why;
}

fl_status fl_verify_run(fl_journal *journal, const fl_verify_options *options, fl_verify_report *report,
                        fl_verify_state *state, fl_error *error)
{
    const fl_verify_source source = {.self = journal,
                                     .origin = journal->origin,
                                     .vkey = journal->vkey,
                                     .simulated = journal->options.simulated,
                                     .row = row,
                                     .checkpoint = checkpoint,
                                     .head = head,
                                     .seal = seal,
                                     .why = why_not};
    const fl_status status = fl_verify_source_run(&source, options, 0, report, state);
    if (status == FL_E_DAMAGED) {
        fl_error_set(error, status, "%s", report->what);
        fl_error_at(error, journal->directory, 0, 0);
    } else if (status == FL_E_FILE)
        fl_error_set(error, status, "%s", report->what);
    else if (status == FL_E_INTERRUPTED)
        fl_error_set(error, status, "the verification was stopped");
    return status;
}

/* The log before this one did not verify: this log is good, and the history it stands on is not. */
static fl_status bad_before(const fl_journal *before, fl_verify_report *report, const char *why,
                            fl_error *error)
{
    report->damaged = true;
    report->first_bad = 1; /* the entry that says what was before */
    report->has_good = true;
    report->last_good = 0;
    snprintf(report->what, sizeof report->what, "the log before this one, %.120s: %.200s", before->origin,
             why);
    fl_error_set(error, FL_E_DAMAGED, "%s", report->what);
    return fl_error_at(error, before->directory, 0, 0), FL_E_DAMAGED;
}

static fl_status verify_before(const fl_journal *journal, fl_journal *before, fl_verify_report *report,
                               fl_error *error)
{
    fl_verify_report *own = calloc(1, sizeof *own);
    fl_verify_state state = {0};
    if (!own) return fl_error_set(error, FL_E_MEMORY, "no memory for the verification");
    fl_status status = fl_verify_run(before, NULL, own, &state, error);
    if (status == FL_E_DAMAGED) status = bad_before(before, report, own->what, error);
    if (status == FL_OK &&
        (own->entries != journal->link.size || !fl_hash_same(&own->root, &journal->link.root)))
        status = bad_before(before, report, "its root is not the one that entry 1 names", error);
    report->predecessors++;
    report->before += own->entries;
    fl_counters_fini(&state.counters);
    free(own);
    return status;
}

/* Every log before this one, as far as they are there. */
static fl_status verify_chain(fl_journal *journal, fl_verify_report *report, fl_error *error)
{
    for (fl_journal *at = journal, *before = NULL; report->predecessors < FL_CHAIN_MOST; at = before) {
        fl_error why = {0};
        fl_status status = fl_chain_before(at, &before, &why);
        if (status == FL_E_FILE) {
            snprintf(report->missing, sizeof report->missing, "%s", at->link.origin);
            return FL_OK; /* a copy of one log is good as far as it goes, and says how far that is */
        }
        if (status == FL_OK && !before) return FL_OK;
        if (status == FL_OK)
            status = verify_before(at, before, report, error);
        else if (error)
            *error = why;
        if (status == FL_E_DAMAGED && !report->damaged) status = bad_before(journal, report, why.what, error);
        if (status != FL_OK) return status;
    }
    return FL_OK;
}

fl_status fl_verify_journal(fl_journal *journal, const fl_verify_options *options, fl_verify_report *report,
                            fl_error *error)
{
    FL_ASSERT(journal->options.mode == FL_JOURNAL_READ);
    fl_verify_state state = {0};
    const fl_status status = fl_verify_run(journal, options, report, &state, error);
    if (status == FL_OK) journal->tree = state.tree;
    fl_counters_fini(&state.counters);
    return status == FL_OK ? verify_chain(journal, report, error) : status;
}

fl_status fl_verify(const char *directory, const fl_verify_options *options, fl_verify_report *report,
                    fl_error *error)
{
    fl_journal *journal;
    fl_error local = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ, .vfs = options ? options->vfs : NULL};
    fl_status status = fl_journal_open(directory, &read, &journal, error ? error : &local);
    if (status == FL_OK) {
        status = fl_verify_journal(journal, options, report, error);
        fl_journal_close(journal);
        return status;
    }
    /* A file that does not even open is damaged from the first entry on: nothing can be vouched for. */
    *report = (fl_verify_report){.damaged = status == FL_E_DAMAGED};
    if (status == FL_E_DAMAGED)
        snprintf(report->what, sizeof report->what,
                 "0, the opening of the log, does not match; nothing is good (%.200s)",
                 error ? error->what : local.what);
    return status;
}
