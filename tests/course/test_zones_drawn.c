/* labels: unit physics   timeout: 300 */
/* Zones with a drawing, from the case file to the plan: profiles/cases/hairline.yaml as shipped, and edited.
 */
#include "check.h"
#include "helper_course.h"

#include "fadeline/base/text.h"
#include "fadeline/course/coverage.h"

#include <jansson.h>
#include <unistd.h>

#define HAIRLINE "profiles/cases/hairline.yaml"

static fl_plan *plan_hairline(const edit *edits, const char *variant)
{
    const char *path = edited(HAIRLINE, edits);
    fl_plan *plan = plan_file(path, variant, NULL, NULL, NULL, NULL);
    unlink(path);
    return plan;
}
#define AS_SHIPPED EDITS({"id: hairline", "id: hairline"})

static const fl_plan_zone *zone_of(const fl_plan *plan, const char *id)
{
    const fl_plan_zone *zone = fl_plan_zone_of(plan, id);
    CHECK(zone != NULL, "no zone %s", id);
    if (!zone) exit(1);
    return zone;
}

/* Case 8's strip scar, drawn as a line and a width: the area of the case, and about its pulses. */
static void a_scar_is_a_line_and_a_width(void)
{
    fl_plan *plan = plan_hairline(EDITS({"      circle: {diameter_mm: 9, centre_mm: [112, 15]}",
                                         "      strip: {line_mm: [0, 60,  30, 66,  70, 60], width_mm: 4}"}),
                                  NULL);
    const fl_plan_zone *scar = zone_of(plan, "F-GRAFTS");
    const double length = hypot(30, 6) + hypot(40, 6);
    CHECK(scar->drawn, "not from its drawing");
    CHECK_REL(fl_as_cm2(scar->area), length * 4 / 100, 5e-3, "length times width");
    fl_coverage formula;
    CHECK(fl_coverage_of(scar->area, scar->spot, scar->overlap, &formula) == FL_OK, "formula");
    CHECK(abs(scar->pulses - formula.pulses) <= formula.pulses / 4, "%d pulses, by area %d", scar->pulses,
          formula.pulses);
    fl_plan_free(plan);
}

static void a_hairline_in_numbers(void)
{
    fl_plan *plan = plan_hairline(AS_SHIPPED, NULL);
    const fl_plan_zone *band = zone_of(plan, "F-BAND"), *keep = zone_of(plan, "F-KEEP");
    CHECK(plan->verdict == FL_VERDICT_PLAN, "%s", fl_plan_verdict_word(plan->verdict));
    CHECK_REL(fl_as_cm2(band->area), 19.141, 1e-3, "area of the drawing, not the 19 given");
    CHECK(band->drawn && band->rows == 5 && !band->locked, "%d rows", band->rows);
    fl_coverage formula;
    CHECK(fl_coverage_of(band->area, band->spot, band->overlap, &formula) == FL_OK, "formula");
    /* 303 by area; the two feathered rows lose a quarter and a half of theirs, nine stand near the grafts */
    CHECK(band->pulses > formula.pulses - 70 && band->pulses < formula.pulses - 45, "%d of %d pulses",
          band->pulses, formula.pulses);
    CHECK(band->budget.planned == band->pulses &&
              band->budget.hard_stop == (int)ceil(1.2 * band->pulses - 1e-6),
          "the budget is that of the drawing");
    CHECK(band->timed, "no minutes");
    CHECK_REL(band->minutes, band->pulses / 2.5 / 60.0, 1e-12, "minutes at what hands reach");
    CHECK(band->creamed && fl_as_cm2(band->anaesthetic) > 50 && fl_as_cm2(band->anaesthetic) < 60,
          "cream %g cm2", fl_as_cm2(band->anaesthetic));
    const double lit = band->covered_once + band->covered_twice + band->covered_thrice;
    CHECK(lit > 0.75 && lit < 0.85 && band->covered_thrice < 1e-3, "%g lit", lit);
    CHECK(keep->locked && keep->drawn && !keep->timed && !keep->creamed && keep->budget.hard_stop == 0,
          "a locked zone has a count and nothing that is for doing");
    const fl_plan_reason *left = fl_plan_reason_of(plan, "locked-neighbour");
    CHECK(left && left->rank == FL_RANK_INFO && strstr(left->text, "F-BAND: 9 spots") &&
              strstr(left->text, "(F-GRAFTS)"),
          "said: %s", left ? left->text : "nothing");
    CHECK(left && left->change[0], "what would change it");
    CHECK(!fl_plan_reason_of(plan, "locked-undrawn"), "all are drawn");
    fl_plan_free(plan);
}

