/* Exposure: what light does to eyes that are not the target, and what stops it.
 *
 * Largest permitted exposures (MPE) of eye and skin, the optical density and EN 207 class of eyewear, and the
 * distances at which a beam or its diffuse reflection is no longer a hazard. Rules: IEC 60825-1:2014 (=
 * ICNIRP 2013) from 400 to 1400 nm; the limits of 2006/25/EC = IEC 60825-1:2007, still law for workers, on
 * request. The stricter is not always the newer: say which was used.
 *
 *     fl_exposure_input in = { .wavelength = fl_nm(755), .pulse = fl_ps(750), .energy = fl_mJ(200),
 *                              .spot = fl_mm(2.5), .rate = fl_Hz(10) };
 *     fl_exposure out;
 *     fl_status status = fl_exposure_assess(&in, &out, &error);  // out.eye_mpe 2.5765e-3 J/m2, out.od 7, "M
 * LB9"
 *
 * A point source is assumed (the angle it fills at most 1.5 mrad), which is on the safe side. Pure: no
 * allocation, no globals. A wavelength below 400 or above 1400 nm is refused, not guessed.
 */
#ifndef FL_EXPOSURE_EXPOSURE_H
#define FL_EXPOSURE_EXPOSURE_H

#include "fadeline/base/error.h"
#include "fadeline/units/units.h"

typedef enum fl_exposure_rules { FL_EXPOSURE_2014, FL_EXPOSURE_2007 } fl_exposure_rules;
const char *fl_exposure_rules_name(fl_exposure_rules rules); /* "IEC 60825-1:2014" */

typedef struct fl_exposure_input {
    fl_wavelength wavelength;
    fl_pulse_length pulse;
    fl_energy energy; /* of one pulse */
    fl_length spot;   /* diameter of the flat beam where it is narrowest: at the skin */
    fl_rate rate;
    fl_angle divergence; /* full angle after the handpiece focus; 0: not known, and then there is no nohd */
    double time_base_s;  /* 0: 0.25 s from 400 to 700 nm (aversion), 10 s otherwise */
    fl_exposure_rules rules;
} fl_exposure_input;

typedef struct fl_en207 {
    char mode;  /* D, I, R or M, by pulse length */
    double raw; /* before rounding up */
    int n;      /* scale number needed in that mode */
    double d_raw;
    int d_n;          /* the average power must be stood too */
    char marking[32]; /* "M LB9 + D LB5" */
} fl_en207;

typedef struct fl_exposure {
    fl_exposure_rules rules;
    double c4, c5, c7;          /* c5 is the older Cp when the rules are of 2007 */
    double ti_s;                /* shorter pulses within it count as one */
    double time_base_s, pulses; /* N = rate x time base, a real number */
    fl_fluence eye_mpe_single, eye_mpe_average, eye_mpe_train;
    fl_fluence eye_mpe;  /* the smallest of the three */
    fl_fluence skin_mpe; /* single pulse */
    fl_fluence fluence;  /* at the spot */
    fl_fluence at_eye;   /* over the larger of spot and 7 mm */
    double od_raw;       /* log10(at_eye / eye_mpe); below 0 when no eyewear is needed */
    int od;              /* rounded up, at least 0 */
    fl_en207 en207;
    fl_length nohd, nohd_rss;            /* NaN without a divergence; 0 when there is no hazard anywhere */
    fl_length diffuse_eye, diffuse_skin; /* white matt surface, seen head on */
} fl_exposure;

/* FL_E_RANGE, leaving *out alone: something is not finite, not positive, or outside 400-1400 nm / 100 fs-10
 * s. */
FL_MUST_USE fl_status fl_exposure_assess(const fl_exposure_input *in, fl_exposure *out, fl_error *error);

/* One pulse or one exposure of length t, eye and skin. FL_E_RANGE outside 400-1400 nm, 100 fs-30 000 s. */
FL_MUST_USE fl_status fl_exposure_eye_mpe(fl_exposure_rules rules, fl_wavelength wavelength, double t_s,
                                          fl_fluence *mpe);
FL_MUST_USE fl_status fl_exposure_skin_mpe(fl_wavelength wavelength, double t_s, fl_fluence *mpe);
/* Correction of a train of n pulses, each no longer than Ti (2014), or of any train (2007). */
double fl_exposure_train_factor(fl_exposure_rules rules, double time_base_s, double n);
/* Diffuse reflection of a share rho of the pulse at an angle to the normal; and the beam itself. NaN unless
 * the arguments are finite and the mpe, and the divergence, positive. */
fl_length fl_exposure_diffuse(fl_energy energy, double rho, fl_angle from_normal, fl_fluence mpe);
fl_length fl_exposure_intrabeam(fl_energy energy, fl_length beam, fl_angle divergence, fl_fluence mpe,
                                int rss);
/* Several wavelengths at once on one tissue: sum of exposure over limit, at most 1 is allowed. NaN on bad
 * input. */
double fl_exposure_sum(const fl_fluence *exposures, const fl_fluence *limits, int count);
/* EN 207:2017 for a beam at its own spot. */
FL_MUST_USE fl_status fl_exposure_en207(const fl_exposure_input *in, fl_en207 *out);

typedef enum fl_output_verdict { FL_OUTPUT_PASS = 1, FL_OUTPUT_WARN, FL_OUTPUT_STOP } fl_output_verdict;
/* Measured against set energy: beyond warn_percent warn, beyond stop_percent stop; NaN anywhere is a stop. */
fl_output_verdict fl_exposure_output(fl_energy set, fl_energy measured, double warn_percent,
                                     double stop_percent, double *off_percent);

#endif
