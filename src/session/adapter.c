#include "adapter.h"

#include "fadeline/base/assert.h"

#include <math.h>

#define TOLERANCE_MOST 0.20 /* what a medical laser must measure its own output within [from memory] */
#define SETTLE_US 400000    /* how long the laser may take to follow an order of ours to another state */
#define ASLEEP_US 20000     /* the boot clock gained this much in one tick: the machine slept */

#define RAW(bit) ((raw >> (bit)&1) != 0)

void fl_adapter_init(fl_adapter *adapter, const fl_adapter_config *config)
{
    *adapter = (fl_adapter){.config = *config};
    if (!(config->energy_tolerance > 0 && config->energy_tolerance <= TOLERANCE_MOST))
        adapter->config.energy_tolerance = TOLERANCE_MOST; /* a device file tightens, never widens */
}

void fl_adapter_remember_motion(fl_adapter *adapter, unsigned motion)
{
    adapter->motion |= motion & FL_MOTION_ALL;
}

void fl_adapter_expect(fl_adapter *adapter)
{
    adapter->reported = false;
}

/* Both channels of a pair must have been seen in both positions. */
static void watch_motion(fl_adapter *a, uint32_t raw, bool two_feet)
{
    const bool door[2] = {RAW(FL_IN_DOOR_A), RAW(FL_IN_DOOR_B)};
    const bool stop[2] = {RAW(FL_IN_ESTOP_A), RAW(FL_IN_ESTOP_B)};
    const bool foot[2] = {RAW(FL_IN_FOOT_A), two_feet ? RAW(FL_IN_FOOT_B) : RAW(FL_IN_FOOT_A)};
    a->seen_1 |= (door[0] && door[1] ? FL_MOTION_DOOR : 0) | (stop[0] && stop[1] ? FL_MOTION_ESTOP : 0) |
                 (foot[0] && foot[1] ? FL_MOTION_FOOT : 0);
    a->seen_0 |= (!door[0] && !door[1] ? FL_MOTION_DOOR : 0) | (!stop[0] && !stop[1] ? FL_MOTION_ESTOP : 0) |
                 (!foot[0] && !foot[1] ? FL_MOTION_FOOT : 0);
    a->motion |= a->seen_0 & a->seen_1;
}

static uint8_t foot_of(fl_adapter *a, fl_instant now, uint32_t raw, bool two)
{
    const bool left = RAW(FL_IN_FOOT_A), right = two ? RAW(FL_IN_FOOT_B) : left;
    if (left != right) {
        if (!a->foot_differs) a->foot_differs_since = now;
        a->foot_differs = true;
        a->foot_down = false;
        return fl_since(now, a->foot_differs_since).us > FL_T_FOOT_X_US ? FL_FOOT_DISAGREE : FL_FOOT_RELEASED;
    }
    a->foot_differs = false;
    if (left && !a->foot_down) a->foot_down_since = now;
    a->foot_down = left;
    return left && fl_since(now, a->foot_down_since).us >= FL_T_FOOT_DB_US ? FL_FOOT_PRESSED
                                                                           : FL_FOOT_RELEASED;
}

/* Flashes minus pulses never grows. Less of it means a pulse without light; that becomes the new measure once
 * a second status says so, or a later flash would hide behind it. */
static void watch_flashes(fl_adapter *a, const fl_gl1_stat *stat)
{
    if (!(a->config.capabilities >> FL_CAP_FLASHES & 1)) return;
    const uint32_t offset = stat->flashes - (uint32_t)stat->pulses;
    if (!a->has_flashes) {
        a->has_flashes = true;
        a->flash_offset = offset;
        return;
    }
    const int32_t grown = (int32_t)(offset - a->flash_offset);
    if (grown > 0) a->unasked = true;
    if (grown > 0 || (grown < 0 && a->flash_is_low && a->flash_low == offset)) a->flash_offset = offset;
    a->flash_is_low = grown < 0;
    a->flash_low = offset;
}

static bool awaits_report(fl_interlock_state state)
{
    return state.mode == FL_MODE_EMIT || (state.mode == FL_MODE_CLOSING && (state.flags & FL_FLAG_OUT));
}

static bool is_in_tolerance(const fl_adapter *a, uint64_t measured_uJ, uint64_t wanted_uJ)
{
    return fabs((double)measured_uJ - (double)wanted_uJ) <= a->config.energy_tolerance * (double)wanted_uJ;
}

