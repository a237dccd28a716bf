/* labels: physics   timeout: 300 */
/* The exact solver against closed forms, H functions computed here on their own, published tables, our own
 * Monte Carlo, and itself cut, scaled and turned in ways that must not matter.
 *
 * Three rows of the table that Monte Carlo is tested against (test_exact.c) are not met to the last digit
 * printed: the matched half-space with g 0.9 (Rd 0.746024, here 0.746063), case c below the ink (0.001701,
 * here 0.0017028) and Rd(alpha) from 40 degrees on. Below the ink 2.4e8 photons of our Monte Carlo, counted,
 * gave 0.0017037(5): 1.7 standard errors from here, 5.0 from there. The others are too close for photons to
 * judge; what speaks for the values here is that they no longer move with more nodes, and did not with
 * another quadrature. Too few directions would explain the table, but we have not seen its program.
 */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/transport/exact.h"
#include "helper_media.h"

#include <gsl/gsl_integration.h>

#define PI 3.14159265358979323846

static fl_exact *solve(const fl_medium *medium, unsigned nodes)
{
    fl_exact *exact = NULL;
    fl_error error;
    if (fl_exact_new(medium, 0, nodes, &exact, &error) != FL_OK) {
        fprintf(stderr, "\nthe test's own medium was refused: %s\n", error.what);
        abort();
    }
    return exact;
}

static fl_exact *solve_rows(double n_above, const media_layer *layers, double n_below, unsigned nodes)
{
    const fl_medium medium = media_make(n_above, layers, n_below);
    return solve(&medium, nodes);
}

static double absorbed(const fl_exact *exact, unsigned layers)
{
    double sum = 0.0;
    for (unsigned i = 0; i < layers; i++) sum += fl_exact_absorbed(exact, i);
    return sum;
}

static double energy_error(const fl_exact *exact, unsigned layers)
{
    return fl_exact_specular(exact) + fl_exact_diffuse(exact) + fl_exact_transmitted(exact) +
           absorbed(exact, layers) - 1.0;
}

/* Largest difference of totals and of fluence at ten depths. */
static double difference(const fl_exact *a, const fl_exact *b, double depth_cm)
{
    double worst = fmax(fabs(fl_exact_diffuse(a) - fl_exact_diffuse(b)),
                        fabs(fl_exact_transmitted(a) - fl_exact_transmitted(b)));
    for (unsigned i = 0; i < 10; i++) {
        const fl_length z = fl_cm(depth_cm * (i + 0.013) / 10.0);
        worst = fmax(worst, fabs(fl_exact_fluence(a, z) - fl_exact_fluence(b, z)));
    }
    return worst;
}

/* Closed forms without scattering: Beer-Lambert between matched outsides, 8 decades deep. */
static void absorber_is_beer_lambert(void)
{
    static const media_layer layers[] = {
        {1.0, 13, 0, 0, 0.31}, {1.0, 0, 0, 0, 0.07}, {1.0, 29, 0, 0, 0.53}, {.n = 0}};
    fl_exact *exact = solve_rows(1.0, layers, 1.0, 0);
    static const double z_cm[] = {0, 0.003, 0.17, 0.31, 0.36, 0.4, 0.77, 0.91};
    for (size_t i = 0; i < sizeof z_cm / sizeof *z_cm; i++) {
        const double z = z_cm[i], depth = 13 * fmin(z, 0.31) + 29 * fmax(z - 0.38, 0.0);
        CHECK_REL(fl_exact_fluence(exact, fl_cm(z)), exp(-depth), 1e-12, "fluence");
    }
    CHECK_REL(fl_exact_transmitted(exact), exp(-13 * 0.31 - 29 * 0.53), 1e-12, "T");
    CHECK_REL(fl_exact_absorbed(exact, 2), exp(-13 * 0.31) * -expm1(-29 * 0.53), 1e-12, "A of layer 3");
    CHECK(fl_exact_absorbed(exact, 1) == 0.0, "a clear layer absorbed");
    CHECK_NEAR(fl_exact_diffuse(exact), 0.0, 1e-15, "Rd");
    CHECK(fl_exact_fluence(exact, fl_cm(0.92)) == 0.0, "light below the last layer");
    CHECK(isnan(fl_exact_fluence(exact, fl_cm(-0.1))), "fluence above the surface");
    fl_exact_free(exact);
}

/* One grey plate of n 1.5: all its bounces are a geometric series. Then clear plates: R = 2r/(1+r), and the
 * fluence inside is that outside. */
