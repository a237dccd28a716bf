/* Papers for the client, in English or French (Canada): what was done and what comes next, or why not today.
 *
 *     fl_client_paper paper = {.lang = FL_LANG_FR, .plan = plan, .record = record, .call = "514 555-0100"};
 *     status = fl_client_sheet_pdf(&paper, "client.pdf", &error);
 *     status = fl_refusal_sheet_pdf(&paper, "refusal.pdf", &error);   // FL_E_NO: the plan refuses nothing
 *     status = fl_calendar_write(&paper, "next.ics", &error);         // FL_E_NO: there is no next date
 *
 * One page, large type, no settings: a client needs no joules, and a sheet with them would be a recipe. Never
 * a promise: words that promise are looked for in the tests, in both languages.
 *
 * The trap: without a record nothing was done yet; the sheet then says what is planned. The plan may be
 * missing when there is a record; the sheet then has no range.
 */
#ifndef FL_REPORT_CLIENT_PAPER_H
#define FL_REPORT_CLIENT_PAPER_H

#include "fadeline/report/session_record.h"

typedef enum fl_lang { FL_LANG_EN, FL_LANG_FR } fl_lang;

typedef struct fl_client_paper {
    fl_lang lang;
    const fl_plan *plan;             /* NULL: not at hand */
    const fl_session_record *record; /* NULL: nothing was done yet */
    bool simulated;                  /* the plan is for a simulated laser; a record knows by itself */
    const char *call;                /* whom to call: a number, a name; NULL: a line to write on */
} fl_client_paper;

FL_MUST_USE fl_status fl_client_sheet_pdf(const fl_client_paper *paper, const char *path, fl_error *error);
FL_MUST_USE fl_status fl_refusal_sheet_pdf(const fl_client_paper *paper, const char *path, fl_error *error);
/* The same as plain numbers and texts, for other programs and for tests. */
FL_MUST_USE fl_status fl_refusal_json(const fl_client_paper *paper, FILE *out);

/* The first day on which something may be done again; unset: none is known. */
fl_date fl_client_next(const fl_client_paper *paper);
/* One all-day event (RFC 5545) whose title names no treatment: a calendar is seen by others. */
FL_MUST_USE fl_status fl_calendar_write(const fl_client_paper *paper, const char *path, fl_error *error);

/* What papers and screens say in the client's language. */
const char *fl_client_range(fl_lang lang, const fl_plan_sessions *s, char room[160]);
const char *fl_client_procedure(fl_lang lang, const char *id); /* the id when it is not ours */
const char *fl_client_zone(fl_lang lang, const char *id);      /* "temple, right"; the id when not ours */
/* A reason's sentence, and what would change it (may be empty). In French the numbers of the English one are
 * left out, and a clinic's own code stays as the clinic wrote it: *as_written, may be NULL, says so. */
const char *fl_reason_why(fl_lang lang, const fl_plan_reason *reason, bool *as_written);
const char *fl_reason_change(fl_lang lang, const fl_plan_reason *reason);

#endif
