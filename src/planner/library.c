#include "fadeline/planner/library.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/optics/spectra.h"

#include <math.h>
#include <stdlib.h>

/* What the three files have in common. */
typedef struct signature {
    const char *version, *signed_by;
    fl_date signed_on, review_by;
} signature;

typedef struct sites_file {
    signature signature;
    fl_planner_site *sites;
    size_t sites_count;
} sites_file;

typedef struct skin_types_file {
    signature signature;
    fl_planner_skin_type *types;
    size_t types_count;
} skin_types_file;

typedef struct inks_file {
    signature signature;
    fl_planner_geometry *geometries;
    size_t geometries_count;
    fl_planner_ink *inks;
    size_t inks_count;
} inks_file;

struct fl_planner_library {
    fl_yaml *files[FL_PLANNER_FILES];
    const sites_file *sites;
    const skin_types_file *types;
    const inks_file *inks;
};

/* ---- tables ---- */

static void signature_check(const signature *s, const fl_yaml_place *place)
{
    if (fl_date_compare(s->review_by, s->signed_on) < 0)
        fl_yaml_fault(place, "review_by", "a review lies after the signature",
                      "review_by lies before signed_on");
}

static void site_check(void *object, const fl_yaml_place *place)
{
    const fl_planner_site *site = object;
    if (!fl_scattering_find(site->dermis_scattering))
        fl_yaml_fault(place, "dermis_scattering", "'dermis', or 'mucous' for the lip",
                      "no scattering is tabulated for '%s'", site->dermis_scattering);
}

static void sites_check(void *object, const fl_yaml_place *place)
{
    const sites_file *file = object;
    signature_check(&file->signature, place);
    for (size_t i = 0; i < file->sites_count; i++)
        for (size_t k = 0; k < i; k++)
            if (fl_text_same(file->sites[i].id, file->sites[k].id))
                fl_yaml_fault(place, "sites", "an id stands once", "site '%s' stands twice",
                              file->sites[i].id);
}

static void skin_types_check(void *object, const fl_yaml_place *place)
{
    const skin_types_file *file = object;
    signature_check(&file->signature, place);
    double before = 0.0;
    for (int type = 1; type <= 6; type++) {
        const fl_planner_skin_type *row = NULL;
        for (size_t i = 0; i < file->types_count; i++)
            if (file->types[i].type == type) row = &file->types[i];
        if (!row || file->types_count != 6) {
            fl_yaml_fault(place, "skin_types", "one row each for I to VI",
                          "skin type %s is missing or stands twice", fl_skin_type_text(type));
            return;
        }
        if (row->melanin <= before)
            fl_yaml_fault(place, "skin_types", "a darker type holds more melanin",
                          "type %s holds no more melanin than the lighter one", fl_skin_type_text(type));
        before = row->melanin;
    }
}

static void ink_check(void *object, const fl_yaml_place *place)
{
    fl_planner_ink *ink = object;
    double sum = 0.0;
    for (size_t i = 0; i < ink->shares_count; i++) {
        const fl_pigment *pigment = fl_pigment_find(ink->shares[i].pigment);
        if (!pigment) {
            fl_yaml_fault(place, "pigments", "the tabulated pigments are in src/optics/README.md",
                          "no pigment '%s' is tabulated", ink->shares[i].pigment);
            return;
        }
        sum += ink->shares[i].mass_fraction;
        /* A file cannot talk darkening away, and unknown is treated as yes. */
        if (pigment->darkening != FL_DARKENS_NO) ink->darkens = FL_YES;
    }
    if (!(fabs(sum - 1.0) <= 1e-6))
        fl_yaml_fault(place, "pigments", "mass fractions add up to 1", "the mass fractions add up to %g",
                      sum);
}

static void inks_check(void *object, const fl_yaml_place *place)
{
    const inks_file *file = object;
    signature_check(&file->signature, place);
    for (size_t i = 0; i < file->inks_count; i++)
        for (size_t k = 0; k < i; k++)
            if (fl_text_same(file->inks[i].id, file->inks[k].id))
                fl_yaml_fault(place, "inks", "an id stands once", "ink '%s' stands twice", file->inks[i].id);
}

