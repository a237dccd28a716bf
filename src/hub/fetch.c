#include "fadeline/hub/fetch.h"

#include "handle.h"

#include "fadeline/hub/verify.h"

#include <stdlib.h>

struct fl_hub_fetch {
    fl_hub_head head;
    fl_hub_reader *reader;
    fl_heal_note *notes;
    size_t count;
};

static fl_status read_notes(fl_db *db, void *self, fl_error *error)
{
    fl_hub_fetch *f = self;
    PGresult *result;
    fl_arg args[] = {fl_arg_number(f->head.log_id), fl_arg_number(f->head.tree.size)};
    free(f->notes); /* of a try whose commit was lost */
    f->count = 0;
    f->notes = NULL;
    const fl_status status = fl_db_run(
        db, "SELECT size, note, line FROM fadeline.cosig WHERE log_id = $1 AND size <= $2 ORDER BY size",
        args, 2, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the cosignatures", error);
    const size_t most = (size_t)PQntuples(result);
    f->notes = calloc(most ? most : 1, sizeof *f->notes);
    if (!f->notes) return PQclear(result), fl_error_set(error, FL_E_MEMORY, "no memory for the cosignatures");
    for (size_t i = 0; i < most; i++) {
        fl_heal_note *note = &f->notes[f->count];
        note->size = fl_db_number(result, (int)i, 0);
        if (fl_db_text(result, (int)i, 1, note->note, sizeof note->note) &&
            fl_db_text(result, (int)i, 2, note->line, sizeof note->line))
            f->count++;
    }
    PQclear(result);
    if (f->count) return FL_OK;
    return fl_error_set(error, FL_E_NO, "the hub has not cosigned anything of this log");
}

fl_status fl_hub_fetch_new(fl_hub *hub, const char *origin, fl_hub_fetch **fetch, fl_error *error)
{
    fl_hub_fetch *f = calloc(1, sizeof *f);
    if (!f) return fl_error_set(error, FL_E_MEMORY, "no memory to fetch");
    fl_status status = fl_hub_find(hub, origin, &f->head, error);
    if (status == FL_OK) status = fl_db_transact(&hub->db, read_notes, f, error);
    if (status == FL_OK && fl_hub_reader_new(hub, &f->head, &f->reader) != FL_OK)
        status = fl_error_set(error, FL_E_MEMORY, "no memory to fetch");
    if (status != FL_OK) return fl_hub_fetch_free(f), status;
    *fetch = f;
    return FL_OK;
}

void fl_hub_fetch_free(fl_hub_fetch *fetch)
{
    if (!fetch) return;
    fl_hub_reader_free(fetch->reader);
    free(fetch->notes);
    free(fetch);
}

fl_heal_source fl_hub_fetch_source(fl_hub_fetch *fetch)
{
    return (fl_heal_source){fetch->notes, fetch->count, fl_hub_reader_bytes, fetch->reader};
}
