/* labels: unit fault   timeout: 120 */
/* The energy check: the owner's numbers, what is no check, what the journal says of it, and what it forbids.
 */
#include "check.h"

#include "helper_world.h"

#include "fadeline/session/energy.h"

static const fl_device_calibration limits = {
    .meter_tolerance_percent = 5, .energy_warn_percent = 10, .energy_lock_percent = 20, .due_every_days = 7};

static fl_energy_check check_of(const double *readings_J, size_t count)
{
    return (fl_energy_check){.set_J = 0.2,
                             .laser_J = NAN,
                             .readings_J = readings_J,
                             .count = count,
                             .pulses = count,
                             .proven = true,
                             .counted = true,
                             .before_ratio = NAN};
}

/* The owner's story 5, to the digit; the standard deviations are worked out by hand. */
static void the_owners_numbers(void)
{
    static const double good[] = {0.191, 0.188, 0.190, 0.193, 0.189},
                        low[] = {0.158, 0.160, 0.157, 0.161, 0.159};
    fl_energy_result r;
    fl_energy_check c = check_of(good, 5);
    fl_energy_judge(&limits, &c, &r);
    CHECK(r.verdict == FL_ENERGY_PASS && r.reason_count == 0, "%s", fl_energy_verdict_text(r.verdict));
    CHECK_NEAR(r.mean_J, 0.1902, 1e-9, "mean");
    CHECK_NEAR(r.off_percent, -4.9, 1e-9, "off");
    CHECK_NEAR(r.sd_J, 0.00192353841, 1e-10, "spread: sqrt(14.8 / 4) mJ");
    CHECK_NEAR(r.se_J, 0.00192353841 / sqrt(5), 1e-10, "standard error");
    /* 2.776 standard errors of 4 degrees of freedom, and 5 % of the meter */
    CHECK_NEAR(r.unsure_percent, hypot(5, 100 * 2.776445 * 0.000860233 / 0.2), 1e-4, "unsure");
    c = check_of(low, 5);
    fl_energy_judge(&limits, &c, &r);
    CHECK(r.verdict == FL_ENERGY_LOCK, "%s", fl_energy_verdict_text(r.verdict));
    CHECK_NEAR(r.off_percent, -20.5, 1e-9, "off");
}

