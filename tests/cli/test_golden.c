/* labels: unit golden   timeout: 600   needs: fadeline fadeline-twin manual */
/* Runs the conversations of tests/golden (.txt) and in the README's console blocks, and every example of the
 * help, of the manual and of the README.
 *
 * A conversation is lines "$ command", the output that must follow (stdout and stderr together), and "(exit
 * N)" when N is not 0. "..." alone on a line stands for any lines; "~" inside a line for any text. Commands
 * run in a scratch folder that shows the source's devices, profiles and tests, with a fresh FADELINE_HOME. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_OUTPUT 200000

static char home[] = "/tmp/fl-golden-XXXXXX";
static int commands_run;

/* Runs through the shell; output is cut at MOST_OUTPUT. Returns the exit code. */
static int run(const char *command, char *output)
{
    char line[2048];
    snprintf(line, sizeof line,
             "cd '%s' && PATH='%s':\"$PATH\" FADELINE_HOME='%s/state' FADELINE_DATA='%s' NO_COLOR=1 timeout "
             "120 sh "
             "-c '%s' 2>&1",
             home, FL_BUILD_DIR, home, FL_SOURCE_DIR, command);
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    size_t length = fread(output, 1, MOST_OUTPUT - 1, pipe);
    output[length] = 0;
    char drain[4096];
    while (fread(drain, 1, sizeof drain, pipe) > 0) continue;
    const int how = pclose(pipe);
    commands_run++;
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

/* "~" in the pattern matches any text within the line. */
static bool line_matches(const char *pattern, const char *line)
{
    for (; *pattern; pattern++) {
        if (*pattern == '~') {
            for (const char *rest = line;; rest++) {
                if (line_matches(pattern + 1, rest)) return true;
                if (!*rest) return false;
            }
        }
        if (*pattern != *line++) return false;
    }
    return *line == 0;
}

static bool lines_match(char **wanted, int wanted_count, char **got, int got_count)
{
    if (wanted_count == 0) return got_count == 0;
    if (strcmp(wanted[0], "...") == 0) {
        for (int skip = 0; skip <= got_count; skip++)
            if (lines_match(wanted + 1, wanted_count - 1, got + skip, got_count - skip)) return true;
        return false;
    }
    return got_count > 0 && line_matches(wanted[0], got[0]) &&
           lines_match(wanted + 1, wanted_count - 1, got + 1, got_count - 1);
}

#define MOST_LINES 4000

static int split(char *text, char **lines)
{
    int count = 0;
    for (char *line; (line = strsep(&text, "\n")) && count < MOST_LINES;) lines[count++] = line;
    while (count && !*lines[count - 1]) count--;
    return count;
}

static void converse(const char *where, const char *command, char **wanted, int count)
{
    static char output[MOST_OUTPUT];
    static char *got[MOST_LINES];
    int exit_wanted = 0;
    while (count && !*wanted[count - 1]) count--;
    if (count && sscanf(wanted[count - 1], "(exit %d)", &exit_wanted) == 1) count--;
    while (count && !*wanted[count - 1]) count--;
    const int code = run(command, output);
    CHECK(code == exit_wanted, "%s: '%s' left with %d, not %d:\n%.600s", where, command, code, exit_wanted,
          output);
    const int got_count = split(output, got);
    CHECK(lines_match(wanted, count, got, got_count), "%s: '%s' printed something else (%d lines, first: %s)",
          where, command, got_count, got_count ? got[0] : "nothing");
    if (!lines_match(wanted, count, got, got_count))
        for (int i = 0; i < got_count && i < 60; i++) fprintf(stderr, "  | %s\n", got[i]);
}

/* Lines of one file; `fenced`: only those inside ```console blocks. */
static void converse_file(const char *path, bool fenced)
{
    char *bytes;
    size_t size;
    static char *lines[MOST_LINES];
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
    const int count = split(bytes, lines);
    bool inside = !fenced;
    const char *name = strrchr(path, '/') + 1;
    for (int i = 0; i < count; i++) {
        if (fenced && strncmp(lines[i], "```", 3) == 0) inside = strcmp(lines[i], "```console") == 0;
        if (!inside || strncmp(lines[i], "$ ", 2) != 0) continue;
        int end = i + 1;
        while (end < count && strncmp(lines[end], "$ ", 2) != 0 &&
               !(fenced && strncmp(lines[end], "```", 3) == 0))
            end++;
        converse(name, lines[i] + 2, lines + i + 1, end - i - 1);
        i = end - 1;
    }
    free(bytes);
}

static void make_scratch(void)
{
    static const char *const shown[] = {"devices", "profiles", "tests", "README.md"};
    CHECK(mkdtemp(home) != NULL, "a home");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        char from[512], to[128];
        snprintf(from, sizeof from, "%s/%s", FL_SOURCE_DIR, shown[i]);
        snprintf(to, sizeof to, "%s/%s", home, shown[i]);
        CHECK(symlink(from, to) == 0, "show %s", shown[i]);
    }
}

