/* Physics: what the planner answers for every head, taken into the settings. */
#include "work.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static fl_plan_band band(fl_planner_band b)
{
    return (fl_plan_band){b.median, b.p05, b.p95};
}

/* A chance is kept to six digits: what follows is the machine's, not the skin's. */
static double chance(double p)
{
    return p < 0 ? 0 : p > 1 ? 1 : round(p * 1e6) / 1e6;
}

static void take_window(fl_work_setting *ws, fl_plan_setting *s, const fl_setting *found)
{
    if (found->window == FL_WINDOW_CLOSED) return;
    s->low = fl_work_up(found->allowed ? found->low : found->test_start);
    s->high = fl_work_down(found->allowed ? found->high : found->test_high);
    s->start = fl_work_down(found->allowed ? found->start : found->test_start);
    if (s->low.J_m2 > s->high.J_m2) s->low = s->high;
    s->allowed = found->allowed && (!ws->test_only || ws->passed) && s->start.J_m2 > 0;
    if (!(s->start.J_m2 > 0)) return;
    s->has_fluence = true;
    s->energy = fl_work_energy(s->start, s->spot);
    snprintf(s->limited_by, sizeof s->limited_by, "%s",
             found->window == FL_WINDOW_OPEN ? fl_planner_limit_word(found->limited_by) : "physics");
    if (s->allowed && found->window != FL_WINDOW_OPEN)
        fl_work_why(s, FL_RANK_CAUTION, "read-passed",
                    "A test spot lightened the ink here and harmed nothing: allowed up to its fluence, "
                    "though physics "
                    "alone would leave this setting to test spots.",
                    "");
    if (ws->test_only && !ws->passed)
        fl_work_why(s, FL_RANK_CAUTION, "test-only",
                    "The rules allow test spots alone here until a read has passed.", "A read that passed.");
}

static size_t take_inputs(fl_plan_input *inputs, const fl_planner_input *found)
{
    size_t count = 0;
    for (; count < FL_PLAN_INPUTS && count < FL_PLANNER_INPUTS && found[count].name; count++) {
        snprintf(inputs[count].input, sizeof inputs[count].input, "%s", found[count].name);
        inputs[count].share = chance(found[count].share);
    }
    return count;
}

static double capped(double margin)
{
    return margin < 1e6 ? margin : 1e6;
}

static fl_plan_band margin(fl_planner_band b)
{
    return (fl_plan_band){capped(b.median), capped(b.p05), capped(b.p95)};
}

static void take_sides(fl_plan_setting *s, const fl_setting *found)
{
    s->has_sides = true;
    s->ink_reached = (fl_plan_band){chance(found->ink_reached.median), chance(found->ink_reached.p05),
                                    chance(found->ink_reached.p95)};
    s->burn_probability = chance(found->burn_probability);
    s->plasma_probability = chance(found->plasma_probability);
    s->has_hair = found->hair_shaft_margin.median > 0;
    s->hair_shaft_margin = margin(found->hair_shaft_margin);
    s->hair_bulb_margin = margin(found->hair_bulb_margin);
}

static void take_physics(fl_work *w, size_t at, const fl_setting *found)
{
    fl_work_setting *ws = &w->settings[at];
    fl_plan_setting *s = &w->plan->settings[at];
    ws->physics = *found;
    ws->has_physics = s->has_physics = true;
    s->fluence_at_ink_ratio = band(found->fluence_at_ink_ratio);
    s->fluence_at_basal_ratio = band(found->fluence_at_basal_ratio);
    s->ink_margin = band(found->ink_margin);
    s->epidermis_margin = band(found->epidermis_margin);
    s->injury_probability = chance(found->injury_probability);
    s->effect_probability = chance(found->effect_probability);
    take_sides(s, found);
    s->ink_input_count = take_inputs(s->ink_inputs, found->effect_inputs);
    s->skin_input_count = take_inputs(s->skin_inputs, found->injury_inputs);
    for (unsigned i = 0; i < found->reason_count; i++)
        fl_work_why(s, found->window == FL_WINDOW_CLOSED ? FL_RANK_REFUSE : FL_RANK_CAUTION,
                    found->reasons[i].code, found->reasons[i].text, found->reasons[i].change);
    if (isfinite(found->rate.Hz) && found->rate.Hz > 0 && found->rate.Hz < s->rate.Hz) s->rate = found->rate;
    if (found->passes > 1) s->passes = found->passes;
    if (!ws->barred) take_window(ws, s, found);
}

