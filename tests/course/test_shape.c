/* labels: unit physics   timeout: 120 */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/course/shape.h"

static fl_shape *drawn(const char *text)
{
    fl_shape *shape = NULL;
    fl_shape_fault fault = {.text = ""};
    CHECK(fl_shape_read(text, &shape, &fault) == FL_OK, "%s: %s", text, fault.text);
    if (!shape) exit(1);
    return shape;
}

static fl_point mm(double x, double y)
{
    return (fl_point){fl_mm(x), fl_mm(y)};
}

/* Closed forms. A band of width w along a line of length l with bends of angle t: l w, plus w^2 t / 2 for a
 * bend away from it, less w^2 tan(t / 2) for a bend towards it. */
static void areas(void)
{
    const double bend = M_PI / 2, gentle = atan2(9.0, 45.0);
    // clang-format off
    const struct { const char *text; double mm2, within; } rows[] = {
        { "circle:12",                                       M_PI * 36.0,           1e-12 },
        { "circle:12.5@-31,17",                              M_PI * 6.25 * 6.25,    1e-12 },
        { "polygon:0,0 40,0 40,25",                          500.0,                 1e-12 },
        { "polygon:40,25 40,0 0,0",                          500.0,                 1e-12 }, /* the other sense */
        { "polygon:1700,-1900 1740,-1900 1740,-1875",        500.0,                 1e-12 },
        { "polygon:0,0 30,0 30,30 15,7 0,30",                900.0 - 0.5 * 30 * 23, 1e-12 }, /* hollow */
        { "band:0,0 90,0 width=12 keep=left",                1080.0,                1e-9 },
        { "band:0,0 90,0 width=12 keep=right",               1080.0,                1e-9 },
        { "band:0,0 13,0 47,0 90,0 width=12 keep=left",      1080.0,                1e-9 },
        { "band:0,0 40,0 40,40 width=12 keep=left",          80 * 12 + 0.5 * 144 * bend, 1e-4 },
        { "band:0,0 40,0 40,40 width=12 keep=right",         80 * 12 - 144 * tan(bend / 2), 1e-6 },
        { "band:0,0 45,9 90,0 width=11 keep=left",           2 * 11 * hypot(45, 9) - 121 * tan(gentle), 1e-6 },
        { "band:0,0 45,9 90,0 width=11 keep=right",          2 * 11 * hypot(45, 9) + 121 * gentle,      1e-5 },
        /* the middle stretch vanishes at full width: two long legs meet */
        { "band:0,0 40,0 43,3 43,43 width=12 keep=right",    2 * 31 * 12 + 144 - 4.5, 1e-6 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_shape *s = drawn(rows[i].text);
        CHECK_REL(fl_shape_area(s).m2 * 1e6, rows[i].mm2, rows[i].within, rows[i].text);
        fl_shape_free(s);
    }
}

/* The outline of a band against its meaning, sampled: within the width of the line, on its side. */
static void a_band_is_what_lies_beside_its_line(void)
{
    fl_shape *s = drawn("band:0,0 40,0 43,3 43,43 50,60 width=12 keep=right");
    fl_point least, most;
    fl_shape_bounds(s, &least, &most);
    fl_random random;
    fl_random_init(&random, 41, 0);
    int wrong = 0, inside = 0;
    for (int i = 0; i < 40000; i++) {
        const fl_point at = {{least.x.m + fl_random_uniform(&random) * (most.x.m - least.x.m)},
                             {least.y.m + fl_random_uniform(&random) * (most.y.m - least.y.m)}};
        const double keep = fl_as_mm(fl_shape_keep_distance(s, at)),
                     edge = fl_as_mm(fl_shape_distance(s, at));
        /* beyond the ends nothing lies, whatever the distance: leave their surroundings out */
        if (hypot(at.x.m, at.y.m) < 13e-3 || hypot(at.x.m - 50e-3, at.y.m - 60e-3) < 13e-3) continue;
        if (fabs(edge) < 0.01) continue;
        wrong += (edge > 0.0) != (keep > 0.0 && keep < 12.0);
        inside += edge > 0.0;
    }
    CHECK(wrong == 0, "%d of 40000 points are on the wrong side", wrong);
    CHECK(inside > 4000, "only %d points were inside", inside);
    fl_shape_free(s);
}

static void distances(void)
{
    // clang-format off
    static const struct { const char *text; double x, y, edge, keep; } rows[] = {
        { "circle:12@3,4",                       3,   4,    6,   INFINITY },
        { "circle:12@3,4",                       3,  11,   -1,   INFINITY },
        { "polygon:0,0 40,0 40,25 0,25",        11,   9,    9,   INFINITY },
        { "polygon:0,0 40,0 40,25 0,25",        43,  -4,   -5,   INFINITY },
        { "polygon:0,0 40,0 40,25 0,25",        20,  24,    1,   INFINITY },
        { "band:0,0 90,0 width=12 keep=left",   41,  -5,    5,   5 },
        { "band:0,0 90,0 width=12 keep=left",   41,  -9,    3,   9 },
        { "band:0,0 90,0 width=12 keep=left",   41,   5,   -5,  -5 },
        { "band:0,0 90,0 width=12 keep=right",  41,   5,    5,   5 },
        { "band:90,0 0,0 width=12 keep=left",   41,   5,    5,   5 }, /* walked the other way */
        { "band:0,0 40,0 40,40 width=9 keep=left", 44, -3, 4,    5 }, /* round the corner: 9 - 5 */
        { "band:0,0 40,0 40,40 width=9 keep=right", 36, 3, 3,    3 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_shape *s = drawn(rows[i].text);
        const fl_point at = mm(rows[i].x, rows[i].y);
        CHECK_NEAR(fl_as_mm(fl_shape_distance(s, at)), rows[i].edge, 2e-3, rows[i].text);
        const double keep = fl_as_mm(fl_shape_keep_distance(s, at));
        CHECK(keep == rows[i].keep || fabs(keep - rows[i].keep) < 1e-9, "%s: keep line at %g, not %g",
              rows[i].text, keep, rows[i].keep);
        fl_shape_free(s);
    }
}

/* The whole spot and not its centre: at a keep line no spill is allowed. */
static void what_a_shape_holds(void)
{
    // clang-format off
    static const struct { const char *text; double x, y, radius, spill; bool holds; } rows[] = {
        { "circle:12",                          0,  4.4, 1.5, 0.0, true },
        { "circle:12",                          0,  4.6, 1.5, 0.0, false },
        { "circle:12",                          0,  5.9, 1.5, 1.5, true },
        { "circle:12",                          0,  6.1, 1.5, 1.5, false },
        { "band:0,0 90,0 width=12 keep=left",  41, -1.6, 1.5, 1.5, true },
        { "band:0,0 90,0 width=12 keep=left",  41, -1.4, 1.5, 1.5, false },
        { "band:0,0 90,0 width=12 keep=left",  41, -11.9, 1.5, 1.5, true },
        { "band:0,0 90,0 width=12 keep=left",  41, -11.9, 1.5, 1.0, false },
        { "band:0,0 90,0 width=12 keep=left",  0.1, -5, 1.5, 1.5, true },
        { "band:0,0 90,0 width=12 keep=left",  41,  5,  1.5, 1.5, false },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_shape *s = drawn(rows[i].text);
        CHECK(fl_shape_holds(s, mm(rows[i].x, rows[i].y), fl_mm(rows[i].radius), fl_mm(rows[i].spill)) ==
                  rows[i].holds,
              "%s at %g, %g, spill %g", rows[i].text, rows[i].x, rows[i].y, rows[i].spill);
        fl_shape_free(s);
    }
}

/* Steiner: a convex shape grown by m has area + edge m + pi m^2. */
static void grown_areas(void)
{
    const double diagonal = hypot(40, 25);
    // clang-format off
    const struct { const char *text; double area, edge; } rows[] = {
        { "circle:12",                   M_PI * 36, M_PI * 12 },
        { "polygon:0,0 40,0 40,25",      500,       65 + diagonal },
        { "polygon:0,0 7,0 7,230 0,230", 1610,      474 },
        { "band:0,0 90,0 width=12 keep=left", 1080, 204 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_shape *s = drawn(rows[i].text);
        for (double m = 0.0; m < 31.0; m += 7.3)
            CHECK_REL(fl_shape_grown_area(s, fl_mm(m)).m2 * 1e6,
                      rows[i].area + rows[i].edge * m + M_PI * m * m, 1e-4, rows[i].text);
        fl_shape_free(s);
    }
    /* a notch 7 mm wide is filled by a margin of 3.5 mm */
    fl_shape *notched = drawn("polygon:0,0 40,0 40,30 23.5,30 23.5,4 16.5,4 16.5,30 0,30"),
             *whole = drawn("polygon:0,0 40,0 40,30 0,30");
    CHECK(fl_shape_area(notched).m2 < 0.86 * fl_shape_area(whole).m2, "no notch");
    const double lost =
        (fl_shape_grown_area(whole, fl_mm(4)).m2 - fl_shape_grown_area(notched, fl_mm(4)).m2) * 1e6;
    CHECK(lost >= -0.2 && lost < 10.0, "%g mm2 of the notch are left, and only a cusp at its mouth may be",
          lost);
    fl_shape_free(notched);
    fl_shape_free(whole);
}

static void what_is_no_shape_says_why(void)
{
    // clang-format off
    static const struct { const char *text, *member, *says; } rows[] = {
        { "polygon:0,0 40,0 0,25 40,25",   "points", "edge 2 (from point 2 to 3) crosses edge 4 (from point 4 to 1)" },
        { "polygon:0,0 40,0 40,25 20,0 0,25", "points", "edge 1 (from point 1 to 2) crosses edge 3 (from point 3 to 4)" }, /* touches */
        { "polygon:0,0 40,0 20,0 20,25",   "points", "edge 1 (from point 1 to 2) folds back on edge 2 (from point 2 to 3)" },
        { "polygon:0,0 40,0",              "points", "a polygon has 3 to 256 points, not 2" },
        { "polygon:0,0 40,0 40,25 0,0",    "points", "points 4 and 1 stand on one place" },
        { "polygon:0,0 40,0 40,2001",      "points", "point 3 lies further than 2 m from the origin" },
        { "circle:0",                      "diameter", "a circle has no diameter of 0 mm" },
        { "circle:-3",                     "diameter", "a circle has no diameter of -3 mm" },
        { "circle:12@3000,0",              "centre", "the centre lies further than 2 m" },
        { "band:0,0 90,0 keep=left",       "width", "a band has no width of 0 mm" },
        { "band:0,0 90,0 width=12",        "keep", "it is not said which side of the line is kept" },
        { "band:0,0 90,0 width=12 keep=left feather=0.5,1.2", "feather", "1.2 is no share" },
        { "band:0,0 width=12 keep=left",   "points", "a line has 2 to 256 points, not 1" },
        { "band:0,0 40,0 40,20 20,20 20,-10 width=2 keep=left", "points", "edge 1 (from point 1 to 2) crosses edge 4 (from point 4 to 5)" },
        { "band:0,0 5,0 5,5 0,5 width=12 keep=right", "width", "folds over itself" },
        { "band:0,0 60,0 60,4 0,4 width=12 keep=right", "width", "folds over itself" },
        { "polygon:0,0 10,1e-7 20,0",      "points", "stand on one line and enclose nothing" },
        { "strip:0,0 10,0",                "width", "a strip has no width of 0 mm" },
        { "strip:0,0 10,0 width=2 keep=left", "text", "this is no point: 'keep'" },
        { "hexagon:12",                    "text", "this is no shape: 'hexagon'" },
        { "circle",                        "text", "this is no shape: 'circle'" },
        { "circle:12,5",                   "text", "this is no diameter in mm: '12,5'" },
        { "circle:12@3",                   "text", "this is no centre in mm: '3'" },
        { "circle:nan",                    "text", "this is no diameter" },
        { "polygon:0,0 40 40,25",          "text", "this is no point: '40'" },
        { "polygon:0,0 40,0 40,25 width=3", "text", "this is no point: 'width'" },
        { "band:0,0 90,0 width=12 keep=up", "text", "this is no side: 'up'" },
        { "band:0,0 90,0 width=12 keep=left feather=half", "text", "these are no shares: 'half'" },
        { "band:0,0 90,0 width=12 depth=3", "text", "there is no such word: 'depth'" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_shape *s = NULL;
        fl_shape_fault fault = {.member = "", .text = ""};
        CHECK(fl_shape_read(rows[i].text, &s, &fault) == FL_E_RANGE && !s, "%s: taken", rows[i].text);
        CHECK_TEXT(fault.member, rows[i].member, rows[i].text);
        CHECK(strstr(fault.text, rows[i].says) != NULL, "%s: '%s'", rows[i].text, fault.text);
        CHECK(fl_shape_read(rows[i].text, &s, NULL) == FL_E_RANGE, "%s: without a fault", rows[i].text);
    }
    const fl_point bad[] = {mm(0, 0), mm(NAN, 0), mm(40, 25)}, good[] = {mm(0, 0), mm(40, 0), mm(40, 25)};
    fl_shape *s = NULL;
    const fl_shape_spec specs[] = {
        {.kind = FL_SHAPE_POLYGON, .points = bad, .count = 3},
        {.kind = FL_SHAPE_POLYGON, .points = NULL, .count = 3},
        {.kind = FL_SHAPE_BAND, .points = good, .count = 3, .width = {NAN}, .keep = FL_SIDE_LEFT},
        {.kind = FL_SHAPE_BAND, .points = good, .count = 3, .width = {INFINITY}, .keep = FL_SIDE_LEFT},
        {.kind = FL_SHAPE_CIRCLE, .diameter = {NAN}},
        {.kind = 0},
    };
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
        CHECK(fl_shape_new(&specs[i], &s, NULL) == FL_E_RANGE && !s, "spec %zu", i);
}

/* The shape keeps copies: a caller may forget what it drew from. */
static void a_shape_owns_its_points(void)
{
    fl_point points[] = {mm(0, 0), mm(40, 0), mm(40, 25)};
    double shares[] = {0.5, 0.25};
    fl_shape_spec spec = {.kind = FL_SHAPE_BAND,
                          .points = points,
                          .count = 3,
                          .width = fl_mm(5),
                          .keep = FL_SIDE_RIGHT,
                          .feather = shares,
                          .feather_count = 2};
    fl_shape *s;
    CHECK(fl_shape_new(&spec, &s, NULL) == FL_OK, "refused");
    memset(points, 0xff, sizeof points);
    memset(shares, 0xff, sizeof shares);
    const fl_shape_spec *own = fl_shape_spec_of(s);
    CHECK(own->count == 3 && fl_as_mm(own->points[2].y) > 24.9 && own->feather[1] == 0.25, "not its own");
    fl_point outline[3];
    const size_t count = fl_shape_outline(s, outline, 3);
    CHECK(count >= 6, "%zu points about a band of three", count);
    fl_shape_free(s);
    fl_shape_free(NULL);
}

/* A scar: a line and its width. */
static void a_strip_lies_on_both_sides_of_its_line(void)
{
    const fl_length none = {0.0};
    fl_shape *s;
    CHECK(fl_shape_read("strip:0,0 70,0 width=20", &s, NULL) == FL_OK, "straight");
    CHECK_REL(fl_as_cm2(fl_shape_area(s)), 14.0, 1e-12, "length times width");
    CHECK(fl_shape_holds(s, mm(35, 9), none, none) && fl_shape_holds(s, mm(35, -9), none, none) &&
              !fl_shape_holds(s, mm(35, 11), none, none) && !fl_shape_holds(s, mm(-1, 0), none, none),
          "both sides, and square ends");
    CHECK(isinf(fl_shape_keep_distance(s, mm(0, 0)).m), "it keeps no side");
    fl_shape_free(s);
    /* a quarter of a ring of 60 mm, in chords of a degree: its middle line times its width */
    char text[4000] = "strip:";
    for (int i = 0; i <= 90; i++)
        snprintf(text + strlen(text), 40, "%.6f,%.6f ", 60 * cos(i * M_PI / 180), 60 * sin(i * M_PI / 180));
    strcat(text, "width=10");
    CHECK(fl_shape_read(text, &s, NULL) == FL_OK, "bent");
    CHECK_REL(fl_as_cm2(fl_shape_area(s)), M_PI / 2 * 6.0, 1e-3, "bent");
    fl_shape_free(s);
    fl_shape_fault fault = {.member = ""};
    CHECK(fl_shape_read("strip:0,0 20,0 20,5 0,5 width=12", &s, &fault) == FL_E_RANGE &&
              strstr(fault.text, "the strip folds over itself"),
          "%s", fault.text);
}

FL_TESTS("course/shape", TEST(areas), TEST(a_strip_lies_on_both_sides_of_its_line),
         TEST(a_band_is_what_lies_beside_its_line), TEST(distances), TEST(what_a_shape_holds),
         TEST(grown_areas), TEST(what_is_no_shape_says_why), TEST(a_shape_owns_its_points))
