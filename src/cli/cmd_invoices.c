/* fadeline invoices: invoices without pulses and sessions without an invoice, on one list. */
#include "act.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/money.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *row_json(const fl_money_row *row)
{
    char day[11];
    json_t *object =
        json_pack("{s:s, s:s}", "finding", fl_money_word(row->finding), "day", fl_date_text(row->day, day));
    json_object_set_new(object, "invoice", row->invoice ? json_string(row->invoice->no) : json_null());
    json_object_set_new(object, "cents", row->invoice ? json_integer(row->invoice->cents) : json_null());
    json_object_set_new(object, "currency", row->invoice ? json_string(row->invoice->cur) : json_null());
    json_object_set_new(object, "client", json_string(row->invoice ? row->invoice->pat : row->visit->pat));
    json_object_set_new(object, "sid", row->visit ? json_integer((json_int_t)row->visit->sid) : json_null());
    json_object_set_new(object, "pulses", json_integer(row->visit ? (json_int_t)row->visit->pulses : 0));
    return object;
}

static void print_row(const fl_money_row *row)
{
    char day[11], money[40] = "-", session[32] = "-";
    if (row->invoice)
        snprintf(money, sizeof money, "%lld.%02lld %s", (long long)(row->invoice->cents / 100),
                 (long long)(row->invoice->cents % 100), row->invoice->cur);
    if (row->visit) snprintf(session, sizeof session, "session %llu", (unsigned long long)row->visit->sid);
    printf("  %s  %-10s %-10s %13s  %-11s %s\n", fl_date_text(row->day, day),
           FL_SHOWN(row->invoice ? row->invoice->pat : row->visit->pat),
           row->invoice ? FL_SHOWN(row->invoice->no) : "-", FL_SHOWN(money), session,
           row->finding ? fl_money_text(row->finding) : "matched");
}

static void print_rows(const act *a, const fl_money_row *rows, size_t count, const char *from, const char *to)
{
    size_t strays = 0;
    const bool all = fl_args_has(a->args, "all");
    for (size_t i = 0; i < count; i++) strays += rows[i].finding != FL_MONEY_MATCHED;
    printf("%smoney from %s to %s: %zu matched, %zu not\n", act_mark(a), from, to, count - strays, strays);
    for (size_t i = 0; i < count; i++)
        if (all || rows[i].finding != FL_MONEY_MATCHED) print_row(&rows[i]);
}

static void print_json(const act *a, const fl_money_row *rows, size_t count, const char *from, const char *to)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) json_array_append_new(list, row_json(&rows[i]));
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:b}", "from", from, "to", to, "rows", list, "simulated", a->simulated);
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
}

static int run(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_money_book book = {0};
    fl_money_row *rows = NULL;
    fl_date from, to;
    size_t count = 0;
    const char *first = fl_args_value(args, "from"), *last = fl_args_value(args, "to");
    if (args->count || !first || !last || fl_date_read(first, &from) != FL_OK ||
        fl_date_read(last, &to) != FL_OK)
        return fl_args_wrong(args, "--from and --to say the days, YYYY-MM-DD");
    if (fl_date_compare(from, to) > 0) return fl_args_wrong(args, "--from is after --to");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_LOOK, &error);
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(a.journal); i++) {
        fl_record record;
        status = fl_journal_past(a.journal, i, &record);
        if (status == FL_OK) status = fl_money_take(&book, &record, i);
        if (status != FL_OK) fl_error_set(&error, status, "entry %llu cannot be read", (unsigned long long)i);
    }
    if (status == FL_OK && (status = fl_money_match(&book, from, to, &rows, &count)) != FL_OK)
        fl_error_set(&error, status, "no memory for the list");
    if (status == FL_OK) (a.json ? print_json : print_rows)(&a, rows, count, first, last);
    free(rows);
    fl_money_fini(&book);
    return act_end(&a, status, &error);
}

static const fl_option options[] = {
    {"from", "YYYY-MM-DD", "first day"},
    {"to", "YYYY-MM-DD", "last day"},
    {"simulated", NULL, "of the simulated lasers"},
    {"all", NULL, "also what matched"},
    {"json", NULL, "one object on stdout, with all of them"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_invoices = {
    .name = "invoices",
    .arguments = "--from D --to D [--all] [--simulated] [--json]",
    .summary = "match invoices against sessions: what stands on one side only is on one list",
    .more = "An invoice that names its session belongs to it; one that names none, to a session of its\n"
            "client on its day or the day beside it. `fadeline record invoice` writes one down. Days are\n"
            "UTC.\n\n"
            "example:\n"
            "  fadeline invoices --from 2026-05-01 --to 2026-05-31 --simulated\n",
    .options = options,
    .run = run,
};
