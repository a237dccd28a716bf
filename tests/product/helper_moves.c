/* Every move from one state: what time, wire, room, disk and death may do next, and what must hold after it.
 */
#include "helper_model.h"

#include <stddef.h>

static bool keeps(const model *m, rule r)
{
    return !(m->without & r);
}

static uint16_t older(uint16_t age, unsigned most)
{
    return age < most ? age + 1 : (uint16_t)most;
}

/* ---- one beat ---- */

void product_beat(const model *m, product *w)
{
    const unsigned old = m->ga + 1;
    if (w->st == LASER_WARN) w->warm = 1;
    w->heard = older(w->heard, m->wd + 1);
    const bool hot = w->st == LASER_WARN || w->st == LASER_READY;
    if (hot && w->heard > m->wd && keeps(m, RULE_WATCHDOG)) laser_safe(m, w);
    laser_feel(w);
    w->unsaved = 0;
    for (unsigned i = 0; i < FLYING; i++) {
        frame f = frame_read(*product_fly(w, i));
        if (f.type != ASK_GRANT) continue;
        f.age = (uint8_t)older(f.age, old);
        *product_fly(w, i) = frame_write(f);
    }
    if (w->ans == ANS_STAT) w->c_age = older(w->c_age, old);
    if (w->s_has) {
        w->s_sage = older(w->s_sage, old);
        w->s_age = older(w->s_age, m->lost + 1);
    }
    w->pin = older(w->pin, old);
    w->a_age = older(w->a_age, m->lost + 1);
    w->m_age = older(w->m_age, 3);
    if (w->orphan) w->dead = older(w->dead, old);
}

/* ---- what cannot matter any more is 0 ---- */

static void sort_frames(product *w)
{
#define SWAP(a, b)                                                                                           \
    if (w->a == w->b) w->b = 0;                                                                              \
    if (w->a < w->b) {                                                                                       \
        const uint16_t t = w->a;                                                                             \
        w->a = w->b;                                                                                         \
        w->b = t;                                                                                            \
    }
    SWAP(fly0, fly1)
    SWAP(fly1, fly2)
    SWAP(fly0, fly1)
#undef SWAP
}

/* Numbers only matter by their order, and by which is the outstanding one (0). */
static void rank_numbers(product *w)
{
    unsigned present = 0, most = 0;
    for (unsigned i = 0; i < FLYING; i++) {
        const frame f = frame_read(*product_fly(w, i));
        if (f.type && f.type != ASK_HELLO) present |= 1u << f.lag;
    }
    for (unsigned i = 0; i < FLYING; i++) {
        frame f = frame_read(*product_fly(w, i));
        if (!f.type || f.type == ASK_HELLO) continue;
        unsigned rank = 0;
        for (unsigned lag = 1; lag <= f.lag; lag++) rank += present >> lag & 1;
        f.lag = (uint8_t)rank;
        if (rank + 1 > most) most = rank + 1;
        *product_fly(w, i) = frame_write(f);
    }
    w->n_lag = (uint16_t)most; /* newer than none of them */
}

static void clear_frames(const model *m, product *w, bool *grants, bool *newest)
{
    const bool numbered = !(m->without & (RULE_ORDER | RULE_STORED | RULE_SESSION));
    *grants = *newest = false;
    for (unsigned i = 0; i < FLYING; i++) {
        uint16_t *place = product_fly(w, i);
        frame f = frame_read(*place);
        if (!f.type) continue;
        if (f.type != ASK_HELLO && numbered && (!w->session || f.lag >= w->n_lag))
            *place = 0; /* never obeyed */
        else if (f.type == ASK_GRANT) {
            *grants = true;
            *newest |= f.gen == 0;
        }
    }
    if (numbered) rank_numbers(w);
    sort_frames(w);
}

/* What the next tick writes before it reads it, and ages that no deadline looks at. */
static void clear_times(const model *m, product *w)
{
    const fl_mode mode = mode_state(w->mode).mode;
    const bool firing = mode == FL_MODE_EMIT || mode == FL_MODE_GAP;
    const bool idle = mode == FL_MODE_READY || mode == FL_MODE_SELFTEST;
    w->h_shut = 0;
    if (!firing) w->was_open = 0;
    if (!fl_mode_is_armed(mode) && mode != FL_MODE_SELFTEST) w->m_age = 0;
    if (idle && !(m->powers & POWER_DUE)) w->m_age = 0;
    if (idle && w->m_age > 2) w->m_age = 2;
}

