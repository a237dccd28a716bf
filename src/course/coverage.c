#include "fadeline/course/coverage.h"

#include "fadeline/base/assert.h"

#include <math.h>

#define HALF_SQRT_3 0.86602540378443864676
#define QUARTER_PI 0.78539816339744830962

fl_status fl_coverage_of(fl_area area, fl_length spot, double overlap, fl_coverage *coverage)
{
    FL_ASSERT(coverage);
    if (!(area.m2 > 0.0 && area.m2 <= 1.0)) return FL_E_RANGE;
    if (!(spot.m >= 1e-4 && spot.m <= 0.1)) return FL_E_RANGE;
    if (!(overlap >= 0.0 && overlap < 0.9)) return FL_E_RANGE;

    const double spacing_m = spot.m * (1.0 - overlap);
    const double per_m2 = 1.0 / (HALF_SQRT_3 * spacing_m * spacing_m);
    const double pulses = round(area.m2 * per_m2);
    if (!(pulses < 1e9)) return FL_E_RANGE;
    *coverage = (fl_coverage){
        .spots_per_cm2 = per_m2 * 1e-4,
        .pulses = (int)pulses,
        .dose_factor = per_m2 * QUARTER_PI * spot.m * spot.m,
    };
    return FL_OK;
}

/* 1.1 x 130 is 143.00000000000003 in binary: a share that is a whole number on paper must not become the next
 * one, so a hair below the product counts as reaching it. */
static int first_at(int pulses, double share)
{
    return (int)ceil(pulses * share - 1e-6);
}

fl_plan_budget fl_budget_of(int pulses, const fl_budget_shares *shares)
{
    FL_ASSERT(pulses >= 0 && shares);
    return (fl_plan_budget){
        .notice = first_at(pulses, shares->notice),
        .planned = first_at(pulses, shares->planned),
        .soft_stop = first_at(pulses, shares->soft_stop),
        .hard_stop = first_at(pulses, shares->hard_stop),
    };
}
