/* labels: unit golden   timeout: 120   needs: fadeline */
/* `fadeline transport` as others script against it: keys, exit codes, places of faults, repeatability. */
#include "check.h"

#include <cairo.h>
#include <jansson.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#define DATA FL_TEST_DIR "/data/"

static char output[1 << 20];

/* Runs `fadeline transport ARGUMENTS`; stdout and stderr together unless told apart by the arguments. */
static int command(const char *arguments)
{
    char line[2048];
    snprintf(line, sizeof line, "'%s/fadeline' transport %s", FL_BUILD_DIR, arguments);
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    const size_t got = fread(output, 1, sizeof output - 1, pipe);
    output[got] = 0;
    const int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static json_t *command_json(const char *arguments, int want)
{
    const int code = command(arguments);
    CHECK(code == want, "%s: exit %d", arguments, code);
    json_error_t error;
    json_t *root = json_loads(output, 0, &error);
    CHECK(root, "%s: not JSON: %s", arguments, error.text);
    return root;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    CHECK(json_is_number(value), "no number '%s'", key);
    return json_number_value(value);
}

static void json_has_the_keys_of_the_contract(void)
{
    json_t *root = command_json(DATA "slab.mci --json --spots 2,0.5 --threads 1 --seed 17 2>/dev/null", 0);
    const json_t *run = json_array_get(json_object_get(root, "runs"), 0);
    CHECK(number(run, "specular_reflectance") == 0.0, "matched surface");
    CHECK_NEAR(number(run, "diffuse_reflectance"), 0.097395, 4 * 0.00036, "Rd");
    CHECK_NEAR(number(run, "transmittance"), 0.660958, 4 * 0.0005, "T");
    CHECK(number(run, "photons") == 500000 && number(run, "threads") == 1 && number(run, "seed") == 17,
          "what was asked");
    CHECK(number(run, "seconds") > 0 && number(run, "photons_per_second") > 0, "time");
    const json_t *error = json_object_get(run, "standard_error"),
                 *absorbed = json_object_get(run, "absorbed");
    CHECK(number(error, "diffuse_reflectance") > 1e-4 && number(error, "transmittance") > 1e-4, "errors");
    CHECK(json_array_size(absorbed) == 1 && json_array_size(json_object_get(error, "absorbed")) == 1,
          "one layer");
    const double sum = number(run, "specular_reflectance") + number(run, "diffuse_reflectance") +
                       number(run, "transmittance") + number(run, "lost") +
                       json_number_value(json_array_get(absorbed, 0));
    CHECK_NEAR(sum, 1.0, 1e-12, "energy");

    const json_t *fluence = json_object_get(run, "fluence_ratio"), *z = json_object_get(fluence, "z_mm");
    const json_t *spots = json_object_get(fluence, "spots");
    CHECK(json_array_size(z) == 40 && json_array_size(spots) == 3, "40 depths, two spots and the wide beam");
    CHECK_REL(json_number_value(json_array_get(z, 3)), 0.0175, 1e-9, "centre of the fourth cell");
    CHECK(number(json_array_get(spots, 0), "spot_mm") == 2 &&
              number(json_array_get(spots, 1), "spot_mm") == 0.5,
          "as given");
    CHECK(json_is_null(json_object_get(json_array_get(spots, 2), "spot_mm")), "the wide beam is null");
    for (size_t i = 0; i < 3; i++) {
        const json_t *spot = json_array_get(spots, i);
        CHECK(json_array_size(json_object_get(spot, "ratio")) == 40, "ratios");
        CHECK(json_array_size(json_object_get(spot, "standard_error")) == 40, "errors");
        const double ratio = json_number_value(json_array_get(json_object_get(spot, "ratio"), 5));
        CHECK(ratio > 1.0 && ratio < 2.0, "fluence %g", ratio);
    }
    /* Beside each total its exact value, and how far the count is from it. */
    const json_t *exact = json_object_get(run, "exact"),
                 *apart = json_object_get(run, "monte_carlo_minus_exact_in_standard_errors");
    CHECK_NEAR(number(exact, "diffuse_reflectance"), 0.09739, 1e-5, "exact Rd, van de Hulst 1980");
    CHECK_NEAR(number(exact, "transmittance"), 0.66096, 1e-5, "exact T");
    CHECK_NEAR(number(apart, "diffuse_reflectance"),
               (number(run, "diffuse_reflectance") - number(exact, "diffuse_reflectance")) /
                   number(error, "diffuse_reflectance"),
               1e-9, "distance");
    CHECK(fabs(number(apart, "transmittance")) < 4.5 &&
              json_array_size(json_object_get(exact, "absorbed")) == 1 &&
              json_array_size(json_object_get(apart, "absorbed")) == 1,
          "agreement");
    const json_t *cells = json_object_get(fluence, "monte_carlo_minus_exact_in_standard_errors");
    CHECK(json_array_size(cells) == 40, "one distance a depth");
    double sum2 = 0.0;
    for (size_t i = 0; i < 40; i++) sum2 += pow(json_number_value(json_array_get(cells, i)), 2);
    CHECK(sum2 > 4 && sum2 < 40 * 5, "chi2 of 40 depths: %g", sum2);
    CHECK(number(run, "lanes") == 1 || number(run, "lanes") == 4 || number(run, "lanes") == 8 ||
              number(run, "lanes") == 16,
          "lanes");
    json_decref(root);
}

/* Without control: nothing exact, and an error of its own for the wide beam. Nothing absorbed: no distance of
 * it. */
static void what_is_not_known_is_null(void)
{
    json_t *root = command_json(DATA "slab.mci --json --spots 2 --counted 2>/dev/null", 0);
    const json_t *run = json_array_get(json_object_get(root, "runs"), 0),
                 *fluence = json_object_get(run, "fluence_ratio");
    CHECK(json_is_null(json_object_get(run, "exact")) &&
              json_is_null(json_object_get(run, "monte_carlo_minus_exact_in_standard_errors")) &&
              json_is_null(json_object_get(fluence, "monte_carlo_minus_exact_in_standard_errors")),
          "exact values of a count");
    const json_t *wide = json_array_get(json_object_get(fluence, "spots"), 1);
    CHECK(json_number_value(json_array_get(json_object_get(wide, "standard_error"), 3)) > 0,
          "error of the wide beam");
    json_decref(root);

    char clear[] = "/tmp/fadeline-mci-XXXXXX", line[256];
    const int file = mkstemp(clear);
    static const char text[] =
        "1.0\n1\no A\n20000\n0.01 1\n3 1 1\n2\n1.0\n1.4 0 50 0 .01\n1.4 2 50 0 .01\n1.0\n";
    CHECK(file >= 0 && write(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1, "temporary file");
    close(file);
    snprintf(line, sizeof line, "%s --json 2>/dev/null", clear);
    root = command_json(line, 0);
    run = json_array_get(json_object_get(root, "runs"), 0);
    const json_t *apart = json_object_get(json_object_get(run, "monte_carlo_minus_exact_in_standard_errors"), "absorbed");
    CHECK(json_is_null(json_array_get(apart, 0)) && json_is_number(json_array_get(apart, 1)),
          "a layer without absorption");
    CHECK(!json_object_get(run, "fluence_ratio") && !json_object_get(run, "beams"), "what nobody asked for");
    json_decref(root);
    /* The third cell lies below the last layer: no light, and the accuracy asked for is reached all the same.
     */
    snprintf(line, sizeof line, "%s --json --spots 1 --beam gaussian:1 --relative-error 0.05 2>/dev/null",
             clear);
    root = command_json(line, 0);
    run = json_array_get(json_object_get(root, "runs"), 0);
    const json_t *spot = json_array_get(json_object_get(json_object_get(run, "fluence_ratio"), "spots"), 0);
    CHECK(json_number_value(json_array_get(json_object_get(spot, "ratio"), 1)) > 0.1 &&
              json_number_value(json_array_get(json_object_get(spot, "ratio"), 2)) == 0.0,
          "below the last layer");
    CHECK(json_is_true(json_object_get(run, "relative_error_met")), "accuracy");
    json_decref(root);
    snprintf(line, sizeof line, "%s --json --spots 1 --relative-error 0.05 2>/dev/null", clear);
    root = command_json(line, 0);
    json_decref(root);
    unlink(clear);
}

/* The same answer for 1 lane and for all there are, to the bit; only clock and lanes may differ. */
static void lanes_do_not_change_the_answer(void)
{
    json_t *answers[2];
    for (int i = 0; i < 2; i++) {
        char line[512];
        snprintf(line, sizeof line,
                 DATA "scalp.mci --json --spots 4,1 --beam gaussian:3 --seed 9 %s 2>/dev/null",
                 i ? "" : "--lanes 1 --threads 2");
        answers[i] = command_json(line, 0);
        json_t *run = json_array_get(json_object_get(answers[i], "runs"), 0);
        CHECK(i || number(run, "lanes") == 1, "lanes");
        CHECK(json_object_del(run, "seconds") == 0 && json_object_del(run, "photons_per_second") == 0 &&
                  json_object_del(run, "lanes") == 0 && json_object_del(run, "threads") == 0,
              "keys");
    }
    CHECK(json_equal(answers[0], answers[1]), "lanes changed the answer");
    for (int i = 0; i < 2; i++) json_decref(answers[i]);
}

static double at(const json_t *beam, const char *place, const char *what, size_t depth)
{
    return json_number_value(json_array_get(json_object_get(json_object_get(beam, place), what), depth));
}

static void beams_are_reported(void)
{
    json_t *root = command_json(
        DATA "scalp.mci --json --spots 4 --beam flat:4,gaussian:4 --beam ring:4:2:0.3 --seed 2 2>/dev/null",
        0);
    const json_t *run = json_array_get(json_object_get(root, "runs"), 0),
                 *beams = json_object_get(run, "beams");
    const json_t *flat = json_array_get(beams, 0), *gaussian = json_array_get(beams, 1),
                 *ring = json_array_get(beams, 2);
    CHECK(json_array_size(beams) == 3, "three beams");
    CHECK_TEXT(json_string_value(json_object_get(flat, "shape")), "flat", "shape");
    CHECK_TEXT(json_string_value(json_object_get(gaussian, "shape")), "gaussian", "shape");
    CHECK_TEXT(json_string_value(json_object_get(ring, "shape")), "ring", "shape");
    CHECK_REL(number(ring, "diameter_mm"), 4, 1e-12, "outer");
    CHECK_REL(number(ring, "inner_mm"), 2, 1e-12, "inner");
    CHECK_REL(number(ring, "centre"), 0.3, 1e-12, "centre");
    CHECK(!json_object_get(flat, "inner_mm") && !json_object_get(gaussian, "centre"),
          "keys of a ring elsewhere");
    const json_t *spot = json_array_get(json_object_get(json_object_get(run, "fluence_ratio"), "spots"), 0);
    for (size_t z = 0; z < 15; z++) {
        /* A flat-top is the disc of --spots: the same rings, the same photons. */
        CHECK_REL(at(flat, "on_axis", "ratio", z),
                  json_number_value(json_array_get(json_object_get(spot, "ratio"), z)), 1e-9,
                  "flat-top and spot");
        CHECK(at(gaussian, "on_axis", "ratio", z) > at(flat, "on_axis", "ratio", z) &&
                  at(flat, "on_axis", "ratio", z) > at(ring, "on_axis", "ratio", z),
              "a Gaussian peaks, a damaged beam has a hole (depth %zu)", z);
        CHECK(at(flat, "edge", "ratio", z) < at(flat, "average", "ratio", z) &&
                  at(flat, "average", "ratio", z) < at(flat, "on_axis", "ratio", z),
              "flat-top from edge to axis (depth %zu)", z);
        CHECK(at(ring, "edge", "standard_error", z) > 0, "errors");
    }
    /* 2 on the axis before the skin, and hardly wider than light wanders: near the surface still nearly
     * twice. */
    CHECK_NEAR(at(gaussian, "on_axis", "ratio", 0) / at(flat, "on_axis", "ratio", 0), 1.9, 0.1, "peak");
    json_decref(root);

    root = command_json(DATA "scalp.mci --json --beam gaussian:4 --relative-error 0.02 2>/dev/null", 0);
    run = json_array_get(json_object_get(root, "runs"), 0);
    gaussian = json_array_get(json_object_get(run, "beams"), 0);
    CHECK(json_array_size(json_object_get(json_object_get(run, "fluence_ratio"), "z_mm")) == 15,
          "depths without spots");
    CHECK(json_is_true(json_object_get(run, "relative_error_met")) && number(run, "relative_error") <= 0.02,
          "accuracy");
    for (size_t z = 0; z < 15; z++)
        CHECK(at(gaussian, "edge", "standard_error", z) <= 0.02 * at(gaussian, "edge", "ratio", z),
              "depth %zu", z);
    json_decref(root);
}

/* RFC 4180: as many cells in every row as in the header, lines end in CR LF, and every cell but an unknown a
 * number. */
static void csv_can_be_parsed(void)
{
    json_t *root =
        command_json(DATA "scalp.mci --json --spots 2,2.5 --beam ring:4:2:0.3 --seed 4 2>/dev/null", 0);
    const json_t *run = json_array_get(json_object_get(root, "runs"), 0);
    const json_t *spots = json_object_get(json_object_get(run, "fluence_ratio"), "spots");
    CHECK(command(DATA "scalp.mci --csv --spots 2,2.5 --beam ring:4:2:0.3 --seed 4 2>/dev/null") == 0,
          "exit");
    static const char header[] =
        "depth_mm,wide_ratio,wide_standard_error,spot_2_mm_ratio,spot_2_mm_standard_error,spot_2.5_mm_ratio,"
        "spot_2.5_mm_standard_error,ring_4_mm_inner_2_mm_centre_0.3_on_axis_ratio,";
    CHECK(strncmp(output, header, sizeof header - 1) == 0, "header %.300s", output);
    int rows = 0;
    char *rest = output;
    for (char *line; (line = strsep(&rest, "\n")) && *line; rows++) {
        const size_t length = strlen(line);
        CHECK(length && line[length - 1] == '\r', "row %d does not end in CR LF", rows);
        line[length - 1] = 0;
        int cells = 0;
        for (char *cell; (cell = strsep(&line, ",")); cells++) {
            char *end;
            const double value = strtod(cell, &end);
            CHECK(!rows || (*cell && !*end), "row %d, cell %d: '%s'", rows, cells, cell);
            if (rows == 6 && cells == 5)
                CHECK_REL(
                    value,
                    json_number_value(json_array_get(json_object_get(json_array_get(spots, 1), "ratio"), 5)),
                    1e-8, "same as JSON");
        }
        CHECK(cells == 14, "row %d has %d cells", rows, cells);
    }
    CHECK(rows == 16, "%d rows", rows);
    json_decref(root);
    CHECK(command(DATA "scalp.mci --csv --counted 2>/dev/null") == 0 &&
              strncmp(output, "depth_mm,wide_ratio,", 20) == 0,
          "without spots: the wide beam");
    CHECK(strstr(output, ",\r\n0.15,"), "an unknown is an empty cell");
}

static bool is_png(const char *path)
{
    cairo_surface_t *page = cairo_image_surface_create_from_png(path);
    const bool good =
        cairo_surface_status(page) == CAIRO_STATUS_SUCCESS && cairo_image_surface_get_width(page) == 2160;
    cairo_surface_destroy(page);
    return good;
}

static bool is_svg(const char *path)
{
    static char text[4 << 20];
    FILE *file = fopen(path, "r");
    const size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[got] = 0;
    return strstr(text, "<svg") && strstr(text, "</svg>");
}

static void pictures_are_drawn(void)
{
    char folder[] = "/tmp/fadeline-svg-XXXXXX", line[1024], two[256];
    CHECK(mkdtemp(folder), "a folder");
    snprintf(line, sizeof line,
             DATA "scalp.mci --beam gaussian:4 --spots 2 --ink 3 --basal 0.08 --svg '%s/a/b' 2>&1", folder);
    CHECK(command(line) == 0 && strstr(output, "gaussian beam of 4 mm"), "%.300s", output);
    snprintf(two, sizeof two, "%s/two.mci", folder);
    FILE *file = fopen(two, "w");
    fputs("1.0\n2\no A\n5000\n.01 1\n5 1 1\n1\n1\n1.4 1 50 .5 1\n1\no A\n5000\n.01 1\n1 1 1\n1\n1\n1 0 1 0 "
          ".001\n1\n",
          file);
    fclose(file);
    snprintf(line, sizeof line, "%s --spots 3 --ink 1 --svg '%s/two' 2>&1", two, folder);
    CHECK(command(line) == 0, "%.300s", output);
    static const char *const names[] = {"a/b/fluence-depth", "a/b/isofluence",      "two/fluence-depth-1",
                                        "two/isofluence-1",  "two/fluence-depth-2", "two/isofluence-2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(line, sizeof line, "%s/%s.png", folder, names[i]);
        CHECK(is_png(line), "%s", line);
        snprintf(line, sizeof line, "%s/%s.svg", folder, names[i]);
        CHECK(is_svg(line), "%s", line);
    }
    snprintf(line, sizeof line, "%s --spots 3 --ink 2 --svg '%s/none' 2>&1", two, folder);
    CHECK(command(line) == 3 && strstr(output, "two.mci:3: error: --ink 2"), "%.300s", output);
    snprintf(line, sizeof line, "%s/none", folder);
    CHECK(access(line, F_OK) != 0, "drawn all the same");
    snprintf(line, sizeof line, "%s --spots 3 --svg /dev/null/x 2>&1 >/dev/null", two);
    CHECK(command(line) == 3 && strstr(output, "/dev/null"), "%.300s", output);
    snprintf(line, sizeof line, "rm -r '%s'", folder);
    CHECK(system(line) == 0, "clean up");
}

/* Same seed, same numbers, for any number of threads; only the clock may differ. */
static void seed_repeats_for_any_threads(void)
{
    json_t *answers[3];
    static const char *const arguments[] = {"--threads 1 --seed 5", "--threads 3 --seed 5",
                                            "--threads 3 --seed 6"};
    for (int i = 0; i < 3; i++) {
        char line[512];
        snprintf(line, sizeof line, DATA "scalp.mci --json --spots 4 --relative-error 0.2 %s 2>/dev/null",
                 arguments[i]);
        answers[i] = command_json(line, 0);
        json_t *run = json_array_get(json_object_get(answers[i], "runs"), 0);
        CHECK(json_is_true(json_object_get(run, "relative_error_met")) &&
                  number(run, "relative_error") <= 0.2,
              "accuracy");
        CHECK(json_object_del(run, "seconds") == 0 && json_object_del(run, "photons_per_second") == 0 &&
                  json_object_del(run, "threads") == 0 && json_object_del(run, "seed") == 0,
              "keys");
    }
    CHECK(json_equal(answers[0], answers[1]), "threads changed the answer");
    CHECK(!json_equal(answers[0], answers[2]), "another seed, the same answer");
    for (int i = 0; i < 3; i++) json_decref(answers[i]);
}

static void people_can_read_it(void)
{
    CHECK(command(DATA "slab.mci --threads 2 --seed 3 2>&1") == 0, "exit");
    CHECK(strstr(output, "diffuse reflectance      0.09") && strstr(output, "transmittance            0.66"),
          "%.300s", output);
    CHECK(strstr(output, "absorbed in layer 1") && strstr(output, "+-") && strstr(output, "seed 3"), "%.300s",
          output);
    CHECK(command(DATA "slab.mci --spots 2 2>&1") == 0 && strstr(output, "2 mm spot") &&
              strstr(output, "wide beam"),
          "%.300s", output);
    /* "diffuse reflectance 0.097310 +- 0.000361   0.097390   -0.22", and the worst z of all in the last lines
     */
    double counted, error, exact, z;
    const char *row = strstr(output, "diffuse reflectance");
    CHECK(row && sscanf(row, "diffuse reflectance %lf +- %lf %lf %lf", &counted, &error, &exact, &z) == 4,
          "%.600s", output);
    CHECK_NEAR(z, (counted - exact) / error, 0.02, "z");
    CHECK(strstr(output, " exact ") && strstr(output, "worst |z| of 43: "), "%.600s", output);
    CHECK(command(DATA "slab.mci --spots 2 --beam flat:3 --counted 2>&1") == 0 &&
              !strstr(output, "worst |z|") && strstr(output, "counted alone") &&
              strstr(output, "flat beam of 3 mm") && strstr(output, "at its edge"),
          "%.300s", output);
}

static void exit_codes_say_what_went_wrong(void)
{
    char bad[] = "/tmp/fadeline-mci-XXXXXX";
    const int file = mkstemp(bad);
    static const char text[] = "1.0\n1\no A\n1e6\n0,1 1\n1 1 1\n1\n1.0\n1.4 1 1 0 1\n1.0\n";
    CHECK(file >= 0 && write(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1, "temporary file");
    close(file);
    // clang-format off
    const struct { const char *what, *arguments; int code; const char *says; } rows[] = {
        { "no file named",     "2>&1", 2, "one input file" },
        { "two files",         DATA "slab.mci x 2>&1", 2, "one input file" },
        { "no such option",    DATA "slab.mci --spotz 2 2>&1", 2, "option" },
        { "spot 0",            DATA "slab.mci --spots 0 2>&1", 2, "--spots" },
        { "spots 2,,3",        DATA "slab.mci --spots 2,,3 2>&1", 2, "--spots" },
        { "spots with comma decimals", DATA "slab.mci --spots 2,5mm 2>&1", 2, "5mm" },
        { "spot twice",        DATA "slab.mci --spots 2,3,2 2>&1", 2, "twice" },
        { "33 spots", DATA "slab.mci --spots 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33 2>&1", 2, "32" },
        { "threads 0",         DATA "slab.mci --threads 0 2>&1", 2, "threads" },
        { "threads 65",        DATA "slab.mci --threads 65 2>&1", 2, "threads" },
        { "seed -1",           DATA "slab.mci --seed -1 2>&1", 2, "seed" },
        { "relative error 0",  DATA "slab.mci --relative-error 0 2>&1", 2, "relative-error" },
        { "relative error nan", DATA "slab.mci --relative-error nan 2>&1", 2, "relative-error" },
        { "lanes 2",           DATA "slab.mci --lanes 2 2>&1", 2, "1, 4, 8 or 16" },
        { "lanes 0",           DATA "slab.mci --lanes 0 2>&1", 2, "1, 4, 8 or 16" },
        { "lanes 32",          DATA "slab.mci --lanes 32 2>&1", 2, "lanes" },
        { "lanes many",        DATA "slab.mci --lanes many 2>&1", 2, "lanes" },
        { "roulette 0",        DATA "slab.mci --roulette 0 2>&1", 2, "roulette" },
        { "roulette 0.5",      DATA "slab.mci --roulette 0.5 2>&1", 2, "roulette" },
        { "JSON and CSV",      DATA "slab.mci --json --csv 2>&1", 2, "not both" },
        { "a square beam",     DATA "slab.mci --beam square:4 2>&1", 2, "'square:4'" },
        { "a beam of nothing", DATA "slab.mci --beam flat:0 2>&1", 2, "'flat:0'" },
        { "half a ring",       DATA "slab.mci --beam ring:4:2 2>&1", 2, "'ring:4:2'" },
        { "a ring inside out", DATA "slab.mci --beam ring:2:4:0.5 2>&1", 2, "inner diameter" },
        { "an empty beam",     DATA "slab.mci --beam flat:4,,flat:3 2>&1", 2, "''" },
        { "a beam twice",      DATA "slab.mci --beam flat:4 --beam gaussian:2,flat:4 2>&1", 2, "twice" },
        { "17 beams", DATA "slab.mci --beam flat:1,flat:2,flat:3,flat:4,flat:5,flat:6,flat:7,flat:8,flat:9,flat:10,flat:11,flat:12,flat:13,flat:14,flat:15,flat:16,flat:17 2>&1", 2, "16" },
        { "ink without a picture", DATA "slab.mci --spots 2 --ink 1 2>&1", 2, "--svg" },
        { "basal without a picture", DATA "slab.mci --spots 2 --basal 0.1 2>&1", 2, "--svg" },
        { "ink 0",             DATA "slab.mci --spots 2 --svg /tmp/x --ink 0 2>&1", 2, "--ink" },
        { "ink ink",           DATA "slab.mci --spots 2 --svg /tmp/x --ink ink 2>&1", 2, "--ink" },
        { "basal -1",          DATA "slab.mci --spots 2 --svg /tmp/x --basal -1 2>&1", 2, "--basal" },
        { "a picture of nothing", DATA "slab.mci --svg /tmp/x 2>&1", 2, "--beam" },
        { "a picture nowhere", DATA "slab.mci --spots 2 --svg '' 2>&1", 2, "directory" },
        { "no such file",      DATA "none.mci 2>&1", 3, "none.mci" },
        { "a directory",       DATA " 2>&1", 3, "data" },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int code = command(rows[i].arguments);
        CHECK(code == rows[i].code, "%s: exit %d", rows[i].what, code);
        CHECK(strstr(output, rows[i].says), "%s: '%.200s' does not say %s", rows[i].what, output,
              rows[i].says);
    }
    char line[256];
    snprintf(line, sizeof line, "%s --json 2>&1 >/dev/null", bad);
    CHECK(command(line) == 3, "bad file");
    snprintf(line, sizeof line, "%s:4:1: error: '1e6'", bad);
    CHECK(strstr(output, line), "no %s in %.200s", line, output);
    snprintf(line, sizeof line, "%s:5:1: error: '0,1'", bad);
    CHECK(strstr(output, line) && strstr(output, "2 faults in 1 file"), "no %s in %.300s", line, output);
    unlink(bad);
}

/* ^C during a long run: 130, nothing on stdout. `timeout` sends SIGINT; its own code for that is 124 unless
 * told. */
static void interrupting_is_130_and_silent(void)
{
    char line[1024];
    snprintf(line, sizeof line,
             "timeout --preserve-status -s INT 0.5 '%s/fadeline' transport " DATA
             "scalp.mci --json --spots 2 --relative-error 0.0001 2>/dev/null",
             FL_BUILD_DIR);
    FILE *pipe = popen(line, "r");
    CHECK(pipe, "popen");
    const size_t got = fread(output, 1, sizeof output - 1, pipe);
    const int status = pclose(pipe);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 130, "exit %d", WEXITSTATUS(status));
    CHECK(got == 0, "%zu bytes of an unfinished answer", got);
}

FL_TESTS("transport/command", TEST(json_has_the_keys_of_the_contract), TEST(what_is_not_known_is_null),
         TEST(seed_repeats_for_any_threads), TEST(lanes_do_not_change_the_answer), TEST(beams_are_reported),
         TEST(csv_can_be_parsed), TEST(pictures_are_drawn), TEST(people_can_read_it),
         TEST(exit_codes_say_what_went_wrong), TEST(interrupting_is_130_and_silent))
