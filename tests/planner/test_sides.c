/* labels: unit physics   timeout: 300 */
/* What stands beside skin and ink: hair, sparks, covers, scars, several passes, the share that is reached. */
#include "check.h"
#include "helper_request.h"

#include <stdlib.h>

static fl_planner_request at(const char *site, int type, const char *ink, const char *geometry, double nm,
                             double ps, double mm, double begin_J_cm2)
{
    fl_planner_request r = test_one_spot(site, type, ink, geometry, (fl_test_head){nm, ps}, mm, 12);
    r.spots[0].begin = fl_J_cm2(begin_J_cm2);
    return r;
}

static fl_setting only(const fl_planner_request *r)
{
    fl_planner_answer *answer = test_run(r);
    const fl_setting s = answer->settings[0];
    fl_planner_answer_free(answer);
    return s;
}

/* Dover 1989: white regrowth in guinea pigs from 0.4 J/cm2, 694 nm, 40 ns, 2.5 mm on. Their hair is shallow
 * and dark: it is the shaft of ours, on a dark skin. Within a factor of 2. */
static void hair_of_guinea_pigs(void)
{
    const fl_planner_request r = at("scalp-female", 4, "carbon-black", "smp", 694, 4e4, 2.5, 0.4);
    const fl_setting s = only(&r);
    CHECK(s.window == FL_WINDOW_OPEN && s.start.J_m2 == 4000, "start %g", s.start.J_m2);
    CHECK(s.hair_shaft_margin.median > 0.5 && s.hair_shaft_margin.median < 2, "shafts burst at %.2f J/cm2",
          0.4 * s.hair_shaft_margin.median);
    CHECK(s.hair_bulb_margin.p05 > s.hair_shaft_margin.p95, "bulbs lie deeper");
}

static void hair_is_spared_by_depth_and_colour(void)
{
    double before = 0;
    static const double nm[] = {532, 694, 755, 785, 1064};
    for (int i = 0; i < 5; i++) {
        const fl_planner_request r = at("scalp-female", 1, "carbon-black", "smp", nm[i], 450, 3, 0.1);
        const fl_setting s = only(&r);
        CHECK(s.hair_shaft_margin.median > before, "%g nm is worse than a shorter wavelength", nm[i]);
        before = s.hair_shaft_margin.median;
    }
    const fl_planner_request lip = at("lip", 1, "carbon-black", "pmu", 1064, 450, 3, 0.1);
    CHECK(only(&lip).hair_shaft_margin.median == 0 && only(&lip).hair_bulb_margin.p05 == 0,
          "a lip has no hair");
    const fl_planner_request lash = at("eyelid", 1, "carbon-black", "pmu", 1064, 450, 3, 0.5),
                             scalp = at("scalp-male", 1, "carbon-black", "pmu", 1064, 450, 3, 0.5);
    CHECK(only(&lash).hair_bulb_margin.median < 0.6 * only(&scalp).hair_bulb_margin.median,
          "lashes lie no shallower than hair of the scalp");
    const fl_planner_request strong = at("scalp-female", 1, "carbon-black", "smp", 755, 450, 4, 1.0);
    const fl_setting s = only(&strong);
    CHECK(s.hair_shaft_margin.median > 1 || test_says(&s, "hair-shaft"), "margin %.2f is not said",
          s.hair_shaft_margin.median);
}

static void sparks_come_with_short_pulses(void)
{
    double before = 0;
    static const double ps[] = {1e4, 2e3, 750, 450, 150, 35};
    for (int i = 0; i < 6; i++) {
        const fl_planner_request r = at("body", 1, "carbon-black", "tattoo", 1064, ps[i], 4, 0.5);
        const fl_setting s = only(&r);
        CHECK(s.plasma_probability >= before, "%g ps sparks less than a longer pulse", ps[i]);
        before = s.plasma_probability;
        CHECK((s.plasma_probability > 0.5) == test_says(&s, "plasma-possible"), "%g ps: %.2f", ps[i], before);
    }
    CHECK(before > 0.9, "35 ps at 0.5 J/cm2 hardly sparks: %.2f", before);
}

