/* labels: unit fault   timeout: 300 */
/* What one session leaves to the next: locks, pauses, looks and barred settings after a restart of the same
 * plan, and counts and intervals of a client who was planned again. */
#include "check.h"

#include "helper_world.h"

#include "endpoint.h"
#include "fadeline/base/text.h"

static world w;

/* The switches are moved where they were not seen to move within the day. */
static void sign_in_again(void)
{
    world_run(&w, 1500);
    if (world_mode(&w) != FL_MODE_STANDBY) world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "no STANDBY: %s", fl_mode_word(world_mode(&w)));
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    world_run(&w, 50);
}

static void restart(void)
{
    world_kill(&w);
    world_start(&w);
    sign_in_again();
}

static void open_planned(helper_tests tests)
{
    world_open(&w, tests);
    world_come_back(&w, 0, 5); /* the plan of the day, with an interval */
    world_start(&w);
}

static void get_ready(const char *zone)
{
    sign_in_again();
    CHECK(world_order(&w, FL_DO_ZONE, zone, -1), "%s: %s", zone, w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s", w.text);
}

/* So many milliseconds of foot, at 10 Hz, then STANDBY. */
static void treat(const char *zone, int ms)
{
    get_ready(zone);
    world_foot(&w, true);
    world_run(&w, ms);
    world_foot(&w, false);
    world_run(&w, 400);
    world_order(&w, FL_DO_STANDBY, "", -1);
    CHECK(world_until(&w, FL_MODE_STANDBY, 500), "STANDBY after %s", zone);
}

static void place_spot(int64_t spot)
{
    static const int64_t nm[2] = {755, 1064};
    CHECK(world_order(&w, FL_DO_SPOTS, "", spot), "spot %lld: %s", (long long)spot, w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", nm[spot - 1]), "eyewear: %s", w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s", w.text);
    world_foot(&w, true);
    world_run(&w, 1500);
    world_foot(&w, false);
    world_run(&w, 400);
}

static bool refused(const char *zone, const char *code)
{
    return !world_order(&w, FL_DO_ZONE, zone, -1) && fl_text_same(w.code, code);
}

/* A zone that darkened stays locked over a restart and a new plan of the day. */
/* hazards: H29 */
static void a_restart_keeps_a_darkened_zone_locked(void)
{
    static const char *const seen[] = {"darkened", "hair-white"};
    for (size_t i = 0; i < 2; i++) {
        open_planned(HELPER_NO_TESTS);
        treat("F-L", 330);
        CHECK(world_order(&w, FL_DO_ENDPOINT, seen[i], -1), "%s: %s", seen[i], w.text);
        CHECK(refused("F-L", "zone-locked"), "%s: at once: %s", seen[i], w.code);
        restart();
        CHECK(refused("F-L", "zone-locked"), "%s: after a restart: %s %s", seen[i], w.code, w.text);
        CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "%s: the other zone: %s", seen[i], w.text);
        world_come_back(&w, 0, 6);
        world_start(&w);
        sign_in_again();
        CHECK(refused("F-L", "zone-locked"), "%s: planned again: %s %s", seen[i], w.code, w.text);
        world_close(&w);
    }
}

/* Nothing is aimed at after a restart: what is seen then is seen where the newest pulse was. */
static void what_is_seen_after_a_restart_has_a_place(void)
{
    open_planned(HELPER_NO_TESTS);
    sign_in_again();
    CHECK(!world_order(&w, FL_DO_ENDPOINT, "darkened", -1), "of nothing");
    CHECK_TEXT(w.code, "endpoint-where", "nothing was treated");
    CHECK(world_order(&w, FL_DO_ENDPOINT, "none", -1), "a look of nothing is harmless: %s", w.text);
    world_kill(&w);
    world_start(&w);
    treat("F-L", 330);
    restart();
    CHECK(world_order(&w, FL_DO_ENDPOINT, "darkened", -1), "%s", w.text);
    CHECK(refused("F-L", "zone-locked"), "%s %s", w.code, w.text);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "darkened", -1), "%s", w.text);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "MID had no pulse: it was F-L again: %s", w.text);
    world_close(&w);
}

