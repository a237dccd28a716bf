/* labels: unit fault   timeout: 120 */
/* A session by hand: what is believed of a typed counter, what stops it, what is left for the next day, the
 * next client and the audit, and that nothing acknowledged is lost to a kill at any moment. */
#include "check.h"

#include "helper_plan.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/verify.h"
#include "fadeline/report/audit.h"
#include "fadeline/session/manual.h"
#include "fadeline/session/reading.h"
#include "past.h"

#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a clinic ---- */

static struct {
    char home[64], place[80];
    fl_people *people;
    fl_device *device;
    fl_plan *plan;
    fl_journal *journal;
    fl_manual *manual;
    fl_clock clock;
    int64_t now_us, utc_us;
    fl_date today;
    bool hurried; /* no time passes while it fires */
    bool training;
    fl_error error;
    char said[900];
} c;

static fl_instant hand_now(void *self)
{
    (void)self;
    return (fl_instant){c.now_us};
}

static fl_utc hand_utc(void *self)
{
    (void)self;
    return (fl_utc){c.utc_us};
}

static void pass(int64_t us)
{
    c.now_us += us;
    c.utc_us += us;
    c.today = fl_date_of((fl_utc){c.utc_us});
}

static void said(void *self, const char *kind, const char *code, const char *text, const char *hint)
{
    (void)self, (void)kind, (void)hint;
    const size_t used = strlen(c.said);
    snprintf(c.said + used, sizeof c.said - used, "[%s] %s\n", code, text);
}

static void go_home(void)
{
    fl_manual_free(c.manual);
    fl_journal_close(c.journal);
    c.manual = NULL;
    c.journal = NULL;
}

static fl_status come(void)
{
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = c.training, .clock = &c.clock, .no_ballast = true};
    c.said[0] = 0;
    CHECK(fl_journal_open(c.place, &options, &c.journal, &c.error) == FL_OK, "%s", c.error.what);
    if (!c.journal) abort();
    const fl_manual_setup setup = {.plan = c.plan,
                                   .device = c.device,
                                   .dev = c.training ? "SIM-TRAINING-x" : "LASER-7",
                                   .training = c.training,
                                   .journal = c.journal,
                                   .people = c.people,
                                   .clock = &c.clock,
                                   .today = c.today,
                                   .say = said};
    return fl_manual_new(&setup, &c.manual, &c.error);
}

static void plan_for_today(helper_tests tests, const char *client)
{
    fl_plan_free(c.plan);
    c.plan = helper_plan(c.today, tests);
    c.plan->next_not_before = fl_date_add_days(c.today, 42);
    snprintf(c.plan->client, sizeof c.plan->client, "%s", client);
    fl_plan_seal(c.plan);
}

