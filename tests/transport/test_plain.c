/* labels: physics   timeout: 300 */
/* The fast kernel against the plain one (helper_plain.h) on fifty random media: reflected, transmitted and
 * absorbed light, and fluence in cells and spots. And the same comparison must notice 2 % more scattering.
 *
 * Standard errors rest on 64 groups on either side, so a difference over its error has about 100 degrees of
 * freedom: |z| > 4 happens once in 8,000. Answers of one medium share their photons, which makes the spread
 * of chi2 wider than that of as many independent numbers; the bounds leave room for it.
 */
#include "check.h"

#include "fadeline/base/random.h"
#include "helper_media.h"
#include "helper_plain.h"
#include "helper_problem.h"

#ifndef TIMES
#define TIMES 1 /* compile with more to look closer: so many times the photons */
#endif
#define MEDIA 50
#define COLLISIONS (TIMES * 500000.0) /* of the plain kernel, each medium */
#define BLOCKS 64u
#define FAST_PER_PLAIN 4u /* it is that much faster and more */
#define SHARP 0.1         /* an answer counts when the difference is known to this share of it */

typedef struct comparison {
    unsigned count, blunt, over2, over3, over4;
    double square, worst, error; /* sums of z^2 and of relative errors; largest |z| */
    bool quiet;
} comparison;

static void compare(comparison *sum, const char *what, unsigned number, unsigned cell, fl_estimate fast,
                    fl_estimate plain)
{
    const double error = hypot(fast.standard_error, plain.standard_error);
    if (!(error < SHARP * plain.value)) {
        sum->blunt++;
        CHECK(!(error < 0.0) && fast.value >= 0.0, /* a NaN: too few to say */ "medium %u: %s %u is %g +- %g",
              number, what, cell, fast.value, error);
        return;
    }
    const double off = fast.value - plain.value;
    if (fabs(off) <= 1e-6 * plain.value && error < 1e-6 * plain.value)
        return; /* both exact; floats of lanes */
    const double z = off / error;
    if (fabs(z) > 3.5 && !sum->quiet)
        printf("\n  medium %u: %s %u: fast %.6g, plain %.6g, z %.2f", number, what, cell, fast.value,
               plain.value, z);
    sum->count++;
    sum->over2 += fabs(z) > 2, sum->over3 += fabs(z) > 3, sum->over4 += fabs(z) > 4;
    sum->square += z * z, sum->error += error / plain.value;
    sum->worst = fmax(sum->worst, fabs(z));
}

/* About so many collisions. */
static plain_run *walk_plain(const problem *p, const fl_medium *medium, double collisions, uint64_t seed)
{
    const fl_length radii[PROBLEM_SPOTS] = {{0.5 * p->spots[0].m}, {0.5 * p->spots[1].m}};
    plain_options options = {.seed = seed,
                             .block_photons = 1,
                             .roulette = 1e-4,
                             .edges = p->edges,
                             .cells = p->cells,
                             .radii = radii,
                             .rings = PROBLEM_SPOTS};
    plain_run *pilot = plain_new(medium, &options);
    plain_walk(pilot, 200);
    const double each = fmax((double)pilot->collisions / 200, 3.0);
    plain_free(pilot);
    options.block_photons = (uint64_t)fmin(fmax(collisions / each / BLOCKS, 10.0), collisions / 200.0);
    options.seed = seed + 1000;
    plain_run *run = plain_new(medium, &options);
    plain_walk(run, BLOCKS);
    return run;
}

static fl_transport *walk_fast(const problem *p, uint64_t photons, uint64_t seed)
{
    fl_transport_options options = fl_transport_options_default();
    options.seed = seed, options.photons = photons, options.control = false;
    options.depth_edges = p->edges, options.depth_cells = p->cells;
    options.spots = p->spots, options.spot_count = PROBLEM_SPOTS;
    options.rings = p->rings, options.ring_count = p->ring_count;
    return media_run(&p->medium, &options);
}

