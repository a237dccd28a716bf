#include "fit.h"

#include "fadeline/base/assert.h"

#include <gsl/gsl_multifit.h>
#include <math.h>

#define ROUNDS 12 /* the light's slope is found to 1e-4 in half of these (tests/colour/test_card.c) */

static double toned(double light, double tone)
{
    return copysign(pow(fabs(light), tone), light);
}

fl_rgb colour_fit_even(const fl_correction *c, fl_rgb light, fl_point at)
{
    const double here = fl_correction_light(c, at);
    return (fl_rgb){toned(light.r, c->tone) / here, toned(light.g, c->tone) / here,
                    toned(light.b, c->tone) / here};
}

static fl_rgb even(const fl_correction *c, const fl_patch_reading *patch)
{
    return colour_fit_even(c, patch->light, patch->at);
}

/* ln Y has slope 1/3 in L*: an error of a dark patch counts as much more as the eye counts it. */
static double weight_of(double luminance)
{
    return pow(fmax(luminance, 0.01), -4.0 / 3.0);
}

#define UNKNOWNS_MOST 4

/* Weighted least squares; rows[i][j] belongs to unknown j. */
static void solve(size_t count, size_t unknowns, double rows[][UNKNOWNS_MOST], const double *target,
                  const double *weight, double *answer)
{
    gsl_matrix *x = gsl_matrix_alloc(count, unknowns), *covariance = gsl_matrix_alloc(unknowns, unknowns);
    gsl_vector *c = gsl_vector_alloc(unknowns);
    gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(count, unknowns);
    double chi_squared;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < unknowns; j++) gsl_matrix_set(x, i, j, rows[i][j]);
    gsl_vector_const_view w = gsl_vector_const_view_array(weight, count),
                          y = gsl_vector_const_view_array(target, count);
    FL_ASSERT(gsl_multifit_wlinear(x, &w.vector, &y.vector, c, covariance, &chi_squared, work) == 0);
    for (size_t j = 0; j < unknowns; j++) answer[j] = gsl_vector_get(c, j);
    gsl_multifit_linear_free(work);
    gsl_vector_free(c);
    gsl_matrix_free(covariance);
    gsl_matrix_free(x);
}

static fl_rgb balance(const fl_correction *c, const size_t *greys, size_t count, size_t without)
{
    double top[3] = {0}, bottom[3] = {0};
    for (size_t i = 0; i < count; i++) {
        if (greys[i] == without) continue;
        const fl_patch_reading *patch = &c->patch[greys[i]];
        const fl_xyz xyz = fl_xyz_of_lab(patch->known, FL_D65);
        const fl_rgb want = fl_rgb_of_xyz(xyz), got = even(c, patch);
        const double w = weight_of(xyz.Y);
        top[0] += w * want.r * got.r, bottom[0] += w * got.r * got.r;
        top[1] += w * want.g * got.g, bottom[1] += w * got.g * got.g;
        top[2] += w * want.b * got.b, bottom[2] += w * got.b * got.b;
    }
    return (fl_rgb){top[0] / bottom[0], top[1] / bottom[1], top[2] / bottom[2]};
}

void colour_fit_patches(const fl_correction *c, const size_t *greys, size_t grey_count, size_t without,
                        colour_fit *fit)
{
    double rows[FL_CARD_PATCHES_MOST][UNKNOWNS_MOST], weight[FL_CARD_PATCHES_MOST],
        target[3][FL_CARD_PATCHES_MOST];
    size_t count = 0;
    fit->gain = balance(c, greys, grey_count, without);
    for (size_t i = 0; i < c->patches; i++) {
        if (i == without) continue;
        const fl_rgb light = even(c, &c->patch[i]);
        const fl_xyz known = fl_xyz_of_lab(c->patch[i].known, FL_D65);
        rows[count][0] = fit->gain.r * light.r;
        rows[count][1] = fit->gain.g * light.g;
        rows[count][2] = fit->gain.b * light.b;
        target[0][count] = known.X;
        target[1][count] = known.Y;
        target[2][count] = known.Z;
        weight[count++] = weight_of(known.Y);
    }
    for (int axis = 0; axis < 3; axis++) solve(count, 3, rows, target[axis], weight, fit->matrix[axis]);
}

fl_xyz colour_fit_xyz(const colour_fit *fit, fl_rgb light)
{
    const double r = fit->gain.r * light.r, g = fit->gain.g * light.g, b = fit->gain.b * light.b;
    const double(*m)[3] = fit->matrix;
    return (fl_xyz){m[0][0] * r + m[0][1] * g + m[0][2] * b, m[1][0] * r + m[1][1] * g + m[1][2] * b,
                    m[2][0] * r + m[2][1] * g + m[2][2] * b};
}

/* What is left of each patch's luminance, in the logarithm: a plane over the photo is uneven light, a slope
 * over the patches' own luminance is the camera's tone. Without the second a contrasty camera looks like a
 * lamp at one side, wherever light patches happen to stand. Bright patches say it better: their noise and
 * stray light are a smaller share. */
static void fit_light_and_tone(fl_correction *c, const colour_fit *fit)
{
    double rows[FL_CARD_PATCHES_MOST][UNKNOWNS_MOST], weight[FL_CARD_PATCHES_MOST],
        target[FL_CARD_PATCHES_MOST], answer[4];
    for (size_t i = 0; i < c->patches; i++) {
        const fl_patch_reading *patch = &c->patch[i];
        const double known = fl_xyz_of_lab(patch->known, FL_D65).Y;
        const double got = colour_fit_xyz(fit, even(c, patch)).Y;
        rows[i][0] = 1.0;
        rows[i][1] = patch->at.x - c->centre.x;
        rows[i][2] = patch->at.y - c->centre.y;
        rows[i][3] = log(fmax(known, 1e-4));
        target[i] = log(fmax(got, 1e-4) / fmax(known, 1e-4));
        weight[i] = fmax(known, 0.01);
    }
    solve(c->patches, 4, rows, target, weight, answer);
    c->tone = fmin(2.0, fmax(0.5, c->tone / (1.0 + answer[3])));
    c->slope_x += answer[1];
    c->slope_y += answer[2];
}

void colour_fit_all(fl_correction *c, const size_t *greys, size_t grey_count)
{
    colour_fit fit;
    c->slope_x = c->slope_y = 0.0;
    c->tone = 1.0;
    for (int round = 0; round < ROUNDS; round++) {
        colour_fit_patches(c, greys, grey_count, FL_CARD_PATCHES_MOST, &fit);
        fit_light_and_tone(c, &fit);
    }
    colour_fit_patches(c, greys, grey_count, FL_CARD_PATCHES_MOST, &fit);
    c->gain = fit.gain;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) c->matrix[i][j] = fit.matrix[i][j];
}
