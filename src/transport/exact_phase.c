#include "exact_phase.h"

#include "fadeline/base/assert.h"

#include <gsl/gsl_blas.h>
#include <math.h>

static double dot(const double *a, const double *b, unsigned n)
{
    double sum = 0.0;
    for (unsigned i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Modified Gram-Schmidt, every row twice: twice is enough (Giraud et al. 2005). */
static void orthonormalise(double *rows, unsigned count, unsigned n)
{
    for (unsigned l = 0; l < count; l++) {
        double *row = rows + (size_t)l * n;
        for (unsigned pass = 0; pass < 2; pass++)
            for (unsigned k = 0; k < l; k++) {
                const double *lower = rows + (size_t)k * n;
                const double share = dot(row, lower, n);
                for (unsigned i = 0; i < n; i++) row[i] -= share * lower[i];
            }
        const double scale = 1.0 / sqrt(dot(row, row, n));
        for (unsigned i = 0; i < n; i++) row[i] *= scale;
    }
}

void exact_phase_init(exact_phase *phase, const double *mu, const double *weight)
{
    const unsigned n = phase->nodes;
    FL_ASSERT(phase->moments % 2 == 0 && phase->moments / 2 <= n);
    for (unsigned i = 0; i < n; i++) {
        double p = 1.0, before = 0.0;
        for (unsigned l = 0; l < phase->moments; l++) {
            double *rows = l % 2 ? phase->odd : phase->even;
            rows[(size_t)(l / 2) * n + i] = sqrt((2.0 * l + 1.0) * weight[i]) * p;
            const double next = ((2.0 * l + 1.0) * mu[i] * p - l * before) / (l + 1.0);
            before = p, p = next;
        }
    }
    orthonormalise(phase->even, phase->moments / 2, n);
    orthonormalise(phase->odd, phase->moments / 2, n);
}

double exact_phase_forward(double g, unsigned moments)
{
    return pow(g, moments); /* an even power: never negative */
}

void exact_phase_matrix(const exact_phase *phase, unsigned parity, const double *mu, double g, double albedo,
                        double *scratch, gsl_matrix *matrix)
{
    const unsigned n = phase->nodes, rows = phase->moments / 2;
    const double *moment = parity ? phase->odd : phase->even;
    const double forward = exact_phase_forward(g, phase->moments);
    const double sign = parity && g < 0.0 ? -1.0 : 1.0; /* chi of one parity have one sign */
    for (unsigned row = 0; row < rows; row++) {
        const double chi = (pow(g, 2.0 * row + parity) - forward) / (1.0 - forward);
        const double root = sqrt(fmax(sign * chi, 0.0) * albedo);
        for (unsigned i = 0; i < n; i++)
            scratch[(size_t)row * n + i] = root * moment[(size_t)row * n + n - 1 - i] / sqrt(mu[n - 1 - i]);
    }
    gsl_matrix_set_zero(matrix);
    for (unsigned i = 0; i < n; i++) gsl_matrix_set(matrix, i, i, 1.0 / mu[n - 1 - i]);
    const gsl_matrix_const_view scaled = gsl_matrix_const_view_array(scratch, rows, n);
    gsl_blas_dsyrk(CblasLower, CblasTrans, -sign, &scaled.matrix, 1.0, matrix);
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < i; j++) gsl_matrix_set(matrix, j, i, gsl_matrix_get(matrix, i, j));
}
