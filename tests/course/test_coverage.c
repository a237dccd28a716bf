/* labels: unit */
#include "check.h"

#include "fadeline/course/coverage.h"
#include "fadeline/course/lattice.h"

/* The counts the clinic's forms quote, and the per-area table of the clinical reference. */
static void counts(void)
{
    // clang-format off
    static const struct { const char *what; double cm2, mm, overlap; int pulses; } rows[] = {
        { "case 1",            520, 4,   0.10, 4633 },
        { "case 1, 20 %",      520, 4,   0.20, 5864 },
        { "case 1 at 3 mm",    520, 3,   0.10, 8237 },
        { "F-L",                40, 4,   0.10,  356 },
        { "case 2",             18, 3,   0.10,  285 },
        { "case 2, 20 %",       18, 3,   0.20,  361 },
        { "case 3",            140, 3,   0.10, 2218 },
        { "case 3, 20 %",      140, 3,   0.20, 2807 },
        { "case 4",            8.4, 2.5, 0.10,  192 },
        { "case 4, 20 %",      8.4, 2.5, 0.20,  242 },
        { "case 7",             95, 3,   0.10, 1505 },
        { "case 7, 20 %",       95, 3,   0.20, 1904 }, /* 1,905 with 0.866 for half the root of three */
        { "100 cm2",           100, 4,   0.10,  891 },
    };
    static const struct { double mm, overlap, per_cm2, dose; } table[] = {
        { 2, 0.10, 35.639, 1.1196 }, { 3, 0.10, 15.840, 1.1196 }, { 4, 0.00, 7.217, 0.9069 },
        { 4, 0.10,  8.910, 1.1196 }, { 4, 0.20, 11.276, 1.4170 }, { 6, 0.10, 3.960, 1.1196 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_coverage coverage = {0};
        CHECK(fl_coverage_of(fl_cm2(rows[i].cm2), fl_mm(rows[i].mm), rows[i].overlap, &coverage) == FL_OK,
              "%s: refused", rows[i].what);
        CHECK(coverage.pulses == rows[i].pulses, "%s: %d pulses, not %d", rows[i].what, coverage.pulses,
              rows[i].pulses);
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        fl_coverage coverage = {0};
        CHECK(fl_coverage_of(fl_cm2(7.3), fl_mm(table[i].mm), table[i].overlap, &coverage) == FL_OK,
              "row %zu", i);
        CHECK_REL(coverage.spots_per_cm2, table[i].per_cm2, 1e-4, "spots per cm2");
        CHECK_REL(coverage.dose_factor, table[i].dose, 1e-4, "dose factor");
    }
}

static void nonsense_is_refused_and_touches_nothing(void)
{
    static const double rows[][3] = {
        {0, 4, 0.1},    {-3, 4, 0.1},  {NAN, 4, 0.1},  {INFINITY, 4, 0.1}, {10001, 4, 0.1},
        {40, 0, 0.1},   {40, -4, 0.1}, {40, NAN, 0.1}, {40, 101, 0.1},     {40, 0.05, 0.1},
        {40, 4, -0.01}, {40, 4, 0.9},  {40, 4, NAN},   {40, 4, 1.0},       {40, 4, INFINITY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_coverage coverage = {.pulses = 77};
        CHECK(fl_coverage_of(fl_cm2(rows[i][0]), fl_mm(rows[i][1]), rows[i][2], &coverage) == FL_E_RANGE,
              "%g cm2, %g mm, %g", rows[i][0], rows[i][1], rows[i][2]);
        CHECK(coverage.pulses == 77, "row %zu: the answer was touched", i);
    }
}

/* Acceptance story 6: F-L of case 1. Shares that are whole on paper stay whole: 1.1 x 130 is
 * 143.00000000000003. */
static void budgets_act_at_the_first_count_at_or_above(void)
{
    const fl_budget_shares shares = {0.9, 1.0, 1.1, 1.2};
    // clang-format off
    static const struct { int pulses, notice, planned, soft, hard; } rows[] = {
        { 356, 321, 356, 392, 428 }, { 130, 117, 130, 143, 156 }, { 10, 9, 10, 11, 12 }, { 1, 1, 1, 2, 2 },
        { 0, 0, 0, 0, 0 }, { 999999937, 899999944, 999999937, 1099999931, 1199999925 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_plan_budget b = fl_budget_of(rows[i].pulses, &shares);
        CHECK(b.notice == rows[i].notice && b.planned == rows[i].planned && b.soft_stop == rows[i].soft &&
                  b.hard_stop == rows[i].hard,
              "%d: %d %d %d %d", rows[i].pulses, b.notice, b.planned, b.soft_stop, b.hard_stop);
    }
}

/* The counts of the clinic's forms, drawn: a square or circle of the same area takes about as many. What an
 * edge adds or takes is at most a third of a spot for each that stands on it. */
static void a_drawn_zone_takes_what_its_area_would(void)
{
    // clang-format off
    static const struct { double cm2, mm, overlap; } rows[] = {
        { 40, 4, 0.10 }, { 18, 3, 0.10 }, { 18, 3, 0.20 }, { 140, 3, 0.10 }, { 8.4, 2.5, 0.10 }, { 95, 3, 0.20 },
        { 520, 4, 0.10 }, { 520, 4, 0.20 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int round = 0; round < 2; round++) {
            const double side = 10.0 * sqrt(rows[i].cm2), across = 20.0 * sqrt(rows[i].cm2 / M_PI);
            const fl_point corners[] = {{fl_mm(0), fl_mm(0)},
                                        {fl_mm(side), fl_mm(0)},
                                        {fl_mm(side), fl_mm(side)},
                                        {fl_mm(0), fl_mm(side)}};
            const fl_shape_spec spec = {.kind = round ? FL_SHAPE_CIRCLE : FL_SHAPE_POLYGON,
                                        .diameter = fl_mm(across),
                                        .points = corners,
                                        .count = 4};
            const fl_lattice_rules rules = {
                .spot = fl_mm(rows[i].mm), .overlap = rows[i].overlap, .spill = fl_mm(0.5 * rows[i].mm)};
            fl_shape *shape = NULL;
            fl_lattice *lattice = NULL;
            fl_coverage coverage = {0};
            CHECK(fl_shape_new(&spec, &shape, NULL) == FL_OK &&
                      fl_lattice_new(shape, &rules, &lattice) == FL_OK,
                  "row %zu", i);
            CHECK(fl_coverage_of(fl_cm2(rows[i].cm2), rules.spot, rules.overlap, &coverage) == FL_OK,
                  "row %zu", i);
            if (!lattice) return;
            const double edge = (round ? M_PI * across : 4.0 * side) / fl_as_mm(lattice->pitch);
            CHECK_NEAR((double)lattice->count, coverage.pulses, edge / 3.0, round ? "circle" : "square");
            fl_lattice_free(lattice);
            fl_shape_free(shape);
        }
}

FL_TESTS("course/coverage", TEST(counts), TEST(a_drawn_zone_takes_what_its_area_would),
         TEST(nonsense_is_refused_and_touches_nothing), TEST(budgets_act_at_the_first_count_at_or_above))
