#include "sample.h"

#include "draws.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

/* Green light bursts vessels: purpura at 1-2-4 J/cm2 incident (nanosecond 532 nm, thresholds.csv, from
 * memory), read as 10/50/90 %. Nothing seen says that it binds a short pulse of 650 nm and longer. */
#define PURPURA_BELOW_NM 600.0
#define PURPURA_J_M2 2e4
#define PURPURA_LN_SIGMA 0.54

/* Breakdown seeded by hot melanin: 0.5-1.5-5 x 10^10 W/cm2 local, 10/50/90 % (thresholds.csv, trend seen,
 * number from memory). */
#define PLASMA_W_M2 1.5e14
#define PLASMA_LN_SIGMA 0.90

/* Scar takes less energy: 10-20 % lower (clinical reference, section 7). */
#define SCAR_BEARS 0.85
#define SLOWEST_HZ 1.0

enum { WHICH_SAMPLE = 3 };

double fl_passes_fluence(int passes)
{
    return passes <= 1 ? 1.0 : passes == 2 ? 0.5 : 0.25;
}

/* A picosecond pulse needs less of a melanosome: factor U(0.5, 1.0) on the nanosecond threshold for 300-750
 * ps (no number was seen for skin). Between 1 and 5 ns it goes over into 1; longer pulses are the reference.
 */
static double pulse_factor(fl_pulse_length pulse, double u)
{
    const double picosecond = fl_draw_uniform(u, 0.5, 1.0);
    const double x = log(pulse.s / 1e-9) / log(5.0);
    return picosecond + (1.0 - picosecond) * fmin(fmax(x, 0.0), 1.0);
}

/* 0.6 LN(120 nm, 0.5) + 0.4 LN(1000 nm, 0.6): the coordinate says which, and where in it. */
static fl_length particle(double u)
{
    const double single = 0.6;
    const double nm = u < single ? fl_draw_lognormal(u / single, 120.0, 0.5)
                                 : fl_draw_lognormal((u - single) / (1.0 - single), 1000.0, 0.6);
    return (fl_length){nm * 1e-9};
}

static fl_ink_draw draw_ink(const fl_planner_geometry *g, const double *u)
{
    return (fl_ink_draw){
        .mass.kg_m2 = fl_draw_lognormal(u[0], g->mass.kg_m2, g->mass_ln_sigma),
        .coverage = fmin(fl_draw_lognormal(u[1], g->coverage, g->coverage_ln_sigma), 1.0),
        .dot.m = g->form == FL_FORM_DOTS ? fl_draw_lognormal(u[2], g->dot.m, g->dot_ln_sigma) : 0.0,
        .mac_deviate = fl_draw_normal(u[3], 0.0, 1.0),
        .particle = particle(u[4]),
        /* aggregates in skin 0.5-4 um (inks.csv): LN(1.41 um, 0.63) */
        .aggregate.m = fl_draw_lognormal(u[5], 1.41e-6, 0.63),
        .breaks = fl_draw_lognormal(u[6], 1.0, 0.35), /* as much as a melanosome's threshold strays */
        /* strength 20-40-100 MPa and Grueneisen 0.2-0.5-1 as 10/50/90 %: LN(1, 0.63) each */
        .toughness = fl_draw_lognormal(u[7], 1.0, 0.89),
        .kappa_m2_s = fl_draw_lognormal(u[8], 1.3e-7, 0.12),
    };
}

static void draw_skin(const fl_planner_request *r, const double *u, fl_sample *s)
{
    /* Melanosome threshold LN(300 J/cm3, 0.35); from whitening to dyspigmentation LN(1.5, 0.4). */
    s->bursts_J_m3 = fl_draw_lognormal(u[9], 300e6, 0.35) * pulse_factor(r->pulse, u[10]);
    s->bears_J_m3 = FL_EPIDERMIS_SHARE * s->bursts_J_m3 * fl_draw_lognormal(u[11], 1.5, 0.4);
    /* Device: fluence N(0, 10 %), spot N(0, 5 %), hot spots U(1.0, 1.5) peak over mean; a beam whose
     * crest is known to be higher counts with it. */
    const double spot = fl_draw_normal(u[13], 1.0, 0.05);
    s->gain_ink = fl_draw_normal(u[12], 1.0, 0.10) / (spot * spot);
    s->gain_skin = s->gain_ink * fmax(fl_draw_uniform(u[14], 1.0, 1.5), r->crest);
    s->purpura_J_m2 = fl_as_nm(r->wavelength) < PURPURA_BELOW_NM
                          ? fl_draw_lognormal(u[15], PURPURA_J_M2, PURPURA_LN_SIGMA)
                          : INFINITY;
    s->plasma_J_m2 = fl_draw_lognormal(u[16], PLASMA_W_M2, PLASMA_LN_SIGMA) * r->pulse.s;
    const fl_planner_hair *hair = &r->site->hair;
    s->bulb.m = hair->bulb.m > 0.0 ? fl_draw_lognormal(u[17], hair->bulb.m, hair->ln_sigma) : 0.0;
}

