/* The way to a state in which something can be provoked, and the room that has to help. */
#include "conform_private.h"

#include "fadeline/base/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The plan of this run: nobody's, and never zero. */
const char conform_plan[33] = "C0F02311C0F02311C0F02311C0F02311";

/* ---- sessions ---- */

void conform_hello(conform *c)
{
    if (!conform_goes(c)) return;
    uint32_t hn = 0;
    char body[40];
    if (fl_random_secret(&hn, sizeof hn) != FL_OK) conform_broken(c, FL_E_IO);
    c->in_session = c->committed = c->has_stat = false;
    snprintf(body, sizeof body, "HELLO v=1 hn=%08" PRIX32, hn);
    conform_say_as(c, 0, ++c->number, NULL, body, ANSWER_MS);
    conform_want(c, FL_SAY_HELLO, "HELLO v=1 uid= dn= wd= ga= wa= cap= fw=");
    if (!conform_goes(c)) return;
    c->hello = c->answer;
    c->session = hn ^ (uint32_t)c->answer.value[FL_KEY_dn];
    c->in_session = true;
}

void conform_standby(conform *c)
{
    conform_hello(c);
    conform_poll(c, false);
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_get(c);
}

void conform_session_over(conform *c, const char *expected)
{
    if (!conform_goes(c)) return;
    conform_say_as(c, c->session, ++c->number, NULL, "POLL sh=0", SILENT_MS);
    conform_want_silence(c, expected);
    c->in_session = c->committed = c->has_stat = false;
}

/* ---- polls ---- */

static bool hot(const conform *c)
{
    return c->has_stat && (c->stat.state == FL_DEVICE_WARN || c->stat.state == FL_DEVICE_READY);
}

void conform_poll(conform *c, bool open)
{
    if (!conform_goes(c)) return;
    conform_say(c, open ? "POLL sh=1" : "POLL sh=0");
    if (conform_goes(c) && !c->heard_size) c->late = true; /* a loaded machine ends sessions, too */
    conform_want_stat(c, -1);
}

void conform_hold(conform *c, int64_t ms, bool open)
{
    const fl_instant until = fl_after(conform_now(c), fl_ms(ms));
    while (conform_goes(c) && fl_since(until, conform_now(c)).us > 0) {
        conform_poll(c, open);
        const fl_instant next = fl_after(c->sent_at, fl_ms(hot(c) ? POLL_MS : 10 * POLL_MS));
        conform_wait_until(c, next.us < until.us ? next : until);
    }
}

/* Polls until it is so, at most ms; false when it never was. */
static bool hold_until(conform *c, int64_t ms, bool open, bool (*is)(const conform *c))
{
    const fl_instant until = fl_after(conform_now(c), fl_ms(ms));
    conform_poll(c, open);
    while (conform_goes(c) && !is(c) && fl_since(until, conform_now(c)).us > 0) {
        conform_wait_until(c, fl_after(c->sent_at, fl_ms(POLL_MS)));
        conform_poll(c, open);
    }
    return conform_goes(c) && is(c);
}

uint32_t conform_feet(const conform *c)
{
    return c->hello.value[FL_KEY_cap] >> FL_CAP_FOOT & 1 ? IN_BIT_FEET : 1u << FL_IN_FOOT_A;
}
bool conform_shut(const conform *c)
{
    return (c->stat.inputs & (IN_BIT_SHUT | IN_BIT_OPEN)) == IN_BIT_SHUT;
}
bool conform_opened(const conform *c)
{
    return (c->stat.inputs & (IN_BIT_SHUT | IN_BIT_OPEN)) == IN_BIT_OPEN;
}
static bool door_is_shut(const conform *c)
{
    return (c->stat.inputs & IN_BIT_DOOR) == IN_BIT_DOOR;
}
static bool spot_is_back(const conform *c)
{
    return c->stat.spot_um == c->spot_before_um;
}
static bool foot_is_down(const conform *c)
{
    return (c->stat.inputs & conform_feet(c)) == conform_feet(c);
}
static bool foot_is_up(const conform *c)
{
    return (c->stat.inputs & conform_feet(c)) == 0;
}
static bool is_tested(const conform *c)
{
    return c->stat.inputs >> FL_IN_SELFTEST_FINISHED & 1;
}
static bool is_ready(const conform *c)
{
    return c->stat.state != FL_DEVICE_WARN;
}

/* ---- settings and arming ---- */

