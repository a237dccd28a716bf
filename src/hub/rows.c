/* Rows: what is stored, read in pages, and what one row must be by itself. */
#include "handle.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"

#include <stdio.h>
#include <string.h>

#define PAGE                                                                                                 \
    2048 /* rows; with entries of 64 KiB still bounded by what libpq can hold, with ours half a megabyte */

fl_status fl_hub_each_row(fl_db *db, uint64_t log_id, uint64_t first, uint64_t end, fl_hub_taker take,
                          void *self)
{
    fl_status status = FL_OK;
    while (status == FL_OK && first < end) {
        PGresult *result;
        const uint64_t last = end - first > PAGE ? first + PAGE : end;
        fl_arg args[] = {fl_arg_number(log_id), fl_arg_number(first), fl_arg_number(last)};
        status = fl_db_run(db,
                           "SELECT idx, leaf, data FROM fadeline.entry WHERE log_id = $1 AND idx >= $2"
                           " AND idx < $3 ORDER BY idx",
                           args, 3, &result);
        if (status != FL_OK) return status;
        const int count = PQntuples(result);
        for (int i = 0; i < count && status == FL_OK; i++) {
            fl_hub_row row = {.index = fl_db_number(result, i, 0)};
            size_t leaf_size;
            const void *leaf = fl_db_bytes(result, i, 1, &leaf_size);
            row.data = fl_db_bytes(result, i, 2, &row.size);
            if (leaf_size == sizeof row.leaf) memcpy(row.leaf.byte, leaf, leaf_size);
            status = take(self, &row);
        }
        PQclear(result);
        if (!count && last < end && status == FL_OK) { /* a hole of a page: jump to what comes after it */
            fl_arg after[] = {fl_arg_number(log_id), fl_arg_number(last)};
            status = fl_db_run(db, "SELECT min(idx) FROM fadeline.entry WHERE log_id = $1 AND idx >= $2",
                               after, 2, &result);
            if (status != FL_OK) return status;
            first = PQgetisnull(result, 0, 0) ? end : fl_db_number(result, 0, 0);
            PQclear(result);
        } else
            first = last;
    }
    return status;
}

static bool say(char *why, size_t why_size, const char *what)
{
    snprintf(why, why_size, "%s", what);
    return false;
}

static bool has_fields(const fl_record *record, const char *fields)
{
    for (const char *at = fields; *at;) {
        const size_t size = strcspn(at, " ");
        char key[FL_ENTRY_KEY_MAX + 1];
        snprintf(key, sizeof key, "%.*s", (int)size, at);
        if (!fl_record_has(record, key)) return false;
        at += size + (at[size] == ' ');
    }
    return true;
}

bool fl_hub_entry_holds(const char *origin, uint64_t index, const void *data, size_t size, char *why,
                        size_t why_size)
{
    fl_record record;
    if (!data || size < 2 || size > FL_ENTRY_READ_MAX) return say(why, why_size, "it has no usable data");
    if (fl_record_read(data, size, &record) != FL_OK)
        return say(why, why_size, "it is not written as an entry is written");
    if (!has_fields(&record, "boot clk k mono_us utc_us v"))
        return say(why, why_size, "a field that every entry has is missing");
    /* What `journal verify` calls intact is never refused here: a kind of a newer program is taken, the tree
     * proves it as well as any other. Counters need the whole log; fl_hub_verify runs them. */
    const fl_kind kind = fl_record_kind(&record);
    if ((kind == FL_KIND_LOG_OPEN) != (index == 0))
        return say(why, why_size,
                   index ? "a second opening of the log" : "the log does not begin with its opening");
    if (kind == FL_KIND_LOG_OPEN && !fl_record_text_is(&record, "log", origin))
        return say(why, why_size, "it opens another log");
    int64_t simulated;
    if (fl_record_int(&record, "sim", &simulated) == FL_OK &&
        (simulated != 0) != fl_text_begins(origin, FL_JOURNAL_SIMULATED))
        return say(why, why_size, "it names a device of the other nature, real or simulated");
    return true;
}
