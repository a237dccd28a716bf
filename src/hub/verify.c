#include "ledger.h"

#include "fadeline/hub/verify.h"

#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_EVERY 4096

typedef struct cosigned {
    uint64_t size;
    char note[FL_CHECKPOINT_MAX], line[FL_NOTE_LINE_MAX];
} cosigned;

typedef struct verify_run {
    const fl_hub_verify_options *options;
    const char *witness_text;
    fl_hub_head head;
    fl_hub_verified *verified;
    fl_verify_report *report;
    fl_vkey keys[2]; /* the log's, the hub's */
    cosigned *list;
    size_t count, next;
    fl_tree tree;
    fl_counters counters;
    uint64_t beyond; /* entries after the head: nobody witnessed them, and only the witness puts any there */
    uint64_t boot;
    int64_t mono_us;
    char why[200];
} verify_run;

/* The first thing that does not hold; nothing after it is looked at. `proven`: what lies before is good. */
static fl_status damaged(verify_run *r, uint64_t first_bad, const char *format, ...) FL_PRINTF(3, 4);
static fl_status damaged(verify_run *r, uint64_t first_bad, const char *format, ...)
{
    fl_verify_report *report = r->report;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->why, sizeof r->why, format, arguments);
    va_end(arguments);
    report->damaged = true;
    report->first_bad = first_bad;
    report->has_good = report->signed_size > 0;
    report->last_good = report->signed_size ? report->signed_size - 1 : 0;
    fl_text text = fl_text_in(report->what, sizeof report->what);
    fl_text_add(&text, "entry %llu does not hold (%s); ", (unsigned long long)first_bad, r->why);
    if (report->has_good)
        fl_text_add(&text, "0 to %llu are good", (unsigned long long)report->last_good);
    else
        fl_text_add(&text, "nothing is proven good");
    return FL_E_DAMAGED;
}

/* The tree has just reached the size of a cosigned checkpoint. */
static fl_status check_cosigned(verify_run *r, const cosigned *c)
{
    char whole[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX];
    fl_note note;
    fl_checkpoint checkpoint;
    const uint64_t from = r->report->signed_size;
    const fl_hash root = fl_tree_root(&r->tree);
    snprintf(whole, sizeof whole, "%s%s", c->note, c->line);
    if (fl_checkpoint_open(c->note, strlen(c->note), &r->keys[0], &checkpoint) != FL_OK ||
        checkpoint.size != c->size)
        return damaged(r, from, "the checkpoint over %llu entries is not signed by the log's key",
                       (unsigned long long)c->size);
    if (fl_note_open(whole, strlen(whole), r->keys, 2, &note) != FL_OK || note.verified != 2)
        return damaged(r, from, "the cosignature over %llu entries is not the hub's",
                       (unsigned long long)c->size);
    if (!fl_hash_same(&root, &checkpoint.root))
        return damaged(r, from,
                       "the signed root over %llu entries is another: something among %llu to %llu was "
                       "replaced with its hash",
                       (unsigned long long)c->size, (unsigned long long)from,
                       (unsigned long long)(c->size - 1));
    r->report->signed_size = c->size;
    r->report->checkpoints++;
    snprintf(r->report->checkpoint, sizeof r->report->checkpoint, "%s", c->note);
    return FL_OK;
}

/* A checkpoint somebody kept: the log must still contain it. */
static fl_status check_outside(verify_run *r, const char *note)
{
    fl_checkpoint outside;
    fl_note opened;
    const fl_hash root = fl_tree_root(&r->tree);
    if (fl_note_open(note, strlen(note), r->keys, 2, &opened) != FL_OK) return FL_OK;
    if (fl_checkpoint_read(opened.text, opened.text_size, &outside) != FL_OK) return FL_OK;
    const bool ends = r->tree.size == r->head.tree.size;
    if (outside.size > r->tree.size && ends && opened.verified_keys & 2)
        return damaged(r, r->tree.size,
                       "it is missing: the hub itself cosigned %llu entries; it was set back",
                       (unsigned long long)outside.size);
    if (outside.size != r->tree.size || fl_hash_same(&outside.root, &root)) return FL_OK;
    r->report->fork = true;
    snprintf(r->report->fork_a, sizeof r->report->fork_a, "%s", r->head.checkpoint);
    snprintf(r->report->fork_b, sizeof r->report->fork_b, "%.*s", FL_CHECKPOINT_MAX - 1, note);
    return FL_OK;
}

