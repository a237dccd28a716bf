/* labels: unit   timeout: 120   needs: fadeline */
/* Every code that the sources and the shipped rules can print is one that `fadeline explain` knows, with
 * where it comes from. In the sources a code is any "words-with-hyphens" in one of the calls that say one, or
 * the first text of the call, hyphen or not; in the rules it stands behind `code:`, or is the id of a
 * question or a feature. */
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

static const char *const calls[] = {"fl_plan_say(",
                                    "fl_error_code(",
                                    " say(s, ",
                                    "fl_faces_answer(",
                                    "conduct_event(",
                                    "no(c, ",
                                    "say_event(k, ",
                                    "refuse(error, ",
                                    " why(",
                                    " bar(",
                                    "manual_no(m, error, ",
                                    "manual_say(m, "};

static bool is_code(const char *text, size_t length, bool first)
{
    bool hyphen = false;
    if (length < 3 || length > 47 || !islower((unsigned char)text[0])) return false;
    for (size_t i = 0; i < length; i++) {
        if (!islower((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) && text[i] != '-')
            return false;
        hyphen |= text[i] == '-';
    }
    return hyphen || first;
}

static void take(const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(codes[i]) == length && strncmp(codes[i], text, length) == 0) return;
    CHECK(count < CODES_MOST, "more than %d codes", CODES_MOST);
    if (count < CODES_MOST) snprintf(codes[count++], sizeof *codes, "%.*s", (int)length, text);
}

/* The strings between a call and the end of its statement. Other calls begin with a word that is no code. */
static void take_from_call(const char *at)
{
    const char *end = strchr(at, ';');
    for (bool first = strncmp(at, "fl_plan_say(", 12) == 0 || strncmp(at, " why(", 5) == 0 ||
                      strncmp(at, " bar(", 5) == 0;
         end && (at = strchr(at, '"')) && at < end; first = false) {
        const char *close = strchr(at + 1, '"');
        if (!close || close > end) return;
        const size_t length = (size_t)(close - at - 1);
        if (is_code(at + 1, length, first)) take(at + 1, length);
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

static void read_rules(const char *path)
{
    char *text;
    size_t size;
    bool ids = false; /* inside a list whose ids are codes */
    if (fl_place_read(path, 1 << 20, &text, &size, NULL) != FL_OK) {
        CHECK(false, "%s", path);
        return;
    }
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        if (line[0] && line[0] != ' ' && line[0] != '#')
            ids = strncmp(line, "screening:", 10) == 0 || strncmp(line, "features:", 9) == 0;
        char *word = strstr(line, "code: ");
        if (word)
            word += 6;
        else if (ids && (word = strstr(line, "- id: ")))
            word += 6;
        if (word) take(word, strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-"));
    }
    free(text);
}

/* Exit code; *sourced: a line says where it comes from. */
static int explain(const char *code, bool *sourced)
{
    char command[400], line[600];
    *sourced = false;
    snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline explain %.63s 2>/dev/null", code);
    FILE *out = popen(command, "r");
    if (!out) return 128;
    while (fgets(line, sizeof line, out)) *sourced |= strncmp(line, "  from:  ", 9) == 0 && strlen(line) > 14;
    const int how = pclose(out);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static void check_all(const char *where)
{
    for (size_t i = 0; i < count; i++) {
        bool sourced;
        CHECK(explain(codes[i], &sourced) == 0, "'%.63s': %s", codes[i], where);
        CHECK(sourced, "'%.63s' does not say where it comes from", codes[i]);
    }
}

static void every_code_of_the_sources_is_explained(void)
{
    count = 0;
    read_folder(FL_SOURCE_DIR "/src");
    CHECK(count >= 100, "only %zu codes in the sources: does the search still work?", count);
    check_all("add a row to src/cli/explain_texts.h");
    printf("\n  %zu codes in the sources\n  ", count);
}

static void every_code_of_the_rules_is_explained(void)
{
    count = 0;
    setenv("FADELINE_HOME", FL_BUILD_DIR "/tests/no-home", 1);
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
    read_rules(FL_SOURCE_DIR "/profiles/clinic.yaml");
    read_rules(FL_SOURCE_DIR "/profiles/procedures.yaml");
    CHECK(count >= 70, "only %zu codes in the rules: does the search still work?", count);
    check_all("the rule's own text is not found");
    printf("\n  %zu codes in the rules\n  ", count);
}

static void every_code_that_is_listed_is_explained(void)
{
    char line[100];
    count = 0;
    FILE *out = popen(FL_BUILD_DIR "/fadeline explain", "r");
    while (out && fgets(line, sizeof line, out)) take(line, strcspn(line, "\n"));
    CHECK(out && pclose(out) == 0 && count > 150, "%zu codes", count);
    check_all("listed and not explained");
}

static void an_unknown_code_is_a_usage_error(void)
{
    bool sourced;
    CHECK(explain("no-such-code-at-all", &sourced) == 2, "explained");
    CHECK(explain("Door-Open", &sourced) == 2, "codes are lower case");
}

FL_TESTS("cli/explain", TEST(every_code_of_the_sources_is_explained),
         TEST(every_code_of_the_rules_is_explained), TEST(every_code_that_is_listed_is_explained),
         TEST(an_unknown_code_is_a_usage_error))
