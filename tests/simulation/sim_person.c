/* Person: who works at the laser. Wants to treat, looks at what the screen would show, and puts right what is
 * wrong; has two hands and a foot, and thinks between two steps. */
#include "sim.h"

#include <stdarg.h>

#define HANDPIECE 0x21
#define ALWAYS_GOOD (ROOM_CONTACTS & ~(uint32_t)(GL1_IN_DOCKED | GL1_IN_FOOT_A | GL1_IN_FOOT_B))
#define REST_MS 120000 /* a life that does not come to rest in this time is a finding */

static void think(sim *s, int64_t least_ms, int64_t most_ms)
{
    s->person.think_us =
        s->us + 1000 * (least_ms + (int64_t)sim_below(&s->dice, (uint64_t)(most_ms - least_ms + 1)));
}

void person_begin(sim *s)
{
    s->person.line = s->person.second = -1;
    s->person.start_us = s->us;
    think(s, 1, 20);
}

void person_say(sim *s, const char *format, ...)
{
    sim_person *p = &s->person;
    char line[FL_FACE_LINE_MAX];
    if (p->silent) return;
    if (!sim_is_connected(p->line)) {
        p->line = sim_dial();
        p->order = 0;
        if (p->line < 0) return;
    }
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    sim_say(p->line, line, (size_t)size);
    p->said_us = s->us;
}

static long long next(sim *s)
{
    /* Dialling anew begins the numbers anew. */
    if (!sim_is_connected(s->person.line)) {
        s->person.line = sim_dial();
        s->person.order = 0;
    }
    return (long long)++s->person.order;
}

static void foot(sim *s, bool down)
{
    s->person.foot = down;
    if (s->laser_on) room_switch(&s->laser.room, GL1_IN_FOOT_A | GL1_IN_FOOT_B, down);
}

static void fix_room(sim *s)
{
    twin_room *room = &s->laser.room;
    foot(s, false);
    room->foot_b_stuck = false;
    room_switch(room, GL1_IN_FOOT_A | GL1_IN_FOOT_B, false);
    if ((room->contacts & ALWAYS_GOOD) != ALWAYS_GOOD) room_switch(room, ALWAYS_GOOD, true);
    if (room->contacts & GL1_IN_DOCKED) room_switch(room, GL1_IN_DOCKED, false);
    room->handpiece = HANDPIECE;
    const fl_conduct *c = s->host.conduct;
    if (c && c->target.wanted.spot_um) room->spot_um = (uint32_t)c->target.wanted.spot_um;
    room->shutter_a.fault = ROOM_SHUTTER_FREE;
    room->duds = 0;
    if (!room->self_test_good) {
        room->self_test_good = true;
        room_self_test(room);
    }
}

/* Emergency stop, door and foot, each once. */
static void prove(sim *s)
{
    static const uint32_t pairs[3] = {GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, GL1_IN_DOOR_A | GL1_IN_DOOR_B,
                                      GL1_IN_FOOT_A | GL1_IN_FOOT_B};
    for (int i = 0; i < 3; i++) {
        chaos_later(s, 1000 + 200000 * i, SIM_DO_SWITCH, pairs[i], i == 2);
        chaos_later(s, 101000 + 200000 * i, SIM_DO_SWITCH, pairs[i], i != 2);
    }
    s->person.proving_us = s->us + 640000;
    think(s, 650, 700);
}

static void turn_key(sim *s)
{
    room_switch(&s->laser.room, GL1_IN_KEY, false);
    chaos_later(s, 150000, SIM_DO_SWITCH, GL1_IN_KEY, true);
    think(s, 300, 500);
}

static bool zone_is_open(const sim *s, size_t i)
{
    const fl_conduct *c = s->host.conduct;
    const fl_plan_zone *zone = &s->plan->zones[i];
    return !zone->locked && !c->zone_locked[i] && c->zones[i].pulses < zone->budget.hard_stop &&
           !(c->zones[i].pulses >= zone->budget.soft_stop && i == 1); /* the large one is left at its plan */
}

/* The next thing that the plan wants: a test spot, a look at it, or a zone. False: the day is done. */
static bool choose(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    const fl_plan *plan = s->plan;
    const fl_plan_test_spots *tests = &plan->test_spots;
    if (tests->required)
        for (size_t i = 0; i < tests->grid_count; i++)
            if (c->spots[i].pulses < tests->grid[i].pulses) {
                person_say(s, "{\"do\":\"spots\",\"order\":%lld,\"spot\":%d}\n", next(s), (int)i + 1);
                return true;
            }
    if (!fl_plan_treats_zones(plan)) return false;
    if (tests->required && !c->looked) {
        person_say(s, "{\"do\":\"endpoint\",\"order\":%lld,\"seen\":\"frost\"}\n", next(s));
        return true;
    }
    for (size_t i = 0; i < 2; i++) {
        if (!zone_is_open(s, i)) continue;
        person_say(s, "{\"do\":\"zone\",\"order\":%lld,\"zone\":\"%s\"}\n", next(s), plan->zones[i].id);
        return true;
    }
    return false;
}

