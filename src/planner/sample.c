#include "sample.h"

#include "draws.h"
#include "ink.h"

#include <math.h>
#include <stdlib.h>

/* Green light bursts vessels: purpura at 1-2-4 J/cm2 incident (nanosecond 532 nm, thresholds.csv, from
 * memory), read as 10/50/90 %. Nothing seen says that it binds a short pulse of 650 nm and longer. */
#define PURPURA_BELOW_NM 600.0
#define PURPURA_J_M2 2e4
#define PURPURA_LN_SIGMA 0.54

enum { DIMENSIONS = FL_SAMPLE_INPUTS, WHICH_SAMPLE = 3 };

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
        .top.m = fl_draw_lognormal(u[0], g->top.m, g->top_ln_sigma),
        .thickness.m = fl_draw_lognormal(u[1], g->thickness.m, g->thickness_ln_sigma),
        .mass.kg_m2 = fl_draw_lognormal(u[2], g->mass.kg_m2, g->mass_ln_sigma),
        .coverage = fmin(fl_draw_lognormal(u[3], g->coverage, g->coverage_ln_sigma), 1.0),
        .mac_deviate = fl_draw_normal(u[4], 0.0, 1.0),
        .particle = particle(u[5]),
        /* aggregates in skin 0.5-4 um (inks.csv): LN(1.41 um, 0.63) */
        .aggregate.m = fl_draw_lognormal(u[6], 1.41e-6, 0.63),
        /* what pigmented tissue as a whole takes up when it is seen to whiten: the basal layer's threshold
         * over the mean basal loading of 2.5, drawn for itself */
        .energy_density_J_m3 = FL_EPIDERMIS_SHARE / 2.5 * fl_draw_lognormal(u[7], 300e6, 0.35),
        /* strength 20-40-100 MPa and Grueneisen 0.2-0.5-1 as 10/50/90 %: LN(1, 0.63) each */
        .toughness = fl_draw_lognormal(u[8], 1.0, 0.89),
        .kappa_m2_s = fl_draw_lognormal(u[9], 1.3e-7, 0.12),
    };
}

static fl_status fill(const fl_planner_request *r, fl_draws *draws, fl_samples *s, fl_error *error)
{
    for (size_t i = 0; i < s->count; i++) {
        double *u = s->u + i * DIMENSIONS;
        fl_draws_next(draws, u);
        const fl_ink_draw ink = draw_ink(r->geometry, u);
        fl_ink_need need;
        const fl_status status = fl_ink_needs(r->ink, r->wavelength, r->pulse, &ink, &need);
        if (status != FL_OK)
            return fl_error_set(error, status, "ink '%s' is not tabulated at %g nm", r->ink->id,
                                fl_as_nm(r->wavelength));
        s->needs_J_m2[i] = need.local.J_m2;
        s->reach_m[i] = need.depth.m;
        s->top_m[i] = ink.top.m;
        s->bottom_m[i] = ink.top.m + ink.thickness.m;
        /* Melanosome threshold LN(300 J/cm3, 0.35); from whitening to dyspigmentation LN(1.5, 0.4). */
        s->bears_J_m3[i] = FL_EPIDERMIS_SHARE * fl_draw_lognormal(u[10], 300e6, 0.35) *
                           pulse_factor(r->pulse, u[11]) * fl_draw_lognormal(u[12], 1.5, 0.4);
        s->purpura_J_m2[i] = fl_as_nm(r->wavelength) < PURPURA_BELOW_NM
                                 ? fl_draw_lognormal(u[16], PURPURA_J_M2, PURPURA_LN_SIGMA)
                                 : INFINITY;
        /* Device: fluence N(0, 10 %), spot N(0, 5 %), hot spots U(1.0, 1.5) peak over mean; a beam whose
         * crest is known to be higher counts with it. */
        const double spot = fl_draw_normal(u[14], 1.0, 0.05);
        s->gain_ink[i] = fl_draw_normal(u[13], 1.0, 0.10) / (spot * spot);
        s->gain_skin[i] = s->gain_ink[i] * fmax(fl_draw_uniform(u[15], 1.0, 1.5), r->crest);
    }
    return FL_OK;
}

