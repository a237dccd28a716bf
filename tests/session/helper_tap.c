#include "helper_tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PRIORITY 30
#define SHUT_BITS (3u << 11) /* both shutters proven shut, grant link section 5 */

int64_t tap_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void sample(tap *t, tap_measure what, int64_t us)
{
    if (!t->samples) return;
    tap_samples *s = &t->samples[what];
    if (s->count < TAP_SAMPLES) s->us[s->count] = (int32_t)us;
    s->count++;
}

/* " key=" as a number of the base; 0 when it is not there. */
static uint64_t field(const char *line, const char *key, int base)
{
    const char *at = strstr(line, key);
    return at ? strtoull(at + strlen(key), NULL, base) : 0;
}

static uint32_t number_of(const char *line)
{
    char digits[9];
    memcpy(digits, line + 9, 8);
    digits[8] = 0;
    return (uint32_t)strtoul(digits, NULL, 16);
}

static void shut_ordered(tap *t, int64_t us)
{
    if (t->foot_us) sample(t, TAP_FOOT_TO_SHUT_ORDER, us - t->foot_us), t->foot_us = 0;
    if (t->door_us) sample(t, TAP_DOOR_TO_STOP, us - t->door_us), t->door_us = 0;
}

static void host_said(tap *t, const char *line, int64_t us)
{
    if (line[0] != '>' || strlen(line) < 19) return;
    const char *body = line + 18;
    const uint32_t number = number_of(line);
    t->asked[number % 64].number = number;
    t->asked[number % 64].us = us;
    const bool grant = strncmp(body, "GRANT ", 6) == 0;
    const bool hot = t->seen.state == 2 || t->seen.state == 3;
    if (hot && t->spoke_us) sample(t, TAP_POLL_GAP, us - t->spoke_us);
    t->spoke_us = us;
    if (strncmp(body, "POLL sh=0", 9) == 0 || strncmp(body, "STOP", 4) == 0) shut_ordered(t, us);
    if (!grant) return;
    const uint32_t answers = (uint32_t)field(body, " f=", 16);
    if (t->asked[answers % 64].number == answers)
        sample(t, TAP_STAT_TO_GRANT, us - t->asked[answers % 64].us);
    t->seen.grants++;
    t->grant_number = number;
    t->grant_us = us;
}

static void twin_said(tap *t, const char *line, int64_t us)
{
    if (line[0] != '<' || strlen(line) < 19 || strncmp(line + 18, "STAT ", 5) != 0) return;
    const char *body = line + 17;
    const uint64_t t_ms = field(body, " t=", 16), counter = field(body, " k=", 16);
    const int64_t begin_us = us - (int64_t)t_ms * 1000;
    if (!t->begin_us || begin_us < t->begin_us) t->begin_us = begin_us;
    t->seen.state = (int)field(body, " st=", 10);
    const bool shut = (field(body, " in=", 16) & SHUT_BITS) == SHUT_BITS;
    if (shut && t->foot_shut_us) sample(t, TAP_FOOT_TO_SHUT, us - t->foot_shut_us), t->foot_shut_us = 0;
    if (shut && t->door_shut_us) sample(t, TAP_DOOR_TO_SHUT, us - t->door_shut_us), t->door_shut_us = 0;
    if (t->counter && counter > t->counter) {
        t->seen.pulses += counter - t->counter;
        t->pulse_t_ms = t_ms;
        t->seen.pulse_seen_us = us;
        if (number_of(line) == t->grant_number) sample(t, TAP_GRANT_TO_STAT, us - t->grant_us);
    }
    t->counter = counter;
}

/* The twin says an event as its script has it, the cue before it. */
static bool ends(const char *line, const char *words)
{
    const size_t size = strlen(line), last = strlen(words);
    return size >= last && strcmp(line + size - last, words) == 0;
}

static void room_said(tap *t, const char *line, int64_t us)
{
    const bool firing = t->seen.state == 3;
    if (firing && ends(line, " foot up")) t->foot_us = t->foot_shut_us = us;
    if (firing && ends(line, " door open")) t->door_us = t->door_shut_us = us;
}

static void take(tap *t, char room[TAP_LINE], unsigned *size, const char *bytes, ssize_t got, int64_t us,
                 void (*line)(tap *, const char *, int64_t))
{
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] == '\n') {
            room[*size] = 0;
            line(t, room, us);
            *size = 0;
        } else if (*size < TAP_LINE - 1) {
            room[(*size)++] = bytes[i];
        }
    }
}

