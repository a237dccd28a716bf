/* labels: unit fault */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

#include <sys/stat.h>
#include <unistd.h>

/* Each test has a home of its own with one device file in it, so that the file can be changed. */
static char home[64];
static const char bench[] =
    "schema: device/1\nid: bench-9\nmaker: Nobody\nmodel: Bench\nsource: invented\nsure: memory\n"
    "link: { kind: none }\nheads:\n  - id: yag-1064\n    wavelength_nm: 1064\n"
    "    pulse_widths_ps: [450, 750]\n    energy_max_mJ: 370\n    rate_max_Hz: 7\n"
    "    spots_mm: [2, 3, 4.5]\n    skin_types: [I, II]\n"
    "    sources:\n      - { keys: [wavelength_nm], sure: label, source: plate }\n"
    "      - { keys: [pulse_widths_ps], sure: memory-weak, source: hearsay }\n";

static void put(const char *relative, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", home, relative);
    CHECK(fl_place_write(path, text, strlen(text), 0600, NULL) == FL_OK, "cannot write %s", path);
}

static void begin(void)
{
    char path[FL_PLACE_MAX];
    snprintf(home, sizeof home, "/tmp/fl-confirmed-XXXXXX");
    CHECK(mkdtemp(home) && setenv("FADELINE_HOME", home, 1) == 0, "a home of its own");
    snprintf(path, sizeof path, "%s/devices/confirmed", home);
    CHECK(fl_place_make(path, NULL) == FL_OK, "folders");
    put("devices/bench-9.yaml", bench);
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", home);
    CHECK(system(command) == 0, "clean up");
}

static fl_device *load(void)
{
    fl_device *device = NULL;
    fl_error error = {0};
    CHECK(fl_device_load("bench-9", &device, &error) == FL_OK, "%s", error.what);
    return device;
}

static fl_confirmation confirmation(const char *key, const char *value)
{
    return (fl_confirmation){.head = "yag-1064",
                             .key = key,
                             .value = value,
                             .person = "N. O'Field",
                             .document = "label: photo #12, 'top'",
                             .on = {2026, 5, 2},
                             .journal_entry = 41};
}

static fl_status keep(const char *key, const char *value, fl_error *error)
{
    fl_device *device = load();
    const fl_confirmation it = confirmation(key, value);
    const fl_status status = fl_device_keep_confirmation(device, &it, error);
    fl_device_free(device);
    return status;
}

static const fl_provenance *fact(const fl_device *device, fl_head_fact which)
{
    return &device->heads[0].facts[which];
}

static void a_confirmed_number_is_usable(void)
{
    begin();
    fl_device *device = load();
    fl_head_limits limits = {0};
    CHECK(fl_device_head_limits(&device->heads[0], fl_mm(4.5), &limits, NULL) == FL_OK &&
              limits.open_count == 4,
          "%zu open", limits.open_count);
    CHECK(!fl_provenance_is_usable(fact(device, FL_FACT_ENERGY_MAX)), "usable from memory");
    fl_device_free(device);

    fl_error error = {0};
    CHECK(keep("energy_max_mJ", "370.0", &error) == FL_OK, "%s", error.what);
    CHECK(keep("spots_mm", "2,3.0 , 4.5", &error) == FL_OK, "%s", error.what);
    CHECK(keep("rate_max_Hz", "7", &error) == FL_OK, "%s", error.what);
    CHECK(keep("pulse_widths_ps", "450, 750", &error) == FL_OK, "%s", error.what);
    CHECK(keep("skin_types", "I, II", &error) == FL_OK, "%s", error.what);
    device = load();
    CHECK(fl_device_head_limits(&device->heads[0], fl_mm(4.5), &limits, NULL) == FL_OK &&
              limits.open_count == 0,
          "%zu open", limits.open_count);
    CHECK(device->confirmed_stale == 0, "stale");
    CHECK_TEXT(fact(device, FL_FACT_ENERGY_MAX)->confirmed_by, "N. O'Field", "person");
    CHECK_TEXT(fact(device, FL_FACT_SPOTS)->confirmed_document, "label: photo #12, 'top'", "document");
    CHECK(fact(device, FL_FACT_RATE_MAX)->confirmed_on.day == 2, "day");
    CHECK(fact(device, FL_FACT_ENERGY_MAX)->sureness == FL_SURE_MEMORY, "what the file says stays as it was");
    fl_device_free(device);
    end();
}

/* A number that a person confirmed counts only while the file has not changed by a byte. */
/* hazards: H42 */
static void only_the_very_bytes_count(void)
{
    begin();
    CHECK(keep("energy_max_mJ", "370", NULL) == FL_OK, "kept");
    char changed[sizeof bench + 40];
    snprintf(changed, sizeof changed, "%s# one comment more\n", bench);
    put("devices/bench-9.yaml", changed);
    fl_device *device = load();
    CHECK(!fl_provenance_is_usable(fact(device, FL_FACT_ENERGY_MAX)), "honoured for other bytes");
    CHECK(device->confirmed_stale == 1, "%zu stale", device->confirmed_stale);
    fl_device_free(device);
    CHECK(keep("energy_max_mJ", "370", NULL) == FL_OK, "again, for the new version");
    device = load();
    CHECK(fl_provenance_is_usable(fact(device, FL_FACT_ENERGY_MAX)) && device->confirmed_stale == 1,
          "new version");
    fl_device_free(device);
    put("devices/bench-9.yaml", bench); /* the old version is back, and so is its confirmation */
    device = load();
    CHECK(fl_provenance_is_usable(fact(device, FL_FACT_ENERGY_MAX)) && device->confirmed_stale == 1,
          "old version");
    fl_device_free(device);
    end();
}

