#include "axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BINS_PER_STEP 2 /* of the least step: a guess is mostly right, and at most one step early */
#define BINS_MAX 8192
#define EVEN 1e-6 /* steps that differ by less than this share count as even */

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

void axis_fini(walk_axis *axis)
{
    free(axis->edge);
    free(axis->step_of);
}

static fl_status set_edges(walk_axis *axis, float lowest, const double *edges, unsigned count)
{
    axis->last = (int32_t)count;
    axis->edge = malloc((count + 2) * sizeof *axis->edge);
    if (!axis->edge) return FL_E_MEMORY;
    axis->edge[0] = lowest;
    for (unsigned i = 0; i < count; i++) axis->edge[i + 1] = (float)edges[i];
    axis->edge[count + 1] = NAN;
    return FL_OK;
}

static bool is_even(double first, const double *edges, unsigned count)
{
    const double step = (edges[count - 1] - first) / count;
    for (unsigned i = 0; i < count; i++)
        if (fabs(edges[i] - first - step * (i + 1)) > EVEN * step) return false;
    return true;
}

fl_status axis_init(walk_axis *axis, const double *edges, unsigned count)
{
    const fl_status status = set_edges(axis, -INFINITY, edges, count);
    if (status != FL_OK) return status;
    const double height = edges[count - 1] - edges[0];
    if (is_even(edges[0], edges + 1, count - 1)) {
        /* Step 0 as high as the others: what lies above it, or is no number, is clamped into it. */
        axis->kind = AXIS_EVEN;
        axis->from = (float)(edges[0] - height / (count - 1));
        axis->scale = (float)((count - 1) / height);
        return FL_OK;
    }
    if (count <= AXIS_FEW_MOST) {
        axis->kind = AXIS_FEW;
        return FL_OK;
    }
    axis->kind = AXIS_TABLE;
    double least = height;
    for (unsigned i = 1; i < count; i++) least = fmin(least, edges[i] - edges[i - 1]);
    axis->bins = (int32_t)fmin(height / least * BINS_PER_STEP, BINS_MAX) + 1;
    axis->from = axis->edge[1];
    axis->scale = (float)((axis->bins - 1) / height);
    axis->step_of = malloc((size_t)axis->bins * sizeof *axis->step_of);
    if (!axis->step_of) return FL_E_MEMORY;
    for (int32_t bin = 0, step = 0; bin < axis->bins; bin++) {
        /* Of a point just below the bin, so that rounding can only guess too early. */
        const double low = axis->from + (bin - 0.01) / (double)axis->scale;
        while (step < axis->last && axis->edge[step + 1] <= low) step++;
        axis->step_of[bin] = (uint16_t)step;
    }
    return FL_OK;
}

fl_status axis_init_rings(walk_axis *axis, const double *radii, unsigned count)
{
    const bool even = count > 1 && is_even(0.0, radii, count);
    fl_status status;
    if (even) {
        status = set_edges(axis, 0.0f, radii, count);
        axis->kind = AXIS_EVEN_RINGS;
        axis->scale = (float)(count / radii[count - 1]);
        return status;
    }
    double *squares = calloc(count + 1, sizeof *squares);
    if (!squares) return FL_E_MEMORY;
    for (unsigned i = 0; i < count; i++) squares[i] = radii[i] * radii[i];
    status = set_edges(axis, 0.0f, squares, count);
    free(squares);
    axis->kind = count <= AXIS_FEW_MOST ? AXIS_FEW : AXIS_LOG;
    if (status != FL_OK || axis->kind == AXIS_FEW) return status;
    axis->base = (int32_t)(bits_of(axis->edge[1]) >> LOG_SHIFT);
    axis->bins = (int32_t)(bits_of(axis->edge[count]) >> LOG_SHIFT) - axis->base + 1;
    axis->step_of = malloc((size_t)axis->bins * sizeof *axis->step_of);
    if (!axis->step_of) return FL_E_MEMORY;
    for (int32_t bin = 0, step = 0; bin < axis->bins; bin++) {
        const float low = bin ? float_of((uint32_t)(axis->base + bin) << LOG_SHIFT) : 0.0f;
        while (low >= axis->edge[step + 1]) step++;
        axis->step_of[bin] = (uint16_t)step;
    }
    return FL_OK;
}
