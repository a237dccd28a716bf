/* labels: unit physics */
#include "check.h"
#include "helper_heat.h"

static bench b;

/* T1: insulated half-space that starts at exp(-40/cm z). */
static void decay_matches_T1(void)
{
    /* clang-format off */
    static const struct { double s, cm, want; } rows[] = {
        { 1e-3, 0, 0.956755 }, { 0.1, 0, 0.672688 }, { 0.1, 0.01, 0.616558 }, { 0.1, 0.02, 0.485240 },
        { 0.1, 0.05, 0.158361 }, { 0.1, 0.1, 0.021439 }, { 1.0, 0, 0.366828 },
    };
    /* clang-format on */
    double now = 0;
    bench_plain(&b, fl_mm(15), fl_um(4), 200);
    bench_begin(&b);
    bench_pulse_decay(&b, 4000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench_wait(&b, rows[i].s - now), now = rows[i].s;
        CHECK_REL(bench_warmer(&b, fl_cm(rows[i].cm)), rows[i].want, 0.005, "T1");
    }
}

/* T2: a slab of 70 um, as the mirror image of 35 um under an insulated surface, and in the middle of 6 mm. */
static void slab_matches_T2(void)
{
    /* clang-format off */
    static const struct { double ms, centre, edge; } rows[] = {
        { 1, 0.987399, 0.5 }, { 10, 0.569855, 0.442704 }, { 100, 0.197015, 0.191100 },
    };
    /* clang-format on */
    for (int inside = 0; inside < 2; inside++) {
        bench_plain(&b, fl_mm(6), fl_um(2.5), 120);
        const double centre = inside ? 3e-3 : 0.0;
        if (inside) { /* fine around the middle */
            for (unsigned i = 0; i <= 60; i++) {
                const double x = i <= 28 ? i * 2.5e-6 : 70e-6 + (3e-3 - 70e-6) * pow((i - 28) / 32.0, 3.3);
                b.edges[60 + i].m = 3e-3 + x, b.edges[60 - i].m = 3e-3 - x;
            }
            b.edges[0].m = 0.0, b.edges[120].m = 6e-3;
        } else {
            b.layer[1] = b.layer[0], b.layer[0].thickness = fl_um(35), b.layer[1].thickness = fl_um(5965);
            b.setup.layer_count = 2;
            CHECK(fl_heat_grid(b.layer, 2, fl_um(2.5), 120, b.edges, NULL) == FL_OK,
                  "grid with a border at 35 um");
        }
        bench_begin(&b);
        bench_pulse_slab(&b, 1, centre - 35e-6, centre + 35e-6);
        double now = 0;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            bench_wait(&b, rows[i].ms / 1e3 - now), now = rows[i].ms / 1e3;
            CHECK_REL(bench_warmer(&b, (fl_length){centre}), rows[i].centre, 0.005, "T2 centre");
            CHECK_REL(bench_warmer(&b, (fl_length){centre + 35e-6}), rows[i].edge, 0.005, "T2 edge");
        }
    }
}

/* T5: 1 W/cm2 taken up by the surface itself. */
static void flux_matches_T5(void)
{
    bench_plain(&b, fl_mm(12), fl_um(6), 320);
    b.setup.surface.absorbed.W_m2 = 1e4;
    bench_begin(&b);
    bench_wait(&b, 1);
    CHECK_REL(bench_warmer(&b, fl_mm(0)), 9.566659, 0.005, "T5 surface");
    CHECK_REL(bench_warmer(&b, fl_mm(1)), 0.100343, 0.005, "T5 at 1 mm");
    const fl_heat_budget budget = fl_heat_budget_of(&b.heat);
    CHECK_REL(budget.put_J_m2, 1e4, 1e-12, "put in");
}

/* T6: 10 W/cm2 that fades at 40/cm. */
static void beer_lambert_matches_T6(void)
{
    static const double s[] = {1e-3, 0.01, 0.1, 1}, want[] = {0.103289, 0.971197, 8.136783, 52.884665};
    bench_plain(&b, fl_mm(20), fl_um(4), 80);
    bench_begin(&b);
    double mean[FL_HEAT_CELLS];
    fl_heating power[FL_HEAT_CELLS];
    bench_decay(&b, 1e5 * 4000, 4000, 0, 1e9, mean);
    for (unsigned i = 0; i < b.setup.cells; i++) power[i].W_m3 = mean[i];
    CHECK(fl_heat_shine(&b.heat, power) == FL_OK, "shine");
    double now = 0;
    for (int i = 0; i < 4; i++) {
        bench_wait(&b, s[i] - now), now = s[i];
        CHECK_REL(bench_warmer(&b, fl_mm(0)), want[i], 0.005, "T6");
    }
}

