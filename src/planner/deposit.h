/* Deposit: how ink lies in skin, what it does to the light around it, and how far a pulse reaches into it.
 *
 * Ink shades ink. Seen from outside, the inked depth is a mean field: light between the dots, dimmed by all
 * of them. Inside a dot it falls from the surface inwards, along every straight line, as exp(-mua s): dots
 * are smaller than the free path of light in skin, so light comes from all sides (optics reference, section
 * 7). A filled tattoo is a layer, lit from above.
 *
 *     mean field  mua_mf = -ln(1 - c (1 - exp(-mua L))) / L     L = 4 V / S, the mean chord (Cauchy 1850)
 *     in a dot    H/H_mf = 1/2 integral over mu of exp(-mua l(r, mu))     a sphere of the same mean chord
 *     in a layer  H/H_top = exp(-mua z)
 *
 * The mean field is exact where it must be: thin ink counts fully, sparse black dots take their own shadow
 * and no more, and ink everywhere is a layer (it is the law of vessels of Svaasand and of Verkruysse, closed
 * at full coverage).
 *
 * What a pulse reaches is the share of ink where the light is enough: the outer shell of a dot, the top of a
 * layer.
 */
#ifndef FL_PLANNER_DEPOSIT_H
#define FL_PLANNER_DEPOSIT_H

#include "ink.h"

/* Which ink of the request is treated at its wavelength, and what lies over it. A covering layer is the
 * target until nothing in it absorbs; then what lies below is, through it. */
typedef struct fl_deposit_order {
    const fl_planner_ink *target;
    const fl_planner_ink *above; /* NULL: nothing */
    double above_share;          /* of the inked depth that lies over the target */
    bool cover_first;            /* the target is the cover: what lies below is for a later session */
} fl_deposit_order;
FL_MUST_USE fl_status fl_deposit_order_of(const fl_planner_request *request, fl_deposit_order *order);

/* Mean field of inclusions with absorption (or reduced scattering) inside, per metre. */
double fl_deposit_mean_field(double inside_per_m, fl_length chord, double coverage);
/* 4 V / S of the geometry's inclusions: cylinders of a dot's width and the inked depth, or the layer itself.
 */
fl_length fl_deposit_chord(const fl_planner_geometry *geometry, fl_length dot, fl_length thickness);

typedef struct fl_deposit {
    bool dots;
    double inside_per_m; /* absorption of the ink itself */
    double mean_depth;   /* optical depth of the mean field, over the inked depth */
    double across;       /* optical radius of a dot; optical thickness of a layer */
    fl_fluence alone;    /* local fluence that ink needs which nothing shades */
} fl_deposit;
FL_MUST_USE fl_status fl_deposit_of(const fl_planner_request *request, const fl_deposit_order *order,
                                    const fl_ink_draw *draw, fl_length thickness, fl_deposit *deposit);

/* Shells: fluence inside a dot over that around it, at the depth that encloses a share of the ink; computed
 * once, as the integral has no closed form. */
typedef struct fl_shells fl_shells;
fl_shells *fl_shells_new(void); /* NULL without memory */
void fl_shells_free(fl_shells *shells);
/* Straight from the integral: sphere of optical radius x, at radius rho of it (0-1). */
double fl_shells_exact(double x, double rho);

/* Fluence around the deposit at which the outer `share` of the ink gets enough; rises with the share. */
fl_fluence fl_deposit_needs(const fl_shells *shells, const fl_deposit *deposit, double share);
/* The share that gets enough when `around` is the fluence around it: 0-1. */
double fl_deposit_reached(const fl_shells *shells, const fl_deposit *deposit, fl_fluence around);

#endif
