/* labels: physics   timeout: 120   fast */
/* A build of our own kernel with a lagged subtractive generator, x(n) = x(n - 9) - x(n - 4), must not pass
 * for right. It is of the kind that makes the classic program wrong below an ink layer, with shorter lags:
 * our kernel spends two numbers a turn and none at boundaries, and hides the classic lags of 55 and 24 well
 * (0.8 standard errors at 2 million photons; test_generator.c catches those by looking at the numbers
 * themselves). */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/transport/exact.h"
#include "helper_media.h"
#include "plan.h"

#define LANES 4
#define WALK_KERNEL walk_badly
walk_kernel walk_badly;

typedef uint32_t four __attribute__((vector_size(16)));
enum { VECTORS = STREAMS / LANES, LAG_LONG = 9, LAG_SHORT = 4, KEPT = 16 };
static four kept[VECTORS][KEPT];
static unsigned drawn[VECTORS], calls;

/* The kernel draws twice for each vector of lanes, in turn. */
static four lagged_random(four *unused)
{
    (void)unused;
    const unsigned v = calls++ / 2 % VECTORS, n = drawn[v]++;
    return kept[v][n % KEPT] = kept[v][(n - LAG_LONG) % KEPT] - kept[v][(n - LAG_SHORT) % KEPT];
}

#define WALK_RANDOM lagged_random
#include "walk_kernel.h"

static void start_badly(uint64_t block)
{
    fl_random seed;
    fl_random_init(&seed, 20261126, block);
    calls = 0;
    for (unsigned v = 0; v < VECTORS; v++) {
        drawn[v] = LAG_LONG;
        for (unsigned i = 0; i < KEPT; i++)
            for (unsigned lane = 0; lane < LANES; lane++)
                kept[v][i][lane] = (uint32_t)(fl_random_u64(&seed) >> 32);
    }
}

/* Rd and what is absorbed below the ink of case c, from 40 blocks. */
static void measure(walk_kernel *kernel, fl_estimate got[2])
{
    enum { BLOCKS = 40, PHOTONS = 32768 };
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    const fl_transport_options options = fl_transport_options_default();
    walk_plan plan;
    if (plan_init(&plan, &medium, &options) != FL_OK) abort();
    const walk_layout at = walk_layout_of(&plan);
    double sum[2] = {0}, square[2] = {0}, *tally = malloc(at.size * sizeof *tally);
    for (uint64_t block = 0; block < BLOCKS; block++) {
        memset(tally, 0, at.size * sizeof *tally);
        start_badly(block);
        const walk_block wanted = {1, block, PHOTONS, 1};
        kernel(&plan, &wanted, tally);
        const double one[2] = {tally[at.diffuse] / PHOTONS * plan.entry_weight,
                               tally[at.absorbed + 3] / PHOTONS * plan.entry_weight};
        for (int q = 0; q < 2; q++) sum[q] += one[q], square[q] += one[q] * one[q];
    }
    for (int q = 0; q < 2; q++) {
        const double mean = sum[q] / BLOCKS;
        got[q] = (fl_estimate){mean, sqrt((square[q] / BLOCKS - mean * mean) / (BLOCKS - 1))};
    }
    free(tally);
    plan_fini(&plan);
}

static void a_biased_build_fails_where_ours_passes(void)
{
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    fl_exact *exact;
    if (fl_exact_new(&medium, 0, 0, &exact, NULL) != FL_OK) abort();
    const double want[2] = {fl_exact_diffuse(exact), fl_exact_absorbed(exact, 3)};
    fl_exact_free(exact);
    fl_estimate bad[2], good[2];
    unsigned lanes;
    measure(walk_badly, bad);
    measure(walk_kernel_of(4, &lanes), good);
    for (int q = 0; q < 2; q++)
        CHECK(fabs(media_z(good[q], want[q])) < 4, "ours: %.6f +- %.6f, exact %.6f", good[q].value,
              good[q].standard_error, want[q]);
    CHECK(media_z(bad[0], want[0]) > 4, "Rd %.6f +- %.6f went unnoticed, exact %.6f", bad[0].value,
          bad[0].standard_error, want[0]);
    CHECK(media_z(bad[1], want[1]) < -4, "below the ink %.6f +- %.6f went unnoticed, exact %.6f",
          bad[1].value, bad[1].standard_error, want[1]);
}

FL_TESTS("transport/badgenerator", TEST(a_biased_build_fails_where_ours_passes))
