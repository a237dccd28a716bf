/* labels: unit physics   timeout: 120 */
/* Colours that were measured or named, and the inks they may be. Known answers, and the trends that have to
 * hold whatever the estimates are. */
#include "check.h"
#include "helper_request.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/planner/ink_guess.h"

#include <sys/stat.h>
#include <unistd.h>

static fl_ink_view view_of(const fl_planner_library *library, const char *site, const char *geometry,
                           int type)
{
    return (fl_ink_view){library, type, fl_planner_site_find(library, site),
                         fl_planner_geometry_find(library, geometry), FL_INK_ANY};
}

static double chance_of(const fl_ink_guess *guess, const char *id)
{
    for (size_t i = 0; i < guess->count; i++)
        if (guess->list[i].ink && strcmp(guess->list[i].ink->id, id) == 0) return guess->list[i].probability;
    return 0.0;
}

static size_t place_of(const fl_ink_guess *guess, const char *id)
{
    for (size_t i = 0; i < guess->count; i++)
        if (guess->list[i].ink && strcmp(guess->list[i].ink->id, id) == 0) return i;
    return guess->count;
}

static void check_sound(const fl_ink_guess *guess, const char *what)
{
    double sum = 0.0;
    for (size_t i = 0; i < guess->count; i++) {
        sum += guess->list[i].probability;
        CHECK(guess->list[i].probability >= 0.0 && guess->list[i].ratio >= 0.0, "%s: row %zu", what, i);
        CHECK(i == 0 || guess->list[i].probability <= guess->list[i - 1].probability, "%s: not sorted", what);
    }
    CHECK_NEAR(sum, 1.0, 1e-12, what);
}

/* A meter's values: ours for carbon are those of no client; the brow is what photographs of such brows show.
 */
static void what_was_measured(void)
{
    // clang-format off
    static const struct { const char *what, *site, *geometry; int type; fl_lab ink, skin; const char *id; double least, most; } rows[] = {
        { "a dark dot, skin beside it",  "scalp-male", "smp", 2, { 42, 1, 0 },    { 64, 10, 14 }, "carbon-black", 0.80, 1.00 },
        { "the same without the skin",   "scalp-male", "smp", 2, { 42, 1, 0 },    { NAN, NAN, NAN }, "carbon-black", 0.60, 1.00 },
        { "the mean over dots",          "scalp-male", "smp", 3, { 53, 8, 10 },   { 58, 10, 14 }, "carbon-black", 0.60, 1.00 },
        { "a blue-grey brow",            "eyebrow", "pmu", 3, { 38, 0, -1 },      { 58, 12, 15 }, "carbon-black", 0.25, 0.90 },
        { "a green tattoo",              "body", "tattoo", 2, { 42, -16, 2 },     { 65, 9, 13 },  "green-organic", 0.40, 1.00 },
        { "pink lips",                   "lip", "pmu", 2, { 46, 33, 4 },          { 50, 22, 12 }, "lip-pink-organic", 0.25, 1.00 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_ink_view view = view_of(test_library(), rows[i].site, rows[i].geometry, rows[i].type);
        fl_ink_guess guess;
        fl_error error = {0};
        CHECK(fl_ink_guess_lab(&view, rows[i].ink, rows[i].skin, &guess, &error) == FL_OK, "%s: %s",
              rows[i].what, error.what);
        check_sound(&guess, rows[i].what);
        const double chance = chance_of(&guess, rows[i].id);
        CHECK(chance >= rows[i].least && chance <= rows[i].most, "%s: %s has %.3f; first is %s with %.3f",
              rows[i].what, rows[i].id, chance, guess.list[0].ink ? guess.list[0].ink->id : "other",
              guess.list[0].probability);
    }
}

static void an_orange_brow_is_iron_oxide(void)
{
    const fl_ink_view view = view_of(test_library(), "eyebrow", "pmu", 3);
    fl_ink_guess guess;
    CHECK(fl_ink_guess_word(&view, FL_COLOUR_ORANGE, &guess, NULL) == FL_OK, "orange");
    CHECK(fl_ink_guess_best(&guess)->ink &&
              strcmp(fl_ink_guess_best(&guess)->ink->id, "iron-oxide-orange") == 0,
          "first is %s", fl_ink_guess_best(&guess)->ink->id);
    CHECK(fl_ink_guess_may_darken(&guess), "iron oxide darkens");
    double iron = 0.0;
    for (size_t i = 0; i < guess.count; i++)
        if (guess.list[i].ink && fl_ink_family_of(guess.list[i].ink) == FL_INK_IRON)
            iron += guess.list[i].probability;
    CHECK(iron > 0.4, "iron oxides together %.3f", iron);
    /* and a colour never names an ink for sure */
    CHECK(fl_ink_guess_best(&guess)->probability < 0.8, "too sure");
}

static void a_colour_far_from_all_is_other(void)
{
    static const fl_lab far[] = {{45, 80, -90}, {90, -90, 90}, {5, 60, 60}, {99, 0, -60}};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        const fl_ink_view view = view_of(test_library(), "scalp-male", "smp", 2);
        fl_ink_guess guess;
        CHECK(fl_ink_guess_lab(&view, far[i], FL_INK_NO_LAB, &guess, NULL) == FL_OK, "far %zu", i);
        check_sound(&guess, "far");
        CHECK(!guess.list[0].ink && guess.other > 0.95, "far %zu: other has %.3f", i, guess.other);
        CHECK(fl_ink_guess_best(&guess)->ink != NULL, "the best class is an ink all the same");
        CHECK(fl_ink_guess_may_darken(&guess), "unknown reads as bad");
    }
}

