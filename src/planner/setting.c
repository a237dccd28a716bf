#include "setting.h"

#include "sensitivity.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fluences people set have two decimals: down for what is permitted, up for what is needed. */
static fl_fluence down(fl_fluence f)
{
    return fl_J_cm2(floor(fl_as_J_cm2(f) * 100.0 + 1e-9) / 100.0);
}
static fl_fluence up(fl_fluence f)
{
    return fl_J_cm2(ceil(fl_as_J_cm2(f) * 100.0 - 1e-9) / 100.0);
}

static fl_fluence lower(fl_fluence a, fl_fluence b)
{
    return a.J_m2 < b.J_m2 ? a : b;
}

static size_t share_index(size_t count, double share)
{
    const double at = floor(share * (double)count + 1e-9);
    return at >= (double)count ? count - 1 : (size_t)at;
}

/* Largest fluence with at most this share of samples below it, so that injury has at most this probability.
 */
static double bears(const double *sorted, size_t count, double risk)
{
    return sorted[share_index(count, risk)];
}

/* Least fluence with at least this share of samples at or below it. */
static double needs(const double *sorted, size_t count, double chance)
{
    const size_t at = (size_t)ceil(chance * (double)count - 1e-9);
    return sorted[at ? at - 1 : 0];
}

static double share_below(const double *sorted, size_t count, double x, bool or_equal)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (sorted[mid] < x || (or_equal && sorted[mid] == x))
            low = mid + 1;
        else
            high = mid;
    }
    return (double)low / (double)count;
}

fl_status fl_band_of(const double *values, size_t count, fl_planner_band *band)
{
    double *sorted = malloc(count * sizeof *sorted);
    if (!sorted) return FL_E_MEMORY;
    memcpy(sorted, values, count * sizeof *sorted);
    gsl_sort(sorted, 1, count);
    *band = (fl_planner_band){sorted[share_index(count, 0.5)], sorted[share_index(count, 0.05)],
                              sorted[share_index(count, 0.95)]};
    free(sorted);
    return FL_OK;
}

/* Scatter of the probability between the walks: photons, scattering and sampling together. */
static double error_of(const double *values, size_t count, unsigned walks, double x)
{
    if (walks < 2) return NAN;
    const size_t each = count / walks;
    double sum = 0.0, squares = 0.0;
    for (unsigned d = 0; d < walks; d++) {
        size_t below = 0;
        for (size_t i = 0; i < each; i++) below += values[d * each + i] <= x;
        const double p = (double)below / (double)each;
        sum += p, squares += p * p;
    }
    const double mean = sum / walks;
    return sqrt(fmax(squares / walks - mean * mean, 0.0) / (walks - 1));
}

static fl_status find_target(const fl_study *study, fl_setting *s)
{
    const fl_planner_ink *ink = study->order.target;
    size_t target;
    fl_status status = fl_ink_target(ink, s->wavelength, &target, &s->target_share);
    if (status != FL_OK) return status;
    const char *id = ink->shares[target].pigment;
    snprintf(s->target, sizeof s->target, "%s", id);
    return fl_ink_colour(fl_pigment_find(id), s->wavelength, &s->target_colour);
}

static void choose_window(const fl_planner_request *r, fl_setting *s)
{
    const fl_planner_spot *spot = &r->spots[0];
    for (unsigned i = 0; i < r->spot_count; i++)
        if (r->spots[i].spot.m == s->spot.m) spot = &r->spots[i];
    const double less = fl_passes_fluence(s->passes); /* of the rules' numbers as of the skin's */
    const fl_fluence begin = {less * spot->begin.J_m2};
    s->limit = (fl_fluence){less * spot->limit.J_m2};
    s->limit_by = spot->limited_by;

    const fl_fluence bearable = lower(s->bearable, s->bearable_heat);
    const fl_fluence bearable_test = lower(s->bearable_test, s->bearable_heat);
    const bool physics = bearable.J_m2 < s->limit.J_m2;
    const fl_fluence high = down(lower(bearable, s->limit));
    const fl_fluence test_high = down(lower(bearable_test, s->limit));
    const fl_fluence least = up(s->needed), least_test = up(s->needed_test);
    if (s->target_colour < FL_INK_PALE || s->target_share <= 0.0) {
        s->window = FL_WINDOW_CLOSED;
        s->limited_by = FL_LIMIT_PHYSICS;
    } else if (high.J_m2 >= least.J_m2 && high.J_m2 > 0.0) {
        s->window = FL_WINDOW_OPEN;
        s->allowed = true;
        s->high = high;
        s->limited_by = physics ? FL_LIMIT_PHYSICS : spot->limited_by;
        s->start = begin.J_m2 > 0.0 && begin.J_m2 < high.J_m2 ? down(begin) : high;
        s->low = least.J_m2 < s->start.J_m2 ? least : s->start; /* rules may begin below the need */
        s->test_start = s->low;
        s->test_high = s->high;
    } else if (test_high.J_m2 >= least_test.J_m2 && test_high.J_m2 > 0.0) {
        s->window = FL_WINDOW_TEST_ONLY;
        s->test_start = least_test;
        s->test_high = test_high;
        s->limited_by = bearable_test.J_m2 < s->limit.J_m2 ? FL_LIMIT_PHYSICS : spot->limited_by;
        /* proven by a read: as far as it went, the rules begin and a test may go */
        fl_fluence most = lower(test_high, lower(spot->proven, begin.J_m2 > 0.0 ? begin : spot->proven));
        if (spot->proven.J_m2 >= least_test.J_m2 && (most = down(most)).J_m2 > 0.0)
            s->allowed = true, s->low = s->start = s->high = most;
    } else {
        s->window = FL_WINDOW_CLOSED;
        s->limited_by = physics ? FL_LIMIT_PHYSICS : spot->limited_by;
    }
    s->energy = fl_energy_of(s->start, s->spot);
}

