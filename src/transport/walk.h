/* Walk: the photon kernel and what it needs, all in plain arrays.
 *
 * Photons walk in 32 lanes; a lane whose photon ends takes the next photon of the block at once. Lanes are
 * worked on LANES at a time (lanes.h), but whatever depends on order (sums, whose turn a new photon is)
 * happens lane by lane once all have had their turn, so the width cannot be told from the answer.
 *
 * Invariants
 *   W1  A plan is read-only while photons walk; a tally belongs to one thread.
 *   W2  What a photon brings = what it leaves in diffuse + transmitted + absorbed + lost, in each variant.
 *   W3  No weight of variant a exceeds that of variant b when no layer absorbs less in a than in b.
 *   W4  The walk (directions, places, random numbers) knows only the least absorption of each layer.
 *   W5  Bits depend on the plan, the seed and the block alone: not on lanes, threads or processor.
 */
#ifndef FL_TRANSPORT_WALK_H
#define FL_TRANSPORT_WALK_H

#include "fadeline/transport/transport.h"
#include "streams.h"

#define LANES_MOST 16u

typedef struct walk_layer {
    double n, g, mus_per_m, top_m, bottom_m;
    double mua_per_m[FL_MEDIUM_VARIANTS];
    bool track;   /* score path lengths, not collisions: too few collisions to count */
    int changing; /* index among the layers whose absorption differs between variants; -1: it does not */
} walk_layer;

/* The same layer as lanes carry it along, in units of the plan's scale, single precision. */
typedef struct lane_layer {
    float mfp; /* 1 / mut, mut with the least absorption; INFINITY where light meets nothing */
    float mut;
    float keep;       /* mus / mut: what a collision leaves */
    float g1, gh, gg; /* 1 + g, g / 2, (1 - g)^2: Henyey-Greenstein */
    float thick, top;
    float score; /* mfp, or 0 where path lengths are scored */
    float
        fade; /* log2(e) mua of a layer that does not scatter: light fades along the path, nothing collides */
    bool track;
} lane_layer;

typedef struct lane_face {
    float ratio, ratio2; /* n here over n on the other side, and its square */
    bool outer;
} lane_face;

/* Steps along one axis, and how to find the one a value lies in: by scaling where steps are even, by
 * comparing with every edge where they are few, else by a table whose guess is right or early and is put
 * right by the edges. The last edge is a NaN: nothing lies beyond the last step, whatever is asked. */
typedef enum axis_kind {
    AXIS_EVEN,
    AXIS_EVEN_RINGS, /* counted in r; all other rings in r^2 */
    AXIS_FEW,
    AXIS_TABLE, /* bins of equal width */
    AXIS_LOG,   /* bins by the upper bits of the float, which are nearly its logarithm */
} axis_kind;
#define AXIS_FEW_MOST 24
#define LOG_SHIFT 17 /* 64 bins an octave */

typedef struct walk_axis {
    axis_kind kind;
    int32_t last; /* number of the last step */
    float *edge;  /* last + 2: step i lies between edges i and i + 1 */
    float from, scale;
    uint16_t *step_of; /* per bin */
    int32_t base, bins;
} walk_axis;

/* Depth cells and rings. Rows are the cells with one more above and below for what no cell wants; the last
 * ring is open. */
typedef struct walk_grid {
    unsigned cells, rings, rows; /* rows = cells + 2, or 0 */
    double *edges_m;             /* cells + 1 */
    double *radii_m;             /* rings - 1: outer radii */
    walk_axis depth, radius;
    unsigned spot_rings[FL_TRANSPORT_SPOTS]; /* how many rings lie inside each spot */
} walk_grid;

typedef struct walk_plan {
    unsigned layers, variants, stride; /* stride: variants, rounded up to LANES_MOST when there are several */
    double n_above, n_below, unit_m;   /* a length of 1 in the lanes */
    float roulette;
    walk_layer layer[FL_MEDIUM_LAYERS];
    lane_layer lane[FL_MEDIUM_LAYERS];
    lane_face face[FL_MEDIUM_LAYERS][2]; /* upper, lower */
    walk_grid grid;
    /* Several variants: log2(e) (mua of the variant - the least mua), per unit length, in the layers that
     * change. */
    unsigned changing, thin; /* every thin-th event is scored, thin times heavier */
    float *fade;             /* changing * stride */
    /* Where photons start: below any clear layers on top, which are solved exactly (direct.c). */
    unsigned entry_layer; /* = layers when everything is clear */
    double entry_weight, specular;
    double *direct; /* cells * variants: fluence of the beam before it ever scatters or turns, exact */
} walk_plan;

/* One array of doubles, so that blocks are merged by one loop. Offsets in units of doubles; every entry is a
 * row of `stride` variants. Weights are fractions of what enters, lengths are in units of the plan. */
typedef struct walk_layout {
    size_t diffuse, transmitted, lost, absorbed, score, size;
} walk_layout;
walk_layout walk_layout_of(const walk_plan *plan);

/* One block: so many photons in so many batches, each with its own tally, one after the other at `tallies`,
 * which the caller has cleared. Photon n belongs to batch n * batches / photons, rounded down. */
typedef struct walk_block {
    uint64_t seed, block;
    unsigned photons, batches;
} walk_block;
typedef void walk_kernel(const walk_plan *plan, const walk_block *block, double *tallies);

walk_kernel walk_scalar, walk_sse2, walk_avx2, walk_avx512; /* the last two only on x86-64 */

/* The kernel for so many lanes (1, 4, 8, 16), or for 0 the best this processor has. NULL when it has not got
 * it. */
walk_kernel *walk_kernel_of(unsigned lanes, unsigned *chosen);

/* Fills entry_*, specular and direct from the layers and the grid (both set). */
void walk_direct(walk_plan *plan);

#endif
