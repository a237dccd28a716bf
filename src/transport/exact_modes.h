/* Modes: the general solution of the transport equation in one layer.
 *
 * With tau the optical depth below the layer's top, S the sum and Q the difference (net flux) of the light
 * going down and up, all in flux-symmetric units (sqrt(weight) * radiance / n^2, the same on both sides of an
 * index step), scattering leaves two coupled systems
 *
 *     dS/dtau = -X Q,   dQ/dtau = -Y S,      X, Y symmetric and positive definite
 *
 * (Nakajima & Tanaka 1986; Stamnes et al. 1988). A mode is S = v f(tau), Q = u F(tau) with v = X u, X Y v =
 * k^2 v:
 *
 *     from the top       f = exp(-k tau)         F = k exp(-k tau)
 *     from the bottom    f = exp(-k (T - tau))   F = -k exp(-k (T - tau))
 *
 * No factor ever exceeds 1, in a layer of any thickness T. Where k T is small the two become one, and their
 * even and odd combinations take over, with x = tau - T/2 and everything over cosh(k T / 2):
 *
 *     even   f = cosh(k x)       F = -k sinh(k x)
 *     odd    f = sinh(k x) / k   F = -cosh(k x)
 *
 * These have a limit at k = 0, so an albedo of 1 needs no special case. Where nothing scatters each node is a
 * mode of its own, with k = 1 / mu.
 */
#ifndef FL_TRANSPORT_EXACT_MODES_H
#define FL_TRANSPORT_EXACT_MODES_H

#include "exact_angles.h"
#include "exact_phase.h"

#include <stdbool.h>

/* Fluence in one layer, all that is kept of a solution. */
typedef struct exact_profile {
    unsigned modes;
    bool turbid;
    double top_m, bottom_m, mua_per_m, mut_per_m; /* mut without the light scattered straight on */
    double tau;                                   /* T of the whole layer, to the same measure */
    double *k;                                    /* one per mode */
    double *first, *second;                       /* amplitudes of the two solutions, in units of fluence */
} exact_profile;

/* f and F of both solutions of a mode at one depth. */
typedef struct exact_mode {
    double f1, f2, F1, F2;
} exact_mode;

exact_mode exact_mode_top(const exact_profile *profile, unsigned mode);
exact_mode exact_mode_bottom(const exact_profile *profile, unsigned mode);

/* Mean fluence from one depth below the layer's top to another; to a point when they are the same. */
double exact_profile_mean(const exact_profile *profile, double from_m, double to_m);

/* What it takes to find modes: n^2 doubles each, and the phase functions of the layer before, to be used
 * again where the index is the same. */
typedef struct exact_scratch {
    double *matrix[4];
    double *vector[4]; /* n doubles each */
    double *mu, *root; /* cosines and square roots of the weights, of the layer at hand */
    exact_phase phase;
    double phase_n2; /* 0: none yet */
} exact_scratch;

/* One layer while it is being solved. */
typedef struct exact_layer {
    exact_profile *profile;
    unsigned place, nodes;
    double albedo, g;
    double *fluence;     /* of a mode with amplitude 1 */
    gsl_matrix v, u;     /* columns are modes */
    gsl_matrix second;   /* amplitudes of the second solutions = this times those of the first */
    gsl_matrix lu;       /* light that enters at the top = this times the amplitudes of the first */
    size_t *permutation; /* of lu */
} exact_layer;

/* Fills k, v, u and fluence. */
void exact_modes_find(exact_layer *layer, const exact_angles *angles, exact_scratch *scratch);

#endif
