/* Checks of the GRANT. Everything that would make it fire stands ready: READY, foot down, shutters open, a
 * fresh STAT; one thing is wrong, and the device must name it and keep dark. Pulses come out where a row says
 * so. */
#include "conform_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define E(event) (1u << FL_CONFORM_##event)
#define FEET_MOVE (E(FOOT_DOWN) | E(FOOT_UP))

/* A grant that would fire now, for a STAT just sampled. */
static conform_grant loaded(conform *c)
{
    conform_open(c);
    conform_poll(c, true);
    return conform_grant_now(c);
}

static void fires(conform *c)
{
    conform_fire(c);
    conform_hold(c, 100, true); /* one flash, one count, no more */
    if (c->hello.value[FL_KEY_cap] >> FL_CAP_FLASHES & 1)
        conform_must(c, c->ln_owed == 0, "the light sensor saw the pulse", "ln=%08" PRIX32 " did not move",
                     c->ln);
}

static void same_bytes(conform *c)
{
    char line[FL_FRAME_ROOM], first[FL_FRAME_ROOM];
    conform_fire(c);
    if (!conform_goes(c)) return;
    const size_t size = c->sent_size;
    memcpy(line, c->sent, size);
    memcpy(first, c->heard, sizeof first);
    for (int i = 0; i < 2; i++) {
        conform_write(c, line, size);
        conform_listen(c, c->session, c->number, ANSWER_MS);
        conform_want_answer(c, "the stored answer");
        conform_must(c, strcmp(first, c->heard) == 0, "the stored answer, byte for byte", "%s", c->heard);
    }
    conform_poll(c, true);
}

static void epoch(conform *c)
{
    conform_grant grant = loaded(c);
    grant.ep--;
    conform_grant_refused(c, &grant, FL_NAK_EPOCH);
}

static void plan(conform *c)
{
    conform_grant grant = loaded(c);
    grant.ph[31] ^= 1;
    conform_grant_refused(c, &grant, FL_NAK_PLAN);
    grant = loaded(c);
    memset(grant.ph, '0', 32);
    conform_grant_refused(c, &grant, FL_NAK_PLAN);
}

static void counter(conform *c)
{
    if (c->has_count && c->k == 0) conform_fire(c); /* so that there is one below */
    conform_grant grant = loaded(c);
    grant.k++;
    conform_grant_refused(c, &grant, FL_NAK_COUNT);
    grant = loaded(c);
    grant.k--;
    conform_grant_refused(c, &grant, FL_NAK_COUNT);
}

static void energy(conform *c)
{
    conform_grant grant = loaded(c);
    grant.en++;
    conform_grant_refused(c, &grant, FL_NAK_ENERGY);
}

static void spot(conform *c)
{
    conform_grant grant = loaded(c);
    grant.sp++;
    conform_grant_refused(c, &grant, FL_NAK_SPOT);
}

static void purpose(conform *c)
{
    conform_grant grant = loaded(c);
    grant.pu = 'C';
    conform_grant_refused(c, &grant, FL_NAK_DOCK);
}

/* The number of a grant that fired, and lower ones. */
static void old_number(conform *c)
{
    conform_fire(c);
    if (conform_goes(c)) conform_hold(c, conform_period_ms(c) + 5, true);
    for (int i = 0; i < 3; i++) {
        conform_grant grant = loaded(c);
        grant.g = i == 0 ? c->g : i == 1 ? c->g - 1 : 0;
        conform_grant_refused(c, &grant, FL_NAK_OLD);
    }
}

/* Sampled before we heard of it: at ga + 1 by our clock it is at least that old by the device's. */
static void old_stat(conform *c)
{
    conform_grant grant = loaded(c);
    const fl_instant heard = c->stat_heard;
    const int64_t ga_ms = (int64_t)c->hello.value[FL_KEY_ga];
    conform_hold(c, ga_ms - 5, true);
    conform_wait_until(c, fl_after(heard, fl_ms(ga_ms + 1)));
    conform_grant_refused(c, &grant, FL_NAK_AGE);
}

static void not_a_stat(conform *c)
{
    conform_grant grant = loaded(c);
    grant.f = c->number - 8; /* never a STAT of this session with this number, or long ago */
    conform_say(c, "GET");
    conform_want(c, FL_SAY_SHDW, "SHDW");
    grant.f = c->number;
    conform_grant_refused(c, &grant, FL_NAK_AGE);
}

/* Eight newer ones: too far back even when it is young. */
static void ninth_stat(conform *c)
{
    conform_grant grant = loaded(c);
    for (int i = 0; i < 8; i++) conform_poll(c, true);
    conform_grant_refused(c, &grant, FL_NAK_AGE);
}

