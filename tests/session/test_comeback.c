/* labels: unit fault   timeout: 300 */
/* Nothing comes back by itself: not after the emergency stop, not after a person has left, not with an older
 * journal. And ordinary work is no fault, so that people go on reading what a fault says. */
#include "check.h"
#include "helper_world.h"
#include "inputs_good.h"

#include "fadeline/base/text.h"

static world w;

static void press_estop(bool down)
{
    room_switch(&w.laser.room, GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, !down);
}

/* Released, with every order given that could arm: it stays, until the key is turned off; then comes the
 * whole start with its warning, and eyewear, zone and ARM are asked for again. */
/* hazards: H50 */
static void a_released_emergency_stop_arms_nothing(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    world_foot(&w, true);
    world_run(&w, 730);
    const uint64_t before = world_pulses(&w);
    CHECK(before >= 2, "firing");
    press_estop(true);
    world_run(&w, 100);
    CHECK(world_mode(&w) == FL_MODE_ESTOP, "pressed: %s", fl_mode_word(world_mode(&w)));
    press_estop(false);
    world_run(&w, 2000); /* the foot is still down */
    world_foot(&w, false);
    world_run(&w, 100);
    CHECK(!world_order(&w, FL_DO_RESET, "", 1), "a reset is taken");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "ARM is taken");
    world_foot(&w, true);
    world_run(&w, 5000);
    CHECK(world_mode(&w) == FL_MODE_ESTOP && world_pulses(&w) == before, "released: %s, %llu pulses",
          fl_mode_word(world_mode(&w)), (unsigned long long)(world_pulses(&w) - before));
    world_foot(&w, false);
    room_switch(&w.laser.room, GL1_IN_KEY, false);
    CHECK(world_until(&w, FL_MODE_OFF, 500), "key off is off");
    room_switch(&w.laser.room, GL1_IN_KEY, true);
    CHECK(world_until(&w, FL_MODE_SELFTEST, 500) && world_until(&w, FL_MODE_STANDBY, 4000),
          "the start begins with the self-test: %s", fl_mode_word(world_mode(&w)));
    world_run(&w, 500);
    world_foot(&w, true);
    world_run(&w, 4000);
    CHECK(world_mode(&w) == FL_MODE_STANDBY && world_pulses(&w) == before, "and waits for ARM in STANDBY");
    world_foot(&w, false);
    world_run(&w, 200);
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "arm: %s: %s", w.code, w.text);
    world_run(&w, 2500);
    CHECK(world_mode(&w) == FL_MODE_ARMING, "the whole warning: %s", fl_mode_word(world_mode(&w)));
    CHECK(world_until(&w, FL_MODE_READY, 1000), "then READY");
    world_close(&w);
}

/* One shutter of the two sticks open as the foot leaves: its proof of being shut does not come, and that is a
 * service fault which no reset clears and no start forgets. */
/* hazards: H05 */
static void a_shutter_that_sticks_open_is_for_service(void)
{
    for (int which = 0; which < 2; which++) {
        const char *what = which ? "shutter B" : "shutter A";
        world_open(&w, HELPER_NO_TESTS);
        room_shutter *shutter = which ? &w.laser.room.shutter_b : &w.laser.room.shutter_a;
        world_ready(&w, "MID");
        world_foot(&w, true);
        world_run(&w, 730);
        CHECK(world_pulses(&w) >= 2 && shutter->at > 0, "%s: firing", what);
        shutter->fault = ROOM_SHUTTER_STUCK_OPEN;
        world_foot(&w, false);
        world_run(&w, 1500);
        CHECK(world_mode(&w) == FL_MODE_FAULT && fl_conduct_state(w.conduct).flags & FL_FLAG_SVC, "%s: %s",
              what, fl_mode_word(world_mode(&w)));
        const uint64_t pulses = world_pulses(&w);
        world_foot(&w, true);
        world_run(&w, 2000);
        CHECK(!world_order(&w, FL_DO_RESET, "", 1) && !world_order(&w, FL_DO_ARM, "", -1), "%s: taken", what);
        world_kill(&w);
        world_start(&w);
        world_run(&w, 3000);
        CHECK(world_mode(&w) == FL_MODE_FAULT && fl_conduct_state(w.conduct).flags & FL_FLAG_SVC,
              "%s: the next start: %s", what, fl_mode_word(world_mode(&w)));
        CHECK(world_pulses(&w) == pulses, "%s: light", what);
        world_close(&w);
    }
}

