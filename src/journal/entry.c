#include "fadeline/journal/entry.h"

#include "letters.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A quantity without its unit: 200 of what? */
static bool is_bare(const char *key, size_t size)
{
    static const char names[][8] = {"energy", "meas", "spot", "fluence", "pulse", "rate", "wl",
                                    "mono",   "utc",  "temp", "time",    "mean",  "free"};
    if (size >= sizeof names[0]) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (key[0] == names[i][0] && memcmp(key, names[i], size + 1) == 0)
            return true; /* with the 0 at its end */
    return false;
}

/* The first field whose key is not before this one. */
static unsigned place_of(const fl_entry *entry, const char *key)
{
    unsigned low = 0, high = entry->count;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        if (strcmp(entry->fields[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void fail(fl_entry *entry, fl_status status, const char *format, ...) FL_PRINTF(3, 4);
static void fail(fl_entry *entry, fl_status status, const char *format, ...)
{
    if (entry->status != FL_OK) return;
    entry->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(entry->fault, sizeof entry->fault, format, arguments);
    va_end(arguments);
}

/* Makes the field, in key order, with an empty value at the end of the pool. NULL when it may not be. */
static fl_entry *new_field(fl_entry *entry, const char *key, size_t *index)
{
    FL_ASSERT(entry && key);
    if (entry->status != FL_OK) return NULL;
    const size_t size = strlen(key);
    if (!fl_letters_is_key(key, size)) return fail(entry, FL_E_RANGE, "'%.40s' cannot be a key", key), NULL;
    if (is_bare(key, size)) return fail(entry, FL_E_RANGE, "'%s' has no unit in its key", key), NULL;
    if (entry->count == FL_ENTRY_FIELDS)
        return fail(entry, FL_E_FULL, "more than %d fields", FL_ENTRY_FIELDS), NULL;
    const unsigned at = place_of(entry, key);
    if (at < entry->count && strcmp(entry->fields[at].key, key) == 0)
        return fail(entry, FL_E_RANGE, "'%s' is there twice", key), NULL;
    memmove(&entry->fields[at + 1], &entry->fields[at], (entry->count - at) * sizeof entry->fields[0]);
    memcpy(entry->fields[at].key, key, size + 1);
    entry->fields[at].at = (uint16_t)entry->used;
    entry->fields[at].size = 0;
    entry->count++;
    *index = at;
    return entry;
}

static void put(fl_entry *entry, size_t index, const char *bytes, size_t size)
{
    if (entry->status != FL_OK) return;
    if (size > sizeof entry->pool - entry->used) {
        fail(entry, FL_E_FULL, "more than %d bytes", FL_ENTRY_MAX);
        return;
    }
    memcpy(entry->pool + entry->used, bytes, size);
    entry->used += size;
    entry->fields[index].size = (uint16_t)(entry->fields[index].size + size);
}

static void put_int(fl_entry *entry, size_t index, int64_t value)
{
    char room[24];
    fl_text digits = fl_text_in(room, sizeof room);
    if (value > FL_ENTRY_INT_MAX || value < -FL_ENTRY_INT_MAX) {
        fail(entry, FL_E_RANGE, "'%s' is beyond 2^53 - 1", entry->fields[index].key);
        return;
    }
    if (value < 0) fl_text_add_bytes(&digits, "-", 1);
    fl_text_add_u64(&digits, (uint64_t)(value < 0 ? -value : value));
    put(entry, index, room, digits.length);
}

/* Letters that are written as they are, taken together: nearly all of every text. */
static size_t plain_size(const char *at, const char *end)
{
    const char *begin = at;
    while (at < end && *at >= 0x20 && *at < 0x7F && *at != '"' && *at != '\\') at++;
    return (size_t)(at - begin);
}

static void put_text(fl_entry *entry, size_t index, const char *text)
{
    if (!text) {
        fail(entry, FL_E_RANGE, "'%s' has no text", entry->fields[index].key);
        return;
    }
    const size_t size = strlen(text);
    const char *at = text, *end = text + size;
    if (size > FL_ENTRY_TEXT_MAX)
        fail(entry, FL_E_RANGE, "'%s' is longer than %d bytes", entry->fields[index].key, FL_ENTRY_TEXT_MAX);
    put(entry, index, "\"", 1);
    while (at < end && entry->status == FL_OK) {
        uint32_t code;
        char spelt[8];
        const size_t plain = plain_size(at, end);
        if (plain) {
            put(entry, index, at, plain);
            at += plain;
        } else if (!fl_utf8_take(&at, end, &code))
            fail(entry, FL_E_RANGE, "'%s' is not UTF-8", entry->fields[index].key);
        else if (!fl_letters_is_clean(code))
            fail(entry, FL_E_RANGE, "'%s' holds U+%04X, which may combine", entry->fields[index].key,
                 (unsigned)code);
        else
            put(entry, index, spelt, fl_letters_spell(code, spelt));
    }
    put(entry, index, "\"", 1);
}

static void clear(fl_entry *entry)
{
    entry->count = 0;
    entry->used = 0;
    entry->status = FL_OK;
    entry->fault[0] = 0;
}

void fl_entry_begin(fl_entry *entry, fl_kind kind)
{
    clear(entry);
    if ((unsigned)kind >= FL_KIND_UNKNOWN)
        fail(entry, FL_E_RANGE, "there is no kind %d", (int)kind);
    else
        fl_entry_text(entry, "k", fl_kind_text(kind));
}

void fl_entry_begin_inner(fl_entry *entry)
{
    clear(entry);
}

void fl_entry_int(fl_entry *entry, const char *key, int64_t value)
{
    size_t index;
    if (new_field(entry, key, &index)) put_int(entry, index, value);
}

void fl_entry_count(fl_entry *entry, const char *key, uint64_t value)
{
    char digits[24];
    if (value <= FL_ENTRY_INT_MAX) {
        fl_entry_int(entry, key, (int64_t)value);
        return;
    }
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    fl_entry_text(entry, key, digits);
}

void fl_entry_text(fl_entry *entry, const char *key, const char *text)
{
    size_t index;
    if (new_field(entry, key, &index)) put_text(entry, index, text);
}

void fl_entry_hex(fl_entry *entry, const char *key, const void *bytes, size_t size)
{
    char digits[FL_ENTRY_TEXT_MAX + 1];
    if (size > FL_ENTRY_TEXT_MAX / 2)
        fail(entry, FL_E_RANGE, "'%.32s' is longer than %d bytes", key, FL_ENTRY_TEXT_MAX / 2);
    else
        fl_entry_text(entry, key, fl_hex(bytes, size, digits));
}

/* "[" members "]", by whichever list is given. */
static void put_list(fl_entry *entry, const char *key, const int64_t *values, const char *const *texts,
                     size_t count)
{
    size_t index;
    if (!new_field(entry, key, &index)) return;
    if (count > FL_ENTRY_LIST_MAX) {
        fail(entry, FL_E_RANGE, "'%s' has more than %d members", key, FL_ENTRY_LIST_MAX);
        return;
    }
    put(entry, index, "[", 1);
    for (size_t i = 0; i < count; i++) {
        if (i) put(entry, index, ",", 1);
        if (values)
            put_int(entry, index, values[i]);
        else
            put_text(entry, index, texts[i]);
    }
    put(entry, index, "]", 1);
}

void fl_entry_ints(fl_entry *entry, const char *key, const int64_t *values, size_t count)
{
    FL_ASSERT(values || !count);
    put_list(entry, key, values ? values : &(int64_t){0}, NULL, count);
}

void fl_entry_texts(fl_entry *entry, const char *key, const char *const *texts, size_t count)
{
    FL_ASSERT(texts || !count);
    put_list(entry, key, NULL, texts, count);
}

/* Objects hold only numbers and texts, so that nothing is ever deeper than two. */
void fl_entry_object(fl_entry *entry, const char *key, const fl_entry *inner)
{
    size_t index;
    if (inner->status != FL_OK) fail(entry, inner->status, "%s", inner->fault);
    if (!new_field(entry, key, &index)) return;
    put(entry, index, "{", 1);
    for (unsigned i = 0; i < inner->count; i++) {
        const char *value = inner->pool + inner->fields[i].at;
        if (*value == '{' || *value == '[')
            fail(entry, FL_E_RANGE, "'%s' is nested too deep", inner->fields[i].key);
        if (i) put(entry, index, ",", 1);
        put(entry, index, "\"", 1);
        put(entry, index, inner->fields[i].key, strlen(inner->fields[i].key));
        put(entry, index, "\":", 2);
        put(entry, index, value, inner->fields[i].size);
    }
    put(entry, index, "}", 1);
}

void fl_entry_device(fl_entry *entry, const char *id, bool simulated)
{
    fl_entry_text(entry, "dev", id);
    fl_entry_int(entry, "sim", simulated ? 1 : 0);
}

fl_status fl_entry_status(const fl_entry *entry)
{
    return entry->status;
}

bool fl_entry_takes(const char *text)
{
    if (!text) return false;
    const char *at = text, *end = text + strlen(text);
    if (end - text > FL_ENTRY_TEXT_MAX) return false;
    while (at < end) {
        uint32_t code;
        at += plain_size(at, end);
        if (at == end) break;
        if (!fl_utf8_take(&at, end, &code) || !fl_letters_is_clean(code) || !fl_utf8_is_plain(code))
            return false;
    }
    return true;
}

fl_status fl_entry_encode(const fl_entry *entry, char *room, size_t room_size, size_t *size)
{
    FL_ASSERT(entry && room && size);
    if (entry->status != FL_OK) return entry->status;
    size_t need =
        entry->count ? 1 : 2; /* braces, and a comma between; each field 3 more than key and value */
    for (unsigned i = 0; i < entry->count; i++)
        need += strlen(entry->fields[i].key) + entry->fields[i].size + 4;
    if (need > room_size || need > FL_ENTRY_MAX) return FL_E_FULL;
    char *to = room;
    *to++ = '{';
    for (unsigned i = 0; i < entry->count; i++) {
        const size_t key_size = strlen(entry->fields[i].key);
        if (i) *to++ = ',';
        *to++ = '"';
        memcpy(to, entry->fields[i].key, key_size);
        to += key_size;
        *to++ = '"';
        *to++ = ':';
        memcpy(to, entry->pool + entry->fields[i].at, entry->fields[i].size);
        to += entry->fields[i].size;
    }
    *to++ = '}';
    FL_ASSERT((size_t)(to - room) == need);
    *size = need;
    return FL_OK;
}
