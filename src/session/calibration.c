#include "fadeline/session/calibration.h"

#include "fadeline/base/text.h"
#include "fadeline/course/course.h"
#include "fadeline/session/energy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* As for a treatment: lowest of every limit of the label, and no number that nobody confirmed. */
static fl_status check_label(const fl_calibration_wish *wish, const fl_device_head *head, fl_error *error)
{
    fl_head_limits limits;
    const double mJ = (double)wish->energy_uJ / 1e3, Hz = (double)wish->rate_mHz / 1e3;
    const fl_status status = fl_device_head_limits(head, fl_um((double)wish->spot_um), &limits, error);
    if (status != FL_OK) return status;
    if (limits.open_count) {
        fl_error_set(error, FL_E_NO, "'%s' of head %s is from memory and nobody confirmed it",
                     fl_head_fact_key(limits.open[0]), head->id);
        return fl_error_hint(error, "read it off the label: fadeline devices confirm"), FL_E_NO;
    }
    if (mJ > limits.energy_max.J * 1e3 * (1 + 1e-9))
        return fl_error_set(error, FL_E_NO, "%.4g mJ is more than the limit at this spot, %.4g mJ", mJ,
                            limits.energy_max.J * 1e3);
    if (Hz > limits.rate_max.Hz * (1 + 1e-9) || Hz > FL_CALIBRATION_RATE_MOST_HZ)
        return fl_error_set(error, FL_E_NO,
                            "%.4g Hz is too fast: the laser's limit is %.4g Hz, and a meter follows %d Hz",
                            Hz, limits.rate_max.Hz, FL_CALIBRATION_RATE_MOST_HZ);
    return FL_OK;
}

/* The laser keeps it as the plan it was set under, and every grant of the check carries it. */
static void seal(const fl_calibration_wish *wish, fl_plan *plan)
{
    char said[400], day[11];
    const int size = snprintf(said, sizeof said,
                              "fadeline calibration/1\n%s\n%s\n%s\n%s\n%" PRIu64 " uJ %" PRIu64 " um %" PRIu64
                              " mHz %u pulses\n",
                              fl_date_text(plan->date, day), plan->device, plan->device_sha256, wish->head,
                              wish->energy_uJ, wish->spot_um, wish->rate_mHz, wish->pulses);
    fl_sha256(said, (size_t)size < sizeof said ? (size_t)size : sizeof said - 1, plan->sha256);
    memcpy(plan->hash, plan->sha256, sizeof plan->hash);
    char hex[2 * FL_SHA256_SIZE + 1];
    snprintf(plan->plan_id, sizeof plan->plan_id, "C-%.16s", fl_hex(plan->sha256, sizeof plan->sha256, hex));
}

fl_status fl_calibration_plan(const fl_calibration_wish *wish, const fl_device *device, fl_date today,
                              fl_plan *plan, fl_error *error)
{
    const fl_device_head *head = fl_device_head_find(device, wish->head);
    if (!head) {
        fl_error_set(error, FL_E_USAGE, "this laser has no head '%s'", wish->head);
        return fl_error_hint(error, "fadeline devices show %s", device->id), FL_E_USAGE;
    }
    if (wish->pulses < FL_ENERGY_LEAST || wish->pulses > FL_ENERGY_MOST || !wish->energy_uJ ||
        !wish->rate_mHz)
        return fl_error_set(error, FL_E_USAGE, "a check has %d to %d pulses, an energy and a rate",
                            FL_ENERGY_LEAST, FL_ENERGY_MOST);
    const fl_status status = check_label(wish, head, error);
    if (status != FL_OK) return status;
    fl_plan_setting *setting = &plan->settings[0];
    plan->verdict = FL_VERDICT_REFUSE;
    plan->chosen = -1;
    plan->date = today;
    plan->setting_count = 1;
    *setting = (fl_plan_setting){.wavelength = head->wavelength,
                                 .spot = fl_um((double)wish->spot_um),
                                 .energy = {(double)wish->energy_uJ / 1e6},
                                 .rate = {(double)wish->rate_mHz / 1e3},
                                 .passes = 1};
    if (head->pulses_count) setting->pulse = head->pulses[0];
    snprintf(setting->head, sizeof setting->head, "%s", head->id);
    snprintf(plan->device, sizeof plan->device, "%s", device->id);
    fl_hex(device->sha256, sizeof device->sha256, plan->device_sha256);
    fl_plan_put_eyewear(plan, device, setting->spot);
    seal(wish, plan);
    return FL_OK;
}
