/* fadeline hub roll-up: every clinic of the hub at one glance, the verdict first. Each log is verified and
 * audited by itself: one that is damaged takes no other with it, and none explains another's pulses. */
#include "audit_ask.h"
#include "hub_command.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/hub/verify.h"
#include "fadeline/report/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A clinic that pushes each evening is never two days behind. */
#define LATE_DAYS 2

typedef struct roll_up {
    fl_hub *hub;
    fl_audit_options options;
    fl_date as_of;
    json_t *logs;
    size_t calls;
    bool damaged;
} roll_up;

/* ---- one log ---- */

/* The day of its newest entry; unset: it has none. */
static fl_date newest_day(fl_hub_reader *reader, const fl_verify_report *report)
{
    fl_record record;
    int64_t at;
    if (!report->entries || fl_hub_reader_record(reader, report->entries - 1, &record) != FL_OK ||
        fl_record_int(&record, "utc_us", &at) != FL_OK)
        return (fl_date){0};
    return fl_date_of((fl_utc){at});
}

/* The days that do not add up: they stay listed when their month does (owner's story 2). */
static json_t *flagged_days(json_t *days)
{
    size_t i;
    json_t *day, *flagged = json_array();
    json_array_foreach(days, i, day) if (json_is_true(json_object_get(day, "flag")))
        json_array_append(flagged, day);
    return flagged;
}

/* What `audit --json` says, without what a glance does not need. */
static json_t *glance_of(const fl_audit *audit)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    const bool good = memory && fl_audit_json(audit, memory) == FL_OK;
    if (memory) fclose(memory);
    json_t *whole = good ? json_loads(text, 0, NULL) : NULL, *glance = whole ? json_object() : NULL;
    static const char *const keys[] = {"verdict", "verdict_text", "unexplained_absolute", "devices",
                                       "exceptions"};
    for (size_t i = 0; glance && i < sizeof keys / sizeof *keys; i++)
        json_object_set(glance, keys[i], json_object_get(whole, keys[i]));
    if (glance)
        json_object_set(glance, "sites", json_object_get(json_object_get(whole, "sections"), "verdicts"));
    if (glance) json_object_set_new(glance, "flagged_days", flagged_days(json_object_get(whole, "days")));
    json_decref(whole);
    free(text);
    return glance;
}

static fl_status audit_one(const roll_up *r, fl_hub_reader *reader, const fl_hub_verified *v, json_t **glance,
                           fl_error *error)
{
    fl_audit *audit = NULL;
    const fl_audit_source source = {&v->report, fl_hub_reader_record, reader, NULL};
    const fl_status status = fl_audit_new_from(&source, 1, &r->options, &audit, error);
    *glance = status == FL_OK ? glance_of(audit) : NULL;
    fl_audit_free(audit);
    return status == FL_OK && !*glance ? fl_error_set(error, FL_E_MEMORY, "no memory for the audit") : status;
}

static bool needs_a_call(const char *state, bool late, json_t *glance)
{
    return late || !fl_text_same(state, "intact") ||
           fl_text_same(json_string_value(json_object_get(glance, "verdict")), "flag");
}

static fl_status take_log(roll_up *r, const fl_hub_head *head, fl_error *error)
{
    json_t *glance = NULL;
    fl_hub_reader *reader = NULL;
    hub_progress progress;
    char text[11];
    fl_date newest = {0};
    fl_hub_verified *v = calloc(1, sizeof *v);
    if (!v) return fl_error_set(error, FL_E_MEMORY, "no memory to verify");
    const fl_hub_verify_options with = {.progress = hub_progress_show, .self = &progress};
    hub_progress_begin(&progress, head->origin);
    fl_status status = fl_hub_verify(r->hub, head, &with, v, error);
    hub_progress_end(&progress);
    const bool found = v->report.damaged || v->report.fork || v->overdue;
    if (status != FL_OK && !found) return free(v), status;
    if (!v->report.damaged) {
        status = fl_hub_reader_new(r->hub, head, &reader);
        if (status != FL_OK) fl_error_set(error, status, "the log %s cannot be read", head->origin);
        if (status == FL_OK) newest = newest_day(reader, &v->report);
        if (status == FL_OK && v->report.entries) status = audit_one(r, reader, v, &glance, error);
        fl_hub_reader_free(reader);
        if (status != FL_OK) return free(v), status;
    }
    const bool late = !v->report.damaged &&
                      (!fl_date_is_set(newest) || fl_date_days(r->as_of) - fl_date_days(newest) >= LATE_DAYS);
    json_t *log = hub_log_json(r->hub, head, v);
    json_object_set_new(log, "state", json_string(hub_log_verdict(v)));
    json_object_set_new(log, "newest_day",
                        fl_date_is_set(newest) ? json_string(fl_date_text(newest, text)) : json_null());
    json_object_set_new(log, "late", json_boolean(late));
    json_object_set_new(log, "call", json_boolean(needs_a_call(hub_log_verdict(v), late, glance)));
    json_object_set_new(log, "audit", glance ? glance : json_null());
    r->damaged |= v->report.damaged;
    r->calls += json_is_true(json_object_get(log, "call"));
    json_array_append_new(r->logs, log);
    free(v);
    return FL_OK;
}

