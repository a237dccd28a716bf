/* labels: unit slow   timeout: 3600 */
/* Clinic-years: at least FL_YEARS times 250 000 pulses and 10 000 faults (3 unless said), from FL_FIRST
 * on. Every row of the transition table and every kind of fault must have been reached a hundred times.
 * Prints the report. */
#include "sim.h"

#include "check.h"

#define YEAR_PULSES 250000
#define YEAR_FAULTS 10000
#define LIFE 250
#define LEAST 100

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

/* Clinic-years with everything that goes wrong: no pulse without a durable grant, none twice, books equal to the laser. */
/* hazards: H08 H11 H17 H18 H19 H21 H26 H27 H28 H29 H49 H56 */
static void years_hold(void)
{
    static sim_report total;
    const uint64_t years = number_of("FL_YEARS", 3);
    sim_options options = {.seed = number_of("FL_FIRST", 1000000), .pulses = LIFE};
    while (total.pulses < years * YEAR_PULSES || total.faults < years * YEAR_FAULTS) {
        const sim_verdict verdict = sim_live(&options, &total);
        CHECK(verdict.good, "seed %llu (%u pulses): %s", (unsigned long long)options.seed, options.pulses,
              verdict.what);
        if (total.failed > 20) break;
        options.seed++;
    }
    printf("\n");
    sim_report_print(&total, stdout);
    CHECK(sim_report_missing(&total, LEAST, stdout) == 0, "something was not reached %d times", LEAST);
    for (int i = 0; i < SIM_CAUSES; i++)
        CHECK(total.drop_worst_us[i] <= SIM_DROP_BOUND_US, "%s: %lld us", sim_cause_name((sim_cause)i),
              (long long)total.drop_worst_us[i]);
}

FL_TESTS("simulation/year", TEST(years_hold))
