#include "work.h"

#include "fadeline/course/course.h"
#include "fadeline/exposure/exposure.h"

#include <math.h>
#include <stdio.h>

/* For the most the head can make, not for today's setting: eyewear hangs on a hook and serves every plan. */
void fl_plan_put_eyewear(fl_plan *plan, const fl_device *device, fl_length spot)
{
    for (size_t i = 0; i < device->heads_count && plan->eyewear_count < FL_PLAN_EYEWEAR; i++) {
        const fl_device_head *head = &device->heads[i];
        if (!isfinite(head->energy_max.J) || !isfinite(head->rate_max.Hz) || !head->pulses_count) continue;
        bool seen = false;
        for (size_t k = 0; k < plan->eyewear_count; k++)
            seen |= fl_whole_nm(plan->eyewear[k].wavelength) == fl_whole_nm(head->wavelength);
        if (seen) continue;
        const fl_exposure_input input = {
            .wavelength = head->wavelength,
            .pulse = head->pulses[0], /* the shortest asks for most */
            .energy = head->energy_max,
            .spot = spot,
            .rate = head->rate_max,
        };
        fl_exposure found;
        if (fl_exposure_assess(&input, &found, NULL) != FL_OK) continue;
        fl_plan_eyewear *eyewear = &plan->eyewear[plan->eyewear_count++];
        *eyewear = (fl_plan_eyewear){.wavelength = head->wavelength,
                                     .od = found.od,
                                     .nohd_known = isfinite(found.nohd.m),
                                     .nohd = isfinite(found.nohd.m) ? found.nohd : (fl_length){0}};
        snprintf(eyewear->en207, sizeof eyewear->en207, "%s", found.en207.marking);
    }
}

void fl_work_eyewear(fl_work *w)
{
    fl_plan_put_eyewear(w->plan, w->in->device, w->spot);
}
