#include "exact_stack.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

/* Optical depth that even clear air has: where light is caught between two totally reflecting faces, 0 = 0
 * has an answer then. No light gets there. */
#define CLEAR_TAU 1e-13

static gsl_matrix square(double *data, unsigned n)
{
    return gsl_matrix_view_array(data, n, n).matrix;
}

/* matrix^-1 rows, from LU = P matrix. Unlike gsl_linalg_LU_svx this never calls the error handler: a singular
 * matrix gives infinities, and fl_exact_new finds them. */
static void solve(const gsl_matrix *lu, const size_t *permutation, const gsl_matrix *rows, gsl_matrix *answer)
{
    const size_t n = lu->size1;
    for (size_t i = 0; i < n; i++)
        memcpy(gsl_matrix_ptr(answer, i, 0), gsl_matrix_const_ptr(rows, permutation[i], 0),
               rows->size2 * sizeof(double));
    gsl_blas_dtrsm(CblasLeft, CblasLower, CblasNoTrans, CblasUnit, 1.0, lu, answer);
    gsl_blas_dtrsm(CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, 1.0, lu, answer);
}

static void decompose(gsl_matrix *matrix, size_t *permutation)
{
    int sign;
    gsl_permutation order = {.size = matrix->size1, .data = permutation};
    gsl_linalg_LU_decomp(matrix, &order, &sign);
}

/* Single streams: down to the bottom, back as R says, and up again. S and Q at the top for unit amplitudes.
 */
static void climb_clear(exact_layer *layer, exact_scratch *scratch, const gsl_matrix *reflection,
                        gsl_matrix *s, gsl_matrix *q)
{
    double *fade = scratch->vector[1];
    for (unsigned i = 0; i < layer->nodes; i++)
        fade[i] = exp(-fmax(layer->profile->tau, CLEAR_TAU) * layer->profile->k[i]);
    for (unsigned i = 0; i < layer->nodes; i++)
        for (unsigned j = 0; j < layer->nodes; j++) {
            const double back = gsl_matrix_get(reflection, i, j) * fade[j], same = i == j ? 1.0 : 0.0;
            gsl_matrix_set(&layer->second, i, j, back);
            gsl_matrix_set(s, i, j, same + fade[i] * back);
            gsl_matrix_set(q, i, j, same - fade[i] * back);
        }
}

/* Nothing of the first solutions reaches the bottom: a half-space. */
static bool is_endless(const exact_profile *profile)
{
    for (unsigned j = 0; j < profile->modes; j++)
        if (exact_mode_bottom(profile, j).f1 > 0.0) return false;
    return true;
}

/* Up = R down at the bottom, with down and up (S +- Q) / 2, gives (V - R V) f - (U + R U) F = 0 for the two
 * solutions together: the second from the first. */
static void find_second(exact_layer *layer, exact_scratch *scratch, const gsl_matrix *reflection)
{
    const unsigned n = layer->nodes;
    gsl_matrix p = square(scratch->matrix[0], n), q = square(scratch->matrix[1], n);
    gsl_matrix right = square(scratch->matrix[2], n);
    gsl_matrix_memcpy(&p, &layer->v);
    gsl_matrix_memcpy(&q, &layer->u);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, -1.0, reflection, &layer->v, 1.0, &p);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, reflection, &layer->u, 1.0, &q);
    for (unsigned j = 0; j < n; j++) {
        const exact_mode end = exact_mode_bottom(layer->profile, j);
        for (unsigned i = 0; i < n; i++) {
            const double v = gsl_matrix_get(&p, i, j), u = gsl_matrix_get(&q, i, j);
            gsl_matrix_set(&p, i, j, v * end.f2 - u * end.F2);
            gsl_matrix_set(&right, i, j, u * end.F1 - v * end.f1);
        }
    }
    decompose(&p, layer->permutation);
    solve(&p, layer->permutation, &right, &layer->second);
}

/* S = V (f1 + f2 B) and Q = U (F1 + F2 B) at the top, B the second solutions from the first. */
static void climb_turbid(exact_layer *layer, exact_scratch *scratch, const gsl_matrix *reflection,
                         gsl_matrix *s, gsl_matrix *q)
{
    const unsigned n = layer->nodes;
    const bool endless = is_endless(layer->profile);
    if (endless)
        gsl_matrix_set_zero(&layer->second);
    else
        find_second(layer, scratch, reflection);
    gsl_matrix f = square(scratch->matrix[0], n), F = square(scratch->matrix[1], n);
    for (unsigned i = 0; i < n; i++) {
        const exact_mode top = exact_mode_top(layer->profile, i);
        for (unsigned j = 0; j < n; j++) {
            const double second = gsl_matrix_get(&layer->second, i, j), same = i == j ? 1.0 : 0.0;
            gsl_matrix_set(&f, i, j, top.f1 * same + top.f2 * second);
            gsl_matrix_set(&F, i, j, top.F1 * same + top.F2 * second);
        }
    }
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &layer->v, &f, 0.0, s);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &layer->u, &F, 0.0, q);
}

