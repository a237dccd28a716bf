/* labels: unit physics   timeout: 300 */
/* What must hold in every plan: darker skin is never permitted more, a smaller spot never needs less at the
 * ink, a shorter wavelength never spares the epidermis of type V, and the lowest of device, rules and physics
 * is the limit. */
#include "check.h"
#include "helper_course.h"

#include "fadeline/base/text.h"

#include <unistd.h>

static const char *const types[] = {"", "I", "II", "III", "IV", "V", "VI"};

/* Case 1 with a practitioner who says `type` on a form of zeros: nothing else changes. */
static fl_plan *as_type(int number, int type, fl_course_physics *physics)
{
    char find[64], put[96], source[64];
    snprintf(source, sizeof source, "profiles/cases/case-%d.yaml", number);
    snprintf(find, sizeof find, "%s", number == 1 ? "  site_ita_deg: 45.9\n" : "  site_ita_deg: 38.8\n");
    snprintf(put, sizeof put, "  practitioner: %s\n", types[type]);
    const char *form = number == 1 ? "{G1: 1, G2: 2, G3: 1, G4: 2, R1: 1, R2: 1, R3: 1, R4: 2, T1: 0, T2: 1}"
                                   : "{G1: 2, G2: 3, G3: 2, G4: 3, R1: 2, R2: 2, R3: 2, R4: 2, T1: 0, T2: 1}";
    const char *path = edited(
        source,
        EDITS({find, put}, {form, "{G1: 0, G2: 0, G3: 0, G4: 0, R1: 0, R2: 0, R3: 0, R4: 0, T1: 0, T2: 0}"}));
    fl_plan *plan = plan_file(path, NULL, NULL, NULL, NULL, physics);
    CHECK(plan->skin.planned_as == type, "planned as %d, not %d", plan->skin.planned_as, type);
    unlink(path);
    return plan;
}

static double permitted(const fl_plan_setting *s)
{
    return s->has_fluence && s->allowed ? s->high.J_m2 : 0.0;
}

/* Type by type, at every setting. */
/* hazards: H34 */
static void darker_skin_is_never_permitted_more(void)
{
    static const int numbers[] = {1, 4};
    for (size_t n = 0; n < 2; n++) {
        fl_plan *lighter = as_type(numbers[n], 1, NULL);
        for (int type = 2; type <= 6; type++) {
            fl_plan *darker = as_type(numbers[n], type, NULL);
            CHECK(lighter->setting_count == darker->setting_count, "other settings");
            for (size_t i = 0; i < darker->setting_count; i++) {
                const fl_plan_setting *a = &lighter->settings[i], *b = &darker->settings[i];
                CHECK(permitted(b) <= permitted(a) * (1 + 1e-9),
                      "case %d, %.0f nm %.1f mm: type %s may have %.3f J/cm2 and type %s %.3f", numbers[n],
                      fl_as_nm(b->wavelength), fl_as_mm(b->spot), types[type], permitted(b) * 1e-4,
                      types[type - 1], permitted(a) * 1e-4);
                if (a->allowed && b->allowed)
                    CHECK(b->start.J_m2 <= a->start.J_m2 * (1 + 1e-9), "case %d, type %s starts higher",
                          numbers[n], types[type]);
            }
            fl_plan_free(lighter);
            lighter = darker;
        }
        fl_plan_free(lighter);
    }
}

static void a_smaller_spot_never_needs_less(void)
{
    static const int types_looked_at[] = {1, 3, 5};
    for (size_t t = 0; t < 3; t++) {
        fl_course_physics physics = {0};
        fl_plan *plan = as_type(1, types_looked_at[t], &physics);
        int compared = 0;
        for (size_t i = 0; i < physics.count; i++)
            for (unsigned k = 1; k < physics.answers[i]->count; k++) {
                const fl_setting *small = &physics.answers[i]->settings[k - 1],
                                 *large = &physics.answers[i]->settings[k];
                CHECK(small->spot.m < large->spot.m, "spots do not rise");
                CHECK(small->needed.J_m2 >= large->needed.J_m2 * (1 - 1e-9),
                      "%.0f nm: %.1f mm needs %.4f, %.1f mm %.4f J/cm2", fl_as_nm(small->wavelength),
                      fl_as_mm(small->spot), fl_as_J_cm2(small->needed), fl_as_mm(large->spot),
                      fl_as_J_cm2(large->needed));
                compared++;
            }
        CHECK(compared >= 6, "only %d pairs", compared);
        fl_course_physics_free(&physics);
        fl_plan_free(plan);
    }
}

static void a_shorter_wavelength_never_spares_type_V(void)
{
    fl_course_physics physics = {0};
    fl_plan *plan = as_type(1, 5, &physics);
    double bearable[3] = {0};
    static const int nm[3] = {532, 755, 1064};
    for (size_t i = 0; i < physics.count; i++)
        for (unsigned k = 0; k < physics.answers[i]->count; k++)
            for (int w = 0; w < 3; w++) {
                const fl_setting *s = &physics.answers[i]->settings[k];
                if (fl_whole_nm(s->wavelength) == nm[w] && fl_whole_um(s->spot) == 4000)
                    bearable[w] = s->bearable.J_m2;
            }
    CHECK(bearable[0] > 0 && bearable[0] < bearable[1] && bearable[1] < bearable[2],
          "bears %.3f, %.3f, %.3f J/cm2", bearable[0] * 1e-4, bearable[1] * 1e-4, bearable[2] * 1e-4);
    /* And at the level of the plan: of the three only 1064 nm is left. */
    for (size_t i = 0; i < plan->setting_count; i++)
        if (fl_whole_nm(plan->settings[i].wavelength) != 1064)
            CHECK(!plan->settings[i].allowed && !plan->settings[i].has_fluence, "%.0f nm at type V",
                  fl_as_nm(plan->settings[i].wavelength));
    fl_course_physics_free(&physics);
    fl_plan_free(plan);
}

