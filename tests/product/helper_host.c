/* The host: one tick in the order of src/session/conduct.c. The mode machine is the real step; the books are
 * written from conduct_grant.c, the link from gl1_grant.c and gl1_answers.c. */
#include "helper_model.h"

#include "fadeline/interlock/monitor.h"

#define B(field) (1u << FL_BIT_##field)

static bool keeps(const model *m, rule r)
{
    return !(m->without & r);
}

bool host_awaits(unsigned mode)
{
    const fl_interlock_state s = mode_state(mode);
    return s.mode == FL_MODE_EMIT || (s.mode == FL_MODE_CLOSING && (s.flags & FL_FLAG_OUT));
}

bool host_reads(const model *m, const product *w)
{
    return w->phase && w->s_has && w->s_age <= m->lost;
}

/* The counter of the newest status, less `expected`. */
static int shown(const product *w)
{
    return w->ed - w->s_kd;
}

/* ---- the disk ---- */

static bool post(product *w, unsigned entry)
{
    uint16_t *place = !w->q0 ? &w->q0 : !w->q1 ? &w->q1 : !w->q2 ? &w->q2 : NULL;
    if (!place || w->j_bad) {
        w->j_lost = 1;
        return false;
    }
    *place = (uint16_t)entry;
    return true;
}

void disk_settle_one(product *w)
{
    switch (w->q0) {
    case ENTRY_GRANT: w->j_out = 1; break;
    case ENTRY_DELIVERED:
        w->j_out = 0;
        w->jd = w->jd ? w->jd - 1 : 3; /* 3: nothing accounts for that */
        break;
    case ENTRY_NOT: w->j_out = 0; break;
    }
    w->q0 = w->q1;
    w->q1 = w->q2;
    w->q2 = ENTRY_NONE;
}

static bool is_durable(const product *w)
{
    return w->q0 != ENTRY_GRANT && w->q1 != ENTRY_GRANT && w->q2 != ENTRY_GRANT;
}

/* ---- settle: what became of the last grant ---- */

static void close_grant(product *w, bool delivered)
{
    post(w, delivered ? ENTRY_DELIVERED : ENTRY_NOT);
    w->ed = w->s_kd; /* expected is what is shown */
    w->stage = BOOK_NONE;
    w->recovered = 0;
}

static breach settle_open(product *w)
{
    const bool known = w->recovered ? w->s_late : w->outcome != OUT_WAITING && w->outcome != OUT_UNKNOWN;
    if (!known) return BREACH_NONE;
    if (shown(w) != 0 && shown(w) != 1) return BREACH_MISMATCH;
    close_grant(w, shown(w) == 1);
    return BREACH_NONE;
}

static breach settle(const model *m, product *w)
{
    if (!host_reads(m, w)) return BREACH_NONE;
    switch (w->stage) {
    case BOOK_NONE: return shown(w) != 0 ? BREACH_MISMATCH : BREACH_NONE;
    case BOOK_UNSENT:
        if (shown(w) != 0) return BREACH_MISMATCH;
        close_grant(w, false);
        return BREACH_NONE;
    case BOOK_SENT:
        if (w->outcome == OUT_NAKED && shown(w) == 0) close_grant(w, false);
        return BREACH_NONE;
    case BOOK_OPEN:
        if (!keeps(m, RULE_SETTLE)) return BREACH_NONE;
        if (!keeps(m, RULE_UNKNOWN) && w->outcome == OUT_UNKNOWN) {
            close_grant(w, false); /* the seeded mistake: no answer, so no pulse */
            return BREACH_NONE;
        }
        return settle_open(w);
    default: return BREACH_NONE;
    }
}

/* ---- the thirty bits ---- */

/* May the adapter read the laser's state in two ways here: within its time to follow an order or not, and a
 * laser that dropped by itself with a reason of its own or without? */
static bool head_of(const product *w, fl_mode mode, bool other, bool *told)
{
    const bool hot = w->s_st == LASER_WARN || w->s_st == LASER_READY;
    *told = false;
    switch (mode) {
    case FL_MODE_OFF:
    case FL_MODE_SELFTEST: return true;
    case FL_MODE_STANDBY:
    case FL_MODE_FAULT:
    case FL_MODE_ESTOP: return !hot || other;
    case FL_MODE_ARMING: return hot || (w->s_st == LASER_STBY && other);
    case FL_MODE_READY:
        if (w->s_st == LASER_WARN) return other;
        break;
    default: break;
    }
    if (w->s_st == LASER_READY) return true;
    *told = w->s_st == LASER_STBY && other;
    return *told;
}

