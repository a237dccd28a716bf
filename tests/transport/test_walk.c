/* labels: physics threads   timeout: 300 */
/* What must hold in every run, whatever the medium: energy, order, scale, threads, variants, ends. */
#include "check.h"

#include "helper_media.h"

static const fl_length spots[] = {{0.5e-3}, {2e-3}, {4e-3}, {10e-3}};

static fl_transport_options options_of(uint64_t photons, const fl_length *edges, unsigned cells)
{
    fl_transport_options options = fl_transport_options_default();
    options.seed = 77003;
    options.control = false;
    options.photons = photons;
    options.depth_edges = edges, options.depth_cells = cells;
    options.spots = spots, options.spot_count = 4;
    return options;
}

static void rising(fl_length *edges, unsigned cells, double dz_cm)
{
    for (unsigned i = 0; i <= cells; i++) edges[i] = fl_cm(dz_cm * i);
}

// clang-format off
static const struct { const char *what; double above; media_layer layers[5]; double below; } extremes[] = {
    { "isotropic",             1.0, { { 1.4, 2, 50, 0, 0.1 } }, 1.0 },
    { "g 0.98",                1.0, { { 1.4, 2, 900, 0.98, 0.1 } }, 1.33 },
    { "g -0.7",                1.0, { { 1.4, 2, 50, -0.7, 0.1 } }, 1.0 },
    { "albedo 0.9999",         1.0, { { 1.33, 0.01, 99.99, 0.9, 1e8 } }, 1.0 },
    { "no scattering",         1.0, { { 1.5, 7, 0, 0, 0.1 } }, 1.0 },
    { "glass first and last",  1.0, { { 1.5, 0, 0, 0, 0.1 }, { 1.4, 3, 120, 0.8, 0.05 }, { 1.5, 0, 0, 0, 0.1 } }, 1.0 },
    { "clear gap, low index",  1.0, { { 1.5, 1, 60, 0.5, 0.02 }, { 1.0, 0, 0, 0, 0.01 }, { 1.5, 1, 60, 0.5, 0.02 } }, 1.0 },
    { "1 um thin",             1.0, { { 1.4, 3, 120, 0.8, 1e-4 }, { 1.4, 30, 120, 0.8, 1e-4 }, { 1.4, 3, 120, 0.8, 0.1 } }, 1.0 },
    { "1000 km thick",         1.0, { { 1.4, 0.5, 20, 0.8, 1e8 } }, 1.0 },
    { "index steps every way", 1.33, { { 1.5, 1, 100, 0.8, 0.02 }, { 1.0, 2, 30, 0.3, 0.03 }, { 1.6, 0.3, 80, 0.9, 0.05 }, { 1.2, 9, 9, 0, 0.02 } }, 1.5 },
    { "all glass",             1.0, { { 1.5, 0, 0, 0, 0.1 }, { 1.7, 0, 0, 0, 0.2 } }, 1.33 },
    { "black",                 1.0, { { 1.4, 1e5, 1, 0.9, 1.0 } }, 1.0 },
    { "white, thin",           1.0, { { 1.4, 0, 300, 0.9, 0.05 } }, 1.0 },
};
// clang-format on
#define EXTREMES (sizeof extremes / sizeof *extremes)

static void energy_adds_to_one_and_wider_is_never_less(void)
{
    fl_length edges[41];
    rising(edges, 40, 0.005);
    for (size_t i = 0; i < EXTREMES; i++) {
        const fl_medium medium = media_make(extremes[i].above, extremes[i].layers, extremes[i].below);
        fl_transport_options options = options_of(i == 3 ? 300 : 4000, edges, 40);
        fl_transport *run = media_run(&medium, &options);
        CHECK(fabs(media_energy_error(run, &medium, 0)) < 1e-12, "%s: energy off by %g", extremes[i].what,
              media_energy_error(run, &medium, 0));
        CHECK(fl_transport_lost(run, 0) == 0.0, "%s: photons given up", extremes[i].what);
        for (unsigned cell = 0; cell < 40; cell++) {
            double last = 0.0;
            for (uint32_t spot = 0; spot <= 4; spot++) {
                const fl_estimate e = fl_transport_counted(run, 0, spot < 4 ? spot : FL_TRANSPORT_WIDE, cell);
                CHECK(e.value >= last && !(e.standard_error < 0.0), "%s: cell %u, spot %u: %g after %g",
                      extremes[i].what, cell, spot, e.value, last);
                last = e.value;
            }
        }
        fl_transport_free(run);
    }
}

/* Runs of few photons: the last block may have fewer photons than batches, and still nothing is lost or
 * counted twice. */
