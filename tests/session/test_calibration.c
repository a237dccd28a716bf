/* labels: unit fault   timeout: 120 */
/* A check of the laser in its calibration port, conducted by the control process behind the interlock: what
 * it needs, what it never is, what its records say, and what a kill leaves. On simulated time, with the
 * twin's own device and room. */
#include "check.h"

#include "helper_world.h"

#include "fadeline/session/calibration.h"

static world w;

#define PULSES 5

static void dock(bool in)
{
    room_switch(&w.laser.room, GL1_IN_DOCKED, in);
}

static void open_check(unsigned pulses)
{
    world_open(&w, HELPER_NO_TESTS);
    world_kill(&w);
    world_calibrate(&w, "alex-755", 150000, pulses);
    world_start(&w);
}

/* To STANDBY, signed in, eyewear on, settings taken; the dock is the caller's. */
static void prepare(const char *who)
{
    world_run(&w, 1500);
    if (world_mode(&w) != FL_MODE_STANDBY) world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "no STANDBY: %s", fl_mode_word(world_mode(&w)));
    CHECK(world_sign_in(&w, who), "sign-in: %s", w.text);
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
}

static void arm(void)
{
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "arm: %s: %s", w.code, w.text);
    CHECK(world_until(&w, FL_MODE_READY, 4000), "no READY: %s", fl_mode_word(world_mode(&w)));
}

static bool has(fl_reason reason)
{
    return w.reasons & fl_reason_bit(reason);
}

/* Every person who may check, none who only reads; and a foot makes as many pulses as were asked for. */
/* hazards: H09 H54 */
static void a_check_fires_so_many_pulses_and_no_more(void)
{
    open_check(PULSES);
    dock(true);
    prepare("op:30"); /* the service person */
    CHECK(world_entries(&w, "check", "verdict", "begun") == 1, "begun before the first light");
    CHECK(world_pulses(&w) == 0, "dark");
    arm();
    world_foot(&w, true);
    world_run(&w, 6000);
    CHECK(world_pulses(&w) == PULSES, "%llu pulses", (unsigned long long)world_pulses(&w));
    CHECK(world_mode(&w) == FL_MODE_STANDBY && world_said(&w, "limit-reached"), "%s", fl_mode_word(world_mode(&w)));
    world_foot(&w, false);
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_LIMITS), "again: %s", w.text);
    fl_conduct_end(w.conduct);
    world_run(&w, 500);
    world_kill(&w);
    CHECK(world_entries(&w, "grant", "pu", "C") == PULSES && world_entries(&w, "grant", NULL, NULL) == PULSES,
          "every grant says what it was for");
    CHECK(world_entries(&w, "grant", "zone", FL_CALIBRATION_PORT) == PULSES, "and where");
    CHECK(world_entries(&w, "session.open", "pu", "C") == 1 &&
              world_entries(&w, "session.open", "pat", "") == 1,
          "nobody's session");
    CHECK(world_entries(&w, "arm", "pu", "C") == 1, "armed to check");
    uint64_t pulses, counter;
    bool outstanding;
    CHECK(world_verify(&w, &pulses, &counter, &outstanding) && pulses == PULSES && counter == PULSES &&
              !outstanding,
          "the record has %llu pulses at %llu", (unsigned long long)pulses, (unsigned long long)counter);
    world_close(&w);
}

/* The dock must fit the purpose, both ways, when it is armed and in every tick after. */
/* hazards: H16 */
static void the_dock_must_fit_the_purpose(void)
{
    open_check(PULSES);
    prepare("op:17");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_UNDOCKED), "undocked: %s", w.text);
    dock(true);
    world_run(&w, 100);
    arm();
    world_foot(&w, true);
    world_run(&w, 600);
    const uint64_t before = world_pulses(&w);
    CHECK(before >= 1, "it fires docked");
    dock(false);
    world_run(&w, 1500);
    CHECK(world_pulses(&w) <= before + 1, "%llu pulses after it was taken out",
          (unsigned long long)(world_pulses(&w) - before));
    CHECK(world_mode(&w) == FL_MODE_STANDBY && world_said(&w, "handpiece-undocked"), "%s",
          fl_mode_word(world_mode(&w)));
    world_foot(&w, false);
    fl_conduct_end(w.conduct);
    world_run(&w, 500);
    world_kill(&w);

    world_treat(&w); /* and the reverse */
    w.laser.room.spot_um = 4000;
    world_start(&w);
    dock(true);
    prepare("op:17");
    CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "zone: %s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "a treatment with the handpiece in its dock");
    CHECK_TEXT(w.code, "energy-locked", "the check that was begun has no verdict");
    world_close(&w);

    world_open(&w, HELPER_NO_TESTS);
    dock(true);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    CHECK(world_sign_in(&w, "op:17") && world_order(&w, FL_DO_ZONE, "F-L", -1), "%s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_DOCKED) && !has(FL_REASON_UNDOCKED),
          "a treatment with the handpiece in its dock: %s", w.text);
    world_close(&w);
}

