/* labels: unit physics */
#include "check.h"

#include "fadeline/thermal/thermal.h"

static const fl_diffusivity dermis = {0.0037 / 3.76 * 1e-4};

/* T1 of the transport reference: half-space, insulated surface, exp(-40/cm z) at t = 0; checked there by a
 * Crank-Nicolson run. */
static void decay_matches_the_reference(void)
{
    /* clang-format off */
    static const struct { double s, cm, want; } rows[] = {
        { 0.1, 0, 0.672688 }, { 0.1, 0.01, 0.616558 }, { 0.1, 0.02, 0.485240 }, { 0.1, 0.05, 0.158361 },
        { 0.1, 0.1, 0.021439 }, { 1e-3, 0, 0.956755 }, { 1.0, 0, 0.366828 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_NEAR(fl_thermal_decay(fl_per_cm(40), fl_cm(rows[i].cm), rows[i].s, dermis), rows[i].want, 1e-6,
                   "T1");
    CHECK_NEAR(fl_thermal_decay(fl_per_cm(40), fl_cm(0.03), 0.0, dermis), exp(-1.2), 1e-15, "start");
    /* exp overflows long before the product does */
    CHECK_REL(fl_thermal_decay(fl_per_cm(400), fl_cm(0), 1000.0, dermis),
              1.0 / (4e4 * sqrt(dermis.m2_s * 1000.0) * sqrt(M_PI)), 1e-5, "late");
}

/* T2: slab of 0.07 mm in an endless medium. */
static void slab_matches_the_reference(void)
{
    /* clang-format off */
    static const struct { double ms, centre, edge; } rows[] = {
        { 1, 0.987399, 0.5 }, { 10, 0.569855, 0.442704 }, { 100, 0.197015, 0.191100 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double t = rows[i].ms / 1e3;
        CHECK_NEAR(fl_thermal_slab(fl_um(35), fl_um(0), t, dermis), rows[i].centre, 1e-6, "T2 centre");
        CHECK_NEAR(fl_thermal_slab(fl_um(35), fl_um(35), t, dermis), rows[i].edge, 1.1e-6, "T2 edge");
        CHECK_NEAR(fl_thermal_slab(fl_um(35), fl_um(-35), t, dermis), rows[i].edge, 1.1e-6, "T2 other edge");
    }
    CHECK(fl_thermal_slab(fl_um(35), fl_um(34), 0, dermis) == 1.0, "inside before it cools");
    CHECK(fl_thermal_slab(fl_um(35), fl_um(36), 0, dermis) == 0.0, "outside before it cools");
}

/* T4: centre of a sphere at 0.1 and 1 R^2/alpha. */
static void sphere_matches_the_reference(void)
{
    const fl_length r = {101e-9};
    const double unit = r.m * r.m / dermis.m2_s;
    CHECK_NEAR(fl_thermal_sphere(r, 0.1 * unit, dermis), 0.828203, 1e-6, "T4");
    CHECK_NEAR(fl_thermal_sphere(r, unit, dermis), 0.081109, 1e-6, "T4");
}

/* Heat is neither made nor lost: the slab's integral over all x stays. */
static void slab_keeps_its_heat(void)
{
    for (double t = 1e-4; t < 2; t *= 7) {
        const double step = 0.7e-6, reach = 40 * sqrt(dermis.m2_s * t) + 80e-6;
        double sum = 0;
        for (double x = -reach; x <= reach; x += step)
            sum += step * fl_thermal_slab(fl_um(35), (fl_length){x}, t, dermis);
        CHECK_REL(sum, 70e-6, 1e-3, "heat of the slab");
    }
}

/* Rows of particle_confinement.csv: kappa 1.3e-7 m2/s, solid carbon 3000 m/s. */
static void confinement_matches_the_table(void)
{
    /* clang-format off */
    static const struct { double nm, tau_ns, tau_ac_ps, th_300, th_450, th_750, th_10, ac_300, ac_450, ac_750, ac_10; }
    rows[] = {
        {    20, 0.1282,   6.667, .386, .276, .170, .013, .022, .015, .009, .001 },
        {    40, 0.5128,  13.33,  .757, .666, .525, .051, .044, .030, .018, .001 },
        {   100, 3.205,   33.33,  .955, .933, .892, .306, .111, .074, .044, .003 },
        {   300, 28.85,  100,     .995, .992, .987, .845, .317, .220, .133, .010 },
        {  1000, 320.5,  333.3,   1,    .999, .999, .985, .659, .549, .398, .033 },
        {  4000, 5128,  1333,     1,    1,    1,    .999, .895, .849, .765, .133 },
        { 10000, 3.205e4, 3333,   1,    1,    1,    1,    .956, .935, .895, .317 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_length d = {rows[i].nm * 1e-9};
        const double th = fl_thermal_relaxation_s(d, FL_SKIN_DIFFUSIVITY), ac = fl_thermal_transit_s(d, 3000);
        CHECK_REL(th * 1e9, rows[i].tau_ns, 5e-4, "tau_th");
        CHECK_REL(ac * 1e12, rows[i].tau_ac_ps, 5e-4, "tau_ac");
        CHECK_NEAR(fl_thermal_survive(fl_ps(300), th), rows[i].th_300, 6e-4, "f_th 300 ps");
        CHECK_NEAR(fl_thermal_survive(fl_ps(450), th), rows[i].th_450, 6e-4, "f_th 450 ps");
        CHECK_NEAR(fl_thermal_survive(fl_ps(750), th), rows[i].th_750, 6e-4, "f_th 750 ps");
        CHECK_NEAR(fl_thermal_survive(fl_ps(1e4), th), rows[i].th_10, 6e-4, "f_th 10 ns");
        CHECK_NEAR(fl_thermal_survive(fl_ps(300), ac), rows[i].ac_300, 6e-4, "f_ac 300 ps");
        CHECK_NEAR(fl_thermal_survive(fl_ps(450), ac), rows[i].ac_450, 6e-4, "f_ac 450 ps");
        CHECK_NEAR(fl_thermal_survive(fl_ps(750), ac), rows[i].ac_750, 6e-4, "f_ac 750 ps");
        CHECK_NEAR(fl_thermal_survive(fl_ps(1e4), ac), rows[i].ac_10, 6e-4, "f_ac 10 ns");
    }
}

/* Bulk numbers of section 9: 1.6 K in the dermis, 79 K in a dark epidermis, both at 3 J/cm2 and 755 nm. */
static void warming_matches_section_9(void)
{
    CHECK_REL(fl_thermal_adiabatic(fl_per_cm(0.5), fl_J_cm2(12), FL_SKIN_HEAT_CAPACITY).K, 1.579, 1e-3,
              "dermis");
    CHECK_REL(fl_thermal_adiabatic(fl_per_cm(0.604 / 0.006), fl_J_cm2(3), FL_SKIN_HEAT_CAPACITY).K, 79.47,
              1e-3, "epidermis");
}

static void a_train_only_gathers(void)
{
    for (double hz = 1.3; hz < 30; hz *= 1.7) {
        double before = 0;
        for (unsigned n = 1; n < 6; n++) {
            const double left = fl_thermal_train(fl_um(61), fl_Hz(hz), n, dermis);
            CHECK(left > before, "%u pulses at %g Hz leave less than %u", n, hz, n - 1);
            CHECK(fl_thermal_train(fl_um(61), fl_Hz(hz * 1.1), n, dermis) > left,
                  "faster leaves less at %g Hz", hz);
            CHECK(fl_thermal_train(fl_um(71), fl_Hz(hz), n, dermis) > left, "thicker leaves less");
            before = left;
        }
    }
    /* one pulse, one interval: the closed form itself; the mirror makes 61 um a slab of 122 um */
    CHECK_REL(fl_thermal_train(fl_um(61), fl_Hz(7), 1, dermis),
              fl_thermal_slab(fl_um(61), fl_um(61), 1 / 7.0, dermis), 1e-15, "one pulse");
    CHECK_REL(fl_thermal_train_decay(fl_per_cm(40), fl_Hz(10), 2, dermis),
              fl_thermal_decay(fl_per_cm(40), fl_cm(0), 0.1, dermis) +
                  fl_thermal_decay(fl_per_cm(40), fl_cm(0), 0.2, dermis),
              1e-12, "two pulses");
}

/* Lengths x 1000 and attenuations / 1000 at times x 1e6 leave every answer alone: no hidden unit. */
static void scale_does_not_matter(void)
{
    CHECK_REL(fl_thermal_slab(fl_mm(35), fl_mm(21), 7e3, dermis),
              fl_thermal_slab(fl_um(35), fl_um(21), 7e-3, dermis), 1e-12, "slab");
    CHECK_REL(fl_thermal_decay(fl_per_cm(0.04), fl_mm(210), 7e3, dermis),
              fl_thermal_decay(fl_per_cm(40), fl_um(210), 7e-3, dermis), 1e-12, "decay");
    CHECK_REL(fl_thermal_sphere(fl_um(101), 7e-3, dermis),
              fl_thermal_sphere((fl_length){101e-9}, 7e-9, dermis), 1e-9, "sphere");
}

static void absurd_input_gives_nan(void)
{
    CHECK(isnan(fl_thermal_slab(fl_um(0), fl_um(1), 1, dermis)), "no slab");
    CHECK(isnan(fl_thermal_slab(fl_um(3), fl_um(NAN), 1, dermis)), "nowhere");
    CHECK(isnan(fl_thermal_slab(fl_um(3), fl_um(1), -1, dermis)), "before the pulse");
    CHECK(isnan(fl_thermal_decay(fl_per_cm(INFINITY), fl_um(1), 1, dermis)), "endless absorption");
    CHECK(isnan(fl_thermal_sphere(fl_um(-1), 1, dermis)), "negative sphere");
    CHECK(isnan(fl_thermal_train(fl_um(60), fl_Hz(0), 3, dermis)), "no rate");
    CHECK(isnan(fl_thermal_train(fl_um(60), fl_Hz(3), 0, dermis)), "no pulse");
    CHECK(isnan(fl_thermal_survive(fl_ps(-1), 1)), "negative pulse");
    CHECK(isnan(fl_thermal_survive(fl_ps(1), NAN)), "no tau");
    CHECK(isnan(fl_thermal_transit_s(fl_um(1), 0)), "no sound");
    CHECK(isnan(fl_thermal_adiabatic(fl_per_cm(-1), fl_J_cm2(1), FL_SKIN_HEAT_CAPACITY).K),
          "negative absorption");
    CHECK(fl_thermal_survive(fl_ps(0), 1) == 1.0, "no pulse length: all survives");
}

FL_TESTS("thermal", TEST(decay_matches_the_reference), TEST(slab_matches_the_reference),
         TEST(sphere_matches_the_reference), TEST(slab_keeps_its_heat), TEST(confinement_matches_the_table),
         TEST(warming_matches_section_9), TEST(a_train_only_gathers), TEST(scale_does_not_matter),
         TEST(absurd_input_gives_nan))
