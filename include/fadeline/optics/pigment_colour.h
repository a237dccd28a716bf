/* Pigment colour: what a pigment absorbs and scatters of the light we see by, 450 to 750 nm.
 *
 * pigment.h knows the laser lines. Here three wavelengths are added from the measured shapes (450, 500, 595
 * nm), so that an ink's colour in skin can be predicted, and scattering, without which white would be
 * invisible. Between the rows the logarithm is interpolated. The amount is as sure as pigment.h's: take its
 * ln_sigma.
 *
 *     fl_pigment_look look;
 *     fl_status status = fl_pigment_look_at(fl_pigment_find("orange"), fl_nm(500), &look);   // 3.62 m2/g
 *     puts(fl_pigment_look_source(pigment));        // the swatch the shape was measured on, or its stand-in
 *
 * Pure. FL_E_RANGE, leaving the answer alone, outside 450 to 750 nm.
 */
#ifndef FL_OPTICS_PIGMENT_COLOUR_H
#define FL_OPTICS_PIGMENT_COLOUR_H

#include "fadeline/optics/layer.h"
#include "fadeline/optics/pigment.h"

typedef struct fl_pigment_look {
    fl_mass_absorption absorption;
    fl_mass_absorption scattering; /* reduced: back and sideways; 0 where no table has it */
} fl_pigment_look;

FL_MUST_USE fl_status fl_pigment_look_at(const fl_pigment *pigment, fl_wavelength wavelength,
                                         fl_pigment_look *look);
const char *fl_pigment_look_source(const fl_pigment *pigment); /* never NULL */

/* Diffuse reflectance of layers on each other, the last one as if it had no end, without the mirror of the
 * surface: two fluxes (Kubelka & Munk 1931), K = 2 mua, S = 3/4 musp, inner reflection of the surface after
 * Saunderson; near the surface, where light is not diffuse yet, corrected to the exact solver of transport (within
 * about a unit of L*). For colours by the ten thousand; dose is transport's. */
double fl_two_flux_reflectance(const fl_optical_layer *layers, size_t count);

#endif
