#include "location_parts.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define OPENED_MOST ((size_t)16 << 20) /* of one text: XMP has kilobytes, a bomb has gigabytes */
#define TEXTS_MOST 64
#define SIGNATURE 8

static uint32_t length_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* "\nexif\n    1234\n45786966...": the digits behind the third end of a line, broken into lines. */
static fl_location in_raw_profile(const uint8_t *text, size_t size)
{
    const uint8_t *at = text, *end = text + size;
    for (int line = 0; line < 3; line++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at) return FL_LOCATION_EXIF;
        at++;
    }
    uint8_t *bytes = malloc((size_t)(end - at) / 2 + 1);
    size_t count = 0;
    int high = -1;
    bool clean = bytes != NULL;
    for (; clean && at < end; at++) {
        if (strchr(" \t\r\n", *at)) continue; /* also the 0 at its end */
        const int digit = hex_digit(*at);
        clean = digit >= 0;
        if (high < 0)
            high = digit;
        else
            bytes[count++] = (uint8_t)(high << 4 | digit), high = -1;
    }
    const fl_location where = clean && high < 0 ? location_in_bytes(bytes, count) : FL_LOCATION_EXIF;
    free(bytes);
    return where;
}

static fl_location in_text(const char *keyword, const uint8_t *text, size_t size)
{
    static const char raw[] = "Raw profile type ";
    if (strncmp(keyword, raw, sizeof raw - 1) == 0) return in_raw_profile(text, size);
    return location_in_bytes(text, size);
}

static fl_location in_compressed(const char *keyword, const uint8_t *bytes, size_t size)
{
    size_t room = 4 * size + 1024;
    for (; room <= OPENED_MOST; room *= 4) {
        uint8_t *opened = malloc(room);
        uLongf made = room;
        const int code = opened ? uncompress(opened, &made, bytes, size) : Z_MEM_ERROR;
        const fl_location where = code == Z_OK ? in_text(keyword, opened, made) : FL_LOCATION_XMP;
        free(opened);
        if (code != Z_BUF_ERROR) return where;
    }
    return FL_LOCATION_XMP;
}

/* A chunk's text behind its keyword, wherever that stands in the three kinds of them. */
static fl_location in_chunk(const uint8_t *chunk, size_t size, const char *kind)
{
    const uint8_t *end = chunk + size, *at = memchr(chunk, 0, size);
    const char *keyword = (const char *)chunk;
    if (!at) return FL_LOCATION_NONE; /* no keyword, and its bytes were searched with the file's */
    at++;
    bool packed = strcmp(kind, "zTXt") == 0;
    if (strcmp(kind, "iTXt") == 0) {
        if (end - at < 2) return FL_LOCATION_NONE;
        packed = at[0] != 0;
        at += 2;
        for (int i = 0; i < 2; i++) { /* language, translated keyword */
            at = memchr(at, 0, (size_t)(end - at));
            if (!at) return FL_LOCATION_NONE;
            at++;
        }
    } else if (packed && at++ == end)
        return FL_LOCATION_NONE;
    return packed ? in_compressed(keyword, at, (size_t)(end - at)) : in_text(keyword, at, (size_t)(end - at));
}

/* Chunk after chunk; behind the end, another picture may have been appended. */
fl_location location_in_png_texts(const uint8_t *bytes, size_t size)
{
    static const char *const kinds[] = {"tEXt", "zTXt", "iTXt"};
    const uint8_t *at = bytes, *end = bytes + size;
    unsigned texts = 0;
    while ((at = memmem(at, (size_t)(end - at), "\x89PNG\r\n\x1A\n", SIGNATURE))) {
        at += SIGNATURE;
        while (end - at >= 12 && length_at(at) <= (size_t)(end - at) - 12) {
            const size_t length = length_at(at);
            for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
                if (memcmp(at + 4, kinds[i], 4) != 0) continue;
                const fl_location where =
                    ++texts > TEXTS_MOST ? FL_LOCATION_XMP : in_chunk(at + 8, length, kinds[i]);
                if (where != FL_LOCATION_NONE) return where;
            }
            at += length + 12;
        }
    }
    return FL_LOCATION_NONE;
}
