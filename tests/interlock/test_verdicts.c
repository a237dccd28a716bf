/* labels: unit proof   timeout: 120 */
/* Wrong answers: for each biased pair all 28 next states and some damaged ones, with right and wrong outputs,
 * are shown to the monitor. Which of the thirty-five sentences it calls broken must be what a third reading
 * of section 7 (verdicts_sentences.c) says, sentence by sentence. The enumeration shows that the monitor has
 * nothing against the step; this shows that it has something against everything else, and for the right
 * reason.
 *
 * FL_PAIRS sets the number of pairs. */
#include "biased.h"
#include "check.h"
#include "verdicts_sentences.h"

#include "fadeline/interlock/monitor.h"

static uint64_t called[FL_INVARIANT_COUNT], shown, differences;

static fl_interlock_outputs outputs_from(unsigned bits)
{
    return (fl_interlock_outputs){bits & 1, bits & 2, bits & 4, bits & 8, bits & 16};
}

/* What the mode asks for; the token is anybody's guess. */
static unsigned right_outputs(uint8_t mode)
{
    const int i = fl_mode_index((fl_mode)mode);
    const bool fires = i >= fl_mode_index(FL_MODE_OPENING) && i <= fl_mode_index(FL_MODE_GAP);
    const bool armed = i >= fl_mode_index(FL_MODE_ARMING) && i <= fl_mode_index(FL_MODE_CLOSING);
    return (mode == FL_MODE_EMIT) | (fires ? 4u : 0) | (armed ? 24u : 0);
}

static void show(fl_interlock_state from, uint32_t word, fl_interlock_state to, unsigned output_bits)
{
    const fl_interlock_outputs o = outputs_from(output_bits);
    const uint64_t got = fl_interlock_monitor(from, word, to, o, 1).broken;
    const uint64_t want = sentences_broken(from, word, to, o), differ = got ^ want;
    shown++;
    for (uint64_t rest = want; rest; rest &= rest - 1) called[__builtin_ctzll(rest)]++;
    if (differ && differences++ < 5)
        CHECK(!differ,
              "from %02X %02X %02X, inputs %08X, to %02X %02X %02X, outputs %02X: %s is %s for the monitor",
              from.mode, from.flags, from.flags_not, (unsigned)word, to.mode, to.flags, to.flags_not,
              output_bits, fl_invariant_name(1 + __builtin_ctzll(differ)), got & differ ? "broken" : "kept");
}

static void show_every_answer(fl_interlock_state from, uint32_t word, fl_random *random)
{
    for (int k = 0; k < BIASED_STATES; k++) {
        const fl_interlock_state to = biased_state(k);
        const uint64_t r = fl_random_u64(random);
        show(from, word, to, right_outputs(to.mode) | (r & 2));
        if (!(r >> 8 & 7)) show(from, word, to, r >> 16 & 31);
    }
    const fl_interlock_state damage = biased_damage(random);
    show(from, word, damage, right_outputs(damage.mode));
    const fl_interlock_result right = fl_interlock_step(from, word);
    for (int i = 0; i < 5; i++) /* the right next state, one output wrong */
        show(from, word, right.next, (right_outputs(right.next.mode) | right.outputs.token << 1) ^ 1u << i);
}

static uint64_t wanted_pairs(void)
{
    const char *text = getenv("FL_PAIRS");
    return text ? strtoull(text, NULL, 10) : 300000;
}

static void the_monitor_names_what_is_wrong(void)
{
    fl_random random;
    fl_random_init(&random, 35, 7);
    for (uint64_t n = 0; n < wanted_pairs() && differences < 5; n++) {
        fl_interlock_state from = biased_state((int)(fl_random_u64(&random) % BIASED_STATES));
        if (n % 16 == 0) from = biased_damage(&random);
        uint32_t word = biased_word(&random, from.mode);
        if (n % 32 == 1) word |= (1u + (uint32_t)(n >> 5) % 3) << FL_INPUT_BITS;
        show_every_answer(from, word, &random);
    }
    CHECK(differences == 0, "%llu of %llu verdicts differ", (unsigned long long)differences,
          (unsigned long long)shown);
    for (int i = 0; i < FL_INVARIANT_COUNT; i++)
        CHECK(differences || (called[i] >= 100 && called[i] < shown / 2),
              "%s was broken %llu times of %llu: the sample proves nothing about it",
              fl_invariant_name(i + 1), (unsigned long long)called[i], (unsigned long long)shown);
    printf("%llu answers ", (unsigned long long)shown);
}

/* The serial that comes back is the one that was sent: the core takes no other verdict. */
static void a_verdict_carries_its_serial(void)
{
    static const uint64_t serials[] = {1, 7, 4294967296u, UINT64_MAX};
    const fl_interlock_state off = fl_interlock_state_of(FL_MODE_OFF, 0);
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++)
        CHECK(fl_interlock_monitor(off, 0, off, outputs_from(0), serials[i]).serial == serials[i],
              "serial %zu", i);
}

FL_TESTS("interlock/verdicts", TEST(a_verdict_carries_its_serial), TEST(the_monitor_names_what_is_wrong))
