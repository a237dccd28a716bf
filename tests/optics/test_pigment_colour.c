/* labels: unit physics */
#include "check.h"

#include "fadeline/optics/pigment_colour.h"
#include "fadeline/optics/skin.h"
#include "fadeline/transport/exact.h"

static fl_optical_layer layer(double mua_per_cm, double musp_per_cm, double mm)
{
    return (fl_optical_layer){1.0, fl_per_cm(mua_per_cm), fl_per_cm(musp_per_cm / 0.2), 0.8, fl_mm(mm)};
}

/* n = 1 has no surface but the fit of the inner reflection, -0.0016 there: it is taken out again. */
static double bare(double R)
{
    const double k = 1.116 * (-1.440 + 0.710 + 0.668 + 0.0636);
    return R / (1.0 - k + k * R);
}

/* Kubelka-Munk: R = 1 + K/S - sqrt((K/S)^2 + 2 K/S), K/S = 2 mua / (3/4 musp). */
static void an_endless_layer_is_kubelka_and_munk(void)
{
    static const double rows[][2] = {{0.3, 40}, {3, 40}, {30, 17}, {200, 17}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double ks = 2.0 * rows[i][0] / (0.75 * rows[i][1]), want = 1.0 + ks - sqrt(ks * ks + 2.0 * ks);
        const fl_optical_layer one = layer(rows[i][0], rows[i][1], 1.0);
        CHECK_REL(bare(fl_two_flux_reflectance(&one, 1)), want, 1e-9, "endless");
    }
}

/* Skins of the visible range, bare and inked, against the radiative transfer equation itself. */
static void skins_are_near_the_exact_answer(void)
{
    static const char *const inks[] = {NULL,     "carbon_black",     "iron_oxide_red",
                                       "orange", "titanium_dioxide", "phthalo_green"};
    static const double lines_nm[] = {460, 510, 560, 610, 690}, melanin[] = {0.013, 0.041, 0.11};
    double sum = 0.0;
    unsigned count = 0;
    for (size_t k = 0; k < sizeof inks / sizeof *inks; k++)
        for (size_t i = 0; i < sizeof lines_nm / sizeof *lines_nm; i++)
            for (size_t m = 0; m < sizeof melanin / sizeof *melanin; m++) {
                fl_skin skin = fl_skin_default();
                skin.melanin_fraction = melanin[m];
                skin.epidermis = fl_um(66);
                skin.epidermis_musp_scale = skin.dermis_musp_scale = skin.subcutis_musp_scale = 0.65;
                skin.ink.top = fl_mm(m == 1 ? 0.17 : 0.095);
                skin.ink.thickness = fl_mm(0.31);
                fl_skin_stack stack;
                CHECK(fl_skin_layers(&skin, fl_nm(lines_nm[i]), &stack, NULL) == FL_OK, "layers");
                const int at = fl_skin_find(&stack, FL_SKIN_INK);
                if (inks[k]) {
                    fl_pigment_look look = {0};
                    CHECK(fl_pigment_look_at(fl_pigment_find(inks[k]), fl_nm(lines_nm[i]), &look) == FL_OK,
                          "%s", inks[k]);
                    const double per_m = 0.0027 / 0.31e-3; /* 0.27 mg/cm2 */
                    stack.layer[at].mua.per_m += look.absorption.m2_kg * per_m;
                    stack.layer[at].mus.per_m +=
                        0.5 * look.scattering.m2_kg * per_m / (1.0 - stack.layer[at].g);
                }
                fl_medium medium = {.n_above = 1.0, .n_below = stack.layer[stack.count - 1].n};
                fl_exact *exact;
                CHECK(fl_medium_add(&medium, stack.layer, stack.count, NULL) == FL_OK &&
                          fl_exact_new(&medium, 0, 24, &exact, NULL) == FL_OK,
                      "the exact solver");
                const double two = fl_two_flux_reflectance(stack.layer, stack.count),
                             off = 116.0 * (cbrt(two) - cbrt(fl_exact_diffuse(exact)));
                CHECK(fabs(off) < 4.0, "%s, %.0f nm, melanin %.3f: L* off by %.2f",
                      inks[k] ? inks[k] : "bare", lines_nm[i], melanin[m], off);
                sum += off * off;
                count++;
                fl_exact_free(exact);
            }
    CHECK(sqrt(sum / count) < 1.5, "L* off by %.2f (rms)", sqrt(sum / count));
}

