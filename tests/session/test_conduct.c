/* labels: unit fault   timeout: 300 */
/* Whole sessions in simulated time: every refusal with its reason and its record, budgets, faults, and what
 * happens when the control process dies at any instant (must-shows 5 and 6). */
#include "check.h"

#include "helper_world.h"

#include "fadeline/base/text.h"

static world w;

static void fire(int ms)
{
    world_foot(&w, true);
    world_run(&w, ms);
    world_foot(&w, false);
    world_run(&w, 400);
}

static void books_agree(const char *what)
{
    uint64_t pulses = 0, counter = 0;
    bool outstanding = true;
    CHECK(world_verify(&w, &pulses, &counter, &outstanding), "%s: the journal does not verify", what);
    CHECK(!outstanding, "%s: a grant is not settled", what);
    CHECK(counter == world_pulses(&w), "%s: the journal counts %llu, the laser %llu", what,
          (unsigned long long)counter, (unsigned long long)world_pulses(&w));
}

static void a_session_fires_with_the_foot_and_closes(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    fire(1000);
    CHECK(world_mode(&w) == FL_MODE_READY, "a released foot leads back to READY, not to %s",
          fl_mode_word(world_mode(&w)));
    const uint64_t first = world_pulses(&w);
    CHECK(first >= 5 && first <= 10, "%llu pulses in a second at 10 Hz", (unsigned long long)first);
    fire(500);
    CHECK(world_pulses(&w) > first, "a fresh press fires again");
    CHECK(world_order(&w, FL_DO_END, "", -1), "end");
    fl_status status = FL_E_BUG;
    for (int i = 0; i < 3000 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 1);
    CHECK(status == FL_OK, "the session does not end: %s", fl_status_name(status));
    CHECK(fl_conduct_pulses(w.conduct) == world_pulses(&w), "every pulse is certain");
    CHECK(w.laser.device.kept.anchor_n > 0, "the laser keeps the size of the log");
    world_kill(&w);
    books_agree("a closed session");
    CHECK(world_entries(&w, "session.close", NULL, NULL) == 1 &&
              world_entries(&w, "grant", NULL, NULL) == world_entries(&w, "pulse", NULL, NULL),
          "one close; as many pulses as grants");
    world_close(&w);
}

/* Each row breaks one thing in STANDBY, orders ARM, and wants this code, in the answer and in the journal. */
static void break_door(void)
{
    room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, false);
}
static void break_door_channel(void)
{
    room_switch(&w.laser.room, GL1_IN_DOOR_B, false);
}
static void break_foot(void)
{
    world_foot(&w, true);
}
static void break_covers(void)
{
    room_switch(&w.laser.room, GL1_IN_COVERS, false);
}
static void break_coolant(void)
{
    room_switch(&w.laser.room, GL1_IN_FLOW, false);
}
static void break_dock(void)
{
    room_switch(&w.laser.room, GL1_IN_DOCKED, true);
}
static void break_spot(void)
{
    w.laser.room.spot_um = 3000;
}
static void break_spot_unknown(void)
{
    w.laser.room.spot_um = 0;
}
static void break_handpiece(void)
{
    w.laser.room.handpiece = 0;
}
static void break_disk(void)
{
    w.free_bytes = 1000;
}
static void break_sign_out(void)
{
    world_order(&w, FL_DO_SIGN_OUT, "", -1);
}
static void break_eyewear(void)
{
    break_door(), world_run(&w, 50), room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, true);
}
static void break_estop(void)
{
    room_switch(&w.laser.room, GL1_IN_ESTOP_A, false);
}
static void break_key(void)
{
    room_switch(&w.laser.room, GL1_IN_KEY, false);
}
static void break_line(void)
{
    w.dead_line = true;
}
static void break_counter(void)
{
    w.laser.device.kept.k += 3, w.laser.device.flashes_seen += 3, w.laser.room.flashes += 3;
}

/* Fifteen things wrong, one at a time: ARM is refused with its reason, journalled, and a pressed foot makes
 * no light. */
