#include "seal.h"

#include "fadeline/journal/succeed.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const fl_clock *fl_journal_clock(const fl_journal *journal)
{
    return journal->options.clock ? journal->options.clock : fl_clock_system();
}

fl_status fl_journal_place(bool simulated, char path[FL_PLACE_MAX], fl_error *error)
{
    char home[FL_PLACE_MAX];
    const fl_status status = fl_place_home(home, error);
    if (status != FL_OK) return status;
    return fl_seat_path(home, simulated ? "journal-simulated" : "journal", path, error);
}

fl_status fl_journal_stumble(fl_journal *journal, fl_status status, fl_error *error)
{
    if (status == FL_OK) return FL_OK;
    char why[sizeof journal->store.why];
    memcpy(why, journal->store.why, sizeof why);
    fl_error_set(error, status, "the journal did not take it: %s", why[0] ? why : fl_status_text(status));
    if (status == FL_E_IO || status == FL_E_MEMORY || status == FL_E_DAMAGED) {
        fl_store_close(&journal->store);
        journal->failed = true;
        if (journal->options.mode != FL_JOURNAL_READ) fl_failure_mark(journal->directory);
        fl_error_hint(
            error, "nothing is written any more; restart, and the whole log is verified before it is used");
    } else if (status == FL_E_FULL)
        fl_error_hint(error, "make room on the disk; nothing of this was written");
    fl_error_at(error, journal->directory, 0, 0);
    return status;
}

/* Reads who the log is; sets origin, vkey and nature. */
static fl_status identify(fl_journal *journal, fl_error *error)
{
    fl_status status = fl_store_prepare(&journal->store, journal->options.mode != FL_JOURNAL_READ);
    if (status == FL_OK)
        status = fl_store_install(&journal->store, journal->origin, sizeof journal->origin, journal->vkey,
                                  sizeof journal->vkey);
    if (status != FL_OK) {
        fl_error_set(error, status, "the journal cannot be used: %s", journal->store.why);
        return fl_error_at(error, journal->directory, 0, 0), status;
    }
    const bool simulated = fl_text_begins(journal->origin, FL_JOURNAL_SIMULATED);
    if (journal->options.mode != FL_JOURNAL_READ && simulated != journal->options.simulated) {
        fl_error_set(error, FL_E_REFUSED, "this is the journal of %s lasers",
                     simulated ? "SIMULATED" : "real");
        fl_error_hint(error, "a log is real or simulated for ever; use another directory for the other");
        return fl_error_at(error, journal->directory, 0, 0), FL_E_REFUSED;
    }
    journal->options.simulated = simulated;
    return FL_OK;
}

static fl_status open_reader(fl_journal *journal, const char *path, fl_error *error)
{
    bool has = false;
    if (!fl_place_exists(path)) {
        fl_error_set(error, FL_E_FILE, "there is no journal here");
        fl_error_at(error, journal->directory, 0, 0);
        return fl_error_hint(
                   error, "nothing was recorded yet; what simulated lasers did is in another: --simulated"),
               FL_E_FILE;
    }
    fl_status status = fl_store_open(&journal->store, path, false, journal->options.vfs, error);
    if (status != FL_OK) return status;
    status = fl_store_snapshot(&journal->store);
    if (status == FL_OK) status = fl_store_has_schema(&journal->store, &has);
    if (status == FL_OK && !has) {
        status = FL_E_DAMAGED;
        snprintf(journal->store.why, sizeof journal->store.why, "the file is empty");
    }
    if (status != FL_OK) {
        fl_error_set(error, status, "the journal cannot be read: %s", journal->store.why);
        return fl_error_at(error, path, 0, 0), status;
    }
    status = identify(journal, error);
    uint64_t size;
    fl_hash root;
    /* A head that cannot be read leaves size 0 here; verify recomputes it anyway and says so. */
    if (status == FL_OK && fl_store_head(&journal->store, &size, &journal->tree, &root) != FL_OK)
        journal->tree = (fl_tree){0};
    if (status == FL_OK) status = fl_chain_learn(journal, error);
    return status;
}

