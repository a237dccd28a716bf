/* The sheet a client takes home: one page, in words that a worried person understands at night. */
#include "client_words.h"
#include "folio.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <string.h>

typedef struct sheet {
    const fl_client_paper *paper;
    double size; /* of letters: as large as one page allows */
} sheet;

fl_date fl_client_next(const fl_client_paper *paper)
{
    fl_date date = {0};
    if (paper->record && paper->record->not_before[0] &&
        fl_date_read(paper->record->not_before, &date) == FL_OK)
        return date;
    const fl_plan *plan = paper->plan;
    if (!plan) return date;
    if (plan->verdict == FL_VERDICT_TEST_FIRST && fl_date_is_set(plan->test_spots.read_not_before))
        return plan->test_spots.read_not_before;
    return plan->next_not_before;
}

/* ---- pieces ---- */

static fl_type letters(const sheet *s, double part, bool bold)
{
    return (fl_type){.size = part * s->size, .bold = bold, .shade = FL_SHADE_TEXT};
}

static void section(fl_folio *folio, const sheet *s, const char *en, const char *fr)
{
    fl_folio_section(folio, 1.22 * s->size, fl_said(s->paper->lang, en, fr));
}

static void say(fl_folio *folio, const sheet *s, const char *en, const char *fr)
{
    fl_folio_say(folio, letters(s, 1, false), "%s", fl_said(s->paper->lang, en, fr));
}

static void point(fl_folio *folio, const sheet *s, const char *en, const char *fr)
{
    fl_folio_point(folio, letters(s, 1, false), "%s", fl_said(s->paper->lang, en, fr));
}

static const char *procedure_of(const fl_client_paper *p)
{
    return p->record && p->record->proc[0] ? p->record->proc : p->plan ? p->plan->procedure : "";
}

static bool is_about(const fl_client_paper *p, const char *begin)
{
    return strncmp(procedure_of(p), begin, strlen(begin)) == 0;
}

static bool has_hair(const fl_client_paper *p)
{
    return is_about(p, "brow") || is_about(p, "beard") || is_about(p, "density") || is_about(p, "hairline");
}

/* ---- what we did ---- */

static void name_places(const sheet *s, char purpose, fl_text *text, size_t *count)
{
    const fl_session_record *r = s->paper->record;
    for (size_t i = 0; i < r->zone_count; i++) {
        if (r->zones[i].purpose != purpose || !r->zones[i].delivered) continue;
        fl_text_add(text, "%s%s", (*count)++ ? "; " : "", fl_client_zone(s->paper->lang, r->zones[i].id));
    }
}

static void say_done(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    const fl_session_record *r = p->record;
    const int64_t offset = (int64_t)r->options.utc_offset_min * 60000000;
    char places[600], began[16], ended[16];
    fl_text text = fl_text_in(places, sizeof places);
    size_t zones = 0, spots = 0;
    name_places(s, 'T', &text, &zones);
    if (zones)
        fl_folio_say(folio, letters(s, 1, false),
                     fl_said(p->lang, "We treated with light pulses: %s.",
                             "Nous avons traité par impulsions de lumière : %s."),
                     places);
    for (size_t i = 0; i < r->zone_count; i++) spots += r->zones[i].purpose == 'S' && r->zones[i].delivered;
    if (spots)
        fl_folio_say(
            folio, letters(s, 1, false),
            fl_said(
                p->lang, "Test spots placed: %zu. They show how your skin and this ink answer.",
                "Essais ponctuels faits : %zu. Ils montrent comment votre peau et cette encre répondent."),
            spots);
    if (!zones && !spots)
        say(folio, s, "No light pulse was given.", "Aucune impulsion de lumière n'a été donnée.");
    if (r->closed)
        fl_folio_say(folio, letters(s, 1, false), fl_said(p->lang, "From %s to %s.", "De %s à %s."),
                     fl_client_hour(p->lang, r->opened_us + offset, began),
                     fl_client_hour(p->lang, r->closed_us + offset, ended));
}

