/* Transport: where the light of a beam falling straight on layered tissue goes, with standard errors.
 *
 * One run answers every spot and every absorption variant. Photons enter as a pencil at one point; the
 * fluence under the centre of a uniform disc is the pencil's response collected inside that disc
 * (reciprocity). One walk, at the least absorption of each layer, serves all variants: the rest of a
 * variant's absorption fades its weight along the same path (microscopic Beer-Lambert law).
 *
 * With `control` (the default) a fluence is what the straight beam leaves, exact, plus the scattered part of
 * the exact planar fluence (exact.h) times the Monte Carlo ratio of scattered light inside the disc to
 * scattered light anywhere. Both parts of the ratio come from the same photons, so most of their noise
 * cancels: 10 to 1000 times less variance inside an ink layer than counting alone. Without it, fluences are
 * counted; then a darker variant never shows more fluence and a wider spot never less, exactly, not only on
 * average.
 *
 *     fl_transport_options options = fl_transport_options_default();
 *     options.seed = 7, options.photons = 200000;
 *     options.depth_edges = edges, options.depth_cells = 3; // basal layer, ... : cells between given depths
 *     options.spots = spots, options.spot_count = 2;        // 2 mm, 4 mm; the wide beam is always there
 *     fl_transport *run;
 *     fl_status status = fl_transport_new(&medium, &options, &run, &error);
 *     while (fl_transport_step(run, 16)) { ... fl_transport_progress_of(run) ... }
 *     fl_estimate ratio = fl_transport_fluence(run, variant, spot, cell); // local over incident fluence
 *     fl_transport_free(run);
 *
 * Same seed, same bits of every sum, for any number of threads and lanes, any step size, any processor: each
 * block of photons has its own random streams, blocks are added in their order, and nothing is rounded in two
 * ways.
 *
 * Standard errors come from up to 64 groups of photons (jackknife for ratios). They are themselves known to
 * about 9 %. Where fewer than four photons a group carry a fluence, what none of them has shown is added;
 * where one or none does, the error is a NaN.
 *
 * Energy: specular + diffuse + transmitted + all absorbed + lost = 1 within rounding in every run and
 * variant, because what roulette gives and takes is booked as absorbed where it happens (its mean is zero).
 */
#ifndef FL_TRANSPORT_TRANSPORT_H
#define FL_TRANSPORT_TRANSPORT_H

#include "fadeline/base/error.h"
#include "fadeline/transport/exact.h"
#include "fadeline/transport/medium.h"

#include <stdbool.h>
#include <stdint.h>

#define FL_TRANSPORT_SPOTS 32   /* most spots in a run */
#define FL_TRANSPORT_CELLS 4096 /* most depth cells in a run */
#define FL_TRANSPORT_RINGS 512  /* most rings in a run, besides the spots */

typedef struct fl_estimate {
    double value, standard_error; /* standard error NaN while fewer than two blocks are done */
} fl_estimate;

typedef struct fl_transport_options {
    uint64_t seed;
    uint64_t photons;      /* how many; with a relative error: at most so many */
    double relative_error; /* 0: run the photons; else stop when the worst ratio is known so well: of all
                            * fluences that count, or, without depths, of all fractions of at least 0.001.
                            * Must be above what the exact solution is known to (fl_exact_error) */
    fl_length error_from,
        error_to;     /* only cells that lie between count for the stop rule; error_to 0: all cells */
    unsigned threads; /* 1-64 */
    double roulette;  /* weight below which roulette begins, 1e-30 to 0.1; 1e-4 as in the classic program */
    const fl_length
        *depth_edges;       /* rising; cell i lies between edges i and i + 1. Borrowed for the call of new */
    unsigned depth_cells;   /* 0: no fluence wanted */
    const fl_length *spots; /* diameters, rising, positive. Borrowed for the call of new */
    unsigned spot_count;
    const fl_length *rings; /* radii, rising, positive: what other beams and maps are made from (beam.h).
                             * Borrowed for the call of new */
    unsigned ring_count;
    bool control; /* fluences by the exact solution (above); each variant is solved in the call of new */
    unsigned exact_nodes; /* for that solution, see exact.h; 0: its default */
    unsigned lanes;       /* photons at a time in one thread: 1, 4, 8, 16; 0: the best this processor has. The
                           * answer       does not depend on it; FL_E_RANGE when the processor has not got them */
} fl_transport_options;

