/* labels: unit physics */
#include "check.h"

#include "fadeline/exposure/exposure.h"

/* Half of the last printed digit, relative. */
#define DIGITS 1e-6

/* W1 to W9 of the safety reference, to the printed digits. */
struct worked {
    const char *what;
    double nm, ps, mJ, mm, Hz, time_base_s;
    double c4, pulses, single_J_m2, average_J_m2, fluence_J_cm2, at_eye_J_m2, od_raw;
    int od;
    double en207_raw;
    const char *marking;
    double d_raw, skin_J_m2, diffuse_eye_m, diffuse_skin_m;
};

/* clang-format off */
static const struct worked rows[] = {
    { "W1 755 ps",  755, 750,   200, 2.5, 10, 10,   1.288250, 100, 2.576499e-3, 1.30398, 4.07437, 5196.896,  6.3047, 7, 8.8587, "M LB9 + D LB5", 4.6101, 193.2374, 4.9708,  0.01815 },
    { "W2 532 ps",  532, 375,   200, 3,   10, 0.25, 1,        2.5, 2.000000e-3, 2.54558, 2.82942, 5196.896,  6.4147, 7, 8.7003, "M LB9 + D LB5", 4.4517, 75.0000,  5.6419,  0.02913 },
    { "W3 1064 ps", 1064, 450,  400, 4,   10, 10,   5,        100, 2.000000e-2, 5.06107, 3.18310, 10393.792, 5.7157, 6, 8.7515, "M LB9 + D LB5", 4.5029, 450.0000, 2.5231,  0.01682 },
    { "W4 785 ps",  785, 300,   97,  2,   5,  10,   1.479108, 50,  2.958217e-3, 2.99435, 3.08761, 2520.495,  5.9305, 6, 8.6630, "M LB9 + D LB5", 4.1886, 88.7465,  3.2307,  0.01865 },
    { "W5 670 ps",  670, 660,   50,  3,   10, 0.25, 1,        2.5, 2.000000e-3, 2.54558, 0.70736, 1299.224,  5.8127, 6, 8.0983, "M LB9 + D LB4", 3.8496, 132.0000, 2.8209,  0.01098 },
    { "W6 1064 ns", 1064, 6000, 1000, 6,  10, 10,   5,        100, 2.000000e-2, 5.06107, 3.53678, 25984.481, 6.1137, 7, 7.2744, "R LB8 + D LB5", 4.5486, 1000.000, 3.9894,  0.01784 },
    { "W7 694 ns",  694, 25000, 1000, 5,  2,  10,   1,        20,  2.000000e-3, 5.06107, 5.09296, 25984.481, 7.1137, 8, 7.2580, "R LB8 + D LB5", 4.0080, 200.0000, 12.6157, 0.03989 },
    { "W8 755 ns",  755, 50000, 500, 4,   5,  10,   1.288250, 50,  2.576499e-3, 2.60797, 3.97887, 12992.240, 6.7027, 7, 7.2503, "R LB8 + D LB5", 4.2987, 257.6499, 7.8595,  0.02485 },
    { "W9 2 GW",    1064, 250,  500, 5,   10, 10,   5,        100, 2.000000e-2, 5.06107, 2.54648, 12992.240, 5.8127, 6, 8.6546, "M LB9 + D LB5", 4.4059, 250.0000, 2.8209,  0.02523 },
};
/* clang-format on */

static fl_exposure_input input_of(const struct worked *row)
{
    return (fl_exposure_input){.wavelength = fl_nm(row->nm),
                               .pulse = fl_ps(row->ps),
                               .energy = fl_mJ(row->mJ),
                               .spot = fl_mm(row->mm),
                               .rate = fl_Hz(row->Hz),
                               .time_base_s = row->time_base_s};
}

static void worked_examples_to_the_printed_digits(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct worked *row = &rows[i];
        const fl_exposure_input in = input_of(row);
        fl_exposure out = {0};
        CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK, "%s: refused", row->what);
        CHECK_NEAR(out.c4, row->c4, 5e-7, row->what);
        CHECK_REL(out.pulses, row->pulses, DIGITS, row->what);
        CHECK_NEAR(out.c5, 1.0, 0, row->what);
        CHECK_REL(out.eye_mpe_single.J_m2, row->single_J_m2, DIGITS, row->what);
        CHECK_NEAR(out.eye_mpe_average.J_m2, row->average_J_m2, 6e-6, row->what);
        CHECK_REL(out.eye_mpe.J_m2, row->single_J_m2, DIGITS, row->what);
        CHECK_NEAR(fl_as_J_cm2(out.fluence), row->fluence_J_cm2, 6e-6, row->what);
        CHECK_NEAR(out.at_eye.J_m2, row->at_eye_J_m2, 6e-4, row->what);
        CHECK_NEAR(out.od_raw, row->od_raw, 6e-5, row->what);
        CHECK(out.od == row->od, "%s: OD %d, not %d", row->what, out.od, row->od);
        CHECK_NEAR(out.en207.raw, row->en207_raw, 6e-5, row->what);
        CHECK_NEAR(out.en207.d_raw, row->d_raw, 6e-5, row->what);
        CHECK_TEXT(out.en207.marking, row->marking, row->what);
        CHECK_NEAR(out.skin_mpe.J_m2, row->skin_J_m2, 6e-5, row->what);
        CHECK_NEAR(out.diffuse_eye.m, row->diffuse_eye_m, 6e-5, row->what);
        CHECK_NEAR(out.diffuse_skin.m, row->diffuse_skin_m, 6e-6, row->what);
        CHECK(isnan(out.nohd.m), "%s: a distance without a divergence", row->what);
    }
}

