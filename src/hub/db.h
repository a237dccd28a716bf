/* Db: one connection to a PostgreSQL-compatible server, and what its answers mean.
 *
 * Every answer becomes one of: FL_OK, FL_E_GONE (the connection is lost, or a transaction has to be begun
 * again: `again` is set and fl_db_transact does it), FL_E_NO (rights), FL_E_DEVICE (anything else the
 * server says no to). Parameters and results travel in binary.
 *
 * A body handed to fl_db_transact may run several times, also after its own commit when the answer to the
 * commit was lost: it must do the same again.
 */
#ifndef FL_HUB_DB_H
#define FL_HUB_DB_H

#include "fadeline/base/error.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FL_DB_ATTEMPTS 6 /* tries of one transaction; waits 50, 100, 200 ... ms between them */
#define FL_DB_WAIT_MS 50

typedef struct fl_db {
    PGconn *conn;
    const char *uri; /* of the caller */
    unsigned attempts;
    uint64_t prepared; /* bit i: statement i of this connection is prepared */
    bool again;        /* the last failure may go away by trying again */
    char state[6];     /* its SQLSTATE; empty: the connection itself */
    char why[240];
    uint64_t reconnects;
} fl_db;

/* A parameter in binary. */
typedef struct fl_arg {
    Oid type;
    const void *bytes;
    size_t size;
    uint8_t room[8]; /* of a number */
} fl_arg;

fl_arg fl_arg_number(uint64_t value);
fl_arg fl_arg_text(const char *text);
fl_arg fl_arg_bytes(const void *bytes, size_t size);

FL_MUST_USE fl_status fl_db_open(fl_db *db, const char *uri, unsigned attempts, fl_error *error);
void fl_db_close(fl_db *db);
/* Statements without parameters; several may be parted by semicolons. */
FL_MUST_USE fl_status fl_db_do(fl_db *db, const char *sql);
/* One statement. *result may be NULL (not wanted); else the caller clears it, also when FL_OK gives no rows.
 */
FL_MUST_USE fl_status fl_db_run(fl_db *db, const char *sql, fl_arg *args, size_t count, PGresult **result);
/* The same, prepared once per connection under `slot` (below 64): for what is sent again and again. */
FL_MUST_USE fl_status fl_db_run_prepared(fl_db *db, unsigned slot, const char *sql, fl_arg *args,
                                         size_t count, PGresult **result);
typedef fl_status (*fl_db_body)(fl_db *db, void *self, fl_error *error);
FL_MUST_USE fl_status fl_db_transact(fl_db *db, fl_db_body body, void *self, fl_error *error);
/* Sets the error for the last failure: what was tried, what the server said, a hint. Returns status. */
fl_status fl_db_failed(const fl_db *db, fl_status status, const char *doing, fl_error *error);

uint64_t fl_db_number(const PGresult *result, int row, int column); /* int8, int4, bool */
/* Copies; false when it is NULL or does not fit. */
bool fl_db_text(const PGresult *result, int row, int column, char *room, size_t room_size);
const void *fl_db_bytes(const PGresult *result, int row, int column, size_t *size);

#endif