static unsigned processors(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > FL_PLANNER_THREADS ? FL_PLANNER_THREADS : (unsigned)count;
}

fl_planner_request fl_work_request(const fl_work *w)
{
    fl_planner_request request = fl_planner_request_default();
    request.site = w->site;
    request.skin_type = fl_planner_skin_type_find(w->in->library, w->skin.planned_as);
    request.tan_factor = w->tanned ? w->rules->skin.tan_factor : 1.0;
    request.ink = w->ink;
    request.cover = w->cover;
    request.geometry = w->geometry;
    request.scar = w->procedure->in_scar == FL_YES;
    request.passes_max = w->rules->risk.passes_max;
    request.accepted_risk = w->rules->risk.injury_accepted;
    request.accepted_test_risk = w->rules->risk.test_injury_accepted;
    request.effect_least = w->rules->risk.effect_least;
    request.effect_least_test = w->rules->risk.test_effect_least;
    request.warming_max = w->rules->risk.warming_max;
    request.cooling.W_m2_K = w->rules->risk.cooling_film;
    request.seed = w->in->seed;
    request.draws = (unsigned)w->rules->sampling.draws;
    request.variants = (unsigned)w->rules->sampling.variants;
    request.photons = (unsigned)w->rules->sampling.photons;
    request.threads = w->in->threads ? w->in->threads : processors();
    request.cache = w->in->cache;
    request.cache_secret = w->in->cache_secret;
    return request;
}

void fl_work_request_head(const fl_device_head *head, fl_planner_request *request)
{
    request->wavelength = head->wavelength;
    request->pulse = head->pulses[0]; /* the shortest: it needs least (planner, Ho 2002 as a trend) */
    request->crest = head->shape == FL_DEVICE_TOP_HAT ? 1.0 : 2.0;
    request->rate_max = head->rate_max;
}

static fl_status run_head(fl_work *w, const fl_device_head *head)
{
    if (!head->pulses_count) return FL_OK; /* no pulse length, no setting: add_head left it out */
    const long long nm = fl_whole_nm(head->wavelength);
    if (nm < 532 || nm > 1064) return FL_OK; /* no ink is tabulated there, and no rule lists it */
    fl_planner_request request = fl_work_request(w);
    size_t at[FL_PLANNER_SPOTS];
    fl_work_request_head(head, &request);
    for (size_t i = 0; i < w->plan->setting_count && request.spot_count < FL_PLANNER_SPOTS; i++) {
        const fl_work_setting *ws = &w->settings[i];
        if (ws->head != head || !(ws->limit.J_m2 > 0)) continue;
        at[request.spot_count] = i;
        request.spots[request.spot_count++] = (fl_planner_spot){.spot = w->plan->settings[i].spot,
                                                                .limit = ws->limit,
                                                                .limited_by = ws->limited_by,
                                                                .begin = ws->begin,
                                                                .proven = ws->proven};
    }
    if (!request.spot_count) return FL_OK;
    fl_planner_answer *answer;
    fl_status status = fl_planner_run(&request, &answer, w->error);
    if (status != FL_OK) return status;
    for (unsigned i = 0; i < answer->count; i++) take_physics(w, at[i], &answer->settings[i]);
    if (w->in->physics && w->in->physics->count < FL_PLAN_EYEWEAR)
        w->in->physics->answers[w->in->physics->count++] = answer;
    else
        fl_planner_answer_free(answer);
    return FL_OK;
}

fl_status fl_work_physics(fl_work *w)
{
    const fl_device *device = w->in->device;
    for (size_t i = 0; i < device->heads_count; i++) {
        const fl_status status = run_head(w, &device->heads[i]);
        if (status != FL_OK) return status;
    }
    return FL_OK;
}
