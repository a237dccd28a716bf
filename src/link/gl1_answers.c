/* What comes in: an answer must fit its question, or it is a bad frame. */
#include "gl1_private.h"

#include "fadeline/base/text.h"

#include <string.h>

bool fl_gl1_stat_of(const fl_message *message, fl_gl1_stat *stat)
{
    if (message->word != FL_SAY_STAT) return false;
    const uint64_t *v = message->value;
    *stat = (fl_gl1_stat){
        .state = (fl_gl1_device)v[FL_KEY_st],
        .inputs = (uint32_t)v[FL_KEY_in],
        .handpiece = (uint8_t)v[FL_KEY_hp],
        .spot_um = v[FL_KEY_sp],
        .pulses = v[FL_KEY_k],
        .flashes = (uint32_t)v[FL_KEY_ln],
        .grant = v[FL_KEY_g],
        .pulse_energy_uJ = v[FL_KEY_en],
        .epoch = (uint32_t)v[FL_KEY_ep],
        .causes = (uint32_t)v[FL_KEY_ca],
        .gap = v[FL_KEY_gap],
        .device_ms = (uint32_t)v[FL_KEY_t],
    };
    return true;
}

/* Rule L5, in the order in which a person would want to hear it. */
static fl_gl1_watch judge(const fl_gl1 *link, const fl_gl1_hello *hello)
{
    if (!link->has_expected) return FL_GL1_NOT_TOLD;
    if (!fl_text_same(hello->uid, link->expected.uid)) return FL_GL1_OTHER_UID;
    if (!fl_text_same(hello->firmware, link->expected.firmware)) return FL_GL1_OTHER_FIRMWARE;
    if (hello->capabilities != link->expected.capabilities) return FL_GL1_OTHER_ABILITY;
    if (hello->watchdog_ms > FL_GL1_WATCHDOG_MS || hello->grant_life_ms > FL_GL1_GRANT_LIFE_MS ||
        hello->warning_ms < FL_GL1_WARNING_MS)
        return FL_GL1_OTHER_TIMES;
    return FL_GL1_EXPECTED;
}

static bool take_hello(fl_gl1 *link, const fl_message *message, fl_instant arrived)
{
    const uint32_t session = link->host_nonce ^ (uint32_t)message->value[FL_KEY_dn];
    if (message->value[FL_KEY_v] != 1 || !session) return false; /* session 0 would leave the identity out */
    fl_gl1_hello hello = {
        .capabilities = (uint32_t)message->value[FL_KEY_cap],
        .watchdog_ms = message->value[FL_KEY_wd],
        .grant_life_ms = message->value[FL_KEY_ga],
        .warning_ms = message->value[FL_KEY_wa],
    };
    memcpy(hello.uid, message->uid, sizeof hello.uid);
    memcpy(hello.firmware, message->firmware, sizeof hello.firmware);
    link->now.hello = hello;
    if (link->carrier->simulated_only && !fl_text_begins(hello.uid, "SIM")) { /* rule L6 */
        fl_carrier_drop(link->carrier);
        fl_carrier_close(link->carrier);
        gl1_end_session(link, FL_GL1_REJECTED);
        return true;
    }
    link->now.watch = judge(link, &hello);
    link->now.counters.sessions++;
    link->phase = FL_GL1_OPEN;
    link->session = session;
    link->session_began = arrived;
    return true;
}

static void take_stat(fl_gl1 *link, const fl_gl1_stat *stat, fl_instant arrived)
{
    link->now.has_stat = true;
    link->now.stat = *stat;
    link->now.stat_number = link->number;
    link->now.stat_asked = link->asked_at;
    link->stats[link->stats_count++ % FL_GL1_LAST_STATS] = (struct fl_gl1_seen){
        .number = link->number, .device_ms = stat->device_ms, .asked = link->asked_at, .in = arrived};
    if (link->stats_count == 2 * FL_GL1_LAST_STATS)
        link->stats_count = FL_GL1_LAST_STATS; /* full stays full */
    /* Any edit, on the panel too, moves the epoch; a device in SAFE has forgotten the commitment. */
    const bool moved = stat->epoch != link->now.settings_epoch || stat->state == FL_DEVICE_SAFE;
    if (link->now.settings_state != FL_SETTINGS_UNKNOWN && moved)
        link->now.settings_state = FL_SETTINGS_CHANGED;
    if (stat->state != FL_DEVICE_READY) link->shutter = false;
    if (stat->state != FL_DEVICE_READY && stat->state != FL_DEVICE_WARN) link->stopping = false;
}

static void stat_answers(fl_gl1 *link, fl_word asked, const fl_gl1_stat *stat)
{
    switch (asked) {
    case FL_ASK_COMMIT:
        if (link->now.settings_state == FL_SETTINGS_VERIFIED) {
            link->now.settings_state = FL_SETTINGS_COMMITTED;
            memcpy(link->now.plan, link->wanted_plan, sizeof link->now.plan);
            gl1_finish_order(link, FL_RESULT_DONE);
        } else
            gl1_finish_order(link, FL_RESULT_MISMATCH);
        break;
    case FL_ASK_ARM: {
        const bool on = stat->state == FL_DEVICE_WARN || stat->state == FL_DEVICE_READY;
        gl1_finish_order(link, on ? FL_RESULT_DONE : FL_RESULT_MISMATCH);
        break;
    }
    case FL_ASK_RESET: gl1_finish_order(link, FL_RESULT_DONE); break;
    case FL_ASK_GRANT: gl1_grant_answered(link, stat); break;
    default: break;
    }
    gl1_grant_resolve(link);
}