static fl_status reached(verify_run *r)
{
    const fl_hub_verify_options *options = r->options;
    fl_status status = FL_OK;
    if (r->next < r->count && r->list[r->next].size == r->tree.size)
        status = check_cosigned(r, &r->list[r->next++]);
    for (size_t i = 0; status == FL_OK && options && i < options->outside_count; i++)
        status = check_outside(r, options->outside[i]);
    if (options && options->progress && r->tree.size % PROGRESS_EVERY == 0)
        options->progress(options->self, r->tree.size, r->head.tree.size);
    return status;
}

static fl_status take_row(void *self, const fl_hub_row *row)
{
    verify_run *r = self;
    fl_record record;
    char why[160];
    const uint64_t index = r->tree.size;
    if (row->index != index)
        return damaged(r, index, "it is missing; the next one there is %llu", (unsigned long long)row->index);
    const fl_hash leaf = fl_tree_leaf(row->data, row->size);
    if (!fl_hash_same(&leaf, &row->leaf))
        return damaged(r, index, "its bytes do not have the hash stored with them");
    if (!fl_hub_entry_holds(r->head.origin, index, row->data, row->size, why, sizeof why))
        return damaged(r, index, "%s", why);
    uint64_t boot;
    int64_t mono_us;
    if (fl_record_read(row->data, row->size, &record) != FL_OK ||
        fl_record_count(&record, "boot", &boot) != FL_OK ||
        fl_record_int(&record, "mono_us", &mono_us) != FL_OK)
        return damaged(r, index, "a field that every entry has is wrong");
    if (boot < r->boot || (boot == r->boot && mono_us < r->mono_us))
        return damaged(r, index, "it is older than the entry before it");
    r->boot = boot;
    r->mono_us = mono_us;
    switch (fl_counters_take(&r->counters, &record, why, sizeof why)) {
    case FL_OK: break;
    case FL_E_MEMORY: return FL_E_MEMORY;
    default: return damaged(r, index, "%s", why);
    }
    fl_tree_append(&r->tree, &leaf);
    return reached(r);
}

static fl_status read_cosigned(fl_db *db, verify_run *r, fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(r->head.log_id)};
    fl_status status = fl_db_run(
        db, "SELECT size, note, line FROM fadeline.cosig WHERE log_id = $1 ORDER BY size", args, 1, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the cosignatures", error);
    r->count = (size_t)PQntuples(result);
    r->list = calloc(r->count ? r->count : 1, sizeof *r->list);
    if (!r->list) status = fl_error_set(error, FL_E_MEMORY, "no memory for the cosignatures");
    for (size_t i = 0; i < r->count && status == FL_OK; i++) {
        cosigned *c = &r->list[i];
        c->size = fl_db_number(result, (int)i, 0);
        /* An unusable text stays empty, and does not verify. */
        if (!fl_db_text(result, (int)i, 1, c->note, sizeof c->note)) c->note[0] = 0;
        if (!fl_db_text(result, (int)i, 2, c->line, sizeof c->line)) c->line[0] = 0;
    }
    PQclear(result);
    return status;
}

