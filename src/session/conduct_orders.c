/* What people say: one answer for every order, with the reason when it is no. No order makes light. */
#include "conduct_private.h"
#include "endpoint.h"
#include "eyewear.h"

#include "fadeline/base/text.h"

#include <string.h>

void conduct_yes(fl_conduct *c, const fl_face_order *order, const char *text)
{
    c->setup.answer(c->setup.self, order, FL_OK, "", text, "", 0);
}

/* A refusal is answered and journalled. */
void conduct_no(fl_conduct *c, const fl_face_order *order, const char *code, const char *text,
                const char *hint)
{
    c->setup.answer(c->setup.self, order, FL_E_NO, code, fl_entry_takes(text) ? text : code, hint, 0);
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "refused");
    fl_entry_text(entry, "code", code);
    conduct_post(c);
}

static void no_error(fl_conduct *c, const fl_face_order *order, const fl_error *error)
{
    conduct_no(c, order, error->code[0] ? error->code : "refused", error->what, error->hint);
}

/* ---- people ---- */

static void sign_in(fl_conduct *c, const fl_face_order *order, unsigned roles)
{
    if (fl_mode_is_armed(c->mode))
        conduct_no(c, order, "sign-in-armed", "nobody signs in while armed", "order standby first");
    else if (!fl_entry_takes(order->who) || !order->who[0] ||
             !fl_doorman_ask(c->setup.doorman, order->who, order->pin, roles, c->setup.today))
        conduct_no(c, order, "sign-in-busy", "another sign-in is looked at, or this one cannot be read",
                   "try again");
    else {
        c->asking = *order;
        explicit_bzero(c->asking.pin, sizeof c->asking.pin);
    }
}

/* Before a new session is opened in the journal, the one that a kill left open is closed with what its
 * records add up to. */
static void close_interrupted(fl_conduct *c)
{
    const fl_past *past = &c->setup.past;
    if (!past->interrupted || past->counter.manual) return;
    const bool also = c->books.recovered_delivered && past->counter.grant_sid == past->counter.sid;
    const uint64_t pulses = past->counter.pulses + also;
    fl_entry *entry = conduct_entry(c, FL_KIND_SESSION_CLOSE);
    fl_entry_count(entry, "sid", past->counter.sid);
    fl_entry_count(entry, "ctr", c->books.expected);
    fl_entry_count(entry, "pulses", pulses);
    fl_entry_int(entry, "interrupted", 1);
    conduct_post(c);
    conduct_event(c, "note", "session-interrupted", "sign in, choose the zone and go on, or end the session",
                  "INTERRUPTED at %llu, %s", (unsigned long long)pulses,
                  past->interrupted_zone[0] ? past->interrupted_zone : "no zone");
    c->setup.past.interrupted = false;
}

/* Before any light, and every grant is durable after it: whoever dies from here on leaves the head locked. */
static void record_begun(fl_conduct *c)
{
    const fl_plan_setting *setting = &c->setup.plan->settings[0];
    fl_entry *entry = conduct_entry(c, FL_KIND_CHECK);
    fl_energy_put_mark(entry, FL_ENERGY_BEGUN, setting->head, c->target.wanted.wavelength_nm,
                       (double)c->target.wanted.energy_uJ / 1e6, c->who);
    conduct_post(c);
}

