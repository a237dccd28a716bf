/* labels: unit   needs: fadeline */
/* What a person reads fits into 100 columns: help, the usage lines of errors, lists, entries of a journal. */
#include "check.h"

#include "wrap.c"

#include <stdarg.h>
#include <unistd.h>

static char home[] = "/tmp/fl-width-XXXXXX";
static char said[200000];

static void ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void ask(const char *format, ...)
{
    char arguments[300], command[900];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    snprintf(command, sizeof command, "FADELINE_HOME=%s FADELINE_DATA=%s timeout 60 %s/fadeline %s 2>&1",
             home, FL_SOURCE_DIR, FL_BUILD_DIR, arguments);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    said[fread(said, 1, sizeof said - 1, pipe)] = 0;
    pclose(pipe);
    CHECK(said[0], "%s: says nothing", arguments);
    for (char *rest = said, *line; (line = strsep(&rest, "\n"));)
        CHECK(letters(line, strlen(line)) <= WIDTH, "%s: %d columns: %.200s", arguments,
              letters(line, strlen(line)), line);
}

static void help_usage_and_lists_fit(void)
{
    char names[60][24], *copy;
    int count = 0;
    CHECK(mkdtemp(home) != NULL, "home");
    snprintf(said, sizeof said, "%s", "");
    FILE *pipe = popen(FL_BUILD_DIR "/fadeline help", "r");
    if (!pipe) abort();
    said[fread(said, 1, sizeof said - 1, pipe)] = 0;
    pclose(pipe);
    copy = strdup(strstr(said, "commands:\n"));
    for (char *rest = copy, *line; (line = strsep(&rest, "\n")) && count < 60;)
        if (sscanf(line, "  %23[a-z-] ", names[count]) == 1 && strcmp(names[count], "fadeline") != 0) count++;
    free(copy);
    CHECK(count > 20, "%d commands", count);
    ask("help");
    for (int i = 0; i < count; i++) ask("help %s", names[i]), ask("%s --no-such-option", names[i]);
    ask("devices list");
    char clean[60];
    snprintf(clean, sizeof clean, "rm -r %s", home);
    CHECK(system(clean) == 0, "cleaned");
}

static void words_and_what_is_longer_than_a_line(void)
{
    char *text = NULL, hash[301], line[700];
    size_t size, seen = 0;
    memset(hash, 'a', 300), hash[300] = 0;
    for (int accents = 0; accents < 2; accents++) {
        snprintf(line, sizeof line, "%s %s the end",
                 accents ? "é è ê ë à â ü ö ô î ï ç é è ê ë à â ü ö ô î ï ç é è ê ë à â ü ö ô î" : "one two",
                 hash);
        FILE *memory = open_memstream(&text, &size);
        if (!memory) abort();
        wrap(memory, line, 90, 11);
        fclose(memory);
        for (char *rest = text, *row; (row = strsep(&rest, "\n")) && *row; seen++)
            CHECK(letters(row, strlen(row)) <= (seen ? WIDTH : WIDTH - 90) &&
                      (!seen || strncmp(row, "           ", 11) == 0),
                  "row %zu: '%s'", seen, row);
        free(text);
        seen = 0;
    }
    CHECK(fitting("é日x", 6, 2) == 5 && fitting("é日x", 6, 9) == 6, "no letter is halved");
}

FL_TESTS("cli/width", TEST(help_usage_and_lists_fit), TEST(words_and_what_is_longer_than_a_line))
