/* labels: unit proof   timeout: 120 */
/* Properties of the step beyond one row: damage, purity, T4, T6, the packing of inputs, and the words of a
 * refusal. */
#include "check.h"
#include "inputs_good.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/interlock/monitor.h"

static fl_interlock_state well[28];
static int well_count;

/* Every triple of bytes is tried, so damage anywhere in the stored state is covered: 2^24 states. */
/* hazards: H56 */
static void damage_goes_to_a_service_fault_with_everything_off(void)
{
    fl_random random;
    fl_random_init(&random, 484, 1);
    uint64_t formed = 0, wrong = 0;
    well_count = 0;
    for (uint32_t s = 0; s < 1u << 24; s++) {
        const fl_interlock_state state = {(uint8_t)s, (uint8_t)(s >> 8), (uint8_t)(s >> 16)};
        if (fl_interlock_is_well_formed(state)) {
            if (formed++ < 28) well[well_count++] = state;
            continue;
        }
        const uint32_t word = (uint32_t)fl_random_u64(&random) >> 2;
        const fl_interlock_result r = fl_interlock_step(state, word);
        const fl_interlock_outputs *o = &r.outputs;
        const bool off = !o->permit && !o->token && !o->shutter_open && !o->hv && !o->indicator;
        wrong +=
            !(r.next.mode == FL_MODE_FAULT && r.next.flags == FL_FLAG_SVC && r.next.flags_not == 0xEF && off);
    }
    CHECK(formed == 28, "%llu states are well formed", (unsigned long long)formed);
    CHECK(wrong == 0, "%llu damaged states do not end in a service fault", (unsigned long long)wrong);
}

/* The 484 combinations of a 4-bit mode number and five flags that a careless encoding would allow. */
/* hazards: H56 */
static void mode_and_flags_that_do_not_fit_are_damage(void)
{
    static const uint8_t others[5] = {0x00, 0xFF, 0x1F, 0x5A, 0xC3};
    fl_random random;
    fl_random_init(&random, 484, 2);
    int ill = 0;
    for (int m = 0; m < 16; m++)
        for (unsigned flags = 0; flags < 32; flags++) {
            const fl_mode mode = m < FL_MODE_COUNT ? fl_modes[m] : (fl_mode)others[m - FL_MODE_COUNT];
            const fl_interlock_state state = fl_interlock_state_of(mode, flags);
            if (fl_interlock_is_well_formed(state)) continue;
            ill++;
            uint64_t wrong = 0;
            for (int n = 0; n < 20000; n++) {
                const uint32_t word = (uint32_t)fl_random_u64(&random) >> 2;
                const fl_interlock_result r = fl_interlock_step(state, word);
                const fl_interlock_verdict v = fl_interlock_monitor(state, word, r.next, r.outputs, 1);
                wrong += r.next.mode != FL_MODE_FAULT || r.next.flags != FL_FLAG_SVC || r.outputs.permit ||
                         v.broken;
            }
            CHECK(wrong == 0, "mode %02X flags %02X: %llu wrong", (unsigned)mode, flags,
                  (unsigned long long)wrong);
        }
    CHECK(ill == 484, "%d ill-formed combinations", ill);
}

/* Any two codes differ in four bits or more. */
/* hazards: H56 */
static void mode_codes_are_far_apart(void)
{
    for (int a = 0; a < FL_MODE_COUNT; a++) {
        CHECK(fl_modes[a] != 0 && fl_modes[a] != 0xFF, "%s is stuck memory", fl_mode_word(fl_modes[a]));
        CHECK(fl_mode_index(fl_modes[a]) == a, "index of %s", fl_mode_word(fl_modes[a]));
        for (int b = 0; b < a; b++) {
            const int apart = __builtin_popcount((unsigned)(fl_modes[a] ^ fl_modes[b]));
            CHECK(apart >= 4, "%s and %s differ in %d bits", fl_mode_word(fl_modes[a]),
                  fl_mode_word(fl_modes[b]), apart);
        }
    }
    CHECK_TEXT(fl_mode_word((fl_mode)0x1F), "damaged", "one bit off OFF");
}