static fl_status check_end(verify_run *r)
{
    const fl_hash root = fl_tree_root(&r->tree);
    if (r->tree.size < r->head.tree.size)
        return damaged(r, r->tree.size, "it is missing: the hub witnessed %llu entries",
                       (unsigned long long)r->head.tree.size);
    if (r->next < r->count)
        return damaged(r, r->tree.size, "it is missing: the hub cosigned %llu entries",
                       (unsigned long long)r->list[r->count - 1].size);
    if (r->report->signed_size != r->head.tree.size)
        return damaged(r, r->report->signed_size, "the head counts %llu entries and has no cosignature",
                       (unsigned long long)r->head.tree.size);
    if (!fl_hash_same(&root, &r->head.root) ||
        memcmp(r->head.tree.peak, r->tree.peak, r->tree.peaks * sizeof(fl_hash)) != 0)
        return damaged(r, r->tree.size, "the head's hashes are not those of the entries");
    if (r->beyond)
        return damaged(r, r->tree.size, "nobody witnessed it and %llu after it: they were put there by hand",
                       (unsigned long long)(r->beyond - 1));
    return FL_OK;
}

/* Signed checkpoints that were offered and are not cosigned. What else lies there is nobody's. */
static fl_status count_waiting(fl_db *db, verify_run *r, fl_error *error)
{
    fl_ledger_offer *offers;
    size_t count;
    const fl_status status = fl_ledger_read_offers(db, &r->head.log_id, &offers, &count, error);
    if (status != FL_OK) return status;
    for (size_t i = 0; i < count && !r->head.frozen; i++) {
        fl_checkpoint checkpoint;
        const char *note = offers[i].offer.note;
        if (fl_checkpoint_open(note, strlen(note), &r->keys[0], &checkpoint) != FL_OK ||
            checkpoint.size <= r->head.tree.size)
            continue;
        if (checkpoint.size - r->head.tree.size > r->verified->waiting)
            r->verified->waiting = checkpoint.size - r->head.tree.size;
        if (offers[i].waits_us > r->verified->waits_us) r->verified->waits_us = offers[i].waits_us;
    }
    r->verified->overdue = r->verified->waits_us > FL_HUB_WAIT_US;
    fl_ledger_free(offers, count);
    return FL_OK;
}

static fl_status ask_numbers(fl_db *db, verify_run *r, fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(r->head.log_id), fl_arg_number(r->head.tree.size)};
    const fl_status status =
        fl_db_run(db,
                  "SELECT (SELECT count(*) FROM fadeline.entry WHERE log_id = $1 AND idx >= $2),"
                  " (SELECT count(*) FROM fadeline.evidence WHERE log_id = $1 AND kind = 'rollback')",
                  args, 2, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot count what is there", error);
    r->beyond = fl_db_number(result, 0, 0);
    r->verified->rollback = fl_db_number(result, 0, 1) != 0;
    PQclear(result);
    return FL_OK;
}

static fl_status take_keys(verify_run *r, fl_error *error)
{
    if (fl_vkey_read(r->head.vkey, &r->keys[0]) != FL_OK || !fl_text_same(r->keys[0].name, r->head.origin))
        return damaged(r, 0, "the key stored with the log is not this log's");
    if (r->options && r->options->witness)
        r->keys[1] = *r->options->witness;
    else if (fl_vkey_read(r->witness_text, &r->keys[1]) != FL_OK)
        return fl_error_set(error, FL_E_DAMAGED, "the hub's own key is unusable");
    return FL_OK;
}

