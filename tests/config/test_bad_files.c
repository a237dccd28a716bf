/* labels: unit fault */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

#include <dirent.h>

/* Each bad/NAME.yaml is a file a person could have written; bad/NAME.expect holds every complaint about it as
 * "line:column: error: what" and a hint. One file, one or few faults, none accepted. */
#define BAD FL_TEST_DIR "/bad"
#define FEWEST 50

/* What the file gets, without its name, as the .expect file has it. */
static fl_status complaints(const char *path, fl_text *text, fl_faults *faults)
{
    fl_yaml *file = NULL;
    const fl_status status = fl_yaml_load(path, &fl_device_schema, faults, &file);
    CHECK(status == FL_OK || !file, "%s: refused, and yet a file was handed out", path);
    for (size_t i = 0; i < faults->count; i++) {
        const fl_fault *fault = &faults->list[i];
        fl_text_add(text, "%u:%u: error: %s\n", fault->at.line, fault->at.column, fault->what);
        if (fault->hint[0]) fl_text_add(text, "  hint: %s\n", fault->hint);
    }
    fl_yaml_free(file);
    return status;
}

static void check_one(const char *name)
{
    char path[300], room[8192], *wanted;
    size_t size;
    snprintf(path, sizeof path, BAD "/%s.expect", name);
    CHECK(fl_place_read(path, sizeof room, &wanted, &size, NULL) == FL_OK, "%s: no .expect beside it", name);
    if (!fl_place_exists(path)) return;
    snprintf(path, sizeof path, BAD "/%s.yaml", name);
    fl_text text = fl_text_in(room, sizeof room);
    fl_faults *faults = fl_faults_new();
    CHECK(complaints(path, &text, faults) == FL_E_FILE, "%s: accepted", name);
    CHECK(faults->count > 0, "%s: refused without a reason", name);
    for (size_t i = 0; i < faults->count; i++) {
        CHECK_TEXT(faults->list[i].file, path, name);
        CHECK(faults->list[i].at.line && faults->list[i].at.column, "%s: a fault without a place", name);
        CHECK(faults->list[i].hint[0], "%s: '%s' has no hint", name, faults->list[i].what);
    }
    CHECK(strcmp(room, wanted) == 0, "%s: got\n%.200swanted\n%.200s", name, room, wanted);
    fl_faults_free(faults);
    free(wanted);
}

/* Over a hundred faulty device files, a decimal comma among them: each is refused at its place. */
/* hazards: H41 H42 */
static void each_bad_file_gets_place_and_hint(void)
{
    DIR *directory = opendir(BAD);
    size_t count = 0;
    CHECK(directory, "no folder " BAD);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        const size_t length = strlen(entry->d_name);
        if (length <= 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0) continue;
        entry->d_name[length - 5] = 0;
        check_one(entry->d_name);
        count++;
    }
    if (directory) closedir(directory);
    CHECK(count >= FEWEST, "only %zu bad files: where are the others?", count);
}

/* The faults above are the only thing wrong with them: the same file without the fault is taken, from Windows
 * too. */
static void the_same_file_without_the_fault_is_taken(void)
{
    static const char *const good[] = {"bench-7.yaml", "bench-7-crlf.yaml", "bench-full.yaml",
                                       "bench-gate.yaml"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char path[300], room[4096] = "";
        snprintf(path, sizeof path, FL_TEST_DIR "/good/%s", good[i]);
        fl_text text = fl_text_in(room, sizeof room);
        fl_faults *faults = fl_faults_new();
        CHECK(complaints(path, &text, faults) == FL_OK, "%s: %.300s", good[i], room);
        fl_faults_free(faults);
    }
}

static void a_missing_file_is_a_fault_too(void)
{
    fl_faults *faults = fl_faults_new();
    fl_yaml *file = NULL;
    CHECK(fl_yaml_load(BAD "/there-is-none.yaml", &fl_device_schema, faults, &file) == FL_E_FILE,
          "opened nothing");
    CHECK(fl_yaml_load(BAD, &fl_device_schema, faults, &file) == FL_E_FILE, "read a folder");
    CHECK(faults->count == 2 && !file, "%zu faults", faults->count);
    fl_faults_free(faults);
}

FL_TESTS("config/bad_files", TEST(each_bad_file_gets_place_and_hint),
         TEST(the_same_file_without_the_fault_is_taken), TEST(a_missing_file_is_a_fault_too))
