/* GL1 frame: one line of printable ASCII with session, number and CRC-32C (grant link, section 3).
 *
 *     host -> device    >SSSSSSSSNNNNNNNN BODY*CCCCCCCC LF
 *     device -> host    <SSSSSSSSNNNNNNNN BODY*CCCCCCCC LF
 *
 * The check covers the identity of the device (which is never on the wire) and the line up to the byte before
 * `*`; in session 0 the identity is left out. Everything here is pure, allocates nothing and bounds every
 * loop, so it can go into a small processor as it is.
 */
#ifndef TWIN_GL1_FRAME_H
#define TWIN_GL1_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GL1_LINE_MAX 250 /* bytes before LF */

/* Collects bytes to a line. A line with a byte outside 0x20..0x7E, or longer than 250, is spoiled to its LF.
 */
typedef struct gl1_line {
    char text[GL1_LINE_MAX + 1]; /* ended with 0 when a line is whole */
    uint16_t length;
    bool spoiled, ended;
} gl1_line;

typedef enum gl1_line_event { GL1_LINE_MORE, GL1_LINE_WHOLE, GL1_LINE_SPOILED } gl1_line_event;

/* CR is ignored. After WHOLE, text and length hold the line until the next byte is given. */
gl1_line_event gl1_line_byte(gl1_line *line, char byte);

typedef struct gl1_frame {
    uint32_t session, number;
    const char *body; /* inside the line, ended with 0 in place of `*` */
} gl1_frame;

/* Reads a line in place (the `*` becomes 0). False, leaving *frame alone, when grammar or check is wrong;
 * direction is '>' or '<'. */
bool gl1_frame_read(char *line, size_t length, char direction, const char *identity, gl1_frame *frame);

/* Writes the whole frame with its LF into room; returns its length, or 0 when it would be longer than a line
 * may be. */
size_t gl1_frame_write(char room[GL1_LINE_MAX + 2], char direction, const char *identity, uint32_t session,
                       uint32_t number, const char *body);

/* One key a verb knows. Set key and form; a successful read sets the rest. */
typedef enum gl1_form {
    GL1_DECIMAL, /* whole number, no sign, at most 4294967295 */
    GL1_BIT,     /* 0 or 1 */
    GL1_PURPOSE, /* T or C; value is the letter */
    GL1_HEX8,    /* the hexadecimal forms are of exactly that many upper-case digits */
    GL1_HEX16,
    GL1_HEX32, /* too wide for value: bytes */
    GL1_HEX64
} gl1_form;

typedef struct gl1_field {
    const char *key;
    gl1_form form;
    bool present;
    uint64_t value;
    uint8_t bytes[32]; /* HEX32 fills 16, HEX64 fills 32 */
} gl1_field;

/* Splits "VERB key=value key=value". *verb_length is the length of the verb. False (SYN) for anything but
 * single blanks, known keys, each at most once, each in its form. Absent keys are the caller's question. */
bool gl1_fields_read(const char *body, size_t *verb_length, gl1_field *fields, size_t count);

bool gl1_read_hex(const char *text, unsigned digits, uint64_t *value); /* upper case only; digits 1..16 */

#endif