void conform_get(conform *c)
{
    conform_say(c, "GET");
    conform_want(c, FL_SAY_SHDW, "SHDW EN= RR= SP= WL= ep= dg=");
    if (!conform_goes(c)) return;
    const uint64_t *value = c->answer.value;
    c->set = (fl_gl1_settings){value[FL_KEY_EN], value[FL_KEY_RR], value[FL_KEY_SP], value[FL_KEY_WL]};
    c->epoch = (uint32_t)value[FL_KEY_ep];
    c->digest = (uint32_t)value[FL_KEY_dg];
}

void conform_commit(conform *c)
{
    char body[120];
    /* The ring of the handpiece decides the spot; the settings follow it, not the other way round. */
    if (conform_goes(c) && c->stat.spot_um && c->stat.spot_um != c->set.spot_um) {
        snprintf(body, sizeof body, "SET SP=%" PRIu64, c->stat.spot_um);
        conform_say(c, body);
        conform_want(c, FL_SAY_SHDW, "SHDW for the spot that is sensed");
        conform_get(c);
    }
    snprintf(body, sizeof body, "COMMIT ep=%08" PRIX32 " dg=%08" PRIX32 " ph=%s", c->epoch, c->digest,
             conform_plan);
    conform_say(c, body);
    conform_want_stat(c, FL_DEVICE_STBY);
    if (conform_goes(c)) c->committed = true;
}

uint32_t conform_challenge(conform *c)
{
    conform_say(c, "ARM?");
    conform_want(c, FL_SAY_CHAL, "CHAL ch= ep=");
    return (uint32_t)c->answer.value[FL_KEY_ch];
}

void conform_arm_with(conform *c, uint32_t challenge)
{
    char body[40];
    snprintf(body, sizeof body, "ARM ch=%08" PRIX32 " ep=%08" PRIX32, challenge, c->epoch);
    conform_say(c, body);
}

void conform_arm(conform *c)
{
    conform_standby(c);
    conform_foot(c, false);
    if (conform_goes(c) && !hold_until(c, 5000, false, is_tested))
        conform_fail(c, "a self-test that comes to its end", "not finished in 5 s (in=%08" PRIX32 ")",
                     c->stat.inputs);
    if (conform_goes(c) && !hold_until(c, TRAVEL_MS, false, conform_shut))
        conform_fail(c, "both shutters proven shut in STBY", "in=%08" PRIX32, c->stat.inputs);
    conform_get(c);
    conform_commit(c);
    conform_arm_with(c, conform_challenge(c));
    conform_want_stat(c, FL_DEVICE_WARN);
}

/* True when the device still is in the READY of an earlier check of ours. */
static bool still_ready(conform *c)
{
    if (!conform_goes(c) || !c->in_session || !c->committed || !hot(c)) return false;
    if (conform_ms_since(c, c->stat_heard) >= (int64_t)c->hello.value[FL_KEY_wd] - POLL_MS) return false;
    conform_say(c, "POLL sh=0");
    return c->heard_size && c->answer.word == FL_SAY_STAT && c->stat.state == FL_DEVICE_READY;
}

static void to_ready(conform *c)
{
    if (still_ready(c)) return;
    conform_arm(c);
    hold_until(c, (int64_t)c->hello.value[FL_KEY_wa] + 2000, false, is_ready);
    conform_want_stat(c, FL_DEVICE_READY);
}

void conform_ready(conform *c)
{
    to_ready(c);
    conform_foot(c, false);
    if (conform_goes(c) && !hold_until(c, TRAVEL_MS, false, conform_shut))
        conform_fail(c, "shutters shut without a foot", "in=%08" PRIX32, c->stat.inputs);
}

void conform_open(conform *c)
{
    to_ready(c);
    conform_foot(c, true);
    if (conform_goes(c) && !hold_until(c, TRAVEL_MS, true, conform_opened))
        conform_fail(c, "shutters proven open on POLL sh=1 in READY with the foot down",
                     "st=%d in=%08" PRIX32, (int)c->stat.state, c->stat.inputs);
}

/* ---- the room ---- */

