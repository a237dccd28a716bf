/* labels: unit fault   timeout: 120 */
/* What one person may not decide alone: another device file, a zone treated in an earlier session of the day,
 * a wall clock that was set. And that none of it ever asks anybody before standing down. */
#include "check.h"

#include "fadeline/base/text.h"
#include "helper_world.h"

static world w;

static void begin(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    world_foot(&w, true);
    world_run(&w, 730);
    world_foot(&w, false);
    world_run(&w, 300);
    CHECK(world_pulses(&w) > 2, "firing");
}

static void end_session(void)
{
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 300);
    world_order(&w, FL_DO_END, "", -1);
    fl_status status;
    for (int i = 0; i < 300 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 10);
    CHECK(fl_conduct_has_ended(w.conduct, &status) && status == FL_OK, "the session ends");
    world_kill(&w);
}

/* Up to ARM, without asking that it works. */
static bool arm_again(void)
{
    CHECK(world_until(&w, FL_MODE_STANDBY, 4000), "STANDBY: %s", fl_mode_word(world_mode(&w)));
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "zone: %s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
    return world_order(&w, FL_DO_ARM, "", -1);
}

/* Refused for a second person; the operator is none, a service person is none, a supervisor is. */
static void needs_second(const char *what, const char *says)
{
    CHECK(fl_text_same(w.code, "second-person") && strstr(w.text, says), "%s: %s: %s", what, w.code, w.text);
    CHECK(!world_sign_as(&w, FL_DO_SECOND, "op:17", ""), "%s: the operator is no second person", what);
    CHECK(!world_sign_as(&w, FL_DO_SECOND, "op:30", ""), "%s: nor is a service person", what);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "%s: armed without", what);
    CHECK(world_sign_as(&w, FL_DO_SECOND, "op:9", ""), "%s: a supervisor: %s", what, w.text);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "%s: %s", what, w.text);
    CHECK(!world_sign_as(&w, FL_DO_SECOND, "op:9", ""), "%s: nothing more to sign", what);
}

/* What was treated this morning is not treated again by one person alone. */
/* hazards: H36 */
static void a_zone_of_an_earlier_session_needs_two(void)
{
    begin();
    end_session();
    world_start(&w);
    CHECK(!arm_again(), "armed on a zone that was treated this morning");
    needs_second("treated today", "earlier session today");
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_kill(&w);
    CHECK(world_entries(&w, "override", "reason", "second-person") == 1, "with a record");
    CHECK(world_entries(&w, "override", "second", "op:17") == 1, "that names both");
    world_close(&w);
}

/* A session that died is gone on with: it is the same visit. */
/* hazards: H36 */
static void an_interrupted_session_goes_on_alone(void)
{
    begin();
    world_kill(&w);
    world_start(&w);
    CHECK(arm_again(), "%s: %s", w.code, w.text);
    world_close(&w);
}

/* A newer or older file of the same laser: its limits may be others. */
/* hazards: H43 */
static void another_device_file_needs_two(void)
{
    begin();
    end_session();
    w.later_us += 86400000000 * 50;
    world_come_back(&w, 0, 3);
    w.date = w.plan->date = fl_date_add_days(w.plan->date, 50);
    memset(w.plan->device_sha256, 'e', 2 * FL_SHA256_SIZE);
    fl_plan_seal(w.plan);
    world_start(&w);
    world_prove(&w);
    CHECK(!arm_again(), "armed with a device file nobody compared");
    end_session();
    world_start(&w);
    CHECK(!arm_again(), "signing in and going away compared nothing");
    needs_second("another file", "device file");
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 300);
    end_session();
    world_start(&w);
    CHECK(arm_again(), "the next session knows it: %s: %s", w.code, w.text);
    world_close(&w);
}

/* Going back to a plan that another one replaced; the newer one itself asks nobody. */
/* hazards: H33 */
static void an_older_plan_needs_two(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 300);
    world_come_back(&w, 0, 77); /* planned again */
    world_start(&w);
    CHECK(arm_again(), "the newer plan: %s: %s", w.code, w.text);
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 300);
    world_kill(&w);
    fl_plan_free(w.plan);
    w.plan = helper_plan(w.date, HELPER_NO_TESTS);
    world_start(&w);
    CHECK(!arm_again(), "armed with the older plan");
    end_session();
    world_start(&w);
    CHECK(!arm_again(), "signing in and going away agreed to nothing");
    needs_second("older plan", "another plan of this client");
    world_close(&w);
}

