/* The reader understands a little more JSON than we allow, writes what it understood again with the writer's
 * own spelling, and compares. So a second spelling of anything cannot slip in by a gap in the parser. */
#include "fadeline/journal/entry.h"

#include "letters.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

/* What is read, and beside it where the rewritten bytes must fall. Both walk the same text. */
typedef struct scan {
    const char *at, *end;
    const char *same; /* next byte the rewriting must hit */
} scan;

static bool rewrite(scan *s, const char *bytes, size_t size)
{
    if ((size_t)(s->end - s->same) < size || memcmp(s->same, bytes, size) != 0) return false;
    s->same += size;
    return true;
}

static bool take(scan *s, char c)
{
    if (s->at == s->end || *s->at != c) return false;
    s->at++;
    return rewrite(s, &c, 1);
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
    if (**at != '\\') return (unsigned char)**at >= 0x20 && fl_letters_take(at, end, code);
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

/* Letters that stand for themselves, taken together: nearly all of every entry. */
static size_t take_plain(scan *s)
{
    const char *begin = s->at;
    while (s->at < s->end && *s->at >= 0x20 && *s->at < 0x7F && *s->at != '"' && *s->at != '\\') s->at++;
    return (size_t)(s->at - begin);
}

static bool take_text(scan *s)
{
    size_t size = 0;
    if (!take(s, '"')) return false;
    while (!peek(s, '"')) {
        const size_t plain_size = take_plain(s);
        if (plain_size) {
            if (!rewrite(s, s->at - plain_size, plain_size) || (size += plain_size) > FL_ENTRY_TEXT_MAX)
                return false;
            continue;
        }
        uint32_t code;
        char spelt[8], plain[4];
        if (!take_letter(&s->at, s->end, &code) || !fl_letters_is_clean(code)) return false;
        if (!rewrite(s, spelt, fl_letters_spell(code, spelt))) return false;
        if ((size += fl_letters_utf8(code, plain)) > FL_ENTRY_TEXT_MAX) return false;
    }
    return take(s, '"');
}

static bool take_int(scan *s, int64_t *value)
{
    const bool negative = peek(s, '-');
    int64_t sum = 0;
    const char *begin = s->at += negative;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        sum = sum * 10 + (*s->at++ - '0');
        if (sum > FL_ENTRY_INT_MAX) return false;
    }
    if (s->at == begin) return false;
    *value = negative ? -sum : sum;
    char room[24]; /* "-0" and "007" come out as "0" and "7" */
    fl_text digits = fl_text_in(room, sizeof room);
    if (*value < 0) fl_text_add_bytes(&digits, "-", 1);
    fl_text_add_u64(&digits, (uint64_t)sum);
    return rewrite(s, room, digits.length);
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
    const size_t least = before->key_size < field->key_size ? before->key_size : field->key_size;
    const int order = memcmp(before->key, field->key, least);
    return order < 0 || (order == 0 && before->key_size < field->key_size);
}

/* depth 1 is the entry, 2 an object in it; record NULL: only checked. */
static bool take_object(scan *s, int depth, fl_record *record)
{
    struct fl_record_field before = {0}, field = {0};
    if (!take(s, '{')) return false;
    for (unsigned count = 0; !peek(s, '}'); count++, before = field) {
        if (count && !take(s, ',')) return false;
        if (!take(s, '"')) return false;
        field = (struct fl_record_field){.key = s->at};
        while (s->at < s->end && *s->at != '"' && s->at - field.key <= FL_ENTRY_KEY_MAX) s->at++;
        field.key_size = (uint16_t)(s->at - field.key);
        if (!fl_letters_is_key(field.key, field.key_size) || !rewrite(s, field.key, field.key_size))
            return false;
        if (count && !keys_rise(&before, &field)) return false;
        if (!take(s, '"') || !take(s, ':') || !take_value(s, depth, &field)) return false;
        if (!record) continue;
        if (count == sizeof record->fields / sizeof *record->fields) return false;
        record->fields[count] = field;
        record->count = count + 1;
    }
    return take(s, '}');
}

static fl_status read_object(const char *bytes, size_t size, int depth, fl_record *record)
{
    scan s = {.at = bytes, .end = bytes + size, .same = bytes};
    record->count = 0;
    if (!take_object(&s, depth, record) || s.at != s.end || s.same != s.end) return FL_E_DAMAGED;
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
    for (unsigned i = 0; i < record->count; i++)
        if (record->fields[i].key_size == size && memcmp(record->fields[i].key, key, size) == 0)
            return &record->fields[i];
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
    scan s = {.at = field->value, .end = field->value + field->value_size, .same = field->value};
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
    scan s = {.at = field->value + 1, .end = end, .same = field->value + 1};
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
