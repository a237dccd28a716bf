/* labels: unit physics */
#include "check.h"
#include "fadeline/thermal/train.h"
#include "helper_heat.h"

static bench b;
static fl_energy_density absorbed[FL_HEAT_CELLS];
static const fl_length depths[] = {{0}, {80e-6}, {400e-6}};

static fl_train *made(fl_train_spot spot, double reach_s)
{
    fl_train_setup setup = {&b.setup, absorbed, depths, 3, spot, {0}, reach_s};
    fl_train *train = NULL;
    fl_error error = {0};
    CHECK(fl_train_new(&setup, &train, &error) == FL_OK, "train: %s", error.what);
    return train;
}

static void ask(const fl_train *train, const fl_train_question *q, fl_train_answer *answer)
{
    fl_error error = {0};
    CHECK(fl_train_ask(train, q, answer, &error) == FL_OK, "asked: %s", error.what);
}

static void skin(fl_heat_surface surface)
{
    bench_skin(&b, fl_um(4), 60);
    b.setup.surface = surface;
    bench_skin_absorbed(&b, absorbed);
}

/* The sum of memories is what a simulation of the whole train gives, pulse by pulse, damage included. */
static void a_sum_is_the_simulation(void)
{
    static const fl_heat_surface surface[] = {{.kind = FL_HEAT_INSULATED},
                                              {.kind = FL_HEAT_FILM, .film = {900}, .outside = {278.15}}};
    const fl_damage_set *sets[] = {fl_damage_set_of(FL_DAMAGE_HENRIQUES),
                                   fl_damage_set_of(FL_DAMAGE_GAYLOR_MEMBRANE)};
    for (int k = 0; k < 2; k++) {
        skin(surface[k]);
        b.setup.deep = fl_heat_celsius(k ? 36.6 : START_C);
        const fl_train_question q = {37, {7.3}, k ? 1.37 : 0.61, 2.1, 0.9, sets, 2};
        fl_train *train = made((fl_train_spot){FL_TRAIN_WIDE, {0}}, 9);
        fl_train_answer got[3], want[3] = {0};
        ask(train, &q, got);
        fl_train_free(train);

        for (unsigned i = 0; i < 60; i++) absorbed[i].J_m3 *= q.strength;
        bench_begin(&b);
        bench_wait(&b, q.before_s);
        fl_damage damage[2];
        double omega[2][3];
        fl_temperature last[2][3], now[3];
        for (unsigned n = 0; n < q.pulses; n++) {
            CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_OK, "pulse");
            const double gap = 1 / q.rate.Hz, end = n + 1 < q.pulses ? gap : q.after_s;
            double at = 0;
            for (bool first = true; at < end; first = false) {
                const double until = at < gap ? gap : end, step = fmax(2e-6, 0.05 * at);
                const double dt = first ? 0.0 : step < until - at ? step : until - at;
                at = dt == until - at ? until : at + dt;
                bench_wait(&b, dt);
                for (int d = 0; d < 3; d++) {
                    now[d] = fl_heat_temperature(&b.heat, depths[d]);
                    want[d].peak.K = fmax(want[d].peak.K, now[d].K);
                    if (at == gap) want[d].left.K = fmax(want[d].left.K, now[d].K - b.setup.start.K);
                }
                for (int s = 0; s < 2; s++)
                    CHECK((n == 0 && first ? fl_damage_init(&damage[s], sets[s], 3, omega[s], last[s], now)
                                           : fl_damage_step(&damage[s], now, dt)) == FL_OK,
                          "damage");
            }
        }
        for (int d = 0; d < 3; d++) {
            const double rise = want[d].peak.K - b.setup.start.K;
            CHECK_NEAR(got[d].peak.K, want[d].peak.K, 1e-3 * rise, "peak");
            CHECK_NEAR(got[d].end.K, now[d].K, 1e-3 * rise, "end");
            CHECK_NEAR(got[d].left.K, want[d].left.K, 1e-3 * rise, "left");
            /* 0.02 K are 1.4 % of Omega */
            for (int s = 0; s < 2; s++) CHECK_REL(got[d].omega[s], omega[s][d], 0.02, sets[s]->name);
            printf("depth %d: peak %.2f C (%+.0e K) end %.2f C (%+.0e K) Omega %.4g (%+.2g %%)\n", d,
                   got[d].peak.K - 273.15, got[d].peak.K - want[d].peak.K, got[d].end.K - 273.15,
                   got[d].end.K - now[d].K, got[d].omega[0], 100 * (got[d].omega[0] / omega[0][d] - 1));
        }
    }
}

