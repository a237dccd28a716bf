#include "fadeline/optics/skin.h"

#include "fadeline/base/assert.h"

#include <math.h>

/* Melanin fractions of skin types are tabulated for a living epidermis of this thickness. */
#define MELANIN_REFERENCE_M 60e-6
/* The basal layer is taken as the lowest quarter of the epidermis (about 15 of 60 um: half or more of the
 * melanin lies in the basal 10-20 um, from memory); then a loading of 4 means that all melanin is there. */
#define BASAL_SHARE 0.25
/* A layer of ink or dermis thinner than this is rounding, not tissue. */
#define THINNEST_M 1e-9

fl_skin fl_skin_default(void)
{
    return (fl_skin){
        .melanin_fraction = 0.020, /* type II, central (skin types table) */
        .basal_loading = 2.0,      /* middle of the advised 1-4 */
        .melanosome = FL_MELANOSOME_J98,
        .epidermis = {.m = 75e-6}, /* scalp, between 66 (women) and 85 um (men) */
        .dermis = {.m = 1.8e-3},   /* scalp, central */
        .subcutis = {.m = 4e-3},   /* scalp, central */
        .blood_fraction = 0.015,   /* dermis of scalp and face */
        .saturation = 0.7,
        .water_fraction = 0.65,
        .water_scale = 1.0,
        .hbo2_scale = 1.0,
        .hb_scale = 1.0,
        .baseline_scale = 2.0, /* measurements lie above the formula: LN(2, 0.6) is the advice */
        .subcutis_blood_fraction = 0.02,
        .subcutis_water_fraction = 0.15,
        .subcutis_fat_fraction = 0.70,
        .epidermis_scattering = fl_scattering_find("epidermis"),
        .dermis_scattering = fl_scattering_find("dermis"),
        .subcutis_scattering = fl_scattering_find("fat_54"),
        .epidermis_musp_scale = 1.0,
        .dermis_musp_scale = 1.0,
        .subcutis_musp_scale = 1.0,
        .g = 0.865, /* middle of the advised 0.80-0.93 */
        .n = 1.40,
        .n_subcutis = 1.455,
    };
}

const char *fl_skin_part_name(fl_skin_part part)
{
    static const char *const names[] = {
        "nothing",   "upper epidermis",      "basal layer", "dermis above the ink",
        "ink layer", "dermis below the ink", "subcutis"};
    return (unsigned)part < sizeof names / sizeof *names ? names[part] : names[0];
}

