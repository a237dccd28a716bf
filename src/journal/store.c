#include "store.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 0x4A524E31 /* "JRN1" */
#define SCHEMA_VERSION 1
#define WAL_PAGES 256
#define BUSY_MS 2000 /* readers hold the writer up only while the log is moved into the file */

#define SEAL_TABLE                                                                                           \
    "CREATE TABLE IF NOT EXISTS seal(one INTEGER PRIMARY KEY CHECK(one=1), note TEXT NOT NULL) STRICT;"

static const char schema[] =
    "CREATE TABLE entry(idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL CHECK(length(leaf)=32),"
    " data BLOB NOT NULL CHECK(length(data) BETWEEN 2 AND 65535)) STRICT;"
    "CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one=1), size INTEGER NOT NULL, range BLOB NOT NULL,"
    " root BLOB NOT NULL) STRICT;"
    "CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;"
    "CREATE TABLE cosig(size INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY(size,line)) STRICT;"
    "CREATE TABLE install(one INTEGER PRIMARY KEY CHECK(one=1), origin TEXT, vkey TEXT, inst TEXT, pred "
    "TEXT) STRICT;" SEAL_TABLE
    /* These guard against our own bugs, not against an attacker. */
    "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT,'append only'); END;"
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT,'append only'); END;";

