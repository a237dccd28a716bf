/* labels: unit   timeout: 120   needs: fadeline */
/* Every code that the sources can print is one that `fadeline explain` knows. A code is the first
 * "words-with-hyphens" after one of the calls that say one. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <sys/wait.h>

#define CODES_MOST 400

static char codes[CODES_MOST][64];
static size_t count;

static const char *const calls[] = {"fl_plan_say(", "fl_error_code(", " say(s, ", "fl_faces_answer(",
                                    "conduct_event(", "no(c, ", "refuse(error, "};

static bool is_code(const char *text, size_t length)
{
    bool hyphen = false;
    if (length < 3 || length > 47 || !islower((unsigned char)text[0])) return false;
    for (size_t i = 0; i < length; i++) {
        if (!islower((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) && text[i] != '-')
            return false;
        hyphen |= text[i] == '-';
    }
    return hyphen;
}

static void take(const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(codes[i]) == length && strncmp(codes[i], text, length) == 0) return;
    CHECK(count < CODES_MOST, "more than %d codes", CODES_MOST);
    if (count < CODES_MOST) snprintf(codes[count++], sizeof *codes, "%.*s", (int)length, text);
}

/* The strings between a call and the end of its statement. */
static void take_from_call(const char *at)
{
    const char *end = strchr(at, ';');
    while (end && (at = strchr(at, '"')) && at < end) {
        const char *close = strchr(at + 1, '"');
        if (!close || close > end) return;
        if (is_code(at + 1, (size_t)(close - at - 1))) {
            take(at + 1, (size_t)(close - at - 1));
            return;
        }
        at = close + 1;
    }
}

static void read_source(const char *path)
{
    char *text;
    size_t size;
    if (fl_place_read(path, 1 << 20, &text, &size, NULL) != FL_OK) return;
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++)
        for (const char *at = text; (at = strstr(at, calls[c])); at += strlen(calls[c])) take_from_call(at);
    free(text);
}

static void read_folder(const char *folder)
{
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char path[600];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%.300s/%.250s", folder, entry->d_name);
        if (strstr(entry->d_name, ".c"))
            read_source(path);
        else if (!strchr(entry->d_name, '.'))
            read_folder(path);
    }
    if (directory) closedir(directory);
}

static int explain(const char *code)
{
    char command[400];
    snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline explain %.63s >/dev/null 2>&1", code);
    const int how = system(command);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static void every_code_is_explained(void)
{
    read_folder(FL_SOURCE_DIR "/src");
    CHECK(count >= 10, "only %zu codes in the sources: does the search still work?", count);
    for (size_t i = 0; i < count; i++)
        CHECK(explain(codes[i]) == 0, "'%.63s': add a row to src/cli/explain_texts.h", codes[i]);
}

static void an_unknown_code_is_a_usage_error(void)
{
    CHECK(explain("no-such-code-at-all") == 2, "explained");
    CHECK(explain("Door-Open") == 2, "codes are lower case");
}

FL_TESTS("cli/explain", TEST(every_code_is_explained), TEST(an_unknown_code_is_a_usage_error))
