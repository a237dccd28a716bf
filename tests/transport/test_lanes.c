/* labels: unit physics threads   timeout: 300 */
/* The arithmetic of the kernel, and that its width and threads cannot be told from the answer. */
#include "check.h"

#include "helper_media.h"

#include "plan.h"

/* The kernel once more, without the processor's own vector instructions: what runs where there are none we
 * know. */
#define LANES 4
#define LANES_LOOPS
#define STEPS_MAX 6400u
#define WALK_KERNEL walk_in_loops
walk_kernel walk_in_loops;
#include "walk_kernel.h"

/* -log over every exponent and a fine grid of fractions. The stated 1e-6 is absolute: a free path of 1e-6 of
 * its mean. */
static void minus_log_is_close(void)
{
    double worst = 0.0;
    for (uint32_t n = 0; n < 1u << 23; n += 61) {
        const float u = uniform_to_1((lane_u){n << 9, n << 9, n << 9, n << 9})[0];
        CHECK(u > 0.0f && u < 1.0f, "u %g", u);
        worst = fmax(worst, fabs(minus_log(lanes_all(u))[2] + log(u)));
    }
    CHECK(worst < 1.5e-6, "minus_log is off by %.2g", worst);
    CHECK(minus_log(lanes_all(0x1p-24f))[0] > 16.6f, "the longest path");
    CHECK(minus_log(lanes_all(1.0f - 0x1p-24f))[0] >= 0.0f, "the shortest path");
}

static void power_of_half_is_close(void)
{
    double worst = 0.0;
    float last = 1.1f;
    for (float x = 0.0f; x < 126.0f; x += 0.00377f) {
        const float got = power_of_half(lanes_all(x))[1];
        worst = fmax(worst, fabs(got / exp2(-(double)x) - 1.0));
        CHECK(got < last, "not falling at %g", x);
        last = got;
    }
    CHECK(worst < 3e-7, "2^-x is off by %.2g", worst);
    CHECK(power_of_half(lanes_all(0.0f))[0] == 1.0f, "2^0");
    CHECK(power_of_half(lanes_all(INFINITY))[0] == 0x1p-126f &&
              power_of_half(lanes_all(1e9f))[0] == 0x1p-126f,
          "far out");
}

/* All 65,536 azimuths: on the unit circle, and every moment up to the 64th averages out. */
static void azimuths_are_even(void)
{
    static double moment[65][2];
    double worst = 0.0;
    memset(moment, 0, sizeof moment);
    for (uint32_t n = 0; n < 65536; n++) {
        lane_f c, s;
        azimuth_of((lane_u){n << 16, n << 16, n << 16, n << 16}, &c, &s);
        worst = fmax(worst, fabs((double)c[3] * c[3] + (double)s[3] * s[3] - 1.0));
        const double angle = atan2(s[3], c[3]);
        for (int m = 1; m <= 64; m++) moment[m][0] += cos(m * angle), moment[m][1] += sin(m * angle);
    }
    CHECK(worst < 5e-7, "radius off by %.2g", worst);
    for (int m = 1; m <= 64; m++)
        CHECK(hypot(moment[m][0], moment[m][1]) / 65536 < 1e-6, "moment %d: %.2g", m,
              hypot(moment[m][0], moment[m][1]) / 65536);
}

/* Henyey-Greenstein: over all p the mean of P_l(cos) is g^l, from any direction, and directions keep their
 * length. */
