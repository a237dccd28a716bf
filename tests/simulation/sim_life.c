/* Life: from a seed to its verdict. */
#include "sim.h"

#define LONGEST_US 1200000000 /* of simulated time */
#define WRONG_US 40000000     /* of a wrong world: what is not noticed by then is not noticed */
#define REST_US 180000000
#define DAYS 400

static void come_to_an_end(sim *s, int64_t *resting_us)
{
    if (!s->over && (s->oracle.fired >= s->options.pulses ||
                     s->us > (s->options.variant == SIM_TRUE ? LONGEST_US : WRONG_US) || s->day > DAYS ||
                     s->plan_count >= SIM_PLANS)) {
        s->over = true;
        *resting_us = s->us;
        disk_fail(DISK_GOOD, 0);
        disk_kill_after(-1);
        s->wire.bytes_left = -1;
    }
    if (s->over && s->us - *resting_us > REST_US)
        oracle_wrong(s, "it does not come to rest: %s", fl_mode_word(world_mode(s)));
}

sim_verdict sim_live(const sim_options *options, sim_report *report)
{
    static sim s;
    sim_verdict verdict = {.good = true};
    int64_t resting_us = 0;
    world_begin(&s, options, report);
    while (!s.oracle.broken && !person_is_satisfied(&s)) {
        world_ms(&s);
        come_to_an_end(&s, &resting_us);
    }
    if (!s.oracle.broken) oracle_books(&s);
    verdict.root = s.oracle.root;
    verdict.pulses = s.oracle.fired;
    verdict.good = !s.oracle.broken;
    snprintf(verdict.what, sizeof verdict.what, "%s", s.oracle.what);
    report->lives++;
    report->failed += !verdict.good;
    world_end(&s);
    const uint64_t disk = disk_digest();
    sim_note(&disk, sizeof disk);
    verdict.digest = sim_digest;
    return verdict;
}
