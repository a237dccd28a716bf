#include "fadeline/clients/clients.h"

#include "db.h"

#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SALTS_MOST 4096

fl_commitment fl_commit(const uint8_t salt[FL_CLIENT_SALT], const void *bytes, size_t size)
{
    static const uint8_t mark = 2; /* leaves begin with 0, nodes with 1 */
    const fl_piece pieces[] = {{&mark, 1}, {salt, FL_CLIENT_SALT}, {bytes, size}};
    fl_commitment cmt;
    fl_sha256_pieces(pieces, 3, cmt.byte);
    return cmt;
}

fl_status fl_clients_place(bool simulated, char path[FL_PLACE_MAX], fl_error *error)
{
    char home[FL_PLACE_MAX];
    const fl_status status = fl_place_home(home, error);
    if (status != FL_OK) return status;
    if (snprintf(path, FL_PLACE_MAX, "%s/%s", home, simulated ? "clients-simulated.db" : "clients.db") <
        FL_PLACE_MAX)
        return FL_OK;
    return fl_error_set(error, FL_E_IO, "the path of FADELINE_HOME is too long");
}

static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
    sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

fl_status fl_clients_put(fl_clients *clients, const char *code, fl_client_text kind, const void *bytes,
                         size_t size, fl_commitment *cmt, fl_error *error)
{
    uint8_t salt[FL_CLIENT_SALT];
    if (!fl_client_code_is(code))
        return fl_error_set(error, FL_E_RANGE, "'%s' is no client code; write C-0001", code);
    if (!size || size > FL_CLIENT_TEXT_MAX)
        return fl_error_set(error, FL_E_RANGE, "a text of %zu bytes is not kept; at most %u", size,
                            FL_CLIENT_TEXT_MAX);
    if (fl_random_secret(salt, sizeof salt) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gave no random bytes");
    const fl_commitment made = fl_commit(salt, bytes, size);
    sqlite3_stmt *s = NULL;
    fl_status status = db_prepare(
        clients, "INSERT INTO text(code,what,salt,body,cmt,kept) VALUES(?1,?2,?3,?4,?5,0)", &s, error);
    if (status != FL_OK) return status;
    bind_text(s, 1, code);
    sqlite3_bind_int(s, 2, (int)kind);
    sqlite3_bind_blob(s, 3, salt, sizeof salt, SQLITE_STATIC);
    sqlite3_bind_blob(s, 4, bytes, (int)size, SQLITE_STATIC);
    sqlite3_bind_blob(s, 5, made.byte, sizeof made.byte, SQLITE_STATIC);
    status = db_run(clients, s, error);
    explicit_bzero(salt, sizeof salt);
    if (status == FL_OK) *cmt = made;
    return status;
}

fl_status fl_clients_keep(fl_clients *clients, const fl_commitment *cmt, fl_error *error)
{
    sqlite3_stmt *s = NULL;
    fl_status status = db_prepare(clients, "UPDATE text SET kept=1 WHERE cmt=?1", &s, error);
    if (status != FL_OK) return status;
    sqlite3_bind_blob(s, 1, cmt->byte, sizeof cmt->byte, SQLITE_STATIC);
    status = db_run(clients, s, error);
    if (status == FL_OK && sqlite3_changes(clients->db) != 1)
        return fl_error_set(error, FL_E_NO, "no text with this commitment is in the clients' database");
    return status;
}

static fl_status take_text(fl_clients *clients, sqlite3_stmt *s, char **bytes, size_t *size,
                           fl_commitment *cmt, fl_error *error)
{
    const void *salt = sqlite3_column_blob(s, 0), *body = sqlite3_column_blob(s, 1),
               *held = sqlite3_column_blob(s, 2);
    const size_t length = (size_t)sqlite3_column_bytes(s, 1);
    if (!salt || !body || !held) return fl_error_set(error, FL_E_MEMORY, "no memory for a text");
    const fl_commitment made = fl_commit(salt, body, length);
    if (!fl_same_digest(made.byte, held)) {
        fl_error_set(error, FL_E_FILE, "a text of this client is not the one that was committed to");
        fl_error_at(error, clients->path, 0, 0);
        fl_error_hint(error, "bring back a backup of this file; `cmt` in the journal tells which is right");
        return FL_E_FILE;
    }
    char *room = malloc(length + 1);
    if (!room) return fl_error_set(error, FL_E_MEMORY, "no memory for a text");
    memcpy(room, body, length);
    room[length] = 0;
    *bytes = room;
    *size = length;
    *cmt = made;
    return FL_OK;
}

fl_status fl_clients_read(fl_clients *clients, const char *code, fl_client_text kind, char **bytes,
                          size_t *size, fl_commitment *cmt, fl_error *error)
{
    sqlite3_stmt *s = NULL;
    fl_status status = db_prepare(
        clients,
        "SELECT salt,body,cmt FROM text WHERE code=?1 AND what=?2 AND kept=1 ORDER BY id DESC LIMIT 1", &s,
        error);
    if (status != FL_OK) return status;
    bind_text(s, 1, code);
    sqlite3_bind_int(s, 2, (int)kind);
    const int code_of_step = sqlite3_step(s);
    if (code_of_step == SQLITE_ROW)
        status = take_text(clients, s, bytes, size, cmt, error);
    else if (code_of_step == SQLITE_DONE)
        status = fl_error_set(error, FL_E_NO, "the clients' database holds nothing of %s", code);
    else
        status = db_fault(clients, code_of_step, error);
    sqlite3_finalize(s);
    return status;
}

static bool has(fl_clients *clients, const char *sql, const char *code)
{
    sqlite3_stmt *s = NULL;
    if (db_prepare(clients, sql, &s, NULL) != FL_OK) return false;
    bind_text(s, 1, code);
    const bool found = sqlite3_step(s) == SQLITE_ROW;
    sqlite3_finalize(s);
    return found;
}

bool fl_clients_has_identity(fl_clients *clients, const char *code)
{
    return has(clients, "SELECT 1 FROM text WHERE code=?1 AND what=1", code);
}

bool fl_clients_has(fl_clients *clients, const char *code)
{
    return has(clients, "SELECT 1 FROM text WHERE code=?1", code);
}

/* ---- erasing ---- */

/* Salts are what to look for: random, short enough never to be split over pages, and without them the hash in
 * the journal cannot even be tried against a guess. */
static fl_status gather_salts(fl_clients *clients, const char *code, uint8_t (*salts)[FL_CLIENT_SALT],
                              size_t *count, fl_error *error)
{
    sqlite3_stmt *s = NULL;
    fl_status status =
        db_prepare(clients, "SELECT salt FROM text WHERE code=?1 ORDER BY id LIMIT ?2", &s, error);
    if (status != FL_OK) return status;
    bind_text(s, 1, code);
    sqlite3_bind_int(s, 2, SALTS_MOST);
    int step;
    while ((step = sqlite3_step(s)) == SQLITE_ROW)
        memcpy(salts[(*count)++], sqlite3_column_blob(s, 0), FL_CLIENT_SALT);
    sqlite3_finalize(s);
    return step == SQLITE_DONE ? FL_OK : db_fault(clients, step, error);
}

#define BLOCK (1u << 16)

/* Block after block, each with the end of the one before: a salt may lie across. */
static fl_status search(FILE *file, const char *path, uint8_t (*salts)[FL_CLIENT_SALT], size_t count,
                        fl_error *error)
{
    uint8_t block[FL_CLIENT_SALT + BLOCK];
    size_t kept = 0, got;
    while ((got = fread(block + kept, 1, BLOCK, file)) > 0) {
        const size_t size = kept + got;
        for (size_t i = 0; i < count; i++) {
            if (!memmem(block, size, salts[i], FL_CLIENT_SALT)) continue;
            fl_error_set(error, FL_E_IO, "what was erased is still found in this file");
            fl_error_at(error, path, 0, 0);
            fl_error_hint(error, "close everything else that reads it, and erase again");
            return FL_E_IO;
        }
        kept = size < FL_CLIENT_SALT - 1 ? size : FL_CLIENT_SALT - 1;
        memmove(block, block + size - kept, kept);
    }
    if (!ferror(file)) return FL_OK;
    fl_error_set(error, FL_E_IO, "cannot read it again to see that what was erased is gone");
    fl_error_at(error, path, 0, 0);
    return FL_E_IO;
}

static fl_status still_there(const char *path, uint8_t (*salts)[FL_CLIENT_SALT], size_t count,
                             fl_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file && !fl_place_exists(path)) return FL_OK; /* no log any more */
    if (!file) {
        fl_error_set(error, FL_E_IO, "cannot read it again to see that what was erased is gone");
        fl_error_at(error, path, 0, 0);
        return FL_E_IO;
    }
    const fl_status status = search(file, path, salts, count, error);
    fclose(file);
    return status;
}

