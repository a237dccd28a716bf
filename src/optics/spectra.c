#include "fadeline/optics/spectra.h"

#include "tables.h"

#include "fadeline/base/assert.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_interp.h>
#include <math.h>
#include <stdbool.h>

/* Absorption [1/cm] = ln(10) eps c, c = 150 g/L over 64500 g/mol (Prahl, Oregon Medical Laser Center; 2.303
 * is how the tables round ln 10, and the published columns come out with it). */
#define HB_PER_CM (2.303 * 150.0 / 64500.0)

/* A linear gsl_interp has no state, so it can live on the stack: no allocation, safe from any thread. */
static fl_status interpolate(const double *x, const double *y, size_t rows, double at, double *value)
{
    if (!(at >= x[0] && at <= x[rows - 1])) return FL_E_RANGE; /* a NaN fails */
    const gsl_interp line = {gsl_interp_linear, x[0], x[rows - 1], rows, NULL};
    return gsl_interp_eval_e(&line, x, y, at, NULL, value) == GSL_SUCCESS ? FL_OK : FL_E_RANGE;
}

/* 532e-9 m times 1e9 is 532.0000000000001: whole nanometres must hit their row and the ends of a table. */
static double nm_of(fl_wavelength wavelength)
{
    const double nm = fl_as_nm(wavelength), whole = nearbyint(nm);
    return fabs(nm - whole) < 1e-6 ? whole : nm;
}

static bool within(double nm, double least, double most)
{
    return nm >= least && nm <= most;
}

fl_status fl_spectrum_absorption(fl_chromophore which, fl_wavelength wavelength, fl_attenuation *mua)
{
    FL_ASSERT(mua);
    const double nm = nm_of(wavelength);
    double per_cm = 0.0;
    fl_status status;
    switch (which) {
    case FL_HBO2:
        status = interpolate(table_hb_nm, table_hbo2_per_cm_per_M, table_hb_rows, nm, &per_cm);
        per_cm *= HB_PER_CM;
        break;
    case FL_HB:
        status = interpolate(table_hb_nm, table_hb_per_cm_per_M, table_hb_rows, nm, &per_cm);
        per_cm *= HB_PER_CM;
        break;
    case FL_WATER:
        status = interpolate(table_water_nm, table_water_per_cm, table_water_rows, nm, &per_cm);
        break;
    case FL_FAT: status = interpolate(table_fat_nm, table_fat_per_cm, table_fat_rows, nm, &per_cm); break;
    default: return FL_E_RANGE;
    }
    if (status == FL_OK) *mua = fl_per_cm(per_cm);
    return status;
}

fl_status fl_melanosome_absorption(const fl_melanosome *melanosome, fl_wavelength wavelength,
                                   fl_attenuation *mua)
{
    FL_ASSERT(melanosome && mua);
    const double nm = nm_of(wavelength);
    if (!within(nm, 450.0, 1100.0)) return FL_E_RANGE;
    if (!(melanosome->scale > 0.0 && melanosome->scale <= 20.0)) return FL_E_RANGE;
    if (!(melanosome->exponent >= 1.0 && melanosome->exponent <= 6.0)) return FL_E_RANGE;
    const double pivot_per_cm = 6.6e11 * pow(694.0, -3.33); /* Jacques, OMLC skin optics 1998 */
    *mua = fl_per_cm(melanosome->scale * pivot_per_cm * pow(nm / 694.0, -melanosome->exponent));
    return FL_OK;
}

fl_status fl_baseline_absorption(fl_wavelength wavelength, fl_attenuation *mua)
{
    FL_ASSERT(mua);
    const double nm = nm_of(wavelength);
    if (!within(nm, 350.0, 1100.0)) return FL_E_RANGE;
    *mua = fl_per_cm(0.244 + 85.3 * exp(-(nm - 154.0) / 66.2)); /* Jacques, OMLC skin optics 1998 */
    return FL_OK;
}

fl_status fl_anisotropy(fl_wavelength wavelength, double *g)
{
    FL_ASSERT(g);
    const double nm = nm_of(wavelength);
    if (!within(nm, 302.0, 1100.0)) return FL_E_RANGE;
    *g = 0.62 + 0.29e-3 * nm; /* van Gemert, Jacques, Sterenborg & Star 1989, IEEE Trans Biomed Eng 36:1146 */
    return FL_OK;
}

fl_status fl_refractive_index(fl_index_of which, fl_wavelength wavelength, double *n)
{
    FL_ASSERT(n);
    /* n = A + B / nm^2 + C / nm^4 */
    static const struct {
        double a, b, c, least_nm, most_nm;
    } rows[] = {
        [FL_INDEX_EPIDERMIS] = {1.4134, 7907.96, -389.978, 325, 1557}, /* Ding 2006 PMB 51:1479 */
        [FL_INDEX_DERMIS] = {1.3696, 3916.80, -2558.77, 325, 1557},    /* the same */
        [FL_INDEX_SUBCUTIS] = {1.44909, 5099.42, 0, 450, 1100}, /* Matiatou 2021 Results Phys 22:103833 */
        [FL_INDEX_BLOOD] = {1.357, 6.9e3, 7.6e8, 450, 850},     /* Li, Lin & Xie 2000, to 850 nm */
    };
    const double nm = nm_of(wavelength);
    if (which < FL_INDEX_EPIDERMIS || which > FL_INDEX_BLOOD) return FL_E_RANGE;
    if (!within(nm, rows[which].least_nm, rows[which].most_nm)) return FL_E_RANGE;
    const double nm2 = nm * nm;
    *n = rows[which].a + rows[which].b / nm2 + rows[which].c / (nm2 * nm2);
    return FL_OK;
}
