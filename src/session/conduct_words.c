/* What the conduct says: entries of the journal, events and the status line for faces. Decides nothing. */
#include "conduct_private.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* ---- the journal ---- */

fl_entry *conduct_entry(fl_conduct *c, fl_kind kind)
{
    fl_entry_begin(&c->scratch, kind);
    fl_entry_device(&c->scratch, c->setup.expected.uid, c->setup.simulated);
    if (c->sid) fl_entry_count(&c->scratch, "sid", c->sid);
    return &c->scratch;
}

void conduct_screen(fl_entry *entry, const fl_face_order *order)
{
    if (order->screen[0]) fl_entry_text(entry, "screen", order->screen);
}

uint64_t conduct_post(fl_conduct *c)
{
    const uint64_t ticket =
        fl_entry_status(&c->scratch) == FL_OK ? fl_writer_put(c->setup.writer, &c->scratch) : 0;
    if (!ticket) c->journal_lost = true;
    return ticket;
}

void conduct_codes(fl_reasons reasons, char *room, size_t size)
{
    fl_text text = fl_text_in(room, size);
    for (int i = 0; i < FL_REASON_COUNT; i++)
        if (reasons & fl_reason_bit((fl_reason)i))
            fl_text_add(&text, "%s%s", text.length ? "," : "", fl_reason_rows[i].code);
}

/* The one to act on. Some causes are only what another one looks like from outside: of each pair the first
 * tells a person what to do, and the second is left for the list. */
