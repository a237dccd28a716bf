/* labels: unit proof */
/* Hazards are traced both ways: every row of hazards.yaml has a test, every tag of a test names a row, and
 * every tagged test runs. The checker itself is shown to notice each way in which this can be wrong, on a
 * small table and small tests (small/) that are spoilt one edit at a time. */
#include "check.h"

#include "helper_page.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct found {
    fl_faults *faults;
    fl_yaml *file;
    const hazard_table *table;
    trace trace;
} found;

static void look(found *f, const char *root, int rows)
{
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/tests/hazards/hazards.yaml", root);
    *f = (found){.faults = fl_faults_new()};
    f->table = table_load(path, f->faults, &f->file);
    trace_read(&f->trace, root, f->faults);
    if (!f->table) return;
    table_judge(f->table, path, root, rows, f->faults);
    trace_judge(&f->trace, f->table, f->faults);
}

static void leave(found *f)
{
    trace_free(&f->trace);
    if (f->file) fl_yaml_free(f->file);
    fl_faults_free(f->faults);
}

/* ---- this repository ---- */

static void table_and_tags_have_no_fault(void)
{
    found f;
    look(&f, FL_SOURCE_DIR, HAZARDS);
    if (f.faults->count) fl_faults_print(stderr, f.faults);
    CHECK(f.faults->count == 0, "%zu faults, see above", f.faults->count);
    CHECK(f.trace.files > 50 && f.trace.functions > 300, "only %zu test files with %zu tests were read",
          f.trace.files, f.trace.functions);
    leave(&f);
}

static void every_hazard_has_an_everyday_test(void)
{
    found f;
    look(&f, FL_SOURCE_DIR, HAZARDS);
    CHECK(f.table != NULL, "no table");
    for (size_t i = 0; f.table && i < f.table->hazards_count; i++) {
        const char *id = f.table->hazards[i].id;
        CHECK(trace_count(&f.trace, id, true) > 0, "%s (%s) has no test that runs every day", id,
              f.table->hazards[i].hazard);
    }
    leave(&f);
}

/* ---- the checker, on small tables and small tests ---- */

static const struct {
    const char *what, *file, *from, *to, *complaint;
} spoilt[] = {
    {"an unknown row", "test_door.c", "hazards: H01 */", "hazards: H03 */", "there is no hazard H03"},
    {"a word for a number", "test_door.c", "hazards: H01 */", "hazards: door */",
     "'door' is not the number of a hazard"},
    {"a number with one digit", "test_door.c", "hazards: H01 */", "hazards: H1 */",
     "'H1' is not the number of a hazard"},
    {"a comma", "test_door.c", "H01 H02", "H01, H02", "'H01,' is not the number of a hazard"},
    {"the same twice", "test_door.c", "H01 H02", "H02 H02", "H02 stands twice"},
    {"no number", "test_door.c", "hazards: H01 */", "hazards: */", "this is no tag"},
    {"singular", "test_door.c", "hazards: H01 */", "hazard: H01 */", "this is no tag"},
    {"a capital", "test_door.c", "hazards: H01 */", "Hazards: H01 */", "this is no tag"},
    {"a line comment", "test_door.c", "/* hazards: H01 */", "// hazards: H01", "this is no tag"},
    {"inside a comment", "test_door.c", " * at every tick. */", " * hazards: H01 */", "this is no tag"},
    {"above a helper", "test_door.c", "static void helper(", "/* hazards: H01 */\nstatic void helper(",
     "helper is tagged and never runs"},
    {"not listed", "test_door.c", ", TEST(eyewear_is_asked_for)", "",
     "eyewear_is_asked_for is tagged and never runs"},
    {"listed under a longer name", "test_door.c", "TEST(eyewear_is_asked_for)",
     "TEST(eyewear_is_asked_for_2)", "eyewear_is_asked_for is tagged and never runs"},
    {"listed in a comment of the head only", "test_door.c",
     "FL_TESTS(\"unit/door\", TEST(an_open_door_stops),",
     "/* TEST(an_open_door_stops) */\nFL_TESTS(\"unit/door\",",
     "an_open_door_stops is tagged and never runs"},
    {"an empty line below", "test_door.c", "H01 H02 */\n", "H01 H02 */\n\n",
     "this tag is not above a test function"},
    {"above a function with an argument", "test_door.c", "eyewear_is_asked_for(void)",
     "eyewear_is_asked_for(int n)", "this tag is not above a test function"},
    {"at the end of the file", "test_long.c", "TEST(a_year_of_doors))\n",
     "TEST(a_year_of_doors))\n/* hazards: H01 */\n", "this tag is not above a test function"},
    {"a tag above a tag", "test_door.c", "/* hazards: H01 H02 */\n",
     "/* hazards: H01 */\n/* hazards: H02 */\n", "a tag above a tag"},
    {"in a helper file", "helper_door.c", "int helper", "/* hazards: H01 */\nint helper",
     "a tag in a file that is no test"},
    {"a row is missing", "hazards.yaml", "- id: H02", "- id: H04", "H02 is missing"},
    {"a row too many", "hazards.yaml", "- id: H02", "- id: H04", "H04 is not a hazard of the reference"},
    {"a row twice", "hazards.yaml", "- id: H02", "- id: H01", "H01 stands twice"},
    {"an odd number", "hazards.yaml", "- id: H02", "- id: H2", "H2 is not a hazard of the reference"},
    {"a source that is not there", "hazards.yaml",
     "looked at every tick\n        where: [tests/unit/test_door.c]",
     "looked at every tick\n        where: [tests/unit/test_gate.c]",
     "H01: there is no tests/unit/test_gate.c"},
    {"a control without a source", "hazards.yaml", "\n        where: [tests/unit/test_door.c]\n    not_here",
     "\n    not_here", "this control has no 'where'"},
    {"no control and no absence", "hazards.yaml",
     "    controls:\n      - what: eyewear is confirmed\n        where: [tests/unit/test_door.c]\n", "",
     "H02 has no control"},
    {"an absence without a reason", "hazards.yaml", "\n        why: the room has to have one", "",
     "this not_here has no 'why'"},
    {"severity 6", "hazards.yaml", "severity: 5\n    cause: a new", "severity: 6\n    cause: a new",
     "out of range"},
    {"an unknown family", "hazards.yaml", "[UX]", "[HOPE]", "HOPE"},
    {"a test in the table", "hazards.yaml", "    families: [UX]", "    families: [UX]\n    tests: [x]",
     "a hazard has no key 'tests'"},
    {"no table", "hazards.yaml", "schema: hazards/1", "schema: hazard/1", "hazard/1"},
};

