/* Checks of arming, of what ends it, and of silence. The laser is armed; it is never asked to open a shutter,
 * except in the rows of class light. */
#include "conform_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define E(event) (1u << FL_CONFORM_##event)
#define FEET_MOVE (E(FOOT_DOWN) | E(FOOT_UP))

/* ---- ARM refused ---- */

static void arm_no_commitment(conform *c)
{
    conform_standby(c);
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_PLAN);
}

static void shut_and_tested(conform *c)
{
    conform_standby(c);
    for (int i = 0;
         i < 50 && conform_goes(c) && !(conform_shut(c) && c->stat.inputs >> FL_IN_SELFTEST_FINISHED & 1);
         i++)
        conform_hold(c, 100, false);
}

static void committed(conform *c)
{
    shut_and_tested(c);
    conform_foot(c, false);
    conform_get(c);
    conform_commit(c);
}

static void arm_no_challenge(conform *c)
{
    committed(c);
    conform_arm_with(c, 0);
    conform_want_nak(c, FL_NAK_CHAL);
    const uint32_t challenge = conform_challenge(c);
    conform_arm_with(c, challenge ^ 1);
    conform_want_nak(c, FL_NAK_CHAL);
    conform_arm_with(c, challenge); /* good for one try, and that was it */
    conform_want_nak(c, FL_NAK_CHAL);
}

static void arm_stale_challenge(conform *c)
{
    committed(c);
    const uint32_t challenge = conform_challenge(c);
    const fl_instant heard = c->heard_at; /* drawn before we heard it */
    conform_hold(c, CHALLENGE_MS - 100, false);
    conform_wait_until(c, fl_after(heard, fl_ms(CHALLENGE_MS + 1)));
    conform_arm_with(c, challenge);
    conform_want_nak(c, FL_NAK_CHAL);
}

static void arm_challenge_twice(conform *c)
{
    committed(c);
    const uint32_t challenge = conform_challenge(c);
    conform_arm_with(c, challenge);
    conform_want_stat(c, FL_DEVICE_WARN);
    conform_say(c, "STOP");
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_arm_with(c, challenge);
    conform_want_nak(c, FL_NAK_CHAL);
}

static void arm_old_epoch(conform *c)
{
    char body[60];
    committed(c);
    snprintf(body, sizeof body, "ARM ch=%08" PRIX32 " ep=%08" PRIX32, conform_challenge(c), c->epoch - 1);
    conform_refused(c, body, FL_NAK_EPOCH);
}

static bool door_is_open(const conform *c)
{
    return (c->stat.inputs & IN_BIT_DOOR) != IN_BIT_DOOR;
}
static bool one_contact(const conform *c)
{
    const uint32_t feet = c->stat.inputs & IN_BIT_FEET;
    return feet && feet != IN_BIT_FEET;
}
static bool foot_down(const conform *c)
{
    return (c->stat.inputs & conform_feet(c)) == conform_feet(c);
}
static bool not_shut(const conform *c)
{
    return !conform_shut(c);
}

static void arm_door_open(conform *c)
{
    committed(c);
    conform_ask(c, FL_CONFORM_DOOR_OPEN, door_is_open);
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_ILK);
}

static void arm_foot_down(conform *c)
{
    committed(c);
    conform_ask(c, FL_CONFORM_FOOT_DOWN, foot_down);
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_FOOT);
    conform_foot(c, false);
    if (!(conform_feet(c) == IN_BIT_FEET) || !conform_goes(c)) return;
    conform_ask(c, FL_CONFORM_FOOT_ONE, one_contact);
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_FOOT);
}

static void arm_not_shut(conform *c)
{
    committed(c);
    const uint32_t challenge = conform_challenge(c);
    conform_ask(c, FL_CONFORM_SENSE_OFF, not_shut);
    conform_arm_with(c, challenge);
    conform_want_nak(c, FL_NAK_SHUT);
    conform_hold(c, 500, false); /* the sense is back for whoever comes next */
}

static void hello_forgets(conform *c)
{
    committed(c);
    shut_and_tested(c); /* begins with HELLO */
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_PLAN);
}

static void set_forgets(conform *c)
{
    char body[60];
    committed(c);
    snprintf(body, sizeof body, "SET EN=%" PRIu64, c->set.energy_uJ);
    conform_say(c, body);
    conform_want(c, FL_SAY_SHDW, "SHDW");
    conform_get(c);
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_PLAN);
}

/* ---- what READY is, and what ends it ---- */