static bool target_is_done(const sim *s)
{
    const fl_conduct *c = s->host.conduct;
    if (c->target.kind == TARGET_NONE || c->target.refused) return true;
    if (fl_past_is_barred(&c->bars, c->target.wanted.wavelength_nm, c->target.wanted.spot_um)) return true;
    if (c->target.kind == TARGET_SPOT)
        return c->spots[c->target.index].pulses >= s->plan->test_spots.grid[c->target.index].pulses;
    return c->zone_locked[c->target.index] || !conduct_limits_are_good(c) ||
           !zone_is_open(s, c->target.index);
}

static void give_up_day(sim *s)
{
    if (s->person.leaving) return think(s, 100, 300);
    person_say(s, "{\"do\":\"end\",\"order\":%lld}\n", next(s));
    s->person.leaving = s->person.day_over = true;
    think(s, 100, 300);
}

static void supervisor(sim *s)
{
    person_say(s,
               "{\"do\":\"reconcile\",\"order\":%lld,\"pin\":\"801246\",\"reason\":\"looked at "
               "it\",\"who\":\"op:9\"}\n",
               next(s));
    think(s, 40, 150);
}

static void in_standby(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    sim_person *p = &s->person;
    think(s, 30, 120);
    if (s->us < p->proving_us) return;
    if (c->adapter.motion != FL_MOTION_ALL) return prove(s);
    if (c->books.mismatch || c->needs_supervisor) return supervisor(s);
    if (!c->who[0]) {
        if (c->asking.what != FL_DO_NONE) return;
        const bool wrong = p->wrong_pins > 0;
        if (wrong) p->wrong_pins--;
        return person_say(s, "{\"do\":\"sign-in\",\"order\":%lld,\"pin\":\"%s\",\"who\":\"op:17\"}\n",
                          next(s), wrong ? "111222" : "493027");
    }
    if (target_is_done(s)) {
        if (c->pause_until.us > c->now.us && c->target.kind != TARGET_NONE && !c->target.refused)
            return give_up_day(s);
        if (p->doubt++ > 12 || !choose(s)) give_up_day(s);
        return;
    }
    if (!c->eyewear[0] || c->eyewear_nm != c->target.wanted.wavelength_nm)
        return person_say(s, "{\"code\":\"OD7 M LB9\",\"do\":\"eyewear\",\"order\":%lld,\"wl_nm\":%llu}\n",
                          next(s), (unsigned long long)c->target.wanted.wavelength_nm);
    fix_room(s);
    if (!conduct_plan_is_good(c) && p->doubt++ < 20) return;
    if (p->doubt++ > 60) return give_up_day(s);
    person_say(s, "{\"do\":\"arm\",\"order\":%lld}\n", next(s));
    think(s, 50, 200);
}

static void in_fault(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    sim_person *p = &s->person;
    think(s, 60, 250);
    if (s->us < p->proving_us) return;
    fix_room(s);
    if (c->adapter.motion != FL_MOTION_ALL && c->status.link) return prove(s);
    const bool svc = fl_interlock_core_state(c->core).flags & FL_FLAG_SVC;
    p->doubt++;
    if (p->doubt % 16 == 15) { /* nothing helps: everything off and on */
        world_laser_off(s);
        chaos_later(s, 300000, SIM_DO_LASER_ON, 0, true);
        return think(s, 900, 1200);
    }
    if (p->doubt % 5 == 4 || (svc && p->doubt == 1 && sim_below(&s->dice, 4) == 0)) return turn_key(s);
    if (c->resetting || c->asking.what != FL_DO_NONE) return;
    if (!svc && !c->who[0])
        return person_say(s, "{\"do\":\"sign-in\",\"order\":%lld,\"pin\":\"493027\",\"who\":\"op:17\"}\n",
                          next(s));
    if (!svc) {
        person_say(s, "{\"do\":\"reset\",\"fault\":%u,\"order\":%lld}\n", c->fault, next(s));
        return think(s, 100, 300);
    }
    if (!c->service_who[0])
        return person_say(s, "{\"do\":\"service\",\"order\":%lld,\"pin\":\"660318\",\"who\":\"op:30\"}\n",
                          next(s));
    supervisor(s);
}

/* An emergency stop that never moved reads as pressed. */
static void in_stop(sim *s)
{
    think(s, 60, 250);
    if (s->us < s->person.proving_us) return;
    fix_room(s);
    if (s->host.conduct->adapter.motion != FL_MOTION_ALL && s->host.conduct->status.link) return prove(s);
    turn_key(s);
}

static void firing(sim *s)
{
    sim_person *p = &s->person;
    think(s, 10, 10);
    if (p->foot && s->oracle.fired - p->burst_from < p->burst) return;
    if (p->foot) foot(s, false);
}

