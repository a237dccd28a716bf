#include "deposit.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

#define COVER_SHARE 0.5 /* of the inked depth: no section of a covered brow was found (estimate) */

fl_status fl_deposit_order_of(const fl_planner_request *r, fl_deposit_order *order)
{
    *order = (fl_deposit_order){.target = r->ink};
    if (!r->cover) return FL_OK;
    size_t target;
    double share, colour = 0.0;
    fl_status status = fl_ink_target(r->cover, r->wavelength, &target, &share);
    if (status == FL_OK)
        status = fl_ink_colour(fl_pigment_find(r->cover->shares[target].pigment), r->wavelength, &colour);
    if (status != FL_OK) return status;
    order->cover_first = share > 0.0 && colour >= FL_INK_PALE;
    if (order->cover_first)
        order->target = r->cover;
    else
        order->above = r->cover, order->above_share = COVER_SHARE;
    return FL_OK;
}

double fl_deposit_mean_field(double inside_per_m, fl_length chord, double coverage)
{
    const double through =
        fmin(coverage, 1.0) * expm1(-inside_per_m * chord.m); /* 1 + this passes a layer of L */
    return fmin(-log1p(through) / chord.m, inside_per_m);
}

fl_length fl_deposit_chord(const fl_planner_geometry *g, fl_length dot, fl_length thickness)
{
    const double h = thickness.m, d = dot.m;
    return (fl_length){g->form == FL_FORM_DOTS ? d * h / (h + 0.5 * d) : 2.0 * h};
}

/* How fast light falls inside the ink: by absorption where it does not scatter, as diffuse light does where
 * it scatters more than it absorbs. White in a shade hides the colour behind it. */
static double falls_per_m(double mua_per_m, double musp_per_m)
{
    return sqrt(mua_per_m * (mua_per_m + 3.0 * musp_per_m));
}

fl_status fl_deposit_of(const fl_planner_request *r, const fl_deposit_order *order, const fl_ink_draw *draw,
                        fl_length thickness, fl_deposit *deposit)
{
    size_t target;
    double share, mac_m2_kg, own_m2_kg, scatters_m2_kg;
    fl_status status = fl_ink_target(order->target, r->wavelength, &target, &share);
    if (status != FL_OK) return status;
    const fl_pigment *pigment = fl_pigment_find(order->target->shares[target].pigment);
    status = fl_ink_mixture(order->target, r->wavelength, draw, &mac_m2_kg);
    if (status == FL_OK) status = fl_ink_clumped(pigment, r->wavelength, draw, &own_m2_kg);
    if (status == FL_OK) status = fl_ink_scattering(order->target, r->wavelength, &scatters_m2_kg);
    if (status != FL_OK) return status;
    const fl_length chord = fl_deposit_chord(r->geometry, draw->dot, thickness);
    const bool dots = r->geometry->form == FL_FORM_DOTS;
    const double dense = draw->mass.kg_m2 / draw->coverage / thickness.m; /* kg/m3 inside */
    const double falls = falls_per_m(mac_m2_kg * dense, scatters_m2_kg * dense);
    *deposit = (fl_deposit){
        .dots = dots,
        .inside_per_m = mac_m2_kg * dense,
        .mean_depth = fl_deposit_mean_field(mac_m2_kg * dense, chord, draw->coverage) * thickness.m,
        .across =
            falls * (dots ? 0.75 * chord.m : thickness.m), /* a sphere's mean chord is 4/3 of its radius */
        .alone.J_m2 = draw->breaks * fl_ink_breaks_J_kg(pigment) / own_m2_kg *
                      fl_ink_pulse_factor(r->pulse, draw, fl_ink_is_carbon(pigment)),
    };
    return FL_OK;
}

/* ---- inside a dot ---- */

enum { X_STEPS = 49, SHARE_STEPS = 41, NODES = 32 };
#define LN_X_LEAST (-5.0) /* optical radius 0.007 ... */
#define LN_X_STEP 0.25    /* ... to 1100 */

