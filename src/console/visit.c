#include "visit.h"

#include "book.h"
#include "by_hand_parts.h"
#include "plan_shelf.h"
#include "session_parts.h"

#include "fadeline/base/text.h"

#include <stdlib.h>

/* Entries about a session's beginning: its plan is loaded right before it. */
#define NEAR 16

/* The id of the plan that this session was opened with; false: the journal does not say. */
static bool plan_id_of(fl_journal *journal, uint64_t sid, char id[FL_PLAN_NAME])
{
    char sha[2 * FL_SHA256_SIZE + 1];
    fl_record record;
    uint64_t at = fl_journal_length(journal), number; /* of all logs: a plan outlives them */
    while (at-- > 0) {
        if (fl_journal_past(journal, at, &record) != FL_OK) return false;
        if (fl_record_is(&record, FL_KIND_SESSION_OPEN) &&
            fl_record_count(&record, "sid", &number) == FL_OK && number == sid)
            break;
    }
    if (at == UINT64_MAX || fl_record_text(&record, "plan", sha, sizeof sha) != FL_OK) return false;
    for (uint64_t i = at > NEAR ? at - NEAR : 0; i < at + NEAR && i < fl_journal_length(journal); i++)
        if (fl_journal_past(journal, i, &record) == FL_OK && fl_record_is(&record, FL_KIND_PLAN_LOAD) &&
            fl_record_text_is(&record, "plan", sha) &&
            fl_record_text(&record, "plan_id", id, FL_PLAN_NAME) == FL_OK)
            return true;
    return false;
}

/* Where plans stand by their id; else the file that the session of this console was begun with. */
static fl_plan *find_plan(const page *p, fl_journal *journal, uint64_t sid)
{
    char id[FL_PLAN_NAME];
    fl_plan *plan = plan_id_of(journal, sid, id) ? plan_by_id(p, id) : NULL;
    if (plan) return plan;
    live_view *view = calloc(1, sizeof *view);
    by_hand_view *hand = calloc(1, sizeof *hand);
    if (view) live_look(session_live(p), view);
    if (hand) by_hand_look(by_hand_of(p), hand);
    if (view && hand && hand->sid == sid) snprintf(view->plan, sizeof view->plan, "%s", hand->plan);
    free(hand);
    plan = view ? session_plan(view) : NULL;
    free(view);
    return plan;
}

fl_status visit_open(const page *p, uint64_t sid, visit_file *v, fl_error *error)
{
    *v = (visit_file){0};
    const fl_status status = book_look(p, &v->journal, error);
    if (status != FL_OK) return status;
    v->plan = find_plan(p, v->journal, sid);
    const fl_session_options with = {.sid = sid, .plan = v->plan}, without = {.sid = sid};
    if (v->plan && fl_session_record_new(v->journal, &with, &v->record, NULL) == FL_OK) return FL_OK;
    fl_plan_free(v->plan); /* another one than the journal names */
    v->plan = NULL;
    return fl_session_record_new(v->journal, &without, &v->record, error);
}

void visit_close(visit_file *v)
{
    fl_session_record_free(v->record);
    fl_plan_free(v->plan);
    fl_journal_close(v->journal);
    *v = (visit_file){0};
}

fl_client_paper visit_paper(const page *p, const visit_file *v)
{
    return (fl_client_paper){.lang = p->language == FRENCH ? FL_LANG_FR : FL_LANG_EN,
                             .plan = v->plan,
                             .record = v->record,
                             .simulated = p->simulated};
}
