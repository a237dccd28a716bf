#include "grant_text.h"

size_t gl_size_of(const char *text)
{
    size_t size = 0;
    while (text[size]) size++;
    return size;
}

bool gl_same(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;
    unsigned differs = 0;
    for (size_t i = 0; i < size; i++) differs |= (unsigned)(x[i] ^ y[i]);
    return !differs;
}

bool gl_is_zero(const uint8_t *bytes, size_t size)
{
    unsigned any = 0;
    for (size_t i = 0; i < size; i++) any |= bytes[i];
    return !any;
}

uint32_t gl_crc32c(uint32_t crc, const char *bytes, size_t size)
{
    for (crc = ~crc; size--; bytes++) {
        crc ^= (uint8_t)*bytes;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0x82F63B78u & (0u - (crc & 1)));
    }
    return ~crc;
}

gl_text gl_text_begin(void)
{
    gl_text t;
    t.size = 0;
    t.cut = false;
    return t;
}

static void put_bytes(gl_text *t, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (t->size == sizeof t->bytes)
            t->cut = true;
        else
            t->bytes[t->size++] = bytes[i];
    }
}

void gl_put(gl_text *t, const char *words)
{
    put_bytes(t, words, gl_size_of(words));
}

void gl_put_number(gl_text *t, const char *key, uint64_t value, unsigned digits) /* 0 digits: decimal */
{
    char room[20];
    unsigned at = 20;
    const unsigned base = digits ? 16 : 10;
    do room[--at] = "0123456789ABCDEF"[value % base];
    while ((value /= base) != 0);
    while (digits && 20 - at < digits) room[--at] = '0';
    gl_put(t, key);
    put_bytes(t, room + at, 20 - at);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool gl_read_hex(const char *at, unsigned digits,
                 uint64_t *value) /* upper case only: one number, one spelling */
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (digit(at[i]) < 0) return false;
        *value = *value << 4 | (uint64_t)digit(at[i]);
    }
    return true;
}

/* ---- fields of a body: each key at most once, none unknown (3) ---- */

static bool read_value(gl_field *f, const char *at, size_t size)
{
    uint64_t two;
    if (f->form >= WIDE) {
        if (size != f->form) return false;
        for (size_t i = 0; i < size; i += 2) {
            if (!gl_read_hex(at + i, 2, &two)) return false;
            f->bytes[i / 2] = (uint8_t)two;
        }
        return true;
    }
    if (f->form == PURPOSE || f->form == BIT) {
        f->value = (uint8_t)at[0];
        return size == 1 && (f->form == BIT ? at[0] == '0' || at[0] == '1' : at[0] == 'T' || at[0] == 'C');
    }
    if (f->form != DECIMAL) return size == f->form && gl_read_hex(at, f->form, &f->value);
    f->value = 0;
    for (size_t i = 0; i < size; i++) {
        if (at[i] < '0' || at[i] > '9') return false;
        f->value = f->value * 10 + (uint64_t)digit(at[i]);
    }
    return size >= 1 && size <= 10 && f->value <= UINT32_MAX;
}

/* How many of the fields are there; -1: the body is not of our grammar. */
int gl_read_fields(const char *at, const char *end, gl_field *fields, size_t count)
{
    int given = 0;
    while (at < end) {
        const char *key = ++at; /* behind the blank */
        while (at < end && *at != '=' && *at != ' ') at++;
        const size_t key_size = (size_t)(at - key);
        if (at == end || *at != '=') return -1;
        const char *value = ++at;
        while (at < end && *at != ' ') at++;
        size_t i = 0;
        while (i < count && (gl_size_of(fields[i].key) != key_size || !gl_same(fields[i].key, key, key_size)))
            i++;
        if (i == count || fields[i].given || !read_value(&fields[i], value, (size_t)(at - value))) return -1;
        fields[i].given = true;
        given++;
    }
    return given;
}
