#include "stopwatch.h"

#include "gl1_frame.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_AT 9 /* after '<' and the session */
#define BODY_AT 18

void stopwatch_sent(stopwatch *w, const char *bytes, size_t length, int64_t now_us)
{
    uint64_t number;
    if (length < BODY_AT + 5 || memcmp(bytes + BODY_AT, "STAT ", 5) != 0) return;
    if (!gl1_read_hex(bytes + NUMBER_AT, 8, &number)) return;
    const unsigned at = w->stat_count++ % 16;
    w->stats[at].number = (uint32_t)number;
    w->stats[at].us = now_us;
}

static void whole(stopwatch *w, int64_t now_us)
{
    uint64_t number;
    const char *names = strstr(w->line, " f=");
    if (w->size < BODY_AT + 6 || memcmp(w->line + BODY_AT, "GRANT ", 6) != 0 || !names ||
        !gl1_read_hex(names + 3, 8, &number))
        return;
    for (unsigned i = 0; i < 16 && i < w->stat_count; i++) {
        if (w->stats[i].number != number) continue;
        if (w->count < STOPWATCH_SAMPLES) w->us[w->count] = (int32_t)(now_us - w->stats[i].us);
        w->count++;
        return;
    }
}

void stopwatch_heard(stopwatch *w, const char *bytes, size_t length, int64_t now_us)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\n') {
            if (w->size < STOPWATCH_LINE - 1) w->line[w->size++] = bytes[i];
            continue;
        }
        w->line[w->size] = 0;
        whole(w, now_us);
        w->size = 0;
    }
}

static int by_size(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

void stopwatch_tell(stopwatch *w, char *room, size_t size)
{
    const uint32_t kept = w->count < STOPWATCH_SAMPLES ? w->count : STOPWATCH_SAMPLES;
    qsort(w->us, kept, sizeof *w->us, by_size);
    if (!kept)
        snprintf(room, size, "turnaround: no grant came");
    else
        snprintf(room, size, "turnaround of %u grants, us: p50 %d, p99 %d, max %d", w->count, w->us[kept / 2],
                 w->us[(uint64_t)kept * 99 / 100], w->us[kept - 1]);
}