static void ready_after_wa(conform *c)
{
    conform_arm(c);
    const uint32_t armed_ms = c->stat.device_ms;
    const int64_t wa_ms = (int64_t)c->hello.value[FL_KEY_wa];
    const fl_instant end = fl_after(conform_now(c), fl_ms(wa_ms + 2000));
    while (conform_goes(c) && c->stat.state == FL_DEVICE_WARN && fl_since(end, conform_now(c)).us > 0) {
        const bool near =
            c->stat.device_ms - armed_ms + 4 * POLL_MS >= wa_ms; /* as close as the line allows */
        conform_hold(c, near ? 1 : POLL_MS, false);
    }
    conform_must(c, c->stat.state == FL_DEVICE_READY, "READY", "st=%d", (int)c->stat.state);
    const uint32_t after_ms = c->stat.device_ms - armed_ms; /* both by the device's own clock */
    conform_must(c, after_ms >= wa_ms, "READY not before wa",
                 "READY %" PRIu32 " ms after ARM, wa is %" PRId64 " ms", after_ms, wa_ms);
}

static void stop_in_ready(conform *c)
{
    conform_ready(c);
    conform_say(c, "STOP");
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_hold(c, 500, false);
    conform_poll(c, false);
    conform_must(c, c->stat.state == FL_DEVICE_STBY, "STBY stays", "st=%d", (int)c->stat.state);
}

static void bang_in_ready(conform *c)
{
    conform_ready(c);
    conform_write(c, "!\n", 2);
    conform_session_over(c, "no answer: `!` in READY ends the session");
    conform_standby(c);
}

static bool edited(const conform *c)
{
    return c->stat.epoch != c->epoch;
}

static void panel_in_ready(conform *c)
{
    char body[60];
    conform_ready(c);
    const uint64_t before = c->set.energy_uJ;
    conform_ask(c, FL_CONFORM_PANEL_EDIT, edited);
    conform_must(c, c->stat.state == FL_DEVICE_STBY, "STBY with the new epoch", "st=%d", (int)c->stat.state);
    conform_get(c);
    for (int i = 0; i < 20 && conform_goes(c) && !conform_shut(c); i++) conform_hold(c, 100, false);
    conform_arm_with(c, conform_challenge(c));
    conform_want_nak(c, FL_NAK_PLAN); /* the commitment is forgotten */
    snprintf(body, sizeof body, "SET EN=%" PRIu64, before);
    conform_say(c, body);
    conform_want(c, FL_SAY_SHDW, "SHDW with the energy it had");
}

static void door_in_ready(conform *c)
{
    conform_ready(c);
    conform_ask(c, FL_CONFORM_DOOR_OPEN, door_is_open);
    conform_hold(c, POLL_MS, false); /* the first STAT may have come within the loop that sampled it */
    conform_poll(c, false);
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_must(c, (c->stat.causes & IN_BIT_DOOR) != 0, "ca names the door", "ca=%08" PRIX32,
                 c->stat.causes);
}

static void door_back(conform *c)
{
    conform_ready(c);
    conform_ask(c, FL_CONFORM_DOOR_OPEN, door_is_open);
    conform_ask_blind(c, FL_CONFORM_DOOR_SHUT);
    conform_hold(c, (int64_t)c->hello.value[FL_KEY_wa] + 500, false);
    conform_poll(c, false);
    conform_must(c, c->stat.state == FL_DEVICE_STBY, "STBY, until a new ARM", "st=%d", (int)c->stat.state);
}

/* ---- silence ---- */

/* Nothing is said for so long after what we heard last: for the device it is at least as long. */
static void fall_silent(conform *c, int64_t ms)
{
    conform_wait_until(c, fl_after(c->heard_at, fl_ms(ms)));
}

static void silence_cold(conform *c)
{
    conform_standby(c);
    fall_silent(c, COLD_MS + 3);
    conform_session_over(c, "no answer: silence of 1500 ms ends a cold session");
    conform_standby(c);
}

static void silence_hot(conform *c)
{
    conform_ready(c);
    fall_silent(c, (int64_t)c->hello.value[FL_KEY_wd] + 3);
    conform_session_over(c, "no answer: silence of wd ends a hot session");
    conform_standby(c);
}

static void silence_in_warn(conform *c)
{
    conform_arm(c);
    fall_silent(c, (int64_t)c->hello.value[FL_KEY_wd] + 3);
    conform_session_over(c, "no answer: silence of wd ends a hot session");
    conform_standby(c);
}

static void silence_shuts(conform *c)
{
    conform_open(c);
    fall_silent(c, (int64_t)c->hello.value[FL_KEY_wd] + 1 + TRAVEL_MS);
    conform_hello(c);
    conform_poll(c, false);
    conform_must(c, conform_shut(c), "shutters shut by silence itself, before HELLO", "in=%08" PRIX32,
                 c->stat.inputs);
    conform_want_stat(c, FL_DEVICE_STBY);
}

/* A person's foot, and polls that go on wanting the shutter open. */
static bool foot_not_down(const conform *c)
{
    return !foot_down(c);
}