static uint32_t inputs_of(const model *m, product *w, const choice *c, bool *measured, breach *found)
{
    const fl_interlock_state s = mode_state(w->mode);
    const bool out = w->stage == BOOK_SENT || w->stage == BOOK_OPEN;
    uint32_t in = B(clock) | B(auth) | B(dual) | B(eyewear) | B(limits);
    in |= (uint32_t)c->cmd << FL_BIT_cmd | (c->due ? B(due) : 0);
    if (!w->j_bad && !w->j_lost && !c->stall) in |= B(journal);
    *measured = false;
    if (!host_reads(m, w)) {
        w->was_open = 0;
        return in;
    }
    bool told;
    in |= B(link) | B(wdog) | B(coolant) | B(handpiece);
    if (head_of(w, s.mode, c->other, &told)) in |= B(head);
    if (w->s_loop != LOOP_KEY) in |= B(key);
    if (w->s_loop != LOOP_STOP) in |= B(estop);
    if (w->s_loop != LOOP_SOFT && !told) in |= B(remote);
    if (w->s_loop != LOOP_HARD) in |= B(covers);
    if (w->h_commit) in |= B(plan);
    const bool open_grant = w->stage == BOOK_OPEN || w->stage == BOOK_UNSENT;
    const bool counter = shown(w) == 0 || (w->stage == BOOK_SENT && shown(w) == 1);
    if (counter && (!open_grant || !keeps(m, RULE_BOOK_FIRST))) in |= B(counter);
    in |= (uint32_t)c->selftest << FL_BIT_selftest;
    in |= (uint32_t)(w->s_foot ? FL_FOOT_PRESSED : FL_FOOT_RELEASED) << FL_BIT_foot;
    /* Light: the report of the grant that is out, or nobody's. */
    if (shown(w) > out) *found = BREACH_LIGHT;
    if (host_awaits(w->mode) && out && shown(w) > 0) {
        *measured = true;
        in |= (uint32_t)(c->out_of_tolerance ? FL_ENERGY_OUT : FL_ENERGY_GOOD) << FL_BIT_energy;
    }
    /* The reason first, the shutters as they stood one tick before (adapter.c). */
    const uint32_t good = B(remote) | B(estop) | B(key) | B(covers) | B(plan);
    const bool firing = s.mode == FL_MODE_EMIT || s.mode == FL_MODE_GAP;
    const bool first = firing && w->was_open && !w->s_open && (!w->s_foot || (in & good) != good);
    w->was_open = w->s_open;
    return in | (w->s_open || first ? B(sh_open) : B(sh_closed));
}

/* ---- the verdict ---- */

static fl_interlock_result step(const model *m, fl_interlock_state s, uint32_t in)
{
    fl_interlock_result r = fl_interlock_step(s, in);
    const bool waited = s.mode == FL_MODE_EMIT && (in & B(due)) && r.next.mode == FL_MODE_FAULT;
    if (!keeps(m, RULE_REPORT) && waited && !(in >> FL_BIT_energy & 3) && (in & B(sh_open)) && (in & B(head)))
        r = (fl_interlock_result){s, {true, true, true, true, true}};
    const bool unreported = s.mode == FL_MODE_CLOSING && (s.flags & FL_FLAG_OUT) && !(s.flags & FL_FLAG_NX) &&
                            (in & B(due)) && r.next.mode == FL_MODE_STANDBY;
    if (!keeps(m, RULE_CLOSING) && unreported)
        r = (fl_interlock_result){fl_interlock_state_of(FL_MODE_READY, FL_FLAG_FR),
                                  {.hv = true, .indicator = true}};
    if (!keeps(m, RULE_REARM) && s.mode == FL_MODE_STANDBY && r.next.mode == FL_MODE_STANDBY &&
        (in & B(plan)) && (in & B(counter)) && (in & B(link)))
        r = (fl_interlock_result){fl_interlock_state_of(FL_MODE_READY, FL_FLAG_FR),
                                  {.hv = true, .indicator = true}};
    return r;
}