/* T7: 2 mm, insulated above, cold below, from 1. */
static void plate_matches_T7(void)
{
    static const double s[] = {1, 5, 20}, want[] = {0.999987, 0.912432, 0.378148};
    bench_plain(&b, fl_mm(2), fl_um(25), 40);
    b.setup.start.K = b.setup.deep.K + 1.0;
    bench_begin(&b);
    double now = 0;
    for (int i = 0; i < 3; i++) {
        bench_wait(&b, s[i] - now), now = s[i];
        CHECK_REL(1.0 + bench_warmer(&b, fl_mm(0)), want[i], 0.005, "T7");
    }
}

/* Carslaw & Jaeger 1959, 2.5 and 2.7: a half-space whose surface is fixed, or under a film, from t = 0 on. */
static void cooling_matches_carslaw_and_jaeger(void)
{
    static const double film[] = {INFINITY, 12, 700, 4300}, s[] = {0.013, 0.31, 4.7}, um[] = {0, 83, 410};
    const double alpha = TISSUE_W_M_K / TISSUE_J_M3_K;
    for (int f = 0; f < 4; f++) {
        bench_plain(&b, fl_mm(25), fl_um(2), 400); /* 13 ms reach 40 um, and the tails are judged too */
        b.setup.surface = (fl_heat_surface){.kind = FL_HEAT_FIXED, .outside = fl_heat_celsius(5)};
        if (isfinite(film[f])) b.setup.surface.kind = FL_HEAT_FILM, b.setup.surface.film.W_m2_K = film[f];
        bench_begin(&b);
        double now = 0;
        for (int i = 0; i < 3; i++) {
            bench_wait(&b, s[i] - now), now = s[i];
            for (int j = 0; j < 3; j++) {
                const double x = um[j] / 2e6 / sqrt(alpha * now), h = film[f] / TISSUE_W_M_K,
                             y = h * sqrt(alpha * now);
                const double lost =
                    isinf(film[f]) ? erfc(x) : erfc(x) - exp(h * um[j] / 1e6 + y * y) * erfc(x + y);
                if (lost < 1e-4) continue;
                CHECK_REL(bench_warmer(&b, fl_um(um[j])), (5 - START_C) * lost, 0.005, "cooled half-space");
            }
        }
    }
}

/* Two unlike half-spaces: where they meet, the temperature is at once the mean by sqrt(k rho c), and stays.
 */
static void a_border_keeps_the_contact_temperature(void)
{
    bench_plain(&b, fl_mm(20), fl_um(3), 160);
    b.layer[0].thickness = b.layer[1].thickness = fl_mm(10);
    b.layer[1].conductivity.W_m_K = 1.9, b.layer[1].capacity.J_m3_K = 1.7e6;
    b.setup.layer_count = 2;
    for (unsigned i = 0; i <= 80; i++) {
        const double x = 10e-3 * expm1(i * 0.08) / expm1(80 * 0.08);
        b.edges[80 + i].m = 10e-3 + x, b.edges[80 - i].m = 10e-3 - x;
    }
    b.edges[0].m = 0.0, b.edges[160].m = 20e-3;
    bench_begin(&b);
    bench_pulse_slab(&b, 1, 0, 10e-3);
    const double e0 = sqrt(TISSUE_W_M_K * TISSUE_J_M3_K), e1 = sqrt(1.9 * 1.7e6);
    const double a0 = TISSUE_W_M_K / TISSUE_J_M3_K, a1 = 1.9 / 1.7e6;
    double now = 0;
    for (double s = 0.05; s < 4; s *= 4) {
        bench_wait(&b, s - now), now = s;
        CHECK_REL(bench_warmer(&b, fl_mm(10)), e0 / (e0 + e1), 0.005, "contact temperature");
        CHECK_REL(bench_warmer(&b, fl_um(9880)), 1 - e1 / (e0 + e1) * erfc(120e-6 / 2 / sqrt(a0 * now)),
                  0.005, "above the border");
        CHECK_REL(bench_warmer(&b, fl_um(10230)), e0 / (e0 + e1) * erfc(230e-6 / 2 / sqrt(a1 * now)), 0.005,
                  "below the border");
    }
}

