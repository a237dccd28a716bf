/* Coverage: how many pulses lay one even pass over an area, and when a zone's count must be heard.
 *
 * Spots stand on a hexagonal grid, centres s = d (1 - overlap) apart, each ruling 0.866 s^2 (the exact number
 * is sqrt(3)/2: with 0.866 the 1,904 of a beard of 95 cm2 becomes 1,905). Zone pulses are rounded to nearest;
 * the thresholds act at the first count at or above their share.
 *
 *     fl_coverage coverage;
 *     status = fl_coverage_of(fl_cm2(520), fl_mm(4), 0.10, &coverage); // 4633 pulses, dose factor 1.12
 *
 * Pure.
 */
#ifndef FL_COURSE_COVERAGE_H
#define FL_COURSE_COVERAGE_H

#include "fadeline/base/status.h"
#include "fadeline/course/plan.h"
#include "fadeline/units/units.h"

typedef struct fl_coverage {
    double spots_per_cm2;
    int pulses;
    double dose_factor; /* mean fluence over the area, as a multiple of the fluence of one pulse */
} fl_coverage;

/* FL_E_RANGE, leaving *coverage alone, unless the area is positive and at most 1 m2, the spot 0.1 to 100 mm,
 * the overlap from 0 to below 0.9, and the count below a billion. */
FL_MUST_USE fl_status fl_coverage_of(fl_area area, fl_length spot, double overlap, fl_coverage *coverage);

typedef struct fl_budget_shares { /* of the planned pulses; 0.9, 1.0, 1.1, 1.2 in the shipped rules */
    double notice, planned, soft_stop, hard_stop;
} fl_budget_shares;

/* First counts at or above each share. */
fl_plan_budget fl_budget_of(int pulses, const fl_budget_shares *shares);

#endif
