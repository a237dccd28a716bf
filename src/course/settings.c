/* Settings: every head and spot that could be meant, each allowed or not, each with its reason; physics for
 * all of them, so that a refusal shows what it spares.
 *
 * Rules bar first (skin type, procedure, clearance, reads), then limits (device, rules), then physics
 * (planner). The lowest of the three limits is the limit, and the setting says whose it is.
 */
#include "work.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Heavier reasons stand before lighter ones; when there is no room the lightest goes. */
static void why(fl_plan_setting *s, fl_plan_rank rank, const char *code, const char *text, const char *change)
{
    size_t at = s->reason_count;
    while (at > 0 && s->reasons[at - 1].rank < rank) at--;
    if (at == FL_PLAN_WHY) return;
    if (s->reason_count < FL_PLAN_WHY) s->reason_count++;
    memmove(&s->reasons[at + 1], &s->reasons[at], (s->reason_count - 1 - at) * sizeof s->reasons[0]);
    fl_plan_reason *reason = &s->reasons[at];
    *reason = (fl_plan_reason){.rank = rank};
    snprintf(reason->code, sizeof reason->code, "%s", code);
    snprintf(reason->text, sizeof reason->text, "%s", text);
    snprintf(reason->change, sizeof reason->change, "%s", change ? change : "");
}

static void bar(fl_work_setting *ws, fl_plan_setting *s, const char *code, const char *text,
                const char *change)
{
    ws->barred = true;
    why(s, FL_RANK_REFUSE, code, text, change);
}

static const fl_wavelength_rule *rule_for(const fl_wavelength_rule *rows, size_t count,
                                          fl_wavelength wavelength)
{
    for (size_t i = 0; i < count; i++)
        if (fl_whole_nm(rows[i].wavelength) == fl_whole_nm(wavelength)) return &rows[i];
    return NULL;
}

/* True when a row of the rules lets this skin and ink have the wavelength; else the setting is barred and
 * says so. */
static bool permits(const fl_work *w, const fl_wavelength_rule *rule, fl_work_setting *ws, fl_plan_setting *s)
{
    const char *code = rule->code ? rule->code : "wavelength-not-allowed";
    const char *text = rule->why_not ? rule->why_not : "The rules do not allow this wavelength here.";
    if (!(rule->skin_types & 1u << w->skin.planned_as)) {
        bar(ws, s, code, text, rule->change);
    } else if (rule->untanned == FL_YES && w->tanned) {
        bar(ws, s, "tan", "Not while a tan is known or suspected: tanned skin takes the light meant for ink.",
            "When the tan has faded; score and measure the skin again then.");
    } else if (rule->colours && !(rule->colours & w->body->ink.colours)) {
        bar(ws, s, code, text, rule->change);
    } else {
        return true;
    }
    return false;
}

static void judge_rules(const fl_work *w, fl_work_setting *ws, fl_plan_setting *s)
{
    const fl_wavelength_rule *skin =
        rule_for(w->rules->wavelengths, w->rules->wavelengths_count, s->wavelength);
    ws->rule = rule_for(w->procedure->wavelengths, w->procedure->wavelengths_count, s->wavelength);
    if (!skin || !ws->rule) {
        bar(ws, s, "wavelength-not-listed", "The rules name no such wavelength for this work.",
            "A row in the rule file, signed.");
        return;
    }
    if (!permits(w, skin, ws, s) || !permits(w, ws->rule, ws, s)) return;
    ws->test_only = skin->test_only == FL_YES || ws->rule->test_only == FL_YES;
}

/* One of the ink's colours must be among those the head is cleared for, on this skin type. */
static void judge_clearance(const fl_work *w, fl_work_setting *ws, fl_plan_setting *s)
{
    bool cleared = false, stated = false;
    for (int colour = 1; colour < 32; colour++) {
        if (!(w->body->ink.colours & 1u << colour)) continue;
        const fl_answer answer = fl_device_is_cleared(ws->head, (fl_colour)colour, w->skin.planned_as);
        cleared |= answer == FL_YES;
        stated |= answer != FL_NOT_STATED;
    }
    if (cleared) return;
    if (stated)
        bar(ws, s, "device-clearance", "The device is not cleared for this ink colour on this skin type.",
            "Another head, or another device.");
    else
        why(s, FL_RANK_CAUTION, "clearance-not-stated",
            "The device file does not state a clearance for this ink.", "The clearance, from the label.");
}