/* As early as the answer comes, and a little before the period is over: 12 ms of it are ours. */
static void too_soon(conform *c)
{
    conform_fire(c);
    const fl_instant fired = c->sent_at; /* the pulse came after it */
    const int64_t period_ms = conform_period_ms(c) - 1;
    if (conform_goes(c) && period_ms < 60)
        conform_skip(c, "1/RR is %" PRId64 " ms: too short to be early", period_ms);
    for (int i = 0; i < 2 && conform_goes(c); i++) {
        if (i) conform_hold(c, period_ms - 12 - conform_ms_since(c, fired), true);
        conform_poll(c, true);
        const conform_grant grant = conform_grant_now(c);
        conform_grant_say(c, &grant);
        if (fl_since(c->heard_at, fired).us >= period_ms * 1000) c->late = true; /* it was allowed to fire */
        conform_want_nak(c, FL_NAK_RATE);
    }
}

static void shutter_shut(conform *c)
{
    conform_open(c);
    for (int i = 0; i < TRAVEL_MS / POLL_MS && conform_goes(c) && !conform_shut(c); i++)
        conform_hold(c, POLL_MS, false);
    conform_poll(c, false);
    conform_grant grant = conform_grant_now(c);
    conform_grant_refused(c, &grant, FL_NAK_SHUT);
}

static bool one_contact(const conform *c)
{
    const uint32_t feet = c->stat.inputs & IN_BIT_FEET;
    return feet && feet != IN_BIT_FEET;
}

static void no_foot(conform *c)
{
    conform_ready(c);
    conform_poll(c, true);
    conform_grant grant = conform_grant_now(c);
    conform_grant_refused(c, &grant, FL_NAK_FOOT);
}

static void one_foot_contact(conform *c)
{
    conform_ready(c);
    conform_ask(c, FL_CONFORM_FOOT_ONE, one_contact);
    conform_hold(c, 100, true);
    conform_must(c, !conform_opened(c), "no shutter opens on one contact", "in=%08" PRIX32, c->stat.inputs);
    conform_poll(c, true);
    conform_grant grant = conform_grant_now(c);
    conform_grant_refused(c, &grant, FL_NAK_FOOT);
    conform_foot(c, false);
}

static bool other_spot(const conform *c)
{
    return c->stat.spot_um != c->spot_before_um;
}

static void lens(conform *c)
{
    conform_open(c);
    c->wants_open = true;
    conform_ask(c, FL_CONFORM_SPOT_OTHER, other_spot);
    conform_poll(c, true);
    conform_grant grant = conform_grant_now(c);
    conform_grant_refused(c, &grant, FL_NAK_SPOT); /* the spot that was set is not the one sensed */
    conform_poll(c, true);
    grant = conform_grant_now(c);
    grant.sp = c->stat.spot_um;
    conform_grant_refused(c, &grant, FL_NAK_SPOT); /* and the one sensed is not the one set */
}

static void in_standby(conform *c)
{
    loaded(c);
    conform_say(c, "STOP");
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_grant grant = conform_grant_now(c);
    conform_grant_refused(c, &grant, FL_NAK_STATE);
}

static void in_warn(conform *c)
{
    conform_arm(c);
    conform_foot(c, true);
    conform_hold(c, 100, true);
    conform_grant grant = conform_grant_now(c);
    conform_grant_refused(c, &grant, FL_NAK_STATE);
}

static void missing_key(conform *c)
{
    loaded(c);
    conform_refused(c, "GRANT g=FFFFFFFFFFFFFFFF f=00000001", FL_NAK_SYN);
    conform_poll(c, true);
}

/* Everything wrong from some check on: the first of them is named. */
static void order(conform *c)
{
    static const fl_nak reasons[] = {FL_NAK_OLD,   FL_NAK_AGE,    FL_NAK_EPOCH, FL_NAK_PLAN,
                                     FL_NAK_COUNT, FL_NAK_ENERGY, FL_NAK_SPOT,  FL_NAK_DOCK};
    for (unsigned i = 0; i < sizeof reasons / sizeof *reasons && conform_goes(c); i++) {
        conform_grant grant = loaded(c);
        if (i <= 0) grant.g = 0;
        if (i <= 1) grant.f -= 100;
        if (i <= 2) grant.ep++;
        if (i <= 3) grant.ph[0] ^= 1;
        if (i <= 4) grant.k += 7;
        if (i <= 5) grant.en++;
        if (i <= 6) grant.sp++;
        if (i <= 7) grant.pu = 'C';
        conform_grant_refused(c, &grant, reasons[i]);
    }
}

/* Bytes of an earlier session, one that fired and one that was never sent, when everything stands ready
 * again. */