static void plates_bounce(void)
{
    static const media_layer grey[] = {{1.5, 7, 0, 0, 0.11}, {.n = 0}};
    const double r = 0.04, e = exp(-0.77), once = (1 - r) / (1 - r * r * e * e);
    fl_exact *exact = solve_rows(1.0, grey, 1.0, 0);
    CHECK_REL(fl_exact_transmitted(exact), (1 - r) * e * once, 1e-13, "T of a grey plate");
    CHECK_REL(fl_exact_specular(exact), r, 1e-13, "specular of a grey plate");
    CHECK_REL(fl_exact_diffuse(exact), (1 - r) * r * e * e * once, 1e-12, "rest of R of a grey plate");
    const double z = 0.0413, down = once * exp(-7 * z), back = once * r * e * exp(-7 * (0.11 - z));
    CHECK_REL(fl_exact_fluence(exact, fl_cm(z)), down + back, 1e-13, "fluence in a grey plate");
    fl_exact_free(exact);

    static const media_layer clear[] = {{1.5, 0, 0, 0, 0.11}, {.n = 0}};
    exact = solve_rows(1.0, clear, 1.0, 0);
    CHECK_REL(fl_exact_specular(exact), 2 * r / (1 + r), 1e-12, "specular of glass");
    CHECK_REL(fl_exact_transmitted(exact), (1 - r) / (1 + r), 1e-12, "T of glass");
    CHECK_REL(fl_exact_fluence(exact, fl_cm(0.05)), 1.0, 1e-12, "fluence in glass");
    CHECK_NEAR(fl_exact_diffuse(exact), 0.0, 1e-12, "diffuse light of glass");
    fl_exact_free(exact);
}

/* H function of isotropic scattering, by iterating Chandrasekhar 1960, V eq. 14 in its stable form:
 * 1/H(mu) = sqrt(1 - a) + a/2 int mu' H(mu') / (mu + mu') dmu'. With mu = x^2 against the logarithm at 0. */
enum { H_POINTS = 200 };
typedef struct h_function {
    double albedo, mu[H_POINTS], weight[H_POINTS], h[H_POINTS];
} h_function;

static double h_at(const h_function *of, double mu)
{
    double sum = 0.0;
    for (int i = 0; i < H_POINTS; i++) sum += of->weight[i] * of->mu[i] * of->h[i] / (mu + of->mu[i]);
    return 1.0 / (sqrt(1.0 - of->albedo) + 0.5 * of->albedo * sum);
}

static h_function h_solve(double albedo)
{
    h_function of = {.albedo = albedo};
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(H_POINTS);
    for (int i = 0; i < H_POINTS; i++) {
        double x, w;
        gsl_integration_glfixed_point(0.0, 1.0, (size_t)i, &x, &w, table);
        of.mu[i] = x * x, of.weight[i] = 2.0 * x * w, of.h[i] = 1.0;
    }
    gsl_integration_glfixed_table_free(table);
    for (int round = 0; round < 400; round++)
        for (int i = 0; i < H_POINTS; i++) of.h[i] = h_at(&of, of.mu[i]);
    return of;
}

/* R = 1 - H(1) sqrt(1 - a), fluence at the surface H(1), emerging a/4pi mu H(mu) H(1) / (1 + mu) per sr. The
 * solver and this share no formula. */
static void isotropic_half_space_is_chandrasekhars(void)
{
    static const double rows[][2] = {{0.5, 0.115226}, {0.9, 0.414947}, {0.99, 0.752721}, {0.999, 0.912845}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double a = rows[i][0];
        const h_function h = h_solve(a);
        const media_layer layers[] = {{1.0, 100 * (1 - a), 100 * a, 0, 1e8}, {.n = 0}};
        fl_exact *exact = solve_rows(1.0, layers, 1.0, 0);
        CHECK_NEAR(fl_exact_diffuse(exact), rows[i][1], 6e-7, "R as printed");
        CHECK_NEAR(fl_exact_diffuse(exact), 1 - h_at(&h, 1) * sqrt(1 - a), 1e-9, "R from H");
        CHECK_NEAR(fl_exact_fluence(exact, fl_cm(0)), h_at(&h, 1), 1e-7, "fluence at the surface");
        for (double mu = 0.05; mu < 1.0; mu += 0.19)
            CHECK_NEAR(fl_exact_diffuse_per_sr(exact, (fl_angle){acos(mu)}),
                       a / (4 * PI) * mu * h_at(&h, mu) * h_at(&h, 1) / (1 + mu), 5e-8, "Rd(alpha) from H");
        fl_exact_free(exact);
    }
}

