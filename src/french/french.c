/* A sentence's way: the pair it came from, its values one by one (a value may be a sentence again), the
 * French one filled. */
#include "fadeline/french/french.h"

#include "match.h"
#include "typeset.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <string.h>

#define DEPTH 5      /* sentences in sentences */
#define STEPS 400000 /* of all comparisons for one sentence: a few milliseconds */

static const fl_french_pair pairs[] = {
#include "rows_audit.h"
#include "rows_control.h"
#include "rows_files.h"
#include "rows_laser.h"
#include "rows_manual.h"
#include "rows_plan.h"
#include "rows_rules.h"
#include "rows_words.h"
};
#define PAIRS (sizeof pairs / sizeof *pairs)

const fl_french_pair *fl_french_pair_at(size_t n)
{
    return n < PAIRS ? &pairs[n] : NULL;
}

typedef struct span {
    const char *at;
    size_t size;
} span;

typedef struct job {
    const fl_french_pair *pair;
    fl_text *out;
    unsigned *steps;
    int depth;
} job;

static bool said(span s, int depth, unsigned *steps, fl_text *out);

static void back_to(fl_text *out, size_t length)
{
    out->length = length;
    out->at[length] = 0;
    out->cut = false;
}

/* ---- values ---- */

/* A word that is the same in every language: a number, an id, a unit, a name in capitals, a path. */
static bool is_plain_word(span w)
{
    static const char *const units[] = {"nm", "mm", "cm", "mJ", "ms", "ps", "ns",
                                        "kB", "s",  "h",  "x",  "a*", "b*"};
    bool letter = false;
    for (size_t i = 0; i < w.size; i++) {
        if (isdigit((unsigned char)w.at[i]) || isupper((unsigned char)w.at[i]) || strchr("/_@\\", w.at[i]))
            return true;
        letter |= isalpha((unsigned char)w.at[i]) != 0;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == w.size && memcmp(units[i], w.at, w.size) == 0) return true;
    return !letter;
}

/* What stands around a number is none of it: "(26,732)", "26,732." at an end; left as it is it would be read
 * as 26 and a bit. */
static void add_word(span w, fl_text *out)
{
    const size_t before = w.size && *w.at == '(';
    size_t size = w.size - before;
    while (size && strchr(".,;:)", w.at[before + size - 1])) size--;
    fl_text_add_bytes(out, w.at, before);
    typeset_word(out, w.at + before, size);
    fl_text_add_bytes(out, w.at + before + size, w.size - before - size);
}

static bool add_plain(span value, fl_text *out)
{
    for (size_t i = 0; i < value.size;) {
        span w = {value.at + i, 0};
        while (i + w.size < value.size && w.at[w.size] != ' ') w.size++;
        if (!is_plain_word(w)) return false;
        if (i) fl_text_add(out, " ");
        add_word(w, out);
        i += w.size + 1;
    }
    return true;
}

static bool add_list(span value, const char *gap, int depth, unsigned *steps, fl_text *out);

/* What a text value is in French: a sentence or word of the catalogue, something plain, or a list of these.
 */
static bool add_text(span value, int depth, unsigned *steps, fl_text *out)
{
    const size_t length = out->length;
    if (!value.size) return true;
    if (*value.at == ' ') { /* " and one more": the gap is the format's */
        fl_text_add(out, " ");
        value.at++, value.size--;
    }
    if (said(value, depth + 1, steps, out)) return true;
    back_to(out, length);
    if (add_plain(value, out)) return true;
    back_to(out, length);
    if (add_list(value, "; ", depth, steps, out)) return true;
    back_to(out, length);
    if (add_list(value, ", ", depth, steps, out)) return true;
    back_to(out, length);
    return false;
}

static bool add_list(span value, const char *gap, int depth, unsigned *steps, fl_text *out)
{
    size_t items = 0;
    while (depth < DEPTH) {
        const char *end = memmem(value.at, value.size, gap, strlen(gap));
        const span item = {value.at, end ? (size_t)(end - value.at) : value.size};
        if (!items && !end) return false; /* one item is no list */
        if (items++) fl_text_add(out, "%s", gap);
        if (!item.size || !add_text(item, depth + 1, steps, out)) return false;
        if (!end) return true;
        value = (span){end + strlen(gap), value.size - item.size - strlen(gap)};
    }
    return false;
}

/* ---- the French one, filled ---- */

/* "La mélanine" in the middle of a sentence is "la mélanine"; "ITA" and "IV" stay. */
static void lower_at(fl_text *out, size_t at)
{
    char *c = out->at + at;
    if (out->length < at + 2) return;
    if (isupper((unsigned char)c[0]) && (islower((unsigned char)c[1]) || c[1] == '\'' || c[1] == ' '))
        *c = (char)tolower((unsigned char)*c);
    if ((unsigned char)c[0] == 0xC3 && (unsigned char)c[1] >= 0x80 && (unsigned char)c[1] <= 0x9E)
        c[1] = (char)(c[1] + 0x20);
}

static void upper_at(fl_text *out, size_t at)
{
    char *c = out->at + at;
    if (out->length <= at) return;
    *c = (char)toupper((unsigned char)*c);
    if ((unsigned char)c[0] == 0xC3 && (unsigned char)c[1] >= 0xA0 && (unsigned char)c[1] <= 0xBE)
        c[1] = (char)(c[1] - 0x20);
}

/* An ending of English ("s", "s are") says nothing in French; anything else that is left out would be a loss.
 */
static bool may_be_left_out(const match_hole *hole)
{
    static const char *const endings[] = {"", "s", "is", "are", "s are", " is", "was", "were", "has", "have"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strlen(endings[i]) == hole->size && memcmp(endings[i], hole->at, hole->size) == 0) return true;
    return false;
}