fl_status fl_store_code(fl_store *store, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return FL_OK;
    snprintf(store->why, sizeof store->why, "%s",
             store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
    switch (code & 0xFF) {
    case SQLITE_FULL: return FL_E_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return FL_E_BUSY;
    case SQLITE_NOMEM: return FL_E_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR: /* a table or column that is not there any more, a schema that does not parse */
    case SQLITE_TOOBIG:
    case SQLITE_SCHEMA: return FL_E_DAMAGED;
    default: return FL_E_IO;
    }
}

static fl_status run(fl_store *store, const char *sql)
{
    return fl_store_code(store, sqlite3_exec(store->db, sql, NULL, NULL, NULL));
}

/* Runs a statement that gives no rows and leaves it ready for the next time. */
static fl_status run_once(fl_store *store, sqlite3_stmt *statement)
{
    const fl_status status = fl_store_code(store, sqlite3_step(statement));
    sqlite3_reset(statement); /* repeats the step's answer, which we have */
    return status;
}

static int note_pages(void *self, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((fl_store *)self)->wal_pages = pages;
    return SQLITE_OK;
}

static fl_status configure(fl_store *store, bool write)
{
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    fl_status status =
        run(store, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON;"
                   "PRAGMA recursive_triggers=ON;");
    if (status != FL_OK || !write) return status;
    status =
        run(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=4194304;");
    /* SQLite's own automatic checkpoint swallows a failed sync; the hook counts, fl_store_settle asks. */
    sqlite3_wal_hook(store->db, note_pages, store);
    return status;
}

/* A copy on a read-only medium has nobody to share with; SQLite then wants to be told that it will not
 * change. */
static int open_still(fl_store *store, const char *path, const char *vfs)
{
    char uri[3 * 1024 + 64], wal[1100];
    fl_text text = fl_text_in(uri, sizeof uri);
    snprintf(wal, sizeof wal, "%s-wal", path);
    if (access(wal, F_OK) == 0) return SQLITE_CANTOPEN; /* its newest entries would silently be missing */
    fl_text_add(&text, "file:");
    for (const char *c = path; *c; c++)
        fl_text_add(&text, strchr("%?#", *c) ? "%%%02X" : "%c", (unsigned char)*c);
    fl_text_add(&text, "?immutable=1");
    if (text.cut) return SQLITE_CANTOPEN;
    return sqlite3_open_v2(uri, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                           vfs);
}

fl_status fl_store_open(fl_store *store, const char *path, bool write, const char *vfs, fl_error *error)
{
    *store = (fl_store){0};
    const int flags = (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    fl_status status = fl_store_code(store, sqlite3_open_v2(path, &store->db, flags, vfs));
    if (status == FL_OK) status = configure(store, write);
    /* The first touch is when SQLite looks at the header. */
    if (status == FL_OK) status = run(store, "SELECT count(*) FROM sqlite_schema");
    if (!write && (status == FL_E_IO || status == FL_E_DAMAGED)) {
        sqlite3_close(store->db);
        store->db = NULL;
        fl_status again = fl_store_code(store, open_still(store, path, vfs));
        if (again == FL_OK) again = configure(store, false);
        if (again == FL_OK) again = run(store, "SELECT count(*) FROM sqlite_schema");
        status = again == FL_E_IO ? status : again;
    }
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, status, "cannot open: %s", store->why);
    fl_error_at(error, path, 0, 0);
    if (!write && status == FL_E_IO)
        fl_error_hint(
            error,
            "if this is a copy on a read-only medium, copy the whole directory to a place you may write to");
    fl_store_close(store);
    return status;
}

void fl_store_close(fl_store *store)
{
    sqlite3_stmt *all[] = {store->begin,          store->commit, store->put_entry, store->put_head,
                           store->put_checkpoint, store->scan,   store->next_note};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) sqlite3_finalize(all[i]);
    sqlite3_close(store->db);
    *store = (fl_store){0};
}

static fl_status pragma_int(fl_store *store, const char *sql, int *value)
{
    sqlite3_stmt *statement = NULL;
    fl_status status = fl_store_code(store, sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL));
    if (status == FL_OK) status = fl_store_code(store, sqlite3_step(statement));
    if (status == FL_OK) *value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

fl_status fl_store_has_schema(fl_store *store, bool *has)
{
    int tables = 0, id = 0, version = 0;
    fl_status status = pragma_int(store, "SELECT count(*) FROM sqlite_schema", &tables);
    if (status == FL_OK) status = pragma_int(store, "PRAGMA application_id", &id);
    if (status == FL_OK) status = pragma_int(store, "PRAGMA user_version", &version);
    if (status != FL_OK) return status;
    if (tables && (id != APPLICATION_ID || version != SCHEMA_VERSION)) {
        snprintf(store->why, sizeof store->why, "it is marked %08x version %d, not as a journal",
                 (unsigned)id, version);
        return FL_E_DAMAGED;
    }
    *has = tables > 0;
    return FL_OK;
}

fl_status fl_store_make_schema(fl_store *store, const char *origin, const char *vkey, const char *inst,
                               const char *pred)
{
    char marks[96];
    snprintf(marks, sizeof marks, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
             SCHEMA_VERSION);
    fl_status status = run(store, schema);
    if (status == FL_OK) status = run(store, marks);
    if (status != FL_OK) return status;
    sqlite3_stmt *put = NULL;
    status = fl_store_code(
        store, sqlite3_prepare_v2(store->db, "INSERT INTO install VALUES(1,?1,?2,?3,?4)", -1, &put, NULL));
    if (status != FL_OK) return status;
    sqlite3_bind_text(put, 1, origin, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 2, vkey, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 3, inst, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 4, pred, -1, SQLITE_STATIC);
    status = fl_store_code(store, sqlite3_step(put));
    sqlite3_finalize(put);
    return status;
}

fl_status fl_store_prepare(fl_store *store, bool write)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
        bool write;
    } all[] = {
        {&store->scan, "SELECT idx, leaf, data FROM entry WHERE idx>=?1 ORDER BY idx", false},
        {&store->next_note, "SELECT size, note FROM checkpoint WHERE size>=?1 ORDER BY size LIMIT 1", false},
        {&store->begin, "BEGIN IMMEDIATE", true},
        {&store->commit, "COMMIT", true},
        {&store->put_entry, "INSERT INTO entry VALUES(?1,?2,?3)", true},
        {&store->put_head,
         "INSERT INTO head VALUES(1,?1,?2,?3) ON CONFLICT(one) DO UPDATE SET size=?1, range=?2, root=?3",
         true},
        {&store->put_checkpoint, "INSERT INTO checkpoint VALUES(?1,?2)", true},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].write && !write) continue;
        const int code =
            sqlite3_prepare_v3(store->db, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT, all[i].statement, NULL);
        if (fl_store_code(store, code) != FL_OK) return fl_store_code(store, code);
    }
    return FL_OK;
}

fl_status fl_store_snapshot(fl_store *store)
{
    const fl_status status = run(store, "BEGIN");
    return status == FL_OK ? run(store, "SELECT count(*) FROM sqlite_schema") : status;
}

static void stop_scan(fl_store *store)
{
    if (store->scan) sqlite3_reset(store->scan);
    store->scanning = false;
}

void fl_store_release(fl_store *store)
{
    stop_scan(store);
    if (run(store, "COMMIT") != FL_OK) store->scanning = false; /* only read: there was nothing to lose */
}

fl_status fl_store_begin(fl_store *store)
{
    stop_scan(store); /* an open scan would keep the log from being reused */
    return run_once(store, store->begin);
}

fl_status fl_store_put_entry(fl_store *store, uint64_t index, const fl_hash *leaf, const void *data,
                             size_t size)
{
    sqlite3_bind_int64(store->put_entry, 1, (sqlite3_int64)index);
    sqlite3_bind_blob(store->put_entry, 2, leaf->byte, sizeof leaf->byte, SQLITE_STATIC);
    sqlite3_bind_blob(store->put_entry, 3, data, (int)size, SQLITE_STATIC);
    return run_once(store, store->put_entry);
}

