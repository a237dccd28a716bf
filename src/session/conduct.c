/* The tick. See conduct.h for its order; every step of it is one function below. */
#include "conduct_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

#define ARM_MARGIN_US                                                                                        \
    300000                    /* our warning outlasts the laser's own by this, so READY here is READY there  \
                               */
#define STALL_US 500000       /* a record that is not durable for this long: the journal is not healthy */
#define PRESENCE_US 300000000 /* in STANDBY without a person */
#define END_PATIENCE_US 3000000 /* for the last grant to settle */
#define FAULTS_ANY 3            /* in one session, or two with the same cause: a supervisor */

fl_status fl_conduct_new(const fl_conduct_setup *setup, fl_conduct **conduct, fl_error *error)
{
    FL_ASSERT(setup && setup->plan && setup->carrier && setup->clock && setup->writer && setup->doorman &&
              conduct);
    fl_conduct *c = malloc(sizeof *c);
    if (!c) return fl_error_set(error, FL_E_MEMORY, "no memory for the session");
    explicit_bzero(c, sizeof *c); /* touches every page, as in the writer */
    c->setup = *setup;
    c->began = c->now = c->entered = c->last_order = c->durable_at = setup->clock->now(setup->clock->self);
    fl_hex(setup->plan->sha256, sizeof setup->plan->sha256, c->plan_hex);
    fl_core_config config = fl_core_config_default();
    const int64_t own_us = setup->warning_ms * 1000 + ARM_MARGIN_US;
    if (own_us > config.arm_us) config.arm_us = own_us;
    config.svc = setup->past.svc;
    fl_duties_init(&c->duties, c->now);
    const fl_status status = fl_interlock_core_new(&config, c->now, &c->core, error);
    if (status != FL_OK) {
        free(c);
        return status;
    }
    c->mode = FL_MODE_OFF;
    const fl_gl1_setup link = {.carrier = setup->carrier,
                               .clock = setup->clock,
                               .expected = &c->setup.expected,
                               .nonce = setup->nonce,
                               .nonce_self = setup->nonce_self};
    fl_gl1_init(&c->link, &link);
    fl_adapter_init(&c->adapter, &(fl_adapter_config){setup->expected.capabilities, setup->energy_tolerance});
    fl_adapter_remember_motion(&c->adapter, setup->past.motion);
    c->motion_written = setup->past.motion;
    c->date_unsure = setup->past.date_unsure && !setup->date_by_hand;
    c->clock_steps = fl_writer_look(setup->writer).clock_steps;
    conduct_books_open(c);
    if (conduct_calibrates(c)) conduct_aim_port(c);
    fl_doorman_resume(setup->doorman, &setup->past.tries, setup->past.read_at);
    *conduct = c;
    return FL_OK;
}

void fl_conduct_free(fl_conduct *c)
{
    if (!c) return;
    fl_interlock_core_free(c->core);
    free(c);
}

void fl_conduct_listen(fl_conduct *c)
{
    fl_gl1_listen(&c->link);
}

/* ---- before the verdict ---- */

/* Input 9: open, healthy, the one that the laser knows, and no record waits longer than half a second. */
static bool journal_is_good(fl_conduct *c)
{
    const uint64_t durable = fl_writer_durable(c->setup.writer);
    if (durable != c->durable_seen || fl_writer_is_idle(c->setup.writer)) c->durable_at = c->now;
    c->durable_seen = durable;
    return fl_writer_is_healthy(c->setup.writer) && !c->journal_lost && !c->journal_damaged &&
           conduct_anchor_is_good(c) && fl_since(c->now, c->durable_at).us <= STALL_US;
}

/* The face that armed must still be there: the person may be gone. */
static bool person_is_here(const fl_conduct *c)
{
    if (!c->who[0]) return false;
    if (!fl_mode_is_armed(c->mode)) return true;
    return fl_since(c->now, c->setup.heard(c->setup.self, c->armed_face)).us <= FL_FACE_SILENCE_MS * 1000;
}

/* Input 11. A service reset was signed by two when it is given. */
static bool second_has_signed(const fl_conduct *c)
{
    char room[200];
    return (c->resetting && c->reset_service) || !conduct_second_text(c, room, sizeof room);
}

