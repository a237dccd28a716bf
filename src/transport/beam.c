/* How much of a beam lies at each distance from a place, averaged over each ring.
 *
 * psi(r): mean of the beam's profile over the circle of radius r about the place. The weight of a ring is its
 * mean over the ring's area, by Gauss-Legendre between the radii where psi bends. On the axis psi is the
 * profile itself, in closed form. Away from it a flat disc gives the arc of the circle that lies inside (law
 * of cosines), a Gaussian the modified Bessel function I0. The mean over the spot is psi of a place averaged
 * over the spot, which only needs one more integral of the same arc: the two swap roles.
 */
#include "fadeline/transport/beam.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_bessel.h>
#include <math.h>
#include <string.h>

#define GAUSSIAN_END 2.2 /* of the 1/e2 diameter: beyond, 6e-9 of the axis fluence is left */
#define RINGS_LEAST 5u   /* inside the smallest thing about a beam */
#define POINTS 8         /* of Gauss-Legendre in a stretch of a ring */

static const char *const names[] = {NULL, "flat", "gaussian", "ring"};

const char *fl_beam_name(fl_beam_shape shape)
{
    FL_ASSERT(shape >= FL_BEAM_FLAT && shape <= FL_BEAM_RING);
    return names[shape];
}

fl_status fl_beam_check(const fl_beam *beam, fl_error *error)
{
    if (!(beam->shape >= FL_BEAM_FLAT && beam->shape <= FL_BEAM_RING))
        return fl_error_set(error, FL_E_RANGE, "the shape of the beam is not set");
    if (!(beam->diameter.m > 0.0 && isfinite(beam->diameter.m)))
        return fl_error_set(error, FL_E_RANGE, "the beam's diameter is %g mm, must be positive",
                            fl_as_mm(beam->diameter));
    if (beam->shape != FL_BEAM_RING) return FL_OK;
    if (!(beam->inner.m > 0.0 && beam->inner.m < beam->diameter.m)) {
        fl_error_set(error, FL_E_RANGE,
                     "the inner diameter is %g mm, must be above 0 and below the beam's %g mm",
                     fl_as_mm(beam->inner), fl_as_mm(beam->diameter));
        return fl_error_hint(error, "inside it the beam has only the centre's share of the fluence outside");
    }
    if (!(beam->centre >= 0.0 && beam->centre <= 100.0))
        return fl_error_set(error, FL_E_RANGE, "the centre's share is %g, must be 0 to 100", beam->centre);
    return FL_OK;
}

static bool read_mm(const char *word, fl_length *length)
{
    double mm;
    if (fl_read_double(word, &mm) != FL_OK || !(mm >= 0.01 && mm <= 1000.0)) return false;
    *length = fl_mm(mm);
    return true;
}

fl_status fl_beam_read(const char *text, fl_beam *beam, fl_error *error)
{
    static const unsigned wanted[] = {0, 2, 2, 4}; /* words of each shape */
    char copy[80], *rest = copy, *words[5];
    unsigned count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    while (count < 5 && (words[count] = strsep(&rest, ":"))) count++;
    fl_beam read = {0};
    for (int shape = FL_BEAM_FLAT; shape <= FL_BEAM_RING; shape++)
        if (strcmp(words[0], names[shape]) == 0) read.shape = (fl_beam_shape)shape;
    const bool understood = strlen(text) < sizeof copy && read.shape && count == wanted[read.shape] &&
                            read_mm(words[1], &read.diameter) &&
                            (read.shape != FL_BEAM_RING || (read_mm(words[2], &read.inner) &&
                                                            fl_read_double(words[3], &read.centre) == FL_OK));
    if (!understood) {
        fl_error_set(error, FL_E_USAGE, "'%.60s' is not a beam", text);
        return fl_error_hint(
            error, "flat:4, gaussian:4 (1/e2) or ring:4:2:0.3 (outer and inner diameter, centre over "
                   "ring); diameters 0.01 to 1000 mm");
    }
    const fl_status status = fl_beam_check(&read, error);
    if (status == FL_OK) *beam = read;
    return status;
}

/* Fluence of a ring beam outside its inner diameter: energy over area is 1. */
static double ring_level(const fl_beam *beam)
{
    const double share = beam->inner.m / beam->diameter.m;
    return 1.0 / (1.0 - share * share * (1.0 - beam->centre));
}

double fl_beam_profile(const fl_beam *beam, fl_length radius)
{
    const double share = 2.0 * radius.m / beam->diameter.m;
    if (beam->shape == FL_BEAM_GAUSSIAN) return 2.0 * exp(-2.0 * share * share);
    if (share > 1.0) return 0.0;
    if (beam->shape == FL_BEAM_FLAT) return 1.0;
    return ring_level(beam) * (2.0 * radius.m < beam->inner.m ? beam->centre : 1.0);
}

fl_beam_place fl_beam_on_axis(void)
{
    return (fl_beam_place){{0.0}, false};
}

fl_beam_place fl_beam_at_edge(const fl_beam *beam)
{
    return (fl_beam_place){{0.5 * beam->diameter.m}, false};
}