static void clear_host(const model *m, product *w)
{
    if (w->stage != BOOK_SENT && w->stage != BOOK_OPEN && w->outcome != OUT_WAITING &&
        w->outcome != OUT_UNKNOWN)
        w->outcome = OUT_NONE;
    if (w->outcome != OUT_WAITING && w->outcome != OUT_UNKNOWN && !w->recovered) w->pin = w->a_late = 0;
    if (!w->recovered) w->s_late = 0;
    if (!w->phase) w->same = w->h_commit = w->stopping = w->waiting = 0;
    if (!w->h_commit && w->asked != ASK_SETUP && w->asked != ASK_ARM) w->h_ep = 0;
    if (!w->asked) w->a_age = w->a_late = w->ans = w->hello_now = w->hello_old = 0;
    if (w->s_has && w->s_age > m->lost) w->s_has = 0; /* nothing in it is believed */
    clear_times(m, w);
    if (w->stage == BOOK_RECORDING && mode_state(w->mode).mode != FL_MODE_EMIT) w->stage = BOOK_UNSENT;
}

void product_canonical(const model *m, product *w)
{
    bool grants, newest;
    clear_host(m, w);
    if (w->ans != ANS_STAT) w->c_st = w->c_loop = w->c_foot = w->c_open = w->c_kd = w->c_age = w->c_ep = 0;
    if (!w->ans) w->c_note = 0;
    if (!w->s_has)
        w->s_st = w->s_loop = w->s_foot = w->s_open = w->s_kd = w->s_age = w->s_sage = w->s_late = 0;
    if (!w->session || (w->st != LASER_WARN && w->st != LASER_READY)) w->heard = 0; /* cold: see the moves */
    clear_frames(m, w, &grants, &newest);
    if (!w->session) w->n_lag = w->taken = 0;
    if (!grants) w->g_lag = 3;
    if (!newest && keeps(m, RULE_SEND_ONCE)) w->fired = 0;
    if (!grants) w->orphan = 0;
    if (!w->orphan) w->dead = w->orphan_pulse = 0;
}

/* ---- what must hold in every state ---- */

breach product_check(const model *m, const product *w)
{
    if (w->heard > m->wd) return BREACH_HOT; /* canonical: counted while hot */
    if (w->jd > (w->j_out ? 1 : 0)) return BREACH_JOURNAL;
    if (!w->alive) return BREACH_NONE;
    const bool may = w->stage == BOOK_SENT || w->stage == BOOK_OPEN;
    if (w->ed > (may ? 1 : 0)) return BREACH_BOOKS;
    const bool written = !w->q0 && !w->j_bad && !w->j_lost;
    if (w->stage == BOOK_NONE && written && w->j_out) return BREACH_JOURNAL;
    return BREACH_NONE;
}

/* ---- the moves ---- */

typedef struct moving {
    const model *m;
    const product *from;
    emit *out;
    void *self;
    breach found;
} moving;

/* Hands on one successor; false when the exploration stops here. */
static bool go(moving *s, product *w, breach found, const char *move)
{
    if (s->found) return false;
    if (!found) {
        product_canonical(s->m, w);
        found = product_check(s->m, w);
    }
    s->found = s->out(s->self, w, found, move);
    return !s->found;
}

static void wire_moves(moving *s)
{
    static const char *const names[FLYING][4] = {
        {"frame 1 arrives", "a copy of frame 1 arrives", "frame 1 is lost", "frame 1 arrives, power fails"},
        {"frame 2 arrives", "a copy of frame 2 arrives", "frame 2 is lost", "frame 2 arrives, power fails"},
        {"frame 3 arrives", "a copy of frame 3 arrives", "frame 3 is lost", "frame 3 arrives, power fails"}};
    for (unsigned i = 0; i < FLYING; i++) {
        product w = *s->from;
        const frame f = frame_read(*product_fly(&w, i));
        if (!f.type) continue;
        for (int copy = 0; copy < 2; copy++) {
            w = *s->from;
            const breach found = laser_hear(s->m, &w, i, copy, false);
            go(s, &w, found, names[i][copy]);
        }
        w = *s->from;
        *product_fly(&w, i) = 0;
        go(s, &w, BREACH_NONE, names[i][2]);
        if (f.type != ASK_GRANT || !(s->m->powers & POWER_CUT)) continue;
        w = *s->from;
        const breach found = laser_hear(s->m, &w, i, false, true);
        go(s, &w, found, names[i][3]);
    }
    if (!s->from->alive || !s->from->asked) return;
    product w = *s->from;
    if (w.ans || w.hello_now) {
        host_accept(&w, false);
        go(s, &w, BREACH_NONE, "the answer arrives");
    }
    w = *s->from;
    if (w.hello_old) {
        host_accept(&w, true);
        go(s, &w, BREACH_NONE, "an answer to HELLO arrives, its session is over");
    }
    if (s->from->a_age < 1) return;
    for (int end = 0; end < 2; end++) {
        w = *s->from;
        if (end && !w.phase) continue;
        host_give_up(&w, end);
        go(s, &w, BREACH_NONE, end ? "no answer, the session is given up" : "no answer in time");
    }
}