/* The fluence a person would look at: the start, the top of the test window, or what was asked for. */
static fl_fluence looked_at(const fl_setting *s)
{
    if (s->allowed) return s->start;
    return s->window == FL_WINDOW_TEST_ONLY ? s->test_high : s->limit;
}

static void curves(fl_setting *s, const double *bearable, const double *needed, size_t count)
{
    for (int i = 0; i < FL_PLANNER_STEPS; i++) {
        const double p = gsl_cdf_ugaussian_P(-3.2 + 0.1 * i);
        s->injury_curve[i].J_m2 = bears(bearable, count, p);
        s->effect_curve[i].J_m2 = needs(needed, count, p);
    }
}

/* The margins at a fluence are a quotient of samples: their quantiles turn around for the need. */
static void margins(fl_setting *s, const double *bearable, const double *needed, size_t count, double at_J_m2)
{
    s->epidermis_margin =
        (fl_planner_band){bears(bearable, count, 0.5) / at_J_m2, bears(bearable, count, 0.05) / at_J_m2,
                          bears(bearable, count, 0.95) / at_J_m2};
    s->ink_margin =
        (fl_planner_band){at_J_m2 / needs(needed, count, 0.5), at_J_m2 / needs(needed, count, 0.95),
                          at_J_m2 / needs(needed, count, 0.05)};
}

static fl_status profile(const fl_field *field, unsigned spot, fl_setting *s)
{
    const size_t skins = (size_t)field->draws * field->variants;
    double *values = malloc(skins * sizeof *values);
    if (!values) return FL_E_MEMORY;
    fl_status status = FL_OK;
    s->profile_count = FL_PLANNER_DEPTHS;
    for (unsigned i = 0; status == FL_OK && i < s->profile_count; i++) {
        /* 10 um steps through the epidermis, then ever longer ones down to 2.5 mm */
        const double x = (double)i / (s->profile_count - 1);
        s->profile[i].depth.m = 2.5e-3 * (0.16 * x + 0.84 * x * x);
        for (unsigned d = 0; d < field->draws; d++)
            for (unsigned v = 0; v < field->variants; v++)
                values[d * field->variants + v] =
                    fl_field_at(&field->draw[d], fl_field_row(field, d, v, spot), s->profile[i].depth);
        status = fl_band_of(values, skins, &s->profile[i].ratio);
    }
    if (status == FL_OK) {
        fl_planner_band error;
        for (size_t k = 0; k < skins; k++) values[k] = field->basal_error[k * field->spots + spot];
        status = fl_band_of(values, skins, &error);
        s->photon_error = error.median;
    }
    free(values);
    return status;
}

/* Hair and plasma are no injury of the skin, and stand beside it. */
static fl_status beside(const fl_study *study, const fl_cloud *cloud, fl_setting *s, double at_J_m2)
{
    const size_t n = cloud->count;
    size_t burnt = 0, plasma = 0;
    for (size_t i = 0; i < n; i++) {
        burnt += cloud->burn_J_m2[i] < at_J_m2;
        plasma += cloud->plasma_J_m2[i] < at_J_m2;
    }
    s->burn_probability = (double)burnt / (double)n;
    s->plasma_probability = (double)plasma / (double)n;
    double *values = malloc(n * sizeof *values);
    if (!values) return FL_E_MEMORY;
    fl_status status = FL_OK;
    if (study->request->site->hair.bulb.m > 0.0) {
        for (size_t i = 0; i < n; i++) values[i] = cloud->shaft_J_m2[i] / at_J_m2;
        status = fl_band_of(values, n, &s->hair_shaft_margin);
        for (size_t i = 0; i < n; i++) values[i] = cloud->bulb_J_m2[i] / at_J_m2;
        if (status == FL_OK) status = fl_band_of(values, n, &s->hair_bulb_margin);
    }
    for (size_t i = 0; i < n; i++) {
        const fl_sample *sample = &study->samples[i];
        const fl_fluence around = {at_J_m2 * sample->gain_ink * cloud->ink_ratio[i]};
        const double left = 1.0 - fl_deposit_reached(study->shells, &sample->deposit, around);
        values[i] = s->target_share * (1.0 - pow(left, s->passes));
    }
    if (status == FL_OK) status = fl_band_of(values, n, &s->ink_reached);
    free(values);
    return status;
}

