#include "fadeline/exposure/exposure.h"

#include "fadeline/base/assert.h"
#include "spectral.h"

#include <math.h>
#include <stdio.h>

#define PI 3.14159265358979323846
#define PUPIL_M 7e-3     /* limiting aperture of the eye, IEC 60825-1:2014 table 8 */
#define T2_S 10.0        /* longest useful time base for a point source */
#define EN207_BASE_S 5.0 /* a filter stands 5 s or 50 pulses; EN 207:2017 */

static bool is_positive(double x)
{
    return isfinite(x) && x > 0.0;
}

static fl_status refuse(fl_error *error, const char *what, const char *hint)
{
    fl_error_set(error, FL_E_RANGE, "%s", what);
    return fl_error_hint(error, "%s", hint), FL_E_RANGE;
}

static fl_status check_input(const fl_exposure_input *in, fl_error *error)
{
    const double nm = spectral_nm(in->wavelength);
    if (!spectral_in_range(nm))
        return refuse(error, "no exposure limits for this wavelength", "from 400 to 1400 nm");
    if (!(in->pulse.s >= 1e-13 && in->pulse.s <= 10.0))
        return refuse(error, "no exposure limits for this pulse length", "from 0.1 ps to 10 s");
    if (!is_positive(in->energy.J))
        return refuse(error, "the pulse energy is not a positive number", "in mJ");
    if (!is_positive(in->spot.m)) return refuse(error, "the spot is not a positive number", "diameter in mm");
    if (!is_positive(in->rate.Hz) || in->rate.Hz * spectral_ti_s(nm) > 1.0)
        return refuse(
            error, "the rate is outside what these rules are for here",
            "above 0, and slow enough that pulses do not melt into one (200 kHz, 76 kHz above 1050 nm)");
    if (in->rate.Hz * in->pulse.s >= 1.0)
        return refuse(error, "pulses so long would overlap at this rate", "a shorter pulse or a lower rate");
    if (!isfinite(in->divergence.rad) || in->divergence.rad < 0.0)
        return refuse(error, "the divergence is not a number above 0",
                      "full angle in mrad; leave it out when unknown");
    if (!isfinite(in->time_base_s) || in->time_base_s < 0.0 || in->time_base_s > 3e4)
        return refuse(error, "no exposure limits for this time base", "above 0, up to 30000 s");
    return FL_OK;
}

/* ---- eyewear ---- */

static int scale_number(double raw)
{
    return raw > 1.0 ? (int)ceil(raw) : 1;
}

static char mode_of(double t_s)
{
    if (t_s < 1e-9) return 'M';
    if (t_s < 1e-6) return 'R';
    return t_s <= 0.25 ? 'I' : 'D';
}

/* EN 207:2017, 315 to 1400 nm: D 10^(n+1) W/m2; I, R 5 x 10^(n-3) J/m2; M 1.5 x 10^(n-4) J/m2, and from 400
 * nm on the pulse is weighed with N^1/4, N pulses in 5 s. */
fl_status fl_exposure_en207(const fl_exposure_input *in, fl_en207 *out)
{
    FL_ASSERT(in && out);
    const fl_status status = check_input(in, NULL);
    if (status != FL_OK) return status;
    const double H_J_m2 = fl_fluence_of(in->energy, in->spot).J_m2;
    const double n = fmax(in->rate.Hz * EN207_BASE_S, 1.0);
    const double weighed_J_m2 = H_J_m2 * pow(n, 0.25);
    fl_en207 found = {.mode = mode_of(in->pulse.s)};
    const double mean_W_m2 = found.mode == 'D' ? H_J_m2 / in->pulse.s : H_J_m2 * in->rate.Hz;
    found.d_raw = log10(mean_W_m2) - 1.0;
    found.d_n = scale_number(found.d_raw);
    switch (found.mode) {
    case 'M': found.raw = log10(weighed_J_m2 / 1.5) + 4.0; break;
    case 'D': found.raw = found.d_raw; break;
    default: found.raw = log10(weighed_J_m2 / 5.0) + 3.0; break;
    }
    found.n = scale_number(found.raw);
    if (found.mode == 'D')
        snprintf(found.marking, sizeof found.marking, "D LB%d", found.n);
    else
        snprintf(found.marking, sizeof found.marking, "%c LB%d + D LB%d", found.mode, found.n, found.d_n);
    *out = found;
    return FL_OK;
}

/* ---- distances ---- */

/* A matt surface radiates as Lambert's cosine: H(r) = rho Q cos(theta) / (pi r^2). */
fl_length fl_exposure_diffuse(fl_energy energy, double rho, fl_angle from_normal, fl_fluence mpe)
{
    const double cosine = cos(from_normal.rad);
    if (!(energy.J >= 0.0) || !(rho >= 0.0 && rho <= 1.0) || !(cosine >= 0.0) || !(mpe.J_m2 > 0.0))
        return (fl_length){NAN};
    return (fl_length){sqrt(rho * energy.J * cosine / (PI * mpe.J_m2))};
}