/* In one snapshot: a push that goes on beside us changes nothing of what we see. */
static fl_status run(fl_db *db, void *self, fl_error *error)
{
    verify_run *r = self;
    PGresult *result;
    fl_counters_fini(&r->counters);
    free(r->list);
    const fl_hub_head asked = r->head;
    *r = (verify_run){.options = r->options,
                      .witness_text = r->witness_text,
                      .head = asked,
                      .verified = r->verified,
                      .report = &r->verified->report};
    *r->verified = (fl_hub_verified){0};
    fl_status status = fl_db_do(db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    fl_arg args[] = {fl_arg_text(asked.origin)};
    if (status == FL_OK)
        status = fl_db_run(db, "SELECT " FL_HEAD_COLUMNS " FROM fadeline.log l WHERE l.origin = $1", args, 1,
                           &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the log's head", error);
    status = PQntuples(result) == 1 ? fl_hub_read_head(result, 0, &r->head, error)
                                    : fl_error_set(error, FL_E_NO, "the hub does not know this log");
    PQclear(result);
    fl_verify_report *report = r->report;
    snprintf(report->origin, sizeof report->origin, "%s", asked.origin);
    snprintf(report->vkey, sizeof report->vkey, "%s", asked.vkey);
    report->simulated = fl_text_begins(asked.origin, FL_JOURNAL_SIMULATED);
    r->verified->frozen = r->head.frozen;
    if (status == FL_E_DAMAGED) return damaged(r, 0, "the row of the log does not fit its own size"), FL_OK;
    if (status == FL_OK) status = read_cosigned(db, r, error);
    if (status == FL_OK) status = ask_numbers(db, r, error);
    if (status == FL_OK) status = take_keys(r, error);
    if (status == FL_OK) status = count_waiting(db, r, error);
    if (status == FL_OK) status = fl_hub_each_row(db, r->head.log_id, 0, r->head.tree.size, take_row, r);
    if (status == FL_OK) status = check_end(r);
    if (status == FL_E_GONE) return fl_db_failed(db, status, "cannot read the entries", error);
    return report->damaged ? FL_OK : status; /* found is found: nothing to try again */
}

static unsigned count_outside(const verify_run *r)
{
    unsigned count = 0;
    for (size_t i = 0; r->options && i < r->options->outside_count; i++) {
        fl_note note;
        const char *text = r->options->outside[i];
        count += fl_note_open(text, strlen(text), &r->keys[0], 1, &note) == FL_OK;
    }
    return count;
}

fl_status fl_hub_verify(fl_hub *hub, const fl_hub_head *head, const fl_hub_verify_options *options,
                        fl_hub_verified *verified, fl_error *error)
{
    verify_run *r = calloc(1, sizeof *r);
    if (!r) return fl_error_set(error, FL_E_MEMORY, "no memory to verify");
    *r = (verify_run){
        .options = options, .witness_text = hub->about.vkey, .head = *head, .verified = verified};
    fl_status status = fl_db_transact(&hub->db, run, r, error);
    fl_verify_report *report = &verified->report;
    report->entries = r->tree.size;
    report->grants = r->counters.grants;
    report->pulses = r->counters.pulses;
    report->unknowns = r->counters.unknowns;
    report->root = fl_tree_root(&r->tree);
    report->vkey_from_outside = options && options->witness;
    verified->outside_used = count_outside(r);
    if (status == FL_OK && verified->frozen && !report->damaged) {
        fl_evidence evidence;
        report->fork = true;
        if (fl_hub_evidence(hub, head, &evidence, NULL) == FL_OK) {
            verified->evidence_holds = fl_evidence_check(&evidence, &r->keys[0]);
            snprintf(report->fork_a, sizeof report->fork_a, "%s", evidence.older);
            snprintf(report->fork_b, sizeof report->fork_b, "%s", evidence.newer);
        }
    }
    fl_counters_fini(&r->counters);
    free(r->list);
    free(r);
    if (status == FL_OK && report->damaged) return fl_error_set(error, FL_E_DAMAGED, "%s", report->what);
    if (status == FL_OK && report->fork) {
        snprintf(report->what, sizeof report->what, "two histories of this log are signed by its key");
        return fl_error_set(error, FL_E_NO, "%s", report->what);
    }
    if (status == FL_OK && verified->overdue) {
        snprintf(report->what, sizeof report->what,
                 "%llu entries, all hold; %llu more wait for the hub's signature since %llu h",
                 (unsigned long long)report->entries, (unsigned long long)verified->waiting,
                 (unsigned long long)(verified->waits_us / 3600000000u));
        fl_error_set(error, FL_E_NO, "%s", report->what);
        return fl_error_hint(error, "fadeline hub cosign takes what has come; when it says that entries are "
                                    "still to come, run fadeline hub push at the console of that log");
    }
    if (status == FL_OK)
        snprintf(report->what, sizeof report->what, "%llu entries, all hold",
                 (unsigned long long)report->entries);
    return status;
}
