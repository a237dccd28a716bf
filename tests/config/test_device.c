/* labels: unit */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

#include <dirent.h>
#include <unistd.h>

static char home[] = "/tmp/fl-device-XXXXXX";

static bool use_own_home(void)
{
    static bool made;
    if (!made) made = mkdtemp(home) && setenv("FADELINE_HOME", home, 1) == 0;
    CHECK(made, "a home of its own");
    return made;
}

static fl_device *load(const char *name)
{
    fl_device *device = NULL;
    fl_error error = {0};
    CHECK(fl_device_load(name, &device, &error) == FL_OK, "%s: %s (line %u)", name, error.what, error.line);
    return device;
}

/* ---- what ships ---- */

/* Rows of the reference table, typed again from it: numbers and how sure it says they are. NaN: not seen. */
/* clang-format off */
static const struct shipped {
    const char *device, *head;
    double nm, mJ, Hz;
    size_t spots;
    fl_sureness pulses, energy, spot, rate;
} shipped[] = {
    { "picosure",       "alex-755",      755,  200,  10,  9, FL_SURE_SOURCE_SEEN, FL_SURE_COMPUTED, FL_SURE_MEMORY,      FL_SURE_MEMORY },
    { "picosure",       "conv-532",      532,  80,   5,   2, FL_SURE_MEMORY_WEAK, FL_SURE_COMPUTED, FL_SURE_COMPUTED,    FL_SURE_MEMORY_WEAK },
    { "picosure",       "conv-1064",     1064, NAN,  NAN, 0, FL_SURE_UNKNOWN,     FL_SURE_UNKNOWN,  FL_SURE_UNKNOWN,     FL_SURE_UNKNOWN },
    { "picoway",        "yag-1064",      1064, 400,  10,  9, FL_SURE_SOURCE_SEEN, FL_SURE_MEMORY,   FL_SURE_SOURCE_SEEN, FL_SURE_SOURCE_SEEN },
    { "picoway",        "ktp-532",       532,  200,  10,  9, FL_SURE_MEMORY,      FL_SURE_MEMORY,   FL_SURE_SOURCE_SEEN, FL_SURE_SOURCE_SEEN },
    { "picoway",        "sapphire-785",  785,  97,   5,   3, FL_SURE_SOURCE_SEEN, FL_SURE_COMPUTED, FL_SURE_SOURCE_SEEN, FL_SURE_SOURCE_SEEN },
    { "picoway",        "sapphire-730",  730,  NAN,  5,   3, FL_SURE_MEMORY,      FL_SURE_UNKNOWN,  FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK },
    { "enlighten-iii",  "yag-1064",      1064, 600,  10,  7, FL_SURE_SOURCE_SEEN, FL_SURE_MEMORY,   FL_SURE_MEMORY,      FL_SURE_MEMORY },
    { "enlighten-iii",  "ktp-532",       532,  300,  10,  7, FL_SURE_SOURCE_SEEN, FL_SURE_MEMORY,   FL_SURE_MEMORY,      FL_SURE_MEMORY },
    { "enlighten-iii",  "conv-670",      670,  NAN,  10,  5, FL_SURE_SOURCE_SEEN, FL_SURE_UNKNOWN,  FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK },
    { "discovery-pico", "yag-1064",      1064, 800,  10,  9, FL_SURE_MEMORY,      FL_SURE_MEMORY,   FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY },
    { "discovery-pico", "ktp-532",       532,  300,  10,  7, FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK },
    { "discovery-pico", "ruby-694",      694,  1200, 2,   5, FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK, FL_SURE_MEMORY_WEAK },
    { "example-pico",   "alex-755",      755,  200,  10,  5, FL_SURE_LABEL,       FL_SURE_LABEL,    FL_SURE_LABEL,       FL_SURE_LABEL },
    { "example-pico",   "yag-1064",      1064, 400,  10,  5, FL_SURE_LABEL,       FL_SURE_LABEL,    FL_SURE_LABEL,       FL_SURE_LABEL },
    { "example-pico",   "ktp-532",       532,  200,  10,  5, FL_SURE_LABEL,       FL_SURE_LABEL,    FL_SURE_LABEL,       FL_SURE_LABEL },
};
/* clang-format on */
#define SHIPPED (sizeof shipped / sizeof *shipped)

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9 * fabs(b);
}

