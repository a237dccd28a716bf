/* labels: unit physics   timeout: 300 */
/* Case 4 (a brow gone orange) with its ink given by colour or family in place of its id. */
#include "check.h"
#include "helper_course.h"

static const fl_plan_reason *reason_of(const fl_plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->reason_count; i++)
        if (strcmp(plan->reasons[i].code, code) == 0) return &plan->reasons[i];
    return NULL;
}

#define ID "id: iron-oxide-brown-corrected"

static void an_ink_may_be_seen_measured_or_of_a_family(void)
{
    // clang-format off
    static const struct { const char *what, *ink; fl_plan_verdict verdict; const char *says, *text; bool named; } rows[] = {
        { "a word",              "seen: orange",                       FL_VERDICT_TEST_FIRST, "ink-guessed", "seen as orange", false },
        { "another spelling",    "seen: flesh",                        FL_VERDICT_TEST_FIRST, "ink-guessed", "seen as tan", false },
        { "measured",            "lab: {L: 48, a: 13, b: 12}",         FL_VERDICT_TEST_FIRST, "ink-guessed", "measured as L* 48", false },
        { "measured with skin",  "lab: {L: 48, a: 13, b: 12}\n  skin_lab: {L: 60, a: 11, b: 14}", FL_VERDICT_TEST_FIRST, "ink-guessed", "measured", false },
        { "a family of several", "family: iron-oxide",                 FL_VERDICT_TEST_FIRST, "ink-guessed", "of the family iron-oxide", false },
        { "a family of one",     "family: hybrid",                     FL_VERDICT_TEST_FIRST, NULL, NULL, true },
        { "its id",              ID,                                   FL_VERDICT_TEST_FIRST, NULL, NULL, true },
        { "no such colour",      "lab: {L: 48, a: 90, b: -80}",        FL_VERDICT_REFUSE,     "ink-unlike-any", "nothing is planned", false },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = edited("profiles/cases/case-4.yaml", EDITS({ID, rows[i].ink}));
        fl_plan *plan = plan_file(path, NULL, NULL, NULL, quick_rules(), NULL);
        CHECK(plan->verdict == rows[i].verdict, "%s: verdict %d", rows[i].what, (int)plan->verdict);
        const fl_plan_reason *reason = rows[i].says ? reason_of(plan, rows[i].says) : NULL;
        if (rows[i].says)
            CHECK(reason && strstr(reason->text, rows[i].text), "%s: '%s'", rows[i].what,
                  reason ? reason->text : "-");
        else
            CHECK(!reason_of(plan, "ink-guessed"), "%s: is no guess", rows[i].what);
        CHECK((reason_of(plan, "ink-unknown") == NULL) == rows[i].named, "%s: ink-unknown", rows[i].what);
        if (plan->verdict == FL_VERDICT_REFUSE)
            for (size_t k = 0; k < plan->setting_count; k++)
                CHECK(!plan->settings[k].has_fluence, "%s: a fluence on a refused page", rows[i].what);
        fl_plan_free(plan);
    }
}

/* Carbon at a scalp would be planned at once (case 1); from a colour, however clear, it is tested first. */
static void a_clear_colour_is_still_no_name(void)
{
    const char *path =
        edited("profiles/cases/case-1.yaml",
               EDITS({"id: carbon-smp", "lab: {L: 34, a: -2, b: -4}\n  skin_lab: {L: 64, a: 10, b: 13}"}));
    fl_plan *plan = plan_file(path, NULL, NULL, NULL, quick_rules(), NULL);
    CHECK(plan->verdict == FL_VERDICT_TEST_FIRST, "verdict %d", (int)plan->verdict);
    const fl_plan_reason *reason = reason_of(plan, "ink-guessed");
    CHECK(reason && strstr(reason->text, "carbon-black 9") && !strstr(reason->text, "darkens"), "'%s'",
          reason ? reason->text : "-");
    fl_plan_free(plan);
    path = edited("profiles/cases/case-1.yaml", EDITS({"id: carbon-smp", "family: carbon-smp"}));
    plan = plan_file(path, NULL, NULL, NULL, quick_rules(), NULL);
    CHECK(plan->verdict == FL_VERDICT_PLAN, "the brand's word is a name: verdict %d", (int)plan->verdict);
    fl_plan_free(plan);
}

