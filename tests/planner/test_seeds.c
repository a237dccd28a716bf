/* labels: slow physics   timeout: 900 */
/* A plan is itself a Monte Carlo answer. Over 100 seeds, at the budget of the example rules: the same spot is
 * chosen, what is permitted strays by a few per cent, and the probabilities scatter as much as the errors
 * beside them say. */
#include "check.h"

#include "helper_request.h"

enum { SEEDS = 100 };

typedef struct spread {
    double sum, square;
} spread;

static void add(spread *s, double x)
{
    s->sum += x, s->square += x * x;
}

static double mean(const spread *s)
{
    return s->sum / SEEDS;
}

static double deviation(const spread *s)
{
    return sqrt(fmax(s->square / SEEDS - mean(s) * mean(s), 0.0) * SEEDS / (SEEDS - 1.0));
}

static void a_hundred_seeds_agree(void)
{
    static const struct {
        int type, head;
        const char *site, *ink, *geometry;
        double at_J_cm2;
    } rows[] = {
        {2, 2, "scalp-male", "carbon-smp", "smp", 1.5},
        {4, 2, "scalp-male", "carbon-smp", "smp", 0.8},
        {3, 1, "scalp-male", "carbon-smp", "smp", 0.6},
        {2, 2, "eyebrow", "iron-oxide-black", "pmu", 1.0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        spread bearable = {0}, injury = {0}, effect = {0}, injury_error = {0}, effect_error = {0};
        unsigned chosen[FL_PLANNER_SPOTS + 1] = {0};
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            fl_planner_request r = test_request(rows[i].site, rows[i].type, rows[i].ink, rows[i].geometry,
                                                test_heads[rows[i].head]);
            r.draws = 24, r.variants = 22, r.photons = 1500, r.seed = 1000 + seed;
            for (unsigned s = 0; s < r.spot_count; s++) r.spots[s].limit = fl_J_cm2(rows[i].at_J_cm2);
            fl_planner_answer *answer = test_run(&r);
            chosen[answer->best + 1]++;
            const fl_setting *s = &answer->settings[2];
            add(&bearable, log(s->bearable.J_m2));
            add(&injury, fl_setting_injury_at(s, fl_J_cm2(rows[i].at_J_cm2)));
            add(&effect, fl_setting_effect_at(s, fl_J_cm2(rows[i].at_J_cm2)));
            add(&injury_error, s->injury_error), add(&effect_error, s->effect_error);
            fl_planner_answer_free(answer);
        }
        unsigned most = 0;
        for (unsigned s = 0; s <= FL_PLANNER_SPOTS; s++) most = chosen[s] > most ? chosen[s] : most;
        printf("\n  %s, type %d, head %d: same choice %u of %d, bearable +- %.1f %%, injury %.4f +- %.4f "
               "(said %.4f), effect %.3f +- "
               "%.3f (said %.3f)",
               rows[i].site, rows[i].type, rows[i].head, most, SEEDS, 100 * deviation(&bearable),
               mean(&injury), deviation(&injury), mean(&injury_error), mean(&effect), deviation(&effect),
               mean(&effect_error));
        CHECK(most >= 95, "the same choice in %u of %d", most, SEEDS);
        CHECK(deviation(&bearable) < 0.06, "bearable strays by %.1f %%", 100 * deviation(&bearable));
        CHECK(deviation(&injury) < 1.6 * mean(&injury_error) + 1e-3, "injury scatters by %.4f, said %.4f",
              deviation(&injury), mean(&injury_error));
        CHECK(deviation(&effect) < 1.6 * mean(&effect_error) + 1e-3, "effect scatters by %.4f, said %.4f",
              deviation(&effect), mean(&effect_error));
    }
}

FL_TESTS("planner/seeds", TEST(a_hundred_seeds_agree))
