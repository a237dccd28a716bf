/* labels: unit golden   timeout: 300   needs: fadeline */
/* The three commands as scripts meet them: exit codes, and the JSON keys of the contract to the letter. */
#include "check.h"
#include "helper_course.h"

#include <jansson.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `fadeline ARGUMENTS`; stdout is the caller's to free. */
static int run_with(const char *pin, const char *arguments, char **out)
{
    char command[1024];
    quick_rules(); /* leaves home */
    snprintf(command, sizeof command, "echo '%s' | '%s/fadeline' %s 2>/dev/null", pin, FL_BUILD_DIR,
             arguments);
    FILE *pipe = popen(command, "r");
    size_t size = 0, room = 1 << 20;
    *out = calloc(1, room);
    CHECK(pipe && *out, "no pipe");
    if (!pipe || !*out) exit(1);
    size = fread(*out, 1, room - 1, pipe);
    CHECK(size < room - 1, "too much output");
    const int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run(const char *arguments, char **out)
{
    return run_with("", arguments, out);
}

static const char *quick_path(void)
{
    static char path[512];
    if (!path[0])
        snprintf(path, sizeof path, "%s",
                 edited("profiles/clinic.yaml", EDITS({"sampling: {draws: 24, variants: 22, photons: 1500}",
                                                       "sampling: {draws: 4, variants: 16, photons: 500}"})));
    return path;
}

static json_t *plan_json(int number, const char *more, int *code)
{
    char arguments[800], *out;
    snprintf(arguments, sizeof arguments, "plan '%s' --device example-pico --rules '%s' --json %s",
             case_file(number), quick_path(), more);
    *code = run(arguments, &out);
    json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, NULL);
    CHECK(root != NULL, "case %d %s: no JSON", number, more);
    free(out);
    return root;
}

/* Every word of `keys` is a key of the object. */
static void has(const json_t *object, const char *keys, const char *what)
{
    char copy[512], *rest = copy, *key;
    snprintf(copy, sizeof copy, "%s", keys);
    while ((key = strsep(&rest, " "))) CHECK(json_object_get(object, key) != NULL, "%s has no %s", what, key);
}

static void the_contract_of_plan(void)
{
    int code;
    json_t *root = plan_json(1, "", &code);
    CHECK(code == 0, "exit %d", code);
    has(root,
        "verdict reasons skin zones settings chosen sessions test_spots next_not_before eyewear plan_id "
        "inputs_sha256 rules",
        "the plan");
    CHECK_TEXT(json_string_value(json_object_get(root, "verdict")), "plan", "verdict");
    has(json_array_get(json_object_get(root, "reasons"), 0), "code class text", "a reason");
    has(json_object_get(root, "skin"), "type form_total form_subtotal ita_deg planned_as", "skin");
    has(json_array_get(json_object_get(root, "zones"), 0), "id area_cm2 spot_mm overlap pulses locked",
        "a zone");
    const json_t *setting = json_array_get(json_object_get(root, "settings"), 1);
    has(setting,
        "wavelength_nm pulse_ps spot_mm allowed reasons fluence_J_cm2 energy_mJ rate_Hz passes "
        "fluence_at_ink_ratio "
        "fluence_at_basal_ratio ink_margin epidermis_margin injury_probability effect_probability "
        "what_matters_most",
        "a setting");
    has(json_object_get(setting, "fluence_J_cm2"), "start low high", "fluence");
    has(json_object_get(setting, "ink_margin"), "median p05 p95", "a margin");
    has(json_object_get(root, "sessions"),
        "low likely high reasons kirby_desai goal_share reads per_session left", "sessions");
    has(json_array_get(json_object_get(json_object_get(root, "sessions"), "left"), 0),
        "after median p05 p95 goal_probability", "ink left");
    has(json_object_get(json_object_get(root, "sessions"), "kirby_desai"), "score low high", "Kirby-Desai");
    has(json_object_get(root, "test_spots"), "required grid read_not_before read_by", "test spots");
    has(json_object_get(json_object_get(root, "eyewear"), "1064"), "od en207 nohd_m", "eyewear");
    has(json_object_get(root, "rules"), "file version sha256", "rules");
    CHECK_TEXT(json_string_value(json_object_get(root, "next_not_before")), "2026-06-15", "next");
    json_decref(root);
    root = plan_json(1, "--variant v1", &code);
    CHECK(code == 1, "defer: exit %d", code);
    const json_t *reason = json_array_get(json_object_get(root, "reasons"), 0);
    CHECK_TEXT(json_string_value(json_object_get(reason, "until")), "2026-08-10", "until");
    CHECK_TEXT(json_string_value(json_object_get(reason, "class")), "defer", "class");
    json_decref(root);
}

