#include "helper_trace.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MOST 400

typedef struct reader {
    trace *trace;
    fl_faults *faults;
    const char *file; /* from the root */
    bool is_test, slow;
    size_t first; /* of this file's tests in the trace */
    char comment[2000];
    bool in_comment, comment_ended;
    traced_test pending; /* a tag waits for its function */
    bool tagged;
} reader;

static void complain(reader *r, unsigned line, const char *hint, const char *format, ...) FL_PRINTF(4, 5);
static void complain(reader *r, unsigned line, const char *hint, const char *format, ...)
{
    char text[250];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fl_faults_add(r->faults, r->file, (fl_mark){line, 1}, hint, "%s", text);
}

/* ---- one line ---- */

/* The words after "hazards:", or NULL when this line begins no comment about hazards. */
static const char *tag_of(const char *line)
{
    const char *at = line + strspn(line, " \t");
    if (*at != '/' && *at != '*') return NULL;
    at += strspn(at, "/* \t");
    for (const char *word = "hazard"; *word; word++, at++)
        if (tolower((unsigned char)*at) != *word) return NULL;
    if (tolower((unsigned char)*at) == 's') at++;
    at += strspn(at, " ");
    return *at == ':' ? at + 1 : NULL;
}

static bool is_id(const char *word)
{
    return strlen(word) == 3 && word[0] == 'H' && isdigit((unsigned char)word[1]) &&
           isdigit((unsigned char)word[2]);
}

/* A tag is exactly: slash star, blank, hazards: H01 H02, blank, star slash. */
static bool read_tag(reader *r, const char *line, unsigned number)
{
    static const char *const form = "/* hazards: H01 H02 */ alone on the line above a test function";
    const char *const begin = "/* hazards: ", *const end = " */";
    const size_t length = strlen(line);
    if (strncmp(line, begin, strlen(begin)) != 0 || length < strlen(begin) + strlen(end) ||
        strcmp(line + length - strlen(end), end) != 0) {
        complain(r, number, form, "this is no tag: %.100s", line);
        return false;
    }
    char words[LINE_MOST], *rest = words;
    snprintf(words, sizeof words, "%.*s", (int)(length - strlen(begin) - strlen(end)), line + strlen(begin));
    r->pending.hazard_count = 0;
    for (char *word; (word = strsep(&rest, " "));) {
        if (!is_id(word)) {
            complain(r, number, form, "'%.40s' is not the number of a hazard", word);
            return false;
        }
        if (trace_has(&r->pending, word)) complain(r, number, NULL, "%s stands twice", word);
        if (r->pending.hazard_count == TRACE_TAGS) {
            complain(r, number, "one test cannot stand against everything", "too many hazards");
            return false;
        }
        snprintf(r->pending.hazards[r->pending.hazard_count++], sizeof r->pending.hazards[0], "%s", word);
    }
    return r->pending.hazard_count > 0;
}

/* "static void name(void)" */
static bool function_of(const char *line, char name[96])
{
    const char *const begin = "static void ", *const end = "(void)";
    const size_t length = strlen(line);
    if (strncmp(line, begin, strlen(begin)) != 0 || length < strlen(begin) + strlen(end) + 1) return false;
    if (strcmp(line + length - strlen(end), end) != 0) return false;
    const size_t size = length - strlen(begin) - strlen(end);
    if (size >= 96) return false;
    memcpy(name, line + strlen(begin), size);
    name[size] = 0;
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == size;
}

static void keep(reader *r, const char *function, unsigned number)
{
    trace *t = r->trace;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 64;
        t->tests = realloc(t->tests, t->room * sizeof *t->tests);
        FL_ASSERT(t->tests);
    }
    traced_test *test = &t->tests[t->count++];
    *test = r->pending;
    snprintf(test->file, sizeof test->file, "%s", r->file);
    snprintf(test->function, sizeof test->function, "%s", function);
    test->line = number;
    test->slow = r->slow;
    test->shows = strdup(r->comment[0] == '-' ? "" : r->comment); /* a ruler between parts is no comment */
    FL_ASSERT(test->shows);
}

/* ---- comments: the last one that stands directly above ---- */

static void add_comment(reader *r, const char *line)
{
    const char *at = line + strspn(line, " \t");
    at += strspn(at, "/*");
    at += strspn(at, " ");
    size_t size = strlen(at);
    if (size >= 2 && strcmp(at + size - 2, "*/") == 0) size -= 2;
    while (size && at[size - 1] == ' ') size--;
    const size_t have = strlen(r->comment);
    if (size && have + size + 2 < sizeof r->comment)
        snprintf(r->comment + have, sizeof r->comment - have, "%s%.*s", have ? " " : "", (int)size, at);
}

static void watch_comment(reader *r, const char *line)
{
    const bool begins = strncmp(line, "/*", 2) == 0;
    if (begins) r->comment[0] = 0, r->in_comment = true;
    if (r->in_comment)
        add_comment(r, line);
    else
        r->comment[0] = 0; /* code or an empty line: what stood above is not about what comes below */
    if (strstr(line, "*/")) r->in_comment = false;
}

