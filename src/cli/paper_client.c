/* fadeline paper client-sheet, refusal: what a client takes home. */
#include "paper_common.h"

#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/report/client_paper.h"
#include "fadeline/session/proven.h"

#include <stdio.h>
#include <string.h>

typedef struct material { /* opened together, closed together */
    fl_client_paper paper;
    fl_plan *plan;
    fl_journal *journal;
    fl_session_record *record;
} material;

static void close_all(material *m)
{
    fl_session_record_free(m->record);
    fl_journal_close(m->journal);
    fl_plan_free(m->plan);
}

static bool read_lang(const fl_args *args, fl_lang *lang)
{
    const char *text = fl_args_value(args, "lang");
    *lang = FL_LANG_EN;
    if (!text || strcmp(text, "en") == 0) return true;
    *lang = FL_LANG_FR;
    if (strcmp(text, "fr") == 0) return true;
    fl_args_wrong(args, "--lang is en or fr, not '%s'", text);
    return false;
}

static fl_status read_plan(material *m, const char *path, fl_error *error)
{
    fl_device *device = NULL;
    m->plan = fl_plan_new();
    if (!m->plan) return fl_error_set(error, FL_E_MEMORY, "no memory for the plan");
    const fl_status status = fl_plan_read_json(path, m->plan, error);
    if (status != FL_OK) return status;
    m->paper.plan = m->plan;
    /* A device file that is gone tells nothing; the plan still stands. */
    if (fl_device_load_proven(m->plan->device, &device, NULL) == FL_OK)
        m->paper.simulated = fl_device_is_simulated(device);
    fl_device_free(device);
    return FL_OK;
}

static fl_status read_session(const fl_args *args, material *m, uint64_t sid, int offset_min, fl_error *error)
{
    const fl_session_options options = {.sid = sid, .plan = m->plan, .utc_offset_min = offset_min};
    fl_status status = paper_open_journal(args, &m->journal, error);
    if (status == FL_OK) status = fl_session_record_new(m->journal, &options, &m->record, error);
    m->paper.record = m->record;
    return status;
}

static fl_status write_calendar(const fl_args *args, const material *m, fl_error *error)
{
    const char *path = fl_args_value(args, "ics");
    return path ? fl_calendar_write(&m->paper, path, error) : FL_OK;
}

static int done(const fl_args *args, const material *m, const char *what)
{
    const char *path = fl_args_value(args, "out"), *ics = fl_args_value(args, "ics");
    const bool simulated = m->record ? m->record->simulated : m->paper.simulated;
    if (!fl_args_has(args, "json")) {
        if (path) printf("%s%s written to %s\n", simulated ? "SIMULATED " : "", what, path);
        if (ics) printf("%snext date written to %s\n", simulated ? "SIMULATED " : "", ics);
    }
    return 0;
}

static bool call_is_plain(const fl_args *args)
{
    const char *call = fl_args_value(args, "call");
    return !call || fl_entry_takes(call);
}

int paper_client_sheet(const fl_args *args)
{
    const char *path = fl_args_value(args, "out"), *plan = fl_args_value(args, "plan");
    uint64_t sid = 0;
    int offset_min = 0;
    material m = {.paper = {.call = fl_args_value(args, "call")}};
    if (args->count != 2)
        return fl_args_wrong(args, "say of what: paper client-sheet PLAN.json, or a session's number");
    if (!path && !fl_args_value(args, "ics"))
        return fl_args_wrong(args, "--out FILE.pdf is needed (or --ics FILE)");
    if (!call_is_plain(args))
        return fl_args_wrong(args, "--call wants plain text: a telephone number, such as 514 555-0100");
    if (!read_lang(args, &m.paper.lang) || !paper_offset(args, &offset_min)) return 2;
    const bool is_session = paper_is_sid(args->words[1], &sid);
    fl_error error = {.status = FL_OK};
    fl_status status = FL_OK;
    if (!is_session || plan) status = read_plan(&m, is_session ? plan : args->words[1], &error);
    if (status == FL_OK && is_session) status = read_session(args, &m, sid, offset_min, &error);
    if (status == FL_OK && path) status = fl_client_sheet_pdf(&m.paper, path, &error);
    if (status == FL_OK) status = write_calendar(args, &m, &error);
    const int code = status == FL_OK ? done(args, &m, "client sheet") : fl_args_failed(&error);
    close_all(&m);
    return code;
}

int paper_refusal(const fl_args *args)
{
    const char *path = fl_args_value(args, "out");
    material m = {.paper = {.call = fl_args_value(args, "call")}};
    if (args->count != 2) return fl_args_wrong(args, "say of which plan: paper refusal PLAN.json");
    if (!path && !fl_args_has(args, "json"))
        return fl_args_wrong(args, "--out FILE.pdf is needed (or --json)");
    if (!call_is_plain(args))
        return fl_args_wrong(args, "--call wants plain text: a telephone number, such as 514 555-0100");
    if (!read_lang(args, &m.paper.lang)) return 2;
    fl_error error = {.status = FL_OK};
    fl_status status = read_plan(&m, args->words[1], &error);
    if (status == FL_OK && path) status = fl_refusal_sheet_pdf(&m.paper, path, &error);
    if (status == FL_OK && fl_args_has(args, "json")) {
        status = fl_refusal_json(&m.paper, stdout);
        if (status != FL_OK) fl_error_set(&error, status, "plan %s says no refusal", m.plan->plan_id);
    }
    if (status == FL_OK) status = write_calendar(args, &m, &error);
    const int code = status == FL_OK ? done(args, &m, "refusal sheet") : fl_args_failed(&error);
    close_all(&m);
    return code;
}