static void short_runs_lose_nothing(void)
{
    fl_length edges[61], rings[128];
    rising(edges, 60, 0.002);
    for (unsigned i = 0; i < 128; i++) rings[i] = fl_mm(0.05 * (i + 1));
    for (unsigned cells = 5; cells <= 60; cells += 55)
        for (unsigned variants = 1; variants <= 3; variants += 2)
            for (uint64_t photons = 1; photons < 140; photons += 1 + photons / 20) {
                fl_medium medium = media_make(1.0, media_slab, 1.0);
                medium.variants = variants;
                for (unsigned k = 1; k < variants; k++) medium.layer[0].mua[k] = fl_per_cm(10 + k);
                fl_transport_options options = options_of(photons, edges, cells);
                options.rings = rings, options.ring_count = 128;
                fl_transport *run = media_run(&medium, &options);
                for (unsigned k = 0; k < variants; k++)
                    CHECK(fabs(media_energy_error(run, &medium, k)) < 1e-12,
                          "%llu photons, %u cells: energy off by %g", (unsigned long long)photons, cells,
                          media_energy_error(run, &medium, k));
                CHECK(fl_transport_progress_of(run).photons == photons, "photons");
                fl_transport_free(run);
            }
}

/* A photon that lands further out than a whole number of rings can say belongs to the open ring, not to the
 * axis. */
static void far_photons_are_far(void)
{
    static const media_layer gap[] = {
        {1.0, 0, 0.1, 0, 10}, {1.0, 0, 0, 0, 1e6}, {1.0, 0, 0.1, 0, 10}, {.n = 0}};
    static const fl_length ends[] = {{1e4 + 0.1}, {1e4 + 0.2}};
    const fl_medium medium = media_make(1.0, gap, 1.0);
    double inside[2];
    for (int even = 0; even < 2; even++) {
        const fl_length tiny[] = {{2e-6}, {even ? 4e-6 : 4.1e-6}};
        fl_transport_options options = options_of(20000, ends, 1);
        options.spots = tiny, options.spot_count = 2;
        fl_transport *run = media_run(&medium, &options);
        inside[even] = fl_transport_counted(run, 0, 0, 0).value;
        fl_transport_free(run);
    }
    CHECK_NEAR(inside[1], inside[0], 1e-3, "even and uneven rings");
}

/* Closed forms, no dice: Beer-Lambert without scattering (matched, so no bounces), glass plates with all
 * their bounces. */
static void closed_forms_without_scattering(void)
{
    static const media_layer absorber[] = {{1.4, 7, 0, 0, 0.1}, {1.4, 3, 0, 0, 0.2}, {.n = 0}};
    fl_medium medium = media_make(1.4, absorber, 1.4);
    fl_length edges[4];
    rising(edges, 3, 0.1);
    fl_transport_options options = options_of(1000, edges, 3);
    fl_transport *run = media_run(&medium, &options);
    CHECK_REL(fl_transport_transmitted(run, 0).value, exp(-1.3), 1e-6, "two absorbers: T");
    CHECK_REL(fl_transport_absorbed(run, 0, 0).value, 1 - exp(-0.7), 1e-6, "two absorbers: A1");
    CHECK_REL(fl_transport_absorbed(run, 0, 1).value, exp(-0.7) - exp(-1.3), 1e-6, "two absorbers: A2");
    CHECK(fl_transport_diffuse(run, 0).value == 0.0 && fl_transport_specular(run) == 0.0,
          "nothing comes back");
    CHECK_REL(fl_transport_counted(run, 0, 0, 0).value, (1 - exp(-0.7)) / 0.7, 1e-12,
              "mean fluence of cell 1");
    CHECK_REL(fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, 2).value, exp(-1.0) * (1 - exp(-0.3)) / 0.3,
              1e-12, "of cell 3");
    CHECK(fl_transport_counted(run, 0, 0, 0).standard_error == 0.0, "and it is certain");
    fl_transport_free(run);

    /* One plate, r = 0.04: R = 2r/(1+r), T = (1-r)/(1+r), inside (1 + r)(1 - r)/(1 - r^2) = 1. */
    static const media_layer plate[] = {{1.5, 0, 0, 0, 0.3}, {.n = 0}};
    medium = media_make(1.0, plate, 1.0);
    run = media_run(&medium, &options);
    CHECK_REL(fl_transport_specular(run), 0.08 / 1.04, 1e-12, "plate: R");
    CHECK_REL(fl_transport_transmitted(run, 0).value, 0.96 / 1.04, 1e-12, "plate: T");
    CHECK_REL(fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, 1).value, 1.0, 1e-12, "plate: fluence inside");
    fl_transport_free(run);

    /* An absorbing plate in air, with random bounces at its back: R = r + (1-r)^2 r t^2 / (1 - r^2 t^2). */
    static const media_layer grey[] = {{1.5, 2, 0, 0, 0.1}, {.n = 0}};
    medium = media_make(1.0, grey, 1.0);
    options.photons = 300000;
    run = media_run(&medium, &options);
    const double r = 0.04, t = exp(-0.2), rest = 1 - r * r * t * t;
    CHECK_REL(fl_transport_specular(run), r, 1e-12, "grey plate: first bounce");
    CHECK(fabs(media_z(fl_transport_diffuse(run, 0), (1 - r) * (1 - r) * r * t * t / rest)) < 4,
          "grey plate: back %.6f", fl_transport_diffuse(run, 0).value);
    CHECK(fabs(media_z(fl_transport_transmitted(run, 0), (1 - r) * (1 - r) * t / rest)) < 4,
          "grey plate: T %.6f", fl_transport_transmitted(run, 0).value);
    /* Mean fluence over the plate is the absorbed fraction over mua d: ties the track-length score to the
     * energy. */
    fl_length whole[] = {{0}, {1e-3}};
    options.depth_edges = whole, options.depth_cells = 1;
    fl_transport_free(run);
    run = media_run(&medium, &options);
    CHECK(fabs(media_z(fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, 0),
                       fl_transport_absorbed(run, 0, 0).value / 0.2)) < 4,
          "grey plate: fluence %.6f, absorbed %.6f", fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, 0).value,
          fl_transport_absorbed(run, 0, 0).value);
    fl_transport_free(run);
}