struct fl_shells {
    double ln_w[X_STEPS]
               [SHARE_STEPS]; /* by ln x; by share of the volume, outer first, in steps of its cube root */
};

static double inside(const gsl_integration_glfixed_table *table, double x, double rho)
{
    double sum = 0.0;
    for (size_t i = 0; i < 2 * NODES; i++) { /* near the surface there is a bend at mu 0 */
        double mu, weight;
        gsl_integration_glfixed_point(i < NODES ? -1.0 : 0.0, i < NODES ? 0.0 : 1.0, i % NODES, &mu, &weight,
                                      table);
        /* the way out of the sphere along mu */
        const double way = sqrt(fmax(1.0 - rho * rho * (1.0 - mu * mu), 0.0)) - rho * mu;
        sum += 0.5 * weight * exp(-x * way);
    }
    return sum;
}

double fl_shells_exact(double x, double rho)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(NODES);
    const double found = table ? inside(table, x, rho) : NAN;
    gsl_integration_glfixed_table_free(table);
    return found;
}

/* Share 0 is the surface. Even steps in s = 1 - rho keep the thin outer shells apart. */
static double rho_of(unsigned step)
{
    const double s = (double)step / (SHARE_STEPS - 1);
    return 1.0 - s * s;
}

fl_shells *fl_shells_new(void)
{
    fl_shells *shells = calloc(1, sizeof *shells);
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(NODES);
    if (!shells || !table) return free(shells), gsl_integration_glfixed_table_free(table), NULL;
    for (unsigned i = 0; i < X_STEPS; i++)
        for (unsigned k = 0; k < SHARE_STEPS; k++)
            shells->ln_w[i][k] = log(inside(table, exp(LN_X_LEAST + LN_X_STEP * i), rho_of(k)) + 1e-300);
    gsl_integration_glfixed_table_free(table);
    return shells;
}

void fl_shells_free(fl_shells *shells)
{
    free(shells);
}

/* ln of fluence inside over around at step `at` of a column that lies between two rows of the table. */
static double column(const fl_shells *shells, double x, double at)
{
    const double row = fmin(fmax((log(x) - LN_X_LEAST) / LN_X_STEP, 0.0), X_STEPS - 1.0);
    const unsigned i = (unsigned)fmin(row, X_STEPS - 2.0), k = (unsigned)fmin(at, SHARE_STEPS - 2.0);
    const double a = row - i, b = at - k;
    return (1.0 - a) * ((1.0 - b) * shells->ln_w[i][k] + b * shells->ln_w[i][k + 1]) +
           a * ((1.0 - b) * shells->ln_w[i + 1][k] + b * shells->ln_w[i + 1][k + 1]);
}

static double step_of_share(double share)
{
    const double rho = cbrt(1.0 - fmin(fmax(share, 0.0), 1.0));
    return sqrt(1.0 - rho) * (SHARE_STEPS - 1);
}

fl_fluence fl_deposit_needs(const fl_shells *shells, const fl_deposit *d, double share)
{
    const double ln_w = d->dots ? column(shells, d->across, step_of_share(share)) : -share * d->across;
    return (fl_fluence){d->alone.J_m2 * exp(-ln_w)};
}

double fl_deposit_reached(const fl_shells *shells, const fl_deposit *d, fl_fluence around)
{
    const double ln_least = log(d->alone.J_m2 / around.J_m2); /* inside over around must not fall below */
    if (!(around.J_m2 > 0.0)) return 0.0;
    if (!d->dots) return fmin(fmax(-ln_least / d->across, 0.0), 1.0);
    double before = column(shells, d->across, 0.0);
    if (before < ln_least) return 0.0;
    for (unsigned k = 1; k < SHARE_STEPS; k++) {
        const double here = column(shells, d->across, k);
        if (here < ln_least) {
            const double at = (k - 1 + (before - ln_least) / (before - here)) / (SHARE_STEPS - 1);
            return 1.0 - pow(1.0 - at * at, 3.0);
        }
        before = here;
    }
    return 1.0;
}