/* T1, T2 and T3 along the run. */
static breach judge_run(product *w, fl_interlock_state before, fl_interlock_result r, uint32_t in,
                        bool measured)
{
    const bool awaited = host_awaits(mode_index(before)), awaits = host_awaits(mode_index(r.next));
    const unsigned energy = in >> FL_BIT_energy & 3;
    breach found = BREACH_NONE;
    if (r.next.mode == FL_MODE_STANDBY && before.mode == FL_MODE_SELFTEST &&
        (in >> FL_BIT_selftest & 3) == FL_SELFTEST_PASS)
        w->g_pass = 1;
    if (r.next.mode == FL_MODE_OFF || r.next.mode == FL_MODE_SELFTEST) w->g_pass = 0;
    if (r.next.mode == FL_MODE_ARMING && before.mode == FL_MODE_STANDBY &&
        (in >> FL_BIT_cmd & 7) == FL_CMD_ARM_TREAT) {
        w->g_arm = 1;
        w->t2 = 0;
    }
    if (r.next.mode == FL_MODE_READY && before.mode == FL_MODE_ARMING && w->m_age >= 2) w->g_warm = 1;
    if (!fl_mode_is_armed(r.next.mode)) w->g_arm = w->g_warm = 0;
    if (awaited && measured && energy == FL_ENERGY_GOOD) w->t2 = 0;
    if (r.outputs.token) {
        if (!(w->g_pass && w->g_arm && w->g_warm)) found = BREACH_T1;
        if (w->t2) found = BREACH_T2;
        if (w->t3) found = BREACH_T3;
        w->t2 = w->t3 = 1;
    } else if (!awaits || (awaited && measured)) {
        w->t3 = 0; /* reported, or unknown from now on */
    }
    return found;
}

/* ---- obey ---- */

static void reported(product *w)
{
    if (w->stage != BOOK_SENT) return;
    post(w, ENTRY_DELIVERED);
    w->ed = w->ed ? w->ed - 1 : 3;
    w->stage = BOOK_NONE;
}

static breach token(product *w)
{
    if (w->stage != BOOK_NONE) return BREACH_TOKEN;
    for (unsigned i = 0; i < FLYING; i++) {
        frame f = frame_read(*product_fly(w, i));
        if (f.type != ASK_GRANT) continue;
        f.gen = f.gen < 3 ? f.gen + 1 : 3;
        *product_fly(w, i) = frame_write(f);
    }
    if (w->g_lag < 3) w->g_lag++;
    w->fired = 0;
    w->stage = post(w, ENTRY_GRANT) ? BOOK_RECORDING : BOOK_NONE;
    return BREACH_NONE;
}

static breach obey(product *w, fl_interlock_state before, const fl_interlock_result *r, bool measured)
{
    const fl_mode from = before.mode, to = r->next.mode;
    w->mode = (uint16_t)mode_index(r->next);
    if (measured && host_awaits(mode_index(before))) reported(w);
    if (!host_awaits(w->mode) && w->stage == BOOK_SENT) w->stage = BOOK_OPEN;
    if (from != to || r->outputs.token) w->m_age = 0;
    if (fl_mode_is_armed(from) && !fl_mode_is_armed(to)) {
        w->h_shut = 0;
        if (w->phase) {
            w->waiting = WAIT_NONE;
            w->stopping = 1;
        }
    }
    const breach found = r->outputs.token ? token(w) : BREACH_NONE;
    w->h_shut = r->outputs.shutter_open;
    return found;
}

/* ---- the wire ---- */

static void ask(const model *m, product *w, frame f)
{
    w->asked = f.type;
    w->a_age = 0;
    w->a_late = w->pin > m->ga || !keeps(m, RULE_WAITING);
    w->ans = w->hello_now = w->hello_old = 0;
    laser_send(m, w, f);
}

