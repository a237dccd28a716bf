/* labels: unit */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/colour/lab.h"

/* Sharma, Wu & Dalal 2005, table 1: all 34 pairs. Typed from two public copies that agree in every digit. */
/* clang-format off */
static const struct { fl_lab one, two; double delta; } sharma[] = {
    { { 50.0000,   2.6772, -79.7751 }, { 50.0000,   0.0000, -82.7485 },  2.0425 },
    { { 50.0000,   3.1571, -77.2803 }, { 50.0000,   0.0000, -82.7485 },  2.8615 },
    { { 50.0000,   2.8361, -74.0200 }, { 50.0000,   0.0000, -82.7485 },  3.4412 },
    { { 50.0000,  -1.3802, -84.2814 }, { 50.0000,   0.0000, -82.7485 },  1.0000 },
    { { 50.0000,  -1.1848, -84.8006 }, { 50.0000,   0.0000, -82.7485 },  1.0000 },
    { { 50.0000,  -0.9009, -85.5211 }, { 50.0000,   0.0000, -82.7485 },  1.0000 },
    { { 50.0000,   0.0000,   0.0000 }, { 50.0000,  -1.0000,   2.0000 },  2.3669 },
    { { 50.0000,  -1.0000,   2.0000 }, { 50.0000,   0.0000,   0.0000 },  2.3669 },
    { { 50.0000,   2.4900,  -0.0010 }, { 50.0000,  -2.4900,   0.0009 },  7.1792 },
    { { 50.0000,   2.4900,  -0.0010 }, { 50.0000,  -2.4900,   0.0010 },  7.1792 },
    { { 50.0000,   2.4900,  -0.0010 }, { 50.0000,  -2.4900,   0.0011 },  7.2195 },
    { { 50.0000,   2.4900,  -0.0010 }, { 50.0000,  -2.4900,   0.0012 },  7.2195 },
    { { 50.0000,  -0.0010,   2.4900 }, { 50.0000,   0.0009,  -2.4900 },  4.8045 },
    { { 50.0000,  -0.0010,   2.4900 }, { 50.0000,   0.0010,  -2.4900 },  4.8045 },
    { { 50.0000,  -0.0010,   2.4900 }, { 50.0000,   0.0011,  -2.4900 },  4.7461 },
    { { 50.0000,   2.5000,   0.0000 }, { 50.0000,   0.0000,  -2.5000 },  4.3065 },
    { { 50.0000,   2.5000,   0.0000 }, { 73.0000,  25.0000, -18.0000 }, 27.1492 },
    { { 50.0000,   2.5000,   0.0000 }, { 61.0000,  -5.0000,  29.0000 }, 22.8977 },
    { { 50.0000,   2.5000,   0.0000 }, { 56.0000, -27.0000,  -3.0000 }, 31.9030 },
    { { 50.0000,   2.5000,   0.0000 }, { 58.0000,  24.0000,  15.0000 }, 19.4535 },
    { { 50.0000,   2.5000,   0.0000 }, { 50.0000,   3.1736,   0.5854 },  1.0000 },
    { { 50.0000,   2.5000,   0.0000 }, { 50.0000,   3.2972,   0.0000 },  1.0000 },
    { { 50.0000,   2.5000,   0.0000 }, { 50.0000,   1.8634,   0.5757 },  1.0000 },
    { { 50.0000,   2.5000,   0.0000 }, { 50.0000,   3.2592,   0.3350 },  1.0000 },
    { { 60.2574, -34.0099,  36.2677 }, { 60.4626, -34.1751,  39.4387 },  1.2644 },
    { { 63.0109, -31.0961,  -5.8663 }, { 62.8187, -29.7946,  -4.0864 },  1.2630 },
    { { 61.2901,   3.7196,  -5.3901 }, { 61.4292,   2.2480,  -4.9620 },  1.8731 },
    { { 35.0831, -44.1164,   3.7933 }, { 35.0232, -40.0716,   1.5901 },  1.8645 },
    { { 22.7233,  20.0904, -46.6940 }, { 23.0331,  14.9730, -42.5619 },  2.0373 },
    { { 36.4612,  47.8580,  18.3852 }, { 36.2715,  50.5065,  21.2231 },  1.4146 },
    { { 90.8027,  -2.0831,   1.4410 }, { 91.1528,  -1.6435,   0.0447 },  1.4441 },
    { { 90.9257,  -0.5406,  -0.9208 }, { 88.6381,  -0.8985,  -0.7239 },  1.5381 },
    { {  6.7747,  -0.2908,  -2.4247 }, {  5.8714,  -0.0985,  -2.2286 },  0.6377 },
    { {  2.0776,   0.0795,  -1.1350 }, {  0.9033,  -0.0636,  -0.5514 },  0.9082 },
};
/* clang-format on */