/* hazards: H01 H02 H07 H12 H13 H14 H15 H16 H18 H26 */
static void every_refusal_says_why(void)
{
    static const struct {
        const char *what;
        void (*breaks)(void);
        const char *code, *text;
    } rows[] = {
        {"door open", break_door, "door-open", "the room door is open"},
        {"one door channel", break_door_channel, "door-open", "the room door is open"},
        {"foot held", break_foot, "foot-held", "the footswitch is pressed"},
        {"cover", break_covers, "cover-open", NULL},
        {"coolant", break_coolant, "coolant", NULL},
        {"docked", break_dock, "handpiece-docked", NULL},
        {"wrong spot", break_spot, "spot-mismatch", "Handpiece 3 mm, plan 4 mm: fluence would be 1.78 times"},
        {"spot unknown", break_spot_unknown, "spot-mismatch",
         "the spot of the handpiece is not known, plan 4 mm"},
        {"no handpiece", break_handpiece, "spot-mismatch", "no handpiece is attached"},
        {"disk full", break_disk, "journal-not-ready", NULL},
        {"signed out", break_sign_out, "not-signed-in", NULL},
        {"door since eyewear", break_eyewear, "eyewear", NULL},
        {"e-stop", break_estop, "emergency-stop", NULL},
        {"key", break_key, "key-off", NULL},
        {"stale status", break_line, "link-lost", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_open(&w, HELPER_NO_TESTS);
        world_ready(&w, "MID");
        world_order(&w, FL_DO_STANDBY, "", -1);
        CHECK(world_until(&w, FL_MODE_STANDBY, 500), "%s: STANDBY", rows[i].what);
        rows[i].breaks();
        world_run(&w, 1500);
        const uint64_t before = world_pulses(&w);
        CHECK(!world_order(&w, FL_DO_ARM, "", -1), "%s: armed", rows[i].what);
        CHECK_TEXT(w.code, rows[i].code, rows[i].what);
        if (rows[i].text) CHECK_TEXT(w.text, rows[i].text, rows[i].what);
        world_foot(&w, true);
        world_run(&w, 4000);
        CHECK(world_pulses(&w) == before, "%s: light", rows[i].what);
        w.free_bytes = (uint64_t)1 << 40;
        world_kill(&w);
        CHECK(world_entries(&w, "arm.refused", NULL, NULL) >= 1, "%s: not journalled", rows[i].what);
        world_close(&w);
    }
}

/* Pulses that happened while nobody watched. */
/* hazards: H04 */
static void a_counter_nobody_can_explain_needs_a_supervisor(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    fire(400);
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 500);
    world_kill(&w); /* the pulses happen while nobody watches */
    break_counter();
    world_run(&w, 3000);
    world_start(&w);
    world_run(&w, 4000);
    CHECK(world_said(&w, "counter-mismatch"), "it is said");
    CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1), "sign-in: %s", w.text);
    world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755);
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed over a mismatch");
    CHECK(w.reasons & fl_reason_bit(FL_REASON_COUNTER), "the counter is a reason: %s", w.text);
    CHECK(!world_reconcile(&w, "op:17"), "an operator may not take it");
    CHECK(world_reconcile(&w, "op:9"), "a supervisor may: %s", w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "arm: %s: %s", w.code, w.text);
    world_kill(&w);
    books_agree("after the supervisor");
    world_close(&w);
}

static void end_session(void)
{
    fl_status status = FL_E_BUG;
    CHECK(world_order(&w, FL_DO_END, "", -1), "end");
    for (int i = 0; i < 6000 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 1);
    CHECK(status == FL_OK, "the session does not end: %s", fl_status_name(status));
}

/* 122 pulses that nobody granted, while the control watches: the books show what the laser shows, the next
 * session is refused all the same, and only a supervisor ends that. */