/* `plain_medium`: the one the plain kernel walks. */
static void compare_on(comparison *sum, const problem *p, const fl_medium *plain_medium, double collisions,
                       unsigned number)
{
    plain_run *plain = walk_plain(p, plain_medium, collisions, 20261123 + number);
    fl_transport *fast = walk_fast(p, FAST_PER_PLAIN * plain->block_photons * BLOCKS, 4001 + number);
    const double energy = media_energy_error(fast, &p->medium, 0);
    CHECK(fabs(energy) < 1e-12, "medium %u: energy off by %g", number, energy);
    CHECK(fl_transport_lost(fast, 0) == 0.0 && plain->lost == 0, "medium %u: photons given up", number);
    CHECK_REL(fl_transport_specular(fast), plain->specular, 1e-12, "specular");
    compare(sum, "Rd", number, 0, fl_transport_diffuse(fast, 0), plain_diffuse(plain));
    compare(sum, "T", number, 0, fl_transport_transmitted(fast, 0), plain_transmitted(plain));
    for (unsigned i = 0; i < p->medium.layers; i++)
        compare(sum, "A of layer", number, i, fl_transport_absorbed(fast, 0, i), plain_absorbed(plain, i));
    static const char *const what[] = {"narrow fluence of cell", "spot fluence of cell",
                                       "wide fluence of cell"};
    for (unsigned cell = 0; cell < p->cells; cell++)
        for (unsigned spot = 0; spot <= PROBLEM_SPOTS; spot++)
            compare(sum, what[spot], number, cell,
                    fl_transport_counted(fast, 0, spot < PROBLEM_SPOTS ? spot : FL_TRANSPORT_WIDE, cell),
                    plain_fluence(plain, spot + 1, cell));
    fl_transport_free(fast);
    plain_free(plain);
}

static void report(const char *what, const comparison *sum)
{
    printf("\n  %s: %u answers compared (%u too blunt), known to %.2f %% on average; |z| > 2: %.2f %%, > 3: "
           "%.2f %%, "
           "> 4: %u; worst %.2f; chi2/n %.3f ",
           what, sum->count, sum->blunt, 100.0 * sum->error / sum->count, 100.0 * sum->over2 / sum->count,
           100.0 * sum->over3 / sum->count, sum->over4, sum->worst, sum->square / sum->count);
}

static void fifty_media_agree(void)
{
    fl_random random;
    fl_random_init(&random, 20261122, 5);
    comparison sum = {0};
    for (unsigned number = 0; number < MEDIA; number++) {
        const problem p = random_problem(&random, number);
        compare_on(&sum, &p, &p.medium, COLLISIONS, number);
    }
    report("fifty media", &sum);
    const double n = sum.count;
    CHECK(sum.count > 1500 && sum.blunt < sum.count / 3, "%u compared, %u too blunt to", sum.count,
          sum.blunt);
    CHECK(sum.error / n < 0.025, "answers known to %.1f %% only", 100.0 * sum.error / n);
    CHECK(sum.square / n > 0.8 && sum.square / n < 1.25, "chi2/n %.3f", sum.square / n);
    CHECK(sum.over2 / n < 0.07, "%.1f %% beyond 2, expected 4.8", 100.0 * sum.over2 / n);
    CHECK(sum.over3 / n < 0.008, "%.2f %% beyond 3, expected 0.34", 100.0 * sum.over3 / n);
    /* 0.25 expected; four and more: 1e-4. */
    CHECK(sum.over4 <= 3 && sum.worst < 6.0, "%u beyond 4, worst %.2f", sum.over4, sum.worst);
}

/* The negative control: the plain kernel's medium scatters 2 % more. */
static void two_percent_more_scattering_is_noticed(void)
{
    static const media_layer slab[] = {{1.4, 1, 90, 0.75, 0.05}, {1.4, 3, 90, 0.75, 0.1}, {.n = 0}};
    problem p = {.medium = media_make(1.0, slab, 1.0), .spots = {{0.6e-3}, {3e-3}}, .cells = 6};
    for (unsigned i = 1; i <= p.cells; i++) p.edges[i] = fl_cm(0.025 * i);
    fl_medium more = p.medium;
    for (unsigned i = 0; i < more.layers; i++) more.layer[i].mus.per_m *= 1.02;
    comparison same = {0}, different = {.quiet = true};
    compare_on(&same, &p, &p.medium, 20.0 * COLLISIONS, 100);
    compare_on(&different, &p, &more, 20.0 * COLLISIONS, 100);
    report("the same slab", &same);
    report("2 % more scattering", &different);
    CHECK(same.worst < 4.0, "the same slab: worst %.2f", same.worst);
    CHECK(different.worst > 4.0 && different.square / different.count > 4.0,
          "2 %% more scattering went unnoticed: worst %.2f, chi2/n %.2f", different.worst,
          different.square / different.count);
}

FL_TESTS("transport/plain", TEST(fifty_media_agree), TEST(two_percent_more_scattering_is_noticed))
