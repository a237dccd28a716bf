#include "opening.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/course/seal.h"
#include "fadeline/journal/entry.h"
#include "fadeline/session/proven.h"

fl_status fl_opening_plan(const char *path, fl_plan **made, fl_error *error)
{
    char home[FL_PLACE_MAX];
    fl_plan *plan = fl_plan_new();
    if (!plan) return fl_error_set(error, FL_E_MEMORY, "no memory for the plan");
    *made = plan;
    fl_status status = fl_plan_read_json(path, plan, error);
    if (status == FL_OK) status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_plan_sealed_here(home, plan, error);
    if (status != FL_OK) return status;
    if (!fl_plan_tests(plan) && !fl_plan_treats_zones(plan)) {
        fl_error_set(error, FL_E_NO, "this plan allows no pulse: its verdict is %s",
                     fl_plan_verdict_word(plan->verdict));
        return fl_error_hint(error, "the reasons stand in the plan"), FL_E_NO;
    }
    /* Names travel into the journal and onto screens; one that cannot be written there is refused now. */
    bool written = fl_entry_takes(plan->client) && fl_entry_takes(plan->plan_id);
    for (size_t i = 0; i < plan->zone_count; i++) written = written && fl_entry_takes(plan->zones[i].id);
    for (size_t i = 0; i < plan->test_spots.grid_count; i++)
        written = written && fl_entry_takes(plan->test_spots.grid[i].id);
    if (written) return FL_OK;
    fl_error_set(error, FL_E_FILE, "a name in the plan has characters that the journal does not take");
    return fl_error_hint(error, "name zones and clients with plain letters and digits"), FL_E_FILE;
}

fl_status fl_opening_device(const fl_plan *plan, fl_device **device, fl_error *error)
{
    char sha256[2 * FL_SHA256_SIZE + 1];
    const fl_status status = fl_device_load_proven(plan->device, device, error);
    if (status != FL_OK) return status;
    if (fl_text_same(fl_hex((*device)->sha256, sizeof(*device)->sha256, sha256), plan->device_sha256))
        return FL_OK;
    fl_error_set(error, FL_E_NO, "the file of %s changed since the plan was made", plan->device);
    return fl_error_hint(error, "plan again"), FL_E_NO;
}

/* min() of device and plan, and nothing that nobody confirmed. */
static fl_status check_setting(const fl_device *device, const fl_plan_setting *setting, fl_energy energy,
                               fl_error *error)
{
    const fl_device_head *head = fl_device_head_find(device, setting->head);
    if (!head) return fl_error_set(error, FL_E_FILE, "the device file has no head '%s'", setting->head);
    fl_head_limits limits;
    const fl_status status = fl_device_head_limits(head, setting->spot, &limits, error);
    if (status != FL_OK) return status;
    if (limits.open_count) {
        fl_error_set(error, FL_E_NO, "'%s' of head %s is from memory and nobody confirmed it",
                     fl_head_fact_key(limits.open[0]), head->id);
        fl_error_hint(error, "read it off the label: fadeline devices confirm");
        if (device->confirmed_unproven)
            fl_error_hint(error, "a confirmation stands in the file that no entry of the journal tells of; "
                                 "confirm it again: fadeline devices confirm");
        return FL_E_NO;
    }
    if (energy.J > limits.energy_max.J * (1 + 1e-9))
        return fl_error_set(error, FL_E_NO,
                            "the plan asks for %.3g mJ, the laser's limit at this spot is %.3g mJ",
                            energy.J * 1e3, limits.energy_max.J * 1e3);
    if (setting->rate.Hz > limits.rate_max.Hz * (1 + 1e-9))
        return fl_error_set(error, FL_E_NO, "the plan asks for %.3g Hz, the laser's limit is %.3g Hz",
                            setting->rate.Hz, limits.rate_max.Hz);
    return FL_OK;
}

fl_status fl_opening_settings(const fl_plan *plan, const fl_device *device, fl_error *error)
{
    fl_status status = FL_OK;
    if (fl_plan_treats_zones(plan)) {
        const fl_plan_setting *setting = &plan->settings[plan->chosen];
        status = check_setting(device, setting, setting->energy, error);
    }
    for (size_t i = 0; i < plan->test_spots.grid_count && status == FL_OK; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        status = check_setting(device, &plan->settings[spot->setting], spot->energy, error);
    }
    return status;
}
