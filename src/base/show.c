#include "fadeline/base/show.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/utf8.h"

#include <stdint.h>
#include <string.h>

#define CUT "..."

/* One letter, or its escape; how many bytes of `at` it was. */
static size_t shown_one(const char *at, const char *end, char piece[16])
{
    const char *next = at;
    uint32_t code;
    if (!fl_utf8_take(&next, end, &code)) {
        snprintf(piece, 16, "\\x{%02X}", (unsigned char)*at);
        return 1;
    }
    if (fl_utf8_is_plain(code))
        snprintf(piece, 16, "%.*s", (int)(next - at), at);
    else
        snprintf(piece, 16, "\\u{%X}", (unsigned)code);
    return (size_t)(next - at);
}

char *fl_show_bytes(char *room, size_t size, const char *bytes, size_t length)
{
    FL_ASSERT(room && size >= 8 && (bytes || !length));
    const char *at = bytes, *end = bytes + length;
    size_t used = 0, last_fit = 0; /* last_fit: where "..." still fits behind whole letters */
    while (at < end) {
        char piece[16];
        at += shown_one(at, end, piece);
        const size_t more = strlen(piece);
        if (used + more >= size) {
            memcpy(room + last_fit, CUT, sizeof CUT);
            return room;
        }
        memcpy(room + used, piece, more);
        used += more;
        if (used + sizeof CUT <= size) last_fit = used;
    }
    room[used] = 0;
    return room;
}

char *fl_show_text(char *room, size_t size, const char *text)
{
    return fl_show_bytes(room, size, text ? text : "", text ? strlen(text) : 0);
}

/* In JSON a letter that is not plain can stand only inside a text, and there \u001b is the same letter. */
static void put_escape(FILE *out, uint32_t code)
{
    if (code >= 0x10000)
        fprintf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((code - 0x10000) >> 10)),
                (unsigned)(0xDC00 + ((code - 0x10000) & 0x3FF)));
    else
        fprintf(out, "\\u%04x", (unsigned)code);
}

void fl_show_json(FILE *out, const char *json, size_t length)
{
    const char *at = json, *end = json + length, *plain = json;
    while (at < end) {
        const char *letter = at;
        uint32_t code;
        const bool whole = fl_utf8_take(&at, end, &code);
        if (whole && (fl_utf8_is_plain(code) || code == '\n' || code == '\t')) continue;
        fwrite(plain, 1, (size_t)(letter - plain), out);
        if (whole)
            put_escape(out, code);
        else
            at++, put_escape(out, 0xFFFD); /* no JSON: nothing of ours writes it */
        plain = at;
    }
    fwrite(plain, 1, (size_t)(end - plain), out);
}

void fl_show_lines(FILE *out, const char *text)
{
    for (const char *end = text + strlen(text); text < end;) {
        char piece[16];
        if (*text == '\n')
            text++, fputc('\n', out);
        else
            text += shown_one(text, end, piece), fputs(piece, out);
    }
}
