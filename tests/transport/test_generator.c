/* labels: physics   timeout: 300 */
/* The generator is part of the physics: the best-known program of this kind is 6 % wrong below an ink layer
 * because of its own. These tests would fail with such a generator, and show that they would. */
#include "check.h"

#include "fadeline/base/random.h"
#include "helper_classic.h"
#include "helper_media.h"

#define BELOW_INK_EXACT 0.00170284 /* absorbed in layer 4 of case c */
#define BATCHES 30

static fl_estimate below_ink(classic_generator random, uint64_t photons)
{
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    double sum = 0.0, square = 0.0;
    for (int i = 0; i < BATCHES; i++) {
        classic_sums sums = {0};
        classic_walk(&medium, random, photons / BATCHES, &sums);
        const double mean = sums.absorbed[3] / (double)(photons / BATCHES);
        sum += mean, square += mean * mean;
    }
    const double mean = sum / BATCHES;
    return (fl_estimate){mean, sqrt((square / BATCHES - mean * mean) / (BATCHES - 1))};
}

/* The negative control: same classic walk, two generators, exact answer. */
static void lagged_generator_fails_where_ours_passes(void)
{
    lagged bad;
    lagged_init(&bad, 1);
    fl_random good;
    fl_random_init(&good, 20261122, 0);
    const fl_estimate a = below_ink((classic_generator){our_uniform, &good}, 300000);
    const fl_estimate b = below_ink((classic_generator){lagged_uniform, &bad}, 300000);
    CHECK(fabs(media_z(a, BELOW_INK_EXACT)) < 4, "ours: %.6f +- %.6f, exact 0.001703", a.value,
          a.standard_error);
    CHECK(media_z(b, BELOW_INK_EXACT) < -4, "the bad one went unnoticed: %.6f +- %.6f", b.value,
          b.standard_error);
    CHECK_REL(b.value, 0.001601, 0.04, "the bias the reference measured");
}

/* Largest |mean of cos 2 pi (u(n) + a u(n-i) + b u(n-j))| over all lags i < j <= 64 and signs, in standard
 * errors. A lagged generator of either kind gives about sqrt(2 N) at its lags; chance gives 4 to 5 among
 * 8,064 triples. */
static double worst_triple(double (*uniform)(void *), void *self)
{
    enum { LAGS = 64, N = 4000 };
    static double c[N + LAGS], s[N + LAGS];
    for (int i = 0; i < N + LAGS; i++) {
        const double angle = 2.0 * M_PI * uniform(self);
        c[i] = cos(angle), s[i] = sin(angle);
    }
    double worst = 0.0;
    for (int i = 1; i < LAGS; i++)
        for (int j = i + 1; j <= LAGS; j++)
            for (int signs = 0; signs < 4; signs++) {
                const double a = signs & 1 ? -1 : 1, b = signs & 2 ? -1 : 1;
                double sum = 0.0;
                for (int n = LAGS; n < N + LAGS; n++) { /* Re of the product of three unit numbers */
                    const double re = c[n - i] * c[n - j] - a * b * s[n - i] * s[n - j];
                    const double im = b * c[n - i] * s[n - j] + a * s[n - i] * c[n - j];
                    sum += c[n] * re - s[n] * im;
                }
                worst = fmax(worst, fabs(sum) / sqrt(N / 2.0));
            }
    return worst;
}

static void no_three_numbers_conspire(void)
{
    lagged bad;
    lagged_init(&bad, 1);
    for (uint64_t block = 0; block < 3; block++) {
        fl_random good;
        fl_random_init(&good, 1, block);
        const double worst = worst_triple(our_uniform, &good);
        CHECK(worst < 5.5, "ours, block %d: %.1f standard errors", (int)block, worst);
    }
    const double worst = worst_triple(lagged_uniform, &bad);
    CHECK(worst > 50, "the lagged generator went unnoticed: %.1f", worst);
}

/* Streams of neighbouring blocks, and of neighbouring seeds, are unrelated: no lag within 200 correlates. */
static void neighbouring_streams_are_unrelated(void)
{
    enum { N = 20000, LAGS = 200 };
    static double u[2][N];
    for (int pair = 0; pair < 4; pair++) {
        fl_random a, b;
        fl_random_init(&a, 7, 41);
        fl_random_init(&b, pair < 2 ? 7 : 8, pair < 2 ? 42 + (uint64_t)pair : 41 + (uint64_t)(pair - 2));
        for (int i = 0; i < N; i++)
            u[0][i] = fl_random_uniform(&a) - 0.5, u[1][i] = fl_random_uniform(&b) - 0.5;
        double worst = 0.0;
        for (int lag = 0; lag < LAGS; lag++) {
            double sum = 0.0;
            for (int i = lag; i < N; i++) sum += u[0][i] * u[1][i - lag];
            worst = fmax(worst, fabs(sum) * 12.0 / sqrt(N - lag));
        }
        CHECK(worst < 5, "pair %d: correlation of %.1f standard errors", pair, worst);
    }
}

FL_TESTS("transport/generator", TEST(lagged_generator_fails_where_ours_passes),
         TEST(no_three_numbers_conspire), TEST(neighbouring_streams_are_unrelated))
