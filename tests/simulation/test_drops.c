/* labels: unit   timeout: 120 */
/* Host-only causes by the hundred thousand: a session is kept in the middle of firing and taken up again and
 * again; each time the line is bad in another way, and at another instant something goes bad that only the
 * host can know. No pulse may come later than T_TICK + T_GRANT = 50 ms. FL_DROPS says how many (3000 every
 * day, 10^6 in the slow run). The journal answers "done" and writes nothing here, so that time can go back;
 * the lives of test_everyday and test_year write. */
#include "sim.h"

#include "check.h"

#include <malloc.h>

#define PER_BASE 250
#define AFTER_MS 170

static sim s, kept;
static sim_os_kept kept_os;
static sim_report total;
static struct {
    void *at, *copy;
    size_t size;
} blobs[3];

static uint64_t drops_wanted(void)
{
    const char *text = getenv("FL_DROPS");
    return text ? strtoull(text, NULL, 0) : 3000;
}

static void keep_blob(int i, void *at, size_t size)
{
    free(blobs[i].copy);
    blobs[i].at = at;
    blobs[i].size = size;
    blobs[i].copy = malloc(size);
    if (!blobs[i].copy) abort();
    memcpy(blobs[i].copy, at, size);
}

static void keep(void)
{
    memcpy(&kept, &s, sizeof s);
    sim_os_keep(&kept_os);
    keep_blob(0, s.host.conduct, sizeof *s.host.conduct);
    keep_blob(1, s.host.conduct->core, malloc_usable_size(s.host.conduct->core));
    keep_blob(2, s.host.faces, malloc_usable_size(s.host.faces));
}

static void take_up_again(void)
{
    memcpy(&s, &kept, sizeof s);
    sim_os_return(&kept_os);
    for (int i = 0; i < 3; i++) memcpy(blobs[i].at, blobs[i].copy, blobs[i].size);
    while (!fl_writer_is_idle(s.host.writer) && fl_writer_status(s.host.writer) == FL_OK)
        fl_writer_work(s.host.writer);
    fl_writer_work(s.host.writer); /* looks around: the space that was gone is there again */
}

static void run(int ms)
{
    for (int i = 0; i < ms && !s.oracle.broken && s.host.conduct; i++) world_ms(&s);
}

/* A life without attacks, into the middle of a burst; false: this seed does not get there. */
static bool begin(uint64_t seed)
{
    const sim_options options = {.seed = seed, .pulses = 1u << 30, .stays = true};
    world_begin(&s, &options, &total);
    s.chaos.next_us = INT64_MAX;
    for (int ms = 0; ms < 60000 && s.oracle.fired < 3 + seed % 7; ms++) world_ms(&s);
    sim_append_mode = SIM_APPEND_PRETEND;
    s.person.burst = 1u << 30;
    for (int ms = 0; ms < 2000; ms++) {
        run(1);
        if (!world_is_firing(world_mode(&s))) continue;
        if (fl_writer_is_idle(s.host.writer) && !sim_has_news() && !s.wire.count && !s.wire.waiting)
            return true;
    }
    return false;
}

static void order(const char *before, const char *after, sim_cause cause)
{
    oracle_host_cause(&s, cause);
    person_say(&s, "%s%lld%s\n", before, (long long)++s.person.order, after);
}

static void take_away(uint64_t which)
{
    fl_conduct *c = s.host.conduct;
    oracle_host_cause(&s, SIM_CAUSE_CONDITION);
    switch (which) {
    case 0: c->eyewear[0] = 0; break;
    case 1: c->who[0] = 0; break;
    case 2: c->needs_supervisor = true; break;
    case 3: c->anchor.stand = ANCHOR_IS_AHEAD; break;
    default: c->journal_lost = true;
    }
}

