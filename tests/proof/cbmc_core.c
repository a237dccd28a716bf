/* One tick of the core, from any core that can exist: nothing undefined, no time overflows, and the promises
 * of core.h hold.
 *
 * By induction: `fits` is true of a new core (first harness), and true after a tick of any core of which it
 * was true, whatever else its memory holds (second harness). So it is true after any number of ticks, and the
 * claims with it.
 */
#include "cbmc.h"

#include "fadeline/interlock/core.h"

#if FL_SEED == 1 /* an idle time that no clock can be added to */
#undef FL_T_IDLE_US
#define FL_T_IDLE_US (INT64_MAX - 1)
#elif FL_SEED == 2 /* a permit that is good for a microsecond too long */
#undef FL_T_GRANT_US
#define FL_T_GRANT_US 40001
#elif FL_SEED == 3 /* a warning may be short */
#undef FL_T_ARM_LEAST_US
#define FL_T_ARM_LEAST_US 1999999
#endif
#include "../../src/interlock/core.c"

/* Linked beside it: step, monitor, inputs, reason. Errors are somebody else's. */
fl_status fl_error_set(fl_error *error, fl_status status, const char *format, ...)
{
    (void)error, (void)format;
    return status;
}
fl_status fl_error_hint(fl_error *error, const char *format, ...)
{
    (void)error, (void)format;
    return FL_E_BUG;
}

static bool fits(const fl_interlock_core *core)
{
    return core->last.us >= 0 && core->last.us <= LATEST && rate_is_possible(core->config.rate_mHz) &&
           core->config.arm_us >= 2000000 && core->config.arm_us <= 60000000 &&
           core->config.monitor == fl_interlock_monitor;
}

static fl_interlock_core *any_new_core(void)
{
    fl_core_config config = {.arm_us = nondet_i64(),
                             .rate_mHz = nondet_u64(),
                             .svc = nondet_u8() & 1,
                             .monitor = fl_interlock_monitor};
    fl_interlock_core *core = NULL;
    const fl_status status = fl_interlock_core_new(&config, (fl_instant){nondet_i64()}, &core, NULL);
    CLAIM((status == FL_OK) == (core != NULL));
    ASSUME(core != NULL);
    return core;
}

void a_new_core_fits(void)
{
    const fl_interlock_core *core = any_new_core();
    CLAIM(fits(core));
    CLAIM(core->state.mode == FL_MODE_OFF && !core->permit.live && core->deadline.us == ~core->deadline_not);
}

/* A new core, and then everything in it that a tick may have changed, or a stray write. */
static fl_interlock_core *any_core(void)
{
    fl_interlock_core *core = any_new_core();
    core->state = (fl_interlock_state){nondet_u8(), nondet_u8(), nondet_u8()};
    core->deadline.us = nondet_i64();
    core->deadline_not = nondet_i64();
    core->last.us = nondet_i64();
    core->ticked = nondet_u8() & 1;
    core->tick.serial = nondet_u64();
    core->tick.tokens = nondet_u64();
    core->permit = (fl_permit){.live = nondet_u8() & 1,
                               .spent = nondet_u8() & 1,
                               .frame = nondet_u32(),
                               .token = nondet_u64(),
                               .asked = {nondet_i64()}};
    ASSUME(fits(core));
    return core;
}

static fl_inputs any_inputs(void)
{
    fl_inputs in = fl_inputs_unpack(nondet_u32());
    in.energy = nondet_u8();
    in.foot = nondet_u8();
    in.cmd = nondet_u8();
    in.selftest = nondet_u8();
    return in;
}

void a_tick_keeps_its_promises(void)
{
    fl_interlock_core *core = any_core();
    const fl_inputs in = any_inputs();
    const bool damaged = core->deadline.us != ~core->deadline_not, spent = core->permit.spent;
    const uint64_t tokens = core->tick.tokens;
    const fl_instant now = {nondet_i64()}, before = core->last;
    const fl_core_tick *tick =
        fl_interlock_core_tick(core, now, &in, nondet_u32(), (fl_instant){nondet_i64()});
    CLAIM(fits(core) && core->last.us >= before.us);
    CLAIM(core->deadline.us == ~core->deadline_not);
    CLAIM(!tick->vetoed && fl_interlock_is_well_formed(core->state));
    CLAIM(!damaged || (core->state.mode == FL_MODE_FAULT && core->state.flags == FL_FLAG_SVC));
    CLAIM(now.us >= before.us || !fl_mode_is_armed(core->state.mode));
    const fl_permit *permit = fl_interlock_core_permit(core);
    CLAIM(!permit || core->state.mode == FL_MODE_EMIT);
    CLAIM(tick->tokens - tokens == tick->result.outputs.token);
    CLAIM(!permit || !spent || tick->tokens != tokens); /* once spent, a permit needs a new token */
}

/* `asked` is a moment of the same clock, which starts at 0: the only assumption. */
void a_permit_is_spent_once_and_young(void)
{
    fl_interlock_core *core = any_core();
    ASSUME(core->permit.asked.us >= 0);
    const fl_instant now = {nondet_i64()};
    const bool live = core->permit.live && !core->permit.spent;
    const bool young = now.us >= core->permit.asked.us && now.us - core->permit.asked.us < 40000;
    CLAIM(fl_permit_spend(&core->permit, now) == (live && young));
    CLAIM(!live || !young || core->permit.spent);
    CLAIM(!live || !young || !fl_permit_spend(&core->permit, (fl_instant){nondet_i64()}));
}