/* ---- what is said ---- */

static long long number(json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

static const char *words(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "-";
}

static void print_log(json_t *log)
{
    json_t *audit = json_object_get(log, "audit");
    const bool late = json_is_true(json_object_get(log, "late"));
    printf("%-5s %-8s %s\n", json_is_true(json_object_get(log, "call")) ? "CALL" : "ok",
           FL_SHOWN(words(log, "site")),
           json_is_object(audit) ? FL_SHOWN(words(audit, "verdict_text")) : "no audit");
    printf("      log %s, %lld entries, newest %s%s; %s\n", words(log, "state"), number(log, "entries"),
           words(log, "newest_day"), late ? " (LATE)" : "", FL_SHOWN(words(log, "origin")));
    if (!fl_text_same(words(log, "state"), "intact")) printf("      %s\n", FL_SHOWN(words(log, "finding")));
}

/* Those that need a call first; sites are never added up against each other, only without their signs. */
static void print_all(const roll_up *r)
{
    char from[11], to[11];
    long long sum = 0;
    printf("%s%s, %s to %s: %zu of %zu logs need a call\n",
           fl_hub_what(r->hub)->simulated ? "SIMULATED " : "", FL_SHOWN(fl_hub_what(r->hub)->name),
           fl_date_text(r->options.from, from), fl_date_text(r->options.to, to), r->calls,
           json_array_size(r->logs));
    for (int calls = 1; calls >= 0; calls--)
        for (size_t i = 0; i < json_array_size(r->logs); i++) {
            json_t *log = json_array_get(r->logs, i);
            if (json_is_true(json_object_get(log, "call")) == calls) print_log(log);
        }
    for (size_t i = 0; i < json_array_size(r->logs); i++)
        sum += number(json_object_get(json_array_get(r->logs, i), "audit"), "unexplained_absolute");
    printf("unexplained, every device without its sign, never netted: %lld pulses\n", sum);
}

static int say_all(const fl_args *args, const roll_up *r)
{
    char from[11], to[11], as_of[11];
    if (!fl_args_has(args, "json")) return print_all(r), 0;
    return hub_print_json(json_pack("{s:s, s:b, s:s, s:s, s:s, s:i, s:O}", "hub", fl_hub_what(r->hub)->name,
                                    "simulated", fl_hub_what(r->hub)->simulated, "from",
                                    fl_date_text(r->options.from, from), "to",
                                    fl_date_text(r->options.to, to), "as_of", fl_date_text(r->as_of, as_of),
                                    "calls", (int)r->calls, "logs", r->logs));
}

int hub_roll_up(const fl_args *args)
{
    roll_up r = {.as_of = fl_date_of(fl_clock_system()->utc(NULL))};
    fl_hub_head *heads = NULL;
    size_t count = 0;
    fl_error error = {0};
    int code;
    if (!audit_ask_day(args, "from", &r.options.from) || !audit_ask_day(args, "to", &r.options.to)) return 2;
    if (fl_args_value(args, "as-of") && !audit_ask_day(args, "as-of", &r.as_of)) return 2;
    if (!hub_open(args, &r.hub, &code)) return code;
    if (hub_choose(args, r.hub, &heads, &count, &code)) {
        fl_status status = FL_OK;
        r.logs = json_array();
        for (size_t i = 0; i < count && status == FL_OK; i++) status = take_log(&r, &heads[i], &error);
        if (status == FL_OK) say_all(args, &r);
        code = status != FL_OK ? fl_args_failed(&error)
               : r.damaged     ? fl_status_exit(FL_E_DAMAGED)
               : r.calls       ? fl_status_exit(FL_E_NO)
                               : 0;
        json_decref(r.logs);
        free(heads);
    }
    fl_hub_close(r.hub);
    return code;
}
