/* How soon the real fadeline-control acts, and the 50 ms bound in real time.
 *
 *     cmake --build build --target bench_latency
 *     build/tests/bench/bench_latency                       // histograms, unloaded then loaded
 *     nice -n 10 build/tests/bench/bench_latency --drops 10000 --lanes 24 --plain
 *
 *   --lanes N     sessions side by side (2; with --drops 8)
 *   --seconds S   of each of the two runs (60); with --drops: at the most (no limit)
 *   --spin N      programs that spin while loaded (twice the processors), beside one that fsyncs in a loop
 *   --drops N     instead: N host-only drops while firing; the longest time from the drop to the last pulse
 *   --place DIR   where journals are written (/tmp)
 *   --plain       without real time and locked memory, to leave others their processors
 *   --seed N      of the instants
 *
 * A tap between the two processes dates every frame; see tests/session/helper_tap.h for what that is worth. A
 * pseudo-terminal hands bytes over in a kernel worker of normal priority, so under load the line itself is
 * the slow part: figures are what they are, and nothing here fails for being slow. Only a pulse later than 50
 * ms after a drop (and the error of measuring, 1.2 ms) gives exit code 1.
 */
#include "helper_drop.h"
#include "helper_lane.h"

#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define LANES_MOST 64
#define SPIN_MOST 64

typedef struct options {
    unsigned lanes, seconds, spin, drops;
    const char *place;
    bool plain;
    uint64_t seed;
} options;

static char people[64];

/* ---- load ---- */

static pid_t load[SPIN_MOST + 1];
static unsigned load_count;

static void spin(void)
{
    for (volatile unsigned long n = 0;; n++) continue;
}

static void sync_for_ever(const char *place)
{
    char path[300], bytes[65536];
    memset(bytes, 'x', sizeof bytes);
    snprintf(path, sizeof path, "%s/fl-latency-load-%d", place, (int)getpid());
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    unlink(path);
    for (unsigned i = 0; fd >= 0; i++) {
        if (pwrite(fd, bytes, sizeof bytes, (off_t)(i % 256) * (off_t)sizeof bytes) < 0 || fsync(fd) != 0)
            break;
    }
}

static void begin_load(const options *o)
{
    for (load_count = 0; load_count < o->spin + 1; load_count++) {
        const pid_t child = fork();
        if (child == 0) {
            if (load_count < o->spin)
                spin();
            else
                sync_for_ever(o->place);
            _exit(0);
        }
        load[load_count] = child;
    }
}

static void end_load(void)
{
    for (unsigned i = 0; i < load_count; i++) kill(load[i], SIGKILL), waitpid(load[i], NULL, 0);
    load_count = 0;
}

/* ---- lanes that fire ---- */

static const char firing[] = "every ready +0.45 foot down\n"
                             "every 6 pulses foot up\n"
                             "every 6 pulses +0.25 foot down\n"
                             "every 80 pulses door open\n"
                             "every 80 pulses +0.3 door close\n"
                             "every standby foot up\n"
                             "every safe foot up\n";

typedef struct runner {
    lane l;
    const options *o;
    int64_t until_us;
    pthread_t thread;
    uint32_t grant_count; /* of samples of the process's own: token -> GRANT */
    int32_t grant_us[TAP_SAMPLES];
    int64_t pulses_told;
    uint64_t faults, late, pages, allocations;
    int64_t worst_us;
    bool real_time, locked;
} runner;

/* Each pulse comes with status lines; the newest number that goes with a new count is one sample. */
static void take_status(lane *l, const char *line, void *self)
{
    runner *r = self;
    if (strncmp(line, "{\"age_ms\"", 9) != 0 && !strstr(line, "\"type\":\"status\"")) return;
    const int64_t pulses = lane_number(l, "session_pulses"), us = lane_number(l, "grant_us");
    if (pulses == r->pulses_told || us < 0) return;
    r->pulses_told = pulses;
    if (r->grant_count < TAP_SAMPLES) r->grant_us[r->grant_count++] = (int32_t)us;
}

static void close_books(runner *r)
{
    if (!r->l.line[0]) return;
    const int64_t worst = lane_number(&r->l, "tick_worst_us");
    if (worst > r->worst_us) r->worst_us = worst;
    r->late += (uint64_t)lane_number(&r->l, "ticks_late");
    r->pages += (uint64_t)lane_number(&r->l, "armed_faults");
    r->allocations += (uint64_t)lane_number(&r->l, "armed_allocations");
    r->real_time = lane_number(&r->l, "rt") == 1;
    r->locked = lane_number(&r->l, "locked") == 1;
}