/* What undoes an event; FL_CONFORM_EVENTS: nothing does, or a step takes care of it. */
static fl_conform_event back_of(fl_conform_event event)
{
    switch (event) {
    case FL_CONFORM_DOOR_OPEN: return FL_CONFORM_DOOR_SHUT;
    case FL_CONFORM_SPOT_OTHER: return FL_CONFORM_SPOT_BACK;
    case FL_CONFORM_POWER_OFF:
    case FL_CONFORM_POWER_CUT: return FL_CONFORM_POWER_ON;
    case FL_CONFORM_FOOT_DOWN:
    case FL_CONFORM_FOOT_ONE: return FL_CONFORM_FOOT_UP;
    default: return FL_CONFORM_EVENTS;
    }
}

void conform_ask_blind(conform *c, fl_conform_event event)
{
    if (!conform_goes(c)) return;
    const fl_conform_room *room = c->options->room;
    if (!room || !room->can(room->self, event)) {
        conform_skip(c, "nobody is there to %s", fl_conform_event_text(event));
        return;
    }
    const bool back = event == FL_CONFORM_SPOT_BACK;
    const fl_conform_wish wish = {.spot_um = back ? c->spot_before_um : c->stat.spot_um,
                                  .energy_uJ = c->set.energy_uJ};
    if (event == FL_CONFORM_SPOT_OTHER) c->spot_before_um = c->stat.spot_um;
    conform_note(c, '!', fl_conform_event_text(event), strlen(fl_conform_event_text(event)));
    if (room->ask(room->self, event, &wish) != FL_OK)
        conform_skip(c, "could not %s", fl_conform_event_text(event));
    if (back_of(event) != FL_CONFORM_EVENTS) c->moved |= 1u << event;
    for (int other = 0; other < FL_CONFORM_EVENTS; other++)
        if (back_of((fl_conform_event)other) == event) c->moved &= ~(1u << other);
    c->last_now = c->line->now(c->line->self); /* telling a person may take its time */
}

static void await(conform *c, fl_conform_event event, bool (*seen)(const conform *c))
{
    if (!conform_goes(c)) return;
    const fl_conform_room *room = c->options->room;
    const fl_instant until = fl_after(conform_now(c), fl_ms(room->patience_ms));
    conform_poll(c, c->wants_open);
    while (conform_goes(c) && !seen(c)) {
        if (room->gives_up(room->self))
            conform_skip(c, "somebody chose not to %s", fl_conform_event_text(event));
        if (fl_since(until, conform_now(c)).us <= 0) {
            if (room->sure)
                conform_fail(
                    c, "a STAT that shows it", "%s: not seen in %" PRId64 " ms (st=%d in=%08" PRIX32 ")",
                    fl_conform_event_text(event), room->patience_ms, (int)c->stat.state, c->stat.inputs);
            else
                conform_skip(c, "not seen: %s", fl_conform_event_text(event));
        }
        conform_wait_until(c, fl_after(c->sent_at, fl_ms(POLL_MS)));
        conform_poll(c, c->wants_open);
    }
    if (conform_goes(c) && room->seen) room->seen(room->self, event);
}

void conform_ask(conform *c, fl_conform_event event, bool (*seen)(const conform *c))
{
    conform_ask_blind(c, event);
    await(c, event, seen);
}

void conform_foot(conform *c, bool down)
{
    if (!conform_goes(c)) return;
    if (down ? foot_is_down(c) : foot_is_up(c)) return;
    conform_ask(c, down ? FL_CONFORM_FOOT_DOWN : FL_CONFORM_FOOT_UP, down ? foot_is_down : foot_is_up);
}

/* One question that every state allows; true when it is answered. */
static bool is_awake(conform *c)
{
    c->waits_identity = true;
    c->heard_size = 0;
    conform_write(c, "*IDN?\n", 6);
    if (!c->gone) conform_listen(c, 0, 0, ANSWER_MS);
    c->waits_identity = false;
    return c->heard_size > 0;
}

void conform_power(conform *c, bool on)
{
    conform_ask_blind(c, on ? FL_CONFORM_POWER_ON : FL_CONFORM_POWER_OFF);
    if (!conform_goes(c)) return;
    conform_await_power(c, on);
}