void conduct_open_session(fl_conduct *c)
{
    if (c->sid || !c->who[0] || !c->status.link || c->status.watch != FL_GL1_EXPECTED) return;
    if (!conduct_counter_is_good(c) || c->ending) return;
    close_interrupted(c);
    char day[11];
    const uint64_t sid = c->setup.past.next_sid;
    fl_entry *entry = conduct_entry(c, FL_KIND_SESSION_OPEN);
    fl_entry_count(entry, "sid", sid);
    fl_entry_count(entry, "ctr", c->books.expected);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "pat", c->setup.plan->client);
    fl_entry_text(entry, "plan", c->plan_hex);
    if (conduct_calibrates(c))
        fl_entry_text(entry, "pu", FL_PURPOSE_CHECK); /* nobody compared the device file for a treatment */
    else
        fl_entry_text(entry, "profile", c->setup.plan->device_sha256);
    conduct_laser_name(c, entry);
    /* Whoever plans next reads how long the zones of this session rest. */
    if (fl_plan_treats_zones(c->setup.plan) && fl_date_is_set(c->setup.plan->next_not_before))
        fl_entry_text(entry, "not_before", fl_date_text(c->setup.plan->next_not_before, day));
    if (!conduct_post(c)) return;
    c->sid = sid;
    if (conduct_calibrates(c)) record_begun(c);
    entry = conduct_entry(c, FL_KIND_PLAN_CONFIRM);
    fl_entry_text(entry, "plan", c->plan_hex);
    fl_entry_text(entry, "who", c->who);
    conduct_post(c);
    conduct_event(c, "note", "room-checklist", "look before you order ARM", "%s", FL_ROOM_CHECKLIST);
    entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "room-checklist");
    conduct_post(c);
}

static void begin_reset(fl_conduct *c, const fl_face_order *order, bool service)
{
    c->resetter = *order;
    c->resetting = true;
    c->reset_service = service;
    c->reset_until = fl_after(c->now, fl_seconds(3));
    if (c->status.link && c->status.stat.state == FL_DEVICE_FAULT &&
        fl_gl1_reset(&c->link, c->status.stat.causes, NULL) != FL_OK)
        c->reset_until = c->now; /* the next tick says that it did not work */
}

/* Two other persons, both signed in just now, and a reason. */
static void clear_service(fl_conduct *c, const fl_face_order *order)
{
    if (!c->service_who[0] || fl_text_same(c->service_who, order->who))
        return conduct_no(c, order, "service-first", "a service person has to sign first",
                          "order: service WHO PIN");
    if (!order->text[0] || !fl_entry_takes(order->text))
        return conduct_no(c, order, "service-first", "a service-class fault is cleared with a reason",
                          "say what was found and done");
    begin_reset(c, order, true);
}

static void supervisor_signed(fl_conduct *c, const fl_face_order *order)
{
    if (c->mode == FL_MODE_FAULT && (fl_interlock_core_state(c->core).flags & FL_FLAG_SVC))
        return clear_service(c, order);
    const bool faults = c->needs_supervisor;
    const bool counter = conduct_reconcile(c, order->who);
    if (!counter && !faults)
        return conduct_no(c, order, "nothing-to-sign", "nothing waits for a supervisor", "");
    c->needs_supervisor = false;
    c->fault_count = 0;
    fl_entry *entry = conduct_entry(c, FL_KIND_OVERRIDE);
    fl_entry_text(entry, "who", order->who);
    fl_entry_text(entry, "reason", counter ? "counter" : "faults");
    conduct_post(c);
    conduct_yes(c, order, counter ? "the laser's counter is taken as it is" : "the faults are signed off");
}

/* What one person confirmed and had signed, another did not. */
static void take_person(fl_conduct *c, const char *who)
{
    if (fl_text_same(c->who, who)) return;
    if (c->who[0] && fl_mode_is_armed(c->mode)) c->cmd = FL_CMD_STANDBY;
    c->given = (fl_second_signed){0};
    c->eyewear[0] = 0;
    snprintf(c->who, sizeof c->who, "%s", who);
}