static void light_never_grows(void)
{
    const fl_optical_layer clear[] = {layer(0, 30, 0.2), layer(0, 0, 0.1), layer(0, 30, 0.2)};
    CHECK_REL(bare(fl_two_flux_reflectance(clear, 3)), 1.0, 1e-6, "nothing absorbs, nothing is lost");
    double before = 1.0;
    for (double mua = 0.01; mua < 1e4; mua *= 2.7) {
        const fl_optical_layer two[] = {layer(mua, 25, 0.13), layer(0.5, 25, 1)};
        const double R = fl_two_flux_reflectance(two, 2);
        CHECK(R >= 0.0 && R < before, "more absorption, less light: %g at %g /cm", R, mua);
        before = R;
    }
}

static void the_rescaling_of_lengths_changes_nothing(void)
{
    fl_optical_layer two[] = {layer(8, 25, 0.13), layer(0.5, 31, 1)};
    const double R = fl_two_flux_reflectance(two, 2);
    for (int i = 0; i < 2; i++)
        two[i].mua.per_m /= 1000.0, two[i].mus.per_m /= 1000.0, two[i].thickness.m *= 1000.0;
    CHECK_REL(fl_two_flux_reflectance(two, 2), R, 1e-12, "a thousand times larger");
}

static void every_pigment_has_a_look(void)
{
    for (size_t i = 0; fl_pigment_row(i); i++) {
        const fl_pigment *pigment = fl_pigment_row(i);
        CHECK(strlen(fl_pigment_look_source(pigment)) > 10, "%s has no source", pigment->id);
        fl_mass_absorption line;
        fl_pigment_look look = {0};
        CHECK(fl_pigment_absorption(pigment, fl_nm(532), &line) == FL_OK &&
                  fl_pigment_look_at(pigment, fl_nm(532), &look) == FL_OK,
              "%s at 532 nm", pigment->id);
        CHECK_REL(look.absorption.m2_kg, line.m2_kg, 1e-9, pigment->id);
        for (int nm = 450; nm <= 750; nm += 7)
            CHECK(fl_pigment_look_at(pigment, fl_nm(nm), &look) == FL_OK && look.absorption.m2_kg > 0.0 &&
                      look.scattering.m2_kg >= 0.0,
                  "%s at %d nm", pigment->id, nm);
        CHECK(fl_pigment_look_at(pigment, fl_nm(440), &look) == FL_E_RANGE &&
                  fl_pigment_look_at(pigment, fl_nm(760), &look) == FL_E_RANGE &&
                  fl_pigment_look_at(pigment, fl_nm(NAN), &look) == FL_E_RANGE,
              "%s outside", pigment->id);
    }
}

/* pigment_spectra_relative.csv: value at 450 or 500 nm over that at 532. */
static void shapes_are_those_of_the_table(void)
{
    // clang-format off
    static const struct { const char *id; double nm, ratio; } rows[] = {
        { "azo_red", 450, 0.5446 / 0.8265 }, { "quinacridone", 500, 0.4 / 0.9428 }, { "orange", 595, 0.003574 / 0.9352 },
        { "yellow_diarylide", 450, 0.9054 / 0.07719 }, { "yellow_arylide", 500, 0.3356 / 0.002591 },
        { "phthalo_blue", 595, 0.6067 / 0.06083 }, { "phthalo_green", 450, 0.1153 / 0.0295 },
        { "dioxazine_violet", 500, 0.2736 / 0.7907 }, { "ultramarine", 500, 0.1265 / 0.4194 },
        { "iron_oxide_red", 650, 2.64 / 46 }, { "iron_oxide_yellow", 500, 9.59 / 4.0 }, { "chromium_oxide_green", 450, 14.6 / 2.29 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_pigment *pigment = fl_pigment_find(rows[i].id);
        fl_pigment_look there = {0}, green = {0};
        CHECK(pigment && fl_pigment_look_at(pigment, fl_nm(rows[i].nm), &there) == FL_OK &&
                  fl_pigment_look_at(pigment, fl_nm(532), &green) == FL_OK,
              "%s", rows[i].id);
        CHECK_REL(there.absorption.m2_kg / green.absorption.m2_kg, rows[i].ratio, 0.02, rows[i].id);
    }
}

FL_TESTS("optics/pigment_colour", TEST(an_endless_layer_is_kubelka_and_munk),
         TEST(skins_are_near_the_exact_answer), TEST(light_never_grows),
         TEST(the_rescaling_of_lengths_changes_nothing), TEST(every_pigment_has_a_look),
         TEST(shapes_are_those_of_the_table))
