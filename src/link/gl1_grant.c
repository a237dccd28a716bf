/* The door for light, and what became of what went through it. Rule L3: nothing here, or anywhere, sends a
 * GRANT a second time. */
#include "gl1_private.h"

#include "fadeline/base/assert.h"

#include <inttypes.h>
#include <string.h>

const char *fl_gl1_outcome_text(fl_gl1_outcome outcome)
{
    switch (outcome) {
    case FL_GRANT_NONE: return "no grant was sent";
    case FL_GRANT_WAITING: return "sent, not answered yet";
    case FL_GRANT_ACCEPTED: return "accepted, one pulse";
    case FL_GRANT_NAKED: return "refused by the laser, no pulse";
    case FL_GRANT_UNKNOWN: return "not answered: there may have been a pulse";
    case FL_GRANT_FOUND_FIRED: return "not answered; the counter shows one pulse";
    case FL_GRANT_FOUND_UNFIRED: return "not answered; the counter shows no pulse";
    case FL_GRANT_FOUND_ODD: return "not answered; the counter does not fit one grant";
    }
    return "?";
}

static const struct fl_gl1_seen *find_stat(const fl_gl1 *link, uint32_t number)
{
    for (unsigned i = 0; i < FL_GL1_LAST_STATS && i < link->stats_count; i++)
        if (link->stats[i].number == number) return &link->stats[i];
    return NULL;
}

static fl_status no(fl_error *error, const char *why)
{
    return fl_error_set(error, FL_E_REFUSED, "no grant: %s", why);
}

static fl_status refuse_conditions(const fl_gl1 *link, fl_instant now, fl_error *error)
{
    if (link->phase != FL_GL1_OPEN) return no(error, "there is no session with the laser");
    if (!gl1_may_act(link)) return no(error, fl_gl1_watch_text(link->now.watch));
    if (link->now.stand_down) return no(error, "the line was disturbed too often");
    if (link->stopping) return no(error, "STOP is on its way");
    if (!gl1_is_fresh(link, now)) return no(error, "the newest status is older than 100 ms");
    if (link->now.stat.state != FL_DEVICE_READY) return no(error, "the laser is not READY");
    if (link->now.settings_state != FL_SETTINGS_COMMITTED) return no(error, "no settings are committed");
    if (link->asked || link->now.outcome == FL_GRANT_WAITING || link->now.outcome == FL_GRANT_UNKNOWN)
        return fl_error_set(error, FL_E_BUSY, "the last request is not answered yet");
    return FL_OK;
}

static fl_status refuse_pulse(const fl_gl1 *link, const fl_gl1_pulse *pulse, fl_error *error)
{
    const fl_gl1_status *known = &link->now;
    if (pulse->grant <= known->stat.grant || pulse->grant <= known->grant)
        return no(error, "the grant number is not above every earlier one");
    if (pulse->pulses != known->stat.pulses)
        return no(error, "the laser's pulse counter is not the expected one");
    if (pulse->epoch != known->settings_epoch) return no(error, "the settings are not those of this epoch");
    if (pulse->energy_uJ != known->settings.energy_uJ)
        return no(error, "the energy is not the one read back");
    if (pulse->spot_um != known->settings.spot_um) return no(error, "the spot is not the one read back");
    if (memcmp(pulse->plan, known->plan, FL_PLAN_SIZE) != 0)
        return no(error, "the plan is not the committed one");
    return FL_OK;
}

static void fill(fl_message *message, const fl_gl1_pulse *pulse, uint32_t frame, bool calibration)
{
    fl_message_put(message, FL_KEY_g, pulse->grant);
    fl_message_put(message, FL_KEY_f, frame);
    fl_message_put(message, FL_KEY_ep, pulse->epoch);
    fl_message_put(message, FL_KEY_k, pulse->pulses);
    fl_message_put(message, FL_KEY_en, pulse->energy_uJ);
    fl_message_put(message, FL_KEY_sp, pulse->spot_um);
    fl_message_put(message, FL_KEY_pu, calibration ? 'C' : 'T');
    fl_message_put_plan(message, pulse->plan);
}