static void each_word_gives_a_class_and_a_sum_of_one(void)
{
    static const char *const places[][2] = {
        {"scalp-male", "smp"}, {"eyebrow", "pmu"}, {"lip", "pmu"}, {"body", "tattoo"}};
    for (const fl_yaml_choice *word = fl_ink_word_choices; word->word; word++)
        for (int p = 0; p < 4; p++)
            for (int type = 1; type <= 6; type += 2) {
                const fl_ink_view view = view_of(test_library(), places[p][0], places[p][1], type);
                fl_ink_guess guess;
                CHECK(fl_ink_guess_word(&view, (fl_colour)word->value, &guess, NULL) == FL_OK, "%s",
                      word->word);
                check_sound(&guess, word->word);
                CHECK(fl_ink_guess_best(&guess)->ink->known == FL_YES, "%s names a guess", word->word);
                CHECK(fl_ink_guess_best(&guess)->probability > 0.02, "%s on %s: no class", word->word,
                      places[p][0]);
            }
}

/* What a word should raise: its own inks over what they had before anybody looked. */
static void a_word_raises_its_own_inks(void)
{
    // clang-format off
    static const struct { fl_colour word; const char *id; } rows[] = {
        { FL_COLOUR_BLACK, "carbon-black" }, { FL_COLOUR_BROWN, "iron-oxide-brown" }, { FL_COLOUR_RED, "red-organic" },
        { FL_COLOUR_ORANGE, "iron-oxide-orange" }, { FL_COLOUR_YELLOW, "yellow-organic" }, { FL_COLOUR_PINK, "lip-pink-organic" },
        { FL_COLOUR_BLUE, "blue-organic" }, { FL_COLOUR_GREEN, "green-organic" }, { FL_COLOUR_PURPLE, "violet-organic" },
        { FL_COLOUR_WHITE, "white" }, { FL_COLOUR_TAN, "flesh-tone" },
    };
    // clang-format on
    const fl_ink_view view = view_of(test_library(), "body", "tattoo", 2);
    fl_ink_guess before, guess;
    CHECK(fl_ink_guess_words(&view, 0, &before, NULL) == FL_OK, "nothing seen");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(fl_ink_guess_word(&view, rows[i].word, &guess, NULL) == FL_OK, "%s", rows[i].id);
        CHECK(chance_of(&guess, rows[i].id) > 1.2 * chance_of(&before, rows[i].id),
              "%s: %.3f after, %.3f before", rows[i].id, chance_of(&guess, rows[i].id),
              chance_of(&before, rows[i].id));
    }
}

/* Each ink's own predicted colour, with habits of the place taken out (density ratio): its class is among the
 * best. */