fl_status fl_store_put_head(fl_store *store, const fl_tree *tree, const fl_hash *root)
{
    sqlite3_bind_int64(store->put_head, 1, (sqlite3_int64)tree->size);
    /* Length 0 with a pointer: an empty blob, not NULL. */
    sqlite3_bind_blob(store->put_head, 2, tree->peak, (int)(tree->peaks * sizeof *tree->peak), SQLITE_STATIC);
    sqlite3_bind_blob(store->put_head, 3, root->byte, sizeof root->byte, SQLITE_STATIC);
    return run_once(store, store->put_head);
}

fl_status fl_store_put_checkpoint(fl_store *store, uint64_t size, const char *note)
{
    sqlite3_bind_int64(store->put_checkpoint, 1, (sqlite3_int64)size);
    sqlite3_bind_text(store->put_checkpoint, 2, note, -1, SQLITE_STATIC);
    return run_once(store, store->put_checkpoint);
}

fl_status fl_store_commit(fl_store *store)
{
    return run_once(store, store->commit);
}

bool fl_store_rollback(fl_store *store)
{
    if (sqlite3_get_autocommit(store->db)) return true; /* SQLite undid it by itself */
    return sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_get_autocommit(store->db);
}

fl_status fl_store_row_at(fl_store *store, uint64_t index, fl_store_row *row)
{
    if (!store->scanning || store->scan_next != index) {
        stop_scan(store);
        sqlite3_bind_int64(store->scan, 1, (sqlite3_int64)index);
        store->scanning = true;
    }
    const int code = sqlite3_step(store->scan);
    if (code != SQLITE_ROW) {
        const fl_status status = fl_store_code(store, code);
        stop_scan(store);
        return status == FL_OK ? FL_E_NO : status;
    }
    *row = (fl_store_row){
        .index = (uint64_t)sqlite3_column_int64(store->scan, 0),
        .leaf = sqlite3_column_blob(store->scan, 1),
        .leaf_size = (size_t)sqlite3_column_bytes(store->scan, 1),
        .data = sqlite3_column_blob(store->scan, 2),
        .data_size = (size_t)sqlite3_column_bytes(store->scan, 2),
    };
    if ((!row->leaf || !row->data) && sqlite3_errcode(store->db) == SQLITE_NOMEM)
        return fl_store_code(store, SQLITE_NOMEM);
    store->scan_next = row->index + 1;
    return FL_OK;
}

/* Copies a text column; FL_E_DAMAGED when it is NULL or too long. */
static fl_status copy_text(fl_store *store, sqlite3_stmt *statement, int column, char *room, size_t room_size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    const size_t size = (size_t)sqlite3_column_bytes(statement, column);
    if (!text && sqlite3_errcode(store->db) == SQLITE_NOMEM) return fl_store_code(store, SQLITE_NOMEM);
    if (!text || size >= room_size || strlen((const char *)text) != size) {
        snprintf(store->why, sizeof store->why, "a stored text is unusable");
        return FL_E_DAMAGED;
    }
    memcpy(room, text, size + 1);
    return FL_OK;
}

fl_status fl_store_install(fl_store *store, char *origin, size_t origin_room, char *vkey, size_t vkey_room)
{
    sqlite3_stmt *get = NULL;
    fl_status status = fl_store_code(
        store, sqlite3_prepare_v2(store->db, "SELECT origin, vkey FROM install WHERE one=1", -1, &get, NULL));
    if (status == FL_OK) {
        const int code = sqlite3_step(get);
        status = fl_store_code(store, code);
        if (code == SQLITE_DONE) {
            snprintf(store->why, sizeof store->why, "it does not say whose log it is");
            status = FL_E_DAMAGED;
        }
    }
    if (status == FL_OK) status = copy_text(store, get, 0, origin, origin_room);
    if (status == FL_OK) status = copy_text(store, get, 1, vkey, vkey_room);
    sqlite3_finalize(get);
    return status;
}

static fl_status settle(fl_store *store)
{
    int left = 0, moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &left, &moved);
    if ((code & 0xFF) == SQLITE_BUSY) return FL_OK; /* a reader is looking; next time */
    store->wal_pages = left - moved;
    return fl_store_code(store, code);
}

fl_status fl_store_settle(fl_store *store)
{
    return store->wal_pages < WAL_PAGES ? FL_OK : settle(store);
}

fl_status fl_store_settle_all(fl_store *store)
{
    stop_scan(store);
    return settle(store);
}