/* Entry 1 of a successor, in the transaction of entry 0: there never is a log that names a predecessor and
 * does not say which. */
static fl_status put_succession(fl_journal *journal, const fl_install *install, fl_tree *tree)
{
    fl_entry entry = *journal->options.successor->succeed;
    size_t size;
    fl_entry_int(&entry, "v", 1);
    fl_entry_int(&entry, "boot", 1);
    fl_entry_int(&entry, "mono_us", 0);
    fl_entry_int(&entry, "utc_us", install->created_us);
    fl_entry_int(&entry, "clk", journal->options.clk);
    const fl_status status = fl_entry_encode(&entry, journal->buffer, FL_ENTRY_MAX, &size);
    if (status != FL_OK) {
        snprintf(journal->store.why, sizeof journal->store.why, "the second entry: %.100s", entry.fault);
        return status;
    }
    const fl_hash leaf = fl_tree_leaf(journal->buffer, size);
    fl_tree_append(tree, &leaf);
    return fl_store_put_entry(&journal->store, 1, &leaf, journal->buffer, size);
}

/* The first transaction of a log: its schema, whose it is, entry 0 and the checkpoint over it. */
static fl_status found(fl_journal *journal, const fl_install *install, fl_error *error)
{
    fl_entry entry;
    fl_tree tree = {0};
    size_t size;
    char vkey[FL_VKEY_TEXT_MAX];
    const char *origin = install->signer.vkey.name;
    fl_entry_begin(&entry, FL_KIND_LOG_OPEN);
    fl_entry_text(&entry, "inst", install->inst);
    fl_entry_text(&entry, "log", origin);
    fl_entry_text(&entry, "pred", journal->options.successor ? journal->options.successor->pred : "");
    fl_entry_int(&entry, "v", 1);
    fl_entry_int(&entry, "boot", 1);
    fl_entry_int(&entry, "mono_us", 0);
    fl_entry_int(&entry, "utc_us", install->created_us);
    fl_entry_int(&entry, "clk", journal->options.clk);
    fl_status status = fl_entry_encode(&entry, journal->buffer, sizeof journal->buffer, &size);
    if (status != FL_OK) return fl_error_set(error, status, "the first entry: %s", entry.fault);
    const fl_hash leaf = fl_tree_leaf(journal->buffer, size);
    fl_tree_append(&tree, &leaf);
    fl_store *store = &journal->store;
    const char *pred = journal->options.successor ? journal->options.successor->pred : "";
    status = fl_store_code(store, sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
    if (status == FL_OK)
        status = fl_store_make_schema(store, origin, fl_vkey_text(&install->signer.vkey, vkey), install->inst,
                                      pred);
    if (status == FL_OK) status = fl_store_prepare(store, true);
    if (status == FL_OK) status = fl_store_put_entry(store, 0, &leaf, journal->buffer, size);
    if (status == FL_OK && journal->options.successor) status = put_succession(journal, install, &tree);
    const fl_hash root = fl_tree_root(&tree);
    if (status == FL_OK) status = fl_store_put_head(store, &tree, &root);
    if (status == FL_OK) status = fl_journal_sign(journal, &tree);
    if (status == FL_OK) status = fl_store_commit(store);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    return FL_OK;
}

/* Makes what is missing of a new log, or goes on with one that is there. */
static fl_status settle_install(fl_journal *journal, fl_install *install, bool has, fl_error *error)
{
    fl_status status = fl_install_read(journal->directory, install, error);
    if (status == FL_E_NO && has) {
        fl_error_set(error, FL_E_REFUSED, "the journal is there but its key is not");
        fl_error_hint(error,
                      "if it was lost, a successor goes on with this history: fadeline journal succeed");
        return fl_error_at(error, journal->directory, 0, 0), FL_E_REFUSED;
    }
    if (status == FL_E_NO) {
        const fl_clock *clock = fl_journal_clock(journal);
        status = fl_install_make(&journal->options, clock->utc(clock->self).us, install, error);
        if (status == FL_OK) status = fl_install_write(journal->directory, install, error);
    }
    if (status != FL_OK) return status;
    if (!has && install->complete) {
        fl_error_set(error, FL_E_DAMAGED, "the journal was made and is now empty");
        return fl_error_at(error, journal->directory, 0, 0), FL_E_DAMAGED;
    }
    journal->signer = fl_signer_take(&install->signer);
    return has ? FL_OK : found(journal, install, error);
}

static fl_status verify_all(fl_journal *journal, fl_verify_state *state, fl_error *error)
{
    fl_verify_report report;
    const fl_status status = fl_verify_run(journal, NULL, &report, state, error);
    if (status == FL_E_DAMAGED) {
        fl_error_set(error, status, "%s", report.what);
        fl_error_hint(
            error,
            "keep the directory as it is, begin a new journal elsewhere, and compare with the last export");
        fl_error_at(error, journal->directory, 0, 0);
    }
    const fl_clock *clock = fl_journal_clock(journal);
    journal->signed_size = report.signed_size;
    journal->full_size = report.entries;
    journal->full_utc_us = clock->utc(clock->self).us;
    return status;
}

/* Where the log ended: from its seal when it ended well and the end is as sealed, else from every entry. */
static fl_status learn(fl_journal *journal, fl_verify_state *state, fl_error *error)
{
    fl_seal seal;
    fl_status status = fl_store_snapshot(&journal->store);
    if (status != FL_OK) return status;
    const bool may = !journal->options.full && !fl_failure_marked(journal->directory);
    if (may && fl_seal_trust(journal, &seal) == FL_OK) {
        *state = seal.state;
        journal->signed_size = seal.state.tree.size;
        journal->full_size = seal.full_size;
        journal->full_utc_us = seal.full_utc_us;
    } else
        status = verify_all(journal, state, error);
    fl_store_release(&journal->store);
    return status;
}

/* Takes up where the log ended and says that we are back. From here on it has no seal until it is closed
 * well. */
static fl_status resume(fl_journal *journal, const fl_install *install, fl_error *error)
{
    fl_verify_state state = {0};
    const char *key = journal->vkey;
    char ours[FL_VKEY_TEXT_MAX];
    if (!fl_text_same(fl_vkey_text(&journal->signer.vkey, ours), key)) {
        fl_error_set(error, FL_E_REFUSED, "the key file belongs to another log");
        fl_error_hint(error, "put the right one back; if it is lost: fadeline journal succeed");
        return fl_error_at(error, journal->directory, 0, 0), FL_E_REFUSED;
    }
    fl_status status = learn(journal, &state, error);
    if (status != FL_OK) return fl_counters_fini(&state.counters), status;
    journal->tree = state.tree;
    journal->counters = state.counters;
    journal->boot = state.boot + 1;
    status = fl_store_break_seal(&journal->store);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    const fl_clock *clock = fl_journal_clock(journal);
    journal->started = journal->unsigned_since = clock->now(clock->self);
    const int64_t wall_us = clock->utc(clock->self).us; /* never before the newest record without a word */
    journal->wall_minus_boot =
        (wall_us < state.utc_us ? state.utc_us : wall_us) - clock->boot(clock->self).us;
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_BOOT);
    fl_entry_text(&entry, "version", FL_VERSION);
    status = fl_journal_append(journal, &entry, 1, error);
    if (status == FL_OK) fl_failure_clear(journal->directory);
    if (status != FL_OK || install->complete) return status;
    fl_install whole = *install;
    whole.complete = true;
    whole.signer = journal->signer; /* to be written, not to be closed */
    status = fl_install_write(journal->directory, &whole, error);
    explicit_bzero(whole.signer.seed, sizeof whole.signer.seed);
    return status;
}

