/* A run: blocks of photons shared among threads, added up in block order, and what can be read from the sums.
 *
 *     worker:  take the next block number -> walk it into an own tally -> wait for its turn -> add -> again
 *
 * Every block has its own random stream and is added when all blocks before it are: the sums, their rounding
 * included, cannot depend on who walked what. The stop rule looks only at fixed block counts, for the same
 * reason.
 */
#include "fadeline/transport/transport.h"

#include "plan.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_PHOTONS 4096u
#define BLOCKS_LEAST 64u /* a run of few photons gets smaller blocks, so that its errors mean something */
#define CHECK_FIRST 32u  /* blocks before the stop rule looks for the first time */
#define MEMORY_MAX (1u << 30)     /* bytes of tallies */
#define FRACTION_THAT_COUNTS 1e-3 /* the stop rule without depths waits for fractions of at least this */

struct fl_transport {
    walk_plan plan;
    walk_layout layout;
    fl_transport_options options; /* borrowed pointers cleared */
    uint64_t block_photons, blocks_all;
    uint64_t photons, merged, check_at;
    bool met;
    double *sum,
        *square;     /* over blocks: sum of tallies, sum of tally^2 / photons; scores cumulated over rings */
    double *tallies; /* one per thread */
    pthread_mutex_t lock;
    pthread_cond_t turn;
    uint64_t next, limit; /* blocks to take in this step */
};

typedef struct worker {
    fl_transport *run;
    double *tally;
    pthread_t thread;
    bool started;
} worker;

fl_transport_options fl_transport_options_default(void)
{
    return (fl_transport_options){.seed = 1, .photons = 1000000, .threads = 1, .roulette = 1e-4};
}

static fl_status new_sums(fl_transport *run, fl_error *error)
{
    const size_t size = run->layout.size, threads = run->options.threads;
    if (size > MEMORY_MAX / sizeof(double) / (threads + 2)) {
        fl_error_set(error, FL_E_RANGE, "this run would need more than 1 GiB for its sums");
        fl_error_hint(error, "ask for fewer depth cells, spots, variants or threads");
        return FL_E_RANGE;
    }
    run->sum = calloc(size, sizeof *run->sum);
    run->square = calloc(size, sizeof *run->square);
    run->tallies = calloc(size * threads, sizeof *run->tallies);
    return run->sum && run->square && run->tallies
               ? FL_OK
               : fl_error_set(error, FL_E_MEMORY, "no memory for the run");
}

fl_status fl_transport_new(const fl_medium *medium, const fl_transport_options *options, fl_transport **out,
                           fl_error *error)
{
    FL_ASSERT(medium && options && out);
    fl_status status = plan_check(medium, options, error);
    if (status != FL_OK) return status;
    fl_transport *run = calloc(1, sizeof *run);
    if (!run) return fl_error_set(error, FL_E_MEMORY, "no memory for the run");
    run->options = *options;
    run->options.depth_edges = run->options.spots = NULL;
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->turn, NULL);
    status = plan_init(&run->plan, medium, options);
    if (status != FL_OK) {
        fl_error_set(error, status, "no memory for the run");
    } else {
        run->layout = walk_layout_of(&run->plan);
        status = new_sums(run, error);
    }
    if (status != FL_OK) {
        fl_transport_free(run);
        return status;
    }
    run->block_photons = BLOCK_PHOTONS;
    if (options->relative_error == 0.0 && options->photons < (uint64_t)BLOCK_PHOTONS * BLOCKS_LEAST)
        run->block_photons = (options->photons + BLOCKS_LEAST - 1) / BLOCKS_LEAST;
    run->blocks_all = (options->photons + run->block_photons - 1) / run->block_photons;
    run->check_at = CHECK_FIRST;
    *out = run;
    return FL_OK;
}

void fl_transport_free(fl_transport *run)
{
    if (!run) return;
    plan_fini(&run->plan);
    free(run->sum);
    free(run->square);
    free(run->tallies);
    pthread_cond_destroy(&run->turn);
    pthread_mutex_destroy(&run->lock);
    free(run);
}

uint64_t fl_transport_block_photons(const fl_transport *run)
{
    return run->block_photons;
}

