/* The reader of entries as one would write it first: parse, write again with the writer's spelling, compare
 * the two byte strings. src/journal/record.c takes short cuts and must decide exactly as this does. */
#include "helper_plain.h"

#include "letters.h"

#include "fadeline/base/text.h"
#include "fadeline/base/utf8.h"

#include <openssl/evp.h>
#include <stdlib.h>
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
    if (s->at == s->end || *s->at != c || s->same == s->end || *s->same != c) return false;
    s->at++;
    s->same++;
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

/* Letters that stand for themselves, taken together: nearly all of every entry. */
static size_t take_plain(const char **at, const char *end)
{
    const char *begin = *at, *c = begin;
    while (c < end && *c >= 0x20 && *c < 0x7F && *c != '"' && *c != '\\') c++;
    *at = c;
    return (size_t)(c - begin);
}

static bool take_text(scan *s)
{
    size_t size = 0;
    if (!take(s, '"')) return false;
    while (!peek(s, '"')) {
        const size_t plain_size = take_plain(&s->at, s->end);
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

bool plain_record_is_good(const void *bytes, size_t size)
{
    fl_record record = {0};
    scan s = {.at = bytes, .end = (const char *)bytes + size, .same = bytes};
    if (size < 2 || size > FL_ENTRY_READ_MAX) return false;
    return take_object(&s, 1, &record) && s.at == s.end && s.same == s.end;
}

static fl_hash hash_of(uint8_t mark, const void *first, size_t first_size, const void *second,
                       size_t second_size)
{
    fl_hash hash;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(context, &mark, 1) != 1 || EVP_DigestUpdate(context, first, first_size) != 1 ||
        EVP_DigestUpdate(context, second, second_size) != 1 ||
        EVP_DigestFinal_ex(context, hash.byte, NULL) != 1)
        abort();
    EVP_MD_CTX_free(context);
    return hash;
}

fl_hash plain_leaf(const void *data, size_t size)
{
    return hash_of(0, data, size, "", 0);
}

fl_hash plain_node(const fl_hash *left, const fl_hash *right)
{
    return hash_of(1, left->byte, sizeof left->byte, right->byte, sizeof right->byte);
}
