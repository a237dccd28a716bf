/* Store: the SQLite file, and nothing of what its contents mean.
 *
 * Every SQLite answer becomes one of: FL_OK, FL_E_FULL (rolled back, go on when there is room), FL_E_DAMAGED
 * (the file is not what it was), FL_E_BUSY, FL_E_MEMORY, FL_E_IO (close it and do not come back).
 */
#ifndef FL_JOURNAL_STORE_H
#define FL_JOURNAL_STORE_H

#include "fadeline/base/error.h"
#include "fadeline/journal/tree.h"

#include <sqlite3.h>
#include <stdbool.h>

typedef struct fl_store {
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *put_entry, *put_head, *put_checkpoint; /* writer only */
    sqlite3_stmt *scan;                                                   /* idx, leaf, data from ?1 on */
    sqlite3_stmt *next_note; /* the checkpoint of the least size from ?1 on */
    uint64_t scan_next;      /* the index its next row must have */
    bool scanning;
    int wal_pages; /* after the last commit */
    char why[160]; /* of the last failure */
} fl_store;

typedef struct fl_store_row {
    uint64_t index;
    const void *leaf, *data;
    size_t leaf_size, data_size;
} fl_store_row;

/* Opens an existing file; write: WAL, synchronous=FULL. An empty file opens and has no schema. */
FL_MUST_USE fl_status fl_store_open(fl_store *store, const char *path, bool write, const char *vfs,
                                    fl_error *error);
void fl_store_close(fl_store *store); /* fine on an all-zero store */
/* Whether there is any table at all; FL_E_DAMAGED when it is not our kind of file. */
FL_MUST_USE fl_status fl_store_has_schema(fl_store *store, bool *has);
/* In the present transaction. */
FL_MUST_USE fl_status fl_store_make_schema(fl_store *store, const char *origin, const char *vkey,
                                           const char *inst, const char *pred);
FL_MUST_USE fl_status fl_store_prepare(fl_store *store, bool write);

/* Pins what is there now; everything read afterwards is of this moment. */
FL_MUST_USE fl_status fl_store_snapshot(fl_store *store);
void fl_store_release(fl_store *store);

FL_MUST_USE fl_status fl_store_begin(fl_store *store);
FL_MUST_USE fl_status fl_store_put_entry(fl_store *store, uint64_t index, const fl_hash *leaf,
                                         const void *data, size_t size);
FL_MUST_USE fl_status fl_store_put_head(fl_store *store, const fl_tree *tree, const fl_hash *root);
FL_MUST_USE fl_status fl_store_put_checkpoint(fl_store *store, uint64_t size, const char *note);
FL_MUST_USE fl_status fl_store_commit(fl_store *store);
/* false: the transaction could not be undone, the store is finished. */
bool fl_store_rollback(fl_store *store);
/* Moves the log into the file when it has grown; its sync can fail, and is asked. */
FL_MUST_USE fl_status fl_store_settle(fl_store *store);
/* The same whether it has grown or not, before a close: what SQLite moves by itself then, nobody is told of.
 */
FL_MUST_USE fl_status fl_store_settle_all(fl_store *store);

/* Row `index`, or FL_E_NO when there is none at or after it. A row with a higher index is given as it is. */
FL_MUST_USE fl_status fl_store_row_at(fl_store *store, uint64_t index, fl_store_row *row);

/* The single row of install; room is FL_NOTE sizes of the caller. */
FL_MUST_USE fl_status fl_store_install(fl_store *store, char *origin, size_t origin_room, char *vkey,
                                       size_t vkey_room);
FL_MUST_USE fl_status fl_store_head(fl_store *store, uint64_t *size, fl_tree *tree, fl_hash *root);
/* The checkpoint with the smallest size >= *size, or the newest of all. FL_E_NO when there is none. */
FL_MUST_USE fl_status fl_store_checkpoint(fl_store *store, bool newest, uint64_t *size, char *note,
                                          size_t note_room);

/* The note of the last closing (seal.h). FL_E_NO when there is none. */
FL_MUST_USE fl_status fl_store_seal(fl_store *store, char *note, size_t note_room);
/* Each a transaction of its own; durable when FL_OK. */
FL_MUST_USE fl_status fl_store_put_seal(fl_store *store, const char *note);
FL_MUST_USE fl_status fl_store_break_seal(fl_store *store);

fl_status fl_store_code(fl_store *store, int code); /* SQLite's answer as ours; keeps why */

#endif