/* Again, in case the succession was cut off right before. */
static void retire_predecessor(const fl_journal *journal)
{
    char path[FL_PLACE_MAX];
    fl_error none = {0};
    if (journal->link.origin[0] && fl_link_place(journal->directory, &journal->link, path, &none) == FL_OK)
        fl_succeed_retire(path);
}

static fl_status open_writer(fl_journal *journal, const char *path, fl_error *error)
{
    bool has = false, made = false;
    const bool create = journal->options.mode == FL_JOURNAL_CREATE;
    if (!create && !fl_place_exists(path)) {
        fl_error_set(error, FL_E_FILE, "there is no journal here");
        fl_error_at(error, journal->directory, 0, 0);
        return fl_error_hint(
                   error, "nothing was recorded yet; what simulated lasers did is in another: --simulated"),
               FL_E_FILE;
    }
    fl_status status = FL_OK;
    if (create && !journal->options.successor && !fl_place_exists(path))
        status = fl_journal_left_behind(journal->directory, &journal->options, error);
    if (create && status == FL_OK) status = fl_place_make(journal->directory, error);
    if (status == FL_OK) status = fl_seat_lock(journal->directory, &journal->lock, error);
    if (status == FL_OK) status = fl_seat_touch(journal->directory, &made, error);
    if (status == FL_OK) status = fl_store_open(&journal->store, path, true, journal->options.vfs, error);
    if (status != FL_OK) return status;
    status = fl_store_has_schema(&journal->store, &has);
    if (status != FL_OK) return fl_journal_stumble(journal, status, error);
    if (!has && !journal->options.successor) /* emptied, not removed */
        status = fl_journal_left_behind(journal->directory, &journal->options, error);
    if (status != FL_OK) return status;
    fl_install install = {0};
    status = settle_install(journal, &install, has, error);
    if (status == FL_OK && has) status = identify(journal, error);
    if (status == FL_OK && !has) {
        snprintf(journal->origin, sizeof journal->origin, "%s", install.signer.vkey.name);
        fl_vkey_text(&install.signer.vkey, journal->vkey);
    }
    if (status == FL_OK) status = fl_chain_learn(journal, error);
    if (status == FL_OK && !journal->options.successor) retire_predecessor(journal);
    if (status == FL_OK) status = resume(journal, &install, error);
    fl_signer_wipe(&install.signer);
    if (status == FL_OK && !journal->options.no_ballast &&
        fl_space_free(journal->options.space, journal->directory) >= FL_JOURNAL_ROOM_LOW + FL_JOURNAL_BALLAST)
        fl_ballast_keep(journal->directory);
    return status;
}

