/* fadeline follow-ups: who is to be asked at 24 hours, 7 days and 6 weeks, and who was not. */
#include "act.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/follow_up.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const states[] = {"waiting", "due", "overdue", "done"};

static json_t *event_json(const fl_follow_event *e)
{
    json_t *object = json_pack("{s:s, s:I}", "what", e->what, "entry", (json_int_t)e->index);
    json_object_set_new(object, "after_h", e->after_h < 0 ? json_null() : json_integer(e->after_h));
    json_object_set_new(object, "grade", e->grade < 0 ? json_null() : json_integer(e->grade));
    return object;
}

static json_t *row_json(const fl_follow_up *row)
{
    char due[11], day[11], done[11];
    json_t *events = json_array();
    for (size_t i = 0; i < row->event_count; i++) json_array_append_new(events, event_json(&row->events[i]));
    json_t *object = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:o}", "sid", (json_int_t)row->visit->sid, "client", row->visit->pat,
        "session_day", fl_date_text(fl_visit_day(row->visit), day), "task", fl_follow_word(row->task), "due",
        fl_date_text(row->due, due), "state", states[row->state], "events", events);
    json_object_set_new(object, "done_on",
                        row->done ? json_string(fl_date_text(row->done->day, done)) : json_null());
    json_object_set_new(object, "result", row->done ? json_string(row->done->result) : json_null());
    return object;
}

static void print_row(const fl_follow_up *row, fl_date today)
{
    char due[11], day[11], done[11];
    const char *task = fl_follow_word(row->task);
    printf("  %-12s session %llu of %s  %-4s due %s  ", FL_SHOWN(row->visit->pat),
           (unsigned long long)row->visit->sid, fl_date_text(fl_visit_day(row->visit), day), task,
           fl_date_text(row->due, due));
    if (row->state == FL_FOLLOW_OVERDUE)
        printf("OVERDUE by %d days\n", fl_date_days(today) - fl_date_days(row->due));
    else if (row->state == FL_FOLLOW_DONE)
        printf("done %s%s%s\n", fl_date_text(row->done->day, done), row->done->result[0] ? ": " : "",
               FL_SHOWN(row->done->result));
    else
        printf("%s\n", row->state == FL_FOLLOW_DUE ? "DUE TODAY" : "waiting");
    if (row->task != FL_FOLLOW_24H) return; /* once a session */
    for (size_t i = 0; i < row->event_count; i++) {
        const fl_follow_event *e = &row->events[i];
        printf("                 event: %s", FL_SHOWN(e->what));
        if (e->after_h >= 0) printf(" at %lld h", (long long)e->after_h);
        if (e->grade >= 0) printf(", grade %lld", (long long)e->grade);
        printf(" (journal entry %llu)\n", (unsigned long long)e->index);
    }
}

/* Done ones are left out unless asked for, but a session with an event is shown whole. */
static bool is_shown(const fl_follow_up *row, bool all)
{
    return all || row->state == FL_FOLLOW_DUE || row->state == FL_FOLLOW_OVERDUE || row->event_count;
}

static void print_rows(const act *a, const fl_follow_up *rows, size_t count)
{
    char day[11];
    size_t in[4] = {0}, shown = 0;
    const bool all = fl_args_has(a->args, "all");
    for (size_t i = 0; i < count; i++) in[rows[i].state]++;
    printf("%sfollow-ups on %s: %zu overdue, %zu due today, %zu waiting, %zu done\n", act_mark(a),
           fl_date_text(a->today, day), in[FL_FOLLOW_OVERDUE], in[FL_FOLLOW_DUE], in[FL_FOLLOW_WAITING],
           in[FL_FOLLOW_DONE]);
    for (size_t i = 0; i < count; i++)
        if (is_shown(&rows[i], all)) print_row(&rows[i], a->today), shown++;
    if (shown < count) printf("%zu more with --all\n", count - shown);
}

static int run(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_follow_book book = {0};
    fl_follow_up *rows = NULL;
    size_t count = 0;
    char day[11];
    if (args->count) return fl_args_wrong(args, "nothing may follow the options");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_LOOK, &error);
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(a.journal); i++) {
        fl_record record;
        status = fl_journal_past(a.journal, i, &record);
        if (status == FL_OK) status = fl_follow_take(&book, &record, i);
        if (status != FL_OK) fl_error_set(&error, status, "entry %llu cannot be read", (unsigned long long)i);
    }
    if (status == FL_OK && (status = fl_follow_ups(&book, a.today, &rows, &count)) != FL_OK)
        fl_error_set(&error, status, "no memory for the list");
    if (status == FL_OK && a.json) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++) json_array_append_new(list, row_json(&rows[i]));
        json_t *object = json_pack("{s:s, s:o, s:b}", "date", fl_date_text(a.today, day), "follow_ups", list,
                                   "simulated", a.simulated);
        fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
        putchar('\n');
        json_decref(object);
    } else if (status == FL_OK) {
        print_rows(&a, rows, count);
    }
    free(rows);
    fl_follow_fini(&book);
    return act_end(&a, status, &error);
}

static const fl_option options[] = {
    {"simulated", NULL, "of the simulated lasers"},
    {"date", "YYYY-MM-DD", "pretend another day; with --simulated only"},
    {"all", NULL, "also what is waiting or done"},
    {"json", NULL, "one object on stdout, with all of them"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_follow_ups = {
    .name = "follow-ups",
    .arguments = "[--all] [--date D] [--simulated] [--json]",
    .summary = "list which clients are to be asked at 24 hours, 7 days and 6 weeks, and who was not",
    .more = "Each session that made pulses has three tasks. One is due on its day (UTC) and overdue from\n"
            "the next. `fadeline record follow-up` writes that it was done; an adverse event stands beside\n"
            "its session.\n\n"
            "example:\n"
            "  fadeline follow-ups --simulated --date 2026-05-13\n",
    .options = options,
    .run = run,
};
