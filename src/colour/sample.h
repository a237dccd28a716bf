/* Pixels of a place, and their middle. */
#ifndef FL_COLOUR_SAMPLE_H
#define FL_COLOUR_SAMPLE_H

#include "fadeline/colour/card.h"
#include "fadeline/colour/photo.h"

typedef struct sample_box { /* on the card, 0 to 1 */
    double x, y, half_width, half_height;
} sample_box;

typedef struct sample {
    size_t pixels;
    fl_rgb median;
    double low_Y, high_Y; /* luminance of the 10th and the 90th of 100 pixels, as in the photo */
    double clipped;       /* share of pixels with a full channel */
} sample;

/* The box must lie inside the photo. FL_E_MEMORY, or FL_OK; no pixels is an empty sample. */
FL_MUST_USE fl_status sample_card(const fl_photo *photo, const fl_plane *plane, const sample_box *box,
                                  sample *found);

/* Sorts the values; share 0.5 is the median. */
void sample_sort(float *values, size_t count);
double sample_quantile(const float *sorted, size_t count, double share);

#endif
