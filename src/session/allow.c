#include "allow.h"

#include "budget.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

uint64_t fl_allow_nm(const fl_plan_setting *setting)
{
    return (uint64_t)llround(setting->wavelength.m * 1e9);
}

uint64_t fl_allow_um(const fl_plan_setting *setting)
{
    return (uint64_t)llround(setting->spot.m * 1e6);
}

static fl_status refuse(fl_error *error, const char *code, const char *format, ...) FL_PRINTF(3, 4);
static fl_status refuse(fl_error *error, const char *code, const char *format, ...)
{
    char text[sizeof error->what];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fl_error_set(error, FL_E_NO, "%s", text);
    fl_error_code(error, code);
    return FL_E_NO;
}

/* The plan asks for test spots first: all of them placed, and somebody has looked. */
static fl_status spots_come_first(const fl_allow *a, fl_error *error)
{
    const fl_plan_test_spots *tests = &a->plan->test_spots;
    if (!tests->required) return FL_OK;
    if (!tests->same_day) {
        char day[11];
        return refuse(error, "test-spots-read", "the test spots are not read before %s",
                      fl_date_text(tests->read_not_before, day));
    }
    for (size_t i = 0; i < tests->grid_count; i++) {
        if (a->spots[i].pulses >= tests->grid[i].pulses) continue;
        refuse(error, "test-spots-first", "test spot %zu (%s) comes first: %d of %d pulses", i + 1,
               tests->grid[i].id, a->spots[i].pulses, tests->grid[i].pulses);
        return fl_error_hint(error, "order: spots %zu", i + 1), FL_E_NO;
    }
    if (a->looked) return FL_OK;
    refuse(error, "test-spots-look", "nobody has said how the test spots look");
    return fl_error_hint(error, "look after %d minutes, then order: endpoint none, frost, ...",
                         tests->look_minutes),
           FL_E_NO;
}

/* A test spot with this wavelength and spot ended badly, today or under this plan. */
static bool is_barred(const fl_allow *a, const fl_plan_setting *setting)
{
    return fl_past_is_barred(a->bars, fl_allow_nm(setting), fl_allow_um(setting));
}

static fl_status refuse_barred(const fl_plan_setting *setting, fl_error *error)
{
    refuse(error, "setting-barred", "a test spot with %llu nm at %.4g mm ended badly: nothing more with it",
           (unsigned long long)fl_allow_nm(setting), (double)fl_allow_um(setting) / 1000);
    return fl_error_hint(error, "write down what was seen in the case, then plan again"), FL_E_NO;
}

/* A zone that this client had treated on another day, under whatever plan, rests until its interval ends. */
static fl_status has_rested(const fl_allow *a, size_t index, fl_error *error)
{
    const fl_past_rest *rest = &a->past->rests[index];
    const char *zone = a->plan->zones[index].id;
    char treated[11], until[11];
    if (a->date_doubt) {
        refuse(error, "clock-step", "%s", a->date_doubt);
        return fl_error_hint(error, "order: date WHO PIN YYYY-MM-DD"), FL_E_NO;
    }
    if (!fl_date_is_set(rest->treated)) return FL_OK;
    fl_date_text(rest->treated, treated);
    fl_date_text(rest->not_before, until);
    if (!fl_date_is_set(rest->not_before)) { /* unknown reads as bad */
        refuse(error, "zone-interval", "%s was treated on %s, and no plan says how long it has to rest", zone,
               treated);
        return fl_error_hint(error, "plan again with rules that state an interval"), FL_E_NO;
    }
    if (fl_date_compare(a->today, rest->not_before) >= 0) return FL_OK;
    refuse(error, "zone-interval", "%s was treated on %s: not again before %s", zone, treated, until);
    return fl_error_hint(error, "come back on %s or later and plan again that day", until), FL_E_NO;
}

fl_status fl_allow_zone(const fl_allow *a, const char *id, size_t *found, fl_error *error)
{
    const fl_plan *plan = a->plan;
    const fl_plan_zone *zone = fl_plan_zone_of(plan, id);
    if (!zone) return refuse(error, "zone-unknown", "the plan has no zone '%.40s'", id);
    const size_t index = (size_t)(zone - plan->zones);
    if (!fl_plan_treats_zones(plan))
        return refuse(error, "plan-no-zones", "this plan allows test spots only");
    if (zone->locked || a->locked[index])
        return refuse(error, "zone-locked", "the zone is locked: %s",
                      zone->locked ? zone->reason : "by what was seen today");
    const fl_plan_setting *setting = &plan->settings[plan->chosen];
    fl_status status = has_rested(a, index, error);
    if (status == FL_OK && is_barred(a, setting)) status = refuse_barred(setting, error);
    if (status == FL_OK) status = spots_come_first(a, error);
    if (status != FL_OK) return status;
    if (a->zones[index].pulses >= zone->budget.hard_stop)
        return refuse(error, "zone-hard-stop", "%s has all the pulses this plan allows; plan it again",
                      zone->id);
    *found = index;
    return FL_OK;
}

fl_status fl_allow_spot(const fl_allow *a, int64_t number, size_t *index, fl_error *error)
{
    const fl_plan_test_spots *tests = &a->plan->test_spots;
    if (!fl_plan_tests(a->plan)) return refuse(error, "plan-no-tests", "this plan allows no test spots");
    if (number < 1 || (size_t)number > tests->grid_count)
        return refuse(error, "spot-unknown", "the plan has test spots 1 to %zu", tests->grid_count);
    if (fl_date_compare(tests->place_not_before, a->today) > 0) {
        char day[11];
        return refuse(error, "test-spots-later", "test spots are not placed before %s",
                      fl_date_text(tests->place_not_before, day));
    }
    const size_t i = (size_t)number - 1;
    const fl_plan_spot *spot = &tests->grid[i];
    if (a->spots[i].pulses >= spot->pulses) {
        *index = i;
        return refuse(error, FL_CODE_SPOT_DONE,
                      "test spot %s has all its pulses; an endpoint now is about it", spot->id);
    }
    const fl_plan_setting *setting = &a->plan->settings[spot->setting];
    if (is_barred(a, setting)) return refuse_barred(setting, error);
    *index = i;
    return FL_OK;
}

const char *fl_allow_text(const fl_allow *a, bool test, size_t index, const fl_plan_budget *budget,
                          char *room, size_t size)
{
    const fl_plan *plan = a->plan;
    const fl_past_count *count = test ? &a->spots[index] : &a->zones[index];
    if (!test && (a->locked[index] || plan->zones[index].locked)) return "the zone is locked";
    if (is_barred(a, &plan->settings[test ? plan->test_spots.grid[index].setting : plan->chosen]))
        return "a test spot with this setting ended badly";
    if (fl_budget_allows(budget, count->pulses, count->reason_given)) return NULL;
    snprintf(room, size, "%s has %d pulses, %d were planned",
             test ? plan->test_spots.grid[index].id : plan->zones[index].id, count->pulses, budget->planned);
    return room;
}
