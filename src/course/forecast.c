/* The session range: from what was seen in practice, widened by what is not known. Never one number. */
#include "work.h"

#include "fadeline/base/text.h"
#include "fadeline/course/estimate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static void because(fl_plan_sessions *s, const char *format, ...) FL_PRINTF(2, 3);
static void because(fl_plan_sessions *s, const char *format, ...)
{
    if (s->reason_count == FL_PLAN_FORECAST)
        return; /* reasons of a forecast stop nothing; the first ones weigh most */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->reasons[s->reason_count++], FL_PLAN_LINE, format, arguments);
    va_end(arguments);
}

static const fl_series *series_of(const fl_work *w)
{
    for (size_t i = 0; i < w->rules->series_count; i++)
        for (size_t k = 0; k < w->rules->series[i].procedures_count; k++)
            if (fl_text_same(w->rules->series[i].procedures[k], w->procedure->id))
                return &w->rules->series[i];
    return NULL;
}

/* False when a level is missing or misspelt: then there is no score, and no reason that leans on it. */
static bool score(fl_work *w, fl_estimate *estimate)
{
    const fl_case_score *picked = &w->body->score;
    const char *names[FL_ESTIMATE_ITEMS] = {fl_skin_type_roman(w->skin.planned_as),
                                            w->procedure->location,
                                            picked->colour,
                                            picked->ink,
                                            picked->scarring,
                                            picked->layering};
    const fl_estimate_level *levels[FL_ESTIMATE_ITEMS];
    if (!w->skin.planned_as) return false;
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++)
        if (!names[i] || fl_estimate_level_of((fl_estimate_item)i, names[i], &levels[i], NULL) != FL_OK)
            return false;
    *estimate = fl_estimate_of(levels);
    fl_plan_sessions *s = &w->plan->sessions;
    s->scored = true;
    s->kirby_desai_score = estimate->score;
    s->kirby_desai_low = estimate->low;
    s->kirby_desai_high = estimate->high;
    return true;
}

static int reach(fl_reach what, const fl_estimate *estimate)
{
    switch (what) {
    case FL_REACH_PICOSECOND: return estimate->picosecond_adjusted;
    case FL_REACH_SCORE: return estimate->score;
    case FL_REACH_SCORE_HIGH: return estimate->high;
    default: return 0;
    }
}

static void widen(fl_work *w, const fl_series *series, const fl_estimate *estimate, bool scored)
{
    fl_plan_sessions *s = &w->plan->sessions;
    for (size_t i = 0; i < w->rules->series_changes_count; i++) {
        const fl_series_change *change = &w->rules->series_changes[i];
        const bool holds = change->when == FL_WHEN_UNPUBLISHED ? series->published != FL_YES
                                                               : fl_work_holds(w, change->when);
        if (!holds) continue;
        s->likely += change->likely_add;
        s->high += change->high_add;
        const int least = scored ? reach(change->high_at_least, estimate) : 0;
        if (s->high < least) s->high = least;
        because(s, "Wider, because %s.", change->text);
    }
}

/* A goal short of clearing needs fewer; the model can only lower what the series says, never raise hope. */
static void fade_goal(fl_work *w)
{
    fl_plan_sessions *s = &w->plan->sessions;
    const fl_case_goal *goal = &w->body->goal;
    if (goal->kind != FL_GOAL_FADE || !(goal->fade_percent > 0)) return;
    const int needed = fl_estimate_fade_sessions(goal->fade_percent / 100.0, w->rules->fade_per_session);
    if (!needed) return;
    because(s,
            "Fading by %.0f %% takes about %d at %.0f %% a session (a planning aid, not a published rule).",
            goal->fade_percent, needed, 100 * w->rules->fade_per_session);
    if (needed < s->likely) s->likely = needed > s->low ? needed : s->low;
}

/* Four digits: what follows is the machine's, not the skin's. */
static double digits(double share)
{
    return round(share * 1e4) / 1e4;
}

static fl_plan_band plan_band(fl_fade_band band)
{
    return (fl_plan_band){digits(band.median), digits(band.p05), digits(band.p95)};
}

