/* labels: physics unit   timeout: 600 */
/* What must hold in every plan, exactly: the same photons and the same draws meet every skin type, spot and
 * wavelength, so no tolerance is needed and none is given. */
#include "check.h"
#include "helper_request.h"

static const char *const sites[] = {"scalp-male", "scalp-female", "eyebrow", "eyelid",
                                    "lip",        "beard",        "areola",  "body"};
enum { SITES = sizeof sites / sizeof *sites, SPOTS = 5 };

/* The whole grid, computed once: site, skin type, head. */
static fl_planner_answer *grid[SITES][7][3];

static void end(void)
{
    for (int i = 0; i < SITES; i++)
        for (int t = 1; t <= 6; t++)
            for (int w = 0; w < 3; w++) fl_planner_answer_free(grid[i][t][w]);
}

static void make_grid(void)
{
    if (grid[0][1][0]) return;
    atexit(end);
    for (int i = 0; i < SITES; i++)
        for (int t = 1; t <= 6; t++)
            for (int w = 0; w < 3; w++) {
                fl_planner_request r = test_request(sites[i], t, "unknown-black", "pmu", test_heads[w]);
                r.seed = 7 + (uint64_t)i;
                grid[i][t][w] = test_run(&r);
            }
}

#define EACH_SETTING                                                                                         \
    make_grid();                                                                                             \
    for (int i = 0; i < SITES; i++)                                                                          \
        for (int t = 1; t <= 6; t++)                                                                         \
            for (int w = 0; w < 3; w++)                                                                      \
                for (int s = 0; s < SPOTS; s++)

/* In the physics, before any rule. */
/* hazards: H34 */
static void darker_skin_never_raises_the_permitted_fluence(void)
{
    EACH_SETTING
    {
        if (t == 6) continue;
        const fl_setting *light = &grid[i][t][w]->settings[s], *dark = &grid[i][t + 1][w]->settings[s];
        const char *what = sites[i];
        CHECK(dark->high.J_m2 <= light->high.J_m2, "%s, type %d to %d, %g nm, spot %d: %g to %g", what, t,
              t + 1, test_heads[w].nm, s, light->high.J_m2, dark->high.J_m2);
        CHECK(dark->start.J_m2 <= light->start.J_m2, "%s, type %d: start", what, t);
        CHECK(dark->bearable.J_m2 <= light->bearable.J_m2, "%s, type %d: bearable", what, t);
        CHECK(dark->bearable_test.J_m2 <= light->bearable_test.J_m2, "%s, type %d: bearable in a test", what,
              t);
        CHECK(dark->window <= light->window, "%s, type %d: the window opens in darker skin", what, t);
        /* the whole dose-response curve, not only the accepted risk */
        for (int k = 0; k < FL_PLANNER_STEPS; k++)
            CHECK(dark->injury_curve[k].J_m2 <= light->injury_curve[k].J_m2,
                  "%s, type %d, %g nm, spot %d: step %d", what, t, test_heads[w].nm, s, k);
    }
}

static void darker_skin_never_lowers_what_the_ink_needs(void)
{
    EACH_SETTING
    {
        if (t == 6) continue;
        const fl_setting *light = &grid[i][t][w]->settings[s], *dark = &grid[i][t + 1][w]->settings[s];
        for (int k = 0; k < FL_PLANNER_STEPS; k++)
            CHECK(dark->effect_curve[k].J_m2 >= light->effect_curve[k].J_m2, "%s, type %d, %g nm: step %d",
                  sites[i], t, test_heads[w].nm, k);
    }
}

static void a_smaller_spot_never_lowers_what_the_ink_needs(void)
{
    EACH_SETTING
    {
        if (s == 0) continue;
        const fl_setting *small = &grid[i][t][w]->settings[s - 1], *large = &grid[i][t][w]->settings[s];
        CHECK(small->needed.J_m2 >= large->needed.J_m2, "%s, type %d, %g nm: %g mm needs %g, %g mm %g",
              sites[i], t, test_heads[w].nm, fl_as_mm(small->spot), small->needed.J_m2, fl_as_mm(large->spot),
              large->needed.J_m2);
        for (int k = 0; k < FL_PLANNER_STEPS; k++)
            CHECK(small->effect_curve[k].J_m2 >= large->effect_curve[k].J_m2, "%s, type %d: step %d",
                  sites[i], t, k);
        /* and less light also reaches the basal layer */
        CHECK(small->bearable.J_m2 >= large->bearable.J_m2, "%s, type %d, %g nm: bearable", sites[i], t,
              test_heads[w].nm);
    }
}

static void a_shorter_wavelength_never_spares_dark_epidermis(void)
{
    EACH_SETTING
    {
        if (t < 5 || w == 0) continue;
        const fl_setting *shorter = &grid[i][t][w - 1]->settings[s], *longer = &grid[i][t][w]->settings[s];
        CHECK(shorter->bearable.J_m2 <= longer->bearable.J_m2, "%s, type %d, %g mm: %g nm bears %g, %g nm %g",
              sites[i], t, fl_as_mm(longer->spot), test_heads[w - 1].nm, shorter->bearable.J_m2,
              test_heads[w].nm, longer->bearable.J_m2);
        CHECK(shorter->bearable_test.J_m2 <= longer->bearable_test.J_m2, "%s, type %d: in a test", sites[i],
              t);
        CHECK(shorter->high.J_m2 <= longer->high.J_m2, "%s, type %d: permitted", sites[i], t);
    }
}

