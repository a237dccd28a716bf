/* Sample: every way things may be, as two numbers each: the fluence it bears and the fluence it needs.
 *
 * Each skin of the field is met by several draws of what is not optics: thresholds, ink, device error. For
 * one spot the result is a cloud of (bearable, needed) pairs; the window is read off its quantiles.
 */
#ifndef FL_PLANNER_SAMPLE_H
#define FL_PLANNER_SAMPLE_H

#include "field.h"

/* The injury of the epidermis: the most loaded part of it, as a whole, takes up this share of the energy
 * density at which a lone melanosome bursts. Calibrated on whitening and on series without pigment change:
 * README. */
#define FL_EPIDERMIS_SHARE 0.60

enum {
    FL_SAMPLE_REPEATS = 32,
    FL_SAMPLE_INPUTS = 17
}; /* draws of thresholds per skin; what is drawn for each */

typedef struct fl_samples {
    size_t count; /* skins * FL_SAMPLE_REPEATS */
    unsigned repeats;
    /* independent of the spot, by sample */
    double *bears_J_m3;   /* energy density the epidermis bears, after everything but optics */
    double *purpura_J_m2; /* incident fluence at which vessels burst; INFINITY: not at this wavelength */
    double *needs_J_m2;   /* local fluence the ink needs */
    double *reach_m;      /* where */
    double *gain_skin;    /* delivered over set fluence at the hottest place, spot by mean */
    double *gain_ink;     /* delivered over set fluence, mean of the spot */
    double *top_m, *bottom_m;
    double *u; /* [count][FL_SAMPLE_INPUTS]: the coordinates each was drawn with */
} fl_samples;

FL_MUST_USE fl_status fl_samples_new(const fl_planner_request *request, fl_samples **samples,
                                     fl_error *error);
void fl_samples_free(fl_samples *samples);

typedef struct fl_cloud { /* of one spot; index as the samples */
    size_t count;
    double *bearable_J_m2, *needed_J_m2; /* incident */
    double *ink_ratio, *basal_ratio;
} fl_cloud;

FL_MUST_USE fl_status fl_cloud_new(size_t count, fl_cloud **cloud);
void fl_cloud_free(fl_cloud *cloud);
void fl_cloud_fill(fl_cloud *cloud, const fl_samples *samples, const fl_field *field, unsigned spot);

/* Highest energy density [J/m3] that melanin takes up anywhere in the epidermis per incident J/m2. */
double fl_epidermis_load(const fl_field_draw *draw, const fl_field_variant *variant, const double *row);

#endif
