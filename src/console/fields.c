#include "fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- characters ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool fields_unescape(char *text, size_t *size, bool plus_is_space)
{
    size_t out = 0;
    for (size_t in = 0; in < *size; in++) {
        char c = text[in];
        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            if (in + 2 >= *size) return false;
            const int high = hex_digit(text[in + 1]), low = hex_digit(text[in + 2]);
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            in += 2;
        }
        if (!c) return false;
        text[out++] = c;
    }
    text[out] = 0;
    *size = out;
    return true;
}

/* RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF. */
bool fields_is_utf8(const char *bytes, size_t size)
{
    const uint8_t *at = (const uint8_t *)bytes, *end = at + size;
    while (at < end) {
        const uint8_t lead = *at++;
        if (lead < 0x80) continue;
        const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || end - at < more) return false;
        if ((lead == 0xe0 && at[0] < 0xa0) || (lead == 0xed && at[0] > 0x9f) ||
            (lead == 0xf0 && at[0] < 0x90) || (lead == 0xf4 && at[0] > 0x8f))
            return false;
        for (int i = 0; i < more; i++)
            if ((at[i] & 0xc0) != 0x80) return false;
        at += more;
    }
    return true;
}

static bool is_text(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) return false;
    }
    return fields_is_utf8(bytes, size);
}

static bool is_name(const char *name, size_t size)
{
    if (!size || size > FIELD_NAME_MOST) return false;
    for (size_t i = 0; i < size; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') && name[i] != '-' &&
            name[i] != '_')
            return false;
    return true;
}

/* ---- the list ---- */

static bool add(fields *f, field one)
{
    if (f->count == FIELDS_MOST) return false;
    if (!(f->count & (f->count - 1))) { /* full at every power of two */
        field *list = realloc(f->list, (f->count ? 2 * f->count : 1) * sizeof *list);
        if (!list) return false;
        f->list = list;
    }
    f->list[f->count++] = one;
    return true;
}

void fields_fini(fields *f)
{
    if (f->room) explicit_bzero(f->room, f->room_size);
    free(f->room);
    free(f->list);
    *f = (fields){0};
}

static bool refuse(fields *f)
{
    fields_fini(f);
    return false;
}

const char *fields_each(const fields *f, const char *name, size_t *position)
{
    while (*position < f->count) {
        const field *one = &f->list[(*position)++];
        if (!one->file && strcmp(one->name, name) == 0) return one->value;
    }
    return NULL;
}

const char *fields_get(const fields *f, const char *name)
{
    size_t at = 0;
    return fields_each(f, name, &at);
}

const field *fields_file(const fields *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].file && strcmp(f->list[i].name, name) == 0 && f->list[i].size) return &f->list[i];
    return NULL;
}

size_t fields_files(const fields *f)
{
    size_t count = 0;
    for (size_t i = 0; i < f->count; i++) count += f->list[i].file;
    return count;
}

/* ---- name=value&... ---- */

static bool read_pair(fields *f, char *pair, size_t size)
{
    char *equals = memchr(pair, '=', size);
    if (!equals) return false;
    size_t name_size = (size_t)(equals - pair), value_size = size - name_size - 1;
    *equals = 0;
    if (!is_name(pair, name_size) || !fields_unescape(equals + 1, &value_size, true) ||
        !is_text(equals + 1, value_size))
        return false;
    return add(f, (field){.name = pair, .value = equals + 1, .size = value_size});
}

bool fields_read_form(fields *f, const char *bytes, size_t size)
{
    *f = (fields){.room = malloc(size + 1), .room_size = size};
    if (!f->room) return false;
    memcpy(f->room, bytes, size);
    f->room[size] = 0;
    char *at = f->room, *end = f->room + size;
    while (at < end) {
        char *stop = memchr(at, '&', (size_t)(end - at));
        if (!stop) stop = end;
        *stop = 0; /* there is one byte behind the end */
        if (!read_pair(f, at, (size_t)(stop - at))) return refuse(f);
        at = stop + 1;
    }
    return true;
}

/* ---- multipart/form-data ---- */