/* Published totals: van de Hulst 1980; Giovanelli 1955; Prahl's adding-doubling; the classic sample. */
static void published_totals(void)
{
    // clang-format off
    static const struct { const char *what; double n, mua, mus, g, d, r, t; } rows[] = {
        { "van de Hulst slab",             1.0, 10, 90, 0.75,  0.02, 0.097395, 0.660958 },
        { "Giovanelli half-space",         1.5, 10, 90, 0,     1e8,  0.259919, 0 },
        { "slab tau 1, a .9, g .9, n 1.4", 1.4, 10, 90, 0.9,   0.01, 0.064361, 0.794441 },
        { "slab tau 4, a .8, g .875, n 1.5", 1.5, 20, 80, 0.875, 0.04, 0.058529, 0.251196 },
        { "slab tau 1, a .9, g 0, n 1.4",  1.4, 10, 90, 0,     0.01, 0.223120, 0.526998 },
        { "slab tau 1, a .9, g .5, n 1.4", 1.4, 10, 90, 0.5,   0.01, 0.150692, 0.620298 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const media_layer layers[] = {{rows[i].n, rows[i].mua, rows[i].mus, rows[i].g, rows[i].d}, {.n = 0}};
        fl_exact *exact = solve_rows(1.0, layers, 1.0, 0);
        CHECK_NEAR(fl_exact_specular(exact) + fl_exact_diffuse(exact), rows[i].r, 6e-7, rows[i].what);
        CHECK_NEAR(fl_exact_transmitted(exact), rows[i].t, 6e-7, rows[i].what);
        fl_exact_free(exact);
    }
    static const media_layer sample[] = {
        {1.37, 1, 100, 0.9, 0.1}, {1.37, 1, 10, 0, 0.1}, {1.37, 2, 10, 0.7, 0.2}, {.n = 0}};
    fl_exact *exact = solve_rows(1.0, sample, 1.0, 0);
    CHECK_NEAR(fl_exact_diffuse(exact), 0.237856, 6e-7, "sample Rd");
    CHECK_NEAR(fl_exact_transmitted(exact), 0.096048, 6e-7, "sample T");
    CHECK_NEAR(absorbed(exact, 3), 0.641723, 6e-7, "sample A");
    fl_exact_free(exact);

    exact = solve_rows(1.0, media_scalp, 1.0, 0);
    CHECK_REL(fl_exact_absorbed(exact, 3), 0.001701, 1.1e-3, "case c below the ink, as in the old table");
    CHECK_NEAR(fl_exact_absorbed(exact, 3), 0.00170284, 6e-9, "case c below the ink");
    CHECK_NEAR(fl_exact_diffuse(exact), 0.25846685, 2e-8, "case c Rd");
    fl_exact_free(exact);
}

/* The printed values from 40 degrees on are low by up to 3e-5, and most where the curve bends down, as
 * straight lines between directions a few degrees apart would be: a guess. Their angles are tested by H
 * functions above and by their sum below. */
static void van_de_hulst_slab_by_angle(void)
{
    // clang-format off
    static const double rows[][2] = {
        { 1.5, 0.01967 }, { 10.5, 0.01981 }, { 22.5, 0.02027 }, { 31.5, 0.02070 }, { 40.5, 0.02099 },
        { 49.5, 0.02076 }, { 58.5, 0.01939 }, { 67.5, 0.01611 }, { 76.5, 0.01043 }, { 85.5, 0.00324 },
    };
    // clang-format on
    fl_exact *exact = solve_rows(1.0, media_slab, 1.0, 0), *best = solve_rows(1.0, media_slab, 1.0, 128);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_angle angle = {rows[i][0] * PI / 180};
        CHECK_NEAR(fl_exact_diffuse_per_sr(exact, angle), rows[i][1], i < 4 ? 6e-6 : 3.2e-5, "Rd(alpha)");
        CHECK_NEAR(fl_exact_diffuse_per_sr(exact, angle), fl_exact_diffuse_per_sr(best, angle), 1e-6,
                   "Rd(alpha) with more nodes");
    }
    fl_exact_free(best);
    CHECK(isnan(fl_exact_diffuse_per_sr(exact, (fl_angle){1.6})), "an angle below the horizon");
    fl_exact_free(exact);
}

/* The integral over all directions is Rd, from outsides thinner and denser than what scatters. The curve has
 * a bend at the critical angle of each denser place. */
static void angles_add_up_to_diffuse(void)
{
    static const double above[] = {1.0, 1.33, 1.4, 1.55}, bend[] = {0.0, 1.0, 1.4, 1.47, 1.55};
    static const media_layer layers[] = {{1.4, 3, 120, 0.7, 0.1}, {1.47, 1, 80, 0.4, 0.2}, {.n = 0}};
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(40);
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        fl_exact *exact = solve_rows(above[i], layers, 1.0, 0);
        double sum = 0.0;
        for (size_t k = 0; k < 4; k++) {
            const double from = asin(fmin(1.0, bend[k] / above[i])),
                         to = asin(fmin(1.0, bend[k + 1] / above[i]));
            for (size_t at = 0; at < 40 && from < to; at++) {
                double x, weight; /* to - x^2 takes the root out of the bend */
                gsl_integration_glfixed_point(0, sqrt(to - from), at, &x, &weight, table);
                const double angle = to - x * x;
                sum +=
                    weight * 2 * x * 2 * PI * sin(angle) * fl_exact_diffuse_per_sr(exact, (fl_angle){angle});
            }
        }
        /* What the beam itself sends back from the step at 1 mm has passed tau 12 twice. */
        CHECK_NEAR(sum, fl_exact_diffuse(exact), 1e-8, "sum over angles");
        fl_exact_free(exact);
    }
    gsl_integration_glfixed_table_free(table);
}

