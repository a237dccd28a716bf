/* Checks of the words that need no arming: identity, HELLO, settings, commitment. Nothing here can end in
 * light. */
#include "conform_private.h"

#include "fadeline/link/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void ask_identity(conform *c, const char *expected)
{
    c->waits_identity = true;
    conform_write(c, "*IDN?\n", 6);
    conform_listen(c, 0, 0, ANSWER_MS);
    c->waits_identity = false;
    conform_want_answer(c, expected);
    fl_link_identity who;
    if (conform_goes(c) && (fl_link_identity_read(c->heard, c->heard_size, &who) != FL_OK ||
                            strcmp(who.identity, c->identity) != 0))
        conform_fail(c, expected, "%s", c->heard);
}

static void identity_text(conform *c)
{
    ask_identity(c, "maker,model,identity,version without a session");
    conform_standby(c);
    ask_identity(c, "the same within a session");
    conform_poll(c, false);
    conform_want_stat(c, FL_DEVICE_STBY);
}

static void hello_form(conform *c)
{
    conform_hello(c);
    const uint64_t *value = c->hello.value;
    conform_must(c, strcmp(c->hello.uid, c->identity) == 0, "uid= as in the answer to *IDN?", "uid=%s",
                 c->hello.uid);
    conform_must(c, value[FL_KEY_v] == 1, "v=1", "v=%" PRIu64, value[FL_KEY_v]);
    conform_must(c, value[FL_KEY_wd] >= 1 && value[FL_KEY_wd] <= FL_GL1_WATCHDOG_MS, "wd= at most 100",
                 "wd=%" PRIu64, value[FL_KEY_wd]);
    conform_must(c, value[FL_KEY_ga] >= 1 && value[FL_KEY_ga] <= FL_GL1_GRANT_LIFE_MS, "ga= at most 40",
                 "ga=%" PRIu64, value[FL_KEY_ga]);
    conform_must(c, value[FL_KEY_wa] >= FL_GL1_WARNING_MS, "wa= at least 2000", "wa=%" PRIu64,
                 value[FL_KEY_wa]);
    conform_poll(c, false);
    conform_want_stat(c, FL_DEVICE_STBY); /* the session is hn XOR dn, and its first good frame leaves SAFE */
    conform_must(c, c->stat.gap == 0, "gap=0 in a new session", "gap=%" PRIu64, c->stat.gap);
}

/* The device draws, too: the same hn twice must not give the same session. */
static void hello_draws(conform *c)
{
    uint64_t dn[3] = {0};
    for (int i = 0; i < 3 && conform_goes(c); i++) {
        conform_say_as(c, 0, ++c->number, NULL, "HELLO v=1 hn=13579BDF", ANSWER_MS);
        conform_want(c, FL_SAY_HELLO, "HELLO v=1 uid= dn= wd= ga= wa= cap= fw=");
        dn[i] = c->answer.value[FL_KEY_dn];
    }
    c->in_session = false; /* of the last one we did not take the session over */
    conform_must(c, dn[0] != dn[1] && dn[1] != dn[2] && dn[0] != dn[2], "another dn for every session",
                 "dn=%08" PRIX64 ", %08" PRIX64 ", %08" PRIX64, dn[0], dn[1], dn[2]);
}

static void set_unchanged(conform *c, const fl_gl1_settings *set, uint32_t epoch)
{
    conform_get(c);
    conform_must(c,
                 c->set.energy_uJ == set->energy_uJ && c->set.rate_mHz == set->rate_mHz &&
                     c->set.spot_um == set->spot_um && c->set.wavelength_nm == set->wavelength_nm &&
                     c->epoch == epoch,
                 "settings and epoch as before", "%s", c->heard);
}

static void set_out_of_range(conform *c)
{
    char body[120];
    conform_standby(c);
    const fl_gl1_settings set = c->set;
    const uint32_t epoch = c->epoch;
    static const char *const keys[] = {"EN", "RR", "SP", "WL"};
    for (int i = 0; i < 4;
         i++) { /* each alone, with all the others as they are, and beside one that is good */
        snprintf(body, sizeof body, "SET %s=4294967295", keys[i]);
        conform_refused(c, body, FL_NAK_RANGE);
    }
    snprintf(body, sizeof body, "SET EN=%" PRIu64 " RR=4294967295", set.energy_uJ - 1);
    conform_refused(c, body, FL_NAK_RANGE);
    snprintf(body, sizeof body, "SET RR=%" PRIu64 " WL=1", set.rate_mHz > 1 ? set.rate_mHz - 1 : 1);
    conform_refused(c, body, FL_NAK_RANGE);
    set_unchanged(c, &set, epoch);
}

static void digest_of_shdw(conform *c)
{
    conform_want(c, FL_SAY_SHDW, "SHDW EN= RR= SP= WL= ep= dg=");
    if (!conform_goes(c)) return;
    const uint64_t *value = c->answer.value;
    const uint32_t own =
        fl_settings_digest(value[FL_KEY_EN], value[FL_KEY_RR], value[FL_KEY_SP], value[FL_KEY_WL]);
    conform_must(c, value[FL_KEY_dg] == own, "dg= is the CRC-32C of its own EN=.. RR=.. SP=.. WL=..",
                 "dg=%08" PRIX64 ", the CRC-32C of its numbers is %08" PRIX32, value[FL_KEY_dg], own);
}