static void in_ready(sim *s)
{
    sim_person *p = &s->person;
    p->doubt = 0;
    if (target_is_done(s) || s->over) {
        person_say(s, "{\"do\":\"standby\",\"order\":%lld}\n", next(s));
        return think(s, 60, 120);
    }
    if (p->foot) {
        foot(s, false);
        return think(s, 20, 40);
    }
    p->burst = 3 + (unsigned)sim_below(&s->dice, 60);
    p->burst_from = s->oracle.fired;
    foot(s, true);
    think(s, 60, 90);
}

static void next_day(sim *s)
{
    sim_person *p = &s->person;
    p->day_over = false;
    p->doubt = 0;
    if (s->over) return;
    const uint64_t sort = sim_below(&s->dice, 8);
    /* The same client planned anew the same day, an early return, the next client, or weeks later. */
    const int days = sort == 0  ? 0
                     : sort < 5 ? 1 + (int)sim_below(&s->dice, 5)
                                : 42 + (int)sim_below(&s->dice, 30);
    s->wall_us += days * (int64_t)86400000000;
    s->today = fl_date_add_days(s->today, days);
    s->day += days;
    s->report->days++;
    if (s->plan_count < SIM_PLANS) world_new_plan(s, sort > 1);
}

static void without_process(sim *s)
{
    sim_person *p = &s->person;
    if (!p->start_us) {
        p->start_us = s->us + 1000 * (int64_t)(50 + sim_below(&s->dice, 400));
        p->leaving = false;
        p->second = -1;
        p->foot = false; /* a foot is slower than a kill */
        chaos_later(s, 120000, SIM_DO_SWITCH, GL1_IN_FOOT_A | GL1_IN_FOOT_B, false);
        if (p->day_over) next_day(s);
    }
    if (s->us < p->start_us) return think(s, 5, 20);
    if (world_start_host(s))
        p->start_us = 0;
    else
        p->start_us = s->us + 500000;
    think(s, 20, 60);
}

/* The end of a life: everything is put right, the books are settled, and the session is closed. */
static void come_to_rest(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    think(s, 60, 100);
    if (s->us < s->person.proving_us) return;
    fix_room(s);
    const fl_mode mode = world_mode(s);
    if (fl_mode_is_armed(mode)) return person_say(s, "{\"do\":\"standby\",\"order\":%lld}\n", next(s));
    if (mode == FL_MODE_FAULT) return in_fault(s);
    if (mode == FL_MODE_ESTOP) return in_stop(s);
    if (mode != FL_MODE_STANDBY) return;
    if (c->books.mismatch) return supervisor(s);
    if (!c->status.link || c->books.stage != STAGE_NONE || c->asking.what != FL_DO_NONE) return;
    give_up_day(s);
}

bool person_is_satisfied(const sim *s)
{
    return s->over && !s->host.conduct && s->person.day_over;
}

static void heartbeat(sim *s)
{
    sim_person *p = &s->person;
    if (s->us < p->here_us || p->leaving) return;
    p->here_us = s->us + 700000;
    person_say(s, "{\"do\":\"here\",\"order\":%lld}\n", next(s));
}

/* A process that can do nothing more: no journal, or a line it does not trust any more. */
static bool is_stuck(const sim *s)
{
    const fl_conduct *c = s->host.conduct;
    return c->journal_lost || fl_writer_status(s->host.writer) != FL_OK || c->status.stand_down ||
           c->anchor.stand == ANCHOR_IS_AHEAD || c->anchor.stand == ANCHOR_DIFFERS;
}

void person_step(sim *s)
{
    sim_person *p = &s->person;
    if (!s->host.conduct) {
        if (s->us >= p->think_us && !person_is_satisfied(s)) without_process(s);
        return;
    }
    heartbeat(s);
    if (s->us < p->think_us) return;
    if (!s->laser_on) return think(s, 50, 100);
    const fl_mode mode = world_mode(s);
    if (p->leaving) { /* three seconds are enough for it */
        foot(s, false);
        if (s->us - p->said_us > 5000000) p->leaving = false;
        return think(s, 50, 100);
    }
    if (is_stuck(s) && !fl_mode_is_armed(mode)) {
        give_up_day(s);
        p->day_over = false;
        return;
    }
    if (s->over) return come_to_rest(s);
    switch (mode) {
    case FL_MODE_OFF:
    case FL_MODE_SELFTEST:
        think(s, 60, 200);
        if (s->us < p->proving_us) return;
        if (sim_below(&s->dice, 8)) fix_room(s);
        if (s->host.conduct->adapter.motion != FL_MOTION_ALL && s->host.conduct->status.link) prove(s);
        break;
    case FL_MODE_STANDBY: in_standby(s); break;
    case FL_MODE_ARMING: think(s, 100, 200); break;
    case FL_MODE_READY: in_ready(s); break;
    case FL_MODE_OPENING:
    case FL_MODE_EMIT:
    case FL_MODE_GAP: firing(s); break;
    case FL_MODE_CLOSING:
        foot(s, false);
        think(s, 20, 40);
        break;
    case FL_MODE_FAULT: in_fault(s); break;
    case FL_MODE_ESTOP: in_stop(s); break;
    }
}
