#include "helper_memory_log.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "memory log: %s\n", what);
    abort();
}

uint64_t memory_log_count(const memory_log *log)
{
    switch (log->how) {
    case MEMORY_CLOSED_UP: return log->count - 1;
    case MEMORY_TWICE: return log->count + 1;
    case MEMORY_CUT: return log->at;
    default: return log->count;
    }
}

const memory_row *memory_log_row(const memory_log *log, uint64_t index)
{
    if (index >= memory_log_count(log)) return NULL;
    switch (log->how) {
    case MEMORY_CHANGED: return index == log->at ? &log->other : &log->rows[index];
    case MEMORY_GONE: return index == log->at ? NULL : &log->rows[index];
    case MEMORY_CLOSED_UP: return &log->rows[index + (index >= log->at)];
    case MEMORY_TWICE: return &log->rows[index - (index > log->at)];
    case MEMORY_SWAPPED:
        if (index == log->at) return &log->rows[index + 1];
        return &log->rows[index == log->at + 1 ? index - 1 : index];
    default: return &log->rows[index];
    }
}

static fl_status row(void *self, uint64_t index, fl_store_row *found)
{
    const memory_log *log = self;
    const memory_row *r = memory_log_row(log, index);
    if (!r && index + 1 < memory_log_count(log)) r = memory_log_row(log, ++index);
    if (!r) return FL_E_NO;
    *found = (fl_store_row){index, r->leaf.byte, r->data, sizeof r->leaf, r->size};
    if (log->how == MEMORY_DATA_SWAPPED && (index == log->at || index == log->at + 1)) {
        const memory_row *there = &log->rows[index == log->at ? index + 1 : index - 1];
        found->data = there->data;
        found->data_size = there->size;
    }
    return FL_OK;
}

static fl_status checkpoint(void *self, uint64_t *size, char *note, size_t note_room)
{
    const memory_log *log = self;
    size_t low = 0, high = log->checkpoint_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (log->checkpoints[middle].size < *size)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == log->checkpoint_count || log->checkpoints[low].size > log->signed_to) return FL_E_NO;
    const memory_checkpoint *c = &log->checkpoints[low];
    if (log->forged && low >= log->forged_from) c = &log->forged[low - log->forged_from];
    *size = log->checkpoints[low].size;
    snprintf(note, note_room, "%s", c->note);
    return FL_OK;
}

static fl_status head(void *self, uint64_t *size, fl_tree *tree, fl_hash *root)
{
    const memory_log *log = self;
    *tree = log->checkpoints[log->checkpoint_count - 1].state.tree;
    if (log->mends_head) {
        const int before = memory_log_before(log, log->at);
        *tree = before < 0 ? (fl_tree){0} : log->checkpoints[before].state.tree;
        for (uint64_t i = tree->size; i < memory_log_count(log); i++)
            fl_tree_append(tree, &memory_log_row(log, i)->leaf);
    }
    *size = tree->size;
    *root = fl_tree_root(tree);
    return FL_OK;
}

/* No seal: whoever changes the log can take it away. */
static fl_status seal(void *self, const fl_vkey *key, const fl_verify_state *state, char *why,
                      size_t why_size)
{
    (void)self, (void)key, (void)state, (void)why, (void)why_size;
    return FL_OK;
}
static const char *why_not(void *self)
{
    (void)self;
    return "memory";
}

