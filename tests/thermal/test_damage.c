/* labels: unit physics */
#include "check.h"

#include "fadeline/thermal/damage.h"
#include "fadeline/thermal/heat.h"

#include <gsl/gsl_integration.h>

/* Henriques and Moritz: the digits of transport.md section 5. */
static void henriques_matches_the_reference(void)
{
    static const double C[] = {44, 50, 55, 60, 65, 70},
                        want[] = {1.1527e-5, 9.5965e-4, 3.3791e-2, 1.0692, 30.547, 791.47};
    const fl_damage_set *set = fl_damage_set_of(FL_DAMAGE_HENRIQUES);
    for (int i = 0; i < 6; i++)
        CHECK_REL(fl_damage_rate_per_s(set, fl_heat_celsius(C[i])), want[i], 5e-5, "rate");
    CHECK_NEAR(fl_heat_as_celsius(fl_damage_threshold(set, 1)), 59.90, 0.005, "a second");
    /* the trap of the header: a 10 K step around 60 C. The reference says 4.4 from 0.68 per K; sinh(3.4)/3.4
     * is 4.4, and Ea/RT bends that to 4.28 */
    const double middle = fl_damage_rate_per_s(set, fl_heat_celsius(60)),
                 truth = fl_damage_ramp(set, fl_heat_celsius(55), fl_heat_celsius(65), 1);
    CHECK_NEAR(truth / middle, 4.28, 0.005, "middle of a long step");
}

/* A, Ea and the check columns of thermal.csv, row by row: any typing error shows here. Rows for one side of
 * 50 C print temperatures that lie on the other side; only the formula can be compared there. The table has
 * R 8.314. */
