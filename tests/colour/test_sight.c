/* labels: unit physics */
#include "check.h"

#include "fadeline/colour/sight.h"

static fl_lab seen(double (*r)(double nm))
{
    const fl_sight sight = fl_sight_new();
    double light[FL_SIGHT_LINES];
    for (size_t i = 0; i < FL_SIGHT_LINES; i++) light[i] = r(fl_as_nm(fl_sight_line(i)));
    return fl_lab_of_xyz(fl_sight_xyz(&sight, light), FL_D65);
}

static double white(double nm)
{
    return nm > 0.0;
}
static double grey(double nm)
{
    return nm > 0.0 ? 0.184187 : 0.0; /* Y of L* 50 */
}
static double long_pass(double nm)
{
    return nm >= 595.0 ? 0.9 : 0.05;
}
static double short_pass(double nm)
{
    return nm < 485.0 ? 0.9 : 0.05;
}

static void grey_is_grey(void)
{
    CHECK_NEAR(seen(white).L_star, 100.0, 1e-9, "white");
    CHECK_NEAR(seen(grey).L_star, 50.0, 1e-4, "middle grey");
    CHECK_NEAR(hypot(seen(grey).a_star, seen(grey).b_star), 0.0, 1e-9, "grey has no hue");
}

/* Against the tabulated observer and D65 (CIE 15:2004), worked out by another program with the same cut at
 * 450 nm. */
static void the_fit_is_near_the_table(void)
{
    // clang-format off
    static const struct { const char *what; double (*r)(double); fl_lab want; } rows[] = {
        { "long pass at 595 nm",  long_pass,  { 52.18, 71.19, 43.83 } },
        { "short pass at 485 nm", short_pass, { 34.76, 77.35, -99.34 } },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_lab got = seen(rows[i].r);
        CHECK(fl_delta_e_2000(got, rows[i].want) < 2.0, "%s: %.2f %.2f %.2f, not %.2f %.2f %.2f",
              rows[i].what, got.L_star, got.a_star, got.b_star, rows[i].want.L_star, rows[i].want.a_star,
              rows[i].want.b_star);
    }
}

FL_TESTS("colour/sight", TEST(grey_is_grey), TEST(the_fit_is_near_the_table))