static char folder[] = "/tmp/fl-hazards-XXXXXX";

static char *read_small(const char *name)
{
    char path[FL_PLACE_MAX], *text = NULL;
    size_t size;
    fl_error error = {0};
    snprintf(path, sizeof path, "%s/small/%s%s", FL_TEST_DIR, strstr(name, ".c") ? "tests/unit/" : "", name);
    CHECK(fl_place_read(path, 1 << 20, &text, &size, &error) == FL_OK, "%s", error.what);
    return text ? text : strdup("");
}

/* Writes the small repository into `folder`, with one edit. */
static void write_small(const char *what, const char *file, const char *from, const char *to)
{
    static const char *const names[] = {"hazards.yaml", "test_door.c", "test_long.c", "helper_door.c"};
    char path[FL_PLACE_MAX], *text, room[8192];
    fl_error error = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        text = read_small(names[i]);
        const char *at = file && strcmp(file, names[i]) == 0 ? strstr(text, from) : NULL;
        CHECK(!file || strcmp(file, names[i]) != 0 || at, "%s: nothing to spoil in %s", what, names[i]);
        if (at)
            snprintf(room, sizeof room, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        else
            snprintf(room, sizeof room, "%s", text);
        snprintf(path, sizeof path, "%s/tests/%s/%s", folder, i ? "unit" : "hazards", names[i]);
        CHECK(fl_place_write(path, room, strlen(room), 0600, &error) == FL_OK, "%s", error.what);
        free(text);
    }
}

static void begin(void)
{
    char path[FL_PLACE_MAX];
    CHECK(mkdtemp(folder) != NULL, "folder");
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/tests/%s", folder, i ? "unit" : "hazards");
        CHECK(fl_place_make(path, NULL) == FL_OK, "%s", path);
    }
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0, "clean");
    memcpy(strrchr(folder, '-'), "-XXXXXX", 7);
}