static void a_scar_bears_less(void)
{
    fl_planner_request r = at("scalp-male", 3, "carbon-smp", "smp", 1064, 450, 3, 0);
    const fl_setting whole = only(&r);
    r.scar = true;
    const fl_setting scar = only(&r);
    CHECK(scar.bearable.J_m2 < 0.95 * whole.bearable.J_m2 &&
              scar.bearable_test.J_m2 < whole.bearable_test.J_m2,
          "a scar bears %g, skin %g", scar.bearable.J_m2, whole.bearable.J_m2);
    const double spread = scar.effect_curve[42].J_m2 / scar.effect_curve[22].J_m2,
                 usual = whole.effect_curve[42].J_m2 / whole.effect_curve[22].J_m2;
    CHECK(spread > usual, "what its ink needs is known no worse: %g against %g", spread, usual);
}

static void a_white_cover_shades_and_darkens(void)
{
    for (int i = 0; i < 2; i++) {
        fl_planner_request r = at("eyebrow", 2, "carbon-black", "pmu", i ? 1064 : 755, 450, 3, 0);
        const fl_setting bare = only(&r);
        r.cover = fl_planner_ink_find(test_library(), "white");
        const fl_setting under = only(&r);
        CHECK(under.needed.J_m2 > bare.needed.J_m2, "white shades nothing: %g, %g", under.needed.J_m2,
              bare.needed.J_m2);
        CHECK(under.bearable.J_m2 <= bare.bearable.J_m2 * 1.02,
              "white throws no light back to the epidermis");
        CHECK(test_says(&under, "under-cover") && test_says(&under, "ink-darkens") &&
                  !test_says(&bare, "ink-darkens"),
              "not said");
        CHECK_TEXT(under.target, "carbon_black", "target");
    }
    fl_planner_request r = at("eyebrow", 2, "carbon-black", "pmu", 532, 450, 3, 0);
    r.cover = fl_planner_ink_find(test_library(), "corrector");
    const fl_setting first = only(&r);
    CHECK(test_says(&first, "cover-first") && !test_says(&first, "under-cover"),
          "the corrector is not treated first");
    CHECK_TEXT(first.target, "iron_oxide_red", "target");
}

static void passes_are_for_what_one_cannot_do(void)
{
    fl_planner_request r = at("body", 3, "carbon-black", "tattoo", 1064, 450, 4, 0);
    r.passes_max = 2;
    const fl_setting twice = only(&r);
    r.passes_max = 4;
    const fl_setting often = only(&r);
    r.passes_max = 1;
    const fl_setting once = only(&r);
    CHECK(twice.passes == 2 && often.passes > 2 && test_says(&twice, "several-passes"), "%d and %d passes",
          twice.passes, often.passes);
    CHECK(twice.effect_probability > once.effect_probability + 0.05, "more passes, hardly more effect");
    CHECK(twice.high.J_m2 <= 0.5 * once.bearable.J_m2 + 100 &&
              often.high.J_m2 <= 0.25 * once.bearable.J_m2 + 100,
          "above the share of the fluence: %g and %g of %g", twice.high.J_m2, often.high.J_m2,
          once.bearable.J_m2);
    CHECK(often.injury_probability <= once.injury_probability + 0.005, "at a higher risk");
    /* the rules' start is of one pass as well; and where one pass does it at less risk there is one */
    fl_planner_request dots = at("scalp-male", 2, "carbon-smp", "smp", 1064, 450, 4, 1.5);
    dots.passes_max = 4;
    CHECK(only(&dots).passes == 1, "%d passes for dots", only(&dots).passes);
    fl_planner_request green = at("lip", 1, "red-organic", "pmu", 532, 375, 3, 0);
    green.passes_max = 4;
    CHECK(only(&green).passes == 1, "several passes of green light");
}

