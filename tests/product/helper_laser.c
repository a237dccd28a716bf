/* The laser, from the page of the grant link (sections 4 to 6), and the wire towards it.
 *
 * A frame in flight belongs to the present session; what belongs to an ended one is never obeyed and is taken
 * off the wire. What the laser answers matters only when it answers the request the host waits for: any other
 * answer is a stray. So the wire towards the host is one answer, which arrives or not.
 */
#include "helper_model.h"

static bool keeps(const model *m, rule r)
{
    return !(m->without & r);
}

static void forget_frames(const model *m, product *w)
{
    for (unsigned i = 0; i < FLYING; i++) {
        const frame f = frame_read(*product_fly(w, i));
        if (f.type == ASK_HELLO || (f.type == ASK_GRANT && !keeps(m, RULE_SESSION))) continue;
        *product_fly(w, i) = 0;
    }
}

static void end_session(const model *m, product *w)
{
    w->session = w->taken = w->commit = w->want = w->heard = 0;
    w->same = 0;
    w->hello_old |= w->hello_now;
    w->hello_now = 0;
    forget_frames(m, w);
}

void laser_safe(const model *m, product *w)
{
    w->st = LASER_SAFE;
    end_session(m, w);
}

static bool is_hot(const product *w)
{
    return w->st == LASER_WARN || w->st == LASER_READY;
}

void laser_feel(product *w)
{
    if (is_hot(w) && w->loop != LOOP_GOOD) w->st = LASER_STBY;
    if (w->st != LASER_WARN) w->warm = 0;
    if (w->st != LASER_READY || !w->foot) w->want = 0;
}

/* k and g are in non-volatile memory, nothing else is. */
void laser_cut(product *w)
{
    const model strict = {0};
    laser_safe(&strict, w);
    laser_feel(w);
    w->unsaved = 0;
}

void laser_panel(product *w)
{
    w->commit = 0;
    w->c_ep = w->h_ep = 0;
    for (unsigned i = 0; i < FLYING; i++) {
        frame f = frame_read(*product_fly(w, i));
        f.ep = false;
        *product_fly(w, i) = frame_write(f);
    }
    if (is_hot(w)) w->st = LASER_STBY;
    laser_feel(w);
}

void laser_send(const model *m, product *w, frame f)
{
    const bool hello = f.type == ASK_HELLO;
    unsigned free_place = FLYING, used = 0;
    for (unsigned i = 0; i < FLYING; i++) {
        uint16_t *place = product_fly(w, i);
        frame old = frame_read(*place);
        if (old.type == ASK_HELLO) {
            old.shut = false; /* its number is no longer the outstanding one */
        } else if (old.type && w->same && !hello) {
            if (old.lag < 3)
                old.lag++;
            else if (keeps(m, RULE_ORDER))
                old.type = ASK_NONE;
        }
        *place = old.type ? frame_write(old) : 0;
        used += *place != 0;
        if (!*place) free_place = i;
    }
    if (!hello && !w->same) return; /* of a session the laser has ended: never obeyed */
    if (!hello && w->n_lag < 4) w->n_lag++;
    if (used < m->frames && free_place < FLYING) *product_fly(w, free_place) = frame_write(f);
}

/* ---- answers ---- */

static void answer(product *w, const frame *f, unsigned kind, bool note)
{
    if (!w->alive || !w->phase || !w->same || w->asked != f->type || f->lag) return;
    w->ans = (uint16_t)kind;
    w->c_note = note;
    if (kind != ANS_STAT) return;
    w->c_st = w->st;
    w->c_loop = w->loop;
    w->c_foot = w->foot;
    w->c_open = w->open;
    w->c_ep = 1;
    w->c_kd = w->c_age = 0;
}

/* ---- words ---- */

static void hear_hello(const model *m, product *w, const frame *f)
{
    const bool again = f->shut && w->session && !w->taken && (w->hello_now || w->same);
    if (again) return; /* the stored answer once more */
    laser_safe(m, w);
    w->session = 1;
    w->n_lag = 0;
    if (f->shut && w->alive && w->asked == ASK_HELLO) w->hello_now = 1;
}

static void hear_setup(product *w, const frame *f)
{
    if (w->st != LASER_STBY) {
        answer(w, f, ANS_NAK, false);
        return;
    }
    laser_panel(w); /* SET moves the epoch */
    w->commit = 1;
    answer(w, f, ANS_STAT, false);
}

static void hear_arm(product *w, const frame *f)
{
    const bool may =
        w->st == LASER_STBY && f->ep && w->commit && w->loop == LOOP_GOOD && !w->foot && !w->open;
    if (may) w->st = LASER_WARN;
    answer(w, f, may ? ANS_STAT : ANS_NAK, !may && (!f->ep || !w->commit));
}