static void sets_match_the_table(void)
{
    /* clang-format off */
    static const struct { fl_damage_name name; int piece; double a, J_mol, C_1, C_1000; const char *surety; } rows[] = {
        { FL_DAMAGE_HENRIQUES,            0, 3.1e98,    628000, 59.9,  70.4, "seen" },
        { FL_DAMAGE_HENRIQUES,            1, 3.1e98,    628000, 59.9,  70.4, "seen" },
        { FL_DAMAGE_WEAVER_STOLL,         0, 2.185e124, 777649, 53.5,  61.6, "seen" },
        { FL_DAMAGE_WEAVER_STOLL,         1, 1.823e51,  325159, 58.2,  78.8, "seen" },
        { FL_DAMAGE_TAKATA,               0, 4.32e64,   415700, 62.8,  79.2, "seen" },
        { FL_DAMAGE_TAKATA,               1, 9.39e104,  665120, 57.8,  67.6, "seen" },
        { FL_DAMAGE_MEHTA_WONG_EPIDERMIS, 0, 1.43e72,   457270, 57.9,  72.2, "seen" },
        { FL_DAMAGE_MEHTA_WONG_DERMIS,    1, 2.86e69,   457270, 70.8,  86.3, "seen" },
        { FL_DAMAGE_AGAH_ARTERY,          0, 5.6e63,    430000, 79.2,  96.6, "seen" },
        { FL_DAMAGE_GAYLOR_MEMBRANE,      0, 2.9e37,    240000, 61.5,  90.6, "from memory" },
        { FL_DAMAGE_PEARCE_COLLAGEN,      1, 1.606e45,  306000, 80.4, 105.6, "from memory" },
        { FL_DAMAGE_MAITLAND_COLLAGEN,    0, 1.77e56,   367600, 68.2,  87.5, "from memory" },
        { FL_DAMAGE_MILES_COLLAGEN,       1, 6.658e79,  521000, 67.8,  81.1, "from memory" },
        { FL_DAMAGE_AKSAN_COLLAGEN,       0, 1.136e86,  562300, 68.2,  80.5, "from memory" },
        { FL_DAMAGE_DEMO_BLOOD,           1, 7.6e66,    422500, 56.8,  72.3, "seen" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_damage_set *set = fl_damage_set_of(rows[i].name);
        const double log_a = set->log_a[rows[i].piece], e_K = set->ea_over_r_K[rows[i].piece];
        CHECK_REL(log_a, log(rows[i].a), 1e-13, set->name);
        CHECK_REL(e_K, rows[i].J_mol / 8.314, 1e-4, set->name);
        CHECK_NEAR(e_K / log_a - 273.15, rows[i].C_1, 0.08, set->name);
        CHECK_NEAR(e_K / (log_a + log(1e-3)) - 273.15, rows[i].C_1000, 0.08, set->name);
        CHECK(strncmp(set->surety, rows[i].surety, strlen(rows[i].surety)) == 0, "%s: '%s'", set->name,
              set->surety);
        CHECK(set->id[0] && set->range[0], "row %zu has no name", i);
    }
}

/* Omega = A t exp(-E/RT) and its inverses, every set, on both sides of 50 C. */
static void constant_temperature_is_the_closed_form(void)
{
    for (unsigned k = 0; k < FL_DAMAGE_SETS; k++) {
        const fl_damage_set *set = fl_damage_set_of(k);
        for (double C = 37.3; C < 120; C += 7.7) {
            const fl_temperature t = fl_heat_celsius(C);
            const int piece = C >= 50;
            const double rate = exp(set->log_a[piece] - set->ea_over_r_K[piece] / t.K);
            CHECK_REL(fl_damage_rate_per_s(set, t), rate, 1e-12, set->name);
            CHECK_REL(fl_damage_ramp(set, t, t, 0.37), 0.37 * rate, 1e-12, set->name);
            CHECK_REL(fl_damage_time_s(set, t) * rate, 1, 1e-12, set->name);
            CHECK_NEAR(fl_damage_threshold(set, 1 / rate).K, t.K, 1e-9, set->name);
        }
    }
    /* Takata's pieces leave a gap at 50 C; a rate inside it is reached at 50 C */
    const fl_damage_set *set = fl_damage_set_of(FL_DAMAGE_TAKATA);
    CHECK_REL(fl_damage_threshold(set, 1 / 0.0028).K, 323.15, 1e-15, "gap");
}

typedef struct line {
    const fl_damage_set *set;
    double from, to;
} line;

static double along(double u, void *context)
{
    const line *l = context;
    return fl_damage_rate_per_s(l->set, (fl_temperature){l->from + u * (l->to - l->from)});
}

/* GSL's adaptive quadrature, split where a set has its step. */
static double quadrature(line l, gsl_integration_workspace *space)
{
    double sum = 0, part, error, points[3] = {0, 1, 1};
    int count = 2;
    const double step = (FL_DAMAGE_STEP_K - l.from) / (l.to - l.from);
    if (step > 0 && step < 1) points[1] = step, count = 3;
    gsl_function f = {along, &l};
    for (int i = 0; i + 1 < count; i++) {
        gsl_integration_qag(&f, points[i], points[i + 1], 0, 1e-11, 1000, GSL_INTEG_GAUSS61, space, &part,
                            &error);
        sum += part;
    }
    return sum;
}

static void a_ramp_matches_quadrature(void)
{
    static const double from[] = {33, 44.7, 49.9, 55.3, 71.9, 140},
                        rise[] = {1e-9, 3e-7, 1e-4, 0.011, 0.19, 0.31, 0.77, 2.6, 11, 48, 90};
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
    double worst = 0;
    for (unsigned k = 0; k < FL_DAMAGE_SETS; k++)
        for (size_t i = 0; i < sizeof from / sizeof *from; i++)
            for (size_t j = 0; j < sizeof rise / sizeof *rise; j++) {
                const fl_damage_set *set = fl_damage_set_of(k);
                const fl_temperature low = fl_heat_celsius(from[i]),
                                     high = fl_heat_celsius(from[i] + rise[j]);
                const double want = 0.031 * quadrature((line){set, low.K, high.K}, space),
                             up = fl_damage_ramp(set, low, high, 0.031),
                             down = fl_damage_ramp(set, high, low, 0.031);
                CHECK_REL(up, want, 1e-8, set->name);
                CHECK_REL(down, up, 1e-10, "down as up");
                worst = fmax(worst, fabs(up / want - 1));
            }
    gsl_integration_workspace_free(space);
    printf("ramp against quadrature: %.1e at most\n", worst);
}

/* Two parts of a line make the whole, wherever it is cut. */
static void parts_add_up(void)
{
    for (unsigned k = 0; k < FL_DAMAGE_SETS; k++)
        for (double cut = 0.003; cut < 1; cut += 0.083) {
            const fl_damage_set *set = fl_damage_set_of(k);
            const fl_temperature a = fl_heat_celsius(41.3), b = fl_heat_celsius(76.1),
                                 c = {a.K + cut * (b.K - a.K)};
            CHECK_REL(fl_damage_ramp(set, a, c, 0.7 * cut) + fl_damage_ramp(set, c, b, 0.7 * (1 - cut)),
                      fl_damage_ramp(set, a, b, 0.7), 1e-10, set->name);
        }
}

static void depths_gather_on_their_own(void)
{
    const fl_damage_set *set = fl_damage_set_of(FL_DAMAGE_MEHTA_WONG_EPIDERMIS);
    double omega[3];
    fl_temperature last[3], start[3] = {{306}, {306}, {306}}, hot[3] = {{347.3}, {331}, {306}},
                            later[3] = {{329}, {330.1}, {307}};
    fl_damage damage;
    CHECK(fl_damage_init(&damage, set, 3, omega, last, start) == FL_OK, "init");
    CHECK(fl_damage_step(&damage, hot, 0.0) == FL_OK && omega[0] == 0.0, "a jump takes no time");
    CHECK(fl_damage_step(&damage, later, 0.013) == FL_OK, "step");
    CHECK(fl_damage_step(&damage, later, 0.1) == FL_OK, "wait");
    for (int i = 0; i < 3; i++)
        CHECK_REL(omega[i],
                  fl_damage_ramp(set, hot[i], later[i], 0.013) + fl_damage_ramp(set, later[i], later[i], 0.1),
                  1e-12, "depth");
    const double before = omega[0];
    fl_temperature bad[3] = {{310}, {NAN}, {310}};
    CHECK(fl_damage_step(&damage, bad, 1) == FL_E_RANGE && omega[0] == before, "NaN changes nothing");
    CHECK(fl_damage_step(&damage, later, -1) == FL_E_RANGE && omega[0] == before, "nor does going back");
    CHECK(fl_damage_init(&damage, set, 3, omega, last, bad) == FL_E_RANGE && omega[0] == before,
          "nor a bad begin");
}

static void absurd_input_gives_nan(void)
{
    const fl_damage_set *set = fl_damage_set_of(FL_DAMAGE_HENRIQUES);
    const fl_temperature ok = {330};
    CHECK(isnan(fl_damage_rate_per_s(set, (fl_temperature){0})), "nothing warm");
    CHECK(isnan(fl_damage_rate_per_s(set, (fl_temperature){INFINITY})), "too warm");
    CHECK(isnan(fl_damage_ramp(set, (fl_temperature){-3}, ok, 1)), "colder than cold");
    CHECK(isnan(fl_damage_ramp(set, ok, (fl_temperature){NAN}, 1)), "unknown");
    CHECK(isnan(fl_damage_ramp(set, ok, ok, -1e-9)), "back in time");
    CHECK(isnan(fl_damage_time_s(set, (fl_temperature){NAN})), "unknown");
    CHECK(isnan(fl_damage_threshold(set, 0).K), "at once");
    CHECK(fl_damage_ramp(set, ok, (fl_temperature){340}, 0) == 0, "no time, no damage");
}

FL_TESTS("thermal/damage", TEST(henriques_matches_the_reference), TEST(sets_match_the_table),
         TEST(constant_temperature_is_the_closed_form), TEST(a_ramp_matches_quadrature), TEST(parts_add_up),
         TEST(depths_gather_on_their_own), TEST(absurd_input_gives_nan))
