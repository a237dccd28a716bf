/* labels: unit */
/* Units in files: a number means what the end of its key says, in every unit that the reader knows, and a
 * slip by a factor of ten or a thousand does not pass for a setting. */
#include "check.h"

#include "values.h"

#include "fadeline/base/place.h"
#include "fadeline/config/device.h"

#include <glob.h>

/* One quantity in each of its units, and in all that are beside it on a label. */
typedef struct pairs {
    fl_length in_mm, in_um, in_cm;
    fl_wavelength in_nm;
    fl_area area;
    fl_pulse_length pulse;
    fl_energy energy;
    fl_fluence fluence;
    fl_rate rate;
    fl_attenuation mu;
    fl_angle angle;
    fl_mass_absorption mac;
    fl_areal_mass mass;
} pairs;

#define ROW(key, member)                                                                                     \
    {                                                                                                        \
        key, FL_YAML_NUMBER(pairs, member, -1e9, 1e9), FL_YAML_REQUIRED, .help = "any"                       \
    }
static const fl_yaml_field pair_fields[] = {
    ROW("x_mm", in_mm),    ROW("x_um", in_um),  ROW("x_cm", in_cm),   ROW("x_nm", in_nm),
    ROW("x_cm2", area),    ROW("x_ps", pulse),  ROW("x_mJ", energy),  ROW("x_J_cm2", fluence),
    ROW("x_Hz", rate),     ROW("x_per_cm", mu), ROW("x_mrad", angle), ROW("x_m2_g", mac),
    ROW("x_mg_cm2", mass), {.key = NULL},
};
static const fl_yaml_table pair_table = {"pairs", sizeof(pairs), pair_fields, .check = NULL};
static const fl_yaml_schema pair_schema = {"pairs/1", "Units", &pair_table};
static const fl_yaml_schema *const schemas[] = {&pair_schema};

static const char *const text =
    "schema: pairs/1\nx_mm: 2.5\nx_um: 2500\nx_cm: 0.25\nx_nm: 2500000\nx_cm2: 2.5\nx_ps: 2.5\nx_mJ: 2.5\n"
    "x_J_cm2: 2.5\nx_Hz: 2.5\nx_per_cm: 2.5\nx_mrad: 2.5\nx_m2_g: 2.5\nx_mg_cm2: 2.5\n";

static const pairs *load(const char *bytes, fl_faults *faults, fl_yaml **file)
{
    *file = NULL;
    return fl_yaml_read("units", bytes, strlen(bytes), schemas, 1, faults, file) == FL_OK
               ? fl_yaml_root(*file)
               : NULL;
}

/* 2.5 in the unit of each key against SI typed out here, and back again through the converters of units.h. */
/* hazards: H39 */
static void every_unit_of_a_key_is_what_it_says(void)
{
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    const pairs *p = load(text, faults, &file);
    CHECK(p != NULL, "%s", faults->count ? faults->list[0].what : "not read");
    if (p) {
        const struct {
            const char *what;
            double si, typed, back, written;
        } rows[] = {
            {"mm", p->in_mm.m, 0.0025, fl_as_mm(p->in_mm), 2.5},
            {"um", p->in_um.m, 0.0025, fl_as_um(p->in_um), 2500},
            {"cm", p->in_cm.m, 0.0025, fl_as_cm(p->in_cm), 0.25},
            {"nm", p->in_nm.m, 0.0025, fl_as_nm(p->in_nm), 2500000},
            {"cm2", p->area.m2, 0.00025, fl_as_cm2(p->area), 2.5},
            {"ps", p->pulse.s, 2.5e-12, fl_as_ps(p->pulse), 2.5},
            {"mJ", p->energy.J, 0.0025, fl_as_mJ(p->energy), 2.5},
            {"J/cm2", p->fluence.J_m2, 25000, fl_as_J_cm2(p->fluence), 2.5},
            {"Hz", p->rate.Hz, 2.5, p->rate.Hz, 2.5},
            {"1/cm", p->mu.per_m, 250, fl_as_per_cm(p->mu), 2.5},
            {"mrad", p->angle.rad, 0.0025, p->angle.rad * 1e3, 2.5},
            {"m2/g", p->mac.m2_kg, 2500, fl_as_m2_g(p->mac), 2.5},
            {"mg/cm2", p->mass.kg_m2, 0.025, fl_as_mg_cm2(p->mass), 2.5},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            CHECK_REL(rows[i].si, rows[i].typed, 1e-15, rows[i].what);
            CHECK_REL(rows[i].back, rows[i].written, 1e-15, rows[i].what);
        }
        CHECK_REL(p->in_um.m, p->in_mm.m, 1e-15, "um and mm");
        CHECK_REL(p->in_cm.m, p->in_mm.m, 1e-15, "cm and mm");
        /* The other converters of the same quantity. */
        CHECK_REL(fl_as_um(p->in_mm), 2500, 1e-15, "mm as um");
        CHECK_REL(fl_as_cm(p->in_um), 0.25, 1e-15, "um as cm");
        CHECK_REL(fl_as_mm(p->in_cm), 2.5, 1e-15, "cm as mm");
    }
    fl_yaml_free(file);
    fl_faults_free(faults);
}