fl_status fl_journal_open(const char *directory, const fl_journal_options *options, fl_journal **journal,
                          fl_error *error)
{
    FL_ASSERT(directory && journal);
    char path[FL_PLACE_MAX];
    fl_status status = fl_seat_path(directory, "journal.db", path, error);
    if (status != FL_OK) return status;
    fl_journal *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for a journal");
    if (options) made->options = *options;
    made->options.origin = options ? options->origin : NULL;
    made->lock = -1;
    memcpy(made->directory, directory, strlen(directory) + 1);
    status = made->options.mode == FL_JOURNAL_READ ? open_reader(made, path, error)
                                                   : open_writer(made, path, error);
    if (status == FL_OK)
        *journal = made;
    else {
        made->failed = true; /* nothing is signed on the way out */
        fl_journal_close(made);
    }
    return status;
}

void fl_journal_close(fl_journal *journal)
{
    if (!journal) return;
    if (journal->options.mode != FL_JOURNAL_READ && !journal->failed && journal->store.db) {
        fl_entry entry;
        fl_entry_begin(&entry, FL_KIND_SHUTDOWN);
        /* A failure here loses nothing: what was acknowledged is durable, and without a seal the next opening
         * verifies all of it. */
        if (fl_journal_append(journal, &entry, 1, NULL) != FL_OK) journal->failed = true;
        if (!journal->failed) fl_seal_close(journal);
    }
    fl_journal_close(journal->pred);
    fl_store_close(&journal->store);
    fl_counters_fini(&journal->counters);
    fl_counters_fini(&journal->spare);
    fl_signer_wipe(&journal->signer);
    if (journal->lock >= 0) close(journal->lock);
    free(journal);
}

