/* A plain half-space or slab for comparison with closed forms, and cells heated by an exponential. */
#ifndef FL_TESTS_THERMAL_HELPER_HEAT_H
#define FL_TESTS_THERMAL_HELPER_HEAT_H

#include "fadeline/thermal/heat.h"

#define TISSUE_W_M_K 0.37 /* transport reference section 5: 0.0037 W/cm/K over 3.76 J/cm3/K */
#define TISSUE_J_M3_K 3.76e6
#define START_C 33.0

typedef struct bench {
    fl_heat_layer layer[4];
    fl_length edges[FL_HEAT_CELLS + 1];
    fl_heat_setup setup;
    fl_heat heat;
} bench;

/* One layer of that tissue, insulated, on a grid from `finest` down; not yet begun. */
void bench_plain(bench *b, fl_length depth, fl_length finest, unsigned cells);
/* Epidermis 80 um, dermis 1.9 mm, fat 12 mm of Jiang 2002, insulated; not yet begun. */
void bench_skin(bench *b, fl_length finest, unsigned cells);
void bench_begin(bench *b);
void bench_wait(bench *b, double s);
double bench_warmer(const bench *b, fl_length depth); /* kelvins over the start */

/* Cell means of peak * exp(-mu (z - from)) between two depths that are edges; 0 elsewhere. */
void bench_decay(const bench *b, double peak, double mu_per_m, double from_m, double to_m, double *mean);
/* A pulse that warms by exp(-mu z); by `K` evenly between depths. */
void bench_pulse_decay(bench *b, double mu_per_m);
void bench_pulse_slab(bench *b, double K, double from_m, double to_m);
/* 30/cm and half the heat in the epidermis, a slower decay below: one pulse of bench_skin. */
void bench_skin_absorbed(const bench *b, fl_energy_density *absorbed);

double monotonic_s(void);

#endif