static void set_the_same(conform *c)
{
    char body[120];
    snprintf(body, sizeof body, "SET RR=%" PRIu64 " EN=%" PRIu64, c->set.rate_mHz, c->set.energy_uJ);
    conform_say(c, body);
    conform_want(c, FL_SAY_SHDW, "SHDW EN= RR= SP= WL= ep= dg=");
}

static void set_digest(conform *c)
{
    conform_standby(c);
    digest_of_shdw(c);
    set_the_same(c);
    digest_of_shdw(c);
    conform_say(c, "GET");
    digest_of_shdw(c);
}

static void set_epoch(conform *c)
{
    conform_standby(c);
    const uint32_t epoch = c->epoch;
    set_the_same(c);
    conform_must(c, c->answer.value[FL_KEY_ep] == (uint32_t)(epoch + 1), "epoch + 1",
                 "ep=%08" PRIX64 " after %08" PRIX32, c->answer.value[FL_KEY_ep], epoch);
    conform_poll(c, false);
    conform_must(c, c->stat.epoch == (uint32_t)(epoch + 1), "the same epoch in STAT", "ep=%08" PRIX32,
                 c->stat.epoch);
}

static void commit_with(conform *c, uint32_t epoch, uint32_t digest, fl_nak reason)
{
    char body[120];
    snprintf(body, sizeof body, "COMMIT ep=%08" PRIX32 " dg=%08" PRIX32 " ph=%s", epoch, digest,
             conform_plan);
    conform_refused(c, body, reason);
}

static void commit_old_epoch(conform *c)
{
    conform_standby(c);
    set_the_same(c);
    conform_get(c);
    commit_with(c, c->epoch - 1, c->digest, FL_NAK_EPOCH);
    commit_with(c, c->epoch + 1, c->digest, FL_NAK_EPOCH);
}

static void commit_wrong_digest(conform *c)
{
    conform_standby(c);
    commit_with(c, c->epoch, c->digest ^ 1, FL_NAK_DIG);
}

static void key_twice(conform *c)
{
    conform_standby(c);
    conform_refused(c, "POLL sh=0 sh=0", FL_NAK_SYN);
    conform_refused(c, "POLL sh=0 sh=1", FL_NAK_SYN);
}

static void key_unknown(conform *c)
{
    conform_standby(c);
    conform_refused(c, "POLL sh=0 xx=1", FL_NAK_SYN);
}

static void body_lower_case(conform *c)
{
    char body[120];
    conform_standby(c);
    const uint32_t letters = c->epoch | 0xA0000000u; /* so that there is a letter to be small */
    snprintf(body, sizeof body, "COMMIT ep=%08" PRIx32 " dg=%08" PRIX32 " ph=%s", letters, c->digest,
             conform_plan);
    conform_refused(c, body, FL_NAK_SYN);
}

// clang-format off
const fl_conform_check conform_words[] = {
    {"identity.text", "3", "*IDN? is answered with maker,model,identity,version, in a session and without one", FL_CONFORM_DARK, 0, 0, false, identity_text},
    {"hello.form", "4", "HELLO names uid, wd <= 100, ga <= 40, wa >= 2000; session is hn XOR dn; the first frame leaves SAFE", FL_CONFORM_DARK, 0, 0, false, hello_form},
    {"hello.draws", "2", "every HELLO gets another dn", FL_CONFORM_DARK, 0, 0, false, hello_draws},
    {"set.out-of-range", "4", "SET with one value out of range is RANGE and changes nothing at all", FL_CONFORM_DARK, 0, 0, false, set_out_of_range},
    {"set.digest", "4", "dg of SHDW is the CRC-32C of the device's own numbers", FL_CONFORM_DARK, 0, 0, false, set_digest},
    {"set.epoch", "6.4", "a SET counts the epoch up by one", FL_CONFORM_DARK, 0, 0, false, set_epoch},
    {"commit.old-epoch", "4", "COMMIT to another epoch is EPOCH", FL_CONFORM_DARK, 0, 0, false, commit_old_epoch},
    {"commit.wrong-digest", "4", "COMMIT with another digest is DIG", FL_CONFORM_DARK, 0, 0, false, commit_wrong_digest},
    {"key.twice", "3", "a key twice is SYN", FL_CONFORM_DARK, 0, 0, false, key_twice},
    {"key.unknown", "3", "an unknown key is SYN", FL_CONFORM_DARK, 0, 0, false, key_unknown},
    {"key.lower-case", "3", "a number in lower-case hexadecimal is SYN", FL_CONFORM_DARK, 0, 0, false, body_lower_case},
    {NULL, NULL, NULL, FL_CONFORM_DARK, 0, 0, false, NULL},
};
// clang-format on
