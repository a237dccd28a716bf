/* labels: unit   timeout: 300 */
/* Dates: the first free day, month ends, unasked questions, review dates. Each row is one edit of a shipped
 * file. */
#include "check.h"
#include "helper_course.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <unistd.h>

typedef struct row {
    const char *what;
    const char *undeny;   /* taken out of `denied` */
    const char *reported; /* "id: ..., on: ..." */
    const char *date;
    const char *code; /* that must stand, or with until NULL must not */
    fl_plan_rank rank;
    const char *until; /* NULL: the gate is over; "-": stands without a date */
} row;

// clang-format off
static const row rows[] = {
    { "six months, day before",  " isotretinoin,", "id: isotretinoin, on: 2026-02-10", "2026-08-09", "isotretinoin", FL_RANK_DEFER, "2026-08-10" },
    { "six months, on the day",  " isotretinoin,", "id: isotretinoin, on: 2026-02-10", "2026-08-10", "isotretinoin", FL_RANK_NONE, NULL },
    { "from 31 August",          " isotretinoin,", "id: isotretinoin, on: 2026-08-31", "2027-02-27", "isotretinoin", FL_RANK_DEFER, "2027-02-28" },
    { "from 31 August, over",    " isotretinoin,", "id: isotretinoin, on: 2026-08-31", "2027-02-28", "isotretinoin", FL_RANK_NONE, NULL },
    { "from 30 August, short",   " isotretinoin,", "id: isotretinoin, on: 2026-08-30", "2027-02-27", "isotretinoin", FL_RANK_DEFER, "2027-02-28" },
    { "no date: from today",     " isotretinoin,", "id: isotretinoin",                 "2026-05-04", "isotretinoin", FL_RANK_DEFER, "2026-11-04" },
    { "ends in the future",      " photosensitising-drug,", "id: photosensitising-drug, on: 2026-05-10", "2026-05-04", "photosensitising-drug", FL_RANK_DEFER, "2026-05-24" },
    { "across a year end",       " recent-procedure,", "id: recent-procedure, on: 2026-12-27", "2027-01-09", "recent-procedure", FL_RANK_DEFER, "2027-01-10" },
    { "a physician's word",      " photosensitising-drug,", "id: photosensitising-drug, on: 2026-05-10, cleared_by: Dr X, cleared_on: 2026-05-04", "2026-05-04", "photosensitising-drug", FL_RANK_INFO, "-" },
    { "a word given later",      " photosensitising-drug,", "id: photosensitising-drug, on: 2026-05-10, cleared_by: Dr X, cleared_on: 2026-05-05", "2026-05-04", "photosensitising-drug", FL_RANK_DEFER, "2026-05-24" },
    { "nobody clears gold",      " gold,", "id: gold, cleared_by: Dr X, cleared_on: 2026-05-01", "2026-05-04", "gold", FL_RANK_REFUSE, "-" },
    { "nor isotretinoin",        " isotretinoin,", "id: isotretinoin, on: 2026-02-10, cleared_by: Dr X, cleared_on: 2026-05-01", "2026-05-04", "isotretinoin", FL_RANK_DEFER, "2026-08-10" },
    { "a flag stands",           " keloid,", "id: keloid",                            "2026-05-04", "keloid", FL_RANK_CLEARANCE, "-" },
    { "a flag is cleared",       " keloid,", "id: keloid, cleared_by: Dr X, cleared_on: 2026-05-01", "2026-05-04", "keloid", FL_RANK_INFO, "-" },
    { "caution only",            " anticoagulant,", "id: anticoagulant",              "2026-05-04", "anticoagulant", FL_RANK_CAUTION, "-" },
    { "not asked is not no",     " gold,", NULL,                                      "2026-05-04", "screening-incomplete", FL_RANK_DEFER, "-" },
};
// clang-format on