int memory_log_before(const memory_log *log, uint64_t index)
{
    int low = 0, high = (int)log->checkpoint_count;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (log->checkpoints[middle].size <= index)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

static fl_status verify_from(const memory_log *log, const memory_checkpoint *from,
                             const fl_verify_options *options, fl_verify_report *report)
{
    const fl_verify_source source = {(void *)log, log->origin, log->vkey, true,   row,
                                     checkpoint,  head,        seal,      why_not};
    fl_verify_state state = {0};
    if (from) {
        state = from->state;
        state.counters = (fl_counters){0};
        must(fl_counters_copy(&from->state.counters, &state.counters) == FL_OK, "memory");
    }
    const fl_status status = fl_verify_source_run(&source, options, from ? from->size : 0, report, &state);
    fl_counters_fini(&state.counters);
    return status;
}

fl_status memory_log_verify(const memory_log *log, const fl_verify_options *options, fl_verify_report *report)
{
    const int before = log->how == MEMORY_NOTHING ? -1 : memory_log_before(log, log->at);
    return verify_from(log, before < 0 ? NULL : &log->checkpoints[before], options, report);
}

fl_status memory_log_verify_whole(const memory_log *log, const fl_verify_options *options,
                                  fl_verify_report *report)
{
    return verify_from(log, NULL, options, report);
}

void memory_log_mend(memory_log *log)
{
    log->how = MEMORY_NOTHING;
    log->signed_to = UINT64_MAX;
    log->mends_head = false;
    log->forged = NULL;
}

static void read_rows(memory_log *log, fl_journal *journal)
{
    log->count = fl_journal_size(journal);
    log->rows = calloc(log->count, sizeof *log->rows);
    must(log->rows != NULL, "memory");
    for (uint64_t i = 0; i < log->count; i++) {
        const char *bytes;
        memory_row *r = &log->rows[i];
        must(fl_journal_read(journal, i, &bytes, &r->size) == FL_OK, "read");
        r->data = malloc(r->size);
        must(r->data != NULL, "memory");
        memcpy(r->data, bytes, r->size);
        r->leaf = fl_tree_leaf(r->data, r->size);
    }
}

/* The log up to each checkpoint is verified by itself; its state is kept. */
static void read_checkpoints(memory_log *log, fl_store *store)
{
    size_t room = 0;
    for (uint64_t size = 0;; size++) {
        if (log->checkpoint_count == room) {
            log->checkpoints = realloc(log->checkpoints, (room = 2 * room + 16) * sizeof *log->checkpoints);
            must(log->checkpoints != NULL, "memory");
        }
        memory_checkpoint *c = &log->checkpoints[log->checkpoint_count];
        if (fl_store_checkpoint(store, false, &size, c->note, sizeof c->note) != FL_OK) break;
        c->size = size;
        c->state = (fl_verify_state){0};
        log->checkpoint_count++;
    }
    must(log->checkpoint_count && log->checkpoints[log->checkpoint_count - 1].size == log->count,
         "closed well");
}

static void learn_states(memory_log *log)
{
    const fl_verify_source source = {log, log->origin, log->vkey, true, row, checkpoint, head, seal, why_not};
    for (size_t i = 0; i < log->checkpoint_count; i++) {
        memory_checkpoint *c = &log->checkpoints[i];
        fl_verify_report report;
        if (i) {
            c->state = log->checkpoints[i - 1].state;
            c->state.counters = (fl_counters){0};
            must(fl_counters_copy(&log->checkpoints[i - 1].state.counters, &c->state.counters) == FL_OK,
                 "memory");
        }
        log->how = MEMORY_CUT; /* the log as it was when this checkpoint was signed */
        log->at = c->size;
        log->signed_to = c->size;
        /* The head does not fit yet: its tree is what is being learnt here. */
        const fl_status status =
            fl_verify_source_run(&source, NULL, i ? log->checkpoints[i - 1].size : 0, &report, &c->state);
        must(status == FL_OK || status == FL_E_DAMAGED, "learning");
        must(c->state.tree.size == c->size && report.signed_size == c->size, report.what);
    }
    memory_log_mend(log);
}

void memory_log_read(memory_log *log, const char *directory)
{
    fl_journal *journal;
    fl_store store;
    char path[FL_PLACE_MAX + 16];
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    *log = (memory_log){.signed_to = UINT64_MAX};
    must(fl_journal_open(directory, &options, &journal, NULL) == FL_OK, "open");
    snprintf(log->origin, sizeof log->origin, "%s", fl_journal_origin(journal));
    snprintf(log->vkey, sizeof log->vkey, "%s", fl_journal_vkey(journal));
    read_rows(log, journal);
    fl_journal_close(journal);
    snprintf(path, sizeof path, "%s/journal.db", directory);
    must(fl_store_open(&store, path, false, NULL, NULL) == FL_OK && fl_store_prepare(&store, false) == FL_OK,
         path);
    read_checkpoints(log, &store);
    fl_store_close(&store);
    learn_states(log);
    fl_verify_report report;
    must(memory_log_verify_whole(log, NULL, &report) == FL_OK, report.what);
}

void memory_log_free(memory_log *log)
{
    for (uint64_t i = 0; i < log->count; i++) free(log->rows[i].data);
    for (size_t i = 0; i < log->checkpoint_count; i++) fl_counters_fini(&log->checkpoints[i].state.counters);
    free(log->rows);
    free(log->checkpoints);
}
