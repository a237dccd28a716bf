#include "fadeline/session/said.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NONE "none" /* stands alone */

typedef enum said_kind { WORDS, SCORE, VERSION } said_kind;

// clang-format off
static const struct about {
    const char *name;
    said_kind kind;
    const char *words, *hint;
} abouts[] = {
    {"pain",        SCORE,   "0 1 2 3 4 5 6 7 8 9 10", "pain 0 to 10"},
    {"reaction",    WORDS,   "none erythema oedema purpura blister burn frosting bleeding crust darkening allergy hair-white other",
                             "none, or: erythema oedema purpura blister burn frosting bleeding crust darkening allergy hair-white other"},
    {"cooling",     WORDS,   "none air ice gel", "none, or: air ice gel"},
    {"anaesthetic", WORDS,   "none lidocaine lidocaine-prilocaine tetracaine other", "none, or: lidocaine lidocaine-prilocaine tetracaine other"},
    {"aftercare",   VERSION, "", "the version of the text that was given, with its number: aftercare smp-4"},
    {"photos",      WORDS,   "0-min 15-min", "taken after the last pulse: 0-min 15-min"},
};
// clang-format on
enum { ABOUTS = sizeof abouts / sizeof *abouts, VERSION_MOST = 24 };

static const char *const near_misses[FL_NEAR_MISSES] = {"wrong spot", "eyewear", "zone", "other"};

static fl_status unknown(fl_error *error, const char *hint, const char *format, ...) FL_PRINTF(3, 4);
static fl_status unknown(fl_error *error, const char *hint, const char *format, ...)
{
    char what[160];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    fl_error_set(error, FL_E_NO, "%s", what);
    fl_error_code(error, "note-unknown");
    return fl_error_hint(error, "%s", hint), FL_E_NO;
}

static const struct about *find(const char *name)
{
    for (size_t i = 0; i < ABOUTS; i++)
        if (fl_text_same(abouts[i].name, name)) return &abouts[i];
    return NULL;
}

/* How often `word` is one of the words of `list`. */
static unsigned times_in(const char *list, const char *word, size_t length)
{
    unsigned times = 0;
    for (const char *at = list; *at;) {
        const size_t size = strcspn(at, " ");
        times += size == length && memcmp(at, word, length) == 0;
        at += size;
        at += strspn(at, " ");
    }
    return times;
}

/* Every word said is one of the table, once; they are written in the table's order. */
static fl_status read_words(const struct about *about, const char *said, fl_said *out, fl_error *error)
{
    unsigned count = 0;
    for (const char *at = said + strspn(said, " "); *at; count++) {
        const size_t size = strcspn(at, " ");
        if (!times_in(about->words, at, size))
            return unknown(error, about->hint, "'%.*s' is no word for %s", (int)(size < 40 ? size : 40), at,
                           about->name);
        if (times_in(said, at, size) > 1)
            return unknown(error, about->hint, "'%.*s' is said twice", (int)size, at);
        at += size;
        at += strspn(at, " ");
    }
    if (!count) return unknown(error, about->hint, "%s: nothing is said", about->name);
    if (count > 1 && times_in(said, NONE, strlen(NONE)))
        return unknown(error, about->hint, "'none' stands alone");
    fl_text text = fl_text_in(out->text, sizeof out->text);
    for (const char *at = about->words; *at;) {
        const size_t size = strcspn(at, " ");
        if (times_in(said, at, size)) fl_text_add(&text, "%s%.*s", text.length ? " " : "", (int)size, at);
        at += size;
        at += strspn(at, " ");
    }
    FL_ASSERT(!text.cut); /* every word of the table at once has room */
    out->key = "seen";
    return FL_OK;
}

static fl_status read_score(const struct about *about, const char *said, fl_said *out, fl_error *error)
{
    if (!times_in(about->words, said, strlen(said)))
        return unknown(error, "0 none to 10 the worst there is: pain 3",
                       "pain is a whole number from 0 to 10");
    out->key = "score";
    for (const char *c = said; *c; c++) out->score = 10 * out->score + (*c - '0');
    return FL_OK;
}

/* What no name looks like: one word with a digit in it. */
static fl_status read_version(const struct about *about, const char *said, fl_said *out, fl_error *error)
{
    bool fits = *said && strlen(said) <= VERSION_MOST, digit = false;
    for (const char *c = said; *c && fits; c++) {
        digit |= *c >= '0' && *c <= '9';
        fits = (unsigned char)*c < 128 && (isalnum((unsigned char)*c) || strchr("._-", *c));
    }
    if (!fits || !digit) return unknown(error, about->hint, "this is no version of an aftercare text");
    out->key = "version";
    snprintf(out->text, sizeof out->text, "%s", said);
    return FL_OK;
}

fl_status fl_said_read(const char *about, const char *said, fl_said *out, fl_error *error)
{
    const struct about *row = find(about);
    if (!row)
        return unknown(error, "pain, reaction, cooling, anaesthetic, aftercare or photos",
                       "there is no note about '%.40s'", about);
    *out = (fl_said){.about = row->name};
    switch (row->kind) {
    case SCORE: return read_score(row, said, out, error);
    case VERSION: return read_version(row, said, out, error);
    default: return read_words(row, said, out, error);
    }
}

void fl_said_put(const fl_said *said, fl_entry *note)
{
    fl_entry_text(note, "text", said->about);
    if (fl_text_same(said->key, "score"))
        fl_entry_int(note, said->key, said->score);
    else
        fl_entry_text(note, said->key, said->text);
}

const char *fl_said_about(size_t index, const char **words)
{
    if (index >= ABOUTS) return NULL;
    if (words) *words = abouts[index].words;
    return abouts[index].name;
}

const char *fl_near_miss(unsigned number)
{
    return number >= 1 && number <= FL_NEAR_MISSES ? near_misses[number - 1] : NULL;
}

const char *fl_near_miss_find(const char *said)
{
    if (said[0] >= '0' && said[0] <= '9' && !said[1]) return fl_near_miss((unsigned)(said[0] - '0'));
    if (fl_text_same(said, "wrong-spot")) return near_misses[0];
    for (size_t i = 0; i < FL_NEAR_MISSES; i++)
        if (fl_text_same(near_misses[i], said)) return near_misses[i];
    return NULL;
}
