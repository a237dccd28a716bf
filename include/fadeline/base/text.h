/* Text: a bounded string builder and number readers that know no locale.
 *
 * A German or French desktop turns 1.59 into 1,59 behind strtod's back; these do not. The builder never
 * overruns: what does not fit is cut and `cut` is set, and a caller who must not lose anything checks it.
 *
 *     char room[64];
 *     fl_text text = fl_text_in(room, sizeof room);
 *     fl_text_add(&text, "%s=%llu", "EN", 200000ULL);
 *     if (text.cut) return FL_E_FULL;
 */
#ifndef FL_BASE_TEXT_H
#define FL_BASE_TEXT_H

#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fl_text {
    char *at; /* always terminated */
    size_t length, room;
    bool cut;
} fl_text;

fl_text fl_text_in(char *room, size_t size); /* size at least 1 */
void fl_text_add(fl_text *text, const char *format, ...) FL_PRINTF(2, 3);
/* What wires and records are made of, a tenth of the time of a format: text, a decimal number, upper-case hexadecimal
 * digits of a stated number (0 < digits <= 16; higher digits are left out). */
void fl_text_add_word(fl_text *text, const char *word);
void fl_text_add_u64(fl_text *text, uint64_t value);
void fl_text_add_hex(fl_text *text, uint64_t value, unsigned digits);
void fl_text_add_bytes(fl_text *text, const char *bytes, size_t length);

/* Whole strings only: "12 " and "" are refused, and so are signs for unsigned, hex floats, "nan", "inf" and a
 * decimal comma. FL_E_RANGE, leaving *value alone. */
FL_MUST_USE fl_status fl_read_u64(const char *text, uint64_t *value);
FL_MUST_USE fl_status fl_read_i64(const char *text, int64_t *value);
FL_MUST_USE fl_status fl_read_double(const char *text, double *value);
/* Exactly 2 * size hexadecimal digits, either case. */
FL_MUST_USE fl_status fl_read_hex(const char *text, uint8_t *bytes, size_t size);
/* Lower case; room of 2 * size + 1. Returns room. */
char *fl_hex(const uint8_t *bytes, size_t size, char *room);

bool fl_text_same(const char *a, const char *b); /* NULL equals nothing */
bool fl_text_begins(const char *text, const char *beginning);
/* Nearest candidate by edit distance, for "did you mean"; NULL when nothing is near. */
const char *fl_text_nearest(const char *text, const char *const *candidates, size_t count);

#endif