static void golden_conversations_repeat(void)
{
    make_scratch();
    DIR *folder = opendir(FL_SOURCE_DIR "/tests/golden");
    CHECK(folder != NULL, "tests/golden");
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        const size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".txt") != 0) continue;
        char path[1024];
        snprintf(path, sizeof path, "%s/tests/golden/%s", FL_SOURCE_DIR, entry->d_name);
        converse_file(path, false);
    }
    closedir(folder);
    CHECK(commands_run >= 5, "only %d commands were run", commands_run);
}

static void the_readme_tells_the_truth(void)
{
    converse_file(FL_SOURCE_DIR "/README.md", true);
}

/* Blocks that are a file, ```yaml NAME, into the scratch folder. */
static void write_files(const char *path)
{
    char *bytes, *at;
    size_t size;
    int files = 0;
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
    for (at = bytes; (at = strstr(at, "\n```yaml ")); files++) {
        char name[300];
        char *text = strchr(at + 9, '\n') + 1, *end = strstr(text, "\n```\n");
        CHECK(end != NULL, "%s: a block without an end", path);
        if (!end) break;
        snprintf(name, sizeof name, "%s/%.*s", home, (int)(text - 1 - (at + 9)), at + 9);
        CHECK(fl_place_write(name, text, (size_t)(end + 1 - text), 0644, NULL) == FL_OK, "%s", name);
        at = end;
    }
    CHECK(files == 2, "%d files", files);
    free(bytes);
}

/* devices/README.md: from a label to a recorded conversation that is replayed. */
static void a_laser_is_added_in_an_afternoon(void)
{
    const int before = commands_run;
    write_files(FL_SOURCE_DIR "/devices/README.md");
    converse_file(FL_SOURCE_DIR "/devices/README.md", true);
    CHECK(commands_run - before >= 8, "only %d commands", commands_run - before);
}

/* What an example calls a laser or a meter is nobody's here: a path where nothing is, so that no machine's
 * own port is opened. What serves until it is stopped gets three seconds; what a person at a terminal would
 * give is given: a PIN, a file of orders. */
static void make_safe(const char *example, char *line, size_t size)
{
    static const char *const ports[] = {"/dev/tty", "/tmp/laser"};
    const bool serves =
        fl_text_begins(example, "fadeline console") || fl_text_begins(example, "fadeline-twin");
    const bool asks = fl_text_begins(example, "fadeline run") && !strstr(example, "--script") &&
                      (strstr(example, "--port") || strstr(example, "--usb"));
    fl_text text = fl_text_in(line, size);
    if (serves) fl_text_add(&text, "timeout 3 ");
    if (fl_text_begins(example, "fadeline people add")) fl_text_add(&text, "echo 493027 | ");
    while (*example) {
        size_t i = 0;
        while (i < 2 && !fl_text_begins(example, ports[i])) i++;
        fl_text_add(&text, "%.*s", i < 2 ? 7 : 1, i < 2 ? "no-port" : example);
        example += i < 2 ? strlen(ports[i]) : 1;
    }
    if (asks) fl_text_add(&text, " --script orders.txt");
}

/* It is understood and does what it says, or says why it cannot here: never a usage error, never our bug. */
static void example_runs(const char *where, const char *example)
{
    static char output[MOST_OUTPUT];
    char line[600];
    make_safe(example, line, sizeof line);
    const int code = run(line, output);
    CHECK(code != 2 && code != 70 && code < 126, "%s: '%s' left with %d:\n%.200s", where, line, code, output);
}