/* hazards: H04 */
static void unexplained_pulses_stand_in_the_books(void)
{
    static const struct {
        const char *what;
        bool armed;
    } rows[] = {{"in STANDBY", false}, {"in READY", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char was[24], now[24];
        world_open(&w, HELPER_NO_TESTS);
        world_ready(&w, "MID");
        fire(700);
        if (!rows[i].armed) {
            world_order(&w, FL_DO_STANDBY, "", -1);
            world_run(&w, 500);
        }
        snprintf(was, sizeof was, "%llu", (unsigned long long)world_pulses(&w));
        w.laser.device.kept.k += 122, w.laser.device.flashes_seen += 122, w.laser.room.flashes += 122;
        snprintf(now, sizeof now, "%llu", (unsigned long long)world_pulses(&w));
        world_run(&w, 1000);
        CHECK(world_said(&w, "counter-mismatch"), "%s: it is said", rows[i].what);
        CHECK(fl_conduct_state(w.conduct).flags & FL_FLAG_SVC, "%s: light without a grant latches",
              rows[i].what);
        CHECK(!world_order(&w, FL_DO_ARM, "", -1), "%s: armed", rows[i].what);
        end_session();
        world_kill(&w);
        books_agree(rows[i].what);
        CHECK(world_count(&w, "drop", "ctr_was", was) == 1 && world_count(&w, "drop", "ctr_now", now) == 1,
              "%s: what it held and what it read", rows[i].what);
        CHECK(world_count(&w, "counter", "ctr", now) == 1, "%s: the reading", rows[i].what);
        CHECK(world_count(&w, "session.close", "ctr", now) == 1, "%s: the close reads %s", rows[i].what, now);
        CHECK(world_entries(&w, "svc", NULL, NULL) >= 1, "%s: svc", rows[i].what);
        for (int start = 0; start < 2; start++) { /* a restart is no reconciliation, nor is a second one */
            world_forget(&w);
            world_start(&w);
            world_run(&w, 2500);
            CHECK(world_said(&w, "counter-mismatch"), "%s: said again", rows[i].what);
            CHECK(world_sign_in(&w, "op:17") && !world_order(&w, FL_DO_ARM, "", -1), "%s: armed after start",
                  rows[i].what);
            world_kill(&w);
            CHECK(world_entries(&w, "session.open", NULL, NULL) == 1, "%s: a session began", rows[i].what);
        }
        world_start(&w);
        world_run(&w, 2500);
        CHECK(world_sign_as(&w, FL_DO_SERVICE, "op:30", "") &&
                  world_sign_as(&w, FL_DO_RECONCILE, "op:9", "counter read on site"),
              "%s: service: %s", rows[i].what, w.text);
        CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "%s: cleared", rows[i].what);
        CHECK(world_reconcile(&w, "op:9"), "%s: reconcile: %s", rows[i].what, w.text);
        CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1), "%s: %s", rows[i].what,
              w.text);
        world_run(&w, 300);
        world_kill(&w);
        books_agree(rows[i].what);
        CHECK(world_entries(&w, "session.open", NULL, NULL) == 2, "%s: the next session begins",
              rows[i].what);
        world_close(&w);
    }
}

static void a_close_without_a_reading_says_so(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    fire(400);
    w.dead_line = true;
    world_run(&w, 1500);
    end_session();
    world_kill(&w);
    CHECK(world_count(&w, "session.close", "ctr_read", "0") == 1, "it says that it did not read");
    CHECK(world_count(&w, "session.close", "ctr", NULL) == 0, "and what was expected is not written");
    w.dead_line = false;
    world_start(&w);
    world_run(&w, 3000);
    world_kill(&w);
    books_agree("after an unread close");
    world_close(&w);
}

/* Marks for another wavelength, too weak or not readable are refused, and nobody confirms without signing
 * in. */
/* hazards: H02 H03 */
static void eyewear_is_for_its_wavelength(void)
{
    static const struct {
        const char *marks;
        int64_t nm;
        bool good;
    } rows[] = {
        {"OD7 M LB9", 755, true},
        {"OD 7 DIRM LB7", 755, true},
        {"OD6 M LB6", 755, false},
        {"OD7 D LB7", 755, false},
        {"OD7 M LB9", 1064, false},
        {"OD7 M LB9", 532, false},
        {"", 755, false},
        {"OD7,5 M", 755, true},
        {"OD M LB9", 755, false},
        {"\xff", 755, false},
        {"OD7 M LB9", -1, false},
        {"OD2 532 OD7 M LB9", 755, false},
        {"532 OD7 M LB9", 755, false},
        {"OD7 M LB1", 755, false},
    };
    world_open(&w, HELPER_NO_TESTS);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    CHECK(!world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "nobody is signed in");
    CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "MID", -1), "%s", w.text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(world_order(&w, FL_DO_EYEWEAR, rows[i].marks, rows[i].nm) == rows[i].good,
              "'%s' for %lld nm: %s", rows[i].marks, (long long)rows[i].nm, w.text);
    world_close(&w);
}

