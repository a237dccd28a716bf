#include "fadeline/journal/cosign.h"

#include "handle.h"

#include "fadeline/base/assert.h"

#include <stdio.h>
#include <string.h>

/* Whether note and line together carry this witness's signature. */
static bool holds(const char *note, const char *line, const fl_vkey *witness)
{
    char whole[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX];
    fl_note opened;
    const int size = snprintf(whole, sizeof whole, "%s%s", note, line);
    return size > 0 && size < (int)sizeof whole &&
           fl_note_open(whole, (size_t)size, witness, 1, &opened) == FL_OK;
}

static fl_status put(fl_store *store, uint64_t size, const char *line)
{
    sqlite3_stmt *insert = NULL;
    fl_status status = fl_store_begin(store);
    if (status != FL_OK) return status;
    status = fl_store_code(
        store, sqlite3_prepare_v2(store->db, "INSERT OR IGNORE INTO cosig VALUES(?1,?2)", -1, &insert, NULL));
    if (status == FL_OK) {
        sqlite3_bind_int64(insert, 1, (sqlite3_int64)size);
        sqlite3_bind_text(insert, 2, line, -1, SQLITE_STATIC);
        status = fl_store_code(store, sqlite3_step(insert));
    }
    sqlite3_finalize(insert);
    if (status == FL_OK) return fl_store_commit(store);
    return fl_store_rollback(store) ? status : FL_E_IO;
}

fl_status fl_journal_keep_cosignature(fl_journal *journal, uint64_t size, const char *line,
                                      const fl_vkey *witness, fl_error *error)
{
    FL_ASSERT(journal->options.mode != FL_JOURNAL_READ);
    char note[FL_CHECKPOINT_MAX];
    uint64_t found = size;
    if (journal->failed)
        return fl_error_set(error, FL_E_IO, "the journal was closed after an earlier failure");
    fl_status status = fl_store_checkpoint(&journal->store, false, &found, note, sizeof note);
    if (status == FL_OK && found != size) status = FL_E_NO;
    if (status == FL_E_NO)
        return fl_error_set(error, status, "this journal has no checkpoint over %llu entries",
                            (unsigned long long)size);
    if (status == FL_OK && !holds(note, line, witness))
        return fl_error_set(error, FL_E_NO, "the cosignature is not '%s' signing this journal's checkpoint",
                            witness->name);
    if (status == FL_OK) status = put(&journal->store, size, line);
    return fl_journal_stumble(journal, status, error);
}

fl_status fl_journal_cosigned(fl_journal *journal, const fl_vkey *witness, uint64_t *size)
{
    sqlite3_stmt *get = NULL;
    fl_store *store = &journal->store;
    if (journal->failed) return FL_E_IO;
    fl_status status =
        fl_store_code(store, sqlite3_prepare_v2(store->db,
                                                "SELECT c.size, p.note, c.line FROM cosig c JOIN checkpoint p"
                                                " ON p.size = c.size ORDER BY c.size DESC",
                                                -1, &get, NULL));
    *size = 0;
    for (int code; status == FL_OK && !*size && (code = sqlite3_step(get)) != SQLITE_DONE;) {
        if (code != SQLITE_ROW) {
            status = fl_store_code(store, code);
            break;
        }
        const char *note = (const char *)sqlite3_column_text(get, 1),
                   *line = (const char *)sqlite3_column_text(get, 2);
        if (note && line && holds(note, line, witness)) *size = (uint64_t)sqlite3_column_int64(get, 0);
    }
    sqlite3_finalize(get);
    return status;
}