/* What somebody typed ends before our next sentence begins; "Dr M. Example" is no end. */
static bool is_one_sentence(const match_hole *hole)
{
    for (size_t i = 4; i < hole->size; i++)
        if (hole->at[i - 2] == '.' && hole->at[i - 1] == ' ' && isupper((unsigned char)hole->at[i]) &&
            islower((unsigned char)hole->at[i - 3]) && islower((unsigned char)hole->at[i - 4]))
            return false;
    return true;
}

/* {1}, {1!}, {1?one|many}; *at stands behind the brace before, and behind the one after it then. */
static bool fill_hole(const job *j, const match *m, const char **at, size_t begin, unsigned *used)
{
    const size_t n = (size_t)(**at - '1');
    const char *form = *at + 1, *end = strchr(form, '}');
    if (n >= m->count || !end) return false;
    const match_hole *hole = &m->holes[n];
    const size_t length = j->out->length;
    *used |= 1u << n;
    *at = end + 1;
    if (*form == '?') {
        const char *bar = memchr(form, '|', (size_t)(end - form));
        if (!bar) return false;
        const bool one = hole->size == 1 && (*hole->at == '0' || *hole->at == '1');
        if (one)
            fl_text_add_bytes(j->out, form + 1, (size_t)(bar - form - 1));
        else
            fl_text_add_bytes(j->out, bar + 1, (size_t)(end - bar - 1));
        return true;
    }
    if (*form == '!') return is_one_sentence(hole) && (fl_text_add_bytes(j->out, hole->at, hole->size), true);
    if (hole->number) return typeset_word(j->out, hole->at, hole->size), true;
    if (!add_text((span){hole->at, hole->size}, j->depth, j->steps, j->out)) return false;
    if (length > begin + 1 && !strchr(".?", j->out->at[length - 2])) lower_at(j->out, length);
    return true;
}

static bool fill(match *m, void *self)
{
    const job *j = self;
    const size_t begin = j->out->length;
    unsigned used = 0;
    const unsigned left = m->steps;
    *j->steps = m->steps;
    bool good = true;
    for (const char *at = j->pair->french; *at && good;) {
        const size_t plain = strcspn(at, "{");
        fl_text_add_bytes(j->out, at, plain);
        at += plain;
        if (*at) at++, good = fill_hole(j, m, &at, begin, &used);
    }
    for (size_t i = 0; i < m->count && good; i++) good = used & 1u << i || may_be_left_out(&m->holes[i]);
    m->steps = *j->steps < left ? *j->steps : left;
    if (!good || j->out->cut) return back_to(j->out, begin), false;
    return true;
}

/* `=sun` and `=sun!`: the French stands in reasons.h already. */
static fl_french_pair resolved(const fl_french_pair *pair)
{
    char code[64];
    if (pair->french[0] != '=') return *pair;
    const size_t size = strcspn(pair->french + 1, "!");
    if (size >= sizeof code) return (fl_french_pair){0};
    memcpy(code, pair->french + 1, size);
    code[size] = 0;
    const fl_reason_words *words = fl_reason_words_of(code);
    return (fl_french_pair){pair->english, !words                   ? NULL
                                           : pair->french[1 + size] ? words->change
                                                                    : words->text};
}

/* One sentence or word, with or without its full stop. */
static bool whole(span s, int depth, unsigned *steps, fl_text *out)
{
    const size_t begin = out->length;
    for (size_t i = 0; i < PAIRS && *steps; i++) {
        const fl_french_pair pair = resolved(&pairs[i]);
        if (!pair.french) continue;
        job j = {&pair, out, steps, depth};
        match m = {.steps = *steps, .accepts = fill, .self = &j};
        const bool good = match_format(&m, pair.english, s.at, s.size);
        *steps = m.steps;
        if (!good) continue;
        const bool bare = pair.english[0] == '%';
        if (!bare && isupper((unsigned char)*s.at)) upper_at(out, begin);
        if (!bare && islower((unsigned char)*s.at)) lower_at(out, begin);
        return true;
    }
    return false;
}

static bool one(span s, int depth, unsigned *steps, fl_text *out)
{
    if (whole(s, depth, steps, out)) return true;
    if (s.size < 2 || s.at[s.size - 1] != '.') return false;
    if (!whole((span){s.at, s.size - 1}, depth, steps, out)) return false;
    fl_text_add(out, ".");
    return true;
}

/* One sentence, or several: as few as possible, each known. */
static bool said(span s, int depth, unsigned *steps, fl_text *out)
{
    const size_t begin = out->length;
    if (depth > DEPTH || !*steps) return false;
    if (one(s, depth, steps, out)) return true;
    for (size_t n = s.size; n-- > 2;) {
        if (s.at[n - 1] != '.' || s.at[n] != ' ' || n + 1 >= s.size || islower((unsigned char)s.at[n + 1]))
            continue;
        back_to(out, begin);
        if (!one((span){s.at, n}, depth, steps, out)) continue;
        fl_text_add(out, " ");
        if (said((span){s.at + n + 1, s.size - n - 1}, depth + 1, steps, out)) return true;
    }
    back_to(out, begin);
    return false;
}

bool fl_french(const char *english, char *room, size_t size)
{
    char plain[FL_FRENCH];
    unsigned steps = STEPS;
    fl_text out = fl_text_in(plain, sizeof plain);
    *room = 0;
    const span all = {english, strlen(english)};
    if (!all.size || all.size >= FL_FRENCH || !said(all, 0, &steps, &out) || out.cut) return false;
    return typeset(plain, room, size);
}