static void send_grant(const model *m, product *w)
{
    const bool resend = !keeps(m, RULE_SEND_ONCE) && w->stage == BOOK_SENT && w->outcome == OUT_UNKNOWN &&
                        mode_state(w->mode).mode == FL_MODE_EMIT;
    if (w->stage != BOOK_RECORDING && !resend) return;
    if (mode_state(w->mode).mode != FL_MODE_EMIT) {
        w->stage = BOOK_UNSENT;
        return;
    }
    if (!is_durable(w) && keeps(m, RULE_DURABLE)) return;
    if (!host_reads(m, w) || w->stopping || w->s_st != LASER_READY || !w->h_commit) return;
    if (w->asked || (!resend && (w->outcome == OUT_WAITING || w->outcome == OUT_UNKNOWN))) return;
    if (w->s_age >= m->ga) return;
    w->outcome = OUT_WAITING;
    if (!resend) w->pin = w->s_sage;
    w->stage = BOOK_SENT;
    w->orphan = w->dead = w->orphan_pulse = 0;
    ask(m, w,
        (frame){.type = ASK_GRANT,
                .age = (uint8_t)w->s_sage,
                .fits = w->ed == 0,
                .ep = w->h_ep,
                .fired = w->fired});
}

static void speak(const model *m, product *w)
{
    if (w->asked) return;
    if (!w->phase) {
        ask(m, w, (frame){.type = ASK_HELLO, .shut = true});
        return;
    }
    if (w->stopping) {
        ask(m, w, (frame){.type = ASK_STOP});
    } else if (w->waiting) {
        const bool setup = w->waiting == WAIT_SETUP;
        const bool stale = !setup && !w->h_commit;
        w->waiting = WAIT_NONE;
        if (stale) return;
        if (setup) w->h_commit = 0;
        ask(m, w, (frame){.type = setup ? ASK_SETUP : ASK_ARM, .ep = w->h_ep});
    } else {
        const bool level = w->h_shut && host_reads(m, w) && w->s_st == LASER_READY;
        w->h_shut = level;
        ask(m, w, (frame){.type = ASK_POLL, .shut = level});
    }
}

/* What follows the verdict and is no light: ARM for the laser, settings. */
static void want_orders(const model *m, product *w, fl_mode from)
{
    const fl_mode now = mode_state(w->mode).mode;
    const bool idle = w->phase && !w->waiting && !w->stopping && !w->asked;
    if (from == FL_MODE_STANDBY && now == FL_MODE_ARMING && w->phase && !w->waiting && !w->stopping &&
        w->h_commit)
        w->waiting = WAIT_ARM;
    if (now == FL_MODE_STANDBY && idle && host_reads(m, w) && w->s_st == LASER_STBY && !w->h_commit)
        w->waiting = WAIT_SETUP;
}

/* ---- the tick ---- */

bool host_may_be_due(const product *w)
{
    switch (mode_state(w->mode).mode) {
    case FL_MODE_EMIT:
    case FL_MODE_GAP: return w->m_age >= 1;
    case FL_MODE_CLOSING: return w->m_age >= 3;
    case FL_MODE_SELFTEST:
    case FL_MODE_ARMING:
    case FL_MODE_READY:
    case FL_MODE_OPENING: return w->m_age >= 2;
    default: return false;
    }
}

bool host_must_be_due(const product *w)
{
    const fl_mode mode = mode_state(w->mode).mode;
    return host_may_be_due(w) && w->m_age >= 3 && mode != FL_MODE_READY && mode != FL_MODE_SELFTEST;
}

breach host_tick(const model *m, product *w, choice c)
{
    tick_note note = {.mode = (uint8_t)w->mode,
                      .stage = (uint8_t)w->stage,
                      .outcome = (uint8_t)w->outcome,
                      .link = host_reads(m, w),
                      .recovered = w->recovered};
    note.shown = (int8_t)(!note.link ? 0 : shown(w) == 0 || shown(w) == 1 ? shown(w) : 2);
    breach found = settle(m, w);
    if (found) return found;
    bool measured;
    const uint32_t in = inputs_of(m, w, &c, &measured, &found);
    if (found) return found;
    const fl_interlock_state before = mode_state(w->mode);
    const fl_interlock_result r = step(m, before, in);
    const fl_interlock_verdict v = fl_interlock_monitor(before, in, r.next, r.outputs, 1);
    if (keeps(m, RULE_MONITOR) && (v.broken || v.serial != 1)) return BREACH_MONITOR;
    found = judge_run(w, before, r, in, measured);
    if (found) return found;
    const uint16_t stage_settled = w->stage;
    found = obey(w, before, &r, measured);
    if (found) return found;
    note.booked = measured && stage_settled == BOOK_SENT && host_awaits(mode_index(before));
    while (c.quick && w->q0 && !w->j_bad) disk_settle_one(w);
    const bool waited = w->stage == BOOK_RECORDING;
    send_grant(m, w);
    note.sent = waited && w->stage == BOOK_SENT;
    want_orders(m, w, before.mode);
    speak(m, w);
    note.mode_after = (uint8_t)w->mode;
    note.stage_after = (uint8_t)w->stage;
    if (m->on_tick) m->on_tick(m->self, &note);
    return BREACH_NONE;
}

