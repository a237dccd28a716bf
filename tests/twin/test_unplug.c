/* labels: fault slow   timeout: 3600   needs: fadeline-twin */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/link/laser.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A MicroJewel that is pulled out at a random instant, over a real pseudo-terminal and in real time: while it
 * is greeted, opened, set, or watched. Whatever was going on, the laser is GONE within a second of it, good
 * nowhere after it, and no setting is believed. FL_CASES: instants, 1,000. */

static char port[64];

static pid_t switch_on(unsigned yank_ms)
{
    int out[2];
    char fault[40];
    snprintf(port, sizeof port, "/tmp/fl-unplug-%ld", (long)getpid());
    snprintf(fault, sizeof fault, "yank=%u", yank_ms);
    if (pipe(out) != 0) abort();
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

/* How far it had come: for the report. */
static int pull(const fl_dialect *dialect, unsigned yank_ms)
{
    fl_carrier carrier;
    fl_laser laser;
    fl_error error = {0};
    int seen = -1;
    const pid_t twin = switch_on(yank_ms);
    const fl_carrier_options how = {.baud = 115200, .other_words = true};
    if (fl_carrier_open(port, &how, &carrier, &error) == FL_OK) {
        fl_laser_init(&laser, &carrier, dialect, fl_clock_system());
        CHECK(fl_laser_set(&laser, "rate_Hz", 7.5, NULL) == FL_OK, "refused");
        bool dead = false;
        for (int i = 0; i < 5000 && laser.status.phase != FL_LASER_GONE; i++) {
            dead = dead || waitpid(twin, NULL, WNOHANG) == twin;
            fl_laser_tick(&laser);
            if (laser.status.phase != FL_LASER_GONE) seen = laser.status.good ? 9 : (int)laser.status.phase;
            pause_ms(1);
        }
        CHECK(laser.status.phase == FL_LASER_GONE && !laser.status.good && laser.status.light, "%u ms: %s",
              yank_ms, fl_laser_phase_text(laser.status.phase));
        CHECK(laser.settings[0].state == FL_LASER_UNSET, "%u ms: a setting is believed", yank_ms);
        fl_laser_leave(&laser); /* must not hang on a line that is gone */
        CHECK(fl_laser_set(&laser, "rate_Hz", 5, NULL) == FL_E_REFUSED, "%u ms: set", yank_ms);
        fl_carrier_close(&carrier);
        if (!dead) waitpid(twin, NULL, 0);
    } else {
        CHECK(error.what[0], "no reason");
        kill(twin, SIGTERM);
        waitpid(twin, NULL, 0);
    }
    unlink(port);
    return seen;
}

static void pulled_out_at_random_instants(void)
{
    const char *text = getenv("FL_CASES");
    const unsigned count = text ? (unsigned)strtoul(text, NULL, 10) : 1000;
    unsigned by_phase[11] = {0};
    fl_random r;
    fl_dialect *dialect;
    fl_random_init(&r, 1000, 27);
    if (fl_dialect_load(FL_SOURCE_DIR "/devices/dialects/microjewel.yaml", &dialect, NULL) != FL_OK) abort();
    for (unsigned i = 0; i < count; i++) by_phase[1 + pull(dialect, (unsigned)(fl_random_u64(&r) % 800))]++;
    printf("\n    before it opened %u, greeting %u, opening %u, up %u, good %u\n", by_phase[0],
           by_phase[1 + FL_LASER_GREETING], by_phase[1 + FL_LASER_OPENING], by_phase[1 + FL_LASER_UP],
           by_phase[10]);
    CHECK(by_phase[1 + FL_LASER_GREETING] && by_phase[10], "the instants do not reach every phase");
    fl_dialect_free(dialect);
}

FL_TESTS("twin/unplug", TEST(pulled_out_at_random_instants))
