/* labels: unit proof */
/* Paths in texts for people: every link and every path between backticks of every *.md leads somewhere. A
 * page that sends its reader nowhere is worse than none. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <ftw.h>
#include <stdbool.h>
#include <unistd.h>

static int followed, dead;
static bool quiet; /* while the check itself is tried */

static bool exists_below(const char *folder, const char *path)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    return access(whole, F_OK) == 0;
}

/* "src/link/README.md": from the root of the source, from include, or from the page's own folder. */
static void follow(const char *page, int line, const char *folder, const char *path)
{
    followed++;
    if (exists_below(FL_SOURCE_DIR, path) || exists_below(FL_SOURCE_DIR "/include", path) ||
        exists_below(folder, path))
        return;
    dead++;
    CHECK(quiet, "%.200s:%d: '%.200s' leads nowhere", page, line, path);
}

/* Between backticks, and a path of the source: it begins with one of its folders, or is a source file of the
 * page's module. */
static bool is_path(const char *word)
{
    static const char *const folders[] = {"src/", "include/", "tests/", "devices/", "profiles/", "fadeline/"};
    if (strpbrk(word, "*<>{}$ \"'|=;()[]") || strstr(word, "...") || strstr(word, "ID.yaml")) return false;
    if (strstr(word, "/M/") || strstr(word, "/<")) return false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (fl_text_begins(word, folders[i]) && !strchr(word, '@')) return true;
    return false;
}

static void look_at_line(const char *page, int number, const char *folder, const char *line)
{
    char word[500];
    for (const char *at = line; (at = strchr(at, '`'));) {
        const char *end = strchr(at + 1, '`');
        if (!end) break;
        snprintf(word, sizeof word, "%.*s", (int)(end - at - 1), at + 1);
        if (is_path(word)) follow(page, number, folder, word);
        at = end + 1;
    }
    for (const char *at = line; (at = strstr(at, "](")); at++) {
        const size_t size = strcspn(at + 2, ")# ");
        snprintf(word, sizeof word, "%.*s", (int)size, at + 2);
        if (size && !strstr(word, "://") && !fl_text_begins(word, "mailto:"))
            follow(page, number, folder, word);
    }
}

static void look_at_text(const char *page, char *bytes)
{
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", page);
    *strrchr(folder, '/') = 0;
    char *rest = bytes, *line;
    bool block = false;
    for (int number = 1; (line = strsep(&rest, "\n")); number++) {
        if (fl_text_begins(line, "```")) block = !block;
        if (!block) look_at_line(page, number, folder, line);
    }
}

static int look_at_file(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)where;
    const size_t length = strlen(path);
    if (kind != FTW_F || length < 4 || strcmp(path + length - 3, ".md") != 0) return 0;
    char *bytes;
    size_t size;
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
    look_at_text(path, bytes);
    free(bytes);
    return 0;
}

static void every_path_leads_somewhere(void)
{
    static const char *const below[] = {"/src", "/tests", "/devices", "/include"};
    static const char *const top[] = {"README.md", "CONTRIBUTING.md", "SECURITY.md"};
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        char folder[1024];
        snprintf(folder, sizeof folder, "%s%s", FL_SOURCE_DIR, below[i]);
        nftw(folder, look_at_file, 16, FTW_PHYS);
    }
    for (size_t i = 0; i < sizeof top / sizeof *top; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", FL_SOURCE_DIR, top[i]);
        struct stat info;
        CHECK(stat(path, &info) == 0, "%s", top[i]);
        look_at_file(path, &info, FTW_F, NULL);
    }
    CHECK(followed >= 100, "only %d paths were followed", followed);
}

/* The map: one screen, and each row has a path that this test follows. */
static void the_map_is_one_screen(void)
{
    char *bytes;
    size_t size;
    CHECK(fl_place_read(FL_SOURCE_DIR "/src/README.md", 1 << 20, &bytes, &size, NULL) == FL_OK,
          "src/README.md");
    char *rest = bytes, *line;
    int lines = 0;
    for (; (line = strsep(&rest, "\n")); lines++) {
        if (!fl_text_begins(line, "| ") || fl_text_begins(line, "| I look for")) continue;
        const int before = followed;
        quiet = true;
        look_at_line("src/README.md", lines + 1, FL_SOURCE_DIR, line);
        quiet = false;
        CHECK(followed > before, "src/README.md:%d: a row without a path: %.200s", lines + 1, line);
    }
    CHECK(lines <= 60, "%d lines", lines);
    free(bytes);
}

/* What a dead path looks like. */
static void a_dead_path_is_seen(void)
{
    static const struct {
        const char *line;
        int dead;
    } rows[] = {
        {"see `src/link/frame.c` and [why](src/link/README.md)", 0},
        {"see `src/link/gone.c`", 1},
        {"see [why](docs/gone.md)", 1},
        {"`devices/gone.yaml`, `tests/gone`", 2},
        {"`fadeline/link/frame.h`", 0},
        {"`fadeline/link/gone.h`", 1},
        {"[site](https://example.org/x), `src/<module>/x.c`, `src/*/y.c`", 0},
    };
    quiet = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dead = 0;
        look_at_line("x", 1, FL_SOURCE_DIR, rows[i].line);
        CU_ASSERT(dead == rows[i].dead);
        if (dead != rows[i].dead) fprintf(stderr, "  %s: %d dead\n", rows[i].line, dead);
    }
    quiet = false;
}

FL_TESTS("proof/paths", TEST(every_path_leads_somewhere), TEST(the_map_is_one_screen),
         TEST(a_dead_path_is_seen))
