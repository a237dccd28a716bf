/* The sheet of a refusal: what was asked, why not, what would change it, from when, and whom to see. No
 * setting. */
#include "client_words.h"
#include "folio.h"
#include "plan_sheet_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <string.h>

typedef struct sheet {
    const fl_client_paper *paper;
    double size; /* of letters: as large as one page allows */
} sheet;

/* ---- what the plan says no with ---- */

/* The heaviest only say no; a reason that quotes a fluence is not for a client. */
static bool is_why(const fl_plan_reason *reason)
{
    return reason->rank >= FL_RANK_DEFER && fl_sheet_is_wordy(reason);
}

/* A refusal does not end by itself: only what defers has a day. */
static fl_date earliest(const fl_plan *plan)
{
    fl_date day = {0};
    for (size_t i = 0; i < plan->reason_count; i++)
        if (is_why(&plan->reasons[i]) && fl_date_is_set(plan->reasons[i].until))
            day = fl_date_later(day, plan->reasons[i].until);
    if (plan->verdict == FL_VERDICT_DEFER && fl_date_is_set(plan->next_not_before))
        day = fl_date_later(day, plan->next_not_before);
    return day;
}

static void people(fl_lang lang, const fl_plan *plan, char *room, size_t size)
{
    bool seen[FL_WHOM_COUNT] = {false};
    fl_text text = fl_text_in(room, size);
    for (size_t i = 0; i < plan->reason_count; i++) {
        const fl_reason_words *words = fl_reason_words_of(plan->reasons[i].code);
        if (!is_why(&plan->reasons[i])) continue;
        fl_whom whom = words ? words->whom : FL_WHOM_NOBODY;
        if (!whom && plan->reasons[i].rank == FL_RANK_CLEARANCE) whom = FL_WHOM_PHYSICIAN;
        if (!whom || seen[whom]) continue;
        seen[whom] = true;
        fl_text_add(&text, "%s%s", text.length ? "; " : "", fl_client_whom(lang, whom));
    }
}

static const char *title_of(fl_lang lang, fl_plan_verdict verdict)
{
    switch (verdict) {
    case FL_VERDICT_DEFER: return fl_said(lang, "Not today", "Pas aujourd'hui");
    case FL_VERDICT_CLEARANCE: return fl_said(lang, "A physician first", "D'abord un médecin");
    default: return fl_said(lang, "We do not do this here", "Nous ne le faisons pas ici");
    }
}

/* ---- paper ---- */

static fl_type letters(const sheet *s, bool bold)
{
    return (fl_type){.size = s->size, .bold = bold, .shade = FL_SHADE_TEXT};
}

static void draw_why(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    const fl_plan *plan = p->plan;
    char day[64];
    fl_folio_section(folio, 1.15 * s->size, fl_said(p->lang, "Why not", "Pourquoi"));
    for (size_t i = 0; i < plan->reason_count; i++) {
        const fl_plan_reason *reason = &plan->reasons[i];
        if (!is_why(reason)) continue;
        fl_folio_point(folio, letters(s, true), "%s", fl_reason_why(p->lang, reason, NULL));
        if (p->lang == FL_LANG_FR && !fl_reason_words_of(reason->code))
            fl_folio_say(folio, FL_FOLIO_SMALL, "(texte de la clinique, tel qu'elle l'a écrit)");
        if (fl_date_is_set(reason->until))
            fl_folio_say(folio, letters(s, false), fl_said(p->lang, "Until %s.", "Jusqu'au %s."),
                         fl_client_day(p->lang, reason->until, day));
    }
}

static void draw_change(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    const fl_plan *plan = p->plan;
    size_t said = 0;
    fl_folio_section(folio, 1.15 * s->size,
                     fl_said(p->lang, "What would change it", "Ce qui y changerait quelque chose"));
    for (size_t i = 0; i < plan->reason_count; i++) {
        const char *change = fl_reason_change(p->lang, &plan->reasons[i]);
        if (!is_why(&plan->reasons[i]) || !change[0]) continue;
        fl_folio_point(folio, letters(s, false), "%s", change);
        said++;
    }
    if (!said)
        fl_folio_say(folio, letters(s, false), "%s",
                     fl_said(p->lang, "Nothing that we know of.", "Rien que nous sachions."));
}

/* What the plan names instead. */
static void draw_offer(fl_folio *folio, const sheet *s)
{
    static const char *const codes[] = {"offer-test-spot", "alternatives", "refer"};
    bool titled = false;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const fl_plan_reason *reason = fl_plan_reason_of(s->paper->plan, codes[i]);
        if (!reason) continue;
        if (!titled)
            fl_folio_section(folio, 1.15 * s->size,
                             fl_said(s->paper->lang, "What there is instead", "Ce qu'il y a d'autre"));
        titled = true;
        fl_folio_point(folio, letters(s, false), "%s", fl_reason_why(s->paper->lang, reason, NULL));
    }
}

