/* Why the step went where it went. Nothing here decides: it reads the same pair again and names what was bad.
 */
#include "fadeline/interlock/reason.h"
#include "fadeline/interlock/step.h"

const fl_reason_row fl_reason_rows[FL_REASON_COUNT] = {
#define X(name, code, text, todo) {code, text, todo},
    FL_REASON_LIST(X)
#undef X
};

#define SET(name, condition) ((condition) ? fl_reason_bit(FL_REASON_##name) : 0)

static fl_reasons soft_reasons(const fl_inputs *in, bool calibrate)
{
    return SET(DOOR, !in->remote) | SET(JOURNAL, !in->journal) | SET(AUTH, !in->auth) | SET(DUAL, !in->dual) |
           SET(EYEWEAR, !in->eyewear) | SET(LIMITS, !in->limits) | SET(COUNTER, !in->counter) |
           SET(HANDPIECE, !in->handpiece) | SET(UNDOCKED, calibrate && !in->dock) |
           SET(DOCKED, !calibrate && in->dock) | SET(PLAN, !calibrate && !in->plan);
}

static fl_reasons hard_reasons(const fl_inputs *in)
{
    return SET(COVERS, !in->covers) | SET(COOLANT, !in->coolant) | SET(CLOCK, !in->clock);
}

/* What faults in every mode from SELFTEST on. */
static fl_reasons common_reasons(const fl_inputs *in)
{
    return SET(ENERGY_SENSOR, in->energy == FL_ENERGY_FAILED) |
           SET(FOOT_DISAGREE, in->foot >= FL_FOOT_DISAGREE) | SET(WDOG, !in->wdog) | SET(HEAD, !in->head);
}

static fl_reasons service_reasons(fl_interlock_state state, const fl_inputs *in)
{
    const uint8_t m = state.mode;
    const bool light = in->energy == FL_ENERGY_GOOD || in->energy == FL_ENERGY_OUT;
    const bool outstanding = m == FL_MODE_EMIT || (m == FL_MODE_CLOSING && (state.flags & FL_FLAG_OUT));
    const bool shut = m == FL_MODE_STANDBY || m == FL_MODE_ARMING || m == FL_MODE_READY ||
                      (m == FL_MODE_CLOSING && in->due);
    return SET(LIGHT_UNASKED, light && !outstanding) | SET(SHUTTER_BOTH, in->sh_closed && in->sh_open) |
           SET(SHUTTER_CLOSE, shut && !in->sh_closed);
}

static fl_reasons fault_reasons(fl_interlock_state state, const fl_inputs *in)
{
    fl_reasons why = common_reasons(in);
    const bool firing = state.mode == FL_MODE_EMIT || state.mode == FL_MODE_GAP;
    const bool reports = state.mode == FL_MODE_EMIT || state.mode == FL_MODE_CLOSING;
    if (fl_mode_is_armed(state.mode)) why |= hard_reasons(in);
    why |= SET(SHUTTER_OPEN, firing && !in->sh_open);
    why |= SET(ENERGY_OUT, reports && in->energy == FL_ENERGY_OUT);
    if (state.mode == FL_MODE_SELFTEST) {
        const bool failed = in->selftest >= FL_SELFTEST_FAIL;
        why |= SET(SELFTEST_FAILED, failed) | SET(SELFTEST_TIMEOUT, !why && !failed && in->due);
        why |= SET(FOOT_HELD, !failed && in->due && in->foot == FL_FOOT_PRESSED);
    }
    if (why) return why;
    return SET(SHUTTER_SLOW, state.mode == FL_MODE_OPENING) | SET(PULSE_MISSING, state.mode == FL_MODE_EMIT);
}

/* A drop: back to STANDBY, or on the way there through CLOSING. */
static fl_reasons drop_reasons(fl_interlock_state state, const fl_inputs *in)
{
    const bool calibrate = state.flags & FL_FLAG_CAL;
    const bool closing = state.mode == FL_MODE_CLOSING;
    fl_reasons why = soft_reasons(in, calibrate) | SET(ORDER, in->cmd != FL_CMD_NONE);
    why |= SET(FOOT_HELD, state.mode == FL_MODE_ARMING && in->foot == FL_FOOT_PRESSED);
    why |= SET(IDLE, state.mode == FL_MODE_READY && in->due);
    why |=
        SET(PULSE_MISSING, closing && (state.flags & FL_FLAG_OUT) && in->due && in->energy != FL_ENERGY_GOOD);
    return why;
}

fl_reasons fl_interlock_causes(fl_interlock_state state, uint32_t inputs, fl_interlock_state next)
{
    if (!fl_interlock_is_well_formed(state)) return SET(CORRUPT, true);
    const fl_inputs in = fl_inputs_unpack(inputs);
    const bool left = next.mode != state.mode;
    if (!in.link) return SET(LINK, left);

    const fl_reasons evidence = service_reasons(state, &in);
    if (!in.key) return evidence | SET(KEY, left);
    if (next.mode == FL_MODE_ESTOP) return evidence | SET(ESTOP, !in.estop);
    if (next.mode == FL_MODE_FAULT) {
        if (state.mode == FL_MODE_FAULT) return evidence;
        return evidence | SET(SERVICE, state.flags & FL_FLAG_SVC) |
               (evidence ? 0 : fault_reasons(state, &in));
    }
    if (state.mode == FL_MODE_STANDBY && !left && (in.cmd == FL_CMD_ARM_TREAT || in.cmd == FL_CMD_ARM_CAL))
        return fl_interlock_refusals(state, inputs, in.cmd == FL_CMD_ARM_CAL);
    const bool fell = fl_mode_is_armed(state.mode) &&
                      (next.mode == FL_MODE_STANDBY ||
                       (next.mode == FL_MODE_CLOSING && (next.flags & ~state.flags & FL_FLAG_NX)));
    return fell ? drop_reasons(state, &in) : 0;
}

fl_reasons fl_interlock_refusals(fl_interlock_state state, uint32_t inputs, bool calibrate)
{
    const fl_inputs in = fl_inputs_unpack(inputs);
    fl_reasons why = SET(NOT_STANDBY, state.mode != FL_MODE_STANDBY) |
                     SET(SERVICE, state.flags & FL_FLAG_SVC) |
                     SET(CORRUPT, !fl_interlock_is_well_formed(state));
    if (!in.link) return why | SET(LINK, true); /* nothing else in the frame is believed */
    why |= SET(KEY, !in.key) | SET(ESTOP, !in.estop) | soft_reasons(&in, calibrate) | hard_reasons(&in) |
           common_reasons(&in) | SET(FOOT_HELD, in.foot == FL_FOOT_PRESSED);
    why |= SET(LIGHT_UNASKED, in.energy == FL_ENERGY_GOOD || in.energy == FL_ENERGY_OUT);
    return why | SET(SHUTTER_CLOSE, !in.sh_closed) | SET(SHUTTER_BOTH, in.sh_closed && in.sh_open);
}