/* A colleague who signs in over the first, or after it, begins with nothing confirmed; and nobody stays armed
 * by it. */
/* hazards: H02 */
static void what_one_confirmed_another_did_not(void)
{
    for (int out = 0; out < 2; out++) {
        world_open(&w, HELPER_NO_TESTS);
        world_ready(&w, "F-L");
        CHECK(!world_sign_in(&w, "op:18"), "over an armed laser");
        CHECK(world_order(&w, out ? FL_DO_SIGN_OUT : FL_DO_STANDBY, "", -1), "%s", w.text);
        CHECK(world_until(&w, FL_MODE_STANDBY, 500), "armed");
        CHECK(world_sign_in(&w, "op:18"), "a colleague: %s", w.text);
        CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed behind another person's eyewear");
        CHECK(strstr(w.code, "eyewear"), "refused for %s: %s", w.code, w.text);
        world_close(&w);
    }
}

/* Whoever types a name where a code belongs: it is kept nowhere. */
static void nobody_by_name(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    CHECK(world_order(&w, FL_DO_STANDBY, "", -1) && world_until(&w, FL_MODE_STANDBY, 500), "%s", w.text);
    CHECK(!world_sign_in(&w, "Marie Dubois"), "signed in");
    world_kill(&w);
    CHECK(world_entries(&w, "auth.fail", "who", "?") == 1 &&
              world_entries(&w, "auth.fail", "who", "Marie Dubois") == 0,
          "a name in the journal");
    world_close(&w);
}

/* F-L: 9 planned, soft stop at 10, hard stop at 11. */
/* hazards: H07 H36 H38 */
static void a_zone_stops_where_its_plan_says(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    world_foot(&w, true);
    world_run(&w, 3000);
    CHECK(world_pulses(&w) == 10, "soft stop at 10, not at %llu", (unsigned long long)world_pulses(&w));
    CHECK(world_said(&w, "zone-notice") || world_said(&w, "zone-done"), "the tone at 9");
    CHECK(world_said(&w, "zone-soft-stop") && world_said(&w, "limit-reached"), "the stop is said");
    world_foot(&w, false);
    CHECK(world_until(&w, FL_MODE_STANDBY, 500), "STANDBY");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed past the soft stop");
    CHECK_TEXT(w.text, "F-L has 10 pulses, 9 were planned", "why");
    CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "ordered again: %s", w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s", w.text);
    world_foot(&w, true);
    world_run(&w, 2000);
    CHECK(world_pulses(&w) == 11, "hard stop at 11, not at %llu", (unsigned long long)world_pulses(&w));
    world_foot(&w, false);
    world_run(&w, 500);
    CHECK(!world_order(&w, FL_DO_ZONE, "F-L", -1), "no more under this plan");
    CHECK_TEXT(w.code, "zone-hard-stop", "why");
    CHECK(!world_order(&w, FL_DO_ZONE, "OCC", -1) && fl_text_same(w.code, "zone-locked"), "a locked zone");
    CHECK(!world_order(&w, FL_DO_ZONE, "VTX", -1) && fl_text_same(w.code, "zone-unknown"),
          "a zone not in the plan");
    world_kill(&w);
    books_agree("budgets");
    CHECK(world_entries(&w, "override", "reason", "soft-stop") == 1, "going on is a record");
    world_start(&w); /* a restart forgets no pulse */
    world_run(&w, 2000);
    CHECK(world_sign_in(&w, "op:17"), "sign-in");
    CHECK(!world_order(&w, FL_DO_ZONE, "F-L", -1) && fl_text_same(w.code, "zone-hard-stop"),
          "after a restart: %s", w.code);
    world_close(&w);
}

