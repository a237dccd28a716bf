#include "sample.h"

#include <gsl/gsl_sort_float.h>
#include <gsl/gsl_statistics_float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void sample_sort(float *values, size_t count)
{
    gsl_sort_float(values, 1, count);
}

double sample_quantile(const float *sorted, size_t count, double share)
{
    return count ? gsl_stats_float_quantile_from_sorted_data(sorted, 1, count, share) : NAN;
}

typedef struct span { /* pixels to look at, both ends in */
    unsigned left, right, top, bottom;
} span;

static unsigned inside(double at, unsigned size)
{
    return at <= 0.0 ? 0 : at >= size - 1.0 ? size - 1 : (unsigned)at;
}

static span span_of(const fl_photo *photo, const fl_plane *plane, const sample_box *box)
{
    double left = INFINITY, right = 0.0, top = INFINITY, bottom = 0.0;
    for (int i = 0; i < 4; i++) {
        const fl_point corner = {box->x + (i & 1 ? 1 : -1) * box->half_width,
                                 box->y + (i & 2 ? 1 : -1) * box->half_height};
        const fl_point at = fl_plane_to_photo(plane, corner);
        left = fmin(left, at.x), right = fmax(right, at.x), top = fmin(top, at.y),
        bottom = fmax(bottom, at.y);
    }
    return (span){inside(floor(left), photo->width), inside(ceil(right), photo->width),
                  inside(floor(top), photo->height), inside(ceil(bottom), photo->height)};
}

fl_status sample_card(const fl_photo *photo, const fl_plane *plane, const sample_box *box, sample *found)
{
    const span s = span_of(photo, plane, box);
    const size_t most = (size_t)(s.right - s.left + 1) * (s.bottom - s.top + 1);
    float *values = malloc(4 * most * sizeof *values), *channel[4];
    if (!values) return FL_E_MEMORY;
    for (int i = 0; i < 4; i++) channel[i] = values + i * most;
    size_t count = 0, full = 0;
    for (unsigned y = s.top; y <= s.bottom; y++)
        for (unsigned x = s.left; x <= s.right; x++) {
            const fl_point at = fl_plane_to_card(plane, (fl_point){x + 0.5, y + 0.5}); /* a pixel's middle */
            if (fabs(at.x - box->x) > box->half_width || fabs(at.y - box->y) > box->half_height) continue;
            const fl_rgb light = fl_photo_at(photo, x, y);
            full += fl_photo_is_clipped(photo, light);
            channel[0][count] = (float)light.r;
            channel[1][count] = (float)light.g;
            channel[2][count] = (float)light.b;
            channel[3][count++] = (float)fl_xyz_of_rgb(light).Y;
        }
    *found = (sample){.pixels = count};
    if (count) {
        for (int i = 0; i < 4; i++) sample_sort(channel[i], count);
        found->median =
            (fl_rgb){sample_quantile(channel[0], count, 0.5), sample_quantile(channel[1], count, 0.5),
                     sample_quantile(channel[2], count, 0.5)};
        found->low_Y = sample_quantile(channel[3], count, 0.1);
        found->high_Y = sample_quantile(channel[3], count, 0.9);
        found->clipped = (double)full / count;
    }
    free(values);
    return FL_OK;
}
