/* simulate SEED [LIVES [PULSES]]: lives from that seed on, the report, and every seed that failed. */
#include "sim.h"

#include <time.h>

int main(int argc, char **argv)
{
    static sim_report report;
    sim_options options = {.seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1, .pulses = 250};
    const unsigned long lives = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
    if (argc > 3) options.pulses = (unsigned)strtoul(argv[3], NULL, 0);
    if (argc > 4) options.variant = (sim_variant)strtoul(argv[4], NULL, 0);
    options.loud = getenv("SIM_LOUD") != NULL;
    struct timespec begun, ended;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
    for (unsigned long i = 0; i < lives; i++, options.seed++) {
        const sim_verdict verdict = sim_live(&options, &report);
        if (!verdict.good) printf("seed %llu: %s\n", (unsigned long long)options.seed, verdict.what);
        if (lives == 1)
            printf("seed %llu digest %016llX pulses %llu\n", (unsigned long long)options.seed,
                   (unsigned long long)verdict.digest, (unsigned long long)verdict.pulses);
        fflush(stdout);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    const double s = (double)(ended.tv_sec - begun.tv_sec) + 1e-9 * (double)(ended.tv_nsec - begun.tv_nsec);
    sim_report_print(&report, stdout);
    printf("%.2f s of processor time: %.0f pulses and %.0f faults in 60 s\n", s,
           60 / s * (double)report.pulses, 60 / s * (double)report.faults);
    return report.failed ? 1 : 0;
}
