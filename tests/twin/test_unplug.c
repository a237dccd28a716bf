/* labels: fault slow   timeout: 3600   needs: fadeline-twin */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/link/laser.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A MicroJewel that is pulled out at a random instant, over a real pseudo-terminal and in real time: while it
 * is greeted, opened, set, or watched. Whatever was going on, the laser is GONE within a second of it, good
 * nowhere after it, and no setting is believed. FL_CASES: instants, 1,000; FL_LANES: side by side, 8.
 *
 * Lasers on the grant link, with journal and memory: tests/disturb/test_unplug.c.
 */

#define LANES_MOST 64
#define GONE_MS 1000

typedef struct instant {
    unsigned yank_ms;
    int seen; /* how far it had come: phase, 9 good, -1 it never opened */
    char wrong[120];
} instant;

typedef struct crew {
    const fl_dialect *dialect;
    instant *all;
    unsigned count, next;
    pthread_mutex_t lock;
} crew;

static pid_t switch_on(const char *port, unsigned yank_ms)
{
    int out[2];
    char fault[40];
    snprintf(fault, sizeof fault, "yank=%u", yank_ms);
    if (pipe2(out, O_CLOEXEC) != 0) abort();
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        execl(FL_BUILD_DIR "/fadeline-twin", "fadeline-twin", "--speak", "microjewel", "--pty", port,
              "--fault", fault, NULL);
        _exit(72);
    }
    char text[200] = "";
    close(out[1]);
    struct pollfd wait = {.fd = out[0], .events = POLLIN};
    if (poll(&wait, 1, 20000) != 1 || read(out[0], text, sizeof text - 1) <= 0) abort();
    close(out[0]);
    return pid;
}

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static int64_t now_ms(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us / 1000;
}

static void expect(instant *i, bool good, const char *what)
{
    if (!good && !i->wrong[0]) snprintf(i->wrong, sizeof i->wrong, "%u ms: %s", i->yank_ms, what);
}

static void live_until_it_is_gone(instant *i, fl_laser *laser, pid_t twin)
{
    int64_t died = 0;
    for (int64_t until = now_ms() + 20000; now_ms() < until && laser->status.phase != FL_LASER_GONE;) {
        if (!died && waitpid(twin, NULL, WNOHANG) == twin) died = now_ms();
        const bool late = died && now_ms() > died + GONE_MS;
        fl_laser_tick(laser);
        if (laser->status.phase == FL_LASER_GONE) break;
        expect(i, !late, "still there a second after the plug was pulled");
        i->seen = laser->status.good ? 9 : (int)laser->status.phase;
        pause_ms(1);
    }
    if (!died) waitpid(twin, NULL, 0);
}

static void pull(const fl_dialect *dialect, const char *port, instant *i)
{
    fl_carrier carrier;
    fl_laser laser;
    fl_error error = {0};
    const pid_t twin = switch_on(port, i->yank_ms);
    const fl_carrier_options how = {.baud = 115200, .other_words = true};
    i->seen = -1;
    if (fl_carrier_open(port, &how, &carrier, &error) == FL_OK) {
        fl_laser_init(&laser, &carrier, dialect, fl_clock_system());
        expect(i, fl_laser_set(&laser, "rate_Hz", 7.5, NULL) == FL_OK, "a setting is refused");
        live_until_it_is_gone(i, &laser, twin);
        expect(i, laser.status.phase == FL_LASER_GONE && !laser.status.good && laser.status.light,
               fl_laser_phase_text(laser.status.phase));
        expect(i, laser.settings[0].state == FL_LASER_UNSET, "a setting is believed");
        fl_laser_leave(&laser); /* must not hang on a line that is gone */
        expect(i, fl_laser_set(&laser, "rate_Hz", 5, NULL) == FL_E_REFUSED, "a setting is taken");
        fl_carrier_close(&carrier);
    } else {
        expect(i, error.what[0], "no reason");
        kill(twin, SIGTERM);
        waitpid(twin, NULL, 0);
    }
    unlink(port);
}

static void *work(void *self)
{
    crew *c = self;
    char port[64];
    for (;;) {
        pthread_mutex_lock(&c->lock);
        const unsigned mine = c->next++;
        pthread_mutex_unlock(&c->lock);
        if (mine >= c->count) return NULL;
        snprintf(port, sizeof port, "/tmp/fl-unplug-%ld-%u", (long)getpid(), mine);
        pull(c->dialect, port, &c->all[mine]);
    }
}

static unsigned from_environment(const char *name, unsigned usual)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : usual;
}

static void pulled_out_at_random_instants(void)
{
    crew c = {.count = from_environment("FL_CASES", 1000), .lock = PTHREAD_MUTEX_INITIALIZER};
    const unsigned wanted = from_environment("FL_LANES", 8),
                   lanes = wanted < LANES_MOST ? wanted : LANES_MOST;
    unsigned by_phase[11] = {0};
    pthread_t thread[LANES_MOST];
    fl_random r;
    fl_dialect *dialect;
    c.all = calloc(c.count, sizeof *c.all);
    fl_random_init(&r, from_environment("FL_SEED", 1000), 27);
    if (!c.all || fl_dialect_load(FL_SOURCE_DIR "/devices/dialects/microjewel.yaml", &dialect, NULL) != FL_OK)
        abort();
    c.dialect = dialect;
    for (unsigned i = 0; i < c.count; i++) c.all[i].yank_ms = (unsigned)(fl_random_u64(&r) % 800);
    for (unsigned i = 0; i < lanes; i++)
        if (pthread_create(&thread[i], NULL, work, &c) != 0) abort();
    for (unsigned i = 0; i < lanes; i++) pthread_join(thread[i], NULL);
    for (unsigned i = 0; i < c.count; i++) {
        by_phase[1 + c.all[i].seen]++;
        CHECK(!c.all[i].wrong[0], "%s", c.all[i].wrong);
    }
    printf("\n    %u instants: before it opened %u, greeting %u, opening %u, up %u, good %u\n", c.count,
           by_phase[0], by_phase[1 + FL_LASER_GREETING], by_phase[1 + FL_LASER_OPENING],
           by_phase[1 + FL_LASER_UP], by_phase[10]);
    CHECK(by_phase[1 + FL_LASER_GREETING] && by_phase[10], "the instants do not reach every phase");
    fl_dialect_free(dialect);
    free(c.all);
}

FL_TESTS("twin/unplug", TEST(pulled_out_at_random_instants))