/* One row per number a caller sets; a NaN is inside no range. */
static fl_status check(const fl_skin *skin, fl_error *error)
{
    const struct {
        const char *what;
        double value, least, most;
    } rows[] = {
        {"melanin fraction", skin->melanin_fraction, 0.0, 0.6},
        {"basal loading", skin->basal_loading, 1.0, 1.0 / BASAL_SHARE},
        {"melanosome scale", skin->melanosome.scale, 1e-3, 20.0},
        {"melanosome exponent", skin->melanosome.exponent, 1.0, 6.0},
        {"epidermis thickness [um]", fl_as_um(skin->epidermis), 10.0, 2000.0},
        {"dermis thickness [mm]", fl_as_mm(skin->dermis), 0.1, 20.0},
        {"subcutis thickness [mm]", fl_as_mm(skin->subcutis), 0.1, 200.0},
        {"blood fraction", skin->blood_fraction, 0.0, 0.5},
        {"saturation", skin->saturation, 0.0, 1.0},
        {"water fraction", skin->water_fraction, 0.0, 0.95},
        {"water scale", skin->water_scale, 1e-3, 5.0},
        {"baseline scale", skin->baseline_scale, 0.0, 20.0},
        {"scale of oxygenated haemoglobin", skin->hbo2_scale, 1e-3, 10.0},
        {"scale of haemoglobin", skin->hb_scale, 1e-3, 10.0},
        {"blood and water fraction of the dermis", skin->blood_fraction + skin->water_fraction, 0.0, 1.0},
        {"blood fraction of the subcutis", skin->subcutis_blood_fraction, 0.0, 0.5},
        {"water fraction of the subcutis", skin->subcutis_water_fraction, 0.0, 1.0},
        {"fat fraction of the subcutis", skin->subcutis_fat_fraction, 0.0, 1.0},
        {"blood, water and fat fraction of the subcutis",
         skin->subcutis_blood_fraction + skin->subcutis_water_fraction + skin->subcutis_fat_fraction, 0.0,
         1.0},
        {"epidermis scattering scale", skin->epidermis_musp_scale, 1e-2, 10.0},
        {"dermis scattering scale", skin->dermis_musp_scale, 1e-2, 10.0},
        {"subcutis scattering scale", skin->subcutis_musp_scale, 1e-2, 10.0},
        {"scattering exponent shift", skin->exponent_shift, -2.0, 2.0},
        {"g", skin->g, 0.0, 0.99},
        {"refractive index", skin->n, 1.0, 2.0},
        {"refractive index of the subcutis", skin->n_subcutis, 1.0, 2.0},
        {"ink thickness [mm]", fl_as_mm(skin->ink.thickness), 0.0, 20.0},
        {"ink mass [mg/cm2]", skin->ink.mass.kg_m2 * 100.0, 0.0, 100.0},
        {"ink mass absorption [m2/g]", skin->ink.mac.m2_kg / 1e3, 0.0, 1e3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!(rows[i].value >= rows[i].least && rows[i].value <= rows[i].most))
            return fl_error_set(error, FL_E_RANGE, "skin: %s is %g, must be %g to %g", rows[i].what,
                                rows[i].value, rows[i].least, rows[i].most);
    if (!skin->epidermis_scattering || !skin->dermis_scattering || !skin->subcutis_scattering)
        return fl_error_set(error, FL_E_RANGE, "skin: a scattering row is not set");
    return FL_OK;
}

static fl_status check_ink(const fl_skin *skin, fl_error *error)
{
    if (skin->ink.thickness.m == 0.0) return FL_OK;
    const double top_m = skin->ink.top.m, bottom_m = top_m + skin->ink.thickness.m;
    const double skin_m = skin->epidermis.m + skin->dermis.m;
    if (!(skin->ink.thickness.m >= 1e-6))
        return fl_error_set(error, FL_E_RANGE, "skin: ink %g um thick, must be 1 um at least, or 0 for none",
                            fl_as_um(skin->ink.thickness));
    if (!(top_m >= skin->epidermis.m - THINNEST_M))
        return fl_error_set(error, FL_E_RANGE, "skin: ink begins at %g um, inside the epidermis of %g um",
                            top_m * 1e6, fl_as_um(skin->epidermis));
    if (!(bottom_m <= skin_m + THINNEST_M))
        return fl_error_set(error, FL_E_RANGE, "skin: ink ends at %g mm, below the dermis that ends at %g mm",
                            bottom_m * 1e3, skin_m * 1e3);
    return FL_OK;
}

/* Everything a wavelength fixes, per cm. */
typedef struct colours {
    double hbo2, hb, water, fat, melanosome, baseline, epidermis_mus, dermis_mus, subcutis_mus;
} colours;

static fl_status look_up(const fl_skin *skin, fl_wavelength wavelength, colours *at)
{
    fl_attenuation hbo2, hb, water, fat, melanosome, baseline, epidermis, dermis, subcutis;
    fl_status status = fl_spectrum_absorption(FL_HBO2, wavelength, &hbo2);
    if (status == FL_OK) status = fl_spectrum_absorption(FL_HB, wavelength, &hb);
    if (status == FL_OK) status = fl_spectrum_absorption(FL_WATER, wavelength, &water);
    if (status == FL_OK) status = fl_spectrum_absorption(FL_FAT, wavelength, &fat);
    if (status == FL_OK) status = fl_melanosome_absorption(&skin->melanosome, wavelength, &melanosome);
    if (status == FL_OK) status = fl_baseline_absorption(wavelength, &baseline);
    if (status == FL_OK)
        status = fl_scattering_reduced(skin->epidermis_scattering, wavelength, skin->epidermis_musp_scale,
                                       skin->exponent_shift, &epidermis);
    if (status == FL_OK)
        status = fl_scattering_reduced(skin->dermis_scattering, wavelength, skin->dermis_musp_scale,
                                       skin->exponent_shift, &dermis);
    if (status == FL_OK)
        status = fl_scattering_reduced(skin->subcutis_scattering, wavelength, skin->subcutis_musp_scale,
                                       skin->exponent_shift, &subcutis);
    if (status != FL_OK) return status;
    const double forward = 1.0 - skin->g; /* mus = musp / (1 - g), Jacques 2013 */
    *at = (colours){fl_as_per_cm(hbo2) * skin->hbo2_scale,
                    fl_as_per_cm(hb) * skin->hb_scale,
                    fl_as_per_cm(water) * skin->water_scale,
                    fl_as_per_cm(fat),
                    fl_as_per_cm(melanosome),
                    fl_as_per_cm(baseline) * skin->baseline_scale,
                    fl_as_per_cm(epidermis) / forward,
                    fl_as_per_cm(dermis) / forward,
                    fl_as_per_cm(subcutis) / forward};
    return FL_OK;
}

/* Jacques 2013, eq 12, with the baseline of the rest: mua = B (S HbO2 + (1 - S) Hb) + W water + F fat
 * + (1 - B - W - F) baseline. */
static double tissue_per_cm(const colours *at, double saturation, double blood, double water, double fat)
{
    return blood * (saturation * at->hbo2 + (1.0 - saturation) * at->hb) + water * at->water + fat * at->fat +
           (1.0 - blood - water - fat) * at->baseline;
}

/* Epidermis without blood and free water: mua = M melanosome + (1 - M) baseline (Jacques 2013). */
static double epidermis_per_cm(const colours *at, double melanin)
{
    return melanin * at->melanosome + (1.0 - melanin) * at->baseline;
}

static void add(fl_skin_stack *stack, fl_skin_part part, const fl_skin *skin, double mua_per_cm,
                double mus_per_cm, double thickness_m)
{
    if (thickness_m <= THINNEST_M) return;
    const unsigned i = stack->count++;
    stack->part[i] = part;
    stack->top[i].m = i ? stack->top[i - 1].m + stack->layer[i - 1].thickness.m : 0.0;
    stack->layer[i] = (fl_optical_layer){.n = part == FL_SKIN_SUBCUTIS ? skin->n_subcutis : skin->n,
                                         .mua = fl_per_cm(mua_per_cm),
                                         .mus = fl_per_cm(mus_per_cm),
                                         .g = skin->g,
                                         .thickness = {.m = thickness_m}};
}

fl_status fl_skin_layers(const fl_skin *skin, fl_wavelength wavelength, fl_skin_stack *stack, fl_error *error)
{
    FL_ASSERT(skin && stack);
    if (check(skin, error) != FL_OK || check_ink(skin, error) != FL_OK) return FL_E_RANGE;
    colours at = {0};
    if (look_up(skin, wavelength, &at) != FL_OK)
        return fl_error_set(error, FL_E_RANGE, "skin: spectra are known from 450 to 1098 nm, not at %g nm",
                            fl_as_nm(wavelength));

    /* Same melanin per area in any epidermis; the basal quarter holds `loading` times the mean. */
    const double mean = skin->melanin_fraction * MELANIN_REFERENCE_M / skin->epidermis.m;
    const double basal = mean * skin->basal_loading;
    const double upper = fmax(mean * (1.0 - BASAL_SHARE * skin->basal_loading) / (1.0 - BASAL_SHARE), 0.0);
    if (!(basal <= 1.0))
        return fl_error_set(error, FL_E_RANGE, "skin: the basal layer would be %.0f %% melanosomes",
                            100.0 * basal);

    const double dermis =
        tissue_per_cm(&at, skin->saturation, skin->blood_fraction, skin->water_fraction, 0.0);
    const double subcutis = tissue_per_cm(&at, skin->saturation, skin->subcutis_blood_fraction,
                                          skin->subcutis_water_fraction, skin->subcutis_fat_fraction);
    const double basal_m = BASAL_SHARE * skin->epidermis.m, dermis_m = skin->dermis.m;

    fl_skin_stack made = {0};
    add(&made, FL_SKIN_EPIDERMIS, skin, epidermis_per_cm(&at, upper), at.epidermis_mus,
        skin->epidermis.m - basal_m);
    add(&made, FL_SKIN_BASAL, skin, epidermis_per_cm(&at, basal), at.epidermis_mus, basal_m);
    if (skin->ink.thickness.m > 0.0) {
        const double above_m = fmax(skin->ink.top.m - skin->epidermis.m, 0.0), ink_m = skin->ink.thickness.m;
        /* Optical depth of the ink is MAC times areal mass; spread evenly over the layer. */
        const double ink_per_cm =
            fl_as_per_cm((fl_attenuation){skin->ink.mac.m2_kg * skin->ink.mass.kg_m2 / ink_m});
        add(&made, FL_SKIN_DERMIS_ABOVE, skin, dermis, at.dermis_mus, above_m);
        add(&made, FL_SKIN_INK, skin, dermis + ink_per_cm, at.dermis_mus, ink_m);
        add(&made, FL_SKIN_DERMIS_BELOW, skin, dermis, at.dermis_mus, dermis_m - above_m - ink_m);
    } else {
        add(&made, FL_SKIN_DERMIS_BELOW, skin, dermis, at.dermis_mus, dermis_m);
    }
    add(&made, FL_SKIN_SUBCUTIS, skin, subcutis, at.subcutis_mus, skin->subcutis.m);
    *stack = made;
    return FL_OK;
}

int fl_skin_find(const fl_skin_stack *stack, fl_skin_part part)
{
    for (unsigned i = 0; i < stack->count; i++)
        if (stack->part[i] == part) return (int)i;
    return -1;
}