void exact_stack_climb(exact_layer *layer, const exact_angles *angles, exact_scratch *scratch,
                       gsl_matrix *reflection)
{
    const unsigned n = layer->nodes, above = angles->in[layer->place - 1];
    gsl_matrix s = square(scratch->matrix[2], n), q = square(scratch->matrix[3], n);
    if (layer->profile->turbid)
        climb_turbid(layer, scratch, reflection, &s, &q);
    else
        climb_clear(layer, scratch, reflection, &s, &q);

    /* What enters, t (down above) = down - r up, and what leaves, t up, with down and up (S +- Q) / 2. Where
     * a node ends at this step r is 1, and the row says Q = 0. */
    double *step = scratch->vector[0];
    exact_angles_fresnel(angles, layer->place - 1, step, n > above ? n : above);
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < n; j++) {
            const double sum = gsl_matrix_get(&s, i, j), flux = gsl_matrix_get(&q, i, j);
            gsl_matrix_set(&layer->lu, i, j, 0.5 * ((1.0 - step[i]) * sum + (1.0 + step[i]) * flux));
            gsl_matrix_set(&s, i, j, 0.5 * (1.0 - step[i]) * (sum - flux));
        }
    decompose(&layer->lu, layer->permutation);
    if (layer->place == 1) return; /* only one beam comes from outside */

    /* R = r + t up (down - r up)^-1 t */
    gsl_blas_dtrsm(CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, 1.0, &layer->lu, &s);
    gsl_blas_dtrsm(CblasRight, CblasLower, CblasNoTrans, CblasUnit, 1.0, &layer->lu, &s);
    *reflection = square(reflection->data, above);
    gsl_matrix_set_zero(reflection);
    for (unsigned j = 0; j < n; j++) {
        const size_t column = layer->permutation[j];
        for (unsigned i = 0; i < n && i < above && column < above; i++)
            gsl_matrix_set(reflection, i, column, gsl_matrix_get(&s, i, j) * (1.0 - step[column]));
    }
    for (unsigned i = 0; i < above; i++) *gsl_matrix_ptr(reflection, i, i) += step[i];
}

/* Light at one end of the layer: (S + sign Q) / 2. */
static void light_at(const exact_layer *layer, exact_scratch *scratch,
                     exact_mode (*end)(const exact_profile *, unsigned), double sign, double *light)
{
    const unsigned n = layer->nodes;
    const exact_profile *profile = layer->profile;
    double *f = scratch->vector[2], *F = scratch->vector[3];
    for (unsigned j = 0; j < n; j++) {
        const exact_mode mode = end(profile, j);
        f[j] = mode.f1 * profile->first[j] + mode.f2 * profile->second[j];
        F[j] = mode.F1 * profile->first[j] + mode.F2 * profile->second[j];
    }
    const gsl_vector_const_view sum = gsl_vector_const_view_array(f, n);
    const gsl_vector_const_view flux = gsl_vector_const_view_array(F, n);
    gsl_vector_view to = gsl_vector_view_array(light, n);
    gsl_blas_dgemv(CblasNoTrans, 0.5, &layer->v, &sum.vector, 0.0, &to.vector);
    gsl_blas_dgemv(CblasNoTrans, 0.5 * sign, &layer->u, &flux.vector, 1.0, &to.vector);
}

static void find_amplitudes(exact_layer *layer, const double *entering)
{
    const gsl_matrix_const_view right = gsl_matrix_const_view_array(entering, layer->nodes, 1);
    gsl_matrix_view first = gsl_matrix_view_array(layer->profile->first, layer->nodes, 1);
    gsl_matrix_view second = gsl_matrix_view_array(layer->profile->second, layer->nodes, 1);
    solve(&layer->lu, layer->permutation, &right.matrix, &first.matrix);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &layer->second, &first.matrix, 0.0, &second.matrix);
}

void exact_stack_descend(exact_layer *layer, const exact_angles *angles, exact_scratch *scratch, double *down,
                         double *up)
{
    const unsigned n = layer->nodes, above = angles->in[layer->place - 1];
    const exact_profile *profile = layer->profile;
    double *step = scratch->vector[0], *entering = scratch->vector[1],
           *leaving = scratch->root; /* room only */
    exact_angles_fresnel(angles, layer->place - 1, step, n > above ? n : above);
    for (unsigned i = 0; i < n; i++) entering[i] = i < above ? (1.0 - step[i]) * down[i] : 0.0;
    find_amplitudes(layer, entering);

    for (unsigned i = 0; i < above; i++) up[i] = step[i] * down[i];
    if (profile->turbid) {
        light_at(layer, scratch, exact_mode_top, -1.0, leaving);
        light_at(layer, scratch, exact_mode_bottom, 1.0, down);
    } else
        for (unsigned i = 0; i < n; i++) {
            const double fade = exp(-profile->tau * profile->k[i]);
            leaving[i] = fade * profile->second[i];
            down[i] = fade * profile->first[i];
        }
    for (unsigned i = 0; i < n && i < above; i++) up[i] += (1.0 - step[i]) * leaving[i];
    for (unsigned j = 0; j < n; j++) {
        profile->first[j] *= layer->fluence[j];
        profile->second[j] *= layer->fluence[j];
    }
}