static void judge_reads(const fl_work *w, fl_work_setting *ws, fl_plan_setting *s)
{
    char text[FL_PLAN_LINE];
    const fl_work_read read = fl_work_read_of(w, s->wavelength, s->spot);
    if (read.dark) {
        snprintf(text, sizeof text, "Test spot %s turned darker at this setting.", read.id);
        bar(ws, s, "test-darker", text, "Another wavelength, after a test spot of its own.");
    } else if (read.harmed) {
        snprintf(text, sizeof text, "Test spot %s changed the skin or the hair at this setting.", read.id);
        bar(ws, s, "test-harmed", text, "A physician has looked at it.");
    }
    ws->passed = read.passed;
    if (read.passed) ws->begin = read.highest;
}

/* Who may use a number from memory: nobody, until a person has read it off the label. */
static void judge_sureness(fl_work *w, fl_work_setting *ws, fl_plan_setting *s, const fl_head_limits *limits)
{
    char text[FL_PLAN_LINE];
    fl_text line = fl_text_in(text, sizeof text);
    if (limits->open_count) {
        for (size_t i = 0; i < limits->open_count; i++)
            fl_text_add(&line, "%s%s", i ? ", " : "Numbers from memory that nobody confirmed: ",
                        fl_head_fact_key(limits->open[i]));
        fl_text_add(&line, ".");
        bar(ws, s, "device-number-unconfirmed", text, "Read the label, then: fadeline devices confirm");
        return;
    }
    for (int fact = 0; fact < FL_HEAD_FACTS; fact++) {
        const fl_provenance *from = &ws->head->facts[fact];
        if (!from->stated || from->sureness < FL_SURE_MEMORY || !from->confirmed_by) continue;
        char day[11];
        snprintf(
            text, sizeof text, "Planned with numbers from memory of %s %s, confirmed by %s from '%s' on %s.",
            w->in->device->maker, w->in->device->model, from->confirmed_by,
            from->confirmed_document ? from->confirmed_document : "-", fl_date_text(from->confirmed_on, day));
        if (!fl_plan_reason_of(w->plan, "planned-from-memory"))
            fl_plan_say(w->plan, FL_RANK_CAUTION, "planned-from-memory", "%s", text);
        why(s, FL_RANK_CAUTION, "planned-from-memory", text, NULL);
        return;
    }
}

static void find_limit(fl_work *w, fl_work_setting *ws, fl_plan_setting *s)
{
    fl_error error;
    fl_head_limits limits;
    if (fl_device_head_limits(ws->head, s->spot, &limits, &error) != FL_OK) {
        bar(ws, s, error.code[0] ? error.code : "device-limits-unknown", error.what, error.hint);
        return;
    }
    s->rate = limits.rate_max;
    judge_sureness(w, ws, s, &limits);
    const fl_fluence_rule *rule =
        fl_fluence_for(w->in->book, w->procedure, s->wavelength, w->skin.planned_as);
    ws->limit = limits.fluence_max;
    ws->limited_by = FL_LIMIT_DEVICE;
    if (!rule) {
        if (!ws->barred)
            bar(ws, s, "no-limit-for-type", "The rules give no fluence for this wavelength and skin type.",
                "A row in the rule file, signed.");
        return;
    }
    if (rule->max.J_m2 < ws->limit.J_m2) {
        ws->limit = rule->max;
        ws->limited_by = FL_LIMIT_PROFILE;
    }
    if (!ws->passed || rule->start.J_m2 < ws->begin.J_m2) ws->begin = rule->start;
}

/* A session that took little is no reason for more: the start stays where it was. */
static void hold_begin(const fl_work *w, fl_work_setting *ws, fl_plan_setting *s)
{
    char text[FL_PLAN_LINE];
    const fl_fluence used = fl_work_low_at(w, s->wavelength);
    if (!(used.J_m2 > 0) || !(ws->begin.J_m2 > used.J_m2)) return;
    ws->begin = used;
    snprintf(text, sizeof text, "Starts no higher than %.2f J/cm2, where a session gave a low read.",
             fl_as_J_cm2(used));
    why(s, FL_RANK_CAUTION, "read-low", text,
        "The cause of the low read; more only after test spots of its own.");
}

