#include "fadeline/course/course.h"

#include "work.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HUNDREDTH_J_CM2 100.0 /* J/m2 in 0.01 J/cm2: people set and read two decimals */

/* A hair is forgiven, so that 1.59 stays 1.59 and does not become 1.58. */
fl_fluence fl_work_down(fl_fluence fluence)
{
    return (fl_fluence){floor(fluence.J_m2 / HUNDREDTH_J_CM2 + 1e-6) * HUNDREDTH_J_CM2};
}

fl_fluence fl_work_up(fl_fluence fluence)
{
    return (fl_fluence){ceil(fluence.J_m2 / HUNDREDTH_J_CM2 - 1e-6) * HUNDREDTH_J_CM2};
}

fl_energy fl_work_energy(fl_fluence fluence, fl_length spot)
{
    return (fl_energy){(double)fl_whole_uJ(fl_energy_of(fluence, spot)) * 1e-6};
}

void fl_course_physics_free(fl_course_physics *physics)
{
    if (!physics) return;
    for (size_t i = 0; i < physics->count; i++) fl_planner_answer_free(physics->answers[i]);
    physics->count = 0;
}

static fl_status unknown(fl_work *w, const char *what, const char *id, const char *where)
{
    fl_error_set(w->error, FL_E_FILE, "the case names the %s '%s', which is not there", what, id ? id : "-");
    if (w->error) {
        fl_error_at(w->error, fl_yaml_path(w->in->c->file), 0, 0);
        fl_error_hint(w->error, "they stand in %s", where);
    }
    return FL_E_FILE;
}

fl_status fl_work_look_up(fl_work *w)
{
    const fl_case_body *body = w->body;
    w->procedure = fl_procedure_find(w->in->book, body->procedure);
    if (!w->procedure) return unknown(w, "procedure", body->procedure, "profiles/procedures.yaml");
    w->site = fl_planner_site_find(w->in->library, body->site);
    if (!w->site) return unknown(w, "site", body->site, "profiles/sites.yaml");
    w->ink = body->ink.id ? fl_planner_ink_find(w->in->library, body->ink.id) : NULL;
    if (!w->ink && body->ink.id) return unknown(w, "ink", body->ink.id, "profiles/inks.yaml");
    w->cover = body->ink.cover ? fl_planner_ink_find(w->in->library, body->ink.cover) : NULL;
    if (body->ink.cover && !w->cover)
        return unknown(w, "covering ink", body->ink.cover, "profiles/inks.yaml");
    const char *geometry = body->ink.geometry ? body->ink.geometry : w->procedure->geometry;
    w->geometry = fl_planner_geometry_find(w->in->library, geometry);
    if (!w->geometry) return unknown(w, "ink geometry", geometry, "profiles/inks.yaml");
    return FL_OK;
}

/* The last two parts of a path: the same on every machine. */
static const char *tail(const char *path)
{
    const char *cut = path;
    int slashes = 0;
    for (const char *p = path + strlen(path); p > path; p--)
        if (p[-1] == '/' && ++slashes == 2) {
            cut = p;
            break;
        }
    return cut;
}

/* Everything the plan depends on, so that the same inputs and nothing else give the same id. */
static void identify(fl_work *w)
{
    fl_plan *plan = w->plan;
    const fl_course_inputs *in = w->in;
    uint8_t library[FL_SHA256_SIZE], digest[FL_SHA256_SIZE];
    fl_planner_library_sha256(in->library, library);
    char day[11], tailtext[160];
    snprintf(tailtext, sizeof tailtext, "fadeline plan/1\nvariant %s\ndate %s\nseed %llu\n", in->c->variant,
             fl_date_text(w->date, day), (unsigned long long)in->seed);
    static const uint8_t nobody[FL_SHA256_SIZE];
    const fl_piece pieces[] = {
        {tailtext, strlen(tailtext)},
        {in->c->sha256, FL_SHA256_SIZE},
        {in->device->sha256, FL_SHA256_SIZE},
        {in->device->confirmed ? fl_yaml_sha256(in->device->confirmed) : nobody, FL_SHA256_SIZE},
        {fl_yaml_sha256(in->book->rules_file), FL_SHA256_SIZE},
        {fl_yaml_sha256(in->book->procedures_file), FL_SHA256_SIZE},
        {library, FL_SHA256_SIZE},
    };
    fl_sha256_pieces(pieces, sizeof pieces / sizeof *pieces, digest);
    fl_hex(digest, FL_SHA256_SIZE, plan->inputs_sha256);
    snprintf(plan->plan_id, sizeof plan->plan_id, "P-%.16s", plan->inputs_sha256);
    fl_hex(in->device->sha256, FL_SHA256_SIZE, plan->device_sha256);
    fl_hex(fl_yaml_sha256(in->book->rules_file), FL_SHA256_SIZE, plan->rules.sha256);
    snprintf(plan->rules.file, sizeof plan->rules.file, "%s", tail(fl_yaml_path(in->book->rules_file)));
    snprintf(plan->rules.version, sizeof plan->rules.version, "%.47s", w->rules->version);
    snprintf(plan->device, sizeof plan->device, "%.47s", in->device->id);
    snprintf(plan->client, sizeof plan->client, "%.47s", w->body->client);
    snprintf(plan->procedure, sizeof plan->procedure, "%.47s", w->body->procedure);
    snprintf(plan->variant, sizeof plan->variant, "%.47s", in->c->variant);
    snprintf(plan->goal, sizeof plan->goal, "%.359s", w->body->goal.text ? w->body->goal.text : "");
    plan->date = w->date;
    plan->seed = in->seed;
}