static void go_bad(sim_cause cause)
{
    switch (cause) {
    case SIM_CAUSE_STANDBY: order("{\"do\":\"standby\",\"order\":", "}", cause); break;
    case SIM_CAUSE_SIGN_OUT: order("{\"do\":\"sign-out\",\"order\":", "}", cause); break;
    case SIM_CAUSE_ENDPOINT: order("{\"do\":\"endpoint\",\"order\":", ",\"seen\":\"spark\"}", cause); break;
    case SIM_CAUSE_END: order("{\"do\":\"end\",\"order\":", "}", cause); break;
    case SIM_CAUSE_HANG_UP:
        oracle_host_cause(&s, cause);
        sim_hang_up(s.person.line);
        s.person.here_us = INT64_MAX; /* and does not come back */
        break;
    case SIM_CAUSE_SPACE:
        s.host.free_bytes = 1u << 20;
        s.chaos.space_low = true; /* the cause begins when the writer looks */
        break;
    case SIM_CAUSE_SUSPEND:
        s.asleep_us += 1000000 + (int64_t)sim_below(&s.chance, 1000000000);
        oracle_host_cause(&s, cause);
        break;
    case SIM_CAUSE_FROZEN: /* for ever: to the laser, the same as killed */
        oracle_host_cause(&s, cause);
        s.host.frozen_until_us = INT64_MAX;
        break;
    case SIM_CAUSE_DAMAGE:
        oracle_host_cause(&s, cause);
        ((unsigned char *)s.host.conduct->core)[sim_below(&s.chance, 3)] ^=
            (unsigned char)(1u << sim_below(&s.chance, 8));
        s.chaos.damaged = true;
        break;
    default: take_away(sim_below(&s.chance, 5));
    }
}

static void one_drop(uint64_t number)
{
    static const sim_cause causes[] = {
        SIM_CAUSE_STANDBY, SIM_CAUSE_SIGN_OUT, SIM_CAUSE_ENDPOINT, SIM_CAUSE_END,    SIM_CAUSE_HANG_UP,
        SIM_CAUSE_SPACE,   SIM_CAUSE_SUSPEND,  SIM_CAUSE_FROZEN,   SIM_CAUSE_DAMAGE, SIM_CAUSE_CONDITION};
    take_up_again();
    fl_random_init(&s.chance, number, 31);
    fl_random_init(&s.line_dice, number, 32);
    fl_random_init(&s.disk_dice, number, 33);
    fl_random_init(&s.laser.wire.chance, number, 34);
    if (sim_below(&s.chance, 2))
        s.wire.grant_delay_us = 1000 * (int64_t)sim_below(&s.chance, 45);
    else
        s.wire.delay_us = 1000 * (int64_t)sim_below(&s.chance, 40);
    if (!sim_below(&s.chance, 4)) s.laser.wire.delay_ms = sim_below(&s.chance, 30);
    if (!sim_below(&s.chance, 4)) s.wire.duplicate_percent = 50;
    s.host.disk_latency_us = 1000 * (int64_t)sim_below(&s.chance, 12);
    run((int)sim_below(&s.chance, 160));
    if (world_is_firing(world_mode(&s))) go_bad(causes[number % (sizeof causes / sizeof *causes)]);
    run(AFTER_MS);
    CHECK(!s.oracle.broken, "drop %llu of life %llu: %s", (unsigned long long)number,
          (unsigned long long)s.options.seed, s.oracle.what);
}

static uint64_t drops(void)
{
    uint64_t all = 0;
    for (int i = 0; i < SIM_CAUSES; i++) all += total.drops[i];
    return all;
}

/* Whatever only the host knows to be bad: the last pulse comes within 50 ms of it. */
/* hazards: H02 H18 H26 */
static void no_pulse_later_than_50_ms(void)
{
    const uint64_t wanted = drops_wanted();
    uint64_t number = 0;
    int64_t worst_us = 0;
    for (uint64_t seed = 1; drops() < wanted && seed < 100000 && CU_get_number_of_failures() < 20; seed++) {
        if (begin(seed)) {
            keep();
            for (int i = 0; i < PER_BASE; i++) one_drop(number++);
            take_up_again();
        }
        world_end(&s);
    }
    printf("\n    %llu host-only drops while firing; newest pulse after one:", (unsigned long long)drops());
    for (int i = 0; i < SIM_CAUSES; i++) {
        if (!total.drops[i]) continue;
        printf(" %s %lld ms of %llu;", sim_cause_name((sim_cause)i), (long long)total.drop_worst_us[i] / 1000,
               (unsigned long long)total.drops[i]);
        if (total.drop_worst_us[i] > worst_us) worst_us = total.drop_worst_us[i];
    }
    printf("\n    worst %lld ms; ticks until no pulse was enabled (1, 2, ...):", (long long)worst_us / 1000);
    for (int i = 1; i < 6; i++) printf(" %llu", (unsigned long long)total.disarm_ticks[1][i]);
    printf("\n");
    CHECK(drops() >= wanted, "only %llu drops", (unsigned long long)drops());
    CHECK(worst_us <= SIM_DROP_BOUND_US, "%lld us", (long long)worst_us);
    CHECK(worst_us > 10000, "no pulse ever came late: nothing was tried (%lld us)", (long long)worst_us);
    for (int i = 0; i < 3; i++) free(blobs[i].copy);
}

FL_TESTS("simulation/drops", TEST(no_pulse_later_than_50_ms))
