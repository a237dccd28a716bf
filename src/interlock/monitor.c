/* The invariants of section 7 of the interlock reference, each as the negation of its sentence.
 *
 * Written from that section and not from step.c: the few words it needs ("armed", "light", "soft inputs
 * good") are said again here, as masks over the input word where the step asks bit by bit. Two ways of saying
 * the same thing that agree on every pair are worth more than one way said twice.
 *
 * `a implies b` is written (!(a) || (b)). BROKEN(n, sentence) puts n into the set when its sentence is false.
 */
#include "fadeline/interlock/monitor.h"

#define INLINE static inline __attribute__((always_inline))
#define ON(field) (1u << FL_BIT_##field)
#define FIELD(field, n) ((uint32_t)(n) << FL_BIT_##field)
#define ALL(mask) ((word & (mask)) == (mask))

#define SOFT                                                                                                 \
    (ON(remote) | ON(journal) | ON(auth) | ON(dual) | ON(eyewear) | ON(limits) | ON(counter) | ON(handpiece))
#define HARD (ON(covers) | ON(coolant) | ON(clock))
#define ENERGY FIELD(energy, 3)
#define FOOT FIELD(foot, 3)
#define CMD FIELD(cmd, 7)
#define TEST FIELD(selftest, 3)

/* What the monitor knows of a tick, in its own words. */
typedef struct view {
    uint32_t word;
    uint8_t from, to; /* mode codes */
    uint8_t had, has; /* flags before and after */
    bool link, key, estop, due, closed, open, dark, light, released, pressed, order;
    bool armed, to_armed; /* ARMING ... CLOSING */
    bool soft, hard;      /* all inputs of the class good, purpose included */
    bool out_before;      /* one grant without a report before this tick */
    bool svc_before, svc_after;
} view;

INLINE bool is_armed(uint8_t m)
{
    switch (m) {
    case FL_MODE_ARMING:
    case FL_MODE_READY:
    case FL_MODE_OPENING:
    case FL_MODE_EMIT:
    case FL_MODE_GAP:
    case FL_MODE_CLOSING: return true;
    default: return false;
    }
}

/* The 28 of section 4, one line a row of its list. */
INLINE bool formed(fl_interlock_state s)
{
    if ((s.flags ^ s.flags_not) != 0xFF) return false;
    const uint8_t m = s.mode, f = s.flags;
    if (m == FL_MODE_OFF || m == FL_MODE_FAULT || m == FL_MODE_ESTOP) return f == 0 || f == FL_FLAG_SVC;
    if (m == FL_MODE_SELFTEST || m == FL_MODE_STANDBY) return f == 0;
    if (m == FL_MODE_ARMING || m == FL_MODE_OPENING || m == FL_MODE_EMIT || m == FL_MODE_GAP)
        return f == 0 || f == FL_FLAG_CAL;
    if (m == FL_MODE_READY) return f < 4;
    if (m == FL_MODE_CLOSING) return f < 16 && !(f & FL_FLAG_FR);
    return false;
}

INLINE view look(fl_interlock_state s, uint32_t word, fl_interlock_state n)
{
    const uint32_t purpose = word & (ON(plan) | ON(dock));
    const bool cal = s.flags & FL_FLAG_CAL;
    view v = {
        .word = word,
        .from = s.mode,
        .to = n.mode,
        .had = s.flags,
        .has = n.flags,
        .link = ALL(ON(link)) && (word & 0xC0000000u) == 0,
        .key = ALL(ON(key)),
        .estop = ALL(ON(estop)),
        .due = ALL(ON(due)),
        .closed = ALL(ON(sh_closed)),
        .open = ALL(ON(sh_open)),
        .dark = (word & ENERGY) == FIELD(energy, FL_ENERGY_NONE),
        .light = (word & ENERGY) == FIELD(energy, FL_ENERGY_GOOD) ||
                 (word & ENERGY) == FIELD(energy, FL_ENERGY_OUT),
        .released = (word & FOOT) == FIELD(foot, FL_FOOT_RELEASED),
        .pressed = (word & FOOT) == FIELD(foot, FL_FOOT_PRESSED),
        .order = (word & CMD) != 0,
        .armed = is_armed(s.mode),
        .to_armed = is_armed(n.mode),
        .soft = ALL(SOFT) && (cal ? (purpose & ON(dock)) != 0 : purpose == ON(plan)),
        .hard = ALL(HARD),
        .out_before = s.mode == FL_MODE_EMIT || (s.mode == FL_MODE_CLOSING && (s.flags & FL_FLAG_OUT)),
        .svc_before = s.flags & FL_FLAG_SVC,
        .svc_after = n.flags & FL_FLAG_SVC,
    };
    return v;
}