/* ---- light ---- */

static bool grant_is_out(const product *w)
{
    if (!w->alive) return w->j_out;
    return w->stage == BOOK_SENT || w->stage == BOOK_OPEN;
}

static bool grant_waits_for_disk(const product *w)
{
    return w->q0 == ENTRY_GRANT || w->q1 == ENTRY_GRANT || w->q2 == ENTRY_GRANT;
}

static breach judge_light(const model *m, product *w, const frame *f)
{
    if (f->lost || (f->gen == 0 && grant_waits_for_disk(w))) return BREACH_UNRECORDED;
    if (f->fired || (f->gen == 0 && w->fired)) return BREACH_TWICE;
    if (f->gen > 0 || !grant_is_out(w)) return BREACH_SETTLED; /* a newer number: this one was closed */
    if (w->orphan && w->dead > m->ga) return BREACH_AFTER_LIFE;
    if (w->orphan && w->orphan_pulse) return BREACH_AFTER_TWO;
    return BREACH_NONE;
}

static uint16_t one_more(uint16_t difference)
{
    return difference < 3 ? difference + 1 : 3;
}

static void count_up(product *w, const frame *f)
{
    w->jd = one_more(w->jd);
    if (w->alive) w->ed = one_more(w->ed);
    if (w->s_has) w->s_kd = one_more(w->s_kd);
    if (w->ans == ANS_STAT) w->c_kd = one_more(w->c_kd);
    if (f->gen < w->g_lag) w->g_lag = f->gen;
    for (unsigned i = 0; i < FLYING; i++) {
        frame other = frame_read(*product_fly(w, i));
        if (other.type != ASK_GRANT) continue;
        other.fits = false;
        if (other.gen == f->gen) other.fired = true;
        *product_fly(w, i) = frame_write(other);
    }
    if (f->gen == 0) w->fired = 1;
}

/* Rule 5 of section 6, in its order; *note: the host must commit again. */
static bool refuses(const model *m, const product *w, const frame *f, bool *note)
{
    *note = false;
    if (w->st != LASER_READY) return true;
    if (keeps(m, RULE_GRANT_NUMBER) && f->gen >= w->g_lag) return true;
    if (keeps(m, RULE_FRAME_AGE) && f->age > m->ga) return true;
    *note = !f->ep || !w->commit;
    if (*note) return true;
    if (keeps(m, RULE_COUNT) && !f->fits) return true;
    return w->loop != LOOP_GOOD || !w->foot || !w->open;
}

static breach hear_grant(const model *m, product *w, const frame *f, bool cut)
{
    bool note;
    if (refuses(m, w, f, &note)) {
        answer(w, f, ANS_NAK, note);
        return BREACH_NONE;
    }
    breach found = BREACH_NONE;
    if (!cut) found = judge_light(m, w, f);
    count_up(w, f);
    if (cut) { /* between keep and trigger: the counter is one ahead of the light */
        laser_cut(w);
        return found;
    }
    if (w->orphan) w->orphan_pulse = 1;
    if (!keeps(m, RULE_KEEP_FIRST)) w->unsaved = 1;
    answer(w, f, ANS_STAT, true);
    return found;
}

static bool is_old(const model *m, const product *w, const frame *f)
{
    if (!keeps(m, RULE_ORDER)) return false;
    return keeps(m, RULE_STORED) ? f->lag >= w->n_lag : f->lag > w->n_lag;
}

breach laser_hear(const model *m, product *w, unsigned i, bool keep_copy, bool cut)
{
    const frame f = frame_read(*product_fly(w, i));
    breach found = BREACH_NONE;
    const bool again = keep_copy && (f.type == ASK_HELLO || !keeps(m, RULE_STORED) || keeps(m, RULE_ORDER));
    if (!again) *product_fly(w, i) = 0; /* without numbers, an obeyed frame is remembered as one */
    if (f.type == ASK_HELLO) {
        hear_hello(m, w, &f);
        return found;
    }
    if (!w->session || is_old(m, w, &f)) return found;
    w->n_lag = f.lag;
    w->heard = 0;
    w->taken = 1;
    if (w->st == LASER_SAFE) w->st = LASER_STBY;
    switch (f.type) {
    case ASK_POLL:
        w->want = f.shut;
        laser_feel(w);
        if (w->loop != LOOP_GOOD) w->want = 0;
        answer(w, &f, ANS_STAT, false);
        break;
    case ASK_SETUP: hear_setup(w, &f); break;
    case ASK_ARM: hear_arm(w, &f); break;
    case ASK_STOP:
        w->st = LASER_STBY;
        laser_feel(w);
        answer(w, &f, ANS_STAT, false);
        break;
    default: found = hear_grant(m, w, &f, cut);
    }
    laser_feel(w);
    return found;
}