static void add_setting(fl_work *w, const fl_device_head *head, fl_length spot)
{
    fl_plan *plan = w->plan;
    if (plan->setting_count == FL_PLAN_SETTINGS)
        return; /* heads and spots are few; the procedure's come first */
    fl_work_setting *ws = &w->settings[plan->setting_count];
    fl_plan_setting *s = &plan->settings[plan->setting_count++];
    *ws = (fl_work_setting){.head = head, .preferred = fl_whole_um(spot) == fl_whole_um(w->procedure->spot)};
    *s = (fl_plan_setting){
        .wavelength = head->wavelength, .pulse = head->pulses[0], .spot = spot, .passes = 1};
    snprintf(s->head, sizeof s->head, "%s", head->id);
    s->rate = (fl_rate){1.0};
    judge_rules(w, ws, s);
    judge_clearance(w, ws, s);
    judge_reads(w, ws, s);
    find_limit(w, ws, s);
    hold_begin(w, ws, s);
}

static void add_head(fl_work *w, const fl_device_head *head)
{
    if (head->tattoo_use == FL_NO || !head->pulses_count) return;
    for (size_t i = 0; i < w->procedure->spots_count; i++)
        if (fl_device_head_has_spot(head, w->procedure->spots[i]))
            add_setting(w, head, w->procedure->spots[i]);
}

/* In the procedure's order of choice, then whatever else the device has. */
static void list_settings(fl_work *w)
{
    const fl_device *device = w->in->device;
    for (size_t i = 0; i < w->procedure->wavelengths_count; i++)
        for (size_t k = 0; k < device->heads_count; k++)
            if (fl_whole_nm(device->heads[k].wavelength) ==
                fl_whole_nm(w->procedure->wavelengths[i].wavelength))
                add_head(w, &device->heads[k]);
    for (size_t k = 0; k < device->heads_count; k++)
        if (!rule_for(w->procedure->wavelengths, w->procedure->wavelengths_count,
                      device->heads[k].wavelength))
            add_head(w, &device->heads[k]);
}

static fl_plan_band band(fl_planner_band b)
{
    return (fl_plan_band){b.median, b.p05, b.p95};
}

/* A chance is kept to six digits: what follows is the machine's, not the skin's. */
static double chance(double p)
{
    return p < 0 ? 0 : p > 1 ? 1 : round(p * 1e6) / 1e6;
}

/* A read that passed is evidence that physics did not have: it opens a window that physics leaves to test
 * spots, or closes, up to the fluence that passed and never above what the skin bears at the risk of a test
 * spot. */
static void open_by_read(const fl_work_setting *ws, fl_plan_setting *s, const fl_setting *found)
{
    fl_fluence most = ws->begin.J_m2 < ws->limit.J_m2 ? ws->begin : ws->limit;
    if (found->bearable_test.J_m2 < most.J_m2) most = found->bearable_test;
    s->start = s->high = fl_work_down(most);
    s->low = s->start;
    s->allowed = s->start.J_m2 > 0;
    s->injury_probability = chance(fl_setting_injury_at(found, s->start));
    s->effect_probability = chance(fl_setting_effect_at(found, s->start));
    why(s, FL_RANK_CAUTION, "read-passed",
        "A test spot passed here: allowed up to its fluence, though physics alone "
        "would not open the window.",
        "");
}

static void take_window(fl_work_setting *ws, fl_plan_setting *s, const fl_setting *found)
{
    const bool open = found->window == FL_WINDOW_OPEN;
    if (!open && ws->passed) {
        open_by_read(ws, s, found);
    } else if (found->window == FL_WINDOW_CLOSED) {
        return;
    } else {
        s->low = fl_work_up(open ? found->low : found->test_start);
        s->high = fl_work_down(open ? found->high : found->test_high);
        s->start = fl_work_down(open ? found->start : found->test_start);
        if (s->low.J_m2 > s->high.J_m2) s->low = s->high;
        s->allowed = open && (!ws->test_only || ws->passed);
    }
    if (!(s->start.J_m2 > 0)) {
        s->allowed = false;
        return;
    }
    s->has_fluence = true;
    s->energy = fl_work_energy(s->start, s->spot);
    snprintf(s->limited_by, sizeof s->limited_by, "%s", fl_planner_limit_word(found->limited_by));
    if (!open && !s->allowed) snprintf(s->limited_by, sizeof s->limited_by, "physics");
    if (ws->test_only && !ws->passed)
        why(s, FL_RANK_CAUTION, "test-only", "The rules allow test spots alone here until a read has passed.",
            "A read that passed.");
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
    s->ink_input_count = take_inputs(s->ink_inputs, found->effect_inputs);
    s->skin_input_count = take_inputs(s->skin_inputs, found->injury_inputs);
    for (unsigned i = 0; i < found->reason_count; i++)
        why(s, found->window == FL_WINDOW_CLOSED ? FL_RANK_REFUSE : FL_RANK_CAUTION, found->reasons[i].code,
            found->reasons[i].text, found->reasons[i].change);
    if (isfinite(found->rate.Hz) && found->rate.Hz > 0 && found->rate.Hz < s->rate.Hz) s->rate = found->rate;
    if (found->passes > 1) s->passes = found->passes;
    if (!ws->barred) take_window(ws, s, found);
}