static void without_its_neighbours_nothing_is_left_out(void)
{
    fl_plan *with = plan_hairline(AS_SHIPPED, NULL),
            *without = plan_hairline(EDITS({"centre_mm: [112, 15]", "centre_mm: [112, 35]"}), NULL);
    CHECK(!fl_plan_reason_of(without, "locked-neighbour"), "the keep side is 4.5 mm away");
    CHECK(zone_of(without, "F-BAND")->pulses > zone_of(with, "F-BAND")->pulses, "%d and %d",
          zone_of(without, "F-BAND")->pulses, zone_of(with, "F-BAND")->pulses);
    fl_plan_free(with);
    fl_plan_free(without);
    /* right at the line, the keep side takes the rows beside it */
    fl_plan *at =
        plan_hairline(EDITS({"points_mm: [0, 5,  20, 11.5,  40, 16,  80, 19,  120, 16,  140, 11.5,  160, 5,",
                             "points_mm: [0, 0,  20, 6.5,  40, 11,  80, 14,  120, 11,  140, 6.5,  160, 0,"}),
                      NULL);
    const fl_plan_reason *left = fl_plan_reason_of(at, "locked-neighbour");
    CHECK(left && strstr(left->text, "(F-KEEP, F-GRAFTS)"), "%s", left ? left->text : "nothing");
    CHECK(zone_of(at, "F-BAND")->rows == 3, "%d rows", zone_of(at, "F-BAND")->rows);
    fl_plan_free(at);
}

static void a_locked_zone_nobody_drew_is_said(void)
{
    fl_plan *plan = plan_hairline(AS_SHIPPED, "v2");
    const fl_plan_reason *reason = fl_plan_reason_of(plan, "locked-undrawn");
    CHECK(reason && reason->rank == FL_RANK_CAUTION && strstr(reason->text, "F-BEHIND"), "%s",
          reason ? reason->text : "nothing");
    fl_plan_free(plan);
}

static void a_variant_replaces_the_whole_shape(void)
{
    fl_plan *plan = plan_hairline(AS_SHIPPED, "v1");
    const fl_plan_zone *band = zone_of(plan, "F-BAND");
    CHECK_REL(fl_as_cm2(band->area), 9.69, 0.01, "half as wide; the old area_cm2 is gone with the old shape");
    CHECK(band->rows == 2, "%d rows", band->rows);
    CHECK(!band->creamed, "the margin stood in the old shape");
    fl_plan_free(plan);
    plan = plan_hairline(EDITS({"        - id: F-BAND\n          shape:\n            band:\n              "
                                "line_mm: [0, 0,  20, 6.5,  40, 11,  80, 14,  120, 11,  140, 6.5,  160, 0]\n "
                                "             width_mm: 6\n              keep: left\n",
                                "        - id: F-BAND\n          shape: {circle: {diameter_mm: 30}}\n"}),
                         "v1");
    CHECK_REL(fl_as_cm2(zone_of(plan, "F-BAND")->area), M_PI * 2.25, 1e-9, "a circle in the place of a band");
    fl_plan_free(plan);
}

