/* labels: unit fault   timeout: 600 */
#include "check.h"

#include "helper_device.h"
#include "helper_world.h"

/* 100 000 grants on wires that lose, double, delay, reorder and damage lines, with answers withheld, knobs
 * turned, doors opened and sessions ended at random. Four things must hold in every one of them: 1  no GRANT
 * is on the wire twice (a number not above the last counts as a second one); 2  the device fires at most once
 * per grant, and no later than 40 ms after the grant left; 3  what the host says of a grant is true: "one
 * pulse" iff the device fired it, "no pulse" iff it never did and never will; 4  the counter the host knows
 * never runs ahead of the device. */

#define GRANTS 100000
#define GRANTS_A_WORLD 250

typedef struct tally {
    unsigned long grants, fired, naked, unknown, odd, resends, late, lies, stands, sessions;
} tally;

static void break_something(world *w)
{
    const double dice = fl_random_uniform(&w->random);
    world_device *d = &w->device;
    d->mute_verb = d->deaf_verb = NULL;
    d->door_open = false;
    if (dice < 0.05)
        d->mute_verb = "GRANT";
    else if (dice < 0.10)
        d->deaf_verb = "GRANT";
    else if (dice < 0.105)
        device_edit(d);
    else if (dice < 0.11)
        device_hear(w, "!", 1);
    else if (dice < 0.115)
        d->door_open = true;
    else if (dice < 0.12)
        fl_gl1_drop(&w->link);
    else if (dice < 0.125)
        fl_gl1_greet(&w->link);
    else if (dice < 0.13)
        fl_gl1_stop(&w->link);
    else if (dice < 0.14)
        w->accept_most = (size_t)(fl_random_u64(&w->random) % 160);
}

/* A clogged line clears and a door closes after some time, by themselves. */
static void mend(world *w)
{
    if (fl_random_uniform(&w->random) > 0.03) return;
    w->accept_most = SIZE_MAX;
    w->device.door_open = false;
}

/* Says what the caller would do next: settings, commitment, arming, shutter. */
static void conduct(world *w)
{
    const fl_gl1_status *s = &w->status;
    w->device.foot = s->link && s->stat.state == FL_DEVICE_READY;
    if (s->stand_down) fl_gl1_clear_stand_down(&w->link);
    if (!s->link || s->result == FL_RESULT_WAITING) return;
    if (s->settings_state != FL_SETTINGS_COMMITTED) {
        if (s->settings_state == FL_SETTINGS_VERIFIED && s->result == FL_RESULT_DONE) {
            if (fl_gl1_commit(&w->link, world_plan, NULL) != FL_OK) return;
        } else if (s->stat.state == FL_DEVICE_STBY && fl_gl1_set(&w->link, &world_settings, NULL) != FL_OK)
            return;
    } else if (s->stat.state == FL_DEVICE_STBY && fl_gl1_arm(&w->link, NULL) != FL_OK)
        return;
    fl_gl1_shutter(&w->link, true);
}

static bool is_settled(fl_gl1_outcome outcome)
{
    return outcome != FL_GRANT_WAITING && outcome != FL_GRANT_UNKNOWN;
}

static void judge(world *w, tally *t, uint64_t grant, unsigned pulses_before)
{
    const fl_gl1_outcome outcome = w->status.outcome;
    const unsigned now = w->device.pulses - pulses_before;
    const bool said = outcome == FL_GRANT_ACCEPTED || outcome == FL_GRANT_FOUND_FIRED;
    t->fired += now;
    t->naked += outcome == FL_GRANT_NAKED;
    t->unknown += outcome == FL_GRANT_FOUND_FIRED || outcome == FL_GRANT_FOUND_UNFIRED;
    t->odd += outcome == FL_GRANT_FOUND_ODD;
    t->lies += now != (said ? 1u : 0u) || (now && !world_fired(w, grant));
}

static void one_world(uint64_t seed, tally *t)
{
    static world w;
    world_init(&w, &world_expected, seed);
    w.device.wa = 2000;
    w.device.RR = 20000;
    w.lose = 0.05 * fl_random_uniform(&w.random);
    w.twice = 0.05 * fl_random_uniform(&w.random);
    w.late = 0.3 * fl_random_uniform(&w.random);
    w.damage = 0.001 * fl_random_uniform(&w.random);
    w.late_most_us = 60000;
    permits p;
    permits_init(&p, (fl_instant){w.now_us});
    uint64_t grant = 0x1000;
    unsigned sent = 0, pulses_before = 0;
    bool pending = false;
    for (long ms = 0; ms < 2000000 && (sent < GRANTS_A_WORLD || pending); ms += 5) {
        world_pass(&w, 5000 + (int64_t)(fl_random_u64(&w.random) % 3000));
        fl_gl1_listen(&w.link);
        fl_gl1_look(&w.link, &w.status);
        if (pending && is_settled(w.status.outcome)) {
            judge(&w, t, grant, pulses_before);
            pending = false;
        }
        if (w.device.st == 2)
            w.device.warn_us -= 500000; /* the two seconds of warning are not what is tested */
        mend(&w);
        conduct(&w);
        fl_permit *permit =
            permits_tick(&p, (fl_instant){w.now_us}, w.status.stat_number, w.status.stat_asked);
        if (permit && !pending && sent < GRANTS_A_WORLD && w.status.link) {
            fl_gl1_pulse pulse = world_pulse(&w, grant + 1 + fl_random_u64(&w.random) % 3);
            break_something(&w);
            const unsigned before = w.device.pulses;
            const fl_status status = fl_gl1_grant(&w.link, permit, &pulse, NULL);
            if (status == FL_OK || status == FL_E_GONE) {
                grant = pulse.grant;
                pulses_before = before;
                pending = true;
                sent++;
            } else if (status == FL_E_IO) /* its number is spent, and it never left */
                grant = pulse.grant;
        }
        fl_gl1_speak(&w.link);
    }
    world_pass(&w, 200000); /* whatever still flies may land now */
    t->grants += sent;
    t->resends += w.resends;
    t->late += w.device.fired_late;
    t->lies += w.device.pulses != w.device.k - 0x12344;
    t->sessions += w.status.counters.sessions;
    t->stands += pending;
    permits_fini(&p);
}

/* 100 000 grants over random lines: none is on the wire twice, and what we say of each is true. */
/* hazards: H11 H21 */
static void no_grant_twice_and_no_lie(void)
{
    tally t = {0};
    unsigned long before = 0;
    for (uint64_t seed = 1; t.grants < GRANTS && seed < 2000; seed++) {
        one_world(seed, &t);
        CHECK(t.resends == 0 && t.late == 0 && t.lies == 0 && t.odd == 0 && t.stands == 0,
              "seed %llu: %lu sent again, %lu late, %lu lies, %lu odd, %lu never settled",
              (unsigned long long)seed, t.resends, t.late, t.lies, t.odd, t.stands);
        if (t.resends || t.late || t.lies || t.odd || t.stands) return;
        before = t.grants;
    }
    printf("\n    %lu grants, %lu pulses, %lu refused, %lu read from the counter, %lu sessions; ", before,
           t.fired, t.naked, t.unknown, t.sessions);
    CHECK(t.grants >= GRANTS, "only %lu grants", t.grants);
    CHECK(t.fired > GRANTS / 4 && t.naked > GRANTS / 100 && t.unknown > GRANTS / 100,
          "the schedules are too tame: %lu fired, %lu refused, %lu unknown", t.fired, t.naked, t.unknown);
}

FL_TESTS("link/schedules", TEST(no_grant_twice_and_no_lie))
