/* labels: unit physics */
#include "check.h"
#include "helper_request.h"

#include "ink.h"

static fl_ink_draw central(void)
{
    fl_ink_draw draw = fl_ink_central(fl_planner_geometry_find(test_library(), "smp"));
    draw.particle = fl_um(1.0);
    return draw;
}

/* Carbon at 1064 nm: confined superheat of a 1 um particle wants 24 mJ/cm2, tension 40 MPa over Gamma 0.5. */
static void pulse_factor_is_the_lower_of_heat_and_tension(void)
{
    /* clang-format off */
    static const struct { double nm, ps, survive_th, survive_ac; } rows[] = { /* particle_confinement.csv */
        { 1000, 450, .999, .549 }, { 1000, 1e4, .985, .033 }, { 100, 450, .933, .074 }, { 100, 1e4, .306, .003 },
        { 300, 300, .995, .317 },  { 4000, 750, 1, .765 },    { 40, 750, .525, .018 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_ink_draw draw = central();
        draw.particle.m = rows[i].nm * 1e-9;
        const double heat = 1 / rows[i].survive_th, tension = 0.16584 / rows[i].survive_ac;
        CHECK_REL(fl_ink_pulse_factor(fl_ps(rows[i].ps), &draw, true), fmin(heat, tension), 0.02, "carbon");
        CHECK_REL(fl_ink_pulse_factor(fl_ps(rows[i].ps), &draw, false), heat, 2e-3,
                  "no tension claimed for others");
        draw.toughness = 1e6;
        CHECK_REL(fl_ink_pulse_factor(fl_ps(rows[i].ps), &draw, true), heat, 2e-3, "unbreakable: heat alone");
    }
}

/* Packaging of the optics reference: solid spheres of 300 nm and 1 um against the Mie rows for carbon
 * (inks.csv scales them by 1.15): the formula may miss by a third at 1064 nm and by two thirds at 532 nm and
 * 4 um, and never beats the dissolved pigment. */
static void packaging_follows_mie(void)
{
    static const struct {
        double um, mie_532, mie_1064;
    } rows[] = {
        {0.3, 4.05, 3.653}, {0.5, 2.281, 2.439}, {1, 0.993, 1.14}, {2, 0.4404, 0.4965}, {4, 0.2024, 0.2202}};
    double before_532 = 1e9, before_1064 = 1e9;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_length clump = fl_um(2 * rows[i].um); /* half solid: as dense as a sphere half as wide */
        const double at_532 = fl_ink_packed(8734, 1800, fl_um(0.1), clump) / 1e3;
        const double at_1064 = fl_ink_packed(4382, 1800, fl_um(0.1), clump) / 1e3;
        CHECK_REL(at_532, rows[i].mie_532, 0.70, "532 nm");
        CHECK_REL(at_1064, rows[i].mie_1064, 0.35, "1064 nm");
        CHECK(at_532 < before_532 && at_1064 < before_1064, "a larger clump absorbs more per mass");
        before_532 = at_532, before_1064 = at_1064;
    }
    CHECK_REL(fl_ink_packed(4382, 1800, fl_um(0.1), fl_um(0.07)), 4382, 1e-12,
              "nothing is less than a particle");
    CHECK_REL(fl_ink_packed(1e-3, 4230, fl_um(0.2), fl_um(4)), 1e-3, 1e-5,
              "what does not absorb has no shade");
}

/* A mixture absorbs as its parts do, by mass; white scatters and carbon does not. */
static void mixtures_add_up(void)
{
    const fl_planner_ink *ink =
        fl_planner_ink_find(test_library(), "lip-pink-iron"); /* red and white, half each */
    const fl_ink_draw draw = central();
    double whole, red, white, scatters;
    CHECK(fl_ink_mixture(ink, fl_nm(532), &draw, &whole) == FL_OK &&
              fl_ink_clumped(fl_pigment_find("iron_oxide_red"), fl_nm(532), &draw, &red) == FL_OK &&
              fl_ink_clumped(fl_pigment_find("titanium_dioxide"), fl_nm(532), &draw, &white) == FL_OK,
          "refused");
    CHECK_REL(whole, 0.5 * red + 0.5 * white, 1e-12, "half and half");
    CHECK(fl_ink_scattering(ink, fl_nm(532), &scatters) == FL_OK, "refused");
    CHECK_REL(scatters, (0.5 * 1.282 + 0.5 * 3.206) * 1e3, 1e-9, "rutile 250 nm and hematite 200 nm");
    CHECK(fl_ink_scattering(fl_planner_ink_find(test_library(), "carbon-smp"), fl_nm(532), &scatters) ==
                  FL_OK &&
              scatters == 0.0,
          "carbon");
    CHECK(fl_ink_mixture(ink, fl_nm(2940), &draw, &whole) == FL_E_RANGE, "nobody knows 2940 nm");
}

static void target_is_what_absorbs_most(void)
{
    /* clang-format off */
    static const struct { const char *ink; double nm; const char *target; double share; } rows[] = {
        { "hybrid-brown",     1064, "carbon_black", 0.30 },
        { "iron-oxide-brown",  532, "iron_oxide_red", 0.45 },
        { "iron-oxide-brown", 1064, "iron_oxide_black", 0.20 },
        { "lip-pink-organic",  532, "quinacridone", 1.0 }, /* white is not what is to be removed */
        { "white",             755, "titanium_dioxide", 0.0 },
        { "unknown-red",      1064, "iron_oxide_red", 0.5 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_planner_ink *ink = fl_planner_ink_find(test_library(), rows[i].ink);
        size_t target;
        double share;
        CHECK(fl_ink_target(ink, fl_nm(rows[i].nm), &target, &share) == FL_OK, "%s", rows[i].ink);
        CHECK_TEXT(ink->shares[target].pigment, rows[i].target, rows[i].ink);
        CHECK_NEAR(share, rows[i].share, 1e-9, rows[i].ink);
    }
}

static void colour_is_relative_to_the_best_line(void)
{
    double share;
    CHECK(fl_ink_colour(fl_pigment_find("iron_oxide_red"), fl_nm(1064), &share) == FL_OK, "refused");
    CHECK_REL(share, 0.042 / 2.21, 1e-6, "hematite at 1064 nm");
    CHECK(fl_ink_colour(fl_pigment_find("carbon_black"), fl_nm(532), &share) == FL_OK && share == 1.0,
          "carbon at 532");
    CHECK(fl_ink_colour(fl_pigment_find("carbon_black"), fl_nm(2940), &share) == FL_E_RANGE,
          "nobody knows 2940 nm");
}

FL_TESTS("planner/ink", TEST(pulse_factor_is_the_lower_of_heat_and_tension), TEST(packaging_follows_mie),
         TEST(mixtures_add_up), TEST(target_is_what_absorbs_most), TEST(colour_is_relative_to_the_best_line))
