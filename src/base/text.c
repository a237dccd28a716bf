#include "fadeline/base/text.h"

#include "fadeline/base/assert.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

fl_text fl_text_in(char *room, size_t size)
{
    FL_ASSERT(room && size >= 1);
    room[0] = 0;
    return (fl_text){.at = room, .room = size};
}

void fl_text_add(fl_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const size_t left = text->room - text->length;
    const int wanted = vsnprintf(text->at + text->length, left, format, arguments);
    va_end(arguments);
    if (wanted < 0 || (size_t)wanted >= left) {
        text->cut = true;
        text->length = text->room - 1;
    } else
        text->length += (size_t)wanted;
}

void fl_text_add_bytes(fl_text *text, const char *bytes, size_t length)
{
    const size_t left = text->room - text->length - 1;
    if (length > left) {
        text->cut = true;
        length = left;
    }
    memcpy(text->at + text->length, bytes, length);
    text->length += length;
    text->at[text->length] = 0;
}

void fl_text_add_word(fl_text *text, const char *word)
{
    fl_text_add_bytes(text, word, strlen(word));
}

void fl_text_add_u64(fl_text *text, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    for (; value >= 10; value /= 10) digits[--at] = (char)('0' + value % 10);
    digits[--at] = (char)('0' + value);
    fl_text_add_bytes(text, digits + at, sizeof digits - at);
}

void fl_text_add_hex(fl_text *text, uint64_t value, unsigned digits)
{
    char room[16];
    FL_ASSERT(digits > 0 && digits <= sizeof room);
    const bool fits = digits < text->room - text->length;
    char *to = fits ? text->at + text->length : room;
    for (unsigned i = digits; i-- > 0; value >>= 4) to[i] = "0123456789ABCDEF"[value & 15];
    if (!fits) {
        fl_text_add_bytes(text, room, digits);
        return;
    }
    text->length += digits;
    text->at[text->length] = 0;
}

fl_status fl_read_u64(const char *text, uint64_t *value)
{
    if (!text || !*text) return FL_E_RANGE;
    uint64_t sum = 0;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9') return FL_E_RANGE;
        if (__builtin_mul_overflow(sum, 10u, &sum) || __builtin_add_overflow(sum, (uint64_t)(*c - '0'), &sum))
            return FL_E_RANGE;
    }
    *value = sum;
    return FL_OK;
}

fl_status fl_read_i64(const char *text, int64_t *value)
{
    if (!text) return FL_E_RANGE;
    const bool negative = *text == '-';
    uint64_t size;
    if (fl_read_u64(text + negative, &size) != FL_OK) return FL_E_RANGE;
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0)) return FL_E_RANGE;
    *value = negative ? (int64_t)(0 - size) : (int64_t)size;
    return FL_OK;
}

static locale_t plain; /* the C locale */

static void make_plain(void)
{
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    FL_ASSERT(plain);
}

fl_status fl_read_double(const char *text, double *value)
{
    if (!text || !*text) return FL_E_RANGE;
    /* Only digits, one sign, one point, one exponent: strtod alone takes "nan", "0x1p3" and leading space. */
    for (const char *c = text; *c; c++)
        if (!strchr("0123456789+-.eE", *c)) return FL_E_RANGE;
    static once_flag made = ONCE_FLAG_INIT;
    call_once(&made, make_plain);
    char *end;
    errno = 0;
    const double read = strtod_l(text, &end, plain);
    if (end == text || *end || !isfinite(read)) return FL_E_RANGE;
    *value = read;
    return FL_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

fl_status fl_read_hex(const char *text, uint8_t *bytes, size_t size)
{
    if (!text || strlen(text) != 2 * size) return FL_E_RANGE;
    for (size_t i = 0; i < 2 * size; i++)
        if (hex_digit(text[i]) < 0) return FL_E_RANGE;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
    return FL_OK;
}

char *fl_hex(const uint8_t *bytes, size_t size, char *room)
{
    for (size_t i = 0; i < 2 * size; i++) room[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 ? 0 : 4) & 15];
    room[2 * size] = 0;
    return room;
}

bool fl_text_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}
bool fl_text_begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

#define LONGEST 63

/* Levenshtein 1966, one row at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 2];
    const size_t m = strlen(b);
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t swap = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            const size_t drop = row[j] + 1, insert = row[j - 1] + 1;
            row[j] = swap < drop ? swap : drop;
            if (insert < row[j]) row[j] = insert;
        }
    }
    return row[m];
}

const char *fl_text_nearest(const char *text, const char *const *candidates, size_t count)
{
    const char *best = NULL;
    /* Three typing errors, or half of a short word, and it is another word. */
    size_t least = strlen(text) / 2 + 2 < 4 ? strlen(text) / 2 + 2 : 4;
    for (size_t i = 0; i < count; i++) {
        if (strlen(candidates[i]) > LONGEST) continue;
        const size_t d = distance(text, candidates[i]);
        if (d < least) best = candidates[i], least = d;
    }
    return best;
}
