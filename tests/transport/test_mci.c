/* labels: unit fault fuzz */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/transport/mci.h"

#define HEAD "1.0 # version\n1\n"
#define RUN "out.mco A\n1000\n0.01 0.02\n40 50 1\n"
#define GOOD HEAD RUN "2\n1.0\n1.4 8 350 0.8 0.008\n1.5 0.6 0 0 1E+08 # deep\n1.33\n"

static fl_mci_faults faults; /* 50 kB: not for the stack */

static fl_status read_text(const char *text, size_t size, fl_mci *mci)
{
    /* A copy of exactly that size and its end: the sanitizer sees a step too far. */
    char *copy = malloc(size + 1);
    memcpy(copy, text, size);
    copy[size] = 0;
    const fl_status status = fl_mci_read("f.mci", copy, size, mci, &faults);
    free(copy);
    return status;
}

static void good_files_are_read(void)
{
    fl_mci mci = {NULL, 0};
    CHECK(read_text(GOOD, strlen(GOOD), &mci) == FL_OK && mci.count == 1, "refused: %s",
          faults.fault[0].what);
    const fl_mci_run *run = mci.runs;
    CHECK_TEXT(run->output, "out.mco", "output");
    CHECK(run->format == 'A' && run->photons == 1000 && run->z_cells == 40 && run->r_cells == 50 &&
              run->line == 3,
          "head");
    CHECK_REL(run->dz.m, 1e-4, 1e-12, "dz");
    CHECK_REL(run->dr.m, 2e-4, 1e-12, "dr");
    CHECK(run->medium.layers == 2 && run->medium.variants == 1, "%u layers", run->medium.layers);
    CHECK(run->medium.n_above == 1.0 && run->medium.n_below == 1.33 && run->medium.layer[1].n == 1.5,
          "indices");
    CHECK_REL(run->medium.layer[0].mua[0].per_m, 800, 1e-12, "mua");
    CHECK_REL(run->medium.layer[0].mus.per_m, 35000, 1e-12, "mus");
    CHECK_REL(run->medium.layer[0].thickness.m, 8e-5, 1e-12, "d");
    CHECK_REL(run->medium.layer[1].thickness.m, 1e6, 1e-12, "deep");
    fl_mci_free(&mci);

    static const char several[] =
        "\n# two runs, Windows ends, tabs, blank lines\r\n1.0\r\n2\t# runs\r\n\r\n"
        "a.mco\tA\r\n10\r\n20E-4 20E-4\r\n10 20 30\r\n1\r\n1.0\r\n1.37\t1\t100\t.90\t0.1\r\n1.0\r\n"
        "#---\r\nb.mco b\r\n20\r\n.01 1\r\n1 1 1\r\n1\r\n1\r\n1.37 1 100 -0.9 1e8\r\n1";
    CHECK(read_text(several, strlen(several), &mci) == FL_OK && mci.count == 2, "several: %s",
          faults.fault[0].what);
    CHECK(mci.runs[1].format == 'B' && mci.runs[1].photons == 20 && mci.runs[1].medium.layer[0].g == -0.9,
          "second run");
    CHECK(mci.runs[1].line == 15, "line %u", mci.runs[1].line);
    fl_mci_free(&mci);
}

