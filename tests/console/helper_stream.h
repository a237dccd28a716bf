/* Server-sent events over a socket of the test's own: opened with a browser's cookie, read frame by frame. */
#ifndef FL_TESTS_CONSOLE_HELPER_STREAM_H
#define FL_TESTS_CONSOLE_HELPER_STREAM_H

#include "helper_http.h"

#include <stdint.h>

typedef struct stream {
    int fd;
    char raw[16384]; /* as it came, chunk marks and all */
    size_t raw_size;
    char text[16384]; /* without them */
    size_t text_size;
    char kind[24], id[64], data[5000]; /* of the newest frame */
    int64_t at_us;                     /* when its last byte was read; CLOCK_MONOTONIC */
} stream;

bool stream_open(stream *s, const http_browser *b, const char *last); /* last: Last-Event-ID, may be NULL */
bool stream_next(stream *s, int ms); /* the next event; comments are passed over */
void stream_close(stream *s);

#endif