/* What was reported keeps treatment away to the very day; what nobody was asked is not a no. */
/* hazards: H34 H37 */
static void a_gate_ends_on_its_day_and_not_before(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        char report[200];
        snprintf(report, sizeof report, "reported:\n  - {%s}\n\nvariants:", r->reported ? r->reported : "");
        const char *path = edited("profiles/cases/case-1.yaml",
                                  EDITS({r->undeny, ""}, {"variants:", r->reported ? report : "variants:"}));
        fl_plan *plan = plan_file(path, NULL, r->date, NULL, NULL, NULL);
        const fl_plan_reason *reason = fl_plan_reason_of(plan, r->code);
        CHECK((reason != NULL) == (r->until != NULL), "%s: %s", r->what,
              reason ? reason->text : "says nothing");
        if (reason && r->until) {
            char text[11];
            CHECK(reason->rank == r->rank, "%s: it is %s", r->what, fl_plan_rank_word(reason->rank));
            CHECK_TEXT(fl_date_text(reason->until, text), r->until, r->what);
        }
        CHECK((plan->verdict == FL_VERDICT_PLAN) == (r->rank <= FL_RANK_CAUTION), "%s: verdict %s", r->what,
              fl_plan_verdict_word(plan->verdict));
        fl_plan_free(plan);
        unlink(path);
    }
}