/* Nonsense packs as the worst code, never as a good one. */
/* hazards: H55 H56 */
static void packing_keeps_the_layout(void)
{
    static const struct {
        const char *what;
        fl_inputs in;
        uint32_t word;
    } rows[] = {
        {"nothing known", {0}, 0},
        {"key", {.key = true}, 1u << 0},
        {"e-stop", {.estop = true}, 1u << 1},
        {"door", {.remote = true}, 1u << 2},
        {"link", {.link = true}, 1u << 6},
        {"journal", {.journal = true}, 1u << 9},
        {"handpiece", {.handpiece = true}, 1u << 16},
        {"dock", {.dock = true}, 1u << 17},
        {"shutters closed", {.sh_closed = true}, 1u << 18},
        {"shutters open", {.sh_open = true}, 1u << 19},
        {"energy out", {.energy = FL_ENERGY_OUT}, 2u << 20},
        {"energy nonsense is a failed sensor", {.energy = 4}, 3u << 20},
        {"foot", {.foot = FL_FOOT_PRESSED}, 1u << 22},
        {"foot nonsense is impossible, not released", {.foot = 244}, 3u << 22},
        {"reset", {.cmd = FL_CMD_RESET}, 4u << 24},
        {"order 9 is unknown, not ARM", {.cmd = 9}, 7u << 24},
        {"due", {.due = true}, 1u << 27},
        {"self-test pass", {.selftest = FL_SELFTEST_PASS}, 1u << 28},
        {"self-test nonsense is impossible", {.selftest = 5}, 3u << 28},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_inputs_pack(&rows[i].in) == rows[i].word, "%s: packed as %08X", rows[i].what,
              (unsigned)fl_inputs_pack(&rows[i].in));
    fl_random random;
    fl_random_init(&random, 30, 3);
    for (int n = 0; n < 100000; n++) {
        const uint32_t word = (uint32_t)fl_random_u64(&random) >> 2;
        const fl_inputs in = fl_inputs_unpack(word);
        CHECK(fl_inputs_pack(&in) == word, "%08X comes back as %08X", (unsigned)word,
              (unsigned)fl_inputs_pack(&in));
    }
    const fl_inputs none = fl_inputs_unpack(0x7FFFFFFF);
    CHECK(fl_inputs_pack(&none) == 0, "a word with bit 30 is believed");
    unsigned bits = 0;
    for (int i = 0; i < FL_INPUT_FIELDS; i++) {
        CHECK(fl_input_rows[i].bit == bits, "%s begins at bit %u", fl_input_rows[i].name,
              fl_input_rows[i].bit);
        bits += fl_input_rows[i].width;
    }
    CHECK(bits == FL_INPUT_BITS, "the fields fill %u bits", bits);
}

static const fl_inputs good = INPUTS_GOOD;

/* Bits 30 and 31 belong to nothing: a word that carries them was not packed by us. */
/* hazards: H56 */
static void a_word_too_wide_is_not_believed(void)
{
    fl_inputs in = good;
    in.sh_closed = false;
    in.sh_open = true;
    in.foot = FL_FOOT_PRESSED;
    const uint32_t word = fl_inputs_pack(&in);
    const fl_interlock_state opening = fl_interlock_state_of(FL_MODE_OPENING, 0);
    CHECK(fl_interlock_step(opening, word).outputs.permit, "the healthy word permits");
    for (uint32_t extra = 1; extra < 4; extra++) {
        const fl_interlock_result r = fl_interlock_step(opening, word | extra << 30);
        CHECK(r.next.mode == FL_MODE_FAULT && !r.outputs.permit, "extra bits %u: %s", (unsigned)extra,
              fl_mode_word(r.next.mode));
        CHECK(fl_interlock_monitor(opening, word | extra << 30, r.next, r.outputs, 1).broken == 0,
              "monitor differs");
    }
}

/* T4: nothing good at all, twice. T5: equal arguments, equal results. */
static void darkness_shuts_and_repeats_agree(void)
{
    for (int s = 0; s < well_count; s++) {
        for (uint32_t rest = 0; rest < 4096; rest++) {
            /* No good bit: bits 0..17 and the shutter proofs 0; energy, foot, cmd, due, self-test as they
             * like. */
            const uint32_t word = rest << 20 & 0x3FFFFFFF;
            const fl_interlock_result a = fl_interlock_step(well[s], word),
                                      b = fl_interlock_step(well[s], word);
            CHECK(memcmp(&a, &b, sizeof a) == 0, "%s: two answers", fl_mode_word(well[s].mode));
            CHECK(!a.outputs.permit && !a.outputs.token, "%s issues in the dark", fl_mode_word(well[s].mode));
            const fl_interlock_result c = fl_interlock_step(a.next, word);
            CHECK(!c.outputs.shutter_open && !c.outputs.permit, "%s stays open in the dark",
                  fl_mode_word(well[s].mode));
        }
    }
    CHECK(well_count == 28, "the well-formed states were collected");
}

/* T6: from every word with a permit, and from every word one bit above a refusal, taking a bit away never
 * permits. */