/* A thin sheet whose ends both differ from the start: what the ends do counts once, not once a pulse. */
static void both_ends_count_once(void)
{
    bench_plain(&b, fl_mm(0.7), fl_um(10), 40);
    b.setup.surface = (fl_heat_surface){.kind = FL_HEAT_FIXED, .outside = fl_heat_celsius(12)};
    b.setup.deep = fl_heat_celsius(41);
    for (unsigned i = 0; i < 40; i++) absorbed[i].J_m3 = 1.7e7;
    fl_train *train = made((fl_train_spot){FL_TRAIN_WIDE, {0}}, 9);
    fl_train_answer answer[3];
    ask(train, &(fl_train_question){9, {3}, 0.7, 0.2, 0, NULL, 0}, answer);
    fl_train_free(train);
    for (unsigned i = 0; i < 40; i++) absorbed[i].J_m3 *= 0.7;
    bench_begin(&b);
    bench_wait(&b, 0.2);
    for (int n = 0; n < 9; n++) {
        CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_OK, "pulse");
        bench_wait(&b, 1 / 3.0);
    }
    for (int d = 0; d < 3; d++)
        CHECK_NEAR(answer[d].end.K, fl_heat_temperature(&b.heat, depths[d]).K, 0.01, "end");
}

/* 300 pulses in a plain half-space are a sum of closed forms, and so is what is left before the next. */
static void three_hundred_match_closed_forms(void)
{
    const fl_diffusivity alpha = {TISSUE_W_M_K / TISSUE_J_M3_K};
    bench_plain(&b, fl_mm(30), fl_um(4), 120);
    double mean[FL_HEAT_CELLS];
    bench_decay(&b, TISSUE_J_M3_K, 4000, 0, 1e9, mean);
    for (unsigned i = 0; i < 120; i++) absorbed[i].J_m3 = mean[i];
    fl_train *train = made((fl_train_spot){FL_TRAIN_WIDE, {0}}, 31);
    const fl_train_question q = {300, {10}, 1, 0, 0, NULL, 0};
    fl_train_answer answer[3];
    ask(train, &q, answer);
    for (int d = 0; d < 3; d++) {
        double sum = 0;
        for (int k = 1; k <= 300; k++) sum += fl_thermal_decay(fl_per_cm(40), depths[d], k / 10.0, alpha);
        CHECK_REL(answer[d].left.K, sum, 0.005, "left");
        CHECK_REL(answer[d].end.K - b.setup.start.K, sum, 0.005, "end");
    }
    CHECK_REL(answer[0].left.K, fl_thermal_train_decay(fl_per_cm(40), fl_Hz(10), 300, alpha), 0.005,
              "thermal.h");
    fl_train_free(train);
}

/* T3: a Gaussian exp(-r^2/w^2), w 1 mm, heated evenly to any depth, on its axis; as a spot by 1/e2 its
 * diameter is 2 sqrt 2 w. And a disc, from the same integral over its area. */