/* Half-space mua 0.1, mus 100, g 0.9 (figure 6.4 of the classic manual); digits printed: 4. */
static void internal_fluence_is_exact(void)
{
    static const double z_cm[] = {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9};
    // clang-format off
    static const struct { const char *what; double n, rd, rd_within, within, phi[7]; } rows[] = {
        { "matched, old table", 1.0, 0.746024, 4e-5, 2.5e-4, { 3.6623, 3.7076, 3.2001, 2.6928, 1.9026, 1.3443, 0.9498 } },
        { "matched", 1.0,  0.746063, 6e-7, 6e-5, { 3.6625, 3.7078, 3.2002, 2.6929, 1.9027, 1.3443, 0.9498 } },
        { "n 1.37",  1.37, 0.616434, 6e-7, 6e-5, { 5.4242, 5.2297, 4.4633, 3.7540, 2.6524, 1.8739, 1.3240 } },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const media_layer layers[] = {{rows[i].n, 0.1, 100, 0.9, 1e8}, {.n = 0}};
        fl_exact *exact = solve_rows(1.0, layers, 1.0, 0);
        CHECK_NEAR(fl_exact_diffuse(exact), rows[i].rd, rows[i].rd_within, rows[i].what);
        for (unsigned k = 0; k < 7; k++)
            CHECK_NEAR(fl_exact_fluence(exact, fl_cm(z_cm[k])), rows[i].phi[k], rows[i].within, rows[i].what);
        const double decay = log(fl_exact_fluence(exact, fl_cm(2)) / fl_exact_fluence(exact, fl_cm(3)));
        CHECK_NEAR(decay, 1.7370, 6e-5, "decay far from the surface [1/cm]");
        CHECK(fl_exact_fluence(exact, fl_cm(1e5)) == 0.0, "light 1 km deep");
        CHECK_REL(fl_exact_fluence_mean(exact, fl_cm(0), fl_cm(2e8)) * 2e8 * 0.1, absorbed(exact, 1), 1e-12,
                  "absorbed in an endless layer");
        fl_exact_free(exact);
    }
}

/* Two programs that share no line: glass on three layers of three indices, where no table helps. Photons must
 * be counted for this. A controlled fluence is the solver's own answer and would agree with anything it says.
 */
static void monte_carlo_agrees(void)
{
    static const media_layer layers[] = {{1.5, 0, 0, 0, 0.1},
                                         {1.42, 8, 150, 0.8, 0.02},
                                         {1.34, 0.9, 110, 0.7, 0.05},
                                         {1.45, 2, 60, 0.3, 0.1},
                                         {.n = 0}};
    const fl_medium medium = media_make(1.0, layers, 1.33);
    static const double edge_cm[] = {0.101, 0.104, 0.119, 0.126, 0.15, 0.168, 0.171, 0.2, 0.26, 0.3};
    fl_length edges[10];
    for (unsigned i = 0; i < 10; i++) edges[i] = fl_cm(edge_cm[i]);
    fl_transport_options options = fl_transport_options_default();
    options.seed = 20261204, options.photons = 100000, options.threads = 2;
    options.depth_edges = edges, options.depth_cells = 9;
    fl_transport *run = media_run(&medium, &options);
    fl_exact *exact = solve(&medium, 0);
    CHECK_REL(fl_exact_specular(exact), fl_transport_specular(run), 1e-14, "specular");
    const double z_rd = media_z(fl_transport_diffuse(run, 0), fl_exact_diffuse(exact));
    const double z_t = media_z(fl_transport_transmitted(run, 0), fl_exact_transmitted(exact));
    CHECK(fabs(z_rd) < 4 && fabs(z_t) < 4, "Rd %.2f, T %.2f standard errors away", z_rd, z_t);
    for (unsigned i = 1; i < 4; i++) {
        const double z = media_z(fl_transport_absorbed(run, 0, i), fl_exact_absorbed(exact, i));
        CHECK(fabs(z) < 4, "layer %u %.2f standard errors away", i + 1, z);
    }
    for (unsigned i = 0; i < 9; i++) {
        const double want = fl_exact_fluence_mean(exact, edges[i], edges[i + 1]);
        const fl_estimate got = fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, i);
        CHECK(got.standard_error > 0.0, "cell %u: not counted, so this test compares nothing", i);
        CHECK(fabs(media_z(got, want)) < 4, "cell %u: %.5f +- %.5f, exact %.5f", i, got.value,
              got.standard_error, want);
        CHECK(got.standard_error < 0.02 * got.value, "cell %u: known badly", i);
    }
    fl_exact_free(exact);
    fl_transport_free(run);
}

