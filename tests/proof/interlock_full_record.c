#include "interlock_full_record.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RECORD FL_TEST_DIR "/proven.txt"

/* reason.h is left out: step.h takes one integer type from it, and its texts may be reworded freely. */
static const char *const sources[] = {
    "src/interlock/step.c",
    "src/interlock/monitor.c",
    "src/interlock/inputs.c",
    "include/fadeline/interlock/inputs.h",
    "include/fadeline/interlock/step.h",
    "include/fadeline/interlock/monitor.h",
    "tests/proof/enumerate.h",
    "tests/proof/test_interlock_full.c",
};
#define COUNT (sizeof sources / sizeof *sources)

static fl_piece read_source(const char *name)
{
    char path[1024], *bytes = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%s", FL_SOURCE_DIR, name);
    if (fl_place_read(path, 1 << 20, &bytes, &size, NULL) != FL_OK) {
        fprintf(stderr, "%s: cannot be read\n", path);
        abort();
    }
    return (fl_piece){bytes, size};
}

/* Name, length and bytes of each, so that no byte can move from one file to the next unseen. */
void record_of_sources(char hex[65])
{
    fl_piece pieces[2 * COUNT];
    char heads[COUNT][128];
    for (size_t i = 0; i < COUNT; i++) {
        pieces[2 * i + 1] = read_source(sources[i]);
        const int n = snprintf(heads[i], sizeof heads[i], "%s %zu\n", sources[i], pieces[2 * i + 1].size);
        pieces[2 * i] = (fl_piece){heads[i], (size_t)n};
    }
    uint8_t digest[FL_SHA256_SIZE];
    fl_sha256_pieces(pieces, 2 * COUNT, digest);
    for (int i = 0; i < FL_SHA256_SIZE; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    for (size_t i = 0; i < COUNT; i++) free((void *)(uintptr_t)pieces[2 * i + 1].bytes);
}

static int record_lines(char *text, size_t room, const char *hex, uint64_t pairs, uint64_t permits,
                        uint64_t tokens)
{
    return snprintf(text, room, "sha256 %s\npairs %llu\nviolations 0\npermits %llu\ntokens %llu\n", hex,
                    (unsigned long long)pairs, (unsigned long long)permits, (unsigned long long)tokens);
}

bool record_says(const char *hex, uint64_t pairs, uint64_t permits, uint64_t tokens)
{
    char *bytes = NULL, want[512];
    size_t size = 0;
    if (fl_place_read(RECORD, 1 << 16, &bytes, &size, NULL) != FL_OK) return false;
    const int n = record_lines(want, sizeof want, hex, pairs, permits, tokens);
    const bool says = n > 0 && size >= (size_t)n && memcmp(bytes, want, (size_t)n) == 0;
    free(bytes);
    return says;
}

bool record_write(const char *hex, uint64_t pairs, uint64_t permits, uint64_t tokens,
                  double processor_seconds)
{
    char text[512], day[32];
    const int n = record_lines(text, sizeof text, hex, pairs, permits, tokens);
    const time_t now = time(NULL);
    struct tm parts;
    strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&now, &parts));
    FILE *file = fopen(RECORD, "w");
    if (!file || n <= 0) return false;
    fprintf(file, "%son %s\nprocessor seconds %.0f\ncompiler gcc %s\n", text, day, processor_seconds,
            __VERSION__);
    return fclose(file) == 0;
}

static bool listed(const char *header)
{
    if (strcmp(header, "fadeline/interlock/reason.h") == 0) return true;
    for (size_t i = 0; i < COUNT; i++)
        if (strncmp(sources[i], "include/", 8) == 0 && strcmp(sources[i] + 8, header) == 0) return true;
    return false;
}

const char *record_is_incomplete(void)
{
    static char header[128];
    for (size_t i = 0; i < COUNT; i++) {
        if (strncmp(sources[i], "tests/", 6) == 0) continue;
        const fl_piece piece = read_source(sources[i]);
        const char *at = piece.bytes;
        bool all = true;
        while (all && (at = strstr(at, "#include \"")) && sscanf(at, "#include \"%127[^\"]", header) == 1) {
            all = listed(header);
            at++;
        }
        free((void *)(uintptr_t)piece.bytes);
        if (!all) return header;
    }
    return NULL;
}
