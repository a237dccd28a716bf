/* Sight: from a reflectance spectrum to what an eye sees under D65.
 *
 * Twenty-six wavelengths, 450 to 700 nm in steps of 10: as far as the spectra of skin reach. What lies below
 * 450 nm is taken to reflect as 450 nm does. The trap: about half of what makes blue (Z) lies there, and
 * blood and yellow pigments absorb more below 450 nm than at it, so b* of skin comes out a few units too low.
 *
 *     fl_sight sight = fl_sight_new();
 *     double r[FL_SIGHT_LINES];
 *     for (size_t i = 0; i < FL_SIGHT_LINES; i++) r[i] = reflectance(fl_sight_line(i));
 *     fl_lab seen = fl_lab_of_xyz(fl_sight_xyz(&sight, r), FL_D65);
 *
 * Pure. A perfect white gives FL_D65 to the last digits.
 */
#ifndef FL_COLOUR_SIGHT_H
#define FL_COLOUR_SIGHT_H

#include "fadeline/colour/lab.h"
#include "fadeline/units/units.h"

#include <stddef.h>

#define FL_SIGHT_LINES 26

typedef struct fl_sight {
    fl_xyz weight[FL_SIGHT_LINES]; /* each of X, Y, Z adds up to the white's */
} fl_sight;

fl_sight fl_sight_new(void);
fl_wavelength fl_sight_line(size_t index); /* 450 nm for 0 */
fl_xyz fl_sight_xyz(const fl_sight *sight, const double reflectance[FL_SIGHT_LINES]);

#endif