/* A sensor that says open and shut at once, in any mode, or neither where the shutter must be shut. */
/* hazards: H05 H06 */
static void a_shutter_sense_that_lies_is_for_service(void)
{
    static const struct {
        const char *what;
        fl_mode mode;
        bool open, shut, service;
    } rows[] = {{"both in STANDBY", FL_MODE_STANDBY, true, true, true},
                {"both in READY", FL_MODE_READY, true, true, true},
                {"both in GAP", FL_MODE_GAP, true, true, true},
                {"neither in STANDBY", FL_MODE_STANDBY, false, false, true},
                {"open in STANDBY", FL_MODE_STANDBY, true, false, true},
                {"neither in READY", FL_MODE_READY, false, false, true},
                {"shut in STANDBY", FL_MODE_STANDBY, false, true, false},
                {"shut in READY", FL_MODE_READY, false, true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_inputs in = INPUTS_GOOD;
        in.sh_open = rows[i].open;
        in.sh_closed = rows[i].shut;
        in.selftest = FL_SELFTEST_PASS;
        const fl_interlock_result r =
            fl_interlock_step(fl_interlock_state_of(rows[i].mode, 0), fl_inputs_pack(&in));
        const bool service = r.next.mode == FL_MODE_FAULT && r.next.flags & FL_FLAG_SVC;
        CHECK(service == rows[i].service, "%s: %s", rows[i].what, fl_mode_word(r.next.mode));
        CHECK(!rows[i].service || (!r.outputs.permit && !r.outputs.shutter_open && !r.outputs.hv),
              "%s: outputs", rows[i].what);
    }
}

/* Five minutes without an order, and eyewear and sign-in are gone; heartbeats of a screen are no person. */
/* hazards: H02 H47 */
static void a_person_who_left_is_signed_out(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1) && world_until(&w, FL_MODE_STANDBY, 500), "STANDBY");
    for (int s = 0; s < 290; s++) {
        world_run(&w, 980);
        world_order(&w, FL_DO_HERE, "", -1);
    }
    CHECK(!world_said(&w, "sign-out"), "signed out too early");
    for (int s = 0; s < 15; s++) {
        world_run(&w, 980);
        world_order(&w, FL_DO_HERE, "", -1);
    }
    CHECK(world_said(&w, "sign-out"), "still signed in after five minutes");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed without a person");
    CHECK(w.reasons & fl_reason_bit(FL_REASON_AUTH) && w.reasons & fl_reason_bit(FL_REASON_EYEWEAR),
          "why: %s", w.text);
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && fl_text_same(w.code, "eyewear"), "eyewear came back: %s",
          w.code);
    world_close(&w);
}

/* Switches are not moved again: that they move is remembered for a day. */
static void sign_in_again(void)
{
    world_run(&w, 100);
    CHECK(world_until(&w, FL_MODE_STANDBY, 4000) && world_sign_in(&w, "op:17"), "sign-in: %s %s",
          fl_mode_word(world_mode(&w)), w.text);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "zone: %s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
}

static void copy_journal(const char *from, const char *to)
{
    char command[300];
    snprintf(command, sizeof command, "mkdir -p '%s' && rm -rf '%s'/* && cp -a '%s'/. '%s'/", to, to, from,
             to);
    CHECK(system(command) == 0, "copy");
}

static void end_session(void)
{
    fl_status status = FL_E_IO;
    fl_conduct_end(w.conduct);
    for (int i = 0; i < 4000 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 1);
    CHECK(status == FL_OK, "end: %s", fl_status_name(status));
    world_run(&w, 50);
}

/* A backup of the journal is put back after more pulses. The laser has seen a newer journal: nothing is
 * armed, the reason is said, and with the newest journal in its place work goes on. */
