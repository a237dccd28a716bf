/* labels: unit golden   timeout: 240   needs: fadeline fadeline-control fadeline-twin fadeline-manual manual
 */
/* The manual: nothing of the command table is missing in it, groff has nothing to say about it, it is the
 * same bytes each time, and no text becomes a request. */
#include "check.h"
#include "helper_shell.h"

#include "fadeline/base/place.h"
#include "prose.h"
#include "roff.h"

#include <dirent.h>
#include <stdbool.h>
#include <unistd.h>

/* Each page of build/man. */
static int each_page(void (*look)(const char *path, const char *name))
{
    DIR *folder = opendir(FL_BUILD_DIR "/man");
    int count = 0;
    CHECK(folder != NULL, "build/man");
    if (!folder) return 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[1024];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/man/%s", FL_BUILD_DIR, entry->d_name);
        look(path, entry->d_name);
        count++;
    }
    closedir(folder);
    return count;
}

#define GROFF "groff -ww -k -t -man -Tutf8 -rLL=100n"

static void is_quiet(const char *path, const char *name)
{
    CHECK(shell(GROFF " '%s' >/dev/null", path) == 0 && !shell_said[0], "%s: groff says: %.300s", name,
          shell_said);
    CHECK(shell("man --warnings -l -Tutf8 '%s' >/dev/null", path) == 0 && !shell_said[0],
          "%s: man says: %.300s", name, shell_said);
}

static void groff_is_quiet(void)
{
    CHECK(each_page(is_quiet) >= 28, "a page a command");
    /* The check can see something. */
    shell("printf '.TH A 1\\n.SH NAME\\na \\\\- b\\n.nosuch\\n' | " GROFF " >/dev/null");
    CHECK(shell_said[0], "an unknown request passed");
}

static size_t copy_page(const char *name, char *room, size_t size)
{
    CHECK(shell(GROFF " -P-c -P-b -P-u '%s/man/%s' | tr -s ' \\n' ' '", FL_BUILD_DIR, name) == 0, "%s", name);
    return (size_t)snprintf(room, size, "%s", shell_said);
}

/* What `fadeline help` says stands on the pages: every command, every option, every example. */
static void nothing_is_missing(void)
{
    static char names[SHELL_MOST], help[SHELL_MOST], page[SHELL_MOST], overview[SHELL_MOST];
    copy_page("fadeline.1", overview, sizeof overview);
    CHECK(shell("fadeline help | sed -n '/^commands:/,/^$/s/^  \\([a-z-]*\\) .*/\\1/p'") == 0, "help");
    snprintf(names, sizeof names, "%s", shell_said);
    int commands = 0, options = 0, examples = 0;
    for (char *name = strtok(names, "\n"); name; name = strtok(NULL, "\n"), commands++) {
        char file[100], wanted[300];
        snprintf(wanted, sizeof wanted, "fadeline-%s(1)", name);
        CHECK(strstr(overview, wanted) != NULL, "fadeline(1) does not name %s", wanted);
        CHECK(
            shell(
                "fadeline help %s | sed -n 's/^  \\(--[a-zA-Z-]*\\) .*/\\1/p; s/^  \\(fadeline .*\\)/\\1/p'",
                name) == 0,
            "%s", name);
        snprintf(help, sizeof help, "%s", shell_said);
        snprintf(file, sizeof file, "fadeline-%s.1", name);
        copy_page(file, page, sizeof page);
        char *rest = help;
        for (char *line; (line = strsep(&rest, "\n"));) {
            if (!*line) continue;
            snprintf(wanted, sizeof wanted, "%.299s", line);
            CHECK(strstr(page, wanted) != NULL, "%s: '%.200s' is missing", file, wanted);
            *line == '-' ? options++ : examples++;
        }
        CHECK(strstr(page, "130 interrupted") != NULL, "%s: exit codes", file);
    }
    CHECK(commands >= 25 && options >= 150 && examples >= 50, "%d commands, %d options, %d examples",
          commands, options, examples);
}

static void the_same_bytes_each_time(void)
{
    char folder[] = "/tmp/fl-manual-XXXXXX";
    CHECK(mkdtemp(folder) != NULL, "a folder");
    CHECK(shell("fadeline-manual %s %s %s/fadeline-control %s/fadeline-twin", FL_SOURCE_DIR, folder,
                FL_BUILD_DIR, FL_BUILD_DIR) == 0,
          "%.300s", shell_said);
    CHECK(shell("diff -r %s/man %s/man && diff -r %s/completion %s/completion", folder, FL_BUILD_DIR, folder,
                FL_BUILD_DIR) == 0,
          "made again, it differs: %.300s", shell_said);
    CHECK(shell("fadeline-manual %s/nothing %s a b", folder, folder) != 0, "no texts, and no word about it");
    shell("rm -rf %s", folder);
}

static void roff_of(const char *text, void (*write)(FILE *, const char *), char *room, size_t size)
{
    FILE *out = fmemopen(room, size, "w");
    CHECK(out != NULL, "memory");
    if (!out) return;
    write(out, text);
    fclose(out);
}