static void take_answer(fl_plan_sessions *s, const fl_fade_answer *answer)
{
    const int first = answer->sessions ? 0 : 1, last = s->high > first ? s->high : first + 1;
    for (int n = first; n <= last && n <= FL_FADE_LEFT && s->left_count < FL_PLAN_LEFT; n++)
        s->left[s->left_count++] = (fl_plan_left){.after = n,
                                                  .left = plan_band(answer->left[n]),
                                                  .goal_probability = digits(fl_fade_within(answer, n))};
}

static void take_reads(fl_work *w, const fl_fade_answer *answer, const char *said)
{
    fl_plan_sessions *s = &w->plan->sessions;
    const int low = s->low, high = s->high;
    s->low = answer->low;
    s->likely = answer->likely;
    s->high = answer->high > answer->low ? answer->high : answer->low + 1;
    because(s,
            "Read: %s. So one session takes %.0f %% (%.0f to %.0f) of the ink there is, and %d to %d%s are "
            "still to "
            "come; without reads it was %d to %d.",
            said, 100 * s->per_session.median, 100 * s->per_session.p05, 100 * s->per_session.p95, s->low,
            s->high, answer->high == FL_FADE_MOST ? " or more" : "", low, high);
    const double done = fl_fade_within(answer, 0);
    if (done < 0.5) return;
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "goal-may-be-reached",
                    "The goal may be reached already (%.0f %%): look before another session.", 100 * done);
    snprintf(reason->change, sizeof reason->change,
             "A look with the client, and a new goal if more is wanted.");
}

/* What reads have told, and what they leave to expect. Without reads the range stays the series'. */
static void model(fl_work *w)
{
    fl_plan_sessions *s = &w->plan->sessions;
    const fl_fade_rules *rules = &w->rules->fade;
    const double percent = w->body->goal.fade_percent > 0 ? w->body->goal.fade_percent : rules->goal_percent;
    const fl_fade_prior prior = {.low = s->low,
                                 .likely = s->likely,
                                 .high = s->high < 30 ? s->high : 30,
                                 .goal = percent / 100.0,
                                 .variation = rules->variation_percent / 100.0,
                                 .slow = rules->slow_percent / 100.0};
    fl_fade *fade;
    char said[160];
    if (fl_fade_new(&prior, &fade) != FL_OK) return;
    s->modelled = true;
    s->goal_share = digits(prior.goal);
    s->reads = fl_work_feed(w, fade, said, sizeof said);
    const fl_fade_answer answer = fl_fade_ask(fade);
    fl_fade_free(fade);
    s->per_session = plan_band(answer.per_session);
    if (s->reads) take_reads(w, &answer, said);
    take_answer(s, &answer);
}

/* The series were treated with whatever wavelength their ink asked for. */
static void partly_reached(fl_work *w)
{
    if (w->plan->chosen < 0) return;
    const fl_setting *physics = &w->settings[w->plan->chosen].physics;
    if (!(physics->target_share > 0 && physics->target_share < 0.5)) return;
    because(&w->plan->sessions,
            "At %.0f nm only %.0f %% of the coloured pigment absorbs: the range takes for granted that the "
            "rest is "
            "given its own wavelength in time.",
            fl_as_nm(physics->wavelength), 100.0 * physics->target_share);
}

void fl_work_forecast(fl_work *w)
{
    fl_plan_sessions *s = &w->plan->sessions;
    fl_estimate estimate = {0};
    const bool scored = score(w, &estimate);
    const fl_series *series = series_of(w);
    if (!series) {
        because(s, "No series of this work was found, so no honest range can be given; test spots decide.");
        return;
    }
    s->known = true;
    s->low = series->low;
    s->likely = series->likely;
    s->high = series->high;
    because(s, "%s %s", series->text, series->source);
    widen(w, series, &estimate, scored);
    fade_goal(w);
    if (s->likely > s->high) s->high = s->likely + 1;
    model(w);
    if (scored)
        because(s,
                "Kirby-Desai score %d (%d to %d, about %d with picosecond pulses); it overstates "
                "micropigmentation.",
                estimate.score, estimate.low, estimate.high, estimate.picosecond_adjusted);
    partly_reached(w);
    because(s, "Each read narrows this range; nobody can promise a number.");
}
