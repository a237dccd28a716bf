#include "db.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x464C4331 /* "FLC1" */
#define SCHEMA_VERSION 1
#define BUSY_MS 2000

static const char schema[] =
    "CREATE TABLE about(one INTEGER PRIMARY KEY CHECK(one=1), simulated INTEGER NOT NULL,"
    " scrub INTEGER NOT NULL) STRICT;"
    "CREATE TABLE text(id INTEGER PRIMARY KEY, code TEXT NOT NULL, what INTEGER NOT NULL CHECK(what IN "
    "(1,2)),"
    " salt BLOB NOT NULL CHECK(length(salt)=16), body BLOB NOT NULL,"
    " cmt BLOB NOT NULL UNIQUE CHECK(length(cmt)=32), kept INTEGER NOT NULL CHECK(kept IN (0,1))) STRICT;"
    "CREATE INDEX text_code ON text(code);";

fl_status db_fault(fl_clients *clients, int code, fl_error *error)
{
    const char *why = clients->db ? sqlite3_errmsg(clients->db) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_FULL: return fl_error_set(error, FL_E_FULL, "no room for the clients' database: %s", why);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return fl_error_set(error, FL_E_BUSY, "somebody else is using the clients' database");
    case SQLITE_NOMEM: return fl_error_set(error, FL_E_MEMORY, "no memory for the clients' database");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
        fl_error_set(error, FL_E_FILE, "the clients' database is damaged: %s", why);
        fl_error_at(error, clients->path, 0, 0);
        fl_error_hint(
            error, "bring back a backup of it, with its -wal when there is one; the journal is another file "
                   "and not touched");
        return FL_E_FILE;
    default:
        fl_error_set(error, FL_E_IO, "the clients' database cannot be used: %s", why);
        fl_error_at(error, clients->path, 0, 0);
        return FL_E_IO;
    }
}

