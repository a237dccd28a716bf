/* Photons a second: the fast kernel in each lane width, the plain and the classic one, all with an r-z tally.
 */
#include "bench.h"

#include "helper_classic.h"
#include "helper_plain.h"

#include <stdio.h>
#include <stdlib.h>

#define WIDTHS 4u
static const unsigned widths[WIDTHS] = {16, 8, 4, 1};

typedef struct grid {
    fl_length edges[256], radii[256];
} grid;

static grid grid_of(const bench_case *c)
{
    grid g;
    for (unsigned i = 0; i <= c->cells; i++) g.edges[i] = fl_cm(c->dz_cm * i);
    for (unsigned i = 0; i < c->rings; i++) g.radii[i] = fl_cm(c->dr_cm * (i + 1));
    return g;
}

/* Ready and walked; 0 when this processor has no such lanes. */
static double fast_photons_per_s(const bench_case *c, const grid *g, unsigned lanes, unsigned threads,
                                 double photons, double (*clock)(void))
{
    const fl_medium medium = media_make(1.0, c->layers, 1.0);
    fl_transport_options options = fl_transport_options_default();
    options.photons = (uint64_t)photons, options.control = false;
    options.lanes = lanes, options.threads = threads;
    options.depth_edges = g->edges, options.depth_cells = c->cells;
    options.rings = g->radii, options.ring_count = c->rings;
    fl_transport *run;
    const double start = clock();
    if (fl_transport_new(&medium, &options, &run, NULL) != FL_OK) return 0.0;
    fl_transport_finish(run);
    const double seconds = clock() - start;
    fl_transport_free(run);
    return photons / seconds;
}

static double plain_photons_per_s(const bench_case *c, double photons)
{
    const fl_medium medium = media_make(1.0, c->layers, 1.0);
    const plain_options options = {.seed = 1,
                                   .block_photons = (uint64_t)(photons / 64),
                                   .roulette = 1e-4,
                                   .cells = c->cells,
                                   .rings = c->rings,
                                   .dz = fl_cm(c->dz_cm),
                                   .dr = fl_cm(c->dr_cm)};
    const double start = media_cpu_seconds();
    plain_run *run = plain_new(&medium, &options);
    plain_walk(run, 64);
    const double seconds = media_cpu_seconds() - start;
    plain_free(run);
    return 64.0 * (double)options.block_photons / seconds;
}

static double classic_photons_per_s(const bench_case *c, double photons)
{
    const fl_medium medium = media_make(1.0, c->layers, 1.0);
    const size_t size = (size_t)c->cells * c->rings;
    classic_grid tally = {fl_cm(c->dz_cm).m, fl_cm(c->dr_cm).m, c->cells, c->rings,
                          calloc(size, sizeof(double))};
    classic_sums sums = {.grid = &tally};
    lagged random;
    lagged_init(&random, 1);
    if (!tally.absorbed) abort();
    const double start = media_cpu_seconds();
    classic_walk(&medium, (classic_generator){lagged_uniform, &random}, (uint64_t)photons, &sums);
    const double seconds = media_cpu_seconds() - start;
    free(tally.absorbed);
    return photons / seconds;
}

static void row(const char *kernel, const series *speed, double spins, const series *plain,
                const series *classic)
{
    if (speed->value[0] == 0.0) return;
    const series over_plain = series_ratio(speed, plain), over_classic = series_ratio(speed, classic);
    printf("  %-9s %-34s %8.3g   %-24s %s\n", kernel, series_text(speed), series_median(speed) * spins,
           series_text(&over_plain), series_text(&over_classic));
}

void bench_speed(const bench *b)
{
    printf(
        "\nspeed, one thread, r-z tally, roulette 1e-4, CPU time (fast: making the run ready included)\n"
        "  kernel    photons/s                          events/s   over plain               over classic\n");
    for (unsigned i = 0; i < 3; i++) {
        const bench_case *c = &bench_cases[i];
        const grid g = grid_of(c);
        series fast[WIDTHS] = {0}, plain = {0}, classic = {0};
        for (unsigned turn = 0; turn < b->repeats; turn++) {
            /* The yardsticks between the widths, so that each has neighbours on either side. */
            for (unsigned w = 0; w < WIDTHS; w++) {
                const double less = widths[w] == 1 ? 0.2 : 1.0;
                series_add(&fast[w], fast_photons_per_s(c, &g, widths[w], 1, c->fast * b->share * less,
                                                        media_cpu_seconds));
                if (w == 0) series_add(&plain, plain_photons_per_s(c, c->slow * b->share));
                if (w == 1) series_add(&classic, classic_photons_per_s(c, c->slow * b->share));
            }
        }
        printf("%s: %u x %u cells\n", c->what, c->cells, c->rings);
        for (unsigned w = 0; w < WIDTHS; w++) {
            char name[16];
            snprintf(name, sizeof name, "%2u lanes", widths[w]);
            row(name, &fast[w], c->spins, &plain, &classic);
        }
        row("plain", &plain, c->spins, &plain, &classic);
        row("classic", &classic, c->spins, &plain, &classic);
    }
}

void bench_threads(const bench *b)
{
    printf("\ntwo threads over one, wall time, best lanes\n");
    for (unsigned i = 0; i < 3; i++) {
        const bench_case *c = &bench_cases[i];
        const grid g = grid_of(c);
        series one = {0}, two = {0};
        for (unsigned turn = 0; turn < b->repeats; turn++) {
            const double photons = 4.0 * c->fast * b->share;
            series_add(&one, fast_photons_per_s(c, &g, 0, 1, photons, bench_wall_seconds));
            series_add(&two, fast_photons_per_s(c, &g, 0, 2, photons, bench_wall_seconds));
        }
        const series ratio = series_ratio(&two, &one);
        printf("  %-13s one %-34s two %-34s ratio %s\n", c->what, series_text(&one), series_text(&two),
               series_text(&ratio));
    }
}