static void geometry_check(void *object, const fl_yaml_place *place)
{
    const fl_planner_geometry *g = object;
    if ((g->form == FL_FORM_DOTS) != isfinite(g->dot.m))
        fl_yaml_fault(place, "dot_mm", "dots have a width, a layer has none",
                      g->form == FL_FORM_DOTS ? "no width of the dots of '%s' is given"
                                              : "'%s' is a layer, yet a width of dots is given",
                      g->id);
}

// clang-format off
#define SIGNATURE(type)                                                                                        \
    { "version",   FL_YAML_ID(type, signature.version),     FL_YAML_REQUIRED, .help = "of this file" },         \
    { "signed_by", FL_YAML_TEXT(type, signature.signed_by), FL_YAML_REQUIRED, .help = "medical director" },     \
    { "signed_on", FL_YAML_DATE(type, signature.signed_on), FL_YAML_REQUIRED, .help = "YYYY-MM-DD" },           \
    { "review_by", FL_YAML_DATE(type, signature.review_by), FL_YAML_REQUIRED, .help = "past it the planner refuses" }
#define PROVENANCE(type)                                                                                       \
    { "source", FL_YAML_TEXT(type, source), FL_YAML_REQUIRED, .help = "where the numbers come from" },          \
    { "sure",   FL_YAML_TEXT(type, sure),   FL_YAML_REQUIRED, .help = "how sure they are" }

static const fl_yaml_field hair_fields[] = {
    { "bulb_mm",       FL_YAML_NUMBER(fl_planner_hair, bulb, 0.5, 10),   FL_YAML_REQUIRED, .help = "depth of the bulbs, median" },
    { "bulb_ln_sigma", FL_YAML_NUMBER(fl_planner_hair, ln_sigma, 0, 1),  FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "per_cm2",       FL_YAML_NUMBER(fl_planner_hair, per_cm2, 1, 1000), FL_YAML_REQUIRED, .help = "terminal hairs" },
    PROVENANCE(fl_planner_hair),
    { .key = NULL },
};
static const fl_yaml_table hair_table = { .name = "hair", .size = sizeof(fl_planner_hair), .fields = hair_fields };
static const fl_yaml_field site_fields[] = {
    { "id",    FL_YAML_ID(fl_planner_site, id),      FL_YAML_REQUIRED, .help = "short name" },
    { "title", FL_YAML_TEXT(fl_planner_site, title), FL_YAML_REQUIRED, .help = "for people" },
    { "epidermis_um",        FL_YAML_NUMBER(fl_planner_site, epidermis, 20, 500),       FL_YAML_REQUIRED, .help = "median" },
    { "epidermis_ln_sigma",  FL_YAML_NUMBER(fl_planner_site, epidermis_ln_sigma, 0, 1), FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "dermis_mm",           FL_YAML_NUMBER(fl_planner_site, dermis, 0.3, 10),          FL_YAML_REQUIRED, .help = "median" },
    { "dermis_ln_sigma",     FL_YAML_NUMBER(fl_planner_site, dermis_ln_sigma, 0, 1),    FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "subcutis_mm",         FL_YAML_NUMBER(fl_planner_site, subcutis, 0.5, 50),        FL_YAML_REQUIRED, .help = "median" },
    { "blood_fraction",      FL_YAML_NUMBER(fl_planner_site, blood, 0, 0.3),            FL_YAML_REQUIRED, .help = "of the dermis" },
    { "blood_ln_sigma",      FL_YAML_NUMBER(fl_planner_site, blood_ln_sigma, 0, 1),     FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "melanin_factor",      FL_YAML_NUMBER(fl_planner_site, melanin_factor, 1, 5),     FL_YAML_REQUIRED, .help = "over sun-protected skin" },
    { "melanin_factor_ln_sigma", FL_YAML_NUMBER(fl_planner_site, melanin_factor_ln_sigma, 0, 1), FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "dermis_scattering",   FL_YAML_ID(fl_planner_site, dermis_scattering),            FL_YAML_REQUIRED, .help = "dermis or mucous" },
    { "hair", FL_YAML_MAP(fl_planner_site, hair, hair_table), .help = "terminal hair, where there is some" },
    PROVENANCE(fl_planner_site),
    { .key = NULL },
};
static const fl_yaml_table site_table = { .name = "site", .size = sizeof(fl_planner_site), .fields = site_fields, .check = site_check };
static const fl_yaml_field sites_fields[] = {
    SIGNATURE(sites_file),
    { "sites", FL_YAML_MAPS(sites_file, sites, site_table), FL_YAML_REQUIRED, .help = "where ink lies" },
    { .key = NULL },
};
static const fl_yaml_table sites_table = { .name = "sites", .size = sizeof(sites_file), .fields = sites_fields, .check = sites_check };
const fl_yaml_schema fl_planner_sites_schema = { "sites/1", "Sites: the skin at each part of the body", &sites_table };

