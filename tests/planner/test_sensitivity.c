/* labels: unit physics   timeout: 120 */
/* Shares of variance: against functions whose Sobol indices are known in closed form, and as a plan shows
 * them. */
#include "check.h"

#include "draws.h"
#include "fadeline/base/random.h"
#include "helper_request.h"
#include "sensitivity.h"

enum { N = 4096, D = 4 };
static double u[N][D], y[N];

static double variance(void)
{
    double sum = 0, square = 0;
    for (int i = 0; i < N; i++) sum += y[i], square += y[i] * y[i];
    return square / N - sum / N * (sum / N);
}

static void draw(void)
{
    fl_draws *draws = fl_draws_new(D, 11, 5);
    for (int i = 0; i < N; i++) fl_draws_next(draws, u[i]);
    fl_draws_free(draws);
}

/* Ishigami & Homma 1990, a 7, b 0.1: first-order 0.3139, 0.4424, 0; the fourth input is not there at all. */
static void ishigami(void)
{
    static const double want[D] = {0.3139, 0.4424, 0.0, 0.0};
    draw();
    for (int i = 0; i < N; i++) {
        const double a = M_PI * (2 * u[i][0] - 1), b = M_PI * (2 * u[i][1] - 1), c = M_PI * (2 * u[i][2] - 1);
        y[i] = sin(a) + 7 * sin(b) * sin(b) + 0.1 * c * c * c * c * sin(a);
    }
    for (int d = 0; d < D; d++)
        CHECK_NEAR(fl_sensitivity_share(y, &u[0][d], D, N, 32, variance()), want[d], 0.02, "Ishigami");
}

/* A sum of normals: shares are their variances. */
static void linear(void)
{
    static const double weight[D] = {3.0, 2.0, 1.0, 0.2};
    draw();
    double all = 0.0;
    for (int d = 0; d < D; d++) all += weight[d] * weight[d];
    for (int i = 0; i < N; i++) {
        y[i] = 0.0;
        for (int d = 0; d < D; d++) y[i] += fl_draw_normal(u[i][d], 0.0, weight[d]);
    }
    for (int d = 0; d < D; d++)
        CHECK_NEAR(fl_sensitivity_share(y, &u[0][d], D, N, 16, variance()), weight[d] * weight[d] / all, 0.02,
                   "linear");
}

/* Noise has no share: over 200 tries the mean of what is left above chance is small. */
static void noise_has_no_share(void)
{
    fl_random random;
    fl_random_init(&random, 5, 5);
    double sum = 0.0;
    for (int try = 0; try < 200; try++) {
        for (int i = 0; i < 128; i++) y[i] = fl_random_uniform(&random), u[i][0] = fl_random_uniform(&random);
        sum += fl_sensitivity_share(y, &u[0][0], D, 128, 8, 1.0 / 12.0) / 200;
    }
    CHECK(sum < 0.03, "noise has a share of %.3f", sum);
    for (int i = 0; i < 128; i++) y[i] = 3.0;
    CHECK(fl_sensitivity_share(y, &u[0][0], D, 128, 8, 0.0) == 0.0, "a constant has a share");
}

static bool among(const fl_planner_input *list, const char *name)
{
    for (int i = 0; i < FL_PLANNER_INPUTS; i++)
        if (list[i].name && strcmp(list[i].name, name) == 0) return true;
    return false;
}

/* In a plan: three inputs each, falling, together at most everything. Ink's amount rules what dots need; for
 * the skin it is thresholds and melanin; green light on light skin may be stopped by vessels. */
static void a_plan_names_what_matters(void)
{
    for (int type = 2; type <= 6; type += 2)
        for (int head = 0; head < 3; head++) {
            fl_planner_request r = test_request("scalp-male", type, "carbon-smp", "smp", test_heads[head]);
            test_full_budget(&r);
            fl_planner_answer *answer = test_run(&r);
            const fl_setting *s = &answer->settings[2];
            for (int what = 0; what < 2; what++) {
                const fl_planner_input *list = what ? s->effect_inputs : s->injury_inputs;
                double sum = 0.0, last = 1.0;
                for (int i = 0; i < FL_PLANNER_INPUTS; i++) {
                    CHECK(list[i].name && list[i].share > 0.0 && list[i].share <= last,
                          "type %d, head %d: input %d", type, head, i);
                    sum += list[i].share, last = list[i].share;
                }
                CHECK(sum > 0.3 && sum < 1.1, "type %d, head %d: three inputs explain %.2f", type, head, sum);
            }
            /* What light does in a dot is known well against what its particles and clumps are. */
            CHECK(among(s->effect_inputs, "size of particles") ||
                      among(s->effect_inputs, "strength of the particles"),
                  "type %d, head %d: %s first", type, head, s->effect_inputs[0].name);
            /* Dark skin is limited by its melanin; in light skin at 1064 nm heat and the beam have a say. */
            CHECK(type < 4 || head == 0 || among(s->injury_inputs, "melanin in the basal layer"),
                  "type %d, head %d: %s first", type, head, s->injury_inputs[0].name);
            fl_planner_answer_free(answer);
        }
}

FL_TESTS("planner/sensitivity", TEST(ishigami), TEST(linear), TEST(noise_has_no_share),
         TEST(a_plan_names_what_matters))
