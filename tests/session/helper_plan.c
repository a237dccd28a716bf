#include "helper_plan.h"

#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_zone(fl_plan *plan, const char *id, int pulses, fl_plan_budget budget, const char *locked)
{
    fl_plan_zone *zone = &plan->zones[plan->zone_count++];
    *zone = (fl_plan_zone){
        .area = {.m2 = 40e-4}, .spot = fl_mm(4), .overlap = 0.1, .pulses = pulses, .budget = budget};
    snprintf(zone->id, sizeof zone->id, "%s", id);
    zone->locked = locked != NULL;
    if (locked) snprintf(zone->reason, sizeof zone->reason, "%s", locked);
}

static fl_energy whole_energy(fl_fluence fluence, fl_length spot)
{
    return (fl_energy){round(fluence.J_m2 * 0.25 * 3.14159265358979323846 * spot.m * spot.m * 1e6) * 1e-6};
}

static void add_setting(fl_plan *plan, double nm, double mm, double J_cm2, const char *head)
{
    fl_plan_setting *s = &plan->settings[plan->setting_count++];
    *s = (fl_plan_setting){.wavelength = fl_nm(nm),
                           .pulse = {.s = 750e-12},
                           .spot = fl_mm(mm),
                           .allowed = true,
                           .has_fluence = true,
                           .rate = {.Hz = 10},
                           .passes = 1};
    s->start = fl_J_cm2(J_cm2);
    s->low = fl_J_cm2(0.5 * J_cm2);
    s->high = fl_J_cm2(1.0 * J_cm2);
    s->energy = whole_energy(s->start, s->spot);
    snprintf(s->head, sizeof s->head, "%s", head);
    snprintf(s->limited_by, sizeof s->limited_by, "device");
}

static void add_spot(fl_plan *plan, const char *id, const char *zone, int setting)
{
    fl_plan_spot *spot = &plan->test_spots.grid[plan->test_spots.grid_count++];
    const fl_plan_setting *s = &plan->settings[setting];
    *spot = (fl_plan_spot){.setting = setting, .wavelength = s->wavelength, .spot = s->spot, .pulses = 2};
    spot->fluence = (fl_fluence){0.75 * s->start.J_m2};
    spot->energy = whole_energy(spot->fluence, spot->spot);
    snprintf(spot->id, sizeof spot->id, "%s", id);
    snprintf(spot->zone, sizeof spot->zone, "%s", zone);
}

static void add_tests(fl_plan *plan, fl_date date, helper_tests tests)
{
    add_spot(plan, "T1", "F-L", 0);
    add_spot(plan, "T2", "F-L", 1);
    plan->test_spots.required = tests != HELPER_NO_TESTS;
    plan->test_spots.same_day = tests == HELPER_TESTS_ASKED;
    plan->test_spots.look_minutes = 15;
    if (tests == HELPER_NO_TESTS) return;
    plan->test_spots.read_not_before = fl_date_add_days(date, tests == HELPER_TESTS_ASKED ? 0 : 28);
    plan->test_spots.read_by = fl_date_add_days(date, 56);
}

void helper_plan_for(fl_plan *plan, const char *id)
{
    fl_device *device = NULL;
    fl_error error = {0};
    if (fl_device_load(id, &device, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    fl_hex(device->sha256, sizeof device->sha256, plan->device_sha256);
    fl_device_free(device);
    snprintf(plan->device, sizeof plan->device, "%s", id);
}

fl_plan *helper_plan(fl_date date, helper_tests tests)
{
    fl_plan *plan = fl_plan_new();
    if (!plan) abort();
    helper_plan_for(plan, "example-pico");
    plan->verdict = tests == HELPER_TESTS_FIRST ? FL_VERDICT_TEST_FIRST : FL_VERDICT_PLAN;
    plan->skin = (fl_plan_skin){.type = 2, .form_total = 12, .form_subtotal = 11, .planned_as = 2};
    add_zone(plan, "F-L", 9, (fl_plan_budget){9, 9, 10, 11}, NULL);
    add_zone(plan, "MID", 1000, (fl_plan_budget){900, 1000, 1100, 1200}, NULL);
    add_zone(plan, "OCC", 100, (fl_plan_budget){0, 0, 0, 0}, "pale spots at this end");
    add_setting(plan, 755, 4, 1.59, "alex-755");
    add_setting(plan, 1064, 4, 1.59, "yag-1064");
    plan->chosen = tests == HELPER_TESTS_FIRST ? -1 : 0;
    add_tests(plan, date, tests);
    const double nm[2] = {755, 1064};
    for (int i = 0; i < 2; i++) {
        plan->eyewear[i] = (fl_plan_eyewear){.wavelength = fl_nm(nm[i]), .od = 6.5};
        snprintf(plan->eyewear[i].en207, sizeof plan->eyewear[i].en207, "M LB7 + D LB4");
    }
    plan->eyewear_count = 2;
    snprintf(plan->client, sizeof plan->client, "C-0001");
    snprintf(plan->procedure, sizeof plan->procedure, "smp-scalp");
    snprintf(plan->goal, sizeof plan->goal, "fade");
    snprintf(plan->rules.file, sizeof plan->rules.file, "rules of a test");
    snprintf(plan->rules.version, sizeof plan->rules.version, "1");
    memset(plan->rules.sha256, 'a', 64);
    memset(plan->inputs_sha256, 'b', 64);
    snprintf(plan->plan_id, sizeof plan->plan_id, "P-0123456789ABCDEF");
    plan->date = date;
    fl_plan_seal(plan);
    return plan;
}
