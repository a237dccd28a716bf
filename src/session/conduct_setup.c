/* What the next pulses belong to, and the laser's settings for it: SET, read back, compare, COMMIT with the
 * plan. */
#include "conduct_private.h"

#include "fadeline/base/text.h"
#include "fadeline/session/calibration.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRIES 3

static uint64_t whole(double value)
{
    return (uint64_t)llround(value);
}

static fl_gl1_settings wanted_of(const fl_plan_setting *setting, fl_energy energy)
{
    return (fl_gl1_settings){.energy_uJ = whole(energy.J * 1e6),
                             .rate_mHz = whole(setting->rate.Hz * 1e3),
                             .spot_um = whole(setting->spot.m * 1e6),
                             .wavelength_nm = whole(setting->wavelength.m * 1e9)};
}

static void aim(fl_conduct *c, target_kind kind, size_t index, const char *name,
                const fl_plan_setting *setting, fl_energy energy)
{
    c->target = (target){.kind = kind, .index = index, .name = name, .setting = setting};
    c->target.wanted = wanted_of(setting, energy);
    if (c->eyewear[0] && c->eyewear_nm != c->target.wanted.wavelength_nm) {
        c->eyewear[0] = 0; /* bound to the wavelength it was confirmed for */
        conduct_event(c, "note", "eyewear", "confirm eyewear for it", "the wavelength is now %llu nm",
                      (unsigned long long)c->target.wanted.wavelength_nm);
    }
    if (fl_interlock_core_set_rate(c->core, c->target.wanted.rate_mHz) != FL_OK) c->target.refused = true;
    conduct_laser_aim(c);
}

/* An endpoint is seen where pulses were: at the target when it has some, else where the newest one was. */
void conduct_subject(fl_conduct *c, target *subject)
{
    const fl_plan *plan = c->setup.plan;
    *subject = c->target;
    if (!c->pulsed || (!c->pulsed_test && plan->chosen < 0)) return;
    if (c->target.kind != TARGET_NONE && conduct_count_of(c, c->target.kind, c->target.index)->pulses > 0)
        return;
    const size_t i = c->pulsed_index;
    *subject = (target){.kind = c->pulsed_test ? TARGET_SPOT : TARGET_ZONE, .index = i};
    subject->name = c->pulsed_test ? plan->test_spots.grid[i].id : plan->zones[i].id;
    subject->setting = &plan->settings[c->pulsed_test ? plan->test_spots.grid[i].setting : plan->chosen];
    subject->wanted = wanted_of(subject->setting,
                                c->pulsed_test ? plan->test_spots.grid[i].energy : subject->setting->energy);
}

/* A look that came before the planned minutes is said and recorded, not refused: wall time decides nothing.
 */
static void tell_early_look(fl_conduct *c)
{
    const fl_plan_test_spots *tests = &c->setup.plan->test_spots;
    const int64_t after_s = (c->looked_at.us - c->tested_at.us) / 1000000;
    if (!tests->required || after_s >= tests->look_minutes * (int64_t)60) return;
    conduct_event(c, "note", "look-early", "look again before the first pulse",
                  "the test spots were looked at %lld s after the last pulse, the plan says %d minutes",
                  (long long)after_s, tests->look_minutes);
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "look-early");
    fl_entry_text(entry, "zone", c->target.name);
    fl_entry_int(entry, "after_s", after_s);
    fl_entry_int(entry, "planned_s", tests->look_minutes * (int64_t)60);
    conduct_post(c);
}

static fl_allow allowing(const fl_conduct *c)
{
    return (fl_allow){.plan = c->setup.plan,
                      .past = &c->setup.past,
                      .today = c->setup.today,
                      .zones = c->zones,
                      .spots = c->spots,
                      .locked = c->zone_locked,
                      .bars = &c->bars,
                      .looked = c->looked,
                      .date_doubt = conduct_date_text(c)};
}

fl_status conduct_aim_zone(fl_conduct *c, const char *id, fl_error *error)
{
    const fl_plan *plan = c->setup.plan;
    const fl_allow allow = allowing(c);
    size_t index = 0;
    const fl_status status = fl_allow_zone(&allow, id, &index, error);
    if (status != FL_OK) return status;
    const fl_plan_zone *zone = &plan->zones[index];
    const fl_plan_setting *setting = &plan->settings[plan->chosen];
    fl_past_count *count = &c->zones[index];
    if (count->pulses >= zone->budget.soft_stop && !count->reason_given) {
        count->reason_given = true; /* ordering it again is the person's word */
        fl_entry *entry = conduct_entry(c, FL_KIND_OVERRIDE);
        fl_entry_text(entry, "who", c->who);
        fl_entry_text(entry, "reason", "soft-stop");
        fl_entry_text(entry, "zone", zone->id);
        fl_entry_int(entry, "pulses", count->pulses);
        conduct_post(c);
    }
    aim(c, TARGET_ZONE, index, zone->id, setting, setting->energy);
    tell_early_look(c);
    return FL_OK;
}

fl_status conduct_aim_spot(fl_conduct *c, int64_t number, fl_error *error)
{
    const fl_allow allow = allowing(c);
    size_t index = 0;
    const fl_status status = fl_allow_spot(&allow, number, &index, error);
    if (status != FL_OK && fl_text_same(error->code, FL_CODE_SPOT_DONE)) {
        c->target = (target){0}; /* minutes later somebody looks at it: what is seen next is seen here */
        c->pulsed = c->pulsed_test = true;
        c->pulsed_index = index;
    }
    if (status != FL_OK) return status;
    const fl_plan_spot *spot = &c->setup.plan->test_spots.grid[index];
    aim(c, TARGET_SPOT, index, spot->id, &c->setup.plan->settings[spot->setting], spot->energy);
    return FL_OK;
}