/* The device's own numbers, whatever was wanted: a screen shows these, never what was sent. */
static void keep_settings(fl_gl1 *link, const uint64_t *v, fl_gl1_setup_state state)
{
    link->now.settings = (fl_gl1_settings){v[FL_KEY_EN], v[FL_KEY_RR], v[FL_KEY_SP], v[FL_KEY_WL]};
    link->now.settings_epoch = (uint32_t)v[FL_KEY_ep];
    link->now.settings_digest = (uint32_t)v[FL_KEY_dg];
    link->now.settings_state = state;
}

static void take_shadow(fl_gl1 *link, fl_word asked, const fl_message *message)
{
    const uint64_t *v = message->value;
    const fl_gl1_settings *want = &link->wanted, *have = &link->now.settings;
    const bool digest =
        fl_settings_digest(v[FL_KEY_EN], v[FL_KEY_RR], v[FL_KEY_SP], v[FL_KEY_WL]) == v[FL_KEY_dg];
    if (!digest) {
        link->now.settings_state = FL_SETTINGS_CHANGED;
        gl1_finish_order(link, FL_RESULT_MISMATCH);
    } else if (asked == FL_ASK_SET) {
        const bool equal = v[FL_KEY_EN] == want->energy_uJ && v[FL_KEY_RR] == want->rate_mHz &&
                           v[FL_KEY_SP] == want->spot_um && v[FL_KEY_WL] == want->wavelength_nm;
        keep_settings(link, v, equal ? FL_SETTINGS_VERIFIED : FL_SETTINGS_READ);
        gl1_finish_order(link, equal ? FL_RESULT_DONE : FL_RESULT_MISMATCH);
    } else {
        const fl_gl1_setup_state state = link->now.settings_state;
        const bool same = (state == FL_SETTINGS_VERIFIED || state == FL_SETTINGS_COMMITTED) &&
                          v[FL_KEY_ep] == link->now.settings_epoch && v[FL_KEY_EN] == have->energy_uJ &&
                          v[FL_KEY_RR] == have->rate_mHz && v[FL_KEY_SP] == have->spot_um &&
                          v[FL_KEY_WL] == have->wavelength_nm;
        keep_settings(link, v, same ? state : FL_SETTINGS_READ);
        gl1_finish_order(link, FL_RESULT_DONE);
    }
}

static void take_challenge(fl_gl1 *link, const fl_message *message)
{
    if (message->value[FL_KEY_ep] != link->now.settings_epoch ||
        link->now.settings_state != FL_SETTINGS_COMMITTED) {
        link->now.settings_state = FL_SETTINGS_CHANGED;
        gl1_finish_order(link, FL_RESULT_MISMATCH);
        return;
    }
    link->challenge = (uint32_t)message->value[FL_KEY_ch];
    link->challenged = true; /* the order goes on waiting: ARM comes next */
}

static void take_anchor(fl_gl1 *link, const fl_message *message)
{
    link->now.has_anchor = true;
    link->now.anchor_size = message->value[FL_KEY_n];
    memcpy(link->now.anchor_root, message->root, sizeof link->now.anchor_root);
    const bool kept = link->now.order != FL_GL1_ORDER_ANCHOR_SET ||
                      (link->now.anchor_size == link->wanted_size &&
                       memcmp(link->now.anchor_root, link->wanted_root, FL_ROOT_SIZE) == 0);
    gl1_finish_order(link, kept ? FL_RESULT_DONE : FL_RESULT_MISMATCH);
}

static void take_nak(fl_gl1 *link, fl_word asked, fl_nak reason)
{
    link->now.counters.naks++;
    link->now.reason = reason;
    if (asked == FL_ASK_GRANT)
        gl1_grant_refused(link, reason);
    else if (asked != FL_ASK_POLL && asked != FL_ASK_HELLO && asked != FL_ASK_STOP)
        gl1_finish_order(link, FL_RESULT_REFUSED);
    const bool commitment = reason == FL_NAK_EPOCH || reason == FL_NAK_DIG || reason == FL_NAK_PLAN;
    if (commitment && link->now.settings_state != FL_SETTINGS_UNKNOWN)
        link->now.settings_state = FL_SETTINGS_CHANGED;
}

static bool fits(fl_word asked, fl_word answer)
{
    if (answer == FL_SAY_NAK) return true;
    switch (asked) {
    case FL_ASK_HELLO: return answer == FL_SAY_HELLO;
    case FL_ASK_SET:
    case FL_ASK_GET: return answer == FL_SAY_SHDW;
    case FL_ASK_CHALLENGE: return answer == FL_SAY_CHAL;
    case FL_ASK_ANCHOR:
    case FL_ASK_ANCHOR_SET: return answer == FL_SAY_ANCH;
    default: return answer == FL_SAY_STAT;
    }
}

bool gl1_take_answer(fl_gl1 *link, const fl_message *message, fl_instant arrived)
{
    const fl_word asked = link->asked;
    fl_gl1_stat stat;
    if (!fits(asked, message->word)) return false;
    if (message->word == FL_SAY_HELLO && !take_hello(link, message, arrived)) return false;
    link->asked = FL_WORD_NONE;
    link->missed_in_row = 0;
    link->now.counters.answered++;
    switch (message->word) {
    case FL_SAY_STAT:
        if (!fl_gl1_stat_of(message, &stat)) return false;
        take_stat(link, &stat, arrived);
        stat_answers(link, asked, &stat);
        break;
    case FL_SAY_SHDW: take_shadow(link, asked, message); break;
    case FL_SAY_CHAL: take_challenge(link, message); break;
    case FL_SAY_ANCH: take_anchor(link, message); break;
    case FL_SAY_NAK: take_nak(link, asked, (fl_nak)message->value[FL_KEY_e]); break;
    default: break;
    }
    return true;
}
