// clang-format off
/* The reference's 18 benchmark cases: an independent layered Monte Carlo, 11 depths, 10 spots each.
 *
 * What the comparison may ask for. Both sides are noisy. The reference states its noise in the head of the file: about
 * 0.2 % for spots of 4 mm and more down to 1 mm, 0.5-1 % at 2-3 mm, up to 3 % for spots of 0.5-1 mm from 2 mm down. For
 * what it does not state we read between: 0.3 % for 2-3 mm spots to 1 mm, 0.5 % for them at 1.5 mm; for spots of 0.5-1 mm
 * 1 % to 1 mm and 2 % at 1.5 mm (1 % was our first reading; see the README). Ours is controlled by the
 * exact solution, which for the wide beam is all there is. So per value:
 *
 *     limit      1 %, or 3 % for spots up to 2 mm from 2 mm down
 *     error      both standard errors, added in quadrature
 *     place      at 0.06 mm only, on the kink at the end of the epidermis: half the difference of our 0.01 mm cells
 *                above and below ("values within 0.01 mm of a layer boundary", says the file), or how far the reference's
 *                wide beam is from the exact solution there, whichever is more (1.5 % in P_VI_532); else 0
 *     agree      |ours / theirs - 1| <= limit
 *     compatible |ours / theirs - 1| <= limit + place + 2 error
 *
 * Every value of the full measurement must be compatible; in the everyday one 2 % of them need not. How many agree is
 * counted too, and a case's mean deviation, in which noise averages out and a wrong constant does not.
 */
// clang-format on
#ifndef FL_TESTS_TRANSPORT_BENCHMARKS_H
#define FL_TESTS_TRANSPORT_BENCHMARKS_H

#include "helper_media.h"

#define BENCHMARK_CASES 18
#define BENCHMARK_DEPTHS 11
#define BENCHMARK_SPOTS 10 /* the last is the wide beam */

typedef struct benchmark_case {
    char name[32];
    fl_medium medium;
    double specular, diffuse, transmitted, absorbed[3];
    unsigned depths;
    double depth_mm[BENCHMARK_DEPTHS], ratio[BENCHMARK_DEPTHS][BENCHMARK_SPOTS];
} benchmark_case;

/* Reads both files; aborts with a sentence when they are not as expected. */
void benchmarks_read(benchmark_case cases[BENCHMARK_CASES]);

typedef struct benchmark_verdict {
    unsigned values, agree, incompatible;
    double mean;      /* mean of ours / theirs - 1, each weighted by 1 / error^2 */
    double worst;     /* largest |deviation| */
    double chi2;      /* sum of (deviation / error)^2, deviation less place */
    double error_max; /* our own largest relative standard error */
} benchmark_verdict;

/* Walks a case and compares; `say` prints each value that is not compatible. */
benchmark_verdict benchmark_compare(const benchmark_case *one, uint64_t photons, uint64_t seed, bool say);

#endif
