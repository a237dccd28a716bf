/* labels: unit fault */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/config/dialect.h"

#include <glob.h>

/* A dialect file is refused at its place for each rule of dialect_check.c: one edit of a good file, one
 * complaint. */
static const char good[] =
    "schema: dialect/1\n"
    "id: bench\n"
    "title: A laser on a bench\n"
    "serves: laser\n"
    "sure: source-seen\n"
    "source: invented for this test\n"
    "line: { baud: 9600, send_end: CR, answer_end: LF, gap_ms: 2, answer_ms: 100 }\n"
    "refusals:\n"
    "  - { text: \"?1\", means: not now }\n"
    "words:\n"
    "  - { id: who, ask: \"ID?\", answer: \"{}\", value: text }\n"
    "  - id: status\n"
    "    ask: SS\n"
    "    answer: \"{}\"\n"
    "    value: bits\n"
    "    bits:\n"
    "      - { bit: 0, name: external, is: needed }\n"
    "      - { bit: 1, name: door, is: fault }\n"
    "  - { id: rate-set, say: \"RR {}\", least: 1, most: 50, answer: ok, check: rate }\n"
    "  - { id: rate, ask: RR, answer: \"{} Hz\", value: number }\n"
    "  - { id: row, ask: FF, answer: \"F {}\", value: flags, row: 4 }\n"
    "  - { id: off, say: OFF, answer: ok }\n"
    "  - { id: fire, say: FIRE, answer: ok, light: yes }\n"
    "  - { id: quiet, say: QT }\n"
    "  - { id: dog, say: \"WD {}\", least: 1, most: 60 }\n"
    "laser:\n"
    "  identity: who\n"
    "  identity_holds: Bench\n"
    "  status: [status]\n"
    "  interlock: [status]\n"
    "  stop: [off]\n"
    "  opening: [quiet]\n"
    "  watchdog: dog\n"
    "  watchdog_s: 2\n"
    "  settings:\n"
    "    - { quantity: rate_Hz, set: rate-set, read: rate, tolerance: 0.1 }\n"
    "transcript:\n"
    "  - { word: who, sent: 'ID?\\r', answer: 'Bench 7\\r\\n', state: Bench 7 }\n"
    "  - { word: status, sent: 'SS\\r', answer: '1\\r\\n', value: 1 }\n"
    "  - { word: status, sent: 'SS\\r', answer: '?1\\n', result: refused }\n"
    "  - { word: status, sent: 'SS\\r', answer: '\\x30\\x01\\n', result: bad }\n"
    "  - { word: rate-set, value: 5, sent: 'RR 5\\r', answer: 'ok\\n' }\n"
    "  - { word: rate, sent: 'RR\\r', answer: '5.02 Hz\\n', value: 5.02 }\n"
    "  - { word: row, sent: 'FF\\r', answer: 'F 01 10\\n', value: 6 }\n"
    "  - { word: off, sent: 'OFF\\r', answer: 'ok\\n' }\n"
    "  - { word: fire, sent: 'FIRE\\r', answer: 'ok\\n' }\n"
    "  - { word: quiet, sent: 'QT\\r', result: silence }\n"
    "  - { word: dog, value: 2, sent: 'WD 2\\r', result: silence }\n";

/* The first complaint as "line:column: what". */
static bool complaint(const char *bytes, char *room, size_t size)
{
    const fl_yaml_schema *schema = &fl_dialect_schema;
    fl_faults *faults = fl_faults_new();
    fl_yaml *file = NULL;
    const fl_status status = fl_yaml_read("bench.yaml", bytes, strlen(bytes), &schema, 1, faults, &file);
    snprintf(room, size, "%s", "");
    if (status != FL_OK && faults->count)
        snprintf(room, size, "%u:%u: %s", faults->list[0].at.line, faults->list[0].at.column,
                 faults->list[0].what);
    fl_yaml_free(file);
    fl_faults_free(faults);
    return status != FL_OK;
}

static char *edited(const char *from, const char *to)
{
    const char *at = strstr(good, from);
    if (!at) abort();
    char *bytes = malloc(sizeof good + strlen(to) + 1);
    if (!bytes) abort();
    sprintf(bytes, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    return bytes;
}

static void each_rule_refuses_at_its_place(void)
{
    /* clang-format off */
    static const struct { const char *from, *to, *want; } rows[] = {
#include "dialect_rules.inc"
    };
    /* clang-format on */
    char room[400];
    CHECK(!complaint(good, room, sizeof room), "the file itself is refused: %s", room);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *bytes = edited(rows[i].from, rows[i].to);
        CHECK(complaint(bytes, room, sizeof room), "taken: '%s' for '%s'", rows[i].to, rows[i].from);
        CHECK_TEXT(room, rows[i].want, rows[i].to);
        free(bytes);
    }
}

/* Whichever exchange is taken out, the file is refused: each word needs one that was done. */
static void a_word_the_transcript_does_not_show_is_refused(void)
{
    const char *words[] = {"who", "rate-set", "rate", "row", "off", "fire", "quiet", "dog"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char from[40], room[400], want[80];
        snprintf(from, sizeof from, "  - { word: %s,", words[i]);
        const char *at = strstr(good, from), *end = at ? strchr(at, '\n') : NULL;
        if (!end) abort();
        char line[200];
        snprintf(line, sizeof line, "%.*s", (int)(end - at) + 1, at);
        char *bytes = edited(line, "");
        snprintf(want, sizeof want, "the transcript does not show '%s' done", words[i]);
        CHECK(complaint(bytes, room, sizeof room), "%s: taken", words[i]);
        CHECK(strstr(room, want) || strstr(room, "no identity in the transcript"), "%s: %s", words[i], room);
        free(bytes);
    }
}

/* Every file of the tree: loads by its name, which replays its transcript both ways. */
static void every_file_in_the_tree_replays(void)
{
    glob_t files = {0};
    CHECK(glob(FL_SOURCE_DIR "/devices/dialects/*.yaml", 0, NULL, &files) == 0, "no dialect files");
    for (size_t i = 0; i < files.gl_pathc; i++) {
        const char *path = files.gl_pathv[i];
        fl_dialect *dialect;
        fl_error error = {0};
        const fl_status status = fl_dialect_load(path, &dialect, &error);
        CHECK(status == FL_OK, "%s:%u:%u: %s", path, error.line, error.column, error.what);
        if (status != FL_OK) continue;
        char name[80];
        snprintf(name, sizeof name, "/%s.yaml", dialect->id);
        CHECK(strstr(path, name), "%s calls itself %s", path, dialect->id);
        CHECK(dialect->serves != FL_SERVES_LASER || fl_dialect_is_whole(dialect) || dialect->note,
              "%s is only watched, and does not say why", dialect->id);
        fl_dialect_free(dialect);
    }
    globfree(&files);
}

static void a_file_that_calls_itself_otherwise_is_refused(void)
{
    fl_dialect *dialect = NULL;
    fl_error error = {0};
    CHECK(fl_dialect_load("there-is-none", &dialect, &error) != FL_OK && !dialect && error.what[0],
          "loaded nothing");
    CHECK(fl_dialect_load("microjewel", &dialect, &error) == FL_OK, "%s", error.what);
    CHECK(fl_dialect_is_whole(dialect), "the first one is whole");
    fl_dialect_free(dialect);
    fl_dialect_free(NULL);
}

FL_TESTS("config/dialect", TEST(each_rule_refuses_at_its_place),
         TEST(a_word_the_transcript_does_not_show_is_refused), TEST(every_file_in_the_tree_replays),
         TEST(a_file_that_calls_itself_otherwise_is_refused))
