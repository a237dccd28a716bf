/* labels: unit fault */
#include "check.h"
#include "helper_request.h"

#include "fadeline/base/place.h"

static void everything_is_there_and_makes_sense(void)
{
    const fl_planner_library *l = test_library();
    for (int t = 1; t <= 6; t++) CHECK(fl_planner_skin_type_find(l, t) != NULL, "type %d is missing", t);
    CHECK(!fl_planner_skin_type_find(l, 0) && !fl_planner_skin_type_find(l, 7), "a type that is none");
    CHECK_REL(fl_planner_skin_type_find(l, 4)->melanin, 0.065, 1e-12, "type IV");
    CHECK_REL(fl_planner_site_find(l, "scalp-male")->epidermis.m, 85e-6, 1e-12, "um become metres");
    CHECK_REL(fl_planner_geometry_find(l, "tattoo")->mass.kg_m2, 0.015, 1e-12, "1.5 mg/cm2 is 0.015 kg/m2");
    CHECK(!fl_planner_site_find(l, "Scalp-male") && !fl_planner_ink_find(l, "carbon") &&
              !fl_planner_geometry_find(l, ""),
          "near is not the same");
    size_t inks = 0, sites = 0;
    for (const fl_planner_ink *ink; (ink = fl_planner_ink_row(l, inks)); inks++) {
        CHECK(fl_planner_ink_find(l, ink->id) == ink, "%s stands twice", ink->id);
        for (size_t i = 0; i < ink->shares_count; i++) {
            const fl_pigment *pigment = fl_pigment_find(ink->shares[i].pigment);
            CHECK(pigment != NULL, "%s holds an unknown pigment", ink->id);
            if (pigment && pigment->darkening != FL_DARKENS_NO)
                CHECK(ink->darkens == FL_YES, "%s hides that %s darkens", ink->id, pigment->id);
        }
    }
    while (fl_planner_site_row(l, sites)) sites++;
    CHECK(inks >= 15 && sites >= 8, "%zu inks, %zu sites", inks, sites);
    CHECK(fl_planner_ink_find(l, "unknown-brown")->known == FL_NO, "a guess that calls itself known");
    CHECK(fl_planner_ink_find(l, "carbon-smp")->darkens == FL_NO, "carbon does not darken");
}

/* Tables past their review date are not used. */
/* hazards: H43 */
static void a_review_date_binds(void)
{
    fl_date day;
    fl_error error = {0};
    CHECK(fl_date_read("2026-05-04", &day) == FL_OK &&
              !fl_planner_library_is_expired(test_library(), day, &error),
          "in force");
    CHECK(fl_date_read("2027-04-01", &day) == FL_OK &&
              !fl_planner_library_is_expired(test_library(), day, &error),
          "the last day");
    CHECK(fl_date_read("2027-04-02", &day) == FL_OK &&
              fl_planner_library_is_expired(test_library(), day, &error),
          "the day after");
    CHECK_TEXT(error.code, "profile-expired", "code");
    CHECK(strstr(error.what, "sites.yaml") && strstr(error.what, "2027-04-01"), "'%s'", error.what);
    CHECK(error.hint[0] != 0, "no hint");
    CHECK(fl_planner_library_is_expired(test_library(), day, NULL), "without an error to fill");
}

/* Every fault is one edit of the shipped file: the text to find, what stands there instead, and a word that
 * the complaint must hold. */