static fl_status fill(const fl_planner_request *r, fl_draws *draws, fl_study *study, fl_error *error)
{
    for (size_t i = 0; i < study->count; i++) {
        double *u = study->u + i * FL_SAMPLE_INPUTS;
        fl_sample *s = &study->samples[i];
        fl_draws_next(draws, u);
        draw_skin(r, u, s);
        const fl_ink_draw ink = draw_ink(r->geometry, u);
        const size_t draw = i / FL_SAMPLE_REPEATS / r->variants;
        const double share = 1.0 - study->order.above_share;
        const fl_length depth = {study->field->skins->draw[draw].ink_thickness.m * share};
        const fl_status status = fl_deposit_of(r, &study->order, &ink, depth, &s->deposit);
        if (status != FL_OK)
            return fl_error_set(error, status, "ink '%s' is not tabulated at %g nm", study->order.target->id,
                                fl_as_nm(r->wavelength));
    }
    return FL_OK;
}

static fl_status make(const fl_planner_request *r, fl_study *s, fl_error *error)
{
    s->kernels = calloc(r->draws, sizeof *s->kernels);
    s->curves = calloc(s->skins, sizeof *s->curves);
    s->burn_J_m2 = calloc(s->skins, sizeof *s->burn_J_m2);
    s->samples = calloc(s->count, sizeof *s->samples);
    s->u = calloc(s->count * FL_SAMPLE_INPUTS, sizeof *s->u);
    s->shells = fl_shells_new();
    fl_draws *draws = fl_draws_new(FL_SAMPLE_INPUTS, r->seed, WHICH_SAMPLE);
    fl_status status = FL_E_MEMORY;
    if (s->kernels && s->curves && s->burn_J_m2 && s->samples && s->u && s->shells && draws)
        status = fl_field_new(r, &s->order, &s->field, error);
    else
        fl_error_set(error, status, "no memory for the samples");
    if (status == FL_OK) status = fill(r, draws, s, error);
    if (status == FL_OK) status = fl_warming_kernels(r, s->field, s->kernels, error);
    fl_draws_free(draws);
    return status;
}

fl_status fl_study_new(const fl_planner_request *r, fl_study **study, fl_error *error)
{
    fl_study *s = calloc(1, sizeof *s);
    if (!s) return fl_error_set(error, FL_E_MEMORY, "no memory for the samples");
    *s = (fl_study){.request = r, .skins = (size_t)r->draws * r->variants};
    s->count = s->skins * FL_SAMPLE_REPEATS;
    fl_status status = fl_deposit_order_of(r, &s->order);
    if (status != FL_OK)
        fl_error_set(error, status, "ink '%s' is not tabulated at %g nm", r->cover->id,
                     fl_as_nm(r->wavelength));
    else
        status = make(r, s, error);
    if (status != FL_OK) return fl_study_free(s), status;
    *study = s;
    return FL_OK;
}

void fl_study_free(fl_study *study)
{
    if (!study) return;
    fl_field_free(study->field);
    fl_shells_free(study->shells);
    free(study->kernels);
    free(study->curves);
    free(study->burn_J_m2);
    free(study->samples);
    free(study->u);
    free(study);
}

/* ---- clouds ---- */

enum { LISTS = 8 };

fl_status fl_cloud_new(size_t count, fl_cloud **cloud)
{
    fl_cloud *c = calloc(1, sizeof *c);
    double *room = calloc(LISTS * count, sizeof *room);
    if (!c || !room) return free(c), free(room), FL_E_MEMORY;
    double **lists[LISTS] = {&c->bearable_J_m2, &c->needed_J_m2, &c->burn_J_m2, &c->plasma_J_m2,
                             &c->shaft_J_m2,    &c->bulb_J_m2,   &c->ink_ratio, &c->basal_ratio};
    c->count = count;
    for (int i = 0; i < LISTS; i++) *lists[i] = room + i * count;
    *cloud = c;
    return FL_OK;
}

void fl_cloud_free(fl_cloud *cloud)
{
    if (!cloud) return;
    free(cloud->bearable_J_m2);
    free(cloud);
}