static fl_host_conditions conditions(fl_conduct *c)
{
    const bool may_have_fired = c->books.stage == STAGE_SENT || c->books.stage == STAGE_OPEN;
    fl_host_conditions host = {
        .state = fl_interlock_core_state(c->core),
        .entered = c->entered,
        .journal = journal_is_good(c),
        .auth = person_is_here(c) && c->sid,
        .dual = second_has_signed(c),
        .eyewear = c->eyewear[0] && c->eyewear_nm == c->target.wanted.wavelength_nm,
        .plan = conduct_plan_is_good(c),
        .laser_bad = !conduct_laser_is_healthy(c),
        .limits = conduct_limits_are_good(c),
        .counter = c->status.link && conduct_counter_is_good(c),
        .monitor = !c->tick || !c->tick->vetoed,
        .cmd = c->cmd,
        .spot_um = c->target.wanted.spot_um,
        .energy_uJ = c->target.wanted.energy_uJ,
        .outstanding = may_have_fired,
        .expected = conduct_held(c), /* the light of an unexplained pulse stays evidence */
    };
    if (c->resetting && c->status.link && c->status.stat.state != FL_DEVICE_FAULT && host.cmd == FL_CMD_NONE)
        host.cmd = c->reset_service ? FL_CMD_RESET_SERVICE : FL_CMD_RESET;
    /* A reset needs a person, not a session; a service reset was signed by two. */
    if (host.state.mode == FL_MODE_FAULT) host.auth = c->who[0] != 0 || c->reset_service;
    return host;
}

static void write_motion(fl_conduct *c)
{
    static const struct {
        unsigned bit;
        const char *what;
    } rows[] = {
        {FL_MOTION_DOOR, "motion:door"}, {FL_MOTION_ESTOP, "motion:estop"}, {FL_MOTION_FOOT, "motion:foot"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(c->adapter.motion & ~c->motion_written & rows[i].bit)) continue;
        c->motion_written |= rows[i].bit;
        fl_entry *entry = conduct_entry(c, FL_KIND_SELFTEST);
        fl_entry_text(entry, "what", rows[i].what);
        fl_entry_int(entry, "ok", 1);
        conduct_post(c);
    }
}

/* Said once, when the laser is first heard. */
static void greet(fl_conduct *c)
{
    if (c->greeted || !c->status.has_stat) return;
    c->greeted = true;
    if (c->status.watch != FL_GL1_EXPECTED)
        conduct_event(c, "refused", "laser-watched", "compare the laser's label with its device file",
                      "this laser is only watched: %s", fl_gl1_watch_text(c->status.watch));
    const unsigned left = FL_MOTION_ALL & ~c->adapter.motion;
    if (left)
        conduct_event(c, "note", "prove-motion",
                      "a bridged switch never moves, so each must be seen in both positions once a day",
                      "move once:%s%s%s", left & FL_MOTION_ESTOP ? " the emergency stop" : "",
                      left & FL_MOTION_DOOR ? " the door" : "",
                      left & FL_MOTION_FOOT ? " the footswitch" : "");
}

/* Eyewear was confirmed for a closed room. */
static void watch_door(fl_conduct *c)
{
    if (c->inputs.link && !c->inputs.remote && c->eyewear[0]) {
        c->eyewear[0] = 0;
        conduct_event(c, "note", "eyewear", "confirm eyewear again", "the door was opened");
    }
}

/* ---- after the verdict ---- */

static void record_cause(fl_conduct *c, fl_kind kind, fl_reasons why)
{
    char codes[400];
    conduct_codes(why, codes, sizeof codes);
    fl_entry *entry = conduct_entry(c, kind);
    fl_entry_text(entry, "cause", codes[0] ? codes : "none");
    if (c->books.known) fl_entry_count(entry, "held", conduct_held(c));
    if (kind == FL_KIND_FAULT || kind == FL_KIND_ESTOP) {
        uint64_t certain, possible;
        conduct_pulses(c, &certain, &possible);
        fl_entry_count(entry, "certain", certain);
        fl_entry_count(entry, "possible", possible);
    }
    conduct_post(c);
}

static void three_faults(fl_conduct *c, fl_reasons why)
{
    const unsigned most = sizeof c->fault_history / sizeof *c->fault_history;
    for (unsigned i = 0; i < c->fault_count && i < most; i++)
        if (c->fault_history[i] & why) c->needs_supervisor = true;
    if (c->fault_count < most) c->fault_history[c->fault_count] = why;
    c->fault_count++;
    if (c->fault_count >= FAULTS_ANY) c->needs_supervisor = true;
}

/* Kept for the status line as well, for a face that comes later. */
static void tell_fault(fl_conduct *c, fl_reasons why, bool svc)
{
    char room[200];
    const fl_reason first = conduct_first(why);
    fl_fault_facts facts = {.causes = why,
                            .first = first,
                            .sensed = conduct_reason_text(c, first, room, sizeof room),
                            .from = c->tick->before.mode,
                            .link = c->inputs.link,
                            .svc = svc};
    conduct_pulses(c, &facts.certain, &facts.possible);
    fl_fault_text(&facts, c->fault_text);
    conduct_event(c, "fault", fl_reason_rows[first].code, fl_reason_rows[first].todo, "%s", c->fault_text);
}