static void door_answer(fl_conduct *c, fl_people_answer answer)
{
    const fl_face_order order = c->asking;
    c->asking.what = FL_DO_NONE;
    const bool good = answer == FL_PEOPLE_YES;
    fl_entry *entry = conduct_entry(c, good ? FL_KIND_AUTH_OK : FL_KIND_AUTH_FAIL);
    fl_entry_text(entry, "who", fl_doorman_knows(c->setup.doorman, order.who) ? order.who : "?");
    if (!good) fl_entry_text(entry, "why", fl_people_answer_code(answer));
    conduct_screen(entry, &order);
    conduct_post(c);
    if (!good) {
        c->setup.answer(c->setup.self, &order, FL_E_NO, fl_people_answer_code(answer),
                        fl_people_answer_text(answer), "", 0);
    } else if (order.what == FL_DO_RECONCILE) {
        supervisor_signed(c, &order);
    } else if (order.what == FL_DO_SECOND || order.what == FL_DO_DATE) {
        fl_error error = {0};
        const bool date = order.what == FL_DO_DATE;
        if ((date ? conduct_sign_date(c, order.who, order.text, &error)
                  : conduct_sign_second(c, order.who, &error)) != FL_OK)
            no_error(c, &order, &error);
        else
            conduct_yes(c, &order, date ? "the date is confirmed" : "signed as the second person");
    } else if (order.what == FL_DO_SERVICE) {
        snprintf(c->service_who, sizeof c->service_who, "%s", order.who);
        conduct_yes(c, &order, "signed; now a supervisor with a reason");
    } else {
        take_person(c, order.who);
        conduct_yes(c, &order, "signed in");
    }
}

static void sign_out(fl_conduct *c, const fl_face_order *order)
{
    take_person(c, "");
    conduct_yes(c, order, "signed out");
}

/* ---- what the session is about ---- */

static void eyewear(fl_conduct *c, const fl_face_order *order)
{
    const uint64_t wanted_nm = c->target.wanted.wavelength_nm;
    if (!c->who[0]) return conduct_no(c, order, "not-signed-in", "nobody is signed in", "sign in first");
    if (order->value <= 0 || !fl_entry_takes(order->text))
        return conduct_no(c, order, "eyewear", "what is printed on the eyewear cannot be read",
                          "wavelength, then the marks: 755 OD7 M LB9");
    const uint64_t nm = (uint64_t)order->value;
    const fl_plan_eyewear *need = NULL;
    for (size_t i = 0; i < c->setup.plan->eyewear_count; i++)
        if (fl_whole_nm(c->setup.plan->eyewear[i].wavelength) == order->value)
            need = &c->setup.plan->eyewear[i];
    char text[200];
    if (wanted_nm && nm != wanted_nm) {
        snprintf(text, sizeof text, "this eyewear is for %llu nm, the plan uses %llu nm",
                 (unsigned long long)nm, (unsigned long long)wanted_nm);
        return conduct_no(c, order, "eyewear-wrong", text, "take the eyewear for the planned wavelength");
    }
    if (!need)
        return conduct_no(c, order, "eyewear-wrong", "the plan names no eyewear for this wavelength",
                          "take the planned wavelength");
    fl_error error = {0};
    if (fl_eyewear_check(order->text, need, &error) != FL_OK)
        return conduct_no(c, order, "eyewear-wrong", error.what, error.hint);
    if (!c->inputs.remote)
        return conduct_no(c, order, "eyewear-door",
                          "the door is open: eyewear is confirmed with the door closed", "close the door");
    snprintf(c->eyewear, sizeof c->eyewear, "%s", order->text);
    c->eyewear_nm = nm;
    fl_entry *entry = conduct_entry(c, FL_KIND_EYEWEAR);
    if (!c->sid) fl_entry_int(entry, "sid", 0);
    fl_entry_text(entry, "who", c->who);
    fl_entry_count(entry, "wl_nm", nm);
    fl_entry_text(entry, "marks", order->text);
    conduct_screen(entry, order);
    conduct_post(c);
    conduct_yes(c, order, "eyewear confirmed");
}

/* A check has no client: neither zone nor spot, and nothing to be seen on anybody. */
static void no_client(fl_conduct *c, const fl_face_order *order)
{
    conduct_no(c, order, "calibration-only", "this session checks the laser in its calibration port",
               "end it; treat with: fadeline run");
}

