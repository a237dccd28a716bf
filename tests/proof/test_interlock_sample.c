/* labels: unit proof   timeout: 120   fast */
/* The everyday proof: more than 10^8 pairs through step and monitor. The full enumeration is
 * test_interlock_full.c.
 *
 * Two strata. Even: every state times every 281st word or so, all 2^15 lower halves present. Near: every word
 * that differs in at most four bits from one of eighty healthy ones, where ARM, permit and the drops happen;
 * an even sample would meet a permit once in 626 million pairs.
 */
#include "enumerate.h"
#include "inputs_good.h"

/* 107 million pairs, evenly spread. */
/* hazards: H56 */
static void an_even_sample_keeps_every_invariant(void)
{
    uint64_t pairs = 0;
    for (int s = 0; s < STATE_COUNT; s++) {
        tally t = {0};
        for (uint32_t low = 0; low < BLOCK; low++) states[s].block(low, low * 97 % 281, 281, &t);
        for (int code = 0; code < 256; code++) pairs += t.next[code];
        report_broken(&t, s);
    }
    CHECK(pairs >= 100000000, "only %llu pairs", (unsigned long long)pairs);
    printf("%llu pairs ", (unsigned long long)pairs);
}

/* Words with every good bit set and nothing pressed, ordered or seen, varied where health has several faces.
 */
static uint32_t healthy(int variant)
{
    fl_inputs in = INPUTS_GOOD;
    static const uint8_t orders[5] = {FL_CMD_NONE, FL_CMD_ARM_TREAT, FL_CMD_ARM_CAL, FL_CMD_RESET,
                                      FL_CMD_RESET_SERVICE};
    in.dock = variant & 1;
    in.sh_open = variant & 2;
    in.sh_closed = !in.sh_open;
    in.foot = variant & 4 ? FL_FOOT_PRESSED : FL_FOOT_RELEASED;
    in.energy = variant & 8 ? FL_ENERGY_GOOD : FL_ENERGY_NONE;
    in.selftest = FL_SELFTEST_PASS;
    in.cmd = orders[variant >> 4];
    return fl_inputs_pack(&in);
}

static void near_sample(uint32_t base, int state, tally *t)
{
    /* Single words go through the same block function: a stride past the end makes one word of it. */
    block_function *block = states[state].block;
    for (int a = 0; a < FL_INPUT_BITS; a++)
        for (int b = a; b < FL_INPUT_BITS; b++)
            for (int c = b; c < FL_INPUT_BITS; c++)
                for (int d = c; d < FL_INPUT_BITS; d++) {
                    /* A bit named twice counts once, so 0 to 4 bits differ, and some words come again. */
                    const uint32_t flip = 1u << a | 1u << b | 1u << c | 1u << d;
                    const uint32_t word = base ^ (a == d ? (a ? flip : 0) : flip);
                    block(word & (BLOCK - 1), word >> HALF, BLOCK, t);
                }
}

/* From a healthy machine with up to four inputs wrong, in every state: all 35 invariants. */
/* hazards: H01 H04 H05 H06 H07 H11 H12 H13 H14 H16 H18 H50 H56 */
static void a_sample_near_health_keeps_every_invariant(void)
{
    uint64_t pairs = 0, permits = 0, armings = 0;
    for (int s = 0; s < STATE_COUNT; s++) {
        tally t = {0};
        for (int variant = 0; variant < 80; variant++) near_sample(healthy(variant), s, &t);
        for (int code = 0; code < 256; code++) pairs += t.next[code];
        permits += t.permits;
        armings += states[s].mode == FL_MODE_STANDBY ? t.next[FL_MODE_ARMING] : 0;
        report_broken(&t, s);
    }
    CHECK(permits > 1000 && armings > 500, "the sample misses the road to light: %llu permits, %llu ARMs",
          (unsigned long long)permits, (unsigned long long)armings);
    printf("%llu pairs, %llu permits ", (unsigned long long)pairs, (unsigned long long)permits);
}

FL_TESTS("proof/interlock_sample", TEST(an_even_sample_keeps_every_invariant),
         TEST(a_sample_near_health_keeps_every_invariant))