#define BROKEN(number, sentence) (!(sentence) ? (uint64_t)1 << ((number)-1) : 0)
#define FROM(name) (v->from == FL_MODE_##name)
#define TO(name) (v->to == FL_MODE_##name)

/* I1-I7, I12-I14: when light is possible, and on which road it was reached. */
INLINE uint64_t light_and_road(const view *v, fl_interlock_outputs o)
{
    const uint32_t word = v->word;
    const uint32_t needed = SOFT | HARD | ON(key) | ON(estop) | ON(head) | ON(link) | ON(wdog) | ON(sh_open) |
                            FIELD(foot, FL_FOOT_PRESSED);
    const uint32_t silent = ON(sh_closed) | ENERGY | CMD | FIELD(foot, FL_FOOT_DISAGREE) | 0xC0000000u;
    const bool purpose = v->has & FL_FLAG_CAL ? ALL(ON(dock)) : ALL(ON(plan)) && !ALL(ON(dock));
    const bool i1 = !o.permit || (ALL(needed) && (word & silent) == 0 && purpose);
    const bool i3 = o.token == (TO(EMIT) && (FROM(OPENING) || FROM(GAP))) && !(o.token && v->out_before);
    const bool i4 =
        (!(TO(EMIT) && !FROM(EMIT)) || FROM(OPENING) || (FROM(GAP) && v->due)) &&
        (!(TO(GAP) && !FROM(GAP)) || (FROM(EMIT) && (word & ENERGY) == FIELD(energy, FL_ENERGY_GOOD)));
    const bool reported = !(v->had & FL_FLAG_OUT) || (word & ENERGY) == FIELD(energy, FL_ENERGY_GOOD);
    const bool i5 =
        !TO(READY) || (FROM(READY)    ? !v->due
                       : FROM(ARMING) ? v->due
                                      : FROM(CLOSING) && v->closed && reported && !(v->had & FL_FLAG_NX));
    const uint32_t cmd = word & CMD;
    const bool i6 =
        !(TO(ARMING) && !FROM(ARMING)) ||
        (FROM(STANDBY) && v->released &&
         cmd == (v->has & FL_FLAG_CAL ? FIELD(cmd, FL_CMD_ARM_CAL) : FIELD(cmd, FL_CMD_ARM_TREAT)));
    const bool i7 =
        (!(TO(OPENING) && !FROM(OPENING)) || (FROM(READY) && (v->had & FL_FLAG_FR) && v->pressed)) &&
        (!(v->has & FL_FLAG_FR) || (FROM(READY) && (v->had & FL_FLAG_FR)) || v->released);
    const bool shutter = TO(OPENING) || TO(EMIT) || TO(GAP);
    return BROKEN(1, i1) | BROKEN(2, o.permit == TO(EMIT)) | BROKEN(3, i3) | BROKEN(4, i4) | BROKEN(5, i5) |
           BROKEN(6, i6) | BROKEN(7, i7) | BROKEN(12, o.shutter_open == shutter) |
           BROKEN(13, o.hv == v->to_armed) | BROKEN(14, !o.permit || (o.indicator && v->armed)) |
           BROKEN(14, o.indicator == v->to_armed);
}

