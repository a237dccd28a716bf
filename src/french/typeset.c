#include "typeset.h"

#include "fadeline/french/french.h"

#include <ctype.h>
#include <string.h>

#define NARROW "\xe2\x80\xaf" /* U+202F, between thousands and before a unit */
#define FIXED "\xc2\xa0"      /* U+00A0, before a colon, inside guillemets */
#define MINUS "\xe2\x88\x92"

static bool is_time(const char *w, size_t size)
{
    return (size == 5 || size == 8) && isdigit((unsigned char)w[0]) && isdigit((unsigned char)w[1]) &&
           w[2] == ':' && isdigit((unsigned char)w[3]) && isdigit((unsigned char)w[4]) &&
           (size == 5 || (w[5] == ':' && isdigit((unsigned char)w[6]) && isdigit((unsigned char)w[7])));
}

/* "18 h 30", "9 h 30 min 15 s"; whole minutes without seconds. */
static void add_time(fl_text *out, const char *w, size_t size)
{
    const size_t zero = w[0] == '0';
    fl_text_add_bytes(out, w + zero, 2 - zero);
    fl_text_add(out, FIXED "h" FIXED);
    fl_text_add_bytes(out, w + 3, 2);
    if (size == 8 && memcmp(w + 6, "00", 2) != 0) {
        fl_text_add(out, FIXED "min" FIXED);
        fl_text_add_bytes(out, w + 6, 2);
        fl_text_add(out, FIXED "s");
    }
}

/* "26,732" as the audit writes it; its digits without commas, 0: it is no such number. */
static size_t ungrouped(const char *word, size_t size, char digits[32])
{
    size_t n = 0, since = 0, commas = 0;
    for (size_t i = 0; i < size && n < 31; i++) {
        const bool sign = i == 0 && (*word == '-' || *word == '+');
        if (word[i] == ',' && (commas ? since == 3 : n > 0)) {
            commas++, since = 0;
            continue;
        }
        if (!sign && !isdigit((unsigned char)word[i])) return 0;
        digits[n++] = word[i];
        since++;
    }
    return commas && since == 3 ? n : 0;
}

void typeset_word(fl_text *out, const char *word, size_t size)
{
    char digits[32];
    const size_t plain = size < sizeof digits ? ungrouped(word, size, digits) : 0;
    if (plain) word = digits, size = plain;
    size_t n = size && (*word == '-' || *word == '+'), whole = 0, point = 0;
    const size_t sign = n;
    if (is_time(word, size)) return add_time(out, word, size);
    while (n + whole < size && isdigit((unsigned char)word[n + whole])) whole++;
    n += whole;
    if (n < size && word[n] == '.') {
        point = n++;
        while (n < size && isdigit((unsigned char)word[n])) n++;
        if (n == point + 1) n = point; /* "1." ends a sentence */
    }
    if (!whole || n != size) { /* no number; but 4.0 in "(4.0)," is not worth a guess */
        fl_text_add_bytes(out, word, size);
        return;
    }
    if (sign) fl_text_add(out, "%s", *word == '-' ? MINUS : "+");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole > 4 || plain) && word[sign] != '0' && (whole - i) % 3 == 0) fl_text_add(out, NARROW);
        fl_text_add_bytes(out, word + sign + i, 1);
    }
    if (!point) return;
    fl_text_add(out, ",");
    fl_text_add_bytes(out, word + point + 1, size - point - 1);
}

/* Whether a unit stands here, and ends here. */
static bool is_unit(const char *at)
{
    static const char *const units[] = {"J/cm²", "mJ", "J", "nm",  "mm", "cm²", "cm", "Hz", "kHz",
                                        "ms",    "ps", "s", "min", "h",  "%",   "K",  "°C"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t size = strlen(units[i]);
        if (strncmp(at, units[i], size) == 0 && !isalnum((unsigned char)at[size]) && at[size] != '/' &&
            !((unsigned char)at[size] & 0x80))
            return true;
    }
    return false;
}

const char *fl_french_gap(char before, const char *space)
{
    const char *after = space + 1;
    if (isdigit((unsigned char)before) && is_unit(after)) return NARROW;
    if (*after == ':' || strncmp(after, "»", 2) == 0) return FIXED;
    return before == "«"[1] ? FIXED : NULL;
}

bool typeset(const char *plain, char *room, size_t size)
{
    fl_text out = fl_text_in(room, size);
    for (const char *c = plain; *c; c++) {
        const char *gap = *c == ' ' ? fl_french_gap(c > plain ? c[-1] : 0, c) : NULL;
        if (gap)
            fl_text_add(&out, "%s", gap);
        else
            fl_text_add_bytes(&out, c, 1);
    }
    if (out.cut) *room = 0;
    return !out.cut;
}