static void open_clinic(helper_tests tests, bool training)
{
    fl_error error = {0};
    memset(&c, 0, sizeof c);
    snprintf(c.home, sizeof c.home, "/tmp/fl-manual-XXXXXX");
    if (!mkdtemp(c.home)) abort();
    snprintf(c.place, sizeof c.place, "%s/journal", c.home);
    c.training = training;
    c.clock = (fl_clock){hand_now, hand_now, hand_utc, NULL};
    c.now_us = 1000000;
    pass(fl_date_days((fl_date){2026, 5, 4}) * INT64_C(86400000000) + INT64_C(36000000000) - c.utc_us);
    const fl_date until = {2035, 1, 1};
    if (fl_people_add(c.home, "op:17", 1u << FL_ROLE_OPERATOR, until, "493027", &error) != FL_OK ||
        fl_people_add(c.home, "op:9", 1u << FL_ROLE_SUPERVISOR, until, "801246", &error) != FL_OK ||
        fl_people_load(c.home, &c.people, &error) != FL_OK ||
        fl_device_load("example-pico", &c.device, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    plan_for_today(tests, "C-0001");
    CHECK(come() == FL_OK, "%s", c.error.what);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static void close_clinic(void)
{
    go_home();
    fl_plan_free(c.plan);
    fl_device_free(c.device);
    fl_people_free(c.people);
    nftw(c.home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- orders, as a line says them ---- */

/* At 10 Hz, as the laser's label has it. What no zone can have is a slip, and takes no time. */
static int64_t pulses_of(const char *counter)
{
    fl_manual_view v;
    const uint64_t shown = strtoull(counter, NULL, 10);
    fl_manual_look(c.manual, &v);
    return v.open && shown > v.begun && shown - v.begun < 2000 ? (int64_t)(shown - v.begun) : 0;
}

static fl_status order(const char *line)
{
    char word[24] = "", rest[200] = "";
    c.said[0] = 0;
    c.error = (fl_error){0};
    sscanf(line, "%23s %199[^\n]", word, rest);
    fl_manual *m = c.manual;
    if (!strcmp(word, "operator")) return fl_manual_sign_in(m, "op:17", "493027", &c.error);
    if (!strcmp(word, "supervisor")) return fl_manual_reconcile(m, "op:9", "801246", rest, &c.error);
    if (!strcmp(word, "second")) return fl_manual_second(m, "op:9", "801246", &c.error);
    if (!strcmp(word, "eyewear"))
        return fl_manual_eyewear(m, strtoull(rest, NULL, 10), "OD7 M LB9", &c.error);
    if (!strcmp(word, "zone")) return fl_manual_zone(m, rest, &c.error);
    if (!strcmp(word, "spots")) return fl_manual_spot(m, strtoull(rest, NULL, 10), &c.error);
    if (!strcmp(word, "before")) return fl_manual_before(m, rest, &c.error);
    if (!strcmp(word, "after") && !c.hurried) pass(pulses_of(rest) * INT64_C(100000));
    if (!strcmp(word, "after")) return fl_manual_after(m, rest, &c.error);
    if (!strcmp(word, "explain")) return fl_manual_explain(m, rest, &c.error);
    if (!strcmp(word, "endpoint")) return fl_manual_endpoint(m, rest, &c.error);
    if (!strcmp(word, "near-miss")) return fl_manual_near_miss(m, rest, &c.error);
    if (!strcmp(word, "note")) {
        const size_t about = strcspn(rest, " ");
        const char *words = rest[about] ? rest + about + 1 : "";
        rest[about] = 0;
        return fl_manual_note(m, rest, words, &c.error);
    }
    if (!strcmp(word, "end")) return fl_manual_end(m, &c.error);
    abort();
}

/* "before 5000" is taken; "before 5000 !counter-first" is refused with that code. */
static void orders(const char *const *lines)
{
    for (; *lines; lines++) {
        char line[200];
        snprintf(line, sizeof line, "%s", *lines);
        char *code = strstr(line, " !");
        if (code) *code = 0, code += 2;
        const fl_status status = order(line);
        CHECK(code ? status == FL_E_NO && !strcmp(c.error.code, code) : status == FL_OK, "'%s': %d [%s] %s",
              *lines, status, c.error.code, c.error.what);
    }
}

#define ORDERS(...) orders((const char *const[]){__VA_ARGS__, NULL})

static fl_manual_view look(void)
{
    fl_manual_view view;
    fl_manual_look(c.manual, &view);
    return view;
}

static unsigned entries(fl_kind kind)
{
    unsigned n = 0;
    for (uint64_t i = 0; i < fl_journal_size(c.journal); i++) {
        fl_record record;
        if (fl_journal_record(c.journal, i, &record) == FL_OK) n += fl_record_is(&record, kind);
    }
    return n;
}

/* What verification and the audit make of it: treatment, test, unexplained of the whole log. */
static void audit(uint64_t treatment, uint64_t test, int64_t unexplained, const char *what)
{
    fl_journal *reading = NULL;
    fl_audit *found = NULL;
    const fl_audit_options options = {.from = {2026, 1, 1}, .to = {2026, 12, 31}};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(c.place, &read, &reading, &c.error) == FL_OK, "%s", c.error.what);
    CHECK(fl_audit_new(reading, &options, &found, &c.error) == FL_OK, "%s: %s", what, c.error.what);
    if (found && found->total_count == 1) {
        const fl_audit_line *t = &found->totals[0];
        CHECK(t->treatment == treatment && t->test == test && t->unexplained == unexplained,
              "%s: treatment %llu, test %llu, unexplained %lld", what, (unsigned long long)t->treatment,
              (unsigned long long)t->test, (long long)t->unexplained);
    } else
        CHECK(false, "%s: no audit of one laser", what);
    fl_audit_free(found);
    fl_journal_close(reading);
}

/* ---- what is believed ---- */

static void a_number_is_digits(void)
{
    static const char *const bad[] = {"",
                                      "5,000",
                                      "5 000",
                                      "-1",
                                      "+1",
                                      "1e3",
                                      "88410.5",
                                      "eighty",
                                      " 7",
                                      "0x10",
                                      "9007199254740992",
                                      "99999999999999999999999"};
    uint64_t shown = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(fl_reading_take(bad[i], &shown, NULL) == FL_E_NO && shown == 7, "'%s' was taken", bad[i]);
    CHECK(fl_reading_take("0088410", &shown, NULL) == FL_OK && shown == 88410,
          "leading zeros, as on a display");
    CHECK(fl_reading_take("9007199254740991", &shown, NULL) == FL_OK, "the most a journal holds");
}

static void before_is_where_the_record_stands(void)
{
    static const struct {
        bool known;
        uint64_t held, shown;
        fl_reading_fit want;
    } rows[] = {
        {false, 0, 0, FL_READING_FIRST},         {false, 0, 88410, FL_READING_FIRST},
        {true, 88410, 88410, FL_READING_GOOD},   {true, 88410, 88411, FL_READING_AHEAD},
        {true, 88410, 88460, FL_READING_AHEAD},  {true, 88410, 88461, FL_READING_FAR},
        {true, 88410, 88409, FL_READING_BEHIND}, {true, 88410, 0, FL_READING_BEHIND},
        {true, 0, 0, FL_READING_GOOD},           {true, 88410, 9007199254740991, FL_READING_FAR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_reading_before(rows[i].known, rows[i].held, rows[i].shown) == rows[i].want, "row %zu", i);
}

/* F-L of acceptance story 6: 356 planned, soft stop at 392, hard stop at 428. */
static void after_is_what_was_planned(void)
{
    static const fl_plan_budget zone = {321, 356, 392, 428};
    static const struct {
        uint64_t begun, shown;
        int had;
        bool allowed;
        fl_reading_fit want;
    } rows[] = {
        {88410, 88410, 0, false, FL_READING_GOOD},    {88410, 88766, 0, false, FL_READING_GOOD},
        {88410, 88802, 0, false, FL_READING_GOOD},    {88410, 88803, 0, false, FL_READING_AHEAD},
        {88410, 88838, 0, false, FL_READING_AHEAD},   {88410, 88839, 0, false, FL_READING_FAR},
        {88410, 88409, 0, false, FL_READING_BEHIND},  {88410, 88502, 300, false, FL_READING_GOOD},
        {88410, 88503, 300, false, FL_READING_AHEAD}, {88410, 88503, 300, true, FL_READING_GOOD},
        {88410, 88539, 300, true, FL_READING_FAR},    {88410, 88411, 428, true, FL_READING_FAR},
        {88410, 88411, 500, false, FL_READING_FAR},   {0, UINT64_MAX, 0, false, FL_READING_FAR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_reading_after(rows[i].begun, rows[i].shown, rows[i].had, &zone, rows[i].allowed) ==
                  rows[i].want,
              "row %zu", i);
    const fl_plan_budget spot = fl_reading_spot_budget(2);
    static const fl_reading_fit want[] = {FL_READING_GOOD,  FL_READING_GOOD,  FL_READING_GOOD,
                                          FL_READING_AHEAD, FL_READING_AHEAD, FL_READING_FAR};
    for (uint64_t n = 0; n < 6; n++)
        CHECK(fl_reading_after(5, 5 + n, 0, &spot, false) == want[n], "a spot with %llu",
              (unsigned long long)n);
}

/* ---- the journal's own rule (kinds.h, rule 6) ---- */

static fl_status put(fl_kind kind, const char *fields)
{
    static fl_entry entry;
    char room[200], *rest = room;
    snprintf(room, sizeof room, "%s", fields);
    fl_entry_begin(&entry, kind);
    fl_entry_device(&entry, "SIM-RULE", true);
    for (char *field; (field = strsep(&rest, " "));) {
        char *value = strchr(field, '=');
        *value++ = 0;
        if (value[0] >= '0' && value[0] <= '9')
            fl_entry_count(&entry, field, strtoull(value, NULL, 10));
        else
            fl_entry_text(&entry, field, value);
    }
    return fl_journal_append(c.journal, &entry, 1, &c.error);
}

/* Each row is tried where the good records before it have led; a refused one leaves everything as it was. */
static void the_journal_refuses_what_does_not_add_up(void)
{
    static const struct {
        fl_kind kind;
        bool good;
        const char *fields, *why;
    } rows[] = {
        {FL_KIND_ZONE, false, "sid=9 zone=A who=x ctr=70", "outside a session"},
        {FL_KIND_SESSION_OPEN, true, "sid=9 ctr=70 who=x pat=p plan=- man=1", ""},
        {FL_KIND_PULSES, false, "sid=9 zone=A pu=T ctr_was=70 ctr_now=73 pulses=3 who=x", "not begun"},
        {FL_KIND_ZONE, false, "sid=9 zone=A who=x ctr=71", "stand at 70"},
        {FL_KIND_ZONE, true, "sid=9 zone=A who=x", ""},
        {FL_KIND_ZONE, true, "sid=9 zone=A who=x ctr=70", ""},
        {FL_KIND_ZONE, false, "sid=9 zone=B who=x ctr=70", "a zone is open"},
        {FL_KIND_SESSION_CLOSE, false, "sid=9 pulses=0", "a zone is open"},
        {FL_KIND_SESSION_OPEN, false, "sid=10 ctr=70 who=x pat=p plan=- man=1", "a zone is open"},
        {FL_KIND_SERVICE, false, "old=70 new=0 who=x doc=d", "a zone is open"},
        {FL_KIND_COUNTER, true, "ctr=72", ""}, /* settles nothing */
        {FL_KIND_PULSES, false, "sid=9 zone=A pu=T ctr_was=72 ctr_now=73 pulses=1 who=x", "begun at 70"},
        {FL_KIND_PULSES, false, "sid=9 zone=A pu=T ctr_was=70 ctr_now=73 pulses=2 who=x", "between counter"},
        {FL_KIND_PULSES, false, "sid=9 zone=A pu=T ctr_was=70 ctr_now=69 pulses=1 who=x", "between counter"},
        {FL_KIND_PULSES, true, "sid=9 zone=A pu=T ctr_was=70 ctr_now=73 pulses=3 who=x", ""},
        {FL_KIND_SESSION_CLOSE, false, "sid=9 pulses=4 ctr=73", "its records have 3"},
        {FL_KIND_SESSION_CLOSE, true, "sid=9 pulses=3 ctr=73", ""},
        {FL_KIND_SESSION_OPEN, true, "sid=10 ctr=73 who=x pat=p plan=- man=1", ""},
        {FL_KIND_SESSION_CLOSE, true, "sid=10 pulses=5 tests=2 ctr=78", ""}, /* stated, without any zone */
        {FL_KIND_SESSION_OPEN, true, "sid=11 ctr=78 who=x pat=p plan=-", ""},
        {FL_KIND_ZONE, false, "sid=11 zone=A who=x ctr=78", "outside a session by hand"},
    };
    open_clinic(HELPER_NO_TESTS, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        c.error = (fl_error){0};
        const fl_status status = put(rows[i].kind, rows[i].fields);
        CHECK((status == FL_OK) == rows[i].good, "row %zu, %s: %d %s", i, rows[i].fields, status,
              c.error.what);
        CHECK(rows[i].good || strstr(c.error.what, rows[i].why), "row %zu: %s", i, c.error.what);
    }
    go_home();
    fl_verify_report report;
    CHECK(fl_verify(c.place, NULL, &report, &c.error) == FL_OK && report.pulses == 3, "%s", report.what);
    close_clinic();
}

/* ---- sessions ---- */

#define READY "operator", "eyewear 755", "zone F-L"

/* hazards: H35 */
static void a_session_is_counted_zone_by_zone(void)
{
    open_clinic(HELPER_TESTS_ASKED, true);
    ORDERS("zone F-L !not-signed-in", "before 5000 !not-signed-in", "operator", "before 5000 !no-zone",
           "zone F-L !test-spots-first", "zone OCC !zone-locked", "zone QQ !zone-unknown",
           "spots 3 !spot-unknown", "spots 1", "before 5000 !eyewear", "eyewear 755",
           "before 5,000 !counter-number", "before 5000 !counter-first", "before 5001 !counter-first",
           "before 5000 !counter-first", "before 5000");
    CHECK(strstr(c.said, "room-checklist"), "the room is asked about: %s", c.said);
    ORDERS("zone F-L !zone-not-counted", "end !zone-not-counted", "before 5000 !zone-not-counted",
           "after 5002", "spots 1 !spot-done", "spots 2");
    CHECK(strstr(c.said, "1064"), "other eyewear is asked for: %s", c.said);
    ORDERS("before 5002 !eyewear", "eyewear 755 !eyewear-wrong", "eyewear 1064", "before 5002", "after 5004",
           "zone F-L !test-spots-look", "endpoint frost");
    pass(900000000);
    ORDERS("endpoint frost", "zone F-L", "eyewear 755", "before 5004", "after 5009", "before 5009",
           "after 5013");
    const fl_manual_view v = look();
    CHECK(!v.open && v.counter == 5013 && v.session_pulses == 13, "%llu pulses",
          (unsigned long long)v.session_pulses);
    ORDERS("end");
    CHECK(entries(FL_KIND_PULSES) == 4 && entries(FL_KIND_SESSION_CLOSE) == 1, "records");
    go_home();
    audit(9, 4, 0, "a whole session");
    CHECK(come() == FL_OK, "%s", c.error.what);
    const fl_manual_view again = look();
    CHECK(again.known && again.counter == 5013, "the next session knows where the counter stands");
    ORDERS(READY, "before 5013 !second-person"); /* an exercise, too: the zone was treated today */
    close_clinic();
}

/* hazards: H36 */
static void a_second_person_signs_where_a_driven_session_asks(void)
{
    open_clinic(HELPER_NO_TESTS, false);
    ORDERS(READY, "before 5000 !second-person", "second", "before 5000 !counter-first", "before 5000",
           "after 5009", "end");
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS(READY, "before 5009 !second-person", "second", "before 5009", "after 5010", "end");
    CHECK(entries(FL_KIND_OVERRIDE) == 2, "two signatures");
    close_clinic();
}

static void pulses_nobody_wrote_down(void)
{
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000", "after 5005",
           "before 5035 !counter-unexpected", "before 5035 !counter-mismatch",
           "before 5035 !counter-mismatch", "explain !reason-missing", "explain calibration shots",
           "explain again !nothing-to-sign", "before 5035", "after 5036");
    ORDERS("before 5087 !counter-unexpected", "before 5088 !counter-unexpected",
           "before 5087 !counter-unexpected", "before 5087 !counter-mismatch",
           "explain a long story !supervisor-signs");
    go_home(); /* a restart changes nothing about it */
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS(READY, "before 5087 !counter-mismatch", "supervisor !reason-missing",
           "supervisor lent to a colleague", "before 5087", "after 5087");
    ORDERS("before 100 !counter-unexpected", "before 100 !counter-mismatch",
           "explain a new head !supervisor-signs", "supervisor a new head", "before 100", "after 101", "end");
    go_home();
    audit(7, 0, 30 + 51 - 4987, "explained is not the same as accounted for");
    close_clinic();
}

/* F-L: 9 planned, soft stop at 10, hard stop at 11. */
static void more_than_was_planned(void)
{
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000", "after 5011 !pulses-over-plan", "after 5011");
    CHECK(look().next == FL_NEXT_EXPLAIN, "somebody has to say why");
    ORDERS("zone MID", "before 5011 !pulses-over-plan", "explain the foot slipped",
           "zone F-L !zone-hard-stop", "before 5011", "after 6212 !pulses-over-plan", "after 6212",
           "explain it ran on !supervisor-signs");
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    CHECK(strstr(c.said, "INTERRUPTED at 1212"), "%s", c.said);
    ORDERS("operator", "eyewear 755", "zone F-L !zone-hard-stop");
    ORDERS("before 6212 !pulses-over-plan", "supervisor looked at with the client");
    CHECK(look().next == FL_NEXT_TARGET, "settled: %d", look().next);
    ORDERS("end");
    CHECK(entries(FL_KIND_SESSION_CLOSE) == 1, "the session that died is closed");
    go_home();
    audit(1212, 0, 0, "all of it is somebody's");
    close_clinic();
}

/* A counter may be typed as anything, and added up over days: the sum stays where no budget allows it. */
/* No laser fires faster than its label says: 10 Hz, and five seconds for typing. */
static void more_than_a_laser_can(void)
{
    CHECK(fl_reading_possible((fl_rate){10}, fl_seconds(30)) == 350, "thirty seconds at 10 Hz");
    CHECK(fl_reading_possible((fl_rate){0}, fl_seconds(30)) == UINT64_MAX, "a rate that nobody knows");
    open_clinic(HELPER_NO_TESTS, true);
    c.hurried = true;
    ORDERS(READY, "zone MID", "before 5000 !counter-first", "before 5000", "after 5050", "before 5050");
    ORDERS("after 5101 !pulses-too-fast");
    pass(100000);
    ORDERS("after 5101", "before 5101", "after 5152 !pulses-too-fast", "after 5153 !pulses-too-fast",
           "after 5153", "before 5153 !pulses-over-plan", "explain the foot came before the number",
           "before 5153");
    /* Where nobody knows when it was begun nothing is judged by time. */
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS("operator", "after 5653", "end");
    go_home();
    audit(653, 0, 0, "too fast, and yet counted");
    close_clinic();
}

static void a_count_never_wraps(void)
{
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000", "after 5001", "before 5001",
           "after 2147483748 !pulses-over-plan", "after 2147483748");
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS("supervisor it ran on", "operator", "eyewear 755", "zone F-L !zone-hard-stop");
    close_clinic();
}

/* Ten pulses are the soft stop: the zone is ordered again, and that is a person's word. */
static void a_soft_stop_wants_the_zone_again(void)
{
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000", "after 5010", "zone F-L", "before 5010",
           "after 5011", "zone F-L !zone-hard-stop", "end");
    CHECK(entries(FL_KIND_OVERRIDE) == 1, "one reason");
    close_clinic();
}

/* Nobody knows how many pulses a zone had whose counter went back: the plan's count against it. */
static void a_counter_that_goes_back_in_a_zone(void)
{
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000", "after 12 !counter-unexpected",
           "after 12 !counter-mismatch", "zone MID !zone-not-counted", "explain a reset !supervisor-signs");
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    CHECK(look().open && look().interrupted && strstr(c.said, "INTERRUPTED in F-L"), "%s", c.said);
    ORDERS("operator", "supervisor a new head !counter-mismatch", "after 14 !counter-mismatch",
           "supervisor a new head");
    CHECK(!look().open && look().counter == 14, "at %llu", (unsigned long long)look().counter);
    ORDERS("eyewear 755", "zone F-L");
    CHECK(look().pulses == 9, "all that was planned counts: %d", look().pulses);
    ORDERS("before 14", "after 15", "end");
    go_home();
    audit(1, 0, 14 - 5000, "the difference is nobody's");
    close_clinic();
}

static void locks_pauses_and_days_hold(void)
{
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000", "endpoint bleed");
    CHECK(strstr(c.said, "STOP"), "%s", c.said);
    ORDERS("after 5004", "before 5004 !pause");
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS(READY, "before 5004 !pause");
    pass(301000000);
    ORDERS("before 5004", "after 5005", "endpoint darkened", "before 5005 !zone-locked", "end");
    go_home();
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS("operator", "zone F-L !zone-locked", "zone MID", "eyewear 755", "before 5005", "after 5105",
           "end");
    go_home();
    pass(INT64_C(86400000000) * 20);
    plan_for_today(HELPER_NO_TESTS, "C-0001");
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS("operator", "zone MID !zone-interval");
    go_home();
    plan_for_today(HELPER_NO_TESTS, "C-0002");
    CHECK(come() == FL_OK, "%s", c.error.what);
    ORDERS("operator", "zone MID", "zone F-L");
    close_clinic();
}

/* A zone that was begun and never counted stands before everything, for whoever comes next, and counts as
 * planned until it is counted. */
static void an_open_zone_comes_first(void)
{
    fl_past past;
    open_clinic(HELPER_NO_TESTS, true);
    ORDERS(READY, "before 5000 !counter-first", "before 5000");
    go_home();
    fl_plan *first = c.plan;
    c.plan = NULL;
    plan_for_today(HELPER_NO_TESTS, "C-0002");
    CHECK(come() == FL_OK, "%s", c.error.what);
    CHECK(fl_past_read(c.journal, "another laser", first, hand_utc(NULL), &past, &c.error) == FL_OK &&
              past.zones[0].pulses == 9,
          "another laser sees %d pulses", past.zones[0].pulses);
    ORDERS("operator", "zone MID !zone-not-counted", "end !zone-not-counted", "after 5004", "end");
    CHECK(entries(FL_KIND_SESSION_CLOSE) == 1, "the session that died can be closed alone");
    ORDERS("zone F-L", "eyewear 755", "before 5004", "after 5013", "end");
    CHECK(entries(FL_KIND_SESSION_OPEN) == 2 && entries(FL_KIND_SESSION_CLOSE) == 2, "both are closed");
    CHECK(fl_past_read(c.journal, "another laser", first, hand_utc(NULL), &past, &c.error) == FL_OK &&
              past.zones[0].pulses == 4,
          "counted: %d pulses", past.zones[0].pulses);
    fl_plan_free(first);
    go_home();
    audit(13, 0, 0, "two clients");
    close_clinic();
}

/* An exercise and a clinic have two journals; neither takes the other's records. */
static void an_exercise_stays_one(void)
{
    char room[FL_DEVICE_ID_MAX + 1];
    open_clinic(HELPER_NO_TESTS, true);
    CHECK(fl_text_begins(fl_manual_name(c.device, true, room), "SIM-TRAINING-"), "%s", room);
    CHECK(fl_journal_is_simulated(c.journal), "an exercise in a clinic's journal");
    go_home();
    c.training = false;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .clock = &c.clock, .no_ballast = true};
    CHECK(fl_journal_open(c.place, &options, &c.journal, &c.error) == FL_E_REFUSED,
          "a real session in an exercise");
    c.journal = NULL;
    close_clinic();
}

/* ---- kills ---- */

/* Three pulses of MID, again and again; a byte for every order that was answered. */
static void work_until_killed(int out, uint64_t counter)
{
    char line[40];
    if (come() != FL_OK || order("operator") != FL_OK) _exit(3);
    if (look().open) {
        snprintf(line, sizeof line, "after %llu", (unsigned long long)look().begun + 3);
        if (order(line) != FL_OK) _exit(4);
        counter = look().counter;
    }
    if (write(out, "o", 1) != 1 || order("zone MID") != FL_OK || order("eyewear 755") != FL_OK) _exit(5);
    for (;;) {
        snprintf(line, sizeof line, "before %llu", (unsigned long long)counter);
        if (order(line) != FL_OK && order(line) != FL_OK) _exit(6);
        if (write(out, "b", 1) != 1) _exit(7);
        counter += 3;
        snprintf(line, sizeof line, "after %llu", (unsigned long long)counter);
        if (order(line) != FL_OK) _exit(8);
        if (write(out, "a", 1) != 1) _exit(9);
    }
}

/* hazards: H29 */
static void nothing_acknowledged_is_lost_to_a_kill(void)
{
    unsigned begun = 0, counted = 0; /* acknowledged */
    uint64_t counter = 5000;
    open_clinic(HELPER_NO_TESTS, true);
    c.hurried = true; /* a child's time would not be ours */
    go_home();
    for (unsigned round = 0; round < 14; round++) {
        int pair[2], how;
        if (pipe(pair)) abort();
        const pid_t child = fork();
        if (child == 0) {
            close(pair[0]);
            work_until_killed(pair[1], counter);
        }
        close(pair[1]);
        char byte;
        unsigned seen = 0, b = 0, a = 0;
        while (seen < 3 + round && read(pair[0], &byte, 1) == 1) seen++, b += byte == 'b', a += byte == 'a';
        usleep(round * 137 % 1000);
        kill(child, SIGKILL);
        while (read(pair[0], &byte, 1) == 1) b += byte == 'b', a += byte == 'a';
        waitpid(child, &how, 0);
        close(pair[0]);
        CHECK(WIFSIGNALED(how), "round %u: the child left with %d", round, WEXITSTATUS(how));
        CHECK(come() == FL_OK, "round %u: %s", round, c.error.what);
        const unsigned zones = entries(FL_KIND_PULSES);
        const fl_manual_view v = look();
        const unsigned now_begun = zones + v.open;
        begun += b, counted += a;
        CHECK(now_begun >= begun && zones >= counted, "round %u: %u of %u begun, %u of %u counted are there",
              round, now_begun, begun, zones, counted);
        begun = now_begun, counted = zones; /* one more may have been written and not answered */
        if (v.known) counter = v.counter;
        CHECK(!v.known || counter == 5000 + 3ull * zones, "round %u: the counter stands at %llu after %u",
              round, (unsigned long long)counter, zones);
        if (v.open && round % 2) { /* else the next child finds it */
            char line[40];
            CHECK(order("zone MID") == FL_E_NO && order("operator") == FL_OK, "%s", c.error.what);
            snprintf(line, sizeof line, "after %llu", (unsigned long long)v.begun + 3);
            CHECK(order("zone MID") == FL_E_NO && order(line) == FL_OK, "%s", c.error.what);
            counter = look().counter, counted++;
        } else if (v.open)
            counted++; /* by the next child, before its first byte */
        go_home();
        fl_verify_report report;
        CHECK(fl_verify(c.place, NULL, &report, &c.error) == FL_OK, "round %u: %s", round, report.what);
    }
    CHECK(come() == FL_OK && order("operator") == FL_OK, "%s", c.error.what);
    if (look().open) {
        char line[40];
        snprintf(line, sizeof line, "after %llu", (unsigned long long)look().begun + 3);
        CHECK(order(line) == FL_OK, "%s", c.error.what);
    }
    const unsigned all = entries(FL_KIND_PULSES);
    CHECK(all > 30, "only %u zones", all);
    go_home();
    audit(3ull * all, 0, 0, "after all the kills");
    close_clinic();
}

static bool last_is(fl_kind kind, const char *key, const char *text)
{
    fl_record record;
    return fl_journal_record(c.journal, fl_journal_size(c.journal) - 1, &record) == FL_OK &&
           fl_record_is(&record, kind) && fl_record_text_is(&record, key, text);
}

/* What no counter says: refused outside the words, kept with the session, and a near miss with counter and
 * zone. */
static void what_was_said_is_kept(void)
{
    open_clinic(HELPER_NO_TESTS, false);
    ORDERS("note pain 3 !not-signed-in", "near-miss eyewear !not-signed-in", "operator",
           "note pain 3 !no-session", "near-miss wrong-spot", "zone F-L", "eyewear 755", "second",
           "before 5000 !counter-first", "before 5000", "near-miss 2");
    fl_record record;
    uint64_t ctr = 0;
    CHECK(last_is(FL_KIND_NEAR_MISS, "zone", "F-L") && last_is(FL_KIND_NEAR_MISS, "what", "eyewear"),
          "the second");
    CHECK(fl_journal_record(c.journal, fl_journal_size(c.journal) - 1, &record) == FL_OK &&
              fl_record_count(&record, "ctr", &ctr) == FL_OK && ctr == 5000 && fl_record_has(&record, "sid"),
          "counter %llu", (unsigned long long)ctr);
    ORDERS("after 5009", "note reaction oedema erythema");
    CHECK(last_is(FL_KIND_NOTE, "seen", "erythema oedema"), "in the order of the table");
    ORDERS("note pain 11 !note-unknown", "note mood good !note-unknown", "note aftercare Anna !note-unknown",
           "near-miss five !near-miss-unknown", "note aftercare smp-4");
    CHECK(last_is(FL_KIND_NOTE, "version", "smp-4"), "version");
    CHECK(entries(FL_KIND_NEAR_MISS) == 2, "%u near misses", entries(FL_KIND_NEAR_MISS));
    ORDERS("end");
    audit(9, 0, 0, "near misses move no counter");
    close_clinic();
}

FL_TESTS("session/manual", TEST(a_number_is_digits), TEST(before_is_where_the_record_stands),
         TEST(after_is_what_was_planned), TEST(a_session_is_counted_zone_by_zone),
         TEST(a_second_person_signs_where_a_driven_session_asks), TEST(pulses_nobody_wrote_down),
         TEST(more_than_was_planned), TEST(more_than_a_laser_can), TEST(a_count_never_wraps),
         TEST(a_soft_stop_wants_the_zone_again), TEST(a_counter_that_goes_back_in_a_zone),
         TEST(locks_pauses_and_days_hold), TEST(an_open_zone_comes_first), TEST(an_exercise_stays_one),
         TEST(the_journal_refuses_what_does_not_add_up), TEST(nothing_acknowledged_is_lost_to_a_kill),
         TEST(what_was_said_is_kept))