/* Inputs that allow a fault to be left: section 5, "calm". */
INLINE bool calm_now(const view *v)
{
    const uint32_t word = v->word;
    return ALL(ON(auth) | ON(sh_closed) | ON(wdog) | ON(head)) && (word & (ON(sh_open) | ENERGY | FOOT)) == 0;
}

/* I8-I11, I18, I19, I21: what latches, and the only ways out. */
INLINE uint64_t latches(const view *v)
{
    const uint32_t word = v->word, cmd = word & CMD;
    const bool seen = v->link && v->key; /* the frame is believed and the key is on */
    const bool i8 = (!(FROM(ESTOP) && !TO(ESTOP)) || (TO(OFF) && v->link && !v->key)) &&
                    (!(seen && !v->estop && !FROM(OFF)) || TO(ESTOP));
    const bool plain = cmd == FIELD(cmd, FL_CMD_RESET) && !v->svc_before;
    const bool signed_off = cmd == FIELD(cmd, FL_CMD_RESET_SERVICE) && ALL(ON(dual) | ON(auth));
    const bool i9 =
        !(FROM(FAULT) && !TO(FAULT)) || (TO(OFF) && v->link && !v->key) || (TO(ESTOP) && seen && !v->estop) ||
        (TO(SELFTEST) && seen && v->estop && calm_now(v) && (plain || (signed_off && v->svc_before)));
    const bool i10 =
        !(v->svc_before && !v->svc_after) || (FROM(FAULT) && TO(SELFTEST) && v->link && signed_off);
    const bool i11 = !(v->link && v->light && !v->out_before) || v->svc_after;

    const bool should_be_shut = FROM(STANDBY) || FROM(ARMING) || FROM(READY) || (FROM(CLOSING) && v->due);
    const bool stuck = should_be_shut && !v->closed;
    const bool both = v->closed && v->open;
    const bool cause = v->link && (stuck || both || (v->light && !v->out_before));
    const bool i19 = (!(v->link && (stuck || both)) || v->svc_after) &&
                     (!(seen && v->estop && (FROM(EMIT) || FROM(GAP)) && !v->open) || TO(FAULT)) &&
                     (!v->svc_after || TO(OFF) || TO(FAULT) || TO(ESTOP)) &&
                     (!(v->svc_after && !v->svc_before) || cause);
    const bool pass = (word & TEST) == FIELD(selftest, FL_SELFTEST_PASS);
    const bool i21 =
        (!(seen && !v->order && (FROM(FAULT) || FROM(ESTOP))) || TO(ESTOP) || (FROM(FAULT) && TO(FAULT))) &&
        (!(TO(SELFTEST) && !FROM(SELFTEST)) || FROM(OFF) || (FROM(FAULT) && v->order)) &&
        (!(TO(STANDBY) && FROM(SELFTEST)) || (pass && v->closed && v->dark && v->released)) &&
        (!TO(STANDBY) || FROM(SELFTEST) || FROM(STANDBY) || v->armed);
    return BROKEN(8, i8) | BROKEN(9, i9) | BROKEN(10, i10) | BROKEN(11, i11) |
           BROKEN(18, !(v->link && !v->key) || TO(OFF)) | BROKEN(19, i19) | BROKEN(21, i21);
}