/* Everything about the seal is done once a run: nothing is prepared for it. */
fl_status fl_store_seal(fl_store *store, char *note, size_t note_room)
{
    sqlite3_stmt *get = NULL;
    int tables = 0;
    fl_status status = pragma_int(store, "SELECT count(*) FROM sqlite_schema WHERE name='seal'", &tables);
    if (status == FL_OK && !tables) return FL_E_NO; /* a log older than seals */
    if (status == FL_OK)
        status = fl_store_code(
            store, sqlite3_prepare_v2(store->db, "SELECT note FROM seal WHERE one=1", -1, &get, NULL));
    if (status == FL_OK) {
        const int code = sqlite3_step(get);
        status = code == SQLITE_DONE ? FL_E_NO : fl_store_code(store, code);
    }
    if (status == FL_OK) status = copy_text(store, get, 0, note, note_room);
    sqlite3_finalize(get);
    return status;
}

fl_status fl_store_put_seal(fl_store *store, const char *note)
{
    sqlite3_stmt *put = NULL;
    fl_status status = run(store, "BEGIN IMMEDIATE;" SEAL_TABLE);
    if (status == FL_OK)
        status = fl_store_code(
            store, sqlite3_prepare_v2(store->db, "INSERT OR REPLACE INTO seal VALUES(1,?1)", -1, &put, NULL));
    if (status == FL_OK) {
        sqlite3_bind_text(put, 1, note, -1, SQLITE_STATIC);
        status = fl_store_code(store, sqlite3_step(put));
    }
    sqlite3_finalize(put);
    if (status == FL_OK) status = run(store, "COMMIT");
    return status;
}

fl_status fl_store_break_seal(fl_store *store)
{
    int rows = 0;
    fl_status status = pragma_int(store, "SELECT count(*) FROM sqlite_schema WHERE name='seal'", &rows);
    if (status == FL_OK && rows) status = pragma_int(store, "SELECT count(*) FROM seal", &rows);
    if (status == FL_OK && rows) status = run(store, "BEGIN IMMEDIATE; DELETE FROM seal; COMMIT");
    return status;
}

fl_status fl_store_head(fl_store *store, uint64_t *size, fl_tree *tree, fl_hash *root)
{
    sqlite3_stmt *get = NULL;
    fl_status status =
        fl_store_code(store, sqlite3_prepare_v2(store->db, "SELECT size, range, root FROM head WHERE one=1",
                                                -1, &get, NULL));
    if (status == FL_OK) {
        const int code = sqlite3_step(get);
        status = fl_store_code(store, code);
        if (code == SQLITE_DONE) status = FL_E_DAMAGED;
    }
    if (status == FL_OK) {
        const sqlite3_int64 stored = sqlite3_column_int64(get, 0);
        const size_t peaks = (size_t)__builtin_popcountll((unsigned long long)stored);
        const void *range = sqlite3_column_blob(get, 1), *top = sqlite3_column_blob(get, 2);
        if (stored < 0 || (size_t)sqlite3_column_bytes(get, 1) != peaks * sizeof(fl_hash) ||
            (size_t)sqlite3_column_bytes(get, 2) != sizeof(fl_hash))
            status = FL_E_DAMAGED;
        else {
            *tree = (fl_tree){.size = (uint64_t)stored, .peaks = (unsigned)peaks};
            if (peaks) memcpy(tree->peak, range, peaks * sizeof(fl_hash));
            memcpy(root, top, sizeof *root);
            *size = (uint64_t)stored;
        }
    }
    if (status == FL_E_DAMAGED) snprintf(store->why, sizeof store->why, "the head does not fit its own size");
    sqlite3_finalize(get);
    return status;
}

static fl_status take_note(fl_store *store, sqlite3_stmt *get, uint64_t *size, char *note, size_t note_room)
{
    const int code = sqlite3_step(get);
    fl_status status = fl_store_code(store, code);
    if (code == SQLITE_DONE) status = FL_E_NO;
    if (status == FL_OK) status = copy_text(store, get, 1, note, note_room);
    if (status == FL_OK) *size = (uint64_t)sqlite3_column_int64(get, 0);
    return status;
}

fl_status fl_store_checkpoint(fl_store *store, bool newest, uint64_t *size, char *note, size_t note_room)
{
    if (!newest) {
        sqlite3_bind_int64(store->next_note, 1, (sqlite3_int64)*size);
        const fl_status status = take_note(store, store->next_note, size, note, note_room);
        sqlite3_reset(store->next_note);
        return status;
    }
    static const char sql[] = "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1";
    sqlite3_stmt *get = NULL;
    fl_status status = fl_store_code(store, sqlite3_prepare_v2(store->db, sql, -1, &get, NULL));
    if (status == FL_OK) status = take_note(store, get, size, note, note_room);
    sqlite3_finalize(get);
    return status;
}
