#include "verdicts_sentences.h"

/* One function a sentence, in the words of the reference, over unpacked inputs and sets of modes. The monitor
 * says the same over masks of the input word; the two share the layout and the codes and nothing else. A
 * sentence returns early where it has nothing to say. */

enum {
    OFF = 1,
    SELFTEST = 2,
    STANDBY = 4,
    ARMING = 8,
    READY = 16,
    OPENING = 32,
    EMIT = 64,
    GAP = 128,
    CLOSING = 256,
    FAULT = 512,
    ESTOP = 1024
};
enum { FIRES = OPENING | EMIT | GAP, ARMED = ARMING | READY | FIRES | CLOSING, DOWN = OFF | FAULT | ESTOP };

typedef struct flags {
    bool cal, fr, nx, out, svc;
} flags;

typedef struct tick {
    int from, to; /* one bit of the set above; 0 is damage */
    flags had, has;
    fl_inputs in;
    fl_interlock_outputs o;
} tick;

static int set_of(uint8_t mode)
{
    for (int i = 0; i < FL_MODE_COUNT; i++)
        if (fl_modes[i] == mode) return 1 << i;
    return 0;
}

static flags flags_of(uint8_t bits)
{
    return (flags){bits & 1, bits & 2, bits & 4, bits & 8, bits & 16};
}

/* The list of section 4: which flags go with which mode. */
static bool is_one_of_the_28(fl_interlock_state s)
{
    const int m = set_of(s.mode);
    const flags f = flags_of(s.flags);
    if (m == 0 || s.flags >= 32 || s.flags_not != 255 - s.flags) return false;
    if (f.svc && !(m & DOWN)) return false;
    if (f.cal && !(m & ARMED)) return false;
    if (f.fr && m != READY) return false;
    return m == CLOSING || (!f.nx && !f.out);
}

static bool soft_ok(const fl_inputs *in, bool cal)
{
    if (!in->remote || !in->journal || !in->auth || !in->dual) return false;
    if (!in->eyewear || !in->limits || !in->counter || !in->handpiece) return false;
    if (cal) return in->dock;
    return in->plan && !in->dock;
}

static bool hard_ok(const fl_inputs *in)
{
    return in->covers && in->coolant && in->clock;
}

static bool common_bad(const fl_inputs *in)
{
    return in->energy == FL_ENERGY_FAILED || in->foot > FL_FOOT_PRESSED || !in->wdog || !in->head;
}

static bool is_calm(const fl_inputs *in)
{
    if (in->energy != FL_ENERGY_NONE || in->foot != FL_FOOT_RELEASED) return false;
    return in->auth && in->sh_closed && !in->sh_open && in->wdog && in->head;
}

static bool light(const tick *t)
{
    return t->in.energy == FL_ENERGY_GOOD || t->in.energy == FL_ENERGY_OUT;
}

static bool outstanding(const tick *t)
{
    return t->from == EMIT || (t->from == CLOSING && t->had.out);
}

static bool unreported(const tick *t)
{
    return outstanding(t) && t->in.energy != FL_ENERGY_GOOD;
}

static bool stand_down(const tick *t)
{
    return !soft_ok(&t->in, t->had.cal) || t->in.cmd != FL_CMD_NONE;
}

static bool powered(const tick *t)
{
    return t->in.link && t->in.key && t->in.estop;
}

static bool entered(const tick *t, int mode)
{
    return t->to == mode && t->from != mode;
}

/* Safety */

static bool i1(const tick *t)
{
    const fl_inputs *in = &t->in;
    if (!t->o.permit) return true;
    if (!in->key || !in->estop || !in->link || common_bad(in) || !hard_ok(in)) return false;
    if (!in->sh_open || in->sh_closed) return false;
    if (in->foot != FL_FOOT_PRESSED || in->energy != FL_ENERGY_NONE || in->cmd != FL_CMD_NONE) return false;
    return soft_ok(in, t->has.cal);
}

static bool i2(const tick *t)
{
    return t->to == EMIT ? t->o.permit : !t->o.permit;
}

static bool i3(const tick *t)
{
    const bool issued = t->to == EMIT && (t->from & (OPENING | GAP));
    if (t->o.token && outstanding(t)) return false;
    return issued ? t->o.token : !t->o.token;
}

