/* Reader: a log's entries in order, for those who need them one by one. */
#include "handle.h"

#include "fadeline/hub/verify.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 2048

struct fl_hub_reader {
    fl_hub *hub;
    uint64_t log_id, size, first;
    PGresult *page; /* rows first ... */
};

fl_status fl_hub_reader_new(fl_hub *hub, const fl_hub_head *head, fl_hub_reader **reader)
{
    fl_hub_reader *made = calloc(1, sizeof *made);
    if (!made) return FL_E_MEMORY;
    *made = (fl_hub_reader){.hub = hub, .log_id = head->log_id, .size = head->tree.size};
    *reader = made;
    return FL_OK;
}

void fl_hub_reader_free(fl_hub_reader *reader)
{
    if (!reader) return;
    PQclear(reader->page);
    free(reader);
}

typedef struct paging {
    fl_hub_reader *reader;
    uint64_t first;
} paging;

static fl_status turn(fl_db *db, void *self, fl_error *error)
{
    const paging *p = self;
    fl_hub_reader *reader = p->reader;
    fl_arg args[] = {fl_arg_number(reader->log_id), fl_arg_number(p->first), fl_arg_number(p->first + PAGE)};
    PQclear(reader->page);
    reader->page = NULL;
    const fl_status status = fl_db_run(
        db, "SELECT idx, data FROM fadeline.entry WHERE log_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx",
        args, 3, &reader->page);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the entries", error);
    reader->first = p->first;
    return FL_OK;
}

fl_status fl_hub_reader_bytes(void *self, uint64_t index, const void **bytes, size_t *size)
{
    fl_hub_reader *reader = self;
    if (index >= reader->size) return FL_E_NO;
    if (!reader->page || index < reader->first || index >= reader->first + PAGE) {
        paging p = {reader, index / PAGE * PAGE};
        const fl_status status = fl_db_transact(&reader->hub->db, turn, &p, NULL);
        if (status != FL_OK) return status;
    }
    const int row = (int)(index - reader->first);
    if (row >= PQntuples(reader->page) || fl_db_number(reader->page, row, 0) != index) return FL_E_DAMAGED;
    *bytes = fl_db_bytes(reader->page, row, 1, size);
    return *bytes ? FL_OK : FL_E_DAMAGED;
}

fl_status fl_hub_reader_record(void *self, uint64_t index, fl_record *record)
{
    const void *bytes;
    size_t size;
    const fl_status status = fl_hub_reader_bytes(self, index, &bytes, &size);
    return status == FL_OK ? fl_record_read(bytes, size, record) : status;
}