/* Same case, device, rules, date and seed: same id and, whatever the threads, the same plan. */
static void the_same_on_one_thread_and_on_three(void)
{
    int code;
    json_t *a = plan_json(7, "--seed 11 --threads 1", &code),
           *b = plan_json(7, "--seed 11 --threads 3", &code), *c = plan_json(7, "--seed 12", &code);
    CHECK(json_equal(a, b), "the plan depends on the threads");
    CHECK(!json_equal(json_object_get(a, "plan_id"), json_object_get(c, "plan_id")),
          "another seed, the same id");
    json_decref(a);
    json_decref(b);
    json_decref(c);
}

static void exit_codes(void)
{
    // clang-format off
    static const struct { const char *what, *arguments; int code; } rows[] = {
        { "test first",        "plan %s/case-4.yaml --device example-pico",                       0 },
        { "refused",           "plan %s/case-6.yaml --device example-pico",                       1 },
        { "no case",           "plan --device example-pico",                                      2 },
        { "no device",         "plan %s/case-1.yaml",                                             2 },
        { "no such variant",   "plan %s/case-1.yaml --device example-pico --variant v7",          2 },
        { "no such day",       "plan %s/case-1.yaml --device example-pico --date 2026-02-30",     2 },
        { "no such device",    "plan %s/case-1.yaml --device example-nano",                       3 },
        { "no such file",      "plan %s/case-9.yaml --device example-pico",                       3 },
        { "rules expired",     "plan %s/case-1.yaml --device example-pico --date 2027-04-02",     3 },
        { "coverage",          "coverage --area-cm2 520 --spot-mm 4 --overlap 0.10",              0 },
        { "a comma",           "coverage --area-cm2 520,0 --spot-mm 4 --overlap 0.10",            2 },
        { "overlap missing",   "coverage --area-cm2 520 --spot-mm 4",                             2 },
        { "no such skin",      "estimate --skin VII --location head_neck --colour black_only --ink minimal --scarring none --layering none", 2 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char cases[600], arguments[800], *out;
        snprintf(cases, sizeof cases, "'%s/profiles/cases'", FL_SOURCE_DIR);
        const char *at = strstr(rows[i].arguments, "%s");
        if (at)
            snprintf(arguments, sizeof arguments, "%.*s%s%s --rules '%s'", (int)(at - rows[i].arguments),
                     rows[i].arguments, cases, at + 2, quick_path());
        else
            snprintf(arguments, sizeof arguments, "%s", rows[i].arguments);
        const int code = run(arguments, &out);
        CHECK(code == rows[i].code, "%s: exit %d, not %d", rows[i].what, code, rows[i].code);
        free(out);
    }
}

static void estimate_and_coverage_as_json(void)
{
    char *out;
    CHECK(run("estimate --skin II --location head_neck --colour black_only --ink minimal --scarring none "
              "--layering none --json",
              &out) == 0,
          "estimate");
    json_t *root = json_loads(out, 0, NULL);
    static const struct {
        const char *key;
        int value;
    } rows[] = {{"score", 6}, {"low", 4}, {"high", 9}, {"picosecond_adjusted", 5}};
    for (size_t i = 0; i < 4; i++)
        CHECK(json_integer_value(json_object_get(root, rows[i].key)) == rows[i].value, "%s", rows[i].key);
    json_decref(root);
    free(out);
    CHECK(run("coverage --area-cm2 95 --spot-mm 3 --overlap 0.2 --json", &out) == 0, "coverage");
    root = json_loads(out, 0, NULL);
    CHECK(json_integer_value(json_object_get(root, "pulses")) == 1904, "pulses");
    CHECK_REL(json_real_value(json_object_get(root, "spots_per_cm2")), 20.04691, 1e-5, "spots per cm2");
    CHECK_REL(json_real_value(json_object_get(root, "dose_factor")), 1.41703, 1e-5, "dose factor");
    json_decref(root);
    free(out);
}

/* A number from memory is used once a person has read it off the label, and the plan says so; before, nothing
 * that rests on it is planned, and the reason that bars stands first. */
static void numbers_from_memory_need_a_person(void)
{
    static const char *const devices[] = {"picosure", "picoway", "enlighten-iii", "discovery-pico"};
    char home[600], arguments[800], *out;
    quick_path();
    snprintf(home, sizeof home, "%s/tests/home-%ld", FL_BUILD_DIR, (long)getpid());
    setenv("FADELINE_HOME", home, 1);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        snprintf(arguments, sizeof arguments, "plan '%s' --device %s --rules '%s' --json", case_file(1),
                 devices[i], quick_path());
        CHECK(run(arguments, &out) == 1, "%s was planned with", devices[i]);
        json_t *root = json_loads(out, 0, NULL);
        size_t at;
        json_t *setting;
        json_array_foreach(json_object_get(root, "settings"), at, setting)
        {
            const json_t *first = json_array_get(json_object_get(setting, "reasons"), 0);
            CHECK(json_is_false(json_object_get(setting, "allowed")), "%s: setting %zu is allowed",
                  devices[i], at);
            CHECK_TEXT(json_string_value(json_object_get(first, "class")), "refuse", devices[i]);
        }
        json_decref(root);
        free(out);
    }
    CHECK(run_with("493027", "people add op:17 --role operator --until 2035-01-01", &out) == 0, "a person");
    free(out);
    CHECK(run("devices confirm picoway --head yag-1064 --key energy_max_mJ --value 400 --person op:17 "
              "--document photo-12",
              &out) == 1,
          "confirmed by nobody in particular");
    free(out);
    CHECK(run_with("493027",
                   "devices confirm picoway --head yag-1064 --key energy_max_mJ --value 400 --person op:17 "
                   "--document photo-12",
                   &out) == 0,
          "not confirmed");
    free(out);
    CHECK(run_with("493027",
                   "devices confirm picoway --head yag-1064 --key beam_shape --value top-hat --person op:17 "
                   "--document photo-12",
                   &out) == 0,
          "not confirmed");
    free(out);
    snprintf(arguments, sizeof arguments, "plan '%s' --device picoway --rules '%s'", case_file(1),
             quick_path());
    CHECK(run(arguments, &out) == 0, "a confirmed head is not planned with");
    CHECK(strstr(out, "numbers from memory") && strstr(out, "op:17") && strstr(out, "photo-12"),
          "it does not say so");
    free(out);
    snprintf(arguments, sizeof arguments, "%s/tests/no-home", FL_BUILD_DIR);
    setenv("FADELINE_HOME", arguments, 1);
}