/* What the light of this tick means. */
static uint8_t energy_of(fl_adapter *a, const fl_gl1_status *status, const fl_host_conditions *host)
{
    const fl_gl1_stat *stat = &status->stat;
    const bool fresh = !a->has_stat || status->stat_number != a->stat_number || status->session != a->session;
    a->measured_uJ = 0;
    const bool waits = awaits_report(host->state);
    const uint64_t most = host->expected + (host->outstanding ? 1 : 0);
    if (fresh) {
        watch_flashes(a, stat);
        if (a->has_stat && stat->pulses > a->pulses && stat->pulses > most) a->unasked = true;
    }
    if (!(stat->inputs >> FL_IN_ENERGY_SENSOR & 1)) return FL_ENERGY_FAILED; /* hides no light: see above */
    uint8_t energy = FL_ENERGY_NONE;
    if (a->unasked && !waits) {
        a->unasked = false; /* this tick latches it (R2) */
        energy = FL_ENERGY_OUT;
    } else if (waits && !a->reported && host->outstanding && stat->pulses > host->expected &&
               stat->pulse_energy_uJ) {
        a->reported = true;
        a->measured_uJ = stat->pulse_energy_uJ;
        energy = is_in_tolerance(a, stat->pulse_energy_uJ, host->energy_uJ) && !a->unasked ? FL_ENERGY_GOOD
                                                                                           : FL_ENERGY_OUT;
    } else if (waits && a->unasked) {
        energy = FL_ENERGY_OUT; /* ends EMIT; the flag stays for the mode that can latch it */
    }
    return energy;
}

/* The laser left WARN or READY by itself and says why. Its reasons count as seen by us too, even when the
 * contact is good again by the time we look: a door that was open for 3 ms was open. */
static bool dropped_itself(const fl_adapter *a, const fl_gl1_stat *stat, fl_mode mode)
{
    return stat->state == FL_DEVICE_STBY && fl_mode_is_armed(mode) && (mode != FL_MODE_ARMING || a->warned);
}

static bool is_expected(fl_adapter *a, fl_instant now, const fl_gl1_stat *stat,
                        const fl_host_conditions *host)
{
    const fl_mode mode = host->state.mode;
    const bool settling = fl_since(now, host->entered).us < SETTLE_US;
    const bool hot = stat->state == FL_DEVICE_WARN || stat->state == FL_DEVICE_READY;
    if (!fl_mode_is_armed(mode)) a->warned = false;
    if (mode == FL_MODE_ARMING && hot) a->warned = true;
    if (stat->state == FL_DEVICE_FAULT) return false;
    switch (mode) {
    case FL_MODE_OFF:
    case FL_MODE_SELFTEST: return true;
    case FL_MODE_STANDBY:
    case FL_MODE_FAULT:
    case FL_MODE_ESTOP: return !hot || settling;
    case FL_MODE_ARMING: return hot || (stat->state == FL_DEVICE_STBY && settling && !a->warned);
    case FL_MODE_READY: return stat->state == FL_DEVICE_READY || (stat->state == FL_DEVICE_WARN && settling);
    default: return stat->state == FL_DEVICE_READY;
    }
}

/* One laser for the interlock: the gate's head and that of the laser behind it. While nothing is armed a
 * laser that is not ready only keeps ARM away (input plan); and once it is told to stop, nobody expects it to
 * be well. */
static bool needs_laser(fl_interlock_state state)
{
    return fl_mode_is_armed(state.mode) && !(state.mode == FL_MODE_CLOSING && (state.flags & FL_FLAG_NX));
}

static uint8_t selftest_of(uint32_t raw)
{
    if (!RAW(FL_IN_SELFTEST_FINISHED)) return FL_SELFTEST_RUNNING;
    return RAW(FL_IN_SELFTEST_PASSED) ? FL_SELFTEST_PASS : FL_SELFTEST_FAIL;
}

/* GL1 rule 2: the laser shuts by itself the moment the foot leaves or a contact opens. When one status shows
 * both, the reason is told first and the shutters as they stood one tick before; otherwise every release of
 * the foot would be "shutter not open while firing", a fault. It can never allow light: the reason is bad in
 * the very same tick, and no permit outlives it (I1). The next tick tells the shutters as they are. */
static void tell_reason_first(fl_adapter *a, const fl_host_conditions *host, fl_inputs *in)
{
    const bool firing = host->state.mode == FL_MODE_EMIT || host->state.mode == FL_MODE_GAP;
    const bool reason = in->foot != FL_FOOT_PRESSED || !in->remote || !in->estop || !in->key || !in->covers ||
                        !in->coolant || !in->handpiece || !in->plan;
    const bool shut_itself = firing && a->was_open && !in->sh_open && reason;
    a->was_open = in->sh_open;
    if (!shut_itself) return;
    in->sh_open = true;
    in->sh_closed = false;
}

