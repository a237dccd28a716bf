/* Bench: how fast the photon kernel is, beside two yardsticks walked in the same minute of the same process.
 *
 * A shared machine changes its speed by half while one looks. So contestants take turns (A B A B ...), ratios
 * are taken between neighbours in time, and a table shows the median with the least and the largest. One
 * thread is timed by CPU time, several by the clock on the wall. Nothing here fails because it was slow.
 */
#ifndef FL_TESTS_BENCH_H
#define FL_TESTS_BENCH_H

#include "helper_media.h"

#include <stdbool.h>

#define REPEATS_MOST 15u

typedef struct bench {
    unsigned repeats; /* 5 or more for numbers to keep */
    double share;     /* of the usual photons: less for a quick look */
} bench;

/* Measurements of one thing, one a repeat. */
typedef struct series {
    double value[REPEATS_MOST];
    unsigned count;
} series;

void series_add(series *s, double value);
double series_median(const series *s);
/* "1.59e+06 (1.41e+06 .. 1.63e+06)", in storage that a later call but four overwrites. */
const char *series_text(const series *s);
series series_ratio(const series *above, const series *below); /* pair by pair */

double bench_wall_seconds(void); /* CPU seconds: media_cpu_seconds */

/* The three cases of the reference: matched slab, half-space, scalp with dense ink. */
typedef struct bench_case {
    const char *what;
    const media_layer *layers;
    double dz_cm, dr_cm;
    unsigned cells, rings;
    double fast, slow; /* photons that take a kernel some tenths of a second */
    double spins;      /* scattering events of a photon at roulette 1e-4, counted in the classic program */
} bench_case;
extern const bench_case bench_cases[3];

/* Case c is the ink: this cell is its bottom. */
#define INK_BOTTOM_FROM_CM 0.104
#define INK_BOTTOM_TO_CM 0.108

void bench_speed(const bench *b);   /* photons a second, each lane width, against plain and classic */
void bench_threads(const bench *b); /* two threads against one */
void bench_error(const bench *b);   /* CPU time to 0.2 % */
void bench_cloud(const bench *b);   /* 64 absorptions in one run */

#endif