static void shipped_numbers_are_those_of_the_reference(void)
{
    if (!use_own_home()) return;
    for (size_t i = 0; i < SHIPPED; i++) {
        const struct shipped *row = &shipped[i];
        fl_device *device = load(row->device);
        const fl_device_head *head = device ? fl_device_head_find(device, row->head) : NULL;
        CHECK(head, "%s has no head %s", row->device, row->head);
        if (head) {
            CHECK(same(fl_as_nm(head->wavelength), row->nm) && same(fl_as_mJ(head->energy_max), row->mJ) &&
                      same(head->rate_max.Hz, row->Hz) && head->spots_count == row->spots,
                  "%s %s: %g nm, %g mJ, %g Hz, %zu spots", row->device, row->head, fl_as_nm(head->wavelength),
                  fl_as_mJ(head->energy_max), head->rate_max.Hz, head->spots_count);
            CHECK(head->facts[FL_FACT_PULSES].sureness == row->pulses &&
                      head->facts[FL_FACT_ENERGY_MAX].sureness == row->energy &&
                      head->facts[FL_FACT_SPOTS].sureness == row->spot &&
                      head->facts[FL_FACT_RATE_MAX].sureness == row->rate,
                  "%s %s: sureness", row->device, row->head);
            CHECK(fl_device_head_at(device, fl_nm(row->nm)) == head, "%s: another head at %g nm", row->device,
                  row->nm);
        }
        fl_device_free(device);
    }
}

/* Every file in devices/ loads, and every number of every head says where it came from. */
static void every_shipped_file_loads(void)
{
    DIR *directory = opendir(FL_SOURCE_DIR "/devices");
    size_t count = 0;
    if (!use_own_home()) return;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (!strstr(entry->d_name, ".yaml")) continue;
        char path[600];
        snprintf(path, sizeof path, FL_SOURCE_DIR "/devices/%s", entry->d_name);
        fl_device *device = load(path);
        if (!device) continue;
        CHECK(strncmp(device->id, entry->d_name, strlen(device->id)) == 0, "%s calls itself %s",
              entry->d_name, device->id);
        for (size_t i = 0; i < device->heads_count; i++)
            for (fl_head_fact fact = 0; fact < FL_HEAD_FACTS; fact++) {
                const fl_provenance *own = &device->heads[i].facts[fact];
                CHECK(own->sureness && own->source && own->stated == (own->sureness != FL_SURE_UNKNOWN),
                      "%s %s: %s", device->id, device->heads[i].id, fl_head_fact_key(fact));
                CHECK(device->link.kind == FL_LINK_KIND_SIMULATED || own->sureness != FL_SURE_LABEL,
                      "%s: nobody of us has seen its label", device->id);
            }
        fl_device_free(device);
        count++;
    }
    if (directory) closedir(directory);
    CHECK(count >= 5, "%zu device files", count);
}

/* Energy over area, three ways: the printed ceiling, energy_max / (pi d^2 / 4) typed out, and what the limits
 * say. */
/* hazards: H40 */
static void energy_over_area_agrees_three_ways(void)
{
    static const char *const names[] = {"picosure", "picoway", "enlighten-iii", "discovery-pico"};
    size_t compared = 0;
    if (!use_own_home()) return;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        fl_device *device = load(names[n]);
        for (size_t i = 0; device && i < device->heads_count; i++) {
            const fl_device_head *head = &device->heads[i];
            for (size_t c = 0; c < head->spot_caps_count; c++) {
                const double mm = fl_as_mm(head->spot_caps[c].spot),
                             printed = fl_as_J_cm2(head->spot_caps[c].fluence_max);
                const double typed =
                    fl_as_mJ(head->energy_max) / 1e3 / (3.14159265358979 * mm * mm / 4 / 100);
                fl_head_limits limits = {0};
                CHECK_NEAR(typed, printed, 0.00501, names[n]);
                CHECK(fl_device_head_limits(head, fl_mm(mm), &limits, NULL) == FL_OK, "%s %s %g mm", names[n],
                      head->id, mm);
                CHECK_NEAR(fl_as_J_cm2(limits.fluence_max), typed, 0.00501, names[n]);
                CHECK_REL(fl_energy_of(limits.fluence_max, limits.spot).J, limits.energy_max.J, 1e-12,
                          names[n]);
                compared++;
            }
        }
        fl_device_free(device);
    }
    CHECK(compared == 9 + 2 + 9 + 9 + 3 + 7 + 7 + 9 + 7 + 5, "%zu ceilings", compared);
}

