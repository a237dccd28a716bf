/* labels: fuzz   timeout: 300 */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

/* Valid files, mutated from a stated seed; under the sanitizers of the default build this looks for crashes,
 * overruns and for an accepted file that breaks a promise. A finding is repeated by its number alone. */
#define RUNS 100000u
#define SEED 755u
#define ROOM 8192u

static const char *const seeds[] = {FL_TEST_DIR "/good/bench-7.yaml", FL_TEST_DIR "/good/bench-7-crlf.yaml",
                                    FL_TEST_DIR "/good/bench-full.yaml",
                                    FL_SOURCE_DIR "/devices/example-pico.yaml"};
#define SEEDS (sizeof seeds / sizeof *seeds)

/* What people and editors do to files, and what the syntax is made of. */
static const char *const pieces[] = {
    ",",
    ".",
    ":",
    ": ",
    "-",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    " ",
    "#",
    "&a ",
    "*a",
    "!!",
    "!t ",
    "<<: ",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "|",
    ">",
    "? ",
    "---\n",
    "...\n",
    "%",
    "~",
    "null",
    "yes",
    ".nan",
    "inf",
    "0x1",
    "1e9",
    "-1",
    "99999999",
    "0",
    "unknown",
    "\\",
    "\r",
    "\xff",
    "\xc3\xa9",
    "\xe2\x80\xae",
    "\xef\xbb\xbf",
    "\x01",
    "heads:\n",
    "sources:\n",
    "schema: device/1\n",
};
#define PIECES (sizeof pieces / sizeof *pieces)

static size_t below(fl_random *random, size_t most)
{
    return most ? (size_t)(fl_random_u64(random) % most) : 0;
}

static void splice(char *text, size_t *size, size_t at, size_t removed, const char *piece, size_t length)
{
    if (*size - removed + length > ROOM) return;
    memmove(text + at + length, text + at + removed, *size - at - removed);
    memcpy(text + at, piece, length);
    *size = *size - removed + length;
}

static void mutate(fl_random *random, char *text, size_t *size)
{
    const size_t at = below(random, *size + 1);
    const char *piece = pieces[below(random, PIECES)];
    char copy[256];
    size_t length = below(random, sizeof copy);
    switch (below(random, 7)) {
    case 0: splice(text, size, at, 0, piece, strlen(piece)); break;
    case 1: splice(text, size, at, at < *size ? 1 : 0, piece, strlen(piece)); break;
    case 2: splice(text, size, at, below(random, *size - at + 1) % 40, "", 0); break;
    case 3: *size = at; break; /* cut off */
    case 4:                    /* a stretch of the file, somewhere else */
        if (length > *size) length = *size;
        memcpy(copy, text + below(random, *size - length + 1), length);
        splice(text, size, at, 0, copy, length);
        break;
    case 5:
        if (at < *size) text[at] = (char)(text[at] ^ 1 << below(random, 8));
        break;
    default: splice(text, size, at, 0, "\0", 1); break;
    }
}

/* What an accepted device may never be, whatever was done to the file. */
static bool keeps_promises(const fl_device *device)
{
    if (!device->id || !device->maker || !device->heads_count || device->heads_count > 8) return false;
    for (size_t i = 0; i < device->heads_count; i++) {
        const fl_device_head *head = &device->heads[i];
        const double nm = fl_as_nm(head->wavelength), mJ = fl_as_mJ(head->energy_max);
        if (!(nm >= 399.999 && nm <= 1400.001)) return false;
        if (!isnan(mJ) && !(mJ > 0.09 && mJ < 5001)) return false;
        for (fl_head_fact fact = 0; fact < FL_HEAD_FACTS; fact++)
            if (!head->facts[fact].source || head->facts[fact].sureness == FL_SURE_UNSAID) return false;
        for (size_t s = 0; s < head->spots_count; s++) {
            fl_head_limits limits;
            if (s && !(head->spots[s].m > head->spots[s - 1].m)) return false;
            if (fl_device_head_limits(head, head->spots[s], &limits, NULL) != FL_OK) continue;
            if (!(limits.energy_max.J > 0 && limits.energy_max.J <= head->energy_max.J)) return false;
        }
    }
    return true;
}

/* Good files with bytes changed, lost and doubled. */
/* hazards: H42 */
static void mutated_files_crash_nothing(void)
{
    static char original[SEEDS][ROOM], text[ROOM];
    size_t sizes[SEEDS] = {0};
    for (size_t i = 0; i < SEEDS; i++) {
        char *bytes;
        CHECK(fl_place_read(seeds[i], ROOM, &bytes, &sizes[i], NULL) == FL_OK, "no seed %s", seeds[i]);
        if (!sizes[i]) return;
        memcpy(original[i], bytes, sizes[i]);
        free(bytes);
    }
    const fl_yaml_schema *const schema = &fl_device_schema;
    size_t accepted = 0, silent = 0, broken = 0;
    fl_faults *faults = fl_faults_new();
    for (unsigned run = 0; run < RUNS; run++) {
        fl_random random;
        fl_random_init(&random, SEED, run);
        size_t size = sizes[run % SEEDS];
        memcpy(text, original[run % SEEDS], size);
        for (size_t n = 1 + below(&random, 4); n; n--) mutate(&random, text, &size);
        fl_yaml *file = NULL;
        faults->count = faults->more = 0;
        const fl_status status = fl_yaml_read("mutant.yaml", text, size, &schema, 1, faults, &file);
        if (status == FL_OK) {
            accepted++;
            if (faults->count || !keeps_promises(fl_yaml_root(file))) {
                broken++;
                fprintf(stderr, "run %u: accepted and broken\n", run);
            }
            fl_yaml_free(file);
        } else if (!faults->count) {
            silent++;
        }
    }
    fl_faults_free(faults);
    printf("(%zu of %u mutants are still good files) ", accepted, RUNS);
    CHECK(!broken, "%zu accepted files break a promise", broken);
    CHECK(!silent, "%zu files refused without a reason", silent);
    /* Comments and notes can be mutated freely, and most mutants must not pass: both show that the attack
     * works. */
    CHECK(accepted > RUNS / 1000 && accepted < RUNS / 2, "%zu accepted", accepted);
}

/* Files of any bytes at all. */
/* hazards: H42 */
static void random_bytes_crash_nothing(void)
{
    static char text[ROOM];
    const fl_yaml_schema *const schema = &fl_device_schema;
    fl_faults *faults = fl_faults_new();
    for (unsigned run = 0; run < RUNS / 10; run++) {
        fl_random random;
        fl_random_init(&random, SEED + 1, run);
        size_t size = 0;
        for (size_t n = below(&random, 60); n; n--) {
            const char *piece = pieces[below(&random, PIECES)];
            splice(text, &size, size, 0, piece, strlen(piece));
        }
        fl_yaml *file = NULL;
        faults->count = faults->more = 0;
        CHECK(fl_yaml_read("noise.yaml", text, size, &schema, 1, faults, &file) == FL_E_FILE && faults->count,
              "run %u: accepted", run);
    }
    fl_faults_free(faults);
}

FL_TESTS("config/fuzz", TEST(mutated_files_crash_nothing), TEST(random_bytes_crash_nothing))
