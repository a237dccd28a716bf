/* One byte string says one thing: what is read must be spelt as the writer spells it, letter by letter and
 * number by number, where it stands. (A second spelling is never the beginning of the first, nor the other
 * way round, so comparing piece by piece is comparing the whole; tests/journal/helper_plain.c does it the
 * long way.) */
#include "fadeline/journal/entry.h"

#include "letters.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/base/utf8.h"

#include <string.h>

#define INT_DIGITS 17 /* one more than the largest has; what still follows is then no end of a number */

typedef struct scan {
    const char *at, *end;
} scan;

static bool take(scan *s, char c)
{
    if (s->at == s->end || *s->at != c) return false;
    s->at++;
    return true;
}

static bool peek(const scan *s, char c)
{
    return s->at < s->end && *s->at == c;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* One character of a text, plain or any escape JSON knows. */
static bool take_letter(const char **at, const char *end, uint32_t *code)
{
    if (*at == end) return false;
    if (**at != '\\') return (unsigned char)**at >= 0x20 && fl_utf8_take(at, end, code);
    if (end - *at < 2) return false;
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char kind = (*at)[1];
    *at += 2;
    if (kind == 'u') {
        *code = 0;
        if (end - *at < 4) return false;
        for (int i = 0; i < 4; i++) {
            const int digit = hex_digit(*(*at)++);
            if (digit < 0) return false;
            *code = *code << 4 | (uint32_t)digit;
        }
        return true;
    }
    const char *found = kind ? strchr(from, kind) : NULL;
    if (!found) return false;
    *code = (uint32_t)to[found - from];
    return true;
}

/* Letters that stand for themselves: 0x20 to 0x7E without the quote and the backslash. */
static const bool stands[256] = {
    [0x20] = true, [0x21] = true,
#define EIGHT(n)                                                                                             \
    [n] = true, [(n) + 1] = true, [(n) + 2] = true, [(n) + 3] = true, [(n) + 4] = true, [(n) + 5] = true,    \
    [(n) + 6] = true, [(n) + 7] = true
    [0x23] = true, [0x24] = true, [0x25] = true, [0x26] = true, [0x27] = true, EIGHT(0x28),   EIGHT(0x30),
    EIGHT(0x38),   EIGHT(0x40),   EIGHT(0x48),   EIGHT(0x50),   [0x58] = true, [0x59] = true, [0x5A] = true,
    [0x5B] = true, [0x5D] = true, [0x5E] = true, [0x5F] = true, EIGHT(0x60),   EIGHT(0x68),   EIGHT(0x70),
    [0x78] = true, [0x79] = true, [0x7A] = true, [0x7B] = true, [0x7C] = true, [0x7D] = true, [0x7E] = true,
#undef EIGHT
};

/* Taken together: nearly all of every entry. */
static size_t take_plain(const char **at, const char *end)
{
    const char *begin = *at, *c = begin;
    while (c < end && stands[(unsigned char)*c]) c++;
    *at = c;
    return (size_t)(c - begin);
}

static bool take_text(scan *s)
{
    size_t size = 0;
    if (!take(s, '"')) return false;
    for (;;) {
        size += take_plain(&s->at, s->end);
        if (size > FL_ENTRY_TEXT_MAX) return false;
        if (peek(s, '"')) return s->at++, true;
        const char *begin = s->at;
        uint32_t code;
        char spelt[8], utf8[4];
        if (!take_letter(&s->at, s->end, &code) || !fl_letters_is_clean(code)) return false;
        if (fl_letters_spell(code, spelt) != (size_t)(s->at - begin)) return false;
        if (memcmp(spelt, begin, (size_t)(s->at - begin)) != 0) return false;
        size += fl_letters_utf8(code, utf8);
    }
}

/* Without leading zeros, and 0 without a sign: so it is written. */
static bool take_int(scan *s, int64_t *value)
{
    const bool negative = peek(s, '-');
    uint64_t sum = 0;
    const char *begin = s->at + negative, *at = begin;
    const char *end = s->end - begin > INT_DIGITS ? begin + INT_DIGITS : s->end;
    for (; at < end && (unsigned char)(*at - '0') < 10; at++) sum = sum * 10 + (unsigned char)(*at - '0');
    s->at = at;
    if (at == begin || sum > FL_ENTRY_INT_MAX) return false;
    if (*begin == '0' && (negative || at - begin > 1)) return false;
    *value = negative ? -(int64_t)sum : (int64_t)sum;
    return true;
}

static bool take_list(scan *s, uint8_t *type)
{
    if (!take(s, '[')) return false;
    *type = peek(s, '"') ? FL_RECORD_TEXTS : FL_RECORD_INTS;
    for (size_t count = 0; !peek(s, ']'); count++) {
        int64_t value;
        if (count == FL_ENTRY_LIST_MAX) return false;
        if (count && !take(s, ',')) return false;
        if (!(*type == FL_RECORD_TEXTS ? take_text(s) : take_int(s, &value))) return false;
    }
    return take(s, ']');
}

static bool take_object(scan *s, int depth, fl_record *record);

static bool take_value(scan *s, int depth, struct fl_record_field *field)
{
    int64_t value;
    field->value = s->at;
    bool good;
    if (peek(s, '"'))
        field->type = FL_RECORD_TEXT, good = take_text(s);
    else if (depth == 1 && peek(s, '{'))
        field->type = FL_RECORD_OBJECT, good = take_object(s, 2, NULL);
    else if (depth == 1 && peek(s, '['))
        good = take_list(s, &field->type);
    else
        field->type = FL_RECORD_INT, good = take_int(s, &value);
    field->value_size = (uint16_t)(s->at - field->value);
    return good;
}

/* Keys rise strictly, which also means that none is there twice. */
static bool keys_rise(const struct fl_record_field *before, const struct fl_record_field *field)
{
    if (before->key[0] != field->key[0]) return before->key[0] < field->key[0]; /* both are letters */
    const size_t least = before->key_size < field->key_size ? before->key_size : field->key_size;
    const int order = memcmp(before->key, field->key, least);
    return order < 0 || (order == 0 && before->key_size < field->key_size);
}

/* depth 1 is the entry, 2 an object in it; record NULL: only checked. Fields are written where they stay:
 * copying one just written stalls the processor longer than reading it took. */
static bool take_object(scan *s, int depth, fl_record *record)
{
    struct fl_record_field two[2];
    const struct fl_record_field *before = NULL;
    if (!take(s, '{')) return false;
    for (unsigned count = 0; !peek(s, '}'); count++) {
        if (record && count == sizeof record->fields / sizeof *record->fields) return false;
        struct fl_record_field *field = record ? &record->fields[count] : &two[count % 2];
        if (count && !take(s, ',')) return false;
        if (!take(s, '"')) return false;
        field->key = s->at;
        while (s->at < s->end && *s->at != '"' && s->at - field->key <= FL_ENTRY_KEY_MAX) s->at++;
        field->key_size = (uint16_t)(s->at - field->key);
        if (!fl_letters_is_key(field->key, field->key_size)) return false;
        if (before && !keys_rise(before, field)) return false;
        if (!take(s, '"') || !take(s, ':') || !take_value(s, depth, field)) return false;
        if (record) record->count = count + 1;
        before = field;
    }
    return take(s, '}');
}

static fl_status read_object(const char *bytes, size_t size, int depth, fl_record *record)
{
    scan s = {bytes, bytes + size};
    record->count = 0;
    if (!take_object(&s, depth, record) || s.at != s.end) return FL_E_DAMAGED;
    return FL_OK;
}

fl_status fl_record_read(const void *bytes, size_t size, fl_record *record)
{
    FL_ASSERT(bytes && record);
    if (size < 2 || size > FL_ENTRY_READ_MAX) return FL_E_DAMAGED;
    return read_object(bytes, size, 1, record);
}

static const struct fl_record_field *find(const fl_record *record, const char *key)
{
    const size_t size = strlen(key);
    for (unsigned i = 0; i < record->count; i++) {
        const struct fl_record_field *field = &record->fields[i];
        if (field->key_size == size && field->key[0] == key[0] && memcmp(field->key, key, size) == 0)
            return field;
    }
    return NULL;
}

bool fl_record_has(const fl_record *record, const char *key)
{
    return find(record, key) != NULL;
}

fl_status fl_record_int(const fl_record *record, const char *key, int64_t *value)
{
    const struct fl_record_field *field = find(record, key);
    if (!field) return FL_E_NO;
    if (field->type != FL_RECORD_INT) return FL_E_RANGE;
    scan s = {field->value, field->value + field->value_size};
    int64_t read;
    if (!take_int(&s, &read)) return FL_E_RANGE;
    *value = read;
    return FL_OK;
}

fl_status fl_record_text(const fl_record *record, const char *key, char *room, size_t room_size)
{
    const struct fl_record_field *field = find(record, key);
    if (!field) return FL_E_NO;
    if (field->type != FL_RECORD_TEXT) return FL_E_RANGE;
    char text[FL_ENTRY_TEXT_MAX + 4];
    size_t size = 0;
    const char *at = field->value + 1, *end = field->value + field->value_size - 1;
    while (at < end) {
        uint32_t code;
        const size_t plain = take_plain(&at, end);
        memcpy(text + size, at - plain, plain);
        size += plain;
        if (at == end) break;
        if (!take_letter(&at, end, &code) || code == 0) return FL_E_RANGE;
        size += fl_letters_utf8(code, text + size);
    }
    if (size >= room_size) return FL_E_FULL;
    memcpy(room, text, size);
    room[size] = 0;
    return FL_OK;
}

fl_status fl_record_count(const fl_record *record, const char *key, uint64_t *value)
{
    int64_t number;
    uint64_t large;
    char digits[24];
    const fl_status status = fl_record_int(record, key, &number);
    if (status == FL_OK && number < 0) return FL_E_RANGE;
    if (status == FL_OK) return *value = (uint64_t)number, FL_OK;
    if (status == FL_E_NO) return FL_E_NO;
    if (fl_record_text(record, key, digits, sizeof digits) != FL_OK) return FL_E_RANGE;
    /* One spelling here too: as a text only what does not fit a number, and without leading zeros. */
    if (fl_read_u64(digits, &large) != FL_OK || large <= FL_ENTRY_INT_MAX || digits[0] == '0')
        return FL_E_RANGE;
    *value = large;
    return FL_OK;
}

bool fl_record_text_is(const fl_record *record, const char *key, const char *text)
{
    char room[FL_ENTRY_TEXT_MAX + 1];
    return fl_record_text(record, key, room, sizeof room) == FL_OK && strcmp(room, text) == 0;
}

fl_status fl_record_ints(const fl_record *record, const char *key, int64_t *values, size_t *count)
{
    const struct fl_record_field *field = find(record, key);
    if (!field) return FL_E_NO;
    if (field->type != FL_RECORD_INTS) return FL_E_RANGE;
    int64_t read[FL_ENTRY_LIST_MAX];
    size_t members = 0;
    const char *end = field->value + field->value_size - 1;
    scan s = {field->value + 1, end};
    while (s.at < end) {
        if (members && !take(&s, ',')) return FL_E_RANGE;
        if (!take_int(&s, &read[members++])) return FL_E_RANGE;
    }
    if (members > *count) return FL_E_FULL;
    memcpy(values, read, members * sizeof *read);
    *count = members;
    return FL_OK;
}

fl_status fl_record_object(const fl_record *record, const char *key, fl_record *inner)
{
    const struct fl_record_field *field = find(record, key);
    if (!field) return FL_E_NO;
    if (field->type != FL_RECORD_OBJECT) return FL_E_RANGE;
    return read_object(field->value, field->value_size, 2, inner) == FL_OK ? FL_OK : FL_E_RANGE;
}

fl_kind fl_record_kind(const fl_record *record)
{
    const struct fl_record_field *field = find(record, "k");
    if (!field || field->type != FL_RECORD_TEXT) return FL_KIND_UNKNOWN;
    return fl_kind_find(field->value + 1, (unsigned)field->value_size - 2);
}

bool fl_record_is(const fl_record *record, fl_kind kind)
{
    return kind != FL_KIND_UNKNOWN && fl_record_kind(record) == kind;
}
