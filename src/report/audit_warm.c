#include "fadeline/report/audit_warm.h"

#include "audit_parts.h"
#include "audit_summary.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

/* What the logs before this one left behind. */
static fl_status read_past(fl_journal *journal, fl_summary *s, const fl_history *history, fl_error *error)
{
    fl_status status = FL_OK;
    const uint64_t before = fl_journal_before(journal);
    for (uint64_t i = history->from; i < before && status == FL_OK; i++) {
        fl_record record;
        status = fl_journal_past(journal, i, &record);
        status = status == FL_OK
                     ? fl_audit_feed(&s->ledger, &s->collect, i, &record, error)
                     : fl_error_set(error, status, "entry %llu cannot be audited", (unsigned long long)i);
    }
    s->from = history->from;
    return status;
}

/* Entry `tree.size` of this log: onto the tree, into the ledger. */
static fl_status read_next(fl_journal *journal, fl_summary *s, fl_error *error)
{
    const uint64_t index = s->tree.size;
    const char *bytes;
    size_t size;
    fl_record record;
    fl_status status = fl_journal_read(journal, index, &bytes, &size);
    if (status == FL_OK) status = fl_record_read(bytes, size, &record);
    if (status != FL_OK)
        return fl_error_set(error, status, "entry %llu cannot be audited", (unsigned long long)index);
    const fl_hash leaf = fl_tree_leaf(bytes, size);
    fl_tree_append(&s->tree, &leaf);
    return fl_audit_feed(&s->ledger, &s->collect, fl_journal_before(journal) + index, &record, error);
}

/* The newest checkpoint, when the log's own key signed it. */
static bool newest_signed(fl_journal *journal, fl_verify_report *report, fl_checkpoint *checkpoint)
{
    fl_vkey key;
    return fl_journal_newest_checkpoint(journal, report->checkpoint) == FL_OK &&
           fl_vkey_read(fl_journal_vkey(journal), &key) == FL_OK &&
           fl_checkpoint_open(report->checkpoint, strlen(report->checkpoint), &key, checkpoint) == FL_OK &&
           strcmp(checkpoint->origin, fl_journal_origin(journal)) == 0;
}

/* Reads what is new behind the summary. FL_E_DAMAGED: the log does not bear the summary out. */
static fl_status carry_on(fl_journal *journal, fl_summary *s, fl_verify_report *report)
{
    const uint64_t size = fl_journal_size(journal);
    fl_checkpoint checkpoint;
    if (!newest_signed(journal, report, &checkpoint)) return FL_E_DAMAGED;
    bool agrees = false;
    for (bool more = true; more;) {
        if (s->tree.size == checkpoint.size) {
            const fl_hash root = fl_tree_root(&s->tree);
            agrees = fl_hash_same(&root, &checkpoint.root);
        }
        more = s->tree.size < size;
        const fl_status status = more ? read_next(journal, s, NULL) : FL_OK;
        if (status != FL_OK) return status;
    }
    if (!agrees || s->tree.size != size)
        return FL_E_DAMAGED; /* also when what is signed ends before the summary does */
    report->entries = size;
    report->root = fl_tree_root(&s->tree);
    report->signed_size = checkpoint.size;
    report->simulated = fl_journal_is_simulated(journal);
    snprintf(report->origin, sizeof report->origin, "%s", fl_journal_origin(journal));
    snprintf(report->vkey, sizeof report->vkey, "%s", fl_journal_vkey(journal));
    const fl_hash head = fl_journal_root(journal);
    const char *bytes; /* an end cut off behind the head's back would have nothing new to be read */
    size_t bytes_size;
    if (size && fl_journal_read(journal, size - 1, &bytes, &bytes_size) != FL_OK) return FL_E_DAMAGED;
    return fl_hash_same(&head, &report->root) ? FL_OK : FL_E_DAMAGED;
}

static void begin(fl_summary *s, fl_audit *audit)
{
    s->collect.audit = audit;
    s->collect.ledger = &s->ledger;
    s->ledger.ear = fl_collect_ear(&s->collect);
}

static fl_status read_whole(fl_journal *journal, fl_summary *s, fl_audit *audit, const fl_history *history,
                            fl_verify_report *report, fl_error *error)
{
    fl_summary_fini(s);
    *s = (fl_summary){.ledger.utc_offset_min = audit->options.utc_offset_min};
    begin(s, audit);
    snprintf(s->origin, sizeof s->origin, "%s", fl_journal_origin(journal));
    *report = (fl_verify_report){0};
    fl_status status = fl_verify_journal(journal, NULL, report, error);
    if (status == FL_E_DAMAGED)
        fl_error_hint(error, "there is no audit of a damaged journal; fadeline journal verify says more");
    if (status == FL_OK) status = read_past(journal, s, history, error);
    while (status == FL_OK && s->tree.size < report->entries) status = read_next(journal, s, error);
    return status;
}

fl_status fl_audit_new_warm(fl_journal *journal, const char *path, const fl_audit_options *options,
                            fl_audit **audit, fl_error *error)
{
    fl_verify_report *report = calloc(1, sizeof *report);
    fl_summary *s = calloc(1, sizeof *s);
    fl_audit *made = report && s ? fl_audit_begin(options, 1, error) : NULL;
    fl_status status = made ? FL_OK : report && s ? error->status : FL_E_MEMORY;
    fl_history history = {0};
    if (status == FL_OK) status = fl_history_read(journal, &history, error);
    if (status == FL_OK) {
        const bool kept = fl_summary_read(path, s) == FL_OK &&
                          strcmp(s->origin, fl_journal_origin(journal)) == 0 &&
                          s->ledger.utc_offset_min == options->utc_offset_min && s->from == history.from;
        const uint64_t first = kept ? s->tree.size : 0;
        begin(s, made);
        if (kept && carry_on(journal, s, report) == FL_OK)
            made->warm = first + fl_journal_before(journal) - history.from;
        else
            status = read_whole(journal, s, made, &history, report, error);
        if (status == FL_OK &&
            (s->tree.size > first || !made->warm)) { /* what cannot be kept is made again the next time */
            fl_error unkept = {0};
            const fl_status written = fl_summary_write(path, s, &unkept);
            (void)written;
        }
    }
    if (status == FL_OK) status = fl_audit_end_log(made, report, &history, &s->ledger, &s->collect, error);
    if (status == FL_OK) status = fl_audit_finish(made, error);
    fl_history_fini(&history);
    if (s) fl_summary_fini(s);
    free(s);
    free(report);
    if (status == FL_OK)
        *audit = made;
    else
        fl_audit_free(made);
    return status;
}

fl_status fl_audit_warm_place(const fl_journal *journal, char path[FL_PLACE_MAX], fl_error *error)
{
    char folder[FL_PLACE_MAX], hex[2 * FL_SHA256_SIZE + 1];
    uint8_t digest[FL_SHA256_SIZE];
    const char *origin = fl_journal_origin(journal);
    fl_status status = fl_place_cache(folder, error);
    if (status != FL_OK) return status;
    fl_sha256(origin, strlen(origin), digest);
    if (snprintf(path, FL_PLACE_MAX, "%s/audit", folder) >= FL_PLACE_MAX - 40)
        return fl_error_set(error, FL_E_USAGE, "the path of the cache is too long");
    status = fl_place_make(path, error);
    const size_t length = strlen(path);
    if (status == FL_OK)
        snprintf(path + length, FL_PLACE_MAX - length, "/%.16s.summary", fl_hex(digest, sizeof digest, hex));
    return status;
}