/* hazards: H44 */
static void an_older_journal_arms_nothing(void)
{
    char backup[100], newest[100];
    world_open(&w, HELPER_NO_TESTS);
    snprintf(backup, sizeof backup, "%s-backup", w.folder);
    snprintf(newest, sizeof newest, "%s-newest", w.folder);
    world_ready(&w, "MID");
    end_session();
    world_kill(&w);
    copy_journal(w.folder, backup);
    world_start(&w);
    sign_in_again(); /* a session more, without a pulse: the counter alone would not tell */
    end_session();
    world_kill(&w);
    copy_journal(w.folder, newest);
    for (int round = 0; round < 2; round++) {
        copy_journal(round ? newest : backup, w.folder);
        world_start(&w);
        sign_in_again();
        const bool armed = world_order(&w, FL_DO_ARM, "", -1);
        CHECK(armed == (round == 1), "%s journal: %s %s", round ? "the newest" : "an older",
              armed ? "armed" : w.code, w.text);
        if (!armed) CHECK_TEXT(w.text, "the laser has seen a newer journal than this one", "why");
        world_kill(&w);
    }
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", backup, newest);
    CHECK(system(command) == 0, "clean");
    world_close(&w);
}

/* Minutes of ordinary work: a foot that comes and goes at any moment, a door between, an idle line. What
 * makes people clear faults without reading them is a fault that means nothing. */
/* hazards: H08 H49 */
static void ordinary_work_latches_no_fault(void)
{
    uint32_t seed = 20260504;
    int drops = 0;
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    for (int press = 0; press < 120; press++) {
        seed = seed * 1664525u + 1013904223u;
        world_foot(&w, true);
        world_run(&w, 20 + (int)(seed >> 16) % 600);
        world_foot(&w, false);
        world_run(&w, 40 + (int)(seed >> 8) % 400);
        if (press % 20 == 19) { /* somebody looks in; everything is asked for again */
            room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, false);
            world_run(&w, 1000);
            room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, true);
            world_run(&w, 500);
            CHECK(world_mode(&w) == FL_MODE_STANDBY, "the door: %s", fl_mode_word(world_mode(&w)));
            CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
            CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s",
                  w.text);
        }
        if (press % 30 == 15) { /* a line that fails while nothing is armed */
            CHECK(world_order(&w, FL_DO_STANDBY, "", -1) && world_until(&w, FL_MODE_STANDBY, 500), "STANDBY");
            w.dead_line = true;
            world_run(&w, 2000);
            w.dead_line = false;
            CHECK(world_until(&w, FL_MODE_STANDBY, 4000), "after the line: %s", fl_mode_word(world_mode(&w)));
            world_run(&w, 500);
            CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s %s",
                  w.code, w.text);
        }
        /* A foot that leaves between grant and report costs a drop, which asks for ARM again (I24). */
        world_run(&w, 300);
        if (world_mode(&w) == FL_MODE_STANDBY) {
            drops++;
            CHECK(world_said(&w, "pulse-missing"), "press %d: a drop for another reason", press);
            CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s",
                  w.text);
        }
        CHECK(world_mode(&w) == FL_MODE_READY, "press %d: %s", press, fl_mode_word(world_mode(&w)));
        world_forget(&w);
    }
    const uint64_t pulses = world_pulses(&w);
    CHECK(pulses > 150, "only %llu pulses", (unsigned long long)pulses);
    world_kill(&w);
    CHECK(world_entries(&w, "fault", NULL, NULL) == 0, "%d faults in %llu pulses",
          world_entries(&w, "fault", NULL, NULL), (unsigned long long)pulses);
    printf("%llu pulses, 120 presses, %d drops by a foot that left ", (unsigned long long)pulses, drops);
    world_close(&w);
}

FL_TESTS("session/comeback", TEST(a_released_emergency_stop_arms_nothing),
         TEST(a_shutter_that_sticks_open_is_for_service), TEST(a_shutter_sense_that_lies_is_for_service),
         TEST(a_person_who_left_is_signed_out), TEST(an_older_journal_arms_nothing),
         TEST(ordinary_work_latches_no_fault))
