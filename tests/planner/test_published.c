/* labels: physics   timeout: 300 */
/* What others saw, in their order (optics reference, section 11): the orders are asserted, the numbers
 * printed beside theirs. Only through the public planner, so that the same file judges any core of it.
 *
 * 24 draws x 22 variants x 1500 photons, seed 1. "Whitening" is our injury over its median step of 1.5 from
 * whitening to harm; "chance" is that of an effect from one pass. Animals are planned as the human skin that
 * comes nearest. */
#include "check.h"
#include "helper_request.h"

#include "fadeline/base/text.h"

#include <stdbool.h>

enum { HALF = 32 };           /* the step of a curve that is a chance of one half */
#define WHITENING_TO_HARM 1.5 /* median of the reference's factor LN(1.5, 0.4) */

static fl_planner_answer *ask(const char *site, int type, const char *ink, const char *geometry, double nm,
                              double ps, double mm)
{
    const fl_test_head head = {nm, ps};
    fl_planner_request r = test_request(site, type, ink, geometry, head);
    r.spots[0] = (fl_planner_spot){.spot = fl_mm(mm), .limit = fl_J_cm2(30), .limited_by = FL_LIMIT_DEVICE};
    r.spot_count = 1, r.draws = 24, r.variants = 22, r.photons = 1500, r.seed = 1, r.threads = 2;
    return test_run(&r);
}

static double whitens_J_cm2(const char *site, int type, double nm, double ps, double mm)
{
    fl_planner_answer *answer = ask(site, type, "carbon-black", "tattoo", nm, ps, mm);
    const double found = fl_as_J_cm2(answer->settings[0].injury_curve[HALF]) / WHITENING_TO_HARM;
    fl_planner_answer_free(answer);
    return found;
}

static double effect_at(const fl_planner_answer *answer, double J_cm2)
{
    return fl_setting_effect_at(&answer->settings[0], fl_J_cm2(J_cm2));
}

/* Black guinea pig, 11 ns: 0.20 J/cm2 at 532, 1.0 at 1064 (Anderson 1989), each known to a quarter; 355 nm
 * lies outside our tables. The spot is not stated. Only the ratio is asserted: how much melanin the animal
 * had is not known. */
static void green_whitens_earlier_than_infrared(void)
{
    const double green = whitens_J_cm2("body", 6, 532, 11000, 3),
                 infrared = whitens_J_cm2("body", 6, 1064, 11000, 3);
    printf("\n  whitening, type VI for a black guinea pig: 532 nm %.2f (seen 0.20), 1064 nm %.2f (1.0) "
           "J/cm2, ratio %.1f (5.0)\n  ",
           green, infrared, infrared / green);
    CHECK(infrared / green > 0.75 / 1.25 * 5.0 && infrared / green < 1.25 / 0.75 * 5.0, "ratio %.2f",
          infrared / green);
}

/* Ruby laser on light human skin: 3.1 J/cm2 sun-protected, 1.4 on lentigines (Hruza 1991, 40 ns). A lentigo
 * is browner than the sun-exposed skin around it, which is what we have: its number is printed and not
 * asserted. */
static void ruby_whitens_light_skin_as_seen(void)
{
    const double covered = whitens_J_cm2("body", 2, 694, 40000, 4),
                 sunned = whitens_J_cm2("scalp-male", 2, 694, 40000, 4);
    printf("\n  whitening at 694 nm, type II: body %.2f (seen 3.1), sun-exposed scalp %.2f (1.4 on "
           "lentigines) J/cm2\n  ",
           covered, sunned);
    CHECK(covered > 3.1 / 2 && covered < 3.1 * 2, "body: %.2f J/cm2", covered);
    CHECK(sunned < covered, "sun-exposed skin whitens later: %.2f, %.2f", sunned, covered);
}

static void picoseconds_beat_nanoseconds(void)
{
    /* clang-format off */
    static const struct { const char *what; int type; double ps_nm, ps, ns_nm, ns, mm; int doses; double dose[3]; } rows[] = {
        { "Ross 1998",               2, 1064, 35,  1064, 10000, 2.5, 1, { 0.65 } },             /* clearer in 12 of 16 */
        { "Herd 1999 (guinea pig)", 1, 795,  500, 752,  50000, 1.5, 3, { 2.39, 4.24, 6.11 } }, /* better in 2 of 4 */
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_planner_answer *ps = ask("body", rows[i].type, "carbon-black", "tattoo", rows[i].ps_nm, rows[i].ps,
                                    rows[i].mm),
                          *ns = ask("body", rows[i].type, "carbon-black", "tattoo", rows[i].ns_nm, rows[i].ns,
                                    rows[i].mm);
        for (int k = 0; k < rows[i].doses; k++) {
            const double short_pulse = effect_at(ps, rows[i].dose[k]),
                         long_pulse = effect_at(ns, rows[i].dose[k]);
            printf("\n  %s, %.2f J/cm2: chance %.0f %% with %.0f ps, %.0f %% with %.0f ns", rows[i].what,
                   rows[i].dose[k], 100 * short_pulse, rows[i].ps, 100 * long_pulse, rows[i].ns / 1000);
            CHECK(short_pulse > long_pulse + 0.02, "%s: %.3f, %.3f", rows[i].what, short_pulse, long_pulse);
        }
        fl_planner_answer_free(ps), fl_planner_answer_free(ns);
    }
    printf("\n  ");
}