static void a_restart_keeps_the_pause_after_bleeding(void)
{
    open_planned(HELPER_NO_TESTS);
    treat("MID", 330);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "bleed", -1), "%s", w.text);
    world_kill(&w);
    w.later_us += 100 * (int64_t)1000000;
    world_start(&w);
    sign_in_again();
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "%s", w.text);
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && strstr(w.text, "a pause of five minutes"), "armed: %s",
          w.text);
    world_kill(&w);
    w.later_us += 200 * (int64_t)1000000; /* five minutes are over */
    world_start(&w);
    get_ready("MID");
    world_close(&w);
}

/* T1 is 755 nm at 4 mm, as every zone; T2 is 1064 nm. */
/* hazards: H35 */
static void a_bad_test_spot_bars_its_setting(void)
{
    static const struct {
        const char *seen;
        int64_t spot;
        bool barred;
    } rows[] = {
        {"darkened", 1, true},  {"hair-white", 1, true}, {"spark", 1, true},
        {"darkened", 2, false}, {"weak", 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        open_planned(HELPER_TESTS_ASKED);
        sign_in_again();
        place_spot(3 - rows[i].spot);
        place_spot(rows[i].spot);
        CHECK(world_order(&w, FL_DO_ENDPOINT, rows[i].seen, -1), "%s: %s", rows[i].seen, w.text);
        CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "%s", w.text);
        for (int run = 0; run < 2; run++) {
            const bool taken = world_order(&w, FL_DO_ZONE, "MID", -1);
            CHECK(taken != rows[i].barred, "%s at T%d, run %d: %s %s", rows[i].seen, (int)rows[i].spot, run,
                  w.code, w.text);
            CHECK(taken || fl_text_same(w.code, "setting-barred"), "%s: %s", rows[i].seen, w.code);
            restart(); /* which also keeps the look */
        }
        world_come_back(&w, 0, 6); /* planned again: no test spot with it either */
        world_start(&w);
        sign_in_again();
        CHECK(world_order(&w, FL_DO_SPOTS, "", 1) != rows[i].barred, "%s: %s", rows[i].seen, w.text);
        world_close(&w);
    }
}

/* T1 darkens while T2 is looked at already: ordering T1 again places nothing, and says where. */
static void a_spot_is_named_by_ordering_it_again(void)
{
    open_planned(HELPER_TESTS_ASKED);
    sign_in_again();
    place_spot(1);
    place_spot(2);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "%s", w.text);
    CHECK(!world_order(&w, FL_DO_SPOTS, "", 1) && fl_text_same(w.code, "spot-done"), "%s", w.code);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "nothing is aimed at");
    CHECK(world_order(&w, FL_DO_ENDPOINT, "darkened", -1), "%s", w.text);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "%s", w.text);
    CHECK(refused("MID", "setting-barred"), "%s %s", w.code, w.text);
    restart();
    CHECK(refused("MID", "setting-barred"), "after a restart: %s %s", w.code, w.text);
    CHECK(world_pulses(&w) == 4, "four pulses and no more");
    world_close(&w);
}

/* The plan asks for fifteen minutes. */
/* hazards: H35 */
static void an_early_look_is_said_and_recorded(void)
{
    for (int in_time = 0; in_time < 2; in_time++) {
        open_planned(HELPER_TESTS_ASKED);
        sign_in_again();
        place_spot(1);
        place_spot(2);
        if (in_time) { /* fifteen minutes by themselves; whoever is signed in is signed out after five */
            world_run(&w, 901000);
            CHECK(world_sign_in(&w, "op:17"), "%s", w.text);
        }
        CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "%s", w.text);
        for (int run = 0; run < 2; run++) {
            world_forget(&w);
            CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
            CHECK(world_said(&w, "look-early") == !in_time, "in time %d, run %d", in_time, run);
            restart();
        }
        CHECK(world_entries(&w, "note", "text", "look-early") == (in_time ? 0 : 2), "recorded");
        world_close(&w);
    }
}

