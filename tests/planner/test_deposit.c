/* labels: unit physics */
/* How far light reaches into ink: against closed forms, brute force and the limits that must hold. */
#include "check.h"
#include "helper_request.h"

#include "deposit.h"

#include <stdlib.h>

/* Mean over all directions at the centre, at the surface, and over the whole sphere (Cauchy; van de Hulst).
 */
static void shells_meet_closed_forms(void)
{
    for (double x = 0.01; x < 60; x *= 1.7) {
        CHECK_REL(fl_shells_exact(x, 0.0), exp(-x), 1e-8, "centre");
        /* on the surface half of all ways are outward and free, the others 2 mu long */
        CHECK_REL(fl_shells_exact(x, 1.0), 0.5 + 0.25 * -expm1(-2 * x) / x, 1e-6, "surface");
        /* Power taken up in an isotropic field: pi R^2 H Q(x) with Q = 1 - (1 - (1 + 2x) exp(-2x)) / (2 x^2)
         * must equal mua times the mean over the volume. */
        double mean = 0;
        const int n = 4000;
        for (int i = 0; i < n; i++) {
            const double rho = cbrt((i + 0.5) / n);
            mean += fl_shells_exact(x, rho) / n;
        }
        const double q = 1 - (1 - (1 + 2 * x) * exp(-2 * x)) / (2 * x * x);
        CHECK_REL(4.0 / 3 * x * mean, q, x < 20 ? 5e-3 : 2e-2, "whole sphere");
    }
}

static fl_deposit dot(double across, bool dots)
{
    return (fl_deposit){
        .dots = dots, .inside_per_m = 1, .mean_depth = 0.1, .across = across, .alone = fl_J_cm2(0.1)};
}

static void needs_and_reached_are_each_others_inverse(void)
{
    fl_shells *shells = fl_shells_new();
    for (int form = 0; form < 2; form++)
        for (double x = 0.02; x < 300; x *= 2.3) {
            const fl_deposit d = dot(x, form);
            double before = 0;
            for (double share = 0.02; share < 0.97; share += 0.05) {
                const fl_fluence need = fl_deposit_needs(shells, &d, share);
                CHECK(need.J_m2 >= before, "deeper needs less: x %g, share %g", x, share);
                before = need.J_m2;
                if (need.J_m2 / d.alone.J_m2 > 1e6 || need.J_m2 < d.alone.J_m2 * 1.0001) continue;
                CHECK_NEAR(fl_deposit_reached(shells, &d, need), share, 0.01, "there and back");
                /* against the integral itself */
                const double rho = cbrt(1 - share);
                if (form && x < 30)
                    CHECK_REL(d.alone.J_m2 / need.J_m2, fl_shells_exact(x, rho), 0.03, "the integral");
            }
            CHECK(fl_deposit_reached(shells, &d, (fl_fluence){0}) == 0, "dark");
            CHECK(fl_deposit_reached(shells, &d, fl_J_cm2(1e-9)) == 0, "nearly dark");
            CHECK_NEAR(fl_deposit_reached(shells, &d, (fl_fluence){INFINITY}), 1, 1e-9, "endless light");
        }
    fl_shells_free(shells);
}

static void thin_ink_needs_what_it_needs_alone(void)
{
    fl_shells *shells = fl_shells_new();
    for (int form = 0; form < 2; form++) {
        const fl_deposit d = dot(1e-3, form);
        CHECK_REL(fl_deposit_needs(shells, &d, 0.9).J_m2, d.alone.J_m2, 0.01, "nothing shades it");
    }
    /* Many dots each see more light than the layer they would make together. */
    const fl_deposit dots = dot(10, true), layer = dot(20, false);
    CHECK(fl_deposit_needs(shells, &dots, 0.3).J_m2 < fl_deposit_needs(shells, &layer, 0.3).J_m2,
          "from all sides");
    fl_shells_free(shells);
}