/* Seed 1, a million photons, 1 thread, roulette 1e-4, control; no depths, spots or rings. */
fl_transport_options fl_transport_options_default(void);

typedef struct fl_transport fl_transport; /* one run */

/* Checks medium and options, allocates everything the run will need. Besides what fl_medium_check refuses:
 * layers thicker than 1e12 m, and layers where a collision takes less than 1e-6 (but not 0) of the light;
 * weights have 24 bits, and what such a layer absorbs would be off by up to 3e-8 over that share. FL_E_RANGE
 * or FL_E_MEMORY, *run untouched. */
FL_MUST_USE fl_status fl_transport_new(const fl_medium *medium, const fl_transport_options *options,
                                       fl_transport **run, fl_error *error);
void fl_transport_free(fl_transport *run); /* NULL is fine */

/* Walks at most so many blocks more (see fl_transport_block_photons). True while there is more to do. A
 * machine that refuses us threads makes this slower, never wrong. */
bool fl_transport_step(fl_transport *run, unsigned blocks);
void fl_transport_finish(fl_transport *run); /* steps to the end */
uint64_t fl_transport_block_photons(const fl_transport *run);

typedef struct fl_transport_progress {
    uint64_t photons;      /* walked so far */
    uint64_t wanted;       /* asked for, or an estimate from the error reached; 0: no idea yet */
    double relative_error; /* the worst that counts for the stop rule, INFINITY while unknown */
    bool done, met;        /* met: the relative error asked for was reached (false at the photon limit) */
} fl_transport_progress;
fl_transport_progress fl_transport_progress_of(const fl_transport *run);

/* Results, valid between steps and after the last. Indices out of range are our bug (FL_ASSERT). */
double fl_transport_specular(const fl_transport *run); /* exact */
fl_estimate fl_transport_diffuse(const fl_transport *run, unsigned variant);
fl_estimate fl_transport_transmitted(const fl_transport *run, unsigned variant);
fl_estimate fl_transport_absorbed(const fl_transport *run, unsigned variant, unsigned layer);
/* Weight of photons given up after 1e8 steps, fraction of incident; 0 in any honest medium. */
double fl_transport_lost(const fl_transport *run, unsigned variant);

/* The exact solution of a variant; NULL without control. */
const fl_exact *fl_transport_exact(const fl_transport *run, unsigned variant);
unsigned fl_transport_lanes(const fl_transport *run);

/* Mean over the depth cell, on the axis of a uniform disc: local fluence over incident fluence, specular loss
 * included. Spot is an index into the spots asked for, or FL_TRANSPORT_WIDE for an infinitely wide beam. With
 * control the standard error includes the solver's (fl_exact_error), which is all there is for the wide beam;
 * and a cell that no photon reached is NaN, not 0, unless it lies outside the medium. */
#define FL_TRANSPORT_WIDE UINT32_MAX
fl_estimate fl_transport_fluence(const fl_transport *run, unsigned variant, uint32_t spot, unsigned cell);
/* The same by counting alone, whether or not there is control: what agreement with the exact solution is
 * tested on. */
fl_estimate fl_transport_counted(const fl_transport *run, unsigned variant, uint32_t spot, unsigned cell);

/* Rings of the run, spots included: ring i ends at radius i; the last, number `fl_transport_rings`, is open.
 */
unsigned fl_transport_rings(const fl_transport *run);
fl_length fl_transport_radius(const fl_transport *run, unsigned ring);
/* Any linear answer of the pencil: sum over rings of weight[i] * response in ring i (rings + 1 weights, the
 * last for the open one) plus `axis` times the response on the axis itself, the light that never scattered.
 * beam.h makes weights. Controlled where the run is. */
fl_estimate fl_transport_response(const fl_transport *run, unsigned variant, const double *weight,
                                  double axis, unsigned cell);

/* The cell that holds a depth, or -1. A depth on an edge belongs to the cell below. */
int fl_transport_cell(const fl_transport *run, fl_length depth);

#endif