void conduct_aim_port(fl_conduct *c)
{
    const fl_plan_setting *setting = &c->setup.plan->settings[0];
    aim(c, TARGET_PORT, 0, FL_CALIBRATION_PORT, setting, setting->energy);
}

/* ---- budgets ---- */

const fl_plan_budget *conduct_budget(const fl_conduct *c, fl_plan_budget *room)
{
    if (c->target.kind == TARGET_ZONE) return &c->setup.plan->zones[c->target.index].budget;
    if (c->target.kind == TARGET_NONE) return NULL;
    const int pulses = c->target.kind == TARGET_PORT ? (int)c->setup.check_pulses
                                                     : c->setup.plan->test_spots.grid[c->target.index].pulses;
    /* A test spot, or a check, gets its pulses and not one more. */
    *room = (fl_plan_budget){pulses, pulses, pulses, pulses};
    return room;
}

bool conduct_limits_are_good(const fl_conduct *c)
{
    char room[200];
    return conduct_limits_text(c, room, sizeof room) == NULL;
}

/* NULL: nothing speaks against one more pulse. */
const char *conduct_limits_text(const fl_conduct *c, char *room, size_t size)
{
    fl_plan_budget own;
    const fl_plan_budget *budget = conduct_budget(c, &own);
    if (!budget) return "no zone and no test spot is chosen";
    if (conduct_date_text(c)) return conduct_date_text(c);
    if (c->needs_supervisor) return "too many faults in this session: a supervisor must sign";
    if (c->now.us < c->pause_until.us) {
        snprintf(room, size, "a pause of five minutes after what was seen, %lld s left",
                 (long long)((c->pause_until.us - c->now.us) / 1000000));
        return room;
    }
    if (c->target.kind == TARGET_PORT) {
        /* The interlock asks a treatment for the plan, not a check; what is not read back is no check either.
         */
        if (!conduct_plan_is_good(c)) return "the laser has not read the settings of the check back";
        const fl_past_count *count = conduct_read_count(c, c->target.kind, c->target.index);
        if (fl_budget_allows(budget, count->pulses, count->reason_given)) return NULL;
        snprintf(room, size, "the check has all its %d pulses", budget->planned);
        return room;
    }
    const fl_allow allow = allowing(c);
    return fl_allow_text(&allow, c->target.kind == TARGET_SPOT, c->target.index, budget, room, size);
}

/* ---- settings ---- */

static bool same_settings(const fl_gl1_settings *a, const fl_gl1_settings *b)
{
    return a->energy_uJ == b->energy_uJ && a->rate_mHz == b->rate_mHz && a->spot_um == b->spot_um &&
           a->wavelength_nm == b->wavelength_nm;
}

bool conduct_plan_is_good(const fl_conduct *c)
{
    return c->target.kind != TARGET_NONE && conduct_laser_is_set(c) && c->status.link &&
           !c->status.stand_down && c->status.settings_state == FL_SETTINGS_COMMITTED &&
           same_settings(&c->status.settings, &c->target.wanted) &&
           memcmp(c->status.plan, c->setup.plan->hash, sizeof c->status.plan) == 0;
}

static void settings_failed(fl_conduct *c, const char *why)
{
    c->target.refused = true;
    conduct_event(c, "refused", "settings-refused",
                  "compare the plan with the laser's label; order the zone again to retry",
                  "the laser does not take the planned settings: %s", why);
    fl_entry *entry = conduct_entry(c, FL_KIND_DROP);
    fl_entry_text(entry, "cause", "settings-refused");
    conduct_post(c);
}

static bool last_order_failed(fl_conduct *c)
{
    const bool ours = c->status.order == FL_GL1_ORDER_SET || c->status.order == FL_GL1_ORDER_COMMIT;
    if (!ours || c->target.tries == 0) return false;
    if (c->status.result == FL_RESULT_REFUSED) return settings_failed(c, fl_nak_text(c->status.reason)), true;
    if (c->status.result == FL_RESULT_MISMATCH && c->target.tries >= TRIES)
        return settings_failed(c, "what it reads back is not what was set"), true;
    return false;
}

void fl_conduct_distrust(fl_conduct *c)
{
    if (c->journal_damaged) return;
    c->journal_damaged = true;
    conduct_event(c, "refused", "journal-damaged", "end the session and run: fadeline journal verify",
                  "the journal does not verify: something in it was changed");
}

void conduct_settings(fl_conduct *c)
{
    const fl_mode mode = c->mode;
    if (mode != FL_MODE_STANDBY && mode != FL_MODE_OFF && mode != FL_MODE_SELFTEST) return;
    if (!c->status.link || c->status.watch != FL_GL1_EXPECTED || c->status.busy || c->status.stand_down)
        return;
    if (c->status.stat.state != FL_DEVICE_STBY || conduct_anchor_owes(c)) return;
    if (mode != FL_MODE_STANDBY || c->target.kind == TARGET_NONE || c->target.refused) return;
    if (!conduct_laser_is_set(c) || conduct_plan_is_good(c) || last_order_failed(c)) return;
    const bool verified = c->status.settings_state == FL_SETTINGS_VERIFIED &&
                          same_settings(&c->status.settings, &c->target.wanted);
    fl_error error = {0};
    const fl_status status = verified ? fl_gl1_commit(&c->link, c->setup.plan->hash, &error)
                                      : fl_gl1_set(&c->link, &c->target.wanted, &error);
    if (status == FL_OK && !verified) c->target.tries++;
    if (status == FL_E_REFUSED || status == FL_E_RANGE) settings_failed(c, error.what);
}