/* Everything else that a treatment needs is needed too. */
static void a_check_needs_what_a_treatment_needs(void)
{
    open_check(PULSES);
    dock(true);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_AUTH), "nobody signed in: %s", w.text);
    CHECK(world_sign_in(&w, "op:9"), "the supervisor: %s", w.text);
    world_run(&w, 300);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_EYEWEAR), "without eyewear: %s", w.text);
    CHECK(!world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 1064), "eyewear of another wavelength");
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    for (size_t i = 0; i < 3; i++) {
        static const fl_face_do orders[] = {FL_DO_ZONE, FL_DO_SPOTS, FL_DO_ENDPOINT};
        CHECK(!world_order(&w, orders[i], i == 2 ? "frost" : "F-L", 1), "order %zu", i);
        CHECK_TEXT(w.code, "calibration-only", "there is no client");
    }
    w.laser.room.spot_um = 3000;
    world_run(&w, 100);
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_HANDPIECE), "another spot: %s", w.text);
    w.laser.room.spot_um = 4000;
    world_run(&w, 1500);
    arm();
    world_run(&w, 1000);
    CHECK(world_pulses(&w) == 0, "no order makes light: it needs a foot");
    room_switch(&w.laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, false);
    world_run(&w, 200);
    CHECK(world_mode(&w) == FL_MODE_STANDBY && world_said(&w, "door-open"), "the door");
    world_close(&w);
}

/* What is edited on the laser's own panel while it is armed is no check of what was set. */
/* hazards: H17 */
static void settings_changed_on_the_laser_end_it(void)
{
    open_check(PULSES);
    dock(true);
    prepare("op:17");
    arm();
    world_foot(&w, true);
    world_run(&w, 300);
    const uint64_t before = world_pulses(&w);
    gl1_device_panel(&w.laser.device, &(gl1_settings){200000, 2000, 4000, 755});
    world_run(&w, 2000);
    CHECK(world_pulses(&w) <= before + 1 && world_mode(&w) == FL_MODE_STANDBY, "%s after %llu pulses",
          fl_mode_word(world_mode(&w)), (unsigned long long)world_pulses(&w));
    world_close(&w);
}

/* Killed at every 20 ms of three pulses: at most one pulse more, the books add up, the head stays locked, and
 * what the next process settles is still a pulse of a check, in no zone of anybody. */
/* hazards: H54 H29 */
static void a_kill_leaves_the_head_locked_and_the_books_right(void)
{
    for (int at = 40; at < 1300; at += 60) {
        open_check(3);
        dock(true);
        prepare("op:17");
        arm();
        world_foot(&w, true);
        world_run(&w, at);
        const uint64_t before = world_pulses(&w);
        world_kill(&w);
        world_run(&w, 1000);
        const uint64_t after = world_pulses(&w);
        CHECK(after <= before + 1, "killed after %d ms: %llu pulses more", at,
              (unsigned long long)(after - before));
        world_foot(&w, false);
        dock(false);
        world_treat(&w);
        world_start(&w);
        prepare("op:17");
        CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "zone: %s", w.text);
        CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
        world_run(&w, 300);
        CHECK(!world_order(&w, FL_DO_ARM, "", -1), "killed after %d ms: it treats", at);
        CHECK_TEXT(w.code, "energy-locked", "a check without a verdict");
        fl_entry line;
        fl_conduct_status(w.conduct, &line);
        char bytes[FL_FACE_LINE_MAX];
        size_t size;
        fl_record record;
        uint64_t in_zone = 1;
        CHECK(fl_entry_encode(&line, bytes, sizeof bytes, &size) == FL_OK &&
                  fl_record_read(bytes, size, &record) == FL_OK &&
                  fl_record_count(&record, "zone_pulses", &in_zone) == FL_OK && in_zone == 0,
              "killed after %d ms: %llu pulses of the check count for the zone", at,
              (unsigned long long)in_zone);
        world_kill(&w);
        uint64_t pulses, counter;
        bool outstanding;
        CHECK(world_verify(&w, &pulses, &counter, &outstanding) && counter == after && pulses == after &&
                  !outstanding,
              "killed after %d ms: the record has %llu pulses at %llu, the laser %llu", at,
              (unsigned long long)pulses, (unsigned long long)counter, (unsigned long long)after);
        world_close(&w);
    }
}

