/* labels: slow physics   timeout: 3600 */
/* The measurement: 1.5 million photons a case, so that our own standard error is
 * small beside the reference's. Prints one line a case. Run it from a release build; it takes some minutes.
 */
#include "check.h"

#include "helper_benchmarks.h"

static benchmark_case cases[BENCHMARK_CASES];

static void eighteen_cases_agree(void)
{
    benchmarks_read(cases);
    unsigned values = 0, agree = 0;
    printf("\n%-14s %8s %8s %8s %9s %9s %9s %9s\n", "case", "values", "agree", "not ok", "mean_%", "worst_%",
           "own_%", "chi2/n");
    for (unsigned i = 0; i < BENCHMARK_CASES; i++) {
        const benchmark_verdict v = benchmark_compare(&cases[i], 1500000, 90210 + i, true);
        values += v.values, agree += v.agree;
        printf("%-14.31s %8u %8u %8u %+9.3f %9.2f %9.2f %9.2f\n", cases[i].name, v.values, v.agree,
               v.incompatible, 100 * v.mean, 100 * v.worst, 100 * v.error_max, v.chi2 / v.values);
        CHECK(v.incompatible == 0, "%.31s: %u values are incompatible", cases[i].name, v.incompatible);
        CHECK(fabs(v.mean) < 0.003, "%.31s: mean deviation %+.3f %%", cases[i].name, 100 * v.mean);
    }
    printf("%u of %u values agree within 1 %% (3 %%: spots to 2 mm from 2 mm down)\n", agree, values);
    CHECK(agree >= 0.95 * values, "only %u of %u agree", agree, values);
}

FL_TESTS("transport/benchmarksfull", TEST(eighteen_cases_agree))