/* Everything is checked; from here the permit is spent and at most one frame leaves. */
static fl_status send_once(fl_gl1 *link, const fl_message *message, const fl_gl1_pulse *pulse,
                           const struct fl_gl1_seen *answered, fl_error *error)
{
    link->pulse = *pulse;
    link->pulse_stat = *answered;
    link->pulse_session = link->session;
    link->now.grant = pulse->grant;
    link->now.grant_reason = FL_NAK_NONE;
    link->now.outcome = FL_GRANT_WAITING;
    link->now.counters.grants++;
    size_t taken = 0;
    const fl_status status = gl1_send(link, message, &taken);
    if (status != FL_OK) { /* gl1_send ended the session, and the waiting grant became UNKNOWN */
        fl_error_set(error, status, "the line failed while the grant was written");
        return status;
    }
    if (taken == 0) {
        link->asked = FL_WORD_NONE;
        link->now.outcome = FL_GRANT_NONE;
        return fl_error_set(error, FL_E_IO, "the line takes no bytes: the grant was not sent");
    }
    return FL_OK;
}

fl_status fl_gl1_grant(fl_gl1 *link, fl_permit *permit, const fl_gl1_pulse *pulse, fl_error *error)
{
    FL_ASSERT(link && pulse);
    const fl_instant now = gl1_now(link);
    fl_status status = refuse_conditions(link, now, error);
    if (status == FL_OK) status = refuse_pulse(link, pulse, error);
    if (status != FL_OK) return status;
    if (!fl_permit_is_good(permit, now))
        return no(error, "the interlock gives no permit, or it is stale or spent");

    const struct fl_gl1_seen *answered = find_stat(link, fl_permit_frame(permit));
    if (!answered) return no(error, "the permit answers a status that is not among the last eight");
    if (gl1_older(now, answered->asked, (int64_t)link->now.hello.grant_life_ms))
        return no(error, "the status that the permit answers is too old: the laser would refuse");
    fl_message message = {.word = FL_ASK_GRANT};
    fill(&message, pulse, answered->number, fl_permit_is_for_calibration(permit));
    if (!fl_permit_spend(permit, gl1_now(link)))
        return no(error, "the permit was stale when it was to be spent");
    return send_once(link, &message, pulse, answered, error);
}

/* ---- what became of it ---- */

void gl1_grant_answered(fl_gl1 *link, const fl_gl1_stat *stat)
{
    const bool ours = stat->grant == link->pulse.grant && stat->pulses == link->pulse.pulses + 1;
    link->now.outcome = ours ? FL_GRANT_ACCEPTED : FL_GRANT_UNKNOWN;
}

void gl1_grant_refused(fl_gl1 *link, fl_nak reason)
{
    link->now.outcome = FL_GRANT_NAKED;
    link->now.grant_reason = reason;
}

void gl1_grant_unanswered(fl_gl1 *link)
{
    if (link->now.outcome == FL_GRANT_WAITING) link->now.outcome = FL_GRANT_UNKNOWN;
}

/* The counter is believed only from a STAT sampled more than `ga` after the one the grant answered: until
 * then the grant may still fire (interlock C4). That STAT was sampled before `in`, this one after `asked`; in
 * the same session the device's own clock must say so too. */
static bool is_late_enough(const fl_gl1 *link)
{
    const int64_t life_ms = (int64_t)link->now.hello.grant_life_ms;
    if (!link->now.has_stat || !gl1_older(link->now.stat_asked, link->pulse_stat.in, life_ms)) return false;
    if (link->session != link->pulse_session) return true; /* a grant of an ended session can never fire */
    return (uint32_t)(link->now.stat.device_ms - link->pulse_stat.device_ms) > (uint64_t)life_ms;
}

void gl1_grant_resolve(fl_gl1 *link)
{
    if (link->now.outcome != FL_GRANT_UNKNOWN || !is_late_enough(link)) return;
    const uint64_t pulses = link->now.stat.pulses;
    if (pulses == link->pulse.pulses + 1)
        link->now.outcome = FL_GRANT_FOUND_FIRED;
    else if (pulses == link->pulse.pulses)
        link->now.outcome = FL_GRANT_FOUND_UNFIRED;
    else
        link->now.outcome = FL_GRANT_FOUND_ODD;
}
