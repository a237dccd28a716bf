/* A run: blocks of photons shared among threads and added up in block order.
 *
 *     worker:  take the next block number -> walk it into an own tally -> wait for its turn -> add -> again
 *
 * Every block has its own random streams and is added when all blocks before it are: the sums, their rounding
 * included, cannot depend on who walked what. The stop rule looks only at fixed block counts, for the same
 * reason. What is added goes to one of up to 64 groups in turn; estimate.c reads answers and errors from
 * them.
 */
#include "run.h"

#include "plan.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_PHOTONS                                                                                        \
    8192u /* long enough that the last photons of a block, walking in half-empty lanes, cost little */
#define BLOCK_PHOTONS_LEAST 2048u
#define CHECK_FIRST 32u         /* blocks before the stop rule looks for the first time */
#define MEMORY_MAX (1u << 30)   /* bytes of sums */
#define GROUP_MEMORY (4u << 20) /* fewer groups when they would take more than that */
#define GROUPS_LEAST 16u
#define BATCH_MEMORY (1u << 20) /* of one block */

typedef struct worker {
    fl_transport *run;
    double *tally;
    pthread_t thread;
    bool started;
} worker;

fl_transport_options fl_transport_options_default(void)
{
    return (fl_transport_options){
        .seed = 1, .photons = 1000000, .threads = 1, .roulette = 1e-4, .control = true};
}

/* A long run has blocks of one batch, each block for one group. A short one has fewer, larger blocks of
 * several batches, so that even a thousand photons keep their lanes busy and fall into enough groups. */
static void cut_into_blocks(fl_transport *run)
{
    const uint64_t photons = run->options.photons;
    const size_t bytes = run->layout.size * sizeof(double);
    run->groups = GROUPS;
    while (run->groups > GROUPS_LEAST && run->groups * bytes > GROUP_MEMORY) run->groups /= 2;
    uint64_t blocks = 1;
    while (blocks < run->groups &&
           (blocks * BATCH_MEMORY < run->groups * bytes || photons / blocks > (uint64_t)BLOCK_PHOTONS_LEAST))
        blocks *= 2;
    run->block_photons = (photons + blocks - 1) / blocks;
    run->batches = (unsigned)(run->groups / blocks);
    if (run->options.relative_error > 0.0 && run->block_photons > BLOCK_PHOTONS_LEAST)
        run->block_photons = BLOCK_PHOTONS_LEAST;
    if (run->block_photons > BLOCK_PHOTONS) run->block_photons = BLOCK_PHOTONS;
    if (run->batches > run->block_photons) run->batches = (unsigned)run->block_photons;
    run->blocks_all = (photons + run->block_photons - 1) / run->block_photons;
    run->check_at = CHECK_FIRST;
}

static fl_status new_sums(fl_transport *run, fl_error *error)
{
    run->layout = walk_layout_of(&run->plan);
    cut_into_blocks(run);
    const size_t size = run->layout.size, copies = run->groups + (size_t)run->batches * run->options.threads;
    if (size > MEMORY_MAX / sizeof(double) / copies) {
        fl_error_set(error, FL_E_RANGE, "this run would need more than 1 GiB for its sums");
        fl_error_hint(error, "ask for fewer depth cells, spots, rings, variants or threads");
        return FL_E_RANGE;
    }
    run->group = calloc(size * run->groups, sizeof *run->group);
    run->tallies = calloc(size * run->batches * run->options.threads, sizeof *run->tallies);
    return run->group && run->tallies ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory for the run");
}

static fl_status solve(fl_transport *run, const fl_medium *medium, fl_error *error)
{
    if (!run->options.control || !run->plan.grid.cells) return FL_OK;
    run->exact = calloc(medium->variants, sizeof *run->exact);
    if (!run->exact) return fl_error_set(error, FL_E_MEMORY, "no memory for the run");
    for (unsigned k = 0; k < medium->variants; k++) {
        const fl_status status = fl_exact_new(medium, k, run->options.exact_nodes, &run->exact[k], error);
        if (status != FL_OK) return status;
        if (run->options.relative_error == 0.0 || run->options.relative_error > fl_exact_error(run->exact[k]))
            continue;
        fl_error_set(error, FL_E_RANGE,
                     "a relative error of %g is asked for; the exact solution is known to %.0e only",
                     run->options.relative_error, fl_exact_error(run->exact[k]));
        return fl_error_hint(error, "ask for more than that, or count without it (--counted)");
    }
    return FL_OK;
}

static fl_status prepare(fl_transport *run, const fl_medium *medium, const fl_transport_options *options,
                         fl_error *error)
{
    run->kernel = walk_kernel_of(options->lanes, &run->lanes);
    if (!run->kernel) {
        fl_error_set(error, FL_E_RANGE, "%u lanes: this processor has no such kernel", options->lanes);
        fl_error_hint(error, "lanes are 1, 4, 8 or 16; 0 takes the best");
        return FL_E_RANGE;
    }
    fl_status status = plan_init(&run->plan, medium, options);
    if (status != FL_OK) return fl_error_set(error, status, "no memory for the run");
    status = new_sums(run, error);
    return status == FL_OK ? solve(run, medium, error) : status;
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
    run->options.depth_edges = run->options.spots = run->options.rings = NULL;
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->turn, NULL);
    status = prepare(run, medium, options, error);
    if (status != FL_OK) {
        fl_transport_free(run);
        return status;
    }
    *out = run;
    return FL_OK;
}

void fl_transport_free(fl_transport *run)
{
    if (!run) return;
    for (unsigned k = 0; run->exact && k < run->plan.variants; k++) fl_exact_free(run->exact[k]);
    free(run->exact);
    plan_fini(&run->plan);
    free(run->group);
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

static void merge(fl_transport *run, uint64_t block, const double *tallies, uint64_t photons)
{
    const size_t size = run->layout.size;
    for (unsigned i = 0; i < run->batches; i++) {
        const unsigned g = (unsigned)((block * run->batches + i) % run->groups);
        double *to = run->group + g * size;
        const double *from = tallies + i * size;
        for (size_t j = 0; j < size; j++) to[j] += from[j];
        /* Photon n is in batch n * batches / photons, rounded down. */
        const uint64_t first = (i * photons + run->batches - 1) / run->batches;
        run->group_photons[g] += ((i + 1) * photons + run->batches - 1) / run->batches - first;
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

        memset(me->tally, 0, run->layout.size * run->batches * sizeof *me->tally);
        const walk_block wanted = {run->options.seed, block, (unsigned)photons, run->batches};
        run->kernel(&run->plan, &wanted, me->tally);

        pthread_mutex_lock(&run->lock);
        while (run->merged != block) pthread_cond_wait(&run->turn, &run->lock);
        merge(run, block, me->tally, photons);
        run->merged++;
        pthread_cond_broadcast(&run->turn);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
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
        workers[i].tally = run->tallies + i * run->layout.size * run->batches;
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
            run->met = run_worst_error(run) <= run->options.relative_error;
            run->check_at += run->check_at / 4;
        }
    }
    /* The photon limit may fall between two looks. */
    if (run->options.relative_error > 0.0 && run->merged == run->blocks_all)
        run->met = run_worst_error(run) <= run->options.relative_error;
    return !is_done(run);
}

void fl_transport_finish(fl_transport *run)
{
    while (fl_transport_step(run, 1u << 20)) {
    }
}

fl_transport_progress fl_transport_progress_of(const fl_transport *run)
{
    const double aim = run->options.relative_error, now = run_worst_error(run);
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
