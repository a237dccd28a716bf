/* labels: unit physics */
#include "check.h"

#include "fadeline/optics/skin.h"

static fl_skin_stack layers_of(const fl_skin *skin, double nm, const char *what)
{
    fl_skin_stack stack = {0};
    fl_error error = {0};
    CHECK(fl_skin_layers(skin, fl_nm(nm), &stack, &error) == FL_OK, "%s: %s", what, error.what);
    return stack;
}

/* The reference's planner-type cases: epidermis 0.06 mm with even melanin, dermis 2 mm with 1 % blood at
 * saturation 0.7 and 65 % water, baseline as the formula says, g 0.9. Their absorption and scattering were
 * worked out by another program from the same formulas. The 1064 nm dermis there is 1.8 % higher: it was made
 * with an older extension of haemoglobin above 1000 nm than the one tabulated beside it. */
static void reference_cases_come_out(void)
{
    // clang-format off
    static const struct { const char *what; double nm, melanin, epidermis[2], dermis[2], subcutis_mus, rel; } rows[] = {
        { "P_II_532",   532, 0.02, { 11.5642, 604.679 }, { 2.47634,  387.904 }, 313.713, 2e-5 },
        { "P_II_694",   694, 0.02, { 4.82185, 429.929 }, { 0.136472, 262.115 }, 234.104, 2e-5 },
        { "P_II_755",   755, 0.02, { 3.69224, 393.714 }, { 0.149097, 238.442 }, 217.448, 2e-5 },
        { "P_II_1064", 1064, 0.02, { 1.33786, 290.890 }, { 0.211099, 176.992 }, 169.266, 2e-2 },
        { "P_IV_785",   785, 0.07, { 10.8185, 378.900 }, { 0.142261, 229.060 }, 210.602, 2e-5 },
        { "P_VI_532",   532, 0.25, { 138.496, 604.679 }, { 2.47634,  387.904 }, 313.713, 2e-5 },
        { "P_VI_1064", 1064, 0.25, { 13.9162, 290.890 }, { 0.211099, 176.992 }, 169.266, 2e-2 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_skin skin = fl_skin_default();
        skin.melanin_fraction = rows[i].melanin, skin.basal_loading = 1.0, skin.baseline_scale = 1.0;
        skin.epidermis = fl_mm(0.06), skin.dermis = fl_mm(2), skin.blood_fraction = 0.01, skin.g = 0.9;
        const fl_skin_stack stack = layers_of(&skin, rows[i].nm, rows[i].what);
        CHECK(stack.count == 4, "%s: %u layers", rows[i].what, stack.count);
        for (unsigned part = 0; part < 2; part++) { /* even loading: both epidermis layers alike */
            CHECK_REL(fl_as_per_cm(stack.layer[part].mua), rows[i].epidermis[0], 2e-5, rows[i].what);
            CHECK_REL(fl_as_per_cm(stack.layer[part].mus), rows[i].epidermis[1], 2e-5, rows[i].what);
        }
        CHECK_REL(fl_as_per_cm(stack.layer[2].mua), rows[i].dermis[0], rows[i].rel, rows[i].what);
        CHECK_REL(fl_as_per_cm(stack.layer[2].mus), rows[i].dermis[1], 2e-5, rows[i].what);
        CHECK_REL(fl_as_per_cm(stack.layer[3].mus), rows[i].subcutis_mus, 2e-5, rows[i].what);
    }
}

/* Fat by hand at 755 nm: 0.02 (0.7 * 2.9737 + 0.3 * 8.3078) + 0.15 * 0.026294 + 0.7 * 0.0112 + 0.13 * 2 *
 * 0.25368. */
static void subcutis_follows_its_formula(void)
{
    const fl_skin skin = fl_skin_default();
    const fl_skin_stack stack = layers_of(&skin, 755, "default");
    const int at = fl_skin_find(&stack, FL_SKIN_SUBCUTIS);
    CHECK(at == 3, "subcutis at %d", at);
    CHECK_REL(fl_as_per_cm(stack.layer[at].mua), 0.16922, 1e-4, "subcutis");
    CHECK(stack.layer[at].n == 1.455, "n %g", stack.layer[at].n);
}

/* Depth-integrated extra absorption is the melanin: it must not depend on thickness or loading. */
static void melanin_per_area_is_kept(void)
{
    double want = 0.0;
    static const double um[] = {60, 41, 85, 120}, loading[] = {1, 4, 2.3, 1.7};
    for (size_t i = 0; i < 4; i++) {
        fl_skin skin = fl_skin_default();
        skin.melanin_fraction = 0.12, skin.epidermis = fl_um(um[i]), skin.basal_loading = loading[i];
        skin.baseline_scale = 0.0;
        const fl_skin_stack stack = layers_of(&skin, 694, "melanin");
        const double depth = stack.layer[0].mua.per_m * stack.layer[0].thickness.m +
                             stack.layer[1].mua.per_m * stack.layer[1].thickness.m;
        if (i == 0) want = depth;
        CHECK_REL(depth, want, 1e-9, "optical depth of the melanin");
        CHECK_REL(stack.layer[1].mua.per_m * um[i] / (60 * loading[i]), want / 60e-6, 1e-9,
                  "basal over mean");
    }
    CHECK_REL(want, 0.12 * 60e-6 * 22809, 1e-3, "0.12 of 228 /cm over 60 um");
}

/* 0.1 mg/cm2 of carbon black at 1064 nm is an optical depth of 5.04 wherever it lies. */
static void ink_adds_its_optical_depth(void)
{
    // clang-format off
    static const struct { const char *what; double top_mm, thick_mm; unsigned count; int ink; } rows[] = {
        { "in the middle",         0.13,  0.37,  6, 3 },
        { "right under epidermis", 0.075, 0.35,  5, 2 },
        { "to the end of dermis",  0.2,   1.675, 5, 3 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_skin skin = fl_skin_default();
        const fl_skin_stack bare = layers_of(&skin, 1064, rows[i].what);
        skin.ink =
            (fl_skin_ink){fl_mm(rows[i].top_mm), fl_mm(rows[i].thick_mm), fl_mg_cm2(0.1), fl_m2_g(5.04)};
        const fl_skin_stack stack = layers_of(&skin, 1064, rows[i].what);
        CHECK(stack.count == rows[i].count, "%s: %u layers", rows[i].what, stack.count);
        const int ink = fl_skin_find(&stack, FL_SKIN_INK);
        CHECK(ink == rows[i].ink, "%s: ink is layer %d", rows[i].what, ink);
        CHECK_REL(fl_as_mm(stack.top[ink]), rows[i].top_mm, 1e-9, rows[i].what);
        const double extra = stack.layer[ink].mua.per_m - bare.layer[2].mua.per_m;
        CHECK_REL(extra * stack.layer[ink].thickness.m, 5.04, 1e-9, rows[i].what);
        double total = 0.0;
        for (unsigned k = 0; k < stack.count; k++) total += stack.layer[k].thickness.m;
        CHECK_REL(total, 75e-6 + 1.8e-3 + 4e-3, 1e-9, rows[i].what);
        CHECK(stack.part[stack.count - 1] == FL_SKIN_SUBCUTIS, "%s: subcutis last", rows[i].what);
    }
}

/* Each parameter, broken alone, is refused by name and leaves the stack alone. */
static void every_bad_parameter_is_refused(void)
{
    fl_skin skin = fl_skin_default();
    skin.ink = (fl_skin_ink){fl_mm(0.1), fl_mm(0.35), fl_mg_cm2(0.1), fl_m2_g(7.25)};
    const struct {
        const char *word;
        double *at, low, high;
    } rows[] = {
        {"melanin", &skin.melanin_fraction, -0.01, 0.61},
        {"loading", &skin.basal_loading, 0.99, 4.01},
        {"melanosome scale", &skin.melanosome.scale, 0, 21},
        {"exponent", &skin.melanosome.exponent, 0.9, 6.1},
        {"epidermis", &skin.epidermis.m, 0, 3e-3},
        {"dermis", &skin.dermis.m, 0, 0.03},
        {"subcutis", &skin.subcutis.m, -1, INFINITY},
        {"blood", &skin.blood_fraction, -0.001, 0.51},
        {"saturation", &skin.saturation, -0.01, 1.01},
        {"water", &skin.water_fraction, -0.1, 0.999},
        {"water scale", &skin.water_scale, 0, 6},
        {"baseline", &skin.baseline_scale, -1, 21},
        {"oxygenated", &skin.hbo2_scale, 0, 11},
        {"scale of haemoglobin", &skin.hb_scale, 0, 11},
        {"subcutis", &skin.subcutis_blood_fraction, -1, 0.6},
        {"subcutis", &skin.subcutis_water_fraction, -1, 0.9},
        {"subcutis", &skin.subcutis_fat_fraction, -1, 0.9},
        {"scattering", &skin.epidermis_musp_scale, 0, 11},
        {"scattering", &skin.dermis_musp_scale, 0, 11},
        {"scattering", &skin.subcutis_musp_scale, -1, 11},
        {"shift", &skin.exponent_shift, -2.1, 2.1},
        {"g", &skin.g, -0.1, 1.0},
        {"index", &skin.n, 0.99, 2.1},
        {"index", &skin.n_subcutis, 0.9, 3},
        {"ink", &skin.ink.top.m, 0.05e-3, 1.6e-3},
        {"ink", &skin.ink.thickness.m, -1e-3, 5e-3},
        {"mass", &skin.ink.mass.kg_m2, -1e-9, 2},
        {"mass absorption", &skin.ink.mac.m2_kg, -1, 2e6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double good = *rows[i].at, bad[] = {rows[i].low, rows[i].high, NAN};
        for (size_t j = 0; j < 3; j++) {
            *rows[i].at = bad[j];
            fl_skin_stack stack = {.count = 77};
            fl_error error = {0};
            CHECK(fl_skin_layers(&skin, fl_nm(755), &stack, &error) == FL_E_RANGE, "%s = %g taken",
                  rows[i].word, bad[j]);
            CHECK(strstr(error.what, rows[i].word), "'%s' does not name %s", error.what, rows[i].word);
            CHECK(stack.count == 77, "stack touched");
        }
        *rows[i].at = good;
    }
    fl_skin_stack stack = {.count = 77};
    fl_error error = {0};
    skin.melanin_fraction = 0.6, skin.basal_loading = 4.0;
    CHECK(fl_skin_layers(&skin, fl_nm(755), &stack, &error) == FL_E_RANGE, "more melanosomes than room");
    skin = fl_skin_default();
    skin.dermis_scattering = NULL;
    CHECK(fl_skin_layers(&skin, fl_nm(755), &stack, NULL) == FL_E_RANGE, "no scattering row");
    skin = fl_skin_default();
    CHECK(fl_skin_layers(&skin, fl_nm(2940), &stack, &error) == FL_E_RANGE && strstr(error.what, "2940"),
          "erbium");
    CHECK(fl_skin_layers(&skin, fl_nm(NAN), &stack, &error) == FL_E_RANGE, "NaN nm");
    CHECK(stack.count == 77, "stack touched");
}

/* Darker is never lighter: every skin parameter that adds an absorber raises, or leaves, every layer's
 * absorption. */
static void absorbers_only_add(void)
{
    const fl_skin light = fl_skin_default();
    for (unsigned change = 0; change < 3; change++) {
        fl_skin dark = light;
        if (change == 0) dark.melanin_fraction *= 3.1;
        if (change == 1) dark.melanosome.scale = 1.37;
        if (change == 2) dark.baseline_scale *= 1.9;
        for (double nm = 460; nm <= 1064; nm += 151) {
            const fl_skin_stack a = layers_of(&light, nm, "light"), b = layers_of(&dark, nm, "dark");
            for (unsigned i = 0; i < a.count; i++)
                CHECK(b.layer[i].mua.per_m >= a.layer[i].mua.per_m &&
                          b.layer[i].mus.per_m == a.layer[i].mus.per_m,
                      "change %u, %g nm, %s", change, nm, fl_skin_part_name(a.part[i]));
        }
    }
}

FL_TESTS("optics/skin", TEST(reference_cases_come_out), TEST(subcutis_follows_its_formula),
         TEST(melanin_per_area_is_kept), TEST(ink_adds_its_optical_depth),
         TEST(every_bad_parameter_is_refused), TEST(absorbers_only_add))