static void nothing_else_can_be_confirmed(void)
{
    /* clang-format off */
    static const struct { const char *what, *head, *key, *value, *person, *document; } rows[] = {
        { "another value",      "yag-1064", "energy_max_mJ",     "371",        "N", "photo" },
        { "part of a list",     "yag-1064", "spots_mm",          "2, 3",       "N", "photo" },
        { "more than the list", "yag-1064", "spots_mm",          "2, 3, 4.5, 6", "N", "photo" },
        { "no value",           "yag-1064", "energy_max_mJ",     "",           "N", "photo" },
        { "a sure number",      "yag-1064", "wavelength_nm",     "1064",       "N", "photo" },
        { "an unknown number",  "yag-1064", "fluence_max_J_cm2", "4",          "N", "photo" },
        { "no such head",       "yag-1065", "energy_max_mJ",     "370",        "N", "photo" },
        { "no such key",        "yag-1064", "energy_max_J",      "0.37",       "N", "photo" },
        { "nobody",             "yag-1064", "energy_max_mJ",     "370",        "",  "photo" },
        { "no document",        "yag-1064", "energy_max_mJ",     "370",        "N", "" },
        { "a line break",       "yag-1064", "energy_max_mJ",     "370",        "N", "a\nschema: x" },
        { "not a number",       "yag-1064", "energy_max_mJ",     "nan",        "N", "photo" },
    };
    /* clang-format on */
    begin();
    fl_device *device = load();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_confirmation it = confirmation(rows[i].key, rows[i].value);
        it.head = rows[i].head;
        it.person = rows[i].person;
        it.document = rows[i].document;
        fl_error error = {0};
        CHECK(fl_device_keep_confirmation(device, &it, &error) == FL_E_NO, "%s: kept", rows[i].what);
        CHECK(error.what[0] && error.hint[0], "%s: no reason", rows[i].what);
    }
    fl_confirmation undated = confirmation("energy_max_mJ", "370");
    undated.on = (fl_date){0};
    CHECK(fl_device_keep_confirmation(device, &undated, NULL) == FL_E_NO, "no day");
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/devices/confirmed/bench-9.yaml", home);
    CHECK(!fl_place_exists(path), "a refusal wrote a file");
    fl_device_free(device);
    end();
}

static void a_faulty_file_of_confirmations_stops_the_device(void)
{
    /* clang-format off */
    static const struct { const char *what, *text; } rows[] = {
        { "empty",            "" },
        { "cut",              "schema: confirmed/1\ndevice: bench-9\nconfirmed:\n  - head: 'yag" },
        { "another device's", "schema: confirmed/1\ndevice: bench-8\nconfirmed:\n  - { device_sha256: x, head: yag-1064, key: spots_mm, value: '2', person: N, document: d, on: 2026-05-02 }\n" },
        { "another schema",   "schema: device/1\ndevice: bench-9\n" },
    };
    /* clang-format on */
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put("devices/confirmed/bench-9.yaml", rows[i].text);
        fl_device *device = NULL;
        fl_error error = {0};
        CHECK(fl_device_load("bench-9", &device, &error) == FL_E_FILE && !device, "%s: loaded", rows[i].what);
        CHECK(error.what[0] && strstr(error.file, "confirmed/bench-9.yaml"), "%s: %s", rows[i].what,
              error.file);
    }
    end();
}

/* A hand that edits the file can only repeat what the device file says, for the right head, or be ignored. */
/* hazards: H42 */
static void an_edited_row_cannot_raise_a_limit(void)
{
    begin();
    CHECK(keep("energy_max_mJ", "370", NULL) == FL_OK, "kept");
    char path[FL_PLACE_MAX], *text;
    size_t size;
    snprintf(path, sizeof path, "%s/devices/confirmed/bench-9.yaml", home);
    CHECK(fl_place_read(path, 4096, &text, &size, NULL) == FL_OK, "read back");
    memcpy(strstr(text, "'370'"), "'970'", 5);
    put("devices/confirmed/bench-9.yaml", text);
    free(text);
    fl_device *device = load();
    CHECK_NEAR(fl_as_mJ(device->heads[0].energy_max), 370, 1e-9, "the limit");
    CHECK(!fl_provenance_is_usable(fact(device, FL_FACT_ENERGY_MAX)) && device->confirmed_stale == 1,
          "honoured");
    fl_device_free(device);
    end();
}

FL_TESTS("config/confirmed", TEST(a_confirmed_number_is_usable), TEST(only_the_very_bytes_count),
         TEST(nothing_else_can_be_confirmed), TEST(a_faulty_file_of_confirmations_stops_the_device),
         TEST(an_edited_row_cannot_raise_a_limit))