/* ---- what arrives ---- */

static void accept_stat(product *w)
{
    const unsigned asked = w->asked;
    const bool moved = w->c_ep != w->h_ep || w->c_st == LASER_SAFE;
    w->s_has = 1;
    w->s_st = w->c_st;
    w->s_loop = w->c_loop;
    w->s_foot = w->c_foot;
    w->s_open = w->c_open;
    w->s_kd = w->c_kd;
    w->s_sage = w->c_age;
    w->s_age = w->a_age;
    w->s_late = w->a_late;
    if (asked == ASK_SETUP) {
        w->h_commit = 1;
        w->h_ep = w->c_ep;
    } else if (moved) {
        w->h_commit = 0;
    }
    if (w->s_st != LASER_READY) w->h_shut = 0;
    if (w->s_st != LASER_READY && w->s_st != LASER_WARN) w->stopping = 0;
    if (asked == ASK_GRANT) w->outcome = w->c_note ? OUT_ACCEPTED : OUT_UNKNOWN;
    if (w->outcome == OUT_UNKNOWN && w->a_late) w->outcome = OUT_FOUND;
}

void host_accept(product *w, bool old_hello)
{
    const unsigned asked = w->asked;
    if (asked == ASK_HELLO) {
        w->phase = 1;
        w->same = !old_hello;
    } else if (w->ans == ANS_STAT) {
        accept_stat(w);
    } else {
        if (asked == ASK_GRANT) w->outcome = OUT_NAKED;
        if (w->c_note) w->h_commit = 0;
    }
    w->asked = ASK_NONE;
    w->ans = w->hello_now = w->hello_old = 0;
}

void host_give_up(product *w, bool end_session)
{
    if (w->asked == ASK_GRANT && w->outcome == OUT_WAITING) w->outcome = OUT_UNKNOWN;
    w->asked = ASK_NONE;
    w->ans = w->hello_now = w->hello_old = 0;
    if (!end_session) return;
    w->phase = w->same = w->s_has = w->waiting = w->stopping = w->h_shut = w->h_commit = 0;
}

/* ---- death and birth ---- */

void host_crash(product *w)
{
    const bool lost = !is_durable(w); /* its record will never be on the disk */
    for (unsigned i = 0; i < FLYING; i++) {
        frame f = frame_read(*product_fly(w, i));
        if (f.type == ASK_GRANT && f.gen == 0 && lost) f.lost = true;
        if (f.type == ASK_HELLO) f.shut = false;
        *product_fly(w, i) = frame_write(f);
    }
    w->alive = 0;
    w->mode = w->m_age = w->phase = w->same = w->asked = w->stopping = w->waiting = w->h_commit = w->h_ep = 0;
    w->h_shut = w->outcome = w->pin = w->was_open = w->s_has = w->stage = w->ed = w->recovered = 0;
    w->q0 = w->q1 = w->q2 = w->j_bad = w->j_lost = 0;
    w->g_pass = w->g_arm = w->g_warm = w->t2 = w->t3 = 0;
    w->orphan = 1;
    w->dead = w->orphan_pulse = 0;
}

void host_restart(const model *m, product *w)
{
    w->alive = 1;
    w->mode = (uint16_t)mode_index(fl_interlock_state_of(FL_MODE_OFF, 0));
    const bool out = w->j_out && keeps(m, RULE_OUTSTANDING);
    w->stage = out ? BOOK_OPEN : BOOK_NONE;
    w->recovered = out;
    w->ed = w->jd;
    w->pin = 0;
}
