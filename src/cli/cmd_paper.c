/* fadeline paper: what happened, for people who were not in the room. */
#include "paper_common.h"

#include "fadeline/base/text.h"
#include "fadeline/report/session_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

fl_status paper_open_journal(const fl_args *args, fl_journal **journal, fl_error *error)
{
    char path[FL_PLACE_MAX];
    const char *given = fl_args_value(args, "journal");
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    if (given) return fl_journal_open(given, &read, journal, error);
    const fl_status status = fl_journal_place(fl_args_has(args, "simulated"), path, error);
    return status == FL_OK ? fl_journal_open(path, &read, journal, error) : status;
}

bool paper_offset(const fl_args *args, int *offset_min)
{
    const char *text = fl_args_value(args, "utc-offset");
    uint64_t hours, minutes;
    char part[3] = "";
    *offset_min = 0;
    if (!text) return true;
    if (strlen(text) == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':') {
        memcpy(part, text + 1, 2);
        if (fl_read_u64(part, &hours) == FL_OK && fl_read_u64(text + 4, &minutes) == FL_OK && hours <= 14 &&
            minutes < 60) {
            *offset_min = (int)(hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
            return true;
        }
    }
    fl_args_wrong(args, "--utc-offset looks like +02:00, not '%s'", text);
    return false;
}

bool paper_is_sid(const char *word, uint64_t *sid)
{
    return fl_read_u64(word, sid) == FL_OK;
}

/* ---- session ---- */

static fl_status write_json(const fl_session_record *record, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&bytes, &size);
    if (!memory) return fl_error_set(error, FL_E_MEMORY, "no memory for the record");
    fl_status status = fl_session_record_json(record, memory);
    if (fclose(memory) != 0 || status != FL_OK)
        status = fl_error_set(error, FL_E_MEMORY, "no memory for the record");
    else
        status = fl_place_write(path, bytes, size, 0600, error);
    free(bytes);
    return status;
}

static fl_status write_session(const fl_args *args, const fl_session_record *record, fl_error *error)
{
    const char *path = fl_args_value(args, "out"), *ending = path ? strrchr(path, '.') : NULL;
    if (fl_args_has(args, "json")) {
        const fl_status status = fl_session_record_json(record, stdout);
        if (status != FL_OK) return fl_error_set(error, status, "cannot write the record");
    }
    if (!path) return FL_OK;
    const fl_status status = ending && strcmp(ending, ".json") == 0
                                 ? write_json(record, path, error)
                                 : fl_session_record_pdf(record, path, error);
    if (status == FL_OK && !fl_args_has(args, "json"))
        printf("%ssession %llu: %llu pulses in %zu intervals, written to %s\n",
               record->simulated ? "SIMULATED " : "", (unsigned long long)record->options.sid,
               (unsigned long long)fl_session_pulses(record, 0), record->interval_count, path);
    return status;
}

int paper_session(const fl_args *args)
{
    fl_session_options options = {.sid = 0};
    const char *plan_path = fl_args_value(args, "plan"), *path = fl_args_value(args, "out");
    if (args->count != 2 || !paper_is_sid(args->words[1], &options.sid))
        return fl_args_wrong(args, "say which session: paper session NUMBER");
    if (!path && !fl_args_has(args, "json"))
        return fl_args_wrong(args, "--out FILE.pdf (or .json) is needed");
    if (!paper_offset(args, &options.utc_offset_min)) return 2;
    fl_error error = {.status = FL_OK};
    fl_plan *plan = plan_path ? fl_plan_new() : NULL;
    fl_journal *journal = NULL;
    fl_session_record *record = NULL;
    fl_status status =
        plan_path && !plan ? fl_error_set(&error, FL_E_MEMORY, "no memory for the plan") : FL_OK;
    if (status == FL_OK && plan) status = fl_plan_read_json(plan_path, plan, &error);
    options.plan = plan;
    if (status == FL_OK) status = paper_open_journal(args, &journal, &error);
    if (status == FL_OK) status = fl_session_record_new(journal, &options, &record, &error);
    if (status == FL_OK) status = write_session(args, record, &error);
    fl_session_record_free(record);
    fl_journal_close(journal);
    fl_plan_free(plan);
    return status == FL_OK ? 0 : fl_args_failed(&error);
}

/* ---- which paper ---- */

static int run(const fl_args *args)
{
    static const struct {
        const char *name;
        int (*run)(const fl_args *args);
    } papers[] = {{"session", paper_session},
                  {"client-sheet", paper_client_sheet},
                  {"refusal", paper_refusal},
                  {"inspector", paper_inspector}};
    const char *names[sizeof papers / sizeof *papers + 1] = {NULL};
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++) {
        if (args->count && strcmp(args->words[0], papers[i].name) == 0) return papers[i].run(args);
        names[i] = papers[i].name;
    }
    const char *near =
        args->count ? fl_text_nearest(args->words[0], names, sizeof papers / sizeof *papers) : NULL;
    if (near) return fl_args_wrong(args, "there is no paper '%s'; did you mean '%s'?", args->words[0], near);
    return fl_args_wrong(args, "say which paper: session, client-sheet, refusal, inspector");
}

static const fl_option options[] = {
    {"out", "FILE", "where to write it: FILE.pdf; a session also as FILE.json"},
    {"plan", "FILE", "the plan a session was opened with; its hash must be the journal's"},
    {"lang", "en|fr", "client-sheet, refusal: English (default) or French"},
    {"call", "TEXT", "client-sheet, refusal: whom to call"},
    {"ics", "FILE", "the next date as a calendar file; its title names no treatment"},
    {"from", "DAY", "inspector: first day, YYYY-MM-DD"},
    {"to", "DAY", "inspector: last day"},
    {"device", "NAME", "inspector: the laser, by its name in the journal; the print is journalled"},
    {"utc-offset", "+HH:MM", "times of this offset (default UTC)"},
    {"json", NULL, "session, refusal, inspector: one object on stdout"},
    {"journal", "DIR", "the journal in this directory instead of this installation's"},
    {"simulated", NULL, "this installation's journal of simulated lasers"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_paper = {
    .name = "paper",
    .arguments = "session|client-sheet|refusal|inspector [SID|PLAN.json] --out FILE.pdf [options]",
    .summary = "print what happened, for people who were not in the room",
    .more =
        "  session SID               one visit: planned and done, pulse by pulse, for the clinic's file\n"
        "  client-sheet SID|PLAN     what the client takes home: one page, no settings\n"
        "  refusal PLAN.json         asked, why not, what would change it, from when, whom to see\n"
        "  inspector                 one laser, one period: index, register, service, training, incidents\n\n"
        "A paper says what the journal holds; what was never recorded is \"not recorded\". It ends with "
        "the log's\n"
        "signed checkpoint as a code: whoever keeps the paper can show any later change.\n\n"
        "  fadeline paper session 2 --simulated --plan plan.json --out session-2.pdf\n"
        "  fadeline paper session 2 --simulated --json\n"
        "  fadeline paper client-sheet 2 --simulated --plan plan.json --lang fr --out client.pdf \\\n"
        "    --ics next.ics\n"
        "  fadeline paper refusal plan.json --lang fr --out refusal.pdf\n"
        "  fadeline paper inspector --from 2026-03-01 --to 2026-05-31 --device SIM-0007 --simulated \\\n"
        "    --out pack.pdf\n",
    .options = options,
    .run = run,
};
