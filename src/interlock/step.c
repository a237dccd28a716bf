/* The rules of section 5 of the interlock reference, in their order; the first that applies decides.
 *
 *               key on, e-stop closed          pass                ARM, all good          3 s
 *        OFF ───────────────────▶ SELFTEST ─────────▶ STANDBY ─────────▶ ARMING ─────▶ READY ◀─────┐
 *         ▲ key off, from anywhere                       ▲ ▲  soft input bad, order │      │ fresh   │ closed
 *         │                                              │ └────────────────────────┴──────┤ press   │
 *         │        ┌─────▶ ESTOP, until key off          │                                 ▼         │
 *     anything ────┤                                     │ nx    shutters open          OPENING ──▶ CLOSING
 *                  └─────▶ FAULT, until reset            └───────── CLOSING ◀──┐           │          ▲
 *                                                                              │           ▼ grant    │ foot
 * up GAP ◀────── EMIT ───────┘ └── due ────▲
 *
 * What is true in each mode: OFF, SELFTEST, STANDBY, FAULT, ESTOP: shutters ordered closed, no high voltage.
 * ARMING: indicator on, nothing may open. READY: as ARMING, and a fresh press opens. OPENING, GAP: shutters
 * ordered open, no grant out. EMIT: exactly one grant out. CLOSING: ordered closed; `out` while one report is
 * missing.
 *
 * Every helper is inlined so that the proof can hold the state constant and let the compiler drop the dead
 * rules.
 */
#include "fadeline/interlock/step.h"

#define INLINE static inline __attribute__((always_inline))
#define BIT(field) ((in >> FL_BIT_##field & 1) != 0)
#define CODE(field, mask) (in >> FL_BIT_##field & (mask))

INLINE fl_interlock_result go(fl_mode mode, unsigned flags, bool token)
{
    const bool open = mode == FL_MODE_OPENING || mode == FL_MODE_EMIT || mode == FL_MODE_GAP;
    const bool warn = open || mode == FL_MODE_ARMING || mode == FL_MODE_READY || mode == FL_MODE_CLOSING;
    const fl_interlock_outputs outputs = {
        .permit = mode == FL_MODE_EMIT, .token = token, .shutter_open = open, .hv = warn, .indicator = warn};
    return (fl_interlock_result){fl_interlock_state_of(mode, flags), outputs};
}

INLINE bool well_formed(fl_interlock_state s)
{
    if (s.flags + s.flags_not != 0xFF || (s.flags & s.flags_not)) return false;
    unsigned may; /* flags this mode may carry */
    switch (s.mode) {
    case FL_MODE_OFF:
    case FL_MODE_FAULT:
    case FL_MODE_ESTOP: may = FL_FLAG_SVC; break;
    case FL_MODE_SELFTEST:
    case FL_MODE_STANDBY: may = 0; break;
    case FL_MODE_ARMING:
    case FL_MODE_OPENING:
    case FL_MODE_EMIT:
    case FL_MODE_GAP: may = FL_FLAG_CAL; break;
    case FL_MODE_READY: may = FL_FLAG_CAL | FL_FLAG_FR; break;
    case FL_MODE_CLOSING: may = FL_FLAG_CAL | FL_FLAG_NX | FL_FLAG_OUT; break;
    default: return false;
    }
    return (s.flags & ~may) == 0;
}

INLINE bool armed_mode(uint8_t mode)
{
    return mode == FL_MODE_ARMING || mode == FL_MODE_READY || mode == FL_MODE_OPENING ||
           mode == FL_MODE_EMIT || mode == FL_MODE_GAP || mode == FL_MODE_CLOSING;
}

INLINE bool soft_ok(uint32_t in, bool cal)
{
    const bool purpose = cal ? BIT(dock) : BIT(plan) && !BIT(dock);
    return BIT(remote) && BIT(journal) && BIT(auth) && BIT(dual) && BIT(eyewear) && BIT(limits) &&
           BIT(counter) && BIT(handpiece) && purpose;
}

INLINE bool hard_ok(uint32_t in)
{
    return BIT(covers) && BIT(coolant) && BIT(clock);
}

/* R1: without a link nothing else in the frame is believed. */
INLINE fl_interlock_result without_link(fl_interlock_state s)
{
    if (armed_mode(s.mode) || s.mode == FL_MODE_FAULT) return go(FL_MODE_FAULT, s.flags & FL_FLAG_SVC, false);
    if (s.mode == FL_MODE_ESTOP) return go(FL_MODE_ESTOP, s.flags & FL_FLAG_SVC, false);
    return go(FL_MODE_OFF, s.flags & FL_FLAG_SVC, false);
}