static void more_fluence_takes_more_ink(void)
{
    /* clang-format off */
    static const struct { const char *what; double ps, mm; int doses; double dose[4]; } rows[] = {
        { "Golmajer Zima 2023, ps (loss from 3, not at 1.5)", 450,   3, 3, { 1.5, 3, 6 } },
        { "Golmajer Zima 2023, ns (the same)",                10000, 3, 3, { 1.5, 3, 6 } },
        { "Kilmer 1993, 10 ns (best at 10-12)",               10000, 2.5, 4, { 6, 8, 10, 12 } },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_planner_answer *answer = ask("body", 2, "carbon-black", "tattoo", 1064, rows[i].ps, rows[i].mm);
        printf("\n  %s: chance", rows[i].what);
        for (int k = 0; k < rows[i].doses; k++) {
            const double here = effect_at(answer, rows[i].dose[k]);
            printf(" %.0f %% at %g%s", 100 * here, rows[i].dose[k], k + 1 < rows[i].doses ? "," : "");
            if (k)
                CHECK(here > effect_at(answer, rows[i].dose[k - 1]), "%s: falls at %g", rows[i].what,
                      rows[i].dose[k]);
        }
        /* The step that was seen: from nothing to something when 1.5 is doubled. */
        if (rows[i].dose[0] < 2)
            CHECK(effect_at(answer, 3) > 1.15 * effect_at(answer, 1.5), "%s: hardly rises from 1.5 to 3",
                  rows[i].what);
        fl_planner_answer_free(answer);
    }
    printf("\n  ");
}

static bool darkens(const fl_planner_answer *answer)
{
    const fl_setting *s = &answer->settings[0];
    for (unsigned i = 0; i < s->reason_count; i++)
        if (fl_text_same(s->reasons[i].code, "ink-darkens")) return true;
    return false;
}

/* Rat skin, nanoseconds, 1064 and 532 nm: black excellent, brown fair to good, white poor; brown and white
 * turned dark (Leu 2014). Fluences are not in the abstract: 1.5 J/cm2 is asked of all.
 *
 * A miss, printed and not asserted: we put brown before black. A pass counts as an effect when the upper 0.15
 * of the deposit's optical depth bursts, and the same mass of black is optically thicker, so it shades itself
 * more; what its greater absorption per gram does in favour is less. Assert black before brown when that
 * comes out right. */
static void pigments_in_their_order_and_who_darkens(void)
{
    static const char *const inks[] = {"carbon-black", "iron-oxide-brown", "white"};
    static const double lines[] = {1064, 532};
    for (int line = 0; line < 2; line++) {
        double chance[3];
        printf("\n  Leu 2014, %.0f nm, 1.5 J/cm2:", lines[line]);
        for (int i = 0; i < 3; i++) {
            fl_planner_answer *answer = ask("body", 1, inks[i], "pmu", lines[line], 6000, 3);
            /* what may go is the pigment that absorbs here: its share times its chance */
            chance[i] = effect_at(answer, 1.5) * answer->settings[0].target_share;
            printf(" %s %.0f %%%s%s", inks[i], 100 * chance[i], darkens(answer) ? " (darkens)" : "",
                   i < 2 ? "," : "");
            CHECK(darkens(answer) == (i > 0), "%s at %.0f nm: darkening", inks[i], lines[line]);
            fl_planner_answer_free(answer);
        }
        CHECK(chance[0] > chance[1] && chance[1] > chance[2], "%.0f nm: %.3f, %.3f, %.3f", lines[line],
              chance[0], chance[1], chance[2]);
        CHECK(chance[2] < 0.02, "white ink goes at %.0f nm: %.3f", lines[line], chance[2]);
    }
    printf("\n  ");
}

FL_TESTS("planner/published", TEST(green_whitens_earlier_than_infrared),
         TEST(ruby_whitens_light_skin_as_seen), TEST(picoseconds_beat_nanoseconds),
         TEST(more_fluence_takes_more_ink), TEST(pigments_in_their_order_and_who_darkens))