static bool i4(const tick *t)
{
    if (entered(t, EMIT)) return t->from == OPENING || (t->from == GAP && t->in.due);
    if (entered(t, GAP)) return t->from == EMIT && t->in.energy == FL_ENERGY_GOOD;
    return true;
}

static bool i5(const tick *t)
{
    if (t->to != READY) return true;
    if (t->from == READY) return !t->in.due;
    if (t->from == ARMING) return t->in.due;
    if (t->from != CLOSING || !t->in.sh_closed || t->had.nx) return false;
    return !unreported(t);
}

static bool i6(const tick *t)
{
    if (!entered(t, ARMING)) return true;
    if (t->from != STANDBY || t->in.foot != FL_FOOT_RELEASED) return false;
    return t->has.cal ? t->in.cmd == FL_CMD_ARM_CAL : t->in.cmd == FL_CMD_ARM_TREAT;
}

static bool i7(const tick *t)
{
    const bool remembered = t->from == READY && t->had.fr;
    if (entered(t, OPENING) && (!remembered || t->in.foot != FL_FOOT_PRESSED)) return false;
    return !t->has.fr || remembered || t->in.foot == FL_FOOT_RELEASED;
}

static bool i8(const tick *t)
{
    const bool key_turned = t->in.link && !t->in.key;
    if (t->from == ESTOP && t->to != ESTOP && !(t->to == OFF && key_turned)) return false;
    const bool pressed = t->in.link && t->in.key && !t->in.estop;
    return !pressed || t->from == OFF || t->to == ESTOP;
}

static bool i9(const tick *t)
{
    if (t->from != FAULT) return true;
    switch (t->to) {
    case FAULT: return true;
    case OFF: return t->in.link && !t->in.key;
    case ESTOP: return t->in.link && t->in.key && !t->in.estop;
    case SELFTEST:
        if (!powered(t) || !is_calm(&t->in)) return false;
        return t->had.svc ? t->in.cmd == FL_CMD_RESET_SERVICE && t->in.dual : t->in.cmd == FL_CMD_RESET;
    default: return false;
    }
}

static bool i10(const tick *t)
{
    if (!t->had.svc || t->has.svc) return true;
    return t->from == FAULT && t->to == SELFTEST && t->in.link && t->in.cmd == FL_CMD_RESET_SERVICE &&
           t->in.auth && t->in.dual;
}

static bool i11(const tick *t)
{
    return t->has.svc || !t->in.link || !light(t) || outstanding(t);
}

static bool i12(const tick *t)
{
    return t->o.shutter_open == ((t->to & FIRES) != 0);
}

static bool i13(const tick *t)
{
    return t->o.hv == ((t->to & ARMED) != 0);
}

/* The indicator is lit in armed modes, so "in the previous state" is "the previous mode was armed". */
static bool i14(const tick *t)
{
    if (t->o.permit && (!t->o.indicator || !(t->from & ARMED))) return false;
    return t->o.indicator == ((t->to & ARMED) != 0);
}

static bool i15(const tick *t)
{
    if (t->from == STANDBY && t->to == ARMING) return soft_ok(&t->in, t->in.cmd == FL_CMD_ARM_CAL);
    if (!(t->from & ARMED) || !stand_down(t)) return true;
    if (t->to & (ARMED & ~CLOSING)) return false;
    return t->to != CLOSING || t->has.nx;
}

static bool i16(const tick *t)
{
    const bool contradiction = t->in.sh_closed && t->in.sh_open;
    if (t->in.link && hard_ok(&t->in) && !common_bad(&t->in) && !contradiction) return true;
    if (t->from == STANDBY) return t->to != ARMING;
    return !(t->from & ARMED) || (t->to & DOWN);
}

static bool i17(const tick *t)
{
    if (t->in.link) return true;
    return t->from & ARMED ? t->to == FAULT : (t->to & DOWN) != 0;
}

static bool i18(const tick *t)
{
    return !t->in.link || t->in.key || t->to == OFF;
}