static void sideways_matches_T3(void)
{
    static const double s[] = {0.1, 1, 10}, want[] = {0.962129, 0.717557, 0.202586};
    const fl_diffusivity alpha = {0.0037 / 3.76 * 1e-4};
    const fl_train_spot gaussian = {FL_TRAIN_GAUSSIAN, fl_mm(2 * M_SQRT2)},
                        disc = {FL_TRAIN_DISC, fl_mm(3.7)};
    bench_plain(&b, fl_mm(60), fl_um(100), 80);
    for (int i = 0; i < 80; i++) absorbed[i].J_m3 = TISSUE_J_M3_K;
    for (int i = 0; i < 3; i++) {
        CHECK_NEAR(fl_train_sideways(gaussian, s[i], alpha), want[i], 1e-6, "T3");
        double ring = 0; /* the heat kernel over the disc */
        for (int j = 0; j < 10000; j++) {
            const double r = (j + 0.5) * 1.85e-3 / 10000;
            ring += 1.85e-3 / 10000 * r / (2 * alpha.m2_s * s[i]) * exp(-r * r / (4 * alpha.m2_s * s[i]));
        }
        CHECK_NEAR(fl_train_sideways(disc, s[i], alpha), ring, 1e-6, "disc");
        fl_train *train = made(gaussian, 12);
        const fl_train_question q = {1, {20}, 1, 0, s[i], NULL, 0};
        fl_train_answer answer[3];
        ask(train, &q, answer);
        CHECK_REL(answer[0].end.K - b.setup.start.K, want[i], 0.005, "T3 by a train");
        fl_train_free(train);
    }
}

/* Heated evenly in depth nothing is left but the factor: so between the times of the memory too. */
static void sideways_holds_between_the_steps(void)
{
    const fl_train_spot disc = {FL_TRAIN_DISC, fl_mm(3.7)};
    bench_plain(&b, fl_mm(60), fl_um(100), 80);
    for (int i = 0; i < 80; i++) absorbed[i].J_m3 = TISSUE_J_M3_K;
    fl_train *train = made(disc, 32);
    for (double s = 0.3; s < 30; s *= 1.013) {
        const fl_train_question q = {1, {20}, 1, 0, s, NULL, 0};
        fl_train_answer answer[3];
        ask(train, &q, answer);
        CHECK_NEAR(answer[0].end.K - b.setup.start.K,
                   fl_train_sideways(disc, s, (fl_diffusivity){TISSUE_W_M_K / TISSUE_J_M3_K}), 2e-6, "disc");
    }
    fl_train_free(train);
}

/* A finite spot is cooler than a wide one, a small one cooler still; a bigger diffusivity cools more. */
static void small_spots_are_cooler(void)
{
    skin((fl_heat_surface){.kind = FL_HEAT_INSULATED});
    const fl_train_question q = {100, {5}, 1, 0, 0, NULL, 0};
    double before = 0;
    for (int mm = 2; mm <= 8; mm += 2) {
        fl_train *train = made((fl_train_spot){FL_TRAIN_DISC, fl_mm(mm)}, 21);
        fl_train_answer answer[3];
        ask(train, &q, answer);
        CHECK(answer[1].left.K > before, "%d mm leaves %g K, a smaller spot %g K", mm, answer[1].left.K,
              before);
        before = answer[1].left.K;
        fl_train_free(train);
    }
    fl_train *wide = made((fl_train_spot){FL_TRAIN_WIDE, {0}}, 21);
    fl_train_answer answer[3];
    ask(wide, &q, answer);
    CHECK(answer[1].left.K > before, "wide");
    fl_train_free(wide);
}