/* After a long time heat flows straight through all layers; grid and readings must be exact then. */
static void steady_flow_is_exact(void)
{
    bench_skin(&b, fl_um(7), 43);
    b.setup.surface = (fl_heat_surface){.kind = FL_HEAT_FILM, .film = {37}, .outside = fl_heat_celsius(11)};
    bench_begin(&b);
    bench_wait(&b, 1e5);
    const double resistance = 1 / 37.0 + 80e-6 / 0.24 + 1.9e-3 / 0.45 + 12e-3 / 0.19, flow = 22 / resistance;
    CHECK_REL(bench_warmer(&b, fl_um(0)), -22 + flow / 37, 1e-9, "surface");
    CHECK_REL(bench_warmer(&b, fl_um(80)), -22 + flow * (1 / 37.0 + 80e-6 / 0.24), 1e-9,
              "under the epidermis");
    CHECK_REL(bench_warmer(&b, fl_um(1177)), -22 + flow * (1 / 37.0 + 80e-6 / 0.24 + 1.097e-3 / 0.45), 1e-9,
              "in the dermis");

    /* and light that the surface takes up itself, part of which the film carries off */
    b.setup.surface.absorbed.W_m2 = 1713;
    bench_begin(&b);
    bench_wait(&b, 1e5);
    const double below = resistance - 1 / 37.0, surface = (1713 - 22 * 37) / (37 + 1 / below);
    CHECK_REL(bench_warmer(&b, fl_um(0)), surface, 1e-9, "lit surface");
    CHECK_REL(bench_warmer(&b, fl_um(80)), surface * (1 - 80e-6 / 0.24 / below), 1e-9, "under it");
}

/* Pulses, a source, both ends open: nothing is made or lost. */
static void heat_is_kept(void)
{
    static const fl_heat_surface surface[] = {
        {.kind = FL_HEAT_INSULATED, .absorbed = {213}},
        {.kind = FL_HEAT_FILM, .film = {317}, .outside = {278}, .absorbed = {1713}},
        {.kind = FL_HEAT_FIXED, .outside = {277}},
    };
    for (int k = 0; k < 3; k++) {
        bench_skin(&b, fl_um(4), 60);
        b.setup.surface = surface[k];
        b.setup.deep = fl_heat_celsius(36.6);
        bench_begin(&b);
        fl_energy_density absorbed[FL_HEAT_CELLS];
        fl_heating power[FL_HEAT_CELLS];
        bench_skin_absorbed(&b, absorbed);
        for (unsigned i = 0; i < b.setup.cells; i++) power[i].W_m3 = absorbed[i].J_m3 * 0.37;
        CHECK(fl_heat_shine(&b.heat, power) == FL_OK, "shine");
        for (int pulse = 0; pulse < 300; pulse++) {
            CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_OK, "pulse");
            if (pulse == 200) CHECK(fl_heat_shine(&b.heat, NULL) == FL_OK, "dark");
            bench_wait(&b, 0.1);
        }
        const fl_heat_budget all = fl_heat_budget_of(&b.heat);
        CHECK_NEAR((all.stored_J_m2 + all.top_J_m2 + all.deep_J_m2) / all.put_J_m2, 1.0, 1e-10, "budget");
        CHECK(k == 0 || all.top_J_m2 > 0.01 * all.put_J_m2, "the surface cools");
    }
}

/* 40 pulses at 7 Hz against the sum of closed forms, just before and just after the last. */
static void a_train_matches_superposition(void)
{
    const fl_diffusivity alpha = {TISSUE_W_M_K / TISSUE_J_M3_K};
    bench_plain(&b, fl_mm(20), fl_um(4), 90);
    bench_begin(&b);
    double before = 0, deeper = 0;
    for (int k = 0; k < 40; k++) {
        bench_pulse_decay(&b, 4000);
        bench_wait(&b, 1 / 7.0);
        before += fl_thermal_decay(fl_per_cm(40), fl_um(0), (k + 1) / 7.0, alpha);
        deeper += fl_thermal_decay(fl_per_cm(40), fl_um(610), (k + 1) / 7.0, alpha);
    }
    CHECK_REL(bench_warmer(&b, fl_um(0)), before, 0.005, "surface before the next pulse");
    CHECK_REL(bench_warmer(&b, fl_um(610)), deeper, 0.005, "at 610 um");
}

