/* labels: unit physics   timeout: 240 */
/* Reads in plans: what they do to the range, what a poor one must not do to the fluence, and which count. */
#include "check.h"
#include "helper_course.h"

#include "fadeline/course/outlook.h"

#define E1                                                                                                   \
    "smoker: no\nearlier:\n  - {id: E1, on: 2026-05-04, elsewhere: no, device: example-pico, "               \
    "wavelength_nm: "

/* Case 1 with one session before it, on a day when its zones have rested. */
static fl_plan *after(const char *rest, const char *date)
{
    char put[256];
    snprintf(put, sizeof put, E1 "%s}", rest);
    const char *path = edited("profiles/cases/case-1.yaml", EDITS({"smoker: no", put}));
    fl_plan *plan = plan_file(path, NULL, date ? date : "2026-07-06", NULL, NULL, NULL);
    remove(path);
    return plan;
}

static bool says(const fl_plan *plan, const char *code)
{
    return fl_plan_reason_of(plan, code) != NULL;
}

/* Acceptance story 10, first half. */
static void fifty_five_percent_narrows_the_range_and_says_why(void)
{
    fl_plan *before = plan_case(1, NULL, NULL),
            *plan = after("1064, read_on: 2026-06-15, cleared_percent: 55", NULL);
    const fl_plan_sessions *a = &before->sessions, *b = &plan->sessions;
    CHECK(a->modelled && a->reads == 0 && a->left_count == 4 && a->left[0].after == 1, "before: %d reads",
          a->reads);
    CHECK(b->reads == 1 && b->low == 1 && b->high < a->high && b->likely == 2, "after: %d to %d, likely %d",
          b->low, b->high, b->likely);
    CHECK(b->left[0].after == 0 && fabs(b->left[0].left.median - 0.42) < 0.08, "today %g",
          b->left[0].left.median);
    CHECK(b->per_session.p95 - b->per_session.p05 < a->per_session.p95 - a->per_session.p05, "no surer");
    bool reason = false;
    for (size_t i = 0; i < b->reason_count; i++) reason |= strstr(b->reasons[i], "session E1 55 %") != NULL;
    CHECK(reason, "the reason is not shown");
    CHECK(!says(plan, "read-low") && !says(plan, "read-late") && !says(plan, "read-early"), "too much said");
    fl_plan_free(before);
    fl_plan_free(plan);
}

/* Second half: causes, a wider range, and no more light than was used. */
static void five_percent_asks_for_causes_and_raises_nothing(void)
{
    fl_plan *unread = after("1064, spot_mm: 4, fluence_J_cm2: 0.90", NULL),
            *plan =
                after("1064, spot_mm: 4, fluence_J_cm2: 0.90, read_on: 2026-06-15, cleared_percent: 5", NULL);
    CHECK(plan->sessions.high > 10 && plan->sessions.likely > 4, "%d to %d", plan->sessions.low,
          plan->sessions.high);
    const fl_plan_reason *low = fl_plan_reason_of(plan, "read-low");
    CHECK(low && low->rank == FL_RANK_CAUTION && low->change[0], "nothing is said");
    static const char *const causes[] = {"ink family",   "depth",    "spot size",
                                         "energy check", "interval", "not raised"};
    for (size_t i = 0; low && i < sizeof causes / sizeof *causes; i++)
        CHECK(strstr(low->text, causes[i]), "no word of '%s'", causes[i]);
    bool would = false;
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i], *u = &unread->settings[i];
        if (fl_whole_nm(s->wavelength) != 1064) {
            CHECK(s->start.J_m2 == u->start.J_m2, "another wavelength was changed");
            continue;
        }
        would |= u->allowed && fl_as_J_cm2(u->start) > 0.905;
        CHECK(!s->allowed || fl_as_J_cm2(s->start) <= 0.90 + 1e-9, "1064 nm, %.1f mm starts at %.2f",
              fl_as_mm(s->spot), fl_as_J_cm2(s->start));
    }
    CHECK(would, "the test cannot fail: nothing would start above 0.90");
    fl_plan_free(unread);
    fl_plan_free(plan);
}

