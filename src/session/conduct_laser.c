/* The laser behind the gate, where there is one: what the conduct does with its second line. The line itself
 * is laser_link.h; here it meets the tick, the journal and people.
 *
 * Its shot counter is told beside the gate's pulses and decides nothing. The books count grants of the gate:
 * a trigger is no flash, and no page of these lasers says that its counter moves by one with each pulse that
 * a gate asked for. It may also count what fell on a closed shutter. */
#include "conduct_private.h"

#include "fadeline/base/text.h"

#include <string.h>

static const fl_laser_look *look(const fl_conduct *c)
{
    return fl_laser_link_look(c->setup.laser);
}

/* Text from outside, as the journal takes it. */
static const char *plain(const char *text)
{
    return fl_entry_takes(text) ? text : "(a text that cannot be written)";
}

bool conduct_laser_is_set(const fl_conduct *c)
{
    return !c->setup.laser || look(c)->set;
}

bool conduct_laser_is_healthy(const fl_conduct *c)
{
    return !c->setup.laser || look(c)->healthy;
}

const char *conduct_laser_text(const fl_conduct *c, char *room, size_t size)
{
    snprintf(room, size, "the laser behind the gate: %s", plain(look(c)->why));
    return room;
}

/* ---- records ---- */

static void post_note(fl_conduct *c, const char *text, const char *why)
{
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", text);
    fl_entry_text(entry, "laser", plain(look(c)->identity));
    fl_entry_text(entry, "dialect", look(c)->dialect);
    if (why) fl_entry_text(entry, "why", plain(why));
    if (look(c)->has_counter) fl_entry_count(entry, "laser_ctr", look(c)->counter);
    conduct_post(c);
}

void conduct_laser_name(const fl_conduct *c, fl_entry *entry)
{
    if (c->setup.laser && look(c)->identity[0]) fl_entry_text(entry, "laser", plain(look(c)->identity));
}

void conduct_laser_status(const fl_conduct *c, fl_entry *line)
{
    if (!c->setup.laser) return;
    conduct_laser_name(c, line);
    fl_entry_int(line, "laser_good", look(c)->set);
    if (look(c)->why[0]) fl_entry_text(line, "laser_why", plain(look(c)->why));
    if (look(c)->has_counter) fl_entry_count(line, "laser_ctr", look(c)->counter);
}

/* ---- what people hear of it: every change, once ---- */

static laser_told stand_of(const fl_conduct *c)
{
    const fl_laser_stand stand = look(c)->stand;
    if (c->laser_ordered && stand == LASER_STOPPED) return LASER_ORDERED;
    const bool early = stand == LASER_IS_UP && !look(c)->heard && c->laser_told != LASER_GOOD;
    if (stand == LASER_BEGINS || early) return c->laser_told; /* not known yet */
    return look(c)->healthy ? LASER_GOOD : LASER_BAD;
}

static void tell(fl_conduct *c)
{
    const laser_told stand = stand_of(c);
    if (stand == c->laser_told) return;
    c->laser_told = stand;
    if (stand == LASER_GOOD) {
        post_note(c, "laser-up", NULL);
        conduct_event(c, "note", "laser-up", "", "behind the gate: %s", plain(look(c)->identity));
    } else if (stand == LASER_BAD) {
        char room[LASER_LINK_WHY + 40];
        post_note(c, "laser-not-good", look(c)->why);
        conduct_event(c, "refused", "laser-not-good", "look at the laser itself, then order the zone again",
                      "%s", conduct_laser_text(c, room, sizeof room));
    }
}

/* ---- its shot counter beside the gate's ---- */

static bool read_gate(const fl_conduct *c, uint64_t *pulses)
{
    return c->status.link && c->books.stage == STAGE_NONE && conduct_read_counter(c, pulses);
}

void conduct_laser_armed(fl_conduct *c)
{
    if (!c->setup.laser || !look(c)->counts) return;
    laser_shots *s = &c->laser_shots;
    *s = (laser_shots){.open = true};
    s->laser_read = fl_laser_link_counter(c->setup.laser, (fl_instant){0}, &s->laser_was);
    s->gate_read = conduct_read_counter(c, &s->gate_was);
}