static void a_predicted_colour_finds_its_ink(void)
{
    const fl_ink_view view = view_of(test_library(), "body", "tattoo", 2);
    const fl_planner_ink *ink;
    for (size_t i = 0; (ink = fl_planner_ink_row(test_library(), i)); i++) {
        if (ink->known != FL_YES || strcmp(ink->id, "carbon-smp") == 0)
            continue; /* its recipe is carbon-black's */
        fl_ink_look look;
        fl_ink_guess guess;
        CHECK(fl_ink_look_of(&view, ink, &look, NULL) == FL_OK &&
                  fl_ink_guess_lab(&view, look.ink, look.skin, &guess, NULL) == FL_OK,
              "%s", ink->id);
        double best = 0.0, own = 0.0;
        for (size_t k = 0; k < guess.count; k++) {
            best = fmax(best, guess.list[k].ratio);
            if (guess.list[k].ink == ink) own = guess.list[k].ratio;
        }
        CHECK(own > best / 3.0, "%s explains its own colour %.1f, the best %.1f", ink->id, own, best);
        CHECK(own > 10.0, "%s: its own colour is no better than any (%.2f)", ink->id, own);
    }
}

static void the_order_of_the_library_decides_nothing(void)
{
    char path[FL_PLACE_MAX], home[] = "/tmp/fl-inks-XXXXXX", *bytes, turned[65536] = "";
    size_t size;
    CHECK(fl_place_read(FL_SOURCE_DIR "/profiles/inks.yaml", 1 << 20, &bytes, &size, NULL) == FL_OK,
          "inks.yaml");
    char *inks = strstr(bytes, "\ninks:\n");
    CHECK(inks && mkdtemp(home), "a folder");
    if (!inks) return;
    const char *starts[64];
    size_t count = 0;
    for (const char *at = inks; (at = strstr(at, "\n  - id:")) && count < 64; at++) starts[count++] = at + 1;
    fl_text text = fl_text_in(turned, sizeof turned);
    fl_text_add(&text, "%.*s", (int)(starts[0] - bytes), bytes);
    for (size_t i = count; i-- > 0;) {
        const char *end = i + 1 < count ? starts[i + 1] : bytes + size;
        fl_text_add(&text, "%.*s", (int)(end - starts[i]), starts[i]);
    }
    free(bytes);
    snprintf(path, sizeof path, "%s/profiles", home);
    CHECK(!text.cut && mkdir(path, 0700) == 0, "profiles");
    snprintf(path, sizeof path, "%s/profiles/inks.yaml", home);
    CHECK(fl_place_write(path, turned, text.length, 0600, NULL) == FL_OK, "write");
    const char *was = getenv("FADELINE_HOME");
    char kept[FL_PLACE_MAX] = "";
    snprintf(kept, sizeof kept, "%s", was ? was : "");
    setenv("FADELINE_HOME", home, 1);
    fl_planner_library *other;
    fl_error error = {0};
    CHECK(fl_planner_library_load(&other, &error) == FL_OK, "%s", error.what);
    if (was)
        setenv("FADELINE_HOME", kept, 1);
    else
        unsetenv("FADELINE_HOME");
    CHECK(strcmp(fl_planner_ink_row(other, 0)->id, "unknown-red") == 0, "it is turned round");

    const fl_ink_view a = view_of(test_library(), "eyebrow", "pmu", 3),
                      b = view_of(other, "eyebrow", "pmu", 3);
    fl_ink_guess one, two;
    CHECK(fl_ink_guess_lab(&a, (fl_lab){47, 13, 12}, FL_INK_NO_LAB, &one, NULL) == FL_OK &&
              fl_ink_guess_lab(&b, (fl_lab){47, 13, 12}, FL_INK_NO_LAB, &two, NULL) == FL_OK,
          "both");
    CHECK(one.count == two.count, "%zu and %zu classes", one.count, two.count);
    for (size_t i = 0; i < one.count && i < two.count; i++) {
        CHECK((!one.list[i].ink && !two.list[i].ink) || strcmp(one.list[i].ink->id, two.list[i].ink->id) == 0,
              "row %zu is another ink", i);
        CHECK(one.list[i].probability == two.list[i].probability, "row %zu: not to the bit", i);
    }
    fl_planner_library_free(other);
    unlink(path);
    snprintf(path, sizeof path, "%s/profiles", home);
    rmdir(path);
    rmdir(home);
}

