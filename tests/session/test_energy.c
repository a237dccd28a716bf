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

/* ---- what the records of a head say ---- */

typedef struct row {
    const char *dev, *head, *verdict; /* verdict NULL: it does not say, and neither whether it passed */
    int64_t wl_nm;                    /* 0: as before it was written */
} row;

typedef struct strength { /* all 0: 200 mJ by hand, and the laser does not say */
    int64_t set_mJ;
    bool granted, measured;
} strength;

static void take_strong(const row *r, const strength *s, int64_t day, fl_energy_history *history)
{
    char bytes[FL_ENTRY_MAX];
    size_t size;
    fl_entry entry;
    fl_record record;
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, r->dev, true);
    fl_entry_int(&entry, "utc_us", 1778000000000000 + day * 86400000000);
    fl_entry_int(&entry, "set_uJ", s->set_mJ ? s->set_mJ * 1000 : 200000);
    if (s->granted) fl_entry_int(&entry, "sid", 7);
    if (s->measured) fl_entry_int(&entry, "laser_uJ", 200000);
    const bool mark = r->verdict && (!strcmp(r->verdict, "begun") || !strcmp(r->verdict, "withdrawn"));
    fl_entry_int(&entry, "mean_uJ", mark ? 0 : 190000);
    if (r->verdict) fl_entry_text(&entry, "verdict", r->verdict);
    if (r->verdict) fl_entry_int(&entry, "pass", !strcmp(r->verdict, "pass"));
    if (r->head) fl_entry_text(&entry, "head", r->head);
    if (r->wl_nm) fl_entry_int(&entry, "wl_nm", r->wl_nm);
    CHECK(fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK, "%s", entry.fault);
    CHECK(fl_record_read(bytes, size, &record) == FL_OK, "record");
    fl_energy_take(&record, "SIM-0007", history);
}

static void take(const row *r, int64_t day, fl_energy_history *history)
{
    take_strong(r, &(strength){0}, day, history);
}

/* The head that is asked for is alex-755; the file has yag-1064 beside it. `stands`: the verdict that holds
 * for it after the rows, "" when there is none. */
static void a_record_is_of_a_head(void)
{
    static const struct {
        const char *what;
        row rows[4];
        const char *stands;
    } cases[] = {
        {"its own", {{"SIM-0007", "alex-755", "pass", 755}}, "pass"},
        {"its own, bad", {{"SIM-0007", "alex-755", "lock", 755}}, "lock"},
        {"another laser", {{"SIM-0008", "alex-755", "lock", 755}}, ""},
        {"another head", {{"SIM-0007", "yag-1064", "lock", 1064}}, ""},
        {"says nothing: did not pass", {{"SIM-0007", "alex-755", NULL, 755}}, "lock"},
        {"of no head: locks", {{"SIM-0007", NULL, "void", 0}}, "void"},
        {"of no head: lifts nothing",
         {{"SIM-0007", "alex-755", "lock", 755}, {"SIM-0007", NULL, "pass", 0}},
         "lock"},
        {"renamed in the file since: the wavelength holds it",
         {{"SIM-0007", "alexandrite", "lock", 755}},
         "lock"},
        {"renamed: an old pass is not this one's", {{"SIM-0007", "alexandrite", "pass", 755}}, ""},
        {"renamed, then checked",
         {{"SIM-0007", "alexandrite", "lock", 755}, {"SIM-0007", "alex-755", "pass", 755}},
         "pass"},
        {"the other name's pass lifts nothing",
         {{"SIM-0007", "alex-755", "lock", 755}, {"SIM-0007", "alexandrite", "pass", 755}},
         "lock"},
        {"the wavelength was edited: the name holds it", {{"SIM-0007", "alex-755", "lock", 760}}, "lock"},
        {"the wavelength was edited: that pass is not this one's",
         {{"SIM-0007", "alex-755", "pass", 760}},
         ""},
        {"name and wavelength are in no head any more", {{"SIM-0007", "alexandrite", "lock", 760}}, "lock"},
        {"names swapped", {{"SIM-0007", "yag-1064", "lock", 755}}, "lock"},
        {"without a wavelength, by name", {{"SIM-0007", "alex-755", "pass", 0}}, "pass"},
        {"without a wavelength, another head that is there", {{"SIM-0007", "yag-1064", "lock", 0}}, ""},
        {"without a wavelength, a head that is not there", {{"SIM-0007", "alexandrite", "lock", 0}}, "lock"},
        {"begun", {{"SIM-0007", "alex-755", "pass", 755}, {"SIM-0007", "alex-755", "begun", 755}}, "begun"},
        {"begun and passed",
         {{"SIM-0007", "alex-755", "begun", 755}, {"SIM-0007", "alex-755", "pass", 755}},
         "pass"},
        {"begun and taken back: what was before stands",
         {{"SIM-0007", "alex-755", "pass", 755},
          {"SIM-0007", "alex-755", "begun", 755},
          {"SIM-0007", "alex-755", "withdrawn", 755}},
         "pass"},
        {"a first one taken back",
         {{"SIM-0007", "alex-755", "begun", 755}, {"SIM-0007", "alex-755", "withdrawn", 755}},
         ""},
        {"killed, begun anew and taken back: the killed one stands",
         {{"SIM-0007", "alex-755", "pass", 755},
          {"SIM-0007", "alex-755", "begun", 755},
          {"SIM-0007", "alex-755", "begun", 755},
          {"SIM-0007", "alex-755", "withdrawn", 755}},
         "begun"},
        {"taking back what has a verdict",
         {{"SIM-0007", "alex-755", "pass", 755}, {"SIM-0007", "alex-755", "withdrawn", 755}},
         "withdrawn"},
    };
    static fl_device_head heads[2];
    heads[0] = (fl_device_head){.id = "alex-755", .wavelength = fl_nm(755)};
    heads[1] = (fl_device_head){.id = "yag-1064", .wavelength = fl_nm(1064)};
    const fl_device device = {.heads = heads, .heads_count = 2};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static fl_energy_history history;
        history = (fl_energy_history){0};
        for (int k = 0; k < 4 && cases[i].rows[k].dev; k++) take(&cases[i].rows[k], k, &history);
        const fl_energy_last last = fl_energy_last_of(&history, &device, &heads[0]);
        CHECK(last.seen == (cases[i].stands[0] != 0), "%s: seen %d", cases[i].what, last.seen);
        CHECK_TEXT(last.seen ? last.verdict : "", cases[i].stands, cases[i].what);
        CHECK(last.pass == !strcmp(cases[i].stands, "pass"), "%s: pass %d", cases[i].what, last.pass);
        if (last.seen && strcmp(cases[i].what, "begun and taken back: what was before stands") == 0)
            CHECK(last.at.us == 1778000000000000, "the day of the old one, not of today");
        if (last.pass) CHECK_NEAR(last.ratio, 0.95, 1e-9, "measured over set");
    }
}