static void distances_along_the_beam(void)
{
    /* clang-format off */
    static const struct { const char *what; double J, mm, mrad, mpe, r, rss; } beams[] = {
        { "W10a 1064 nm",     0.4, 4,   60,  0.02,        84.0378,  84.1044 },
        { "W10b 755 nm",      0.2, 2.5, 50,  2.576499e-3, 198.7814, 198.8314 },
        { "W10c no handpiece", 0.4, 8,  1.5, 0.02,        3358.84, 0 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof beams / sizeof *beams; i++) {
        const fl_energy energy = {beams[i].J};
        const fl_fluence mpe = {beams[i].mpe};
        const double r = fl_exposure_intrabeam(energy, fl_mm(beams[i].mm), fl_mrad(beams[i].mrad), mpe, 0).m;
        const double rss =
            fl_exposure_intrabeam(energy, fl_mm(beams[i].mm), fl_mrad(beams[i].mrad), mpe, 1).m;
        CHECK_NEAR(r, beams[i].r, i == 2 ? 6e-3 : 6e-5, beams[i].what);
        CHECK(rss > r, "%s: rss %g below %g", beams[i].what, rss, r);
        if (i < 2) CHECK_NEAR(rss, beams[i].rss, 6e-5, beams[i].what);
    }
    CHECK_NEAR(fl_exposure_intrabeam((fl_energy){1e-9}, fl_mm(4), fl_mrad(3), (fl_fluence){0.02}, 0).m, 0, 0,
               "weak beam");
    fl_exposure_input in = input_of(&rows[2]);
    in.divergence = fl_mrad(60);
    fl_exposure out = {0};
    CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK, "W3 with divergence");
    CHECK_NEAR(out.nohd.m, 84.0378, 6e-5, "W10a through assess");
    CHECK_NEAR(out.nohd_rss.m, 84.1044, 6e-5, "W10a rss through assess");
}

static void distances_from_a_matt_surface(void)
{
    const fl_angle oblique = {3.14159265358979323846 / 3};
    const fl_fluence green = {0.002}, infrared = {0.02};
    CHECK_NEAR(fl_exposure_diffuse(fl_mJ(200), 1.0, fl_mrad(0), green).m, 5.6419, 6e-5, "W11 head on");
    CHECK_NEAR(fl_exposure_diffuse(fl_mJ(200), 0.5, oblique, green).m, 2.8209, 6e-5,
               "W11 rho 0.5, 60 degrees");
    CHECK_NEAR(fl_exposure_diffuse(fl_mJ(400), 0.6, fl_mrad(0), infrared).m, 1.9544, 6e-5, "W11 1064 nm");
    CHECK(isnan(fl_exposure_diffuse(fl_mJ(200), 1.2, fl_mrad(0), green).m), "brighter than the light");
    CHECK(isnan(fl_exposure_diffuse(fl_mJ(200), 1.0, fl_mrad(2000), green).m), "behind the surface");
}

static void many_pulses(void)
{
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, 600), 1.0, 0, "600: the branch, not 1.010258");
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, 601), 1.0, 0, "601: clipped at 1");
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, 625), 1.0, 1e-15, "625");
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, 800), 0.940151, 6e-7, "W12 800");
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, 24414.0625), 0.4, 1e-15, "floor reached");
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, 30000), 0.4, 0, "floor");
    CHECK_NEAR(fl_exposure_train_factor(FL_EXPOSURE_2014, 0.25, 30000), 1.0, 0,
               "within the aversion response");
    CHECK(isnan(fl_exposure_train_factor(FL_EXPOSURE_2014, 10, NAN)), "no number of pulses");

    fl_exposure_input in = {.wavelength = fl_nm(755),
                            .pulse = fl_ps(550),
                            .energy = fl_mJ(3),
                            .spot = fl_mm(3),
                            .rate = fl_Hz(80),
                            .time_base_s = 10};
    fl_exposure out = {0};
    CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK, "W12");
    CHECK_REL(out.eye_mpe.J_m2, 2.422298e-3, DIGITS, "W12 limit");
    CHECK_NEAR(out.eye_mpe_average.J_m2, 0.16300, 6e-6, "W12 mean rule");
    in.rate = fl_Hz(3000);
    CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK, "W12 fast");
    CHECK_REL(out.eye_mpe.J_m2, 1.030600e-3, DIGITS, "W12 floor");
    in.time_base_s = 100; /* N is counted over T2 = 10 s at most */
    CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK, "W12 long");
    CHECK_REL(out.eye_mpe_train.J_m2, 1.030600e-3, DIGITS, "W12 long");
}

