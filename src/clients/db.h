/* The SQLite file behind clients.h: opened, or refused with a reason; statements, and what became of them. */
#ifndef FL_CLIENTS_DB_H
#define FL_CLIENTS_DB_H

#include "fadeline/clients/clients.h"

#include <sqlite3.h>

struct fl_clients {
    sqlite3 *db;
    char path[FL_PLACE_MAX];
};

fl_status db_fault(fl_clients *clients, int code,
                   fl_error *error); /* what SQLite said, as an error of ours */
fl_status db_exec(fl_clients *clients, const char *sql, fl_error *error);
fl_status db_prepare(fl_clients *clients, const char *sql, sqlite3_stmt **statement, fl_error *error);
/* A statement that gives no rows; finalized. Committed and synced when FL_OK. */
fl_status db_run(fl_clients *clients, sqlite3_stmt *statement, fl_error *error);
fl_status db_int(fl_clients *clients, const char *sql, int *value, fl_error *error); /* one row, one number */
/* Deletes rows and leaves nothing of them: marked in the same transaction, so a crash leaves it to be
 * finished. */
fl_status db_begin_scrub(fl_clients *clients, fl_error *error);
fl_status db_end_scrub(fl_clients *clients, fl_error *error); /* nothing to do: FL_OK */
/* The write-ahead log moved into the file and cut to nothing. FL_E_BUSY: somebody still reads. */
fl_status db_cut_log(fl_clients *clients, fl_error *error);

#endif