/* A read lets a window that is open for tests alone be used, as far as it went; never a closed one. */
static void what_is_proven_opens_no_closed_window(void)
{
    fl_planner_request r = at("eyebrow", 3, "iron-oxide-orange", "pmu", 532, 375, 2.5, 0.6);
    const fl_setting before = only(&r);
    CHECK(before.window == FL_WINDOW_TEST_ONLY && !before.allowed && before.start.J_m2 == 0, "window %d",
          before.window);
    r.spots[0].proven = fl_J_cm2(0.30);
    const fl_setting proven = only(&r);
    CHECK(proven.window == FL_WINDOW_TEST_ONLY && proven.allowed, "not opened");
    CHECK_REL(fl_as_J_cm2(proven.high), 0.30, 1e-9, "as far as it went");
    CHECK(proven.start.J_m2 == proven.high.J_m2 && proven.rate.Hz >= 1, "start, rate");
    CHECK(proven.injury_probability < before.injury_probability, "numbers of another fluence");
    CHECK(proven.burn_probability <= proven.injury_probability,
          "heat harms more often than all harm together");
    r.spots[0].proven = fl_J_cm2(6.0);
    const fl_setting far = only(&r);
    CHECK(far.high.J_m2 <= before.test_high.J_m2 && far.injury_probability <= 0.20,
          "beyond what a test may do");
    r.spots[0].proven = fl_J_cm2(0.01);
    CHECK(!only(&r).allowed, "opened by a read that needed nothing");
    fl_planner_request closed = at("lip", 2, "red-iron-oxide", "pmu", 1064, 450, 3, 0);
    closed.spots[0].proven = fl_J_cm2(2.0);
    const fl_setting shut = only(&closed);
    CHECK(shut.window == FL_WINDOW_CLOSED && !shut.allowed && shut.start.J_m2 == 0, "a closed window opened");
}

/* The centre of a Gaussian beam is twice as warm for as long as heat stays. */
static void the_crest_counts_in_heat(void)
{
    fl_planner_request r = at("scalp-male", 2, "carbon-smp", "smp", 1064, 450, 4, 0);
    const fl_setting flat = only(&r);
    r.crest = 2;
    const fl_setting round = only(&r);
    CHECK_REL(round.bearable_heat.J_m2, flat.bearable_heat.J_m2 / 2, 1e-9, "heat");
    CHECK(round.bearable.J_m2 < 0.75 * flat.bearable.J_m2, "burns: %g, flat %g", round.bearable.J_m2,
          flat.bearable.J_m2);
}

/* Falls as the pulse grows from the acoustic transit time to 10 ns; level below (optics reference, section
 * 6). */
static void the_share_reached_follows_the_pulse(void)
{
    static const double ps[] = {12, 25, 50, 100, 300, 750, 2e3, 1e4};
    double before = 1, shortest = 0, longest = 0;
    for (int i = 0; i < 8; i++) {
        const fl_planner_request r = at("body", 2, "carbon-black", "tattoo", 1064, ps[i], 4, 0.5);
        const double now = only(&r).ink_reached.median;
        CHECK(now <= before + 1e-12, "%g ps reaches more than a shorter pulse", ps[i]);
        if (i == 0) shortest = now;
        if (i == 2) CHECK(now > 0.85 * shortest, "not level: %g at 12 ps, %g at 50 ps", shortest, now);
        before = longest = now;
    }
    CHECK(longest < 0.7 * shortest && longest > 0, "%g at 12 ps, %g at 10 ns", shortest, longest);
    const fl_planner_request weak = at("body", 2, "carbon-black", "tattoo", 1064, 450, 4, 0.5),
                             strong = at("body", 2, "carbon-black", "tattoo", 1064, 450, 4, 1.5);
    const fl_setting a = only(&weak), b = only(&strong);
    CHECK(b.ink_reached.median > a.ink_reached.median, "more light reaches no more ink");
    CHECK(a.ink_reached.p05 <= a.ink_reached.median && b.ink_reached.p95 <= 1, "a share is a share");
}

FL_TESTS("planner/sides", TEST(hair_of_guinea_pigs), TEST(hair_is_spared_by_depth_and_colour),
         TEST(sparks_come_with_short_pulses), TEST(a_scar_bears_less), TEST(a_white_cover_shades_and_darkens),
         TEST(passes_are_for_what_one_cannot_do), TEST(what_is_proven_opens_no_closed_window),
         TEST(the_crest_counts_in_heat), TEST(the_share_reached_follows_the_pulse))