/* No zone before all spots are placed and looked at; their pulses are recorded as test pulses. */
/* hazards: H35 H54 */
static void test_spots_come_first(void)
{
    world_open(&w, HELPER_TESTS_ASKED);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000) && world_sign_in(&w, "op:17"), "sign-in");
    CHECK(!world_order(&w, FL_DO_ZONE, "MID", -1) && fl_text_same(w.code, "test-spots-first"),
          "zone first: %s", w.code);
    static const int64_t nm[2] = {755, 1064};
    for (int spot = 1; spot <= 2; spot++) {
        CHECK(world_order(&w, FL_DO_SPOTS, "", spot), "spot %d: %s", spot, w.text);
        CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", nm[spot - 1]), "eyewear %d: %s", spot, w.text);
        world_run(&w, 300);
        CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm %d: %s", spot,
              w.text);
        world_foot(&w, true);
        world_run(&w, 1500);
        world_foot(&w, false);
        world_run(&w, 400);
        CHECK(world_pulses(&w) == 2u * (unsigned)spot, "two pulses a spot, not %llu",
              (unsigned long long)world_pulses(&w));
    }
    CHECK(!world_order(&w, FL_DO_ZONE, "MID", -1) && fl_text_same(w.code, "test-spots-look"),
          "look first: %s", w.code);
    CHECK(world_order(&w, FL_DO_ENDPOINT, "frost", -1), "endpoint: %s", w.text);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1), "now the zone: %s", w.text);
    world_kill(&w);
    CHECK(world_entries(&w, "grant", "pu", "S") == 4, "test pulses are named so");
    world_close(&w);
    world_open(&w, HELPER_TESTS_FIRST);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000) && world_sign_in(&w, "op:17"), "sign-in");
    CHECK(!world_order(&w, FL_DO_ZONE, "MID", -1) && fl_text_same(w.code, "plan-no-zones"), "test first: %s",
          w.code);
    world_close(&w);
}

/* What happens in the middle of firing: the class of the answer, its code, and no pulse later. */
static void hit_door(void)
{
    break_door();
}
static void hit_door_moment(void)
{
    break_door(), world_run(&w, 3), room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, true);
}
static void hit_panel(void)
{
    gl1_settings edited = w.laser.device.set;
    edited.en_uJ -= 1000;
    CHECK(gl1_device_panel(&w.laser.device, &edited), "the panel takes it");
}
static void hit_energy(void)
{
    w.laser.room.energy_off_percent = 31;
}
static void hit_unread(void)
{
    w.laser.room.energy_unread = true;
}
static void hit_sleep(void)
{
    w.us += 800000, w.asleep_us += 700000;
}
static void hit_silence(void)
{
    w.face_is_silent = true;
}
static void hit_flash(void)
{
    w.laser.room.flashes += 1;
}

/* Fifteen events in the middle of firing: at most one more pulse, the right class, nothing resumes, the books
 * agree. */
