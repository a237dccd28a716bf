/* labels: slow fault   timeout: 7200   needs: fadeline-control fadeline-twin */
/* The plug is pulled at a thousand random instants of real sessions: the cable alone, or the laser with it,
 * which loses what it had not kept. Afterwards the journal verifies, each grant has one end, the laser's
 * memory counts what the journal counts, and no device file has changed. Lasers that speak a dialect:
 * tests/twin/test_unplug.c.
 *
 * FL_INSTANTS, FL_LANES and FL_SEED as in test_ten_thousand.c.
 */
#include "check.h"

#include "helper_disturb.h"

#include <dirent.h>

static unsigned long from_environment(const char *name, unsigned long usual)
{
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : usual;
}

/* FNV-1a over the names and bytes of all device files, whatever their order. */
static uint64_t device_files(unsigned *count)
{
    uint64_t sum = 0;
    DIR *folder = opendir(FL_SOURCE_DIR "/devices");
    *count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char path[sizeof FL_SOURCE_DIR + 300];
        snprintf(path, sizeof path, "%s/devices/%s", FL_SOURCE_DIR, entry->d_name);
        FILE *file = strstr(entry->d_name, ".yaml") ? fopen(path, "r") : NULL;
        if (!file) continue;
        uint64_t hash = 0xcbf29ce484222325u;
        for (const char *at = entry->d_name; *at; at++) hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
        for (int c; (c = getc(file)) != EOF;) hash = (hash ^ (uint8_t)c) * 0x100000001b3u;
        fclose(file);
        sum += hash;
        ++*count;
    }
    if (folder) closedir(folder);
    return sum;
}

/* hazards: H18 H19 H26 */
static void everything_is_accounted_for(void)
{
    static disturb_result result;
    unsigned files, files_after;
    const uint64_t before = device_files(&files);
    const disturb_options options = {.lanes = (unsigned)from_environment("FL_LANES", 20),
                                     .instants = (unsigned)from_environment("FL_INSTANTS", 1000),
                                     .seed = from_environment("FL_SEED", 1000),
                                     .even = true,
                                     .only = "cable pulled, laser lost",
                                     .progress = true};
    disturb_run(&options, &result);
    disturb_print(&result);
    CHECK(!result.fault[0], "%s", result.fault);
    CHECK(result.sum.instants == options.instants, "only %u instants", result.sum.instants);
    CHECK(result.sum.over == 0 && result.sum.broken == 0, "%u with more than one pulse, %u promises broken",
          result.sum.over, result.sum.broken);
    CHECK(result.sum.silent == 0, "%u times control stood down and said nothing", result.sum.silent);
    CHECK(result.sum.firing * 4 > result.sum.instants, "only %u instants while firing", result.sum.firing);
    const uint64_t after = device_files(&files_after);
    CHECK(files > 3 && files == files_after && before == after, "a device file has changed");
}

FL_TESTS("disturb/unplug", TEST(everything_is_accounted_for))
