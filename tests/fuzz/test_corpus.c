/* labels: fuzz   timeout: 120 */
/* Every input the fuzzers kept, and every one that ever broke something (found/<target>/), through the same
 * targets. Then each target is spoiled in each way it knows, and the kept inputs must tell. */
#include "check.h"
#include "fuzz.h"

#include "fadeline/base/place.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>

int fuzz_bad;

static const fuzz_target *const targets[] = {&fuzz_frame, &fuzz_device, &fuzz_adapter,
                                             &fuzz_faces, &fuzz_plan,   &fuzz_form};
#define TARGETS (sizeof targets / sizeof *targets)
#define LARGEST 16384

static char said[500];
static jmp_buf out;

void fuzz_broken(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = snprintf(said, sizeof said, "%s:%d: ", file, line);
    vsnprintf(said + length, sizeof said - (size_t)length, format, arguments);
    va_end(arguments);
    longjmp(out, 1);
}

/* False: a property did not hold, and `said` tells which. */
static bool holds(const fuzz_target *target, const char *bytes, size_t size)
{
    if (setjmp(out)) return false;
    target->run((const uint8_t *)bytes, size);
    return true;
}

/* Runs the files of one folder until one breaks a property; how many there were, or -1. */
static int replay(const fuzz_target *target, const char *kind, bool quiet)
{
    static char folder[300], path[700];
    snprintf(folder, sizeof folder, "%s/%s/%s", FL_TEST_DIR, kind, target->name);
    DIR *directory = opendir(folder);
    if (!directory) return 0;
    int count = 0;
    for (const struct dirent *entry; count >= 0 && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        static char *bytes;
        size_t size = 0;
        free(bytes);
        bytes = NULL;
        CHECK(fl_place_read(path, LARGEST, &bytes, &size, NULL) == FL_OK, "%s cannot be read", entry->d_name);
        count++;
        if (holds(target, bytes, size)) continue;
        count = -1;
        if (!quiet) CHECK(false, "%s/%s: %.400s", target->name, entry->d_name, said);
    }
    closedir(directory);
    return count;
}

/* Every kept input of the fuzzers keeps what its target promises. */
/* hazards: H20 H33 H42 H46 */
static void kept_inputs_hold(void)
{
    fuzz_bad = 0;
    for (size_t i = 0; i < TARGETS; i++) {
        const int kept = replay(targets[i], "corpus", false);
        CHECK(kept >= 20, "%s: only %d kept inputs", targets[i]->name, kept);
    }
}

static void what_was_found_stays_mended(void)
{
    fuzz_bad = 0;
    for (size_t i = 0; i < TARGETS; i++) replay(targets[i], "found", false);
}

static void every_spoiled_variant_is_told(void)
{
    for (size_t i = 0; i < TARGETS; i++)
        for (fuzz_bad = 1; fuzz_bad <= targets[i]->bad; fuzz_bad++)
            CHECK(replay(targets[i], "corpus", true) < 0, "%s: nobody noticed that %s", targets[i]->name,
                  targets[i]->bad_words[fuzz_bad - 1]);
    fuzz_bad = 0;
}

FL_TESTS("fuzz/corpus", TEST(kept_inputs_hold), TEST(what_was_found_stays_mended),
         TEST(every_spoiled_variant_is_told))