/* When nothing can be chosen and nothing tested, physics or limits have said no, and the plan says which. */
static void say_no_setting(fl_work *w)
{
    const fl_plan *plan = w->plan;
    if (!w->skin.planned_as || plan->chosen >= 0 || plan->test_spots.grid_count || plan->test_spots.required)
        return;
    bool zone_left = false, usable = false;
    for (size_t i = 0; i < plan->zone_count; i++) zone_left |= !w->zones[i].shut;
    for (size_t i = 0; i < plan->setting_count; i++) usable |= plan->settings[i].has_fluence;
    if (usable && !zone_left) return; /* it is the zones that say no, and they have said so */
    const fl_plan_reason *first = NULL;
    for (size_t i = 0; i < plan->setting_count && !first; i++)
        if (plan->settings[i].reason_count) first = &plan->settings[i].reasons[0];
    char text[FL_PLAN_LINE], change[FL_PLAN_LINE];
    snprintf(text, sizeof text, "%s", first ? first->text : "the device has no spot that the rules name.");
    snprintf(change, sizeof change, "%s", first ? first->change : "Another device.");
    fl_plan_reason *reason = fl_plan_say(w->plan, FL_RANK_REFUSE, "no-setting",
                                         "No setting of this device can be used: %.300s", text);
    snprintf(reason->change, sizeof reason->change, "%s", change);
}

static fl_plan_verdict verdict_of(const fl_work *w)
{
    const fl_plan *plan = w->plan;
    const fl_plan_rank heaviest = plan->reason_count ? plan->reasons[0].rank : FL_RANK_NONE;
    switch (heaviest) {
    case FL_RANK_REFUSE: return FL_VERDICT_REFUSE;
    case FL_RANK_CLEARANCE: return FL_VERDICT_CLEARANCE;
    case FL_RANK_DEFER: return FL_VERDICT_DEFER;
    default: break;
    }
    if (w->read_needed && !w->read_passed) return FL_VERDICT_TEST_FIRST;
    bool resting = false;
    for (size_t i = 0; i < plan->zone_count; i++) resting |= plan->zones[i].locked && !w->zones[i].shut;
    bool open = false;
    for (size_t i = 0; i < plan->zone_count; i++) open |= !plan->zones[i].locked;
    return resting && !open ? FL_VERDICT_DEFER : FL_VERDICT_PLAN;
}

static void set_next(fl_work *w)
{
    fl_plan *plan = w->plan;
    const fl_interval_rule *interval =
        fl_interval_for(w->procedure->intervals, w->procedure->intervals_count, w->skin.planned_as);
    if (interval)
        fl_plan_say(plan, FL_RANK_INFO, "interval", "Between sessions %d to %d weeks.",
                    interval->min_days / 7, interval->max_days / 7);
    bool dated = true;
    switch (plan->verdict) {
    case FL_VERDICT_PLAN:
        if (interval) {
            /* several passes in a day want eight weeks (users reference, Q) */
            const int rest = fl_work_passes(w) > 1 && interval->min_days < 56 ? 56 : interval->min_days;
            plan->next_not_before = fl_date_add_days(w->date, rest);
        }
        break;
    case FL_VERDICT_TEST_FIRST:
        plan->next_not_before = fl_date_is_set(plan->test_spots.place_not_before)
                                    ? plan->test_spots.place_not_before
                                    : plan->test_spots.read_not_before;
        break;
    case FL_VERDICT_DEFER:
        for (size_t i = 0; i < plan->reason_count; i++)
            if (plan->reasons[i].rank == FL_RANK_DEFER && !fl_date_is_set(plan->reasons[i].until))
                dated = false;
        for (size_t i = 0; i < plan->zone_count; i++)
            if (!w->zones[i].shut) w->earliest = fl_date_later(w->earliest, w->zones[i].rests);
        if (dated) plan->next_not_before = w->earliest;
        break;
    default: break;
    }
    if (plan->verdict == FL_VERDICT_REFUSE)
        fl_plan_say(
            plan, FL_RANK_INFO, "refusal-sheet",
            "Print the refusal sheet: what was asked, why not, what would change it, and whom to see.");
}

/* Sentences about an open window: what it ends at, what could be used instead. Those about a closed one are
 * the very reason of a refusal and stay. */
