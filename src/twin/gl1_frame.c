#include "gl1_frame.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"

#include <string.h>

#define HEAD_LENGTH 18 /* direction, 8 + 8 digits, blank */
#define TAIL_LENGTH 9  /* star and 8 digits */

gl1_line_event gl1_line_byte(gl1_line *line, char byte)
{
    if (line->ended) line->length = 0;
    line->ended = false;
    if (byte == '\r') return GL1_LINE_MORE;
    if (byte == '\n') {
        const bool spoiled = line->spoiled;
        line->text[line->length] = 0;
        line->spoiled = false;
        line->ended = true;
        if (spoiled) line->length = 0;
        return spoiled ? GL1_LINE_SPOILED : GL1_LINE_WHOLE;
    }
    if (byte < 0x20 || byte > 0x7E || line->length == GL1_LINE_MAX) line->spoiled = true;
    if (!line->spoiled) line->text[line->length++] = byte;
    return GL1_LINE_MORE;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool gl1_read_hex(const char *text, unsigned digits, uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < digits; i++) {
        const int digit = hex_digit(text[i]);
        if (digit < 0) return false;
        sum = sum << 4 | (uint64_t)digit;
    }
    *value = sum;
    return true;
}

static uint32_t check_of(const char *line, size_t length, const char *identity, uint32_t session)
{
    const uint32_t crc = session ? fl_crc32c(0, identity, strlen(identity)) : 0;
    return fl_crc32c(crc, line, length);
}

bool gl1_frame_read(char *line, size_t length, char direction, const char *identity, gl1_frame *frame)
{
    if (length < HEAD_LENGTH + 1 + TAIL_LENGTH || length > GL1_LINE_MAX) return false;
    const size_t star = length - TAIL_LENGTH;
    if (line[0] != direction || line[HEAD_LENGTH - 1] != ' ' || line[star] != '*') return false;
    if (memchr(line, '*', star)) return false;

    uint64_t session, number, check;
    if (!gl1_read_hex(line + 1, 8, &session) || !gl1_read_hex(line + 9, 8, &number)) return false;
    if (!gl1_read_hex(line + star + 1, 8, &check)) return false;
    if (check != check_of(line, star, identity, (uint32_t)session)) return false;

    line[star] = 0;
    frame->session = (uint32_t)session;
    frame->number = (uint32_t)number;
    frame->body = line + HEAD_LENGTH;
    return true;
}

size_t gl1_frame_write(char room[GL1_LINE_MAX + 2], char direction, const char *identity, uint32_t session,
                       uint32_t number, const char *body)
{
    fl_text text = fl_text_in(room, GL1_LINE_MAX + 2);
    fl_text_add_bytes(&text, &direction, 1);
    fl_text_add_hex(&text, session, 8);
    fl_text_add_hex(&text, number, 8);
    fl_text_add_bytes(&text, " ", 1);
    fl_text_add_word(&text, body);
    const uint32_t check = check_of(room, text.length, identity, session);
    fl_text_add_bytes(&text, "*", 1);
    fl_text_add_hex(&text, check, 8);
    fl_text_add_bytes(&text, "\n", 1);
    return text.cut ? 0 : text.length;
}

/* Decimal of at most ten digits that fits 32 bits. */
static bool read_decimal(const char *text, size_t length, uint64_t *value)
{
    if (length < 1 || length > 10) return false;
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        sum = sum * 10 + (uint64_t)(text[i] - '0');
    }
    if (sum > UINT32_MAX) return false;
    *value = sum;
    return true;
}

static bool read_wide(const char *text, size_t digits, uint8_t *bytes)
{
    for (size_t i = 0; i < digits; i += 2) {
        const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        bytes[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_value(gl1_field *field, const char *text, size_t length)
{
    switch (field->form) {
    case GL1_DECIMAL: return read_decimal(text, length, &field->value);
    case GL1_BIT:
        field->value = (uint64_t)(text[0] == '1');
        return length == 1 && (text[0] == '0' || text[0] == '1');
    case GL1_PURPOSE:
        field->value = (uint64_t)(unsigned char)text[0];
        return length == 1 && (text[0] == 'T' || text[0] == 'C');
    case GL1_HEX8: return length == 8 && gl1_read_hex(text, 8, &field->value);
    case GL1_HEX16: return length == 16 && gl1_read_hex(text, 16, &field->value);
    case GL1_HEX32: return length == 32 && read_wide(text, 32, field->bytes);
    case GL1_HEX64: return length == 64 && read_wide(text, 64, field->bytes);
    }
    return false;
}

bool gl1_fields_read(const char *body, size_t *verb_length, gl1_field *fields, size_t count)
{
    const size_t verb = strcspn(body, " ");
    if (verb == 0) return false;
    for (size_t i = 0; i < count; i++) fields[i].present = false;
    const char *at = body + verb;
    while (*at == ' ') {
        const char *key = at + 1;
        const size_t whole = strcspn(key, " "), key_length = strcspn(key, "= ");
        if (key[key_length] != '=') return false;
        size_t i = 0;
        while (i < count &&
               !(strlen(fields[i].key) == key_length && memcmp(fields[i].key, key, key_length) == 0))
            i++;
        if (i == count || fields[i].present) return false;
        if (!read_value(&fields[i], key + key_length + 1, whole - key_length - 1)) return false;
        fields[i].present = true;
        at = key + whole;
    }
    *verb_length = verb;
    return true;
}
