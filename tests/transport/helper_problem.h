/* Random problems: media of every kind, with cells, spots and rings to look at. The same numbers every time.
 */
#ifndef FL_TESTS_TRANSPORT_PROBLEM_H
#define FL_TESTS_TRANSPORT_PROBLEM_H

#include "fadeline/base/random.h"
#include "helper_media.h"

#define PROBLEM_SPOTS 2u
#define PROBLEM_CELLS 30u
#define PROBLEM_RINGS 40u

typedef struct problem {
    fl_medium medium;
    fl_length edges[PROBLEM_CELLS + 1], spots[PROBLEM_SPOTS], rings[PROBLEM_RINGS];
    unsigned cells, ring_count; /* rings only make the fast kernel look them up in another way */
} problem;

/* Layers 1 to 7 in turn, albedo 0.1-0.9999, g -0.6 to 0.99. Every other medium has index steps of 1.0-1.6,
 * every fifth a glass, every fourth a layer of 1 um, every sixth no end, every tenth a clear gap, some an
 * absorber that does not scatter. Cells go to the bottom, or as far as light reaches: even ones, a few uneven
 * ones, or many. */
problem random_problem(fl_random *random, unsigned number);

#endif