static void tell_shots(fl_conduct *c, uint64_t by_laser, uint64_t by_gate)
{
    if (by_laser == by_gate) return;
    const bool fewer = by_laser < by_gate;
    conduct_event(c, "note", fewer ? "laser-shots-fewer" : "laser-shots-more",
                  fewer ? "look whether the laser was on" : "look who else may trigger the laser",
                  "the laser counted %llu shots, the gate %llu pulses", (unsigned long long)by_laser,
                  (unsigned long long)by_gate);
}

static void close_shots(fl_conduct *c, bool wait)
{
    laser_shots *s = &c->laser_shots;
    uint64_t laser = 0, gate = 0;
    if (!s->open || fl_mode_is_armed(c->mode)) return;
    const bool laser_read = fl_laser_link_counter(c->setup.laser, s->ended, &laser);
    const bool gate_read = read_gate(c, &gate);
    if (wait && !(laser_read && gate_read)) return;
    s->open = false;
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "laser-shots");
    conduct_laser_name(c, entry);
    if (s->laser_read) fl_entry_count(entry, "laser_was", s->laser_was);
    if (laser_read) fl_entry_count(entry, "laser_now", laser);
    if (s->gate_read) fl_entry_count(entry, "gate_was", s->gate_was);
    if (gate_read) fl_entry_count(entry, "gate_now", gate);
    const bool both = laser_read && s->laser_read && gate_read && s->gate_read && laser >= s->laser_was &&
                      gate >= s->gate_was;
    if (both) fl_entry_int(entry, "same", laser - s->laser_was == gate - s->gate_was);
    conduct_post(c);
    if (both) tell_shots(c, laser - s->laser_was, gate - s->gate_was);
}

bool conduct_laser_owes(const fl_conduct *c)
{
    return c->laser_shots.open && look(c)->stand != LASER_IS_GONE;
}

/* ---- the tick ---- */

/* Known to be shut, by the gate's own senses in a fresh status, and nobody means to open it. */
static bool gate_is_shut(const fl_conduct *c)
{
    const fl_gl1_stat *stat = &c->status.stat;
    const uint32_t shut = 1u << FL_IN_SHUT_A | 1u << FL_IN_SHUT_B;
    const bool calm = c->mode == FL_MODE_STANDBY || c->mode == FL_MODE_SELFTEST || c->mode == FL_MODE_OFF;
    return calm && !c->ending && c->status.link && c->status.has_stat && c->status.watch == FL_GL1_EXPECTED &&
           (stat->inputs & shut) == shut && (stat->state == FL_DEVICE_SAFE || stat->state == FL_DEVICE_STBY);
}

void conduct_laser(fl_conduct *c)
{
    if (!c->setup.laser) {
        conduct_did(c, FL_DUTY_LASER);
        return;
    }
    fl_laser_link_tick(c->setup.laser, gate_is_shut(c));
    if (look(c)->ticks != c->laser_ticks) conduct_did(c, FL_DUTY_LASER);
    c->laser_ticks = look(c)->ticks;
    if (look(c)->stand != LASER_STOPPED) c->laser_ordered = false;
    tell(c);
    close_shots(c, true);
}

void conduct_laser_aim(fl_conduct *c)
{
    fl_error error = {0};
    if (!c->setup.laser ||
        fl_laser_link_aim(c->setup.laser, (double)c->target.wanted.rate_mHz / 1e3, &error) == FL_OK)
        return;
    c->target.refused = true;
    conduct_event(c, "refused", "settings-refused", "plan with a setting that the laser's protocol can take",
                  "the laser behind the gate cannot be set as planned: %s", error.what);
}

/* The gate was told already. Said at once, whatever else is on that line. */
void conduct_laser_stop(fl_conduct *c, const char *why)
{
    if (!c->setup.laser) return;
    const bool by_itself = look(c)->stand == LASER_STOPPED && !c->laser_ordered;
    fl_laser_link_stop(c->setup.laser, why);
    c->laser_ordered = !by_itself && look(c)->stand == LASER_STOPPED;
    if (c->laser_shots.open && !c->laser_shots.ended.us) c->laser_shots.ended = c->now;
}

/* The session is closed in the journal next: what is not known by now stays unknown. */
void conduct_laser_end(fl_conduct *c)
{
    if (!c->setup.laser) return;
    conduct_laser_stop(c, "the session ends");
    close_shots(c, false);
}