static void which_reads_count(void)
{
    // clang-format off
    static const struct { const char *what, *rest, *date; int reads; const char *says, *silent; } rows[] = {
        { "in time",          "1064, read_on: 2026-06-15, cleared_percent: 55", NULL,         1, "",           "read-late,read-early,read-low" },
        { "the first day",    "1064, read_on: 2026-06-01, cleared_percent: 55", NULL,         1, "",           "read-early" },
        { "a day early",      "1064, read_on: 2026-05-31, cleared_percent: 5",  NULL,         0, "read-early", "read-low" },
        { "the last day",     "1064, read_on: 2026-06-29, cleared_percent: 55", NULL,         1, "",           "read-late" },
        { "a day late",       "1064, read_on: 2026-06-30, cleared_percent: 55", NULL,         1, "read-late",  "read-early" },
        { "tomorrow",         "1064, read_on: 2026-07-07, cleared_percent: 5",  NULL,         0, "",           "read-low" },
        { "at the threshold", "1064, read_on: 2026-06-15, cleared_percent: 10", NULL,         1, "read-low",   "" },
        { "above it",         "1064, read_on: 2026-06-15, cleared_percent: 10.5", NULL,       1, "",           "read-low" },
        { "nearly all gone",  "1064, read_on: 2026-06-15, cleared_percent: 100", NULL,        1, "goal-may-be-reached", "read-low" },
        { "not read",         "1064",                                           NULL,         0, "",           "read-late,read-early,read-low" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_plan *plan = after(rows[i].rest, rows[i].date);
        char copy[96], *rest, *code;
        CHECK(plan->sessions.reads == rows[i].reads, "%s: %d reads", rows[i].what, plan->sessions.reads);
        snprintf(copy, sizeof copy, "%s", rows[i].says);
        for (rest = copy; (code = strsep(&rest, ","));)
            CHECK(!*code || says(plan, code), "%s: does not say %s", rows[i].what, code);
        snprintf(copy, sizeof copy, "%s", rows[i].silent);
        for (rest = copy; (code = strsep(&rest, ","));)
            CHECK(!*code || !says(plan, code), "%s: says %s", rows[i].what, code);
        CHECK(plan->sessions.low < plan->sessions.high, "%s: one number is no range", rows[i].what);
        fl_plan_free(plan);
    }
}

/* Another wavelength takes ink and tells no rate; some zones only tell the rate and leave the ink. */
static void another_laser_and_some_zones(void)
{
    fl_plan *before = plan_case(1, NULL, NULL),
            *other = after("755, read_on: 2026-06-15, cleared_percent: 55", NULL),
            *some = after("1064, zones: [F-L], read_on: 2026-06-15, cleared_percent: 55", NULL);
    CHECK(memcmp(&other->sessions.per_session, &before->sessions.per_session, sizeof(fl_plan_band)) == 0,
          "755 nm told a rate of 1064 nm");
    CHECK(other->sessions.left[0].after == 0 && other->sessions.left[0].left.median < 0.5, "and took no ink");
    CHECK(some->sessions.left[0].after == 1 && some->sessions.reads == 1, "the other zones lost ink");
    CHECK(some->sessions.per_session.median < before->sessions.per_session.median,
          "and the rate was not heard");
    fl_plan_free(before);
    fl_plan_free(other);
    fl_plan_free(some);
}

static void a_spot_expires_and_says_so(void)
{
    // clang-format off
    static const struct { const char *what, *find, *put, *date; bool expired; const char *word; } rows[] = {
        { "as it is",        "smoker: no", "smoker: no", "2026-06-01", false, "" },
        { "the last day",    "smoker: no", "smoker: no", "2026-12-01", false, "" },
        { "a day more",      "smoker: no", "smoker: no", "2026-12-02", true,  "2026-12-01" },
        { "another laser",   "device: example-pico, wavelength_nm: 1064", "device: picoway, wavelength_nm: 1064", "2026-06-01", true, "picoway" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = edited("profiles/cases/case-4.yaml", EDITS({rows[i].find, rows[i].put}));
        fl_plan *plan = plan_file(path, "read", rows[i].date, NULL, NULL, NULL);
        const fl_plan_reason *reason = fl_plan_reason_of(plan, "test-expired");
        CHECK((reason != NULL) == rows[i].expired, "%s: test-expired", rows[i].what);
        if (reason) CHECK(strstr(reason->text, rows[i].word), "%s: '%s'", rows[i].what, reason->text);
        CHECK((plan->verdict == FL_VERDICT_PLAN) == !rows[i].expired, "%s: %s", rows[i].what,
              fl_plan_verdict_word(plan->verdict));
        fl_plan_free(plan);
        remove(path);
    }
    const char *path =
        edited("profiles/cases/case-4.yaml",
               EDITS({"result: lighter, cleared_percent: 20", "result: lighter, cleared_percent: 8"}));
    fl_plan *plan = plan_file(path, "read", "2026-06-01", NULL, NULL, NULL);
    CHECK(says(plan, "read-low"), "a spot that cleared 8 %%");
    CHECK(fl_as_J_cm2(plan->settings[plan->chosen].start) <= 1.03 + 1e-9, "and the start was raised");
    fl_plan_free(plan);
    remove(path);
}

/* A rule file from before the model reads on, with the defaults, which are those shipped. */
static void rules_without_the_block_still_load(void)
{
    const char *path =
        edited("profiles/clinic.yaml",
               EDITS({"fade:      ", "#"}, {"  read_low_percent: 10", "#"}, {"  read_noise_percent: 10", "#"},
                     {"  test_noise_percent: 15", "#"}, {"  variation_percent: 35", "#"},
                     {"  slow_percent: 2", "#"}, {"  goal_percent: 90", "#"}));
    fl_rulebook *book;
    fl_error error = {0};
    const fl_status status = fl_rulebook_load(path, NULL, &book, &error);
    CHECK(status == FL_OK, "refused: %s", error.what);
    remove(path);
    if (status != FL_OK) return;
    CHECK(memcmp(&book->rules->fade, &quick_rules()->rules->fade, sizeof book->rules->fade) == 0,
          "the defaults are not what is shipped");
    fl_rulebook_free(book);
}

static void a_read_has_a_day_and_a_share(void)
{
    static const char *const wrong[] = {"1064, read_on: 2026-06-15", "1064, cleared_percent: 55",
                                        "1064, read_on: 2026-05-04, cleared_percent: 55",
                                        "1064, read_on: 2026-06-15, cleared_percent: 101"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char put[256];
        snprintf(put, sizeof put, E1 "%s}", wrong[i]);
        const char *path = edited("profiles/cases/case-1.yaml", EDITS({"smoker: no", put}));
        fl_case *c = NULL;
        fl_error error;
        CHECK(fl_case_load(path, NULL, &c, &error) == FL_E_FILE, "'%s' was taken", wrong[i]);
        fl_case_free(c);
        remove(path);
    }
}

static void a_plan_with_reads_is_read_back(void)
{
    fl_plan *plan = after("1064, read_on: 2026-06-15, cleared_percent: 55", NULL), *back = fl_plan_new();
    char *text = fl_plan_json(plan);
    fl_error error = {0};
    CHECK(fl_plan_read_text(text, strlen(text), back, &error) == FL_OK, "%s", error.what);
    CHECK(back->sessions.left_count == plan->sessions.left_count && back->sessions.reads == 1 &&
              back->sessions.left[1].left.median == plan->sessions.left[1].left.median,
          "the sessions differ");
    char *at = strstr(text, "\"goal_probability\": 0.");
    CHECK(at != NULL, "no goal_probability");
    if (at) at[23] = at[23] == '5' ? '6' : '5';
    CHECK(fl_plan_read_text(text, strlen(text), back, &error) == FL_E_FILE, "an edited chance was taken");
    free(text);
    fl_plan_free(plan);
    fl_plan_free(back);
}

/* The outlook of a day says of the sessions what a plan of that day says, and it is nothing to treat by. */
static void the_outlook_is_the_plans(void)
{
    static const char *const reads[] = {"55", "5", "100"};
    fl_plan *out = fl_plan_new(), *before = fl_plan_new();
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        char put[256];
        fl_case *c;
        fl_error error = {0};
        snprintf(put, sizeof put,
                 E1 "1064, spot_mm: 4, fluence_J_cm2: 0.90, read_on: 2026-06-15, cleared_percent: %s}",
                 reads[i]);
        const char *path = edited("profiles/cases/case-1.yaml", EDITS({"smoker: no", put}));
        fl_plan *plan = plan_file(path, NULL, "2026-07-06", NULL, NULL, NULL);
        CHECK(fl_case_load(path, NULL, &c, &error) == FL_OK, "%s", error.what);
        fl_course_inputs in = {.c = c,
                               .device = laser(),
                               .book = quick_rules(),
                               .library = library(),
                               .date = day("2026-07-06")};
        CHECK(fl_course_outlook(&in, plan, out, &error) == FL_OK, "%s", error.what);
        const fl_plan_sessions *a = &plan->sessions, *b = &out->sessions;
        CHECK(a->low == b->low && a->likely == b->likely && a->high == b->high && a->reads == b->reads &&
                  a->left_count == b->left_count &&
                  memcmp(&a->per_session, &b->per_session, sizeof a->per_session) == 0 &&
                  memcmp(a->left, b->left, a->left_count * sizeof *a->left) == 0,
              "%s %%: the plan says %d to %d, the outlook %d to %d", reads[i], a->low, a->high, b->low,
              b->high);
        CHECK(says(plan, "read-low") == says(out, "read-low"), "%s %%: read-low", reads[i]);
        CHECK(!out->setting_count && out->chosen == -1 && !fl_plan_treats_zones(out) && !fl_plan_tests(out) &&
                  out->verdict == FL_VERDICT_NONE,
              "something to treat by");
        in.date = day("2026-06-14");
        CHECK(fl_course_outlook(&in, plan, before, &error) == FL_OK && before->sessions.reads == 0 &&
                  !says(before, "read-low"),
              "the day before it knew the read");
        in.device = NULL;
        CHECK(fl_course_outlook(&in, NULL, before, &error) == FL_OK && before->sessions.known,
              "without a laser");
        fl_case_free(c);
        fl_plan_free(plan);
        remove(path);
    }
    fl_plan_free(out);
    fl_plan_free(before);
}

FL_TESTS("course/reads", TEST(fifty_five_percent_narrows_the_range_and_says_why),
         TEST(five_percent_asks_for_causes_and_raises_nothing), TEST(which_reads_count),
         TEST(another_laser_and_some_zones), TEST(a_spot_expires_and_says_so),
         TEST(rules_without_the_block_still_load), TEST(a_read_has_a_day_and_a_share),
         TEST(a_plan_with_reads_is_read_back), TEST(the_outlook_is_the_plans))
