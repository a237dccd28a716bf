/* Follow-ups: after each session that made pulses the client is asked at 24 hours, 7 days and 6 weeks. Which
 * of it was done, is due, or is overdue; and what went wrong, beside its session.
 *
 *     fl_follow_book book = {0};
 *     for (i ...) fl_follow_take(&book, &record, i);
 *     fl_follow_up *rows;
 *     fl_follow_ups(&book, today, &rows, &count);
 *     for (size_t n = 0; n < count; n++) if (rows[n].state == FL_FOLLOW_OVERDUE) ...
 *     free(rows), fl_follow_fini(&book);
 *
 * Days are UTC days. A task is due on its day and overdue from the next one. What was done counts from the
 * day its entry was written, whoever asks; `today` only decides between waiting, due and overdue.
 */
#ifndef FL_CLIENTS_FOLLOW_UP_H
#define FL_CLIENTS_FOLLOW_UP_H

#include "fadeline/clients/visits.h"

/*                   name            word   days */
#define FL_FOLLOW_TASKS(X)                                                                                   \
    X(FL_FOLLOW_24H, "24h", 1)                                                                               \
    X(FL_FOLLOW_7D, "7d", 7)                                                                                 \
    X(FL_FOLLOW_6WK, "6wk", 42)

typedef enum fl_follow_task {
#define X(name, word, days) name,
    FL_FOLLOW_TASKS(X)
#undef X
        FL_FOLLOW_TASK_COUNT
} fl_follow_task;

const char *fl_follow_word(fl_follow_task task);
bool fl_follow_find(const char *word, fl_follow_task *task);

typedef enum fl_follow_state {
    FL_FOLLOW_WAITING,
    FL_FOLLOW_DUE,
    FL_FOLLOW_OVERDUE,
    FL_FOLLOW_DONE
} fl_follow_state;

typedef struct fl_follow_event { /* an adverse event that names its session */
    uint64_t sid, index;
    char pat[FL_PAT_MAX], what[33];
    int64_t after_h, grade; /* -1: not said */
    fl_date day;
} fl_follow_event;

typedef struct fl_follow_done {
    uint64_t sid, index;
    fl_follow_task task;
    fl_date day;
    char result[129];
} fl_follow_done;

typedef struct fl_follow_book { /* all 0 to begin */
    fl_visits visits;
    fl_follow_event *events;
    size_t event_count, event_room;
    fl_follow_done *done;
    size_t done_count, done_room;
} fl_follow_book;

typedef struct fl_follow_up {
    const fl_visit *visit;
    fl_follow_task task;
    fl_follow_state state;
    fl_date due;
    const fl_follow_done *done;    /* NULL until it is */
    const fl_follow_event *events; /* all of its session, oldest first */
    size_t event_count;
} fl_follow_up;

FL_MUST_USE fl_status fl_follow_take(fl_follow_book *book, const fl_record *record, uint64_t index);
/* Rows by session as it was opened, then by task; malloc'ed, the caller's, and pointing into the book, which
 * is not fed any more. Sorts the book's lists. FL_E_MEMORY. */
FL_MUST_USE fl_status fl_follow_ups(fl_follow_book *book, fl_date today, fl_follow_up **rows, size_t *count);
void fl_follow_fini(fl_follow_book *book);

#endif