fl_reason conduct_first(fl_reasons reasons)
{
    static const struct {
        fl_reason tells, hides;
    } pairs[] = {
        {FL_REASON_HANDPIECE, FL_REASON_PLAN}, /* another spot also keeps the plan from being read back */
        {FL_REASON_SELFTEST_TIMEOUT, FL_REASON_FOOT_HELD},
        {FL_REASON_SELFTEST_FAILED, FL_REASON_HEAD},
        {FL_REASON_SERVICE, FL_REASON_HEAD},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (reasons & fl_reason_bit(pairs[i].tells)) reasons &= ~fl_reason_bit(pairs[i].hides);
    int i = 0;
    while (i < FL_REASON_COUNT - 1 && !(reasons & fl_reason_bit((fl_reason)i))) i++;
    return (fl_reason)i;
}

/* ---- sentences that know the numbers ---- */

/* "4", "2.5" */
static void mm_text(uint64_t um, char room[16])
{
    snprintf(room, 16, "%.4g", (double)um / 1000.0);
}

static const char *handpiece_text(const fl_conduct *c, char *room, size_t size)
{
    const fl_gl1_stat *stat = &c->status.stat;
    const uint64_t planned = c->target.wanted.spot_um;
    char seen_mm[16], planned_mm[16];
    if (c->target.kind == TARGET_NONE)
        return "no zone and no test spot is chosen, so no spot is known to be right";
    mm_text(planned, planned_mm);
    mm_text(stat->spot_um, seen_mm);
    if (stat->handpiece == FL_HANDPIECE_NONE)
        snprintf(room, size, "no handpiece is attached");
    else if (stat->spot_um == 0)
        snprintf(room, size, "the spot of the handpiece is not known, plan %s mm", planned_mm);
    else if (stat->spot_um != planned) {
        const double ratio =
            pow((double)planned / (double)stat->spot_um, 2); /* energy stays, area does not */
        snprintf(room, size, "Handpiece %s mm, plan %s mm: fluence would be %.2f times", seen_mm, planned_mm,
                 ratio);
    } else
        snprintf(room, size, "the handpiece cannot be read");
    return room;
}

const char *conduct_reason_text(const fl_conduct *c, fl_reason reason, char *room, size_t size)
{
    const char *text;
    switch (reason) {
    case FL_REASON_HANDPIECE: return handpiece_text(c, room, size);
    case FL_REASON_LIMITS:
        text = conduct_limits_text(c, room, size);
        return text ? text : "the limit was reached";
    case FL_REASON_COUNTER:
        if (!c->books.mismatch) return "the last grant is not settled yet";
        snprintf(room, size, "the laser counts %llu pulses, the journal %llu",
                 (unsigned long long)c->status.stat.pulses, (unsigned long long)conduct_held(c));
        return room;
    case FL_REASON_DUAL:
        text = conduct_second_text(c, room, size);
        return text ? text : fl_reason_rows[reason].text;
    case FL_REASON_DOOR:
        return c->adapter.motion & FL_MOTION_DOOR
                   ? "the room door is open"
                   : "the door switch was not seen to move: open and close the door once";
    case FL_REASON_ESTOP:
        return c->adapter.motion & FL_MOTION_ESTOP
                   ? "an emergency stop channel is open"
                   : "the emergency stop was not seen to move: press and release it once";
    case FL_REASON_FOOT_HELD:
        return c->adapter.motion & FL_MOTION_FOOT
                   ? "the footswitch is pressed"
                   : "the footswitch was not seen to move: press and release it once";
    case FL_REASON_ENERGY_OUT:
        if (!c->adapter.measured_uJ) return fl_reason_rows[reason].text;
        snprintf(room, size, "a pulse had %.1f mJ, %.1f mJ were asked", (double)c->adapter.measured_uJ / 1e3,
                 (double)c->target.wanted.energy_uJ / 1e3);
        return room;
    case FL_REASON_PLAN:
        if (c->status.stand_down)
            return "the line was disturbed too often: look at the cable and what runs beside it, then order "
                   "reset";
        if (c->target.kind != TARGET_NONE && !conduct_laser_is_set(c))
            return conduct_laser_text(c, room, size);
        return c->target.kind == TARGET_NONE ? "no zone and no test spot is chosen"
                                             : "the laser has not read the plan back bit for bit";
    case FL_REASON_HEAD:
        if (!conduct_laser_is_healthy(c)) return conduct_laser_text(c, room, size);
        return fl_reason_rows[reason].text;
    case FL_REASON_JOURNAL:
        if (c->journal_damaged) return "the journal does not verify: something in it was changed";
        return conduct_anchor_is_good(c) ? fl_reason_rows[reason].text : conduct_anchor_text(c);
    default: return fl_reason_rows[reason].text;
    }
}

const char *conduct_reason_todo(const fl_conduct *c, fl_reason reason)
{
    if (conduct_calibrates(c) && reason == FL_REASON_LIMITS)
        return c->port.pulses >= (int)c->setup.check_pulses ? "end the session"
                                                            : "wait a moment, then order again";
    return fl_reason_rows[reason].todo;
}

/* ---- faces ---- */

const char *conduct_state_word(fl_mode mode)
{
    static const char *const words[FL_MODE_COUNT] = {
#define X(name, code, word, shown) #name,
        FL_MODE_LIST(X)
#undef X
    };
    const int i = fl_mode_index(mode);
    return i < 0 ? "FAULT" : words[i];
}

/* Text from outside is asked for first: what the journal's form cannot hold is left out. */
static void put_text(fl_entry *line, const char *key, const char *text)
{
    if (text && text[0] && fl_entry_takes(text)) fl_entry_text(line, key, text);
}

static int zone_pulses(const fl_conduct *c)
{
    return conduct_read_count(c, c->target.kind, c->target.index)->pulses;
}

void conduct_event(fl_conduct *c, const char *kind, const char *code, const char *hint, const char *format,
                   ...)
{
    char text[FAULT_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fl_entry line;
    fl_entry_begin_inner(&line);
    fl_entry_text(&line, "type", "event");
    fl_entry_text(&line, "kind", kind);
    fl_entry_text(&line, "code", code);
    fl_entry_text(&line, "hint", hint);
    fl_entry_text(&line, "text", fl_entry_takes(text) ? text : "(a text that cannot be shown)");
    if (c->books.known) fl_entry_count(&line, "ctr", conduct_held(c));
    fl_entry_count(&line, "session_pulses", c->books.certain);
    if (c->target.kind != TARGET_NONE) {
        put_text(&line, "zone", c->target.name);
        fl_entry_int(&line, "zone_pulses", zone_pulses(c));
    }
    c->setup.tell(c->setup.self, &line, false);
}

static uint64_t fluence_uJ_cm2(uint64_t energy_uJ, uint64_t spot_um)
{
    const double d_cm = (double)spot_um * 1e-4;
    return spot_um ? (uint64_t)llround((double)energy_uJ / (0.25 * 3.14159265358979323846 * d_cm * d_cm)) : 0;
}

static void put_settings(fl_entry *line, const fl_conduct *c)
{
    fl_entry part;
    const fl_gl1_settings *w = &c->target.wanted;
    if (c->target.kind != TARGET_NONE) {
        fl_entry_begin_inner(&part);
        fl_entry_count(&part, "energy_uJ", w->energy_uJ);
        fl_entry_count(&part, "fluence_uJ_cm2", fluence_uJ_cm2(w->energy_uJ, w->spot_um));
        fl_entry_count(&part, "pulse_ps", (uint64_t)llround(c->target.setting->pulse.s * 1e12));
        fl_entry_count(&part, "rate_mHz", w->rate_mHz);
        fl_entry_count(&part, "spot_um", w->spot_um);
        fl_entry_count(&part, "wl_nm", w->wavelength_nm);
        fl_entry_object(line, "planned", &part);
    }
    if (!c->status.link || !c->status.stat.spot_um) return;
    fl_entry_begin_inner(&part);
    fl_entry_count(&part, "spot_um", c->status.stat.spot_um);
    if (c->status.stat.pulse_energy_uJ && c->books.certain) {
        fl_entry_count(&part, "energy_uJ", c->status.stat.pulse_energy_uJ);
        fl_entry_count(&part, "fluence_uJ_cm2",
                       fluence_uJ_cm2(c->status.stat.pulse_energy_uJ, c->status.stat.spot_um));
    }
    fl_entry_object(line, "measured", &part);
}

static void put_counts(fl_entry *line, const fl_conduct *c)
{
    fl_plan_budget room;
    const fl_plan_budget *budget = conduct_budget(c, &room);
    fl_entry_count(line, "session_pulses", c->books.certain);
    if (budget) {
        put_text(line, "zone", c->target.name);
        fl_entry_int(line, "zone_pulses", zone_pulses(c));
        fl_entry_int(line, "zone_budget", budget->planned);
    }
    int planned = 0;
    for (size_t i = 0; i < c->setup.plan->zone_count; i++) planned += c->setup.plan->zones[i].budget.planned;
    if (planned) fl_entry_int(line, "session_budget", planned);
    if (c->status.link) fl_entry_count(line, "ctr", c->status.stat.pulses);
}

/* Every input that is not good now, by its short name; sensors by what they say. */
static void put_bad(fl_entry *line, const fl_conduct *c)
{
    const char *names[FL_INPUT_FIELDS];
    size_t count = 0;
    const fl_inputs *in = &c->inputs;
    const uint32_t word = fl_inputs_pack(in);
    for (int i = 0; i < FL_BIT_dock; i++) /* the single bits 0 to 16, in the order of the layout */
        if (!(word >> i & 1)) names[count++] = fl_input_rows[i].name;
    if (in->dock) names[count++] = "dock";
    const bool open = c->tick && c->tick->result.outputs.shutter_open;
    if (!open && !in->sh_closed) names[count++] = "sh_closed";
    if (in->energy == FL_ENERGY_FAILED || in->energy == FL_ENERGY_OUT) names[count++] = "energy";
    if (in->foot >= FL_FOOT_DISAGREE || (in->foot == FL_FOOT_PRESSED && c->mode == FL_MODE_STANDBY))
        names[count++] = "foot";
    if (in->selftest != FL_SELFTEST_PASS) names[count++] = "selftest";
    if (count) fl_entry_texts(line, "bad", names, count);
}

static const char *contact(bool good, bool proven, const char *is_good, const char *is_not)
{
    return !good ? is_not : proven ? is_good : "unproven";
}

/* What stands about the laser, each by its own state; nothing of it while no status of the expected laser is
 * fresh. Our clock hangs there too: it is the one the journal writes. */
static void put_room(fl_entry *line, const fl_conduct *c)
{
    fl_entry part;
    const fl_clock *clock = c->setup.clock;
    const uint32_t raw = c->status.stat.inputs;
    const bool door = raw >> FL_IN_DOOR_A & raw >> FL_IN_DOOR_B & 1,
               stop = raw >> FL_IN_ESTOP_A & raw >> FL_IN_ESTOP_B & 1;
    const unsigned seen = c->adapter.motion;
    fl_entry_begin_inner(&part);
    if (c->inputs.link) {
        const bool lifted = !c->adapter.foot_down && !c->adapter.foot_differs;
        fl_entry_text(&part, "cooling", raw >> FL_IN_FLOW & raw >> FL_IN_COOLANT & 1 ? "good" : "bad");
        fl_entry_text(&part, "covers", raw >> FL_IN_COVERS & 1 ? "closed" : "open");
        fl_entry_text(&part, "door", contact(door, seen & FL_MOTION_DOOR, "closed", "open"));
        fl_entry_text(
            &part, "foot",
            contact(lifted, seen & FL_MOTION_FOOT, "up", c->adapter.foot_differs ? "differs" : "down"));
        fl_entry_text(&part, "key", raw >> FL_IN_KEY & 1 ? "on" : "off");
        fl_entry_text(&part, "stop", contact(stop, seen & FL_MOTION_ESTOP, "released", "pressed"));
    }
    fl_entry_int(&part, "utc_us", clock->utc(clock->self).us);
    fl_entry_object(line, "room", &part);
}

/* The newest energy check of the head that is chosen; nothing when nobody ever checked it, or none is chosen.
 */
static void put_check(fl_entry *line, const fl_conduct *c)
{
    fl_entry part;
    fl_energy_last last;
    char day[11];
    const fl_device *device = c->setup.device;
    if (!device || !c->target.setting) return;
    const fl_device_head *head = fl_device_head_find(device, c->target.setting->head);
    const fl_energy_stand stand =
        fl_energy_stand_for(&c->setup.past.checks, device, head, c->target.wanted.energy_uJ, c->setup.today,
                            c->setup.simulated, &last);
    if (!last.seen) return;
    fl_entry_begin_inner(&part);
    fl_entry_text(&part, "day", fl_date_text(fl_date_of(last.at), day));
    if (last.pass) fl_entry_text(&part, "due", fl_date_text(fl_energy_due(&last, &device->calibration), day));
    fl_entry_int(&part, "good", stand == FL_STAND_GOOD);
    if (isfinite(last.ratio) && fabs(last.ratio) < 1e3)
        fl_entry_int(&part, "off_ppm", llround((last.ratio - 1) * 1e6));
    put_text(&part, "verdict", last.verdict);
    fl_entry_object(line, "check", &part);
}

void fl_conduct_status(const fl_conduct *c, fl_entry *line)
{
    fl_entry_begin_inner(line);
    fl_entry_text(line, "type", "status");
    fl_entry_int(line, "sim", c->setup.simulated);
    fl_entry_text(line, "state", conduct_state_word(c->mode));
    fl_entry_count(line, "mono_us", (uint64_t)c->now.us);
    put_text(line, "device", c->setup.expected.uid);
    put_text(line, "model", c->setup.model);
    put_text(line, "client", c->setup.plan->client);
    put_text(line, "plan", c->setup.plan->plan_id);
    if (conduct_calibrates(c)) fl_entry_text(line, "purpose", "calibration");
    put_text(line, "operator", c->who);
    put_text(line, "eyewear", c->eyewear);
    if (c->status.has_stat) fl_entry_int(line, "age_ms", c->status.stat_age.us / 1000);
    if (c->faulted) fl_entry_int(line, "fault", c->fault);
    if (c->faulted || c->mode == FL_MODE_ESTOP) put_text(line, "fault_text", c->fault_text);
    put_settings(line, c);
    put_counts(line, c);
    if (c->mode == FL_MODE_ARMING) {
        const int64_t left_us = fl_since(fl_interlock_core_deadline(c->core), c->now).us;
        fl_entry_int(line, "ready_in_ms", left_us > 0 ? left_us / 1000 : 0);
    }
    put_bad(line, c);
    put_room(line, c);
    put_check(line, c);
    conduct_laser_status(c, line);
    fl_entry_int(line, "rt", c->setup.real_time);
    fl_entry_int(line, "locked", c->setup.memory_locked);
    fl_entry_int(line, "writer_ms", fl_writer_look(c->setup.writer).last_us / 1000);
    if (c->grant_worst_us) {
        fl_entry_int(line, "grant_us", c->grant_last_us);
        fl_entry_int(line, "grant_worst_us", c->grant_worst_us);
    }
    if (c->setup.own) c->setup.own(c->setup.self, line);
}