static void say_planned(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    char places[800];
    fl_text text = fl_text_in(places, sizeof places);
    size_t zones = 0;
    for (size_t i = 0; i < p->plan->zone_count; i++)
        if (!p->plan->zones[i].locked)
            fl_text_add(&text, "%s%s", zones++ ? "; " : "", fl_client_zone(p->lang, p->plan->zones[i].id));
    if (fl_plan_tests(p->plan) && p->plan->test_spots.grid_count)
        fl_folio_say(
            folio, letters(s, 1, false),
            fl_said(p->lang, "Planned: %zu test spots, to see how your skin and this ink answer.",
                    "Prévu : %zu essais ponctuels, pour voir comment votre peau et cette encre répondent."),
            p->plan->test_spots.grid_count);
    if (fl_plan_treats_zones(p->plan) && zones)
        fl_folio_say(folio, letters(s, 1, false),
                     fl_said(p->lang, "Planned, place by place: %s.", "Prévu, endroit par endroit : %s."),
                     places);
    say(folio, s, "Nothing has been done yet.", "Rien n'a encore été fait.");
}

/* ---- after ---- */

static void say_normal(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    section(folio, s, "What is normal", "Ce qui est normal");
    point(folio, s, "Whitening for some minutes; redness, warmth and slight swelling for one to three days.",
          "Un blanchiment immédiat de quelques minutes; rougeur, chaleur et léger gonflement d'un à trois "
          "jours.");
    point(
        folio, s, "Small crusts for a week or two. Let them fall by themselves; do not scratch.",
        "De petites croûtes pendant une à deux semaines. Laissez-les tomber d'elles-mêmes; ne grattez pas.");
    point(folio, s, "The work may look greyer or darker at first. It fades over the weeks that follow.",
          "Le travail peut d'abord paraître plus gris ou plus foncé. Il pâlit au fil des semaines.");
    if (is_about(p, "lip"))
        point(folio, s, "Lips may swell for some days.", "Les lèvres peuvent gonfler quelques jours.");
    if (has_hair(p))
        point(folio, s, "Hair in the place may whiten or fall for a while.",
              "Les poils ou cheveux de la zone peuvent blanchir ou tomber un temps.");
    point(folio, s,
          "Wash gently with cool water, pat dry, keep it clean. No sauna, pool or hard exercise for three "
          "days.",
          "Lavez doucement à l'eau fraîche, séchez en tapotant, gardez propre. Ni sauna, ni piscine, ni "
          "effort intense pendant trois jours.");
}

static void say_call(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    section(folio, s, "What is not, and whom to call", "Ce qui ne l'est pas, et qui appeler");
    point(folio, s,
          "Pain that grows after the first day; blisters larger than a pea; open skin, pus, a bad smell, "
          "fever.",
          "Une douleur qui augmente après le premier jour; des cloques plus grosses qu'un pois; une plaie "
          "ouverte, du pus, une mauvaise odeur, de la fièvre.");
    point(folio, s, "Redness that spreads, a rash or swelling elsewhere, new dark or pale patches.",
          "Une rougeur qui s'étend, une éruption ou un gonflement ailleurs, de nouvelles taches foncées ou "
          "pâles.");
    point(folio, s,
          "Pain in an eye or a change in your sight, or trouble breathing: emergency services, at once.",
          "Douleur à un œil, changement de la vue ou difficulté à respirer : les services d'urgence, tout de "
          "suite.");
    if (p->call)
        fl_folio_say(folio, letters(s, 1.05, true), fl_said(p->lang, "Call: %s", "Appelez : %s"), p->call);
    else
        fl_folio_say(folio, letters(s, 1.05, true), "%s ______________________________________",
                     fl_said(p->lang, "Call:", "Appelez :"));
}

