#include "setting.h"

#include <math.h>

#define SLOWEST_HZ 1.0

fl_fluence fl_setting_heat_limit(const fl_study *study)
{
    const fl_planner_request *r = study->request;
    const fl_rate slow = {fmin(SLOWEST_HZ, r->rate_max.Hz)};
    return (fl_fluence){r->warming_max.K /
                        fl_study_left_K(study, slow)}; /* warming is proportional to fluence */
}

/* Neither more heat left than the clinic lets pass, nor more burns than it accepts injuries. */
static bool keeps(const fl_study *study, fl_rate rate, fl_fluence high, fl_warming *left)
{
    left->K = high.J_m2 * fl_study_left_K(study, rate);
    return left->K <= study->request->warming_max.K &&
           fl_study_burnt(study, rate, high) <= study->request->accepted_risk;
}

fl_rate fl_setting_rate(const fl_study *study, fl_fluence high, fl_warming *left)
{
    const double most = study->request->rate_max.Hz;
    if (high.J_m2 <= 0.0) return *left = (fl_warming){0.0}, (fl_rate){0.0};
    double rate = most >= 1.0 ? floor(most) : most;
    while (!keeps(study, (fl_rate){rate}, high, left) && rate > SLOWEST_HZ) rate -= 1.0;
    return (fl_rate){rate};
}