static const fl_yaml_field skin_type_fields[] = {
    { "type", FL_YAML_CHOICE(fl_planner_skin_type, type, fl_skin_type_choices), FL_YAML_REQUIRED, .help = "I to VI" },
    { "melanin_fraction", FL_YAML_NUMBER(fl_planner_skin_type, melanin, 0.001, 0.5),         FL_YAML_REQUIRED, .help = "of a 60 um epidermis, untanned" },
    { "melanin_ln_sigma", FL_YAML_NUMBER(fl_planner_skin_type, melanin_ln_sigma, 0, 1), FL_YAML_REQUIRED, .help = "of the logarithm" },
    PROVENANCE(fl_planner_skin_type),
    { .key = NULL },
};
static const fl_yaml_table skin_type_table = { .name = "skin type", .size = sizeof(fl_planner_skin_type), .fields = skin_type_fields };
static const fl_yaml_field skin_types_fields[] = {
    SIGNATURE(skin_types_file),
    { "skin_types", FL_YAML_MAPS(skin_types_file, types, skin_type_table), FL_YAML_REQUIRED, .help = "six rows" },
    { .key = NULL },
};
static const fl_yaml_table skin_types_table = { .name = "skin types", .size = sizeof(skin_types_file), .fields = skin_types_fields, .check = skin_types_check };
const fl_yaml_schema fl_planner_skin_types_schema = { "skin-types/1", "Skin types: melanin of each", &skin_types_table };

