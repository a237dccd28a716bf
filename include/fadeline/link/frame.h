/* Frame: one line of the grant link GL1, and the bytes it arrives in.
 *
 *     >SSSSSSSSNNNNNNNN BODY*CCCCCCCC LF       host to device
 *     <SSSSSSSSNNNNNNNN BODY*CCCCCCCC LF       device to host
 *
 * S session, N number, C check, 8 upper-case hexadecimal digits each; bytes 0x20..0x7E; exactly one '*', nine
 * before the end; at most 250 bytes before LF. The check is CRC-32C over the identity text of the device and
 * all bytes from '>' or '<' up to the one before '*'; with session 0 the identity is left out. The identity
 * never travels: a frame of another laser on the same wire has a wrong check.
 *
 *     char line[FL_FRAME_ROOM];
 *     size_t size = fl_frame_write('>', 0x373F373F, 0x4B3, "SIM-00042", "STOP", 4, line);   // with LF
 *     fl_frame frame;
 *     if (fl_frame_read(line, size - 1, "SIM-00042", &frame) == FL_FRAME_GOOD) ...
 *
 * Pure: no allocation, no recursion, no globals. What a body may say is in message.h.
 */
#ifndef FL_LINK_FRAME_H
#define FL_LINK_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FL_FRAME_MAX 250                      /* bytes before LF */
#define FL_FRAME_BODY_MAX (FL_FRAME_MAX - 27) /* what is left of it for BODY */
#define FL_FRAME_ROOM (FL_FRAME_MAX + 2)      /* with LF and a closing 0 */

// clang-format off
/*                      name              sentence */
#define FL_FRAME_FAULT_LIST(X)                                                                               \
    X(FL_FRAME_GOOD,  "good")                                                                                \
    X(FL_FRAME_LONG,  "longer than 250 bytes")                                                               \
    X(FL_FRAME_BYTE,  "a byte outside printable ASCII")                                                      \
    X(FL_FRAME_SHAPE, "not of the form <SSSSSSSSNNNNNNNN BODY*CCCCCCCC")                                     \
    X(FL_FRAME_CHECK, "the check is wrong")
// clang-format on

typedef enum fl_frame_fault {
#define X(name, text) name,
    FL_FRAME_FAULT_LIST(X)
#undef X
} fl_frame_fault;

const char *fl_frame_fault_text(fl_frame_fault fault);

typedef struct fl_frame {
    char direction; /* '>' or '<' */
    uint32_t session, number;
    const char *body; /* borrowed from the line; no 0 at its end */
    size_t size;      /* of body */
} fl_frame;

/* `line` without its LF. `identity` may be NULL when session is 0. *frame is untouched unless good. */
fl_frame_fault fl_frame_read(const char *line, size_t size, const char *identity, fl_frame *frame);
/* As fl_frame_read without the check: for a listener who does not know the identity. Never for a decision. */
fl_frame_fault fl_frame_read_unchecked(const char *line, size_t size, fl_frame *frame);
/* Writes a whole frame with LF and a closing 0, returns its size with LF; 0 when the body is too long, empty,
 * or has a byte that may not be in it. */
size_t fl_frame_write(char direction, uint32_t session, uint32_t number, const char *identity,
                      const char *body, size_t size, char line[FL_FRAME_ROOM]);

/* Cuts a stream of bytes into lines. CR is ignored; a byte that may not be there or the 251st byte spoils the
 * line at once (one fault a line), and everything up to the next LF is dropped. */
typedef struct fl_line {
    char text[FL_FRAME_MAX];
    size_t size;
    bool spoiled; /* dropping to the next LF */
    bool whole;   /* text is a finished line; the next byte begins a new one */
} fl_line;

typedef enum fl_line_event { FL_LINE_MORE = 0, FL_LINE_WHOLE, FL_LINE_SPOILED } fl_line_event;

/* On FL_LINE_WHOLE text and size stay until the next call. On FL_LINE_SPOILED *fault says why. Starts from {
 * 0 }. */
fl_line_event fl_line_take(fl_line *line, char byte, fl_frame_fault *fault);
/* The same for a piece of the stream: stops behind the first byte that made an event, and returns how many
 * bytes it took; *event is FL_LINE_MORE when all were taken without one. */
size_t fl_line_take_some(fl_line *line, const char *bytes, size_t size, fl_line_event *event);

#endif
