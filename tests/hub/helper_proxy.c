#include "helper_proxy.h"

#include "helper_server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST_MARKS 4096

static char folder[64];
static int listener = -1, bell[2];
static pthread_t thread;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
    int direction;
    uint64_t limit, count[2];
    bool stays, has_cut, ends;
    void (*at_cut)(void);
    uint64_t marks[2][MOST_MARKS];
    size_t mark_count[2];
} state;

/* Messages of one direction of one connection: a length, but for the client's first behind a type byte. */
typedef struct framing {
    bool first;
    uint64_t left; /* bytes until the message ends; 0: its head is being read */
    uint8_t head[5];
    unsigned have;
} framing;

static void die(const char *what)
{
    fprintf(stderr, "test proxy: %s: %s\n", what, strerror(errno));
    abort();
}

static struct sockaddr_un address_in(const char *where)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", where);
    return address;
}

static void follow(framing *f, int direction, const uint8_t *bytes, size_t size, uint64_t before)
{
    for (size_t i = 0; i < size;) {
        if (!f->left) {
            const unsigned head = f->first ? 4 : 5;
            f->head[f->have++] = bytes[i++];
            if (f->have < head) continue;
            const uint8_t *n = f->head + (f->first ? 0 : 1);
            f->left = ((uint64_t)n[0] << 24 | (uint64_t)n[1] << 16 | (uint64_t)n[2] << 8 | n[3]) - 4;
            f->have = 0;
            f->first = false;
        } else {
            const uint64_t take = f->left < size - i ? f->left : size - i;
            f->left -= take;
            i += take;
        }
        if (!f->left && !f->have && state.mark_count[direction] < MOST_MARKS)
            state.marks[direction][state.mark_count[direction]++] = before + i;
    }
}

/* One read of one direction. false: the connection is over. */
static bool pass(int from, int to, int direction, framing *f)
{
    uint8_t bytes[8192];
    const ssize_t got = read(from, bytes, sizeof bytes);
    if (got <= 0) return false;
    pthread_mutex_lock(&mutex);
    const uint64_t before = state.count[direction];
    const bool counts = !state.has_cut && state.direction == direction;
    const bool cuts = counts && state.limit < before + (uint64_t)got;
    const size_t size = cuts ? (size_t)(state.limit - before) : (size_t)got;
    state.count[direction] += size;
    follow(f, direction, bytes, size, before);
    void (*const at_cut)(void) = cuts ? state.at_cut : NULL;
    if (cuts) state.has_cut = true;
    pthread_mutex_unlock(&mutex);
    for (size_t at = 0; at < size;) {
        const ssize_t put = send(to, bytes + at, size - at, MSG_NOSIGNAL);
        if (put <= 0) return false;
        at += (size_t)put;
    }
    if (at_cut) at_cut();
    return !cuts;
}

static void serve(int client)
{
    const struct sockaddr_un address = address_in(helper_server_socket());
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    framing up = {.first = true}, down = {0};
    if (connect(server, (const struct sockaddr *)&address, sizeof address) == 0)
        for (bool goes = true; goes;) {
            struct pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {bell[0], POLLIN, 0}};
            if (poll(ends, 3, -1) < 0 || ends[2].revents) break;
            if (ends[0].revents) goes = pass(client, server, PROXY_UP, &up);
            if (goes && ends[1].revents) goes = pass(server, client, PROXY_DOWN, &down);
        }
    close(server);
    close(client);
}

static void *run(void *self)
{
    (void)self;
    for (;;) {
        struct pollfd ends[] = {{listener, POLLIN, 0}, {bell[0], POLLIN, 0}};
        if (poll(ends, 2, -1) < 0 || ends[1].revents) return NULL;
        const int client = accept(listener, NULL, NULL);
        if (client < 0) return NULL;
        pthread_mutex_lock(&mutex);
        const bool refuse = state.has_cut && state.stays;
        pthread_mutex_unlock(&mutex);
        if (refuse)
            close(client);
        else
            serve(client); /* one at a time: a push has one line */
    }
}

void proxy_start(void)
{
    strcpy(folder, "/tmp/flproxyXXXXXX");
    if (!mkdtemp(folder) || pipe(bell) != 0) die("a folder");
    const struct sockaddr_un address = address_in(folder);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0)
        die("bind");
    if (pthread_create(&thread, NULL, run, NULL) != 0) die("thread");
}

void proxy_stop(void)
{
    if (listener < 0) return;
    if (write(bell[1], "x", 1) != 1) die("bell");
    pthread_join(thread, NULL);
    close(listener);
    close(bell[0]);
    close(bell[1]);
    unlink(address_in(folder).sun_path);
    rmdir(folder);
    listener = -1;
}

void proxy_arm(int direction, uint64_t limit, bool stays, void (*at_cut)(void))
{
    pthread_mutex_lock(&mutex);
    state.direction = direction;
    state.limit = limit;
    state.stays = stays;
    state.at_cut = at_cut;
    state.has_cut = false;
    memset(state.count, 0, sizeof state.count);
    memset(state.mark_count, 0, sizeof state.mark_count);
    pthread_mutex_unlock(&mutex);
}

bool proxy_has_cut(void)
{
    pthread_mutex_lock(&mutex);
    const bool cut = state.has_cut;
    pthread_mutex_unlock(&mutex);
    return cut;
}

uint64_t proxy_bytes(int direction)
{
    pthread_mutex_lock(&mutex);
    const uint64_t count = state.count[direction];
    pthread_mutex_unlock(&mutex);
    return count;
}

size_t proxy_marks(int direction, uint64_t *marks, size_t room)
{
    pthread_mutex_lock(&mutex);
    const size_t count = state.mark_count[direction] < room ? state.mark_count[direction] : room;
    memcpy(marks, state.marks[direction], count * sizeof *marks);
    pthread_mutex_unlock(&mutex);
    return count;
}

const char *proxy_uri(const char *database, const char *login, char room[256])
{
    snprintf(room, 256,
             "host=%s user=%s dbname=%s connect_timeout=10 sslmode=disable gssencmode=disable "
             "options='-c client_min_messages=error'",
             folder, login, database);
    return room;
}