/* ---- limits ---- */

/* Energy over area, printed cap and cap by spot: the lowest one limits. */
/* hazards: H09 */
static void the_lowest_limit_wins(void)
{
    /* clang-format off */
    static const struct { const char *head; double mm, mJ, J_cm2; fl_limit_bound bound; } rows[] = {
        { "alex-755", 4,   200,      1.5915, FL_BOUND_ENERGY },
        { "alex-755", 2,   200,      6.3662, FL_BOUND_ENERGY },
        { "alex-755", 2.5, 200,      4.0744, FL_BOUND_ENERGY },
        { "yag-1064", 2,   188.4956, 6.0,    FL_BOUND_LABEL_CAP },
        { "yag-1064", 2.5, 294.5243, 6.0,    FL_BOUND_LABEL_CAP },
        { "yag-1064", 3,   400,      5.6588, FL_BOUND_ENERGY },
        { "ktp-532",  5,   200,      1.0186, FL_BOUND_ENERGY },
    };
    /* clang-format on */
    if (!use_own_home()) return;
    fl_device *device = load("example-pico");
    for (size_t i = 0; device && i < sizeof rows / sizeof *rows; i++) {
        fl_head_limits limits = {0};
        const fl_device_head *head = fl_device_head_find(device, rows[i].head);
        CHECK(fl_device_head_limits(head, fl_mm(rows[i].mm), &limits, NULL) == FL_OK, "%s %g mm",
              rows[i].head, rows[i].mm);
        CHECK_REL(fl_as_mJ(limits.energy_max), rows[i].mJ, 1e-6, rows[i].head);
        CHECK_REL(fl_as_J_cm2(limits.fluence_max), rows[i].J_cm2, 1e-4, rows[i].head);
        CHECK(limits.bound == rows[i].bound && !limits.open_count, "%s %g mm: bound %d", rows[i].head,
              rows[i].mm, limits.bound);
        CHECK_NEAR(limits.crest, 1.0, 0, "a top hat of the label");
    }
    fl_device_free(device);

    device = load(FL_TEST_DIR "/good/bench-full.yaml");
    fl_head_limits limits = {0};
    const fl_device_head *head = device ? fl_device_head_find(device, "yag-1064") : NULL;
    if (!head) return fl_device_free(device);
    CHECK(fl_device_head_limits(head, fl_mm(3), &limits, NULL) == FL_OK && limits.bound == FL_BOUND_SPOT_CAP,
          "spot cap");
    CHECK_NEAR(fl_as_J_cm2(limits.fluence_max), 3.9, 1e-9, "spot cap at 3 mm");
    CHECK(fl_device_head_limits(head, fl_mm(2), &limits, NULL) == FL_OK && limits.bound == FL_BOUND_LABEL_CAP,
          "label cap");
    CHECK_NEAR(fl_as_J_cm2(limits.fluence_max), 4.1, 1e-9, "label cap at 2 mm");
    CHECK_NEAR(limits.crest, 2.0, 0, "a Gaussian");
    CHECK(limits.open_count == 2 && limits.open[0] == FL_FACT_PULSES && limits.open[1] == FL_FACT_ENERGY_MAX,
          "%zu open", limits.open_count);
    fl_device_free(device);
}

