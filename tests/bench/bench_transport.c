/* bench_transport [--quick] [speed|threads|error|cloud ...]: tables of what the photon kernel costs
 * (bench.h). Pin it to a processor for one thread (taskset -c 0), not for `threads`. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

const bench_case bench_cases[3] = {
    {"a slab", media_slab, 0.0005, 0.005, 40, 50, 4e6, 6e5, 3.03},
    {"b half-space", media_half, 0.005, 0.005, 100, 100, 1e6, 8e4, 44.05},
    {"c scalp", media_scalp, 0.004, 0.01, 227, 200, 3e5, 2e4, 175.0},
};

void series_add(series *s, double value)
{
    if (s->count < REPEATS_MOST) s->value[s->count++] = value;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static series sorted(const series *s)
{
    series copy = *s;
    qsort(copy.value, copy.count, sizeof copy.value[0], compare);
    return copy;
}

double series_median(const series *s)
{
    const series in_order = sorted(s);
    const unsigned n = s->count;
    return n == 0 ? 0.0 : 0.5 * (in_order.value[(n - 1) / 2] + in_order.value[n / 2]);
}

const char *series_text(const series *s)
{
    static char room[5][64];
    static unsigned next;
    char *text = room[next++ % 5];
    const series in_order = sorted(s);
    if (s->count == 0) return "-";
    snprintf(text, sizeof room[0], "%.3g (%.3g .. %.3g)", series_median(s), in_order.value[0],
             in_order.value[s->count - 1]);
    return text;
}

series series_ratio(const series *above, const series *below)
{
    series ratio = {.count = above->count < below->count ? above->count : below->count};
    for (unsigned i = 0; i < ratio.count; i++) ratio.value[i] = above->value[i] / below->value[i];
    return ratio;
}

double bench_wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static long peak_KiB(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

static const struct {
    const char *name;
    void (*run)(const bench *b);
} tables[] = {
    {"speed", bench_speed}, {"threads", bench_threads}, {"error", bench_error}, {"cloud", bench_cloud}};
#define TABLES (sizeof tables / sizeof *tables)

int main(int argc, char **argv)
{
    bench b = {.repeats = 7, .share = 1.0};
    bool wanted[TABLES] = {false}, any = false;
    for (int i = 1; i < argc; i++) {
        bool known = strcmp(argv[i], "--quick") == 0;
        if (known) b = (bench){.repeats = 3, .share = 0.1};
        for (size_t t = 0; t < TABLES; t++)
            if (strcmp(argv[i], tables[t].name) == 0) known = any = wanted[t] = true;
        if (known) continue;
        fprintf(stderr, "usage: bench_transport [--quick] [speed|threads|error|cloud ...]\n");
        return 2;
    }
    printf("median (least .. largest) of %u turns\n", b.repeats);
    for (size_t t = 0; t < TABLES; t++) {
        if (any && !wanted[t]) continue;
        tables[t].run(&b);
        printf("memory at most, so far: %.1f MiB\n", (double)peak_KiB() / 1024);
        fflush(stdout);
    }
    return 0;
}
