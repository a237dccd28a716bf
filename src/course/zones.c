#include "work.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>

static void lock(fl_plan_zone *zone, const char *why)
{
    if (zone->locked) return; /* the first reason stands */
    zone->locked = true;
    snprintf(zone->reason, sizeof zone->reason, "%s", why);
}

static void shut(fl_work *w, size_t zone, fl_plan_rank by)
{
    w->zones[zone].shut = true;
    if (by > w->zones[zone].shut_by) w->zones[zone].shut_by = by;
}

static const char *region_word(fl_region region)
{
    for (const fl_yaml_choice *choice = fl_region_choices; choice->word; choice++)
        if (choice->value == (int)region) return choice->word;
    return "unknown place";
}

static fl_status unknown_feature(fl_work *w, const char *zone, const char *feature)
{
    fl_error_set(w->error, FL_E_FILE, "zone %s has the feature '%s', which the rules do not know", zone,
                 feature);
    if (w->error) {
        fl_error_at(w->error, fl_yaml_path(w->in->c->file), 0, 0);
        fl_error_hint(w->error, "the features stand in profiles/clinic.yaml");
    }
    return FL_E_FILE;
}

static fl_status see_features(fl_work *w, size_t i)
{
    const fl_case_zone *seen = &w->body->zones[i];
    fl_plan_zone *zone = &w->plan->zones[i];
    for (size_t k = 0; k < seen->features_count; k++) {
        const fl_feature_rule *rule = fl_feature_find(w->rules, seen->features[k]);
        if (!rule) return unknown_feature(w, seen->id, seen->features[k]);
        if (fl_text_same(rule->id, "scar")) w->holds |= 1u << FL_WHEN_SCAR;
        fl_plan_reason *reason =
            fl_plan_say(w->plan, rule->rank, rule->id, "Zone %s: %s", seen->id, rule->text);
        snprintf(reason->change, sizeof reason->change, "%s", rule->change);
        if (rule->locks == FL_YES) {
            lock(zone, rule->text);
            shut(w, i, rule->rank);
        }
    }
    return FL_OK;
}

/* Where a zone lies is said by its id, not by what the form calls the site. */
static void see_region(fl_work *w, size_t i)
{
    fl_plan_zone *zone = &w->plan->zones[i];
    const fl_region region = fl_region_of_zone(w->rules, zone->id);
    w->zones[i].region = region;
    if (region) w->regions |= 1u << region;
    if (region == FL_REGION_SCAR) w->holds |= 1u << FL_WHEN_SCAR;
    if (region && w->procedure->regions & 1u << region) return;
    fl_plan_reason *reason = fl_plan_say(w->plan, FL_RANK_REFUSE, "zone-region",
                                         "Zone %s lies on the %s, and '%s' is not done there.", zone->id,
                                         region_word(region), w->procedure->title);
    snprintf(reason->change, sizeof reason->change,
             "Name the procedure that is done there, or the zone that is meant.");
    lock(zone, "It lies where this procedure is not done.");
    shut(w, i, FL_RANK_REFUSE);
}

static void see_room(fl_work *w)
{
    const fl_case_room *room = &w->body->room;
    for (size_t i = 0; i < w->rules->regions_count; i++) {
        const fl_region_rule *rule = &w->rules->regions[i];
        if (!(w->regions & 1u << rule->region)) continue;
        const bool physician = rule->physician != FL_YES || room->physician == FL_YES;
        if (physician && room->shields >= rule->shields) continue;
        fl_plan_reason *reason = fl_plan_say(w->plan, rule->rank, rule->code, "%s", rule->text);
        snprintf(reason->change, sizeof reason->change, "%s", rule->change);
        if (rule->rank < FL_RANK_DEFER) continue;
        for (size_t k = 0; k < w->plan->zone_count; k++)
            if (w->zones[k].region == rule->region) {
                lock(&w->plan->zones[k], rule->text);
                shut(w, k, rule->rank);
            }
    }
}