bool fl_journal_is_simulated(const fl_journal *journal)
{
    return journal->options.simulated;
}
uint64_t fl_journal_clock_steps(const fl_journal *journal)
{
    return journal->steps;
}
void fl_journal_set_clock_quality(fl_journal *journal, fl_clock_quality clk)
{
    journal->options.clk = clk;
}
uint64_t fl_journal_size(const fl_journal *journal)
{
    return journal->tree.size;
}
fl_hash fl_journal_root(const fl_journal *journal)
{
    const bool known = journal->root_size && journal->root_size == journal->tree.size;
    return known ? journal->root : fl_tree_root(&journal->tree);
}
uint64_t fl_journal_boot(const fl_journal *journal)
{
    return journal->boot;
}
uint64_t fl_journal_verified(const fl_journal *journal, fl_utc *when)
{
    if (when) *when = (fl_utc){journal->full_utc_us};
    return journal->full_size;
}
const char *fl_journal_directory(const fl_journal *journal)
{
    return journal->directory;
}
const char *fl_journal_origin(const fl_journal *journal)
{
    return journal->origin;
}
const char *fl_journal_vkey(const fl_journal *journal)
{
    return journal->vkey;
}
uint64_t fl_journal_next_sid(const fl_journal *journal)
{
    return journal->counters.last_sid + 1;
}

bool fl_journal_counter(const fl_journal *journal, const char *dev, fl_counter_state *state)
{
    const fl_counter_state *found = fl_counters_find(&journal->counters, dev);
    if (found) *state = *found;
    return found != NULL;
}

bool fl_journal_is_healthy(fl_journal *journal)
{
    if (journal->options.mode == FL_JOURNAL_READ || journal->failed) return false;
    return fl_space_free(journal->options.space, journal->directory) >= FL_JOURNAL_ROOM_LOW;
}

fl_status fl_journal_newest_checkpoint(fl_journal *journal, char note[FL_CHECKPOINT_MAX])
{
    uint64_t size = 0;
    if (journal->failed) return FL_E_IO;
    return fl_store_checkpoint(&journal->store, true, &size, note, FL_CHECKPOINT_MAX);
}

fl_status fl_journal_read(fl_journal *journal, uint64_t index, const char **bytes, size_t *size)
{
    fl_store_row row;
    if (journal->failed) return FL_E_IO;
    const fl_status status = fl_store_row_at(&journal->store, index, &row);
    if (status == FL_E_NO) return index < journal->tree.size ? FL_E_DAMAGED : FL_E_NO;
    if (status != FL_OK) return status;
    if (row.index != index || !row.data || row.data_size > FL_ENTRY_READ_MAX) return FL_E_DAMAGED;
    /* A start by the seal has not hashed this one; who counts doses from it must not count a fallen bit. */
    if (journal->options.mode != FL_JOURNAL_READ || journal->careful) {
        const fl_hash leaf = fl_tree_leaf(row.data, row.data_size);
        if (row.leaf_size != sizeof leaf || memcmp(row.leaf, leaf.byte, sizeof leaf) != 0)
            return FL_E_DAMAGED;
    }
    *bytes = row.data;
    *size = row.data_size;
    return FL_OK;
}

fl_status fl_journal_record(fl_journal *journal, uint64_t index, fl_record *record)
{
    const char *bytes;
    size_t size;
    const fl_status status = fl_journal_read(journal, index, &bytes, &size);
    return status == FL_OK ? fl_record_read(bytes, size, record) : status;
}