static void begin_fault(fl_conduct *c, fl_reasons why)
{
    const bool svc = fl_interlock_core_state(c->core).flags & FL_FLAG_SVC;
    c->fault++;
    c->faulted = true;
    c->fault_causes = why;
    record_cause(c, FL_KIND_FAULT, why);
    if (svc)
        record_cause(c, FL_KIND_SVC, why);
    else
        three_faults(c, why);
    tell_fault(c, why, svc);
}

static void tell_drop(fl_conduct *c, fl_reasons why)
{
    char room[200];
    if (!why) return;
    record_cause(c, FL_KIND_DROP, why);
    const fl_reason first = conduct_first(why);
    conduct_event(c, "drop", fl_reason_rows[first].code, conduct_reason_todo(c, first), "%s",
                  conduct_reason_text(c, first, room, sizeof room));
}

/* A service fault that is latched while another fault is shown already. */
static void watch_svc(fl_conduct *c)
{
    const bool before = c->tick->before.flags & FL_FLAG_SVC, after = c->tick->result.next.flags & FL_FLAG_SVC;
    if (after && !before && c->tick->before.mode == FL_MODE_FAULT) begin_fault(c, c->tick->causes);
}

static void entered(fl_conduct *c, fl_mode from, fl_mode to)
{
    const fl_reasons why = c->tick->causes;
    c->entered = c->now;
    if (fl_mode_is_armed(from) && !fl_mode_is_armed(to)) {
        fl_gl1_stop(&c->link);
        conduct_laser_stop(c, "standing down");
    }
    /* The gate itself is in trouble, perhaps with a shutter that is not shut: then it is no barrier. */
    if (from == FL_MODE_STANDBY && (to == FL_MODE_FAULT || to == FL_MODE_ESTOP || to == FL_MODE_OFF))
        conduct_laser_stop(c, "trouble at the gate");
    if (to == FL_MODE_ARMING) {
        conduct_laser_armed(c);
        conduct_anchor_is_due(c);
    }
    if (to == FL_MODE_FAULT)
        begin_fault(c, why);
    else if (to == FL_MODE_SELFTEST || to == FL_MODE_OFF)
        c->faulted = false;
    if (to == FL_MODE_ESTOP) {
        record_cause(c, FL_KIND_ESTOP, why);
        tell_fault(c, why, fl_interlock_core_state(c->core).flags & FL_FLAG_SVC);
    }
    if (to == FL_MODE_STANDBY && from == FL_MODE_SELFTEST) {
        fl_entry *entry = conduct_entry(c, FL_KIND_SELFTEST);
        fl_entry_text(entry, "what", "laser");
        fl_entry_int(entry, "ok", 1);
        conduct_post(c);
    }
    if (to == FL_MODE_OFF && (fl_mode_is_armed(from) || from == FL_MODE_STANDBY)) tell_drop(c, why);
    if (to == FL_MODE_STANDBY && fl_mode_is_armed(from) && from != FL_MODE_CLOSING) tell_drop(c, why);
    if (to == FL_MODE_STANDBY && from == FL_MODE_CLOSING && (why & fl_reason_bit(FL_REASON_PULSE_MISSING)))
        tell_drop(c, why);
    if (to == FL_MODE_READY && from == FL_MODE_ARMING) {
        if (c->sid) {
            conduct_entry(c, FL_KIND_READY);
            conduct_post(c);
        }
        conduct_event(c, "tone", "ready", "", "READY");
    }
}

static bool awaits_report(fl_interlock_state s)
{
    return s.mode == FL_MODE_EMIT || (s.mode == FL_MODE_CLOSING && (s.flags & FL_FLAG_OUT));
}

static void obey(fl_conduct *c)
{
    const fl_core_tick *tick = c->tick;
    const fl_mode from = c->mode, to = tick->result.next.mode;
    const bool stands_down =
        to == FL_MODE_CLOSING && (tick->result.next.flags & ~tick->before.flags & FL_FLAG_NX);
    c->mode = to;
    if (c->adapter.measured_uJ && awaits_report(tick->before)) conduct_reported(c);
    if (!awaits_report(tick->result.next)) conduct_abandon(c);
    watch_svc(c);
    if (stands_down) {
        tell_drop(c, tick->causes);
        conduct_laser_stop(c, "standing down");
    }
    if (from != to) entered(c, from, to);
    if (tick->result.outputs.token) conduct_after_token(c);
    fl_gl1_shutter(&c->link, tick->result.outputs.shutter_open);
}

/* The laser refused to arm, or lost the order: nothing is warned about, so nothing is armed here either. */
static void watch_arming(fl_conduct *c)
{
    if (c->mode != FL_MODE_ARMING || c->status.order != FL_GL1_ORDER_ARM) return;
    if (c->entered.us == c->now.us) return; /* the status still speaks of an earlier order */
    const fl_gl1_result result = c->status.result;
    if (result != FL_RESULT_REFUSED && result != FL_RESULT_MISMATCH && result != FL_RESULT_LOST) return;
    c->cmd = FL_CMD_STANDBY;
    conduct_event(c, "refused", "laser-refused", "see the laser's own display", "the laser does not arm: %s",
                  result == FL_RESULT_REFUSED ? fl_nak_text(c->status.reason) : "it did not answer");
}