static void see_rest(fl_work *w, size_t i)
{
    char day[11];
    fl_plan_zone *zone = &w->plan->zones[i];
    if (!fl_date_is_set(w->zones[i].rests) || zone->locked) return;
    char line[FL_PLAN_LINE];
    snprintf(line, sizeof line, "Treated lately; not before %s.", fl_date_text(w->zones[i].rests, day));
    lock(zone, line);
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "zone-rests",
                    "Zone %s was treated less than %d days ago: nothing there before %s.", zone->id,
                    w->rules->earlier_session_days, fl_date_text(w->zones[i].rests, day));
    reason->until = w->zones[i].rests;
    snprintf(reason->change, sizeof reason->change, "Only time.");
}

fl_status fl_work_zones(fl_work *w)
{
    if (w->body->zones_count > FL_PLAN_ZONES) {
        fl_error_set(w->error, FL_E_FILE, "the case has %zu zones and a plan holds %d", w->body->zones_count,
                     FL_PLAN_ZONES);
        if (w->error) fl_error_hint(w->error, "plan the zones of one session");
        return FL_E_FILE;
    }
    w->plan->zone_count = w->body->zones_count;
    for (size_t i = 0; i < w->body->zones_count; i++) {
        const fl_case_zone *seen = &w->body->zones[i];
        fl_plan_zone *zone = &w->plan->zones[i];
        snprintf(zone->id, sizeof zone->id, "%s", seen->id);
        zone->area = seen->area;
        see_region(w, i);
        if (seen->locked == FL_YES) {
            lock(zone, seen->why ? seen->why : "A person locked it.");
            shut(w, i, FL_RANK_NONE);
        }
        fl_status status = see_features(w, i);
        if (status != FL_OK) return status;
    }
    see_room(w);
    return FL_OK;
}

static double overlap_of(fl_work *w)
{
    const double wanted = isfinite(w->body->overlap) ? w->body->overlap : w->procedure->overlap;
    if (wanted <= w->procedure->overlap_most + 1e-9) return wanted;
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_REFUSE, "overlap-too-large",
                    "An overlap of %.0f %% was asked for; the rules allow %.0f %% for this work.",
                    100 * wanted, 100 * w->procedure->overlap_most);
    snprintf(reason->change, sizeof reason->change, "An overlap of at most %.0f %%.",
             100 * w->procedure->overlap_most);
    return wanted;
}

void fl_work_pulses(fl_work *w)
{
    const double overlap = overlap_of(w);
    for (size_t i = 0; i < w->plan->zone_count; i++) {
        fl_plan_zone *zone = &w->plan->zones[i];
        see_rest(w, i);
        zone->spot = w->spot;
        zone->overlap = overlap;
        fl_coverage coverage;
        if (fl_coverage_of(zone->area, zone->spot, overlap, &coverage) != FL_OK) {
            lock(zone, "Its area, spot and overlap give no pulse count.");
            continue;
        }
        zone->pulses = coverage.pulses;
        if (!zone->locked) zone->budget = fl_budget_of(zone->pulses * fl_work_passes(w), &w->rules->budget);
    }
    fl_work_drawn(w);
    bool open = false, told = false;
    for (size_t i = 0; i < w->plan->zone_count; i++) {
        open |= !w->zones[i].shut;
        told |= w->zones[i].shut_by >= FL_RANK_DEFER;
    }
    if (open) return;
    /* A heavier answer that locked them stands for itself: a scar that needs a physician is no refusal.
     * Another heavy answer, a tan say, must not turn this one into something that time mends. */
    fl_plan_reason *reason = fl_plan_say(w->plan, told ? FL_RANK_INFO : FL_RANK_REFUSE, "no-zone",
                                         "No zone is left: every one is locked.");
    snprintf(reason->change, sizeof reason->change, "What would unlock a zone stands with each of them.");
}
