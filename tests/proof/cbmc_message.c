/* The values of a message, from any text of at most BYTES bytes: no sum wraps, and nothing is written beside
 * its field.
 *
 * A decimal of 21 digits is above 64 bits already, so 24 bytes leave room for every way to be too large. CBMC
 * checks the bounds of the whole message, not of the arrays in it: that a field does not run into the next is
 * claimed of what stands beside it. That the number is the one that was written, tests/link shows by
 * examples: the equality of two multiplications by ten, twenty times over, is too much for the solver.
 */
#include "cbmc.h"

#include "fadeline/link/message.h"

#include <stdlib.h>
#include <string.h>

#if FL_SEED == 1 /* a sum that forgets what does not fit */
#define __builtin_mul_overflow(a, b, c) (*(c) = *(c) * (b), false)
#elif FL_SEED == 2 /* names longer than their room */
#undef FL_MESSAGE_TEXT_MAX
#define FL_MESSAGE_TEXT_MAX 33
#endif
#include "../../src/link/message.c"

/* A text of any length up to BYTES, in memory of exactly that length. */
static const char *any_text(size_t *size)
{
    *size = nondet_size();
    ASSUME(*size <= BYTES);
    char *text = malloc(*size);
    ASSUME(text != NULL);
    return text;
}

void a_decimal_does_not_wrap(void)
{
    size_t size;
    const char *text = any_text(&size);
    const uint64_t most = nondet_u64();
    uint64_t value = 7;
    const bool read = read_decimal(text, size, most, &value);
    CLAIM(read || value == 7);
    CLAIM(!read || (value <= most && size > 0 && (size == 1 || text[0] != '0')));
}

void a_hexadecimal_does_not_wrap(void)
{
    size_t size;
    const char *text = any_text(&size);
    uint64_t value = 7;
    const unsigned digits = nondet_u8() & 1 ? 16 : nondet_u8() & 1 ? 8 : 2;
    const bool read =
        read_hex(text, size, digits + (FL_SEED == 4), &value); /* seed 4: a table that is wrong */
    CLAIM(read || value == 7);
    CLAIM(!read || (size == digits && (digits == 16 || value >> 4 * digits == 0)));
}

void a_name_fits(void)
{
    size_t size;
    const char *text = any_text(&size);
    const bool uid = nondet_u8() & 1;
    fl_message message = {.word = FL_SAY_HELLO};
    const bool read = put_name(&message, uid ? FL_KEY_uid : FL_KEY_fw, text, size);
    CLAIM(!read || (size > 0 && size < sizeof message.uid));
    CLAIM(uid ? message.firmware[0] == 0 : message.uid[0] == 0);
    CLAIM(message.uid[sizeof message.uid - 1] == 0 && message.firmware[sizeof message.uid - 1] == 0);
}

void a_plan_fits(void)
{
    size_t size;
    const char *text = any_text(&size);
    fl_message message = {.word = FL_ASK_COMMIT};
    /* Seed 3: a table that says 34 digits. */
    const unsigned digits = fl_key_digits(FL_KEY_ph) + 2 * (FL_SEED == 3);
    const bool read = read_bytes(text, size, digits, message.plan);
    CLAIM(!read || size == 2 * FL_PLAN_SIZE);
    for (int i = 0; i < FL_ROOT_SIZE; i++) CLAIM(message.root[i] == 0);
}
