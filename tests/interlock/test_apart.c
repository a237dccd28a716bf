/* labels: unit proof */
/* Step, monitor and table are three copies only as long as they share nothing but the layout of the inputs
 * and the codes of modes and flags: which headers each may include, and whose functions each may call. The
 * sentences that judge the monitor (verdicts_sentences.c) are held to the same. */
#include "check.h"

#include "fadeline/base/place.h"

#include <ctype.h>

typedef struct copy {
    const char *path;
    const char *may_include[4]; /* of ours; <...> of the system is free */
    const char *may_call[4];    /* names beginning with fl_, a bracket after them */
} copy;

/* monitor.h and table.h include step.h for its types. is_well_formed and mode_is_armed are predicates of the
 * step, so nobody else may call them. */
static const copy copies[] = {
    {"src/interlock/step.c",
     {"fadeline/interlock/step.h"},
     {"fl_interlock_state_of", "fl_interlock_step", "fl_interlock_is_well_formed", "fl_mode_is_armed"}},
    {"src/interlock/monitor.c", {"fadeline/interlock/monitor.h"}, {"fl_interlock_monitor"}},
    {"tests/interlock/table_rows.c", {"table.h"}, {NULL}},
    {"tests/interlock/verdicts_sentences.c", {"verdicts_sentences.h"}, {"fl_inputs_unpack"}},
    {"tests/interlock/table.h", {"fadeline/interlock/step.h"}, {NULL}},
    {"tests/interlock/verdicts_sentences.h", {"fadeline/interlock/step.h"}, {NULL}},
    {"include/fadeline/interlock/monitor.h",
     {"fadeline/interlock/step.h"},
     {"fl_interlock_monitor", "fl_invariant_name", "fl_invariant_sentence"}},
};

static bool is_among(const char *const list[4], const char *name)
{
    for (int i = 0; i < 4 && list[i]; i++)
        if (strcmp(list[i], name) == 0) return true;
    return false;
}

/* Comments speak freely: they are blanked before the text is read. */
static void blank_comments(char *text)
{
    for (char *at = text; (at = strstr(at, "/*"));)
        for (char *end = strstr(at, "*/") + 2; at < end; at++)
            if (*at != '\n') *at = ' ';
}

/* The first thing in the text that the copy may not have, in `what`; false when there is none. */
static bool shares(const copy *c, const char *text, char what[128])
{
    for (const char *at = text; (at = strstr(at, "#include \"")); at++)
        if (sscanf(at, "#include \"%127[^\"]", what) == 1 && !is_among(c->may_include, what)) return true;
    for (const char *at = text; (at = strstr(at, "fl_"));) {
        size_t n = 0;
        while (n < 127 && (isalnum((unsigned char)at[n]) || at[n] == '_')) n++;
        snprintf(what, 128, "%.*s", (int)n, at);
        const bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
        if (begins && at[n] == '(' && !is_among(c->may_call, what)) return true;
        at += n;
    }
    return false;
}

/* No predicate, no header and no function in common. */
/* hazards: H57 */
static void the_copies_share_nothing_but_the_layout(void)
{
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        char path[512], what[128] = "", *text = NULL;
        size_t size = 0;
        snprintf(path, sizeof path, FL_SOURCE_DIR "/%s", copies[i].path);
        CHECK(fl_place_read(path, 1 << 20, &text, &size, NULL) == FL_OK && size > 100, "%s", path);
        if (!text) continue;
        blank_comments(text);
        CHECK(!shares(&copies[i], text, what), "%s: may not use %s", copies[i].path, what);
        free(text);
    }
}

static void a_shared_helper_is_seen(void)
{
    char what[128];
    const copy *monitor = &copies[1];
    CHECK(shares(monitor, "if (!fl_mode_is_armed(s.mode)) return", what), "a predicate of the step passed");
    CHECK(shares(monitor, "#include \"fadeline/interlock/core.h\"\n", what), "another header passed");
    CHECK(shares(monitor, "#include \"step.c\"\n", what), "the step itself passed");
    CHECK(!shares(monitor, "fl_interlock_state s; FL_MODE_EMIT", what), "types are refused");
    char comment[] = "/* fl_interlock_step() */ int x;";
    blank_comments(comment);
    CHECK(!shares(monitor, comment, what), "a comment is refused");
}

FL_TESTS("interlock/apart", TEST(the_copies_share_nothing_but_the_layout), TEST(a_shared_helper_is_seen))
