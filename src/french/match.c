#include "match.h"

#include <ctype.h>
#include <string.h>

/* One conversion: its letter; *at is moved behind it. */
static char conversion(const char **at)
{
    const char *c = *at + 1;
    c += strspn(c, "-+ 0#");
    c += strspn(c, "0123456789.*");
    c += strspn(c, "lzhj");
    *at = c + (*c != 0);
    return *c;
}

static bool is_number(char letter)
{
    return letter && strchr("diufgexX", letter);
}

size_t match_holes(const char *format, unsigned *numbers)
{
    size_t count = 0;
    *numbers = 0;
    for (const char *at = format; *at;) {
        if (*at != '%') {
            at++;
            continue;
        }
        const char letter = conversion(&at);
        if (letter == '%') continue;
        if (is_number(letter)) *numbers |= 1u << count;
        count++;
    }
    return count;
}

/* Longest number at the start: a sign, digits, one point, an exponent. */
static size_t number_size(const char *text, size_t size, bool fraction)
{
    size_t n = size && (*text == '-' || *text == '+');
    const size_t first = n;
    while (n < size && isdigit((unsigned char)text[n])) n++;
    if (n == first) return 0;
    if (!fraction) return n;
    if (n + 1 < size && text[n] == '.' && isdigit((unsigned char)text[n + 1]))
        for (n++; n < size && isdigit((unsigned char)text[n]);) n++;
    if (n + 2 < size && text[n] == 'e' && strchr("+-", text[n + 1]) && isdigit((unsigned char)text[n + 2]))
        for (n += 2; n < size && isdigit((unsigned char)text[n]);) n++;
    return n;
}

static bool go(match *m, const char *format, const char *text, size_t size);

static bool take(match *m, const char *format, const char *text, size_t size, size_t taken, bool number)
{
    m->holes[m->count++] = (match_hole){text, taken, number};
    const bool good = go(m, format, text + taken, size - taken);
    m->count--;
    return good;
}

/* Every length a text value may have: only those at which what follows in the format can go on. */
static bool take_text(match *m, const char *format, const char *text, size_t size)
{
    for (size_t n = 0; n <= size; n++) {
        if (!*format && n < size) continue;
        if (*format && *format != '%' && (n == size || text[n] != *format)) continue;
        if (take(m, format, text, size, n, false)) return true;
        if (!m->steps) return false;
    }
    return false;
}

static bool go(match *m, const char *format, const char *text, size_t size)
{
    if (!m->steps || !--m->steps) return false;
    while (*format && *format != '%') {
        if (!size || *format != *text) return false;
        format++, text++, size--;
    }
    if (!*format) return !size && m->accepts(m, m->self);
    const char letter = conversion(&format);
    if (letter == '%') return size && *text == '%' && go(m, format, text + 1, size - 1);
    if (m->count == MATCH_HOLES) return false;
    if (is_number(letter)) {
        const size_t n = number_size(text, size, !strchr("diuxX", letter));
        return n && take(m, format, text, size, n, true);
    }
    if (letter == 'c') return size && take(m, format, text, size, 1, false);
    return take_text(m, format, text, size);
}

bool match_format(match *m, const char *format, const char *text, size_t size)
{
    m->count = 0;
    if (!size || !*format) return false;
    if (*format == '%') return go(m, format, text, size);
    /* "The room door is open." is the same as "the room door is open". */
    return tolower((unsigned char)*format) == tolower((unsigned char)*text) &&
           go(m, format + 1, text + 1, size - 1);
}
