#include "command.h"

#include "fadeline/base/text.h"
#include "fadeline/exposure/exposure.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static int print_json(const fl_exposure *out)
{
    json_t *object = json_object(), *eyewear = json_object();
    set(eyewear, "mode", json_sprintf("%c", out->en207.mode));
    set(eyewear, "n", json_integer(out->en207.n));
    set(eyewear, "class", json_sprintf("%c LB%d", out->en207.mode, out->en207.n));
    set(eyewear, "marking", json_string(out->en207.marking));
    set(eyewear, "n_raw", number(out->en207.raw));
    set(eyewear, "average_n", json_integer(out->en207.d_n));
    set(object, "rules", json_string(fl_exposure_rules_name(out->rules)));
    set(object, "eye_mpe_J_m2", number(out->eye_mpe.J_m2));
    set(object, "eye_mpe_single_J_m2", number(out->eye_mpe_single.J_m2));
    set(object, "eye_mpe_average_J_m2", number(out->eye_mpe_average.J_m2));
    set(object, "skin_mpe_J_m2", number(out->skin_mpe.J_m2));
    set(object, "fluence_J_cm2", number(fl_as_J_cm2(out->fluence)));
    set(object, "exposure_at_eye_J_m2", number(out->at_eye.J_m2));
    set(object, "eye_od", json_integer(out->od));
    set(object, "eye_od_raw", number(out->od_raw));
    set(object, "en207", eyewear);
    set(object, "nohd_m", number(out->nohd.m));
    set(object, "nohd_rss_m", number(out->nohd_rss.m));
    set(object, "diffuse_m", number(out->diffuse_eye.m));
    set(object, "diffuse_skin_m", number(out->diffuse_skin.m));
    set(object, "time_base_s", number(out->time_base_s));
    set(object, "pulses", number(out->pulses));
    set(object, "train_factor", number(out->c5));
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(object);
    return 0;
}

static int print_text(const fl_exposure *out)
{
    printf("rules              %s, %g pulses in %g s\n", fl_exposure_rules_name(out->rules), out->pulses,
           out->time_base_s);
    printf("fluence at spot    %.2f J/cm2\n", fl_as_J_cm2(out->fluence));
    printf("limit for the eye  %.4g J/m2, for the skin %.4g J/m2\n", out->eye_mpe.J_m2, out->skin_mpe.J_m2);
    printf("eyewear            OD %d or more (%.2f), EN 207: %s\n", out->od, out->od_raw, out->en207.marking);
    if (isnan(out->nohd.m))
        puts("hazard distance    not known: give --divergence-mrad, of the beam after the handpiece focus");
    else
        printf("hazard distance    %.1f m in the beam\n", out->nohd.m);
    printf("off a matt surface %.1f m for the eye, %.3f m for the skin\n", out->diffuse_eye.m,
           out->diffuse_skin.m);
    puts("Worst case, at the handpiece; the laser safety officer decides. Not a compliance statement.");
    return 0;
}

static bool read_rules(const fl_args *args, fl_exposure_rules *rules)
{
    const char *text = fl_args_value(args, "rules");
    if (!text || fl_text_same(text, "2014")) return *rules = FL_EXPOSURE_2014, true;
    if (fl_text_same(text, "2007")) return *rules = FL_EXPOSURE_2007, true;
    fl_args_wrong(args, "--rules is 2014 or 2007, not '%s'", text);
    return false;
}

static int run(const fl_args *args)
{
    static const struct {
        const char *name;
        double least, most;
    } wanted[] = {
        {"wavelength-nm", 400, 1400}, {"pulse-ps", 0.1, 1e13}, {"energy-mJ", 1e-9, 1e6},
        {"spot-mm", 1e-3, 1e3},       {"rate-Hz", 1e-3, 1e5},
    };
    double value[5], divergence_mrad = 0.0, time_base_s = 0.0;
    fl_exposure_input in = {.rules = FL_EXPOSURE_2014};
    if (args->count) return fl_args_wrong(args, "'%s' is not an option", args->words[0]);
    for (size_t i = 0; i < 5; i++) {
        bool present;
        if (!fl_args_number(args, wanted[i].name, wanted[i].least, wanted[i].most, &value[i], &present))
            return 2;
        if (!present) return fl_args_wrong(args, "--%s is needed", wanted[i].name);
    }
    if (!fl_args_number(args, "divergence-mrad", 1e-3, 3e3, &divergence_mrad, NULL)) return 2;
    if (!fl_args_number(args, "time-base-s", 1e-3, 3e4, &time_base_s, NULL)) return 2;
    if (!read_rules(args, &in.rules)) return 2;
    in.wavelength = fl_nm(value[0]);
    in.pulse = fl_ps(value[1]);
    in.energy = fl_mJ(value[2]);
    in.spot = fl_mm(value[3]);
    in.rate = fl_Hz(value[4]);
    in.divergence = fl_mrad(divergence_mrad);
    in.time_base_s = time_base_s;
    fl_exposure out;
    fl_error error = {0};
    if (fl_exposure_assess(&in, &out, &error) != FL_OK) return fl_args_failed(&error);
    return fl_args_has(args, "json") ? print_json(&out) : print_text(&out);
}

static const fl_option options[] = {
    {"wavelength-nm", "N", "wavelength, 400 to 1400"},
    {"pulse-ps", "N", "pulse length in picoseconds"},
    {"energy-mJ", "N", "energy of one pulse"},
    {"spot-mm", "N", "spot diameter at the skin"},
    {"rate-Hz", "N", "pulses a second"},
    {"divergence-mrad", "N", "full angle after the handpiece focus, for the hazard distance"},
    {"time-base-s", "N", "default 0.25 for 400 to 700 nm, 10 otherwise"},
    {"rules", "YEAR", "2014 (default) or 2007"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_exposure = {
    .name = "exposure",
    .arguments =
        "--wavelength-nm N --pulse-ps N --energy-mJ N --spot-mm N --rate-Hz N [--divergence-mrad N] [--json]",
    .summary = "say what eyewear a pulse needs and how far it is dangerous",
    .more =
        "example:\n"
        "  fadeline exposure --wavelength-nm 755 --pulse-ps 750 --energy-mJ 200 --spot-mm 2.5 --rate-Hz 10\n",
    .options = options,
    .run = run,
};