/* hazards: H01 H02 H13 */
static void losing_an_interlock_never_permits(void)
{
    fl_random random;
    fl_random_init(&random, 6, 6);
    static const uint32_t interlocks =
        0x1FFFF | 1u << FL_BIT_sh_open; /* bits 0..16; dock belongs to the purpose */
    uint64_t permits = 0;
    for (int n = 0; n < 3000000; n++) {
        fl_inputs in = good;
        in.sh_closed = n & 1;
        in.sh_open = !in.sh_closed;
        uint32_t word = fl_inputs_pack(&in);
        const uint64_t r = fl_random_u64(&random);
        word |= (uint32_t)(r & 3 ? 1 : r >> 2 & 3) << FL_BIT_foot | (uint32_t)(r >> 4 & 1) << FL_BIT_due;
        word ^= r >> 5 & 1 ? 1u << (r >> 8) % 30 : 0;
        word ^= r >> 6 & 1 ? 1u << (r >> 16) % 30 : 0;
        const fl_interlock_state state = well[(r >> 32) % 28];
        const bool before = fl_interlock_step(state, word).outputs.permit;
        permits += before;
        const uint32_t bit = 1u << (r >> 40) % 20 & interlocks & word;
        const bool after = fl_interlock_step(state, word & ~bit).outputs.permit;
        CHECK(before || !after, "%s, inputs %08X: losing bit %08X permits", fl_mode_word(state.mode),
              (unsigned)word, (unsigned)bit);
    }
    CHECK(permits > 10000, "only %llu permits met", (unsigned long long)permits);
}

/* A refused ARM lists everything at once: each row breaks one thing, the last breaks three. */
/* hazards: H01 H02 H05 H06 H07 H13 H14 H16 H49 */
static void a_refused_arm_says_every_reason(void)
{
    static const struct {
        const char *what;
        int bit;
        fl_reason reason;
    } rows[] = {
        {"key", FL_BIT_key, FL_REASON_KEY},
        {"e-stop", FL_BIT_estop, FL_REASON_ESTOP},
        {"door", FL_BIT_remote, FL_REASON_DOOR},
        {"covers", FL_BIT_covers, FL_REASON_COVERS},
        {"coolant", FL_BIT_coolant, FL_REASON_COOLANT},
        {"head", FL_BIT_head, FL_REASON_HEAD},
        {"link", FL_BIT_link, FL_REASON_LINK},
        {"wdog", FL_BIT_wdog, FL_REASON_WDOG},
        {"clock", FL_BIT_clock, FL_REASON_CLOCK},
        {"journal", FL_BIT_journal, FL_REASON_JOURNAL},
        {"auth", FL_BIT_auth, FL_REASON_AUTH},
        {"dual", FL_BIT_dual, FL_REASON_DUAL},
        {"eyewear", FL_BIT_eyewear, FL_REASON_EYEWEAR},
        {"plan", FL_BIT_plan, FL_REASON_PLAN},
        {"limits", FL_BIT_limits, FL_REASON_LIMITS},
        {"counter", FL_BIT_counter, FL_REASON_COUNTER},
        {"handpiece", FL_BIT_handpiece, FL_REASON_HANDPIECE},
        {"dock", FL_BIT_dock, FL_REASON_DOCKED},
        {"shutters", FL_BIT_sh_closed, FL_REASON_SHUTTER_CLOSE},
        {"foot", FL_BIT_foot, FL_REASON_FOOT_HELD},
        {"sensor light", FL_BIT_energy, FL_REASON_LIGHT_UNASKED},
        {"both", FL_BIT_sh_open, FL_REASON_SHUTTER_BOTH},
        {"contacts", FL_BIT_foot + 1, FL_REASON_FOOT_DISAGREE},
    };
    const fl_interlock_state standby = fl_interlock_state_of(FL_MODE_STANDBY, 0);
    const uint32_t word = fl_inputs_pack(&good), arm = (uint32_t)FL_CMD_ARM_TREAT << FL_BIT_cmd;
    CHECK(fl_interlock_refusals(standby, word, false) == 0, "a healthy machine is refused");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint32_t bad = word ^ 1u << rows[i].bit;
        CHECK(fl_interlock_refusals(standby, bad, false) == fl_reason_bit(rows[i].reason), "%s: reasons %llX",
              rows[i].what, (unsigned long long)fl_interlock_refusals(standby, bad, false));
        CHECK(fl_interlock_step(standby, bad | arm).next.mode != FL_MODE_ARMING, "%s: armed", rows[i].what);
    }
    const uint32_t three = word & ~(1u << FL_BIT_remote | 1u << FL_BIT_eyewear) & ~(1u << FL_BIT_counter);
    CHECK(fl_interlock_refusals(standby, three, false) ==
              (fl_reason_bit(FL_REASON_DOOR) | fl_reason_bit(FL_REASON_EYEWEAR) |
               fl_reason_bit(FL_REASON_COUNTER)),
          "three at once");
    CHECK(fl_interlock_refusals(standby, word, true) == fl_reason_bit(FL_REASON_UNDOCKED),
          "calibrate undocked");
    CHECK(fl_interlock_refusals(fl_interlock_state_of(FL_MODE_READY, 0), word, false) ==
              fl_reason_bit(FL_REASON_NOT_STANDBY),
          "ARM while ready");
}

