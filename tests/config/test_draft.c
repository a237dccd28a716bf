/* labels: unit */
/* What the tables read, the tables write: every case that ships reads back the same, and a value that is
 * wrong is refused at its own place. */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/config/draft.h"
#include "fadeline/course/case.h"

#include <stdlib.h>
#include <string.h>

static fl_draft *drawn_from(const fl_yaml *file)
{
    fl_draft *d = fl_draft_new(&fl_case_schema);
    fl_draft_take(d, fl_yaml_root(file));
    return d;
}

static fl_yaml *load(const char *name)
{
    char path[400];
    fl_yaml *file = NULL;
    fl_faults *faults = fl_faults_new();
    snprintf(path, sizeof path, FL_SOURCE_DIR "/profiles/cases/%s.yaml", name);
    CHECK(fl_yaml_load(path, &fl_case_schema, faults, &file) == FL_OK, "%s: %s", name, faults->list[0].what);
    fl_faults_free(faults);
    return file;
}

static void every_case_reads_back(void)
{
    static const char *const names[] = {"case-1", "case-2", "case-3", "case-4",  "case-5",
                                        "case-6", "case-7", "case-8", "hairline"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const fl_yaml_schema *schema = &fl_case_schema;
        size_t size;
        fl_yaml *file = load(names[i]), *again = NULL;
        if (!file) continue;
        fl_draft *d = drawn_from(file);
        const char *text = fl_draft_yaml(d, &size);
        fl_faults *faults = fl_faults_new();
        CHECK(fl_yaml_read("again", text, size, &schema, 1, faults, &again) == FL_OK, "%s: %s\n%s", names[i],
              faults->list[0].what, text);
        if (again) {
            fl_draft *second = drawn_from(again);
            CHECK(fl_text_same(text, fl_draft_yaml(second, NULL)), "%s changed on its way", names[i]);
            fl_draft_free(second);
        }
        CHECK(strlen(text) > 1000, "%s lost what it held: %s", names[i], text);
        fl_faults_free(faults);
        fl_yaml_free(again);
        fl_draft_free(d);
        fl_yaml_free(file);
    }
}

/* A value as typed: the sentence is that of the module, the place is the value's. */
static void refused_at(fl_draft *d, const char *path, const char *typed, const char *sentence)
{
    fl_faults *faults = fl_faults_new();
    fl_draft_set(d, path, typed);
    const fl_status status = fl_draft_check(d, faults);
    const char *at = faults->count ? fl_draft_path(d, faults->list[0].at.line) : NULL;
    CHECK(status == FL_E_FILE && fl_text_same(at, path) && strstr(faults->list[0].what, sentence),
          "%s = %s: %d at %s: %s", path, typed, (int)status, at ? at : "-", faults->list[0].what);
    fl_faults_free(faults);
}

static void wrong_values_are_named(void)
{
    static const struct {
        const char *path, *typed, *sentence;
    } rows[] = {{"skin.form.G1", "5", "5 is out of range for 'G1'"},
                {"skin.form.T2", "11", "11 is out of range for 'T2'"},
                {"zones[2].area_cm2", "four", "'four' is not a number"},
                {"zones[8].area_cm2", "1: 2, {x: [", "is not a number"},
                {"date", "2026-02-30", "is not a date"},
                {"goal.kind", "erase", "is no choice"},
                {"client", "Ann", "this is no client code"},
                {"goal.text", "two\nlines", "is no text"},
                {"ink.text", "\x1b[31m", "is no text"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_yaml *file = load("case-1");
        fl_draft *d = drawn_from(file);
        refused_at(d, rows[i].path, rows[i].typed, rows[i].sentence);
        fl_draft_free(d);
        fl_yaml_free(file);
    }
}

static void hostile_texts_stay_texts(void)
{
    static const char *const texts[] = {"a: b", "\"",        "\\",    "#no",  "- x", "{",        "null",
                                        "yes",  "<b>&amp;'", "é — ✗", "!tag", "&a",  "*a",       "0x10",
                                        "%",    "@",         "`",     "| ",   "1.5", "trailing "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const fl_yaml_schema *schema = &fl_case_schema;
        size_t size;
        fl_yaml *file = load("case-1"), *again = NULL;
        fl_draft *d = drawn_from(file);
        fl_faults *faults = fl_faults_new();
        fl_draft_set(d, "zones[3].test_site", texts[i]);
        const char *text = fl_draft_yaml(d, &size);
        CHECK(fl_yaml_read("x", text, size, &schema, 1, faults, &again) == FL_OK, "%s: %s", texts[i],
              faults->list[0].what);
        if (again) {
            const fl_case_body *body = fl_yaml_root(again);
            CHECK(fl_text_same(body->zones[3].test_site, texts[i]), "'%s' became '%s'", texts[i],
                  body->zones[3].test_site);
        }
        fl_faults_free(faults);
        fl_yaml_free(again);
        fl_draft_free(d);
        fl_yaml_free(file);
    }
}

static void rows_move_with_all_they_hold(void)
{
    fl_yaml *file = load("case-1");
    fl_draft *d = drawn_from(file);
    fl_draft_drop(d, "zones[1]");
    for (int i = 2; i < 9; i++) {
        char from[20], to[20];
        snprintf(from, sizeof from, "zones[%d]", i);
        snprintf(to, sizeof to, "zones[%d]", i - 1);
        fl_draft_move(d, from, to);
    }
    CHECK(fl_text_same(fl_draft_get(d, "zones[7].id"), "OCC") && !fl_draft_get(d, "zones[8].id"),
          "the rows did not move");
    CHECK(
        fl_text_same(fl_draft_get(d, "zones[7].test_site"), "mid-line, three finger widths below the crown"),
        "a row lost what it held");
    CHECK(fl_draft_field(d, "zones[7].area_cm2") && !fl_draft_field(d, "zones[7].nothing"), "fields");
    CHECK(fl_draft_lists(d, "denied", "gold") && !fl_draft_lists(d, "denied", "brass"), "lists");
    CHECK_TEXT(fl_draft_item(d, "denied", 0), "self-tanner", "the first");
    CHECK(!fl_draft_item(d, "denied", 99) && !fl_draft_item(d, "client", 0) && !fl_draft_item(d, "none", 0),
          "no item");
    fl_draft_free(d);
    fl_yaml_free(file);
}

FL_TESTS("config/draft", TEST(every_case_reads_back), TEST(wrong_values_are_named),
         TEST(hostile_texts_stay_texts), TEST(rows_move_with_all_they_hold))