/* Totals and fluence stop moving: the last difference bounds what is promised at the default. */
static void nodes_converge(void)
{
    static const media_layer forward[] = {
        {1.4, 5, 500, 0.95, 0.01}, {1.4, 0.5, 300, 0.95, 0.1}, {1.4, 0.3, 200, 0.95, 1}, {.n = 0}};
    static const media_layer covered[] = {{1.5, 0, 0, 0, 0.1},
                                          {1.4, 8, 350, 0.8, 0.008},
                                          {1.34, 0.6, 230, 0.9, 0.03},
                                          {1.42, 0.5, 200, 0.85, 0.3},
                                          {.n = 0}};
    // clang-format off
    static const struct { const char *what; const media_layer *layers; double at24, at40, by_default; } rows[] = {
        { "case c",           media_scalp, 2e-4, 3e-6, 1e-6 },
        { "g 0.95",           forward,     2e-3, 4e-4, 2e-6 },
        { "three indices",    covered,     2e-4, 1e-5, 1e-6 },
        { "isotropic, n 1.5", media_half,  2e-4, 3e-6, 1e-6 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_exact *best = solve_rows(1.0, rows[i].layers, 1.0, FL_EXACT_NODES_MAX);
        const double bound[] = {rows[i].at24, rows[i].at40, rows[i].by_default};
        for (unsigned k = 0; k < 3; k++) {
            fl_exact *exact = solve_rows(1.0, rows[i].layers, 1.0, (const unsigned[]){24, 40, 0}[k]);
            const double off = difference(exact, best, 0.137);
            CHECK(off < bound[k], "%s, %u nodes: off by %.1e", rows[i].what, fl_exact_nodes(exact), off);
            fl_exact_free(exact);
        }
        fl_exact_free(best);
    }
}

static double between(fl_random *random, double low, double high)
{
    return low + (high - low) * fl_random_uniform(random);
}

static double log_between(fl_random *random, double low, double high)
{
    return exp(between(random, log(low), log(high)));
}

/* 1 to 7 layers of 1 um to 1 cm, albedo 0.1 to 0.9999 and now and then 1 or 0, g -0.9 to 0.99, indices 1 to
 * 1.6 with some equal and some nearly so, glass on every fifth, an endless last layer under every fourth. */
static fl_medium random_medium(fl_random *random)
{
    media_layer layers[8] = {{.n = 0}};
    const unsigned count = 1 + (unsigned)between(random, 0, 7);
    const double n = between(random, 1.0, 1.6);
    for (unsigned i = 0; i < count; i++) {
        const double kind = fl_random_uniform(random), mut = log_between(random, 1, 1000);
        double albedo = 1.0 - log_between(random, 1e-4, 0.9);
        if (fl_random_uniform(random) < 0.1) albedo = 1.0;
        if (fl_random_uniform(random) < 0.05) albedo = 0.0;
        layers[i] = (media_layer){.n = kind < 0.4   ? n
                                       : kind < 0.5 ? n * (1 + log_between(random, 1e-8, 1e-3))
                                                    : between(random, 1.0, 1.6),
                                  .mua_per_cm = mut * (1 - albedo),
                                  .mus_per_cm = mut * albedo,
                                  .g = fl_random_uniform(random) < 0.2 ? between(random, -0.9, 0.0)
                                                                       : between(random, 0.0, 0.99),
                                  .d_cm = log_between(random, 1e-4, 1)};
    }
    if (fl_random_uniform(random) < 0.2) layers[0].mua_per_cm = layers[0].mus_per_cm = 0.0;
    if (fl_random_uniform(random) < 0.25 && layers[count - 1].mua_per_cm > 0.0) layers[count - 1].d_cm = 1e8;
    return media_make(between(random, 1.0, 1.6), layers,
                      fl_random_uniform(random) < 0.5 ? 1.0 : between(random, 1.0, 1.6));
}

/* Energy of 200 media, to 1e-9; nothing is negative; and 16 nodes agree with 40 as far as 16 can. */
static void energy_adds_up_in_random_media(void)
{
    fl_random random;
    fl_random_init(&random, 20261205, 0);
    double worst = 0.0;
    for (unsigned i = 0; i < 200; i++) {
        const fl_medium medium = random_medium(&random);
        fl_exact *exact = solve(&medium, i % 2 ? 16 : 40);
        const double off = energy_error(exact, medium.layers);
        CHECK(fabs(off) < 1e-9, "medium %u: energy off by %.2e", i, off);
        worst = fmax(worst, fabs(off));
        CHECK(fl_exact_transmitted(exact) >= -1e-12 && fl_exact_diffuse(exact) >= -1e-12,
              "medium %u: R %g, T %g", i, fl_exact_diffuse(exact), fl_exact_transmitted(exact));
        double depth_m = 0.0;
        for (unsigned k = 0; k < medium.layers; k++) {
            CHECK(fl_exact_absorbed(exact, k) >= 0.0, "medium %u: layer %u shines", i, k + 1);
            const double middle =
                fl_exact_fluence(exact, (fl_length){depth_m + 0.5 * medium.layer[k].thickness.m});
            CHECK(middle >= 0.0 && middle < 200.0, "medium %u: fluence %g in layer %u", i, middle, k + 1);
            depth_m += medium.layer[k].thickness.m;
        }
        fl_exact_free(exact);
    }
    CHECK(worst > 0.0, "no energy looked at");
}

/* Every length by 1024, every attenuation by 1/1024: the answer must not move. */
static void scale_does_not_matter(void)
{
    const fl_medium medium = media_make(1.0, media_scalp, 1.33);
    fl_medium large = medium;
    for (unsigned i = 0; i < large.layers; i++) {
        large.layer[i].thickness.m *= 1024;
        large.layer[i].mus.per_m /= 1024;
        large.layer[i].mua[0].per_m /= 1024;
    }
    fl_exact *a = solve(&medium, 32), *b = solve(&large, 32);
    CHECK_REL(fl_exact_diffuse(b), fl_exact_diffuse(a), 1e-12, "Rd");
    CHECK_REL(fl_exact_transmitted(b), fl_exact_transmitted(a), 1e-12, "T");
    for (unsigned i = 0; i < 9; i++) {
        const double z_cm = 0.0071 + 0.1 * i;
        CHECK_REL(fl_exact_fluence(b, fl_cm(1024 * z_cm)), fl_exact_fluence(a, fl_cm(z_cm)), 1e-12,
                  "fluence");
    }
    fl_exact_free(a);
    fl_exact_free(b);
}

/* A cut is no interface: one layer in two, 1 um off its top, and a clear film of the same index. */
static void cuts_do_not_matter(void)
{
    static const media_layer whole[] = {{1.4, 2, 150, 0.8, 0.1}, {1.37, 1, 90, 0.6, 0.2}, {.n = 0}};
    static const media_layer cut[] = {
        {1.4, 2, 150, 0.8, 0.0313}, {1.4, 2, 150, 0.8, 0.0687}, {1.37, 1, 90, 0.6, 0.2}, {.n = 0}};
    static const media_layer slice[] = {
        {1.4, 2, 150, 0.8, 1e-4}, {1.4, 2, 150, 0.8, 0.0999}, {1.37, 1, 90, 0.6, 0.2}, {.n = 0}};
    static const media_layer film[] = {
        {1.4, 2, 150, 0.8, 0.1}, {1.37, 0, 0, 0, 1e-4}, {1.37, 1, 90, 0.6, 0.2}, {.n = 0}};
    fl_exact *a = solve_rows(1.0, whole, 1.2, 0), *b = solve_rows(1.0, cut, 1.2, 0);
    fl_exact *c = solve_rows(1.0, slice, 1.2, 0), *d = solve_rows(1.0, film, 1.2, 0);
    CHECK(difference(a, b, 0.299) < 1e-9, "cut in two: off by %.1e", difference(a, b, 0.299));
    CHECK(difference(a, c, 0.299) < 1e-9, "1 um slice: off by %.1e", difference(a, c, 0.299));
    CHECK(difference(a, d, 0.099) < 1e-9, "clear film: off by %.1e", difference(a, d, 0.099));
    CHECK_NEAR(fl_exact_absorbed(b, 0) + fl_exact_absorbed(b, 1), fl_exact_absorbed(a, 0), 1e-10,
               "absorbed in two halves");
    fl_exact_free(a), fl_exact_free(b), fl_exact_free(c), fl_exact_free(d);
}

/* The order of layers does matter, and a very thick slab is a half-space. */
static void order_and_thickness(void)
{
    static const media_layer dark_first[] = {{1.4, 20, 150, 0.8, 0.03}, {1.4, 1, 90, 0.6, 0.03}, {.n = 0}};
    static const media_layer dark_last[] = {{1.4, 1, 90, 0.6, 0.03}, {1.4, 20, 150, 0.8, 0.03}, {.n = 0}};
    fl_exact *a = solve_rows(1.0, dark_first, 1.0, 0), *b = solve_rows(1.0, dark_last, 1.0, 0);
    CHECK(fl_exact_diffuse(b) > 2 * fl_exact_diffuse(a), "a dark layer on top should show: Rd %.4f and %.4f",
          fl_exact_diffuse(a), fl_exact_diffuse(b));
    fl_exact_free(a), fl_exact_free(b);

    static const media_layer thick[] = {{1.4, 1, 90, 0.6, 3}, {.n = 0}},
                             endless[] = {{1.4, 1, 90, 0.6, 1e8}, {.n = 0}};
    a = solve_rows(1.0, thick, 1.4, 0), b = solve_rows(1.0, endless, 1.0, 0);
    CHECK(difference(a, b, 1.0) < 1e-11, "a half-space and 3 cm differ by %.1e", difference(a, b, 1.0));
    fl_exact_free(a), fl_exact_free(b);
}

/* No light is lost where nothing absorbs: a slab of tau 3000 without absorption, and flux is the same all the
 * way down: fluence falls in a straight line. */
static void albedo_one_conserves(void)
{
    static const media_layer layers[] = {{1.37, 0, 1000, 0.8, 3}, {.n = 0}};
    fl_exact *exact = solve_rows(1.0, layers, 1.0, 0);
    CHECK_NEAR(energy_error(exact, 1), 0.0, 1e-10, "energy");
    CHECK(fl_exact_absorbed(exact, 0) == 0.0, "absorbed without absorption");
    const double slope = fl_exact_fluence(exact, fl_cm(1.0)) - fl_exact_fluence(exact, fl_cm(1.1));
    for (double z = 0.3; z < 2.8; z += 0.37)
        CHECK_NEAR(fl_exact_fluence(exact, fl_cm(z)) - fl_exact_fluence(exact, fl_cm(z + 0.1)), slope, 1e-8,
                   "step of fluence");
    /* Deep inside, flux is -D dphi/dz with D = 1 / (3 mus (1 - g)), exactly. */
    CHECK_REL(slope / 0.1 / (3 * 1000 * 0.2), fl_exact_transmitted(exact), 1e-6, "T from the slope");
    fl_exact_free(exact);
}

/* Nearly equal indices pass into equal ones without a jump, through the merging at 1e-7 as well. */
static void nearly_equal_indices(void)
{
    double last = 0.0;
    for (int power = -9; power <= -2; power++) {
        const double step = pow(10.0, power);
        const media_layer layers[] = {{1.4 * (1 + step), 1, 200, 0.8, 0.05},
                                      {1.4, 1, 200, 0.8, 0.02},
                                      {1.4 * (1 - step), 1, 200, 0.8, 0.05},
                                      {.n = 0}};
        fl_exact *exact = solve_rows(1.0, layers, 1.0, 0);
        const double rd = fl_exact_diffuse(exact);
        if (power > -9) CHECK_NEAR(rd, last, 1e-7 + 0.4 * step, "Rd with a step ten times larger");
        last = rd;
        fl_exact_free(exact);
    }
}

/* 32 layers of 32 indices, and light that comes from glass. */
static void many_indices(void)
{
    fl_medium medium = {.n_above = 1.6, .n_below = 1.0, .layers = 32, .variants = 1};
    for (unsigned i = 0; i < 32; i++)
        medium.layer[i] = (fl_medium_layer){.n = 1.3 + 0.009 * (i * 7 % 32),
                                            .mus = fl_per_cm(100 + 10 * i),
                                            .g = 0.7,
                                            .thickness = fl_um(40),
                                            .mua = {fl_per_cm(0.5 + 0.1 * i)}};
    fl_exact *coarse = solve(&medium, 8), *fine = solve(&medium, 16);
    CHECK_NEAR(energy_error(fine, 32), 0.0, 1e-9, "energy");
    CHECK(difference(coarse, fine, 0.12) < 6e-3, "8 and 16 nodes differ by %.1e",
          difference(coarse, fine, 0.12));
    CHECK_REL(fl_exact_specular(fine), pow(0.3 / 2.9, 2), 1e-12, "specular from glass to 1.3");
    fl_exact_free(coarse), fl_exact_free(fine);
}

/* Mean over a cell = integral of the fluence; across an interface, and beyond the last layer. */
static void means_are_integrals(void)
{
    static const media_layer layers[] = {{1.5, 0, 0, 0, 0.01},    {1.4, 8, 350, 0.8, 0.008},
                                         {1.4, 9, 0, 0, 0.02},    {1.33, 0, 80, 0.5, 0.03},
                                         {1.4, 2, 3, 0.2, 0.001}, {.n = 0}};
    static const double cut_cm[] = {0, 0.01, 0.018, 0.038, 0.068, 0.069, 1};
    fl_exact *exact = solve_rows(1.0, layers, 1.2, 32);
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(64);
    static const double cells_cm[][2] = {{0, 0.01},     {0.002, 0.013}, {0.011, 0.0125},
                                         {0.017, 0.05}, {0.0681, 0.09}, {0, 0.1}};
    for (size_t i = 0; i < sizeof cells_cm / sizeof *cells_cm; i++) {
        const double from = cells_cm[i][0], to = cells_cm[i][1];
        double sum = 0.0;
        for (unsigned k = 0; k < 6; k++) {
            const double low = fmax(from, cut_cm[k]), high = fmin(to, cut_cm[k + 1]);
            for (size_t at = 0; at < 64 && low < high; at++) {
                double z, weight;
                gsl_integration_glfixed_point(low, high, at, &z, &weight, table);
                sum += weight * fl_exact_fluence(exact, fl_cm(z));
            }
        }
        CHECK_REL(fl_exact_fluence_mean(exact, fl_cm(from), fl_cm(to)), sum / (to - from), 1e-7,
                  "mean of a cell");
    }
    gsl_integration_glfixed_table_free(table);
    const double above = fl_exact_fluence(exact, fl_cm(0.00999999)),
                 below = fl_exact_fluence(exact, fl_cm(0.01000001));
    CHECK(fabs(above - below) > 0.01, "no jump at an index step");
    CHECK_NEAR(fl_exact_fluence(exact, fl_cm(0.01)), 0.5 * (above + below), 1e-4, "on an interface");
    CHECK(isnan(fl_exact_fluence_mean(exact, fl_cm(0.2), fl_cm(0.1))), "a cell upside down");
    fl_exact_free(exact);
}

/* A variant is the medium with that absorption. */
static void variants_are_media(void)
{
    fl_medium both = media_make(1.0, media_scalp, 1.0);
    both.variants = 2;
    for (unsigned i = 0; i < both.layers; i++) both.layer[i].mua[1].per_m = 1.7 * both.layer[i].mua[0].per_m;
    fl_medium alone = both;
    alone.variants = 1;
    for (unsigned i = 0; i < alone.layers; i++) alone.layer[i].mua[0] = both.layer[i].mua[1];
    fl_exact *second, *only = solve(&alone, 24);
    CHECK(fl_exact_new(&both, 1, 24, &second, NULL) == FL_OK, "refused");
    CHECK(fl_exact_diffuse(second) == fl_exact_diffuse(only), "the second variant is not the medium alone");
    fl_exact_free(second), fl_exact_free(only);
}

static void bad_media_are_refused(void)
{
    fl_medium medium = media_make(1.0, media_scalp, 1.0);
    fl_exact *untouched = (fl_exact *)&medium, *exact = untouched;
    fl_error error;
    medium.layer[2].g = 1.2;
    CHECK(fl_exact_new(&medium, 0, 0, &exact, &error) == FL_E_RANGE, "g 1.2 taken");
    CHECK(strstr(error.what, "layer 3") != NULL, "names no layer: %s", error.what);
    medium.layer[2].g = 0.82, medium.layer[4].thickness.m = NAN;
    CHECK(fl_exact_new(&medium, 0, 0, &exact, NULL) == FL_E_RANGE, "a thickness that is no number taken");
    medium.layer[4].thickness.m = 0.5;
    CHECK(fl_exact_new(&medium, 1, 0, &exact, &error) == FL_E_RANGE, "a second variant of one taken");
    CHECK_TEXT(error.what, "there is no variant 2, the medium has 1", "variant");
    CHECK(fl_exact_new(&medium, 0, 7, &exact, &error) == FL_E_RANGE, "7 nodes taken");
    CHECK(fl_exact_new(&medium, 0, 129, &exact, &error) == FL_E_RANGE, "129 nodes taken");
    medium.layer[2].g = -0.97;
    CHECK(fl_exact_new(&medium, 0, 0, &exact, &error) == FL_E_RANGE, "g -0.97 taken");
    CHECK(strstr(error.what, "layer 3") != NULL, "names no layer: %s", error.what);
    CHECK(exact == untouched, "a refusal left something behind");
    fl_exact_free(NULL);
}

FL_TESTS("transport/solver", TEST(absorber_is_beer_lambert), TEST(plates_bounce),
         TEST(isotropic_half_space_is_chandrasekhars), TEST(published_totals),
         TEST(van_de_hulst_slab_by_angle), TEST(angles_add_up_to_diffuse), TEST(internal_fluence_is_exact),
         TEST(monte_carlo_agrees), TEST(nodes_converge), TEST(energy_adds_up_in_random_media),
         TEST(scale_does_not_matter), TEST(cuts_do_not_matter), TEST(order_and_thickness),
         TEST(albedo_one_conserves), TEST(nearly_equal_indices), TEST(many_indices),
         TEST(means_are_integrals), TEST(variants_are_media), TEST(bad_media_are_refused))
