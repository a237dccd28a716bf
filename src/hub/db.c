#include "db.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25
#define MOST_ARGS 1024

fl_arg fl_arg_number(uint64_t value)
{
    fl_arg arg = {.type = OID_INT8, .size = 8};
    for (int i = 0; i < 8; i++) arg.room[i] = (uint8_t)(value >> (56 - 8 * i));
    return arg; /* bytes NULL: they are in its own room, which moves with it */
}

fl_arg fl_arg_text(const char *text)
{
    return (fl_arg){.type = OID_TEXT, .bytes = text, .size = strlen(text)};
}

fl_arg fl_arg_bytes(const void *bytes, size_t size)
{
    return (fl_arg){.type = OID_BYTEA, .bytes = size ? bytes : "", .size = size};
}

static void silent(void *self, const PGresult *result)
{
    (void)self, (void)result; /* "relation exists, skipping" is no news */
}

/* The first line of what the server says, without "ERROR:". */
static void keep_why(fl_db *db, const char *message)
{
    while (fl_text_begins(message, "ERROR:") || *message == ' ')
        message += *message == ' ' ? 1 : strlen("ERROR:");
    snprintf(db->why, sizeof db->why, "%.*s", (int)strcspn(message, "\n"), message);
}

static bool is_lost(const fl_db *db)
{
    return !db->conn || PQstatus(db->conn) != CONNECTION_OK;
}

/* Class 40: begin the transaction again. 08, 57P: the server or the way to it went away. 53300: too many
 * clients just now. */
static bool may_pass(const char *state)
{
    return !state[0] || fl_text_begins(state, "40") || fl_text_begins(state, "08") ||
           fl_text_begins(state, "57P0") || fl_text_same(state, "53300");
}

static fl_status note_failure(fl_db *db, const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = result ? PQresultErrorMessage(result) : "";
    snprintf(db->state, sizeof db->state, "%s", state ? state : "");
    keep_why(db, *message ? message : PQerrorMessage(db->conn));
    db->again = is_lost(db) || (state && may_pass(state));
    if (db->again) return FL_E_GONE;
    return fl_text_same(db->state, "42501") ? FL_E_NO : FL_E_DEVICE;
}

static fl_status connect_once(fl_db *db)
{
    if (db->conn) PQfinish(db->conn);
    db->prepared = 0;
    db->conn = PQconnectdb(db->uri);
    if (!db->conn) return FL_E_MEMORY;
    if (PQstatus(db->conn) != CONNECTION_OK) {
        db->state[0] = 0;
        keep_why(db, PQerrorMessage(db->conn));
        db->again = true;
        return FL_E_GONE;
    }
    PQsetNoticeReceiver(db->conn, silent, NULL);
    /* What is acknowledged must be on the disk. Engines that are always so may not know the word. */
    const fl_status status =
        fl_db_do(db, "SET synchronous_commit = on; SET standard_conforming_strings = on");
    return status == FL_E_DEVICE ? FL_OK : status;
}

/* A little apart, so that two consoles that met do not meet again. */
static void wait_before(const fl_db *db, unsigned attempt)
{
    const long ms = (FL_DB_WAIT_MS << (attempt < 6 ? attempt : 6)) + (long)((uintptr_t)db >> 4 & 31);
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

fl_status fl_db_open(fl_db *db, const char *uri, unsigned attempts, fl_error *error)
{
    *db = (fl_db){.uri = uri, .attempts = attempts ? attempts : FL_DB_ATTEMPTS};
    /* One try: a server that is not there should be said at once, not after three seconds. */
    fl_status status = connect_once(db);
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, status, "the hub's database cannot be reached: %s", db->why);
    fl_error_hint(error, "--db takes a PostgreSQL URI, such as postgresql://clinic7@hub.example/fadeline");
    fl_db_close(db);
    return status;
}

void fl_db_close(fl_db *db)
{
    if (db->conn) PQfinish(db->conn);
    db->conn = NULL;
}

fl_status fl_db_do(fl_db *db, const char *sql)
{
    if (!db->conn) return FL_E_GONE;
    PGresult *result = PQexec(db->conn, sql);
    const ExecStatusType got = PQresultStatus(result);
    const fl_status status =
        got == PGRES_COMMAND_OK || got == PGRES_TUPLES_OK ? FL_OK : note_failure(db, result);
    PQclear(result);
    return status;
}

static fl_status take_result(fl_db *db, PGresult *got, PGresult **result)
{
    const ExecStatusType what = PQresultStatus(got);
    if (what != PGRES_COMMAND_OK && what != PGRES_TUPLES_OK) {
        const fl_status status = note_failure(db, got);
        PQclear(got);
        return status;
    }
    if (result)
        *result = got;
    else
        PQclear(got);
    return FL_OK;
}

