/* labels: unit fault   timeout: 300 */
/* A plan comes back as it went out, and nothing else comes back at all. */
#include "check.h"
#include "helper_course.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"

#include <jansson.h>
#include <unistd.h>

static fl_plan *refused(const char *text, size_t size, fl_error *error)
{
    static fl_plan plan;
    memset(&plan, 0x5a, sizeof plan);
    const fl_plan before = plan;
    if (fl_plan_read_text(text, size, &plan, error) == FL_OK) return &plan;
    CHECK(memcmp(&plan, &before, sizeof plan) == 0, "a refused plan was written into");
    return NULL;
}

static void all_verdicts_come_back(void)
{
    static const struct {
        int number;
        const char *variant;
    } rows[] = {{1, NULL}, {2, NULL}, {4, "read"}, {5, NULL}, {7, "v1"}, {8, NULL}};
    fl_plan *back = fl_plan_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_plan *plan = plan_case(rows[i].number, rows[i].variant, NULL);
        fl_error error;
        const char *path = FL_BUILD_DIR "/tests/plan-round-trip.json";
        CHECK(fl_plan_write_json(plan, path, &error) == FL_OK, "case %d: not written", rows[i].number);
        CHECK(fl_plan_read_json(path, back, &error) == FL_OK, "case %d: %s", rows[i].number, error.what);
        CHECK(memcmp(back->hash, plan->hash, sizeof plan->hash) == 0, "case %d: another hash",
              rows[i].number);
        char *a = fl_plan_canonical(plan), *b = fl_plan_canonical(back);
        CHECK(strcmp(a, b) == 0, "case %d: other content", rows[i].number);
        CHECK(back->verdict == plan->verdict && back->chosen == plan->chosen &&
                  back->zone_count == plan->zone_count,
              "case %d: other answer", rows[i].number);
        if (plan->chosen >= 0) {
            const fl_plan_setting *x = &plan->settings[plan->chosen], *y = &back->settings[plan->chosen];
            CHECK(fl_whole_uJ(x->energy) == fl_whole_uJ(y->energy) &&
                      fl_whole_um(x->spot) == fl_whole_um(y->spot) &&
                      fl_whole_nm(x->wavelength) == fl_whole_nm(y->wavelength) &&
                      fl_whole_mHz(x->rate) == fl_whole_mHz(y->rate),
                  "case %d: the laser would be set otherwise", rows[i].number);
        }
        free(a);
        free(b);
        fl_plan_free(plan);
        unlink(path);
    }
    fl_plan_free(back);
}

/* What matters most stands where physics stands, the largest share first, and nowhere else; a plan that says
 * no names it for nothing it closed. */
static void what_matters_most_is_written_and_read(void)
{
    static const int numbers[] = {1, 4, 5, 6};
    fl_plan *back = fl_plan_new();
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        fl_plan *plan = plan_case(numbers[n], NULL, NULL);
        char *text = fl_plan_json(plan);
        json_t *root = json_loads(text, 0, NULL);
        CHECK(fl_plan_read_text(text, strlen(text), back, NULL) == FL_OK, "case %d", numbers[n]);
        for (size_t i = 0; i < plan->setting_count; i++) {
            const fl_plan_setting *s = &plan->settings[i], *b = &back->settings[i];
            const json_t *key =
                json_object_get(json_array_get(json_object_get(root, "settings"), i), "what_matters_most");
            CHECK(json_is_null(key) == !s->has_physics, "case %d, setting %zu", numbers[n], i);
            CHECK(s->has_physics || (!s->ink_input_count && !s->skin_input_count),
                  "case %d, setting %zu keeps", numbers[n], i);
            CHECK(b->ink_input_count == s->ink_input_count && b->skin_input_count == s->skin_input_count,
                  "case %d, setting %zu: lost", numbers[n], i);
            CHECK(json_array_size(json_object_get(key, "ink")) == s->ink_input_count &&
                      json_array_size(json_object_get(key, "skin")) == s->skin_input_count,
                  "case %d, setting %zu: other lists", numbers[n], i);
            for (size_t k = 0; k < s->skin_input_count; k++) {
                CHECK_TEXT(b->skin_inputs[k].input, s->skin_inputs[k].input, "name");
                CHECK(s->skin_inputs[k].input[0] && s->skin_inputs[k].share > 0.0 &&
                          (k == 0 || s->skin_inputs[k].share <= s->skin_inputs[k - 1].share),
                      "case %d, setting %zu: input %zu", numbers[n], i, k);
            }
        }
        if (numbers[n] == 1)
            CHECK(plan->settings[plan->chosen].ink_input_count == FL_PLAN_INPUTS, "the chosen one has %zu",
                  plan->settings[plan->chosen].ink_input_count);
        json_decref(root);
        free(text);
        fl_plan_free(plan);
    }
    fl_plan_free(back);
}

