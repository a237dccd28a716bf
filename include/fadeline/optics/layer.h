/* Layer: what light meets in one plane slab of tissue, at one wavelength.
 *
 * Five numbers decide where light goes: refractive index, absorption, scattering, forwardness of scattering
 * and thickness. `optics` makes layers from what a person knows about skin; `transport` walks photons through
 * them.
 */
#ifndef FL_OPTICS_LAYER_H
#define FL_OPTICS_LAYER_H

#include "fadeline/units/units.h"

typedef struct fl_optical_layer {
    double n;           /* refractive index */
    fl_attenuation mua; /* absorption */
    fl_attenuation mus; /* scattering; the reduced one is mus (1 - g) */
    double g;           /* mean cosine of the scattering angle */
    fl_length thickness;
} fl_optical_layer;

#endif
