/* Pigment: how strongly an ink absorbs light for its mass, and how sure we are.
 *
 * Known at eight laser lines (532, 585, 650, 670, 694, 755, 785, 1064 nm). Between two lines we interpolate
 * the logarithm linearly, which is honest for carbon and coarse for organic pigments near their edge; outside
 * 532-1064 nm we refuse. ln_sigma is the standard deviation of the logarithm: sample it.
 *
 *     const fl_pigment *carbon = fl_pigment_find("carbon_black");
 *     fl_mass_absorption mac;
 *     fl_status status = fl_pigment_absorption(carbon, fl_nm(755), &mac); // FL_OK, 7.25 m2/g
 *     // optical depth of a layer: mac.m2_kg * mass.kg_m2
 *
 * White and oxides also scatter: titanium dioxide in a corrector sends light back before it reaches the ink
 * below. Reduced scattering per mass, MSC (1 - g), is Mie theory for one central particle at 532, 755 and
 * 1064 nm (optics reference, mie_particles.csv), logarithm linear between; particles half as wide or twice as
 * wide scatter within 30 % of it. Pigments nobody computed answer 0, which errs on the side of light for the
 * ink and shade for the skin.
 */
#ifndef FL_OPTICS_PIGMENT_H
#define FL_OPTICS_PIGMENT_H

#include "fadeline/base/status.h"
#include "fadeline/units/units.h"

#include <stddef.h>

/* Paradoxical darkening under pulsed light. Unknown (nobody looked, or reports differ) must be treated as
 * yes. */
typedef enum fl_darkening { FL_DARKENS_NO = 1, FL_DARKENS_UNKNOWN, FL_DARKENS_YES } fl_darkening;

typedef struct fl_pigment {
    const char *id;    /* "carbon_black" */
    const char *index; /* "CI 77266" */
    const char *use;   /* what it is sold in */
    double m2_g[8];    /* at the eight lines */
    double ln_sigma;
    double density_g_cm3;
    fl_darkening darkening;
    const char *certain; /* how the numbers came about */
} fl_pigment;

const fl_pigment *fl_pigment_find(const char *id); /* NULL: no such pigment */
const fl_pigment *fl_pigment_row(size_t index);    /* NULL past the last */
FL_MUST_USE fl_status fl_pigment_absorption(const fl_pigment *pigment, fl_wavelength wavelength,
                                            fl_mass_absorption *mac);

FL_MUST_USE fl_status fl_pigment_scattering(const fl_pigment *pigment, fl_wavelength wavelength,
                                            fl_mass_scattering *reduced);

#endif
