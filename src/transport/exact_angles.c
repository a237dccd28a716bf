#include "exact_angles.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdbool.h>

#define HALF_PI 1.57079632679489661923

/* Indices closer than this are one index. The grazing light that such a step reflects is a few 1e-7. */
#define SAME_INDEX 1e-7

/* Nodes of a segment on top of its share by angle: light near its ends has features of its own, and a small
 * step above it makes the map longer. */
#define NODES_PER_SEGMENT 4
#define NODES_PER_LENGTH 3

/* Where no index lies above a segment any distance will do: s is then b - (b - a) t^2, Gauss-Legendre in mu.
 */
#define GAP_MAX 1e4

/* Weight of the beam's node, of all s. Light is scattered into it in this proportion (times the height of
 * the forward peak), and rounding grows with its inverse root: anything from 1e-8 to 1e-12 will do. */
#define BEAM_WEIGHT 1e-10

static void find_indices(exact_angles *angles, const fl_medium *medium)
{
    double n[EXACT_PLACES];
    angles->places = medium->layers + 2;
    for (unsigned i = 0; i < angles->places; i++) {
        n[i] = i == 0 ? medium->n_above : i > medium->layers ? medium->n_below : medium->layer[i - 1].n;
        for (unsigned j = 0; j < i; j++)
            if (fabs(n[i] - n[j]) <= SAME_INDEX * n[i]) n[i] = n[j];
        angles->n2[i] = n[i] * n[i];
    }
}

static bool scatters(const fl_medium *medium, unsigned place)
{
    return place >= 1 && place <= medium->layers && medium->layer[place - 1].mus.per_m > 0.0;
}

/* The lowest n^2 above s, or INFINITY. */
static double next_index(const exact_angles *angles, double s)
{
    double next = INFINITY;
    for (unsigned i = 0; i < angles->places; i++)
        if (angles->n2[i] > s) next = fmin(next, angles->n2[i]);
    return next;
}

/* No light ever gets into directions that exist only where nothing scatters, so nodes end at the densest
 * layer that does. In a clear medium the beam is alone. */
static void find_edges(exact_angles *angles, const fl_medium *medium)
{
    double top = 0.0;
    for (unsigned i = 0; i < angles->places; i++)
        if (scatters(medium, i)) top = fmax(top, angles->n2[i]);
    unsigned count = 0;
    while (angles->edge[count] < top) {
        const double a = angles->edge[count], b = next_index(angles, a);
        angles->gap[count] = fmin(next_index(angles, b) - b, GAP_MAX * (b - a));
        angles->edge[++count] = b;
    }
    angles->segments = count;
}

/* Largest angle that the segment spans in a layer that scatters, in quarter turns. */
static double width(const exact_angles *angles, const fl_medium *medium, unsigned segment)
{
    const double a = angles->edge[segment], b = angles->edge[segment + 1];
    double widest = 0.0;
    for (unsigned i = 0; i < angles->places; i++)
        if (scatters(medium, i) && angles->n2[i] >= b)
            widest = fmax(widest, asin(sqrt(b / angles->n2[i])) - asin(sqrt(a / angles->n2[i])));
    return widest / HALF_PI;
}

/* Gauss-Legendre on (-1, 1), from the right: Newton on the recurrence (Abramowitz & Stegun 22.16.6, 25.4.29).
 */
static void gauss_legendre(unsigned n, double *x, double *weight)
{
    for (unsigned i = 0; i < n; i++) {
        double at = cos(2.0 * HALF_PI * (i + 0.75) / (n + 0.5)), slope = 1.0;
        for (unsigned round = 0; round < 6; round++) { /* three are enough to n = 1000 */
            double p = 1.0, before = 0.0;
            for (unsigned l = 1; l <= n; l++) {
                const double next = ((2.0 * l - 1.0) * at * p - (l - 1.0) * before) / l;
                before = p, p = next;
            }
            slope = n * (at * p - before) / (at * at - 1.0);
            at -= p / slope;
        }
        x[i] = at;
        weight[i] = 2.0 / ((1.0 - at * at) * slope * slope);
    }
}

/* Length of the segment in t. */
static double length(const exact_angles *angles, unsigned segment)
{
    return asinh(sqrt((angles->edge[segment + 1] - angles->edge[segment]) / angles->gap[segment]));
}