fl_status fl_samples_new(const fl_planner_request *r, fl_samples **samples, fl_error *error)
{
    fl_samples *s = calloc(1, sizeof *s);
    fl_draws *draws = fl_draws_new(DIMENSIONS, r->seed, WHICH_SAMPLE);
    fl_status status = FL_E_MEMORY;
    if (s) {
        s->repeats = FL_SAMPLE_REPEATS;
        s->count = (size_t)r->draws * r->variants * FL_SAMPLE_REPEATS;
        double *room = calloc((8 + DIMENSIONS) * s->count, sizeof *room);
        s->bears_J_m3 = room;
        if (room) {
            s->needs_J_m2 = room + s->count, s->reach_m = room + 2 * s->count,
            s->gain_skin = room + 3 * s->count;
            s->gain_ink = room + 4 * s->count, s->top_m = room + 5 * s->count,
            s->bottom_m = room + 6 * s->count;
            s->purpura_J_m2 = room + 7 * s->count, s->u = room + 8 * s->count;
        }
    }
    if (s && s->bears_J_m3 && draws)
        status = fill(r, draws, s, error);
    else
        fl_error_set(error, status, "no memory for the samples");
    fl_draws_free(draws);
    if (status != FL_OK) return fl_samples_free(s), status;
    *samples = s;
    return FL_OK;
}

void fl_samples_free(fl_samples *samples)
{
    if (!samples) return;
    free(samples->bears_J_m3);
    free(samples);
}

fl_status fl_cloud_new(size_t count, fl_cloud **cloud)
{
    fl_cloud *c = calloc(1, sizeof *c);
    double *room = calloc(4 * count, sizeof *room);
    if (!c || !room) return free(c), free(room), FL_E_MEMORY;
    *c = (fl_cloud){count, room, room + count, room + 2 * count, room + 3 * count};
    *cloud = c;
    return FL_OK;
}

void fl_cloud_free(fl_cloud *cloud)
{
    if (!cloud) return;
    free(cloud->bearable_J_m2);
    free(cloud);
}

/* At the upper face of a layer from its mean: attenuation inside by absorption alone (the mean of exp(-x)
 * over the layer is (1 - exp(-x)) / x). Without it a darker layer would seem to take up less, because its own
 * upper part shades the rest of the cell. */
static double face(double mean, double mua_per_m, double thickness_m)
{
    const double x = mua_per_m * thickness_m;
    return x < 1e-6 ? mean : mean * x / -expm1(-x);
}

double fl_epidermis_load(const fl_field_draw *draw, const fl_field_variant *v, const double *row)
{
    const double split_m = draw->edges[FL_FIELD_BASAL].m, end_m = draw->edges[FL_FIELD_DERMIS].m;
    const double upper = v->melanin_upper * face(row[FL_FIELD_UPPER], v->upper_per_m, split_m);
    const double basal = v->melanin_basal * face(row[FL_FIELD_BASAL], v->basal_per_m, end_m - split_m);
    return v->melanosome_per_m * fmax(upper, basal);
}

void fl_cloud_fill(fl_cloud *cloud, const fl_samples *samples, const fl_field *field, unsigned spot)
{
    size_t i = 0;
    for (unsigned d = 0; d < field->draws; d++)
        for (unsigned v = 0; v < field->variants; v++) {
            const double *row = fl_field_row(field, d, v, spot);
            const double load =
                fl_epidermis_load(&field->draw[d], &field->variant[d * field->variants + v], row);
            for (unsigned k = 0; k < samples->repeats; k++, i++) {
                const double ratio = fl_field_at(&field->draw[d], row, (fl_length){samples->reach_m[i]});
                cloud->ink_ratio[i] = ratio;
                cloud->basal_ratio[i] = row[FL_FIELD_BASAL];
                cloud->bearable_J_m2[i] =
                    fmin(samples->bears_J_m3[i] / load, samples->purpura_J_m2[i]) / samples->gain_skin[i];
                cloud->needed_J_m2[i] = samples->needs_J_m2[i] / (ratio * samples->gain_ink[i]);
            }
        }
}
