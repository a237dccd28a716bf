/* labels: physics   timeout: 300 */
/* Everyday version: few photons, so our own standard error (up to 10 % for a 0.5 mm spot at 3 mm) carries
 * part of the rule of helper_benchmarks.h. It finds a wrong constant, a shifted cell or a lost boundary;
 * test_benchmarksfull.c is the measurement. */
#include "check.h"

#include "helper_benchmarks.h"

static benchmark_case cases[BENCHMARK_CASES];

static void eighteen_cases_are_compatible(void)
{
    benchmarks_read(cases);
    unsigned values = 0, incompatible = 0;
    for (unsigned i = 0; i < BENCHMARK_CASES; i++) {
        const benchmark_verdict v = benchmark_compare(&cases[i], 20000, 4801 + i, false);
        values += v.values, incompatible += v.incompatible;
        CHECK(fabs(v.mean) < 0.02, "%.31s: mean deviation %+.2f %%", cases[i].name, 100 * v.mean);
        CHECK(v.chi2 < 2.0 * v.values, "%.31s: chi2 %.0f of %u values", cases[i].name, v.chi2, v.values);
    }
    CHECK(values == 1980, "%u values", values);
    /* Beyond limit + 2 error lie 5 % of pure noise at most, and neighbouring values share their photons. */
    CHECK(incompatible <= values / 50, "%u of %u values are incompatible", incompatible, values);
}

/* The comparison itself must be able to fail: P_II_694 walked with 25 % more scattering in the dermis. */
static void a_wrong_coefficient_is_noticed(void)
{
    benchmarks_read(cases);
    benchmark_case wrong = cases[8];
    CHECK(strcmp(wrong.name, "P_II_694") == 0, "case 8 is %.31s", wrong.name);
    wrong.medium.layer[1].mus.per_m *= 1.25;
    const benchmark_verdict v = benchmark_compare(&wrong, 20000, 4809, false);
    CHECK(v.incompatible > v.values / 50, "only %u values notice 25 %% more scattering", v.incompatible);
}

FL_TESTS("transport/benchmarks", TEST(eighteen_cases_are_compatible), TEST(a_wrong_coefficient_is_noticed))