static bool i19(const tick *t)
{
    const bool must_be_shut = (t->from & (STANDBY | ARMING | READY)) || (t->from == CLOSING && t->in.due);
    const bool bad = (must_be_shut && !t->in.sh_closed) || (t->in.sh_closed && t->in.sh_open);
    if (t->in.link && bad && !t->has.svc) return false;
    if (powered(t) && (t->from & (EMIT | GAP)) && !t->in.sh_open && t->to != FAULT) return false;
    if (t->has.svc && !(t->to & DOWN)) return false;
    const bool created = t->has.svc && !t->had.svc;
    return !created || (t->in.link && (bad || (light(t) && !outstanding(t))));
}

static bool i21(const tick *t)
{
    const bool key_stays_on = t->in.link && t->in.key;
    if (key_stays_on && t->in.cmd == FL_CMD_NONE) {
        if (t->from == ESTOP && t->to != ESTOP) return false;
        if (t->from == FAULT && t->to != ESTOP && t->to != FAULT) return false;
    }
    if (entered(t, SELFTEST) && t->from != OFF && !(t->from == FAULT && t->in.cmd != FL_CMD_NONE))
        return false;
    if (t->to != STANDBY || t->from == STANDBY || (t->from & ARMED)) return true;
    return t->from == SELFTEST && t->in.selftest == FL_SELFTEST_PASS && t->in.sh_closed &&
           t->in.energy == FL_ENERGY_NONE && t->in.foot == FL_FOOT_RELEASED;
}

static bool i22(const tick *t)
{
    return !(t->from & ARMED) || !(t->to & ARMED) || t->had.cal == t->has.cal;
}

/* A report missing at `due` is a fault unless something else ended EMIT in the same tick. */
static bool i23(const tick *t)
{
    if (t->from != EMIT || !powered(t) || t->to == FAULT) return true;
    if (t->in.energy == FL_ENERGY_OUT) return false;
    if (t->in.energy == FL_ENERGY_GOOD || !t->in.due) return true;
    return stand_down(t) || t->in.foot == FL_FOOT_RELEASED;
}

static bool i24(const tick *t)
{
    if (t->from == CLOSING && t->to == READY && unreported(t)) return false;
    return !(t->from & ARMED) || t->to != STANDBY || t->in.sh_closed;
}

static bool i25(const tick *t)
{
    if (t->to != CLOSING) return true;
    if (t->has.out != unreported(t)) return false;
    return t->from != CLOSING || !t->had.nx || t->has.nx;
}

/* Progress. "quiet": no rule that comes before the mode's own decides. */

static bool quiet(const tick *t)
{
    return powered(t) && !t->has.svc && !common_bad(&t->in);
}

static bool i26(const tick *t)
{
    if (t->from != OFF || t->has.svc) return true;
    return t->to == (powered(t) ? SELFTEST : OFF);
}

static bool i27(const tick *t)
{
    if (t->from != SELFTEST || !quiet(t)) return true;
    if (t->in.selftest == FL_SELFTEST_FAIL || t->in.selftest == FL_SELFTEST_IMPOSSIBLE) return t->to == FAULT;
    if (t->in.selftest == FL_SELFTEST_PASS && t->in.sh_closed && t->in.foot == FL_FOOT_RELEASED)
        return t->to == STANDBY;
    return t->to == (t->in.due ? FAULT : SELFTEST);
}

static bool i28(const tick *t)
{
    if (t->from != STANDBY || !quiet(t)) return true;
    const bool ordered = t->in.cmd == FL_CMD_ARM_TREAT || t->in.cmd == FL_CMD_ARM_CAL;
    const bool legal = ordered && hard_ok(&t->in) && t->in.foot == FL_FOOT_RELEASED &&
                       soft_ok(&t->in, t->in.cmd == FL_CMD_ARM_CAL);
    return t->to == (legal ? ARMING : STANDBY);
}

static bool i29(const tick *t)
{
    if (t->from != ARMING || !quiet(t) || !hard_ok(&t->in)) return true;
    if (stand_down(t) || t->in.foot != FL_FOOT_RELEASED) return t->to == STANDBY;
    return t->in.due ? t->to == READY && t->has.fr : t->to == ARMING;
}

