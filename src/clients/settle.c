/* What a crash left between the clients' database and the journal. The journal was always the one that
 * decided. */
#include "db.h"

#include "fadeline/base/text.h"

#include <string.h>

static fl_status keep_if_waiting(fl_clients *clients, const fl_record *record, fl_settled *settled,
                                 fl_error *error)
{
    char pat[FL_CLIENT_CODE_MAX], hex[2 * FL_SHA256_SIZE + 1];
    fl_commitment cmt;
    if (fl_record_text(record, "pat", pat, sizeof pat) != FL_OK ||
        fl_record_text(record, "cmt", hex, sizeof hex) != FL_OK ||
        fl_read_hex(hex, cmt.byte, sizeof cmt.byte) != FL_OK)
        return FL_OK; /* a consent without a text, an entry of another make */
    sqlite3_stmt *s = NULL;
    fl_status status =
        db_prepare(clients, "UPDATE text SET kept=1 WHERE kept=0 AND cmt=?1 AND code=?2", &s, error);
    if (status != FL_OK) return status;
    sqlite3_bind_blob(s, 1, cmt.byte, sizeof cmt.byte, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, pat, -1, SQLITE_STATIC);
    status = db_run(clients, s, error);
    if (status == FL_OK) settled->kept += (unsigned)sqlite3_changes(clients->db);
    return status;
}

static fl_status erase_again(fl_clients *clients, const fl_record *record, fl_settled *settled,
                             fl_error *error)
{
    char pat[FL_CLIENT_CODE_MAX];
    if (!fl_record_text_is(record, "what", "identity") ||
        fl_record_text(record, "pat", pat, sizeof pat) != FL_OK || !fl_clients_has(clients, pat))
        return FL_OK;
    const fl_status status = fl_clients_erase(clients, pat, error);
    settled->erased += status == FL_OK;
    return status;
}

/* Nobody was told that these are kept. Erased as thoroughly as others: they are names too. */
static fl_status drop_waiting(fl_clients *clients, fl_settled *settled, fl_error *error)
{
    int waiting = 0;
    fl_status status = db_int(clients, "SELECT count(*) FROM text WHERE kept=0", &waiting, error);
    if (status == FL_OK && waiting) status = db_begin_scrub(clients, error);
    if (status == FL_OK && waiting) status = db_exec(clients, "DELETE FROM text WHERE kept=0", error);
    if (status != FL_OK) {
        sqlite3_exec(clients->db, "ROLLBACK", NULL, NULL, NULL);
        return status;
    }
    settled->dropped += (unsigned)waiting;
    return db_end_scrub(clients, error);
}

fl_status fl_clients_settle(fl_clients *clients, fl_journal *journal, fl_settled *settled, fl_error *error)
{
    fl_status status = FL_OK;
    *settled = (fl_settled){0};
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(journal); i++) {
        fl_record record;
        status = fl_journal_past(journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
        switch (fl_record_kind(&record)) {
        case FL_KIND_CLIENT:
        case FL_KIND_CONSENT: status = keep_if_waiting(clients, &record, settled, error); break;
        case FL_KIND_ERASE: status = erase_again(clients, &record, settled, error); break;
        default: break;
        }
    }
    return status == FL_OK ? drop_waiting(clients, settled, error) : status;
}