/* The page for people: the verdict is the first line, and a simulated laser is called one. */
static void the_page(void)
{
    char arguments[800], *out;
    snprintf(arguments, sizeof arguments, "plan '%s' --device example-pico --rules '%s'", case_file(2),
             quick_path());
    CHECK(run(arguments, &out) == 1, "defer leaves with 1");
    CHECK(strncmp(out, "DEFER\n", 6) == 0, "first line: %.20s", out);
    static const char *const words[] = {"SIMULATED",
                                        "2026-05-15",
                                        "Tanned skin takes the light meant for ink",
                                        "V-VI",
                                        "31",
                                        "25",
                                        "LOCKED",
                                        "Next, not before 2026-05-15",
                                        "most likely",
                                        "J/cm2",
                                        "OD "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        CHECK(strstr(out, words[i]), "the page lacks '%s'", words[i]);
    static const char *const never[] = {"patient", "erase", "guarantee", "painless"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        CHECK(!strstr(out, never[i]), "the page says '%s'", never[i]);
    free(out);
}

FL_TESTS("course/command", TEST(the_contract_of_plan), TEST(the_same_on_one_thread_and_on_three),
         TEST(exit_codes), TEST(estimate_and_coverage_as_json), TEST(numbers_from_memory_need_a_person),
         TEST(the_page))