/* Mean over set, the laser's own measure and the check before; a spread of 0.2 %. */
static void limits_warn_and_lock(void)
{
    static const struct {
        double ratio, laser, before;
        fl_energy_verdict verdict;
        const char *why;
    } rows[] = {
        {1.00, NAN, NAN, FL_ENERGY_PASS, NULL},
        {0.901, NAN, NAN, FL_ENERGY_PASS, NULL},
        {0.899, NAN, NAN, FL_ENERGY_WARN, "we warn"},
        {1.101, NAN, NAN, FL_ENERGY_WARN, "we warn"},
        {0.86, NAN, NAN, FL_ENERGY_WARN, "we warn"},
        {0.84, NAN, NAN, FL_ENERGY_WARN, "own error"},
        {0.801, NAN, NAN, FL_ENERGY_WARN, "own error"},
        {0.799, NAN, NAN, FL_ENERGY_LOCK, "limit is 20"},
        {1.201, NAN, NAN, FL_ENERGY_LOCK, "limit is 20"},
        {1.00, 1.09, NAN, FL_ENERGY_PASS, NULL},
        {1.00, 1.11, NAN, FL_ENERGY_WARN, "own measure"},
        {1.00, 0.79, NAN, FL_ENERGY_LOCK, "own measure"},
        {1.00, NAN, 1.09, FL_ENERGY_PASS, NULL},
        {0.95, NAN, 1.08, FL_ENERGY_WARN, "since the check before"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double m = 0.2 * rows[i].ratio, d = 0.0004;
        const double readings[] = {m - d, m, m + d, m - d, m + d, m};
        fl_energy_check c = check_of(readings, 6);
        fl_energy_result r;
        c.laser_J = rows[i].laser * m;
        c.before_ratio = rows[i].before;
        fl_energy_judge(&limits, &c, &r);
        CHECK(r.verdict == rows[i].verdict, "row %zu: %s, %s", i, fl_energy_verdict_text(r.verdict),
              r.reason_count ? r.reasons[0] : "");
        bool said = !rows[i].why;
        for (size_t k = 0; k < r.reason_count; k++) said = said || strstr(r.reasons[k], rows[i].why);
        CHECK(said && (rows[i].why || !r.reason_count), "row %zu: '%s' is not among its reasons", i,
              rows[i].why);
    }
}

static void what_is_no_check(void)
{
    static const double good[] = {0.199, 0.201, 0.2, 0.202}, stale[] = {0.2, 0.2, 0.2, 0.2};
    fl_energy_result r;
    for (int i = 0; i < 9; i++) {
        fl_energy_check c = check_of(i == 6 ? stale : good, 4);
        c.over = i == 0;
        c.bad = i == 1;
        c.lost = i == 2;
        if (i == 0 || i == 1) c.pulses++; /* each of them was a pulse */
        if (i == 3) c.pulses = 5;
        if (i == 4) c.pulses = 3;
        c.proven = i != 5;
        if (i == 7) c.count = c.pulses = 2;
        c.counted = i != 8;
        fl_energy_judge(&limits, &c, &r);
        CHECK(r.verdict == FL_ENERGY_VOID && r.reason_count == 1, "case %d: %s, %zu reasons", i,
              fl_energy_verdict_text(r.verdict), r.reason_count);
    }
    fl_energy_check nothing = check_of(good, 0);
    nothing.pulses = 4;
    fl_energy_judge(&limits, &nothing, &r);
    CHECK(r.verdict == FL_ENERGY_VOID && isnan(r.mean_J), "four pulses and no reading");
}

/* ---- standing ---- */

static void a_check_ages(void)
{
    const fl_utc noon = {(fl_date_days((fl_date){2026, 5, 4}) * 86400 + 43200) * INT64_C(1000000)};
    const fl_energy_last pass = {.seen = true, .pass = true, .at = noon}, lock = {.seen = true, .at = noon};
    static const struct {
        int day;
        fl_energy_stand stand;
    } rows[] = {
        {4, FL_STAND_GOOD}, {11, FL_STAND_GOOD}, {12, FL_STAND_DUE}, {30, FL_STAND_DUE}, {3, FL_STAND_DUE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int simulated = 0; simulated < 2; simulated++) {
            const fl_date today = {2026, 5, rows[i].day};
            CHECK(fl_energy_standing(&pass, &limits, today, simulated) == rows[i].stand, "day %d",
                  rows[i].day);
            CHECK(fl_energy_standing(&lock, &limits, today, simulated) == FL_STAND_LOCKED, "day %d",
                  rows[i].day);
        }
    const fl_energy_last none = {0};
    CHECK(fl_energy_standing(&none, &limits, (fl_date){2026, 5, 4}, false) == FL_STAND_NEVER,
          "real, never checked");
    CHECK(fl_energy_standing(&none, &limits, (fl_date){2026, 5, 4}, true) == FL_STAND_GOOD, "simulated");
}

/* The newest record of this laser and this head, or of no head in particular; what cannot be read did not
 * pass. */
static void a_record_is_of_a_head(void)
{
    static const struct {
        const char *dev, *head;
        int pass; /* -1: it does not say */
        bool seen, passed;
    } rows[] = {{"SIM-0007", "alex-755", 1, true, true},   {"SIM-0007", "alex-755", 0, true, false},
                {"SIM-0007", NULL, 1, true, true},         {"SIM-0007", "yag-1064", 1, false, false},
                {"SIM-0008", "alex-755", 1, false, false}, {"SIM-0007", "alex-755", -1, true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char bytes[FL_ENTRY_MAX];
        size_t size;
        fl_entry entry;
        fl_record record;
        fl_energy_last last = {0};
        fl_entry_begin(&entry, FL_KIND_CHECK);
        fl_entry_device(&entry, rows[i].dev, true);
        fl_entry_int(&entry, "utc_us", 1778000000000000);
        fl_entry_int(&entry, "set_uJ", 200000);
        fl_entry_int(&entry, "mean_uJ", 190000);
        if (rows[i].pass >= 0) fl_entry_int(&entry, "pass", rows[i].pass);
        if (rows[i].head) fl_entry_text(&entry, "head", rows[i].head);
        CHECK(fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK, "row %zu: %s", i, entry.fault);
        CHECK(fl_record_read(bytes, size, &record) == FL_OK, "row %zu", i);
        fl_energy_take(&record, "SIM-0007", "alex-755", &last);
        CHECK(last.seen == rows[i].seen && last.pass == rows[i].passed, "row %zu: seen %d, pass %d", i,
              last.seen, last.pass);
        if (last.seen) CHECK_NEAR(last.ratio, 0.95, 1e-9, "measured over set");
    }
}

/* ---- a session ---- */

static world w;

static void write_check(const char *head, int64_t pass)
{
    fl_error error = {0};
    fl_journal *journal;
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &w.clock, .no_ballast = true};
    CHECK(fl_journal_open(w.folder, &options, &journal, &error) == FL_OK, "%s", error.what);
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, w.file.make.uid, true);
    fl_entry_count(&entry, "pulses", 0);
    fl_entry_int(&entry, "set_uJ", 200000);
    fl_entry_int(&entry, "mean_uJ", 190200);
    fl_entry_int(&entry, "pass", pass);
    fl_entry_text(&entry, "who", "op:17");
    if (head) fl_entry_text(&entry, "head", head);
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal);
}