/* R2: evidence for a service fault, latched before any other rule can hide it. */
INLINE bool service(fl_interlock_state s, uint32_t in)
{
    const unsigned energy = CODE(energy, 3);
    const bool light = energy == FL_ENERGY_GOOD || energy == FL_ENERGY_OUT;
    const bool outstanding = s.mode == FL_MODE_EMIT || (s.mode == FL_MODE_CLOSING && (s.flags & FL_FLAG_OUT));
    const bool shut = s.mode == FL_MODE_STANDBY || s.mode == FL_MODE_ARMING || s.mode == FL_MODE_READY;
    return (s.flags & FL_FLAG_SVC) || (light && !outstanding) || (BIT(sh_closed) && BIT(sh_open)) ||
           (shut && !BIT(sh_closed)) || (s.mode == FL_MODE_CLOSING && BIT(due) && !BIT(sh_closed));
}

/* R4, FAULT: left only by a reset of the right kind, and only when everything is calm. */
INLINE fl_interlock_result in_fault(uint32_t in, bool svc)
{
    const bool calm = BIT(auth) && BIT(sh_closed) && !BIT(sh_open) && CODE(energy, 3) == FL_ENERGY_NONE &&
                      CODE(foot, 3) == FL_FOOT_RELEASED && BIT(wdog) && BIT(head);
    const unsigned cmd = CODE(cmd, 7);
    if (!svc && cmd == FL_CMD_RESET && calm) return go(FL_MODE_SELFTEST, 0, false);
    if (svc && cmd == FL_CMD_RESET_SERVICE && calm && BIT(dual)) return go(FL_MODE_SELFTEST, 0, false);
    return go(FL_MODE_FAULT, svc ? FL_FLAG_SVC : 0, false);
}

INLINE fl_interlock_result in_selftest(uint32_t in)
{
    const unsigned test = CODE(selftest, 3);
    if (test == FL_SELFTEST_FAIL || test == FL_SELFTEST_IMPOSSIBLE) return go(FL_MODE_FAULT, 0, false);
    if (test == FL_SELFTEST_PASS && BIT(sh_closed) && CODE(foot, 3) == FL_FOOT_RELEASED)
        return go(FL_MODE_STANDBY, 0, false);
    return go(BIT(due) ? FL_MODE_FAULT : FL_MODE_SELFTEST, 0, false);
}

INLINE fl_interlock_result in_standby(uint32_t in)
{
    const unsigned cmd = CODE(cmd, 7);
    const bool good = hard_ok(in) && CODE(foot, 3) == FL_FOOT_RELEASED;
    if (cmd == FL_CMD_ARM_TREAT && good && soft_ok(in, false)) return go(FL_MODE_ARMING, 0, false);
    if (cmd == FL_CMD_ARM_CAL && good && soft_ok(in, true)) return go(FL_MODE_ARMING, FL_FLAG_CAL, false);
    return go(FL_MODE_STANDBY, 0, false);
}

/* R7, ARMING and READY: nothing is open yet, so a drop is just STANDBY. */
INLINE fl_interlock_result in_warning(fl_interlock_state s, uint32_t in, bool drop)
{
    const unsigned cal = s.flags & FL_FLAG_CAL, foot = CODE(foot, 3);
    if (s.mode == FL_MODE_ARMING) {
        if (drop || foot != FL_FOOT_RELEASED) return go(FL_MODE_STANDBY, 0, false);
        return BIT(due) ? go(FL_MODE_READY, cal | FL_FLAG_FR, false) : go(FL_MODE_ARMING, cal, false);
    }
    if (drop || BIT(due)) return go(FL_MODE_STANDBY, 0, false);
    if (foot == FL_FOOT_PRESSED && (s.flags & FL_FLAG_FR)) return go(FL_MODE_OPENING, cal, false);
    return go(FL_MODE_READY, s.flags | (foot == FL_FOOT_RELEASED ? FL_FLAG_FR : 0), false);
}

INLINE fl_interlock_result in_opening(fl_interlock_state s, uint32_t in, bool drop)
{
    if (drop) return go(FL_MODE_CLOSING, s.flags | FL_FLAG_NX, false);
    if (CODE(foot, 3) == FL_FOOT_RELEASED) return go(FL_MODE_CLOSING, s.flags, false);
    if (BIT(sh_open)) return go(FL_MODE_EMIT, s.flags, true);
    return BIT(due) ? go(FL_MODE_FAULT, 0, false) : go(FL_MODE_OPENING, s.flags, false);
}