static void watch_people(fl_conduct *c)
{
    if (c->who[0] && c->mode == FL_MODE_STANDBY && fl_since(c->now, c->last_order).us > PRESENCE_US) {
        c->who[0] = c->eyewear[0] = 0;
        conduct_event(c, "note", "sign-out", "sign in again", "five minutes without a person: signed out");
    }
}

/* ---- the end ---- */

void fl_conduct_end(fl_conduct *c)
{
    if (c->ending) return;
    c->ending = true;
    c->end_began = c->now;
    if (fl_mode_is_armed(c->mode)) c->cmd = FL_CMD_STANDBY;
}

/* Everything is posted; is it on the disk, and does the laser know how far the log has come? */
static bool end_is_written(fl_conduct *c, bool patient)
{
    const bool durable = fl_writer_durable(c->setup.writer) >= c->end_ticket && !c->journal_lost;
    if (!durable && fl_writer_status(c->setup.writer) == FL_OK && patient) return false;
    c->end_status = durable ? FL_OK : FL_E_IO;
    return !durable || !patient || conduct_anchor_ends(c);
}

static void go_on_ending(fl_conduct *c)
{
    if (!c->ending || c->ended) return;
    const bool patient = fl_since(c->now, c->end_began).us < END_PATIENCE_US;
    if (!c->end_posted) {
        if (patient && (fl_mode_is_armed(c->mode) || c->books.stage != STAGE_NONE)) return;
        fl_gl1_stop(&c->link);
        conduct_laser_stop(c, "the session ends");
        if (patient && conduct_laser_owes(c)) return;
        conduct_laser_end(c);
        c->end_posted = true;
        /* A grant that is still open leaves the session open: the next start settles it and closes the
         * session. */
        if (!c->sid || c->books.stage != STAGE_NONE) return;
        fl_entry *entry = conduct_entry(c, FL_KIND_SESSION_CLOSE);
        uint64_t shown;
        if (conduct_read_counter(c, &shown))
            fl_entry_count(entry, "ctr", shown);
        else
            fl_entry_int(entry, "ctr_read", 0); /* not known: what the records add up to is no reading */
        fl_entry_count(entry, "pulses", c->books.session_records);
        if (c->setup.own) c->setup.own(c->setup.self, entry);
        c->end_ticket = conduct_post(c);
        c->sid = 0;
        return;
    }
    c->ended = end_is_written(c, patient);
}

bool fl_conduct_has_ended(const fl_conduct *c, fl_status *status)
{
    if (c->ended) *status = c->end_status;
    return c->ended;
}

/* ---- the tick ---- */

void fl_conduct_tick(fl_conduct *c)
{
    const fl_clock *clock = c->setup.clock;
    fl_duties_begin(&c->duties);
    fl_gl1_listen(&c->link);
    c->now = clock->now(clock->self);
    conduct_did(c, FL_DUTY_LINE);
    fl_gl1_look(&c->link, &c->status);
    conduct_settle(c);
    conduct_did(c, FL_DUTY_GRANT);
    conduct_laser(c);
    conduct_open_session(c);
    const fl_host_conditions host = conditions(c);
    c->cmd = FL_CMD_NONE;
    fl_adapter_tick(&c->adapter, c->now, clock->boot(clock->self), &c->status, &host, &c->inputs);
    c->tick =
        fl_interlock_core_tick(c->core, c->now, &c->inputs, c->status.stat_number, c->status.stat_asked);
    c->inputs = fl_inputs_unpack(c->tick->inputs);
    conduct_did_judge(c);
    obey(c);
    conduct_did(c, FL_DUTY_RECORDS);
    if (conduct_may_grant(c)) conduct_send(c); /* a GRANT feeds the watchdog too */
    write_motion(c);
    greet(c);
    conduct_watch_clock(c);
    watch_door(c);
    watch_people(c);
    watch_arming(c);
    conduct_anchor(c);
    conduct_answer_late(c);
    conduct_settings(c);
    go_on_ending(c);
    conduct_did(c, FL_DUTY_PEOPLE);
    if (conduct_may_speak(c)) fl_gl1_speak(&c->link);
}

bool fl_conduct_is_hot(const fl_conduct *c)
{
    return fl_mode_is_armed(c->mode) || c->books.stage != STAGE_NONE;
}

fl_interlock_state fl_conduct_state(const fl_conduct *c)
{
    return fl_interlock_core_state(c->core);
}

uint64_t fl_conduct_pulses(const fl_conduct *c)
{
    return c->books.certain;
}