/* From a sign-in to ARM: the code it was refused with, or "" when it arms. */
static const char *arms(void)
{
    world_start(&w);
    world_run(&w, 1500);
    if (world_mode(&w) != FL_MODE_STANDBY) world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "no STANDBY: %s", fl_mode_word(world_mode(&w)));
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    world_run(&w, 50);
    CHECK(world_order(&w, FL_DO_ZONE, "F-L", -1), "zone: %s", w.text);
    CHECK(world_order(&w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w.text);
    world_run(&w, 300);
    const bool armed = world_order(&w, FL_DO_ARM, "", -1);
    if (armed) CHECK(world_until(&w, FL_MODE_READY, 4000), "no READY: %s", w.text);
    if (armed) world_order(&w, FL_DO_STANDBY, "", -1);
    if (armed) CHECK(world_until(&w, FL_MODE_STANDBY, 500), "no STANDBY");
    static char code[64];
    snprintf(code, sizeof code, "%s", armed ? "" : w.code);
    world_kill(&w);
    return code;
}

/* READY is refused after a check that did not pass, and after one that is too old; another head's check says
 * nothing. */
/* hazards: H09 */
static void ready_waits_for_a_good_check(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_kill(&w);
    CHECK_TEXT(arms(), "", "a simulated laser that nobody checked");
    write_check("yag-1064", 0);
    CHECK_TEXT(arms(), "", "another head is locked");
    write_check("alex-755", 0);
    CHECK_TEXT(arms(), "energy-locked", "a check that did not pass");
    write_check("yag-1064", 1);
    CHECK_TEXT(arms(), "energy-locked", "another head passed since");
    write_check(NULL, 1);
    CHECK_TEXT(arms(), "energy-locked", "a good one that names no head");
    for (int i = 0; i < 12; i++) {
        char head[24];
        snprintf(head, sizeof head, "other-%d", i);
        write_check(head, 1);
    }
    CHECK_TEXT(arms(), "energy-locked", "more heads passed since than we keep");
    write_check("alex-755", 1);
    CHECK_TEXT(arms(), "", "a good one");
    write_check(NULL, 0);
    CHECK_TEXT(arms(), "energy-locked", "a bad one that names no head");
    write_check("alex-755", 1);
    CHECK_TEXT(arms(), "", "a good one again");
    world_come_back(&w, 7, 5);
    CHECK_TEXT(arms(), "", "a week old");
    world_come_back(&w, 1, 6);
    CHECK_TEXT(arms(), "energy-check-due", "eight days old");
    CHECK(world_entries(&w, "note", "code", "energy-check-due") == 1, "the refusal is in the record");
    world_close(&w);
}

/* ---- the light of a virtual laser, as a virtual meter gets it ---- */

static unsigned flashes;
static double least_J, most_J;

static void see_light(void *self, uint64_t ms, double energy_J)
{
    (void)self, (void)ms;
    least_J = flashes ? fmin(least_J, energy_J) : energy_J;
    most_J = flashes ? fmax(most_J, energy_J) : energy_J;
    flashes++;
}

/* Every pulse that the laser counts is told once, with the energy of the plan and the laser's own spread of 1
 * %. */
static void the_laser_tells_its_light(void)
{
    world_open(&w, HELPER_NO_TESTS);
    w.laser.options.light = see_light;
    flashes = 0;
    world_ready(&w, "F-L");
    world_foot(&w, true);
    world_run(&w, 3000);
    world_foot(&w, false);
    world_run(&w, 500);
    const double set_J = w.plan->settings[w.plan->chosen].energy.J;
    CHECK(flashes > 5 && flashes == world_pulses(&w), "%u flashes, %llu pulses", flashes,
          (unsigned long long)world_pulses(&w));
    CHECK(least_J > 0.93 * set_J && most_J < 1.07 * set_J && least_J < most_J, "%g to %g J, set %g J",
          least_J, most_J, set_J);
    world_close(&w);
}

FL_TESTS("session/energy", TEST(the_owners_numbers), TEST(limits_warn_and_lock), TEST(what_is_no_check),
         TEST(a_check_ages), TEST(a_record_is_of_a_head), TEST(ready_waits_for_a_good_check),
         TEST(the_laser_tells_its_light))