/* A cooled, layered skin at several depths and times after a second pulse. */
static void sample(double step_share, unsigned halvings, double *out)
{
    bench_skin(&b, fl_um(16), 40);
    for (unsigned k = 0; k < halvings; k++, b.setup.cells *= 2)
        for (unsigned i = b.setup.cells + 1; i-- > 0;) {
            b.edges[2 * i] = b.edges[i];
            if (i < b.setup.cells) b.edges[2 * i + 1].m = 0.5 * (b.edges[2 * i].m + b.edges[2 * i + 2].m);
        }
    b.setup.step_share = step_share;
    b.setup.surface = (fl_heat_surface){.kind = FL_HEAT_FILM, .film = {830}, .outside = fl_heat_celsius(4)};
    bench_begin(&b);
    static const double um[] = {0, 80, 233, 700, 1980}, s[] = {0.03, 0.4, 3};
    fl_energy_density absorbed[FL_HEAT_CELLS];
    bench_skin_absorbed(&b, absorbed);
    for (int i = 0; i < 3; i++) {
        CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_OK, "pulse");
        bench_wait(&b, s[i]);
        for (int j = 0; j < 5; j++) *out++ = bench_warmer(&b, fl_um(um[j]));
    }
}

static double apart(const double *one, const double *other)
{
    double sum = 0;
    for (int i = 0; i < 15; i++) sum += (one[i] - other[i]) * (one[i] - other[i]);
    return sqrt(sum / 15);
}

static void halving_steps_is_second_order(void)
{
    double coarse[15], middle[15], fine[15];
    sample(0.25, 0, coarse), sample(0.125, 0, middle), sample(0.0625, 0, fine);
    const double order = log2(apart(coarse, middle) / apart(middle, fine));
    printf("time order %.3f, %.2g K at the default step\n", order, apart(middle, fine));
    CHECK(order > 1.8 && order < 2.5, "order in time %.3f", order);
}

static void halving_cells_is_second_order(void)
{
    double coarse[15], middle[15], fine[15], finest[15];
    sample(0.05, 0, coarse), sample(0.05, 1, middle), sample(0.05, 2, fine), sample(0.05, 3, finest);
    const double first = log2(apart(coarse, middle) / apart(middle, fine)),
                 second = log2(apart(middle, fine) / apart(fine, finest));
    printf("space order %.3f, %.3f; %.2g K with 40 cells\n", first, second, apart(coarse, finest));
    CHECK(first > 1.8 && second > 1.8, "orders in space %.3f %.3f", first, second);
}

/* Stiff cells must forget a jump, not ring: no cell may dip under the start, however long the step. */
static void long_steps_do_not_ring(void)
{
    bench_skin(&b, fl_um(1), 120);
    b.setup.step_share = 1.0;
    bench_begin(&b);
    bench_pulse_slab(&b, 50, 0, 30e-6);
    for (int k = 0; k < 12; k++) {
        bench_wait(&b, 1e-4 * pow(3, k));
        for (unsigned i = 1; i < b.setup.cells; i++)
            CHECK(fl_heat_cell(&b.heat, i).K <= fl_heat_cell(&b.heat, i - 1).K + 0.05 &&
                      fl_heat_cell(&b.heat, i).K > b.setup.start.K - 0.05,
                  "cell %u rings after %d waits", i, k + 1);
    }
}

/* Lengths by 1000, times by a million: the same temperatures. Finds any constant that thinks in centimetres.
 */
