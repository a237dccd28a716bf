/* Draws: numbers from the distributions of the optics reference, section 10, out of one low-discrepancy
 * sequence.
 *
 * A Sobol point (GSL) is shifted by the seed modulo one (Cranley & Patterson 1976), so every seed is another
 * equally good set of points, and the same (seed, which) gives the same points for every wavelength, spot and
 * skin type.
 */
#ifndef FL_PLANNER_DRAWS_H
#define FL_PLANNER_DRAWS_H

#include "fadeline/base/status.h"

#include <stdint.h>

enum { FL_DRAWS_MOST = 24 };

typedef struct fl_draws fl_draws;

/* `which` tells apart sequences of one seed. NULL without memory. */
fl_draws *fl_draws_new(unsigned dimensions, uint64_t seed, uint64_t which);
void fl_draws_free(fl_draws *draws);
/* The next point, each coordinate in the open interval (0, 1). */
void fl_draws_next(fl_draws *draws, double *point);

/* Quantiles. Normals are cut at 3 standard deviations: no 1-in-10^9 draw decides a plan. */
double fl_draw_normal(double u, double mean, double sigma);
double fl_draw_lognormal(double u, double median, double ln_sigma);
double fl_draw_uniform(double u, double least, double most);

#endif
