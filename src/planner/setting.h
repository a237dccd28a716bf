/* Setting: from a cloud of samples to one answer: the window, who ends it, the start, and what it risks. */
#ifndef FL_PLANNER_SETTING_H
#define FL_PLANNER_SETTING_H

#include "sample.h"

/* From the cloud of this spot, filled for so many passes. */
FL_MUST_USE fl_status fl_setting_make(const fl_study *study, const fl_cloud *cloud, unsigned spot, int passes,
                                      fl_setting *setting, fl_error *error);
FL_MUST_USE fl_status fl_anatomy_make(const fl_study *study, fl_planner_anatomy *anatomy);

/* Median, 5 and 95 % of values[count], weighted alike. FL_E_MEMORY. */
FL_MUST_USE fl_status fl_band_of(const double *values, size_t count, fl_planner_band *band);
/* Heat: the fluence at which the epidermis, hit again and again in one place at 1 Hz, keeps the request's
 * warming; and the highest whole rate at which it keeps less and burns no more often than accepted, with what
 * is left then. Of the spot at hand. */
fl_fluence fl_setting_heat_limit(const fl_study *study);
fl_rate fl_setting_rate(const fl_study *study, fl_fluence high, fl_warming *left);
/* Reasons, from what the setting says. */
void fl_setting_explain(const fl_study *study, fl_setting *setting);

#endif