/* Bleeding at a spot opens no zone. */
/* hazards: H35 */
static void bleeding_is_no_good_look(void)
{
    open_planned(HELPER_TESTS_ASKED);
    sign_in_again();
    place_spot(1);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "%s", w.text);
    place_spot(2); /* a new spot wants a new look */
    CHECK(world_order(&w, FL_DO_ENDPOINT, "bleed", -1), "%s", w.text);
    CHECK(refused("MID", "test-spots-look"), "%s %s", w.code, w.text);
    restart();
    CHECK(refused("MID", "test-spots-look"), "after a restart: %s %s", w.code, w.text);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "weak", -1) && world_order(&w, FL_DO_ZONE, "MID", -1), "%s",
          w.text);
    world_close(&w);
}

/* Six weeks, to the day, whatever plan is made. */
/* hazards: H37 */
static void a_treated_zone_rests_under_every_plan(void)
{
    open_planned(HELPER_NO_TESTS);
    treat("F-L", 330);
    static const struct {
        int days; /* from the row before */
        bool rests;
    } rows[] = {{1, true}, {27, true}, {13, true}, {1, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_come_back(&w, rows[i].days, 7 + i);
        world_start(&w);
        sign_in_again();
        CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1) != rows[i].rests, "row %zu: %s", i, w.text);
        if (rows[i].rests) {
            CHECK_TEXT(w.code, "zone-interval", "code");
            CHECK_TEXT(w.text, "F-L was treated on 2026-05-04: not again before 2026-06-15", "why");
        }
        CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "MID was not treated: %s", w.text);
    }
    world_kill(&w);
    CHECK(world_entries(&w, "session.open", "not_before", "2026-06-15") == 1, "the end is in the journal");
    world_start(&w);
    treat("F-L", 330); /* and all of its pulses may be made again */
    world_close(&w);
}

/* What was done to one client is never counted for another. */
/* hazards: H32 */
static void another_client_and_a_test_spot_start_no_interval(void)
{
    open_planned(HELPER_TESTS_ASKED);
    sign_in_again();
    place_spot(1);
    place_spot(2);
    world_come_back(&w, 1, 8);
    w.plan->test_spots.required = false;
    fl_plan_seal(w.plan);
    world_start(&w);
    sign_in_again();
    CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "after test spots: %s", w.text);
    world_close(&w);

    open_planned(HELPER_NO_TESTS);
    treat("F-L", 330);
    world_come_back(&w, 1, 8);
    snprintf(w.plan->client, sizeof w.plan->client, "C-0002");
    fl_plan_seal(w.plan);
    world_start(&w);
    treat("F-L", 330);
    world_close(&w);
}

/* F-L: 9 planned, soft stop at 10, hard stop at 11. */
/* hazards: H33 H36 */
static void a_new_plan_of_the_day_starts_no_budget_anew(void)
{
    open_planned(HELPER_NO_TESTS);
    treat("F-L", 530);
    const uint64_t first = world_pulses(&w);
    CHECK(first >= 3 && first < 8, "%llu pulses", (unsigned long long)first);
    world_come_back(&w, 0, 9);
    world_start(&w);
    get_ready("F-L");
    world_foot(&w, true);
    world_run(&w, 3000);
    world_foot(&w, false);
    CHECK(world_pulses(&w) == 10, "soft stop at 10 of the day, not at %llu",
          (unsigned long long)world_pulses(&w));
    world_run(&w, 500);
    restart(); /* the same plan goes on where it was */
    CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1) && world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "%s",
          w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s", w.text);
    world_foot(&w, true);
    world_run(&w, 1000);
    world_foot(&w, false);
    world_run(&w, 500);
    CHECK(world_pulses(&w) == 11, "hard stop at 11, not at %llu", (unsigned long long)world_pulses(&w));
    world_come_back(&w, 0, 10);
    world_start(&w);
    sign_in_again();
    CHECK(refused("F-L", "zone-hard-stop"), "a third plan: %s %s", w.code, w.text);
    world_close(&w);
}