static unsigned processors(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > FL_PLANNER_THREADS ? FL_PLANNER_THREADS : (unsigned)count;
}

static fl_status run_head(fl_work *w, const fl_device_head *head)
{
    if (!head->pulses_count) return FL_OK; /* no pulse length, no setting: add_head left it out */
    fl_planner_request request = fl_planner_request_default();
    size_t at[FL_PLANNER_SPOTS];
    request.site = w->site;
    request.skin_type = fl_planner_skin_type_find(w->in->library, w->skin.planned_as);
    request.tan_factor = w->tanned ? w->rules->skin.tan_factor : 1.0;
    request.ink = w->ink;
    request.cover = w->cover;
    request.geometry = w->geometry;
    request.scar = w->procedure->in_scar == FL_YES;
    request.wavelength = head->wavelength;
    request.pulse = head->pulses[0];
    request.crest = head->shape == FL_DEVICE_TOP_HAT ? 1.0 : 2.0;
    request.rate_max = head->rate_max;
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
    for (size_t i = 0; i < w->plan->setting_count && request.spot_count < FL_PLANNER_SPOTS; i++) {
        const fl_work_setting *ws = &w->settings[i];
        if (ws->head != head || !(ws->limit.J_m2 > 0)) continue;
        at[request.spot_count] = i;
        request.spots[request.spot_count++] = (fl_planner_spot){.spot = w->plan->settings[i].spot,
                                                                .limit = ws->limit,
                                                                .limited_by = ws->limited_by,
                                                                .begin = ws->begin};
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

static bool better(const fl_work *w, size_t a, size_t b)
{
    const fl_work_setting *x = &w->settings[a], *y = &w->settings[b];
    if (x->passed != y->passed) return x->passed;
    if (x->preferred != y->preferred) return x->preferred;
    return w->plan->settings[a].effect_probability > w->plan->settings[b].effect_probability;
}

static bool wished(const fl_work *w, fl_wavelength wavelength)
{
    for (size_t i = 0; i < w->body->wishes_count; i++)
        if (fl_whole_nm(w->body->wishes[i].wavelength) == fl_whole_nm(wavelength)) return true;
    return false;
}

/* The first wavelength, in the procedure's order, that has an allowed setting; a wish that is allowed comes
 * before that order, and a read that passed before a wish. -1: none. */
static int choose(const fl_work *w)
{
    int best = -1;
    for (size_t i = 0; i < w->plan->setting_count; i++) {
        if (!w->plan->settings[i].allowed) continue;
        if (best < 0) {
            best = (int)i;
            continue;
        }
        const fl_wavelength mine = w->plan->settings[i].wavelength,
                            other = w->plan->settings[best].wavelength;
        const bool same = fl_whole_nm(mine) == fl_whole_nm(other);
        const bool wish =
            wished(w, mine) && !wished(w, other) && w->settings[i].passed >= w->settings[best].passed;
        const bool read = w->settings[i].passed && !w->settings[best].passed;
        if (same ? better(w, i, (size_t)best) : wish || read) best = (int)i;
    }
    return best;
}

static void say_wishes(fl_work *w)
{
    for (size_t i = 0; i < w->body->wishes_count; i++) {
        const fl_wavelength wavelength = w->body->wishes[i].wavelength;
        const fl_plan_setting *refused = NULL;
        bool allowed = false;
        for (size_t k = 0; k < w->plan->setting_count; k++) {
            const fl_plan_setting *s = &w->plan->settings[k];
            if (fl_whole_nm(s->wavelength) != fl_whole_nm(wavelength)) continue;
            allowed |= s->allowed;
            if (!s->allowed && s->reason_count) refused = s;
        }
        if (allowed) continue;
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_CAUTION, "setting-refused",
                        "%.0f nm was asked for and is refused, the client is not: %s", fl_as_nm(wavelength),
                        refused ? refused->reasons[0].text : "this device does not have it.");
        snprintf(reason->change, sizeof reason->change, "%s", refused ? refused->reasons[0].change : "");
    }
}

/* Once a wavelength: why it is not used, for people who read no tables. */
static void say_barred(fl_work *w)
{
    for (size_t i = 0; i < w->plan->setting_count; i++) {
        const fl_plan_setting *s = &w->plan->settings[i];
        bool said = false, other_allowed = false;
        for (size_t k = 0; k < w->plan->setting_count; k++) {
            const bool same = fl_whole_nm(w->plan->settings[k].wavelength) == fl_whole_nm(s->wavelength);
            said |= same && k < i;
            other_allowed |= same && w->plan->settings[k].has_fluence;
        }
        if (said || other_allowed || !s->reason_count) continue;
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_INFO, s->reasons[0].code, "%.0f nm is not used: %s",
                        fl_as_nm(s->wavelength), s->reasons[0].text);
        snprintf(reason->change, sizeof reason->change, "%s", s->reasons[0].change);
    }
}

