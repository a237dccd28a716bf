/* Stack: modes of single layers joined into one solution.
 *
 * Upward, from below the last layer to the surface: R, the light that comes back up for light that goes down,
 * just above each interface. Downward, from the beam: the amplitudes of every layer's modes. Light always
 * enters an equation from the side on which it decays, so nothing is ever divided by what has faded
 * (the invariant embedding of Bellman, in the modes of the layers).
 */
#ifndef FL_TRANSPORT_EXACT_STACK_H
#define FL_TRANSPORT_EXACT_STACK_H

#include "exact_modes.h"

/* `reflection` is R at the bottom of the layer, seen from inside it; becomes R at the bottom of the place
 * above. Takes the place of outside below with a diagonal R. Keeps layer->second and lu. */
void exact_stack_climb(exact_layer *layer, const exact_angles *angles, exact_scratch *scratch,
                       gsl_matrix *reflection);

/* `down` is the light that falls on the layer from the place above; becomes the same at the bottom of the
 * layer. `up`: light that goes up at the bottom of the place above. Turns the amplitudes into fluence. */
void exact_stack_descend(exact_layer *layer, const exact_angles *angles, exact_scratch *scratch, double *down,
                         double *up);

#endif
