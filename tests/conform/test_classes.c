/* labels: unit   timeout: 120 */
/* What the conformance script may send: by default nothing that could end in light, and a GRANT only when
 * light was allowed. And nobody but `fadeline conform` may use it at all. */
#include "check.h"

#include "helper_bench.h"

#include "fadeline/base/place.h"

#include <dirent.h>
#include <sys/stat.h>

static unsigned grants, opens, commits, arms, commitments;

/* Bodies begin after `>SSSSSSSSNNNNNNNN `. */
static void count(bench *b, const char *bytes, size_t size)
{
    commitments += b->api->committed(b->machine);
    if (size < 24 || bytes[0] != '>') return;
    const char *body = bytes + 18;
    grants += strncmp(body, "GRANT", 5) == 0;
    opens += strncmp(body, "POLL sh=1", 9) == 0;
    commits += strncmp(body, "COMMIT ", 7) == 0;
    arms += strncmp(body, "ARM ch", 6) == 0;
}

static void each_class_keeps_to_itself(void)
{
    for (int class = FL_CONFORM_DARK; class <= FL_CONFORM_LIGHT; class ++) {
        bench b;
        fl_conform_report report = {.ok = 0};
        if (!bench_open(&b, NULL, 0)) abort();
        grants = opens = commits = arms = commitments = 0;
        b.said = count;
        CHECK(bench_run(&b, NULL, (fl_conform_class) class, &report) == FL_OK, "the script did not end");
        unsigned ran = 0;
        for (unsigned i = 0; i < b.count; i++) {
            const bool allowed = b.outcomes[i].check->class <= (fl_conform_class) class;
            CHECK((b.outcomes[i].result == FL_CONFORM_OK) == allowed &&
                      b.outcomes[i].tries == (allowed ? 1u : 0u),
                  "%s up to %s: %s", b.outcomes[i].check->name,
                  fl_conform_class_name((fl_conform_class) class), b.outcomes[i].text);
            ran += allowed;
        }
        CHECK(report.ok == ran && report.skipped == b.count - ran && ran > 20, "%u ok of %u", report.ok,
              b.count);
        const bool light = class == FL_CONFORM_LIGHT;
        CHECK((grants > 0) == light && (opens > 0) == light, "up to %s: %u GRANT, %u times sh=1",
              fl_conform_class_name((fl_conform_class) class), grants, opens);
        CHECK((b.api->light(b.machine) > 0) == light && (report.k_last > report.k_first) == light,
              "light came out");
        CHECK(class != FL_CONFORM_DARK || arms == 1, "%u ARM in the dark: the one without a commitment",
              arms);
        CHECK((commitments > 0) == (class != FL_CONFORM_DARK) && commits > 0,
              "%u frames to a laser that may be armed", commitments);
        bench_close(&b);
    }
}

/* Nobody there: what needs a hand is skipped, nothing fails. A person who does nothing: the same, later. */
static void without_a_hand_nothing_fails(void)
{
    for (int hand = 0; hand < 2; hand++) {
        bench b;
        fl_conform_report report = {.ok = 0};
        if (!bench_open(&b, NULL, 0)) abort();
        b.by_hand = hand;
        b.cannot = hand ? 0 : ~0u;
        CHECK(bench_run(&b, NULL, FL_CONFORM_LIGHT, &report) == FL_OK, "the script did not end");
        CHECK(report.failed == 0 && report.ok >= 30 && report.skipped > 20, "%u ok, %u failed, %u skipped",
              report.ok, report.failed, report.skipped);
        CHECK((b.asked > 0) == hand, "asked %u times", b.asked);
        for (unsigned i = 0; i < b.count; i++) {
            const bool needs = b.outcomes[i].check->events != 0;
            CHECK(needs || b.outcomes[i].result == FL_CONFORM_OK, "%s needs no hand: %s",
                  b.outcomes[i].check->name, b.outcomes[i].text);
        }
        CHECK(b.api->light(b.machine) == 0, "light without a foot");
        bench_close(&b);
    }
}

/* ---- one door: who includes the script ---- */

static bool may_include(const char *path)
{
    return strstr(path, "/src/link/conform") || strstr(path, "/src/cli/conform_") ||
           strstr(path, "/src/cli/cmd_conform.c");
}

static unsigned includes, files;

static void look_at(const char *path)
{
    char *bytes;
    size_t size;
    if (fl_place_read(path, 4 << 20, &bytes, &size, NULL) != FL_OK) return;
    files++;
    const bool has =
        strstr(bytes, "fadeline/link/conform.h") != NULL || strstr(bytes, "fl_conform_run") != NULL;
    includes += has;
    const size_t length = strlen(path);
    if (strcmp(path + length - 2, ".c") == 0 || strcmp(path + length - 2, ".h") == 0)
        CHECK(!has || may_include(path), "%s uses the conformance script: only `fadeline conform` may", path);
    free(bytes);
}

static void walk(const char *folder)
{
    DIR *open = opendir(folder);
    CHECK(open != NULL, "%s", folder);
    if (!open) return;
    for (struct dirent *entry; (entry = readdir(open));) {
        char path[900];
        struct stat about;
        if (entry->d_name[0] == '.') continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path) continue;
        if (stat(path, &about) != 0) continue;
        if (S_ISDIR(about.st_mode))
            walk(path);
        else
            look_at(path);
    }
    closedir(open);
}

static void nobody_else_uses_it(void)
{
    walk(FL_SOURCE_DIR "/src");
    CHECK(files > 200 && includes >= 5, "%u files, %u that use it", files, includes);
}

FL_TESTS("conform/classes", TEST(each_class_keeps_to_itself), TEST(without_a_hand_nothing_fails),
         TEST(nobody_else_uses_it))