static void nonsense_is_refused(void)
{
    static const fl_lab bad[] = {{NAN, 1, 2}, {40, NAN, 2}, {40, 1, NAN}, {INFINITY, 0, 0},
                                 {-1, 0, 0},  {101, 0, 0},  {50, 200, 0}};
    fl_ink_view view = view_of(test_library(), "scalp-male", "smp", 2);
    fl_ink_guess guess = {.count = 77};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fl_error error = {0};
        CHECK(fl_ink_guess_lab(&view, bad[i], FL_INK_NO_LAB, &guess, &error) == FL_E_RANGE, "ink %zu", i);
        CHECK(error.what[0] != 0, "ink %zu: no word", i);
        CHECK(fl_ink_guess_lab(&view, (fl_lab){40, 1, 2}, bad[i], &guess, NULL) == FL_E_RANGE, "skin %zu", i);
    }
    CHECK(fl_ink_guess_word(&view, (fl_colour)0, &guess, NULL) == FL_E_RANGE &&
              fl_ink_guess_word(&view, (fl_colour)14, &guess, NULL) == FL_E_RANGE &&
              fl_ink_guess_words(&view, 1u << 30, &guess, NULL) == FL_E_RANGE,
          "words that are none");
    view.skin_type = 7;
    CHECK(fl_ink_guess_word(&view, FL_COLOUR_BLACK, &guess, NULL) == FL_E_RANGE, "type VII");
    CHECK(guess.count == 77, "the answer was touched");
}

static void a_family_keeps_to_itself(void)
{
    fl_ink_view view = view_of(test_library(), "eyebrow", "pmu", 2);
    for (const fl_yaml_choice *family = fl_ink_family_choices; family->word; family++) {
        view.family = (fl_ink_family)family->value;
        fl_ink_guess guess;
        CHECK(fl_ink_guess_words(&view, 0, &guess, NULL) == FL_OK, "%s", family->word);
        check_sound(&guess, family->word);
        CHECK(guess.other == 0.0, "%s: somebody's word leaves no other", family->word);
        for (size_t i = 0; i < guess.count; i++)
            CHECK(fl_ink_family_of(guess.list[i].ink) == view.family, "%s holds %s", family->word,
                  guess.list[i].ink->id);
    }
    view.family = FL_INK_IRON;
    fl_ink_guess plain, orange;
    CHECK(fl_ink_guess_words(&view, 0, &plain, NULL) == FL_OK &&
              fl_ink_guess_words(&view, 1u << FL_COLOUR_ORANGE, &orange, NULL) == FL_OK,
          "iron oxides");
    CHECK(chance_of(&orange, "iron-oxide-orange") > chance_of(&plain, "iron-oxide-orange"),
          "orange says which");
    CHECK(place_of(&orange, "iron-oxide-black") > place_of(&orange, "iron-oxide-orange"),
          "not the black one");
}

/* Angles of bare skin, one for each type: the customary class or the next one (optics reference, skin types).
 */
static void bare_skin_has_the_angle_of_its_type(void)
{
    static const double least[] = {0, 48, 37, 22, -5, -40, -91}, most[] = {0, 75, 58, 45, 32, 5, -25};
    double before = 91.0;
    for (int type = 1; type <= 6; type++) {
        const fl_ink_view view = view_of(test_library(), "body", "tattoo", type);
        fl_ink_look look;
        double ita_deg;
        CHECK(fl_ink_look_of(&view, fl_planner_ink_find(test_library(), "carbon-black"), &look, NULL) ==
                      FL_OK &&
                  fl_colour_ita(look.skin, &ita_deg) == FL_OK,
              "type %d", type);
        CHECK(ita_deg >= least[type] && ita_deg <= most[type] && ita_deg < before, "type %d: ITA %.1f", type,
              ita_deg);
        CHECK(look.ink.L_star < look.mean.L_star && look.mean.L_star < look.skin.L_star,
              "type %d: ink is darker", type);
        before = ita_deg;
    }
}

FL_TESTS("planner/ink_guess", TEST(what_was_measured), TEST(an_orange_brow_is_iron_oxide),
         TEST(a_colour_far_from_all_is_other), TEST(each_word_gives_a_class_and_a_sum_of_one),
         TEST(a_word_raises_its_own_inks), TEST(a_predicted_colour_finds_its_ink),
         TEST(the_order_of_the_library_decides_nothing), TEST(nonsense_is_refused),
         TEST(a_family_keeps_to_itself), TEST(bare_skin_has_the_angle_of_its_type))
