/* labels: unit golden   timeout: 120   needs: fadeline */
/* `fadeline transport` as others script against it: keys, exit codes, places of faults, repeatability. */
#include "check.h"

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
    json_decref(root);
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

FL_TESTS("transport/command", TEST(json_has_the_keys_of_the_contract), TEST(seed_repeats_for_any_threads),
         TEST(people_can_read_it), TEST(exit_codes_say_what_went_wrong), TEST(interrupting_is_130_and_silent))
