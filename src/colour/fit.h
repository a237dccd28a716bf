/* Least squares of balance, matrix, tone and light over a card's patches; no pixels. */
#ifndef FL_COLOUR_FIT_H
#define FL_COLOUR_FIT_H

#include "fadeline/colour/correction.h"

typedef struct colour_fit {
    fl_rgb gain;
    double matrix[3][3];
} colour_fit;

/* A channel's light with the camera's tone and the light of the place taken out. */
fl_rgb colour_fit_even(const fl_correction *correction, fl_rgb light, fl_point at);
/* Balance from the greys, then the matrix from every patch but `without` (FL_CARD_PATCHES_MOST: none), after
 * tone and light were taken out. Greys are indices into correction's patches. */
void colour_fit_patches(const fl_correction *correction, const size_t *greys, size_t grey_count,
                        size_t without, colour_fit *fit);
fl_xyz colour_fit_xyz(const colour_fit *fit, fl_rgb even_light);
/* Tone, slopes, gain and matrix together: each in turn until they stand still. */
void colour_fit_all(fl_correction *correction, const size_t *greys, size_t grey_count);

#endif
