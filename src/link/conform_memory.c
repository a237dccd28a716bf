/* Checks of what a device keeps: its anchor, its counter, the number of the last grant. */
#include "conform_private.h"

#include "fadeline/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define E(event) (1u << FL_CONFORM_##event)
#define FEET_MOVE (E(FOOT_DOWN) | E(FOOT_UP))
#define POWER (E(POWER_OFF) | E(POWER_ON))

/* ---- anchor ---- */

typedef struct anchor {
    uint64_t n;
    uint8_t r[FL_ROOT_SIZE];
} anchor;

static anchor read_anchor(conform *c)
{
    anchor read = {.n = 0};
    conform_say(c, "ANCHOR?");
    conform_want(c, FL_SAY_ANCH, "ANCH n= r=");
    if (!conform_goes(c)) return read;
    read.n = c->answer.value[FL_KEY_n];
    memcpy(read.r, c->answer.root, sizeof read.r);
    return read;
}

static void say_anchor(conform *c, const anchor *wish)
{
    char body[120];
    fl_text text = fl_text_in(body, sizeof body);
    fl_text_add(&text, "ANCHOR n=%016" PRIX64 " r=", wish->n);
    for (size_t i = 0; i < FL_ROOT_SIZE; i++) fl_text_add_hex(&text, wish->r[i], 2);
    conform_say(c, body);
}

static void same_anchor(conform *c, const anchor *was, const char *expected)
{
    const anchor is = read_anchor(c);
    conform_must(c, is.n == was->n && memcmp(is.r, was->r, sizeof is.r) == 0, expected, "%s", c->heard);
}

/* A real device that never had an anchor stays without one: the first one binds it to a log. */
static anchor some_anchor(conform *c)
{
    anchor own = read_anchor(c);
    if (!conform_goes(c) || own.n > 0) return own;
    if (!c->options->may_begin_anchor) {
        conform_skip(c, "the laser holds no anchor yet, and the first one would bind it to a log");
        return own;
    }
    own.n = 7;
    memset(own.r, 0xA5, sizeof own.r);
    say_anchor(c, &own);
    conform_want(c, FL_SAY_ANCH, "ANCH n= r=");
    return own;
}

static void anchor_backwards(conform *c)
{
    conform_standby(c);
    const anchor own = some_anchor(c);
    anchor other = own;
    other.n--;
    say_anchor(c, &other); /* the page names no reason */
    conform_want(c, FL_SAY_NAK, "NAK: an anchor goes up only");
    other = own;
    other.r[31] ^= 1;
    say_anchor(c, &other);
    conform_want(c, FL_SAY_NAK, "NAK: the same size with another root");
    same_anchor(c, &own, "the anchor as it was");
    say_anchor(c, &own); /* the same again is no step back */
    conform_want(c, FL_SAY_ANCH, "ANCH n= r=");
}

static void anchor_kept(conform *c)
{
    conform_standby(c);
    const anchor own = some_anchor(c);
    conform_power(c, false);
    conform_power(c, true);
    conform_standby(c);
    same_anchor(c, &own, "the anchor survives the power");
}

/* ---- counter ---- */

/* What STAT says now must be c->k and c->g: watched in every STAT. */
static void powered(conform *c)
{
    conform_power(c, true);
    conform_hello(c);
    c->ln_owed = UINT32_MAX; /* the page does not say that ln survives */
    conform_poll(c, false);
    c->ln_owed = 0;
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_must(c, conform_shut(c), "shutters shut after power on", "in=%08" PRIX32, c->stat.inputs);
}

static void counter_kept(conform *c)
{
    conform_fire(c);
    conform_power(c, false);
    powered(c);
}

/* The power goes away after the counter was kept and before the trigger: the counter is one ahead of the
 * light. */
static void counter_ahead(conform *c)
{
    conform_open(c);
    if (conform_goes(c) && c->has_pulsed) conform_hold(c, conform_period_ms(c) + 5, true);
    conform_ask_blind(c, FL_CONFORM_POWER_CUT);
    conform_hold(c, 2 * POLL_MS, true);
    conform_poll(c, true);
    if (!conform_goes(c)) return;
    const uint32_t ln = c->stat.flashes;
    const conform_grant grant = conform_grant_now(c);
    c->may_go = true;
    conform_grant_say(c, &grant);
    conform_want_silence(c, "no answer: the power is gone");
    conform_await_power(c, false);
    c->k++; /* kept before the power went */
    c->g = grant.g;
    c->unknown = 0;
    powered(c);
    conform_must(c, c->stat.flashes <= ln, "no light without power", "ln=%08" PRIX32 " after %08" PRIX32,
                 c->stat.flashes, ln);
}

#define ANCHORS 1u << FL_CAP_ANCHOR
// clang-format off
const fl_conform_check conform_memory[] = {
    {"anchor.backwards", "4", "a smaller anchor, or the same size with another root, is refused and changes nothing", FL_CONFORM_DARK, 0, ANCHORS, false, anchor_backwards},
    {"anchor.kept", "4", "the anchor survives the power", FL_CONFORM_DARK, POWER, ANCHORS, false, anchor_kept},
    {"counter.kept", "6.6", "counter and grant number survive the power; it comes up shut", FL_CONFORM_LIGHT, FEET_MOVE | POWER, 0, false, counter_kept},
    {"counter.ahead", "6.6", "power cut between keep and trigger: the counter is one ahead of the light, never behind", FL_CONFORM_LIGHT, FEET_MOVE | POWER | E(POWER_CUT), 0, false, counter_ahead},
    {NULL, NULL, NULL, FL_CONFORM_DARK, 0, 0, false, NULL},
};
// clang-format on