/* Absorbed = mua * integral of fluence, layer by layer: ties both scores (collisions, path lengths) to the
 * energy. Layer 2 scatters 0.3 times on the way through and is scored by path length. */
static void fluence_times_absorption_is_what_was_absorbed(void)
{
    static const media_layer layers[] = {
        {1.4, 4, 150, 0.8, 0.02}, {1.33, 2, 10, 0.2, 0.03}, {1.4, 1, 80, 0.9, 0.05}, {.n = 0}};
    const fl_medium medium = media_make(1.0, layers, 1.45);
    const fl_length edges[] = {{0}, {0.02e-2}, {0.05e-2}, {0.1e-2}};
    const double mua_d[] = {0.08, 0.06, 0.05};
    fl_transport_options options = options_of(150000, edges, 3);
    fl_transport *run = media_run(&medium, &options);
    for (unsigned i = 0; i < 3; i++) {
        const fl_estimate phi = fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, i);
        const fl_estimate a = fl_transport_absorbed(run, 0, i);
        const double error =
            hypot(phi.standard_error, a.standard_error / mua_d[i]); /* generous: they share photons */
        CHECK(fabs(phi.value - a.value / mua_d[i]) < 4 * error && error < 0.01 * phi.value,
              "layer %u: fluence %.5f, absorbed over mua d %.5f +- %.5f", i + 1, phi.value,
              a.value / mua_d[i], error);
    }
    fl_transport_free(run);
}

/* Cutting a slab into thin slices turns collision scores into path-length scores: the same answer. */
static void both_scores_give_the_same_fluence(void)
{
    media_layer slices[21] = {{.n = 0}};
    for (unsigned i = 0; i < 20; i++) slices[i] = (media_layer){1.4, 3, 100, 0.7, 0.004};
    static const media_layer whole[] = {{1.4, 3, 100, 0.7, 0.08}, {.n = 0}};
    fl_length edges[9];
    rising(edges, 8, 0.01);
    fl_transport_options options = options_of(60000, edges, 8);
    const fl_medium a = media_make(1.0, whole, 1.0), b = media_make(1.0, slices, 1.0);
    fl_transport *one = media_run(&a, &options);
    options.seed++;
    fl_transport *two = media_run(&b, &options);
    for (unsigned cell = 0; cell < 8; cell++)
        for (uint32_t spot = 0; spot < 4; spot++) {
            const fl_estimate x = fl_transport_counted(one, 0, spot, cell),
                              y = fl_transport_counted(two, 0, spot, cell);
            const double error = hypot(x.standard_error, y.standard_error);
            CHECK(fabs(x.value - y.value) < 4 * error && error < 0.03 * x.value,
                  "cell %u, spot %u: %.5f, %.5f +- %.5f", cell, spot, x.value, y.value, error);
        }
    fl_transport_free(one);
    fl_transport_free(two);
}

static bool same(fl_estimate a, fl_estimate b)
{
    return a.value == b.value && a.standard_error == b.standard_error;
}

