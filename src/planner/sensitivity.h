/* Sensitivity: which of the things we do not know matter most.
 *
 * First-order, variance-based (Sobol): the share of the variance of ln(fluence) that would go if one input
 * were known, Var(E[Y | X]) / Var(Y). Read off the samples that are there ("given data": Plischke, Borgonovo
 * & Smith 2013), by sorting them into equal bins of the input and correcting for how much bins of that size
 * differ by chance. Skins are shared by many samples, so what belongs to a skin is judged on means over each
 * skin.
 */
#ifndef FL_PLANNER_SENSITIVITY_H
#define FL_PLANNER_SENSITIVITY_H

#include "sample.h"

/* Var(E[value | u]) / variance, u in (0, 1) in so many bins, corrected for chance; never below 0. */
double fl_sensitivity_share(const double *value, const double *u, size_t stride, size_t count, unsigned bins,
                            double variance);

/* The inputs that matter most, most first, for what is borne (injury) and for what is needed (effect).
 * FL_E_MEMORY. */
FL_MUST_USE fl_status fl_sensitivity_of(const fl_study *study, const fl_cloud *cloud, fl_setting *setting);

#endif