static void two_lines_at_once(void)
{
    const fl_fluence limits[] = {{0.02}, {0.002}};
    const fl_fluence allowed[] = {{1.0e-2}, {5e-4}}, too_much[] = {{1.6e-2}, {5e-4}};
    CHECK_NEAR(fl_exposure_sum(allowed, limits, 2), 0.75, 1e-12, "W13");
    CHECK_NEAR(fl_exposure_sum(too_much, limits, 2), 1.05, 1e-12, "W13");
    CHECK(isnan(fl_exposure_sum(allowed, (const fl_fluence[]){{0.02}, {0}}, 2)), "a limit of nothing");
}

static void edges_take_the_smaller_value(void)
{
    /* clang-format off */
    static const struct { const char *what; double nm, t_s, J_m2; } edges[] = {
        { "1064, 13 us",        1064, 13e-6,        1.948498e-2 },
        { "1064, just below",   1064, 12.99e-6,     2.000000e-2 },
        { "532, 5 us",          532,  5e-6,         1.903268e-3 },
        { "532, 0.25 s",        532,  0.25,         6.363961 },
        { "1064, 10 s",         1064, 10,           506.1072 },
        { "755, 10 ps",         755,  1e-11,        1e-3 },
        { "1050 is the lower",  1050, 1e-9,         2e-3 * 5.011872 },
        { "1051 is the upper",  1051, 1e-9,         2e-2 },
        { "1180: C7",           1180, 1e-9,         2e-2 * 3.467369 },
        { "1300: C7",           1300, 1e-9,         2e-2 * 108.0 },
    };
    static const struct { const char *what; double t_s, J_m2; } skin[] = {
        { "skin 1 ns", 1e-9, 1000 }, { "skin 100 ns", 1e-7, 978.0537 }, { "skin 20 s", 20, 2e5 },
        { "skin 99 ns", 9.9e-8, 1000 }, { "skin 0.3 ps", 3e-13, 0.3 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        fl_fluence mpe = {0};
        CHECK(fl_exposure_eye_mpe(FL_EXPOSURE_2014, fl_nm(edges[i].nm), edges[i].t_s, &mpe) == FL_OK, "%s",
              edges[i].what);
        CHECK_REL(mpe.J_m2, edges[i].J_m2, DIGITS, edges[i].what);
    }
    for (size_t i = 0; i < sizeof skin / sizeof *skin; i++) {
        fl_fluence mpe = {0};
        CHECK(fl_exposure_skin_mpe(fl_nm(1064), skin[i].t_s, &mpe) == FL_OK, "%s", skin[i].what);
        CHECK_REL(mpe.J_m2, skin[i].J_m2, DIGITS, skin[i].what);
    }
}

static void older_rules(void)
{
    /* clang-format off */
    static const struct { const char *what; double nm, ps, J_m2; } older[] = {
        { "755 nm 750 ps", 755, 750, 4.984937e-3 }, { "532 nm 375 ps", 532, 375, 2.300844e-3 },
        { "1064 nm 450 ps", 1064, 450, 2.637990e-2 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof older / sizeof *older; i++) {
        fl_fluence mpe = {0};
        CHECK(fl_exposure_eye_mpe(FL_EXPOSURE_2007, fl_nm(older[i].nm), older[i].ps * 1e-12, &mpe) == FL_OK,
              "%s", older[i].what);
        CHECK_REL(mpe.J_m2, older[i].J_m2, DIGITS, older[i].what);
    }
    fl_exposure_input in = input_of(&rows[2]);
    in.rules = FL_EXPOSURE_2007;
    fl_exposure out = {0};
    CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK, "1064 nm, N = 100");
    CHECK_REL(out.eye_mpe.J_m2, 8.342057e-3, DIGITS, "1064 nm, N = 100");
    fl_fluence untouched = {-7};
    CHECK(fl_exposure_eye_mpe(FL_EXPOSURE_2007, fl_nm(755), 1e-3, &untouched) == FL_E_RANGE &&
              untouched.J_m2 < 0,
          "a long exposure by the older rules is not in our reference");
}

static void the_meter_judges_the_output(void)
{
    /* W16: 2.00 J/cm2 at 4 mm is 251.3274 mJ. */
    /* clang-format off */
    static const struct { double mJ, off; fl_output_verdict verdict; } reads[] = {
        { 300.0, 19.366, FL_OUTPUT_WARN }, { 302.0, 20.162, FL_OUTPUT_STOP }, { 201.0, -20.025, FL_OUTPUT_STOP },
        { 201.1, -19.985, FL_OUTPUT_WARN }, { 255.0, 1.461, FL_OUTPUT_PASS },
    };
    /* clang-format on */
    const fl_energy set = fl_energy_of(fl_J_cm2(2.00), fl_mm(4));
    CHECK_NEAR(fl_as_mJ(set), 251.3274, 6e-5, "W16 set");
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        double off;
        CHECK(fl_exposure_output(set, fl_mJ(reads[i].mJ), 10, 20, &off) == reads[i].verdict, "W16 %g mJ",
              reads[i].mJ);
        CHECK_NEAR(off, reads[i].off, 6e-4, "W16");
    }
    CHECK(fl_exposure_output(set, (fl_energy){NAN}, 10, 20, NULL) == FL_OUTPUT_STOP, "no reading");
    CHECK(fl_exposure_output((fl_energy){0}, fl_mJ(0), 10, 20, NULL) == FL_OUTPUT_STOP, "nothing set");
}