static fl_status delete_all(fl_clients *clients, const char *code, fl_error *error)
{
    sqlite3_stmt *s = NULL;
    fl_status status = db_begin_scrub(clients, error);
    if (status != FL_OK) return status;
    status = db_prepare(clients, "DELETE FROM text WHERE code=?1", &s, error);
    if (status == FL_OK) {
        bind_text(s, 1, code);
        status = db_run(clients, s, error);
    }
    if (status == FL_OK) return db_end_scrub(clients, error);
    sqlite3_exec(clients->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

fl_status fl_clients_erase(fl_clients *clients, const char *code, fl_error *error)
{
    char log[FL_PLACE_MAX + 8];
    size_t count = 0;
    uint8_t(*salts)[FL_CLIENT_SALT] = calloc(SALTS_MOST, FL_CLIENT_SALT);
    if (!salts) return fl_error_set(error, FL_E_MEMORY, "no memory to erase");
    snprintf(log, sizeof log, "%s-wal", clients->path);
    fl_status status = gather_salts(clients, code, salts, &count, error);
    if (status == FL_OK) status = delete_all(clients, code, error);
    if (status == FL_OK) status = still_there(clients->path, salts, count, error);
    if (status == FL_OK) status = still_there(log, salts, count, error);
    explicit_bzero(salts, SALTS_MOST * FL_CLIENT_SALT);
    free(salts);
    return status;
}
