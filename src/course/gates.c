/* Gates: questions, dates, age and deadlines. A gate is a row of the rule file; this file knows how a row
 * works. */
#include "work.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

#define SUN_RULE "sun" /* answered by the skin form and the last day of sun, not by the client's yes or no   \
                        */

static const fl_case_answer *reported(const fl_work *w, const char *id)
{
    for (size_t i = 0; i < w->body->reported_count; i++)
        if (fl_text_same(w->body->reported[i].id, id)) return &w->body->reported[i];
    return NULL;
}

static bool denied(const fl_work *w, const char *id)
{
    for (size_t i = 0; i < w->body->denied_count; i++)
        if (fl_text_same(w->body->denied[i], id)) return true;
    return false;
}

static bool has_interval(const fl_screening_rule *rule)
{
    return rule->months > 0 || rule->days >= 0;
}

/* First day on which the gate no longer stands. */
static fl_date over_on(const fl_screening_rule *rule, fl_date from)
{
    return rule->months > 0 ? fl_date_add_months(from, rule->months) : fl_date_add_days(from, rule->days);
}

static void say_gate(fl_work *w, const fl_screening_rule *rule, fl_date from, bool dated, const char *detail)
{
    fl_date until = {0};
    char day[11];
    if (has_interval(rule)) {
        until = over_on(rule, from);
        if (fl_date_compare(until, w->date) <= 0) return;
        w->earliest = fl_date_later(w->earliest, until);
    }
    fl_plan_reason *reason = fl_plan_say(w->plan, rule->rank, rule->id, "%s", rule->text);
    fl_text text = fl_text_in(reason->text, sizeof reason->text);
    fl_text_add(&text, "%s", rule->text);
    if (detail && *detail) fl_text_add(&text, " Reported: %s.", detail);
    if (dated) fl_text_add(&text, " Counted from %s.", fl_date_text(from, day));
    if (has_interval(rule) && !dated) fl_text_add(&text, " No date was given, so it counts from today.");
    reason->until = until;
    snprintf(reason->change, sizeof reason->change, "%s", rule->change);
}

static void screen_one(fl_work *w, const fl_screening_rule *rule, const fl_case_answer *answer)
{
    char day[11];
    const bool cleared =
        rule->clearable == FL_YES && answer->cleared_by && fl_date_compare(answer->cleared_on, w->date) <= 0;
    if (cleared) {
        fl_plan_say(w->plan, FL_RANK_INFO, rule->id, "%s Cleared by %s on %s.", rule->text,
                    answer->cleared_by, fl_date_text(answer->cleared_on, day));
        return;
    }
    const bool dated = fl_date_is_set(answer->on);
    say_gate(w, rule, dated ? answer->on : w->date, dated, answer->text);
}

/* T1 without a date counts from today: the worst day that fits the answer. */
static void screen_sun(fl_work *w, const fl_screening_rule *rule)
{
    const bool dated = fl_date_is_set(w->body->skin.last_sun);
    if (!dated && !w->score.sun_recent) return;
    /* A tick of T1 that says "lately" beside an old date: the tick is of today and stands. */
    const fl_date from = dated ? w->body->skin.last_sun : w->date;
    if (fl_date_compare(over_on(rule, from), w->date) > 0) w->tanned = true;
    say_gate(w, rule, from, dated, NULL);
    if (!w->tanned) return;
    if (w->score.total >= 0)
        fl_plan_say(w->plan, FL_RANK_INFO, "form-inflated-by-tan",
                    "The total of %d holds the tan; the eight items without sun give %d, which has no band "
                    "of its own. "
                    "Score the form again when the sun gate is over.",
                    w->score.total, w->score.subtotal);
}

static void say_unasked(fl_work *w)
{
    char text[FL_PLAN_LINE - 40];
    fl_text line = fl_text_in(text, sizeof text);
    for (size_t i = 0; i < w->rules->screening_count; i++) {
        const fl_screening_rule *rule = &w->rules->screening[i];
        if (rule->must != FL_YES || (rule->regions && !(rule->regions & w->regions))) continue;
        if (!denied(w, rule->id) && !reported(w, rule->id))
            fl_text_add(&line, "%s%s", line.length ? ", " : "", rule->id);
    }
    if (!line.length) return;
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_DEFER, "screening-incomplete", "Not asked, and so not known: %s.", text);
    snprintf(reason->change, sizeof reason->change, "Ask, and record yes or no.");
}