static void ciede2000_gives_the_published_pairs(void)
{
    CHECK(sizeof sharma / sizeof *sharma == 34, "all 34 pairs");
    for (size_t i = 0; i < sizeof sharma / sizeof *sharma; i++) {
        char what[32];
        snprintf(what, sizeof what, "pair %zu", i + 1);
        CHECK_NEAR(fl_delta_e_2000(sharma[i].one, sharma[i].two), sharma[i].delta, 0.5001e-4, what);
        CHECK_NEAR(fl_delta_e_2000(sharma[i].two, sharma[i].one), sharma[i].delta, 0.5001e-4, what);
    }
}

static fl_lab any_lab(fl_random *random)
{
    return (fl_lab){100.0 * fl_random_uniform(random), 160.0 * fl_random_uniform(random) - 80.0,
                    160.0 * fl_random_uniform(random) - 80.0};
}

/* Symmetric, zero only for the same colour, and along the grey axis near L* 50 it is the plain difference. */
static void ciede2000_is_a_difference(void)
{
    fl_random random;
    fl_random_init(&random, 20050101, 1);
    for (int i = 0; i < 20000; i++) {
        const fl_lab a = any_lab(&random), b = any_lab(&random);
        const double there = fl_delta_e_2000(a, b), back = fl_delta_e_2000(b, a);
        CHECK(there > 0.0 && isfinite(there), "%g for two colours", there);
        CHECK(fabs(there - back) < 1e-9 * (1.0 + there), "%g there and %g back", there, back);
        CHECK(fl_delta_e_2000(a, a) == 0.0, "a colour differs from itself");
    }
    CHECK_NEAR(fl_delta_e_2000((fl_lab){49.5, 0, 0}, (fl_lab){50.5, 0, 0}), 1.0, 1e-9, "one L* at mid grey");
    CHECK_NEAR(fl_delta_e_76((fl_lab){50, 3, -4}, (fl_lab){62, 0, 0}), 13.0, 1e-12, "3, 4, 12");
}