/* The boundary, 1 to 70 plain characters (RFC 2046), with "\r\n--" before it. */
static bool boundary_of(const char *type, char boundary[80])
{
    static const char mark[] = "multipart/form-data; boundary=";
    if (strncasecmp(type, mark, sizeof mark - 1) != 0) return false;
    const char *at = type + sizeof mark - 1;
    const size_t size =
        strspn(at, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=?");
    if (!size || size > 70 || at[size]) return false;
    memcpy(boundary, "\r\n--", 4);
    memcpy(boundary + 4, at, size);
    boundary[size + 4] = 0;
    return true;
}

/* name="..." of a disposition; the value is cut out in place. NULL: not there, or not closed. */
static char *parameter(char *line, const char *mark)
{
    char *at = strstr(line, mark);
    if (!at) return NULL;
    at += strlen(mark);
    char *stop = strchr(at, '"');
    return stop ? (*stop = 0, at) : NULL;
}

/* Head of one part, its lines terminated by us. A content type of the part decides nothing. */
static bool read_head(char *head, field *one)
{
    char *line = head, *next;
    bool seen = false;
    for (; line; line = next) {
        next = strstr(line, "\r\n");
        if (next) {
            *next = 0;
            next += 2;
        }
        static const char mark[] = "Content-Disposition: form-data; ";
        if (strncasecmp(line, mark, sizeof mark - 1) != 0) continue;
        if (seen) return false;
        seen = true;
        one->file_name = parameter(line, "; filename=\""); /* the last first: each cuts the line */
        one->name = parameter(line, "; name=\"");
        one->file = one->file_name != NULL;
    }
    return seen && one->name && is_name(one->name, strlen(one->name)) &&
           (!one->file || is_text(one->file_name, strlen(one->file_name)));
}

static bool read_part(fields *f, char *part, size_t size)
{
    char *body = memmem(part, size, "\r\n\r\n", 4);
    field one = {0};
    if (!body || memchr(part, 0, (size_t)(body - part))) return false;
    *body = 0;
    body += 4;
    one.value = body;
    one.size = size - (size_t)(body - part);
    body[one.size] = 0; /* where the next boundary began */
    return read_head(part, &one) && (one.file || is_text(body, one.size)) &&
           (one.file || strlen(body) == one.size) && add(f, one);
}

bool fields_read_multipart(fields *f, const char *type, const char *bytes, size_t size)
{
    char boundary[80];
    *f = (fields){0};
    if (!boundary_of(type, boundary)) return false;
    const size_t length = strlen(boundary);
    f->room = malloc(size + 3);
    f->room_size = size;
    if (!f->room) return false;
    memcpy(f->room, "\r\n", 2); /* the first boundary has no line end before it */
    memcpy(f->room + 2, bytes, size);
    f->room[size + 2] = 0;
    char *at = f->room, *end = f->room + size + 2;
    if ((size_t)(end - at) < length || memcmp(at, boundary, length) != 0) return refuse(f);
    for (at += length; end - at >= 2 && memcmp(at, "\r\n", 2) == 0;) {
        at += 2;
        char *stop = memmem(at, (size_t)(end - at), boundary, length);
        if (!stop || !read_part(f, at, (size_t)(stop - at))) return refuse(f);
        at = stop + length;
    }
    const bool closed = end - at >= 2 && memcmp(at, "--", 2) == 0;
    return closed && (end - at == 2 || (end - at == 4 && memcmp(at + 2, "\r\n", 2) == 0)) ? true : refuse(f);
}

/* ---- cookies ---- */

int fields_cookie(const char *header, const char *name, char *value, size_t size)
{
    const size_t length = strlen(name);
    int found = 0;
    for (const char *at = header; *at;) {
        at += strspn(at, " ;");
        const size_t whole = strcspn(at, ";");
        if (whole > length && memcmp(at, name, length) == 0 && at[length] == '=') {
            const size_t part = whole - length - 1;
            if (found++ || part >= size) return 2;
            memcpy(value, at + length + 1, part);
            value[part] = 0;
        }
        at += whole;
    }
    return found;
}
