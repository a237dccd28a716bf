/* labels: unit golden   timeout: 120   needs: fadeline-manual manual */
/* The guides on paper: few pages, with their pictures, in their language, and words that are those of the
 * screens. */
#include "check.h"
#include "helper_shell.h"

#include "glossary.h"
#include "words.h"

#include <ctype.h>
#include <stdbool.h>
#include <strings.h>

typedef struct pair {
    const char *english, *french;
} pair;

static const pair terms[] = {
#define X(en, fr, what, quoi) {en, fr},
    GLOSSARY(X)
#undef X
};
static const pair screen[] = {
#define X(id, en, fr) {en, fr},
    WORD_LIST(X)
#undef X
};
#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Letters of Latin-1 in UTF-8 without their case: "Prêt" and "PRÊT". */
static bool same_word(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        const unsigned char x = (unsigned char)*a, y = (unsigned char)*b;
        const bool high = x >= 0x80 && y >= 0x80; /* C3 80..9E and C3 A0..BE are capitals and small ones */
        if (high ? (x | 0x20) != (y | 0x20) : tolower(x) != tolower(y)) return false;
    }
    return *a == *b;
}

/* A word that a screen has too has the same French there, in at least one of its places. */
static void words_are_those_of_the_screens(void)
{
    int compared = 0;
    for (size_t i = 0; i < COUNT(terms); i++) {
        int seen = 0, same = 0;
        for (size_t j = 0; j < COUNT(screen); j++) {
            if (!same_word(terms[i].english, screen[j].english)) continue;
            seen++;
            same += same_word(terms[i].french, screen[j].french);
        }
        CHECK(!seen || same, "'%s' is not '%s' on any screen", terms[i].english, terms[i].french);
        compared += seen > 0;
    }
    CHECK(compared >= 12, "only %d words stand on screens as well", compared);
    CHECK(same_word("PR\xC3\x8AT", "Pr\xC3\xAAt") && !same_word("spot", "spots") &&
              !same_word("rate", "cadence"),
          "the comparison");
}

static void guides_are_short_and_readable(void)
{
    static const struct {
        const char *name, *lang, *words[4];
        int pictures;
    } rows[] = {
        {"quick-guide",
         "en",
         {"Quick guide for the technician", "hold one second", "impulsion", "Not a certified medical device"},
         2},
        {"guide-rapide",
         "fr-CA",
         {"Guide rapide", "tenez une seconde", "fluence",
          "instrument m\xC3\xA9"
          "dical homologu\xC3\xA9"},
         1},
        {"owner",
         "en",
         {"Guide for the owner", "hides no bad day", "point de contr\xC3\xB4le",
          "Not a certified medical device"},
         4},
    };
    const bool reader = shell("command -v pdftotext pdfinfo pdfimages") == 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/guide/%s.pdf", FL_BUILD_DIR, rows[i].name);
        CHECK(shell("head -c 5 %s | grep -q '%%PDF-' && grep -aq '/Lang *(%s)' %s", path, rows[i].lang,
                    path) == 0,
              "%s: %.200s", path, shell_said);
        if (!reader) continue;
        int pages = 0;
        CHECK(shell("pdfinfo %s | sed -n 's/^Pages: *//p'", path) == 0 &&
                  sscanf(shell_said, "%d", &pages) == 1,
              "%s", path);
        CHECK(pages >= 2 && pages <= 4, "%s has %d pages", rows[i].name, pages);
        int pictures = 0;
        CHECK(shell("pdfimages -list %s | grep -c ' image '", path) == 0 &&
                  sscanf(shell_said, "%d", &pictures) == 1,
              "%s", path);
        CHECK(pictures == rows[i].pictures, "%s has %d pictures", rows[i].name, pictures);
        CHECK(shell("pdftotext %s - | tr '\\n' ' '", path) == 0, "%s", path);
        for (size_t j = 0; j < 4; j++)
            CHECK(strcasestr(shell_said, rows[i].words[j]) != NULL, "%s does not say '%s'", rows[i].name,
                  rows[i].words[j]);
    }
    if (!reader) fprintf(stderr, "  (no poppler-utils here: the papers were not read)\n");
}

FL_TESTS("manual/guides", TEST(words_are_those_of_the_screens), TEST(guides_are_short_and_readable))