static void say_notes(fl_work *w)
{
    for (size_t i = 0; i < w->procedure->notes_count; i++) {
        const fl_procedure_note *note = &w->procedure->notes[i];
        if (note->skin_types && !(note->skin_types & 1u << w->skin.planned_as)) continue;
        const fl_case_answer *answer = reported(w, note->code);
        fl_plan_rank rank = note->rank;
        if (rank >= FL_RANK_DEFER && answer && answer->cleared_by &&
            fl_date_compare(answer->cleared_on, w->date) <= 0)
            rank = FL_RANK_INFO;
        fl_plan_reason *reason = fl_plan_say(w->plan, rank, note->code, "%s", note->text);
        if (note->change) snprintf(reason->change, sizeof reason->change, "%s", note->change);
    }
}

static bool is_note(const fl_procedure *procedure, const char *code)
{
    for (size_t i = 0; i < procedure->notes_count; i++)
        if (fl_text_same(procedure->notes[i].code, code)) return true;
    return false;
}

static fl_status unknown_question(fl_work *w, const char *id)
{
    const char *known[64];
    size_t count = 0;
    for (; count < w->rules->screening_count && count < 64; count++)
        known[count] = w->rules->screening[count].id;
    fl_error_set(w->error, FL_E_FILE, "the case answers '%s', which the rules do not ask", id);
    if (w->error) {
        fl_error_at(w->error, fl_yaml_path(w->in->c->file), 0, 0);
        const char *near = fl_text_nearest(id, known, count);
        fl_error_hint(w->error, near ? "did you mean '%s'?" : "the questions stand in profiles/clinic.yaml%s",
                      near ? near : "");
    }
    return FL_E_FILE;
}

fl_status fl_work_gates(fl_work *w)
{
    for (size_t i = 0; i < w->body->denied_count; i++)
        if (!fl_screening_find(w->rules, w->body->denied[i])) return unknown_question(w, w->body->denied[i]);
    for (size_t i = 0; i < w->body->reported_count; i++) {
        const fl_case_answer *answer = &w->body->reported[i];
        const fl_screening_rule *rule = fl_screening_find(w->rules, answer->id);
        if (rule)
            screen_one(w, rule, answer);
        else if (!is_note(w->procedure, answer->id))
            return unknown_question(w, answer->id);
    }
    const fl_screening_rule *sun = fl_screening_find(w->rules, SUN_RULE);
    if (sun) screen_sun(w, sun);
    if (w->skin.tan_suspected) w->tanned = true;
    if (w->body->age_years < w->rules->age_least_years) {
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_REFUSE, "under-age", "The client is %d; the rules say %d.",
                        w->body->age_years, w->rules->age_least_years);
        snprintf(reason->change, sizeof reason->change, "The birthday.");
    }
    say_unasked(w);
    say_notes(w);
    return FL_OK;
}

void fl_work_goal(fl_work *w)
{
    const fl_case_goal *goal = &w->body->goal;
    if (!fl_date_is_set(goal->deadline) || goal->deadline_stands == FL_NO) return;
    const fl_interval_rule *interval =
        fl_interval_for(w->procedure->intervals, w->procedure->intervals_count, w->skin.planned_as);
    fl_date first = w->read_needed && !w->read_passed ? w->plan->test_spots.read_not_before : w->earliest;
    const int repeats = w->plan->sessions.low > 1 ? w->plan->sessions.low - 1 : 0;
    const fl_date done = interval ? fl_date_add_days(first, repeats * interval->min_days) : first;
    const bool too_soon = fl_date_compare(done, goal->deadline) > 0;
    if (!too_soon && w->procedure->deadlines != FL_NO) return;
    char wanted[11], earliest[11];
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_REFUSE, "deadline", "Wanted by %s%s%s. %s %s.%s",
                    fl_date_text(goal->deadline, wanted), goal->deadline_for ? " for a " : "",
                    goal->deadline_for ? goal->deadline_for : "",
                    w->read_needed && !w->read_passed ? "A test spot alone is read on"
                                                      : "The last of the fewest sessions is on",
                    fl_date_text(too_soon ? done : first, earliest),
                    w->procedure->deadlines == FL_NO ? " This kind of work takes no deadlines." : "");
    snprintf(reason->change, sizeof reason->change, "Without the date, a test spot and a read come first.");
    fl_plan_say(
        w->plan, FL_RANK_INFO, "offer-test-spot",
        "What can be offered: a test spot, once everything above it is cleared, read on %s at the earliest.",
        fl_date_text(first, earliest));
}