/* Each of the three made the tightest in turn. */
/* hazards: H09 */
static void the_lowest_limit_wins_and_says_whose_it_is(void)
{
    // clang-format off
    static const struct { const char *what, *device_find, *device_put, *rules_find, *rules_put, *by; double most_J_cm2; } rows[] = {
        { "rules",   NULL, NULL, "max_J_cm2: 2.5\n    source: \"1.0", "max_J_cm2: 1.9\n    source: \"1.0", "rules", 1.9 },
        { "device",  "energy_max_mJ: 400", "energy_max_mJ: 211", NULL, NULL, "device", 1.68 }, /* 211 mJ at 4 mm */
        { "label cap", "fluence_max_J_cm2: 6.0              #", "fluence_max_J_cm2: 1.21             #", NULL, NULL, "device", 1.21 },
        { "physics", NULL, NULL, "injury_accepted: 0.02  ", "injury_accepted: 0.0002", "physics", 2.5 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *quick = "sampling: {draws: 4, variants: 16, photons: 500}";
        const char *path =
            edited("profiles/clinic.yaml", EDITS({"sampling: {draws: 24, variants: 22, photons: 1500}", quick},
                                                 {rows[i].rules_find ? rows[i].rules_find : "schema",
                                                  rows[i].rules_put ? rows[i].rules_put : "schema"}));
        fl_rulebook *book;
        fl_device *device;
        fl_error error;
        CHECK(fl_rulebook_load(path, NULL, &book, &error) == FL_OK, "%s: %s", rows[i].what, error.what);
        const char *laser_path =
            edited("devices/example-pico.yaml", EDITS({rows[i].device_find ? rows[i].device_find : "schema",
                                                       rows[i].device_put ? rows[i].device_put : "schema"}));
        CHECK(fl_device_load(laser_path, &device, &error) == FL_OK, "%s: %s", rows[i].what, error.what);
        fl_plan *plan = plan_file(case_file(1), NULL, NULL, device, book, NULL);
        const fl_plan_setting *s = setting_at(plan, 1064, 4);
        CHECK(s && s->has_fluence, "%s: no fluence", rows[i].what);
        if (s) {
            CHECK_TEXT(s->limited_by, rows[i].by, rows[i].what);
            CHECK(fl_as_J_cm2(s->high) <= rows[i].most_J_cm2 + 5e-3, "%s: %.3f J/cm2", rows[i].what,
                  fl_as_J_cm2(s->high));
            CHECK(fl_as_J_cm2(s->high) > 0.3, "%s: %.3f J/cm2", rows[i].what, fl_as_J_cm2(s->high));
            if (strcmp(s->limited_by, "physics") != 0)
                CHECK_NEAR(fl_as_J_cm2(s->high), rows[i].most_J_cm2, 0.011, rows[i].what);
        }
        fl_plan_free(plan);
        fl_device_free(device);
        fl_rulebook_free(book);
        unlink(path);
        unlink(laser_path);
    }
}

/* No rule of a clinic can lift what the label says, and no label what the rules say. */
/* hazards: H09 H42 */
static void nothing_can_be_raised(void)
{
    const char *path =
        edited("profiles/clinic.yaml",
               EDITS({"sampling: {draws: 24, variants: 22, photons: 1500}",
                      "sampling: {draws: 4, variants: 16, photons: 500}"},
                     {"start_J_cm2: 1.5\n    max_J_cm2: 2.5", "start_J_cm2: 19.0\n    max_J_cm2: 20.0"},
                     {"injury_accepted: 0.02", "injury_accepted: 0.2"},
                     {"test_injury_accepted: 0.20", "test_injury_accepted: 0.3"}));
    fl_rulebook *book;
    fl_error error;
    CHECK(fl_rulebook_load(path, NULL, &book, &error) == FL_OK, "%s", error.what);
    fl_plan *plan = plan_file(case_file(1), NULL, NULL, NULL, book, NULL);
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        const fl_device_head *head = fl_device_head_at(laser(), s->wavelength);
        fl_head_limits limits;
        CHECK(fl_device_head_limits(head, s->spot, &limits, NULL) == FL_OK, "limits");
        if (!s->has_fluence) continue;
        CHECK(s->high.J_m2 <= limits.fluence_max.J_m2 * (1 + 1e-9) &&
                  s->energy.J <= limits.energy_max.J * (1 + 1e-9),
              "%.0f nm %.1f mm: above the label", fl_as_nm(s->wavelength), fl_as_mm(s->spot));
    }
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        fl_head_limits limits;
        CHECK(fl_device_head_limits(fl_device_head_at(laser(), spot->wavelength), spot->spot, &limits,
                                    NULL) == FL_OK,
              "limits");
        CHECK(spot->energy.J <= limits.energy_max.J * (1 + 1e-9), "a test spot above the label");
    }
    fl_plan_free(plan);
    fl_rulebook_free(book);
    unlink(path);
}

FL_TESTS("course/trends", TEST(darker_skin_is_never_permitted_more), TEST(a_smaller_spot_never_needs_less),
         TEST(a_shorter_wavelength_never_spares_type_V), TEST(the_lowest_limit_wins_and_says_whose_it_is),
         TEST(nothing_can_be_raised))