static void every_setting_holds_together(void)
{
    EACH_SETTING
    {
        const fl_setting *x = &grid[i][t][w]->settings[s];
        CHECK(x->allowed == (x->window == FL_WINDOW_OPEN), "allowed means open");
        CHECK(x->needed_test.J_m2 <= x->needed.J_m2 && x->bearable.J_m2 <= x->bearable_test.J_m2,
              "two risks in order");
        for (int k = 1; k < FL_PLANNER_STEPS; k++)
            CHECK(x->injury_curve[k].J_m2 >= x->injury_curve[k - 1].J_m2 &&
                      x->effect_curve[k].J_m2 >= x->effect_curve[k - 1].J_m2,
                  "a higher risk bears less, or a higher chance needs less, at step %d", k);
        CHECK(x->fluence_at_basal_ratio.p05 <= x->fluence_at_basal_ratio.median &&
                  x->fluence_at_basal_ratio.median <= x->fluence_at_basal_ratio.p95,
              "band");
        if (x->allowed) {
            CHECK(x->low.J_m2 <= x->start.J_m2 && x->start.J_m2 <= x->high.J_m2, "low, start, high in order");
            CHECK(x->high.J_m2 <= x->limit.J_m2, "%g above the limit", x->high.J_m2);
            CHECK(x->high.J_m2 <= x->bearable.J_m2 + 1e-6, "above what it bears");
            CHECK(x->injury_probability <= 0.02, "risk %g", x->injury_probability);
            CHECK(x->effect_probability >= 1.0 / 3.0 - 1e-9, "effect %g", x->effect_probability);
            CHECK_REL(x->energy.J, x->start.J_m2 * M_PI / 4 * x->spot.m * x->spot.m, 1e-12,
                      "energy = fluence x area");
            CHECK_NEAR(fl_as_J_cm2(x->start) * 100, round(fl_as_J_cm2(x->start) * 100), 1e-6, "two decimals");
            CHECK(x->rate.Hz >= 1.0 && x->rate.Hz <= 10.0, "rate %g", x->rate.Hz);
            CHECK(x->limited_by == FL_LIMIT_DEVICE || x->limited_by == FL_LIMIT_PHYSICS,
                  "somebody ends the window");
        } else {
            CHECK(x->start.J_m2 == 0 && x->low.J_m2 == 0 && x->high.J_m2 == 0 && x->energy.J == 0,
                  "a refusal leaks a setting");
            CHECK(x->window == FL_WINDOW_TEST_ONLY || (x->test_start.J_m2 == 0 && x->test_high.J_m2 == 0),
                  "a closed window leaks a test setting");
        }
        CHECK(x->reason_count > 0 && x->reasons[0].text[0] && x->reasons[0].change[0], "no reason given");
    }
}

/* A tan lowers what the skin is said to bear. */
/* hazards: H34 */
static void tan_counts_as_darker_skin(void)
{
    for (int w = 0; w < 3; w++) {
        fl_planner_request r = test_request("scalp-male", 3, "carbon-smp", "smp", test_heads[w]);
        fl_planner_answer *pale = test_run(&r);
        r.tan_factor = 1.6;
        fl_planner_answer *tanned = test_run(&r);
        for (unsigned s = 0; s < pale->count; s++)
            CHECK(tanned->settings[s].bearable.J_m2 < pale->settings[s].bearable.J_m2, "%g nm",
                  test_heads[w].nm);
        fl_planner_answer_free(pale);
        fl_planner_answer_free(tanned);
    }
}

/* Falls as the pulse shortens from 10 ns to about the acoustic transit time, then levels off (optics
 * reference, section 6, Ho 2002 as a trend). Carbon; other pigments have no stress term. */
static void need_falls_with_the_pulse_and_levels_off(void)
{
    static const double ps[] = {1e4, 5e3, 2e3, 1e3, 750, 450, 300, 150, 75, 35, 20, 12};
    double before = INFINITY, at_100 = 0;
    for (size_t i = 0; i < sizeof ps / sizeof *ps; i++) {
        fl_planner_request r = test_request("body", 2, "carbon-black", "tattoo", (fl_test_head){1064, ps[i]});
        fl_planner_answer *answer = test_run(&r);
        const double now = answer->settings[2].effect_curve[32].J_m2;
        CHECK(now <= before, "%g ps needs more than a longer pulse: %g after %g", ps[i], now, before);
        if (ps[i] > 400 && i) CHECK(now < 0.999 * before, "%g ps gains nothing", ps[i]);
        if (ps[i] == 75) at_100 = now;
        if (ps[i] == 12) CHECK(now > 0.5 * at_100, "no levelling off: %g at 75 ps, %g at 12 ps", at_100, now);
        before = now;
        fl_planner_answer_free(answer);
    }
}

FL_TESTS("planner/trends", TEST(darker_skin_never_raises_the_permitted_fluence),
         TEST(darker_skin_never_lowers_what_the_ink_needs),
         TEST(a_smaller_spot_never_lowers_what_the_ink_needs),
         TEST(a_shorter_wavelength_never_spares_dark_epidermis), TEST(every_setting_holds_together),
         TEST(tan_counts_as_darker_skin), TEST(need_falls_with_the_pulse_and_levels_off))