/* Nobody knows which set is right for a scalp: each skin has one of the four, in turn. */
static const fl_damage_set *set_of(size_t skin)
{
    static const fl_damage_name names[] = {FL_DAMAGE_HENRIQUES, FL_DAMAGE_WEAVER_STOLL, FL_DAMAGE_TAKATA,
                                           FL_DAMAGE_MEHTA_WONG_EPIDERMIS};
    return fl_damage_set_of(names[skin % 4]);
}

static void warm(fl_study *study, unsigned spot)
{
    const fl_field *f = study->field;
    const fl_rate slow = {fmin(SLOWEST_HZ, study->request->rate_max.Hz)};
    for (size_t k = 0; k < study->skins; k++) {
        const unsigned d = (unsigned)(k / f->variants), v = (unsigned)(k % f->variants);
        study->curves[k] = fl_warming_curve_of(f, &study->kernels[d], d, v, spot);
        study->burn_J_m2[k] = fl_warming_burn(&study->curves[k], slow, 1, set_of(k)).J_m2;
    }
}

void fl_cloud_fill(fl_cloud *cloud, fl_study *study, unsigned spot, int passes)
{
    const fl_field *f = study->field;
    const double less = fl_passes_fluence(passes) * (study->request->scar ? SCAR_BEARS : 1.0);
    size_t i = 0;
    warm(study, spot);
    for (size_t k = 0; k < study->skins; k++) {
        const unsigned d = (unsigned)(k / f->variants), v = (unsigned)(k % f->variants);
        const double *row = fl_field_row(f, d, v, spot);
        const double load = fl_epidermis_load(f, d, v, spot);
        const double melanosome = f->skins->variant[k].melanosome_per_m;
        for (unsigned n = 0; n < FL_SAMPLE_REPEATS; n++, i++) {
            const fl_sample *s = &study->samples[i];
            const double around = fl_field_around(f, d, v, spot, s->deposit.mean_depth);
            const double bulb = s->bulb.m > 0.0 ? fl_field_at(&f->draw[d], row, s->bulb) : 0.0;
            cloud->ink_ratio[i] = around;
            cloud->basal_ratio[i] = row[FL_FIELD_BASAL];
            cloud->burn_J_m2[i] = less * study->burn_J_m2[k] / s->gain_skin;
            cloud->bearable_J_m2[i] =
                fmin(less * fmin(s->bears_J_m3 / load, s->purpura_J_m2) / s->gain_skin, cloud->burn_J_m2[i]);
            cloud->needed_J_m2[i] = fl_deposit_needs(study->shells, &s->deposit, FL_INK_REACH / passes).J_m2 /
                                    (around * s->gain_ink);
            cloud->plasma_J_m2[i] = s->plasma_J_m2 / (row[FL_FIELD_BASAL] * s->gain_skin);
            cloud->shaft_J_m2[i] = s->bursts_J_m3 / (melanosome * row[FL_FIELD_DERMIS] * s->gain_skin);
            cloud->bulb_J_m2[i] = bulb > 0.0 ? s->bursts_J_m3 / (melanosome * bulb * s->gain_skin) : INFINITY;
        }
    }
}

/* ---- trains ---- */

/* The crest of the whole beam is hotter for as long as heat stays; hot spots in it flatten within a second.
 */
double fl_study_left_K(const fl_study *study, fl_rate rate)
{
    double left[64 * 64];
    for (size_t k = 0; k < study->skins; k++)
        left[k] = study->request->crest * fl_warming_left(&study->curves[k], rate, FL_PULSES_IN_PLACE);
    gsl_sort(left, 1, study->skins);
    return left[(size_t)(0.95 * (double)study->skins)];
}

double fl_study_burnt(const fl_study *study, fl_rate rate, fl_fluence set)
{
    /* as the samples: hot spots of 1.25 on average, or the crest; a scar bears less */
    const double gain = fmax(1.25, study->request->crest) / (study->request->scar ? SCAR_BEARS : 1.0);
    const fl_fluence fluence = {gain * set.J_m2};
    size_t burnt = 0;
    for (size_t k = 0; k < study->skins; k++) {
        if (study->burn_J_m2[k] > FL_PULSES_IN_PLACE * fluence.J_m2)
            continue; /* far from it: heat adds at most so */
        burnt += fl_warming_burn(&study->curves[k], rate, FL_PULSES_IN_PLACE, set_of(k)).J_m2 <= fluence.J_m2;
    }
    return (double)burnt / (double)study->skins;
}
