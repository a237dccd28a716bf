/* Sample: every way things may be, as two numbers each: the fluence it bears and the fluence it needs.
 *
 * Each skin of the field is met by several draws of what is not optics: thresholds, ink, device error. For
 * one spot the result is a cloud of (bearable, needed) pairs; the window is read off its quantiles.
 */
#ifndef FL_PLANNER_SAMPLE_H
#define FL_PLANNER_SAMPLE_H

#include "warming.h"

/* The injury of the epidermis: the most loaded part of it, as a whole, takes up this share of the energy
 * density at which a lone melanosome bursts. Calibrated on whitening and on series without pigment change:
 * README. */
#define FL_EPIDERMIS_SHARE 0.60
/* Share of the ink that one pass has to reach. Calibrated: README. */
#define FL_INK_REACH 0.20
/* A hand that stands still for three pulses is noticed by the third; the fourth must not fall on hot skin. */
#define FL_PULSES_IN_PLACE 3
/* Fluence of one of several passes in a day over that of a single one (users reference, Q: 50-75 % lower). */
double fl_passes_fluence(int passes);

enum {
    FL_SAMPLE_REPEATS = 32, /* draws of thresholds per skin */
    FL_SAMPLE_INPUTS = 18   /* what is drawn for each */
};

typedef struct fl_sample { /* independent of the spot */
    double bears_J_m3;     /* energy density the epidermis bears, after everything but optics */
    double bursts_J_m3;    /* energy density at which a lone melanosome bursts under this pulse: hair */
    double purpura_J_m2;   /* incident fluence at which vessels burst; INFINITY: not at this wavelength */
    double plasma_J_m2;    /* local fluence at which melanin seeds a plasma */
    double gain_skin;      /* delivered over set fluence at the hottest place, spot by mean */
    double gain_ink;       /* delivered over set fluence, mean of the spot */
    fl_length bulb;        /* depth of a hair bulb; 0: no hair */
    fl_deposit deposit;
} fl_sample;

/* All that one call of the planner works on. */
typedef struct fl_study {
    const fl_planner_request *request;
    fl_deposit_order order;
    fl_field *field;
    fl_shells *shells;
    fl_warming_kernel *kernels; /* [draw] */
    fl_warming_curve *curves;   /* [skin] of the spot at hand */
    double *burn_J_m2;          /* [skin] of the spot at hand: one pulse */
    fl_sample *samples;         /* [skin][repeat] */
    double *u;                  /* [sample][FL_SAMPLE_INPUTS]: the coordinates each was drawn with */
    size_t skins, count;        /* samples = skins * FL_SAMPLE_REPEATS */
} fl_study;

FL_MUST_USE fl_status fl_study_new(const fl_planner_request *request, fl_study **study, fl_error *error);
void fl_study_free(fl_study *study);

typedef struct fl_cloud { /* of one spot; index as the samples */
    size_t count;
    double *bearable_J_m2, *needed_J_m2;                      /* incident */
    double *burn_J_m2, *plasma_J_m2, *shaft_J_m2, *bulb_J_m2; /* incident: what each alone bears */
    double *ink_ratio, *basal_ratio;
} fl_cloud;

FL_MUST_USE fl_status fl_cloud_new(size_t count, fl_cloud **cloud);
void fl_cloud_free(fl_cloud *cloud);
/* Of one spot, and so many passes in a day. */
void fl_cloud_fill(fl_cloud *cloud, fl_study *study, unsigned spot, int passes);

/* 95th percentile, over the skins of the spot at hand, of what is left in the epidermis at the beam's crest
 * when the next pulse falls on the same place, per J/m2. */
double fl_study_left_K(const fl_study *study, fl_rate rate);
/* Share of the skins that a train at this rate and fluence burns. */
double fl_study_burnt(const fl_study *study, fl_rate rate, fl_fluence fluence);

#endif