static void fill_segment(exact_angles *angles, unsigned segment, unsigned count)
{
    const unsigned first = angles->first[segment];
    const double half = 0.5 * length(angles, segment);
    FL_ASSERT(first + count <= EXACT_NODES);
    gauss_legendre(count, &angles->t[first], &angles->weight[first]);
    for (unsigned i = first; i < first + count; i++) {
        angles->t[i] = half * (1.0 + angles->t[i]); /* falling, so that s rises */
        angles->weight[i] *= half * angles->gap[segment] * sinh(2.0 * angles->t[i]); /* ds/dt */
    }
    angles->first[segment + 1] = first + count;
}

void exact_angles_init(exact_angles *angles, const fl_medium *medium, unsigned nodes)
{
    *angles = (exact_angles){.moments = nodes / 2 * 2};
    find_indices(angles, medium);
    find_edges(angles, medium);
    angles->weight[0] = angles->segments ? BEAM_WEIGHT * angles->edge[angles->segments] : 1.0;
    angles->first[0] = 1;
    for (unsigned k = 0; k < angles->segments; k++) {
        const double share = nodes * width(angles, medium, k) + NODES_PER_LENGTH * length(angles, k);
        fill_segment(angles, k, NODES_PER_SEGMENT + (unsigned)ceil(share));
    }
    angles->nodes = angles->first[angles->segments];
    for (unsigned i = 0; i < angles->places; i++) {
        unsigned k = 0;
        while (k < angles->segments && angles->edge[k + 1] <= angles->n2[i]) k++;
        angles->in[i] = angles->first[k];
    }
}

void exact_angles_cosines(const exact_angles *angles, unsigned place, double *mu)
{
    const double n2 = angles->n2[place];
    mu[0] = 1.0;
    for (unsigned k = 0; k < angles->segments && angles->first[k] < angles->in[place]; k++) {
        const double rest = n2 - angles->edge[k + 1]; /* n^2 - s without cancellation at grazing angles */
        for (unsigned i = angles->first[k]; i < angles->first[k + 1]; i++) {
            const double root = sinh(angles->t[i]);
            mu[i] = sqrt((rest + angles->gap[k] * root * root) / n2);
        }
    }
}

/* Hecht, Optics, eqs 4.34-4.40, with n cos theta = sqrt(n^2 - s). */
void exact_angles_fresnel(const exact_angles *angles, unsigned place, double *reflectance, unsigned nodes)
{
    const double above = angles->n2[place], below = angles->n2[place + 1], ratio = sqrt(above / below);
    const unsigned both =
        angles->in[place] < angles->in[place + 1] ? angles->in[place] : angles->in[place + 1];
    double mu1[EXACT_NODES], mu2[EXACT_NODES];
    exact_angles_cosines(angles, place, mu1);
    exact_angles_cosines(angles, place + 1, mu2);
    for (unsigned i = 0; i < nodes; i++) {
        if (i >= both)
            reflectance[i] = 1.0;
        else if (above == below)
            reflectance[i] = 0.0;
        else {
            const double across = (ratio * mu1[i] - mu2[i]) / (ratio * mu1[i] + mu2[i]);
            const double along = (mu1[i] - ratio * mu2[i]) / (mu1[i] + ratio * mu2[i]);
            reflectance[i] = 0.5 * (across * across + along * along);
        }
    }
}

/* Barycentric form (Berrut & Trefethen 2004, eq. 4.2). */
double exact_angles_interpolate(const exact_angles *angles, const double *value, double s)
{
    unsigned k = 0;
    while (k < angles->segments && s >= angles->edge[k + 1]) k++;
    if (k == angles->segments) return 0.0;
    const double t = asinh(sqrt((angles->edge[k + 1] - s) / angles->gap[k]));
    const double scale = 4.0 / length(angles, k); /* keeps products of differences near 1 */
    double sum = 0.0, norm = 0.0;
    for (unsigned i = angles->first[k]; i < angles->first[k + 1]; i++) {
        if (t == angles->t[i]) return value[i];
        double product = t - angles->t[i];
        for (unsigned j = angles->first[k]; j < angles->first[k + 1]; j++)
            if (j != i) product *= scale * (angles->t[i] - angles->t[j]);
        sum += value[i] / product;
        norm += 1.0 / product;
    }
    return sum / norm;
}