/* One byte of a sealed plan at a time: nothing but white space may change without being noticed. */
/* hazards: H33 */
static void any_changed_byte_is_refused(void)
{
    fl_plan *plan = plan_case(1, NULL, NULL);
    char *text = fl_plan_json(plan);
    const size_t size = strlen(text);
    size_t tried = 0, taken = 0;
    for (size_t at = 0; at < size; at += 7) {
        if (text[at] == ' ' || text[at] == '\n') continue;
        const char kept = text[at];
        /* 4.0 and 4e0 are one number, so a point becomes a digit. */
        text[at] = kept >= '0' && kept < '9' ? (char)(kept + 1)
                   : kept == 'e'             ? 'f'
                   : kept == '{'             ? '['
                   : kept == '.'             ? '7'
                                             : 'e';
        fl_error error;
        tried++;
        if (refused(text, size, &error)) {
            taken++;
            fprintf(stderr, "taken at %zu: %.40s\n", at, text + at);
        }
        text[at] = kept;
    }
    CHECK(tried > 500 && taken == 0, "%zu of %zu changed plans were taken", taken, tried);
    for (size_t cut = 0; cut < size; cut += 997) CHECK(!refused(text, cut, NULL), "cut after %zu bytes", cut);
    free(text);
    fl_plan_free(plan);
}

/* Seals an edited object as a careful forger would: the digest fits, and only sense can refuse it. */
static char *reseal(json_t *root)
{
    json_object_del(root, "plan_sha256");
    char *canonical = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
    uint8_t digest[FL_SHA256_SIZE];
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_sha256(canonical, strlen(canonical), digest);
    free(canonical);
    json_object_set_new(root, "plan_sha256", json_string(fl_hex(digest, sizeof digest, hex)));
    return json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
}

static json_t *plan_root(int number, const char *variant)
{
    fl_plan *plan = plan_case(number, variant, NULL);
    char *text = fl_plan_json(plan);
    json_t *root = json_loads(text, 0, NULL);
    free(text);
    fl_plan_free(plan);
    return root;
}

static void a_missing_or_unknown_key_is_refused_though_sealed(void)
{
    json_t *root = plan_root(1, NULL);
    const char *key;
    json_t *value;
    size_t keys = 0;
    char *names[64];
    json_object_foreach(root, key, value) names[keys++] = strdup(key);
    CHECK(keys == 19, "a plan has %zu keys", keys);
    for (size_t i = 0; i < keys; i++) {
        json_t *less = json_deep_copy(root);
        json_object_del(less, names[i]);
        const bool digest = strcmp(names[i], "plan_sha256") == 0;
        char *text = digest ? json_dumps(less, 0) : reseal(less);
        CHECK(!refused(text, strlen(text), NULL), "without %s", names[i]);
        free(text);
        json_decref(less);
        free(names[i]);
    }
    json_t *setting = json_array_get(json_object_get(root, "settings"), 0);
    json_object_set_new(setting, "fluence_peak_J_cm2", json_real(1.0));
    char *text = reseal(root);
    CHECK(!refused(text, strlen(text), NULL), "an unknown key");
    free(text);
    json_decref(root);
}

static void set_path(json_t *root, const char *list, int index, const char *key, json_t *value)
{
    json_t *target = list ? json_array_get(json_object_get(root, list), (size_t)index) : root;
    json_object_set_new(target, key, value);
}