/* A number that is not known, or that nobody confirmed, is no limit to plan with. */
/* hazards: H09 */
static void no_limit_is_ever_guessed(void)
{
    if (!use_own_home()) return;
    fl_device *device = load("picosure");
    const fl_device_head *unknown = device ? fl_device_head_find(device, "conv-1064") : NULL;
    const fl_device_head *known = device ? fl_device_head_find(device, "alex-755") : NULL;
    fl_head_limits limits = {.open_count = 77};
    fl_error error = {0};
    if (!unknown || !known) return fl_device_free(device);
    CHECK(fl_device_head_limits(unknown, fl_mm(3), &limits, &error) == FL_E_NO, "limits nobody has seen");
    CHECK(strstr(error.what, "energy_max_mJ") && strstr(error.what, "spots_mm") &&
              strstr(error.hint, "label"),
          "%s", error.what);
    CHECK_TEXT(error.code, "device-limits-unknown", "code");
    const double bad[] = {0, -3, 3.0005, 1e9, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(fl_device_head_limits(known, fl_mm(bad[i]), &limits, &error) == FL_E_NO, "a spot of %g mm",
              bad[i]);
    CHECK_TEXT(error.code, "device-no-such-spot", "code");
    CHECK(limits.open_count == 77, "a refusal touched the answer");
    CHECK(fl_device_head_limits(known, fl_mm(3.0000001), &limits, &error) == FL_OK,
          "spots are whole micrometres");
    CHECK(limits.open_count == 3, "rate, spots and shape are from memory: %zu open", limits.open_count);
    CHECK_NEAR(limits.crest, 2.0, 0, "a shape from memory is read as the one that burns");
    fl_device_free(device);
}

static void clearances_bind(void)
{
    /* clang-format off */
    static const struct { const char *device, *head; fl_colour colour; int type; fl_answer wanted; } rows[] = {
        { "example-pico",   "ktp-532",      FL_COLOUR_RED,   3, FL_YES },
        { "example-pico",   "ktp-532",      FL_COLOUR_RED,   4, FL_NO },
        { "example-pico",   "ktp-532",      FL_COLOUR_BLACK, 2, FL_NO },
        { "example-pico",   "alex-755",     FL_COLOUR_BLACK, 5, FL_YES },
        { "picoway",        "yag-1064",     FL_COLOUR_BLACK, 6, FL_YES },
        { "picoway",        "sapphire-785", FL_COLOUR_GREEN, 1, FL_NO },
        { "picoway",        "sapphire-785", FL_COLOUR_GREEN, 2, FL_YES },
        { "picosure",       "alex-755",     FL_COLOUR_BLACK, 2, FL_NOT_STATED },
        { "picosure",       "conv-532",     FL_COLOUR_RED,   2, FL_NOT_STATED },
        { "picosure",       "conv-532",     FL_COLOUR_RED,   5, FL_NO },
        { "enlighten-iii",  "yag-1064",     FL_COLOUR_BLACK, 6, FL_YES },
        { "enlighten-iii",  "yag-1064",     FL_COLOUR_GREEN, 2, FL_NOT_STATED },
        { "enlighten-iii",  "conv-670",     FL_COLOUR_GREEN, 2, FL_NO },
        { "enlighten-iii",  "conv-670",     FL_COLOUR_BLACK, 1, FL_NO },
        { "discovery-pico", "yag-1064",     FL_COLOUR_BLACK, 2, FL_NOT_STATED },
    };
    /* clang-format on */
    if (!use_own_home()) return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_device *device = load(rows[i].device);
        const fl_device_head *head = device ? fl_device_head_find(device, rows[i].head) : NULL;
        CHECK(head && fl_device_is_cleared(head, rows[i].colour, rows[i].type) == rows[i].wanted,
              "%s %s, colour %d, type %s", rows[i].device, rows[i].head, (int)rows[i].colour,
              fl_skin_type_text(rows[i].type));
        fl_device_free(device);
    }
}

static void the_virtual_laser_is_the_one_of_the_link(void)
{
    if (!use_own_home()) return;
    fl_device *device = load("example-pico");
    if (!device) return;
    CHECK(fl_device_is_simulated(device) && device->invented == FL_YES, "simulated");
    CHECK_TEXT(device->link.identity, "SIM-00042", "identity");
    CHECK_TEXT(device->link.dialect, "gl1", "dialect");
    CHECK_TEXT(device->link.firmware, "1.0", "firmware");
    CHECK(device->link.capabilities == 0x7F, "capabilities %x", (unsigned)device->link.capabilities);
    CHECK(device->link.watchdog_ms == 100 && device->link.grant_age_ms == 40 && device->link.warn_ms == 3000,
          "times");
    for (size_t i = 0; i < device->heads_count; i++)
        CHECK(device->heads[i].spot_sensed == FL_YES, "spot sensed");
    fl_device_free(device);
}

FL_TESTS("config/device", TEST(shipped_numbers_are_those_of_the_reference), TEST(every_shipped_file_loads),
         TEST(energy_over_area_agrees_three_ways), TEST(the_lowest_limit_wins),
         TEST(no_limit_is_ever_guessed), TEST(clearances_bind),
         TEST(the_virtual_laser_is_the_one_of_the_link))