/* A word that carbon explains best, on a brow where oxides are not far: darkening counts all the same. */
static void darkening_counts_from_five_per_cent(void)
{
    const char *path = edited(
        "profiles/cases/case-4.yaml",
        EDITS({ID, "seen: blue"}, {"white_inside: yes", "white_inside: no"}, {"layers: 2", "layers: 1"}));
    fl_plan *plan = plan_file(path, NULL, NULL, NULL, quick_rules(), NULL);
    const fl_plan_reason *reason = reason_of(plan, "ink-guessed");
    CHECK(reason && strstr(reason->text, "planned as carbon-black") &&
              strstr(reason->text, "darkening is possible"),
          "'%s'", reason ? reason->text : "-");
    CHECK(plan->verdict == FL_VERDICT_TEST_FIRST, "verdict %d", (int)plan->verdict);
    fl_plan_free(plan);
}

/* What a person sees is a colour that rules ask for: 532 nm wants a warm one. */
static void a_seen_colour_is_a_colour_seen_today(void)
{
    fl_case *c = NULL;
    fl_error error = {0};
    const char *path =
        edited("profiles/cases/case-4.yaml", EDITS({ID, "seen: pink"}, {"  colours: [orange, brown]\n", ""}));
    CHECK(fl_case_load(path, NULL, &c, &error) == FL_OK, "%s", error.what);
    if (c) CHECK(c->body.ink.colours == 1u << FL_COLOUR_PINK, "colours %x", c->body.ink.colours);
    fl_case_free(c);
}

/* A variant that names the ink another way takes the old name away. */
static void a_variant_names_it_anew(void)
{
    static const char *const anew[] = {"{seen: green}", "{family: hybrid}", "{lab: {L: 40, a: 1, b: 2}}",
                                       "{id: white}", "{layers: 3}"};
    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++) {
        char change[120];
        snprintf(change, sizeof change, "ink: %s", anew[i]);
        const char *path = edited("profiles/cases/case-4.yaml", EDITS({"skin: {practitioner: IV}", change}));
        fl_case *c = NULL;
        fl_error error = {0};
        CHECK(fl_case_load(path, "v1", &c, &error) == FL_OK, "%s: %s", anew[i], error.what);
        if (!c) continue;
        CHECK(fl_case_ink_names(&c->body.ink) == 1, "%s: %d names", anew[i], fl_case_ink_names(&c->body.ink));
        if (i == 4) CHECK_TEXT(c->body.ink.id, "iron-oxide-brown-corrected", "nothing renamed");
        fl_case_free(c);
    }
}

static void faults_say_where_and_what_to_do(void)
{
    // clang-format off
    static const struct { const char *what, *ink, *says; unsigned line, column; } rows[] = {
        { "two names",      "family: iron-oxide\n  id: white",             "'id' and 'family'", 18, 11 },
        { "seen and lab",   "seen: red\n  lab: {L: 40, a: 1, b: 2}",       "'seen' and 'lab'",  19, 8 },
        { "skin alone",     "seen: red\n  skin_lab: {L: 40, a: 1, b: 2}",  "the ink is not",    19, 13 },
        { "half a colour",  "lab: {L: 40, a: 1}",                          "has no 'b'",        18, 9 },
        { "no such word",   "seen: mauve",                                 "mauve",             18, 9 },
        { "no such family", "family: acme",                                "acme",              18, 11 },
        { "too light",      "lab: {L: 140, a: 1, b: 2}",                   "140",               18, 12 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = edited("profiles/cases/case-4.yaml", EDITS({ID, rows[i].ink}));
        fl_faults *faults = fl_faults_new();
        fl_yaml *file = NULL;
        CHECK(fl_yaml_load(path, &fl_case_schema, faults, &file) == FL_E_FILE && faults->count == 1,
              "%s: %zu faults", rows[i].what, faults->count);
        if (faults->count) {
            const fl_fault *fault = &faults->list[0];
            CHECK(strstr(fault->what, rows[i].says), "%s: '%s'", rows[i].what, fault->what);
            CHECK(fault->at.line == rows[i].line && fault->at.column == rows[i].column, "%s: at %u:%u",
                  rows[i].what, fault->at.line, fault->at.column);
            CHECK(fault->hint[0] != 0, "%s: no hint", rows[i].what);
        }
        fl_yaml_free(file);
        fl_faults_free(faults);
    }
    const char *path = edited("profiles/cases/case-4.yaml", EDITS({"  " ID "\n", ""}));
    fl_error error = {0};
    fl_case *c = NULL;
    CHECK(fl_case_load(path, NULL, &c, &error) == FL_E_FILE &&
              strstr(error.what, "nothing says what this ink is"),
          "'%s'", error.what);
}

FL_TESTS("course/ink_seen", TEST(an_ink_may_be_seen_measured_or_of_a_family),
         TEST(a_clear_colour_is_still_no_name), TEST(darkening_counts_from_five_per_cent),
         TEST(a_seen_colour_is_a_colour_seen_today), TEST(a_variant_names_it_anew),
         TEST(faults_say_where_and_what_to_do))
