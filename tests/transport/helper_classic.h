/* A second opinion: the classic way to walk photons, with any generator of random numbers.
 *
 * Written apart from the kernel and unlike it on purpose: free paths from the total attenuation, a share of
 * the weight dropped at every collision, exactly three numbers a step (path, angle, azimuth), azimuth counted
 * from the plane that holds the vertical. This is how the classic program spends its numbers, so it shows
 * what a bad generator does there.
 */
#ifndef FL_TESTS_TRANSPORT_CLASSIC_H
#define FL_TESTS_TRANSPORT_CLASSIC_H

#include "fadeline/transport/medium.h"

#include <stdint.h>

typedef struct classic_generator {
    double (*uniform)(void *self); /* in [0, 1) */
    void *self;
} classic_generator;

/* What the classic program keeps: absorbed weight by depth and radius; what lies beyond goes to the last
 * ones. */
typedef struct classic_grid {
    double dz_m, dr_m;
    unsigned rows, rings;
    double *absorbed; /* rows * rings */
} classic_grid;

typedef struct classic_sums {
    double diffuse, transmitted, absorbed[FL_MEDIUM_LAYERS];
    classic_grid *grid; /* or NULL */
} classic_sums;

/* Adds to the sums. Layers must scatter or absorb. */
void classic_walk(const fl_medium *medium, classic_generator random, uint64_t photons, classic_sums *sums);

/* The lagged subtractive generator of that program: x(n) = x(n - 55) - x(n - 24) mod 1e9 (Knuth 1981, 3.2.2).
 */
typedef struct lagged {
    long table[56];
    int at, behind;
} lagged;
void lagged_init(lagged *generator, long seed);
double lagged_uniform(void *self);
/* Ours, behind the same door: self is an fl_random. */
double our_uniform(void *self);

#endif