static void room_moves(moving *s)
{
    const unsigned powers = s->m->powers;
    product w = *s->from;
    if (w.open != w.want) {
        w.open = w.want;
        go(s, &w, BREACH_NONE, "the shutters have moved");
    }
    if (powers & POWER_FOOT) {
        w = *s->from;
        w.foot ^= 1;
        laser_feel(&w);
        go(s, &w, BREACH_NONE, w.foot ? "foot down" : "foot up");
    }
    static const struct {
        unsigned power;
        uint8_t loop;
        const char *opens;
    } loops[] = {{POWER_SOFT, LOOP_SOFT, "the door opens"},
                 {POWER_HARD, LOOP_HARD, "a cover opens"},
                 {POWER_STOP, LOOP_STOP, "emergency stop"},
                 {POWER_STOP, LOOP_KEY, "the key is turned off"}};
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        if (!(powers & loops[i].power) || s->from->loop != LOOP_GOOD) continue;
        w = *s->from;
        w.loop = loops[i].loop;
        laser_feel(&w);
        go(s, &w, BREACH_NONE, loops[i].opens);
    }
    if (s->from->loop == LOOP_GOOD) return;
    w = *s->from;
    w.loop = LOOP_GOOD;
    go(s, &w, BREACH_NONE, "the loop is closed again");
}

static void laser_moves(moving *s)
{
    product w = *s->from;
    if (w.st == LASER_WARN && w.warm) {
        w.st = LASER_READY;
        laser_feel(&w);
        go(s, &w, BREACH_NONE, "the laser is READY");
    }
    w = *s->from;
    const bool cold = w.session && w.st != LASER_WARN && w.st != LASER_READY;
    if (cold || ((s->m->powers & POWER_BANG) && w.session)) {
        laser_safe(s->m, &w);
        go(s, &w, BREACH_NONE, cold ? "cold silence" : "`!`, or too many bad frames");
    }
    if (s->m->powers & POWER_PANEL) {
        w = *s->from;
        laser_panel(&w);
        go(s, &w, BREACH_NONE, "an edit at the panel");
    }
    if (s->m->powers & POWER_CUT) {
        w = *s->from;
        const breach found = w.unsaved ? BREACH_BEHIND : BREACH_NONE;
        laser_cut(&w);
        go(s, &w, found, "the laser's power fails and comes back");
    }
}

static void disk_moves(moving *s)
{
    product w = *s->from;
    if (w.q0 && !w.j_bad) {
        disk_settle_one(&w);
        go(s, &w, BREACH_NONE, "an entry is durable");
    }
    w = *s->from;
    if ((s->m->powers & POWER_DISK) && w.alive && !w.j_bad) {
        w.j_bad = 1;
        go(s, &w, BREACH_NONE, "the disk fails");
    }
    if (!(s->m->powers & POWER_CRASH)) return;
    w = *s->from;
    if (w.alive)
        host_crash(&w);
    else
        host_restart(s->m, &w);
    go(s, &w, BREACH_NONE, w.alive ? "a new host starts" : "the host is killed");
}

static void tick_with(moving *s, choice c, const char *move)
{
    if (s->found) return;
    product w = *s->from;
    const breach found = host_tick(s->m, &w, c);
    go(s, &w, found, move);
}

