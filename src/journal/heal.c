#include "fadeline/journal/heal.h"

#include "chain.h"
#include "handle.h"

#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct work {
    const char *directory;
    const fl_heal_source *copy;
    const fl_heal_wish *wish;
    fl_heal_done *done;
    int lock;
    fl_install install;
    char vkey[FL_VKEY_TEXT_MAX], pred[FL_NOTE_NAME_MAX + 1];
    fl_checkpoint target; /* the copy's newest, signed by this key */
    fl_hash *leaves;      /* of the copy's entries, proven to lead there */
    fl_store old, made;
    bool readable; /* the old store */
    fl_tree tree;
    uint64_t note_size; /* the next local checkpoint to come to; UINT64_MAX: none */
    char note[FL_CHECKPOINT_MAX];
    fl_checkpoint noted;
    char stage[FL_PLACE_MAX];
} work;

static void step(const work *w, const char *name)
{
    if (w->wish->step) w->wish->step(w->wish->self, name);
}

static void sync_path(const char *path)
{
    const int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    fsync(file);
    close(file);
}

/* ---- the copy: nothing of it is believed before all of it gives the signed root ---- */

static fl_status copy_entry(const work *w, uint64_t index, const void **bytes, size_t *size, fl_error *error)
{
    const fl_status status = w->copy->read(w->copy->self, index, bytes, size);
    if (status == FL_OK && *size >= 2 && *size <= FL_ENTRY_READ_MAX) return FL_OK;
    return fl_error_set(error, status == FL_E_GONE ? status : FL_E_NO, "the copy does not give entry %llu",
                        (unsigned long long)index);
}

static fl_status refuse_copy(const char *what, uint64_t size, fl_error *error)
{
    fl_error_set(error, FL_E_NO, "the copy's checkpoint over %llu entries %s", (unsigned long long)size,
                 what);
    return fl_error_hint(error,
                         "nothing of it was taken; whoever keeps it has to explain it: fadeline hub verify");
}

static fl_status open_note(const work *w, const fl_heal_note *note, fl_checkpoint *checkpoint,
                           fl_error *error)
{
    if (fl_checkpoint_open(note->note, strlen(note->note), &w->install.signer.vkey, checkpoint) == FL_OK &&
        checkpoint->size == note->size && checkpoint->size)
        return FL_OK;
    return refuse_copy("is not signed by this journal's key", note->size, error);
}

static fl_status prove_copy(work *w, fl_error *error)
{
    fl_tree tree = {0};
    fl_checkpoint checkpoint;
    if (!w->copy->count) return fl_error_set(error, FL_E_NO, "the copy has nothing of this log");
    fl_status status = open_note(w, &w->copy->notes[w->copy->count - 1], &w->target, error);
    if (status != FL_OK) return status;
    if (w->target.size > SIZE_MAX / sizeof(fl_hash) ||
        !(w->leaves = malloc((size_t)w->target.size * sizeof *w->leaves)))
        return fl_error_set(error, FL_E_MEMORY, "no memory to heal");
    for (size_t n = 0; n < w->copy->count; n++) {
        status = open_note(w, &w->copy->notes[n], &checkpoint, error);
        if (status != FL_OK) return status;
        while (tree.size < checkpoint.size) {
            const void *bytes;
            size_t size;
            status = copy_entry(w, tree.size, &bytes, &size, error);
            if (status != FL_OK) return status;
            w->leaves[tree.size] = fl_tree_leaf(bytes, size);
            fl_tree_append(&tree, &w->leaves[tree.size]);
        }
        const fl_hash root = fl_tree_root(&tree);
        if (!fl_hash_same(&root, &checkpoint.root))
            return refuse_copy("is over other entries", checkpoint.size, error);
    }
    return FL_OK;
}

/* ---- the new one, aside ---- */

static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm", "install.key",
                                    "lock",       "ballast",        "failed",         "unfinished"};

static fl_status name_aside(const work *w, char path[FL_PLACE_MAX], fl_error *error)
{
    const long long now = (long long)(fl_clock_system()->utc(NULL).us / 1000000);
    for (int i = 0; i < 100; i++) {
        if (snprintf(path, FL_PLACE_MAX, "%s.before-%lld%s%.0d", w->directory, now, i ? "-" : "", i) >=
            FL_PLACE_MAX)
            break;
        if (!fl_place_exists(path)) return FL_OK;
    }
    return fl_error_set(error, FL_E_FILE, "there is no name to keep the old journal under");
}