/* Lines of the README that are shown and not conversed: indented, a comment behind them. */
static void lines_of_the_readme_run(void)
{
    static char *lines[MOST_LINES];
    char *bytes;
    size_t size;
    int tried = 0;
    CHECK(fl_place_read(FL_SOURCE_DIR "/README.md", 1 << 20, &bytes, &size, NULL) == FL_OK, "README.md");
    const int count = split(bytes, lines);
    for (int i = 0; i < count; i++) {
        if (!fl_text_begins(lines[i], "    fadeline")) continue;
        char *comment = strstr(lines[i], "  #");
        if (comment) *comment = 0;
        example_runs("README.md", lines[i] + 4);
        tried++;
    }
    CHECK(tried >= 4, "only %d lines of the README were tried", tried);
    free(bytes);
}

/* Every "  fadeline ..." line of every help text. */
static void examples_of_the_help_run(void)
{
    static char names[MOST_OUTPUT], help[MOST_OUTPUT];
    static char *words[MOST_LINES], *lines[MOST_LINES];
    CHECK(run("fadeline help", names) == 0, "help");
    const int count = split(names, words);
    int tried = 0, i = 0;
    while (i < count && strcmp(words[i], "commands:") != 0) i++;
    for (i++; i < count && *words[i]; i++) {
        char name[32], command[64];
        CHECK(sscanf(words[i], "  %31[a-z-]", name) == 1, "a command's line: '%s'", words[i]);
        snprintf(command, sizeof command, "fadeline help %s", name);
        CHECK(run(command, help) == 0, "%s", command);
        const int help_lines = split(help, lines);
        for (int j = 0; j < help_lines; j++) {
            if (strncmp(lines[j], "  fadeline ", 11) != 0) continue;
            char example[500] = "";
            size_t used = 0;
            do { /* a line that ends in a backslash goes on below */
                const size_t size = strlen(lines[j]), left = sizeof example - used;
                const bool more = size && lines[j][size - 1] == '\\';
                used +=
                    (size_t)snprintf(example + used, left, "%.*s", (int)(more ? size - 1 : size), lines[j]);
                if (!more) break;
            } while (++j < help_lines && used < sizeof example);
            example_runs(name, example + 2);
            tried++;
        }
    }
    CHECK(tried >= 80, "only %d examples were tried", tried);
}

/* The letters of a line of a page that roff wrote with an escape. */
static void read_roff(const char *line, char *room, size_t size)
{
    static const struct {
        const char *written, *letter;
    } escapes[] = {{"\\&", ""},    {"\\-", "-"},   {"\\e", "\\"},  {"\\(aq", "'"},
                   {"\\(ga", "`"}, {"\\(ha", "^"}, {"\\(ti", "~"}, {"\\(dq", "\""}};
    fl_text text = fl_text_in(room, size);
    while (*line) {
        size_t i = 0;
        const size_t count = sizeof escapes / sizeof *escapes;
        while (i < count && !fl_text_begins(line, escapes[i].written)) i++;
        fl_text_add(&text, "%.*s", i < count ? 5 : 1, i < count ? escapes[i].letter : line);
        line += i < count ? strlen(escapes[i].written) : 1;
    }
}

/* Examples of fadeline(1) and of the pages that are no command's; those of a command are its help's. */
static void examples_of_the_manual_run(void)
{
    static const char *const pages[] = {"fadeline.1", "fadeline-case.5", "fadeline-device.5",
                                        "fadeline-profile.5", "fadeline-link.7"};
    static char *lines[MOST_LINES];
    int tried = 0;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char path[1024], *bytes;
        size_t size;
        snprintf(path, sizeof path, "%s/man/%s", FL_BUILD_DIR, pages[i]);
        CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
        const int count = split(bytes, lines);
        bool inside = false;
        for (int j = 0; j < count; j++) {
            char example[500];
            if (lines[j][0] == '.')
                inside = strcmp(lines[j], ".EX") == 0 || (inside && strcmp(lines[j], ".EE") != 0);
            read_roff(lines[j], example, sizeof example);
            if (!inside || !fl_text_begins(example, "fadeline ")) continue;
            example_runs(pages[i], example);
            tried++;
        }
        free(bytes);
    }
    CHECK(tried >= 4, "only %d examples of the manual were tried", tried);
}

static void the_scratch_goes(void)
{
    char clean[128];
    snprintf(clean, sizeof clean, "rm -rf %s", home);
    CHECK(system(clean) == 0, "clean up");
}

FL_TESTS("cli/golden", TEST(golden_conversations_repeat), TEST(the_readme_tells_the_truth),
         TEST(lines_of_the_readme_run), TEST(a_laser_is_added_in_an_afternoon),
         TEST(examples_of_the_help_run), TEST(examples_of_the_manual_run), TEST(the_scratch_goes))
