/* Eigenvalues from below 1e-3 to above 1e4 come out of one matrix, and rounding is a fraction of the largest.
 * Two things keep the smallest, which rule the deep tissue, exact: the matrix is graded, grazing nodes with
 * their large 1/mu first, as Householder's reduction likes it; and where energy tells k, energy is believed.
 * Without the first, energy balances to 1e-9 only; with it to 1e-12.
 */
#include "exact_modes.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

#define PI 3.14159265358979323846

/* k T below which a pair of exponentials is too nearly one. */
#define THIN 0.5

/* k^2 below which it is taken from energy. Only slow modes have one sign everywhere. */
#define SLOW 0.1

/* Streams in a clear layer are told apart by where they come from, however thin it is. */
static bool is_thin(const exact_profile *profile, double k)
{
    return profile->turbid && k * profile->tau < THIN;
}

exact_mode exact_mode_top(const exact_profile *profile, unsigned mode)
{
    const double k = profile->k[mode], depth = k * profile->tau, half = 0.5 * depth;
    if (is_thin(profile, k)) {
        const double odd = k > 0.0 ? tanh(half) / k : 0.5 * profile->tau;
        return (exact_mode){.f1 = 1.0, .f2 = -odd, .F1 = k * tanh(half), .F2 = -1.0};
    }
    return (exact_mode){.f1 = 1.0, .f2 = exp(-depth), .F1 = k, .F2 = -k * exp(-depth)};
}

exact_mode exact_mode_bottom(const exact_profile *profile, unsigned mode)
{
    /* The layer upside down: sums stay, fluxes turn round, and the solutions change places or signs. */
    const exact_mode top = exact_mode_top(profile, mode);
    if (is_thin(profile, profile->k[mode])) return (exact_mode){top.f1, -top.f2, -top.F1, top.F2};
    return (exact_mode){.f1 = top.f2, .f2 = top.f1, .F1 = -top.F2, .F2 = -top.F1};
}

/* Mean of the mode's part of the fluence over optical depths. */
static double mode_mean(const exact_profile *profile, unsigned mode, double from, double to)
{
    const double k = profile->k[mode], T = profile->tau, width = k * (to - from);
    const double first = profile->first[mode], second = profile->second[mode];
    if (is_thin(profile, k)) {
        const double x = 0.5 * (from + to) - 0.5 * T;
        const double smooth = width > 0.0 ? sinh(0.5 * width) / (0.5 * width) : 1.0;
        const double odd = k > 0.0 ? sinh(k * x) / k : x;
        return smooth * (first * cosh(k * x) + second * odd) / cosh(0.5 * k * T);
    }
    const double smooth = width > 0.0 ? -expm1(-width) / width : 1.0;
    return smooth * (first * exp(-k * from) + second * exp(-k * (T - to)));
}

double exact_profile_mean(const exact_profile *profile, double from_m, double to_m)
{
    double sum = 0.0;
    for (unsigned i = 0; i < profile->modes; i++)
        sum += mode_mean(profile, i, from_m * profile->mut_per_m, to_m * profile->mut_per_m);
    return sum;
}

static void clear_modes(exact_layer *layer, const exact_scratch *scratch)
{
    for (unsigned i = 0; i < layer->nodes; i++) {
        layer->profile->k[i] = 1.0 / scratch->mu[i];
        layer->fluence[i] = PI * scratch->root[i] / scratch->mu[i];
    }
}

/* The phase functions depend on the index alone, and most skins have one. */
static void prepare_phase(const exact_layer *layer, const exact_angles *angles, exact_scratch *scratch)
{
    const double n2 = angles->n2[layer->place];
    if (scratch->phase_n2 == n2) return;
    double *weight = scratch->vector[0];
    for (unsigned i = 0; i < layer->nodes; i++) /* d mu = ds / (2 n^2 mu) */
        weight[i] = angles->weight[i] / (2.0 * n2 * scratch->mu[i]);
    scratch->phase.nodes = layer->nodes;
    scratch->phase.moments = angles->moments;
    exact_phase_init(&scratch->phase, scratch->mu, weight);
    scratch->phase_n2 = n2;
}

static void flip_rows(gsl_matrix *matrix)
{
    for (size_t i = 0; i < matrix->size1 / 2; i++) gsl_matrix_swap_rows(matrix, i, matrix->size1 - 1 - i);
}

/* Net flux falls by what is absorbed, mode by mode: k^2 (flux of u) = (1 - albedo) (fluence of v). */
static void weigh_modes(exact_layer *layer, const exact_scratch *scratch)
{
    for (unsigned j = 0; j < layer->nodes; j++) {
        double fluence = 0.0, flux = 0.0;
        for (unsigned i = 0; i < layer->nodes; i++) {
            fluence += scratch->root[i] / scratch->mu[i] * gsl_matrix_get(&layer->v, i, j);
            flux += scratch->root[i] * gsl_matrix_get(&layer->u, i, j);
        }
        double k2 = layer->profile->k[j];
        if (k2 < SLOW) k2 = (1.0 - layer->albedo) * fluence / flux;
        layer->profile->k[j] = sqrt(fmax(k2, 0.0));
        layer->fluence[j] = PI * fluence;
    }
}

void exact_modes_find(exact_layer *layer, const exact_angles *angles, exact_scratch *scratch)
{
    const unsigned n = layer->nodes;
    exact_angles_cosines(angles, layer->place, scratch->mu);
    for (unsigned i = 0; i < n; i++) scratch->root[i] = sqrt(angles->weight[i]);
    if (!layer->profile->turbid) {
        clear_modes(layer, scratch);
        return;
    }
    prepare_phase(layer, angles, scratch);
    gsl_matrix x = gsl_matrix_view_array(scratch->matrix[0], n, n).matrix;
    gsl_matrix y = gsl_matrix_view_array(scratch->matrix[1], n, n).matrix;
    gsl_matrix z = gsl_matrix_view_array(scratch->matrix[2], n, n).matrix;
    const exact_phase *phase = &scratch->phase;
    exact_phase_matrix(phase, 1, scratch->mu, layer->g, layer->albedo, scratch->matrix[3], &x);
    exact_phase_matrix(phase, 0, scratch->mu, layer->g, layer->albedo, scratch->matrix[3], &y);

    /* X = L L^T; L^T Y L z = k^2 z; v = L z, u = L^-T z. Of the two ways round, this one stays regular when Y
     * does not: at albedo 1. Cholesky cannot fail, X is positive definite by construction. */
    gsl_linalg_cholesky_decomp1(&x);
    gsl_blas_dtrmm(CblasLeft, CblasLower, CblasTrans, CblasNonUnit, 1.0, &x, &y);
    gsl_blas_dtrmm(CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, 1.0, &x, &y);
    gsl_vector k2 = gsl_vector_view_array(layer->profile->k, n).vector;
    gsl_eigen_symmv_workspace space = {.size = n,
                                       .d = scratch->vector[0],
                                       .sd = scratch->vector[1],
                                       .gc = scratch->vector[2],
                                       .gs = scratch->vector[3]};
    gsl_eigen_symmv(&y, &k2, &z, &space);
    gsl_matrix_memcpy(&layer->v, &z);
    gsl_blas_dtrmm(CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, 1.0, &x, &layer->v);
    flip_rows(&layer->v);
    gsl_matrix_memcpy(&layer->u, &z);
    gsl_blas_dtrsm(CblasLeft, CblasLower, CblasTrans, CblasNonUnit, 1.0, &x, &layer->u);
    flip_rows(&layer->u);
    weigh_modes(layer, scratch);
}
