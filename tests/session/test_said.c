/* labels: unit   timeout: 120 */
/* What people say at the end, and near misses: the words, what is no word, and what a driven session does
 * with them. */
#include "check.h"

#include "helper_world.h"

#include "fadeline/session/said.h"

#include "fadeline/base/text.h"

#define NO(about, said)                                                                                      \
    {                                                                                                        \
        about, said, NULL, NULL, 0                                                                           \
    }

static const struct {
    const char *about, *said, *key, *text; /* key NULL: refused */
    int score;
} rows[] = {
    {"pain", "0", "score", "", 0},
    {"pain", "10", "score", "", 10},
    {"pain", "7", "score", "", 7},
    NO("pain", "11"),
    NO("pain", "-1"),
    NO("pain", "3 "),
    NO("pain", "3 4"),
    NO("pain", "03"),
    NO("pain", ""),
    NO("pain", "much"),
    {"reaction", "none", "seen", "none", 0},
    {"reaction", "oedema  erythema", "seen", "erythema oedema", 0},
    {"reaction", "frosting", "seen", "frosting", 0},
    NO("reaction", "none erythema"),
    NO("reaction", "erythema erythema"),
    NO("reaction", "eryth"),
    NO("reaction", "erythemas"),
    NO("reaction", "Erythema"),
    NO("reaction", "Mrs Keller had a blister"),
    NO("reaction", ""),
    NO("reaction", "   "),
    {"cooling", "air gel", "seen", "air gel", 0},
    NO("cooling", "cryogen"),
    {"anaesthetic", "lidocaine-prilocaine", "seen", "lidocaine-prilocaine", 0},
    NO("anaesthetic", "lidocaine prilocaine"),
    {"aftercare", "smp-4", "version", "smp-4", 0},
    {"aftercare", "2026.5_fr", "version", "2026.5_fr", 0},
    NO("aftercare", "Anna"),
    NO("aftercare", "smp 4"),
    NO("aftercare", "smp-4\xc3\xa9"),
    NO("aftercare", "smp-4567890123456789012345"),
    NO("aftercare", ""),
    {"photos", "15-min 0-min", "seen", "0-min 15-min", 0},
    NO("photos", "5-min"),
    NO("mood", "good"),
    NO("", "3"),
    NO("Pain", "3"),
};

static void only_the_words_of_the_table(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_said said = {0};
        fl_error error = {0};
        const fl_status status = fl_said_read(rows[i].about, rows[i].said, &said, &error);
        if (!rows[i].key) {
            CHECK(status == FL_E_NO && fl_text_same(error.code, "note-unknown") && error.hint[0],
                  "%s '%s': taken", rows[i].about, rows[i].said);
            continue;
        }
        CHECK(status == FL_OK && fl_text_same(said.key, rows[i].key) &&
                  fl_text_same(said.text, rows[i].text) && said.score == rows[i].score,
              "%s '%s': %d %s '%s' %d", rows[i].about, rows[i].said, status, said.key ? said.key : "-",
              said.text, said.score);
    }
}

/* Every word of the table can be said alone, all but none together, and each is a text the journal takes. */
static void every_word_can_be_said(void)
{
    static fl_entry entry;
    const char *words;
    for (size_t i = 0; fl_said_about(i, &words); i++) {
        char copy[200], all[200] = "", *rest = copy;
        fl_said said;
        fl_error error = {0};
        snprintf(copy, sizeof copy, "%s", words);
        for (const char *word; *copy && (word = strsep(&rest, " "));) {
            CHECK(fl_said_read(fl_said_about(i, NULL), word, &said, &error) == FL_OK, "%s: %s", word,
                  error.what);
            fl_entry_begin(&entry, FL_KIND_NOTE);
            fl_said_put(&said, &entry);
            CHECK(fl_entry_status(&entry) == FL_OK, "%s", word);
            if (!fl_text_same(word, "none") && fl_text_same(said.key, "seen"))
                snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", word);
        }
        if (*all)
            CHECK(fl_said_read(fl_said_about(i, NULL), all, &said, &error) == FL_OK, "%s: %s", all,
                  error.what);
    }
}

