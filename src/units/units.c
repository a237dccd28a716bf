#include "fadeline/units/units.h"

#include <math.h>

#define QUARTER_PI 0.78539816339744830962

long long fl_whole_um(fl_length length) { return llround(length.m * 1e6); }
long long fl_whole_uJ(fl_energy energy) { return llround(energy.J * 1e6); }
long long fl_whole_nm(fl_wavelength wavelength) { return llround(wavelength.m * 1e9); }
long long fl_whole_mHz(fl_rate rate) { return llround(rate.Hz * 1e3); }
long long fl_whole_uJ_cm2(fl_fluence fluence) { return llround(fluence.J_m2 * 1e2); }
long long fl_whole_ps(fl_pulse_length length) { return llround(length.s * 1e12); }

fl_area fl_spot_area(fl_length diameter) { return (fl_area){ QUARTER_PI * diameter.m * diameter.m }; }

fl_energy fl_energy_of(fl_fluence fluence, fl_length diameter)
{
    return (fl_energy){ fluence.J_m2 * fl_spot_area(diameter).m2 };
}

fl_fluence fl_fluence_of(fl_energy energy, fl_length diameter)
{
    return (fl_fluence){ energy.J / fl_spot_area(diameter).m2 };
}
