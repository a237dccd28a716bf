#include "helper_benchmarks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double spots_mm[BENCHMARK_SPOTS - 1] = {0.5, 1, 2, 3, 4, 5, 6, 8, 10};

static FILE *open_table(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", FL_TEST_DIR, name);
    FILE *file = fopen(path, "r");
    if (!file) perror(path), abort();
    return file;
}

/* Next row of numbers after the first column; empty fields are NAN. False at the end. */
static bool next_row(FILE *file, char name[32], double *fields, unsigned count)
{
    char line[1024];
    do {
        if (!fgets(line, sizeof line, file)) return false;
    } while (line[0] == '#' || strncmp(line, "case,", 5) == 0);
    char *at = line, *field = strsep(&at, ",");
    snprintf(name, 32, "%s", field);
    for (unsigned i = 0; i < count; i++) {
        field = strsep(&at, ",\n");
        fields[i] = field && *field ? strtod(field, NULL) : NAN;
    }
    return true;
}

static void read_cases(benchmark_case cases[BENCHMARK_CASES])
{
    enum { FIELDS = 23 };
    double f[FIELDS];
    char name[32];
    unsigned count = 0;
    FILE *file = open_table("mc_benchmark_cases.csv");
    for (; next_row(file, name, f, FIELDS); count++) {
        if (count == BENCHMARK_CASES) fputs("too many benchmark cases\n", stderr), abort();
        benchmark_case *one = &cases[count];
        *one = (benchmark_case){.specular = f[17], .diffuse = f[18], .transmitted = f[19]};
        memcpy(one->name, name, sizeof one->name);
        media_layer layers[4] = {{.n = 0}};
        for (unsigned i = 0; i < (unsigned)f[1]; i++) {
            const double *l = f + 2 + 5 * i;
            layers[i] = (media_layer){l[0], l[1], l[2], l[3], l[4]};
            one->absorbed[i] = f[20 + i];
        }
        one->medium = media_make(f[0], layers, f[0]);
    }
    fclose(file);
    if (count != BENCHMARK_CASES) fputs("too few benchmark cases\n", stderr), abort();
}

void benchmarks_read(benchmark_case cases[BENCHMARK_CASES])
{
    read_cases(cases);
    double f[1 + BENCHMARK_SPOTS];
    char name[32];
    FILE *file = open_table("mc_benchmarks.csv");
    unsigned at = 0, rows = 0;
    for (; next_row(file, name, f, 1 + BENCHMARK_SPOTS); rows++) {
        while (at < BENCHMARK_CASES && strcmp(cases[at].name, name) != 0) at++;
        if (at == BENCHMARK_CASES || cases[at].depths == BENCHMARK_DEPTHS)
            fputs("odd benchmark row\n", stderr), abort();
        benchmark_case *one = &cases[at];
        one->depth_mm[one->depths] = f[0];
        memcpy(one->ratio[one->depths++], f + 1, sizeof one->ratio[0]);
    }
    fclose(file);
    if (rows != BENCHMARK_CASES * BENCHMARK_DEPTHS) fputs("benchmark rows are missing\n", stderr), abort();
}

/* Relative noise of the reference; see the header. */
static double noise_of(double depth_mm, double spot_mm)
{
    if (depth_mm >= 2.0) return spot_mm < 2.0 ? 0.03 : 0.0075;
    if (depth_mm > 1.0) return spot_mm < 2.0 ? 0.02 : 0.005;
    return spot_mm >= 4.0 ? 0.002 : spot_mm >= 2.0 ? 0.003 : 0.01;
}

static double limit_of(double depth_mm, double spot_mm)
{
    return depth_mm >= 2.0 && spot_mm <= 2.0 ? 0.03 : 0.01;
}

static bool is_split(double depth_mm)
{
    return depth_mm > 0.055 && depth_mm < 0.065;
}

/* Cells as the reference averaged: 0.01 mm bins on either side of 0.02 and 0.06 mm. Below, it fitted a
 * parabola over
 * +-0.025 mm; a mean over that would be 0.3 % off where fluence bends most (0.10 mm), so there +-0.015 mm.
 * Depth 0.06 mm is where the epidermis of most cases ends and fluence has a kink: two cells, `split`. */
static unsigned cell_edges(const benchmark_case *one, fl_length *edges, unsigned *cell_of)
{
    unsigned count = 0;
    for (unsigned i = 0; i < one->depths; i++) {
        const double z = one->depth_mm[i], half = z < 0.07 ? 0.01 : z < 0.15 ? 0.015 : 0.025;
        const double top = z - half;
        if (!count || top > fl_as_mm(edges[count - 1]) + 1e-9) edges[count++] = fl_mm(top);
        cell_of[i] = count - 1;
        if (is_split(z)) edges[count++] = fl_mm(z);
        edges[count++] = fl_mm(z + half);
    }
    return count - 1;
}

