#include "fadeline/link/frame.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/digest.h"

#include <string.h>

#define HEAD 18 /* direction, session, number, space */
#define TAIL 9  /* star, check */

const char *fl_frame_fault_text(fl_frame_fault fault)
{
    switch (fault) {
#define X(name, text)                                                                                        \
    case name: return text;
        FL_FRAME_FAULT_LIST(X)
#undef X
    }
    return "?";
}

static bool may_stand(char byte)
{
    return byte >= 0x20 && byte <= 0x7E;
}

/* Eight digits, upper case only: one number has one spelling. */
static bool read_hex8(const char *text, uint32_t *value)
{
    uint32_t sum = 0;
    for (int i = 0; i < 8; i++) {
        const char c = text[i];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A') + 10;
        else
            return false;
        sum = sum << 4 | digit;
    }
    *value = sum;
    return true;
}

static void write_hex8(uint32_t value, char *text)
{
    for (int i = 7; i >= 0; i--, value >>= 4) text[i] = "0123456789ABCDEF"[value & 15];
}

static uint32_t check_of(const char *line, size_t size, uint32_t session, const char *identity)
{
    const uint32_t start = session ? fl_crc32c(0, identity, strlen(identity)) : 0;
    return fl_crc32c(start, line, size);
}

/* Everything but the check; *check is what the line claims. */
static fl_frame_fault read_shape(const char *line, size_t size, fl_frame *frame, uint32_t *check)
{
    if (size > FL_FRAME_MAX) return FL_FRAME_LONG;
    for (size_t i = 0; i < size; i++)
        if (!may_stand(line[i])) return FL_FRAME_BYTE;
    if (size < HEAD + 1 + TAIL) return FL_FRAME_SHAPE;
    const size_t star = size - TAIL;
    if (memchr(line, '*', size) != line + star) return FL_FRAME_SHAPE; /* behind it only digits pass */
    fl_frame read = {.direction = line[0], .body = line + HEAD, .size = star - HEAD};
    if (read.direction != '>' && read.direction != '<') return FL_FRAME_SHAPE;
    if (line[HEAD - 1] != ' ' || !read_hex8(line + 1, &read.session) || !read_hex8(line + 9, &read.number) ||
        !read_hex8(line + star + 1, check))
        return FL_FRAME_SHAPE;
    *frame = read;
    return FL_FRAME_GOOD;
}

fl_frame_fault fl_frame_read_unchecked(const char *line, size_t size, fl_frame *frame)
{
    FL_ASSERT(line && frame);
    uint32_t check;
    return read_shape(line, size, frame, &check);
}

fl_frame_fault fl_frame_read(const char *line, size_t size, const char *identity, fl_frame *frame)
{
    FL_ASSERT(line && frame);
    fl_frame read;
    uint32_t check;
    const fl_frame_fault fault = read_shape(line, size, &read, &check);
    if (fault != FL_FRAME_GOOD) return fault;
    if (read.session && !identity) return FL_FRAME_CHECK;
    if (check != check_of(line, size - TAIL, read.session, identity)) return FL_FRAME_CHECK;
    *frame = read;
    return FL_FRAME_GOOD;
}

size_t fl_frame_write(char direction, uint32_t session, uint32_t number, const char *identity,
                      const char *body, size_t size, char line[FL_FRAME_ROOM])
{
    FL_ASSERT(direction == '>' || direction == '<');
    FL_ASSERT(!session || identity);
    if (!size || size > FL_FRAME_BODY_MAX) return 0;
    for (size_t i = 0; i < size; i++)
        if (!may_stand(body[i]) || body[i] == '*') return 0;
    line[0] = direction;
    write_hex8(session, line + 1);
    write_hex8(number, line + 9);
    line[HEAD - 1] = ' ';
    memcpy(line + HEAD, body, size);
    const size_t star = HEAD + size;
    line[star] = '*';
    write_hex8(check_of(line, star, session, identity), line + star + 1);
    line[star + TAIL] = '\n';
    line[star + TAIL + 1] = 0;
    return star + TAIL + 1;
}

fl_line_event fl_line_take(fl_line *line, char byte, fl_frame_fault *fault)
{
    if (line->whole) {
        line->whole = false;
        line->size = 0;
    }
    if (byte == '\r') return FL_LINE_MORE;
    if (byte == '\n') {
        line->whole = !line->spoiled;
        const bool whole = line->whole;
        line->spoiled = false;
        if (!whole) line->size = 0;
        return whole ? FL_LINE_WHOLE : FL_LINE_MORE;
    }
    if (line->spoiled) return FL_LINE_MORE;
    if (may_stand(byte) && line->size < FL_FRAME_MAX) {
        line->text[line->size++] = byte;
        return FL_LINE_MORE;
    }
    line->spoiled = true;
    if (fault) *fault = may_stand(byte) ? FL_FRAME_LONG : FL_FRAME_BYTE;
    return FL_LINE_SPOILED;
}