static uint64_t photons_of(const fl_transport *run, uint64_t block)
{
    const uint64_t left = run->options.photons - block * run->block_photons;
    return left < run->block_photons ? left : run->block_photons;
}

/* Rings become discs: the score of ring i becomes the score of everything inside it. */
static void cumulate_rings(const fl_transport *run, double *tally)
{
    const size_t k = run->plan.variants, rings = run->plan.grid.rings;
    for (size_t cell = 0; cell < run->plan.grid.cells; cell++) {
        double *score = tally + run->layout.score + cell * rings * k;
        for (size_t i = k; i < rings * k; i++) score[i] += score[i - k];
    }
}

static void merge(fl_transport *run, const double *tally, uint64_t photons)
{
    const double per_photon = 1.0 / (double)photons;
    for (size_t i = 0; i < run->layout.size; i++) {
        run->sum[i] += tally[i];
        run->square[i] += tally[i] * tally[i] * per_photon;
    }
    run->photons += photons;
}

static void *work(void *self)
{
    worker *me = self;
    fl_transport *run = me->run;
    pthread_mutex_lock(&run->lock);
    while (run->next < run->limit) {
        const uint64_t block = run->next++, photons = photons_of(run, block);
        pthread_mutex_unlock(&run->lock);

        fl_random random;
        fl_random_init(&random, run->options.seed, block);
        memset(me->tally, 0, run->layout.size * sizeof *me->tally);
        walk_photons(&run->plan, me->tally, &random, photons);
        cumulate_rings(run, me->tally);

        pthread_mutex_lock(&run->lock);
        while (run->merged != block) pthread_cond_wait(&run->turn, &run->lock);
        merge(run, me->tally, photons);
        run->merged++;
        pthread_cond_broadcast(&run->turn);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

/* Standard error of sum / photons from blocks that may differ in size: the weighted variance of block means.
 */
static fl_estimate estimate(const fl_transport *run, size_t at, double scale)
{
    const double n = (double)run->photons, b = (double)run->merged;
    if (run->merged < 2) return (fl_estimate){n > 0.0 ? run->sum[at] / n * scale : NAN, NAN};
    const double spread = run->square[at] - run->sum[at] * run->sum[at] / n;
    return (fl_estimate){run->sum[at] / n * scale, sqrt(fmax(spread, 0.0) / (n * (b - 1.0))) * fabs(scale)};
}

static double relative(fl_estimate e)
{
    return e.value > 0.0 && isfinite(e.standard_error) ? e.standard_error / e.value : INFINITY;
}

static double worst_of_fluence(const fl_transport *run)
{
    const walk_grid *grid = &run->plan.grid;
    const double from = run->options.error_from.m,
                 to = run->options.error_to.m > 0.0 ? run->options.error_to.m : INFINITY;
    double worst = 0.0;
    bool any = false;
    for (unsigned cell = 0; cell < grid->cells; cell++) {
        if (grid->edges_m[cell] < from || grid->edges_m[cell + 1] > to) continue;
        any = true;
        for (uint32_t spot = 0; spot < grid->rings; spot++)
            for (unsigned k = 0; k < run->plan.variants; k++)
                worst = fmax(worst, relative(fl_transport_fluence(
                                        run, k, spot + 1 == grid->rings ? FL_TRANSPORT_WIDE : spot, cell)));
    }
    return any ? worst : INFINITY;
}

static double worst_of_fractions(const fl_transport *run)
{
    double worst = 0.0;
    for (size_t i = 0; i < run->layout.score; i++) {
        const fl_estimate e = estimate(run, i, 1.0);
        if (e.value >= FRACTION_THAT_COUNTS) worst = fmax(worst, relative(e));
    }
    return worst;
}

static double worst(const fl_transport *run)
{
    if (run->merged < 2) return INFINITY;
    return run->plan.grid.cells ? worst_of_fluence(run) : worst_of_fractions(run);
}

static bool is_done(const fl_transport *run)
{
    return run->met || run->merged == run->blocks_all;
}

static void run_workers(fl_transport *run)
{
    const uint64_t blocks = run->limit - run->next;
    const unsigned count = blocks < run->options.threads ? (unsigned)blocks : run->options.threads;
    worker workers[64] = {{0}};
    for (unsigned i = 0; i < count; i++) {
        workers[i].run = run;
        workers[i].tally = run->tallies + i * run->layout.size;
        if (i > 0) workers[i].started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    }
    work(&workers[0]);
    for (unsigned i = 1; i < count; i++)
        if (workers[i].started) pthread_join(workers[i].thread, NULL);
}

bool fl_transport_step(fl_transport *run, unsigned blocks)
{
    uint64_t left = blocks;
    while (left && !is_done(run)) {
        run->limit = run->merged + left < run->blocks_all ? run->merged + left : run->blocks_all;
        const bool stops = run->options.relative_error > 0.0;
        if (stops && run->limit > run->check_at) run->limit = run->check_at;
        left -= run->limit - run->merged;
        run_workers(run);
        if (stops && run->merged == run->check_at) {
            run->met = worst(run) <= run->options.relative_error;
            run->check_at += run->check_at / 4;
        }
    }
    /* The photon limit may fall between two looks. */
    if (run->options.relative_error > 0.0 && run->merged == run->blocks_all)
        run->met = worst(run) <= run->options.relative_error;
    return !is_done(run);
}

void fl_transport_finish(fl_transport *run)
{
    while (fl_transport_step(run, 1u << 20)) {
    }
}

fl_transport_progress fl_transport_progress_of(const fl_transport *run)
{
    const double aim = run->options.relative_error, now = worst(run);
    uint64_t wanted = run->options.photons;
    if (aim > 0.0) {
        /* Variance falls as 1 / photons; and the run can only end where the stop rule looks. */
        const double photons = (double)run->photons * (now / aim) * (now / aim);
        const double look = (double)(run->check_at * run->block_photons);
        if (!isfinite(photons))
            wanted = 0;
        else if (fmax(photons, look) < (double)wanted)
            wanted = (uint64_t)fmax(photons, look);
        if (is_done(run)) wanted = run->photons;
    }
    return (fl_transport_progress){run->photons, wanted, now, is_done(run), run->met};
}

double fl_transport_specular(const fl_transport *run)
{
    return run->plan.specular;
}

static fl_estimate fraction(const fl_transport *run, size_t first, unsigned variant)
{
    FL_ASSERT(variant < run->plan.variants);
    return estimate(run, first + variant, 1.0);
}

fl_estimate fl_transport_diffuse(const fl_transport *run, unsigned variant)
{
    return fraction(run, run->layout.diffuse, variant);
}

fl_estimate fl_transport_transmitted(const fl_transport *run, unsigned variant)
{
    return fraction(run, run->layout.transmitted, variant);
}

fl_estimate fl_transport_absorbed(const fl_transport *run, unsigned variant, unsigned layer)
{
    FL_ASSERT(layer < run->plan.layers);
    return fraction(run, run->layout.absorbed + (size_t)layer * run->plan.variants, variant);
}

double fl_transport_lost(const fl_transport *run, unsigned variant)
{
    return fraction(run, run->layout.lost, variant).value;
}

fl_estimate fl_transport_fluence(const fl_transport *run, unsigned variant, uint32_t spot, unsigned cell)
{
    const walk_grid *grid = &run->plan.grid;
    FL_ASSERT(variant < run->plan.variants && cell < grid->cells);
    const uint32_t ring = spot == FL_TRANSPORT_WIDE ? grid->rings - 1 : spot;
    FL_ASSERT(ring < grid->rings && (spot == FL_TRANSPORT_WIDE || spot + 1 < grid->rings));
    /* Path length per volume of the slice, photons per area of the beam: height is all that is left. */
    const double height = grid->edges_m[cell + 1] - grid->edges_m[cell];
    const size_t at = ((size_t)cell * grid->rings + ring) * run->plan.variants + variant;
    fl_estimate e = estimate(run, run->layout.score + at, 1.0 / height);
    e.value += run->plan.direct[(size_t)cell * run->plan.variants + variant];
    return e;
}

int fl_transport_cell(const fl_transport *run, fl_length depth)
{
    const walk_grid *grid = &run->plan.grid;
    if (!(grid->cells && depth.m >= grid->edges_m[0] && depth.m < grid->edges_m[grid->cells])) return -1;
    unsigned cell = 0;
    while (depth.m >= grid->edges_m[cell + 1]) cell++;
    return (int)cell;
}