static void host_moves(moving *s)
{
    const product *w = s->from;
    if (!w->alive) return;
    const unsigned powers = s->m->powers;
    const fl_interlock_state now = mode_state(w->mode);
    const bool must = host_must_be_due(w);
    const choice plain = {.selftest = FL_SELFTEST_PASS, .due = must};
    choice c = plain;
    tick_with(s, c, must ? "tick, due" : "tick");
    if (!must && host_may_be_due(w) &&
        ((powers & POWER_DUE) || now.mode == FL_MODE_ARMING || now.mode == FL_MODE_GAP)) {
        c.due = true;
        tick_with(s, c, "tick, due");
    }
    c.quick = true;
    if (now.mode == FL_MODE_OPENING || now.mode == FL_MODE_GAP) tick_with(s, c, "tick, and a quick disk");
    c = plain;
    c.other = true; /* see head_of */
    if (host_reads(s->m, w)) tick_with(s, c, "tick, the other reading of its state");
    c = plain;
    if (fl_mode_is_armed(now.mode)) {
        c.cmd = FL_CMD_STANDBY;
        tick_with(s, c, "tick, STANDBY ordered");
        c = plain;
        c.stall = true;
        if ((powers & POWER_DISK) && w->q0) tick_with(s, c, "tick, the disk is slow");
        c = plain;
        c.out_of_tolerance = true;
        if ((powers & POWER_ENERGY) && host_awaits(w->mode)) tick_with(s, c, "tick, energy out of tolerance");
    }
    if (now.mode == FL_MODE_STANDBY) {
        c.cmd = FL_CMD_ARM_TREAT;
        tick_with(s, c, "tick, ARM ordered");
    }
    if (now.mode == FL_MODE_FAULT) {
        c.cmd = now.flags & FL_FLAG_SVC ? FL_CMD_RESET_SERVICE : FL_CMD_RESET;
        tick_with(s, c, "tick, RESET ordered");
    }
    if (now.mode == FL_MODE_SELFTEST && (powers & POWER_TEST)) {
        c = plain;
        c.selftest = FL_SELFTEST_FAIL;
        tick_with(s, c, "tick, the self-test fails");
        c.selftest = FL_SELFTEST_RUNNING;
        tick_with(s, c, "tick, the self-test runs");
    }
}

breach product_moves(const model *m, const product *from, emit *out, void *self)
{
    moving s = {.m = m, .from = from, .out = out, .self = self};
    host_moves(&s);
    wire_moves(&s);
    product w = *from;
    product_beat(m, &w);
    go(&s, &w, BREACH_NONE, "a beat");
    room_moves(&s);
    laser_moves(&s);
    disk_moves(&s);
    return s.found;
}

/* ---- the adversary stops ---- */

static void calm_round(const model *m, product *w, int round)
{
    const fl_interlock_state now = mode_state(w->mode);
    if (w->alive && (w->j_bad || w->j_lost)) host_crash(w); /* a person ends it; the disk is mended */
    if (!w->alive) host_restart(m, w);
    /* An emergency stop is left through the key. */
    w->loop = now.mode == FL_MODE_ESTOP && round % 20 < 10 ? LOOP_KEY : LOOP_GOOD;
    w->foot = 0;
    laser_feel(w);
    while (w->q0) disk_settle_one(w);
    for (int i = FLYING - 1; i >= 0; i--) /* canonical order puts the newest number first, or no matter */
        if (*product_fly(w, (unsigned)i)) laser_hear(m, w, (unsigned)i, false, false);
    if (w->asked && (w->ans || w->hello_now))
        host_accept(w, false);
    else if (w->asked && w->a_age >= 2)
        host_give_up(w, round % 3 == 0);
    w->open = w->want;
    product_canonical(m, w);
    choice c = {.selftest = FL_SELFTEST_PASS, .due = host_must_be_due(w)};
    const fl_interlock_state then = mode_state(w->mode);
    if (fl_mode_is_armed(then.mode)) c.cmd = FL_CMD_STANDBY;
    if (then.mode == FL_MODE_FAULT) c.cmd = then.flags & FL_FLAG_SVC ? FL_CMD_RESET_SERVICE : FL_CMD_RESET;
    if (then.mode == FL_MODE_CLOSING) c.other = true;
    host_tick(m, w, c);
    product_beat(m, w);
    product_canonical(m, w);
}

bool product_settles(const model *m, const product *from)
{
    product w = *from;
    for (int round = 0; round < 200; round++) {
        calm_round(m, &w, round);
        if (w.alive && mode_state(w.mode).mode == FL_MODE_STANDBY && w.stage == BOOK_NONE && !w.q0 &&
            !w.j_out && !w.jd && !w.ed && w.h_commit && host_reads(m, &w))
            return true;
    }
    return false;
}