/* I15-I17, I22-I25: what a bad input costs while armed, and the bookkeeping of the one grant. */
INLINE uint64_t standing_down(const view *v)
{
    const uint32_t word = v->word;
    const bool drop = !v->soft || v->order;
    const bool i15 =
        !(v->armed && drop) || (!(TO(ARMING) || TO(READY) || TO(OPENING) || TO(EMIT) || TO(GAP)) &&
                                (!TO(CLOSING) || (v->has & FL_FLAG_NX)));
    const bool cal_order = (word & CMD) == FIELD(cmd, FL_CMD_ARM_CAL);
    const bool fit = ALL(SOFT) && (cal_order ? ALL(ON(dock)) : ALL(ON(plan)) && !ALL(ON(dock)));
    const bool i15_arm = !(FROM(STANDBY) && TO(ARMING)) || fit;
    const bool hard_bad = !v->hard || !ALL(ON(head) | ON(wdog)) || !v->link;
    const bool sensor_bad = (word & ENERGY) == ENERGY || ALL(FIELD(foot, 2)) || (v->closed && v->open);
    const bool out_of_arms = TO(FAULT) || TO(ESTOP) || TO(OFF);
    const bool i16 = !(v->armed && (hard_bad || sensor_bad)) || out_of_arms;
    const bool i16_arm = !(FROM(STANDBY) && TO(ARMING)) || !(hard_bad || sensor_bad);
    const bool i17 = v->link || (out_of_arms && (!v->armed || TO(FAULT)));
    const bool i22 = !(v->to_armed && v->armed) || ((v->has ^ v->had) & FL_FLAG_CAL) == 0;
    const bool missing = (word & ENERGY) != FIELD(energy, FL_ENERGY_GOOD);
    const bool bad_report = (word & ENERGY) == FIELD(energy, FL_ENERGY_OUT);
    const bool seen = v->link && v->key && v->estop;
    /* A report missing at `due` is a fault only if nothing else ended EMIT in the same tick. */
    const bool kept = !drop && !v->released;
    const bool i23 = !(FROM(EMIT) && seen && (bad_report || (v->due && missing && kept))) || TO(FAULT);
    const bool i24 = !(FROM(CLOSING) && (v->had & FL_FLAG_OUT) && missing && TO(READY)) &&
                     (!(v->armed && TO(STANDBY)) || v->closed);
    const bool owed = v->out_before && missing; /* the one grant still without a report after this tick */
    const bool i25 = (!TO(CLOSING) || ((v->has & FL_FLAG_OUT) != 0) == owed) &&
                     (!(FROM(CLOSING) && TO(CLOSING) && (v->had & FL_FLAG_NX)) || (v->has & FL_FLAG_NX));
    return BROKEN(15, i15 && i15_arm) | BROKEN(16, i16 && i16_arm) | BROKEN(17, i17) | BROKEN(22, i22) |
           BROKEN(23, i23) | BROKEN(24, i24) | BROKEN(25, i25);
}

/* I26-I28, I35: progress while nothing is armed. */
INLINE uint64_t progress_cold(const view *v)
{
    const uint32_t word = v->word, cmd = word & CMD;
    const bool on = v->link && v->key && v->estop;
    /* Both ways: without a good start there is no self-test either. */
    const bool i26 = !(FROM(OFF) && !v->svc_after) || (on ? TO(SELFTEST) : TO(OFF));
    const bool quiet = on && !v->svc_after && (word & ENERGY) != ENERGY && !ALL(FIELD(foot, 2)) &&
                       ALL(ON(wdog) | ON(head)); /* nothing that faults in every mode from SELFTEST on */
    const bool failed = ALL(FIELD(selftest, FL_SELFTEST_FAIL));
    const bool pass = (word & TEST) == FIELD(selftest, FL_SELFTEST_PASS) && v->closed && v->released;
    const bool i27 = !(FROM(SELFTEST) && quiet) || (failed || (!pass && v->due) ? TO(FAULT)
                                                    : pass                      ? TO(STANDBY)
                                                                                : TO(SELFTEST));
    const bool treat = cmd == FIELD(cmd, FL_CMD_ARM_TREAT) && ALL(ON(plan)) && !ALL(ON(dock));
    const bool cal = cmd == FIELD(cmd, FL_CMD_ARM_CAL) && ALL(ON(dock));
    const bool legal = quiet && v->hard && ALL(SOFT) && v->released && (treat || cal);
    const bool i28 = !FROM(STANDBY) || !quiet || (legal ? TO(ARMING) : TO(STANDBY));
    const bool reset = v->svc_before ? cmd == FIELD(cmd, FL_CMD_RESET_SERVICE) && ALL(ON(dual))
                                     : cmd == FIELD(cmd, FL_CMD_RESET);
    const bool i35 = !(FROM(FAULT) && on && reset && calm_now(v)) || TO(SELFTEST);
    return BROKEN(26, i26) | BROKEN(27, i27) | BROKEN(28, i28) | BROKEN(35, i35);
}

