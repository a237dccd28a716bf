/* labels: unit proof */
/* Step and monitor judge apart: neither calls a function or a macro of the other, nor one that both would
 * share, so a mistake has to be made twice. Read from the sources: whatever is called must be defined in the
 * same file. */
#include "check.h"

#include "fadeline/base/place.h"

#include <ctype.h>
#include <stdbool.h>

#define NAMES 256

typedef struct names {
    char name[NAMES][64];
    size_t count;
} names;

static bool has(const names *n, const char *name)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->name[i], name) == 0) return true;
    return false;
}

static void add(names *n, const char *at, size_t size)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)size, at);
    if (!has(n, name) && n->count < NAMES) memcpy(n->name[n->count++], name, sizeof name);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Comments and texts become blanks; line ends stay. */
static void blank(char *text)
{
    for (char *at = text; *at;) {
        const bool comment = at[0] == '/' && at[1] == '*', string = *at == '"';
        if (!comment && !string) {
            at++;
            continue;
        }
        const char *end = comment ? strstr(at + 2, "*/") : strchr(at + 1, '"');
        end = end ? end + (comment ? 2 : 1) : at + strlen(at);
        for (; at < end; at++)
            if (*at != '\n') *at = ' ';
    }
}

/* Every name that stands before a bracket; `defined` gets those that a line beginning in column 1 defines. */
static void read_names(const char *source, names *called, names *defined)
{
    char *text = strdup(source);
    blank(text);
    const char *line = text;
    for (const char *at = text; *at; at++) {
        if (*at == '\n') line = at + 1;
        if (*at != '(' || at == text) continue;
        const char *end = at;
        while (end > text && end[-1] == ' ') end--;
        const char *begin = end;
        while (begin > text && is_word(begin[-1])) begin--;
        if (begin == end || isdigit((unsigned char)*begin)) continue;
        const bool macro = strncmp(line, "#define ", 8) == 0 && begin == line + 8;
        const bool function = isalpha((unsigned char)*line) && begin > line && end == at;
        add(macro || function ? defined : called, begin, (size_t)(end - begin));
    }
    free(text);
}

/* What is called and defined elsewhere, but the words of the language; the names, one after the other. */
static size_t borrowed(const char *source, char *room, size_t size)
{
    static const char *const language[] = {"if",     "for",    "while",         "switch",
                                           "return", "sizeof", "__attribute__", "defined"};
    static names called, defined;
    called.count = defined.count = 0;
    read_names(source, &called, &defined);
    size_t count = 0;
    room[0] = 0;
    for (size_t i = 0; i < called.count; i++) {
        bool word = has(&defined, called.name[i]);
        for (size_t k = 0; k < sizeof language / sizeof *language; k++)
            word = word || strcmp(language[k], called.name[i]) == 0;
        if (word) continue;
        count++;
        snprintf(room + strlen(room), size - strlen(room), "%s ", called.name[i]);
    }
    return count;
}

static char *source_of(const char *name)
{
    char path[FL_PLACE_MAX], *text = NULL;
    size_t size;
    snprintf(path, sizeof path, "%s/%s", FL_SOURCE_DIR, name);
    CHECK(fl_place_read(path, 1 << 20, &text, &size, NULL) == FL_OK && size > 500, "%s", path);
    return text ? text : strdup("");
}

/* The step packs its next state with the one function that belongs to the layout; the monitor calls nothing.
 */
/* hazards: H57 */
static void step_and_monitor_share_no_predicate(void)
{
    char room[600];
    char *step = source_of("src/interlock/step.c"), *monitor = source_of("src/interlock/monitor.c");
    borrowed(step, room, sizeof room);
    CHECK_TEXT(room, "fl_interlock_state_of ", "the step borrows");
    borrowed(monitor, room, sizeof room);
    CHECK_TEXT(room, "", "the monitor borrows");
    free(step);
    free(monitor);
}

/* Nor do the headers they both read define one: a layout, codes, and prototypes. */
/* hazards: H57 */
static void their_headers_hold_a_layout_only(void)
{
    static const char *const headers[] = {"inputs.h", "reason.h", "step.h", "monitor.h"};
    unsigned inlines = 0;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char name[64];
        snprintf(name, sizeof name, "include/fadeline/interlock/%s", headers[i]);
        char *text = source_of(name);
        blank(text);
        for (const char *at = text; (at = strstr(at, "inline")); at++) inlines++;
        for (const char *at = text; (at = strstr(at, "#define ")); at++) {
            const char *end = at + 8 + strcspn(at + 8, " (\n");
            const bool list = *end == '(' && strncmp(end, "(X)", 3) == 0;
            const bool plain = *end != '(';
            CHECK(list || plain || strncmp(at, "#define X(", 10) == 0, "%s: %.60s", headers[i], at);
        }
        free(text);
    }
    CHECK(inlines == 2, "%u inline functions; they may share the packing of a state and of a reason",
          inlines);
}

static void a_borrowed_predicate_is_seen(void)
{
    static const struct {
        const char *what, *source, *borrows;
    } rows[] = {
        {"its own", "static bool good(int a)\n{\n    if (a) return good(a - 1);\n    return a;\n}\n", ""},
        {"a macro of its own", "#define ON(x) (1u << (x))\nint f(int a)\n{\n    return ON(a);\n}\n", ""},
        {"in a comment", "int f(int a)\n{\n    return a; /* armed_mode(a) */\n}\n", ""},
        {"the other's function", "int f(int a)\n{\n    return armed_mode(a);\n}\n", "armed_mode "},
        {"the other's public one",
         "int f(int a)\n{\n    if (fl_mode_is_armed(a)) return 1;\n    return 0;\n}\n", "fl_mode_is_armed "},
        {"a foreign macro", "#define ON(x) BIT(x)\nint f(int a)\n{\n    return ON(a);\n}\n", "BIT "},
        {"through a prototype", "int f(int a)\n{\n    return hard_ok (a);\n}\n", "hard_ok "},
    };
    char room[400];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        borrowed(rows[i].source, room, sizeof room);
        CHECK_TEXT(room, rows[i].borrows, rows[i].what);
    }
}

FL_TESTS("proof/apart", TEST(step_and_monitor_share_no_predicate), TEST(their_headers_hold_a_layout_only),
         TEST(a_borrowed_predicate_is_seen))