static const fl_yaml_choice forms[] = { { "dots", FL_FORM_DOTS, NULL }, { "layer", FL_FORM_LAYER, NULL }, { NULL, 0, NULL } };
static const fl_yaml_field geometry_fields[] = {
    { "id",    FL_YAML_ID(fl_planner_geometry, id),      FL_YAML_REQUIRED, .help = "smp, pmu, tattoo" },
    { "title", FL_YAML_TEXT(fl_planner_geometry, title), FL_YAML_REQUIRED, .help = "for people" },
    { "form",               FL_YAML_CHOICE(fl_planner_geometry, form, forms),              FL_YAML_REQUIRED, .help = "dots or layer" },
    { "dot_mm",             FL_YAML_NUMBER(fl_planner_geometry, dot, 0.02, 3),            .help = "width of a dot or stroke" },
    { "dot_ln_sigma",       FL_YAML_NUMBER(fl_planner_geometry, dot_ln_sigma, 0, 1),      .otherwise = "0", .help = "of the logarithm" },
    { "top_mm",             FL_YAML_NUMBER(fl_planner_geometry, top, 0.02, 3),            FL_YAML_REQUIRED, .help = "depth of the upper edge" },
    { "top_ln_sigma",       FL_YAML_NUMBER(fl_planner_geometry, top_ln_sigma, 0, 1),      FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "thickness_mm",       FL_YAML_NUMBER(fl_planner_geometry, thickness, 0.05, 5),      FL_YAML_REQUIRED, .help = "of the inked layer" },
    { "thickness_ln_sigma", FL_YAML_NUMBER(fl_planner_geometry, thickness_ln_sigma, 0, 1), FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "mass_mg_cm2",        FL_YAML_NUMBER(fl_planner_geometry, mass, 0.001, 20),         FL_YAML_REQUIRED, .help = "mean over the skin" },
    { "mass_ln_sigma",      FL_YAML_NUMBER(fl_planner_geometry, mass_ln_sigma, 0, 2),     FL_YAML_REQUIRED, .help = "of the logarithm" },
    { "coverage",           FL_YAML_NUMBER(fl_planner_geometry, coverage, 0.01, 1),       FL_YAML_REQUIRED, .help = "inked share of the area" },
    { "coverage_ln_sigma",  FL_YAML_NUMBER(fl_planner_geometry, coverage_ln_sigma, 0, 1), FL_YAML_REQUIRED, .help = "of the logarithm" },
    PROVENANCE(fl_planner_geometry),
    { .key = NULL },
};
static const fl_yaml_table geometry_table = { .name = "geometry", .size = sizeof(fl_planner_geometry), .fields = geometry_fields, .check = geometry_check };
static const fl_yaml_field share_fields[] = {
    { "pigment",       FL_YAML_ID(fl_planner_share, pigment),                     FL_YAML_REQUIRED, .help = "a tabulated pigment" },
    { "mass_fraction", FL_YAML_NUMBER(fl_planner_share, mass_fraction, 0.001, 1), FL_YAML_REQUIRED, .help = "all of an ink add up to 1" },
    { .key = NULL },
};
static const fl_yaml_table share_table = { .name = "pigment", .size = sizeof(fl_planner_share), .fields = share_fields };
static const fl_yaml_field ink_fields[] = {
    { "id",       FL_YAML_ID(fl_planner_ink, id),                   FL_YAML_REQUIRED, .help = "short name" },
    { "title",    FL_YAML_TEXT(fl_planner_ink, title),              FL_YAML_REQUIRED, .help = "for people" },
    { "known",    FL_YAML_YES_NO(fl_planner_ink, known),            FL_YAML_REQUIRED, .help = "no: a guess, never without a test spot" },
    { "darkens",  FL_YAML_YES_NO(fl_planner_ink, darkens),          .otherwise = "no", .help = "yes even if no pigment is known to" },
    { "pigments", FL_YAML_MAPS(fl_planner_ink, shares, share_table), FL_YAML_REQUIRED, .help = "by mass" },
    PROVENANCE(fl_planner_ink),
    { .key = NULL },
};
static const fl_yaml_table ink_table = { .name = "ink", .size = sizeof(fl_planner_ink), .fields = ink_fields, .check = ink_check };
static const fl_yaml_field inks_fields[] = {
    SIGNATURE(inks_file),
    { "geometries", FL_YAML_MAPS(inks_file, geometries, geometry_table), FL_YAML_REQUIRED, .help = "how ink lies in skin" },
    { "inks",       FL_YAML_MAPS(inks_file, inks, ink_table),            FL_YAML_REQUIRED, .help = "what is in it" },
    { .key = NULL },
};
static const fl_yaml_table inks_table = { .name = "inks", .size = sizeof(inks_file), .fields = inks_fields, .check = inks_check };
const fl_yaml_schema fl_planner_inks_schema = { "inks/1", "Inks: pigments by mass, and how they lie in skin", &inks_table };
// clang-format on

/* ---- loading ---- */

static fl_status load_one(const char *relative, const fl_yaml_schema *schema, fl_yaml **file, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_status status = fl_place_find(relative, path, error);
    if (status != FL_OK) return status;
    fl_faults *faults = fl_faults_new();
    status = fl_yaml_load(path, schema, faults, file);
    if (status != FL_OK) status = fl_faults_error(faults, error);
    fl_faults_free(faults);
    return status;
}

