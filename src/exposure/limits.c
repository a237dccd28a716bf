/* Limits of one exposure: the tables of IEC 60825-1:2014 (as ICNIRP 2013 and ANSI Z136.1-2014 print them),
 * and those of 2006/25/EC = IEC 60825-1:2007 for pulses. J/m2 and seconds throughout. */
#include "fadeline/exposure/exposure.h"

#include "fadeline/base/assert.h"
#include "spectral.h"

#include <math.h>

#define SHORTEST_S 1e-13
#define LONGEST_S 3e4

const char *fl_exposure_rules_name(fl_exposure_rules rules)
{
    return rules == FL_EXPOSURE_2007 ? "2006/25/EC (IEC 60825-1:2007)" : "IEC 60825-1:2014";
}

/* Metres carry 1064 nm as 1063.9999999999999; the tables mean whole numbers. */
double spectral_nm(fl_wavelength wavelength)
{
    return round(fl_as_nm(wavelength) * 1e6) / 1e6;
}

bool spectral_in_range(double nm)
{
    return nm >= 400.0 && nm <= 1400.0;
}

/* IEC 60825-1:2014 table 9: correction for the weaker absorption of melanin in the near infrared. */
double spectral_c4(double nm)
{
    if (nm < 700.0) return 1.0;
    return nm <= 1050.0 ? pow(10.0, 0.002 * (nm - 700.0)) : 5.0;
}

/* The same table: water in front of the retina. */
double spectral_c7(double nm)
{
    if (nm <= 1150.0) return 1.0;
    return nm <= 1200.0 ? pow(10.0, 0.018 * (nm - 1150.0)) : 8.0 + pow(10.0, 0.04 * (nm - 1250.0));
}

double spectral_ti_s(double nm)
{
    return nm <= 1050.0 ? 5e-6 : 13e-6;
}

/* Where two rows of the table meet the smaller value holds; only at 10 s do we follow the worked examples of
 * our reference, which use the power law there (506.1072 J/m2 at 1064 nm). Below 10 ps above 1050 nm two
 * implementations disagree (1e-2 C7, 1e-3 C7): 1e-3 until a bought copy settles it. */
static fl_status eye_2014(double nm, double t_s, double *J_m2)
{
    const double c4 = spectral_c4(nm), c7 = spectral_c7(nm);
    const bool far = nm > 1050.0;
    if (t_s <= 1e-11)
        *J_m2 = 1e-3;
    else if (t_s < spectral_ti_s(nm))
        *J_m2 = far ? 2e-2 * c7 : 2e-3 * c4;
    else if (t_s <= 10.0)
        *J_m2 = (far ? 90.0 * c7 : 18.0 * c4) * pow(t_s, 0.75);
    else if (nm < 500.0)
        return FL_E_RANGE; /* blue light for longer is a photochemical limit: not in our reference */
    else
        *J_m2 = 10.0 * c4 * c7 * t_s;
    return FL_OK;
}

/* From memory, and for pulses only: longer exposures of the older edition are not in our reference. */
static fl_status eye_2007(double nm, double t_s, double *J_m2)
{
    const bool far = nm > 1050.0;
    const double scale = far ? 10.0 * spectral_c7(nm) : spectral_c4(nm);
    if (t_s > (far ? 50e-6 : 18e-6)) return FL_E_RANGE;
    if (t_s <= 1e-11)
        *J_m2 = 1.5e-4 * scale;
    else if (t_s < 1e-9)
        *J_m2 = 2.7e4 * pow(t_s, 0.75) * scale;
    else
        *J_m2 = 5e-3 * scale;
    return FL_OK;
}

fl_status fl_exposure_eye_mpe(fl_exposure_rules rules, fl_wavelength wavelength, double t_s, fl_fluence *mpe)
{
    FL_ASSERT(mpe);
    const double nm = spectral_nm(wavelength);
    double J_m2;
    if (!spectral_in_range(nm) || !(t_s >= SHORTEST_S && t_s <= LONGEST_S)) return FL_E_RANGE;
    const fl_status status = rules == FL_EXPOSURE_2007 ? eye_2007(nm, t_s, &J_m2) : eye_2014(nm, t_s, &J_m2);
    if (status == FL_OK) mpe->J_m2 = J_m2;
    return status;
}

fl_status fl_exposure_skin_mpe(fl_wavelength wavelength, double t_s, fl_fluence *mpe)
{
    FL_ASSERT(mpe);
    const double nm = spectral_nm(wavelength), c4 = spectral_c4(nm);
    if (!spectral_in_range(nm) || !(t_s >= SHORTEST_S && t_s <= LONGEST_S)) return FL_E_RANGE;
    if (t_s <= 1e-9)
        mpe->J_m2 = 2e11 * c4 * t_s;
    else if (t_s < 1e-7)
        mpe->J_m2 = 200.0 * c4;
    else if (t_s <= 10.0)
        mpe->J_m2 = 1.1e4 * c4 * pow(t_s, 0.25);
    else
        mpe->J_m2 = 2000.0 * c4 * t_s;
    return FL_OK;
}

/* 2014: 1 within the aversion response and up to 600 pulses, then 5 N^-1/4, never below 0.4. 2007: N^-1/4. */
double fl_exposure_train_factor(fl_exposure_rules rules, double time_base_s, double n)
{
    if (!(n >= 0.0) || !(time_base_s > 0.0)) return NAN;
    if (rules == FL_EXPOSURE_2007) return n > 1.0 ? pow(n, -0.25) : 1.0;
    if (time_base_s <= 0.25 || n <= 600.0) return 1.0;
    return fmax(fmin(5.0 * pow(n, -0.25), 1.0), 0.4);
}