/* I29-I34: progress while armed. Each speaks only where no safety rule of I8-I19 decides. */
INLINE uint64_t progress_armed(const view *v)
{
    const uint32_t word = v->word;
    const bool calm = v->armed && v->link && v->key && v->estop && !v->svc_after && v->hard &&
                      ALL(ON(head) | ON(wdog)) && (word & ENERGY) != ENERGY && !ALL(FIELD(foot, 2));
    const bool keep = calm && v->soft && !v->order; /* nothing asks to stand down */
    const bool good = (word & ENERGY) == FIELD(energy, FL_ENERGY_GOOD);
    const bool i29 = !(FROM(ARMING) && calm) || (!keep || !v->released ? TO(STANDBY)
                                                 : v->due              ? TO(READY) && (v->has & FL_FLAG_FR)
                                                                       : TO(ARMING));
    const bool fresh = v->pressed && (v->had & FL_FLAG_FR);
    const bool remembers = ((v->has & FL_FLAG_FR) != 0) == ((v->had & FL_FLAG_FR) || v->released);
    const bool i30 = !(FROM(READY) && calm) || (!keep || v->due ? TO(STANDBY)
                                                : fresh         ? TO(OPENING)
                                                                : TO(READY) && remembers);
    const bool i31 = !(FROM(OPENING) && calm) || (!keep         ? TO(CLOSING)
                                                  : v->released ? TO(CLOSING) && !(v->has & FL_FLAG_NX)
                                                  : v->open     ? TO(EMIT)
                                                                : (v->due ? TO(FAULT) : TO(OPENING)));
    const bool proven = calm && v->open;
    const bool i32 = !(FROM(EMIT) && proven && (word & ENERGY) != FIELD(energy, FL_ENERGY_OUT)) ||
                     (!keep         ? TO(CLOSING)
                      : v->released ? TO(CLOSING) && !(v->has & FL_FLAG_NX)
                      : good        ? TO(GAP)
                                    : (v->due ? TO(FAULT) : TO(EMIT)));
    const bool i33 = !(FROM(GAP) && proven) || (!keep         ? TO(CLOSING)
                                                : v->released ? TO(CLOSING) && !(v->has & FL_FLAG_NX)
                                                              : (v->due ? TO(EMIT) : TO(GAP)));
    const bool owed = (v->had & FL_FLAG_OUT) && !good, nx = (v->had & FL_FLAG_NX) || !keep;
    const bool wait = !v->closed || (owed && !v->due);
    const bool i34 = !(FROM(CLOSING) && calm && (word & ENERGY) != FIELD(energy, FL_ENERGY_OUT)) ||
                     (wait         ? TO(CLOSING) && ((v->has & FL_FLAG_NX) != 0) == nx
                      : owed || nx ? TO(STANDBY)
                                   : TO(READY) && ((v->has & FL_FLAG_FR) != 0) == v->released);
    return BROKEN(29, i29) | BROKEN(30, i30) | BROKEN(31, i31) | BROKEN(32, i32) | BROKEN(33, i33) |
           BROKEN(34, i34);
}

INLINE uint64_t broken_by(fl_interlock_state s, uint32_t word, fl_interlock_state n, fl_interlock_outputs o)
{
    const bool off = !o.permit && !o.token && !o.shutter_open && !o.hv && !o.indicator;
    if (!formed(s)) return BROKEN(20, formed(n) && n.mode == FL_MODE_FAULT && n.flags == FL_FLAG_SVC && off);
    const view v = look(s, word, n);
    return light_and_road(&v, o) | latches(&v) | standing_down(&v) | progress_cold(&v) | progress_armed(&v) |
           BROKEN(20, formed(n));
}

fl_interlock_verdict fl_interlock_monitor(fl_interlock_state state, uint32_t inputs, fl_interlock_state next,
                                          fl_interlock_outputs outputs, uint64_t serial)
{
    return (fl_interlock_verdict){broken_by(state, inputs, next, outputs), serial};
}