static void replay(conform *c)
{
    char used[FL_FRAME_ROOM], unused[FL_FRAME_ROOM], body[FL_FRAME_BODY_MAX + 1];
    conform_fire(c);
    if (!conform_goes(c)) return;
    const size_t used_size = c->sent_size, head = 18, tail = 10;
    memcpy(used, c->sent, used_size);
    memcpy(body, used + head, used_size - head - tail);
    body[used_size - head - tail] = 0;
    const uint32_t session = c->session, number = c->number;
    conform_standby(c);
    conform_open(c);
    conform_hold(c, conform_period_ms(c) + 5, true);
    conform_write(c, used, used_size);
    conform_listen(c, session, number, SILENT_MS / 2);
    conform_want_silence(c, "a grant of another session is nobody's");
    conform_poll(c, true);

    /* Made for this moment, but in the old session: only the session stops it. */
    const conform_grant grant = conform_grant_now(c);
    snprintf(body, sizeof body,
             "GRANT g=%016" PRIX64 " f=%08" PRIX32 " ep=%08" PRIX32 " k=%016" PRIX64 " en=%" PRIu64
             " sp=%" PRIu64 " pu=%c ph=%s",
             grant.g, grant.f, grant.ep, grant.k, grant.en, grant.sp, grant.pu, grant.ph);
    if (!conform_goes(c)) return;
    const size_t size = conform_frame(c, session, c->number + 1, NULL, body, unused);
    conform_write(c, unused, size);
    conform_listen(c, session, c->number + 1, SILENT_MS / 2);
    conform_want_silence(c, "a grant of another session is nobody's");
    conform_poll(c, true);
}

#define LIGHT FL_CONFORM_LIGHT, FEET_MOVE
// clang-format off
const fl_conform_check conform_grants[] = {
    {"grant.no-foot", "6.5", "GRANT without a foot is FOOT", LIGHT, 0, false, no_foot},
    {"grant.one-foot-contact", "6.5", "GRANT with one of two foot contacts is FOOT, and no shutter opens", FL_CONFORM_LIGHT, FEET_MOVE | E(FOOT_ONE), 1u << FL_CAP_FOOT, false, one_foot_contact},
    {"grant.epoch", "6.5", "GRANT for another epoch is EPOCH", LIGHT, 0, false, epoch},
    {"grant.plan", "6.5", "GRANT for another plan, or for none, is PLAN", LIGHT, 0, false, plan},
    {"grant.energy", "6.5", "GRANT with another energy is ENERGY", LIGHT, 0, false, energy},
    {"grant.spot", "6.5", "GRANT for another spot is SPOT", LIGHT, 0, false, spot},
    {"grant.purpose", "6.5", "GRANT to calibrate, undocked, is DOCK", LIGHT, 0, false, purpose},
    {"grant.old-stat", "6.5", "GRANT for a STAT older than ga is AGE", LIGHT, 0, false, old_stat},
    {"grant.no-stat", "6.5", "GRANT for the number of a SHDW is AGE", LIGHT, 0, false, not_a_stat},
    {"grant.ninth-stat", "6.5", "GRANT for a STAT with eight newer ones is AGE", LIGHT, 0, false, ninth_stat},
    {"grant.shutter-shut", "6.5", "GRANT with the shutters shut is SHUT", LIGHT, 1u << FL_CAP_SHUTTER, false, shutter_shut},
    {"grant.missing-key", "6.5", "GRANT without all its keys is SYN", LIGHT, 0, false, missing_key},
    {"grant.order", "6.5", "of several things wrong the first in the order of the page is named", LIGHT, 0, false, order},
    {"grant.lens-turned", "6.5", "the lens turned in READY: GRANT is SPOT for either spot", FL_CONFORM_LIGHT, FEET_MOVE | E(SPOT_OTHER) | E(SPOT_BACK), 1u << FL_CAP_SPOT, false, lens},
    {"grant.fires", "6.6", "a good GRANT is one pulse, one count, one flash", LIGHT, 0, false, fires},
    {"grant.counter", "6.5", "GRANT with a counter one up or one down is COUNT", LIGHT, 0, false, counter},
    {"grant.same-bytes", "6.7", "the same bytes again are the stored answer and no pulse", LIGHT, 0, false, same_bytes},
    {"grant.old-number", "6.5", "GRANT with a number used before, or lower, is OLD", LIGHT, 0, false, old_number},
    {"grant.too-soon", "6.5", "GRANT before 1/RR is over is RATE", LIGHT, 0, false, too_soon},
    {"grant.replay", "2", "a grant of an earlier session is nobody's, used or not", LIGHT, 0, false, replay},
    {"grant.standby", "6.5", "GRANT in STBY is STATE", LIGHT, 0, false, in_standby},
    {"grant.warn", "6.5", "GRANT in WARN is STATE", LIGHT, 0, false, in_warn},
    {NULL, NULL, NULL, FL_CONFORM_DARK, 0, 0, false, NULL},
};
// clang-format on
