/* labels: unit physics */
#include "check.h"

#include "draws.h"

#include <stdlib.h>

/* Quadrature against closed forms: 4096 shifted Sobol points do far better than chance would (1.6 % for the
 * mean of one uniform). */
static void sobol_meets_closed_forms(void)
{
    for (uint64_t seed = 1; seed < 8; seed++) {
        fl_draws *draws = fl_draws_new(16, seed, 3);
        CHECK(draws != NULL, "no draws");
        double u[16], uniform = 0, log_mean = 0, log_square = 0, normal = 0, square = 0, box = 0, product = 0;
        const int n = 4096;
        for (int i = 0; i < n; i++) {
            fl_draws_next(draws, u);
            for (int k = 0; k < 16; k++) CHECK(u[k] > 0 && u[k] < 1, "coordinate %d is %g", k, u[k]);
            uniform += fl_draw_uniform(u[3], 1.0, 4.0) / n;
            const double x = log(fl_draw_lognormal(u[7], 3.7, 0.45) / 3.7);
            log_mean += x / n, log_square += x * x / n;
            const double z = fl_draw_normal(u[11], 2.0, 0.25);
            normal += z / n, square += (z - 2.0) * (z - 2.0) / n;
            box += (u[0] < 0.37 && u[15] < 0.61) / (double)n;
            product += u[2] * u[9] * u[14] / n;
        }
        CHECK_NEAR(uniform, 2.5, 2e-3, "mean of U(1, 4)");
        CHECK_NEAR(log_mean, 0, 2e-3, "mean of the logarithm");
        /* cut at 3 standard deviations: variance 1 - 6 phi(3) / (1 - 2 Phi(-3)) = 0.97334 of the full one */
        CHECK_REL(sqrt(log_square), 0.45 * sqrt(0.97334), 3e-3, "spread of the logarithm");
        CHECK_NEAR(normal, 2.0, 1e-3, "mean of N(2, 0.25)");
        CHECK_REL(sqrt(square), 0.25 * sqrt(0.97334), 3e-3, "spread of N(2, 0.25)");
        CHECK_NEAR(box, 0.37 * 0.61, 3e-3, "area of a box over two coordinates");
        CHECK_NEAR(product, 0.125, 2e-3, "mean of a product of three");
        fl_draws_free(draws);
    }
}

static void quantiles_are_quantiles(void)
{
    CHECK_REL(fl_draw_lognormal(0.5, 0.035, 0.45), 0.035, 1e-12, "median");
    CHECK_REL(fl_draw_normal(0.5, -1.3, 0.2), -1.3, 1e-12, "median");
    CHECK_REL(fl_draw_normal(0.8413447460685429, 1.0, 0.1), 1.1, 2e-3,
              "one standard deviation, cut at three");
    CHECK_REL(fl_draw_normal(1 - 1e-12, 1.0, 0.1), 1.3, 1e-6, "never beyond three");
    CHECK_REL(fl_draw_normal(1e-12, 1.0, 0.1), 0.7, 1e-6, "nor below");
    double before = 0;
    for (double u = 1e-9; u < 1; u += 0.0137) {
        CHECK(fl_draw_lognormal(u, 2.0, 0.8) > before, "rises with the coordinate");
        before = fl_draw_lognormal(u, 2.0, 0.8);
    }
}

static void seeds_and_streams_differ_and_repeat(void)
{
    double first[3][4], u[4];
    for (int run = 0; run < 2; run++)
        for (int k = 0; k < 3; k++) {
            fl_draws *draws = fl_draws_new(4, k == 2 ? 18 : 17, k == 1 ? 2 : 1);
            for (int i = 0; i < 5; i++) fl_draws_next(draws, u);
            if (run == 0)
                memcpy(first[k], u, sizeof u);
            else
                CHECK(memcmp(first[k], u, sizeof u) == 0, "sequence %d does not repeat", k);
            fl_draws_free(draws);
        }
    CHECK(first[0][0] != first[1][0] && first[0][0] != first[2][0],
          "another stream or seed, the same points");
    fl_draws_free(NULL);
}

FL_TESTS("planner/draws", TEST(sobol_meets_closed_forms), TEST(quantiles_are_quantiles),
         TEST(seeds_and_streams_differ_and_repeat))