fl_beam_place fl_beam_average(void)
{
    return (fl_beam_place){{0.0}, true};
}

/* Unless there is one within such a distance already. */
static unsigned add_radius(fl_length *radii, unsigned count, double radius_m, double apart_m)
{
    unsigned at = count;
    while (at > 0 && radii[at - 1].m >= radius_m) at--;
    if (at < count && radii[at].m - radius_m <= apart_m) return count;
    if (at > 0 && radius_m - radii[at - 1].m <= apart_m) return count;
    memmove(radii + at + 1, radii + at, (count - at) * sizeof *radii);
    radii[at].m = radius_m;
    return count + 1;
}

/* The smallest thing about a beam: its spot, or a ring's width or hole. */
static double finest(const fl_beam *beam)
{
    if (beam->shape != FL_BEAM_RING) return beam->diameter.m;
    return fmax(fmin(beam->inner.m, beam->diameter.m - beam->inner.m), beam->diameter.m / 50.0);
}

/* Fine near the pencil, where its response is steep, and never coarser than a hundredth of the smallest
 * thing, or a fiftieth of the distance, out to where the widest ends as seen from its edge. */
unsigned fl_beam_rings(const fl_beam *beams, unsigned count, fl_length *radii)
{
    double least = INFINITY, most = 0.0;
    unsigned rings = 0;
    for (unsigned i = 0; i < count; i++) {
        least = fmin(least, finest(&beams[i]));
        most = fmax(most, beams[i].diameter.m * (beams[i].shape == FL_BEAM_GAUSSIAN ? GAUSSIAN_END : 1.0));
        if (rings + 2 > FL_TRANSPORT_RINGS / 2) continue;
        rings = add_radius(radii, rings, 0.5 * beams[i].diameter.m, 0.0);
        if (beams[i].shape == FL_BEAM_RING) rings = add_radius(radii, rings, 0.5 * beams[i].inner.m, 0.0);
    }
    double step = least / 200.0;
    for (double r = step; r < 1.3 * most && rings < FL_TRANSPORT_RINGS; r += step) {
        rings = add_radius(radii, rings, r, 0.3 * step);
        step = fmin(step * 1.06, fmax(least / 100.0, r * 0.02));
    }
    return rings;
}

/* Share of a circle of radius r, centred `off` from the centre of a disc, that lies inside the disc. */
static double arc_inside(double disc, double off, double r)
{
    if (r == 0.0) return off < disc ? 1.0 : off == disc ? 0.5 : 0.0; /* half of the edge is in the light */
    if (off + r <= disc) return 1.0;
    if (fabs(off - r) >= disc) return 0.0;
    const double cosine = (off * off + r * r - disc * disc) / (2.0 * off * r);
    return acos(fmax(-1.0, fmin(1.0, cosine))) / M_PI;
}

/* Area shared by two discs at such a distance, over the area of the second. */
static double overlap(double a, double b, double distance)
{
    const double least = fmin(a, b);
    if (distance <= fabs(a - b)) return least * least / (b * b);
    if (distance >= a + b) return 0.0;
    const double x = (distance * distance + a * a - b * b) / (2.0 * distance), y = distance - x;
    const double lens = a * a * acos(fmax(-1.0, fmin(1.0, x / a))) - x * sqrt(fmax(a * a - x * x, 0.0)) +
                        b * b * acos(fmax(-1.0, fmin(1.0, y / b))) - y * sqrt(fmax(b * b - y * y, 0.0));
    return lens / (M_PI * b * b);
}

/* What a uniform disc of radius `disc` and level 1 gives: the place is either so far off, or anywhere in the
 * spot. */
static double disc_seen(double disc, double spot, fl_beam_place place, double r)
{
    return place.average ? overlap(disc, spot, r) : arc_inside(disc, place.radius.m, r);
}

/* A Gaussian seen from anywhere in the spot: mean over the spot of its mean over the circle. */
static double gaussian_average(const fl_beam *beam, double r, const gsl_integration_glfixed_table *points)
{
    /* The circle about a beam element, as seen by the spot: how much of it lies inside. */
    const double spot = 0.5 * beam->diameter.m, end = GAUSSIAN_END * spot;
    const double cuts[] = {0.0, fmin(fabs(spot - r), end), fmin(spot + r, end), end};
    double sum = 0.0;
    for (unsigned i = 0; i + 1 < 4; i++) {
        for (size_t j = 0; cuts[i] < cuts[i + 1] && j < 4 * POINTS; j++) {
            double s, weight;
            gsl_integration_glfixed_point(cuts[i], cuts[i + 1], j, &s, &weight, points);
            sum += weight * fl_beam_profile(beam, (fl_length){s}) * arc_inside(spot, s, r) * 2.0 * s /
                   (spot * spot);
        }
    }
    return sum;
}