static void say_next(fl_folio *folio, const sheet *s)
{
    const fl_client_paper *p = s->paper;
    char day[64], number[11];
    section(folio, s, "Sun", "Soleil");
    say(folio, s,
        "Keep the place out of the sun until the next visit: a hat or clothes first, sunscreen SPF 50 once "
        "the skin is closed. A tan means waiting.",
        "Gardez la zone à l'abri du soleil jusqu'à la prochaine visite : d'abord un chapeau ou un vêtement, "
        "un écran solaire FPS 50 quand la peau est fermée. Un bronzage veut dire attendre.");
    section(folio, s, "Next visit", "Prochaine visite");
    const fl_date next = fl_client_next(p);
    if (fl_date_is_set(next))
        fl_folio_say(folio, letters(s, 1.05, true),
                     fl_said(p->lang, "Not before %s (%s).", "Pas avant le %s (%s)."),
                     fl_client_day(p->lang, next, day), fl_date_text(next, number));
    else
        say(folio, s, "We will agree on a date.", "Nous conviendrons d'une date.");
    section(folio, s, "What to expect", "À quoi s'attendre");
    if (p->plan && p->plan->sessions.known) {
        char range[160];
        fl_folio_say(folio, letters(s, 1, false),
                     fl_said(p->lang, "Still to come, as far as we know today: %s.",
                             "Encore à venir, selon ce que l'on sait aujourd'hui : %s."),
                     fl_client_range(p->lang, &p->plan->sessions, range));
    } else {
        say(folio, s, "An honest number of sessions cannot be given yet.",
            "On ne peut pas encore donner un nombre honnête de séances.");
    }
    say(folio, s,
        "The work is lightened as far as is safe. A shadow may remain. Nobody knows the number in advance.",
        "Le travail est éclairci aussi loin que la sécurité le permet. Une ombre peut rester. Personne ne "
        "connaît le nombre à l'avance.");
}

static void fill(fl_folio *folio, const void *what)
{
    const sheet *s = what;
    const fl_client_paper *p = s->paper;
    const fl_session_record *r = p->record;
    char day[64];
    const fl_date date =
        r ? fl_date_of((fl_utc){r->opened_us + (int64_t)r->options.utc_offset_min * 60000000})
          : p->plan->date;
    fl_folio_heading(folio, 1, "%s",
                     r ? fl_said(p->lang, "After your visit", "Après votre visite")
                       : fl_said(p->lang, "Before your visit", "Avant votre visite"));
    fl_type quiet = letters(s, 0.9, false);
    quiet.shade = FL_SHADE_QUIET;
    fl_folio_say(folio, quiet, "%s %s · %s · %s", fl_said(p->lang, "Client", "Dossier"),
                 r ? r->pat : p->plan->client, fl_client_day(p->lang, date, day),
                 fl_client_procedure(p->lang, procedure_of(p)));
    section(folio, s, r ? "What we did" : "What we would do",
            r ? "Ce que nous avons fait" : "Ce que nous ferions");
    if (r)
        say_done(folio, s);
    else
        say_planned(folio, s);
    say_normal(folio, s);
    say_call(folio, s);
    say_next(folio, s);
    if (r && r->checkpoint[0]) {
        fl_folio_space(folio, 6);
        fl_folio_code(folio, r->checkpoint, letters(s, 0.85, false),
                      fl_said(p->lang,
                              "Keep this page. The code is a seal of the clinic's record as it stood: with "
                              "it anybody can see whether the record was changed later.",
                              "Gardez cette page. Le code est un sceau du registre de la clinique tel qu'il "
                              "était : avec lui, chacun peut voir si le registre a été modifié plus tard."));
    }
}

fl_status fl_client_sheet_pdf(const fl_client_paper *paper, const char *path, fl_error *error)
{
    FL_ASSERT(paper && (paper->plan || paper->record));
    if (!paper->record && !fl_plan_tests(paper->plan)) {
        fl_error_set(error, FL_E_NO, "plan %s allows nothing: there is nothing to be said after it",
                     paper->plan->plan_id);
        return error ? fl_error_hint(error, "its paper is: fadeline paper refusal PLAN.json") : FL_E_NO;
    }
    char day[40] = "", code[80];
    if (paper->record)
        fl_date_text(fl_date_of((fl_utc){paper->record->opened_us}), day);
    else
        fl_date_text(paper->plan->date, day);
    snprintf(code, sizeof code, "%s", paper->record ? paper->record->pat : paper->plan->client);
    const fl_folio_look look = {.title =
                                    fl_said(paper->lang, "For the client", "Pour la cliente ou le client"),
                                .subject = code,
                                .lang = FL_LANG_TAG(paper->lang),
                                .day = day,
                                .simulated = paper->record ? paper->record->simulated : paper->simulated};
    sheet s = {.paper = paper, .size = 12.5};
    while (s.size > 8 && fl_folio_count(&look, fill, &s) > 1) s.size -= 0.25;
    return fl_folio_write(&look, fill, &s, path, error);
}