/* Edits that fit every table and carry a right digest; each would let the laser do what no plan said. */
/* hazards: H40 */
static void what_makes_no_sense_is_refused_though_sealed(void)
{
    for (int edit_ = 0; edit_ < 12; edit_++) {
        json_t *root = plan_root(1, NULL);
        const char *what = "untouched";
        switch (edit_) {
        case 0: break;
        case 1:
            what = "energy without its fluence", set_path(root, "settings", 1, "energy_mJ", json_real(250.5));
            break;
        case 2: what = "a barred setting chosen", set_path(root, NULL, 0, "chosen", json_integer(8)); break;
        case 3:
            what = "a setting that is not there", set_path(root, NULL, 0, "chosen", json_integer(30));
            break;
        case 4: what = "plan without a choice", set_path(root, NULL, 0, "chosen", json_null()); break;
        case 5: what = "a negative count", set_path(root, "zones", 0, "pulses", json_integer(-1)); break;
        case 6: what = "a verdict of its own", set_path(root, NULL, 0, "verdict", json_string("go")); break;
        case 7:
            what = "allowed without fluence", set_path(root, "settings", 8, "allowed", json_true());
            break;
        case 8: what = "a zone twice", set_path(root, "zones", 1, "id", json_string("F-L")); break;
        case 9:
            what = "a whole number as text", set_path(root, "zones", 0, "pulses", json_string("356"));
            break;
        case 10:
            what = "a day that does not exist", set_path(root, NULL, 0, "date", json_string("2026-02-29"));
            break;
        case 11: what = "another schema", set_path(root, NULL, 0, "schema", json_string("plan/2")); break;
        }
        char *text = reseal(root);
        fl_error error;
        const bool taken = refused(text, strlen(text), &error) != NULL;
        CHECK(taken == (edit_ == 0), "%s: %s", what, taken ? "taken" : error.what);
        free(text);
        json_decref(root);
    }
}

/* The seal is outside the digest: it may be there or not, but what is there is a seal. */
static void a_seal_is_64_digits_or_absent(void)
{
    static const struct {
        const char *seal;
        bool good;
    } rows[] = {
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde", false},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg", false},
        {"", false},
        {NULL, false}, /* the key with null */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *root = plan_root(1, NULL);
        json_object_set_new(root, "plan_seal", rows[i].seal ? json_string(rows[i].seal) : json_null());
        char *text = json_dumps(root, JSON_REAL_PRECISION(12));
        const fl_plan *plan = refused(text, strlen(text), NULL);
        CHECK((plan != NULL) == rows[i].good, "seal %zu", i);
        CHECK(!plan || (plan->has_seal && plan->seal[1] == 0x23), "seal %zu is not what was written", i);
        free(text);
        json_decref(root);
    }
}

static void garbage_is_refused(void)
{
    static const char *const rows[] = {"",
                                       "{",
                                       "[]",
                                       "null",
                                       "{}",
                                       "{\"schema\":\"plan/1\"}",
                                       "\xff\xfe",
                                       "{\"schema\":1}",
                                       "{\"schema\":\"plan/1\",\"schema\":\"plan/1\"}"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_error error;
        CHECK(!refused(rows[i], strlen(rows[i]), &error), "row %zu was taken", i);
        CHECK(error.status == FL_E_FILE && error.hint[0], "row %zu: no hint", i);
    }
    fl_error error;
    fl_plan *plan = fl_plan_new();
    CHECK(fl_plan_read_json(FL_BUILD_DIR "/no-such-plan.json", plan, &error) != FL_OK,
          "a file that is not there");
    fl_plan_free(plan);
}

/* Reasons keep their order: heavier first, and among equals as they came. */
static void reasons_stand_by_weight(void)
{
    fl_plan *plan = fl_plan_new();
    fl_plan_say(plan, FL_RANK_INFO, "a", "a");
    fl_plan_say(plan, FL_RANK_REFUSE, "b", "b");
    fl_plan_say(plan, FL_RANK_CAUTION, "c", "c");
    fl_plan_say(plan, FL_RANK_REFUSE, "d", "d");
    fl_plan_say(plan, FL_RANK_INFO, "e", "%0500d", 7); /* too long: cut, never overrun */
    const char *const order[] = {"b", "d", "c", "a", "e"};
    for (int i = 0; i < 5; i++) CHECK_TEXT(plan->reasons[i].code, order[i], "order");
    CHECK(strlen(plan->reasons[4].text) == FL_PLAN_LINE - 1, "a long reason is cut at %zu",
          strlen(plan->reasons[4].text));
    fl_plan_free(plan);
}

FL_TESTS("course/plan_json", TEST(a_seal_is_64_digits_or_absent), TEST(all_verdicts_come_back),
         TEST(what_matters_most_is_written_and_read), TEST(any_changed_byte_is_refused),
         TEST(a_missing_or_unknown_key_is_refused_though_sealed),
         TEST(what_makes_no_sense_is_refused_though_sealed), TEST(garbage_is_refused),
         TEST(reasons_stand_by_weight))