/* hazards: H01 H04 H09 H10 H11 H12 H13 H14 H17 H19 H24 H26 H30 */
static void whatever_happens_while_firing_ends_it(void)
{
    static const struct {
        const char *what;
        void (*hit)(void);
        fl_mode mode;
        bool svc;
        const char *code;
        uint64_t more;
    } rows[] = {
        {"door", hit_door, FL_MODE_STANDBY, false, "door-open", 0},
        {"door for 3 ms", hit_door_moment, FL_MODE_STANDBY, false, "door-open", 0},
        {"foot of the chair on the lens", break_spot, FL_MODE_STANDBY, false, "spot-mismatch", 1},
        {"panel edit", hit_panel, FL_MODE_STANDBY, false, "plan-not-ready", 0},
        {"face gone", hit_silence, FL_MODE_STANDBY, false, "not-signed-in", 1},
        {"disk full", break_disk, FL_MODE_STANDBY, false, "journal-not-ready", 1},
        {"e-stop", break_estop, FL_MODE_ESTOP, false, "emergency-stop", 0},
        {"key", break_key, FL_MODE_OFF, false, "key-off", 0},
        {"cover", break_covers, FL_MODE_FAULT, false, "cover-open", 0},
        {"coolant", break_coolant, FL_MODE_FAULT, false, "coolant", 0},
        {"energy 31 % high", hit_energy, FL_MODE_FAULT, false, "energy-out", 1},
        {"no report", hit_unread, FL_MODE_FAULT, false, "pulse-missing", 1},
        {"the computer slept", hit_sleep, FL_MODE_FAULT, false, "link-lost" /* its status is old as well */,
         0},
        {"line cut", break_line, FL_MODE_FAULT, false,
         NULL /* link lost, or the report missing: whichever is due first */, 1},
        {"flash nobody granted", hit_flash, FL_MODE_FAULT, true, NULL, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_open(&w, HELPER_NO_TESTS);
        world_ready(&w, "MID");
        world_foot(&w, true);
        world_run(&w, 730);
        CHECK(fl_mode_is_armed(world_mode(&w)) && world_pulses(&w) >= 2, "%s: firing", rows[i].what);
        world_forget(&w);
        const uint64_t before = world_pulses(&w);
        rows[i].hit();
        world_run(&w, 1500);
        CHECK(world_mode(&w) == rows[i].mode, "%s: %s", rows[i].what, fl_mode_word(world_mode(&w)));
        CHECK(((fl_conduct_state(w.conduct).flags & FL_FLAG_SVC) != 0) == rows[i].svc, "%s: svc",
              rows[i].what);
        CHECK(!rows[i].code || world_said(&w, rows[i].code), "%s: '%s' was not said", rows[i].what,
              rows[i].code);
        CHECK(world_pulses(&w) <= before + rows[i].more, "%s: %llu pulses after it", rows[i].what,
              (unsigned long long)(world_pulses(&w) - before));
        const uint64_t then = world_pulses(&w);
        world_run(&w, 5000); /* the foot is still down: nothing resumes by itself */
        CHECK(world_pulses(&w) == then, "%s: it resumed by itself", rows[i].what);
        w.dead_line = false;
        w.free_bytes = (uint64_t)1 << 40;
        world_run(&w, 2000);
        world_kill(&w);
        world_start(&w);
        world_run(&w, 2000);
        world_kill(&w);
        books_agree(rows[i].what);
        world_close(&w);
    }
}

/* It is there at the next start, and two persons with a reason clear it. */
/* hazards: H04 */
static void a_service_fault_survives_the_night(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    world_order(&w, FL_DO_STANDBY, "", -1);
    world_run(&w, 300);
    hit_flash();
    world_run(&w, 300);
    CHECK(world_mode(&w) == FL_MODE_FAULT && (fl_conduct_state(w.conduct).flags & FL_FLAG_SVC),
          "light latches");
    CHECK(!world_order(&w, FL_DO_RESET, "", 1) && fl_text_same(w.code, "service-latched"), "no reset: %s",
          w.code);
    world_kill(&w);
    world_start(&w);
    world_run(&w, 3000);
    CHECK(world_mode(&w) == FL_MODE_FAULT && (fl_conduct_state(w.conduct).flags & FL_FLAG_SVC),
          "and again at the next start: %s", fl_mode_word(world_mode(&w)));
    CHECK(!world_sign_as(&w, FL_DO_RECONCILE, "op:9", "mirror replaced"),
          "a supervisor alone does not clear it");
    CHECK(!world_sign_as(&w, FL_DO_SERVICE, "op:17", ""), "nor is an operator a service person");
    CHECK(world_sign_as(&w, FL_DO_SERVICE, "op:30", ""), "service signs: %s", w.text);
    CHECK(!world_sign_as(&w, FL_DO_RECONCILE, "op:9", ""), "and a reason is needed");
    CHECK(world_sign_as(&w, FL_DO_RECONCILE, "op:9", "mirror replaced"), "both, with a reason: %s", w.text);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000) && !(fl_conduct_state(w.conduct).flags & FL_FLAG_SVC),
          "cleared");
    world_kill(&w);
    CHECK(world_entries(&w, "reset", "second", "op:30") == 1, "with both names");
    world_start(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "and it stays cleared");
    world_close(&w);
}

/* A reset for another fault than the one shown is refused; two of one cause wait for a supervisor. */
/* hazards: H31 H49 */
static void a_reset_names_the_fault_and_three_need_a_supervisor(void)
{
    world_open(&w, HELPER_NO_TESTS);
    for (int fault = 1; fault <= 2; fault++) {
        if (fault == 1)
            world_ready(&w, "MID");
        else
            CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "arm: %s",
                  w.text);
        break_covers();
        CHECK(world_until(&w, FL_MODE_FAULT, 100), "fault %d", fault);
        room_switch(&w.laser.room, GL1_IN_COVERS, true);
        world_run(&w, 500);
        CHECK(!world_order(&w, FL_DO_RESET, "", 7) && fl_text_same(w.code, "fault-other"), "another number");
        CHECK(world_order(&w, FL_DO_RESET, "", fault), "reset: %s", w.text);
        CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY after the self-test");
        world_run(&w, 300);
    }
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "two with the same cause");
    CHECK(strstr(w.text, "supervisor") != NULL, "why: %s", w.text);
    CHECK(world_reconcile(&w, "op:9") && world_order(&w, FL_DO_ARM, "", -1), "signed off: %s", w.text);
    world_close(&w);
}