/* What a check looked at is what undoes it, and more of it. The head is alex-755. */
static void a_lock_asks_for_its_own_strength(void)
{
    static const struct {
        const char *what;
        struct {
            const char *head, *verdict;
            strength strength;
        } rows[3];
        const char *stands;
    } cases[] = {
        {"as strong", {{"alex-755", "lock", {0}}, {"alex-755", "pass", {0}}}, "pass"},
        {"less energy", {{"alex-755", "lock", {0}}, {"alex-755", "pass", {.set_mJ = 199}}}, "weaker"},
        {"by hand",
         {{"alex-755", "lock", {.granted = true}}, {"alex-755", "pass", {.set_mJ = 300}}},
         "weaker"},
        {"without the laser's own measure",
         {{"alex-755", "void", {0, true, true}}, {"alex-755", "pass", {250, true, false}}},
         "weaker"},
        {"weaker, then strong enough",
         {{"alex-755", "lock", {0, true, true}},
          {"alex-755", "pass", {0}},
          {"alex-755", "pass", {0, true, true}}},
         "pass"},
        {"weaker, then weaker otherwise",
         {{"alex-755", "lock", {0, true, true}},
          {"alex-755", "pass", {0}},
          {"alex-755", "pass", {190, true, true}}},
         "weaker"},
        {"a later lock does not lower the bar",
         {{"alex-755", "lock", {.set_mJ = 300}},
          {"alex-755", "lock", {.set_mJ = 100}},
          {"alex-755", "pass", {0}}},
         "weaker"},
        {"begun and killed: its setting holds",
         {{"alex-755", "begun", {0, true, false}}, {"alex-755", "pass", {150, true, false}}},
         "weaker"},
        {"begun and passed",
         {{"alex-755", "begun", {0, true, false}}, {"alex-755", "pass", {0, true, true}}},
         "pass"},
        {"renamed, then less",
         {{"alexandrite", "lock", {.set_mJ = 300}}, {"alex-755", "pass", {0}}},
         "weaker"},
        {"renamed and undone; the week after less is enough",
         {{"alexandrite", "lock", {.set_mJ = 300}},
          {"alex-755", "pass", {.set_mJ = 300}},
          {"alex-755", "pass", {0}}},
         "pass"},
        {"a pass asks nothing of the next",
         {{"alex-755", "pass", {400, true, true}}, {"alex-755", "pass", {.set_mJ = 10}}},
         "pass"},
    };
    static fl_device_head head;
    head = (fl_device_head){.id = "alex-755", .wavelength = fl_nm(755)};
    const fl_device device = {.heads = &head, .heads_count = 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static fl_energy_history history;
        char text[200];
        history = (fl_energy_history){0};
        for (int k = 0; k < 3 && cases[i].rows[k].head; k++)
            take_strong(&(row){"SIM-0007", cases[i].rows[k].head, cases[i].rows[k].verdict, 755},
                        &cases[i].rows[k].strength, k, &history);
        const fl_energy_last last = fl_energy_last_of(&history, &device, &head);
        CHECK_TEXT(last.verdict, cases[i].stands, cases[i].what);
        CHECK(last.pass == !strcmp(cases[i].stands, "pass"), "%s", cases[i].what);
        if (last.pass) continue;
        CHECK(fl_energy_standing(&last, &limits, (fl_date){2026, 5, 6}, true) == FL_STAND_LOCKED, "%s",
              cases[i].what);
        CHECK(strstr(fl_energy_stand_text(&last, FL_STAND_LOCKED, text, sizeof text), "takes to undo"), "%s",
              text);
    }
}