static void the_rate_found_is_the_limit(void)
{
    skin((fl_heat_surface){.kind = FL_HEAT_FILM, .film = {900}, .outside = {278.15}});
    const fl_damage_set *sets[] = {fl_damage_set_of(FL_DAMAGE_MEHTA_WONG_EPIDERMIS)};
    fl_train *train = made((fl_train_spot){FL_TRAIN_DISC, fl_mm(4)}, 70);
    const fl_train_question q = {30, {0}, 1.1, 1, 3, sets, 1};
    const fl_train_limit limits[] = {
        {{8}, {INFINITY}, INFINITY}, {{INFINITY}, {335}, INFINITY}, {{INFINITY}, {INFINITY}, 1e-3}};
    for (int i = 0; i < 3; i++) {
        fl_rate rate = {0};
        fl_error error = {0};
        CHECK(fl_train_rate(train, &q, &limits[i], fl_Hz(0.5), fl_Hz(60), &rate, &error) == FL_OK,
              "limit %d: %s", i, error.what);
        printf("limit %d: %.3f Hz\n", i, rate.Hz);
        CHECK(rate.Hz > 0.51 && rate.Hz < 59, "limit %d binds at %g Hz", i, rate.Hz);
        for (int above = 0; above < 2; above++) {
            fl_train_question at = q;
            at.rate.Hz = rate.Hz * (above ? 1.0011 : 1.0);
            fl_train_answer answer[3];
            ask(train, &at, answer);
            bool holds = true;
            for (int d = 0; d < 3; d++)
                holds &= answer[d].left.K <= limits[i].left.K && answer[d].peak.K <= limits[i].peak.K &&
                         answer[d].omega[0] <= limits[i].omega;
            CHECK(holds == !above, "limit %d at %g Hz", i, at.rate.Hz);
        }
    }
    fl_rate rate = {77};
    const fl_train_limit none = {{INFINITY}, {INFINITY}, INFINITY}, never = {{INFINITY}, {290}, INFINITY},
                         unknown = {{NAN}, {310}, 1};
    CHECK(fl_train_rate(train, &q, &never, fl_Hz(0.5), fl_Hz(60), &rate, NULL) == FL_E_NO && rate.Hz == 77,
          "never");
    CHECK(fl_train_rate(train, &q, &unknown, fl_Hz(0.5), fl_Hz(60), &rate, NULL) == FL_E_RANGE,
          "unknown limit");
    CHECK(fl_train_rate(train, &q, &none, fl_Hz(5), fl_Hz(2), &rate, NULL) == FL_E_RANGE, "no range");
    CHECK(fl_train_rate(train, &q, &none, fl_Hz(0.1), fl_Hz(2), &rate, NULL) == FL_E_RANGE,
          "longer than known");
    CHECK(fl_train_rate(train, &q, &none, fl_Hz(0.5), fl_Hz(60), &rate, NULL) == FL_OK && rate.Hz == 60,
          "no limit");
    fl_train_free(train);
}

static void absurd_input_is_refused(void)
{
    skin((fl_heat_surface){.kind = FL_HEAT_INSULATED});
    const fl_train_spot wide = {FL_TRAIN_WIDE, {0}};
    /* clang-format off */
    const struct { const char *says; fl_train_setup setup; } setups[] = {
        { "depths",    { &b.setup, absorbed, depths, 0, wide, {0}, 1 } },
        { "depths",    { &b.setup, absorbed, depths, FL_TRAIN_DEPTHS + 1, wide, {0}, 1 } },
        { "depth 1",   { &b.setup, absorbed, &(fl_length){ -1e-6 }, 1, wide, {0}, 1 } },
        { "depth 1",   { &b.setup, absorbed, &(fl_length){ NAN }, 1, wide, {0}, 1 } },
        { "spot",      { &b.setup, absorbed, depths, 3, { 0, { 4e-3 } }, {0}, 1 } },
        { "spot",      { &b.setup, absorbed, depths, 3, { FL_TRAIN_DISC, { 0 } }, {0}, 1 } },
        { "sideways",  { &b.setup, absorbed, depths, 3, wide, { -1 }, 1 } },
        { "reach_s",   { &b.setup, absorbed, depths, 3, wide, {0}, 0 } },
        { "reach_s",   { &b.setup, absorbed, depths, 3, wide, {0}, NAN } },
        { "absorbed",  { &b.setup, (fl_energy_density[60]){ { 1 }, { -1 } }, depths, 3, wide, {0}, 1 } },
    };
    /* clang-format on */
    fl_train *train = NULL;
    for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
        fl_error error = {0};
        CHECK(fl_train_new(&setups[i].setup, &train, &error) == FL_E_RANGE && !train, "setup %zu accepted",
              i);
        CHECK(strstr(error.what, setups[i].says), "setup %zu says '%s'", i, error.what);
    }
    fl_error error = {0};
    b.layer[1].thickness.m = 0;
    CHECK(fl_train_new(&(fl_train_setup){&b.setup, absorbed, depths, 3, wide, {0}, 1}, &train, &error) ==
                  FL_E_RANGE &&
              strstr(error.what, "layer 2 (dermis)"),
          "'%s'", error.what);
    b.layer[1].thickness = fl_mm(1.9);
    train = made(wide, 2);
    const fl_train_question questions[] = {{0, {10}, 1, 0, 0, NULL, 0},   {3, {0}, 1, 0, 0, NULL, 0},
                                           {3, {NAN}, 1, 0, 0, NULL, 0},  {3, {10}, -1, 0, 0, NULL, 0},
                                           {3, {10}, NAN, 0, 0, NULL, 0}, {3, {10}, 1, -1, 0, NULL, 0},
                                           {3, {10}, 1, 0, NAN, NULL, 0}, {3, {10}, 1, 0, 0, NULL, 1},
                                           {31, {10}, 1, 0, 0, NULL, 0},  {3, {10}, 1, 2.1, 0, NULL, 0}};
    fl_train_answer answer[3] = {{.peak = {77}}};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        CHECK(fl_train_ask(train, &questions[i], answer, NULL) == FL_E_RANGE && answer[0].peak.K == 77,
              "question %zu accepted", i);
    fl_train_free(train);
    fl_train_free(NULL);
}

