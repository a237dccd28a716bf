/* Writes a small sealed plan for browser stories: example-pico, 755 nm, 4 mm, 1.59 J/cm2, zones F-L, F-R, MID
 * and one that is locked. F-L has as many pulses as asked; its four thresholds are the shares of the rules:
 * 90, 100, 110, 120 %.
 *
 *     plan_maker plan.json 2026-05-04 356
 *     plan_maker plan.json 2026-05-04 356 hand-pico     # for another laser: a device file with the same
 * heads plan_maker plan.json 2026-05-04 356 full     # as many zones as a plan holds, names of 40 characters
 *     plan_maker plan.json 2026-05-04 356 none     # refused: no setting is allowed
 */
#include "helper_plan.h"

#include "fadeline/base/place.h"
#include "fadeline/course/seal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fl_plan_budget budget(int planned)
{
    return (fl_plan_budget){.notice = (int)ceil(0.9 * planned),
                            .planned = planned,
                            .soft_stop = (int)ceil(1.1 * planned),
                            .hard_stop = (int)ceil(1.2 * planned)};
}

static void add_zones_until_it_is_full(fl_plan *plan)
{
    while (plan->zone_count < FL_PLAN_ZONES) {
        fl_plan_zone *zone = &plan->zones[plan->zone_count];
        *zone = plan->zones[1];
        snprintf(zone->id, sizeof zone->id, "left-of-the-old-scar-behind-the-crown-%03zu",
                 plan->zone_count++);
    }
}

static void allow_nothing(fl_plan *plan)
{
    plan->verdict = FL_VERDICT_REFUSE;
    plan->chosen = -1;
    for (size_t i = 0; i < (size_t)plan->setting_count; i++) plan->settings[i].allowed = false;
    fl_plan_say(plan, FL_RANK_REFUSE, "no-setting", "no setting of this laser is allowed for this skin");
}

int main(int count, char **words)
{
    fl_date date;
    fl_error error = {0};
    const int planned = count > 3 ? atoi(words[3]) : 0;
    if (planned <= 0 || fl_date_read(words[2], &date) != FL_OK) {
        fprintf(stderr, "say: FILE.json DAY PULSES\n");
        return 2;
    }
    fl_plan *plan = helper_plan(date, HELPER_NO_TESTS);
    plan->zones[0].pulses = planned;
    plan->zones[0].budget = budget(planned);
    plan->zones[3] = plan->zones[1];
    snprintf(plan->zones[3].id, sizeof plan->zones[3].id, "F-R");
    plan->zone_count = 4;
    plan->next_not_before = fl_date_add_days(date, 42);
    const char *special = count > 4 ? words[4] : "";
    if (strcmp(special, "full") == 0)
        add_zones_until_it_is_full(plan);
    else if (strcmp(special, "none") == 0)
        allow_nothing(plan);
    else if (special[0])
        helper_plan_for(plan, special);
    fl_plan_seal(plan);
    char home[FL_PLACE_MAX];
    fl_status status = fl_place_home(home, &error);
    if (status == FL_OK) status = fl_plan_seal_here(home, plan, &error);
    if (status == FL_OK) status = fl_plan_write_json(plan, words[1], &error);
    if (status != FL_OK) fl_error_print(stderr, &error);
    fl_plan_free(plan);
    return fl_status_exit(status);
}