static int dial(unsigned port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return close(fd), -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void pass(int to, const char *bytes, ssize_t size)
{
    if (to >= 0 && write(to, bytes, (size_t)size) < 0)
        return; /* the line lost it; both sides can live with that */
}

static void *run(void *self)
{
    tap *t = self;
    char bytes[4096];
    for (;;) {
        pthread_mutex_lock(&t->lock);
        const bool closing = t->closing;
        if (t->dial) {
            close(t->twin);
            usleep(50000); /* the twin takes one caller: it must see the old one go */
            tcflush(t->master, TCIOFLUSH);
            t->twin = dial(t->port);
            t->dial = false;
        }
        pthread_mutex_unlock(&t->lock);
        if (closing) return NULL;
        struct pollfd fds[3] = {{.fd = t->master, .events = POLLIN},
                                {.fd = t->twin, .events = POLLIN},
                                {.fd = t->said, .events = POLLIN}};
        poll(fds, 3, 50);
        const int sides[3] = {t->master, t->twin, t->said};
        for (int i = 0; i < 3; i++) {
            if (!(fds[i].revents & (POLLIN | POLLHUP))) continue;
            const ssize_t got = read(sides[i], bytes, sizeof bytes);
            const int64_t us = tap_now_us();
            if (got <= 0) {
                if (got == 0 && i == 2) t->said = -1; /* the twin is gone */
                if (got == 0 && i == 1) close(t->twin), t->twin = -1;
                continue;
            }
            if (i == 0) pass(t->twin, bytes, got);
            if (i == 1) pass(t->master, bytes, got);
            pthread_mutex_lock(&t->lock);
            if (i == 0) take(t, t->from_host, &t->host_size, bytes, got, us, host_said);
            if (i == 1) take(t, t->from_twin, &t->twin_size, bytes, got, us, twin_said);
            if (i == 2) take(t, t->from_room, &t->room_size, bytes, got, us, room_said);
            t->seen.frames += i < 2;
            pthread_mutex_unlock(&t->lock);
        }
    }
}

bool tap_open(tap *t, const char *link, unsigned port, int said, bool keep_samples)
{
    *t = (tap){.said = said, .port = port};
    snprintf(t->link, sizeof t->link, "%s", link);
    t->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    char name[64];
    if (t->master < 0 || grantpt(t->master) != 0 || unlockpt(t->master) != 0 ||
        ptsname_r(t->master, name, sizeof name) != 0)
        return false;
    t->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC); /* held, so that the master never hangs up */
    struct termios raw;
    if (t->slave < 0 || tcgetattr(t->slave, &raw) != 0) return false;
    cfmakeraw(&raw);
    tcsetattr(t->slave, TCSANOW, &raw);
    unlink(link);
    if (symlink(name, link) != 0) return false;
    t->twin = dial(port);
    if (t->twin < 0) return false;
    if (keep_samples) t->samples = calloc(TAP_MEASURES, sizeof *t->samples);
    pthread_mutexattr_t inherits;
    pthread_mutexattr_init(&inherits);
    pthread_mutexattr_setprotocol(&inherits, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&t->lock, &inherits);
    if (pthread_create(&t->thread, NULL, run, t) != 0) return false;
    const struct sched_param parameter = {.sched_priority = PRIORITY};
    t->real_time = pthread_setschedparam(t->thread, SCHED_FIFO, &parameter) == 0;
    return true;
}

void tap_redial(tap *t)
{
    pthread_mutex_lock(&t->lock);
    t->dial = true;
    pthread_mutex_unlock(&t->lock);
    for (bool done = false; !done; usleep(10000)) {
        pthread_mutex_lock(&t->lock);
        done = !t->dial;
        pthread_mutex_unlock(&t->lock);
    }
}

void tap_look(tap *t, tap_seen *seen)
{
    pthread_mutex_lock(&t->lock);
    *seen = t->seen;
    /* Sampled within that millisecond of the laser's clock: at the latest at its end. */
    if (t->seen.pulses) seen->pulse_us = t->begin_us + (int64_t)(t->pulse_t_ms + 1) * 1000;
    pthread_mutex_unlock(&t->lock);
}

void tap_close(tap *t)
{
    pthread_mutex_lock(&t->lock);
    t->closing = true;
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    close(t->master);
    close(t->slave);
    if (t->twin >= 0) close(t->twin);
    unlink(t->link);
    pthread_mutex_destroy(&t->lock);
}