static bool names_fluence(const fl_plan_reason *reason)
{
    static const char *const codes[] = {"runner-up",         "settings-seen",    "window-test-only",
                                        "limited-by-device", "limited-by-rules", "limited-by-physics",
                                        "limited-by-heat"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (fl_text_same(reason->code, codes[i])) return true;
    return false;
}

/* A refusal is kept and its numbers are not. */
static void shorten_refusal(fl_plan_reason *reason)
{
    static const char *const codes[] = {"no-window", "limit-below-need", "no-setting", "ink-not-reached"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (fl_text_same(reason->code, codes[i]) && strstr(reason->text, " J/cm2"))
            snprintf(reason->text, sizeof reason->text,
                     "What the ink needs here is more than the skin may bear, or than the laser or the rules "
                     "give.");
}

static size_t without_fluence(fl_plan_reason *reasons, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!names_fluence(&reasons[i])) {
            reasons[kept] = reasons[i];
            shorten_refusal(&reasons[kept++]);
        }
    return kept;
}

/* A wish that was refused quotes the reason of its setting. */
static void shorten_wish(fl_plan_reason *reason)
{
    static const char joint[] = "the client is not: ";
    char *quoted = fl_text_same(reason->code, "setting-refused") ? strstr(reason->text, joint) : NULL;
    if (!quoted || !strstr(quoted, " J/cm2")) return;
    quoted += strlen(joint);
    snprintf(quoted, sizeof reason->text - (size_t)(quoted - reason->text), "the plan as a whole says no.");
}

/* A plan that says no carries no number somebody could set, in no field and in no sentence: a fluence on a
 * refused page is a setting for the next person who finds the page. */
static void close_settings(fl_plan *plan)
{
    if (plan->verdict != FL_VERDICT_REFUSE && plan->verdict != FL_VERDICT_CLEARANCE) return;
    plan->chosen = -1;
    plan->test_spots.grid_count = 0;
    plan->reason_count = without_fluence(plan->reasons, plan->reason_count);
    for (size_t i = 0; i < plan->reason_count; i++) shorten_wish(&plan->reasons[i]);
    for (size_t i = 0; i < plan->setting_count; i++) {
        fl_plan_setting *s = &plan->settings[i];
        s->reason_count = without_fluence(s->reasons, s->reason_count);
        if (!s->has_fluence) continue;
        s->allowed = s->has_fluence = s->has_physics = s->has_sides = s->has_hair = false;
        s->limited_by[0] = 0;
        s->ink_input_count = s->skin_input_count = 0;
        if (s->reason_count == FL_PLAN_WHY) s->reason_count--;
        memmove(&s->reasons[1], &s->reasons[0], s->reason_count++ * sizeof s->reasons[0]);
        s->reasons[0] = (fl_plan_reason){.rank = FL_RANK_REFUSE,
                                         .code = "plan-says-no",
                                         .text = "The plan as a whole says no, so it names no fluence.",
                                         .change = "What would change the plan stands with its reasons."};
    }
}

fl_status fl_work_begin(fl_work *w)
{
    fl_status status = fl_work_look_up(w);
    if (status == FL_OK) status = fl_work_skin(w);
    if (status == FL_OK) status = fl_work_ink(w);
    if (status == FL_OK) status = fl_work_zones(w);
    if (status == FL_OK) status = fl_work_history(w);
    if (status == FL_OK) status = fl_work_gates(w);
    if (status == FL_OK) fl_work_conditions(w);
    return status;
}

static fl_status work_through(fl_work *w)
{
    fl_status status = fl_work_begin(w);
    if (status == FL_OK) status = fl_work_settings(w);
    if (status != FL_OK) return status;
    fl_work_pulses(w);
    fl_work_tests(w);
    fl_work_forecast(w);
    fl_work_goal(w);
    fl_work_eyewear(w);
    say_no_setting(w);
    w->plan->verdict = verdict_of(w);
    set_next(w);
    close_settings(w->plan);
    identify(w);
    fl_plan_seal(w->plan);
    return FL_OK;
}

fl_status fl_course_plan(const fl_course_inputs *in, fl_plan *plan, fl_error *error)
{
    FL_ASSERT(in && in->c && in->device && in->book && in->library && plan);
    const fl_date date = fl_date_is_set(in->date) ? in->date : in->c->body.date;
    if (in->seed > INT64_MAX) return fl_error_set(error, FL_E_RANGE, "the seed is larger than 2^63 - 1");
    fl_status status = fl_rulebook_check_date(in->book, date, error);
    if (status != FL_OK) return status;
    if (fl_planner_library_is_expired(in->library, date, error)) {
        if (error) error->status = FL_E_FILE;
        return FL_E_FILE;
    }
    fl_plan *fresh = fl_plan_new();
    fl_work *w = calloc(1, sizeof *w);
    FL_ASSERT(fresh && w);
    *w = (fl_work){.in = in,
                   .body = &in->c->body,
                   .rules = in->book->rules,
                   .date = date,
                   .plan = fresh,
                   .error = error,
                   .earliest = date};
    status = work_through(w);
    if (status == FL_OK) *plan = *fresh;
    free(w);
    fl_plan_free(fresh);
    return status;
}