/* The next best setting, and what it lost by. */
static void say_runner_up(fl_work *w)
{
    const fl_plan *plan = w->plan;
    if (plan->chosen < 0) return;
    const fl_plan_setting *best = &plan->settings[plan->chosen];
    int next = -1;
    for (size_t i = 0; i < plan->setting_count; i++) {
        if ((int)i == plan->chosen || !plan->settings[i].allowed || !plan->settings[i].has_physics) continue;
        /* Another wavelength tells more than another spot: it is what a technician would ask about. */
        const bool other = fl_whole_nm(plan->settings[i].wavelength) != fl_whole_nm(best->wavelength);
        const bool had =
            next >= 0 && fl_whole_nm(plan->settings[next].wavelength) != fl_whole_nm(best->wavelength);
        if (next < 0 || (other && !had) || (other == had && better(w, i, (size_t)next))) next = (int)i;
    }
    if (next < 0 || !best->has_physics) return;
    const fl_plan_setting *lost = &plan->settings[next];
    const bool weaker = lost->effect_probability < best->effect_probability - 0.005;
    fl_plan_say(w->plan, FL_RANK_INFO, "runner-up",
                "Next best: %.0f nm, %.1f mm at %.2f J/cm2, limited by %s: effect likely in %.0f %% against "
                "%.0f %%, harm in "
                "%.1f %% against %.1f %%. It lost %s.",
                fl_as_nm(lost->wavelength), fl_as_mm(lost->spot), fl_as_J_cm2(lost->start), lost->limited_by,
                100.0 * lost->effect_probability, 100.0 * best->effect_probability,
                100.0 * lost->injury_probability, 100.0 * best->injury_probability,
                weaker ? "by its chance of an effect" : "because the procedure puts the chosen one first");
}

static void name_inputs(fl_text *text, const fl_planner_input *inputs)
{
    for (int i = 0; i < FL_PLANNER_INPUTS && inputs[i].name; i++)
        fl_text_add(text, "%s%s (%.0f %%)", i ? ", " : "", inputs[i].name, 100.0 * inputs[i].share);
}

/* What it would be worth to know better, of the chosen setting. */
static void say_what_matters(fl_work *w)
{
    if (w->plan->chosen < 0 || !w->settings[w->plan->chosen].has_physics) return;
    const fl_setting *physics = &w->settings[w->plan->chosen].physics;
    char room[FL_PLAN_LINE];
    fl_text text = fl_text_in(room, sizeof room);
    fl_text_add(&text, "Most of the spread comes, for the ink, from ");
    name_inputs(&text, physics->effect_inputs);
    fl_text_add(&text, "; for the skin, from ");
    name_inputs(&text, physics->injury_inputs);
    fl_plan_reason *reason = fl_plan_say(w->plan, FL_RANK_INFO, "what-matters-most", "%s.", room);
    snprintf(reason->change, sizeof reason->change, "%s",
             "A test spot measures what ink and skin do together; a colour meter (ITA) narrows the melanin.");
}

fl_status fl_work_settings(fl_work *w)
{
    w->spot = w->procedure->spot;
    if (!w->skin.planned_as) return FL_OK; /* no type, no settings: the skin step has said so */
    list_settings(w);
    const fl_device *device = w->in->device;
    for (size_t i = 0; i < device->heads_count; i++) {
        fl_status status = run_head(w, &device->heads[i]);
        if (status != FL_OK) return status;
    }
    w->plan->chosen = choose(w);
    if (w->plan->chosen >= 0) w->spot = w->plan->settings[w->plan->chosen].spot;
    say_wishes(w);
    say_barred(w);
    say_runner_up(w);
    say_what_matters(w);
    return FL_OK;
}