fl_status fl_planner_library_load(fl_planner_library **library, fl_error *error)
{
    static const struct {
        const char *path;
        const fl_yaml_schema *schema;
    } rows[3] = {
        {"profiles/sites.yaml", &fl_planner_sites_schema},
        {"profiles/skin-types.yaml", &fl_planner_skin_types_schema},
        {"profiles/inks.yaml", &fl_planner_inks_schema},
    };
    fl_planner_library *l = calloc(1, sizeof *l);
    if (!l) return fl_error_set(error, FL_E_MEMORY, "no memory for the profiles");
    for (unsigned i = 0; i < 3; i++) {
        const fl_status status = load_one(rows[i].path, rows[i].schema, &l->files[i], error);
        if (status != FL_OK) return fl_planner_library_free(l), status;
    }
    l->sites = fl_yaml_root(l->files[0]);
    l->types = fl_yaml_root(l->files[1]);
    l->inks = fl_yaml_root(l->files[2]);
    *library = l;
    return FL_OK;
}

void fl_planner_library_free(fl_planner_library *library)
{
    if (!library) return;
    for (unsigned i = 0; i < FL_PLANNER_FILES; i++) fl_yaml_free(library->files[i]);
    free(library);
}

/* ---- rows ---- */

const fl_planner_site *fl_planner_site_row(const fl_planner_library *l, size_t index)
{
    return index < l->sites->sites_count ? &l->sites->sites[index] : NULL;
}

const fl_planner_ink *fl_planner_ink_row(const fl_planner_library *l, size_t index)
{
    return index < l->inks->inks_count ? &l->inks->inks[index] : NULL;
}

const fl_planner_site *fl_planner_site_find(const fl_planner_library *l, const char *id)
{
    for (size_t i = 0; i < l->sites->sites_count; i++)
        if (fl_text_same(l->sites->sites[i].id, id)) return &l->sites->sites[i];
    return NULL;
}

const fl_planner_skin_type *fl_planner_skin_type_find(const fl_planner_library *l, int type)
{
    for (size_t i = 0; i < l->types->types_count; i++)
        if (l->types->types[i].type == type) return &l->types->types[i];
    return NULL;
}

const fl_planner_ink *fl_planner_ink_find(const fl_planner_library *l, const char *id)
{
    for (size_t i = 0; i < l->inks->inks_count; i++)
        if (fl_text_same(l->inks->inks[i].id, id)) return &l->inks->inks[i];
    return NULL;
}

const fl_planner_geometry *fl_planner_geometry_find(const fl_planner_library *l, const char *id)
{
    for (size_t i = 0; i < l->inks->geometries_count; i++)
        if (fl_text_same(l->inks->geometries[i].id, id)) return &l->inks->geometries[i];
    return NULL;
}

fl_planner_file fl_planner_library_file(const fl_planner_library *l, unsigned n)
{
    const signature *signatures[] = {&l->sites->signature, &l->types->signature, &l->inks->signature};
    FL_ASSERT(n < FL_PLANNER_FILES);
    return (fl_planner_file){fl_yaml_path(l->files[n]), signatures[n]->version, signatures[n]->signed_by,
                             signatures[n]->review_by, fl_yaml_sha256(l->files[n])};
}

bool fl_planner_library_is_expired(const fl_planner_library *l, fl_date today, fl_error *error)
{
    for (unsigned i = 0; i < FL_PLANNER_FILES; i++) {
        const fl_planner_file file = fl_planner_library_file(l, i);
        if (fl_date_compare(today, file.review_by) <= 0) continue;
        char date[11];
        fl_error_set(error, FL_E_NO, "%s was to be reviewed by %s", file.path,
                     fl_date_text(file.review_by, date));
        fl_error_hint(error, "have %s review and sign it again", file.signed_by);
        fl_error_code(error, "profile-expired");
        return true;
    }
    return false;
}

void fl_planner_library_sha256(const fl_planner_library *l, uint8_t digest[FL_SHA256_SIZE])
{
    fl_piece pieces[FL_PLANNER_FILES];
    for (unsigned i = 0; i < FL_PLANNER_FILES; i++)
        pieces[i] = (fl_piece){fl_yaml_sha256(l->files[i]), FL_SHA256_SIZE};
    fl_sha256_pieces(pieces, FL_PLANNER_FILES, digest);
}