/* Every bad value alone, in an otherwise good input; the answer must stay untouched. */
static void garbage_is_refused(void)
{
    const double bad[] = {NAN, INFINITY, -INFINITY, 0.0, -3.7};
    for (size_t field = 0; field < 6; field++) {
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            fl_exposure_input in = input_of(&rows[0]);
            double *const at[] = {&in.wavelength.m, &in.pulse.s, &in.energy.J,
                                  &in.spot.m,       &in.rate.Hz, &in.time_base_s};
            if (field == 5 && i == 3) continue; /* 0: choose for me */
            *at[field] = bad[i];
            fl_exposure out = {.od = -77};
            fl_error error = {0};
            CHECK(fl_exposure_assess(&in, &out, &error) == FL_E_RANGE, "field %zu took %g", field, bad[i]);
            CHECK(out.od == -77 && error.what[0] && error.hint[0], "field %zu, %g: touched or silent", field,
                  bad[i]);
        }
    }
    const double nm[] = {399.9, 1400.1, 1550, 2940, 193};
    for (size_t i = 0; i < sizeof nm / sizeof *nm; i++) {
        fl_fluence mpe = {-7};
        CHECK(fl_exposure_eye_mpe(FL_EXPOSURE_2014, fl_nm(nm[i]), 1e-9, &mpe) == FL_E_RANGE, "%g nm", nm[i]);
        CHECK(fl_exposure_skin_mpe(fl_nm(nm[i]), 1e-9, &mpe) == FL_E_RANGE && mpe.J_m2 < 0, "%g nm skin",
              nm[i]);
    }
}

/* More light never needs less eyewear, and a longer pulse never has a lower limit. */
static void trends_hold(void)
{
    double before = -INFINITY;
    for (double mJ = 0.001; mJ < 3000; mJ *= 1.7) {
        fl_exposure_input in = input_of(&rows[0]);
        in.energy = fl_mJ(mJ);
        fl_exposure out = {0};
        CHECK(fl_exposure_assess(&in, &out, NULL) == FL_OK && out.od_raw > before &&
                  out.od >= out.od_raw - 1e-12,
              "%g mJ", mJ);
        before = out.od_raw;
    }
    for (double nm = 400; nm <= 1400; nm += 7) {
        double last = 0, last_skin = 0;
        for (double t = 1.3e-13; t < 10; t *= 1.31) {
            fl_fluence eye = {0}, skin = {0};
            CHECK(fl_exposure_eye_mpe(FL_EXPOSURE_2014, fl_nm(nm), t, &eye) == FL_OK, "%g nm %g s", nm, t);
            CHECK(fl_exposure_skin_mpe(fl_nm(nm), t, &skin) == FL_OK, "%g nm %g s", nm, t);
            /* the two joints of the table step down by at most 5 % */
            CHECK(eye.J_m2 > 0.95 * last && skin.J_m2 > 0.95 * last_skin, "%g nm: falls at %g s", nm, t);
            last = eye.J_m2;
            last_skin = skin.J_m2;
        }
    }
}

FL_TESTS("exposure", TEST(worked_examples_to_the_printed_digits), TEST(distances_along_the_beam),
         TEST(distances_from_a_matt_surface), TEST(many_pulses), TEST(two_lines_at_once),
         TEST(edges_take_the_smaller_value), TEST(older_rules), TEST(the_meter_judges_the_output),
         TEST(garbage_is_refused), TEST(trends_hold))