/* IEC 61966-2-1; the values of the primaries are Lindbloom's (D65, four digits). */
static void srgb_gives_known_colours(void)
{
    /* clang-format off */
    static const struct { const char *what; int code[3]; fl_lab lab; double within; } rows[] = {
        { "white",    { 255, 255, 255 }, { 100.0,     0.0,      0.0    }, 1e-3 },
        { "black",    {   0,   0,   0 }, {   0.0,     0.0,      0.0    }, 1e-9 },
        { "red",      { 255,   0,   0 }, {  53.2408, 80.0925,  67.2032 }, 2e-2 },
        { "mid grey", { 119, 119, 119 }, {  50.03,    0.0,      0.0    }, 2e-2 },
        /* round numbers of a chart under D65, from another program's test: within half a code */
        { "light skin", { 182, 149, 130 }, { 64.202,  9.433,   14.710  }, 0.5 },
        { "dark skin",  { 106,  81,  67 }, { 36.657,  8.250,   12.270  }, 0.5 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_rgb light = {fl_srgb_decode(rows[i].code[0] / 255.0),
                              fl_srgb_decode(rows[i].code[1] / 255.0),
                              fl_srgb_decode(rows[i].code[2] / 255.0)};
        const fl_lab lab = fl_lab_of_xyz(fl_xyz_of_rgb(light), FL_D65);
        CHECK_NEAR(fl_delta_e_76(lab, rows[i].lab), 0.0, rows[i].within, rows[i].what);
    }
    for (int code = -40; code <= 300; code++) {
        const double there = fl_srgb_decode(code / 255.0);
        CHECK_NEAR(fl_srgb_encode(there), code / 255.0, 1e-6, "there and back");
    }
    CHECK(fabs(fl_srgb_decode(0.04045 + 1e-9) - fl_srgb_decode(0.04045 - 1e-9)) < 1e-6,
          "no step in the curve");
}

static void there_and_back_is_there(void)
{
    fl_random random;
    fl_random_init(&random, 7, 2);
    for (int i = 0; i < 2000; i++) {
        const fl_lab lab = any_lab(&random);
        CHECK(fl_delta_e_76(fl_lab_of_xyz(fl_xyz_of_lab(lab, FL_D50), FL_D50), lab) < 1e-9, "Lab and back");
        const fl_xyz xyz = fl_xyz_of_lab(lab, FL_D65);
        const fl_xyz back = fl_bradford(fl_bradford(xyz, FL_D65, FL_D50), FL_D50, FL_D65);
        CHECK(fabs(back.X - xyz.X) + fabs(back.Y - xyz.Y) + fabs(back.Z - xyz.Z) < 1e-12,
              "Bradford and back");
        const fl_rgb rgb = fl_rgb_of_xyz(xyz);
        const fl_xyz again = fl_xyz_of_rgb(rgb);
        CHECK(fabs(again.X - xyz.X) + fabs(again.Y - xyz.Y) + fabs(again.Z - xyz.Z) < 2e-6, "RGB and back");
    }
    const fl_xyz white = fl_bradford(FL_D50, FL_D50, FL_D65);
    CHECK(fabs(white.X - 0.95047) + fabs(white.Y - 1.0) + fabs(white.Z - 1.08883) < 1e-12, "white to white");
    /* ICC.1 prints the red primary of sRGB under D50 as 0.4361, 0.2225, 0.0139. */
    const fl_xyz red = fl_bradford((fl_xyz){0.4124564, 0.2126729, 0.0193339}, FL_D65, FL_D50);
    CHECK_NEAR(red.X, 0.4361, 2e-4, "red under D50, X");
    CHECK_NEAR(red.Y, 0.2225, 2e-4, "red under D50, Y");
    CHECK_NEAR(red.Z, 0.0139, 2e-4, "red under D50, Z");
}

static void ita_is_an_angle_with_a_class(void)
{
    /* clang-format off */
    static const struct { fl_lab skin; double ita_deg; const char *name, *pairs; } rows[] = {
        { { 70.8,  8, 13 },  57.995, "very light",   "I"   },
        { { 66.7,  9, 15 },  48.070, "light",        "II"  },
        { { 62.0, 10, 17 },  35.218, "intermediate", "III" },
        { { 56.5, 10, 18 },  19.855, "tan",          "IV"  },
        { { 42.5, 11, 16 }, -25.115, "brown",        "V"   },
        { { 36.1,  9,  8 }, -60.077, "dark",         "VI"  },
        { { 65.0,  9, 15 },  45.000, "light",        "II"  },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double ita_deg = NAN;
        CHECK(fl_colour_ita(rows[i].skin, &ita_deg) == FL_OK, "%s", rows[i].name);
        CHECK_NEAR(ita_deg, rows[i].ita_deg, 0.01, rows[i].name);
        CHECK_TEXT(fl_ita_class(ita_deg)->name, rows[i].name, "class");
        CHECK_TEXT(fl_ita_class(ita_deg)->pairs_with, rows[i].pairs, "pairing");
    }
    double untouched = 12.5;
    CHECK(fl_colour_ita((fl_lab){60, 5, 0}, &untouched) == FL_E_RANGE, "no yellow in the skin");
    CHECK(fl_colour_ita((fl_lab){NAN, 5, 9}, &untouched) == FL_E_RANGE, "not a number");
    CHECK(untouched == 12.5, "a refusal wrote");
    CHECK_TEXT(fl_ita_class(55.0)->name, "light", "a border belongs to the darker class");
    CHECK_TEXT(fl_ita_class(-90.0)->name, "dark", "the end");
}

FL_TESTS("colour/lab", TEST(ciede2000_gives_the_published_pairs), TEST(ciede2000_is_a_difference),
         TEST(srgb_gives_known_colours), TEST(there_and_back_is_there), TEST(ita_is_an_angle_with_a_class))