static void from_device(fl_adapter *a, fl_instant now, const fl_gl1_status *status,
                        const fl_host_conditions *host, fl_inputs *in)
{
    const fl_gl1_stat *stat = &status->stat;
    const uint32_t cap = a->config.capabilities;
    const bool two_feet = cap >> FL_CAP_FOOT & 1;
    const fl_mode mode = host->state.mode;
    uint32_t raw = stat->inputs;
    watch_motion(a, raw, two_feet);
    in->head = is_expected(a, now, stat, host);
    if (dropped_itself(a, stat, mode)) {
        const uint32_t presence = 1u << FL_IN_DOCKED | 1u << FL_IN_FOOT_A | 1u << FL_IN_FOOT_B;
        const uint32_t own = stat->causes & ~presence & 0xFFFFF;
        raw &= ~own;
        /* With a cause of its own, a change of settings or a foot, this is a drop that the other bits tell;
         * without any it is a laser that does not do what we expect. */
        in->head = own || stat->causes || !host->plan;
    }
    in->head = in->head && RAW(FL_IN_HEAD) && !(host->laser_bad && needs_laser(host->state));
    in->key = RAW(FL_IN_KEY);
    in->estop = RAW(FL_IN_ESTOP_A) && RAW(FL_IN_ESTOP_B) && (a->motion & FL_MOTION_ESTOP);
    in->remote = RAW(FL_IN_DOOR_A) && RAW(FL_IN_DOOR_B) && (a->motion & FL_MOTION_DOOR);
    in->covers = RAW(FL_IN_COVERS);
    in->coolant = RAW(FL_IN_FLOW) && RAW(FL_IN_COOLANT);
    in->wdog = RAW(FL_IN_WATCHDOG) && host->monitor;
    in->dock = RAW(FL_IN_DOCKED);
    in->sh_closed = RAW(FL_IN_SHUT_A) && RAW(FL_IN_SHUT_B);
    in->sh_open = RAW(FL_IN_OPEN_A) && RAW(FL_IN_OPEN_B);
    in->selftest = selftest_of(raw);
    in->foot = foot_of(a, now, raw, two_feet);
    /* A footswitch that has not moved yet may be bridged: in STANDBY it reads as held, so ARM is refused. */
    if (mode == FL_MODE_STANDBY && !(a->motion & FL_MOTION_FOOT) && in->foot == FL_FOOT_RELEASED)
        in->foot = FL_FOOT_PRESSED;
    const bool attached = !(cap >> FL_CAP_HANDPIECE & 1) || (stat->handpiece != FL_HANDPIECE_NONE &&
                                                             stat->handpiece != FL_HANDPIECE_UNREADABLE);
    in->handpiece = attached && host->spot_um && stat->spot_um == host->spot_um;
    in->energy = energy_of(a, status, host);
    tell_reason_first(a, host, in);
}

/* What the laser cannot know. Sleep shows as the boot clock running ahead of the monotonic one. */
static void from_host(fl_adapter *a, fl_instant now, fl_instant boot, const fl_host_conditions *host,
                      fl_inputs *in)
{
    const int64_t asleep_us = boot.us - now.us;
    in->clock = !a->ticked || (asleep_us - a->asleep_us < ASLEEP_US && a->asleep_us - asleep_us < ASLEEP_US);
    a->asleep_us = asleep_us;
    a->ticked = true;
    in->journal = host->journal;
    in->auth = host->auth;
    in->dual = host->dual;
    in->eyewear = host->eyewear;
    in->plan = host->plan;
    in->limits = host->limits;
    in->counter = host->counter;
    in->cmd = host->cmd;
}

void fl_adapter_tick(fl_adapter *adapter, fl_instant now, fl_instant boot, const fl_gl1_status *status,
                     const fl_host_conditions *host, fl_inputs *inputs)
{
    FL_ASSERT(adapter && status && host && inputs);
    *inputs = (fl_inputs){0};
    from_host(adapter, now, boot, host, inputs);
    inputs->link = status->link && status->has_stat && status->watch == FL_GL1_EXPECTED;
    if (!inputs->link) {
        adapter->foot_down = adapter->foot_differs = adapter->was_open = false;
        return; /* nothing else in the frame is believed */
    }
    from_device(adapter, now, status, host, inputs);
    adapter->has_stat = true;
    adapter->stat_number = status->stat_number;
    adapter->session = status->session;
    adapter->pulses = status->stat.pulses;
}