static bool i30(const tick *t)
{
    if (t->from != READY || !quiet(t) || !hard_ok(&t->in)) return true;
    if (stand_down(t) || t->in.due) return t->to == STANDBY;
    if (t->in.foot == FL_FOOT_PRESSED && t->had.fr) return t->to == OPENING;
    return t->to == READY && t->has.fr == (t->had.fr || t->in.foot == FL_FOOT_RELEASED);
}

/* What OPENING, EMIT and GAP have in common: an order or a bad input stands down, a raised foot only closes.
 */
static bool closes_or(const tick *t, int otherwise)
{
    if (stand_down(t)) return t->to == CLOSING;
    if (t->in.foot == FL_FOOT_RELEASED) return t->to == CLOSING && !t->has.nx;
    return t->to == otherwise;
}

static bool i31(const tick *t)
{
    if (t->from != OPENING || !quiet(t) || !hard_ok(&t->in)) return true;
    return closes_or(t, t->in.sh_open ? EMIT : t->in.due ? FAULT : OPENING);
}

static bool i32(const tick *t)
{
    if (t->from != EMIT || !quiet(t) || !hard_ok(&t->in) || !t->in.sh_open) return true;
    if (t->in.energy == FL_ENERGY_OUT) return true; /* I23 */
    return closes_or(t, t->in.energy == FL_ENERGY_GOOD ? GAP : t->in.due ? FAULT : EMIT);
}

static bool i33(const tick *t)
{
    if (t->from != GAP || !quiet(t) || !hard_ok(&t->in) || !t->in.sh_open) return true;
    return closes_or(t, t->in.due ? EMIT : GAP);
}

static bool i34(const tick *t)
{
    if (t->from != CLOSING || !quiet(t) || !hard_ok(&t->in)) return true;
    if (t->in.energy == FL_ENERGY_OUT) return true; /* light: I11; a wrong report: a fault, I23's sister */
    const bool nx = t->had.nx || stand_down(t);
    if (!t->in.sh_closed || (unreported(t) && !t->in.due)) return t->to == CLOSING && t->has.nx == nx;
    if (unreported(t) || nx) return t->to == STANDBY;
    return t->to == READY && t->has.fr == (t->in.foot == FL_FOOT_RELEASED);
}

/* Legal: RESET, or RESET_SERVICE with two persons when svc is latched, everything calm. */
static bool i35(const tick *t)
{
    if (t->from != FAULT || !powered(t) || !is_calm(&t->in)) return true;
    const bool legal =
        t->had.svc ? t->in.cmd == FL_CMD_RESET_SERVICE && t->in.dual : t->in.cmd == FL_CMD_RESET;
    return !legal || t->to == SELFTEST;
}

uint64_t sentences_broken(fl_interlock_state from, uint32_t word, fl_interlock_state to,
                          fl_interlock_outputs o)
{
    typedef bool sentence(const tick *);
    static sentence *const all[35] = {i1,  i2,  i3,  i4,  i5,  i6,  i7,  i8,  i9,  i10, i11, i12,
                                      i13, i14, i15, i16, i17, i18, i19, 0,   i21, i22, i23, i24,
                                      i25, i26, i27, i28, i29, i30, i31, i32, i33, i34, i35};
    const uint64_t i20 = (uint64_t)1 << 19;
    if (!is_one_of_the_28(from)) {
        const bool dark = !(o.permit || o.token || o.shutter_open || o.hv || o.indicator);
        const bool latched = is_one_of_the_28(to) && set_of(to.mode) == FAULT && flags_of(to.flags).svc;
        return latched && dark ? 0 : i20;
    }
    tick t = {.from = set_of(from.mode),
              .to = set_of(to.mode),
              .had = flags_of(from.flags),
              .has = flags_of(to.flags),
              .in = fl_inputs_unpack(word & (((uint32_t)1 << FL_INPUT_BITS) - 1)),
              .o = o};
    if (word >> FL_INPUT_BITS) t.in.link = false;
    uint64_t broken = is_one_of_the_28(to) ? 0 : i20;
    for (int i = 0; i < 35; i++)
        if (all[i] && !all[i](&t)) broken |= (uint64_t)1 << i;
    return broken;
}