/* One grant is out: whatever ends this mode says whether its report is still missing. */
INLINE fl_interlock_result in_emit(fl_interlock_state s, uint32_t in, bool drop)
{
    const unsigned energy = CODE(energy, 3);
    const unsigned out = energy == FL_ENERGY_GOOD ? 0 : FL_FLAG_OUT;
    if (energy == FL_ENERGY_OUT || !BIT(sh_open)) return go(FL_MODE_FAULT, 0, false);
    if (drop) return go(FL_MODE_CLOSING, s.flags | FL_FLAG_NX | out, false);
    if (CODE(foot, 3) == FL_FOOT_RELEASED) return go(FL_MODE_CLOSING, s.flags | out, false);
    if (energy == FL_ENERGY_GOOD) return go(FL_MODE_GAP, s.flags, false);
    return BIT(due) ? go(FL_MODE_FAULT, 0, false) : go(FL_MODE_EMIT, s.flags, false);
}

INLINE fl_interlock_result in_gap(fl_interlock_state s, uint32_t in, bool drop)
{
    if (!BIT(sh_open)) return go(FL_MODE_FAULT, 0, false);
    if (drop) return go(FL_MODE_CLOSING, s.flags | FL_FLAG_NX, false);
    if (CODE(foot, 3) == FL_FOOT_RELEASED) return go(FL_MODE_CLOSING, s.flags, false);
    return BIT(due) ? go(FL_MODE_EMIT, s.flags, true) : go(FL_MODE_GAP, s.flags, false);
}

INLINE fl_interlock_result in_closing(fl_interlock_state s, uint32_t in, bool drop)
{
    const unsigned energy = CODE(energy, 3);
    if (energy == FL_ENERGY_OUT) return go(FL_MODE_FAULT, 0, false);
    const bool out = (s.flags & FL_FLAG_OUT) && energy != FL_ENERGY_GOOD;
    const bool nx = (s.flags & FL_FLAG_NX) || drop;
    const unsigned cal = s.flags & FL_FLAG_CAL;
    if (!BIT(sh_closed) || (out && !BIT(due)))
        return go(FL_MODE_CLOSING, cal | (nx ? FL_FLAG_NX : 0) | (out ? FL_FLAG_OUT : 0), false);
    if (out || nx) return go(FL_MODE_STANDBY, 0, false);
    return go(FL_MODE_READY, cal | (CODE(foot, 3) == FL_FOOT_RELEASED ? FL_FLAG_FR : 0), false);
}

INLINE fl_interlock_result judge(fl_interlock_state s, uint32_t in)
{
    if (!well_formed(s)) return go(FL_MODE_FAULT, FL_FLAG_SVC, false); /* R0 */
    if (!BIT(link) || in >> FL_INPUT_BITS) return without_link(s);     /* R1 */
    const bool svc = service(s, in);                                   /* R2 */
    const unsigned keep = svc ? FL_FLAG_SVC : 0;
    if (!BIT(key)) return go(FL_MODE_OFF, keep, false); /* R3 */
    if (s.mode == FL_MODE_OFF) {                        /* R4 */
        if (svc) return go(FL_MODE_FAULT, FL_FLAG_SVC, false);
        return go(BIT(estop) ? FL_MODE_SELFTEST : FL_MODE_OFF, 0, false);
    }
    if (!BIT(estop) || s.mode == FL_MODE_ESTOP) return go(FL_MODE_ESTOP, keep, false);
    if (s.mode == FL_MODE_FAULT) return in_fault(in, svc);
    if (svc) return go(FL_MODE_FAULT, FL_FLAG_SVC, false); /* R5 */
    if (CODE(energy, 3) == FL_ENERGY_FAILED || CODE(foot, 3) >= FL_FOOT_DISAGREE || !BIT(wdog) || !BIT(head))
        return go(FL_MODE_FAULT, 0, false);
    if (s.mode == FL_MODE_SELFTEST) return in_selftest(in);
    if (s.mode == FL_MODE_STANDBY) return in_standby(in);
    if (!hard_ok(in)) return go(FL_MODE_FAULT, 0, false); /* R6 */

    /* R7: any order at all disarms, known or not. */
    const bool drop = !soft_ok(in, (s.flags & FL_FLAG_CAL) != 0) || CODE(cmd, 7) != FL_CMD_NONE;
    switch (s.mode) {
    case FL_MODE_ARMING:
    case FL_MODE_READY: return in_warning(s, in, drop);
    case FL_MODE_OPENING: return in_opening(s, in, drop);
    case FL_MODE_EMIT: return in_emit(s, in, drop);
    case FL_MODE_GAP: return in_gap(s, in, drop);
    default: return in_closing(s, in, drop); /* CLOSING: the only mode that is left */
    }
}

fl_interlock_result fl_interlock_step(fl_interlock_state state, uint32_t inputs)
{
    return judge(state, inputs);
}

bool fl_interlock_is_well_formed(fl_interlock_state state)
{
    return well_formed(state);
}

bool fl_mode_is_armed(fl_mode mode)
{
    return armed_mode((uint8_t)mode);
}
