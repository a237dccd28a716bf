/* Appending: checked, stamped, hashed, committed, and only then acknowledged. */
#include "handle.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

#define SCHEMA_VERSION 1
#define STEP_US 2000000 /* a wall clock may drift this far from the monotonic one between two entries */

/* A batch on its way: what the journal will be when it is committed. */
typedef struct batch {
    fl_tree tree;
    fl_hash root; /* of the tree, once everything is in it */
    fl_instant now, boot;
    int64_t utc_us;
    bool signs;
} batch;

static fl_status refuse(fl_error *error, fl_status status, const fl_record *record, const char *what)
{
    fl_error_set(error, status, "%s: %s", fl_kind_text(fl_record_kind(record)), what);
    return status;
}

/* Every field of the kind's row, and the nature of the device. */
static fl_status check_fields(const fl_journal *journal, const fl_record *record, fl_error *error)
{
    char what[96], key[FL_ENTRY_KEY_MAX + 1];
    for (const char *at = fl_kind_fields(fl_record_kind(record)); *at;) {
        const size_t size = strcspn(at, " ");
        FL_ASSERT(size < sizeof key);
        memcpy(key, at, size);
        key[size] = 0;
        at += size + (at[size] == ' ');
        if (fl_record_has(record, key)) continue;
        snprintf(what, sizeof what, "'%s' is missing", key);
        return refuse(error, FL_E_RANGE, record, what);
    }
    int64_t simulated;
    const bool told = fl_record_int(record, "sim", &simulated) == FL_OK && (simulated == 0 || simulated == 1);
    if (!told && (fl_record_has(record, "dev") || fl_record_has(record, "sim")))
        return refuse(error, FL_E_RANGE, record,
                      "it names a device and does not say whether it is simulated (sim 0 or 1)");
    if (told && (simulated == 1) != journal->options.simulated)
        return refuse(error, FL_E_REFUSED, record,
                      journal->options.simulated ? "a real device does not belong in a SIMULATED journal"
                                                 : "a simulated device never writes into a real journal");
    return FL_OK;
}

/* Adds the common fields and encodes into journal->buffer. */
static fl_status stamp(fl_journal *journal, const fl_entry *entry, const batch *b, size_t *size,
                       fl_error *error)
{
    fl_entry whole = *entry;
    fl_entry_int(&whole, "v", SCHEMA_VERSION);
    fl_entry_count(&whole, "boot", journal->boot);
    fl_entry_int(&whole, "mono_us", fl_since(b->now, journal->started).us);
    fl_entry_int(&whole, "utc_us", b->utc_us);
    fl_entry_int(&whole, "clk", journal->options.clk);
    if (fl_entry_encode(&whole, journal->buffer, FL_ENTRY_MAX, size) == FL_OK) return FL_OK;
    /* FL_E_RANGE even when it is too long: FL_E_FULL is said of the disk. */
    return fl_error_set(error, FL_E_RANGE, "an entry cannot be written: %s",
                        whole.fault[0] ? whole.fault : "it is too long");
}

static fl_status put(fl_journal *journal, const fl_entry *entry, batch *b, fl_error *error)
{
    size_t size;
    fl_record record;
    char why[160];
    fl_status status = stamp(journal, entry, b, &size, error);
    if (status != FL_OK) return status;
    FL_ASSERT(fl_record_read(journal->buffer, size, &record) == FL_OK);
    const fl_kind kind = fl_record_kind(&record);
    if (kind == FL_KIND_LOG_OPEN || kind == FL_KIND_LOG_SUCCEED)
        return refuse(error, FL_E_RANGE, &record, "only the making of a log writes it");
    status = check_fields(journal, &record, error);
    if (status != FL_OK) return status;
    status = fl_counters_take(&journal->counters, &record, why, sizeof why);
    if (status == FL_E_DAMAGED) return refuse(error, FL_E_RANGE, &record, why);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    const fl_hash leaf = fl_tree_leaf(journal->buffer, size);
    status = fl_store_put_entry(&journal->store, b->tree.size, &leaf, journal->buffer, size);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    fl_tree_append(&b->tree, &leaf);
    b->signs |= fl_kind_signs(fl_record_kind(&record));
    return FL_OK;
}

/* The wall clock moved against the one that runs on in sleep: that is a record of its own, before the entry.
 */
static fl_status put_step(fl_journal *journal, batch *b, fl_error *error)
{
    const int64_t expected = b->boot.us + journal->wall_minus_boot, step = b->utc_us - expected;
    if (step <= STEP_US && step >= -STEP_US) return FL_OK;
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_CLOCK_STEP);
    fl_entry_int(&entry, "was_us", expected);
    fl_entry_int(&entry, "now_us", b->utc_us);
    return put(journal, &entry, b, error);
}

fl_status fl_journal_sign(fl_journal *journal, const fl_tree *tree)
{
    fl_checkpoint checkpoint = {.size = tree->size, .root = fl_tree_root(tree)};
    char note[FL_CHECKPOINT_MAX];
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", journal->signer.vkey.name);
    const fl_status status = fl_checkpoint_sign(&checkpoint, &journal->signer, note);
    if (status != FL_OK) {
        const char *why = fl_signer_why(&journal->signer);
        snprintf(journal->store.why, sizeof journal->store.why, "cannot sign a checkpoint%s%s",
                 *why ? ": the token: " : "", why);
        return status;
    }
    return fl_store_put_checkpoint(&journal->store, tree->size, note);
}