#define UNPREPARED 64

static fl_status run(fl_db *db, unsigned slot, const char *sql, fl_arg *args, size_t count, PGresult **result)
{
    const char *values[MOST_ARGS];
    int lengths[MOST_ARGS], formats[MOST_ARGS];
    Oid types[MOST_ARGS];
    char name[16];
    FL_ASSERT(count <= MOST_ARGS);
    if (result) *result = NULL;
    if (!db->conn) return FL_E_GONE;
    for (size_t i = 0; i < count; i++) {
        values[i] = args[i].type == OID_INT8 ? (const char *)args[i].room : args[i].bytes;
        lengths[i] = (int)args[i].size;
        formats[i] = 1;
        types[i] = args[i].type;
    }
    if (slot == UNPREPARED)
        return take_result(db, PQexecParams(db->conn, sql, (int)count, types, values, lengths, formats, 1),
                           result);
    snprintf(name, sizeof name, "fl%u", slot);
    if (!(db->prepared >> slot & 1)) {
        const fl_status status = take_result(db, PQprepare(db->conn, name, sql, (int)count, types), NULL);
        if (status != FL_OK) return status;
        db->prepared |= 1ull << slot;
    }
    return take_result(db, PQexecPrepared(db->conn, name, (int)count, values, lengths, formats, 1), result);
}

fl_status fl_db_run(fl_db *db, const char *sql, fl_arg *args, size_t count, PGresult **result)
{
    return run(db, UNPREPARED, sql, args, count, result);
}

fl_status fl_db_run_prepared(fl_db *db, unsigned slot, const char *sql, fl_arg *args, size_t count,
                             PGresult **result)
{
    FL_ASSERT(slot < UNPREPARED);
    return run(db, slot, sql, args, count, result);
}

fl_status fl_db_transact(fl_db *db, fl_db_body body, void *self, fl_error *error)
{
    fl_status status = FL_E_GONE;
    for (unsigned attempt = 0; attempt < db->attempts; attempt++) {
        if (attempt) wait_before(db, attempt - 1);
        if (is_lost(db)) {
            db->reconnects++;
            if ((status = connect_once(db)) == FL_E_GONE) continue;
            if (status != FL_OK) break;
        }
        db->again = false;
        status = fl_db_do(db, "BEGIN");
        if (status == FL_OK) status = body(db, self, error);
        if (status == FL_OK) status = fl_db_do(db, "COMMIT");
        if (status == FL_OK) return FL_OK;
        const bool again = db->again;
        if (!is_lost(db)) {
            char why[sizeof db->why], state[sizeof db->state];
            memcpy(why, db->why, sizeof why);
            memcpy(state, db->state, sizeof state);
            if (fl_db_do(db, "ROLLBACK") != FL_OK) db->again = true;
            memcpy(db->why, why, sizeof why);
            memcpy(db->state, state, sizeof state);
        }
        if (!again) return status; /* the body or the server said no, and the body has said why */
    }
    return fl_db_failed(db, status, "the hub's database does not take it", error);
}

fl_status fl_db_failed(const fl_db *db, fl_status status, const char *doing, fl_error *error)
{
    if (status == FL_E_NO) {
        fl_error_set(error, status, "%s: this database role may not do it (%s)", doing, db->why);
        return fl_error_hint(error, "a site sees and adds to its own logs only; the owner does the rest");
    }
    fl_error_set(error, status, "%s: %s%s%s", doing, db->why, db->state[0] ? ", SQLSTATE " : "", db->state);
    if (status == FL_E_GONE)
        fl_error_hint(error, "nothing is lost and nothing will be doubled: run the same command again");
    return status;
}

uint64_t fl_db_number(const PGresult *result, int row, int column)
{
    const uint8_t *bytes = (const uint8_t *)PQgetvalue(result, row, column);
    const int size = PQgetlength(result, row, column);
    uint64_t value = 0;
    for (int i = 0; i < size && i < 8; i++) value = value << 8 | bytes[i];
    return value;
}

const void *fl_db_bytes(const PGresult *result, int row, int column, size_t *size)
{
    *size = (size_t)PQgetlength(result, row, column);
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

bool fl_db_text(const PGresult *result, int row, int column, char *room, size_t room_size)
{
    size_t size;
    const char *bytes = fl_db_bytes(result, row, column, &size);
    if (!bytes || size >= room_size || memchr(bytes, 0, size)) return false;
    memcpy(room, bytes, size);
    room[size] = 0;
    return true;
}
