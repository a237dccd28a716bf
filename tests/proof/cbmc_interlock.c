/* Step and monitor for every state of 2^24, every word of 2^32 and every answer: nothing undefined, and the
 * monitor has no objection to any answer of the step. The enumeration runs through the 28 well-formed states;
 * this is the same sentence for the damaged ones too, found by another road (a SAT solver instead of a loop).
 *
 * No loop, so no bound.
 */
#include "cbmc.h"

#include "fadeline/interlock/monitor.h"
#include "fadeline/interlock/step.h"

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
#if FL_SEED == 1 /* the step takes two channels of the footswitch that disagree for a good press */
#define FL_FOOT_DISAGREE FL_FOOT_IMPOSSIBLE
#elif FL_SEED == 2 /* and shifts a word of 32 bits by 32 */
#undef FL_INPUT_BITS
#define FL_INPUT_BITS 32
#elif FL_SEED == 3 /* a list of sentences that ends before I35 */
#undef FL_INVARIANT_COUNT
#define FL_INVARIANT_COUNT 34
#endif
#include "../../src/interlock/step.c"

#if FL_SEED == 4 /* the reasons take light that nobody asked for to be a failed sensor */
#define FL_ENERGY_OUT FL_ENERGY_FAILED
#endif
#include "../../src/interlock/reason.c"

static fl_interlock_state any_state(void)
{
    return (fl_interlock_state){nondet_u8(), nondet_u8(), nondet_u8()};
}

static fl_interlock_outputs any_outputs(void)
{
    const uint8_t bits = nondet_u8();
    return (fl_interlock_outputs){bits & 1, bits & 2, bits & 4, bits & 8, bits & 16};
}

void the_step_is_defined_and_the_monitor_agrees(void)
{
    const fl_interlock_state state = any_state();
    const uint32_t word = nondet_u32();
    const fl_interlock_result r = fl_interlock_step(state, word);
    const fl_interlock_verdict verdict = fl_interlock_monitor(state, word, r.next, r.outputs, 7);
    CLAIM(verdict.broken == 0 && verdict.serial == 7);
    CLAIM(fl_interlock_is_well_formed(r.next));
    CLAIM(r.outputs.permit == (r.next.mode == FL_MODE_EMIT));
    CLAIM(!r.outputs.permit || (r.outputs.hv && r.outputs.indicator && r.outputs.shutter_open));
    CLAIM(word < (uint32_t)1 << 30 || !r.outputs.permit);
}

/* Any answer, right or wrong, to any question. */
void the_monitor_is_defined(void)
{
    const fl_interlock_state state = any_state(), next = any_state();
    const fl_interlock_verdict verdict =
        fl_interlock_monitor(state, nondet_u32(), next, any_outputs(), nondet_u64());
    CLAIM(verdict.broken >> FL_INVARIANT_COUNT == 0);
}

/* The reasons of a record and of a refusal decide nothing, and must not end the process. No reason against
 * ARM is exactly what makes the step arm. */
void the_reasons_are_defined_and_complete(void)
{
    const fl_interlock_state state = any_state();
    const uint32_t word = nondet_u32() & (((uint32_t)1 << 30) - 1);
    const bool calibrate = nondet_u8() & 1;
    const fl_reasons causes = fl_interlock_causes(state, word, any_state());
    const fl_reasons refusals = fl_interlock_refusals(state, word, calibrate);
    CLAIM((causes | refusals) >> FL_REASON_COUNT == 0);
    const uint32_t order = calibrate ? FL_CMD_ARM_CAL : FL_CMD_ARM_TREAT;
    const uint32_t ordered = (word & ~((uint32_t)7 << FL_BIT_cmd)) | order << FL_BIT_cmd;
    const fl_interlock_result r = fl_interlock_step(state, ordered);
    CLAIM((refusals == 0) == (state.mode == FL_MODE_STANDBY && r.next.mode == FL_MODE_ARMING));
}
