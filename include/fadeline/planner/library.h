/* Library: sites, skin types and inks as the clinic's profiles state them.
 *
 * Three files, each data with a source and a sureness per row, signed and dated: profiles/sites.yaml,
 * profiles/skin-types.yaml, profiles/inks.yaml. Past `review_by` a file is not used: the planner refuses with
 * "profile-expired". What absorbs how strongly is physics and lives in optics (pigment.h); these files say
 * what lies where, how much of it, and how sure we are.
 *
 *     fl_planner_library *library;
 *     fl_status status = fl_planner_library_load(&library, &error);        // profiles/ of fl_place_find
 *     const fl_planner_site *scalp = fl_planner_site_find(library, "scalp-male");
 *     const fl_planner_ink *ink = fl_planner_ink_find(library, "carbon-smp");
 *     if (fl_planner_library_is_expired(library, today, &error)) ...
 *     fl_planner_library_free(library);
 *
 * Constant once loaded, safe to read from any thread.
 */
#ifndef FL_PLANNER_LIBRARY_H
#define FL_PLANNER_LIBRARY_H

#include "fadeline/base/date.h"
#include "fadeline/config/yaml.h"
#include "fadeline/optics/pigment.h"

#include <stdbool.h>

/* A quantity known as a lognormal: median, and standard deviation of the logarithm. */
typedef struct fl_planner_hair {
    fl_length bulb; /* depth of the bulbs, median; 0: no terminal hair here */
    double ln_sigma;
    double per_cm2;
    const char *source, *sure;
} fl_planner_hair;

typedef struct fl_planner_site {
    const char *id, *title;
    fl_planner_hair hair;
    fl_length epidermis, dermis, subcutis; /* medians */
    double epidermis_ln_sigma, dermis_ln_sigma;
    double blood, blood_ln_sigma; /* volume fraction of the dermis */
    double melanin_factor; /* this site over sun-protected skin of the same person: 1.4 bald scalp, face */
    double melanin_factor_ln_sigma;
    const char *dermis_scattering; /* row of fl_scattering_find: "dermis", "mucous" */
    const char *source, *sure;
} fl_planner_site;

typedef struct fl_planner_skin_type {
    int type;                         /* 1..6 */
    double melanin, melanin_ln_sigma; /* volume fraction of a 60 um epidermis, sun-protected */
    const char *source, *sure;
} fl_planner_skin_type;

/* One pigment of an ink. */
typedef struct fl_planner_share {
    const char *pigment; /* id in optics/pigment.h */
    double mass_fraction;
} fl_planner_share;

/* Dots and strokes stand apart, and light reaches them from all sides; a layer is filled. */
typedef enum fl_ink_form { FL_FORM_DOTS = 1, FL_FORM_LAYER } fl_ink_form;

/* How ink lies in skin: "smp" dots, "pmu" shading and strokes, "tattoo". */
typedef struct fl_planner_geometry {
    const char *id, *title;
    fl_ink_form form;
    fl_length dot; /* width of a dot or stroke, median; NaN for a layer */
    double dot_ln_sigma;
    fl_length top, thickness; /* medians */
    double top_ln_sigma, thickness_ln_sigma;
    fl_areal_mass mass; /* mean over the skin */
    double mass_ln_sigma;
    double coverage,
        coverage_ln_sigma; /* share of the area that is inked: the ink under it is that much denser */
    const char *source, *sure;
} fl_planner_geometry;

typedef struct fl_planner_ink {
    const char *id, *title;
    fl_planner_share *shares; /* sum 1 within 1e-6 */
    size_t shares_count;
    fl_answer
        darkens; /* FL_YES when any pigment has documented paradoxical darkening, whatever the file says */
    fl_answer known; /* FL_NO: a guess at an ink nobody identified; planned, never without a test spot */
    const char *source, *sure;
} fl_planner_ink;

typedef struct fl_planner_library fl_planner_library;

FL_MUST_USE fl_status fl_planner_library_load(fl_planner_library **library, fl_error *error);
void fl_planner_library_free(fl_planner_library *library); /* NULL is fine */

/* Found by id, NULL when there is none; rows by index, NULL past the last. */
const fl_planner_site *fl_planner_site_find(const fl_planner_library *library, const char *id);
const fl_planner_site *fl_planner_site_row(const fl_planner_library *library, size_t index);
const fl_planner_skin_type *fl_planner_skin_type_find(const fl_planner_library *library, int type);
const fl_planner_ink *fl_planner_ink_find(const fl_planner_library *library, const char *id);
const fl_planner_ink *fl_planner_ink_row(const fl_planner_library *library, size_t index);
const fl_planner_geometry *fl_planner_geometry_find(const fl_planner_library *library, const char *id);

/* The files it was read from: sites, skin types, inks. Borrowed from the library. */
enum { FL_PLANNER_FILES = 3 };
typedef struct fl_planner_file {
    const char *path, *version, *signed_by;
    fl_date review_by;
    const uint8_t *sha256;
} fl_planner_file;
fl_planner_file fl_planner_library_file(const fl_planner_library *library, unsigned n);

/* True, with the file and its date in *error (FL_E_NO, code "profile-expired"), when `today` lies past the
 * review_by of any of the files. */
bool fl_planner_library_is_expired(const fl_planner_library *library, fl_date today, fl_error *error);
/* SHA-256 over the three files' digests, in the order sites, skin types, inks. */
void fl_planner_library_sha256(const fl_planner_library *library, uint8_t digest[FL_SHA256_SIZE]);

/* For `fadeline check`. */
extern const fl_yaml_schema fl_planner_sites_schema, fl_planner_skin_types_schema, fl_planner_inks_schema;

#endif
