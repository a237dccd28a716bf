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
        { "byte order mark",      "\xEF\xBB\xBF" GOOD, 1, 1, 1, "version" },
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

FL_TESTS("transport/mci", TEST(good_files_are_read), TEST(faults_are_found_at_their_place), TEST(limits_hold),
         TEST(damage_is_read_or_refused))