static void read_windows(const fl_study *study, const fl_cloud *cloud, const double *bearable,
                         const double *needed, fl_setting *s)
{
    const fl_planner_request *r = study->request;
    const size_t n = cloud->count;
    s->needed.J_m2 = needs(needed, n, r->effect_least);
    s->needed_test.J_m2 = needs(needed, n, r->effect_least_test);
    s->bearable.J_m2 = bears(bearable, n, r->accepted_risk);
    s->bearable_test.J_m2 = bears(bearable, n, r->accepted_test_risk);
    s->bearable_heat = fl_setting_heat_limit(study);
    choose_window(r, s);
    const fl_fluence at = looked_at(s);
    s->injury_probability = share_below(bearable, n, at.J_m2, false);
    s->effect_probability = share_below(needed, n, at.J_m2, true);
    s->injury_error = error_of(cloud->bearable_J_m2, n, r->draws, at.J_m2);
    s->effect_error = error_of(cloud->needed_J_m2, n, r->draws, at.J_m2);
    margins(s, bearable, needed, n, at.J_m2);
    curves(s, bearable, needed, n);
}

fl_status fl_setting_make(const fl_study *study, const fl_cloud *cloud, unsigned spot, int passes,
                          fl_setting *s, fl_error *error)
{
    const fl_planner_request *r = study->request;
    const size_t n = cloud->count;
    *s = (fl_setting){
        .wavelength = r->wavelength, .pulse = r->pulse, .spot = r->spots[spot].spot, .passes = passes};
    if (find_target(study, s) != FL_OK)
        return fl_error_set(error, FL_E_RANGE, "ink '%s' is not tabulated at %g nm", study->order.target->id,
                            fl_as_nm(r->wavelength));
    double *bearable = malloc(2 * n * sizeof *bearable), *needed = bearable + n;
    if (!bearable) return FL_E_MEMORY;
    memcpy(bearable, cloud->bearable_J_m2, n * sizeof *bearable);
    memcpy(needed, cloud->needed_J_m2, n * sizeof *needed);
    gsl_sort(bearable, 1, n);
    gsl_sort(needed, 1, n);
    read_windows(study, cloud, bearable, needed, s);
    free(bearable);

    /* A session raises the start by a tenth, twice at most (clinical reference, R-END-2). */
    const fl_fluence raised = lower(s->high, (fl_fluence){1.21 * s->start.J_m2});
    s->rate = fl_setting_rate(study, s->window == FL_WINDOW_TEST_ONLY && !s->allowed ? s->test_high : raised,
                              &s->warming);
    fl_status status = fl_band_of(cloud->ink_ratio, n, &s->fluence_at_ink_ratio);
    if (status == FL_OK) status = fl_band_of(cloud->basal_ratio, n, &s->fluence_at_basal_ratio);
    if (status == FL_OK) status = profile(study->field, spot, s);
    if (status == FL_OK) status = beside(study, cloud, s, looked_at(s).J_m2);
    if (status == FL_OK) status = fl_sensitivity_of(study, cloud, s);
    if (status == FL_OK) fl_setting_explain(study, s);
    return status;
}

fl_status fl_anatomy_make(const fl_study *study, fl_planner_anatomy *anatomy)
{
    const fl_skins *skins = study->field->skins;
    double values[4][64];
    fl_planner_band *bands[4] = {&anatomy->epidermis_mm, &anatomy->dermis_mm, &anatomy->ink_top_mm,
                                 &anatomy->ink_bottom_mm};
    for (unsigned d = 0; d < skins->draws; d++) {
        const fl_skin_draw *draw = &skins->draw[d];
        values[0][d] = fl_as_mm(draw->epidermis);
        values[1][d] = fl_as_mm(draw->dermis);
        values[2][d] = fl_as_mm(draw->ink_top);
        values[3][d] = fl_as_mm(draw->ink_top) + fl_as_mm(draw->ink_thickness);
    }
    fl_status status = FL_OK;
    for (int i = 0; status == FL_OK && i < 4; i++) status = fl_band_of(values[i], skins->draws, bands[i]);
    return status;
}

/* Probability on a rising curve of fluences at deviates -3.2, -3.1 ... 3.2. */
static double read_curve(const fl_fluence *curve, fl_fluence fluence)
{
    if (!(fluence.J_m2 > curve[0].J_m2)) return gsl_cdf_ugaussian_P(-3.2);
    for (int i = 1; i < FL_PLANNER_STEPS; i++) {
        if (fluence.J_m2 > curve[i].J_m2) continue;
        const double a = log(curve[i - 1].J_m2), b = log(curve[i].J_m2);
        const double x = b > a ? (log(fluence.J_m2) - a) / (b - a) : 1.0;
        return gsl_cdf_ugaussian_P(-3.2 + 0.1 * (i - 1 + x));
    }
    return gsl_cdf_ugaussian_P(3.2);
}

double fl_setting_injury_at(const fl_setting *setting, fl_fluence fluence)
{
    return read_curve(setting->injury_curve, fluence);
}

double fl_setting_effect_at(const fl_setting *setting, fl_fluence fluence)
{
    return read_curve(setting->effect_curve, fluence);
}
