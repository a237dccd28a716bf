/* How fast the journal is.
 *
 *     cmake --build build-opt --target bench_journal && build-opt/tests/bench/bench_journal [ENTRIES
 * [DIRECTORY]]
 *
 * Contestants take turns in one process, so that a loaded machine slows all alike. Where the disk is the
 * thing measured, it is the one under $TMPDIR: on a tmpfs a sync costs nothing and the figures say so. With a
 * DIRECTORY the log is made there and kept, or used as it is when it is there already.
 */
#include "bench_journal.h"

#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
double bench_cpu_s(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}
double bench_wall_s(void)
{
    return seconds(CLOCK_MONOTONIC);
}

static int order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile(double *values, unsigned count, double p)
{
    qsort(values, count, sizeof *values, order);
    return values[(unsigned)(p * (count - 1))];
}

#define PULSES 126 /* a session is 254 entries */

static void put(fl_journal *journal, const fl_entry *entries, size_t count)
{
    fl_error error = {0};
    if (fl_journal_append(journal, entries, count, &error) == FL_OK) return;
    fl_error_print(stderr, &error);
    exit(1);
}

void bench_make_log(const char *directory, helper_clock *clock, uint64_t entries)
{
    fl_journal *journal = helper_open(directory, clock, FL_JOURNAL_CREATE);
    fl_entry *batch = calloc(2 * PULSES + 2, sizeof *batch);
    if (!batch) abort();
    for (uint64_t sid = 1, ctr = 41207; fl_journal_size(journal) < entries; sid++, ctr += PULSES) {
        size_t n = 0;
        helper_clock_add(clock, 9700013);
        helper_session_open(&batch[n++], sid, ctr);
        for (unsigned i = 0; i < PULSES; i++) {
            helper_grant(&batch[n++], (sid - 1) * PULSES + i + 1, ctr + i, sid);
            helper_pulse(&batch[n++], (sid - 1) * PULSES + i + 1, ctr + i + 1, sid);
        }
        helper_session_close(&batch[n++], sid, ctr + PULSES, PULSES);
        put(journal, batch, n);
    }
    free(batch);
    fl_journal_close(journal);
}

int main(int argc, char **argv)
{
    uint64_t entries = 1000000;
    if (argc > 1 && fl_read_u64(argv[1], &entries) != FL_OK) return 2;
    char made[FL_PLACE_MAX], path[FL_PLACE_MAX + 16];
    const char *directory = argc > 2 ? argv[2] : helper_directory(made);
    helper_clock clock;
    helper_clock_init(&clock);
    bench_append(600);
    snprintf(path, sizeof path, "%s/journal.db", directory);
    if (!fl_place_exists(path)) {
        const double start = bench_cpu_s();
        bench_make_log(directory, &clock, entries);
        printf("\na log of %llu entries made in %.1f s of processor, a checkpoint every session\n",
               (unsigned long long)entries, bench_cpu_s() - start);
    }
    bench_verify(directory, entries > 3000000 ? 1 : 5);
    bench_proofs(directory);
    bench_start(directory);
    if (argc < 3) helper_remove(directory);
    return 0;
}