static bool is_due(const fl_journal *journal, const batch *b)
{
    if (b->tree.size == journal->signed_size) return false;
    if (b->signs || b->tree.size - journal->signed_size >= FL_JOURNAL_UNSIGNED_MAX) return true;
    return journal->tree.size > journal->signed_size &&
           fl_since(b->now, journal->unsigned_since).us >= FL_JOURNAL_UNSIGNED_US;
}

/* In the transaction: everything up to the commit. */
static fl_status put_all(fl_journal *journal, const fl_entry *entries, size_t count, batch *b,
                         fl_error *error)
{
    fl_status status = put_step(journal, b, error);
    for (size_t i = 0; i < count && status == FL_OK; i++) status = put(journal, &entries[i], b, error);
    if (status != FL_OK) return status;
    b->root = fl_tree_root(&b->tree);
    status = fl_store_put_head(&journal->store, &b->tree, &b->root);
    if (status == FL_OK && is_due(journal, b)) status = fl_journal_sign(journal, &b->tree);
    if (status == FL_OK) status = fl_store_commit(&journal->store);
    return fl_journal_stumble(journal, status, error);
}

static void acknowledge(fl_journal *journal, const batch *b)
{
    const int64_t wall_minus_boot = b->utc_us - b->boot.us, step = wall_minus_boot - journal->wall_minus_boot;
    if (step > STEP_US || step < -STEP_US) journal->steps++;
    if (journal->tree.size == journal->signed_size) journal->unsigned_since = b->now;
    if (is_due(journal, b)) journal->signed_size = b->tree.size;
    journal->wall_minus_boot = wall_minus_boot;
    journal->newest_mono_us = fl_since(b->now, journal->started).us;
    journal->newest_utc_us = b->utc_us;
    journal->tree = b->tree;
    journal->root = b->root;
    journal->root_size = b->tree.size;
}

static fl_status append(fl_journal *journal, const fl_entry *entries, size_t count, fl_error *error)
{
    const fl_clock *clock = fl_journal_clock(journal);
    batch b = {.tree = journal->tree,
               .now = clock->now(clock->self),
               .boot = clock->boot(clock->self),
               .utc_us = clock->utc(clock->self).us};
    fl_status status = fl_counters_copy(&journal->counters, &journal->spare);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    status = fl_store_begin(&journal->store);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    status = put_all(journal, entries, count, &b, error);
    if (status == FL_OK) {
        acknowledge(journal, &b);
        /* The entries are durable already; a failed sync here only means that nothing more may follow. */
        const fl_status settled = fl_store_settle(&journal->store);
        if (settled != FL_OK && settled != FL_E_FULL) fl_journal_stumble(journal, settled, NULL);
        return FL_OK;
    }
    const fl_counters kept = journal->counters;
    journal->counters = journal->spare;
    journal->spare = kept;
    if (journal->store.db && !fl_store_rollback(&journal->store)) fl_journal_stumble(journal, FL_E_IO, NULL);
    return status;
}

static fl_status closed(const fl_journal *journal, fl_error *error)
{
    fl_error_set(error, FL_E_IO, "the journal was closed after an earlier failure");
    fl_error_hint(error, "restart; the whole log is verified before it is used again");
    return fl_error_at(error, journal->directory, 0, 0), FL_E_IO;
}

/* Gives up the ballast and writes down that the disk is full; whether that succeeds changes nothing. */
static void note_full(fl_journal *journal)
{
    if (journal->low || journal->failed) return;
    journal->low = true;
    fl_ballast_release(journal->directory);
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_DISK_LOW);
    fl_entry_count(&entry, "free_B", fl_space_free(journal->options.space, journal->directory));
    if (append(journal, &entry, 1, NULL) != FL_OK) return;
}

fl_status fl_journal_append(fl_journal *journal, const fl_entry *entries, size_t count, fl_error *error)
{
    FL_ASSERT(journal->options.mode != FL_JOURNAL_READ);
    FL_ASSERT(count >= 1 && count <= FL_JOURNAL_BATCH_MAX);
    if (journal->failed) return closed(journal, error);
    const fl_status status = append(journal, entries, count, error);
    if (status == FL_E_FULL) note_full(journal);
    return status;
}

fl_status fl_journal_checkpoint(fl_journal *journal, fl_error *error)
{
    FL_ASSERT(journal->options.mode != FL_JOURNAL_READ);
    if (journal->failed) return closed(journal, error);
    if (journal->signed_size == journal->tree.size) return FL_OK;
    fl_status status = fl_store_begin(&journal->store);
    if (status == FL_OK) status = fl_journal_sign(journal, &journal->tree);
    if (status == FL_OK) status = fl_store_commit(&journal->store);
    if (status == FL_OK) return journal->signed_size = journal->tree.size, FL_OK;
    fl_journal_stumble(journal, status, error);
    if (journal->store.db && !fl_store_rollback(&journal->store)) fl_journal_stumble(journal, FL_E_IO, NULL);
    return status;
}

fl_status fl_journal_tick(fl_journal *journal, fl_error *error)
{
    if (journal->failed) return closed(journal, error);
    const uint64_t free = fl_space_free(journal->options.space, journal->directory);
    if (free < FL_JOURNAL_ROOM_LOW) note_full(journal);
    if (free >= FL_JOURNAL_ROOM_LOW + FL_JOURNAL_BALLAST && journal->low) {
        journal->low = false;
        if (!journal->options.no_ballast) fl_ballast_keep(journal->directory);
    }
    const fl_clock *clock = fl_journal_clock(journal);
    if (journal->signed_size == journal->tree.size || journal->failed) return FL_OK;
    if (fl_since(clock->now(clock->self), journal->unsigned_since).us < FL_JOURNAL_UNSIGNED_US) return FL_OK;
    return fl_journal_checkpoint(journal, error);
}
