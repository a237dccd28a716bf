#include "fadeline/interlock/inputs.h"

const fl_input_row fl_input_rows[FL_INPUT_FIELDS] = {
#define X(field, bit, width, class, good) {#field, (bit), (width), (class), (good)},
    FL_INPUT_LIST(X)
#undef X
};

/* A number too large for its bits is no number we know: it becomes the worst code, never a smaller one. */
static uint32_t worst_of(uint8_t value, unsigned width)
{
    const uint32_t most = (1u << width) - 1;
    return value > most ? most : value;
}

uint32_t fl_inputs_pack(const fl_inputs *inputs)
{
    uint32_t word = 0;
#define X(field, bit, width, class, good) word |= worst_of(inputs->field, (width)) << (bit);
    FL_INPUT_LIST(X)
#undef X
    return word;
}

fl_inputs fl_inputs_unpack(uint32_t word)
{
    fl_inputs inputs = {0};
    if (word >> FL_INPUT_BITS) return inputs;
#define X(field, bit, width, class, good) inputs.field = word >> (bit) & ((1u << (width)) - 1);
    FL_INPUT_LIST(X)
#undef X
    return inputs;
}