static void scale_does_not_matter(void)
{
    double kelvin[2];
    for (int big = 0; big < 2; big++) {
        const double by = big ? 1000.0 : 1.0;
        bench_skin(&b, fl_um(5), 60);
        for (int i = 0; i < 3; i++) b.layer[i].thickness.m *= by;
        for (unsigned i = 0; i <= 60; i++) b.edges[i].m *= by;
        b.setup.surface = (fl_heat_surface){.kind = FL_HEAT_FILM, .film = {640 / by}, .outside = {281}};
        bench_begin(&b);
        fl_energy_density absorbed[FL_HEAT_CELLS];
        for (unsigned i = 0; i < 60; i++) absorbed[i].J_m3 = 3.1e7 * exp(-0.11 * i);
        for (int k = 0; k < 5; k++) {
            CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_OK, "pulse");
            bench_wait(&b, 0.13 * by * by);
        }
        kelvin[big] = bench_warmer(&b, fl_um(97 * by));
    }
    CHECK_REL(kelvin[1], kelvin[0], 1e-9, "a thousand times as large");
}

/* DeLisi 2018 (optics reference section 11): porcine skin, 1070 nm, distortion, bubble and rupture at
 * 28/35/49 J/cm2 in 3 ms and 96/141/212 in 100 ms, so 3.4 to 4.3 times more when slow. Absorption of that
 * skin is not known, so only the ratio can be judged: how much more energy 100 ms needs for the same 67 K.
 * Held in the dermis: none. Evenly in an epidermis of 80 um: 1.4. In a thin sheet at its bottom: up to the
 * root of time, 5.8. */
static double slow_over_fast(double mu_per_m, double from_m, double to_m)
{
    static const double s[] = {3e-3, 0.1};
    double need[2];
    for (int slow = 0; slow < 2; slow++) {
        bench_skin(&b, fl_um(1), 240);
        for (unsigned i = 0; i <= 40; i++) b.edges[i].m = i * 2e-6; /* evenly through the epidermis */
        for (unsigned i = 0; i <= 80; i++)
            b.edges[40 + i].m = 80e-6 + 1.9e-3 * expm1(i * 0.04) / expm1(80 * 0.04);
        for (unsigned i = 0; i <= 120; i++) b.edges[120 + i].m = 1.98e-3 + i * 1e-4;
        bench_begin(&b);
        double mean[FL_HEAT_CELLS];
        fl_heating power[FL_HEAT_CELLS];
        bench_decay(&b, 1e8, mu_per_m, from_m, to_m, mean);
        for (unsigned i = 0; i < b.setup.cells; i++) power[i].W_m3 = mean[i];
        CHECK(fl_heat_shine(&b.heat, power) == FL_OK, "shine");
        bench_wait(&b, s[slow]);
        double hottest = 0;
        for (unsigned i = 0; i < b.setup.cells; i++)
            hottest = fmax(hottest, fl_heat_cell(&b.heat, i).K - b.setup.start.K);
        need[slow] = 67 / hottest * s[slow];
    }
    return need[1] / need[0];
}

static void delisi_points_at_a_thin_absorber(void)
{
    const double dermis = slow_over_fast(500, 0, 1e9), epidermis = slow_over_fast(1, 0, 80e-6),
                 basal = slow_over_fast(1, 70e-6, 80e-6), sheet = slow_over_fast(1, 78e-6, 80e-6);
    printf("100 ms over 3 ms: dermis %.2f, epidermis %.2f, lowest 10 um %.2f, lowest 2 um %.2f; seen 3.4 to "
           "4.3\n",
           dermis, epidermis, basal, sheet);
    CHECK(dermis > 1.0 && dermis < 1.1, "dermis %.3f", dermis);
    CHECK(epidermis > 1.2 && epidermis < 1.7, "epidermis %.3f", epidermis);
    CHECK(basal > epidermis && sheet > basal && sheet < 5.8, "basal %.3f, sheet %.3f", basal, sheet);
}

