#include "helper_relay.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#define PRIORITY 15 /* between the control process and the laser; a cable does not wait for a processor */
#define LOOK_MS 10  /* a terminal that nobody has open cannot be polled for */

struct relay {
    char laser[128], link[128];
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    int host, device, bell;
    bool ending, host_is_there;
    int64_t held_until, flood_until; /* ms */
    bool flood_laser;
    relay_rubbish flood_kind;
    _Atomic uint64_t rubbish;
    fl_random random;
    char last[512]; /* newest bytes of the laser, for RELAY_AGAIN */
    size_t last_size;
};

static int64_t now_ms(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us / 1000;
}

static void make_raw(int fd)
{
    struct termios line;
    if (tcgetattr(fd, &line) != 0) return;
    cfmakeraw(&line);
    line.c_cc[VMIN] = 1;
    line.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &line);
}

static void ring(relay *r)
{
    const uint64_t one = 1;
    if (write(r->bell, &one, sizeof one) < 0) return;
}

static void drop_device(relay *r)
{
    if (r->device >= 0) close(r->device);
    r->device = -1;
}

/* A new terminal for the host, under the old name. */
static void open_host(relay *r)
{
    char name[64], beside[160];
    r->host_is_there = false;
    r->host = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (r->host < 0 || grantpt(r->host) != 0 || unlockpt(r->host) != 0 ||
        ptsname_r(r->host, name, sizeof name) != 0)
        abort();
    make_raw(r->host);
    const int other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC); /* so that "nobody" reads as a hangup */
    if (other >= 0) close(other);
    snprintf(beside, sizeof beside, "%s.new", r->link);
    unlink(beside);
    if (symlink(name, beside) != 0 || rename(beside, r->link) != 0) abort();
}

static void open_device(relay *r)
{
    r->device = open(r->laser, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (r->device >= 0) make_raw(r->device);
}

static void pass(int to, const char *bytes, size_t size)
{
    if (to >= 0 && write(to, bytes, size) < 0) return; /* a full line loses bytes, as lines do */
}

static void from_host(relay *r)
{
    char bytes[512];
    for (int i = 0; i < 4 && r->host >= 0; i++) {
        const ssize_t got = read(r->host, bytes, sizeof bytes);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            r->host_is_there = true;
            return;
        }
        if (got <= 0) { /* nobody has it open: the laser sees that, too */
            if (r->host_is_there) drop_device(r);
            r->host_is_there = false;
            return;
        }
        r->host_is_there = true;
        if (r->device < 0) open_device(r);
        pass(r->device, bytes, (size_t)got);
    }
}

static void from_device(relay *r)
{
    char bytes[512];
    for (int i = 0; i < 4 && r->device >= 0; i++) {
        const ssize_t got = read(r->device, bytes, sizeof bytes);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) {
            drop_device(r); /* the laser is gone; the adapter of the cable is still there */
            return;
        }
        memcpy(r->last, bytes, (size_t)got);
        r->last_size = (size_t)got;
        pass(r->host, bytes, (size_t)got);
    }
}

static void pour(relay *r)
{
    char bytes[512];
    size_t size = sizeof bytes;
    switch (r->flood_kind) {
    case RELAY_LINES: memset(bytes, '\n', sizeof bytes); break;
    case RELAY_AGAIN:
        size = r->last_size;
        memcpy(bytes, r->last, size);
        break;
    default:
        for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)fl_random_u64(&r->random);
    }
    const int to = r->flood_laser ? r->device : r->host;
    for (int i = 0; i < 16 && to >= 0 && size; i++) {
        const ssize_t put = write(to, bytes, size);
        if (put <= 0) return;
        atomic_fetch_add(&r->rubbish, (uint64_t)put);
    }
}

static void *run(void *self)
{
    relay *r = self;
    const struct sched_param fifo = {.sched_priority = PRIORITY};
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &fifo); /* where it is allowed */
    pthread_mutex_lock(&r->lock);
    while (!r->ending) {
        const int64_t now = now_ms();
        const bool held = now < r->held_until, floods = now < r->flood_until;
        if (!held) {
            from_host(r);
            if (r->device < 0 && r->host_is_there) open_device(r);
            from_device(r);
        }
        if (floods) pour(r);
        struct pollfd fds[3] = {{.fd = r->bell, .events = POLLIN},
                                {.fd = held || !r->host_is_there ? -1 : r->host, .events = POLLIN},
                                {.fd = held ? -1 : r->device, .events = POLLIN}};
        pthread_mutex_unlock(&r->lock);
        poll(fds, 3, floods ? 1 : LOOK_MS);
        uint64_t rung;
        if ((fds[0].revents & POLLIN) && read(r->bell, &rung, sizeof rung) < 0) rung = 0;
        pthread_mutex_lock(&r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

relay *relay_new(const char *laser, const char *link, uint64_t seed)
{
    relay *r = calloc(1, sizeof *r);
    if (!r) abort();
    snprintf(r->laser, sizeof r->laser, "%s", laser);
    snprintf(r->link, sizeof r->link, "%s", link);
    r->device = -1;
    r->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    fl_random_init(&r->random, seed, 77);
    pthread_mutex_init(&r->lock, NULL);
    open_host(r);
    if (r->bell < 0 || pthread_create(&r->thread, NULL, run, r) != 0) abort();
    return r;
}

void relay_free(relay *r)
{
    if (!r) return;
    pthread_mutex_lock(&r->lock);
    r->ending = true;
    pthread_mutex_unlock(&r->lock);
    ring(r);
    pthread_join(r->thread, NULL);
    drop_device(r);
    if (r->host >= 0) close(r->host);
    close(r->bell);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

void relay_cut(relay *r)
{
    pthread_mutex_lock(&r->lock);
    drop_device(r);
    if (r->host >= 0) close(r->host);
    r->host = -1;
    r->host_is_there = false;
    pthread_mutex_unlock(&r->lock);
    ring(r);
}

void relay_plug(relay *r)
{
    pthread_mutex_lock(&r->lock);
    if (r->host < 0) open_host(r);
    pthread_mutex_unlock(&r->lock);
    ring(r);
}

void relay_hold(relay *r, int ms)
{
    pthread_mutex_lock(&r->lock);
    r->held_until = now_ms() + ms;
    pthread_mutex_unlock(&r->lock);
    ring(r);
}

void relay_flood(relay *r, bool to_laser, relay_rubbish kind, int ms)
{
    pthread_mutex_lock(&r->lock);
    r->flood_laser = to_laser;
    r->flood_kind = kind;
    r->flood_until = now_ms() + ms;
    pthread_mutex_unlock(&r->lock);
    ring(r);
}

uint64_t relay_rubbish_sent(const relay *r)
{
    return atomic_load(&r->rubbish);
}
