/* What heat.c and train.c share. */
#ifndef FL_SRC_THERMAL_HEAT_INSIDE_H
#define FL_SRC_THERMAL_HEAT_INSIDE_H

#include "fadeline/thermal/heat.h"

#include <stdbool.h>

/* A depth as a straight-line reading of at most two cells: fixed + upper * value[cell] + lower * value[cell +
 * 1]. */
typedef struct fl_heat_probe {
    unsigned cell;
    double upper, lower, fixed_K;
} fl_heat_probe;

/* False when the depth lies outside. */
bool fl_heat_probe_at(const fl_heat *heat, fl_length depth, fl_heat_probe *probe);
double fl_heat_probe_K(const fl_heat *heat, const fl_heat_probe *probe);       /* more than at the start */
double fl_heat_probe_K_per_s(const fl_heat *heat, const fl_heat_probe *probe); /* how fast that changes now */

/* Layers and edges as fl_heat_init wants them. */
fl_status fl_heat_check(const fl_heat_setup *setup, fl_error *error);
fl_status fl_heat_check_layers(const fl_heat_layer *layers, unsigned count, fl_error *error);
/* The layer that a cell belongs to. */
unsigned fl_heat_layer_of(const fl_heat_setup *setup, unsigned cell);

#endif
