/* labels: unit   timeout: 400 */
/* The page for a stranger (src/journal/METHOD.md), followed by a shell program that was written from it
 * alone: it takes a good export, and refuses one with anything in it changed. */
#include "check.h"
#include "helper_log.h"
#include "helper_vectors.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/export.h"

#include <ftw.h>
#include <sys/wait.h>
#include <unistd.h>

static int run_script(const char *arguments)
{
    char command[4 * FL_PLACE_MAX];
    snprintf(command, sizeof command, "sh " FL_TEST_DIR "/check_export.sh %s > /dev/null 2>&1", arguments);
    const int code = system(command);
    return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

static int check(const char *folder, const char *vkey)
{
    char arguments[2 * FL_PLACE_MAX];
    snprintf(arguments, sizeof arguments, "'%s' '%s'", folder, vkey);
    return run_script(arguments);
}

static void export_log(const char *directory, const char *folder, char vkey[FL_VKEY_TEXT_MAX])
{
    fl_journal *journal;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    uint64_t entries = 0;
    CHECK(fl_journal_open(directory, &read, &journal, NULL) == FL_OK, "open");
    snprintf(vkey, FL_VKEY_TEXT_MAX, "%s", fl_journal_vkey(journal));
    CHECK(fl_export_tiles(journal, folder, &entries, NULL) == FL_OK && entries == fl_journal_size(journal),
          "export");
    fl_journal_close(journal);
}

/* The page's own example, and the small logs of the reference. */
static void the_examples_of_the_page_come_out(void)
{
    char directory[FL_PLACE_MAX], folder[FL_PLACE_MAX + 16], vkey[FL_VKEY_TEXT_MAX];
    CHECK(
        system(
            "test \"$(sh " FL_TEST_DIR
            "/check_export.sh --try)\" = d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7") ==
            0,
        "four leaves");
    helper_reference_log(helper_directory(directory));
    snprintf(folder, sizeof folder, "%s/export", directory);
    export_log(directory, folder, vkey);
    CHECK(check(folder, vkey) == 0, "the five entries of the reference");
    CHECK_TEXT(vkey, "log.example/clinic-7/console-2+3a723370+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
               "key");
    helper_remove(directory);
}

static char *files[64];
static size_t file_count;

static int note_file(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)walk;
    if (type == FTW_F && !strstr(path, "METHOD.md") && file_count < 64) files[file_count++] = strdup(path);
    return 0;
}

static void put_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "we");
    CHECK(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "%s", path);
}

/* In every file: a bit somewhere, one byte less, one more, and no file at all. */
static unsigned spoil(const char *folder, const char *vkey, const char *path, unsigned *tried)
{
    size_t size;
    char *bytes = helper_file(path, &size);
    char *more = malloc(size + 1);
    memcpy(more, bytes, size);
    more[size] = 0;
    unsigned taken = 0;
    const bool full = getenv("FL_FULL") != NULL;
    for (unsigned k = 0; k < 6; k++) {
        if (!full && (k == 1 || k == 4)) continue;
        ++*tried;
        const size_t at = k == 0 ? 0 : k == 1 ? size - 1 : size * 5 / 8;
        more[at] ^= k < 3 ? 4 : 0;
        if (k < 3) put_file(path, more, size);
        if (k == 3) put_file(path, bytes, size - 1);
        if (k == 4) put_file(path, more, size + 1);
        if (k == 5) unlink(path);
        more[at] ^= k < 3 ? 4 : 0;
        if (check(folder, vkey) != 1) taken++, fprintf(stderr, "damage %u in %s was taken\n", k, path);
    }
    put_file(path, bytes, size);
    free(bytes);
    free(more);
    return taken;
}

static void a_damaged_export_is_refused(void)
{
    char directory[FL_PLACE_MAX], folder[FL_PLACE_MAX + 16], vkey[FL_VKEY_TEXT_MAX];
    helper_clock clock;
    helper_clock_init(&clock);
    helper_directory(directory);
    fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_CREATE);
    CHECK(helper_session(journal, &clock, 1, 1, 41207, 127) == FL_OK,
          "session"); /* 259 entries with the shutdown */
    fl_journal_close(journal);
    snprintf(folder, sizeof folder, "%s/export", directory);
    export_log(directory, folder, vkey);
    CHECK(check(folder, vkey) == 0, "the good one");
    nftw(folder, note_file, 16, FTW_PHYS);
    CHECK(file_count == 6, "%zu files: checkpoint, two bundles, two tiles and one above them", file_count);
    unsigned taken = 0, tried = 0;
    for (size_t i = 0; i < file_count; i++) taken += spoil(folder, vkey, files[i], &tried);
    CHECK(!taken && tried >= 4 * file_count, "%u of %u damages were taken", taken, tried);
    CHECK(check(folder,
                "log.example/clinic-7/console-2+3a723370+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4") == 1,
          "another log's key");
    CHECK(fl_place_write(files[0], "", 0, 0600, NULL) == FL_OK && check(folder, vkey) == 1, "an empty file");
    for (size_t i = 0; i < file_count; i++) free(files[i]);
    file_count = 0;
    helper_remove(directory);
}

/* What the page is made of goes out with the export. */
static void the_page_goes_with_the_export(void)
{
    char directory[FL_PLACE_MAX], folder[FL_PLACE_MAX + 16], path[FL_PLACE_MAX + 32], vkey[FL_VKEY_TEXT_MAX];
    helper_reference_log(helper_directory(directory));
    snprintf(folder, sizeof folder, "%s/export", directory);
    export_log(directory, folder, vkey);
    size_t size, source_size;
    snprintf(path, sizeof path, "%s/METHOD.md", folder);
    char *page = helper_file(path, &size),
         *source = helper_file(FL_SOURCE_DIR "/src/journal/METHOD.md", &source_size);
    CHECK(size == source_size && memcmp(page, source, size) == 0, "the same page");
    free(page);
    free(source);
    helper_remove(directory);
}

FL_TESTS("journal/method", TEST(the_examples_of_the_page_come_out), TEST(the_page_goes_with_the_export),
         TEST(a_damaged_export_is_refused))