/* A unit at the end of a key is part of its name: the same quantity under another unit is an unknown key. */
/* hazards: H39 */
static void a_key_with_another_unit_is_no_key(void)
{
    static const struct {
        const char *from, *to;
    } rows[] = {{"x_mJ: 2.5", "x_J: 0.0025"},      {"x_cm2: 2.5", "x_mm2: 250"},
                {"x_J_cm2: 2.5", "x_J_m2: 25000"}, {"x_ps: 2.5", "x_ns: 0.0025"},
                {"x_Hz: 2.5", "x_kHz: 1"},         {"x_mm: 2.5", "x: 2.5"},
                {"x_mJ: 2.5", "x_mJ: 2.5 J"},      {"x_mJ: 2.5", "x_mJ: 2,5"},
                {"x_mJ: 2.5", "x_mJ: 1'000"},      {"x_per_cm: 2.5", "x_per_mm: 0.25"}};
    fl_faults *faults = fl_faults_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char bytes[600];
        const char *at = strstr(text, rows[i].from);
        fl_yaml *file;
        snprintf(bytes, sizeof bytes, "%.*s%s%s", (int)(at - text), text, rows[i].to,
                 at + strlen(rows[i].from));
        CHECK(!load(bytes, faults, &file), "'%s' is taken", rows[i].to);
        if (file) fl_yaml_free(file);
    }
    fl_faults_free(faults);
}

/* ---- slips ---- */

/* The line with its first number times 10^shift, by moving digits as a person would. */
static bool slip_line(const char *line, int shift, char *out, size_t size)
{
    char *end;
    const char *at = strpbrk(line, "0123456789");
    if (!at) return false;
    const double value = strtod(at, &end) * pow(10, shift);
    snprintf(out, size, "%.*s%.12g%s", (int)(at - line), line, value, end);
    return true;
}

static bool is_taken(const char *bytes)
{
    static const fl_yaml_schema *list[] = {&fl_device_schema};
    fl_faults *faults = fl_faults_new();
    fl_yaml *file = NULL;
    const bool good = fl_yaml_read("slip", bytes, strlen(bytes), list, 1, faults, &file) == FL_OK;
    if (file) fl_yaml_free(file);
    fl_faults_free(faults);
    return good;
}

/* Every first number of such a key in the file, slipped by itself; returns how many there were. */
static unsigned slip_file(const char *name, const char *bytes, const char *key, int shift)
{
    static char spoilt[1 << 17];
    unsigned tried = 0;
    for (const char *at = bytes; (at = strstr(at, key)); at += strlen(key)) {
        char line[300], wrong[340];
        const int size = (int)strcspn(at, "\n");
        if (at[strlen(key)] != ':' || size >= 300 || at == bytes || at[-1] != ' ') continue;
        snprintf(line, sizeof line, "%.*s", size, at);
        if (strstr(line, "unknown") || !slip_line(line, shift, wrong, sizeof wrong)) continue;
        snprintf(spoilt, sizeof spoilt, "%.*s%s%s", (int)(at - bytes), bytes, wrong, at + size);
        CHECK(!is_taken(spoilt), "%s: '%s' is taken for '%s'", name, wrong, line);
        tried++;
    }
    return tried;
}

/* In every device file, one number at a time: J for mJ, um for mm, cm for mm, and a digit too many or too few
 * in a wavelength or a spot. A label's energy that is ten times too high passes where no fluence is printed
 * beside it; that is a person's to see when the number is confirmed. */
/* hazards: H39 */
static void a_slip_by_a_thousand_is_refused(void)
{
    static const struct {
        const char *key;
        int shift;
    } slips[] = {{"energy_max_mJ", 3}, {"spots_mm", -3},     {"spots_mm", 3},       {"wavelength_nm", -3},
                 {"spots_mm", -1},     {"wavelength_nm", 1}, {"wavelength_nm", -1}, {"wavelength_nm", 3}};
    glob_t found;
    unsigned tried[sizeof slips / sizeof *slips] = {0};
    CHECK(glob(FL_SOURCE_DIR "/devices/*.yaml", 0, NULL, &found) == 0, "device files");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *bytes;
        size_t size;
        CHECK(fl_place_read(found.gl_pathv[i], 1 << 16, &bytes, &size, NULL) == FL_OK, "%s",
              found.gl_pathv[i]);
        CHECK(is_taken(bytes), "%s without a slip", found.gl_pathv[i]);
        for (size_t k = 0; k < sizeof slips / sizeof *slips; k++)
            tried[k] += slip_file(found.gl_pathv[i], bytes, slips[k].key, slips[k].shift);
        free(bytes);
    }
    globfree(&found);
    for (size_t k = 0; k < sizeof slips / sizeof *slips; k++)
        CHECK(tried[k] >= 5, "%s: only %u numbers", slips[k].key, tried[k]);
}

FL_TESTS("config/units", TEST(every_unit_of_a_key_is_what_it_says), TEST(a_key_with_another_unit_is_no_key),
         TEST(a_slip_by_a_thousand_is_refused))
