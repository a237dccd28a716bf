/* Correction: what the card in the photo says about camera and light, or why it cannot be trusted.
 *
 * Each patch is read in its inner half (median of each channel), the light is balanced on the grey steps, and
 * a 3x3 matrix from balanced light to XYZ is fitted to all patches, weighted so that an error counts about as
 * the eye counts it. Light that grows evenly across the card, and one exponent for a camera that adds
 * contrast, are found in the same fit and taken out. The card then judges itself: every patch is predicted by
 * a fit that never saw it, and those errors are the uncertainty of everything measured later.
 *
 *     fl_correction c;
 *     fl_colour_reasons reasons = {.count = 0};
 *     fl_status status = fl_correct(photo, card, &corners, &c, &reasons);
 *     // FL_OK; FL_E_NO: refused, see reasons; FL_E_RANGE: the corners do not go round a card inside the
 * photo fl_lab lab = fl_lab_of_xyz(fl_corrected(&c, fl_photo_at(photo, x, y), (fl_point){x, y}), FL_D65);
 *
 * The limits are our own, not a standard's: see src/colour/README.md.
 */
#ifndef FL_COLOUR_CORRECTION_H
#define FL_COLOUR_CORRECTION_H

#include "fadeline/colour/card.h"
#include "fadeline/colour/photo.h"

#define FL_COLOUR_RESIDUAL_MEAN_MAX 4.0 /* CIEDE2000 over the patches */
#define FL_COLOUR_RESIDUAL_MAX 8.0      /* of the worst patch */
#define FL_COLOUR_PATCH_SPREAD_MAX 6.0  /* L* between the 10th and the 90th of 100 pixels of a patch */
#define FL_COLOUR_LIGHT_RATIO_MAX 1.30  /* brightest over darkest place of the card */
#define FL_COLOUR_CLIPPED_MAX 0.05      /* share of a patch or region */
#define FL_COLOUR_WHITE_LEAST 0.15      /* light of the lightest grey step: 2.6 stops below full */
#define FL_COLOUR_PATCH_PIXELS_LEAST 60 /* in the inner half */

/* ---- refusals: an answer, not an error ---- */

typedef struct fl_colour_reason {
    const char *code; /* for `fadeline explain CODE` */
    char what[260];
    const char *why, *change;
} fl_colour_reason;

#define FL_COLOUR_REASONS_MAX 12

typedef struct fl_colour_reasons {
    fl_colour_reason list[FL_COLOUR_REASONS_MAX];
    size_t count;
} fl_colour_reasons;

/* The code must stand in the list that fl_colour_code walks. What finds no room is left out: twelve are
 * enough. */
void fl_colour_say(fl_colour_reasons *reasons, const char *code, const char *format, ...) FL_PRINTF(3, 4);
/* The n-th code that can be said, NULL past the last: for the pages that explain them. */
const char *fl_colour_code(size_t n);

/* ---- the card in the photo ---- */

typedef struct fl_patch_reading {
    fl_point at;   /* centre in the photo */
    size_t pixels; /* in the inner half */
    fl_rgb light;  /* medians, as in the photo */
    double clipped, spread_L_star;
    fl_lab known, lab; /* from the card file; measured */
    fl_lab left_out;   /* measured with a fit that never saw this patch */
    double delta_e_2000, left_out_delta_e_2000;
} fl_patch_reading;

typedef struct fl_correction {
    fl_plane plane;
    double tone; /* exponent that undoes the camera's contrast; 1: the codes are light as the file says */
    fl_rgb gain; /* white balance: times each channel */
    double matrix[3][3];     /* balanced light to XYZ under D65 */
    fl_point centre;         /* of the card: the light there is 1 */
    double slope_x, slope_y; /* logarithm of the light a pixel */
    double light_ratio;      /* brightest over darkest place of the card */
    fl_patch_reading patch[FL_CARD_PATCHES_MOST];
    size_t patches;
    double residual_mean, residual_max, left_out_rms; /* CIEDE2000 */
    size_t worst;
    bool is_fitted;
} fl_correction;

FL_MUST_USE fl_status fl_correct(const fl_photo *photo, const fl_card *card, const fl_quad *corners,
                                 fl_correction *correction, fl_colour_reasons *reasons);

/* Light at a place of the photo, relative to the card's centre, as the card's patches say. */
double fl_correction_light(const fl_correction *correction, fl_point at);
/* A pixel's light as XYZ under D65, tone and the light of its place taken out. */
fl_xyz fl_corrected(const fl_correction *correction, fl_rgb light, fl_point at);

#endif
