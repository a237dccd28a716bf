#include "fadeline/thermal/thermal.h"

#include <gsl/gsl_sf_erf.h>
#include <math.h>

#define SQRT_PI 1.77245385090551602730

/* Phrased so that a NaN fails. */
static bool is_positive(double x)
{
    return isfinite(x) && x > 0.0;
}
static bool is_not_negative(double x)
{
    return isfinite(x) && x >= 0.0;
}

double fl_thermal_slab(fl_length half, fl_length x, double t_s, fl_diffusivity alpha)
{
    if (!(is_positive(half.m) && isfinite(x.m) && is_not_negative(t_s) && is_positive(alpha.m2_s)))
        return NAN;
    const double s = 2.0 * sqrt(alpha.m2_s * t_s), b = half.m, at = fabs(x.m);
    if (s == 0.0) return at < b ? 1.0 : at > b ? 0.0 : 0.5;
    return 0.5 * (gsl_sf_erf((b + at) / s) + gsl_sf_erf((b - at) / s));
}

double fl_thermal_skin_slab(fl_length depth, fl_length z, double t_s, fl_diffusivity alpha)
{
    /* An insulated face is a mirror: the epidermis and its image are one slab twice as thick. */
    if (!is_not_negative(z.m)) return NAN;
    return fl_thermal_slab(depth, z, t_s, alpha);
}

/* exp(x) erfc(y) where the first factor alone would overflow: both as one logarithm. */
static double exp_erfc(double x, double y)
{
    return y > 0.0 ? exp(x + gsl_sf_log_erfc(y)) : exp(x) * gsl_sf_erfc(y);
}

double fl_thermal_decay(fl_attenuation mu, fl_length z, double t_s, fl_diffusivity alpha)
{
    if (!(is_positive(mu.per_m) && is_not_negative(z.m) && is_not_negative(t_s) && is_positive(alpha.m2_s)))
        return NAN;
    if (t_s == 0.0) return exp(-mu.per_m * z.m);
    const double s = sqrt(alpha.m2_s * t_s), m = mu.per_m * s, u = z.m / (2.0 * s);
    return 0.5 * (exp_erfc(m * m - mu.per_m * z.m, m - u) + exp_erfc(m * m + mu.per_m * z.m, m + u));
}

double fl_thermal_sphere(fl_length radius, double t_s, fl_diffusivity alpha)
{
    if (!(is_positive(radius.m) && is_not_negative(t_s) && is_positive(alpha.m2_s))) return NAN;
    if (t_s == 0.0) return 1.0;
    const double s = sqrt(alpha.m2_s * t_s), u = radius.m / (2.0 * s);
    return gsl_sf_erf(u) - 2.0 * u / SQRT_PI * exp(-u * u);
}

fl_warming fl_thermal_adiabatic(fl_attenuation mua, fl_fluence local, fl_heat_capacity capacity)
{
    if (!(is_not_negative(mua.per_m) && is_not_negative(local.J_m2) && is_positive(capacity.J_m3_K)))
        return (fl_warming){NAN};
    return (fl_warming){mua.per_m * local.J_m2 / capacity.J_m3_K};
}

/* A train is a sum: the pulse fired k intervals ago has cooled for k intervals. */
double fl_thermal_train(fl_length depth, fl_rate rate, unsigned n, fl_diffusivity alpha)
{
    if (!(is_positive(rate.Hz) && n > 0)) return NAN;
    double sum = 0.0;
    for (unsigned k = 1; k <= n; k++) sum += fl_thermal_skin_slab(depth, depth, k / rate.Hz, alpha);
    return sum;
}

double fl_thermal_train_decay(fl_attenuation mu, fl_rate rate, unsigned n, fl_diffusivity alpha)
{
    if (!(is_positive(rate.Hz) && n > 0)) return NAN;
    double sum = 0.0;
    for (unsigned k = 1; k <= n; k++) sum += fl_thermal_decay(mu, (fl_length){0.0}, k / rate.Hz, alpha);
    return sum;
}

double fl_thermal_relaxation_s(fl_length diameter, fl_diffusivity kappa)
{
    if (!(is_positive(diameter.m) && is_positive(kappa.m2_s))) return NAN;
    return diameter.m * diameter.m / (24.0 * kappa.m2_s);
}

double fl_thermal_transit_s(fl_length diameter, double sound_m_s)
{
    return is_positive(diameter.m) && is_positive(sound_m_s) ? diameter.m / sound_m_s : NAN;
}

double fl_thermal_survive(fl_pulse_length pulse, double tau_s)
{
    if (!(is_not_negative(pulse.s) && is_positive(tau_s))) return NAN;
    const double x = pulse.s / tau_s;
    return x < 1e-12 ? 1.0 : -expm1(-x) / x;
}
