/* Plain: the readable reference that the fast kernel must match.
 *
 * One photon at a time, double precision, libm, one absorption, nothing that needs believing; it shares no
 * line with src/transport. Free paths come from scattering alone and absorption fades the weight along the
 * path (the fast kernel drops a share at each collision), so agreement is more than the same mistake made
 * twice. What is exact stays exact in both: specular reflectance and the beam that has neither scattered nor
 * turned.
 *
 *     plain_options options = {.seed = 7, .block_photons = 500, .roulette = 1e-4, .edges = edges, .cells = 6,
 *                              .radii = radii, .rings = 2};
 *     plain_run *run = plain_new(&medium, &options);
 *     plain_walk(run, 64);                          // so many blocks; as often as you like
 *     fl_estimate e = plain_fluence(run, 1, cell);  // inside the first ring; 3 (rings + 1) is the wide beam
 *     plain_free(run);
 *
 * Each block has its own random stream; standard errors come from how much blocks differ.
 */
#ifndef FL_TESTS_TRANSPORT_PLAIN_H
#define FL_TESTS_TRANSPORT_PLAIN_H

#include "fadeline/base/random.h"
#include "fadeline/transport/transport.h"

#include <stdbool.h>

typedef struct plain_options {
    uint64_t seed, block_photons;
    double roulette;
    /* Either cells between edges and rings that end at radii (both borrowed for the call of new) ... */
    const fl_length *edges, *radii;
    unsigned cells, rings; /* one ring more, number `rings`, is open */
    /* ... or, with dz above 0, the classic grid: equal cells from the surface, equal rings from the axis. */
    fl_length dz, dr;
} plain_options;

typedef struct plain_layer {
    double n, g, mus_per_m, mua_per_m, top_m, bottom_m;
    bool track; /* fluence from path lengths, not from collisions: too few of those to count */
} plain_layer;

/* What a block adds up. Order: diffuse, transmitted, absorbed a layer, then length a cell and ring. */
typedef struct plain_run {
    double n_above, n_below, roulette;
    unsigned layers, cells, rings; /* rings: with the open one */
    plain_layer layer[FL_MEDIUM_LAYERS];
    double *edges_m, *r2_m2;         /* cells + 1; rings - 1 */
    double cells_per_m, rings_per_m; /* of the classic grid, else 0 */
    unsigned entry_layer;            /* below clear layers on top; = layers when all are clear */
    double entry_weight, specular, *direct;

    uint64_t seed, block_photons, blocks, collisions, lost;
    size_t size;
    double *tally, *sum, *square; /* this block; all blocks, rings cumulated; and their squares */
} plain_run;

#define PLAIN_DIFFUSE 0u
#define PLAIN_TRANSMITTED 1u
#define PLAIN_ABSORBED 2u

/* Aborts when memory ends: these are our own tests. */
plain_run *plain_new(const fl_medium *medium, const plain_options *options);
void plain_walk(plain_run *run, unsigned blocks);
void plain_free(plain_run *run);

/* Fractions of what falls on the surface; mean fluence of a cell over incident fluence. */
fl_estimate plain_diffuse(const plain_run *run);
fl_estimate plain_transmitted(const plain_run *run);
fl_estimate plain_absorbed(const plain_run *run, unsigned layer);
fl_estimate plain_fluence(const plain_run *run, unsigned rings, unsigned cell);

/* For helper_plain.c: scores of one flight (`from` has the state before it) and of one collision. */
typedef struct plain_photon {
    double x, y, z, ux, uy, uz, weight;
    double depth;   /* optical depth of scattering left to the next collision */
    unsigned layer; /* z says where; this says on which side of a boundary */
    bool direct;    /* still falling straight down from the beam */
} plain_photon;
void plain_score_collision(plain_run *run, const plain_photon *photon);
void plain_score_flight(plain_run *run, const plain_photon *from, double path_m, fl_random *random);

#endif