/* Every number of two runs, compared to the bit. */
static void check_same(const fl_transport *a, const fl_transport *b, unsigned layers, unsigned cells,
                       const char *what)
{
    CHECK(same(fl_transport_diffuse(a, 0), fl_transport_diffuse(b, 0)), "%s: Rd", what);
    CHECK(same(fl_transport_transmitted(a, 0), fl_transport_transmitted(b, 0)), "%s: T", what);
    for (unsigned i = 0; i < layers; i++)
        CHECK(same(fl_transport_absorbed(a, 0, i), fl_transport_absorbed(b, 0, i)), "%s: A%u", what, i + 1);
    for (unsigned cell = 0; cell < cells; cell++)
        for (uint32_t spot = 0; spot < 4; spot++)
            CHECK(same(fl_transport_counted(a, 0, spot, cell), fl_transport_counted(b, 0, spot, cell)),
                  "%s: fluence, cell %u, spot %u", what, cell, spot);
}

/* Threads and step sizes share the work differently and may not change a bit, with or without the stop rule.
 */
static void threads_and_steps_change_no_bit(void)
{
    fl_length edges[31];
    rising(edges, 30, 0.005);
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    fl_transport_options options = options_of(20011, edges, 30); /* the last block is smaller */
    for (int stops = 0; stops < 2; stops++) {
        options.relative_error = stops ? 0.13 : 0.0;
        options.error_to = fl_mm(0.7);
        options.photons = stops ? 400000 : 20011;
        options.threads = 1;
        fl_transport *one = media_run(&medium, &options);
        for (unsigned threads = 2; threads <= 5; threads += 3) {
            options.threads = threads;
            fl_transport *other = NULL;
            CHECK(fl_transport_new(&medium, &options, &other, NULL) == FL_OK, "refused");
            while (fl_transport_step(other, threads == 2 ? 7 : 1)) {
            }
            check_same(one, other, 5, 30, threads == 2 ? "2 threads, steps of 7" : "5 threads, steps of 1");
            CHECK(fl_transport_progress_of(one).photons == fl_transport_progress_of(other).photons,
                  "photons");
            fl_transport_free(other);
        }
        const fl_transport_progress progress = fl_transport_progress_of(one);
        CHECK(progress.done &&
                  (!stops || (progress.met && progress.relative_error <= 0.13 && progress.photons < 400000)),
              "stop rule: %llu photons, %.3f", (unsigned long long)progress.photons, progress.relative_error);
        fl_transport_free(one);
    }
    options.seed++;
    options.relative_error = 0.0;
    fl_transport *one = media_run(&medium, &options);
    options.seed--;
    fl_transport *two = media_run(&medium, &options);
    CHECK(fl_transport_diffuse(one, 0).value != fl_transport_diffuse(two, 0).value,
          "another seed, the same answer");
    fl_transport_free(one);
    fl_transport_free(two);
}

/* Lengths times 1000, coefficients over 1000: finds any constant that thinks in centimetres. With 1024 = 2^10
 * nothing rounds differently, so not one bit may move; with 1000 a photon in a thousand may take another
 * turn. */
static void rescaling_lengths_leaves_the_answer_alone(void)
{
    static const double scales[] = {1024, 1000, 1.0 / 1000};
    for (size_t i = 0; i < 3; i++) {
        fl_medium medium = media_make(1.0, media_scalp, 1.45);
        fl_length edges[31], wide[4];
        rising(edges, 30, 0.005);
        for (unsigned k = 0; k < 4; k++) wide[k] = spots[k];
        fl_transport_options options = options_of(3001, edges, 30);
        options.spots = wide;
        fl_transport *one = media_run(&medium, &options);
        for (unsigned k = 0; k < medium.layers; k++) {
            medium.layer[k].thickness.m *= scales[i];
            medium.layer[k].mus.per_m /= scales[i];
            medium.layer[k].mua[0].per_m /= scales[i];
        }
        for (unsigned k = 0; k <= 30; k++) edges[k].m *= scales[i];
        for (unsigned k = 0; k < 4; k++) wide[k].m *= scales[i];
        fl_transport *two = media_run(&medium, &options);
        if (i == 0) check_same(one, two, 5, 30, "times 1024");
        for (unsigned cell = 0; cell < 30; cell++)
            CHECK_REL(fl_transport_counted(two, 0, 2, cell).value,
                      fl_transport_counted(one, 0, 2, cell).value, 5e-3, "times 1000");
        CHECK_REL(fl_transport_diffuse(two, 0).value, fl_transport_diffuse(one, 0).value, 5e-3,
                  "times 1000: Rd");
        fl_transport_free(one);
        fl_transport_free(two);
    }
}