/* A text of a table is data. */
static void no_text_becomes_a_request(void)
{
    static const char *const texts[] = {
        ".so /etc/passwd", "'br", "\\fBx\\n(yr", "a\n.ex\nb", "``", "`", "*", "**", "a*b `c"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char room[500] = "";
        roff_of(texts[i], roff_text, room, sizeof room);
        const char *line = strchr(room, '\n') + 1;
        CHECK(strncmp(line, "\\&", 2) == 0 && strchr(line, '\n') == line + strlen(line) - 1,
              "'%s' became '%s'", texts[i], room);
        CHECK(!strstr(line, "\\n("), "'%s' became '%s'", texts[i], room);
        roff_of(texts[i], roff_block, room, sizeof room);
        CHECK(!strstr(room, "\n.so") && !strstr(room, "\n.ex") && !strstr(room, "\n'"), "'%s' became '%s'",
              texts[i], room);
    }
}

static void a_help_text_is_understood(void)
{
    prose text;
    prose_of_help("Prose of two\nlines.\n\nexamples:\n  fadeline plan x \\\n    --json\nand more:\n  at 0 "
                  "key on\n  then",
                  &text);
    CHECK(text.count == 5, "%zu pieces", text.count);
    static const prose_kind kinds[] = {PROSE_PARAGRAPH, PROSE_INTRODUCTION, PROSE_EXAMPLE, PROSE_PARAGRAPH,
                                       PROSE_BLOCK};
    for (size_t i = 0; i < text.count && i < 5; i++)
        CHECK(text.list[i].kind == kinds[i], "piece %zu is %d", i, text.list[i].kind);
    CHECK_TEXT(text.list[2].text, "fadeline plan x \\\n  --json\n", "an example keeps its second line");
    prose_free(&text);
}

static void a_text_that_is_not_ours_is_refused(void)
{
    static const char *const bad[] = {"### deep\n", "```\nno end\n", "![no picture\n", "{{open\n"};
    char path[] = "/tmp/fl-prose-XXXXXX";
    const int fd = mkstemp(path);
    CHECK(fd >= 0, "a file");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        prose text;
        fl_error error = {0};
        CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, bad[i], strlen(bad[i]), 0) == (ssize_t)strlen(bad[i]),
              "write");
        CHECK(prose_of_file(path, &text, &error) == FL_E_FILE && error.what[0], "'%s' was taken", bad[i]);
    }
    close(fd);
    unlink(path);
}

/* The files that stand whole on a page are good files. */
static void example_files_are_good(void)
{
    static const struct {
        const char *page;
        int files;
    } rows[] = {{"fadeline-case.5", 1}, {"fadeline-device.5", 2}, {"fadeline-profile.5", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int code =
            shell("F=$(mktemp -d) && cd $F && %s/tests/manual/blocks %s/man/%s x && fadeline check x-*.yaml; "
                  "C=$?; rm -rf $F; exit $C",
                  FL_SOURCE_DIR, FL_BUILD_DIR, rows[i].page);
        int good = 0;
        for (const char *at = shell_said; (at = strstr(at, ", good")); at++) good++;
        CHECK(code == 0 && good == rows[i].files, "%s: %d of %d: %.400s", rows[i].page, good, rows[i].files,
              shell_said);
    }
}

/* Every key of every schema that people edit. */
static void every_key_is_there(void)
{
    static const struct {
        const char *page, *schema;
    } rows[] = {{"fadeline-case.5", "case"},          {"fadeline-device.5", "device"},
                {"fadeline-device.5", "dialect"},     {"fadeline-profile.5", "rules"},
                {"fadeline-profile.5", "procedures"}, {"fadeline-profile.5", "sites"},
                {"fadeline-profile.5", "skin-types"}, {"fadeline-profile.5", "inks"},
                {"fadeline-profile.5", "card"}};
    static char page[SHELL_MOST];
    int keys = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(shell("sed 's/\\\\-/-/g' %s/man/%s", FL_BUILD_DIR, rows[i].page) == 0, "%s", rows[i].page);
        snprintf(page, sizeof page, "%s", shell_said);
        CHECK(
            shell("fadeline check --reference %s | sed -n 's/^  \\([a-zA-Z_0-9]*\\)\\(  (needed)\\)*$/\\1/p'",
                  rows[i].schema) == 0,
            "%s", rows[i].schema);
        char *rest = shell_said;
        for (char *key; (key = strsep(&rest, "\n"));) {
            char wanted[100];
            if (!*key) continue;
            snprintf(wanted, sizeof wanted, "\\&\\fB%.60s\\fR\n", key);
            CHECK(strstr(page, wanted) != NULL, "%s: the key %.60s of %s is missing", rows[i].page, key,
                  rows[i].schema);
            keys++;
        }
    }
    CHECK(keys >= 200, "only %d keys", keys);
}

FL_TESTS("manual/pages", TEST(groff_is_quiet), TEST(nothing_is_missing), TEST(example_files_are_good),
         TEST(every_key_is_there), TEST(the_same_bytes_each_time), TEST(no_text_becomes_a_request),
         TEST(a_help_text_is_understood), TEST(a_text_that_is_not_ours_is_refused))