static void fill(fl_folio *folio, const void *what)
{
    const sheet *s = what;
    const fl_client_paper *p = s->paper;
    const fl_plan *plan = p->plan;
    char day[64], number[11], whom[400];
    fl_folio_heading(folio, 1, "%s", title_of(p->lang, plan->verdict));
    fl_type quiet = letters(s, false);
    quiet.size -= 1.5, quiet.shade = FL_SHADE_QUIET;
    fl_folio_say(folio, quiet, "%s %s · %s", fl_said(p->lang, "Client", "Dossier"), plan->client,
                 fl_client_day(p->lang, plan->date, day));

    fl_folio_section(folio, 1.15 * s->size, fl_said(p->lang, "What was asked", "Ce qui a été demandé"));
    fl_folio_say(folio, letters(s, false), "%s", fl_client_procedure(p->lang, plan->procedure));
    char places[900];
    fl_text text = fl_text_in(places, sizeof places);
    for (size_t i = 0; i < plan->zone_count; i++)
        fl_text_add(&text, "%s%s", i ? "; " : "", fl_client_zone(p->lang, plan->zones[i].id));
    fl_folio_say(folio, letters(s, false), "%s", places);
    if (plan->goal[0])
        fl_folio_say(folio, letters(s, false),
                     fl_said(p->lang, "In your words: “%s”", "Selon vos mots : « %s »"), plan->goal);

    draw_why(folio, s);
    draw_change(folio, s);
    draw_offer(folio, s);

    fl_folio_section(folio, 1.15 * s->size, fl_said(p->lang, "Earliest date", "Au plus tôt"));
    const fl_date from = earliest(plan);
    if (fl_date_is_set(from) && plan->verdict == FL_VERDICT_DEFER)
        fl_folio_say(folio, letters(s, true), "%s (%s)", fl_client_day(p->lang, from, day),
                     fl_date_text(from, number));
    else if (fl_date_is_set(from))
        fl_folio_say(folio, letters(s, false),
                     fl_said(p->lang, "Not before %s (%s), and only when the rest above has changed.",
                             "Pas avant le %s (%s), et seulement quand le reste a changé."),
                     fl_client_day(p->lang, from, day), fl_date_text(from, number));
    else
        fl_folio_say(folio, letters(s, false), "%s",
                     fl_said(p->lang, "No date can be given: waiting alone changes nothing.",
                             "Aucune date : attendre ne suffit pas."));

    fl_folio_section(folio, 1.15 * s->size, fl_said(p->lang, "Whom to see", "Qui consulter"));
    people(p->lang, plan, whom, sizeof whom);
    fl_folio_say(folio, letters(s, false), "%s",
                 whom[0] ? whom
                         : fl_said(p->lang, "Nobody has to be seen for this.", "Personne en particulier."));
    if (p->call)
        fl_folio_say(folio, letters(s, false), fl_said(p->lang, "Questions: %s", "Questions : %s"), p->call);
    fl_folio_space(folio, 10);
    fl_folio_say(folio, quiet,
                 fl_said(p->lang,
                         "This is about your safety and no judgement of you. A lower setting does not change "
                         "a refusal. Plan %s, rules %s.",
                         "Il s'agit de votre sécurité, pas d'un jugement. Un réglage plus bas ne change rien "
                         "à un refus. Plan %s, règles %s."),
                 plan->plan_id, plan->rules.version);
}

static fl_status check(const fl_client_paper *paper, fl_error *error)
{
    FL_ASSERT(paper && paper->plan);
    const fl_plan *plan = paper->plan;
    if (!fl_plan_tests(plan)) return FL_OK;
    fl_error_set(error, FL_E_NO, "plan %s says %s: that is no refusal", plan->plan_id,
                 fl_plan_verdict_line(plan->verdict));
    return error ? fl_error_hint(error, "its paper is: fadeline paper client-sheet PLAN.json") : FL_E_NO;
}

fl_status fl_refusal_sheet_pdf(const fl_client_paper *paper, const char *path, fl_error *error)
{
    const fl_status status = check(paper, error);
    if (status != FL_OK) return status;
    char day[11];
    const fl_folio_look look = {.title =
                                    fl_said(paper->lang, "For the client", "Pour la cliente ou le client"),
                                .subject = paper->plan->client,
                                .lang = FL_LANG_TAG(paper->lang),
                                .day = fl_date_text(paper->plan->date, day),
                                .simulated = paper->simulated};
    sheet s = {.paper = paper, .size = 13.5};
    while (s.size > 8 && fl_folio_count(&look, fill, &s) > 1) s.size -= 0.25;
    return fl_folio_write(&look, fill, &s, path, error);
}

fl_status fl_refusal_json(const fl_client_paper *paper, FILE *out)
{
    const fl_status status = check(paper, NULL);
    if (status != FL_OK) return status;
    const fl_plan *plan = paper->plan;
    char day[11], whom[400];
    json_t *object = json_object(), *why = json_array(), *change = json_array();
    for (size_t i = 0; i < plan->reason_count; i++) {
        if (!is_why(&plan->reasons[i])) continue;
        const char *changes = fl_reason_change(paper->lang, &plan->reasons[i]);
        json_array_append_new(why, json_pack("{s:s,s:s,s:s}", "code", plan->reasons[i].code, "class",
                                             fl_plan_rank_word(plan->reasons[i].rank), "text",
                                             fl_reason_why(paper->lang, &plan->reasons[i], NULL)));
        if (changes[0]) json_array_append_new(change, json_string(changes));
    }
    people(paper->lang, plan, whom, sizeof whom);
    const fl_date from = earliest(plan);
    json_object_set_new(object, "simulated", json_boolean(paper->simulated));
    json_object_set_new(object, "verdict", json_string(fl_plan_verdict_word(plan->verdict)));
    json_object_set_new(object, "plan_id", json_string(plan->plan_id));
    json_object_set_new(object, "client", json_string(plan->client));
    json_object_set_new(object, "asked", json_string(fl_client_procedure(paper->lang, plan->procedure)));
    json_object_set_new(object, "why_not", why);
    json_object_set_new(object, "would_change_it", change);
    json_object_set_new(object, "earliest",
                        fl_date_is_set(from) ? json_string(fl_date_text(from, day)) : json_null());
    json_object_set_new(object, "whom_to_see", whom[0] ? json_string(whom) : json_null());
    const int failed = fl_shown_json(object, out, JSON_INDENT(2));
    json_decref(object);
    return failed || fputc('\n', out) == EOF ? FL_E_IO : FL_OK;
}