static void absurd_input_is_refused(void)
{
    /* clang-format off */
    struct { const char *what, *says; double *value, bad; } rows[] = {
        {"no epidermis",    "layer 1 (epidermis): thickness", &b.layer[0].thickness.m, 0},
        {"endless dermis",  "layer 2 (dermis): thickness", &b.layer[1].thickness.m, INFINITY},
        {"fat that cools",  "layer 3 (fat): conductivity", &b.layer[2].conductivity.W_m_K, -0.19},
        {"no conductivity", "layer 1 (epidermis): conductivity", &b.layer[0].conductivity.W_m_K, NAN},
        {"no capacity",     "layer 2 (dermis): capacity", &b.layer[1].capacity.J_m3_K, 0},
        {"edges disagree",  "layer 2 ends at", &b.layer[1].thickness.m, 1.95e-3},
        {"edge falls back", "edge 5", &b.edges[5].m, 1e-6},
        {"edge nowhere",    "edge 5", &b.edges[5].m, NAN},
        {"first edge",      "first edge", &b.edges[0].m, 1e-9},
        {"colder than cold", "start temperature", &b.setup.start.K, -3},
        {"no deep",         "deep temperature", &b.setup.deep.K, NAN},
        {"no gel",          "outside temperature", &b.setup.surface.outside.K, 0},
        {"no film",         "film_W_m2_K", &b.setup.surface.film.W_m2_K, -9},
        {"absorbs less",    "absorbed_W_m2", &b.setup.surface.absorbed.W_m2, -1},
        {"giant steps",     "step_share", &b.setup.step_share, 1.5},
        {"no step",         "step_share", &b.setup.step_share, NAN},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench_skin(&b, fl_um(5), 60);
        b.setup.surface = (fl_heat_surface){.kind = FL_HEAT_FILM, .film = {37}, .outside = {278}};
        *rows[i].value = rows[i].bad;
        fl_error error = {0};
        b.heat.cells = 77;
        CHECK(fl_heat_init(&b.heat, &b.setup, &error) == FL_E_RANGE, "%s: accepted", rows[i].what);
        CHECK(strstr(error.what, rows[i].says), "%s: says '%s'", rows[i].what, error.what);
        CHECK(b.heat.cells == 77, "%s: touched", rows[i].what);
    }
    bench_skin(&b, fl_um(5), 60);
    bench_begin(&b);
    fl_energy_density absorbed[60] = {{1e6}, {2e6}};
    fl_heating power[60] = {{1e6}};
    absorbed[59].J_m3 = NAN, power[59].W_m3 = -1;
    CHECK(fl_heat_pulse(&b.heat, absorbed) == FL_E_RANGE, "pulse of nothing known");
    CHECK(fl_heat_shine(&b.heat, power) == FL_E_RANGE, "source that cools");
    CHECK(fl_heat_advance(&b.heat, -1e-9) == FL_E_RANGE, "back in time");
    CHECK(fl_heat_advance(&b.heat, NAN) == FL_E_RANGE, "no time");
    CHECK(fl_heat_cell(&b.heat, 0).K == b.setup.start.K, "nothing changed");
    CHECK(isnan(fl_heat_temperature(&b.heat, fl_um(-1)).K), "above the skin");
    CHECK(isnan(fl_heat_temperature(&b.heat, fl_mm(14)).K), "below the skin");
    CHECK(isnan(fl_heat_temperature(&b.heat, fl_mm(NAN)).K), "nowhere");
    fl_heat_layer none = fl_heat_tissue((fl_heat_tissue_kind)0, fl_mm(1));
    CHECK(fl_heat_grid(&none, 1, fl_um(5), 60, b.edges, NULL) == FL_E_RANGE, "no such tissue");
    CHECK(fl_heat_grid(b.layer, 3, fl_um(5), 2, b.edges, NULL) == FL_E_RANGE, "more layers than cells");
    CHECK(fl_heat_grid(b.layer, 3, fl_um(500), 60, b.edges, NULL) == FL_E_RANGE, "finest too coarse");
    CHECK(fl_heat_grid(b.layer, 3, fl_um(5), FL_HEAT_CELLS + 1, b.edges, NULL) == FL_E_RANGE,
          "too many cells");
}

FL_TESTS("thermal/heat", TEST(decay_matches_T1), TEST(slab_matches_T2), TEST(flux_matches_T5),
         TEST(beer_lambert_matches_T6), TEST(plate_matches_T7), TEST(cooling_matches_carslaw_and_jaeger),
         TEST(a_border_keeps_the_contact_temperature), TEST(steady_flow_is_exact), TEST(heat_is_kept),
         TEST(a_train_matches_superposition), TEST(halving_steps_is_second_order),
         TEST(halving_cells_is_second_order), TEST(long_steps_do_not_ring), TEST(scale_does_not_matter),
         TEST(delisi_points_at_a_thin_absorber), TEST(absurd_input_is_refused))
