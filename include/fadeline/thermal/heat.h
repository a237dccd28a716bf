/* Heat: temperature against depth while pulses fall on skin that lies in layers and may be cooled.
 *
 * A pulse of pico- or nanoseconds leaves its heat where it was absorbed: a step in temperature, mua H over
 * the heat capacity, in every depth cell. Between pulses heat is conducted down and, when the surface is
 * cooled, up. Depth cells keep heat exactly: stored + lost through both ends = put in, to rounding.
 *
 * The trap: depth is the only dimension, as under a spot much wider than heat wanders (0.7 mm in a second,
 * 2 mm in ten). A smaller spot cools faster, so the answer errs warm; train.h has the factor for that.
 *
 *     fl_heat_layer skin[] = {fl_heat_tissue(FL_HEAT_EPIDERMIS, fl_um(80)),
 *                             fl_heat_tissue(FL_HEAT_DERMIS, fl_mm(1.9)), fl_heat_tissue(FL_HEAT_FAT,
 * fl_mm(12))}; fl_length edges[61]; status = fl_heat_grid(skin, 3, fl_um(5), 60, edges, &error);
 *     fl_heat_setup setup = {.layers = skin, .layer_count = 3, .edges = edges, .cells = 60,
 *                            .surface = {.kind = FL_HEAT_INSULATED},
 *                            .start = fl_heat_celsius(33), .deep = fl_heat_celsius(33)};
 *     fl_heat heat; // 45 kB
 *     status = fl_heat_init(&heat, &setup, &error);
 *     status = fl_heat_pulse(&heat, absorbed); // J/m3, one value a cell: mua times local fluence
 *     status = fl_heat_advance(&heat, 0.1);
 *     fl_temperature basal = fl_heat_temperature(&heat, fl_um(80));
 *
 * A thick gel is best a layer of its own, which takes up heat, on top of the skin; all layers start equally
 * warm.
 *
 * Method: finite volumes with harmonic-mean conductances and TR-BDF2 in time, second order in both and
 * L-stable (src/thermal/README.md has the orders measured). Steps start at step_share h^2/alpha of the
 * quickest cell after every jump (pulse, change of source, begin) and grow to step_share of the time since
 * then.
 *
 * The setup is not kept. Nothing here allocates but gsl_linalg_solve_symm_tridiag, which takes and returns
 * 32 bytes a cell inside each call. No globals; one fl_heat in one thread at a time.
 */
#ifndef FL_THERMAL_HEAT_H
#define FL_THERMAL_HEAT_H

#include "fadeline/base/error.h"
#include "fadeline/thermal/thermal.h"

#define FL_HEAT_CELLS 512 /* most depth cells */
#define FL_HEAT_LAYERS 32 /* most layers */
#define FL_HEAT_STEP_SHARE 0.125

typedef struct {
    double W_m_K;
} fl_conductivity;
typedef struct {
    double W_m2_K;
} fl_film; /* how well a surface hands heat to air, gel or a window: heat transfer coefficient */
typedef struct {
    double W_m2;
} fl_heat_flux;
typedef struct {
    double W_m3;
} fl_heating; /* absorbed power by volume: mua times fluence rate */

static inline fl_temperature fl_heat_celsius(double C)
{
    return (fl_temperature){C + 273.15};
}
static inline double fl_heat_as_celsius(fl_temperature t)
{
    return t.K - 273.15;
}

typedef struct fl_heat_layer {
    const char *name; /* for messages; may be NULL. Borrowed for the call it is given to */
    fl_length thickness;
    fl_conductivity conductivity;
    fl_heat_capacity capacity;
} fl_heat_layer;

typedef enum fl_heat_tissue_kind {
    FL_HEAT_EPIDERMIS = 1,
    FL_HEAT_DERMIS,
    FL_HEAT_FAT,
    FL_HEAT_INNER
} fl_heat_tissue_kind;

/* Central values of Jiang 2002 (Burns 28:713), measured, as coded in a public example (thermal.csv). An
 * unknown tissue has no name and NaN inside, so every check refuses it. */
fl_heat_layer fl_heat_tissue(fl_heat_tissue_kind tissue, fl_length thickness);

/* cells + 1 edges from 0 to the bottom: about `finest` at the surface, growing evenly with depth, every layer
 * border among them. With fewer cells than layers, or a `finest` that many cells of which would be deeper
 * than all layers by more than one, FL_E_RANGE and edges untouched. */