static bool sign_in_with(const char *pin)
{
    fl_face_order order = {.what = FL_DO_SIGN_IN, .face = 1, .number = ++w.number, .value = -1};
    snprintf(order.who, sizeof order.who, "op:17");
    snprintf(order.pin, sizeof order.pin, "%s", pin);
    w.ok = false;
    fl_conduct_order(w.conduct, &order);
    world_run(&w, 50);
    return w.ok;
}

/* Guessing is not cheaper by starting anew; a good sign-in ends the row. */
/* hazards: H47 */
static void wrong_pins_outlive_the_process(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_run(&w, 100);
    for (int i = 0; i < 4; i++) CHECK(!sign_in_with("111222"), "a wrong PIN");
    world_kill(&w);
    world_start(&w);
    CHECK(!sign_in_with("111222") && fl_text_same(w.code, "sign-in-wrong"), "the fifth: %s", w.code);
    CHECK(!sign_in_with("493027") && fl_text_same(w.code, "sign-in-locked"), "locked: %s", w.code);
    world_kill(&w);
    world_start(&w);
    CHECK(!sign_in_with("493027") && fl_text_same(w.code, "sign-in-locked"), "and after a start: %s", w.code);
    world_kill(&w);
    w.later_us += 61000000;
    world_start(&w);
    CHECK(sign_in_with("493027"), "a minute later: %s", w.code);
    world_kill(&w);
    world_start(&w);
    CHECK(!sign_in_with("111222") && sign_in_with("493027"), "the row began anew: %s", w.code);
    world_close(&w);
}

/* A setting that cannot be named bars all. */
/* hazards: H35 */
static void bars_read_the_unknown_as_bad(void)
{
    fl_past_bars bars = {0};
    fl_past_bar(&bars, 755, 4000);
    CHECK(fl_past_is_barred(&bars, 755, 4000) && !fl_past_is_barred(&bars, 755, 3000) &&
              !fl_past_is_barred(&bars, 1064, 4000),
          "this one and no other");
    fl_past_bar(&bars, 0, 4000);
    CHECK(fl_past_is_barred(&bars, 1064, 8000), "one without a name bars all");
    bars = (fl_past_bars){0};
    for (uint64_t i = 1; i <= FL_PLAN_GRID; i++) fl_past_bar(&bars, 500 + i, 4000);
    CHECK(!fl_past_is_barred(&bars, 400, 4000), "room for a whole grid");
    fl_past_bar(&bars, 532, 4000);
    CHECK(fl_past_is_barred(&bars, 400, 4000), "one more than there is room for bars all");
    CHECK(!fl_endpoint_find("Frost") && !fl_endpoint_find(""), "words are exact");
}

FL_TESTS("session/past", TEST(a_restart_keeps_a_darkened_zone_locked),
         TEST(what_is_seen_after_a_restart_has_a_place), TEST(a_restart_keeps_the_pause_after_bleeding),
         TEST(a_bad_test_spot_bars_its_setting), TEST(a_spot_is_named_by_ordering_it_again),
         TEST(an_early_look_is_said_and_recorded), TEST(bleeding_is_no_good_look),
         TEST(a_treated_zone_rests_under_every_plan), TEST(another_client_and_a_test_spot_start_no_interval),
         TEST(a_new_plan_of_the_day_starts_no_budget_anew), TEST(bars_read_the_unknown_as_bad),
         TEST(wrong_pins_outlive_the_process))
