/* labels: unit golden   timeout: 240   needs: fadeline */
/* The command on photos that the test renders. FL_REWRITE=1 in the environment writes the two visits that the
 * help's examples use (tests/colour/visit-*.jpg, visit-1.json) anew. */
#include "check.h"
#include "helper_scene.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <jansson.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_OUTPUT 100000

static char scratch[] = "/tmp/fl-colour-XXXXXX";
static char output[MOST_OUTPUT];

static const char *const standing =
    "--card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 "
    "--ink 700,420,50 --skin 620,150,60 --site 560,520,50";

/* stdout and stderr together; returns the exit code. The leak checker's word about fontconfig is not output.
 */
static int run(const char *words)
{
    char line[2048];
    snprintf(line, sizeof line,
             "cd '%s' && PATH='%s':\"$PATH\" FADELINE_HOME='%s/state' FADELINE_DATA='%s' NO_COLOR=1 "
             "LSAN_OPTIONS=print_suppressions=0 timeout "
             "100 %s 2>&1",
             scratch, FL_BUILD_DIR, scratch, FL_SOURCE_DIR, words);
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    const size_t length = fread(output, 1, MOST_OUTPUT - 1, pipe);
    output[length] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static int colour(const char *photo, const char *words)
{
    char line[1024];
    snprintf(line, sizeof line, "fadeline colour %s %s", photo, words);
    return run(line);
}

static char *in_scratch(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static void save(const char *path, const void *bytes, size_t size)
{
    CHECK(fl_place_write(path, bytes, size, 0644, NULL) == FL_OK, "write %s", path);
}

static scene visit(int number)
{
    scene s = scene_plain();
    s.crosstalk = 0.08, s.noise = 1.5;
    s.lamp = (fl_rgb){1.12, 1, 0.74}, s.exposure = 0.62, s.gradient_x = 0.10, s.gradient_y = 0.06,
    s.seed = 41;
    if (number == 1) return s;
    s.lamp = (fl_rgb){0.93, 1, 1.08}, s.exposure = 0.55, s.gradient_x = -0.08, s.seed = 42;
    s.corners = (fl_quad){{{90, 60}, {500, 72}, {492, 350}, {84, 340}}};
    s.ink = (fl_lab){46.8, 4.6, 6.3};
    return s;
}

static void put_photo(const char *path, const scene *s, int quality)
{
    fl_card *card = scene_card();
    uint16_t *codes = scene_render(s, card);
    scene_file file = quality > 0 ? scene_jpeg(codes, s->width, s->height, quality, false, false)
                                  : scene_png(codes, s->width, s->height, 8, SCENE_RGB, 0);
    save(path, file.bytes, file.size);
    free(file.bytes);
    free(codes);
    fl_card_free(card);
}

static void prepare(void)
{
    static bool done;
    if (done) return;
    done = true;
    CHECK(mkdtemp(scratch) != NULL, "a scratch folder");
    static const char *const shown[] = {"profiles", "tests"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        CHECK(symlink(i ? FL_SOURCE_DIR "/tests" : FL_SOURCE_DIR "/profiles", in_scratch(shown[i])) == 0,
              "show %s", shown[i]);
    for (int i = 1; i <= 2; i++) {
        char name[32];
        const scene s = visit(i);
        snprintf(name, sizeof name, "visit-%d.jpg", i);
        put_photo(in_scratch(name), &s, 88);
    }
    CHECK(run("true") == 0, "a shell");
    char words[400];
    snprintf(words, sizeof words, "%s --json > visit-1.json", standing);
    CHECK(colour("visit-1.jpg", words) == 0, "%.300s", output);
    if (getenv("FL_REWRITE"))
        CHECK(run("cp visit-1.jpg visit-2.jpg visit-1.json tests/colour/") == 0, "%.300s", output);
}

static json_t *read_json(void)
{
    json_error_t fault;
    json_t *object = json_loads(output, JSON_REJECT_DUPLICATES, &fault);
    CHECK(object != NULL, "%s at line %d of %.200s", fault.text, fault.line, output);
    return object;
}

static double number_at(const json_t *object, const char *where)
{
    char key[64];
    while (object && *where) {
        const size_t length = strcspn(where, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, where);
        object = json_object_get(object, key);
        where += length + (where[length] == '.');
    }
    return json_is_number(object) ? json_number_value(object) : NAN;
}

static fl_lab lab_at(const json_t *object, const char *region)
{
    const json_t *r = json_object_get(object, region);
    return (fl_lab){number_at(r, "L_star"), number_at(r, "a_star"), number_at(r, "b_star")};
}

/* ---- what it answers ---- */

static void json_holds_what_is_promised(void)
{
    prepare();
    char words[400];
    snprintf(words, sizeof words, "%s --json", standing);
    CHECK(colour("visit-1.jpg", words) == 0, "%.300s", output);
    json_t *object = read_json();
    const scene s = visit(1);
    CHECK_TEXT(json_string_value(json_object_get(object, "verdict")), "measured", "verdict");
    CHECK_TEXT(json_string_value(json_object_get(object, "white")), "D65", "white");
    CHECK(fl_delta_e_2000(lab_at(object, "ink"), s.ink) < 1.5, "ink off by %.2f",
          fl_delta_e_2000(lab_at(object, "ink"), s.ink));
    CHECK(fl_delta_e_2000(lab_at(object, "skin"), s.skin) < 1.5, "skin off by %.2f",
          fl_delta_e_2000(lab_at(object, "skin"), s.skin));
    CHECK(fl_delta_e_2000(lab_at(object, "site"), s.site) < 1.5, "site off by %.2f",
          fl_delta_e_2000(lab_at(object, "site"), s.site));
    double ita_deg;
    CHECK(fl_colour_ita(s.skin, &ita_deg) == FL_OK, "ITA");
    CHECK_NEAR(number_at(object, "skin.ita_deg"), ita_deg, number_at(object, "skin.ita_uncertainty_deg"),
               "ITA of skin");
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(object, "skin"), "ita_class")), "light",
               "class");
    CHECK_NEAR(number_at(object, "contrast.delta_e_2000"), fl_delta_e_2000(s.ink, s.site),
               number_at(object, "contrast.delta_e_2000_uncertainty"), "contrast");
    CHECK(number_at(object, "contrast.delta_e_76") > number_at(object, "contrast.delta_e_2000"),
          "CIE76 is larger here");
    static const char *const numbers[] = {"correction.residual_delta_e_2000.mean",
                                          "correction.light_gradient_percent",
                                          "correction.tone_exponent",
                                          "correction.gain.red",
                                          "ink.spread.L_star",
                                          "ink.clipped_percent",
                                          "ink.pixels",
                                          "photo.width_px",
                                          "coverage_factor"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        CHECK(isfinite(number_at(object, numbers[i])), "'%s' is no number", numbers[i]);
    CHECK(json_array_size(json_object_get(json_object_get(object, "correction"), "patches")) == 24,
          "24 patches");
    CHECK(json_is_null(json_object_get(object, "change")), "nothing to compare with");
    json_decref(object);
}

static void fading_is_found_between_two_lamps(void)
{
    prepare();
    const char *words =
        "--card profiles/cards/example-24.yaml --corners '90,60 500,72 492,350 84,340' --ink 690,430,50 "
        "--skin 620,150,60 --site 550,520,50 --before visit-1.json";
    char json[400];
    snprintf(json, sizeof json, "%s --json", words);
    CHECK(colour("visit-2.jpg", json) == 0, "%.300s", output);
    json_t *object = read_json();
    const scene before = visit(1), now = visit(2);
    const double then = fl_delta_e_2000(before.ink, before.site), left = fl_delta_e_2000(now.ink, now.site);
    CHECK_NEAR(number_at(object, "change.faded_delta_e_2000"), then - left, 1.0, "faded");
    CHECK_NEAR(number_at(object, "change.faded_percent"), 100 * (1 - left / then), 4.0, "faded share");
    CHECK(json_is_true(json_object_get(json_object_get(object, "change"), "is_beyond_uncertainty")),
          "a change");
    CHECK(json_array_size(json_object_get(object, "cautions")) == 0, "cautions: %.300s", output);
    json_decref(object);
    CHECK(colour("visit-2.jpg", words) == 0, "%.300s", output);
    static const char *const says[] = {"faded by", "ink contrast", "unexposed skin",
                                       "site_ita_deg:", "not a diagnosis"};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        CHECK(strstr(output, says[i]), "no '%s' in:\n%.300s", says[i], output);
    CHECK(!strstr(output, "patient"), "we say client");
    /* the same photo again: no change, and it says so */
    snprintf(json, sizeof json, "%s --before visit-1.json", standing);
    CHECK(colour("visit-1.jpg", json) == 0 && strstr(output, "no change that can be claimed"), "%.300s",
          output);
}

static void cautions_are_said(void)
{
    prepare();
    scene s = visit(1);
    s.dots = 0.3;
    s.site = (fl_lab){55.0, 12.0, 18.0};
    put_photo(in_scratch("dots.png"), &s, 0);
    char words[400];
    snprintf(words, sizeof words, "%s --before visit-1.json", standing);
    CHECK(colour("dots.png", words) == 0, "%.300s", output);
    CHECK(strstr(output, "--dots"), "dots: %.300s", output);
    CHECK(strstr(output, "suggests a tan"), "tan: %.300s", output);
    CHECK(strstr(output, "skin of the site itself changed"), "skin: %.300s", output);
    snprintf(words, sizeof words, "%s --dots --before visit-1.json", standing);
    CHECK(colour("dots.png", words) == 0 && strstr(output, "do not compare"), "another statistic: %.300s",
          output);
}

/* ---- no ---- */

static void refusals_leave_with_1_and_no_colour(void)
{
    prepare();
    static const struct {
        const char *what, *code;
        double exposure, gradient;
        bool no_card;
        double glare;
    } rows[] = {
        {"bright.png", "colour-overexposed", 1.5, 0, false, 0},
        {"dark.jpg", "colour-underexposed", 0.12, 0, false, 0},
        {"none.png", "colour-no-card", 0.6, 0, true, 0},
        {"window.png", "colour-light-uneven", 0.6, 0.8, false, 0},
        {"shine.png", "colour-region-glare", 0.6, 0, false, 25},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scene s = scene_plain();
        s.exposure = rows[i].exposure, s.gradient_x = rows[i].gradient, s.no_card = rows[i].no_card,
        s.noise = 1;
        if (rows[i].glare > 0) s.glare = (fl_circle){700, 420, rows[i].glare};
        put_photo(in_scratch(rows[i].what), &s, strstr(rows[i].what, ".jpg") ? 92 : 0);
        char words[400];
        snprintf(words, sizeof words, "%s --json --png no.png", standing);
        CHECK(colour(rows[i].what, words) == 1, "%s: %.300s", rows[i].what, output);
        json_t *object = read_json();
        const json_t *first = json_array_get(json_object_get(object, "reasons"), 0);
        CHECK_TEXT(json_string_value(json_object_get(object, "verdict")), "refused", rows[i].what);
        CHECK_TEXT(json_string_value(json_object_get(first, "code")), rows[i].code, rows[i].what);
        CHECK(json_is_string(json_object_get(first, "why")) &&
                  json_is_string(json_object_get(first, "change")),
              "%s", rows[i].what);
        CHECK(json_is_null(json_object_get(object, "ink")) &&
                  json_is_null(json_object_get(object, "contrast")),
              "%s: a colour", rows[i].what);
        json_decref(object);
        CHECK(fl_place_exists(in_scratch("no.png")), "%s: the overlay is drawn for a refusal too",
              rows[i].what);
        unlink(in_scratch("no.png"));
        CHECK(colour(rows[i].what, standing) == 1 && strstr(output, "refused: ") &&
                  strstr(output, rows[i].code),
              "%s: %.300s", rows[i].what, output);
        /* what was refused is no visit to compare with */
        snprintf(words, sizeof words, "%s --json > refused.json", standing);
        CHECK(colour(rows[i].what, words) == 1, "again");
        snprintf(words, sizeof words, "%s --before refused.json", standing);
        CHECK(colour("visit-1.jpg", words) == 3 && strstr(output, "was refused"), "%.300s", output);
    }
}

static void every_code_is_explained(void)
{
    prepare();
    char line[128];
    size_t count = 0;
    for (const char *code; (code = fl_colour_code(count)); count++) {
        snprintf(line, sizeof line, "fadeline explain %s", code);
        CHECK(run(line) == 0, "%.300s", output);
    }
    CHECK(count == 12, "%zu codes", count);
    CHECK(run("fadeline explain colour-photo-unreadable") == 0 &&
              run("fadeline explain colour-photo-too-big") == 0,
          "%.300s", output);
}

static void bad_files_leave_with_3(void)
{
    prepare();
    char *bytes;
    size_t size;
    CHECK(fl_place_read(in_scratch("visit-1.jpg"), 1 << 24, &bytes, &size, NULL) == FL_OK, "a photo");
    save(in_scratch("cut.jpg"), bytes, size / 2);
    save(in_scratch("text.png"), "not a photo\n", 12);
    save(in_scratch("empty.png"), "", 0);
    save(in_scratch("other.json"), "{\"kind\": \"plan/1\"}", 18);
    save(in_scratch("broken.json"), "{\"kind\":", 8);
    save(in_scratch("bare.json"), "{\"kind\": \"colour/1\", \"verdict\": \"measured\"}", 43);
    save(in_scratch("card.yaml"), "schema: card/1\nid: x\n", 21);
    free(bytes);
    static const struct {
        const char *photo, *more, *says;
    } rows[] = {
        {"cut.jpg", "", "damaged JPEG"},
        {"text.png", "", "neither a PNG nor a JPEG"},
        {"empty.png", "", "neither a PNG nor a JPEG"},
        {"nowhere.png", "", "nowhere.png"},
        {"profiles", "", "profiles"},
        {"visit-1.jpg", "--card card.yaml", "card.yaml:"},
        {"visit-1.jpg", "--card profiles/clinic.yaml", "clinic.yaml:"},
        {"visit-1.jpg", "--card nowhere.yaml", "nowhere.yaml"},
        {"visit-1.jpg", "--before other.json", "not what `fadeline colour --json` prints"},
        {"visit-1.jpg", "--before broken.json", "not JSON"},
        {"visit-1.jpg", "--before bare.json", "no ink contrast"},
        {"visit-1.jpg", "--before nowhere.json", "nowhere.json"},
        {"visit-1.jpg", "--png nowhere/look.png", "nowhere/look.png"},
        {"visit-1.jpg", "--svg nowhere/look.svg", "nowhere/look.svg"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[500];
        snprintf(words, sizeof words, "%s %s", standing, rows[i].more);
        const int code = colour(rows[i].photo, words);
        CHECK(code == 3, "%s %s left with %d: %.200s", rows[i].photo, rows[i].more, code, output);
        CHECK(strstr(output, rows[i].says), "%s %s: no '%s' in %.300s", rows[i].photo, rows[i].more,
              rows[i].says, output);
    }
}

static void wrong_words_leave_with_2(void)
{
    prepare();
    static const char *const rows[] = {
        "",
        "visit-1.jpg",
        "visit-1.jpg --card profiles/cards/example-24.yaml --ink 700,420,50",
        "visit-1.jpg --corners 60,70 470,95 455,365 48,345 --ink 700,420,50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 --ink 700,420,50",
        "visit-1.jpg more --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700,420,50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 48,345 455,365 --ink "
        "700,420,50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 970,95 955,365 48,345 --ink "
        "700,420,50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700,420",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700,420,0",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700,420,50,1",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700;420;50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "890,420,50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700,nan,50",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --ink "
        "700,420,50 --before visit-1.json",
        "visit-1.jpg --card profiles/cards/example-24.yaml --corners 60,70 470,95 455,365 48,345 --inks "
        "700,420,50",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[400];
        snprintf(line, sizeof line, "fadeline colour %s", rows[i]);
        if (strchr(rows[i], ';'))
            snprintf(line, sizeof line, "fadeline colour visit-1.jpg --ink '700;420;50' --corners 1,1");
        const int code = run(line);
        CHECK(code == 2, "'%s' left with %d: %.200s", rows[i], code, output);
        CHECK(strstr(output, "usage:"), "'%s': no usage in %.200s", rows[i], output);
    }
}

/* ---- pictures and help ---- */

static void the_overlay_is_drawn(void)
{
    prepare();
    char words[500];
    snprintf(words, sizeof words, "%s --png look.png --svg look.svg", standing);
    CHECK(colour("visit-1.jpg", words) == 0, "%.300s", output);
    fl_photo *photo = NULL;
    CHECK(fl_photo_load(in_scratch("look.png"), &photo, NULL) == FL_OK, "the picture is a PNG");
    CHECK(photo && photo->width == 900 && photo->height == 640, "of the photo's size");
    /* white strokes on the outline of the card and of the ink's circle */
    const fl_point strokes[] = {{265, 82.5}, {750, 420}};
    for (size_t i = 0; photo && i < 2; i++) {
        double most = 0;
        for (int y = -4; y <= 4; y++)
            for (int x = -4; x <= 4; x++)
                most = fmax(most,
                            fl_photo_at(photo, (unsigned)(strokes[i].x + x), (unsigned)(strokes[i].y + y)).b);
        CHECK(most > 0.9, "no stroke at %g, %g", strokes[i].x, strokes[i].y);
    }
    fl_photo_free(photo);
    char *bytes;
    size_t size;
    CHECK(fl_place_read(in_scratch("look.svg"), 1 << 26, &bytes, &size, NULL) == FL_OK, "the SVG");
    CHECK(strstr(bytes, "<svg") && strstr(bytes, "</svg>"), "is one");
    free(bytes);
    struct stat info;
    CHECK(stat(in_scratch("look.png"), &info) == 0 && (info.st_mode & 0777) == 0600,
          "a client's skin is for one pair of eyes");
}

static void every_example_of_the_help_runs(void)
{
    prepare();
    static char help[MOST_OUTPUT];
    CHECK(run("fadeline help colour") == 0, "%.300s", output);
    memcpy(help, output, sizeof help);
    for (char *at = help; (at = strstr(at, "\\\n"));) at[0] = at[1] = ' '; /* a line that goes on below */
    int tried = 0;
    char *rest = help;
    for (char *line; (line = strsep(&rest, "\n"));) {
        if (!fl_text_begins(line, "  fadeline ")) continue;
        CHECK(run(line + 2) == 0, "'%s': %.300s", line, output);
        tried++;
    }
    CHECK(tried == 2, "%d examples", tried);
    CHECK(fl_place_exists(in_scratch("look.png")), "the second draws");
}

/* The shipped visits are what this test renders, and the shipped answer is what the command says of them. */
static void the_shipped_visits_are_the_rendered_ones(void)
{
    prepare();
    for (int i = 1; i <= 2; i++) {
        fl_photo *one = NULL, *two = NULL;
        char name[64];
        snprintf(name, sizeof name, "visit-%d.jpg", i);
        CHECK(fl_photo_load(in_scratch(name), &one, NULL) == FL_OK, "rendered");
        snprintf(name, sizeof name, "tests/colour/visit-%d.jpg", i);
        CHECK(fl_photo_load(in_scratch(name), &two, NULL) == FL_OK, "shipped");
        if (one && two) {
            double sum = 0;
            const size_t all = 3 * (size_t)one->width * one->height;
            CHECK(one->width == two->width && one->height == two->height, "visit %d: size", i);
            for (size_t k = 0; k < all; k++) sum += fabs(one->light[k] - two->light[k]);
            CHECK(sum / all < 0.01, "visit %d: mean difference of light %.4f; FL_REWRITE=1 makes it anew", i,
                  sum / all);
        }
        fl_photo_free(one);
        fl_photo_free(two);
    }
    CHECK(run("cat tests/colour/visit-1.json") == 0, "the shipped answer");
    json_t *shipped = read_json();
    CHECK(run("cat visit-1.json") == 0, "the answer now");
    json_t *now = read_json();
    CHECK_NEAR(number_at(shipped, "contrast.delta_e_2000"), number_at(now, "contrast.delta_e_2000"), 0.3,
               "contrast");
    CHECK_NEAR(number_at(shipped, "skin.ita_deg"), number_at(now, "skin.ita_deg"), 1.0, "ITA");
    json_decref(shipped);
    json_decref(now);
    char clean[64];
    snprintf(clean, sizeof clean, "rm -rf %s", scratch);
    CHECK(getenv("FL_KEEP") || system(clean) == 0, "clean up");
}

FL_TESTS("colour/command", TEST(json_holds_what_is_promised), TEST(fading_is_found_between_two_lamps),
         TEST(cautions_are_said), TEST(refusals_leave_with_1_and_no_colour), TEST(every_code_is_explained),
         TEST(bad_files_leave_with_3), TEST(wrong_words_leave_with_2), TEST(the_overlay_is_drawn),
         TEST(every_example_of_the_help_runs), TEST(the_shipped_visits_are_the_rendered_ones))