FL_MUST_USE fl_status fl_heat_grid(const fl_heat_layer *layers, unsigned count, fl_length finest,
                                   unsigned cells, fl_length *edges, fl_error *error);

typedef enum fl_heat_surface_kind {
    FL_HEAT_INSULATED = 1, /* nothing passes: errs warm */
    FL_HEAT_FILM,          /* air, gel, a window: film * (outside - surface) passes into the skin */
    FL_HEAT_FIXED          /* the surface has the temperature `outside` */
} fl_heat_surface_kind;    /* 0: not set */

typedef struct fl_heat_surface {
    fl_heat_surface_kind kind;
    fl_film film;           /* with FL_HEAT_FILM */
    fl_temperature outside; /* with FL_HEAT_FILM and FL_HEAT_FIXED */
    fl_heat_flux absorbed;  /* at the surface itself, all the time; not with FL_HEAT_FIXED */
} fl_heat_surface;

typedef struct fl_heat_setup {
    const fl_heat_layer *layers; /* from the surface down */
    unsigned layer_count;
    const fl_length *edges; /* cells + 1, rising from 0; layers end on edges (to 1e-9 of the whole depth) */
    unsigned cells;         /* 2 to FL_HEAT_CELLS */
    fl_heat_surface surface;
    fl_temperature start; /* everywhere */
    fl_temperature deep;  /* kept at the bottom of the last layer */
    double step_share;    /* 0: FL_HEAT_STEP_SHARE; else 0.001 to 1 */
} fl_heat_setup;

/* Storage only; read it with the functions below. Temperatures inside are counted from `start`. */
typedef struct fl_heat {
    unsigned cells;
    double start_K, top_K, deep_K;   /* outside and bottom counted from the start */
    double step_share, first_s;      /* first step after a jump */
    double since_s;                  /* since the last jump */
    double absorbed_W_m2, into_W_m2; /* absorbed at the surface; what of it goes into the skin at once */
    double put_J_m2, top_J_m2, deep_J_m2;
    double edge_m[FL_HEAT_CELLS + 1];
    double half_W_m2_K[FL_HEAT_CELLS];     /* from the middle of a cell to its face */
    double face_W_m2_K[FL_HEAT_CELLS + 1]; /* from middle to middle; first and last: to the ends */
    double store_J_m2_K[FL_HEAT_CELLS], source_W_m2[FL_HEAT_CELLS];
    double warm_K[FL_HEAT_CELLS], middle_K[FL_HEAT_CELLS], right_J_m2[FL_HEAT_CELLS];
    double diagonal[FL_HEAT_CELLS], beside[FL_HEAT_CELLS];
    double film_W_m2_K; /* 0 insulated, INFINITY fixed */
} fl_heat;

/* FL_E_RANGE, leaving *heat alone, for what is not a number, negative, of zero size or out of order; the
 * error names the layer, counted from 1. */
FL_MUST_USE fl_status fl_heat_init(fl_heat *heat, const fl_heat_setup *setup, fl_error *error);

/* One pulse, at once: heat absorbed in each cell. FL_E_RANGE, nothing changed, unless all are finite and not
 * negative. */
FL_MUST_USE fl_status fl_heat_pulse(fl_heat *heat, const fl_energy_density *absorbed);
/* A continuous source from now on, one value a cell; NULL: dark. Refuses as fl_heat_pulse. */
FL_MUST_USE fl_status fl_heat_shine(fl_heat *heat, const fl_heating *power);
/* Lets time pass. FL_E_RANGE, nothing changed, unless finite and not negative. */
FL_MUST_USE fl_status fl_heat_advance(fl_heat *heat, double s);

/* At a depth: straight lines between the middles of cells, bent at layer borders so that the same heat flows
 * on both sides; the surface and the bottom have their own. NaN outside. A cell is the resolution: a step in
 * absorption right after a pulse shows as a ramp between the two middles. */
fl_temperature fl_heat_temperature(const fl_heat *heat, fl_length depth);
fl_temperature fl_heat_cell(const fl_heat *heat, unsigned cell); /* its mean; FL_ASSERT that it exists */

typedef struct fl_heat_budget {
    double put_J_m2;            /* pulses, source and what the surface itself absorbed */
    double stored_J_m2;         /* more than at the start */
    double top_J_m2, deep_J_m2; /* gone through the ends; negative when it came in */
} fl_heat_budget;
fl_heat_budget fl_heat_budget_of(const fl_heat *heat); /* put = stored + top + deep */

#endif