static void choose(fl_conduct *c, const fl_face_order *order)
{
    if (!c->who[0]) return conduct_no(c, order, "not-signed-in", "nobody is signed in", "sign in first");
    if (conduct_calibrates(c)) return no_client(c, order);
    if (fl_mode_is_armed(c->mode))
        return conduct_no(c, order, "not-standby", "the zone changes in STANDBY only", "order standby first");
    fl_error error = {0};
    const fl_status status = order->what == FL_DO_ZONE ? conduct_aim_zone(c, order->text, &error)
                                                       : conduct_aim_spot(c, order->value, &error);
    if (status != FL_OK) return no_error(c, order, &error);
    fl_entry *entry = conduct_entry(c, FL_KIND_ZONE);
    if (!c->sid) fl_entry_int(entry, "sid", 0);
    fl_entry_text(entry, "zone", c->target.name);
    fl_entry_text(entry, "who", c->who);
    conduct_screen(entry, order);
    conduct_post(c);
    conduct_yes(c, order, "");
}

static void record_endpoint(fl_conduct *c, const char *seen, const target *subject)
{
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "endpoint");
    fl_entry_text(entry, "seen", seen);
    fl_entry_text(entry, "pat", c->setup.plan->client);
    fl_entry_text(entry, "plan", c->plan_hex);
    if (subject->kind != TARGET_NONE) {
        fl_entry_text(entry, "zone", subject->name);
        fl_entry_text(entry, "pu", conduct_purpose(subject->kind));
        fl_entry_count(entry, "wl_nm", subject->wanted.wavelength_nm);
        fl_entry_count(entry, "spot_um", subject->wanted.spot_um);
    }
    fl_entry_count(entry, "ctr", c->books.expected);
    conduct_post(c);
}

static void endpoint(fl_conduct *c, const fl_face_order *order)
{
    const fl_endpoint *end = fl_endpoint_find(order->text);
    if (!c->who[0]) return conduct_no(c, order, "not-signed-in", "nobody is signed in", "sign in first");
    if (conduct_calibrates(c)) return no_client(c, order);
    if (!end)
        return conduct_no(c, order, "endpoint-unknown", "this is not an endpoint we know",
                          "none, frost, weak, bleed, darkened, hair-white or spark");
    if (end->stop && fl_mode_is_armed(c->mode)) c->cmd = FL_CMD_STANDBY;
    if (end->pause) c->pause_until = fl_after(c->now, (fl_duration){FL_ENDPOINT_PAUSE_US});
    target subject;
    conduct_subject(c, &subject);
    record_endpoint(c, end->seen, &subject);
    if ((end->lock || end->bar) && subject.kind == TARGET_NONE)
        return conduct_no(c, order, "endpoint-where",
                          "nothing was treated under this plan, so where was it seen?",
                          "order the zone, then the endpoint again");
    const bool locks = end->lock && subject.kind == TARGET_ZONE;
    const bool bars = end->bar && subject.kind == TARGET_SPOT;
    if (locks) c->zone_locked[subject.index] = true;
    if (bars) fl_past_bar(&c->bars, subject.wanted.wavelength_nm, subject.wanted.spot_um);
    if (end->look) {
        c->looked = true;
        c->looked_at = c->setup.clock->utc(c->setup.clock->self);
    }
    conduct_yes(c, order,
                locks        ? "noted; the zone is locked"
                : bars       ? "noted; nothing more with this wavelength and spot"
                : end->pause ? "noted; five minutes of pause"
                             : "noted");
}

/* ---- the interlock's orders ---- */

/* Whether this head may treat, by its newest energy check. false: the order was answered. */
static bool energy_is_good(fl_conduct *c, const fl_face_order *order)
{
    const fl_device *device = c->setup.device;
    const fl_plan_setting *setting = c->target.setting;
    if (!device || !setting) return true; /* nothing chosen: the interlock refuses with that reason */
    const fl_device_head *head = fl_device_head_find(device, setting->head);
    fl_energy_last last;
    const fl_energy_stand stand =
        fl_energy_stand_for(&c->setup.past.checks, device, head, c->target.wanted.energy_uJ, c->setup.today,
                            c->setup.simulated, &last);
    if (stand == FL_STAND_GOOD) return true;
    char text[160];
    conduct_no(c, order, fl_energy_stand_code(stand), fl_energy_stand_text(&last, stand, text, sizeof text),
               "fadeline energy-check; the laser is free for checks");
    return false;
}

