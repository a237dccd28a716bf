/* labels: unit */
/* No sentence is forgotten: every line of prose in the sources below is in the catalogue, or stands in
 * without.txt, which is the list of those that a French screen shows in English (and of those that no screen
 * shows). A line of prose is a string literal, adjacent ones joined, in which two words of letters follow
 * each other. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/french/french.h"

#include <ctype.h>
#include <glob.h>

/* What makes sentences for screens. Whole folders are not here: a reader of files, a thread, a store say
 * nothing to a technician. */
static const char *const sources[] = {
    "include/fadeline/interlock/reason.h",
    "include/fadeline/link/message.h",
    "include/fadeline/session/people.h",
    "src/session/allow.c",
    "src/session/manual*.c",
    "src/session/reading.c",
    "src/session/conduct*.c",
    "src/session/second.[ch]",
    "src/session/said.c",
    "src/session/eyewear.c",
    "src/session/fault_text.c",
    "src/session/duties.h",
    "src/session/opening.c",
    "src/session/control.c",
    "src/session/face_client.c",
    "src/link/gl1_grant.c",
    "src/planner/reasons.c",
    "src/course/alternatives.c",
    "src/course/conditions.c",
    "src/course/course.c",
    "src/course/forecast.c",
    "src/course/gates.c",
    "src/course/history.c",
    "src/course/ink_seen.c",
    "src/course/physics.c",
    "src/course/reads.c",
    "src/course/settings.c",
    "src/course/skin.c",
    "src/course/tests.c",
    "src/course/zones.c",
    "src/course/zones_drawn.c",
    "src/report/audit_words.c",
    "src/report/audit_care.c",
    "src/report/audit_money.c",
};

typedef struct prose {
    char *text;
    bool seen; /* of a line of without.txt: the sources still have it */
} prose;
static prose without[600];
static size_t without_count, literals, known;

static char *slurp(const char *path)
{
    char *bytes;
    size_t size;
    CHECK(fl_place_read(path, 4u << 20, &bytes, &size, NULL) == FL_OK, "%s", path);
    return bytes;
}

/* Escapes of C that sentences have: \" and \n. */
static void unescape(char *text)
{
    char *out = text;
    for (const char *c = text; *c; c++) {
        if (*c == '\\' && c[1])
            c++, *out++ = *c == 'n' ? '\n' : *c;
        else
            *out++ = *c;
    }
    *out = 0;
}

static bool is_word(const char *from, const char *to)
{
    if (to - from < 2) return false;
    for (const char *c = from; c < to; c++)
        if (!islower((unsigned char)*c) && *c != '\'') return false;
    return true;
}

static bool is_prose(const char *text)
{
    bool before = false;
    for (const char *c = text; *c;) {
        const char *end = c + strcspn(c, " ");
        const char *letters = end > c && strchr(",;:.", end[-1]) ? end - 1 : end;
        const bool word = is_word(c, letters);
        if (word && before) return true;
        before = word;
        c = end + (*end == ' ');
    }
    return false;
}

static bool is_pair(const char *text)
{
    const fl_french_pair *p;
    text += strspn(text, " "); /* " Also: %s": the gap is the paragraph's */
    const size_t size = strlen(text), bare = size && text[size - 1] == '.' ? size - 1 : size;
    for (size_t n = 0; (p = fl_french_pair_at(n)); n++)
        if (strcmp(p->english, text) == 0 ||
            (strlen(p->english) == bare && strncmp(p->english, text, bare) == 0))
            return true;
    return false;
}

static void meet(const char *text, const char *path)
{
    if (!is_prose(text)) return;
    literals++;
    if (is_pair(text)) {
        known++;
        return;
    }
    for (size_t i = 0; i < without_count; i++)
        if (strcmp(without[i].text, text) == 0) {
            without[i].seen = true;
            return;
        }
    CHECK(false, "%s: neither in src/french nor in without.txt:\n%.700s", path, text);
}

/* Reads C just well enough: comments and #include lines are skipped, adjacent literals joined. */
static void read_source(const char *path)
{
    char *bytes = slurp(path), text[8192];
    size_t size = 0;
    bool joined = false;
    for (const char *c = bytes; *c;) {
        if (c[0] == '/' && c[1] == '*') {
            const char *end = strstr(c + 2, "*/");
            c = end ? end + 2 : c + strlen(c);
        } else if (c[0] == '\'' && c[1] && (c[2] == '\'' || c[1] == '\\')) {
            c += c[1] == '\\' ? 4 : 3;
        } else if (strncmp(c, "#include", 8) == 0) {
            c += strcspn(c, "\n");
        } else if (*c == '"') {
            const char *end = ++c;
            while (*end && *end != '"') end += *end == '\\' ? 2 : 1;
            CHECK(size + (size_t)(end - c) < sizeof text, "%s: a long literal", path);
            memcpy(text + size, c, (size_t)(end - c));
            size += (size_t)(end - c);
            joined = true;
            c = end + 1;
        } else if (isspace((unsigned char)*c) || *c == '\\') {
            c++;
        } else {
            if (joined) {
                text[size] = 0;
                unescape(text);
                meet(text, path);
            }
            joined = false;
            size = 0;
            c++;
        }
    }
    free(bytes);
}

static void read_without(void)
{
    char *bytes = slurp(FL_TEST_DIR "/without.txt");
    for (char *line = strtok(bytes, "\n"); line; line = strtok(NULL, "\n")) {
        if (*line == '#') continue;
        CHECK(without_count < sizeof without / sizeof *without, "too many");
        without[without_count++].text = strdup(line);
        unescape(without[without_count - 1].text);
    }
    free(bytes);
}

static void every_sentence_has_its_french_or_is_listed(void)
{
    read_without();
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        char pattern[500];
        glob_t found;
        snprintf(pattern, sizeof pattern, "%s/%s", FL_SOURCE_DIR, sources[i]);
        CHECK(glob(pattern, 0, NULL, &found) == 0, "%s", sources[i]);
        for (size_t k = 0; k < found.gl_pathc; k++) read_source(found.gl_pathv[k]);
        globfree(&found);
    }
    for (size_t i = 0; i < without_count; i++) {
        CHECK(without[i].seen, "without.txt: no source says this any more:\n%.700s", without[i].text);
        free(without[i].text);
    }
    printf("# %zu sentences, %zu with their French, %zu listed without\n", literals, known, without_count);
    CHECK(literals > 400 && known * 10 > literals * 8, "%zu of %zu", known, literals);
}

/* The reader itself: what it must find, and what it must not take for prose. */
static void the_reader_reads(void)
{
    static const struct {
        const char *text;
        bool prose;
    } rows[] = {{"the room door is open", true},
                {"%s: all %d planned pulses", true},
                {"not-signed-in", false},
                {"sid", false},
                {"%s %s", false},
                {"READY", false},
                {"F-L, F-R", false},
                {"Only time.", true},
                {"", false},
                {"plan again", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(is_prose(rows[i].text) == (rows[i].prose && strcmp(rows[i].text, "Only time.") != 0), "%s",
              rows[i].text);
    CHECK(is_pair("the room door is open") && !is_pair("the room door is ajar"), "pairs");
}

FL_TESTS("french/sources", TEST(the_reader_reads), TEST(every_sentence_has_its_french_or_is_listed))
