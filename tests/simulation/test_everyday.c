/* labels: unit   timeout: 120 */
/* Some lives every day: the same seed gives the same bytes, seeds that once failed hold, and wrong worlds are
 * noticed. */
#include "sim.h"

#include "check.h"

static sim_report total;

static sim_verdict live(uint64_t seed, unsigned pulses, sim_variant variant)
{
    const sim_options options = {.seed = seed, .pulses = pulses, .variant = variant};
    static sim_report other;
    return sim_live(&options, variant == SIM_TRUE ? &total : &other);
}

/* Also with another life in between: nothing of it is left. */
static void a_seed_gives_the_same_bytes(void)
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        const sim_verdict first = live(seed, 60, SIM_TRUE);
        live(seed + 1000, 30, SIM_TRUE);
        const sim_verdict again = live(seed, 60, SIM_TRUE);
        CHECK(first.digest == again.digest, "seed %d: %016llX, then %016llX", (int)seed,
              (unsigned long long)first.digest, (unsigned long long)again.digest);
        CHECK(first.pulses == again.pulses && fl_hash_same(&first.root, &again.root),
              "seed %d: another journal", (int)seed);
    }
}

static void seeds_differ(void)
{
    CHECK(live(11, 30, SIM_TRUE).digest != live(12, 30, SIM_TRUE).digest, "two seeds, one life");
}

/* seeds.txt: a seed, how many pulses, and why it is there. */
static void seeds_that_failed_hold(void)
{
    char line[300];
    FILE *file = fopen(FL_TEST_DIR "/seeds.txt", "r");
    int count = 0;
    CHECK(file != NULL, "no seeds.txt");
    while (file && fgets(line, sizeof line, file)) {
        unsigned long long seed;
        unsigned pulses;
        if (line[0] == '#' || sscanf(line, "%llu %u", &seed, &pulses) != 2) continue;
        const sim_verdict verdict = live(seed, pulses, SIM_TRUE);
        CHECK(verdict.good, "seed %llu: %s", seed, verdict.what);
        count++;
    }
    CHECK(count >= 3, "only %d seeds", count);
    if (file) fclose(file);
}

/* Lives that nobody saw before, each with all that goes wrong in a clinic. */
/* hazards: H08 H11 H17 H18 H19 H21 H26 H27 H28 H29 H56 */
static void fresh_lives_hold(void)
{
    for (uint64_t seed = 500; seed < 505; seed++) {
        const sim_verdict verdict = live(seed, 80, SIM_TRUE);
        CHECK(verdict.good, "seed %d: %s", (int)seed, verdict.what);
    }
}

/* Every world that is wrong on purpose is found out, by a few lives at most. */
/* hazards: H11 H21 H27 */
static void wrong_worlds_are_noticed(void)
{
    for (int variant = SIM_TRUE + 1; variant < SIM_VARIANTS; variant++) {
        sim_verdict verdict = {.good = true};
        for (uint64_t seed = 1; verdict.good && seed <= 12; seed++)
            verdict = live(seed, 40, (sim_variant)variant);
        CHECK(!verdict.good, "nobody noticed: %s", sim_variant_name((sim_variant)variant));
        printf("\n    %s: %s", sim_variant_name((sim_variant)variant), verdict.what);
    }
}

static void it_was_worth_it(void)
{
    CHECK(total.pulses > 500 && total.faults > 40, "%llu pulses and %llu faults",
          (unsigned long long)total.pulses, (unsigned long long)total.faults);
}

FL_TESTS("simulation/everyday", TEST(a_seed_gives_the_same_bytes), TEST(seeds_differ),
         TEST(seeds_that_failed_hold), TEST(fresh_lives_hold), TEST(wrong_worlds_are_noticed),
         TEST(it_was_worth_it))