/* No refusal without a reason, no reason without a refusal; nothing is lost silently. */
/* hazards: H49 */
static void every_loss_has_a_cause(void)
{
    fl_random random;
    fl_random_init(&random, 11, 4);
    const fl_interlock_state standby = fl_interlock_state_of(FL_MODE_STANDBY, 0);
    uint64_t losses = 0, armed = 0;
    for (int n = 0; n < 4000000; n++) {
        uint32_t word = fl_inputs_pack(&good) ^ (n & 2 ? 3u << FL_BIT_sh_closed : 0);
        const uint64_t r = fl_random_u64(&random);
        for (int k = 0; k < (int)(r & 3); k++) word ^= 1u << (r >> (8 + 8 * k)) % 30;
        const fl_interlock_state state = well[(r >> 40) % 28];
        const fl_interlock_result result = fl_interlock_step(state, word);
        const fl_reasons why = fl_interlock_causes(state, word, result.next);
        const bool was = fl_mode_is_armed(state.mode), is = fl_mode_is_armed(result.next.mode);
        const bool loss =
            was && !is && !(state.mode == FL_MODE_CLOSING && result.next.mode == FL_MODE_STANDBY);
        const bool latched = result.next.mode == FL_MODE_FAULT && state.mode != FL_MODE_FAULT;
        losses += loss;
        CHECK(!(loss || latched) || why, "%s to %s, inputs %08X: no cause", fl_mode_word(state.mode),
              fl_mode_word(result.next.mode), (unsigned)word);
        const bool progress = is && result.next.mode != FL_MODE_CLOSING;
        CHECK(!progress || !why, "%s to %s, inputs %08X: causes %llX", fl_mode_word(state.mode),
              fl_mode_word(result.next.mode), (unsigned)word, (unsigned long long)why);

        const bool cal = r >> 60 & 1;
        const uint32_t order = (word & ~(7u << FL_BIT_cmd)) | (cal ? 2u : 1u) << FL_BIT_cmd;
        const bool arms = fl_interlock_step(standby, order).next.mode == FL_MODE_ARMING;
        armed += arms;
        CHECK(arms == (fl_interlock_refusals(standby, order, cal) == 0), "inputs %08X: refusals %llX, %s",
              (unsigned)order, (unsigned long long)fl_interlock_refusals(standby, order, cal),
              arms ? "armed" : "refused");
    }
    CHECK(losses > 10000 && armed > 10000, "the sample is empty: %llu losses, %llu ARMs",
          (unsigned long long)losses, (unsigned long long)armed);
}

static void codes_are_unique_and_words_are_there(void)
{
    for (int i = 0; i < FL_REASON_COUNT; i++) {
        CHECK(fl_reason_rows[i].code[0] && fl_reason_rows[i].text[0] && fl_reason_rows[i].todo[0],
              "reason %d", i);
        for (int j = 0; j < i; j++)
            CHECK(!fl_text_same(fl_reason_rows[i].code, fl_reason_rows[j].code), "%s twice",
                  fl_reason_rows[i].code);
    }
    CHECK(FL_REASON_COUNT <= 64, "a set of reasons fits 64 bits");
    char name[16];
    for (int n = 1; n <= FL_INVARIANT_COUNT; n++) {
        snprintf(name, sizeof name, "I%d", n);
        CHECK_TEXT(fl_invariant_name(n), name, "name");
        CHECK(strlen(fl_invariant_sentence(n)) > 10, "%s has no sentence", name);
    }
    CHECK_TEXT(fl_invariant_name(36), "I?", "past the end");
}

FL_TESTS("interlock/step", TEST(damage_goes_to_a_service_fault_with_everything_off),
         TEST(mode_and_flags_that_do_not_fit_are_damage), TEST(mode_codes_are_far_apart),
         TEST(packing_keeps_the_layout), TEST(a_word_too_wide_is_not_believed),
         TEST(darkness_shuts_and_repeats_agree), TEST(losing_an_interlock_never_permits),
         TEST(a_refused_arm_says_every_reason), TEST(every_loss_has_a_cause),
         TEST(codes_are_unique_and_words_are_there))