static void take_line(reader *r, const char *line, unsigned number)
{
    char function[96];
    if (tag_of(line)) {
        if (r->tagged) complain(r, number - 1, "one tag for one function", "a tag above a tag");
        r->tagged = false;
        if (!r->is_test) {
            complain(r, number, "only functions in FL_TESTS of a test_*.c run as tests",
                     "a tag in a file that is no test");
            return;
        }
        r->tagged = read_tag(r, line, number);
        return;
    }
    if (r->tagged) {
        r->tagged = false;
        if (function_of(line, function))
            keep(r, function, number);
        else
            complain(r, number - 1, "the next line is: static void name(void)",
                     "this tag is not above a test function");
    }
    watch_comment(r, line);
}

/* ---- FL_TESTS ---- */

/* The name between TEST( and ), moving *at behind it; false at the end. */
static bool next_listed(const char **at, char name[96])
{
    for (const char *found; (found = strstr(*at, "TEST(")); *at = found + 5) {
        const char *end = strchr(found, ')');
        const bool whole = found > *at && !isalnum((unsigned char)found[-1]) && found[-1] != '_';
        if (!end || !whole || (size_t)(end - found) > 5 + 95) continue;
        snprintf(name, 96, "%.*s", (int)(end - found - 5), found + 5);
        *at = end;
        return true;
    }
    return false;
}

static const char *list_of(const char *text)
{
    const char *list = text;
    for (const char *at = text; (at = strstr(at, "\nFL_TESTS(")); at++) list = at;
    return list == text ? "" : list;
}

static void judge_listed(reader *r, const char *text)
{
    char name[96];
    for (size_t i = r->first; i < r->trace->count; i++) {
        const traced_test *test = &r->trace->tests[i];
        bool runs = false;
        for (const char *at = list_of(text); next_listed(&at, name);)
            runs = runs || !strcmp(name, test->function);
        if (!runs)
            complain(r, test->line, "add TEST(name) to FL_TESTS at the end of the file",
                     "%s is tagged and never runs", test->function);
    }
    for (const char *at = list_of(text); next_listed(&at, name);) r->trace->functions++;
}

/* ---- files ---- */

static void read_head(reader *r, const char *text)
{
    char head[LINE_MOST];
    snprintf(head, sizeof head, "%.*s", (int)strcspn(text, "\n"), text);
    const char *labels = strstr(head, "labels:");
    const char *slow = labels ? strstr(labels, " slow") : NULL;
    r->slow = slow && !isalpha((unsigned char)slow[5]);
}

static void read_file(trace *t, const char *path, const char *file, fl_faults *faults)
{
    char *text;
    size_t size;
    fl_error error = {0};
    if (fl_place_read(path, 4 << 20, &text, &size, &error) != FL_OK) {
        fl_faults_add(faults, file, (fl_mark){0}, NULL, "cannot be read: %s", error.what);
        return;
    }
    const char *name = strrchr(file, '/') + 1;
    reader r = {.trace = t, .faults = faults, .file = file, .first = t->count};
    r.is_test = strncmp(name, "test_", 5) == 0;
    read_head(&r, text);
    char line[LINE_MOST];
    unsigned number = 0;
    for (const char *at = text; at && *at; number++) {
        const size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        take_line(&r, line, number + 1);
        at = at[length] ? at + length + 1 : NULL;
    }
    if (r.tagged) complain(&r, number, NULL, "this tag is not above a test function");
    if (r.is_test) {
        t->files++;
        judge_listed(&r, text);
    }
    free(text);
}

void trace_read(trace *t, const char *root, fl_faults *faults)
{
    *t = (trace){0};
    char pattern[FL_PLACE_MAX];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/tests/*/*.c", root);
    if (glob(pattern, 0, NULL, &found) != 0) {
        fl_faults_add(faults, pattern, (fl_mark){0}, NULL, "there are no tests");
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        read_file(t, found.gl_pathv[i], found.gl_pathv[i] + strlen(root) + 1, faults);
    globfree(&found);
}

void trace_free(trace *t)
{
    for (size_t i = 0; i < t->count; i++) free(t->tests[i].shows);
    free(t->tests);
    *t = (trace){0};
}

bool trace_has(const traced_test *test, const char *id)
{
    for (size_t i = 0; i < test->hazard_count; i++)
        if (fl_text_same(test->hazards[i], id)) return true;
    return false;
}

void trace_judge(const trace *t, const hazard_table *table, fl_faults *faults)
{
    for (size_t i = 0; i < t->count; i++)
        for (size_t j = 0; j < t->tests[i].hazard_count; j++)
            if (table_find(table, t->tests[i].hazards[j]) < 0)
                fl_faults_add(faults, t->tests[i].file, (fl_mark){t->tests[i].line - 1, 1},
                              "rows stand in tests/hazards/hazards.yaml", "there is no hazard %s",
                              t->tests[i].hazards[j]);
}

size_t trace_count(const trace *t, const char *id, bool everyday)
{
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++)
        count += trace_has(&t->tests[i], id) && !(everyday && t->tests[i].slow);
    return count;
}
