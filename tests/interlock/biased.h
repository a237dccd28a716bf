/* Pairs of state and input word that reach the deep rules.
 *
 * A word drawn evenly permits once in 626 million; here each mode gets the words in which something can
 * happen: everything good, the shutters where this mode wants them, an order it may obey, and then a few bits
 * spoiled. One in four words is even all the same, so nothing is left out for good.
 */
#ifndef FL_TESTS_INTERLOCK_BIASED_H
#define FL_TESTS_INTERLOCK_BIASED_H

#include "fadeline/base/random.h"
#include "fadeline/interlock/step.h"

#define BIASED_STATES 28

/* clang-format off */
static const struct { uint8_t mode, flags; } biased_states[BIASED_STATES] = {
    { FL_MODE_OFF, 0 },     { FL_MODE_OFF, 16 },    { FL_MODE_SELFTEST, 0 }, { FL_MODE_STANDBY, 0 },
    { FL_MODE_ARMING, 0 },  { FL_MODE_ARMING, 1 },  { FL_MODE_READY, 0 },    { FL_MODE_READY, 1 },
    { FL_MODE_READY, 2 },   { FL_MODE_READY, 3 },   { FL_MODE_OPENING, 0 },  { FL_MODE_OPENING, 1 },
    { FL_MODE_EMIT, 0 },    { FL_MODE_EMIT, 1 },    { FL_MODE_GAP, 0 },      { FL_MODE_GAP, 1 },
    { FL_MODE_CLOSING, 0 }, { FL_MODE_CLOSING, 1 }, { FL_MODE_CLOSING, 4 },  { FL_MODE_CLOSING, 5 },
    { FL_MODE_CLOSING, 8 }, { FL_MODE_CLOSING, 9 }, { FL_MODE_CLOSING, 12 }, { FL_MODE_CLOSING, 13 },
    { FL_MODE_FAULT, 0 },   { FL_MODE_FAULT, 16 },  { FL_MODE_ESTOP, 0 },    { FL_MODE_ESTOP, 16 },
};
/* clang-format on */

static inline fl_interlock_state biased_state(int k)
{
    return fl_interlock_state_of((fl_mode)biased_states[k].mode, biased_states[k].flags);
}

/* Mode and flags that do not fit, a flag whose complement is off, or three random bytes. It may be well
 * formed by chance; ask before relying on it. */
static inline fl_interlock_state biased_damage(fl_random *random)
{
    const uint64_t r = fl_random_u64(random);
    fl_interlock_state s = fl_interlock_state_of(fl_modes[(r >> 8) % FL_MODE_COUNT], r >> 16 & 31);
    if ((r & 3) == 1) s.flags_not ^= (uint8_t)(1u << (r >> 24 & 7));
    if ((r & 3) == 2) s.mode ^= (uint8_t)(1u << (r >> 24 & 7));
    if ((r & 3) == 3) s = (fl_interlock_state){(uint8_t)(r >> 32), (uint8_t)(r >> 40), (uint8_t)(r >> 48)};
    return s;
}

static inline uint32_t biased_order(uint8_t mode, uint64_t r)
{
    if (mode == FL_MODE_STANDBY) return r & 3 ? FL_CMD_ARM_TREAT + (r >> 2 & 1) : r >> 3 & 7;
    if (mode == FL_MODE_FAULT) return r & 3 ? FL_CMD_RESET + (r >> 2 & 1) : r >> 3 & 7;
    return r & 3 ? FL_CMD_NONE : r >> 3 & 7;
}

static inline uint32_t biased_word(fl_random *random, uint8_t mode)
{
    const uint64_t r = fl_random_u64(random), q = fl_random_u64(random);
    if (!(r & 3)) return (uint32_t)(q >> 34);
    const bool firing = mode == FL_MODE_OPENING || mode == FL_MODE_EMIT || mode == FL_MODE_GAP;
    uint32_t word = (1u << FL_BIT_dock) - 1; /* bits 0..16: every interlock good */
    word |= (uint32_t)(r >> 2 & 1) << FL_BIT_dock;
    const bool open = (r >> 3 & (mode == FL_MODE_OPENING ? 1 : 3)) ? firing : !firing;
    word |= 1u << (open ? FL_BIT_sh_open : FL_BIT_sh_closed);
    word |= (uint32_t)(r >> 5 & 7 ? r >> 8 & 1 : r >> 8 & 3) << FL_BIT_energy;
    word |= (uint32_t)(r >> 10 & 7 ? r >> 13 & 1 : r >> 13 & 3) << FL_BIT_foot;
    word |= biased_order(mode, r >> 15) << FL_BIT_cmd;
    word |= (uint32_t)(r >> 21 & 1) << FL_BIT_due;
    word |= (uint32_t)(r >> 22 & 1 ? FL_SELFTEST_PASS : r >> 23 & 3) << FL_BIT_selftest;
    /* 0, 1, 2 or 3 spoiled bits, each half as often as the one before. */
    const int spoiled = r >> 25 & 1 ? 0 : r >> 26 & 1 ? 1 : r >> 27 & 1 ? 2 : 3;
    for (int i = 0; i < spoiled; i++) word ^= 1u << (q >> (16 * i) & 0xFFFF) % FL_INPUT_BITS;
    return word;
}

#endif