static void *fire(void *self)
{
    runner *r = self;
    while (!r->l.fault[0] && tap_now_us() < r->until_us) {
        if (strcmp(r->l.state, "STANDBY") == 0 || !r->l.state[0]) {
            lane_ready(&r->l);
        } else if (strcmp(r->l.state, "FAULT") == 0) { /* a line that was late: begin anew */
            close_books(r);
            r->faults++;
            lane_kill(&r->l);
            lane_start(&r->l);
        } else {
            lane_listen(&r->l, 100);
        }
    }
    close_books(r);
    return NULL;
}

/* ---- histograms ---- */

static int by_size(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

typedef struct figures {
    uint32_t count;
    double p50, p99, p999, most; /* ms */
} figures;

static figures figures_of(int32_t *us, uint32_t count)
{
    figures f = {.count = count};
    if (!count) return f;
    qsort(us, count, sizeof *us, by_size);
    f.p50 = us[count / 2] / 1e3;
    f.p99 = us[(uint64_t)count * 99 / 100] / 1e3;
    f.p999 = us[(uint64_t)count * 999 / 1000] / 1e3;
    f.most = us[count - 1] / 1e3;
    return f;
}

static const char *const rows[TAP_MEASURES + 1] = {
    "STAT asked -> GRANT written", "GRANT written -> fired, answered", "foot up -> shut ordered",
    "foot up -> shut seen",        "door open -> STOP or shut",        "door open -> shut seen",
    "between frames while hot",    "token -> GRANT (own clock)"};

static void gather(runner *all, unsigned lanes, figures out[TAP_MEASURES + 1])
{
    int32_t *pool = malloc(sizeof *pool * TAP_SAMPLES * lanes);
    for (int m = 0; pool && m <= TAP_MEASURES; m++) {
        uint32_t n = 0;
        for (unsigned i = 0; i < lanes; i++) {
            const tap_samples *s = m < TAP_MEASURES ? &all[i].l.tap.samples[m] : NULL;
            const uint32_t count = s ? s->count : all[i].grant_count;
            const uint32_t kept = count < TAP_SAMPLES ? count : TAP_SAMPLES;
            memcpy(pool + n, s ? s->us : all[i].grant_us, sizeof *pool * kept);
            n += kept;
        }
        out[m] = figures_of(pool, n);
    }
    free(pool);
}

static void tell_machine(const options *o)
{
    struct utsname name;
    struct statfs disk;
    double average[3] = {0};
    uname(&name);
    if (getloadavg(average, 3) < 0) average[0] = -1;
    printf("%s %s, %ld processors, load %.1f before; journals in %s (file system %lx)\n", name.sysname,
           name.release, sysconf(_SC_NPROCESSORS_ONLN), average[0], o->place,
           statfs(o->place, &disk) == 0 ? (unsigned long)disk.f_type : 0ul);
}

static bool run_once(const options *o, bool loaded, figures out[TAP_MEASURES + 1])
{
    runner *all = calloc(o->lanes, sizeof *all);
    if (!all) return false;
    const lane_options what = {.people = people,
                               .script = firing,
                               .place = o->place,
                               .no_real_time = o->plain,
                               .keep_samples = true};
    bool good = true;
    if (loaded) begin_load(o);
    for (unsigned i = 0; i < o->lanes; i++) {
        all[i].o = o;
        good = good && lane_open(&all[i].l, &what);
        all[i].l.told = take_status;
        all[i].l.told_self = &all[i];
        all[i].until_us = tap_now_us() + o->seconds * INT64_C(1000000);
        if (!good || pthread_create(&all[i].thread, NULL, fire, &all[i]) != 0) return false;
    }
    uint64_t pulses = 0, faults = 0, late = 0, pages = 0, allocations = 0;
    int64_t worst_us = 0;
    for (unsigned i = 0; i < o->lanes; i++) pthread_join(all[i].thread, NULL);
    if (loaded) end_load();
    for (unsigned i = 0; i < o->lanes; i++) {
        runner *r = &all[i];
        tap_seen seen;
        tap_look(&r->l.tap, &seen);
        pulses += seen.pulses, faults += r->faults, late += r->late, pages += r->pages;
        allocations += r->allocations;
        if (r->worst_us > worst_us) worst_us = r->worst_us;
    }
    printf("\n%s: %u lanes, %u s, control %s, tap %s, memory %s\n", loaded ? "LOADED" : "unloaded", o->lanes,
           o->seconds, all[0].real_time ? "SCHED_FIFO 20" : "normal priority",
           all[0].l.tap.real_time ? "SCHED_FIFO 30" : "normal", all[0].locked ? "locked" : "not locked");
    printf("  %llu pulses; worst time between ticks while armed %.2f ms, %llu beyond 20 ms; heap calls %llu, "
           "page faults "
           "%llu while armed; %llu faults of the line\n",
           (unsigned long long)pulses, (double)worst_us / 1e3, (unsigned long long)late,
           (unsigned long long)allocations, (unsigned long long)pages, (unsigned long long)faults);
    gather(all, o->lanes, out);
    printf("  %-34s %7s %8s %8s %8s %8s  ms\n", "", "n", "p50", "p99", "p99.9", "max");
    for (int m = 0; m <= TAP_MEASURES; m++)
        printf("  %-34s %7u %8.2f %8.2f %8.2f %8.2f\n", rows[m], out[m].count, out[m].p50, out[m].p99,
               out[m].p999, out[m].most);
    fflush(stdout);
    for (unsigned i = 0; i < o->lanes; i++) {
        lane_close(&all[i].l);
        if (all[i].l.fault[0]) fprintf(stderr, "lane %u: %s\n", i, all[i].l.fault), good = false;
        free(all[i].l.tap.samples);
    }
    free(all);
    return good;
}

static int histograms(const options *o)
{
    figures quiet[TAP_MEASURES + 1], busy[TAP_MEASURES + 1];
    if (!run_once(o, false, quiet) || !run_once(o, true, busy)) return 2;
    printf("\nloaded (%u spinning, one fsync loop) over unloaded:\n  %-34s %7s %8s %8s %8s\n", o->spin, "",
           "p50", "p99", "p99.9", "max");
    for (int m = 0; m <= TAP_MEASURES; m++)
        if (quiet[m].count && busy[m].count)
            printf("  %-34s %7.2f %8.2f %8.2f %8.2f\n", rows[m], busy[m].p50 / quiet[m].p50,
                   busy[m].p99 / quiet[m].p99, busy[m].p999 / quiet[m].p999, busy[m].most / quiet[m].most);
    return 0;
}

/* ---- the bound ---- */

static int drops(const options *o)
{
    static drop_lane all[LANES_MOST];
    drop_sum sum = {0};
    const int64_t begun = tap_now_us();
    for (unsigned i = 0; i < o->lanes; i++)
        if (!drop_begin(&all[i],
                        &(drop_options){.people = people,
                                        .place = o->place,
                                        .no_real_time = o->plain,
                                        .drops = o->drops / o->lanes + (i < o->drops % o->lanes),
                                        .until_us = o->seconds ? begun + o->seconds * INT64_C(1000000) : 0,
                                        .seed = o->seed,
                                        .index = i}))
            return 2;
    for (unsigned i = 0; i < o->lanes; i++) {
        drop_end(&all[i], &sum);
        if (all[i].l.fault[0]) fprintf(stderr, "lane %u: %s\n", i, all[i].l.fault);
    }
    printf("host-only drops while firing, real processes, %u lanes, %s, %.0f s\n", o->lanes,
           o->plain ? "normal priority" : "real time asked", (double)(tap_now_us() - begun) / 1e6);
    drop_print(&sum);
    return sum.beyond ? 1 : sum.drops < o->drops ? 2 : 0;
}

static bool take_number(const char *text, unsigned most, unsigned *value)
{
    char *end;
    const unsigned long n = strtoul(text, &end, 10);
    if (*end || n < 1 || n > most) return false;
    *value = (unsigned)n;
    return true;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"lanes", 1, NULL, 'l'}, {"seconds", 1, NULL, 's'}, {"spin", 1, NULL, 'c'}, {"drops", 1, NULL, 'd'},
        {"place", 1, NULL, 'p'}, {"plain", 0, NULL, 'n'},   {"seed", 1, NULL, 'r'}, {NULL, 0, NULL, 0}};
    options o = {.spin = 2 * (unsigned)sysconf(_SC_NPROCESSORS_ONLN), .place = "/tmp", .seed = 1};
    unsigned seed = 1;
    bool good = true;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 'l': good = good && take_number(optarg, LANES_MOST, &o.lanes); break;
        case 's': good = good && take_number(optarg, 86400, &o.seconds); break;
        case 'c': good = good && take_number(optarg, SPIN_MOST, &o.spin); break;
        case 'd': good = good && take_number(optarg, 1000000, &o.drops); break;
        case 'r': good = good && take_number(optarg, 1u << 30, &seed); break;
        case 'p': o.place = optarg; break;
        case 'n': o.plain = true; break;
        default: good = false;
        }
    }
    if (!good || optind < argc) return fputs("see the head of tests/bench/bench_latency.c\n", stderr), 2;
    if (!o.lanes) o.lanes = o.drops ? 8 : 2;
    if (!o.drops && !o.seconds) o.seconds = 60;
    if (o.lanes > LANES_MOST) return 2;
    o.seed = seed;
    signal(SIGPIPE, SIG_IGN);
    lane_people(people);
    tell_machine(&o);
    const int code = o.drops ? drops(&o) : histograms(&o);
    lane_people_gone(people);
    return code;
}