/* Back or forward: no interval passes on the word of a clock that somebody moved. */
/* hazards: H25 */
static void a_clock_that_was_set_blocks_until_the_date_is_said(void)
{
    begin();
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 300);
    world_forget(&w);
    w.later_us += 3600000000; /* somebody sets the clock, by an hour */
    CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "a record, and with it the step");
    world_run(&w, 100);
    CHECK(world_said(&w, "clock-step"), "nobody was told");
    CHECK(!world_order(&w, FL_DO_ZONE, "MID", -1) && fl_text_same(w.code, "clock-step"),
          "the interval rule: %s", w.code);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && fl_text_same(w.code, "limit-reached"), "armed: %s", w.code);
    CHECK(strstr(w.text, "confirm the date") != NULL, "why: %s", w.text);
    world_kill(&w); /* a restart does not make it true */
    world_start(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 4000) && world_sign_in(&w, "op:17"), "sign-in");
    CHECK(!world_order(&w, FL_DO_ZONE, "MID", -1) && fl_text_same(w.code, "clock-step"), "restart: %s",
          w.code);
    CHECK(!world_sign_as(&w, FL_DO_DATE, "op:17", "2026-05-04"), "an operator does not say the date");
    CHECK(!world_sign_as(&w, FL_DO_DATE, "op:9", ""), "no date");
    CHECK(!world_sign_as(&w, FL_DO_DATE, "op:9", "2026-05-05") && fl_text_same(w.code, "date-other"),
          "another day: %s", w.code);
    CHECK(world_sign_as(&w, FL_DO_DATE, "op:9", "2026-05-04"), "the true one: %s", w.text);
    CHECK(arm_again(), "%s: %s", w.code, w.text);
    world_kill(&w);
    world_start(&w);
    world_run(&w, 2000);
    CHECK(arm_again(), "and it stays confirmed: %s: %s", w.code, w.text);
    world_close(&w);
}

/* Deadlines run on the monotonic clock: a wall clock that is set while firing stops no pulse and starts none.
 */
/* hazards: H25 */
static void a_wall_clock_moves_no_deadline(void)
{
    static const int64_t steps_us[] = {-86400000000, 86400000000, -1500000};
    for (size_t i = 0; i < sizeof steps_us / sizeof *steps_us; i++) {
        world_open(&w, HELPER_NO_TESTS);
        world_ready(&w, "MID");
        world_foot(&w, true);
        world_run(&w, 400);
        const uint64_t before = world_pulses(&w);
        w.later_us += steps_us[i];
        world_run(&w, 60);
        const bool doubted = steps_us[i] != -1500000;
        world_run(&w, 600);
        CHECK(world_mode(&w) != FL_MODE_FAULT, "step %zu: a wall clock is no fault", i);
        CHECK(doubted ? world_mode(&w) == FL_MODE_STANDBY && world_pulses(&w) <= before + 2
                      : world_pulses(&w) > before + 3,
              "step %zu: %s, %llu pulses", i, fl_mode_word(world_mode(&w)),
              (unsigned long long)(world_pulses(&w) - before));
        world_close(&w);
    }
}

/* Fire, plume and reflections: no sensor sees them, so it is said once a session, and recorded that it was.
 */
/* hazards: H51 H52 H53 */
static void the_room_is_spoken_of_once_a_session(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 4000) && world_sign_in(&w, "op:17"), "sign-in");
    world_run(&w, 100);
    CHECK(world_said(&w, "room-checklist"), "nothing was said");
    world_forget(&w);
    CHECK(world_order(&w, FL_DO_SIGN_OUT, "", -1) && world_sign_in(&w, "op:17"), "signed in again");
    world_run(&w, 100);
    CHECK(!world_said(&w, "room-checklist"), "said twice in one session: nobody listens the third time");
    world_kill(&w);
    CHECK(world_entries(&w, "note", "text", "room-checklist") == 1, "recorded once");
    world_close(&w);
}

FL_TESTS("session/second", TEST(a_zone_of_an_earlier_session_needs_two),
         TEST(an_interrupted_session_goes_on_alone), TEST(another_device_file_needs_two),
         TEST(an_older_plan_needs_two), TEST(a_clock_that_was_set_blocks_until_the_date_is_said),
         TEST(a_wall_clock_moves_no_deadline), TEST(the_room_is_spoken_of_once_a_session))