/* A real laser treats only after a check that passed; a check itself needs none. */
/* hazards: H09 */
static void a_real_laser_is_checked_before_it_treats(void)
{
    static const struct {
        bool checked;
        const char *code;
    } rows[] = {{false, "energy-check-due"}, {true, ""}};
    for (size_t i = 0; i < 2; i++) {
        world_open(&w, HELPER_NO_TESTS);
        world_kill(&w);
        char remove[180];
        snprintf(remove, sizeof remove, "rm -rf '%s' && mkdir '%s'", w.folder, w.folder);
        CHECK(system(remove) == 0, "a record of its own");
        w.is_real = true;
        if (rows[i].checked) {
            fl_error error = {0};
            fl_journal *journal;
            const fl_journal_options options = {
                .mode = FL_JOURNAL_CREATE, .clock = &w.clock, .no_ballast = true};
            CHECK(fl_journal_open(w.folder, &options, &journal, &error) == FL_OK, "%s", error.what);
            static fl_entry entry;
            fl_entry_begin(&entry, FL_KIND_CHECK);
            fl_entry_device(&entry, w.file.make.uid, false);
            fl_entry_count(&entry, "pulses", 0);
            fl_entry_int(&entry, "set_uJ", 150000);
            fl_entry_int(&entry, "mean_uJ", 150200);
            fl_entry_int(&entry, "pass", 1);
            fl_entry_text(&entry, "who", "op:17");
            fl_entry_text(&entry, "head", "alex-755");
            fl_entry_int(&entry, "wl_nm", 755);
            CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "%s", error.what);
            fl_journal_close(journal);
        }
        world_start(&w);
        prepare("op:17");
        CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "zone: %s", w.text);
        CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
        CHECK(world_sign_as(&w, FL_DO_SECOND, "op:9", ""), "the device file is new: %s", w.text);
        world_run(&w, 300);
        const bool armed = world_order(&w, FL_DO_ARM, "", -1);
        CHECK_TEXT(armed ? "" : w.code, rows[i].code, "a real laser");
        world_kill(&w);
        world_close(&w);
    }
    world_open(&w, HELPER_NO_TESTS);
    world_kill(&w);
    char remove[180];
    snprintf(remove, sizeof remove, "rm -rf '%s' && mkdir '%s'", w.folder, w.folder);
    CHECK(system(remove) == 0, "a record of its own");
    w.is_real = true;
    world_calibrate(&w, "alex-755", 150000, 3);
    world_start(&w);
    dock(true);
    prepare("op:17");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1) && has(FL_REASON_DUAL), "a device file nobody compared: %s",
          w.text);
    CHECK(world_sign_as(&w, FL_DO_SECOND, "op:9", ""), "second: %s", w.text);
    arm();
    world_close(&w);
}

/* A plan of a check is never one of treatment, and the label binds it. */
static void the_label_binds_a_check(void)
{
    fl_device *device;
    fl_error error = {0};
    CHECK(fl_device_load("example-pico", &device, &error) == FL_OK, "%s", error.what);
    static const struct {
        fl_calibration_wish wish;
        fl_status status;
    } rows[] = {
        {{NULL, "alex-755", 150000, 4000, 1000, 10}, FL_OK},
        {{NULL, "alex-755", 200000, 4000, 2000, 3}, FL_OK},
        {{NULL, "alex-755", 200001, 4000, 1000, 10}, FL_E_NO},    /* above the label */
        {{NULL, "alex-755", 150000, 4500, 1000, 10}, FL_E_NO},    /* no such spot */
        {{NULL, "alex-755", 150000, 4000, 2001, 10}, FL_E_NO},    /* faster than a meter reads */
        {{NULL, "ruby-694", 150000, 4000, 1000, 10}, FL_E_USAGE}, /* no such head */
        {{NULL, "alex-755", 150000, 4000, 1000, 2}, FL_E_USAGE},  /* two readings have no spread */
        {{NULL, "alex-755", 150000, 4000, 1000, 201}, FL_E_USAGE},
        {{NULL, "alex-755", 0, 4000, 1000, 10}, FL_E_USAGE},
        {{NULL, "alex-755", 150000, 4000, 0, 10}, FL_E_USAGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_plan *plan = fl_plan_new();
        const fl_status status =
            fl_calibration_plan(&rows[i].wish, device, (fl_date){2026, 5, 4}, plan, &error);
        CHECK(status == rows[i].status, "row %zu: %s", i, error.what);
        CHECK(!fl_plan_treats_zones(plan) && !fl_plan_tests(plan), "row %zu treats somebody", i);
        if (status == FL_OK) CHECK(plan->hash[0] | plan->hash[1] | plan->hash[2], "row %zu: a hash", i);
        fl_plan_free(plan);
    }
    fl_device_free(device);
}

FL_TESTS("session/calibration", TEST(a_check_fires_so_many_pulses_and_no_more),
         TEST(the_dock_must_fit_the_purpose), TEST(a_check_needs_what_a_treatment_needs),
         TEST(settings_changed_on_the_laser_end_it), TEST(a_kill_leaves_the_head_locked_and_the_books_right),
         TEST(a_real_laser_is_checked_before_it_treats), TEST(the_label_binds_a_check))
