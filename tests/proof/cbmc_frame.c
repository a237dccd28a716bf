/* The bytes that a laser, or whatever else is on the wire, can send: nothing outside the line is read or
 * written, and what a good frame says lies inside the line.
 *
 * BYTES bounds the frame; the line itself is unbounded (one byte, from any line that can exist). CBMC checks
 * the bounds of the whole fl_line and not of the text in it, so what shows that a byte went into the text is
 * the claim about size. The check of a frame is any number here: a proof of bounds may not rest on a right
 * one. That computing it reads no more than it is given is claimed at the call.
 */
#include "cbmc.h"

#include "fadeline/base/digest.h"
#include "fadeline/link/frame.h"

#include <stdlib.h>

#if FL_SEED == 1 /* one byte more than there is room for */
#undef FL_FRAME_MAX
#define FL_FRAME_MAX 251
#elif FL_SEED == 2 /* a frame of the wrong shape is good */
#define FL_FRAME_SHAPE FL_FRAME_GOOD
#endif
#include "../../src/link/frame.c"

uint32_t fl_crc32c(uint32_t crc, const void *bytes, size_t size)
{
    (void)crc;
    CLAIM(size == 0 || __CPROVER_r_ok(bytes, size));
    return nondet_u32();
}

/* Induction: size <= 250 holds of { 0 }, and after a byte if it held before. */
void a_byte_stays_in_the_line(void)
{
    fl_line line; /* its text is any text */
    line.size = nondet_size();
    line.spoiled = nondet_u8() & 1;
    line.whole = nondet_u8() & 1;
    ASSUME(line.size <= sizeof line.text);
    const size_t before = line.size;
    fl_frame_fault fault = FL_FRAME_GOOD;
    const fl_line_event event = fl_line_take(&line, (char)nondet_u8(), &fault);
    CLAIM(line.size <= sizeof line.text && line.size <= before + 1);
    CLAIM((event == FL_LINE_SPOILED) == (fault != FL_FRAME_GOOD));
    CLAIM(event != FL_LINE_WHOLE || line.whole);
}

void a_frame_is_read_inside_its_line(void)
{
    const size_t size = nondet_size();
    ASSUME(size <= BYTES);
    char *line = malloc(size); /* exactly as long: the first byte after it is out of bounds */
    ASSUME(line != NULL);
    char name[9] = {(char)nondet_u8(), (char)nondet_u8(), (char)nondet_u8(), (char)nondet_u8()};
    const fl_frame untouched = {.direction = '?'};
    fl_frame frame = untouched;
    const bool known = nondet_u8() & 1;
    const fl_frame_fault fault = nondet_u8() & 1 ? fl_frame_read(line, size, known ? name : NULL, &frame)
                                                 : fl_frame_read_unchecked(line, size, &frame);
    CLAIM(fault == FL_FRAME_GOOD || frame.direction == '?');
    if (fault != FL_FRAME_GOOD) return;
    CLAIM(frame.direction == '>' || frame.direction == '<');
    CLAIM(frame.body == line + 18 && frame.size >= 1 && 18 + frame.size + 9 == size);
}
