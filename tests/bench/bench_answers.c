/* What an answer costs: CPU time to 0.2 % on one fluence, and 64 absorptions in one run. */
#include "bench.h"

#include "helper_plain.h"

#include <math.h>
#include <stdio.h>

#define AIM 0.002

/* A measured run: what it cost, what it said; and what 0.2 % costs at its rate, 1 / photons being the
 * variance. */
typedef struct answer {
    series seconds, to_aim, value;
} answer;

static void add(answer *a, double seconds, fl_estimate e)
{
    const double relative = e.standard_error / e.value;
    series_add(&a->seconds, seconds);
    series_add(&a->to_aim, seconds * (relative / AIM) * (relative / AIM));
    series_add(&a->value, e.value);
}

static const fl_length spot[] = {{4e-3}};

static void ink_bottom_fast(answer *a, bool control, uint64_t seed)
{
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    const fl_length edges[] = {fl_cm(INK_BOTTOM_FROM_CM), fl_cm(INK_BOTTOM_TO_CM)};
    fl_transport_options options = fl_transport_options_default();
    options.seed = seed, options.photons = 100000000, options.roulette = 1e-2, options.control = control;
    options.relative_error = AIM, options.error_from = edges[0], options.error_to = edges[1];
    options.depth_edges = edges, options.depth_cells = 1;
    options.spots = spot, options.spot_count = 1;
    const double start = media_cpu_seconds();
    fl_transport *run = media_run(&medium, &options);
    const fl_estimate e = fl_transport_fluence(run, 0, 0, 0);
    add(a, media_cpu_seconds() - start, e);
    fl_transport_free(run);
}

/* So many photons, less than 0.2 % asks for. */
static void ink_bottom_plain(answer *a, double photons, double roulette, uint64_t seed)
{
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    const fl_length edges[] = {fl_cm(INK_BOTTOM_FROM_CM), fl_cm(INK_BOTTOM_TO_CM)}, radius[] = {{2e-3}};
    const plain_options options = {.seed = seed,
                                   .block_photons = (uint64_t)(photons / 64),
                                   .roulette = roulette,
                                   .edges = edges,
                                   .cells = 1,
                                   .radii = radius,
                                   .rings = 1};
    const double start = media_cpu_seconds();
    plain_run *run = plain_new(&medium, &options);
    plain_walk(run, 64);
    add(a, media_cpu_seconds() - start, plain_fluence(run, 1, 0));
    plain_free(run);
}

static void answer_row(const char *what, const answer *a, const answer *best)
{
    printf("  %-24s %-28s %-28s %7.1f   %s\n", what, series_text(&a->seconds), series_text(&a->to_aim),
           series_median(&a->to_aim) / series_median(&best->to_aim), series_text(&a->value));
}

void bench_error(const bench *b)
{
    answer control = {0}, counted = {0}, faint = {0}, plain = {0};
    for (unsigned turn = 0; turn < b->repeats; turn++) {
        ink_bottom_fast(&control, true, 1 + turn);
        ink_bottom_fast(&counted, false, 1001 + turn);
        ink_bottom_plain(&plain, 60000.0 * b->share, 1e-2, 2001 + turn);
        ink_bottom_plain(&faint, 30000.0 * b->share, 1e-4, 3001 + turn);
    }
    printf("\nCPU seconds to 0.2 %% on the fluence of a 4 mm spot at the bottom of the ink, case c\n"
           "  kernel                   seconds run                  seconds to 0.2 %%             over the "
           "first "
           "fluence\n");
    answer_row("exact x ratio", &control, &control);
    answer_row("counted", &counted, &control);
    answer_row("plain", &plain, &control);
    answer_row("plain, roulette 1e-4", &faint, &control);
}

#define VARIANTS 64u
#define CLOUD_CELLS 24u

