#include "helper_heat.h"

#include "check.h"

#include <time.h>

static void fill(bench *b, unsigned layers, fl_length finest, unsigned cells)
{
    fl_error error = {0};
    CHECK(fl_heat_grid(b->layer, layers, finest, cells, b->edges, &error) == FL_OK, "grid: %s", error.what);
    b->setup = (fl_heat_setup){.layers = b->layer,
                               .layer_count = layers,
                               .edges = b->edges,
                               .cells = cells,
                               .surface = {.kind = FL_HEAT_INSULATED},
                               .start = fl_heat_celsius(START_C),
                               .deep = fl_heat_celsius(START_C)};
}

void bench_plain(bench *b, fl_length depth, fl_length finest, unsigned cells)
{
    b->layer[0] = (fl_heat_layer){"tissue", depth, {TISSUE_W_M_K}, {TISSUE_J_M3_K}};
    fill(b, 1, finest, cells);
}

void bench_skin(bench *b, fl_length finest, unsigned cells)
{
    b->layer[0] = fl_heat_tissue(FL_HEAT_EPIDERMIS, fl_um(80));
    b->layer[1] = fl_heat_tissue(FL_HEAT_DERMIS, fl_mm(1.9));
    b->layer[2] = fl_heat_tissue(FL_HEAT_FAT, fl_mm(12));
    fill(b, 3, finest, cells);
}

void bench_begin(bench *b)
{
    fl_error error = {0};
    CHECK(fl_heat_init(&b->heat, &b->setup, &error) == FL_OK, "init: %s", error.what);
}

void bench_wait(bench *b, double s)
{
    CHECK(fl_heat_advance(&b->heat, s) == FL_OK, "%g s refused", s);
}

double bench_warmer(const bench *b, fl_length depth)
{
    return fl_heat_temperature(&b->heat, depth).K - b->setup.start.K;
}

void bench_decay(const bench *b, double peak, double mu_per_m, double from_m, double to_m, double *mean)
{
    for (unsigned i = 0; i < b->setup.cells; i++) {
        const double top = b->edges[i].m, bottom = b->edges[i + 1].m, middle = 0.5 * (top + bottom);
        if (middle > from_m && middle < to_m)
            mean[i] = peak * (exp(-mu_per_m * (top - from_m)) - exp(-mu_per_m * (bottom - from_m))) /
                      (mu_per_m * (bottom - top));
        else
            mean[i] = 0.0;
    }
}

void bench_pulse_decay(bench *b, double mu_per_m)
{
    double mean[FL_HEAT_CELLS];
    fl_energy_density absorbed[FL_HEAT_CELLS];
    bench_decay(b, TISSUE_J_M3_K, mu_per_m, 0.0, 1e9, mean);
    for (unsigned i = 0; i < b->setup.cells; i++) absorbed[i].J_m3 = mean[i];
    CHECK(fl_heat_pulse(&b->heat, absorbed) == FL_OK, "pulse");
}

void bench_pulse_slab(bench *b, double K, double from_m, double to_m)
{
    fl_energy_density absorbed[FL_HEAT_CELLS];
    for (unsigned i = 0; i < b->setup.cells; i++) {
        const double middle = 0.5 * (b->edges[i].m + b->edges[i + 1].m);
        absorbed[i].J_m3 = middle > from_m && middle < to_m ? K * TISSUE_J_M3_K : 0.0;
    }
    CHECK(fl_heat_pulse(&b->heat, absorbed) == FL_OK, "pulse");
}

void bench_skin_absorbed(const bench *b, fl_energy_density *absorbed)
{
    double above[FL_HEAT_CELLS], below[FL_HEAT_CELLS];
    bench_decay(b, 6.1e7, 3000.0, 0.0, 80e-6, above);
    bench_decay(b, 7.3e6, 900.0, 80e-6, 1e9, below);
    for (unsigned i = 0; i < b->setup.cells; i++) absorbed[i].J_m3 = above[i] + below[i];
}

double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