/* hazards: H39 H41 H42 */
static void edits_that_make_no_sense_are_refused(void)
{
    /* clang-format off */
    static const struct { const char *file; const fl_yaml_schema *schema; const char *find, *instead, *word; } rows[] = {
        { "sites.yaml", &fl_planner_sites_schema, "epidermis_um: 85", "epidermis_um: 0,085", "not a number" },
        { "sites.yaml", &fl_planner_sites_schema, "epidermis_um: 85", "epidermis_um: 8500", "epidermis_um" },
        { "sites.yaml", &fl_planner_sites_schema, "epidermis_um: 85", "epidermis_um: .nan", "not a number" },
        { "sites.yaml", &fl_planner_sites_schema, "epidermis_um: 85", "epidermis_mm: 0.085", "epidermis_mm" },
        { "sites.yaml", &fl_planner_sites_schema, "dermis_scattering: mucous", "dermis_scattering: marble", "marble" },
        { "sites.yaml", &fl_planner_sites_schema, "id: eyelid", "id: eyebrow", "twice" },
        { "sites.yaml", &fl_planner_sites_schema, "melanin_factor: 2.5", "melanin_factor: 0.5", "melanin_factor" },
        { "sites.yaml", &fl_planner_sites_schema, "review_by: 2027-04-01", "review_by: 2025-04-01", "before" },
        { "sites.yaml", &fl_planner_sites_schema, "signed_by: Dr V. Example", "signed: Dr V. Example", "signed" },
        { "skin-types.yaml", &fl_planner_skin_types_schema, "type: V\n", "type: VII\n", "VII" },
        { "skin-types.yaml", &fl_planner_skin_types_schema, "type: V\n", "type: IV\n", "twice" },
        { "skin-types.yaml", &fl_planner_skin_types_schema, "melanin_fraction: 0.065", "melanin_fraction: 0.03", "no more melanin" },
        { "inks.yaml", &fl_planner_inks_schema, "mass_fraction: 0.55", "mass_fraction: 0.5", "add up" },
        { "inks.yaml", &fl_planner_inks_schema, "pigment: phthalo_blue", "pigment: phthalo_bleu", "phthalo_bleu" },
        { "inks.yaml", &fl_planner_inks_schema, "known: no\n", "known: maybe\n", "maybe" },
        { "inks.yaml", &fl_planner_inks_schema, "coverage: 0.9", "coverage: 1.9", "coverage" },
        { "inks.yaml", &fl_planner_inks_schema, "id: white", "id: flesh-tone", "twice" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[FL_PLACE_MAX], *bytes;
        size_t size;
        snprintf(path, sizeof path, "%s/profiles/%s", FL_SOURCE_DIR, rows[i].file);
        CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
        char *at = strstr(bytes, rows[i].find);
        CHECK(at != NULL, "'%s' is not in %s", rows[i].find, rows[i].file);
        if (!at) {
            free(bytes);
            continue;
        }
        char edited[65536];
        const int length = snprintf(edited, sizeof edited, "%.*s%s%s", (int)(at - bytes), bytes,
                                    rows[i].instead, at + strlen(rows[i].find));
        fl_faults *faults = fl_faults_new();
        fl_yaml *file = NULL;
        CHECK(fl_yaml_read(rows[i].file, edited, (size_t)length, &rows[i].schema, 1, faults, &file) ==
                  FL_E_FILE,
              "%s: accepted '%s'", rows[i].file, rows[i].instead);
        bool said = false;
        for (size_t k = 0; k < faults->count; k++) said = said || strstr(faults->list[k].what, rows[i].word);
        CHECK(said, "%s: '%s' is refused with '%s', not about '%s'", rows[i].file, rows[i].instead,
              faults->list[0].what, rows[i].word);
        CHECK(faults->list[0].at.line > 0, "%s: '%s' has no place", rows[i].file, rows[i].instead);
        fl_yaml_free(file);
        fl_faults_free(faults);
        free(bytes);
    }
}

static void the_digest_is_of_all_three(void)
{
    uint8_t a[FL_SHA256_SIZE], b[FL_SHA256_SIZE];
    fl_planner_library *again;
    CHECK(fl_planner_library_load(&again, NULL) == FL_OK, "load");
    fl_planner_library_sha256(test_library(), a);
    fl_planner_library_sha256(again, b);
    CHECK(memcmp(a, b, sizeof a) == 0, "the same files, another digest");
    fl_planner_library_free(again);
    fl_planner_library_free(NULL);
}

FL_TESTS("planner/library", TEST(everything_is_there_and_makes_sense), TEST(a_review_date_binds),
         TEST(edits_that_make_no_sense_are_refused), TEST(the_digest_is_of_all_three))