/* Melanin (layer 1), ink (3) and blood (2, 4, 5), each at four strengths. */
static fl_medium cloud_medium(void)
{
    static const double melanin[] = {0.4, 1, 2.5, 6}, ink[] = {0.1, 0.4, 1, 2}, blood[] = {0.5, 1, 1.6, 2.5};
    fl_medium medium = media_make(1.0, media_scalp, 1.0);
    medium.variants = VARIANTS;
    for (unsigned i = 0; i < medium.layers; i++) {
        const double mua_per_m = medium.layer[i].mua[0].per_m;
        for (unsigned k = 0; k < VARIANTS; k++)
            medium.layer[i].mua[k].per_m = mua_per_m * (i == 0   ? melanin[k % 4]
                                                        : i == 2 ? ink[k / 4 % 4]
                                                                 : blood[k / 16]);
    }
    return medium;
}

static fl_medium one_of(const fl_medium *cloud, unsigned variant)
{
    fl_medium medium = *cloud;
    medium.variants = 1;
    for (unsigned i = 0; i < medium.layers; i++) medium.layer[i].mua[0] = cloud->layer[i].mua[variant];
    return medium;
}

/* CPU seconds; `error` gets the relative error squared of each cell of the 4 mm spot, and is not asked for by
 * NULL. */
static double cloud_seconds(const fl_medium *medium, double photons, unsigned variant, double *error)
{
    const fl_length spots[] = {fl_mm(2), fl_mm(3), fl_mm(4)};
    fl_length edges[CLOUD_CELLS + 1];
    for (unsigned i = 0; i <= CLOUD_CELLS; i++) edges[i] = fl_cm(0.01 * i);
    fl_transport_options options = fl_transport_options_default();
    options.photons = (uint64_t)photons, options.roulette = 1e-2, options.control = false;
    options.depth_edges = edges, options.depth_cells = CLOUD_CELLS;
    options.spots = spots, options.spot_count = 3;
    const double start = media_cpu_seconds();
    fl_transport *run = media_run(medium, &options);
    const double seconds = media_cpu_seconds() - start;
    for (unsigned i = 0; error && i < CLOUD_CELLS; i++) {
        const fl_estimate e = fl_transport_counted(run, variant, 2, i);
        error[i] = e.standard_error * e.standard_error / (e.value * e.value);
    }
    fl_transport_free(run);
    return seconds;
}

void bench_cloud(const bench *b)
{
    const fl_medium all = cloud_medium();
    const double photons = 200000.0 * b->share;
    series together = {0}, darkest = {0}, lightest = {0}, apart = {0};
    for (unsigned turn = 0; turn < b->repeats; turn++) {
        const fl_medium light = one_of(&all, 0), dark = one_of(&all, VARIANTS - 1);
        series_add(&together, cloud_seconds(&all, photons, 0, NULL));
        series_add(&lightest, cloud_seconds(&light, photons, 0, NULL));
        series_add(&darkest, cloud_seconds(&dark, photons, 0, NULL));
        double sum = 0.0;
        for (unsigned k = 0; k < VARIANTS; k++) {
            const fl_medium medium = one_of(&all, k);
            sum += cloud_seconds(&medium, photons, 0, NULL);
        }
        series_add(&apart, sum);
    }
    /* Same photons, not the same error: variance of the cloud over that of its own run, mean over cells. */
    double worse[3];
    for (unsigned i = 0; i < 3; i++) {
        const unsigned variant = (const unsigned[]){0, 26, VARIANTS - 1}[i];
        const fl_medium medium = one_of(&all, variant);
        double cloud[CLOUD_CELLS], own[CLOUD_CELLS], logs = 0.0;
        cloud_seconds(&all, photons, variant, cloud);
        cloud_seconds(&medium, photons, 0, own);
        for (unsigned cell = 0; cell < CLOUD_CELLS; cell++) logs += log(cloud[cell] / own[cell]);
        worse[i] = exp(logs / CLOUD_CELLS);
    }
    const series over_one = series_ratio(&together, &lightest), gain = series_ratio(&apart, &together);
    printf("\n64 absorptions of case c, %.3g photons, CPU seconds\n", photons);
    printf("  one run with 64 %s\n  one run with 1  %s lightest, %s darkest\n  64 runs         %s\n",
           series_text(&together), series_text(&lightest), series_text(&darkest), series_text(&apart));
    printf("  64 over 1 (lightest): %s; 64 runs over one: %s\n", series_text(&over_one), series_text(&gain));
    printf("  variance over that of an own run: lightest %.2f, middle %.2f, darkest %.2f\n", worse[0],
           worse[1], worse[2]);
}
