/* Corrections by wavelength. Private to exposure. */
#ifndef FL_EXPOSURE_SPECTRAL_H
#define FL_EXPOSURE_SPECTRAL_H

#include "fadeline/units/units.h"

#include <stdbool.h>

double spectral_nm(fl_wavelength wavelength);
bool spectral_in_range(double nm); /* 400..1400 */
double spectral_c4(double nm);
double spectral_c7(double nm);
double spectral_ti_s(double nm); /* pulses closer together than this count as one */

#endif