/* Each file has one fault (or the number said), found at its place. */
static void faults_are_found_at_their_place(void)
{
    // clang-format off
    static const struct { const char *what, *text; unsigned line, column; size_t count; const char *says; } rows[] = {
        { "empty",                "", 1, 1, 1, "ends" },
        { "only a comment",       "# nothing\n", 2, 1, 1, "ends" },
        { "another version",      "2.0\n1\n", 1, 1, 1, "version" },
        { "half a byte order mark", "\xEF\xBB" GOOD, 1, 1, 1, "version" },
        { "UTF-16",               "\xFF\xFE" "1\001.\001", 1, 4, 1, "0x01" },
        { "binary",               "1.0\n1\n\x01\x02\x03", 3, 1, 1, "0x01" },
        { "version with a tail",  "1.0 beta\n1\n" RUN "1\n1\n1.4 1 1 0 1\n1\n", 1, 5, 1, "too many" },
        { "no runs",              "1.0\n0\n", 2, 1, 1, "runs" },
        { "runs minus one",       "1.0\n-1\n", 2, 1, 1, "whole number" },
        { "runs without end",     "1.0\n99999999999999999999\n", 2, 1, 1, "whole number" },
        { "1001 runs",            "1.0\n1001\n", 2, 1, 1, "1000" },
        { "fewer runs than said", "1.0\n2\n" RUN "1\n1\n1.4 1 1 0 1\n1\n", 11, 1, 1, "ends" },
        { "more runs than said",  GOOD "x.mco A\n", 12, 1, 1, "more text" },
        { "no format",            HEAD "out.mco\n1\n1 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 3, 8, 1, "too few" },
        { "format X",             HEAD "out.mco X\n1\n1 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 3, 9, 1, "'X'" },
        { "photons 1e6",          HEAD "o A\n1e6\n1 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 4, 1, 1, "1e6" },
        { "photons 0",            HEAD "o A\n0\n1 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 4, 1, 1, "photons" },
        { "comma decimal",        HEAD "o A\n9\n0,01 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 1, 1, "0,01" },
        { "dz 0",                 HEAD "o A\n9\n0 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 1, 1, "dz" },
        { "dr nan",               HEAD "o A\n9\n1 nan\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 3, 1, "nan" },
        { "dr inf",               HEAD "o A\n9\n1 inf\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 3, 1, "inf" },
        { "hexadecimal",          HEAD "o A\n9\n0x1p-3 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 1, 1, "0x1p-3" },
        { "huge number",          HEAD "o A\n9\n1e999 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 1, 1, "1e999" },
        { "1e400",                HEAD RUN "1\n1\n1.4 1 1e400 0 1\n1\n", 9, 7, 1, "mus is 1e400, must be 0 to" },
        { "-1e400",               HEAD RUN "1\n1\n1.4 -1e400 1 0 1\n1\n", 9, 5, 1, "mua is -1e400, must be 0 to" },
        { "1e-400 deep",          HEAD RUN "1\n1\n1.4 1 1 0 1e-400\n1\n", 9, 11, 1, "thickness" },
        { "NaN",                  HEAD RUN "1\n1\n1.4 NaN 1 0 1\n1\n", 9, 5, 1, "'NaN'" },
        { "-nan(0x1)",            HEAD RUN "1\n1\n1.4 -nan(0x1) 1 0 1\n1\n", 9, 5, 1, "not a number" },
        { "INFINITY thick",       HEAD RUN "1\n1\n1.4 1 1 0 INFINITY\n1\n", 9, 11, 1, "INFINITY" },
        { "two points",           HEAD RUN "1\n1\n1.4.1 1 1 0 1\n1\n", 9, 1, 1, "1.4.1" },
        { "an exponent's beginning", HEAD RUN "1\n1\n1.4 1e 1 0 1\n1\n", 9, 5, 1, "'1e'" },
        { "sixty-one digits",     HEAD RUN "1\n1\n1.4 1 1 0 0.00000000000000000000000000000000000000000000000000000000001\n1\n", 9, 11, 1, "thickness" },
        { "a terminal's order",   HEAD RUN "1\n1\n1.4 1\xC2\x9B" "2J 1 0 1\n1\n", 9, 5, 1, "'1??2J'" },
        { "dz and no dr",         HEAD "o A\n9\n1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 5, 2, 1, "too few" },
        { "cells 2.5",            HEAD "o A\n9\n1 1\n2.5 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 6, 1, 1, "2.5" },
        { "cells 5000",           HEAD "o A\n9\n1 1\n5000 1 1\n1\n1\n1.4 1 1 0 1\n1\n", 6, 1, 1, "4096" },
        { "angle cells 0",        HEAD "o A\n9\n1 1\n1 1 0\n1\n1\n1.4 1 1 0 1\n1\n", 6, 5, 1, "angle" },
        { "no layers",            HEAD RUN "0\n", 7, 1, 1, "layers" },
        { "33 layers",            HEAD RUN "33\n", 7, 1, 1, "32" },
        { "layers: two numbers",  HEAD RUN "1 2\n", 7, 3, 1, "too many" },
        { "n above 0.5",          HEAD RUN "1\n0.5\n1.4 1 1 0 1\n1\n", 8, 1, 1, "above" },
        { "n of a layer",         HEAD RUN "1\n1\n0.4 1 1 0 1\n1\n", 9, 1, 1, "refractive" },
        { "negative mua",         HEAD RUN "1\n1\n1.4 -1 1 0 1\n1\n", 9, 5, 1, "mua" },
        { "negative mus",         HEAD RUN "1\n1\n1.4 1 -1 0 1\n1\n", 9, 7, 1, "mus" },
        { "g 1.1",                HEAD RUN "1\n1\n1.4 1 1 1.1 1\n1\n", 9, 9, 1, "g is" },
        { "g 1 that scatters",    HEAD RUN "1\n1\n1.4 1 1 1 1\n1\n", 9, 9, 1, "scatters" },
        { "d 0",                  HEAD RUN "1\n1\n1.4 1 1 0 0\n1\n", 9, 11, 1, "thickness" },
        { "d -1",                 HEAD RUN "1\n1\n1.4 1 1 0 -1\n1\n", 9, 11, 1, "thickness" },
        { "a unit",               HEAD RUN "1\n1\n1.4 1 1 0 1cm\n1\n", 9, 11, 1, "1cm" },
        { "layer too short",      HEAD RUN "1\n1\n1.4 1 1 0\n1\n", 9, 10, 1, "too few" },
        { "layer too long",       HEAD RUN "1\n1\n1.4 1 1 0 1 7\n1\n", 9, 13, 1, "too many" },
        { "twelve numbers",       HEAD RUN "1\n1\n1.4 1 1 0 1 6 7 8 9 10 11 12\n1\n", 9, 13, 1, "7 too many" },
        { "comment in a row",     HEAD RUN "1\n1\n1.4 1 1 # 0 1\n1\n", 9, 8, 1, "too few" },
        { "no index below",       HEAD RUN "1\n1\n1.4 1 1 0 1\n", 10, 1, 1, "below" },
        { "a trap",               HEAD RUN "1\n1\n1.4 0 100 0.9 1e8\n1\n", 3, 1, 1, "layer 1" },
        { "old Mac line ends",    "1.0\r1\r", 1, 5, 2, "too many" },
        { "five at once",         HEAD "o X\n1e6\n0,1 -1\n1 1 1\n1\n1\n1.4 x 1 0 1\n1\n", 3, 3, 5, "'X'" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_mci mci = {NULL, 4711};
        CHECK(read_text(rows[i].text, strlen(rows[i].text), &mci) == FL_E_FILE, "%s: taken", rows[i].what);
        CHECK(mci.count == 4711, "%s: answer touched", rows[i].what);
        const fl_error *first = &faults.fault[0];
        CHECK(faults.count == rows[i].count, "%s: %zu faults, the last: %s", rows[i].what, faults.count,
              faults.count ? faults.fault[faults.count - 1].what : "");
        CHECK(first->line == rows[i].line && first->column == rows[i].column, "%s: at %u:%u (%s)",
              rows[i].what, first->line, first->column, first->what);
        CHECK(strstr(first->what, rows[i].says), "%s: '%s' does not say %s", rows[i].what, first->what,
              rows[i].says);
        CHECK_TEXT(first->file, "f.mci", rows[i].what);
    }
}

/* What a copied number or another program's habit may look like: the hint says what to write. */
static void hints_say_what_to_write(void)
{
    // clang-format off
    static const struct { const char *what, *text, *hint; } rows[] = {
        { "Fortran's exponent", HEAD RUN "1\n1\n1.4 1.0D+02 1 0 1\n1\n", "E before an exponent" },
        { "a minus of print",   HEAD RUN "1\n1\n1.4 1 1 \xE2\x88\x92" "0.5 1\n1\n", "beyond ASCII" },
        { "a blank of a web page", HEAD RUN "1\n1\n1.4 1 1 0.5\xC2\xA0 1\n1\n", "beyond ASCII" },
        { "a comma",            HEAD RUN "1\n1\n1,4 1 1 0 1\n1\n", "point, not a comma" },
        { "photons 1e6",        HEAD "o A\n1e6\n1 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n", "1000000" },
        { "words, no comment sign", "1.0 file version\n1\n" RUN "1\n1\n1.4 1 1 0 1\n1\n", "#" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_mci mci = {NULL, 0};
        CHECK(read_text(rows[i].text, strlen(rows[i].text), &mci) == FL_E_FILE && faults.count == 1,
              "%s: %zu faults", rows[i].what, faults.count);
        CHECK(strstr(faults.fault[0].hint, rows[i].hint), "%s: '%s'", rows[i].what, faults.fault[0].hint);
    }
}

#define RUN_OF_TWO "2\n1\n1.4 1 1 0 1\n1.4 1 1 0 1\n1\n"

/* A line too many or too few spoils its own run and no other: the fault of the second run is found in its
 * place. */
static void a_torn_run_does_not_spoil_the_next(void)
{
    // clang-format off
    static const struct { const char *what, *first; unsigned line; const char *says; size_t most; } rows[] = {
        { "a layer is missing",  RUN "2\n1\n1.4 1 1 0 1\n1\n", 10, "4 too few", 2 },
        { "a layer too many",    RUN "1\n1\n1.4 1 1 0 1\n1.4 1 1 0 1\n1\n", 10, "4 too many", 1 },
        { "no index below",      RUN "1\n1\n1.4 1 1 0 1\n", 10, "next run", 1 },
        { "no layers at all",    RUN "2\n1\n", 9, "next run", 1 },
        { "no number of layers", RUN "1.0\n1.4 1 1 0 1\n1\n", 7, "whole number", 1 },
        { "no photons",          "o A\n0.01 0.01\n1 1 1\n" RUN_OF_TWO, 4, "1 too many", 6 },
        { "cut short",           "o A\n5\n", 5, "not a number", 4 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1000];
        fl_mci mci = {NULL, 0};
        const int length =
            snprintf(text, sizeof text, "1.0\n2\n%s" RUN "1\n1\n1.4 x 1 0 1\n1\n", rows[i].first);
        CHECK(read_text(text, (size_t)length, &mci) == FL_E_FILE, "%s: taken", rows[i].what);
        CHECK(faults.fault[0].line == rows[i].line && strstr(faults.fault[0].what, rows[i].says),
              "%s: line %u: %s", rows[i].what, faults.fault[0].line, faults.fault[0].what);
        bool found = false;
        for (size_t k = 0; k < faults.count; k++) found |= strstr(faults.fault[k].what, "'x'") != NULL;
        if (strcmp(rows[i].what, "cut short") != 0)
            CHECK(found && faults.count <= rows[i].most + 1, "%s: %zu faults, the last: %s", rows[i].what,
                  faults.count, faults.fault[faults.count - 1].what);
    }
}

/* Files as they come from editors, spreadsheets and other systems, all of them right. */
static void odd_but_right_files_are_read(void)
{
    // clang-format off
    static const struct { const char *what, *text; } rows[] = {
        { "byte order mark",        "\xEF\xBB\xBF" GOOD },
        { "no newline at the end",  HEAD RUN "1\n1\n1.4 1 1 0 1\n1" },
        { "CR CR LF",               "1.0\r\r\n1\r\r\no A\r\r\n5\r\r\n1 1\r\r\n1 1 1\r\r\n1\r\r\n1\r\r\n1.4 1 1 0 1\r\r\n1\r\r\n" },
        { "tabs before and behind", "\t1.0\t\n\t1\t\n\to\tA\t\n5\n1\t1\n1 1 1\n1\n1\n1.4\t\t1\t1\t0\t1\t\t# x\n1\n" },
        { "a comment at a number",  "1.0#v\n1#r\no A#B\n5#\n1 1#\n1 1 1#\n1#\n1#\n1.4 1 1 0 1#2\n1#" },
        { "a comment that is no text", HEAD "# \x01\x02\xff\x7f\n" RUN "1\n1\n1.4 1 1 0 1\n1\n" },
        { "blanks after the end",   GOOD "\n \t\r\n# end" },
        { "signs and bare points",  HEAD RUN "1\n+1.\n1.4 .5 +1E+2 -.5 1.e-1\n1\n" },
        { "too small to be a number", HEAD RUN "1\n1\n1.4 1e-400 1 0 1\n1\n" },
        { "a name with odd letters", HEAD "\xC3\xBC\xE2\x82\xAC.mco b\n5\n1 1\n1 1 1\n1\n1\n1.4 1 1 0 1\n1\n" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_mci mci = {NULL, 0};
        CHECK(read_text(rows[i].text, strlen(rows[i].text), &mci) == FL_OK && mci.count == 1,
              "%s: line %u: %s", rows[i].what, faults.fault[0].line, faults.fault[0].what);
        fl_mci_free(&mci);
    }
}

static void limits_hold(void)
{
    fl_mci mci;
    /* A NUL inside, and a size that is the truth. */
    char hidden[] = GOOD "\0";
    CHECK(read_text(hidden, sizeof hidden - 1, &mci) == FL_E_FILE, "text behind a NUL taken");
    CHECK(strstr(faults.fault[0].what, "0x00"), "'%s'", faults.fault[0].what);
    /* More complaints than we keep. */
    static char many[200000];
    fl_text text = fl_text_in(many, sizeof many);
    fl_text_add(&text, "1.0\n1000\n");
    for (int i = 0; i < 100; i++) fl_text_add(&text, "o X\nx\nx x\nx x x\n1\nx\nx x x x x\nx\n");
    CHECK(read_text(many, text.length, &mci) == FL_E_FILE && faults.count == FL_MCI_FAULTS, "%zu faults",
          faults.count);
    /* A line of 100 kB, a word of 100 kB, and a file past the limit. */
    memset(many, 'x', 100000);
    many[100000] = 0;
    CHECK(read_text(many, 100000, &mci) == FL_E_FILE && faults.count == 1, "a long word");
    memset(many, ' ', 100000);
    memcpy(many + 100000, GOOD, sizeof GOOD);
    CHECK(read_text(many, 100000 + strlen(GOOD), &mci) == FL_OK, "blanks are only blanks: %s",
          faults.fault[0].what);
    fl_mci_free(&mci);
    char *large = calloc(FL_MCI_BYTES + 2, 1);
    memset(large, '\n', FL_MCI_BYTES + 1);
    CHECK(fl_mci_read("f.mci", large, FL_MCI_BYTES + 1, &mci, &faults) == FL_E_FILE, "too large");
    CHECK(strstr(faults.fault[0].what, "bytes"), "'%s'", faults.fault[0].what);
    free(large);
}

/* Twenty thousand damaged copies: read or refused with a place, and nothing else. What is read is fit to run.
 */
static void damage_is_read_or_refused(void)
{
    static const char alphabet[] = "0123456789.eE+-, \t\n\r#AB\x80\xff\x01x";
    fl_random random;
    fl_random_init(&random, 911, 0);
    unsigned taken = 0;
    for (int i = 0; i < 20000; i++) {
        char copy[sizeof GOOD + 8];
        size_t size = sizeof GOOD - 1;
        memcpy(copy, GOOD, sizeof GOOD);
        for (uint64_t n = 1 + fl_random_u64(&random) % 4; n && size; n--) {
            const size_t at = fl_random_u64(&random) % size;
            const char c = alphabet[fl_random_u64(&random) % (sizeof alphabet - 1)];
            switch (fl_random_u64(&random) % 4) {
            case 0: copy[at] = c; break;
            case 1: memmove(copy + at, copy + at + 1, size - at), size--; break;
            case 2: memmove(copy + at + 1, copy + at, size - at), copy[at] = c, size++; break;
            default: size = at + 1; break;
            }
        }
        fl_mci mci = {NULL, 0};
        const fl_status status = read_text(copy, size, &mci);
        if (status == FL_OK) {
            taken++;
            for (size_t k = 0; k < mci.count; k++)
                CHECK(fl_medium_check(&mci.runs[k].medium, NULL) == FL_OK, "unfit medium");
            fl_mci_free(&mci);
            continue;
        }
        CHECK(status == FL_E_FILE && faults.count >= 1 && faults.count <= FL_MCI_FAULTS, "status %d",
              (int)status);
        for (size_t k = 0; k < faults.count; k++)
            CHECK(faults.fault[k].line >= 1 && faults.fault[k].column >= 1 && faults.fault[k].what[0],
                  "a fault without a place");
    }
    CHECK(taken > 500 && taken < 19000, "%u of 20000 taken: the damage is too mild or too wild", taken);
}

FL_TESTS("transport/mci", TEST(good_files_are_read), TEST(odd_but_right_files_are_read),
         TEST(faults_are_found_at_their_place), TEST(hints_say_what_to_write),
         TEST(a_torn_run_does_not_spoil_the_next), TEST(limits_hold), TEST(damage_is_read_or_refused))