static void a_near_miss_is_one_of_four(void)
{
    static const struct {
        const char *said, *is;
    } four[] = {{"1", "wrong spot"},
                {"4", "other"},
                {"wrong-spot", "wrong spot"},
                {"wrong spot", "wrong spot"},
                {"eyewear", "eyewear"},
                {"zone", "zone"},
                {"0", NULL},
                {"5", NULL},
                {"12", NULL},
                {"", NULL},
                {"door", NULL}};
    for (size_t i = 0; i < sizeof four / sizeof *four; i++) {
        const char *is = fl_near_miss_find(four[i].said);
        CHECK(four[i].is ? fl_text_same(is, four[i].is) : !is, "'%s': %s", four[i].said, is ? is : "-");
    }
}

/* ---- in a driven session ---- */

static world w;

static void it_belongs_to_a_session(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_run(&w, 100);
    CHECK(!world_note(&w, "pain", "3") && fl_text_same(w.code, "not-signed-in"), "nobody: %s", w.code);
    CHECK(!world_order(&w, FL_DO_NEAR_MISS, "zone", -1) && fl_text_same(w.code, "not-signed-in"), "%s",
          w.code);
    world_prove(&w);
    world_until(&w, FL_MODE_STANDBY, 3000);
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    world_run(&w, 100);
    CHECK(world_note(&w, "pain", "3") && world_note(&w, "reaction", "oedema erythema"), "%s: %s", w.code,
          w.text);
    CHECK(!world_note(&w, "reaction", "as Mr Keller said") && fl_text_same(w.code, "note-unknown"), "%s",
          w.code);
    CHECK(world_note(&w, "pain", "5"), "a correction is said again");
    world_order(&w, FL_DO_END, "", -1);
    world_run(&w, 2000);
    world_kill(&w);
    CHECK(world_count(&w, "note", "score", "3") == 1 && world_count(&w, "note", "score", "5") == 1,
          "both stay");
    CHECK(world_entries(&w, "note", "seen", "erythema oedema") == 1, "reaction");
    CHECK(world_entries(&w, "note", "code", "note-unknown") == 1,
          "the refusal is a record, without what was said");
    uint64_t pulses, counter;
    bool outstanding;
    CHECK(world_verify(&w, &pulses, &counter, &outstanding), "verifies");
    world_close(&w);
}

static void a_near_miss_stands_down_and_keeps_the_counter(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    world_foot(&w, true);
    world_run(&w, 700);
    world_foot(&w, false);
    world_run(&w, 300);
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)world_pulses(&w));
    CHECK(world_pulses(&w) > 0 && world_mode(&w) == FL_MODE_READY, "fired");
    CHECK(!world_order(&w, FL_DO_NEAR_MISS, "door", -1) && world_mode(&w) == FL_MODE_READY,
          "what is none of the four changes nothing: %s", w.code);
    CHECK(world_order(&w, FL_DO_NEAR_MISS, "wrong spot", -1), "%s", w.text);
    CHECK(world_mode(&w) == FL_MODE_STANDBY, "stands down: %s", fl_mode_word(world_mode(&w)));
    world_kill(&w);
    CHECK(world_entries(&w, "near-miss", "what", "wrong spot") == 1 &&
              world_entries(&w, "near-miss", "zone", "F-L") == 1 &&
              world_count(&w, "near-miss", "ctr", digits) == 1 &&
              world_count(&w, "near-miss", "sid", "1") == 1,
          "what, zone, counter %s and session", digits);
    world_close(&w);
}

/* In the calibration port there is nobody to feel pain, but eyewear can be left off. */
static void in_a_check_there_is_no_client(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_kill(&w);
    world_calibrate(&w, "alex-755", 200000, 3);
    world_start(&w);
    world_run(&w, 100);
    world_prove(&w);
    world_until(&w, FL_MODE_STANDBY, 3000);
    CHECK(world_sign_in(&w, "op:17"), "sign-in: %s", w.text);
    CHECK(!world_note(&w, "pain", "3") && fl_text_same(w.code, "calibration-only"), "%s", w.code);
    CHECK(world_order(&w, FL_DO_NEAR_MISS, "eyewear", -1), "%s: %s", w.code, w.text);
    world_kill(&w);
    CHECK(world_entries(&w, "near-miss", "what", "eyewear") == 1 &&
              world_entries(&w, "near-miss", "pat", "C-0001") == 0,
          "of nobody");
    world_close(&w);
}

FL_TESTS("session/said", TEST(only_the_words_of_the_table), TEST(every_word_can_be_said),
         TEST(a_near_miss_is_one_of_four), TEST(it_belongs_to_a_session),
         TEST(a_near_miss_stands_down_and_keeps_the_counter), TEST(in_a_check_there_is_no_client))
