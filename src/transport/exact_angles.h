/* Angles: the directions that all layers share, and what a step of the index does to them.
 *
 * Refraction keeps s = (n sin theta)^2, so one set of nodes in s serves all layers and both outsides, and
 * light crosses an index step without changing its node. A node exists where s < n^2. Nodes rise with s, so
 * each place holds the first few of them; no two nodes ever mix at a step.
 *
 * Total reflection begins at s = n^2 of the thinner side, so there is a breakpoint at every n^2. Just below
 * one, at b, mu = cos theta is a square root of b - s in one medium and of b + gap - s in the next denser
 * one. s = b - gap sinh^2 t makes both smooth, sinh t and cosh t, however small the step; Gauss-Legendre in
 * t. Nodes are shared out by the angle a segment spans where light scatters.
 *
 * Node 0 is the beam: s = 0, with a weight too small to receive light, and so much radiance that it carries
 * the whole incident flux. Direct light and all its bounces then need no equations of their own.
 *
 * Places are counted from above: 0 outside above, 1 the first layer, layers + 1 outside below.
 */
#ifndef FL_TRANSPORT_EXACT_ANGLES_H
#define FL_TRANSPORT_EXACT_ANGLES_H

#include "fadeline/transport/medium.h"

#define EXACT_PLACES (FL_MEDIUM_LAYERS + 2)
#define EXACT_SEGMENTS EXACT_PLACES
#define EXACT_NODES 2304 /* 34 indices from 1 to 4 as badly placed as can be make 2101; skin 55 to 120 */

typedef struct exact_angles {
    unsigned places, segments, nodes;
    unsigned moments;                   /* even: of the phase function, l = 0 ... moments - 1 */
    double n2[EXACT_PLACES];            /* n^2; of nearly equal ones the same */
    unsigned in[EXACT_PLACES];          /* how many nodes exist there */
    double edge[EXACT_SEGMENTS + 1];    /* breakpoints in s, from 0 up to n^2 of the densest that scatters */
    unsigned first[EXACT_SEGMENTS + 1]; /* the node with which a segment begins; first[0] is 1 */
    double gap[EXACT_SEGMENTS];         /* from the upper end of a segment to the next index */
    double t[EXACT_NODES];              /* of s = b - gap sinh^2 t */
    double weight[EXACT_NODES];         /* of an integral over s */
} exact_angles;

/* Of a checked medium. */
void exact_angles_init(exact_angles *angles, const fl_medium *medium, unsigned nodes);

/* Cosines in a place, for the nodes that exist there. */
void exact_angles_cosines(const exact_angles *angles, unsigned place, double *mu);

/* Unpolarised reflectance between a place and the next one below, for so many nodes; 1 where a node exists on
 * one side only. */
void exact_angles_fresnel(const exact_angles *angles, unsigned place, double *reflectance, unsigned nodes);

/* Polynomial in t through the values at the nodes of the segment; 0 where there are no nodes. */
double exact_angles_interpolate(const exact_angles *angles, const double *value, double s);

#endif