/* Off shows in silence, or in a line that is gone; on in the first answer. */
void conform_await_power(conform *c, bool on)
{
    const fl_conform_room *room = c->options->room;
    const fl_instant until =
        fl_after(conform_now(c), fl_ms(on ? room->patience_ms + BOOT_MS : room->patience_ms));
    c->may_go = true;
    while (conform_goes(c) && is_awake(c) != on) {
        if (c->gone && c->line->again && c->line->again(c->line->self) == FL_OK) c->gone = false;
        if (room->gives_up(room->self)) conform_skip(c, "somebody chose not to go on with the power");
        if (fl_since(until, conform_now(c)).us <= 0) {
            c->late = c->late || !on; /* a grant that a late computer lost cuts no power */
            if (room->sure)
                conform_fail(c, on ? "an answer after power on" : "silence without power", "%s",
                             on ? "no answer" : c->heard);
            else
                conform_skip(c, on ? "nobody answers after power on"
                                   : "the laser still answers: it was not switched off");
        }
        conform_wait(c, 10 * POLL_MS);
        if (c->gone && on && !c->line->again) conform_broken(c, FL_E_GONE);
    }
    c->may_go = false;
    c->in_session = c->committed = c->has_stat = false;
    c->in = (fl_line){.size = 0};
    if (conform_goes(c) && room->seen)
        room->seen(room->self, on ? FL_CONFORM_POWER_ON : FL_CONFORM_POWER_OFF);
}

/* Runs when the check is over, so in a little life of its own: what becomes of it is not the check's result.
 * The foot may stay down for the next check of a good device. */
void conform_restore(conform *c, bool foot)
{
    const fl_conform_outcome outcome = c->outcome;
    const uint32_t feet = 1u << FL_CONFORM_FOOT_DOWN | 1u << FL_CONFORM_FOOT_ONE;
    c->wants_open = false;
    for (int event = 0; event < FL_CONFORM_EVENTS; event++) {
        const fl_conform_event back = back_of((fl_conform_event)event);
        if (!(c->moved >> event & 1) || back == FL_CONFORM_EVENTS || (!foot && (feet >> event & 1))) continue;
        c->over = false;
        c->outcome.said_count = 0;
        if (back == FL_CONFORM_POWER_ON) {
            conform_power(c, true);
            continue;
        }
        conform_ask_blind(c, back);
        conform_hello(c);
        await(c, back,
              back == FL_CONFORM_DOOR_SHUT   ? door_is_shut
              : back == FL_CONFORM_SPOT_BACK ? spot_is_back
                                             : foot_is_up);
        c->moved &= ~(1u << event);
    }
    c->over = true;
    c->outcome = outcome;
}

/* ---- grants ---- */

int64_t conform_period_ms(const conform *c)
{
    return c->set.rate_mHz ? (int64_t)(1000000 / c->set.rate_mHz) + 1 : 0;
}

conform_grant conform_grant_now(const conform *c)
{
    conform_grant grant = {.g = c->g + 1,
                           .k = c->k,
                           .en = c->set.energy_uJ,
                           .sp = c->set.spot_um,
                           .f = c->stat_number,
                           .ep = c->epoch,
                           .pu = 'T'};
    memcpy(grant.ph, conform_plan, sizeof grant.ph);
    return grant;
}

void conform_grant_say(conform *c, const conform_grant *grant)
{
    char body[FL_FRAME_BODY_MAX + 1];
    snprintf(body, sizeof body,
             "GRANT g=%016" PRIX64 " f=%08" PRIX32 " ep=%08" PRIX32 " k=%016" PRIX64 " en=%" PRIu64
             " sp=%" PRIu64 " pu=%c ph=%s",
             grant->g, grant->f, grant->ep, grant->k, grant->en, grant->sp, grant->pu, grant->ph);
    c->offered = grant->g ? grant->g : UINT64_MAX; /* 0 can never be accepted: any number that is not it */
    conform_say(c, body);
    c->offered = 0;
    if (conform_goes(c) && !c->heard_size) c->unknown = grant->g;
}

void conform_grant_refused(conform *c, const conform_grant *grant, fl_nak reason)
{
    conform_grant_say(c, grant);
    if (c->heard_size && c->answer.word == FL_SAY_STAT && reason != FL_NAK_RATE) c->grave = true;
    conform_want_nak(c, reason);
    conform_poll(c, conform_opened(c)); /* and nothing moved: every STAT is watched */
}

void conform_fire(conform *c)
{
    conform_open(c);
    if (c->has_pulsed) {
        const int64_t rest_ms = conform_period_ms(c) + 5 - conform_ms_since(c, c->pulsed_at);
        if (rest_ms > 0) conform_hold(c, rest_ms, true);
    }
    conform_poll(c, true);
    const conform_grant grant = conform_grant_now(c);
    conform_grant_say(c, &grant);
    conform_want_stat(c, FL_DEVICE_READY);
}