/* The settings of a check were refused: there is no zone to order again, so ARM asks for them again. */
static void retry_settings(fl_conduct *c, const fl_face_order *order)
{
    conduct_aim_port(c);
    conduct_no(c, order, "settings-refused",
               "the laser did not take the settings of the check; it is asked again",
               "compare head, energy, spot and rate with its label, then order ARM again");
}

static void arm(fl_conduct *c, const fl_face_order *order)
{
    if (!conduct_calibrates(c) && !energy_is_good(c, order)) return;
    if (conduct_calibrates(c) && c->target.refused) return retry_settings(c, order);
    if (c->armer.what != FL_DO_NONE)
        return conduct_no(c, order, "arm-busy", "another ARM is being decided", "wait");
    c->armer = *order; /* the next tick decides and answers */
    c->cmd = conduct_calibrates(c) ? FL_CMD_ARM_CAL : FL_CMD_ARM_TREAT;
}

/* The line was disturbed too often while armed (link, rule L4): nothing arms until a person has seen it. */
static void confirm_disturbance(fl_conduct *c, const fl_face_order *order)
{
    fl_gl1_clear_stand_down(&c->link);
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "line-disturbed");
    conduct_post(c);
    conduct_yes(c, order, "noted: the line was disturbed");
}

static void reset(fl_conduct *c, const fl_face_order *order)
{
    if (!c->who[0]) return conduct_no(c, order, "not-signed-in", "nobody is signed in", "sign in first");
    if (c->mode == FL_MODE_STANDBY && c->status.stand_down) return confirm_disturbance(c, order);
    if (c->mode != FL_MODE_FAULT) return conduct_no(c, order, "no-fault", "there is no fault to reset", "");
    if (order->value != (int64_t)c->fault)
        return conduct_no(c, order, "fault-other", "another fault is shown now",
                          "read it, then reset that one");
    if (fl_interlock_core_state(c->core).flags & FL_FLAG_SVC)
        return conduct_no(c, order, "service-latched", fl_reason_rows[FL_REASON_SERVICE].text,
                          fl_reason_rows[FL_REASON_SERVICE].todo);
    begin_reset(c, order, false);
}

/* One record for all the orders that were not taken. */
static void flood(fl_conduct *c)
{
    conduct_event(c, "note", "order-flood", "look for a program that repeats itself; connect again",
                  "a screen gave more than %d orders a second and was cut off", FACES_RATE);
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "order-flood");
    conduct_post(c);
}

void fl_conduct_order(fl_conduct *c, const fl_face_order *order)
{
    if (order->what == FL_DO_FLOOD) return flood(c);
    if (order->what != FL_DO_HERE) c->last_order = c->now;
    switch (order->what) {
    case FL_DO_SIGN_IN:
        sign_in(c, order, conduct_calibrates(c) ? FL_ROLES_CHECK : 1u << FL_ROLE_OPERATOR);
        break;
    case FL_DO_SECOND:
    case FL_DO_DATE:
    case FL_DO_RECONCILE: sign_in(c, order, 1u << FL_ROLE_SUPERVISOR); break;
    case FL_DO_SERVICE: sign_in(c, order, 1u << FL_ROLE_SERVICE); break;
    case FL_DO_SIGN_OUT: sign_out(c, order); break;
    case FL_DO_EYEWEAR: eyewear(c, order); break;
    case FL_DO_ZONE:
    case FL_DO_SPOTS: choose(c, order); break;
    case FL_DO_ARM: arm(c, order); break;
    case FL_DO_STANDBY:
        c->cmd = FL_CMD_STANDBY;
        conduct_yes(c, order, "");
        break;
    case FL_DO_RESET: reset(c, order); break;
    case FL_DO_ENDPOINT: endpoint(c, order); break;
    case FL_DO_NOTE: conduct_note(c, order); break;
    case FL_DO_NEAR_MISS: conduct_near_miss(c, order); break;
    case FL_DO_END:
        conduct_yes(c, order, "");
        fl_conduct_end(c);
        break;
    case FL_DO_HERE: conduct_yes(c, order, ""); break;
    default: conduct_no(c, order, "order-unknown", "this order is not known", "see fadeline/session/face.h");
    }
}