static void mean_field_has_its_limits(void)
{
    const fl_length chord = fl_mm(0.2);
    for (double c = 0.02; c <= 1.0; c += 0.07) {
        CHECK_REL(fl_deposit_mean_field(1.0, chord, c), c, 2e-4, "thin ink counts fully");
        double before = 0;
        for (double mua = 1; mua < 1e7; mua *= 3) {
            const double m = fl_deposit_mean_field(mua, chord, c);
            CHECK(m >= before && m <= mua, "%g per m at coverage %g gives %g", mua, c, m);
            before = m;
        }
        if (c < 0.1) CHECK_REL(before, c / chord.m, 0.06, "sparse black dots take their own shadow");
    }
    CHECK_REL(fl_deposit_mean_field(1e5, chord, 1.0), 1e5, 1e-9, "ink everywhere is a layer");
    CHECK_REL(fl_deposit_mean_field(1e9, chord, 1.0), 1e9, 1e-9, "however black");
}

static fl_deposit of(const char *ink, const char *geometry, double nm, fl_ink_draw *draw)
{
    fl_planner_request r = test_request("eyebrow", 2, ink, geometry, (fl_test_head){nm, 450});
    fl_deposit_order order;
    fl_deposit deposit = {0};
    if (draw->mass.kg_m2 == 0) *draw = fl_ink_central(r.geometry);
    CHECK(fl_deposit_order_of(&r, &order) == FL_OK &&
              fl_deposit_of(&r, &order, draw, fl_mm(0.35), &deposit) == FL_OK,
          "%s", ink);
    return deposit;
}

static void white_hides_colour(void)
{
    fl_shells *shells = fl_shells_new();
    fl_ink_draw draw = {0};
    const fl_deposit red = of("red-iron-oxide", "pmu", 532, &draw);
    fl_ink_draw twice = draw;
    twice.mass.kg_m2 *= 2; /* half of it white: as much red as before */
    const fl_deposit pink = of("lip-pink-iron", "pmu", 532, &twice);
    CHECK_REL(pink.inside_per_m, red.inside_per_m, 0.01, "as much red");
    CHECK_REL(pink.alone.J_m2, red.alone.J_m2, 1e-9, "the same particles");
    CHECK(fl_deposit_needs(shells, &pink, 0.2).J_m2 > 1.2 * fl_deposit_needs(shells, &red, 0.2).J_m2,
          "white in it shades nothing");
    fl_shells_free(shells);
}

/* What lies on top is treated first, while something in it absorbs. */
static void covers_are_peeled_from_the_top(void)
{
    /* clang-format off */
    static const struct { const char *cover; double nm; bool first; } rows[] = {
        { "white", 1064, false }, { "white", 532, false }, { "iron-oxide-orange", 532, true },
        { "red-organic", 1064, false }, { "red-organic", 532, true }, { "carbon-black", 755, true },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_planner_request r =
            test_request("eyebrow", 2, "carbon-black", "pmu", (fl_test_head){rows[i].nm, 450});
        r.cover = fl_planner_ink_find(test_library(), rows[i].cover);
        fl_deposit_order order;
        CHECK(fl_deposit_order_of(&r, &order) == FL_OK, "%s", rows[i].cover);
        CHECK(order.cover_first == rows[i].first, "%s at %g nm", rows[i].cover, rows[i].nm);
        CHECK(order.target == (rows[i].first ? r.cover : r.ink), "%s: target", rows[i].cover);
        CHECK((order.above == r.cover) == !rows[i].first, "%s: above", rows[i].cover);
    }
}

FL_TESTS("planner/deposit", TEST(shells_meet_closed_forms), TEST(needs_and_reached_are_each_others_inverse),
         TEST(thin_ink_needs_what_it_needs_alone), TEST(mean_field_has_its_limits), TEST(white_hides_colour),
         TEST(covers_are_peeled_from_the_top))
