/* Bench of the journal: appending, verifying, proving, each beside the plain thing it could be compared with.
 */
#ifndef FL_TESTS_BENCH_JOURNAL_H
#define FL_TESTS_BENCH_JOURNAL_H

#include "helper_log.h"

double bench_cpu_s(void); /* of this thread */
double bench_wall_s(void);
/* A log of about so many entries (sessions of 126 pulses), made as sessions make it, in batches. */
void bench_make_log(const char *directory, helper_clock *clock, uint64_t entries);
/* Sorts; then p of it, 0 to 1. */
double bench_quantile(double *values, unsigned count, double p);

void bench_append(unsigned rounds); /* one by one and 256 at a time, three stores in turn */
void bench_verify(const char *directory, unsigned turns); /* entries/s of one core beside bare SHA-256 */
void bench_proofs(const char *directory);
void bench_start(const char *directory); /* opening for writing */

#endif