fl_status db_exec(fl_clients *clients, const char *sql, fl_error *error)
{
    const int code = sqlite3_exec(clients->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? FL_OK : db_fault(clients, code, error);
}

fl_status db_prepare(fl_clients *clients, const char *sql, sqlite3_stmt **statement, fl_error *error)
{
    const int code = sqlite3_prepare_v2(clients->db, sql, -1, statement, NULL);
    return code == SQLITE_OK ? FL_OK : db_fault(clients, code, error);
}

fl_status db_run(fl_clients *clients, sqlite3_stmt *statement, fl_error *error)
{
    const int code = sqlite3_step(statement);
    const fl_status status = code == SQLITE_DONE ? FL_OK : db_fault(clients, code, error);
    sqlite3_finalize(statement);
    return status;
}

fl_status db_cut_log(fl_clients *clients, fl_error *error)
{
    int pages = 0, moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(clients->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &pages, &moved);
    return code == SQLITE_OK ? FL_OK : db_fault(clients, code, error);
}

fl_status db_int(fl_clients *clients, const char *sql, int *value, fl_error *error)
{
    sqlite3_stmt *s = NULL;
    fl_status status = db_prepare(clients, sql, &s, error);
    if (status != FL_OK) return status;
    const int code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        *value = sqlite3_column_int(s, 0);
    else
        status = db_fault(clients, code, error);
    sqlite3_finalize(s);
    return status;
}

/* Names and addresses are for nobody else's eyes. An empty file of mode 0600 first: SQLite gives its log the
 * same. */
static fl_status check_file(const char *path, fl_error *error)
{
    struct stat info;
    if (lstat(path, &info) != 0) return fl_place_write(path, "", 0, 0600, error);
    if (S_ISREG(info.st_mode) && !(info.st_mode & 077) && info.st_uid == geteuid()) return FL_OK;
    if (!S_ISREG(info.st_mode))
        fl_error_set(error, FL_E_FILE, "the clients' database is to be a file of its own");
    else
        fl_error_set(error, FL_E_FILE, "others may read who the clients are");
    fl_error_at(error, path, 0, 0);
    fl_error_hint(error, S_ISREG(info.st_mode) ? "chmod 600, by the one who runs fadeline"
                                               : "no link, no directory");
    return FL_E_FILE;
}

static fl_status make_schema(fl_clients *clients, bool simulated, fl_error *error)
{
    char sql[1024];
    const int length = snprintf(sql, sizeof sql,
                                "BEGIN IMMEDIATE; PRAGMA application_id=%d; PRAGMA user_version=%d; %s"
                                "INSERT INTO about VALUES(1,%d,0); COMMIT;",
                                APPLICATION_ID, SCHEMA_VERSION, schema, simulated);
    FL_ASSERT(length < (int)sizeof sql);
    return db_exec(clients, sql, error);
}

static fl_status refuse(const fl_clients *clients, const char *what, const char *hint, fl_error *error)
{
    fl_error_set(error, FL_E_FILE, "%s", what);
    fl_error_at(error, clients->path, 0, 0);
    fl_error_hint(error, "%s", hint);
    return FL_E_FILE;
}

static fl_status check_whole(fl_clients *clients, fl_error *error)
{
    sqlite3_stmt *s = NULL;
    fl_status status = db_prepare(clients, "PRAGMA quick_check(1)", &s, error);
    if (status != FL_OK) return status;
    const int code = sqlite3_step(s);
    if (code != SQLITE_ROW)
        status = db_fault(clients, code, error);
    else if (strcmp((const char *)sqlite3_column_text(s, 0), "ok") != 0) {
        fl_error_set(error, FL_E_FILE, "the clients' database is damaged: %s", sqlite3_column_text(s, 0));
        fl_error_at(error, clients->path, 0, 0);
        fl_error_hint(error, "bring back a backup of it");
        status = FL_E_FILE;
    }
    sqlite3_finalize(s);
    return status;
}

static fl_status check_marks(fl_clients *clients, bool simulated, fl_error *error)
{
    int tables = 0, id = 0, version = 0, nature = 0;
    fl_status status = db_int(clients, "SELECT count(*) FROM sqlite_schema", &tables, error);
    if (status == FL_OK) status = db_int(clients, "PRAGMA application_id", &id, error);
    if (status == FL_OK) status = db_int(clients, "PRAGMA user_version", &version, error);
    if (status != FL_OK) return status;
    if (!tables && !id && !version) return make_schema(clients, simulated, error);
    if (id != APPLICATION_ID)
        return refuse(clients, "this is a database of another program", "put it somewhere else", error);
    if (version != SCHEMA_VERSION)
        return refuse(clients, "another version of fadeline made this file", "use that one", error);
    status = check_whole(clients, error);
    if (status == FL_OK) status = db_int(clients, "SELECT simulated FROM about", &nature, error);
    if (status == FL_OK && (nature != 0) != simulated)
        return refuse(clients, nature ? "these clients are invented" : "these clients are real people",
                      nature ? "say --simulated" : "the world of simulated lasers has clients-simulated.db",
                      error);
    return status;
}

/* Before anything is changed in it, also not from rollback journal to write-ahead log. */
static fl_status configure(fl_clients *clients, bool simulated, fl_error *error)
{
    sqlite3_extended_result_codes(clients->db, 1);
    sqlite3_busy_timeout(clients->db, BUSY_MS);
    sqlite3_db_config(clients->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    fl_status status =
        db_exec(clients,
                "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA synchronous=FULL;",
                error);
    if (status == FL_OK) status = check_marks(clients, simulated, error);
    if (status == FL_OK)
        status = db_exec(clients, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", error);
    return status;
}

fl_status fl_clients_open(const char *path, bool simulated, fl_clients **clients, fl_error *error)
{
    fl_status status = check_file(path, error);
    if (status != FL_OK) return status;
    fl_clients *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for the clients' database");
    snprintf(made->path, sizeof made->path, "%s", path);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    const int code = sqlite3_open_v2(path, &made->db, flags, NULL);
    status = code == SQLITE_OK ? configure(made, simulated, error) : db_fault(made, code, error);
    if (status == FL_OK)
        *clients = made;
    else
        fl_clients_close(made);
    return status;
}

void fl_clients_close(fl_clients *clients)
{
    if (!clients) return;
    sqlite3_close(clients->db);
    free(clients);
}

fl_status db_begin_scrub(fl_clients *clients, fl_error *error)
{
    return db_exec(clients, "BEGIN IMMEDIATE; UPDATE about SET scrub=1", error);
}

/* secure_delete overwrites what is deleted, and alone passed our tests; a file written anew is the second
 * belt, for pages whose cells were moved. The log keeps pages as they were, until it has no length. */
fl_status db_end_scrub(fl_clients *clients, fl_error *error)
{
    int marked = 0;
    if (!sqlite3_get_autocommit(clients->db)) {
        const fl_status status = db_exec(clients, "COMMIT", error);
        if (status != FL_OK) return status;
    }
    fl_status status = db_int(clients, "SELECT scrub FROM about", &marked, error);
    if (status != FL_OK || !marked) return status;
    status = db_exec(clients, "VACUUM", error);
    if (status == FL_OK) status = db_cut_log(clients, error);
    if (status == FL_OK) status = db_exec(clients, "UPDATE about SET scrub=0", error);
    return status == FL_OK ? db_cut_log(clients, error) : status;
}