static void a_drawing_without_room_locks_its_zone(void)
{
    fl_plan *plan = plan_hairline(
        EDITS({"centre_mm: [112, 15]", "centre_mm: [112, 15]"}, {"diameter_mm: 9,", "diameter_mm: 400,"}),
        NULL);
    const fl_plan_zone *band = zone_of(plan, "F-BAND");
    CHECK(band->locked && band->pulses == 0 && band->budget.hard_stop == 0, "%d pulses", band->pulses);
    CHECK(strstr(band->reason, "no spot") != NULL, "%s", band->reason);
    CHECK(fl_plan_reason_of(plan, "no-zone") != NULL, "and no zone is left");
    fl_plan_free(plan);
}

/* Every complaint has its place; 0: not asked. */
static void drawings_with_faults_are_refused_at_their_place(void)
{
    // clang-format off
    static const struct { const char *what, *find, *put, *says; unsigned line, column; } rows[] = {
        { "areas differ",     "area_cm2: 19 ", "area_cm2: 21 ", "drawn with 19.14 cm2, which is not within 5 % of 21.00", 35, 15 },
        { "crosses itself",   "[0, 5,  20, 11.5,  40, 16,", "[0, 5,  20, 11.5,  0, 16, 20, 5,", "edge 1 (from point 1 to 2) crosses edge 3 (from point 3 to 4)", 50, 39 },
        { "no pairs",         "160, 0]\n        width_mm: 12", "160]\n        width_mm: 12", "13 numbers are no pairs", 39, 0 },
        { "a list of lists",  "[0, 5,  20, 11.5,", "[[0, 5], 20, 11.5,", "item 1 of 'points_mm' is a list", 50, 0 },
        { "no side",          "        keep: left\n        feather", "        feather", "has no 'keep'", 39, 9 },
        { "wrong side",       "keep: left\n        feather", "keep: up\n        feather", "'up' is no choice for 'keep'", 41, 15 },
        { "share above one",  "[0.75, 0.5]", "[0.75, 1.5]", "1.5 is out of range", 42, 30 },
        { "folds",            "width_mm: 12", "width_mm: 900", "folds over itself", 40, 19 },
        { "two shapes",       "      circle: {", "      polygon: {points_mm: [0, 0, 9, 0, 9, 9]}\n      circle: {", "drawn once, not 2 times", 54, 0 },
        { "no shape",         "      circle: {diameter_mm: 9, centre_mm: [112, 15]}", "      spill_mm: 1", "drawn once, not 0 times", 54, 0 },
        { "half a centre",    "[112, 15]", "[112]", "a centre has two numbers", 54, 0 },
        { "no area at all",   "    shape:\n      circle: {diameter_mm: 9, centre_mm: [112, 15]}\n", "", "this zone has no 'area_cm2'", 51, 5 },
        { "three points off", "centre_mm: [112, 15]", "centre_mm: [112, 15, 3]", "too many items in 'centre_mm'", 54, 0 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = edited(HAIRLINE, EDITS({rows[i].find, rows[i].put}));
        fl_case *c = NULL;
        fl_error error = {.what = ""};
        CHECK(fl_case_load(path, NULL, &c, &error) == FL_E_FILE && !c, "%s: taken", rows[i].what);
        CHECK(strstr(error.what, rows[i].says) != NULL, "%s: '%s'", rows[i].what, error.what);
        CHECK(error.line == rows[i].line && (!rows[i].column || error.column == rows[i].column),
              "%s: at %u:%u", rows[i].what, error.line, error.column);
        CHECK(error.column > 0 && error.hint[0], "%s: no column or hint", rows[i].what);
        unlink(path);
    }
    /* a variant's area for a drawn zone is compared as well */
    const char *path = edited(HAIRLINE, EDITS({"        - id: F-BAND\n          shape:\n            band:\n",
                                               "        - id: F-BAND\n          area_cm2: 30\n        - id: "
                                               "F-NEW\n          shape:\n            band:\n"}));
    fl_case *c = NULL;
    fl_error error = {.what = ""};
    CHECK(fl_case_load(path, "v1", &c, &error) == FL_E_FILE &&
              strstr(error.what, "variant v1 gives it 30.00"),
          "%s", error.what);
    unlink(path);
}

/* Optional keys: there for a drawn zone, absent for another, and a plan with half of them is no plan. */
static void the_plan_file_keeps_them(void)
{
    fl_plan *plan = plan_hairline(AS_SHIPPED, "v2"), *back = fl_plan_new();
    char *text = fl_plan_json(plan);
    fl_error error;
    CHECK(fl_plan_read_text(text, strlen(text), back, &error) == FL_OK, "%s", error.what);
    const fl_plan_zone *a = zone_of(plan, "F-BAND"), *b = zone_of(back, "F-BAND");
    CHECK(b->drawn && b->rows == a->rows && b->timed && b->creamed, "lost");
    CHECK_REL(b->minutes, a->minutes, 1e-11, "minutes");
    CHECK_REL(b->anaesthetic.m2, a->anaesthetic.m2, 1e-11, "cream");
    CHECK_REL(b->covered_once, a->covered_once, 1e-11, "once");
    json_t *root = json_loads(text, 0, NULL), *zones = json_object_get(root, "zones");
    for (size_t i = 0; i < json_array_size(zones); i++) {
        const json_t *zone = json_array_get(zones, i);
        const bool drawn = plan->zones[i].drawn;
        CHECK((json_object_get(zone, "rows") != NULL) == drawn &&
                  (json_object_get(zone, "covered") != NULL) == drawn,
              "zone %zu", i);
        CHECK(drawn == (strcmp(plan->zones[i].id, "F-BEHIND") != 0), "%s", plan->zones[i].id);
    }
    free(text);
    /* digests made anew, so that only sense can refuse it */
    static const struct {
        const char *what, *key;
        double once;
    } wrongs[] = {{"rows without covered", "covered", 0},
                  {"covered without rows", "rows", 0},
                  {"more than all", NULL, 0.99}};
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        json_t *copy = json_deep_copy(root), *zone = json_array_get(json_object_get(copy, "zones"), 0);
        json_object_del(copy, "plan_sha256");
        if (wrongs[i].key)
            json_object_del(zone, wrongs[i].key);
        else
            json_object_set_new(json_object_get(zone, "covered"), "once", json_real(wrongs[i].once));
        char *canonical = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(12)),
             hex[2 * FL_SHA256_SIZE + 1];
        uint8_t digest[FL_SHA256_SIZE];
        fl_sha256(canonical, strlen(canonical), digest);
        json_object_set_new(copy, "plan_sha256", json_string(fl_hex(digest, FL_SHA256_SIZE, hex)));
        text = json_dumps(copy, JSON_REAL_PRECISION(12));
        CHECK(fl_plan_read_text(text, strlen(text), back, &error) == FL_E_FILE, "%s: taken", wrongs[i].what);
        CHECK(strstr(error.what, i == 2 ? "covers more" : "contradicts itself") != NULL, "%s: %s",
              wrongs[i].what, error.what);
        free(text);
        free(canonical);
        json_decref(copy);
    }
    json_decref(root);
    fl_plan_free(plan);
    fl_plan_free(back);
}

static void a_drawn_plan_is_the_same_twice(void)
{
    fl_plan *a = plan_file(FL_SOURCE_DIR "/" HAIRLINE, NULL, NULL, NULL, NULL, NULL),
            *b = plan_file(FL_SOURCE_DIR "/" HAIRLINE, NULL, NULL, NULL, NULL, NULL);
    CHECK(memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0, "same inputs, other content");
    fl_plan_free(a);
    fl_plan_free(b);
}

FL_TESTS("course/zones_drawn", TEST(a_hairline_in_numbers), TEST(a_scar_is_a_line_and_a_width),
         TEST(without_its_neighbours_nothing_is_left_out), TEST(a_locked_zone_nobody_drew_is_said),
         TEST(a_variant_replaces_the_whole_shape), TEST(a_drawing_without_room_locks_its_zone),
         TEST(drawings_with_faults_are_refused_at_their_place), TEST(the_plan_file_keeps_them),
         TEST(a_drawn_plan_is_the_same_twice))
