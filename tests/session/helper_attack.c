#include "helper_attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int dial(attack *a)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, a->path, sizeof address.sun_path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    a->dials++;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    usleep(200);
    return -1;
}

/* Dials and hangs up as fast as it can. */
static void *knock(void *self)
{
    attack *a = self;
    while (!a->over) {
        const int fd = dial(a);
        if (fd >= 0) close(fd);
    }
    return NULL;
}

/* Gives orders as fast as the socket takes them, and dials again when it is cut off. */
static void *shout(void *self)
{
    attack *a = self;
    char line[64];
    while (!a->over) {
        const int fd = dial(a);
        for (int n = 1; fd >= 0 && !a->over; n++) {
            const int size =
                snprintf(line, sizeof line, "{\"do\":\"zone\",\"order\":%d,\"zone\":\"F-L\"}\n", n);
            const ssize_t put = send(fd, line, (size_t)size, MSG_NOSIGNAL);
            if (put == size)
                a->orders++;
            else if (put < 0)
                usleep(500);
            if (put < 0 && send(fd, "", 0, MSG_NOSIGNAL) < 0) break;
        }
        if (fd >= 0) close(fd);
    }
    return NULL;
}

/* Connects and never reads, with a small buffer, so that its queue runs over. */
static void *turn_deaf(void *self)
{
    attack *a = self;
    while (!a->over) {
        const int fd = dial(a), small = 2048;
        if (fd < 0) continue;
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        for (int i = 0; i < 20 && !a->over; i++) usleep(50000);
        close(fd);
    }
    return NULL;
}

/* Dies in the middle of a line, or after garbage, or after a line without end. */
static void *die(void *self)
{
    attack *a = self;
    static const char half[] = "{\"do\":\"arm\",\"ord", garbage[] = "\xff\x00GET / HTTP/1.1\r\n";
    char endless[4096];
    memset(endless, '[', sizeof endless);
    for (unsigned i = 0; !a->over; i++) {
        const int fd = dial(a);
        if (fd < 0) continue;
        const void *bytes = i % 3 == 0 ? half : i % 3 == 1 ? garbage : endless;
        const size_t size = i % 3 == 0 ? sizeof half - 1 : i % 3 == 1 ? sizeof garbage - 1 : sizeof endless;
        for (int k = 0; k < 5; k++) {
            const ssize_t put = send(fd, bytes, size, MSG_NOSIGNAL);
            if (put > 0) a->bytes += (unsigned long)put;
        }
        usleep(2000);
        close(fd);
    }
    return NULL;
}

void attack_begin(attack *a, const char *socket_path)
{
    static void *(*const ways[])(void *) = {knock, shout, turn_deaf, die};
    memset(a, 0, sizeof *a);
    snprintf(a->path, sizeof a->path, "%s", socket_path);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (pthread_create(&a->threads[i], NULL, ways[i], a) != 0) abort();
}

void attack_end(attack *a)
{
    a->over = true;
    for (size_t i = 0; i < sizeof a->threads / sizeof *a->threads; i++) pthread_join(a->threads[i], NULL);
}
