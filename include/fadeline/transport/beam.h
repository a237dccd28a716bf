/* Beam: what any round beam lays at any place, from the rings of one run.
 *
 * A run walks a pencil of light; a beam is many pencils side by side. The fluence at a place is then the sum
 * over rings of the pencil's response times how much of the beam lies at that distance from the place: exact
 * averages over each ring, no Bessel integrals and no tolerance. The trap: a ring counts as evenly lit by the
 * pencil, so rings must be fine where the beam changes; fl_beam_rings makes such rings, and a flat-top on its
 * axis is exact with its own radius among them.
 *
 *     fl_beam beam = {FL_BEAM_GAUSSIAN, fl_mm(4)};
 *     fl_length rings[FL_TRANSPORT_RINGS];
 *     options.rings = rings, options.ring_count = fl_beam_rings(&beam, 1, rings); // then run
 *     fl_estimate edge = fl_beam_fluence(run, variant, &beam, fl_beam_at_edge(&beam), cell);
 *
 * All fluences are over the mean incident fluence: pulse energy over the area of the nominal spot. A Gaussian
 * spot, named by its 1/e2 diameter, is twice that on its axis before it enters the skin.
 */
#ifndef FL_TRANSPORT_BEAM_H
#define FL_TRANSPORT_BEAM_H

#include "fadeline/transport/transport.h"

typedef enum fl_beam_shape {
    FL_BEAM_FLAT = 1,
    FL_BEAM_GAUSSIAN,
    FL_BEAM_RING
} fl_beam_shape; /* 0: not set */

typedef struct fl_beam {
    fl_beam_shape shape;
    fl_length diameter; /* 1/e2 when Gaussian */
    /* Ring: a damaged flat-top. Inside the inner diameter the beam has only `centre` of the fluence outside
     * it. */
    fl_length inner; /* 0 < inner < diameter */
    double centre;   /* 0: dark, 1: a flat-top; above 1 a hot spot, up to 100 */
} fl_beam;

/* FL_E_RANGE with a hint unless the shape is set and all lengths are finite and positive. */
FL_MUST_USE fl_status fl_beam_check(const fl_beam *beam, fl_error *error);
/* "flat:4", "gaussian:4", "ring:4:2:0.3" (diameter, inner diameter in mm, centre). FL_E_USAGE. */
FL_MUST_USE fl_status fl_beam_read(const char *text, fl_beam *beam, fl_error *error);
const char *fl_beam_name(fl_beam_shape shape); /* "flat", ... */

/* Local over mean incident fluence, before the skin, so far from the axis. */
double fl_beam_profile(const fl_beam *beam, fl_length radius);

/* A place: so far from the axis, or the mean over the nominal spot. */
typedef struct fl_beam_place {
    fl_length radius;
    bool average;
} fl_beam_place;
fl_beam_place fl_beam_on_axis(void);
fl_beam_place fl_beam_at_edge(const fl_beam *beam); /* at half the nominal diameter */
fl_beam_place fl_beam_average(void);

/* Radii of rings fit for these beams, rising, at most FL_TRANSPORT_RINGS; how many. */
unsigned fl_beam_rings(const fl_beam *beams, unsigned count, fl_length *radii);

/* Weights for fl_transport_response: one a ring of the run and one for the open ring. Returns the weight of
 * the axis itself. Worth keeping when many cells are asked for. All NaN, and so is the fluence, when the
 * run's rings are too coarse for the beam: use fl_beam_rings. With those, what rings leave out is below 3e-4
 * of the fluence on the axis; it is not in the standard error. */
double fl_beam_weights(const fl_transport *run, const fl_beam *beam, fl_beam_place place, double *weight);

/* Both at once: local over mean incident fluence in a depth cell. */
fl_estimate fl_beam_fluence(const fl_transport *run, unsigned variant, const fl_beam *beam,
                            fl_beam_place place, unsigned cell);

#endif
