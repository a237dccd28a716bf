/* labels: unit golden   timeout: 120   needs: fadeline */
/* The worked examples of the safety reference (sections 3 and 5) as a person at a terminal gets them. Each
 * was also worked out again from its own formula by hand: none disagrees, to the digits it prints. */
#include "check.h"

#include <jansson.h>

static json_t *asked(const char *arguments)
{
    char command[600], text[4000];
    snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline exposure %s --json 2>/dev/null", arguments);
    FILE *out = popen(command, "r");
    const size_t size = out ? fread(text, 1, sizeof text - 1, out) : 0;
    text[size] = 0;
    CHECK(out && pclose(out) == 0, "%s: refused", arguments);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    CHECK(json != NULL, "%s: no JSON", arguments);
    if (!json) exit(1);
    return json;
}

static double number(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Half of the fifth digit; where the reference prints fewer digits, half of the last. */
static void same(const json_t *json, const char *key, double want, double least_step, const char *what)
{
    char name[120];
    snprintf(name, sizeof name, "%s, %s", what, key);
    const double step = fmax(0.5 * pow(10, floor(log10(want)) - 4), 0.5 * least_step);
    CHECK_NEAR(number(json, key), want, 1.01 * step, name);
}

static void worked_examples_to_five_digits(void)
{
    /* clang-format off */
    static const struct { const char *what, *arguments; double single, average, fluence, at_eye, od_raw; int od; double n_raw; const char *marking; int average_n; double skin, diffuse, diffuse_skin; } rows[] = {
        { "W1", "--wavelength-nm 755 --pulse-ps 750 --energy-mJ 200 --spot-mm 2.5 --rate-Hz 10",    2.576499e-3, 1.30398, 4.07437, 5196.896,  6.3047, 7, 8.8587, "M LB9 + D LB5", 5, 193.2374, 4.9708,  0.01815 },
        { "W2", "--wavelength-nm 532 --pulse-ps 375 --energy-mJ 200 --spot-mm 3 --rate-Hz 10",      2e-3,        2.54558, 2.82942, 5196.896,  6.4147, 7, 8.7003, "M LB9 + D LB5", 5, 75,       5.6419,  0.02913 },
        { "W3", "--wavelength-nm 1064 --pulse-ps 450 --energy-mJ 400 --spot-mm 4 --rate-Hz 10",     2e-2,        5.06107, 3.18310, 10393.792, 5.7157, 6, 8.7515, "M LB9 + D LB5", 5, 450,      2.5231,  0.01682 },
        { "W4", "--wavelength-nm 785 --pulse-ps 300 --energy-mJ 97 --spot-mm 2 --rate-Hz 5",        2.958217e-3, 2.99435, 3.08761, 2520.495,  5.9305, 6, 8.6630, "M LB9 + D LB5", 5, 88.7465,  3.2307,  0.01865 },
        { "W5", "--wavelength-nm 670 --pulse-ps 660 --energy-mJ 50 --spot-mm 3 --rate-Hz 10",       2e-3,        2.54558, 0.70736, 1299.224,  5.8127, 6, 8.0983, "M LB9 + D LB4", 4, 132,      2.8209,  0.01098 },
        { "W6", "--wavelength-nm 1064 --pulse-ps 6000 --energy-mJ 1000 --spot-mm 6 --rate-Hz 10",   2e-2,        5.06107, 3.53678, 25984.481, 6.1137, 7, 7.2744, "R LB8 + D LB5", 5, 1000,     3.9894,  0.01784 },
        { "W7", "--wavelength-nm 694 --pulse-ps 25000 --energy-mJ 1000 --spot-mm 5 --rate-Hz 2 --time-base-s 10", 2e-3, 5.06107, 5.09296, 25984.481, 7.1137, 8, 7.2580, "R LB8 + D LB5", 5, 200, 12.6157, 0.03989 },
        { "W8", "--wavelength-nm 755 --pulse-ps 50000 --energy-mJ 500 --spot-mm 4 --rate-Hz 5",     2.576499e-3, 2.60797, 3.97887, 12992.240, 6.7027, 7, 7.2503, "R LB8 + D LB5", 5, 257.6499, 7.8595,  0.02485 },
        { "W9", "--wavelength-nm 1064 --pulse-ps 250 --energy-mJ 500 --spot-mm 5 --rate-Hz 10",     2e-2,        5.06107, 2.54648, 12992.240, 5.8127, 6, 8.6546, "M LB9 + D LB5", 5, 250,      2.8209,  0.02523 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *json = asked(rows[i].arguments);
        const char *what = rows[i].what;
        same(json, "eye_mpe_single_J_m2", rows[i].single, 0, what);
        same(json, "eye_mpe_J_m2", rows[i].single, 0, what); /* the single pulse limits in all nine */
        same(json, "eye_mpe_average_J_m2", rows[i].average, 0, what);
        same(json, "fluence_J_cm2", rows[i].fluence, 0, what);
        same(json, "exposure_at_eye_J_m2", rows[i].at_eye, 0, what);
        same(json, "eye_od_raw", rows[i].od_raw, 0, what);
        same(json, "skin_mpe_J_m2", rows[i].skin, 0, what);
        same(json, "diffuse_m", rows[i].diffuse, 1e-4, what);
        same(json, "diffuse_skin_m", rows[i].diffuse_skin, 1e-5, what);
        const json_t *en207 = json_object_get(json, "en207");
        same(en207, "n_raw", rows[i].n_raw, 0, what);
        CHECK_TEXT(json_string_value(json_object_get(en207, "marking")), rows[i].marking, what);
        CHECK((int)number(en207, "average_n") == rows[i].average_n &&
                  (int)number(json, "eye_od") == rows[i].od,
              "%s: D LB%d, OD %d", what, (int)number(en207, "average_n"), (int)number(json, "eye_od"));
        json_decref(json);
    }
}

static void single_numbers_to_five_digits(void)
{
#define PLAIN " --energy-mJ 200 --spot-mm 3 --rate-Hz 10"
    /* clang-format off */
    static const struct { const char *what, *arguments, *key; double want; } rows[] = {
        /* the table of section 3 */
        { "532",  "--wavelength-nm 532 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2e-3 },
        { "585",  "--wavelength-nm 585 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2e-3 },
        { "650",  "--wavelength-nm 650 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2e-3 },
        { "670",  "--wavelength-nm 670 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2e-3 },
        { "694",  "--wavelength-nm 694 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2e-3 },
        { "730",  "--wavelength-nm 730 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2.296307e-3 },
        { "755",  "--wavelength-nm 755 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2.576499e-3 },
        { "785",  "--wavelength-nm 785 --pulse-ps 500" PLAIN,  "eye_mpe_J_m2", 2.958217e-3 },
        { "1064", "--wavelength-nm 1064 --pulse-ps 500" PLAIN, "eye_mpe_J_m2", 2e-2 },
        /* the older limits of section 3 */
        { "2007 755",  "--rules 2007 --wavelength-nm 755 --pulse-ps 750" PLAIN,  "eye_mpe_single_J_m2", 4.984937e-3 },
        { "2007 532",  "--rules 2007 --wavelength-nm 532 --pulse-ps 375" PLAIN,  "eye_mpe_single_J_m2", 2.300844e-3 },
        { "2007 1064", "--rules 2007 --wavelength-nm 1064 --pulse-ps 450" PLAIN, "eye_mpe_single_J_m2", 2.637990e-2 },
        { "2007 train", "--rules 2007 --wavelength-nm 1064 --pulse-ps 450" PLAIN, "eye_mpe_J_m2", 8.342057e-3 },
        /* W10 */
        { "W10a",     "--wavelength-nm 1064 --pulse-ps 450 --energy-mJ 400 --spot-mm 4 --rate-Hz 10 --divergence-mrad 60",  "nohd_m", 84.0378 },
        { "W10a rss", "--wavelength-nm 1064 --pulse-ps 450 --energy-mJ 400 --spot-mm 4 --rate-Hz 10 --divergence-mrad 60",  "nohd_rss_m", 84.1044 },
        { "W10b",     "--wavelength-nm 755 --pulse-ps 750 --energy-mJ 200 --spot-mm 2.5 --rate-Hz 10 --divergence-mrad 50", "nohd_m", 198.7814 },
        { "W10b rss", "--wavelength-nm 755 --pulse-ps 750 --energy-mJ 200 --spot-mm 2.5 --rate-Hz 10 --divergence-mrad 50", "nohd_rss_m", 198.8314 },
        { "W10c",     "--wavelength-nm 1064 --pulse-ps 450 --energy-mJ 400 --spot-mm 8 --rate-Hz 10 --divergence-mrad 1.5", "nohd_m", 3358.84 },
        /* W11, the two that look head on; rho and angle are functions of the library (test_exposure) */
        { "W11", "--wavelength-nm 532 --pulse-ps 375" PLAIN, "diffuse_m", 5.6419 },
        /* W12 */
        { "W12 factor", "--wavelength-nm 755 --pulse-ps 550 --energy-mJ 3 --spot-mm 3 --rate-Hz 80",   "train_factor", 0.940151 },
        { "W12",        "--wavelength-nm 755 --pulse-ps 550 --energy-mJ 3 --spot-mm 3 --rate-Hz 80",   "eye_mpe_J_m2", 2.422298e-3 },
        { "W12 mean",   "--wavelength-nm 755 --pulse-ps 550 --energy-mJ 3 --spot-mm 3 --rate-Hz 80",   "eye_mpe_average_J_m2", 0.16300 },
        { "W12 floor",  "--wavelength-nm 755 --pulse-ps 550 --energy-mJ 3 --spot-mm 3 --rate-Hz 3000", "eye_mpe_J_m2", 1.030600e-3 },
        /* W15: skin at 1 ns and at 100 ns, where the smaller value wins */
        { "W15 1 ns",   "--wavelength-nm 1064 --pulse-ps 1000" PLAIN,   "skin_mpe_J_m2", 1000 },
        { "W15 100 ns", "--wavelength-nm 1064 --pulse-ps 100000" PLAIN, "skin_mpe_J_m2", 978.0537 },
        /* W14: eye at the edges */
        { "W14 13 us",  "--wavelength-nm 1064 --pulse-ps 13e6" PLAIN, "eye_mpe_single_J_m2", 1.948498e-2 },
        { "W14 5 us",   "--wavelength-nm 532 --pulse-ps 5e6" PLAIN,   "eye_mpe_single_J_m2", 1.903268e-3 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *json = asked(rows[i].arguments);
        same(json, rows[i].key, rows[i].want, 0, rows[i].what);
        json_decref(json);
    }
}

FL_TESTS("exposure/command", TEST(worked_examples_to_five_digits), TEST(single_numbers_to_five_digits))
