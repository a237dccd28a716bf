/* The concrete core: deadlines, the clock guard, the monitor in every tick, and the permit. */
#include "fadeline/interlock/core.h"

#include "fadeline/base/assert.h"

#include <stdlib.h>

#define NEVER INT64_MAX
#define LATEST ((int64_t)1 << 62) /* 146 000 years: deadlines after it could wrap */

struct fl_permit {
    bool live;  /* the newest tick permits */
    bool spent; /* since the newest token */
    bool calibration;
    uint32_t frame;
    uint64_t token;
    fl_instant asked; /* when the STAT it answers was asked for: sampled no earlier */
};

struct fl_interlock_core {
    fl_interlock_state state;
    fl_instant deadline;
    int64_t deadline_not; /* complement, so that a stray write is seen */
    fl_instant last;      /* newest `now` that was believed */
    bool ticked;
    fl_core_config config;
    fl_core_tick tick;
    fl_permit permit;
};

fl_core_config fl_core_config_default(void)
{
    return (fl_core_config){.arm_us = FL_T_ARM_US, .rate_mHz = 1000, .monitor = fl_interlock_monitor};
}

static bool rate_is_possible(uint64_t rate_mHz)
{
    return rate_mHz >= 10 && rate_mHz <= 1000000;
}

static void set_deadline(fl_interlock_core *core, int64_t us)
{
    core->deadline.us = us;
    core->deadline_not = ~us;
}

fl_status fl_interlock_core_new(const fl_core_config *config, fl_instant now, fl_interlock_core **core,
                                fl_error *error)
{
    FL_ASSERT(config && core);
    if (config->arm_us < FL_T_ARM_LEAST_US || config->arm_us > 60000000) {
        fl_error_set(error, FL_E_RANGE, "a warning time of %lld us is not between 2 s and 60 s",
                     (long long)config->arm_us);
        return fl_error_hint(error, "the warning before READY is never shorter than 2 s"), FL_E_RANGE;
    }
    if (!rate_is_possible(config->rate_mHz))
        return fl_error_set(error, FL_E_RANGE, "a pulse rate of %llu mHz is not between 10 and 1000000",
                            (unsigned long long)config->rate_mHz);
    if (now.us < 0 || now.us > LATEST)
        return fl_error_set(error, FL_E_RANGE, "the clock is outside its range");
    fl_interlock_core *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for the control core");
    made->config = *config;
    made->state = fl_interlock_state_of(FL_MODE_OFF, config->svc ? FL_FLAG_SVC : 0);
    made->last = now;
    set_deadline(made, NEVER);
    *core = made;
    return FL_OK;
}

void fl_interlock_core_free(fl_interlock_core *core)
{
    free(core);
}

/* How long a mode lasts at most; NEVER when it has no deadline. */
static int64_t lasts_us(const fl_interlock_core *core, uint8_t mode)
{
    const int64_t period = (int64_t)(1000000000 / core->config.rate_mHz);
    switch (mode) {
    case FL_MODE_SELFTEST: return FL_T_SELF_US;
    case FL_MODE_ARMING: return core->config.arm_us;
    case FL_MODE_READY: return FL_T_IDLE_US;
    case FL_MODE_OPENING: return FL_T_OPEN_US;
    case FL_MODE_EMIT: return FL_T_REPORT_US;
    case FL_MODE_GAP: return period > FL_T_GAP_LEAST_US ? period : FL_T_GAP_LEAST_US;
    case FL_MODE_CLOSING: return FL_T_CLOSE_US;
    default: return NEVER;
    }
}

/* Time as the step may see it: never backwards, and a pause while armed is a bad clock. */
static fl_instant believed(fl_interlock_core *core, fl_instant now, fl_inputs *in)
{
    const bool backwards = now.us < core->last.us || now.us > LATEST;
    const int64_t gap = backwards ? 0 : now.us - core->last.us;
    const bool paused = core->ticked && fl_mode_is_armed(core->state.mode) && gap > FL_T_CLK_US;
    if (backwards || paused) in->clock = false;
    if (!backwards) core->last = now;
    core->ticked = true;
    return core->last;
}