/* Variants share the walk. Darker is never brighter, exactly and everywhere; the lightest variant walks as it
 * would alone, to the bit (its fluences are read from fewer events); every one agrees with a run of its own;
 * energy holds in each. */
static void variants_are_ordered_exactly(void)
{
    fl_medium medium = media_make(1.0, media_scalp, 1.0);
    static const double epidermis[] = {3, 3, 8, 40}, ink[] = {0.5, 12, 12, 80};
    medium.variants = 4;
    for (unsigned k = 0; k < 4; k++)
        for (unsigned i = 0; i < 5; i++)
            medium.layer[i].mua[k] = i == 0   ? fl_per_cm(epidermis[k])
                                     : i == 2 ? fl_per_cm(ink[k])
                                              : medium.layer[i].mua[0];
    fl_length edges[31];
    rising(edges, 30, 0.01);
    fl_transport_options options = options_of(30000, edges, 30);
    fl_transport *all = media_run(&medium, &options);
    for (unsigned cell = 0; cell < 30; cell++)
        for (uint32_t spot = 0; spot < 4; spot++)
            for (unsigned k = 0; k + 1 < 4; k++) {
                const double lighter = fl_transport_counted(all, k, spot, cell).value;
                const double darker = fl_transport_counted(all, k + 1, spot, cell).value;
                CHECK(darker <= lighter && darker > 0.0,
                      "cell %u, spot %u: variant %u has %g, the lighter one %g", cell, spot, k + 1, darker,
                      lighter);
            }
    for (unsigned k = 0; k < 4; k++) {
        CHECK(fabs(media_energy_error(all, &medium, k)) < 1e-12, "variant %u: energy", k);
        fl_medium alone = medium;
        alone.variants = 1;
        for (unsigned i = 0; i < 5; i++) alone.layer[i].mua[0] = medium.layer[i].mua[k];
        options.seed = k ? 5 + k : options.seed;
        fl_transport *one = media_run(&alone, &options);
        if (k == 0) check_same(all, one, 5, 0, "lightest variant, alone");
        for (unsigned cell = 0; cell < 12; cell += 3) {
            const fl_estimate x = fl_transport_counted(all, k, 2, cell),
                              y = fl_transport_counted(one, 0, 2, cell);
            CHECK(fabs(x.value - y.value) < 4 * hypot(x.standard_error, y.standard_error),
                  "variant %u, cell %u: %g alone %g", k, cell, x.value, y.value);
        }
        fl_transport_free(one);
    }
    fl_transport_free(all);
}

/* The 95 % interval must hold the truth in 95 +- 4 % of 200 seeds: exact slab values, and fluence against the
 * mean of all seeds. */
static void standard_errors_are_honest(void)
{
    enum { SEEDS = 200 };
    const fl_medium medium = media_make(1.0, media_slab, 1.0);
    const fl_length edges[] = {{0}, {0.5e-4}, {1.5e-4}, {2e-4}};
    fl_estimate got[4][SEEDS];
    double want[4] = {0.097395, 0.660958, 0.241648, 0.0};
    for (unsigned i = 0; i < SEEDS; i++) {
        fl_transport_options options = options_of(6400, edges, 3);
        options.seed = 1000 + i;
        fl_transport *run = media_run(&medium, &options);
        got[0][i] = fl_transport_diffuse(run, 0);
        got[1][i] = fl_transport_transmitted(run, 0);
        got[2][i] = fl_transport_absorbed(run, 0, 0);
        got[3][i] = fl_transport_counted(run, 0, 0, 1);
        want[3] += got[3][i].value / SEEDS;
        fl_transport_free(run);
    }
    for (unsigned q = 0; q < 4; q++) {
        unsigned held = 0;
        for (unsigned i = 0; i < SEEDS; i++)
            held += fabs(media_z(got[q][i], want[q])) < 1.998; /* t, 63 degrees */
        CHECK(held >= 0.91 * SEEDS && held <= 0.99 * SEEDS, "quantity %u: %u of %d intervals hold the truth",
              q, held, SEEDS);
    }
}

FL_TESTS("transport/walk", TEST(short_runs_lose_nothing), TEST(far_photons_are_far),
         TEST(energy_adds_to_one_and_wider_is_never_less), TEST(closed_forms_without_scattering),
         TEST(fluence_times_absorption_is_what_was_absorbed), TEST(both_scores_give_the_same_fluence),
         TEST(threads_and_steps_change_no_bit), TEST(rescaling_lengths_leaves_the_answer_alone),
         TEST(variants_are_ordered_exactly), TEST(standard_errors_are_honest))
