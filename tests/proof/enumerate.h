/* Step and monitor over many pairs, one function per well-formed state.
 *
 * The two sources under test are included here, not linked, so that the state is a constant inside each loop
 * and the compiler drops the rules that cannot apply to it. The file is compiled with -O3 and without
 * sanitizers (the word "fast" in the first line of the test): 3 * 10^10 pairs would otherwise take hours. The
 * same two sources run under the sanitizers in tests/interlock.
 */
#ifndef FL_TESTS_PROOF_ENUMERATE_H
#define FL_TESTS_PROOF_ENUMERATE_H

#include "../../src/interlock/monitor.c"
#undef INLINE
#undef ON
#undef FIELD
#undef ALL
#undef SOFT
#undef HARD
#undef ENERGY
#undef FOOT
#undef CMD
#undef TEST
#undef BROKEN
#undef FROM
#undef TO
#include "../../src/interlock/step.c"

#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

#define STATE_COUNT 28
#define INPUT_COUNT ((uint64_t)1 << FL_INPUT_BITS)
#define HALF 15 /* bits; the loop over the upper half of the word runs inside the loop over the lower half   \
                 */
#define BLOCK ((uint32_t)1 << HALF)

typedef struct tally {
    uint64_t next[256]; /* by mode code of the next state */
    uint64_t permits, tokens, broken;
    uint64_t broken_set;
    uint32_t broken_word; /* one example */
} tally;

/* All words whose low half is `low` and whose high half is a multiple-of-`stride` offset from `first`. */
typedef void block_function(uint32_t low, uint32_t first, uint32_t stride, tally *t);

/* key, estop and link are constants too, in eight copies of the loop: a step without a link or without a key
 * is short, and the compiler only sees that when it knows. It makes the whole run 2.5 times as fast. Five
 * further constant bits were tried and gave less than they cost in compiling. */
#define POWER ((uint32_t)1 << FL_BIT_key | (uint32_t)1 << FL_BIT_estop | (uint32_t)1 << FL_BIT_link)
#define COPY(index, power)                                                                                   \
    case (power):                                                                                            \
        loop_##index((low & ~POWER) | (power), first, stride, t);                                            \
        return;

#define BLOCK_OF(index, mode_name, flag_bits)                                                                \
    INLINE void loop_##index(uint32_t low, uint32_t first, uint32_t stride, tally *t)                        \
    {                                                                                                        \
        const fl_interlock_state s = fl_interlock_state_of(FL_MODE_##mode_name, (flag_bits));                \
        for (uint32_t high = first; high < BLOCK; high += stride) {                                          \
            const uint32_t word = high << HALF | low;                                                        \
            const fl_interlock_result r = judge(s, word);                                                    \
            const uint64_t broken = broken_by(s, word, r.next, r.outputs);                                   \
            t->next[r.next.mode]++;                                                                          \
            t->permits += r.outputs.permit;                                                                  \
            t->tokens += r.outputs.token;                                                                    \
            if (__builtin_expect(broken != 0, 0)) {                                                          \
                t->broken++;                                                                                 \
                t->broken_set |= broken;                                                                     \
                t->broken_word = word;                                                                       \
            }                                                                                                \
        }                                                                                                    \
    }                                                                                                        \
    static void block_##index(uint32_t low, uint32_t first, uint32_t stride, tally *t)                       \
    {                                                                                                        \
        switch (low & POWER) {                                                                               \
            COPY(index, 0x00)                                                                                \
            COPY(index, 0x01) COPY(index, 0x02) COPY(index, 0x03) COPY(index, 0x40) COPY(index, 0x41)        \
                COPY(index, 0x42) COPY(index, 0x43)                                                          \
        }                                                                                                    \
    }
_Static_assert(POWER == 0x43, "the eight copies are the eight values of these bits");

/* clang-format off */
#define STATE_LIST(X)                                                                                        \
    X(0, OFF, 0) X(1, OFF, 16) X(2, SELFTEST, 0) X(3, STANDBY, 0) X(4, ARMING, 0) X(5, ARMING, 1)            \
    X(6, READY, 0) X(7, READY, 1) X(8, READY, 2) X(9, READY, 3) X(10, OPENING, 0) X(11, OPENING, 1)          \
    X(12, EMIT, 0) X(13, EMIT, 1) X(14, GAP, 0) X(15, GAP, 1) X(16, CLOSING, 0) X(17, CLOSING, 1)            \
    X(18, CLOSING, 4) X(19, CLOSING, 5) X(20, CLOSING, 8) X(21, CLOSING, 9) X(22, CLOSING, 12)               \
    X(23, CLOSING, 13) X(24, FAULT, 0) X(25, FAULT, 16) X(26, ESTOP, 0) X(27, ESTOP, 16)
/* clang-format on */
STATE_LIST(BLOCK_OF)

static const struct {
    block_function *block;
    uint8_t mode, flags;
} states[STATE_COUNT] = {
#define X(index, mode_name, flag_bits) {block_##index, FL_MODE_##mode_name, (flag_bits)},
    STATE_LIST(X)
#undef X
};

static inline void report_broken(const tally *t, int state)
{
    for (int i = 1; i <= FL_INVARIANT_COUNT; i++)
        CHECK(!(t->broken_set >> (i - 1) & 1), "%s violated in %s flags %u, e.g. inputs %08X: %s",
              fl_invariant_name(i), fl_mode_word(states[state].mode), states[state].flags,
              (unsigned)t->broken_word, fl_invariant_sentence(i));
}

#endif