/* Where a beam that opens with the full angle phi has spread so far that its mean is the limit. */
fl_length fl_exposure_intrabeam(fl_energy energy, fl_length beam, fl_angle divergence, fl_fluence mpe,
                                int rss)
{
    if (!(energy.J >= 0.0) || !(beam.m >= 0.0) || !is_positive(divergence.rad) || !(mpe.J_m2 > 0.0))
        return (fl_length){NAN};
    const double square_m2 = 4.0 * energy.J / (PI * mpe.J_m2);
    const double reach_m =
        rss ? sqrt(fmax(square_m2 - beam.m * beam.m, 0.0)) : fmax(sqrt(square_m2) - beam.m, 0.0);
    return (fl_length){reach_m / divergence.rad};
}

double fl_exposure_sum(const fl_fluence *exposures, const fl_fluence *limits, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
        if (!(exposures[i].J_m2 >= 0.0) || !is_positive(limits[i].J_m2)) return NAN;
        sum += exposures[i].J_m2 / limits[i].J_m2;
    }
    return count > 0 ? sum : NAN;
}

/* ---- the whole assessment ---- */

/* Three limits on a train, the smallest holds: one pulse, the mean over the time base, one pulse x the train
 * factor. The mean rule of the older edition needs long-exposure values our reference does not have; at
 * clinic rates it is a hundred times above the others. */
static fl_status judge_train(const fl_exposure_input *in, fl_exposure *out)
{
    fl_status status = fl_exposure_eye_mpe(in->rules, in->wavelength, in->pulse.s, &out->eye_mpe_single);
    if (status != FL_OK) return status;
    out->eye_mpe_average.J_m2 = NAN;
    if (in->rules == FL_EXPOSURE_2014) {
        fl_fluence whole;
        status = fl_exposure_eye_mpe(in->rules, in->wavelength, out->time_base_s, &whole);
        if (status != FL_OK) return status;
        out->eye_mpe_average.J_m2 = whole.J_m2 / fmax(out->pulses, 1.0);
    }
    const double counted = in->rate.Hz * fmin(out->time_base_s, T2_S);
    const bool brief = in->pulse.s <= out->ti_s || in->rules == FL_EXPOSURE_2007;
    out->c5 = brief ? fl_exposure_train_factor(in->rules, out->time_base_s, counted) : 1.0;
    out->eye_mpe_train.J_m2 = out->c5 * out->eye_mpe_single.J_m2;
    out->eye_mpe.J_m2 = fmin(fmin(out->eye_mpe_single.J_m2, out->eye_mpe_train.J_m2),
                             out->eye_mpe_average.J_m2); /* fmin skips a NaN */
    return FL_OK;
}

static void judge_distances(const fl_exposure_input *in, fl_exposure *out)
{
    const fl_angle head_on = {0.0};
    out->diffuse_eye = fl_exposure_diffuse(in->energy, 1.0, head_on, out->eye_mpe);
    out->diffuse_skin = fl_exposure_diffuse(in->energy, 1.0, head_on, out->skin_mpe);
    out->nohd = fl_exposure_intrabeam(in->energy, in->spot, in->divergence, out->eye_mpe, 0);
    out->nohd_rss = fl_exposure_intrabeam(in->energy, in->spot, in->divergence, out->eye_mpe, 1);
}

fl_status fl_exposure_assess(const fl_exposure_input *in, fl_exposure *out, fl_error *error)
{
    FL_ASSERT(in && out);
    fl_status status = check_input(in, error);
    if (status != FL_OK) return status;
    const double nm = spectral_nm(in->wavelength);
    fl_exposure found = {
        .rules = in->rules, .c4 = spectral_c4(nm), .c7 = spectral_c7(nm), .ti_s = spectral_ti_s(nm)};
    found.time_base_s = in->time_base_s > 0.0 ? in->time_base_s : nm <= 700.0 ? 0.25 : 10.0;
    found.pulses = in->rate.Hz * found.time_base_s;
    status = judge_train(in, &found);
    if (status == FL_OK) status = fl_exposure_skin_mpe(in->wavelength, in->pulse.s, &found.skin_mpe);
    if (status == FL_OK) status = fl_exposure_en207(in, &found.en207);
    if (status != FL_OK)
        return refuse(error, "these rules give no limit for such an exposure",
                      "another time base, or --rules 2014");
    found.fluence = fl_fluence_of(in->energy, in->spot);
    found.at_eye = fl_fluence_of(in->energy, (fl_length){fmax(in->spot.m, PUPIL_M)});
    found.od_raw = log10(found.at_eye.J_m2 / found.eye_mpe.J_m2);
    found.od = found.od_raw > 0.0 ? (int)ceil(found.od_raw) : 0;
    judge_distances(in, &found);
    *out = found;
    return FL_OK;
}

fl_output_verdict fl_exposure_output(fl_energy set, fl_energy measured, double warn_percent,
                                     double stop_percent, double *off_percent)
{
    const double off = 100.0 * (measured.J / set.J - 1.0);
    if (off_percent) *off_percent = off;
    /* Phrased so that a NaN stops. */
    if (!(set.J > 0.0) || !(fabs(off) <= stop_percent)) return FL_OUTPUT_STOP;
    return fabs(off) <= warn_percent ? FL_OUTPUT_PASS : FL_OUTPUT_WARN;
}