static void foot_shuts(conform *c)
{
    conform_open(c);
    c->wants_open = true;
    conform_ask(c, FL_CONFORM_FOOT_UP, foot_not_down);
    const uint32_t seen_ms = c->stat.device_ms;
    while (conform_goes(c) && !conform_shut(c) && c->stat.device_ms - seen_ms < TRAVEL_MS)
        conform_hold(c, POLL_MS, true);
    conform_must(c, conform_shut(c), "shutters shut when the foot is released, whatever POLL wants",
                 "%" PRIu32 " ms after it in=%08" PRIX32, c->stat.device_ms - seen_ms, c->stat.inputs);
}

static void polls_in_warn(conform *c)
{
    conform_arm(c);
    conform_foot(c, true);
    conform_hold(c, 200, true);
    conform_must(c, c->stat.state == FL_DEVICE_WARN && conform_shut(c), "WARN keeps the shutters shut",
                 "st=%d in=%08" PRIX32, (int)c->stat.state, c->stat.inputs);
}

// clang-format off
const fl_conform_check conform_states[] = {
    {"arm.no-commitment", "4", "ARM without a commitment is PLAN", FL_CONFORM_DARK, 0, 0, false, arm_no_commitment},
    {"silence.cold", "6.3", "1500 ms of silence end a cold session", FL_CONFORM_DARK, 0, 0, false, silence_cold},
    {"arm.no-challenge", "4", "ARM without, or with a guessed challenge is CHAL; a challenge is good for one try", FL_CONFORM_ARMED, 0, 0, false, arm_no_challenge},
    {"arm.stale-challenge", "4", "a challenge older than 3 s is CHAL", FL_CONFORM_ARMED, 0, 0, false, arm_stale_challenge},
    {"arm.challenge-twice", "4", "a challenge that armed once is CHAL", FL_CONFORM_ARMED, 0, 0, false, arm_challenge_twice},
    {"arm.old-epoch", "4", "ARM with another epoch is EPOCH", FL_CONFORM_ARMED, 0, 0, false, arm_old_epoch},
    {"arm.door-open", "4", "ARM with the door open is ILK", FL_CONFORM_ARMED, E(DOOR_OPEN) | E(DOOR_SHUT), 0, false, arm_door_open},
    {"arm.shutter-not-shut", "4", "ARM with a shutter not proven shut is SHUT", FL_CONFORM_ARMED, E(SENSE_OFF), 1u << FL_CAP_SHUTTER, false, arm_not_shut},
    {"arm.foot-down", "4", "ARM with the foot down, or with one contact closed, is FOOT", FL_CONFORM_LIGHT, FEET_MOVE | E(FOOT_ONE), 0, false, arm_foot_down},
    {"hello.forgets", "4", "HELLO clears the commitment", FL_CONFORM_ARMED, 0, 0, false, hello_forgets},
    {"set.forgets", "6.4", "SET clears the commitment", FL_CONFORM_ARMED, 0, 0, false, set_forgets},
    {"ready.after-wa", "6.8", "READY not before wa after ARM, by the device's own clock", FL_CONFORM_ARMED, 0, 0, false, ready_after_wa},
    {"ready.stop", "4", "STOP in READY is STBY, and stays", FL_CONFORM_ARMED, 0, 0, false, stop_in_ready},
    {"ready.bang", "3", "`!` in READY is SAFE and ends the session", FL_CONFORM_ARMED, 0, 0, false, bang_in_ready},
    {"ready.panel-edit", "6.4", "an edit at the panel in READY is STBY, epoch + 1, commitment cleared", FL_CONFORM_ARMED, E(PANEL_EDIT), 0, false, panel_in_ready},
    {"ready.door", "6.2", "the door in READY is STBY, and ca names it", FL_CONFORM_ARMED, E(DOOR_OPEN) | E(DOOR_SHUT), 0, false, door_in_ready},
    {"ready.door-back", "6", "a door that closes again does not arm", FL_CONFORM_ARMED, E(DOOR_OPEN) | E(DOOR_SHUT), 0, false, door_back},
    {"silence.hot", "6.3", "wd of silence in READY end the session", FL_CONFORM_ARMED, 0, 0, false, silence_hot},
    {"silence.warn", "6.3", "wd of silence in WARN end the session", FL_CONFORM_ARMED, 0, 0, false, silence_in_warn},
    {"warn.shut", "4", "POLL sh=1 with the foot down does not open a shutter in WARN", FL_CONFORM_LIGHT, FEET_MOVE, 1u << FL_CAP_SHUTTER, false, polls_in_warn},
    {"silence.shuts", "6.3", "silence in READY shuts the shutters, without being told", FL_CONFORM_LIGHT, FEET_MOVE, 1u << FL_CAP_SHUTTER, false, silence_shuts},
    {"foot.shuts", "6.2", "a foot that is released shuts the shutters, whatever POLL wants", FL_CONFORM_LIGHT, FEET_MOVE, 1u << FL_CAP_SHUTTER, false, foot_shuts},
    {NULL, NULL, NULL, FL_CONFORM_DARK, 0, 0, false, NULL},
};
// clang-format on