/* Says what it costs; asserts only what a slow, busy, sanitized machine keeps too. */
static void it_is_quick(void)
{
    skin((fl_heat_surface){.kind = FL_HEAT_FILM, .film = {900}, .outside = {278.15}});
    const fl_damage_set *sets[4];
    for (int i = 0; i < 4; i++) sets[i] = fl_damage_set_of(i);
    double t0 = monotonic_s();
    fl_train *train = made((fl_train_spot){FL_TRAIN_DISC, fl_mm(4)}, 31);
    double t1 = monotonic_s();
    fl_train_question q = {300, {10}, 1, 0, 0, sets, 0};
    fl_train_answer answer[3];
    ask(train, &q, answer);
    double t2 = monotonic_s();
    q.set_count = 4;
    ask(train, &q, answer);
    double t3 = monotonic_s();
    fl_rate rate;
    q.set_count = 1;
    CHECK(fl_train_rate(train, &q, &(fl_train_limit){{8}, {INFINITY}, 1}, fl_Hz(9.9), fl_Hz(300), &rate,
                        NULL) != FL_E_RANGE,
          "rate");
    double t4 = monotonic_s();
    fl_train_free(train);
    bench_begin(&b);
    double t5 = monotonic_s();
    for (int n = 0; n < 300; n++) {
        CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_OK, "pulse");
        bench_wait(&b, 0.1);
    }
    double t6 = monotonic_s();
    printf("300 pulses at 10 Hz, 60 cells, 3 depths: new %.2f ms, ask %.2f ms, with 4 sets %.2f ms, rate "
           "%.2f ms; "
           "pulse by pulse %.1f ms\n",
           1e3 * (t1 - t0), 1e3 * (t2 - t1), 1e3 * (t3 - t2), 1e3 * (t4 - t3), 1e3 * (t6 - t5));
    CHECK(t3 - t0 < 1.0, "%g s for a train", t3 - t0);
}

FL_TESTS("thermal/train", TEST(a_sum_is_the_simulation), TEST(both_ends_count_once),
         TEST(three_hundred_match_closed_forms), TEST(sideways_matches_T3),
         TEST(sideways_holds_between_the_steps), TEST(small_spots_are_cooler),
         TEST(the_rate_found_is_the_limit), TEST(absurd_input_is_refused), TEST(it_is_quick))