/* A healing that was cut: before the exchange it is marked and thrown away; after it, what lies there is the
 * old journal, which is kept. */
static fl_status clear_stage(work *w, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (snprintf(w->stage, sizeof w->stage, "%s.healing", w->directory) >= (int)sizeof w->stage)
        return fl_error_set(error, FL_E_USAGE, "the path is too long");
    if (!fl_place_exists(w->stage)) return FL_OK;
    fl_status status = fl_seat_path(w->stage, "unfinished", path, error);
    if (status != FL_OK) return status;
    if (!fl_place_exists(path)) {
        fl_succeed_retire(w->stage);
        status = name_aside(w, path, error);
        if (status == FL_OK && rename(w->stage, path) != 0) status = FL_E_IO;
        return status == FL_OK ? FL_OK
                               : fl_error_set(error, status, "an earlier healing cannot be put aside");
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (fl_seat_path(w->stage, files[i], path, NULL) == FL_OK) unlink(path);
    if (rmdir(w->stage) == 0) return FL_OK;
    fl_error_set(error, FL_E_IO, "an unfinished healing cannot be removed: %s", strerror(errno));
    return fl_error_at(error, w->stage, 0, 0), FL_E_IO;
}

static fl_status store_failed(const fl_store *store, fl_status status, fl_error *error)
{
    fl_error_set(error, status, "the healed journal cannot be written: %s", store->why);
    return fl_error_hint(error, "the old one is as it was; make room, and run the same again");
}

static fl_status make_stage(work *w, fl_error *error)
{
    char path[FL_PLACE_MAX];
    bool made = false;
    fl_store *store = &w->made;
    fl_status status = fl_place_make(w->stage, error);
    if (status == FL_OK) status = fl_seat_path(w->stage, "unfinished", path, error);
    if (status == FL_OK) status = fl_place_write(path, "", 0, 0600, error);
    if (status == FL_OK) status = fl_install_write(w->stage, &w->install, error);
    if (status == FL_OK) status = fl_seat_touch(w->stage, &made, error);
    if (status == FL_OK) status = fl_seat_path(w->stage, "journal.db", path, error);
    if (status == FL_OK) status = fl_store_open(store, path, true, NULL, error);
    if (status != FL_OK) return status;
    status = fl_store_code(store, sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
    if (status == FL_OK)
        status = fl_store_make_schema(store, w->install.signer.vkey.name, w->vkey, w->install.inst, w->pred);
    if (status == FL_OK) status = fl_store_prepare(store, true);
    return status == FL_OK ? FL_OK : store_failed(store, status, error);
}

/* ---- which entry goes in ---- */

typedef struct local {
    const void *bytes;
    size_t size;
    bool there, holds; /* its bytes have the hash stored with them */
    fl_hash leaf;      /* of its bytes */
} local;

static local local_entry(work *w, uint64_t index)
{
    local l = {0};
    fl_store_row row;
    if (!w->readable || fl_store_row_at(&w->old, index, &row) != FL_OK || row.index != index || !row.data)
        return l;
    l = (local){.bytes = row.data, .size = row.data_size, .there = true};
    l.leaf = fl_tree_leaf(row.data, row.data_size);
    l.holds = row.leaf_size == sizeof l.leaf && memcmp(row.leaf, l.leaf.byte, sizeof l.leaf) == 0;
    return l;
}

static fl_status fork_found(work *w, uint64_t index, fl_error *error)
{
    w->done->other = index;
    fl_error_set(error, FL_E_REFUSED,
                 "FORK: entry %llu here holds and is another one than the copy's, under one key",
                 (unsigned long long)index);
    return fl_error_hint(
        error, "this was restored and written on, or two machines wrote. Keep both, and let a new log "
               "succeed this one");
}

/* The local checkpoint of the least size from `from` on, as far as its signature holds. */
static void next_note(work *w, uint64_t from)
{
    w->note_size = UINT64_MAX;
    for (uint64_t size = from; w->readable; size++) {
        fl_checkpoint *c = &w->noted;
        if (fl_store_checkpoint(&w->old, false, &size, w->note, sizeof w->note) != FL_OK || size < from)
            return;
        if (fl_checkpoint_open(w->note, strlen(w->note), &w->install.signer.vkey, c) != FL_OK ||
            c->size != size)
            continue; /* fallen bits: nobody's */
        w->note_size = size;
        return;
    }
}

/* Both are signed here; whichever is kept, the other is the evidence. */
static fl_status check_local_note(work *w, fl_error *error)
{
    if (w->note_size != w->tree.size) return FL_OK;
    const fl_hash root = fl_tree_root(&w->tree);
    if (!fl_hash_same(&root, &w->noted.root)) return fork_found(w, w->tree.size - 1, error);
    const fl_status status = fl_store_put_checkpoint(&w->made, w->note_size, w->note);
    if (status != FL_OK) return store_failed(&w->made, status, error);
    next_note(w, w->tree.size + 1);
    return FL_OK;
}

static uint64_t local_size(work *w)
{
    sqlite3_stmt *get = NULL;
    uint64_t size = 0;
    if (w->readable &&
        sqlite3_prepare_v2(w->old.db, "SELECT max(idx)+1 FROM entry", -1, &get, NULL) == SQLITE_OK &&
        sqlite3_step(get) == SQLITE_ROW && sqlite3_column_int64(get, 0) > 0)
        size = (uint64_t)sqlite3_column_int64(get, 0);
    sqlite3_finalize(get);
    return size;
}

static fl_status put_one(work *w, uint64_t there, fl_error *error)
{
    const uint64_t index = w->tree.size;
    const bool in_copy = index < w->target.size;
    const local l = local_entry(w, index);
    const void *bytes = l.bytes;
    size_t size = l.size;
    fl_hash leaf = l.leaf;
    if (in_copy && l.there && !fl_hash_same(&leaf, &w->leaves[index]) && l.holds)
        return fork_found(w, index, error);
    if (!in_copy && !l.holds) {
        fl_error_set(error, FL_E_DAMAGED, "entry %llu does not hold, and the copy ends before it at %llu",
                     (unsigned long long)index, (unsigned long long)w->target.size);
        return fl_error_hint(
            error, "nothing was changed; another copy may have it, else a new log succeeds this one");
    }
    if (in_copy && !(l.there && fl_hash_same(&leaf, &w->leaves[index]))) {
        const fl_status status = copy_entry(w, index, &bytes, &size, error);
        if (status != FL_OK) return status;
        leaf = fl_tree_leaf(bytes, size);
        if (!fl_hash_same(&leaf, &w->leaves[index]))
            return fl_error_set(error, FL_E_NO, "the copy gives entry %llu another time otherwise",
                                (unsigned long long)index);
        if (index >= there)
            w->done->appended++;
        else if (!w->done->replaced++)
            w->done->first_replaced = index;
    } else if (!l.holds) { /* its hash had fallen, not the entry */
        if (!w->done->replaced++) w->done->first_replaced = index;
    } else if (in_copy)
        w->done->kept++;
    else
        w->done->beyond++;
    const fl_status status = fl_store_put_entry(&w->made, index, &leaf, bytes, size);
    if (status != FL_OK) return store_failed(&w->made, status, error);
    fl_tree_append(&w->tree, &leaf);
    return FL_OK;
}

static fl_status put_cosignatures(work *w)
{
    sqlite3_stmt *note = NULL, *line = NULL;
    fl_store *store = &w->made;
    fl_status status =
        fl_store_code(store, sqlite3_prepare_v2(store->db, "INSERT OR IGNORE INTO checkpoint VALUES(?1,?2)",
                                                -1, &note, NULL));
    if (status == FL_OK)
        status =
            fl_store_code(store, sqlite3_prepare_v2(store->db, "INSERT OR IGNORE INTO cosig VALUES(?1,?2)",
                                                    -1, &line, NULL));
    for (size_t i = 0; i < w->copy->count && status == FL_OK; i++) {
        sqlite3_bind_int64(note, 1, (sqlite3_int64)w->copy->notes[i].size);
        sqlite3_bind_text(note, 2, w->copy->notes[i].note, -1, SQLITE_STATIC);
        status = fl_store_code(store, sqlite3_step(note));
        sqlite3_reset(note);
        if (status != FL_OK || !w->copy->notes[i].line[0]) continue;
        sqlite3_bind_int64(line, 1, (sqlite3_int64)w->copy->notes[i].size);
        sqlite3_bind_text(line, 2, w->copy->notes[i].line, -1, SQLITE_STATIC);
        status = fl_store_code(store, sqlite3_step(line));
        sqlite3_reset(line);
    }
    sqlite3_finalize(note);
    sqlite3_finalize(line);
    return status;
}

static fl_status put_all(work *w, fl_error *error)
{
    const uint64_t there = local_size(w);
    fl_status status = FL_OK;
    next_note(w, 1);
    while (status == FL_OK && (w->tree.size < w->target.size || w->tree.size < there)) {
        status = put_one(w, there, error);
        if (status == FL_OK) status = check_local_note(w, error);
    }
    if (status != FL_OK) return status;
    if (w->note_size != UINT64_MAX) /* the rows are gone, and this says that they were there */
        return fl_error_set(error, FL_E_DAMAGED,
                            "%llu entries were signed here; neither this nor the copy has those from %llu on",
                            (unsigned long long)w->note_size, (unsigned long long)w->tree.size);
    w->done->size = w->tree.size;
    const fl_hash root = fl_tree_root(&w->tree);
    status = put_cosignatures(w);
    if (status == FL_OK) status = fl_store_put_head(&w->made, &w->tree, &root);
    if (status == FL_OK) status = fl_store_commit(&w->made);
    if (status == FL_OK) status = fl_store_settle_all(&w->made);
    return status == FL_OK ? FL_OK : store_failed(&w->made, status, error);
}

/* ---- verified by the opening, which reads all of it; then it says what was done ---- */

static fl_status write_down(const work *w, fl_error *error)
{
    static fl_entry entry;
    char root[2 * FL_SHA256_SIZE + 1];
    fl_journal *made;
    const fl_heal_done *done = w->done;
    const fl_journal_options options = {
        .mode = FL_JOURNAL_WRITE, .simulated = w->wish->simulated, .full = true};
    fl_entry_begin(&entry, FL_KIND_CONFIG_CHANGE);
    fl_entry_text(&entry, "what", "healed");
    fl_entry_text(&entry, "who", w->wish->who);
    fl_entry_text(&entry, "from", w->wish->from);
    fl_entry_count(&entry, "size", w->target.size);
    fl_entry_text(&entry, "root", fl_hex(w->target.root.byte, FL_SHA256_SIZE, root));
    fl_entry_count(&entry, "appended", done->appended);
    fl_entry_count(&entry, "replaced", done->replaced);
    if (done->replaced) fl_entry_count(&entry, "first", done->first_replaced);
    if (fl_entry_status(&entry) != FL_OK)
        return fl_error_set(error, FL_E_RANGE, "the healing cannot be written down: %s", entry.fault);
    fl_status status = fl_journal_open(w->stage, &options, &made, error);
    if (status != FL_OK) return status;
    if (w->wish->then_count) status = fl_journal_append(made, w->wish->then, w->wish->then_count, error);
    if (status == FL_OK) status = fl_journal_append(made, &entry, 1, error);
    if (status == FL_OK) status = fl_journal_checkpoint(made, error);
    fl_journal_close(made);
    return status;
}

static fl_status exchange(work *w, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_status status = fl_seat_path(w->stage, "unfinished", path, error);
    if (status != FL_OK) return status;
    unlink(path);
    sync_path(w->stage);
    step(w, "exchange");
    if (renameat2(AT_FDCWD, w->stage, AT_FDCWD, w->directory, RENAME_EXCHANGE) != 0) {
        fl_error_set(error, FL_E_IO, "the healed journal cannot take its place: %s", strerror(errno));
        return fl_error_at(error, w->directory, 0, 0), FL_E_IO;
    }
    step(w, "aside");
    fl_succeed_retire(w->stage);
    status = name_aside(w, w->done->aside, error);
    if (status == FL_OK && rename(w->stage, w->done->aside) != 0)
        snprintf(w->done->aside, sizeof w->done->aside, "%s", w->stage);
    if (snprintf(path, sizeof path, "%s/..", w->directory) < (int)sizeof path) sync_path(path);
    return status;
}

static fl_status open_old(work *w, fl_error *error)
{
    char path[FL_PLACE_MAX];
    bool has = false;
    fl_error none = {0};
    fl_status status = fl_seat_path(w->directory, "journal.db", path, error);
    if (status != FL_OK) return status;
    w->readable = fl_place_exists(path) && fl_store_open(&w->old, path, false, NULL, &none) == FL_OK &&
                  fl_store_snapshot(&w->old) == FL_OK && fl_store_has_schema(&w->old, &has) == FL_OK && has &&
                  fl_store_prepare(&w->old, false) == FL_OK;
    w->done->unreadable = !w->readable;
    return FL_OK;
}

/* Whose it is, from the first entry the key signed. */
static fl_status read_opening(work *w, fl_error *error)
{
    const void *bytes;
    size_t size;
    fl_record record;
    fl_status status = copy_entry(w, 0, &bytes, &size, error);
    if (status != FL_OK) return status;
    if (fl_record_read(bytes, size, &record) != FL_OK || fl_record_kind(&record) != FL_KIND_LOG_OPEN ||
        !fl_record_text_is(&record, "log", w->install.signer.vkey.name) ||
        fl_record_text(&record, "pred", w->pred, sizeof w->pred) != FL_OK)
        return fl_error_set(error, FL_E_NO, "the copy does not begin with the opening of this log");
    return FL_OK;
}

static fl_status heal(work *w, fl_error *error)
{
    fl_status status = fl_seat_lock(w->directory, &w->lock, error);
    if (status == FL_OK) status = fl_install_read(w->directory, &w->install, error);
    if (status == FL_E_NO)
        return fl_error_set(error, FL_E_REFUSED, "install.key is not here: without it nothing can be healed");
    if (status != FL_OK) return status;
    fl_vkey_text(&w->install.signer.vkey, w->vkey);
    if (fl_text_begins(w->install.signer.vkey.name, FL_JOURNAL_SIMULATED) != w->wish->simulated)
        return fl_error_set(error, FL_E_REFUSED, "this is the journal of %s lasers",
                            w->wish->simulated ? "real" : "SIMULATED");
    step(w, "prove");
    status = prove_copy(w, error);
    if (status == FL_OK) status = read_opening(w, error);
    if (status == FL_OK) status = open_old(w, error);
    if (status == FL_OK) status = clear_stage(w, error);
    step(w, "make");
    if (status == FL_OK) status = make_stage(w, error);
    step(w, "put");
    if (status == FL_OK) status = put_all(w, error);
    fl_store_close(&w->made);
    if (status != FL_OK) return status;
    w->done->nothing = w->readable && !w->done->appended && !w->done->replaced;
    if (w->done->nothing) return clear_stage(w, error);
    step(w, "verify");
    status = write_down(w, error);
    return status == FL_OK ? exchange(w, error) : status;
}

fl_status fl_journal_heal(const char *directory, const fl_heal_source *copy, const fl_heal_wish *wish,
                          fl_heal_done *done, fl_error *error)
{
    work *w = calloc(1, sizeof *w);
    if (!w) return fl_error_set(error, FL_E_MEMORY, "no memory to heal");
    *done = (fl_heal_done){.first_replaced = UINT64_MAX, .other = UINT64_MAX};
    *w = (work){.directory = directory, .copy = copy, .wish = wish, .done = done, .lock = -1};
    const fl_status status = heal(w, error);
    if (status != FL_OK && w->stage[0]) {
        fl_error none = {0};
        char path[FL_PLACE_MAX];
        fl_store_close(&w->made);
        if (fl_seat_path(w->stage, "unfinished", path, NULL) == FL_OK && fl_place_exists(path) &&
            clear_stage(w, &none) != FL_OK)
            fl_error_hint(error, "an unfinished copy lies in %s", w->stage);
    }
    fl_store_close(&w->old);
    fl_signer_wipe(&w->install.signer);
    if (w->lock >= 0) close(w->lock);
    free(w->leaves);
    free(w);
    return status;
}
