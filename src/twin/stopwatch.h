/* Stopwatch: from a STAT that leaves to the last byte of the GRANT that names it, as the laser sees it: the
 * grant turnaround of the line and the host together. Watches bytes go by and changes nothing.
 */
#ifndef TWIN_STOPWATCH_H
#define TWIN_STOPWATCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STOPWATCH_SAMPLES 65536
#define STOPWATCH_LINE 256

typedef struct stopwatch {
    struct {
        uint32_t number;
        int64_t us;
    } stats[16]; /* the newest; a GRANT may name one of the last eight */
    unsigned stat_count;
    char line[STOPWATCH_LINE];
    size_t size;
    int32_t us[STOPWATCH_SAMPLES];
    uint32_t count; /* more than there is room for are counted, not kept */
} stopwatch;

void stopwatch_sent(stopwatch *w, const char *bytes, size_t length, int64_t now_us);
void stopwatch_heard(stopwatch *w, const char *bytes, size_t length, int64_t now_us);
/* "turnaround of 100 grants, us: p50 1, p99 2, max 3"; sorts what it has. */
void stopwatch_tell(stopwatch *w, char *room, size_t size);

#endif