static void scattering_has_the_right_moments(void)
{
    static const double gs[] = {0, 0.3, 0.82, 0.99, 0.999, -0.7};
    static const float from[][3] = {{0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {0.6f, 0, -0.8f}, {0.36f, 0.48f, 0.8f}};
    for (size_t i = 0; i < sizeof gs / sizeof *gs; i++)
        for (size_t k = 0; k < sizeof from / sizeof *from; k++) {
            walker w = {.g1 = {0}};
            const double g = gs[i];
            for (int l = 0; l < 4; l++)
                w.g1[l] = (float)(1 + g), w.gh[l] = (float)(g / 2), w.gg[l] = (float)((1 - g) * (1 - g));
            enum { N = 40000 };
            double p1 = 0, p2 = 0, p3 = 0, length = 0;
            for (int n = 0; n < N; n++) {
                lane_f ux = lanes_all(from[k][0]), uy = lanes_all(from[k][1]), uz = lanes_all(from[k][2]);
                const uint32_t azimuth = (uint32_t)n * 2654435761u;
                scatter(&w, 0, lanes_all((float)((n + 0.5) * 2.0 / N)),
                        (lane_u){azimuth, azimuth, azimuth, azimuth}, &ux, &uy, &uz);
                const double c =
                    (double)ux[1] * from[k][0] + (double)uy[1] * from[k][1] + (double)uz[1] * from[k][2];
                p1 += c, p2 += 1.5 * c * c - 0.5, p3 += 2.5 * c * c * c - 1.5 * c;
                length = fmax(length, fabs((double)ux[1] * ux[1] + (double)uy[1] * uy[1] +
                                           (double)uz[1] * uz[1] - 1.0));
            }
            CHECK_NEAR(p1 / N, g, 2e-5, "mean cosine");
            CHECK_NEAR(p2 / N, g * g, 5e-5, "second moment");
            CHECK_NEAR(p3 / N, g * g * g, 1e-4, "third moment");
            CHECK(length < 2e-6, "g %g: length off by %.2g", g, length);
        }
}

// clang-format off
static const struct { const char *what; media_layer layers[6]; } media[] = {
    { "slab",              { { 1.0, 10, 90, 0.75, 0.02 } } },
    { "scalp with ink",    { { 1.4, 8, 350, 0.80, 0.008 }, { 1.4, 0.6, 230, 0.82, 0.03 }, { 1.4, 25, 230, 0.82, 0.07 }, { 1.4, 0.5, 200, 0.85, 0.3 } } },
    { "glass, steps, thin",{ { 1.5, 0, 0, 0, 0.1 }, { 1.35, 3, 120, 0.8, 1e-4 }, { 1.45, 2, 0, 0, 0.01 }, { 1.2, 5, 60, 0.3, 0.05 }, { 1.6, 1, 90, -0.4, 0.02 } } },
};
// clang-format on

static void check_same(const fl_transport *a, const fl_transport *b, unsigned variants, unsigned layers,
                       unsigned cells, const char *what)
{
    unsigned differ = 0;
    for (unsigned k = 0; k < variants; k++) {
        differ += fl_transport_diffuse(a, k).value != fl_transport_diffuse(b, k).value;
        differ += fl_transport_transmitted(a, k).value != fl_transport_transmitted(b, k).value;
        for (unsigned i = 0; i < layers; i++)
            differ += fl_transport_absorbed(a, k, i).value != fl_transport_absorbed(b, k, i).value;
        for (unsigned cell = 0; cell < cells; cell++)
            for (uint32_t spot = 0; spot < 2; spot++) {
                const fl_estimate x = fl_transport_fluence(a, k, spot, cell),
                                  y = fl_transport_fluence(b, k, spot, cell);
                differ += memcmp(&x, &y, sizeof x) != 0;
            }
    }
    CHECK(differ == 0, "%s: %u numbers differ", what, differ);
}

/* Every width this processor has, one and three threads, few and many variants, even and uneven cells: the
 * same bits. */
static void width_and_threads_change_no_bit(void)
{
    static const fl_length spots[] = {{1e-3}, {4e-3}};
    fl_length even[13], uneven[31];
    for (unsigned i = 0; i <= 12; i++) even[i] = fl_mm(0.1 * i);
    for (unsigned i = 0; i <= 30; i++) uneven[i] = fl_mm(0.002 * i * i + 0.01 * i);
    static const unsigned widths[] = {4, 8, 16};
    for (size_t m = 0; m < sizeof media / sizeof *media; m++)
        for (unsigned variants = 1; variants <= 5; variants += 4)
            for (int cells = 12; cells <= 30; cells += 18) {
                fl_medium medium = media_make(1.0, media[m].layers, 1.33);
                medium.variants = variants;
                for (unsigned i = 0; i < medium.layers; i++)
                    for (unsigned k = 1; k < variants; k++)
                        medium.layer[i].mua[k].per_m =
                            medium.layer[i].mua[0].per_m * (1.0 + 0.3 * k * (i != 1));
                fl_transport_options options = fl_transport_options_default();
                options.photons = 7001, options.seed = 5 + m, options.lanes = 1;
                options.depth_edges = cells == 12 ? even : uneven, options.depth_cells = (unsigned)cells;
                options.spots = spots, options.spot_count = 2, options.exact_nodes = 8;
                fl_transport *one = media_run(&medium, &options);
                for (size_t i = 0; i < 3; i++) {
                    unsigned chosen;
                    if (!walk_kernel_of(widths[i], &chosen)) continue;
                    options.lanes = widths[i], options.threads = 1 + 2 * (i % 2);
                    fl_transport *other = media_run(&medium, &options);
                    char what[80];
                    snprintf(what, sizeof what, "%s, %u variants, %d cells, %u lanes", media[m].what,
                             variants, cells, widths[i]);
                    check_same(one, other, variants, medium.layers, (unsigned)cells, what);
                    CHECK(fl_transport_lanes(other) == widths[i], "lanes");
                    fl_transport_free(other);
                }
                fl_transport_free(one);
            }
}

/* Loops in place of instructions: the same sums. */
static void loops_change_no_bit(void)
{
    fl_length edges[13];
    static const fl_length spots[] = {{1e-3}, {4e-3}};
    for (unsigned i = 0; i <= 12; i++) edges[i] = fl_mm(0.1 * i);
    for (size_t m = 0; m < sizeof media / sizeof *media; m++) {
        const fl_medium medium = media_make(1.0, media[m].layers, 1.33);
        fl_transport_options options = fl_transport_options_default();
        options.depth_edges = edges, options.depth_cells = 12, options.spots = spots, options.spot_count = 2;
        walk_plan plan;
        CHECK(plan_init(&plan, &medium, &options) == FL_OK, "plan");
        const walk_layout at = walk_layout_of(&plan);
        const walk_block block = {9, 3, 3000, 2};
        double *one = calloc(2 * at.size, sizeof *one), *two = calloc(2 * at.size, sizeof *two);
        unsigned lanes;
        walk_in_loops(&plan, &block, one);
        walk_kernel_of(0, &lanes)(&plan, &block, two);
        CHECK(one[at.diffuse] > 0.0 && memcmp(one, two, 2 * at.size * sizeof *one) == 0, "%s: other sums",
              media[m].what);
        free(one);
        free(two);
        plan_fini(&plan);
    }
}

/* A photon that will not end is given up and its weight reported: here after 6,400 turns in place of 1e8,
 * among media that need more. The books balance all the same. */
static void photons_that_do_not_end_are_given_up(void)
{
    static const media_layer white[] = {{1.5, 1e-5, 100, 0.0, 30}, {.n = 0}};
    const fl_medium medium = media_make(1.0, white, 1.0);
    const fl_transport_options options = fl_transport_options_default();
    walk_plan plan;
    CHECK(plan_init(&plan, &medium, &options) == FL_OK, "plan");
    const walk_layout at = walk_layout_of(&plan);
    const walk_block block = {9, 0, 500, 1};
    double *tally = calloc(at.size, sizeof *tally);
    walk_in_loops(&plan, &block, tally);
    CHECK(tally[at.lost] > 5.0 && tally[at.lost] < 250.0, "lost %g of 500", tally[at.lost]);
    CHECK_NEAR(tally[at.diffuse] + tally[at.transmitted] + tally[at.lost] + tally[at.absorbed], 500.0, 1e-9,
               "energy");
    free(tally);
    plan_fini(&plan);
}

static void lanes_nobody_has_are_refused(void)
{
    const fl_medium medium = media_make(1.0, media_slab, 1.0);
    static const unsigned wrong[] = {2, 3, 5, 7, 9, 15, 17, 32, 4000000000u};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fl_transport_options options = fl_transport_options_default();
        options.lanes = wrong[i];
        fl_transport *run = NULL;
        fl_error error = {.what = ""};
        CHECK(fl_transport_new(&medium, &options, &run, &error) == FL_E_RANGE && !run && error.hint[0],
              "%u lanes", wrong[i]);
    }
}

FL_TESTS("transport/lanes", TEST(minus_log_is_close), TEST(power_of_half_is_close), TEST(azimuths_are_even),
         TEST(scattering_has_the_right_moments), TEST(width_and_threads_change_no_bit),
         TEST(loops_change_no_bit), TEST(photons_that_do_not_end_are_given_up),
         TEST(lanes_nobody_has_are_refused))
