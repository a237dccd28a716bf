/* labels: unit physics */
#include "check.h"

#include "fadeline/optics/pigment.h"
#include "fadeline/optics/spectra.h"

static double absorption(fl_chromophore which, double nm)
{
    fl_attenuation mua = {NAN};
    CHECK(fl_spectrum_absorption(which, fl_nm(nm), &mua) == FL_OK, "%d at %g nm: refused", which, nm);
    return fl_as_per_cm(mua);
}

/* Published columns at laser lines [1/cm]; the haemoglobin ones were printed with eps * 2.303 * 150 / 64500.
 * The fractional wavelengths lie half way between two rows. */
static void chromophores_match_their_tables(void)
{
    // clang-format off
    static const struct { const char *what; fl_chromophore which; double nm, per_cm, rel; } rows[] = {
        { "HbO2 450 nm, first row", FL_HBO2,  450, 336.4425, 1e-4 },
        { "HbO2 532 nm",            FL_HBO2,  532, 234.9999, 1e-4 },
        { "Hb 532 nm",              FL_HB,    532, 217.3679, 1e-4 },
        { "HbO2 755 nm",            FL_HBO2,  755, 2.9737,   1e-4 },
        { "Hb 755 nm",              FL_HB,    755, 8.3078,   1e-4 },
        { "HbO2 1064 nm",           FL_HBO2, 1064, 3.6021,   1e-4 },
        { "Hb 1064 nm",             FL_HB,   1064, 0.3064,   1e-3 },
        { "HbO2 451 nm, between",   FL_HBO2,  451, 0.5 * (336.4425 + 315.2756), 1e-4 },
        { "Hb 457 nm, between",     FL_HB,    457, 0.5 * (164.4228 + 138.6476), 1e-4 },
        { "water 532 nm",           FL_WATER, 532, 0.00042752, 1e-9 },
        { "water 755 nm",           FL_WATER, 755, 0.026294, 1e-9 },
        { "water 1064 nm",          FL_WATER, 1064, 0.15107, 1e-9 },
        { "water 452.5 nm",         FL_WATER, 452.5, 0.00022061, 1e-6 },
        { "fat 532 nm",             FL_FAT,   532, 0.01002,  1e-9 },
        { "fat 755 nm",             FL_FAT,   755, 0.01120,  1e-9 },
        { "fat 1064 nm",            FL_FAT,  1064, 0.05364,  1e-9 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_REL(absorption(rows[i].which, rows[i].nm), rows[i].per_cm, rows[i].rel, rows[i].what);
}

/* README of the reference, section 1: melanosome 552/228/172/54.9 and baseline 0.53/0.27/0.25/0.24 /cm; the
 * more exact ones are columns of the melanin table. */
static void formulas_match_their_check_values(void)
{
    static const struct {
        double nm, melanosome, baseline, g;
    } rows[] = {
        {450, 964.60, 1.2192, 0.7505}, {532, 552.41, 0.5266, 0.77428}, {580, 414.31, 0.3808, 0.7882},
        {694, 228, 0.2685, 0.82126},   {755, 172, 0.2537, 0.83895},    {1064, 54.9, 0.24409, 0.92856},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char what[64];
        snprintf(what, sizeof what, "%g nm", rows[i].nm);
        const fl_melanosome j98 = FL_MELANOSOME_J98;
        fl_attenuation melanosome = {NAN}, baseline = {NAN};
        double g = NAN;
        CHECK(fl_melanosome_absorption(&j98, fl_nm(rows[i].nm), &melanosome) == FL_OK, "%s", what);
        CHECK(fl_baseline_absorption(fl_nm(rows[i].nm), &baseline) == FL_OK, "%s", what);
        CHECK(fl_anisotropy(fl_nm(rows[i].nm), &g) == FL_OK, "%s", what);
        CHECK_REL(fl_as_per_cm(melanosome), rows[i].melanosome, 2.5e-3, what);
        CHECK_REL(fl_as_per_cm(baseline), rows[i].baseline, 5e-4, what);
        CHECK_REL(g, rows[i].g, 1e-9, what);
    }
}

/* The knobs turn about 694 nm: a scale multiplies everywhere, an exponent leaves 694 nm alone. The other
 * published melanosomes are reachable within their own spread: JM91 has exponent 3.48 and 220 /cm at 694 nm.
 */
static void melanosome_knobs_turn_about_694_nm(void)
{
    const fl_melanosome jm91 = {.scale = 220.21 / 228.09, .exponent = 3.48}, plain = FL_MELANOSOME_J98;
    fl_attenuation a, b;
    CHECK(fl_melanosome_absorption(&jm91, fl_nm(532), &a) == FL_OK, "JM91");
    CHECK_REL(fl_as_per_cm(a), 554.98, 3e-3, "JM91 at 532 nm");
    const fl_melanosome steep = {1.0, 3.9};
    CHECK(fl_melanosome_absorption(&steep, fl_nm(694), &a) == FL_OK, "steep");
    CHECK(fl_melanosome_absorption(&plain, fl_nm(694), &b) == FL_OK, "plain");
    CHECK_REL(a.per_m, b.per_m, 1e-12, "exponent at the pivot");
    static const fl_melanosome bad[] = {{0, 3.33},     {-1, 3.33}, {NAN, 3.33}, {1, NAN},
                                        {1, INFINITY}, {1, 0.99},  {1, 6.01},   {20.1, 3.33}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        a.per_m = 7.0;
        CHECK(fl_melanosome_absorption(&bad[i], fl_nm(755), &a) == FL_E_RANGE, "scale %g exponent %g taken",
              bad[i].scale, bad[i].exponent);
        CHECK(a.per_m == 7.0, "answer touched");
    }
}

/* Evaluated columns of the scattering table [1/cm] at 532/694/755/785/1064 nm; the skin rows use model 2, the
 * Asian fits and skin_8 model 1. */
static void scattering_rows_match_their_columns(void)
{
    static const double nm[] = {532, 694, 755, 785, 1064};
    // clang-format off
    static const struct { const char *id; double musp[5]; } rows[] = {
        { "skin_mean",      { 42.48, 27.83, 25.02, 23.90, 17.65 } },
        { "skin_8",         { 28.58, 21.34, 19.45, 18.63, 13.33 } },
        { "dermis",         { 38.79, 26.21, 23.84, 22.91, 17.70 } },
        { "epidermis",      { 60.47, 42.99, 39.37, 37.89, 29.09 } },
        { "mucous",         { 17.00, 11.05, 9.64, 9.05, 5.53 } },
        { "fat_54",         { 31.37, 23.41, 21.74, 21.06, 16.93 } },
        { "dermis_mcxyz",   { 35.65, 18.69, 15.73, 14.59, 8.85 } },
        { "dermis_asian",   { 39.82, 25.89, 22.59, 21.21, 12.96 } },
        { "subcut_fat_asian", { 19.30, 15.59, 14.57, 14.12, 11.06 } },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t j = 0; j < 5; j++) {
            const fl_scattering *row = fl_scattering_find(rows[i].id);
            fl_attenuation musp = {NAN};
            CHECK(row && fl_scattering_reduced(row, fl_nm(nm[j]), 1.0, 0.0, &musp) == FL_OK, "%s",
                  rows[i].id);
            /* The columns have two decimals, and the Asian fits rounded parameters. */
            CHECK_NEAR(fl_as_per_cm(musp), rows[i].musp[j], 0.0051 + 2e-4 * rows[i].musp[j], rows[i].id);
        }
    const fl_scattering *dermis = fl_scattering_find("dermis");
    fl_attenuation plain, knobbed = {7.0};
    CHECK(fl_scattering_reduced(dermis, fl_nm(1000), 1.0, 0.0, &plain) == FL_OK, "dermis at 1000 nm");
    CHECK(fl_scattering_reduced(dermis, fl_nm(1000), 1.7, 1.0, &knobbed) == FL_OK, "knobs");
    CHECK_REL(knobbed.per_m / plain.per_m, 1.7 / 2.0, 1e-12, "twice the pivot wavelength, exponent + 1");
    CHECK(!fl_scattering_find("Dermis") && !fl_scattering_find(NULL) && !fl_scattering_find(""),
          "no such row");
    size_t count = 0;
    while (fl_scattering_row(count)) count++;
    CHECK(count == 26, "%zu rows", count);
}

/* Outside its range every spectrum refuses and leaves the answer alone. */
static void out_of_range_is_refused(void)
{
    static const double bad_nm[] = {449.9, 1100.1, 0, -532, 1e9, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad_nm / sizeof *bad_nm; i++) {
        const fl_wavelength at = fl_nm(bad_nm[i]);
        fl_attenuation mua = {7.0};
        const fl_melanosome j98 = FL_MELANOSOME_J98;
        for (int which = FL_HBO2; which <= FL_FAT; which++)
            CHECK(fl_spectrum_absorption((fl_chromophore)which, at, &mua) == FL_E_RANGE, "%d at %g nm", which,
                  bad_nm[i]);
        CHECK(fl_melanosome_absorption(&j98, at, &mua) == FL_E_RANGE, "melanosome at %g nm", bad_nm[i]);
        CHECK(mua.per_m == 7.0, "answer touched at %g nm", bad_nm[i]);
    }
    fl_attenuation mua = {7.0};
    double n = 7.0;
    CHECK(fl_spectrum_absorption(FL_FAT, fl_nm(1098.5), &mua) == FL_E_RANGE, "fat ends at 1098 nm");
    CHECK(fl_spectrum_absorption((fl_chromophore)0, fl_nm(755), &mua) == FL_E_RANGE, "chromophore not set");
    CHECK(fl_spectrum_absorption((fl_chromophore)99, fl_nm(755), &mua) == FL_E_RANGE, "no such chromophore");
    CHECK(fl_baseline_absorption(fl_nm(349), &mua) == FL_E_RANGE, "baseline from 350 nm");
    CHECK(fl_scattering_reduced(fl_scattering_row(0), fl_nm(1301), 1, 0, &mua) == FL_E_RANGE,
          "scattering to 1300 nm");
    CHECK(fl_scattering_reduced(fl_scattering_row(0), fl_nm(755), NAN, 0, &mua) == FL_E_RANGE, "scale NaN");
    CHECK(fl_scattering_reduced(fl_scattering_row(0), fl_nm(755), 1, NAN, &mua) == FL_E_RANGE, "shift NaN");
    CHECK(fl_refractive_index(FL_INDEX_BLOOD, fl_nm(1064), &n) == FL_E_RANGE, "blood index ends at 850 nm");
    CHECK(fl_refractive_index((fl_index_of)0, fl_nm(755), &n) == FL_E_RANGE, "tissue not set");
    CHECK(mua.per_m == 7.0 && n == 7.0, "answer touched");
}

/* Columns of the refractive index table. */
static void refractive_index_matches_its_table(void)
{
    // clang-format off
    static const struct { fl_index_of which; double nm, n; } rows[] = {
        { FL_INDEX_EPIDERMIS, 532, 1.4413 }, { FL_INDEX_EPIDERMIS, 1064, 1.4204 }, { FL_INDEX_DERMIS, 694, 1.3777 },
        { FL_INDEX_DERMIS, 1064, 1.3731 }, { FL_INDEX_SUBCUTIS, 755, 1.4580 }, { FL_INDEX_BLOOD, 532, 1.3909 },
        { FL_INDEX_BLOOD, 850, 1.3680 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double n = NAN;
        CHECK(fl_refractive_index(rows[i].which, fl_nm(rows[i].nm), &n) == FL_OK, "row %zu", i);
        CHECK_NEAR(n, rows[i].n, 6e-5, "index");
    }
}

static void pigments_know_their_lines_and_no_more(void)
{
    // clang-format off
    static const struct { const char *id; double nm, m2_g; } rows[] = {
        { "carbon_black", 532, 10.04 }, { "carbon_black", 755, 7.25 }, { "carbon_black", 1064, 5.04 },
        { "iron_oxide_red", 694, 0.384 }, { "phthalo_green", 785, 1.35 }, { "titanium_dioxide", 1064, 1e-4 },
        { "carbon_black", 730, 7.5100 }, /* between lines: 7.90^(25/61) * 7.25^(36/61) */
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_pigment *pigment = fl_pigment_find(rows[i].id);
        fl_mass_absorption mac = {NAN};
        CHECK(pigment && fl_pigment_absorption(pigment, fl_nm(rows[i].nm), &mac) == FL_OK, "%s", rows[i].id);
        CHECK_REL(fl_as_m2_g(mac), rows[i].m2_g, 1e-4, rows[i].id);
    }
    static const double bad_nm[] = {531, 1065, NAN, 0, -755};
    for (size_t i = 0; i < sizeof bad_nm / sizeof *bad_nm; i++) {
        fl_mass_absorption mac = {7.0};
        CHECK(fl_pigment_absorption(fl_pigment_row(0), fl_nm(bad_nm[i]), &mac) == FL_E_RANGE &&
                  mac.m2_kg == 7.0,
              "%g nm taken", bad_nm[i]);
    }
    CHECK(!fl_pigment_find("carbon") && !fl_pigment_find(NULL), "no such pigment");
    CHECK(fl_pigment_find("iron_oxide_red")->darkening == FL_DARKENS_YES, "hematite darkens");
    CHECK(fl_pigment_find("carbon_black")->darkening == FL_DARKENS_NO, "carbon does not");
    CHECK(fl_pigment_find("orange")->darkening == FL_DARKENS_UNKNOWN, "no report is not a no");
    size_t count = 0;
    while (fl_pigment_row(count)) {
        const fl_pigment *row = fl_pigment_row(count++);
        CHECK(row->ln_sigma > 0.0 && row->density_g_cm3 > 1.0 && row->darkening >= FL_DARKENS_NO, "%s",
              row->id);
    }
    CHECK(count == 17, "%zu pigments", count);
}

FL_TESTS("optics/spectra", TEST(chromophores_match_their_tables), TEST(formulas_match_their_check_values),
         TEST(melanosome_knobs_turn_about_694_nm), TEST(scattering_rows_match_their_columns),
         TEST(out_of_range_is_refused), TEST(refractive_index_matches_its_table),
         TEST(pigments_know_their_lines_and_no_more))
