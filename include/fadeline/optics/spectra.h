/* Spectra: how strongly the parts of skin absorb, scatter and bend light of one wavelength.
 *
 * The numbers are compiled in (physics never opens a file), each table with its source beside it in
 * src/optics/tables.c. Between table rows we interpolate with GSL (Steffen's monotone cubic: no overshoot, so
 * no negative absorption); outside a table or the stated range of a formula we refuse, never extrapolate.
 *
 *     fl_attenuation mua;
 *     fl_status status = fl_spectrum_absorption(FL_WATER, fl_nm(1064), &mua); // FL_OK, 0.151 /cm
 *     fl_melanosome melanosome = FL_MELANOSOME_J98;
 *     status = fl_melanosome_absorption(&melanosome, fl_nm(755), &mua);       // FL_OK, 172 /cm
 *
 * Pure: no allocation, no globals but constants, safe from any thread. FL_E_RANGE leaves the answer alone.
 */
#ifndef FL_OPTICS_SPECTRA_H
#define FL_OPTICS_SPECTRA_H

#include "fadeline/base/status.h"
#include "fadeline/units/units.h"

#include <stddef.h>

/* Absorption of the pure substance; blood at 150 g/L haemoglobin. All 450-1100 nm except fat, 450-1098 nm. */
typedef enum fl_chromophore { FL_HBO2 = 1, FL_HB, FL_WATER, FL_FAT } fl_chromophore; /* 0: not set */
FL_MUST_USE fl_status fl_spectrum_absorption(fl_chromophore which, fl_wavelength wavelength,
                                             fl_attenuation *mua);

/* Inside of a skin melanosome: scale * mua(694 nm) * (wavelength / 694 nm)^-exponent, 450-1100 nm. The pivot
 * is 694 nm because that is where scale and exponent are uncertain independently of each other: scale LN(1,
 * 0.30), exponent N(3.33, 0.20). The default is Jacques, OMLC 1998: 6.6e11 * nm^-3.33 /cm. */
typedef struct fl_melanosome {
    double scale, exponent; /* scale in (0, 20], exponent in [1, 6] */
} fl_melanosome;
#define FL_MELANOSOME_J98 ((fl_melanosome){.scale = 1.0, .exponent = 3.33})
FL_MUST_USE fl_status fl_melanosome_absorption(const fl_melanosome *melanosome, fl_wavelength wavelength,
                                               fl_attenuation *mua);

/* Skin without melanin and blood: 0.244 + 85.3 exp(-(nm - 154) / 66.2) /cm, 350-1100 nm (Jacques, OMLC 1998;
 * rat skin). The weakest term of the model from 650 nm up: measured skin shows 0.5-1.5 /cm where this says
 * 0.25. */
FL_MUST_USE fl_status fl_baseline_absorption(fl_wavelength wavelength, fl_attenuation *mua);

/* Reduced scattering of a tissue, 400-1300 nm: rows of Jacques 2013 tables 1 and 2, and three fits to Shimojo
 * 2020. `scale` multiplies the row, (0, 10]; `exponent_shift` adds to its exponent around 500 nm, [-2, 2]. */
typedef struct fl_scattering fl_scattering; /* one row, constant */
const fl_scattering *
fl_scattering_find(const char *id); /* "dermis", "epidermis", "fat_54", ...; NULL: no such row */
const fl_scattering *fl_scattering_row(size_t index); /* NULL past the last */
const char *fl_scattering_id(const fl_scattering *row);
const char *fl_scattering_tissue(const fl_scattering *row);
const char *fl_scattering_source(const fl_scattering *row);
FL_MUST_USE fl_status fl_scattering_reduced(const fl_scattering *row, fl_wavelength wavelength, double scale,
                                            double exponent_shift, fl_attenuation *musp);

/* g = 0.62 + 0.29e-3 nm for epidermis and dermis (van Gemert, Jacques, Sterenborg & Star 1989; fitted 302-633
 * nm, used to 1100 nm, where it is extrapolated: 0.929 at 1064 nm). */
FL_MUST_USE fl_status fl_anisotropy(fl_wavelength wavelength, double *g);

/* Refractive index fits: epidermis and dermis Ding 2006 (325-1557 nm), subcutis Matiatou 2021 and whole blood
 * Li 2000, both used 450-1100 and 450-850 nm here. Ex vivo; for a skin model the reference advises 1.40 +-
 * 0.02. */
typedef enum fl_index_of {
    FL_INDEX_EPIDERMIS = 1,
    FL_INDEX_DERMIS,
    FL_INDEX_SUBCUTIS,
    FL_INDEX_BLOOD
} fl_index_of;
FL_MUST_USE fl_status fl_refractive_index(fl_index_of which, fl_wavelength wavelength, double *n);

#endif
