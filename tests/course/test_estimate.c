/* labels: unit   needs: fadeline */
#include "check.h"

#include "fadeline/course/estimate.h"

#include <jansson.h>

static fl_estimate of(const char *const names[FL_ESTIMATE_ITEMS])
{
    const fl_estimate_level *levels[FL_ESTIMATE_ITEMS] = {0};
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++)
        CHECK(fl_estimate_level_of((fl_estimate_item)i, names[i], &levels[i], NULL) == FL_OK, "no level '%s'",
              names[i]);
    return fl_estimate_of(levels);
}

/* KD1 to KD6 of the clinical reference: two are published worked examples, two are the ends of the scale. */
// clang-format off
static const struct example { const char *what; const char *names[FL_ESTIMATE_ITEMS]; int score, low, high, ps; bool memory; } examples[] = {
    { "KD1 scalp dots",      { "II", "head_neck", "black_only", "minimal", "none", "none" },                      6, 4, 9, 5, true },
    { "KD2 blog, brow",      { "III", "head_neck", "black_only", "amateur", "none", "none" },                     6, 4, 9, 5, false },
    { "KD3 blog, chest",     { "ii", "upper-trunk", "multiple-colours", "moderate", "none", "none" },            11, 9, 14, 9, false },
    { "KD4 strip scar",      { "IV", "head_neck", "black_only", "moderate", "moderate", "layered_or_cover_up" }, 14, 12, 17, 11, true },
    { "KD5 the most",        { "VI", "distal_extremity", "multiple_colours", "significant", "significant", "layered_or_cover_up" }, 26, 24, 29, 20, true },
    { "KD6 the least",       { "I", "head_neck", "black_only", "amateur", "none", "none" },                       4, 2, 7, 4, false },
};
// clang-format on

static void worked_examples(void)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const fl_estimate e = of(examples[i].names);
        CHECK(e.score == examples[i].score && e.low == examples[i].low && e.high == examples[i].high,
              "%s: %d (%d-%d)", examples[i].what, e.score, e.low, e.high);
        CHECK(e.picosecond_adjusted == examples[i].ps, "%s: picosecond %d", examples[i].what,
              e.picosecond_adjusted);
        CHECK(e.from_memory == examples[i].memory, "%s: memory", examples[i].what);
    }
}

/* The same as a person at a terminal gets them. */
static void worked_examples_on_the_command_line(void)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *row = &examples[i];
        char command[600], text[600];
        snprintf(command, sizeof command,
                 FL_BUILD_DIR "/fadeline estimate --skin %s --location %s --colour %s --ink %s --scarring %s "
                              "--layering %s --json 2>/dev/null",
                 row->names[0], row->names[1], row->names[2], row->names[3], row->names[4], row->names[5]);
        FILE *out = popen(command, "r");
        const size_t size = out ? fread(text, 1, sizeof text - 1, out) : 0;
        text[size] = 0;
        CHECK(out && pclose(out) == 0, "%s: refused", row->what);
        json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        int score, low, high, ps;
        CHECK(json_unpack(json, "{s:i, s:i, s:i, s:i}", "score", &score, "low", &low, "high", &high,
                          "picosecond_adjusted", &ps) == 0 &&
                  score == row->score && low == row->low && high == row->high && ps == row->ps,
              "%s: %s", row->what, text);
        json_decref(json);
    }
}

static void a_wrong_word_names_the_right_ones(void)
{
    static const char *const wrong[] = {"VII", "", "scalp", "black", "none ", "II\n", "moderat"};
    for (int item = 0; item < FL_ESTIMATE_ITEMS; item++)
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            const fl_estimate_level *level = NULL;
            fl_error error;
            CHECK(fl_estimate_level_of((fl_estimate_item)item, wrong[i], &level, &error) == FL_E_USAGE &&
                      !level,
                  "'%s' was taken for %s", wrong[i], fl_estimate_item_name((fl_estimate_item)item));
            CHECK(strlen(error.hint) > 10, "no hint for '%s'", wrong[i]);
        }
}

/* FADE_50 to FADE_95 of the reference, r = 21.35 %. */
static void fading(void)
{
    static const struct {
        double share;
        int sessions;
    } rows[] = {{0.50, 3}, {0.75, 6}, {0.90, 10}, {0.95, 13}, {0.30, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_estimate_fade_sessions(rows[i].share, 0.2135) == rows[i].sessions, "%g: %d", rows[i].share,
              fl_estimate_fade_sessions(rows[i].share, 0.2135));
    static const double wrong[][2] = {{0, 0.2},   {1, 0.2},   {0.5, 0}, {0.5, 1},
                                      {NAN, 0.2}, {0.5, NAN}, {-1, 0.2}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(fl_estimate_fade_sessions(wrong[i][0], wrong[i][1]) == 0, "row %zu", i);
}

FL_TESTS("course/estimate", TEST(worked_examples), TEST(worked_examples_on_the_command_line),
         TEST(a_wrong_word_names_the_right_ones), TEST(fading))