/* Ours at one depth: the cell, or the mean of the two around a kink. What "at" means there is half their difference, or
 * how far the reference's wide beam is from the exact one, whichever is more. */
typedef struct reading {
    fl_estimate mean;
    double place; /* relative */
} reading;

static reading read_ours(const fl_transport *run, double depth_mm, uint32_t spot, unsigned cell, double wide)
{
    const fl_estimate a = fl_transport_fluence(run, 0, spot, cell);
    if (!is_split(depth_mm)) return (reading){a, 0.0};
    const fl_estimate b = fl_transport_fluence(run, 0, spot, cell + 1);
    const fl_estimate mean = {0.5 * (a.value + b.value), 0.5 * (a.standard_error + b.standard_error)};
    const double exact = 0.5 * (fl_transport_fluence(run, 0, FL_TRANSPORT_WIDE, cell).value +
                                fl_transport_fluence(run, 0, FL_TRANSPORT_WIDE, cell + 1).value);
    return (reading){mean, fmax(0.5 * fabs(a.value - b.value) / mean.value, fabs(exact / wide - 1.0))};
}

static void add_value(benchmark_verdict *sum, double *weights, const benchmark_case *one, unsigned depth,
                      unsigned spot, reading ours, bool say)
{
    const double mm = spot + 1 < BENCHMARK_SPOTS ? spots_mm[spot] : INFINITY, z = one->depth_mm[depth];
    const double want = one->ratio[depth][spot], deviation = ours.mean.value / want - 1.0;
    const double own = ours.mean.standard_error / ours.mean.value, error = hypot(noise_of(z, mm), own);
    const double limit = limit_of(z, mm), excess = fmax(fabs(deviation) - ours.place, 0.0) / error;
    sum->values++;
    sum->agree += fabs(deviation) <= limit;
    sum->worst = fmax(sum->worst, fabs(deviation));
    sum->error_max = fmax(sum->error_max, own);
    sum->chi2 += excess * excess;
    sum->mean += deviation / (error * error);
    *weights += 1.0 / (error * error);
    if (fabs(deviation) <= limit + ours.place + 2.0 * error) return; /* a NaN is not compatible */
    sum->incompatible++;
    if (say)
        fprintf(stderr, "\n%s, %g mm deep, %g mm spot: %.5g +- %.2g, reference %.5g (%+.2f %%)", one->name, z,
                mm, ours.mean.value, ours.mean.standard_error, want, 100.0 * deviation);
}

benchmark_verdict benchmark_compare(const benchmark_case *one, uint64_t photons, uint64_t seed, bool say)
{
    fl_length edges[2 * BENCHMARK_DEPTHS + 1], spots[BENCHMARK_SPOTS - 1];
    unsigned cell_of[BENCHMARK_DEPTHS];
    fl_transport_options options = fl_transport_options_default();
    options.seed = seed, options.photons = photons, options.threads = 2;
    options.depth_cells = cell_edges(one, edges, cell_of);
    options.depth_edges = edges;
    for (unsigned i = 0; i + 1 < BENCHMARK_SPOTS; i++) spots[i] = fl_mm(spots_mm[i]);
    options.spots = spots, options.spot_count = BENCHMARK_SPOTS - 1;

    fl_transport *run = media_run(&one->medium, &options);
    benchmark_verdict sum = {0};
    double weights = 0.0;
    for (unsigned depth = 0; depth < one->depths; depth++)
        for (uint32_t spot = 0; spot < BENCHMARK_SPOTS; spot++)
            add_value(&sum, &weights, one, depth, spot,
                      read_ours(run, one->depth_mm[depth],
                                spot + 1 < BENCHMARK_SPOTS ? spot : FL_TRANSPORT_WIDE, cell_of[depth],
                                one->ratio[depth][BENCHMARK_SPOTS - 1]),
                      say);
    sum.mean /= weights;

    /* Totals: theirs have six digits and come from 0.8-4 million photons, standard errors up to 0.0005. */
    const fl_estimate totals[] = {fl_transport_diffuse(run, 0), fl_transport_transmitted(run, 0),
                                  fl_transport_absorbed(run, 0, 0)};
    const double want[] = {one->diffuse, one->transmitted, one->absorbed[0]};
    for (unsigned i = 0; i < 3; i++)
        if (!(fabs(totals[i].value - want[i]) <= 4.0 * hypot(totals[i].standard_error, 0.0005))) {
            sum.incompatible++;
            if (say)
                fprintf(stderr, "\n%s, total %u: %.6f +- %.6f, reference %.6f", one->name, i, totals[i].value,
                        totals[i].standard_error, want[i]);
        }
    if (fabs(fl_transport_specular(run) - one->specular) > 1e-6) sum.incompatible++;
    fl_transport_free(run);
    return sum;
}
