/* Exact: where the light of a beam goes that falls straight down on layered tissue and is very wide, from the
 * radiative transfer equation itself. No dice: an answer to 1e-6 in milliseconds.
 *
 * Reflected, transmitted and absorbed light do not depend on the width of a beam, so these totals are the
 * truth for every spot. The fluence is that under a beam much wider than light wanders; narrow beams are
 * weaker in depth, and Monte Carlo (transport.h) finds by how much.
 *
 *     fl_exact *exact;
 *     fl_status status = fl_exact_new(&medium, variant, 0, &exact, &error);
 *     if (status != FL_OK) ...
 *     double ratio = fl_exact_fluence(exact, fl_mm(0.8)); // local over incident fluence
 *     fl_exact_free(exact);
 *
 * The only approximation is the number of directions, `nodes`. In media of one index every 8 more make the
 * error ten times smaller up to g 0.85, at 0.95 every 24 (table in src/transport/README.md). Where indices
 * step, totals still converge so, but fluence in layers there that hardly scatter is known to a thousandth
 * only, whatever the nodes: light near grazing angles. fl_exact_error says what to count on.
 *
 * Pure: no globals, safe from any thread; the medium is not kept.
 */
#ifndef FL_TRANSPORT_EXACT_H
#define FL_TRANSPORT_EXACT_H

#include "fadeline/base/error.h"
#include "fadeline/transport/medium.h"

#define FL_EXACT_NODES_MIN 8
#define FL_EXACT_NODES_MAX 128

typedef struct fl_exact fl_exact; /* a solved medium */

/* Solves one absorption variant. `nodes` is how many directions there are between straight down and
 * horizontal; steps of the refractive index add a few. 0 chooses from the largest g: 48 up to g 0.85, 72 at
 * 0.9, 96 from 0.925 on. Seen in skins drawn at random: totals within 4e-7 of the incident light up to g 0.9,
 * 2e-6 at 0.95; fluence within 1e-5 and 3e-5, mostly ten times better. 24 is three to six times as fast and
 * good to 1e-4 (fluence 1e-3) up to g 0.9. Strong backward scattering, g below -0.95, is refused.
 * Indices closer than 1e-7 count as equal.
 *
 * Right at the surface of matched media, to optical depth 0.01, fluence is known to 1e-5 only.
 *
 * FL_E_RANGE: what fl_medium_check refuses, a variant or number of nodes that does not exist, or a medium so
 * extreme that energy does not add up to 1e-6 (checked in every solve). FL_E_MEMORY. *exact is untouched. */
FL_MUST_USE fl_status fl_exact_new(const fl_medium *medium, unsigned variant, unsigned nodes,
                                   fl_exact **exact, fl_error *error);
void fl_exact_free(fl_exact *exact);            /* NULL is fine */
unsigned fl_exact_nodes(const fl_exact *exact); /* asked for or chosen */

/* How well fluences are known, relative: read off convergence tables, a little above the worst seen, not a
 * bound that was proven. At the default nodes 1e-5 to g 0.85, 3e-5 to 0.95, 1e-4 to 0.99, 3e-4 beyond; 1e-4
 * where the index steps between layers, 1e-3 where a layer there scatters less than once across. At 24 nodes
 * 3e-4 and more. */
double fl_exact_error(const fl_exact *exact);

/* Fractions of the incident light. Specular is fl_medium_specular; diffuse is all other light that leaves
 * upward, transmitted all that leaves below, scattered or not. With what the layers absorb they make 1 to
 * 1e-10. A layer that does not exist is our bug (FL_ASSERT). */
double fl_exact_specular(const fl_exact *exact);
double fl_exact_diffuse(const fl_exact *exact);
double fl_exact_transmitted(const fl_exact *exact);
double fl_exact_absorbed(const fl_exact *exact, unsigned layer);

/* Local over incident fluence, specular loss included. Where two layers meet, the mean of both sides (they
 * differ when the index does); 0 below the last layer, for light that left is no longer ours; NaN above the
 * surface. */
double fl_exact_fluence(const fl_exact *exact, fl_length depth);

/* The same, averaged over depth: what a Monte Carlo cell shows. Cells may straddle layers and reach below the
 * last one. NaN unless 0 <= from < to. */
double fl_exact_fluence_mean(const fl_exact *exact, fl_length from, fl_length to);

/* Diffuse light that leaves upward per steradian around a direction outside, an angle from the vertical:
 * Rd(alpha), whose integral over the upper half-space is fl_exact_diffuse less what the beam itself sends
 * straight back. NaN unless 0 to pi/2. A polynomial through the nodes: peaked scattering, whose peak counts
 * as not scattered, makes it the least accurate of all answers (1e-5 of itself up to g 0.75, 1e-3 at 0.85,
 * 1e-2 at 0.95). */
double fl_exact_diffuse_per_sr(const fl_exact *exact, fl_angle from_vertical);

#endif
