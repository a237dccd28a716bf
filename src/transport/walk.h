/* Walk: the photon kernel and what it needs, all in plain arrays.
 *
 * Invariants
 *   W1  A plan is read-only while photons walk; a tally belongs to one thread.
 *   W2  What a photon brings = what it leaves in diffuse + transmitted + absorbed + lost, in each variant.
 *   W3  No weight of variant a exceeds that of variant b when no layer absorbs less in a than in b.
 *   W4  The walk (directions, places, random numbers) knows the variants only by their largest weight.
 */
#ifndef FL_TRANSPORT_WALK_H
#define FL_TRANSPORT_WALK_H

#include "fadeline/base/random.h"
#include "fadeline/transport/transport.h"

typedef struct walk_layer {
    double n, g, mus_per_m, top_m, bottom_m;
    double mfp_m; /* 1 / mus; 0 in a layer that does not scatter */
    bool track;   /* score path lengths, not collisions: too few collisions to count */
    double mua_per_m[FL_MEDIUM_VARIANTS];
} walk_layer;

/* Which depth cell and which ring a point belongs to. */
typedef struct walk_grid {
    unsigned cells, rings, bins;
    double *edges_m; /* cells + 1 */
    unsigned *first; /* per bin of equal height: the cell that holds the bin's top */
    double bins_per_m;
    double r2_m2[FL_TRANSPORT_SPOTS]; /* outer radius squared of ring i; the last ring (rings - 1) is open */
} walk_grid;

typedef struct walk_plan {
    unsigned layers, variants;
    double n_above, n_below, roulette;
    walk_layer layer[FL_MEDIUM_LAYERS];
    walk_grid grid;
    /* Where photons start: below any clear layers on top, which are solved exactly (direct.c). */
    unsigned entry_layer; /* = layers when everything is clear */
    double entry_weight, specular;
    double *direct; /* cells * variants: fluence of the beam before it ever scatters or turns, exact */
} walk_plan;

/* One array of doubles, so that blocks are merged by one loop. Offsets in units of doubles. */
typedef struct walk_layout {
    size_t diffuse, transmitted, lost, absorbed, score, size;
} walk_layout;
walk_layout walk_layout_of(const walk_plan *plan);

/* Walks so many photons, adding to the tally (which the caller has cleared). */
void walk_photons(const walk_plan *plan, double *tally, fl_random *random, uint64_t photons);

/* Fills entry_*, specular and direct from the layers and the grid (both set). */
void walk_direct(walk_plan *plan);

#endif
