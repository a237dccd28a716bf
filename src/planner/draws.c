#include "draws.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>

struct fl_draws {
    gsl_qrng *sobol;
    unsigned dimensions;
    double shift[FL_DRAWS_MOST];
};

fl_draws *fl_draws_new(unsigned dimensions, uint64_t seed, uint64_t which)
{
    FL_ASSERT(dimensions > 0 && dimensions <= FL_DRAWS_MOST);
    fl_draws *draws = calloc(1, sizeof *draws);
    if (!draws) return NULL;
    draws->sobol = gsl_qrng_alloc(gsl_qrng_sobol, dimensions);
    if (!draws->sobol) return free(draws), NULL;
    draws->dimensions = dimensions;
    fl_random random;
    fl_random_init(&random, seed, which);
    for (unsigned i = 0; i < dimensions; i++) draws->shift[i] = fl_random_uniform(&random);
    return draws;
}

void fl_draws_free(fl_draws *draws)
{
    if (!draws) return;
    gsl_qrng_free(draws->sobol);
    free(draws);
}

void fl_draws_next(fl_draws *draws, double *point)
{
    gsl_qrng_get(draws->sobol, point);
    for (unsigned i = 0; i < draws->dimensions; i++) {
        double u = point[i] + draws->shift[i];
        if (u >= 1.0) u -= 1.0;
        point[i] = fmin(fmax(u, 1e-12), 1.0 - 1e-12);
    }
}

/* Probability below -3 of a standard normal. */
#define TAIL 1.3498980316300945e-3

static double deviate(double u)
{
    return gsl_cdf_ugaussian_Pinv(TAIL + u * (1.0 - 2.0 * TAIL));
}

double fl_draw_normal(double u, double mean, double sigma)
{
    return mean + sigma * deviate(u);
}
double fl_draw_lognormal(double u, double median, double ln_sigma)
{
    return median * exp(ln_sigma * deviate(u));
}
double fl_draw_uniform(double u, double least, double most)
{
    return least + u * (most - least);
}
