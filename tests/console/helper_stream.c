#include "helper_stream.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Whole chunks only: size in hexadecimal, CR LF, bytes, CR LF. */
static void unchunk(stream *s)
{
    for (;;) {
        char *end = memmem(s->raw, s->raw_size, "\r\n", 2);
        if (!end) return;
        const size_t size = strtoul(s->raw, NULL, 16), head = (size_t)(end + 2 - s->raw);
        if (s->raw_size < head + size + 2 || s->text_size + size >= sizeof s->text) return;
        memcpy(s->text + s->text_size, s->raw + head, size);
        s->text_size += size;
        s->raw_size -= head + size + 2;
        memmove(s->raw, s->raw + head + size + 2, s->raw_size);
    }
}

static bool more(stream *s, int ms)
{
    struct pollfd ready = {.fd = s->fd, .events = POLLIN};
    if (s->raw_size == sizeof s->raw || poll(&ready, 1, ms) != 1) return false;
    const ssize_t got = read(s->fd, s->raw + s->raw_size, sizeof s->raw - s->raw_size);
    if (got <= 0) return false;
    s->raw_size += (size_t)got;
    s->at_us = now_us();
    return true;
}

bool stream_open(stream *s, const http_browser *b, const char *last)
{
    char request[800];
    *s = (stream){.fd = http_connect(b->url)};
    const int size =
        snprintf(request, sizeof request, "GET /live HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n%s%s%s\r\n",
                 b->host, b->cookie, last ? "Last-Event-ID: " : "", last ? last : "", last ? "\r\n" : "");
    if (s->fd < 0 || write(s->fd, request, (size_t)size) != size) return false;
    char *end = NULL;
    while (!end && more(s, 5000)) end = memmem(s->raw, s->raw_size, "\r\n\r\n", 4);
    if (!end || strncmp(s->raw, "HTTP/1.1 200", 12) != 0) return stream_close(s), false;
    s->raw_size -= (size_t)(end + 4 - s->raw);
    memmove(s->raw, end + 4, s->raw_size);
    return true;
}

static void keep(const char *frame, size_t size, const char *name, char *room, size_t most)
{
    const size_t length = strlen(name);
    room[0] = 0;
    for (const char *at = frame; at && at < frame + size;
         at = memchr(at, '\n', (size_t)(frame + size - at)), at = at ? at + 1 : NULL)
        if (strncmp(at, name, length) == 0)
            snprintf(room, most, "%.*s", (int)strcspn(at + length, "\n"), at + length);
}

bool stream_next(stream *s, int ms)
{
    const int64_t end_us = now_us() + (int64_t)ms * 1000;
    do {
        unchunk(s);
        char *end = memmem(s->text, s->text_size, "\n\n", 2);
        if (!end) continue;
        const size_t size = (size_t)(end + 2 - s->text);
        keep(s->text, size, "event: ", s->kind, sizeof s->kind);
        keep(s->text, size, "id: ", s->id, sizeof s->id);
        keep(s->text, size, "data: ", s->data, sizeof s->data);
        s->text_size -= size;
        memmove(s->text, s->text + size, s->text_size);
        if (s->kind[0]) return true;
    } while (now_us() < end_us &&
             (memmem(s->text, s->text_size, "\n\n", 2) || more(s, (int)((end_us - now_us()) / 1000) + 1)));
    return false;
}

void stream_close(stream *s)
{
    if (s->fd >= 0) close(s->fd);
    s->fd = -1;
}
