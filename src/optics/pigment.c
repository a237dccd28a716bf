#include "fadeline/optics/pigment.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_interp.h>
#include <math.h>

#define LINES 8
static const double lines_nm[LINES] = {532, 585, 650, 670, 694, 755, 785, 1064};

/* Mass absorption in dermis [m2/g] at the eight lines. Carbon, iron oxides and TiO2 are computed by Mie
 * theory with published refractive indices (carbon 1.15 x 100 nm compact spheres, Bond & Bergstrom 2006;
 * hematite Querry; two magnetite sets); organic pigments have a measured spectral shape and a peak from
 * memory of the literature, hence their large ln_sigma. 1e-4 for TiO2 is a floor: it scatters, see
 * below. */
// clang-format off
static const fl_pigment rows[] = {
    { "carbon_black", "CI 77266", "black: SMP; brow; eyeliner; body",
      { 10.04, 9.28, 8.42, 8.18, 7.90, 7.25, 6.96, 5.04 }, 0.30, 1.8, FL_DARKENS_NO,
      "computed; sizes in ink [seen: Bocca 2017 JAAS abstract]; primary and in-skin sizes from memory" },
    { "carbon_black_aggregate_1um", "CI 77266", "black; intracellular aggregate seen as one sphere",
      { 0.99, 1.01, 1.03, 1.04, 1.05, 1.07, 1.07, 1.14 }, 0.40, 1.8, FL_DARKENS_NO,
      "computed" },
    { "iron_oxide_black", "CI 77499", "brow; SMP softener; eyeliner",
      { 1.22, 1.27, 1.17, 1.11, 1.02, 0.87, 0.84, 0.91 }, 0.60, 5.18, FL_DARKENS_UNKNOWN,
      "computed" },
    { "iron_oxide_red", "CI 77491", "lip; brow warm base; areola",
      { 2.21, 1.46, 0.749, 0.572, 0.384, 0.169, 0.136, 0.042 }, 0.60, 5.24, FL_DARKENS_YES,
      "computed" },
    { "iron_oxide_yellow", "CI 77492", "brow; lip; flesh mixes",
      { 0.297, 0.0621, 0.0621, 0.054, 0.0522, 0.0288, 0.0288, 0.045 }, 0.80, 4.26, FL_DARKENS_YES,
      "shape seen; scale from memory" },
    { "iron_oxide_brown", "CI 77491+77492+77499", "brow (most common PMU brown)",
      { 1.34, 0.933, 0.593, 0.498, 0.395, 0.26, 0.239, 0.217 }, 0.60, 4.9, FL_DARKENS_YES,
      "computed mixture" },
    { "titanium_dioxide", "CI 77891", "white; flesh; lightener in nearly all PMU colours",
      { 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4 }, 2.0, 4.23, FL_DARKENS_YES,
      "computed + abstract" },
    { "chromium_oxide_green", "CI 77288", "green; eyeliner; old brow",
      { 0.046, 0.2, 0.132, 0.09, 0.066, 0.0188, 0.0132, 0.018 }, 1.0, 5.2, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
    { "ultramarine", "CI 77007", "blue; eyeliner",
      { 0.126, 0.271, 0.26, 0.199, 0.113, 0.0225, 0.018, 0.009 }, 0.8, 2.35, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
    { "azo_red", "PR22 PR112 PR170 PR210", "lip; red; pink",
      { 4.13, 2.79, 0.00312, 0.00174, 0.00132, 0.001, 0.001, 0.0005 }, 0.6, 1.4, FL_DARKENS_NO,
      "shape proxy seen; scale from memory" },
    { "quinacridone", "PR122 PV19", "lip; pink; magenta",
      { 4.71, 1.92, 0.0151, 0.00926, 0.00683, 0.005, 0.005, 0.0025 }, 0.6, 1.5, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
    { "orange", "PO13 PO34 PO73", "lip; brow corrector",
      { 4.68, 0.0653, 0.00104, 0.00061, 0.000434, 0.0004, 0.0004, 0.00025 }, 0.6, 1.4, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
    { "yellow_diarylide", "PY83 PY14", "yellow; brow; lip",
      { 0.463, 0.00135, 0.00062, 0.000498, 0.000475, 0.00042, 0.00042, 0.0003 }, 0.7, 1.4, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
    { "yellow_arylide", "PY65 PY74 PY97", "yellow; brow; lip",
      { 0.0155, 0.000619, 0.000298, 0.000223, 0.000213, 0.00018, 0.00018, 0.00012 }, 0.9, 1.45, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
    { "phthalo_blue", "CI 74160", "blue; eyeliner; teal mixes",
      { 0.426, 3.6, 5.41, 5.02, 5.99, 1.96, 1.12, 0.021 }, 0.5, 1.6, FL_DARKENS_NO,
      "shape seen; scale from memory" },
    { "phthalo_green", "CI 74260", "green; teal; olive brow",
      { 0.133, 1.24, 4.36, 4.09, 2.95, 2.07, 1.35, 0.018 }, 0.5, 2.1, FL_DARKENS_NO,
      "shape seen; scale from memory" },
    { "dioxazine_violet", "PV23", "violet corrector; brow modifier",
      { 5.53, 5.18, 1.86, 0.53, 0.13, 0.0021, 0.0021, 0.0014 }, 0.6, 1.5, FL_DARKENS_UNKNOWN,
      "shape seen; scale from memory" },
};
// clang-format on
#define ROWS (sizeof rows / sizeof *rows)

const fl_pigment *fl_pigment_row(size_t index)
{
    return index < ROWS ? &rows[index] : NULL;
}

const fl_pigment *fl_pigment_find(const char *id)
{
    for (size_t i = 0; i < ROWS; i++)
        if (fl_text_same(rows[i].id, id)) return &rows[i];
    return NULL;
}

fl_status fl_pigment_absorption(const fl_pigment *pigment, fl_wavelength wavelength, fl_mass_absorption *mac)
{
    FL_ASSERT(pigment && mac);
    double nm = fl_as_nm(wavelength), logs[LINES], log_m2_g = 0.0;
    if (fabs(nm - nearbyint(nm)) < 1e-6) nm = nearbyint(nm); /* 1064e-9 m is a line, not just above it */
    if (!(nm >= lines_nm[0] && nm <= lines_nm[LINES - 1])) return FL_E_RANGE;
    for (int i = 0; i < LINES; i++) {
        if (nm == lines_nm[i]) return *mac = fl_m2_g(pigment->m2_g[i]), FL_OK;
        logs[i] = log(pigment->m2_g[i]);
    }
    const gsl_interp line = {gsl_interp_linear, lines_nm[0], lines_nm[LINES - 1], LINES, NULL};
    if (gsl_interp_eval_e(&line, lines_nm, logs, nm, NULL, &log_m2_g) != GSL_SUCCESS) return FL_E_RANGE;
    *mac = fl_m2_g(exp(log_m2_g));
    return FL_OK;
}

/* MSC (1 - g) [m2/g] at 532, 755, 1064 nm from the rows of mie_particles.csv: rutile 250 nm, hematite 200 nm
 * (Querry 1985), magnetite 200 nm (geometric mean of the two index sets). Carbon absorbs 5 to 40 times what
 * it scatters and is left out. */
static const double scatter_nm[] = {532, 755, 1064};
static const struct {
    const char *id;
    double m2_g[3];
} scatters[] = {
    {"titanium_dioxide", {3.206, 1.841, 0.677}},
    {"iron_oxide_red", {1.282, 1.177, 0.376}},
    {"iron_oxide_black", {0.960, 0.669, 0.242}},
};

fl_status fl_pigment_scattering(const fl_pigment *pigment, fl_wavelength wavelength,
                                fl_mass_scattering *reduced)
{
    FL_ASSERT(pigment && reduced);
    double nm = fl_as_nm(wavelength), logs[3], log_m2_g = 0.0;
    if (fabs(nm - nearbyint(nm)) < 1e-6) nm = nearbyint(nm);
    if (!(nm >= scatter_nm[0] && nm <= scatter_nm[2])) return FL_E_RANGE;
    *reduced = (fl_mass_scattering){0.0};
    for (size_t row = 0; row < sizeof scatters / sizeof *scatters; row++) {
        if (!fl_text_same(scatters[row].id, pigment->id)) continue;
        for (int i = 0; i < 3; i++) logs[i] = log(scatters[row].m2_g[i]);
        const gsl_interp line = {gsl_interp_linear, scatter_nm[0], scatter_nm[2], 3, NULL};
        if (gsl_interp_eval_e(&line, scatter_nm, logs, nm, NULL, &log_m2_g) != GSL_SUCCESS) return FL_E_RANGE;
        *reduced = (fl_mass_scattering){exp(log_m2_g) * 1e3};
    }
    return FL_OK;
}