static void veto(fl_core_tick *tick)
{
    tick->vetoed = true;
    tick->causes |= fl_reason_bit(FL_REASON_VETO);
    tick->result.next = fl_interlock_state_of(FL_MODE_FAULT, FL_FLAG_SVC);
    tick->result.outputs = (fl_interlock_outputs){0};
}

static void judge(fl_interlock_core *core, uint32_t word)
{
    fl_core_tick *tick = &core->tick;
    tick->before = core->state;
    /* A deadline that no longer matches its complement is damage like any other: R0 sees an ill-formed state.
     */
    if (core->deadline.us != ~core->deadline_not) core->state = (fl_interlock_state){0};
    tick->inputs = word;
    tick->result = fl_interlock_step(core->state, word);
    tick->causes = fl_interlock_causes(core->state, word, tick->result.next);
    tick->vetoed = false;
    tick->verdict = (fl_interlock_verdict){0}; /* serials start at 1: no verdict is no agreement */
    if (core->config.monitor)
        tick->verdict =
            core->config.monitor(core->state, word, tick->result.next, tick->result.outputs, tick->serial);
    if (tick->verdict.serial != tick->serial || tick->verdict.broken) veto(tick);
}

static void renew_permit(fl_interlock_core *core, uint32_t frame, fl_instant asked)
{
    const fl_interlock_result *r = &core->tick.result;
    fl_permit *permit = &core->permit;
    permit->live = r->outputs.permit;
    permit->frame = frame;
    permit->asked = asked;
    permit->calibration = r->next.flags & FL_FLAG_CAL;
    if (r->outputs.token) {
        core->tick.tokens++;
        permit->token = core->tick.tokens;
        permit->spent = false;
    }
}

const fl_core_tick *fl_interlock_core_tick(fl_interlock_core *core, fl_instant now, const fl_inputs *inputs,
                                           uint32_t frame, fl_instant asked)
{
    FL_ASSERT(core && inputs);
    fl_inputs in = *inputs;
    core->tick.serial++;
    core->tick.now = believed(core, now, &in);
    in.due = core->tick.now.us >= core->deadline.us;
    const uint8_t was = core->state.mode;
    judge(core, fl_inputs_pack(&in));
    core->state = core->tick.result.next;
    if (core->state.mode != was || core->tick.result.outputs.token ||
        core->deadline.us != ~core->deadline_not) {
        const int64_t lasts = lasts_us(core, core->state.mode);
        set_deadline(core, lasts == NEVER ? NEVER : core->tick.now.us + lasts);
    }
    renew_permit(core, frame, asked);
    return &core->tick;
}

fl_permit *fl_interlock_core_permit(fl_interlock_core *core)
{
    return core->permit.live && !core->permit.spent ? &core->permit : NULL;
}

fl_interlock_state fl_interlock_core_state(const fl_interlock_core *core)
{
    return core->state;
}

fl_instant fl_interlock_core_deadline(const fl_interlock_core *core)
{
    return core->deadline;
}

fl_status fl_interlock_core_set_rate(fl_interlock_core *core, uint64_t rate_mHz)
{
    if (!rate_is_possible(rate_mHz)) return FL_E_RANGE;
    if (fl_mode_is_armed(core->state.mode)) return FL_E_REFUSED;
    core->config.rate_mHz = rate_mHz;
    return FL_OK;
}

bool fl_permit_is_good(const fl_permit *permit, fl_instant now)
{
    if (!permit || !permit->live || permit->spent) return false;
    return now.us >= permit->asked.us && now.us - permit->asked.us < FL_T_GRANT_US;
}

bool fl_permit_spend(fl_permit *permit, fl_instant now)
{
    if (!fl_permit_is_good(permit, now)) return false;
    permit->spent = true;
    return true;
}

uint32_t fl_permit_frame(const fl_permit *permit)
{
    return permit->frame;
}
uint64_t fl_permit_token(const fl_permit *permit)
{
    return permit->token;
}
bool fl_permit_is_for_calibration(const fl_permit *permit)
{
    return permit->calibration;
}
