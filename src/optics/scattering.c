#include "fadeline/optics/spectra.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>

/* Model 1: musp = a (nm/500)^-b. Model 2: musp = a' (f (nm/500)^-4 + (1 - f) (nm/500)^-bm), used where a' is
 * given (0: it is not). Jacques S L 2013, Phys Med Biol 58:R37, eqs 1-2, tables 1-2; the rows *_asian are
 * power-law fits to Shimojo 2020, within 3 % over 532-1064 nm. */
struct fl_scattering {
    const char *id, *tissue;
    double a_per_cm, b, a_prime_per_cm, f_rayleigh, b_mie;
    const char *source;
};

// clang-format off
static const fl_scattering rows[] = {
    { "skin_mean", "skin; mean of 8 (a;b) / 7 (a_prime) sets", 46, 1.421, 48, 0.409, 0.702,
      "Jacques 2013 table 2" },
    { "skin_1", "skin", 48.9, 1.548, 45.6, 0.22, 1.184,
      "Jacques 2013 table 1 row 1; data of Anderson et al 1982" },
    { "skin_2", "skin", 47.8, 2.453, 42.9, 0.76, 0.351,
      "Jacques 2013 table 1 row 2; data of Jacques 1996" },
    { "skin_3", "skin", 37.2, 1.39, 42.6, 0.4, 0.919,
      "Jacques 2013 table 1 row 3; data of Simpson et al 1998" },
    { "skin_4", "skin (neonatal)", 60.1, 1.722, 58.3, 0.31, 0.991,
      "Jacques 2013 table 1 row 4; data of Saidi et al 1995" },
    { "skin_5", "skin", 29.7, 0.705, 36.4, 0.48, 0.22,
      "Jacques 2013 table 1 row 5; data of Bashkatov et al 2011" },
    { "dermis", "dermis", 45.3, 1.292, 43.6, 0.41, 0.562,
      "Jacques 2013 table 1 row 6; data of Salomatina et al 2006" },
    { "epidermis", "epidermis", 68.7, 1.161, 66.7, 0.29, 0.689,
      "Jacques 2013 table 1 row 7; data of Salomatina et al 2006" },
    { "skin_8", "skin", 30.6, 1.1, 0, 0, 0,
      "Jacques 2013 table 1 row 8; data of Alexandrakis et al 2005" },
    { "bone_mean", "bone; mean of 3 / 2", 22.9, 0.716, 15.3, 0.022, 0.326,
      "Jacques 2013 table 2" },
    { "skull_25", "skull", 9.5, 0.141, 9.7, 0.04, 0.116,
      "Jacques 2013 table 1 row 25; data of Bevilacqua et al 2000" },
    { "skull_26", "skull", 20.9, 0.537, 20.9, 0, 0.537,
      "Jacques 2013 table 1 row 26; data of Firbank et al 1993" },
    { "bone_27", "bone", 38.4, 1.47, 0, 0, 0,
      "Jacques 2013 table 1 row 27; data of Alexandrakis et al 2005" },
    { "mucous", "mucous tissue (use for lip vermilion)", 18.8, 1.62, 18.8, 0, 1.62,
      "Jacques 2013 table 1 row 31; data of Bashkatov et al 2011" },
    { "muscle", "muscle (frontalis/orbicularis)", 13, 0.926, 13, 0, 0.926,
      "Jacques 2013 table 1 row 29; data of Tromberg 1996" },
    { "fat_mean", "fatty tissue; mean of 6 / 5", 18.4, 0.672, 19.3, 0.174, 0.447,
      "Jacques 2013 table 2" },
    { "fat_51", "subcutaneous fat", 13.7, 0.385, 14.7, 0.16, 0.25,
      "Jacques 2013 table 1 row 51; data of Simpson et al 1998" },
    { "fat_53", "subcutaneous adipose", 15.4, 0.68, 15.4, 0, 0.68,
      "Jacques 2013 table 1 row 53; data of Bashkatov et al 2011" },
    { "fat_54", "subcutaneous fat", 35.2, 0.988, 34.2, 0.26, 0.567,
      "Jacques 2013 table 1 row 54; data of Salomatina et al 2006" },
    { "fat_55", "subcutaneous adipocytes", 21.6, 0.93, 21.1, 0.17, 0.651,
      "Jacques 2013 table 1 row 55; data of Salomatina et al 2006" },
    { "breast_mean", "breast (areola subcutis)", 16.8, 1.055, 18.7, 0.288, 0.685,
      "Jacques 2013 table 2" },
    { "blood_42", "whole blood in vivo", 22, 0.66, 0, 0, 0,
      "Jacques 2013 table 1 row 42; data of Alexandrakis et al 2005" },
    { "dermis_mcxyz", "dermis; value set used in the mcxyz/MCmatlab blood-vessel example", 0, 0, 42.4, 0.62, 1,
      "public example code; attributed there to Jacques 2013 formulas" },
    { "epidermis_asian", "Asian epidermis; fit of musp over 532-1064 nm", 75.11, 1.302, 0, 0, 0,
      "[computed] power-law fit to Shimojo et al 2020 (see measured_layers.csv)" },
    { "dermis_asian", "Asian dermis; fit of musp over 532-1064 nm", 44.02, 1.619, 0, 0, 0,
      "[computed] power-law fit to Shimojo et al 2020 (see measured_layers.csv)" },
    { "subcut_fat_asian", "Asian subcut_fat; fit of musp over 532-1064 nm", 20.28, 0.8026, 0, 0, 0,
      "[computed] power-law fit to Shimojo et al 2020 (see measured_layers.csv)" },
};
// clang-format on
#define ROWS (sizeof rows / sizeof *rows)

const fl_scattering *fl_scattering_row(size_t index)
{
    return index < ROWS ? &rows[index] : NULL;
}
const char *fl_scattering_id(const fl_scattering *row)
{
    return row->id;
}
const char *fl_scattering_tissue(const fl_scattering *row)
{
    return row->tissue;
}
const char *fl_scattering_source(const fl_scattering *row)
{
    return row->source;
}

const fl_scattering *fl_scattering_find(const char *id)
{
    for (size_t i = 0; i < ROWS; i++)
        if (fl_text_same(rows[i].id, id)) return &rows[i];
    return NULL;
}

fl_status fl_scattering_reduced(const fl_scattering *row, fl_wavelength wavelength, double scale,
                                double exponent_shift, fl_attenuation *musp)
{
    FL_ASSERT(row && musp);
    const double nm = fl_as_nm(wavelength);
    if (!(nm >= 400.0 && nm <= 1300.0)) return FL_E_RANGE;
    if (!(scale > 0.0 && scale <= 10.0)) return FL_E_RANGE;
    if (!(exponent_shift >= -2.0 && exponent_shift <= 2.0)) return FL_E_RANGE;
    const double x = nm / 500.0;
    double per_cm;
    if (row->a_prime_per_cm > 0.0) {
        const double f = row->f_rayleigh;
        per_cm = row->a_prime_per_cm * (f * pow(x, -4.0) + (1.0 - f) * pow(x, -row->b_mie));
    } else {
        per_cm = row->a_per_cm * pow(x, -row->b);
    }
    *musp = fl_per_cm(scale * per_cm * pow(x, -exponent_shift));
    return FL_OK;
}
