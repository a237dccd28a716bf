/* Earlier sessions: what they forbid until when, and whether their records can be true.
 *
 * One clinic confirmed in writing 40 J/cm2 for a ruby laser; at 3 mm that is 2.8 J a pulse, which no such
 * laser makes. A record its own device cannot have made is flagged and used for nothing.
 */
#include "work.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>

static bool says_settings(const fl_case_earlier *earlier)
{
    return earlier->device && isfinite(earlier->wavelength.m) && isfinite(earlier->spot.m) &&
           isfinite(earlier->fluence.J_m2);
}

static void say_impossible(fl_work *w, const fl_case_earlier *earlier, const char *than)
{
    char day[11];
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "record-impossible",
                    "The record of %s says %.2f J/cm2 at %.1f mm, which is %.0f mJ a pulse: %s. It is "
                    "flagged and not used.",
                    fl_date_is_set(earlier->on) ? fl_date_text(earlier->on, day) : earlier->id,
                    fl_as_J_cm2(earlier->fluence), fl_as_mm(earlier->spot),
                    fl_as_mJ(fl_energy_of(earlier->fluence, earlier->spot)), than);
    snprintf(reason->change, sizeof reason->change, "Ask the clinic again, for the laser's own record.");
}

/* True when the record names a device, and that device can have made what it says. */
static bool is_possible(fl_work *w, const fl_case_earlier *earlier)
{
    char than[200];
    fl_device *device;
    if (fl_device_load(earlier->device, &device, NULL) != FL_OK) {
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_CAUTION, "record-device-unknown",
                        "The record names the device '%s', which no device file describes; "
                        "it cannot be checked and is not used.",
                        earlier->device);
        snprintf(reason->change, sizeof reason->change, "A device file from its label.");
        return false;
    }
    bool possible = false;
    const fl_device_head *head = fl_device_head_at(device, earlier->wavelength);
    if (!head) {
        snprintf(than, sizeof than, "%s %s has no %.0f nm", device->maker, device->model,
                 fl_as_nm(earlier->wavelength));
        say_impossible(w, earlier, than);
    } else if (!isfinite(head->energy_max.J)) {
        fl_plan_say(
            w->plan, FL_RANK_CAUTION, "record-device-unknown",
            "What %s %s can make at %.0f nm is not known, so the record cannot be checked and is not used.",
            device->maker, device->model, fl_as_nm(earlier->wavelength));
    } else if (fl_energy_of(earlier->fluence, earlier->spot).J >
               FL_WORK_READING_TOLERANCE * head->energy_max.J) {
        snprintf(than, sizeof than, "%s %s makes at most %.0f mJ", device->maker, device->model,
                 fl_as_mJ(head->energy_max));
        say_impossible(w, earlier, than);
    } else {
        possible = true;
    }
    fl_device_free(device);
    return possible;
}

bool fl_work_concerns(const fl_case_earlier *earlier, const char *zone)
{
    for (size_t i = 0; i < earlier->zones_count; i++)
        if (fl_text_same(earlier->zones[i], zone)) return true;
    return earlier->zones_count == 0;
}

static void rest_zones(fl_work *w, const fl_case_earlier *earlier, fl_date until)
{
    for (size_t i = 0; i < w->body->zones_count && i < FL_PLAN_ZONES; i++)
        if (fl_work_concerns(earlier, w->body->zones[i].id))
            w->zones[i].rests = fl_date_later(w->zones[i].rests, until);
}

fl_status fl_work_history(fl_work *w)
{
    bool unknown = false;
    for (size_t i = 0; i < w->body->earlier_count; i++) {
        const fl_case_earlier *earlier = &w->body->earlier[i];
        const bool usable = says_settings(earlier) && is_possible(w, earlier);
        if (earlier->elsewhere != FL_NO && !usable) unknown = true;
        if (!fl_date_is_set(earlier->on)) {
            fl_plan_reason *reason = fl_plan_say(
                w->plan, FL_RANK_DEFER, "earlier-undated",
                "Nobody knows when earlier session %s was, so nobody knows whether the skin has healed.",
                earlier->id);
            snprintf(reason->change, sizeof reason->change, "Its day, or %d days from today.",
                     w->rules->earlier_session_days);
            continue;
        }
        const fl_date until = fl_date_add_days(earlier->on, w->rules->earlier_session_days);
        if (fl_date_compare(until, w->date) > 0) rest_zones(w, earlier, until);
    }
    if (!unknown) return FL_OK;
    w->holds |= 1u << FL_WHEN_TREATED_ELSEWHERE;
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "history-unknown",
                    "Treated elsewhere with settings nobody can use: unknown is new, not tolerated.");
    snprintf(reason->change, sizeof reason->change,
             "Ask for the records, laser and settings of every session.");
    return FL_OK;
}