/* ---- answers that had to wait ---- */

static void answer_arm(fl_conduct *c)
{
    const fl_face_order order = c->armer;
    c->armer.what = FL_DO_NONE;
    char codes[400], room[200];
    if (c->mode == FL_MODE_ARMING) {
        c->armed_face = order.face;
        fl_entry *entry = conduct_entry(c, FL_KIND_ARM);
        if (!c->sid) fl_entry_int(entry, "sid", 0);
        fl_entry_text(entry, "who", c->who);
        if (conduct_calibrates(c)) fl_entry_text(entry, "pu", FL_PURPOSE_CHECK);
        conduct_screen(entry, &order);
        conduct_post(c);
        fl_error error = {0};
        if (fl_gl1_arm(&c->link, &error) != FL_OK) {
            c->cmd = FL_CMD_STANDBY;
            return no_error(c, &order, &error);
        }
        return conduct_yes(c, &order, "warning on");
    }
    const fl_interlock_state before = c->tick->before;
    fl_reasons why = fl_interlock_refusals(before, c->tick->inputs, conduct_calibrates(c));
    if (!why) why = fl_reason_bit(FL_REASON_NOT_STANDBY);
    const fl_reason first = conduct_first(why);
    conduct_codes(why, codes, sizeof codes);
    fl_entry *entry = conduct_entry(c, FL_KIND_ARM_REFUSED);
    if (!c->sid) fl_entry_int(entry, "sid", 0);
    fl_entry_text(entry, "cause", codes);
    conduct_screen(entry, &order);
    const char *text = conduct_reason_text(c, first, room, sizeof room);
    fl_entry_text(entry, "text", text);
    conduct_post(c);
    c->setup.answer(c->setup.self, &order, FL_E_REFUSED, fl_reason_rows[first].code, text,
                    conduct_reason_todo(c, first), why);
}

static void answer_reset(fl_conduct *c)
{
    const fl_face_order order = c->resetter;
    const bool service = c->reset_service;
    if (c->mode == FL_MODE_FAULT && c->now.us < c->reset_until.us) return;
    c->resetting = c->reset_service = false;
    c->resetter.what = FL_DO_NONE;
    if (c->mode == FL_MODE_FAULT)
        return conduct_no(c, &order, "not-calm", "the fault stays: something is not calm yet",
                          "foot off, shutters closed, no light, laser without fault, operator signed in");
    fl_entry *entry = conduct_entry(c, FL_KIND_RESET);
    fl_entry_text(entry, "who", service ? order.who : c->who);
    fl_entry_int(entry, "fault", c->fault);
    fl_entry_int(entry, "svc", service);
    conduct_screen(entry, &order);
    if (service) {
        fl_entry_text(entry, "second", c->service_who);
        fl_entry_text(entry, "reason", order.text);
        c->service_who[0] = 0;
    }
    conduct_post(c);
    conduct_yes(c, &order, "reset; the self-test runs");
}

void conduct_answer_late(fl_conduct *c)
{
    fl_people_answer answer;
    if (c->asking.what != FL_DO_NONE && fl_doorman_answered(c->setup.doorman, &answer))
        door_answer(c, answer);
    if (c->armer.what != FL_DO_NONE && c->cmd == FL_CMD_NONE) answer_arm(c);
    if (c->resetting) answer_reset(c);
}
