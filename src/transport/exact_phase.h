/* Phase: scattering between the nodes of one layer, in moments that conserve energy to rounding.
 *
 * Henyey-Greenstein is the series of (2l + 1) g^l P_l P_l. The first `moments` terms are kept; the peak that
 * they cannot hold, a fraction f = g^moments, is light that goes straight on and counts as not scattered at
 * all (delta-M, Wiscombe 1977).
 *
 * Up and down together need one half of the directions only: even moments drive the net flux, odd ones the
 * fluence. Each moment becomes a vector over the nodes, sqrt((2l + 1) W) P_l, and these are made orthonormal
 * from l = 0 up. Where the quadrature is exact that changes nothing. Where it is not, energy (l = 0),
 * asymmetry (l = 1) and all that follows are still conserved, and 1 - (what scatters) is positive definite
 * with eigenvalues 1 - a chi_l: the eigenproblem cannot fail.
 */
#ifndef FL_TRANSPORT_EXACT_PHASE_H
#define FL_TRANSPORT_EXACT_PHASE_H

#include <gsl/gsl_matrix.h>

typedef struct exact_phase {
    unsigned nodes, moments;
    double *even, *odd; /* moments / 2 rows of so many nodes; room for nodes^2 is enough */
} exact_phase;

/* For the cosines mu and the weights of an integral over mu from 0 to 1. */
void exact_phase_init(exact_phase *phase, const double *mu, const double *weight);

/* Largest part of the phase function that goes straight on. */
double exact_phase_forward(double g, unsigned moments);

/* M^-1/2 (1 - albedo * sum of chi_l v_l v_l^T) M^-1/2 over moments of parity 0 (even) or 1, chi of the scaled
 * phase function. Nodes in reverse: the largest elements come first, see exact_modes.c. `scratch` as large as
 * phase->even. */
void exact_phase_matrix(const exact_phase *phase, unsigned parity, const double *mu, double g, double albedo,
                        double *scratch, gsl_matrix *matrix);

#endif
