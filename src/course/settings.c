/* Settings: every head and spot that could be meant, each allowed or not, each with its reason; physics for
 * all of them, so that a refusal shows what it spares.
 *
 * Rules bar first (skin type, procedure, clearance, reads), then limits (device, rules), then physics
 * (physics.c). The lowest of the three limits is the limit, and the setting says whose it is.
 */
#include "work.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Heavier reasons stand before lighter ones; when there is no room the lightest goes. */
void fl_work_why(fl_plan_setting *s, fl_plan_rank rank, const char *code, const char *text,
                 const char *change)
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
    fl_work_why(s, FL_RANK_REFUSE, code, text, change);
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
        fl_work_why(s, FL_RANK_CAUTION, "clearance-not-stated",
                    "The device file does not state a clearance for this ink.",
                    "The clearance, from the label.");
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
    if (read.passed) ws->begin = read.highest, ws->proven = read.lightened;
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
        fl_work_why(s, FL_RANK_CAUTION, "planned-from-memory", text, NULL);
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
    fl_work_why(s, FL_RANK_CAUTION, "read-low", text,
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
        /* What physics opens comes before what a read alone has opened. */
        const bool open = w->settings[i].physics.window == FL_WINDOW_OPEN,
                   had = w->settings[best].physics.window == FL_WINDOW_OPEN;
        if (open != had) {
            if (open) best = (int)i;
            continue;
        }
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

/* What others set for this work at this wavelength, and why we do not, when we do not. */
static void say_seen(fl_work *w)
{
    if (w->plan->chosen < 0) return;
    const fl_plan_setting *s = &w->plan->settings[w->plan->chosen];
    for (size_t i = 0; i < w->rules->settings_seen_count; i++) {
        const fl_seen *seen = &w->rules->settings_seen[i];
        bool ours = fl_whole_nm(seen->wavelength) == fl_whole_nm(s->wavelength);
        bool named = false;
        for (size_t k = 0; k < seen->procedures_count; k++)
            named |= fl_text_same(seen->procedures[k], w->procedure->id);
        if (!ours || !named) continue;
        const bool below = s->start.J_m2<seen->low.J_m2, above = s->start.J_m2> seen->high.J_m2;
        fl_plan_reason *reason = fl_plan_say(
            w->plan, FL_RANK_INFO, "settings-seen",
            "Published at %.0f nm: %.2f to %.2f J/cm2 (%s). %.2f lies %s.", fl_as_nm(s->wavelength),
            fl_as_J_cm2(seen->low), fl_as_J_cm2(seen->high), seen->text, fl_as_J_cm2(s->start),
            below
                ? "below: the highest start here is set by the skin's accepted risk, the device or the rules"
            : above ? "above"
                    : "inside");
        snprintf(reason->change, sizeof reason->change, "%s",
                 below ? "A test spot shows what this skin bears and this ink needs." : "");
    }
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
    fl_status status = fl_work_physics(w);
    if (status != FL_OK) return status;
    w->plan->chosen = choose(w);
    if (w->plan->chosen >= 0) w->spot = w->plan->settings[w->plan->chosen].spot;
    say_wishes(w);
    say_barred(w);
    say_runner_up(w);
    say_what_matters(w);
    say_seen(w);
    return fl_work_alternatives(w);
}