/* The control process dies at any millisecond of three pulses, and at any byte of what it writes: at most one
 * pulse after that, all accounted for after the next start, whatever the laser did meanwhile. */
static void die_and_come_back(int after_ms, int64_t after_bytes)
{
    char what[64];
    snprintf(what, sizeof what, "death after %d ms, %lld bytes", after_ms, (long long)after_bytes);
    world_foot(&w, true);
    world_run(&w, after_ms);
    w.bytes_left = after_bytes;
    if (after_bytes >= 0) world_run(&w, 60);
    const uint64_t before = world_pulses(&w);
    world_kill(&w);
    world_run(&w, 300);
    CHECK(world_pulses(&w) <= before + 1, "%s: %llu pulses", what,
          (unsigned long long)(world_pulses(&w) - before));
    world_foot(&w, false);
    world_run(&w, 100);
    world_start(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "%s: no STANDBY", what);
    CHECK(world_sign_in(&w, "op:17"), "%s: sign-in", what);
    CHECK(world_order(&w, FL_DO_ZONE, "MID", -1) && world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755),
          "%s: %s", what, w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "%s: arm: %s", what, w.text);
    CHECK(world_until(&w, FL_MODE_READY, 4000), "%s: READY", what);
}

/* Over a hundred deaths at any moment and any byte: one pulse more at most, and every pulse accounted for. */
/* hazards: H11 H29 */
static void a_death_costs_at_most_one_pulse(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    for (int ms = 0; ms < 300; ms += 5) die_and_come_back(ms, -1);
    for (int64_t bytes = 0; bytes < 700; bytes += 13) die_and_come_back(200, bytes);
    world_kill(&w);
    books_agree("over a hundred deaths");
    world_close(&w);
}

/* A line that damages frame after frame while armed is not used until a person has looked at it. */
/* hazards: H20 */
static void a_disturbed_line_waits_for_a_person(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "MID");
    for (int i = 0; i <= FL_GL1_BAD_FRAMES; i++) {
        memcpy(w.to_host + w.waiting, "<garbage\n", 9);
        w.waiting += 9;
        world_run(&w, 20);
    }
    CHECK(world_until(&w, FL_MODE_STANDBY, 500), "stands down: %s", fl_mode_word(world_mode(&w)));
    world_run(&w, 300);
    world_order(&w, FL_DO_ARM, "", -1);
    CHECK(!w.ok && strstr(w.text, "disturbed"), "armed: %s", w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_RESET, "", 0), "a person has seen it: %s", w.text);
    CHECK(world_order(&w, FL_DO_ARM, "", -1) && world_until(&w, FL_MODE_READY, 4000), "and goes on: %s",
          w.text);
    world_kill(&w);
    CHECK(world_entries(&w, "note", "text", "line-disturbed") == 1, "with a record");
    world_close(&w);
}

FL_TESTS("session/conduct", TEST(a_session_fires_with_the_foot_and_closes), TEST(every_refusal_says_why),
         TEST(a_counter_nobody_can_explain_needs_a_supervisor), TEST(unexplained_pulses_stand_in_the_books),
         TEST(a_close_without_a_reading_says_so), TEST(eyewear_is_for_its_wavelength),
         TEST(what_one_confirmed_another_did_not), TEST(nobody_by_name),
         TEST(a_zone_stops_where_its_plan_says), TEST(test_spots_come_first),
         TEST(whatever_happens_while_firing_ends_it), TEST(a_service_fault_survives_the_night),
         TEST(a_reset_names_the_fault_and_three_need_a_supervisor), TEST(a_death_costs_at_most_one_pulse),
         TEST(a_disturbed_line_waits_for_a_person))