/* Names that were never seen again must not push out the one that is locked, nor keep out a new pass. */
static void many_heads_lock_and_lift_nothing(void)
{
    static fl_energy_history history;
    history = (fl_energy_history){0};
    static fl_device_head head;
    head = (fl_device_head){.id = "alex-755", .wavelength = fl_nm(755)};
    const fl_device device = {.heads = &head, .heads_count = 1};
    take(&(row){"SIM-0007", "alex-755", "lock", 755}, 0, &history);
    for (int i = 0; i < 3 * FL_ENERGY_ROWS; i++) {
        char name[24];
        snprintf(name, sizeof name, "other-%d", i);
        take(&(row){"SIM-0007", name, "pass", 500 + i}, 1, &history);
    }
    CHECK_TEXT(fl_energy_last_of(&history, &device, &head).verdict, "lock", "others passed since");
    take(&(row){"SIM-0007", "alex-755", "pass", 755}, 2, &history);
    CHECK_TEXT(fl_energy_last_of(&history, &device, &head).verdict, "pass", "it passed");
    take(&(row){"SIM-0007", "one-more", "lock", 1}, 3, &history);
    CHECK_TEXT(fl_energy_last_of(&history, &device, &head).verdict, "lock", "a bad one without a place");
    take(&(row){"SIM-0007", "alex-755", "pass", 755}, 4, &history);
    CHECK_TEXT(fl_energy_last_of(&history, &device, &head).verdict, "pass", "it passed again");
    CHECK(!fl_energy_last_of(&history, &device, NULL).pass, "a head that the file does not have");
}

/* ---- a sensor that lies ---- */

/* The laser's own report of every pulse against the meter's, by what its sensor does. */
/* hazards: H10 */
static void a_stuck_sensor_is_found(void)
{
    static const double light[] = {0.198, 0.202, 0.2, 0.201, 0.199},
                        still[] = {0.2, 0.2000001, 0.2, 0.2, 0.2}, falling[] = {0.2, 0.19, 0.17, 0.16, 0.15};
    static const struct {
        const char *what;
        const double *light;
        double reports[5];
        size_t count;
        fl_energy_verdict verdict;
        const char *why;
    } rows[] = {
        {"honest", light, {0.198, 0.202, 0.2, 0.201, 0.199}, 5, FL_ENERGY_PASS, NULL},
        {"a gain of 11 %", light, {0.22, 0.224, 0.222, 0.223, 0.221}, 5, FL_ENERGY_WARN, "own measure"},
        {"a gain of 25 %", light, {0.248, 0.252, 0.25, 0.251, 0.249}, 5, FL_ENERGY_LOCK, "own measure"},
        {"stuck", light, {0.2, 0.2, 0.2, 0.2, 0.2}, 5, FL_ENERGY_LOCK, "stuck"},
        {"stuck, and the light hardly moves", still, {0.2, 0.2, 0.2, 0.2, 0.2}, 5, FL_ENERGY_PASS, NULL},
        {"stuck with a dither while the light falls",
         falling,
         {0.2, 0.2001, 0.2, 0.2001, 0.2},
         5,
         FL_ENERGY_LOCK,
         "one pulse"},
        {"silent once", light, {0.198, 0.202, 0.2, 0.201}, 4, FL_ENERGY_WARN, "did not measure 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_energy_check c = check_of(rows[i].light, 5);
        fl_energy_result r;
        c.reports_J = rows[i].reports;
        c.report_count = rows[i].count;
        c.is_granted = true;
        c.granted = 5;
        fl_energy_judge(&limits, &c, &r);
        CHECK(r.verdict == rows[i].verdict, "%s: %s, %s", rows[i].what, fl_energy_verdict_text(r.verdict),
              r.reason_count ? r.reasons[0] : "");
        bool said = !rows[i].why;
        for (size_t k = 0; k < r.reason_count; k++) said = said || strstr(r.reasons[k], rows[i].why);
        CHECK(said, "%s: '%s' is not among its reasons", rows[i].what, rows[i].why);
    }
    fl_energy_check c = check_of(light, 5);
    fl_energy_result r;
    c.is_granted = true;
    c.granted = 4;
    fl_energy_judge(&limits, &c, &r);
    CHECK(r.verdict == FL_ENERGY_VOID, "five pulses and four grants");
    c.granted = 5;
    c.wanted = 6;
    fl_energy_judge(&limits, &c, &r);
    CHECK(r.verdict == FL_ENERGY_VOID && strstr(r.reasons[0], "broken off"), "five of six");
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
         TEST(a_check_ages), TEST(a_record_is_of_a_head), TEST(a_lock_asks_for_its_own_strength),
         TEST(many_heads_lock_and_lift_nothing), TEST(a_stuck_sensor_is_found),
         TEST(ready_waits_for_a_good_check), TEST(the_laser_tells_its_light))