/* Unspoilt it has no fault, and every test is found with its comment, its labels and its hazards. */
static void the_small_repository_is_read_as_it_stands(void)
{
    found f;
    begin();
    write_small("as it stands", NULL, NULL, NULL);
    look(&f, folder, 2);
    if (f.faults->count) fl_faults_print(stderr, f.faults);
    CHECK(f.faults->count == 0 && f.trace.count == 3 && f.trace.files == 2 && f.trace.functions == 3,
          "%zu faults, %zu tagged tests, %zu files, %zu functions", f.faults->count, f.trace.count,
          f.trace.files, f.trace.functions);
    if (f.trace.count == 3) {
        const traced_test *tests = f.trace.tests;
        CHECK_TEXT(tests[0].function, "an_open_door_stops", "first");
        CHECK_TEXT(tests[0].shows, "The door is opened at every tick.", "its comment");
        CHECK(!tests[0].slow && tests[2].slow, "what is long");
        CHECK_TEXT(tests[1].shows, "", "no comment of its own");
        CHECK_TEXT(tests[2].shows, "", "a ruler is no comment");
        CHECK(trace_count(&f.trace, "H01", false) == 3 && trace_count(&f.trace, "H01", true) == 2 &&
                  trace_count(&f.trace, "H02", false) == 1 && trace_count(&f.trace, "H03", false) == 0,
              "tests of each");
    }
    leave(&f);
    end();
}

static void each_fault_of_a_trace_is_noticed(void)
{
    begin();
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        found f;
        write_small(spoilt[i].what, spoilt[i].file, spoilt[i].from, spoilt[i].to);
        look(&f, folder, 2);
        bool said = false;
        for (size_t k = 0; k < f.faults->count; k++)
            said = said || strstr(f.faults->list[k].what, spoilt[i].complaint);
        CHECK(said, "%s: %zu faults, the first: %s", spoilt[i].what, f.faults->count,
              f.faults->count ? f.faults->list[0].what : "none");
        leave(&f);
    }
    end();
}

/* Without its tag a row has no test; with a slow test alone it has none that runs every day. */
static void a_row_without_a_test_is_noticed(void)
{
    found f;
    begin();
    write_small("a lost tag", "test_door.c", "/* hazards: H01 H02 */", "/* about eyewear */");
    look(&f, folder, 2);
    CHECK(f.faults->count == 0 && trace_count(&f.trace, "H02", false) == 0, "H02 is still tested");
    leave(&f);
    write_small("a long test alone", "test_door.c", "/* labels: unit */", "/* labels: unit slow */");
    look(&f, folder, 2);
    CHECK(f.faults->count == 0 && trace_count(&f.trace, "H02", false) == 1 &&
              trace_count(&f.trace, "H02", true) == 0,
          "a long test counts as everyday");
    leave(&f);
    end();
}

/* ---- the page ---- */

static char *page_of(const found *f, void (*write)(FILE *, const hazard_table *, const trace *, const char *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    CHECK(memory != NULL, "memory");
    write(memory, f->table, &f->trace, "a test");
    fclose(memory);
    return text;
}

static void the_page_shows_all_and_loads_nothing(void)
{
    static const char *const shown[] = {"Light while the &lt;door&gt; is open",
                                        "the switch is bridged &amp; nobody looks",
                                        "tests/unit/test_door.c: an_open_door_stops",
                                        "An open door stops",
                                        "The door is opened at every tick.",
                                        "A warning lamp: the room has to have one.",
                                        "ENUM, HIL",
                                        "A year of doors <span class=slow>long",
                                        "2 hazards are traced. Each of them has at least one",
                                        "<code>tests/unit/test_door.c</code>"};
    static const char *const foreign[] = {"http:", "https:",  "src=", "<script",
                                          "<link", "@import", "url(", "<door>"};
    found f;
    begin();
    write_small("as it stands", NULL, NULL, NULL);
    look(&f, folder, 2);
    char *html = page_of(&f, page_html), *text = page_of(&f, page_text);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        CHECK(strstr(html, shown[i]) != NULL, "the page does not show: %s", shown[i]);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        CHECK(strstr(html, foreign[i]) == NULL, "the page has: %s", foreign[i]);
    CHECK(strstr(text, "tests/unit/test_long.c:6: a_year_of_doors (long)") != NULL, "text: %s", text);
    free(html);
    free(text);
    leave(&f);
    write_small("a lost tag", "test_door.c", "/* hazards: H01 H02 */", "/* about eyewear */");
    look(&f, folder, 2);
    html = page_of(&f, page_html);
    CHECK(strstr(html, "No test yet.") && strstr(html, "1 of them have no test yet"), "an open row is said");
    free(html);
    leave(&f);
    end();
}

FL_TESTS("hazards/trace", TEST(table_and_tags_have_no_fault), TEST(every_hazard_has_an_everyday_test),
         TEST(the_small_repository_is_read_as_it_stands), TEST(each_fault_of_a_trace_is_noticed),
         TEST(a_row_without_a_test_is_noticed), TEST(the_page_shows_all_and_loads_nothing))