/* Section 3 of the users reference: sun is a gate of its own, and an old date does not undo a fresh tick. */
/* hazards: H34 */
static void the_sun_gate(void)
{
    // clang-format off
    static const struct { const char *what, *find, *put, *date; fl_plan_verdict verdict; const char *until; } suns[] = {
        { "28 days after",       "last_sun: 2026-01-31", "last_sun: 2026-04-06", "2026-05-04", FL_VERDICT_PLAN,  NULL },
        { "27 days after",       "last_sun: 2026-01-31", "last_sun: 2026-04-07", "2026-05-04", FL_VERDICT_DEFER, "2026-05-05" },
        { "no date, no tick",    "  last_sun: 2026-01-31\n", "",                 "2026-05-04", FL_VERDICT_PLAN,  NULL },
        { "leap day",            "last_sun: 2026-01-31", "last_sun: 2028-02-01", "2027-02-28", FL_VERDICT_DEFER, "2028-02-29" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof suns / sizeof *suns; i++) {
        const char *path = edited("profiles/cases/case-1.yaml", EDITS({suns[i].find, suns[i].put}));
        fl_plan *plan = plan_file(path, NULL, suns[i].date, NULL, NULL, NULL);
        CHECK(plan->verdict == suns[i].verdict, "%s: %s", suns[i].what, fl_plan_verdict_word(plan->verdict));
        const fl_plan_reason *sun = fl_plan_reason_of(plan, "sun");
        char text[11];
        if (suns[i].until && sun) CHECK_TEXT(fl_date_text(sun->until, text), suns[i].until, suns[i].what);
        CHECK((sun != NULL) == (suns[i].until != NULL), "%s: sun", suns[i].what);
        /* Tanned, 755 nm is not given, whatever the type. */
        CHECK(setting_at(plan, 755, 4)->allowed == (sun == NULL), "%s: 755 nm", suns[i].what);
        fl_plan_free(plan);
        unlink(path);
    }
    const char *path =
        edited("profiles/cases/case-1.yaml", EDITS({"T1: 0", "T1: 3"}, {"  last_sun: 2026-01-31\n", ""}));
    fl_plan *plan = plan_file(path, NULL, NULL, NULL, NULL, NULL);
    const fl_plan_reason *sun = fl_plan_reason_of(plan, "sun");
    char text[11];
    CHECK(plan->verdict == FL_VERDICT_DEFER && sun, "a tick without a date counts from today");
    if (sun) CHECK_TEXT(fl_date_text(sun->until, text), "2026-06-01", "28 days from today");
    fl_plan_free(plan);
    unlink(path);
}

/* One question of the skin form without an answer: no type, no settings, no plan. */
/* hazards: H34 */
static void a_blank_item_gives_no_plan(void)
{
    const char *path = edited("profiles/cases/case-1.yaml", EDITS({"R3: 1, ", ""}));
    fl_plan *plan = plan_file(path, NULL, NULL, NULL, NULL, NULL);
    CHECK(plan->verdict == FL_VERDICT_DEFER && fl_plan_reason_of(plan, "form-blank"), "a blank item");
    CHECK(strstr(fl_plan_reason_of(plan, "form-blank")->text, "R3") != NULL, "it does not say which");
    CHECK(plan->skin.type == 0 && plan->skin.planned_as == 0 && plan->setting_count == 0 &&
              plan->chosen == -1,
          "type %d and %zu settings", plan->skin.type, plan->setting_count);
    fl_plan_free(plan);
    unlink(path);
    fl_case *c;
    fl_error error;
    static const char *const wrong[] = {"R3: 5", "R3: 11", "R3: -1", "R3: 1.5", "R3: one"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        path = edited("profiles/cases/case-1.yaml", EDITS({"R3: 1", wrong[i]}));
        CHECK(fl_case_load(path, NULL, &c, &error) == FL_E_FILE && error.line > 0, "%s was taken", wrong[i]);
        unlink(path);
    }
}

static void an_unknown_question_feature_or_profile_is_a_bad_file(void)
{
    // clang-format off
    static const struct { const char *find, *put, *says; } wrong[] = {
        { "denied: [self-tanner,", "denied: [self-taner,",  "self-taner" },
        { "id: F-L, area_cm2: 40", "id: F-L, area_cm2: 40, features: [freckles]", "freckles" },
        { "procedure: smp-scalp",  "procedure: smp",        "smp" },
        { "site: scalp-male",      "site: knee",            "knee" },
        { "id: carbon-smp",        "id: carbonsmp",         "carbonsmp" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *path = edited("profiles/cases/case-1.yaml", EDITS({wrong[i].find, wrong[i].put}));
        fl_case *c;
        fl_error error;
        CHECK(fl_case_load(path, NULL, &c, &error) == FL_OK, "%s: %s", wrong[i].says, error.what);
        const fl_course_inputs in = {
            .c = c, .device = laser(), .book = quick_rules(), .library = library(), .seed = 3};
        fl_plan *plan = fl_plan_new();
        plan->chosen = 77;
        CHECK(fl_course_plan(&in, plan, &error) == FL_E_FILE, "%s was taken", wrong[i].says);
        CHECK(strstr(error.what, wrong[i].says) && error.hint[0], "%s: %s", wrong[i].says, error.what);
        CHECK(plan->chosen == 77, "%s: the plan was touched", wrong[i].says);
        fl_plan_free(plan);
        fl_case_free(c);
        unlink(path);
    }
    fl_case *c;
    fl_error error;
    CHECK(fl_case_load(case_file(1), "v9", &c, &error) == FL_E_USAGE && strstr(error.hint, "v1, v2"), "%s",
          error.hint);
}

/* The last day of review_by counts; the day after, and the day before the signature, do not. */
/* hazards: H43 */
static void rules_past_their_review_are_not_used(void)
{
    // clang-format off
    static const struct { const char *date; bool used; } days[] = {
        { "2026-04-01", true }, { "2026-03-31", false }, { "2027-04-01", true }, { "2027-04-02", false }, { "2031-01-01", false },
    };
    // clang-format on
    fl_case *c;
    fl_error error;
    CHECK(fl_case_load(case_file(1), NULL, &c, &error) == FL_OK, "%s", error.what);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        const fl_course_inputs in = {.c = c,
                                     .device = laser(),
                                     .book = quick_rules(),
                                     .library = library(),
                                     .date = day(days[i].date),
                                     .seed = 3};
        fl_plan *plan = fl_plan_new();
        const fl_status status = fl_course_plan(&in, plan, &error);
        CHECK((status == FL_OK) == days[i].used, "%s: %s", days[i].date, fl_status_name(status));
        if (!days[i].used)
            CHECK(fl_status_exit(status) == 3 && error.code[0], "%s: exit %d", days[i].date,
                  fl_status_exit(status));
        fl_plan_free(plan);
    }
    fl_case_free(c);
}

static void faults_in_rules_are_refused(void)
{
    // clang-format off
    static const struct { const char *what, *find, *put; } wrong[] = {
        { "a hole in the bands",      "{from: 8, to: 16, type: II}",   "{from: 9, to: 16, type: II}" },
        { "budget that falls",        "soft_stop: 1.1",                "soft_stop: 0.95" },
        { "an interval on a refusal", "    class: refuse\n    text: Gold", "    class: refuse\n    days: 9\n    text: Gold" },
        { "months and days",          "    months: 6\n    text: Oral", "    months: 6\n    days: 9\n    text: Oral" },
        { "start above the end",      "start_J_cm2: 1.5\n",            "start_J_cm2: 2.6\n" },
        { "no signature",             "signed_by: Dr V. Example (invented)\n", "" },
        { "review before signing",    "review_by: 2027-04-01",         "review_by: 2026-03-31" },
        { "one number for a range",   "    low: 1\n    likely: 2\n    high: 4", "    low: 4\n    likely: 4\n    high: 4" },
        { "a zone braver than a test", "test_injury_accepted: 0.20",   "test_injury_accepted: 0.01" },
        { "reads that end first",     "min_days: 28, max_days: 56",    "min_days: 57, max_days: 56" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *path = edited("profiles/clinic.yaml", EDITS({wrong[i].find, wrong[i].put}));
        fl_rulebook *book;
        fl_error error;
        CHECK(fl_rulebook_load(path, NULL, &book, &error) == FL_E_FILE, "%s was taken", wrong[i].what);
        CHECK(error.line > 0, "%s: no place", wrong[i].what);
        unlink(path);
    }
}

static void a_deadline_is_judged_by_its_day(void)
{
    // clang-format off
    static const struct { const char *what, *deadline; int number; fl_plan_verdict verdict; } deadlines[] = {
        { "today is soon enough for one session", "2026-05-04", 1, FL_VERDICT_PLAN },
        { "yesterday is not",                     "2026-05-03", 1, FL_VERDICT_REFUSE },
        { "lips take no deadline at all",         "2027-05-25", 5, FL_VERDICT_REFUSE },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof deadlines / sizeof *deadlines; i++) {
        char put[80];
        snprintf(put, sizeof put, "goal: {deadline: %s, kind:", deadlines[i].deadline);
        const char *path =
            deadlines[i].number == 1
                ? edited("profiles/cases/case-1.yaml", EDITS({"goal: {kind:", put}))
                : edited("profiles/cases/case-5.yaml", EDITS({"2026-05-25", deadlines[i].deadline}));
        fl_plan *plan = plan_file(path, NULL, NULL, NULL, NULL, NULL);
        CHECK(plan->verdict == deadlines[i].verdict, "%s: %s", deadlines[i].what,
              fl_plan_verdict_word(plan->verdict));
        fl_plan_free(plan);
        unlink(path);
    }
}

/* Records: 40 J/cm2 at 3 mm is 2,827 mJ; a 200 mJ head makes 2.83 at most, and a panel may read 10 % high. */
/* hazards: H39 */
static void records_no_device_can_have_made_are_flagged(void)
{
    // clang-format off
    static const struct { const char *what, *record, *code; bool unknown; } records[] = {
        { "2,827 mJ",             "device: example-pico, wavelength_nm: 755, spot_mm: 3, fluence_J_cm2: 40",   "record-impossible", true },
        { "just above 10 % more", "device: example-pico, wavelength_nm: 755, spot_mm: 3, fluence_J_cm2: 3.12", "record-impossible", true },
        { "just below",           "device: example-pico, wavelength_nm: 755, spot_mm: 3, fluence_J_cm2: 3.11", NULL, false },
        { "a wavelength it lacks", "device: example-pico, wavelength_nm: 694, spot_mm: 3, fluence_J_cm2: 2",   "record-impossible", true },
        { "a device nobody knows", "device: ruby-star, wavelength_nm: 694, spot_mm: 3, fluence_J_cm2: 2",      "record-device-unknown", true },
        { "no fluence",           "device: example-pico, wavelength_nm: 755, spot_mm: 3",                     NULL, true },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        char put[200];
        snprintf(put, sizeof put,
                 "earlier: [{id: E9, on: 2025-11-03, elsewhere: yes, %s}]\n\nvariants:", records[i].record);
        const char *path = edited("profiles/cases/case-1.yaml", EDITS({"variants:", put}));
        fl_plan *plan = plan_file(path, NULL, NULL, NULL, NULL, NULL);
        if (records[i].code)
            CHECK(fl_plan_reason_of(plan, records[i].code), "%s is not flagged", records[i].what);
        CHECK((fl_plan_reason_of(plan, "history-unknown") != NULL) == records[i].unknown, "%s: history",
              records[i].what);
        CHECK((plan->verdict == FL_VERDICT_TEST_FIRST) == records[i].unknown, "%s: %s", records[i].what,
              fl_plan_verdict_word(plan->verdict));
        fl_plan_free(plan);
        unlink(path);
    }
}

FL_TESTS("course/gates", TEST(a_gate_ends_on_its_day_and_not_before), TEST(the_sun_gate),
         TEST(a_blank_item_gives_no_plan), TEST(an_unknown_question_feature_or_profile_is_a_bad_file),
         TEST(rules_past_their_review_are_not_used), TEST(faults_in_rules_are_refused),
         TEST(a_deadline_is_judged_by_its_day), TEST(records_no_device_can_have_made_are_flagged))
