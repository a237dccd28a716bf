/* History: the logs that a journal consists of, the oldest first.
 *
 * A log may have succeeded another (journal/succeed.h). What a month, a session or a laser did is then told
 * by several logs, and reports read all of them. They count entries by position, through all logs; people are
 * told the log and the entry's own number in it, which is what `verify` and `show` go by.
 *
 *     fl_history history = {0};
 *     status = fl_history_read(journal, &history, &error);
 *     for (uint64_t at = history.from; at < history.length; at++) fl_journal_past(journal, at, &record);
 *     const fl_history_log *log = fl_history_of(&history, at);    // own number: at - log->first
 *     fl_history_fini(&history);
 *
 * A log that is not where it was put is `missing`: what comes after it is read, from `from` on, and the
 * caller says so on the page.
 */
#ifndef FL_REPORT_HISTORY_H
#define FL_REPORT_HISTORY_H

#include "fadeline/journal/journal.h"

typedef struct fl_history_log {
    char origin[FL_NOTE_NAME_MAX + 1];
    uint64_t first, entries; /* positions first to first + entries - 1 */
    fl_hash root;            /* of an older log: as its successor names it */
    bool missing;            /* not there, or not what it was */
} fl_history_log;

typedef struct fl_history { /* all 0 to begin */
    fl_history_log *logs;   /* when one is missing, it is the first: what was before it nobody knows */
    size_t count;
    uint64_t from, length; /* positions that can be read: from .. length - 1 */
} fl_history;

/* A log that is not there is no error. FL_E_DAMAGED: an older one does not say what it succeeded. */
FL_MUST_USE fl_status fl_history_read(fl_journal *journal, fl_history *history, fl_error *error);
/* Of one log without predecessors. */
FL_MUST_USE fl_status fl_history_one(const char *origin, uint64_t entries, const fl_hash *root,
                                     fl_history *history);
FL_MUST_USE fl_status fl_history_copy(const fl_history *history, fl_history *copy);
void fl_history_fini(fl_history *history);

const fl_history_log *fl_history_of(const fl_history *history, uint64_t position);
const fl_history_log *fl_history_missing(const fl_history *history); /* NULL: all are there */
/* "entry 17", or "log 2, entry 17" when there is more than one. Logs count from 1, the oldest. */
#define FL_HISTORY_WHERE 64
const char *fl_history_where(const fl_history *history, uint64_t position, char room[FL_HISTORY_WHERE]);

#endif
