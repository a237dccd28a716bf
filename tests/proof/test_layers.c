/* labels: unit proof */
/* The layer table is the fl_module lines of CMakeLists.txt. Every #include "fadeline/<module>/..." in src and
 * include must stay inside it: arrows point down. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <ftw.h>

#define MOST_MODULES 32

typedef struct module {
    char name[32];
    char leans_on[MOST_MODULES][32];
    int count;
} module;

static module modules[MOST_MODULES];
static int module_count, includes_seen;

static module *find(const char *name)
{
    for (int i = 0; i < module_count; i++)
        if (strcmp(modules[i].name, name) == 0) return &modules[i];
    return NULL;
}

static void add_module(char *line)
{
    module *m = &modules[module_count++];
    for (char *word = strtok(line, " ()\n"); word; word = strtok(NULL, " ()\n")) {
        if (strstr(word, "::") || strcmp(word, "m") == 0) continue;
        snprintf(m->name[0] ? m->leans_on[m->count++] : m->name, 32, "%s", word);
    }
}

/* Programs are not modules; these are their lines of the table. The twin is an independent device: it shares
 * neither link nor session with the host. */
static void add_programs(void)
{
    char twin[] = "twin base units config optics";
    char control[] = "control base units config planner course interlock link journal session";
    char cli[1024];
    fl_text all = fl_text_in(cli, sizeof cli);
    fl_text_add(&all, "cli");
    for (int i = 0; i < module_count; i++) fl_text_add(&all, " %s", modules[i].name);
    CHECK(!all.cut, "room for every module");
    add_module(twin);
    add_module(control);
    add_module(cli);
    char manual[] = "manual base config report cli";
    add_module(manual);
}

static void read_table(void)
{
    if (module_count) return;
    char *bytes;
    size_t size;
    CHECK(fl_place_read(FL_SOURCE_DIR "/CMakeLists.txt", 1 << 20, &bytes, &size, NULL) == FL_OK,
          "CMakeLists.txt");
    char *rest = bytes, *line;
    while ((line = strsep(&rest, "\n")))
        if (strncmp(line, "fl_module(", 10) == 0) add_module(line + 10);
    free(bytes);
    add_programs();
}

/* True when the line includes nothing of ours, or only what `from` may lean on. */
static bool may_include(const module *from, const char *line, char to[32])
{
    const char *at = strstr(line, "#include \"fadeline/");
    if (!at) return true;
    includes_seen++;
    int n = 0;
    for (at += strlen("#include \"fadeline/"); isalpha((unsigned char)*at) && n < 31; at++) to[n++] = *at;
    to[n] = 0;
    if (strcmp(from->name, to) == 0) return true;
    for (int i = 0; i < from->count; i++)
        if (strcmp(from->leans_on[i], to) == 0) return true;
    return false;
}

static int check_file(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)where;
    const size_t length = strlen(path);
    if (kind != FTW_F || length < 2 || path[length - 2] != '.' || !strchr("ch", path[length - 1])) return 0;
    const char *below = strstr(path, "/include/fadeline/");
    below = below ? below + strlen("/include/fadeline/") : path + strlen(FL_SOURCE_DIR "/src/");
    char name[32], to[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(below, "/"), below);
    const module *from = find(name);
    CHECK(from != NULL, "%s: module '%s' is not in the table", path, name);
    if (!from) return 0;
    char *bytes;
    size_t size;
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
    char *rest = bytes, *line;
    for (int number = 1; (line = strsep(&rest, "\n")); number++)
        CHECK(may_include(from, line, to), "%.400s:%d: %.40s may not lean on %.40s", path, number, from->name, to);
    free(bytes);
    return 0;
}

static void arrows_point_down(void)
{
    read_table();
    nftw(FL_SOURCE_DIR "/src", check_file, 16, FTW_PHYS);
    nftw(FL_SOURCE_DIR "/include", check_file, 16, FTW_PHYS);
    CHECK(includes_seen > 20, "only %d includes were read", includes_seen);
}

/* Each module may lean only on modules named before it, so the table has no circle. */
static void the_table_has_no_circle(void)
{
    read_table();
    for (int i = 0; i < module_count; i++)
        for (int j = 0; j < modules[i].count; j++) {
            const module *to = find(modules[i].leans_on[j]);
            CHECK(to && to < &modules[i], "%s leans on %s, which does not stand before it", modules[i].name,
                  modules[i].leans_on[j]);
        }
}

/* The interlock leans on nothing it could argue with. */
/* hazards: H57 */
static void a_wrong_arrow_is_seen(void)
{
    read_table();
    char to[32];
    const module *interlock = find("interlock"), *twin = find("twin");
    CHECK(interlock && interlock->count == 1,
          "the interlock leans on base alone: it is proved, never argued with");
    CHECK(!may_include(interlock, "#include \"fadeline/planner/planner.h\"", to),
          "interlock on planner passed");
    CHECK(!may_include(twin, "#include \"fadeline/link/frame.h\"", to), "twin on link passed");
    CHECK(may_include(twin, "#include \"fadeline/base/text.h\"", to), "twin on base refused");
}

FL_TESTS("proof/layers", TEST(arrows_point_down), TEST(the_table_has_no_circle), TEST(a_wrong_arrow_is_seen))