static double psi(const fl_beam *beam, fl_beam_place place, double r,
                  const gsl_integration_glfixed_table *points)
{
    const double spot = 0.5 * beam->diameter.m;
    if (beam->shape == FL_BEAM_FLAT) return disc_seen(spot, spot, place, r);
    if (beam->shape == FL_BEAM_RING) {
        const double level = ring_level(beam), inner = disc_seen(0.5 * beam->inner.m, spot, place, r);
        return level * (disc_seen(spot, spot, place, r) - (1.0 - beam->centre) * inner);
    }
    if (place.average) return gaussian_average(beam, r, points);
    const double d2 = place.radius.m - r, width2 = spot * spot;
    return 2.0 * exp(-2.0 * d2 * d2 / width2) * gsl_sf_bessel_I0_scaled(4.0 * place.radius.m * r / width2);
}

/* Where psi bends, besides the ends of the ring. */
static unsigned kinks_of(const fl_beam *beam, fl_beam_place place, double kinks[6])
{
    const double spot = 0.5 * beam->diameter.m, at = place.radius.m, inner = 0.5 * beam->inner.m;
    unsigned count = 0;
    if (beam->shape == FL_BEAM_GAUSSIAN) return 0;
    kinks[count++] = place.average ? 2.0 * spot : fabs(spot - at);
    if (!place.average) kinks[count++] = spot + at;
    if (beam->shape == FL_BEAM_RING) {
        kinks[count++] = place.average ? spot - inner : fabs(inner - at);
        kinks[count++] = place.average ? spot + inner : inner + at;
    }
    return count;
}

/* Mean of psi over the area between two radii that no kink lies between. Ends of a stretch may have a
 * square-root singularity (a circle that just touches the disc): r = a + (b - a) sin^2 takes it away. */
static double stretch(const fl_beam *beam, fl_beam_place place, double a, double b,
                      const gsl_integration_glfixed_table *points, const gsl_integration_glfixed_table *inner)
{
    double sum = 0.0;
    for (size_t i = 0; i < POINTS; i++) {
        double t, weight;
        gsl_integration_glfixed_point(0.0, M_PI_2, i, &t, &weight, points);
        const double s = sin(t), r = a + (b - a) * s * s;
        sum += weight * psi(beam, place, r, inner) * 2.0 * r * (b - a) * 2.0 * s * cos(t);
    }
    return sum;
}

static double ring_weight(const fl_beam *beam, fl_beam_place place, double from, double to,
                          const gsl_integration_glfixed_table *points,
                          const gsl_integration_glfixed_table *inner)
{
    double kinks[6], sum = 0.0, at = from;
    const unsigned count = kinks_of(beam, place, kinks);
    while (at < to) {
        double next = to;
        for (unsigned i = 0; i < count; i++)
            if (kinks[i] > at && kinks[i] < next) next = kinks[i];
        sum += stretch(beam, place, at, next, points, inner);
        at = next;
    }
    return sum / (to * to - from * from);
}

/* Are there rings enough to see the beam? A flat-top on its axis needs only its own. */
static bool is_resolved(const fl_transport *run, const fl_beam *beam, fl_beam_place place)
{
    const double end = 0.5 * beam->diameter.m, half = 0.5 * finest(beam);
    unsigned near = 0;
    bool own = false;
    for (unsigned i = 0; i < fl_transport_rings(run); i++) {
        const double r = fl_transport_radius(run, i).m;
        near += r <= half, own |= fabs(r - end) <= 1e-9 * end;
    }
    const bool easy = beam->shape == FL_BEAM_FLAT && !place.average && place.radius.m == 0.0;
    const bool reaches =
        fl_transport_rings(run) && fl_transport_radius(run, fl_transport_rings(run) - 1).m >= 2.0 * end;
    return (easy && own) || (near >= RINGS_LEAST && reaches);
}

double fl_beam_weights(const fl_transport *run, const fl_beam *beam, fl_beam_place place, double *weight)
{
    FL_ASSERT(fl_beam_check(beam, NULL) == FL_OK && weight);
    if (!is_resolved(run, beam, place)) {
        for (unsigned i = 0; i <= fl_transport_rings(run); i++) weight[i] = NAN;
        return NAN;
    }
    gsl_integration_glfixed_table *points = gsl_integration_glfixed_table_alloc(POINTS);
    gsl_integration_glfixed_table *inner = gsl_integration_glfixed_table_alloc(4 * POINTS);
    FL_ASSERT(points && inner); /* a kilobyte; GSL would have stopped us */
    const unsigned rings = fl_transport_rings(run);
    double from = 0.0;
    for (unsigned i = 0; i < rings; i++) {
        const double to = fl_transport_radius(run, i).m;
        weight[i] = ring_weight(beam, place, from, to, points, inner);
        from = to;
    }
    weight[rings] = 0.0; /* out there is no beam: fl_beam_rings ends where the widest does */
    gsl_integration_glfixed_table_free(points);
    const double axis = psi(beam, place, 0.0, inner);
    gsl_integration_glfixed_table_free(inner);
    return axis;
}

fl_estimate fl_beam_fluence(const fl_transport *run, unsigned variant, const fl_beam *beam,
                            fl_beam_place place, unsigned cell)
{
    double weight[FL_TRANSPORT_RINGS + FL_TRANSPORT_SPOTS + 1];
    const double axis = fl_beam_weights(run, beam, place, weight);
    return fl_transport_response(run, variant, weight, axis, cell);
}
