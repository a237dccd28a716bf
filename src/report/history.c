#include "fadeline/report/history.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fl_history_log *more(fl_history *history)
{
    fl_history_log *logs = realloc(history->logs, (history->count + 1) * sizeof *logs);
    if (!logs) return NULL;
    history->logs = logs;
    return memset(&logs[history->count++], 0, sizeof *logs);
}

/* What the entry 1 of a log says of the one before it. */
static fl_status read_link(const fl_record *record, fl_history_log *log)
{
    char root[2 * FL_SHA256_SIZE + 1];
    return fl_record_is(record, FL_KIND_LOG_SUCCEED) &&
                   fl_record_text(record, "log", log->origin, sizeof log->origin) == FL_OK &&
                   fl_record_count(record, "size", &log->entries) == FL_OK && log->entries &&
                   fl_record_text(record, "root", root, sizeof root) == FL_OK &&
                   fl_read_hex(root, log->root.byte, sizeof log->root.byte) == FL_OK
               ? FL_OK
               : FL_E_DAMAGED;
}

/* The log that ends before position `first`. */
static fl_status add_before(fl_journal *journal, fl_history *history, uint64_t first)
{
    fl_record record;
    fl_history_log *log = more(history);
    if (!log) return FL_E_MEMORY;
    fl_status status = fl_journal_past(journal, first + 1, &record);
    if (status == FL_OK) status = read_link(&record, log);
    if (status == FL_OK && log->entries > first) status = FL_E_DAMAGED;
    if (status != FL_OK) return status;
    log->first = first - log->entries;
    log->missing = fl_journal_past(journal, first - 1, &record) != FL_OK;
    return FL_OK;
}

static void turn_round(fl_history *history)
{
    for (size_t i = 0, last = history->count - 1; i < last; i++, last--) {
        const fl_history_log log = history->logs[i];
        history->logs[i] = history->logs[last];
        history->logs[last] = log;
    }
}

fl_status fl_history_read(fl_journal *journal, fl_history *history, fl_error *error)
{
    const fl_hash root = fl_journal_root(journal);
    fl_history_fini(history);
    fl_status status = fl_history_one(fl_journal_origin(journal), fl_journal_size(journal), &root, history);
    if (status == FL_OK) {
        history->length = fl_journal_length(journal);
        history->from = history->logs[0].first = fl_journal_before(journal);
    }
    while (status == FL_OK && history->from) {
        status = add_before(journal, history, history->from);
        const fl_history_log *log = &history->logs[history->count - 1];
        if (status == FL_OK && log->missing) break;
        if (status == FL_OK) history->from = log->first;
    }
    if (status == FL_OK)
        turn_round(history);
    else
        fl_history_fini(history);
    return status == FL_OK ? FL_OK
                           : fl_error_set(error, status, "the journal does not say which one it succeeded");
}

fl_status fl_history_one(const char *origin, uint64_t entries, const fl_hash *root, fl_history *history)
{
    *history = (fl_history){.length = entries};
    fl_history_log *log = more(history);
    if (!log) return FL_E_MEMORY;
    snprintf(log->origin, sizeof log->origin, "%s", origin);
    log->entries = entries;
    log->root = *root;
    return FL_OK;
}

fl_status fl_history_copy(const fl_history *history, fl_history *copy)
{
    *copy = *history;
    copy->logs = calloc(history->count + 1, sizeof *copy->logs);
    if (!copy->logs) return *copy = (fl_history){0}, FL_E_MEMORY;
    memcpy(copy->logs, history->logs, history->count * sizeof *copy->logs);
    return FL_OK;
}

void fl_history_fini(fl_history *history)
{
    free(history->logs);
    *history = (fl_history){0};
}

const fl_history_log *fl_history_of(const fl_history *history, uint64_t position)
{
    size_t i = history->count - 1;
    while (i && position < history->logs[i].first) i--;
    return &history->logs[i];
}

const fl_history_log *fl_history_missing(const fl_history *history)
{
    return history->count && history->logs[0].missing ? &history->logs[0] : NULL;
}

const char *fl_history_where(const fl_history *history, uint64_t position, char room[FL_HISTORY_WHERE])
{
    const fl_history_log *log = fl_history_of(history, position);
    const unsigned long long own = position - log->first;
    if (history->count > 1)
        snprintf(room, FL_HISTORY_WHERE, "log %zu, entry %llu", (size_t)(log - history->logs) + 1, own);
    else
        snprintf(room, FL_HISTORY_WHERE, "entry %llu", own);
    return room;
}
