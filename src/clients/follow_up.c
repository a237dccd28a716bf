#include "fadeline/clients/follow_up.h"

#include "grow.h"

#include "fadeline/base/text.h"

static const struct {
    const char *word;
    int days;
} tasks[] = {
#define X(name, word, days) {word, days},
    FL_FOLLOW_TASKS(X)
#undef X
};

const char *fl_follow_word(fl_follow_task task)
{
    return tasks[task].word;
}

bool fl_follow_find(const char *word, fl_follow_task *task)
{
    for (unsigned i = 0; i < FL_FOLLOW_TASK_COUNT; i++)
        if (fl_text_same(tasks[i].word, word)) return *task = (fl_follow_task)i, true;
    return false;
}

static fl_date day_of(const fl_record *record)
{
    int64_t utc_us = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = 0;
    return fl_date_of((fl_utc){utc_us});
}

static fl_status take_event(fl_follow_book *book, const fl_record *record, uint64_t sid, uint64_t index)
{
    const fl_status status = grow(&book->events, book->event_count, &book->event_room, sizeof *book->events);
    if (status != FL_OK) return status;
    fl_follow_event *e = &book->events[book->event_count++];
    *e = (fl_follow_event){.sid = sid, .index = index, .after_h = -1, .grade = -1, .day = day_of(record)};
    if (fl_record_text(record, "pat", e->pat, sizeof e->pat) != FL_OK) e->pat[0] = 0;
    if (fl_record_text(record, "what", e->what, sizeof e->what) != FL_OK) e->what[0] = 0;
    if (fl_record_int(record, "after_h", &e->after_h) != FL_OK) e->after_h = -1;
    if (fl_record_int(record, "grade", &e->grade) != FL_OK) e->grade = -1;
    return FL_OK;
}

static fl_status take_done(fl_follow_book *book, const fl_record *record, uint64_t sid, uint64_t index)
{
    char word[16];
    fl_follow_task task;
    if (fl_record_text(record, "task", word, sizeof word) != FL_OK || !fl_follow_find(word, &task))
        return FL_OK;
    const fl_status status = grow(&book->done, book->done_count, &book->done_room, sizeof *book->done);
    if (status != FL_OK) return status;
    fl_follow_done *d = &book->done[book->done_count++];
    *d = (fl_follow_done){.sid = sid, .index = index, .task = task, .day = day_of(record)};
    if (fl_record_text(record, "result", d->result, sizeof d->result) != FL_OK) d->result[0] = 0;
    return FL_OK;
}

fl_status fl_follow_take(fl_follow_book *book, const fl_record *record, uint64_t index)
{
    uint64_t sid;
    const fl_kind kind = fl_record_kind(record);
    if (kind != FL_KIND_EVENT && kind != FL_KIND_FOLLOW_UP)
        return fl_visits_take(&book->visits, record, index);
    if (fl_record_count(record, "sid", &sid) != FL_OK) return FL_OK;
    return kind == FL_KIND_EVENT ? take_event(book, record, sid, index) : take_done(book, record, sid, index);
}

/* ---- rows ---- */

static int by_number(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_events(const void *a, const void *b)
{
    const fl_follow_event *x = a, *y = b;
    return x->sid != y->sid ? by_number(x->sid, y->sid) : by_number(x->index, y->index);
}

static int compare_done(const void *a, const void *b)
{
    const fl_follow_done *x = a, *y = b;
    if (x->sid != y->sid) return by_number(x->sid, y->sid);
    return x->task != y->task ? (int)x->task - (int)y->task : by_number(x->index, y->index);
}

/* The first event of this session or a later one. */
static size_t first_event(const fl_follow_book *book, uint64_t sid)
{
    size_t low = 0, high = book->event_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (book->events[middle].sid < sid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The newest word of a task: the last before (sid, task + 1). */
static const fl_follow_done *find_done(const fl_follow_book *book, uint64_t sid, fl_follow_task task)
{
    size_t low = 0, high = book->done_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const fl_follow_done *d = &book->done[middle];
        if (d->sid < sid || (d->sid == sid && d->task <= task))
            low = middle + 1;
        else
            high = middle;
    }
    const fl_follow_done *d = low ? &book->done[low - 1] : NULL;
    return d && d->sid == sid && d->task == task ? d : NULL;
}

static fl_follow_up row_of(const fl_follow_book *book, const fl_visit *visit, fl_follow_task task,
                           fl_date today)
{
    fl_follow_up row = {.visit = visit, .task = task, .done = find_done(book, visit->sid, task)};
    row.due = fl_date_add_days(fl_visit_day(visit), tasks[task].days);
    const size_t first = first_event(book, visit->sid);
    while (first + row.event_count < book->event_count &&
           book->events[first + row.event_count].sid == visit->sid)
        row.event_count++;
    row.events = row.event_count ? &book->events[first] : NULL;
    const int days = fl_date_compare(today, row.due);
    row.state = row.done    ? FL_FOLLOW_DONE
                : days < 0  ? FL_FOLLOW_WAITING
                : days == 0 ? FL_FOLLOW_DUE
                            : FL_FOLLOW_OVERDUE;
    return row;
}

fl_status fl_follow_ups(fl_follow_book *book, fl_date today, fl_follow_up **rows, size_t *count)
{
    size_t n = 0;
    fl_follow_up *made = calloc(book->visits.count * FL_FOLLOW_TASK_COUNT + 1, sizeof *made);
    if (!made) return FL_E_MEMORY;
    if (book->event_count) qsort(book->events, book->event_count, sizeof *book->events, compare_events);
    if (book->done_count) qsort(book->done, book->done_count, sizeof *book->done, compare_done);
    for (size_t i = 0; i < book->visits.count; i++) {
        const fl_visit *visit = &book->visits.list[i];
        if (!visit->pat[0] || !visit->pulses) continue; /* a check, a refusal */
        for (unsigned t = 0; t < FL_FOLLOW_TASK_COUNT; t++)
            made[n++] = row_of(book, visit, (fl_follow_task)t, today);
    }
    *rows = made;
    *count = n;
    return FL_OK;
}

void fl_follow_fini(fl_follow_book *book)
{
    fl_visits_fini(&book->visits);
    free(book->events);
    free(book->done);
    *book = (fl_follow_book){0};
}
