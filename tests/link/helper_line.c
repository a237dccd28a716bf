#include "helper_line.h"

#include <stdlib.h>
#include <string.h>

static fl_instant line_now(void *self)
{
    return (fl_instant){((line *)self)->now_us};
}

static bool is_lost(line *l)
{
    return l->lost_at && ++l->calls >= l->lost_at;
}

static fl_status line_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    line *l = carrier->self;
    *got = 0;
    if (is_lost(l)) return carrier->gone = true, FL_E_GONE;
    if (l->flood) return memset(bytes, '7', room), *got = room, FL_OK;
    for (size_t i = 0; i < l->due_count && *got < room;) {
        if (l->due[i].at_us > l->now_us) {
            i++;
            continue;
        }
        const size_t n = l->due[i].size < room - *got ? l->due[i].size : room - *got;
        memcpy((char *)bytes + *got, l->due[i].bytes, n);
        *got += n;
        if (n < l->due[i].size) {
            memmove(l->due[i].bytes, l->due[i].bytes + n, l->due[i].size - n);
            l->due[i].size -= n;
            break;
        }
        l->due_count--;
        memmove(&l->due[i], &l->due[i + 1], (l->due_count - i) * sizeof *l->due);
    }
    return FL_OK;
}

static fl_status line_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    line *l = carrier->self;
    *taken = 0;
    if (is_lost(l)) return carrier->gone = true, FL_E_GONE;
    if (size > l->room) size = l->room;
    if (l->said_size + size >= sizeof l->said) l->said_size = l->answered = 0;
    memcpy(l->said + l->said_size, bytes, size);
    l->said_size += size;
    l->said[l->said_size] = 0;
    *taken = size;
    for (char *end; l->hear && (end = memchr(l->said + l->answered, l->end, l->said_size - l->answered));) {
        char word[512];
        const size_t length = (size_t)(end - (l->said + l->answered));
        if (length >= sizeof word) abort();
        memcpy(word, l->said + l->answered, length);
        word[length] = 0;
        l->answered += length + 1;
        l->hear(l, word, l->self);
    }
    return FL_OK;
}

static void line_close(fl_carrier *carrier)
{
    (void)carrier;
}

static const fl_carrier_kind line_kind = {"test", line_read, line_write, NULL, line_close};

void line_init(line *l, bool simulated)
{
    memset(l, 0, sizeof *l);
    l->carrier = (fl_carrier){.kind = &line_kind, .self = l, .fd = -1, .simulated_only = simulated};
    l->clock = (fl_clock){.now = line_now, .boot = line_now, .self = l};
    l->now_us = 1000000;
    l->end = '\r';
    l->room = SIZE_MAX;
}

void line_answer_bytes(line *l, int after_ms, const char *bytes, size_t size)
{
    if (l->due_count == LINE_DUE || size > sizeof l->due->bytes) abort();
    l->due[l->due_count].at_us = l->now_us + after_ms * INT64_C(1000);
    memcpy(l->due[l->due_count].bytes, bytes, size);
    l->due[l->due_count++].size = size;
}

void line_answer(line *l, int after_ms, const char *bytes)
{
    line_answer_bytes(l, after_ms, bytes, strlen(bytes));
}

fl_talk_event line_run(line *l, fl_talk *talk, int step_ms, int most_ms)
{
    for (int ms = 0; ms <= most_ms; ms += step_ms) {
        const fl_talk_event event = fl_talk_tick(talk);
        if (event != FL_TALK_NOTHING) return event;
        l->now_us += step_ms * INT64_C(1000);
    }
    return FL_TALK_NOTHING;
}

void line_run_laser(line *l, fl_laser *laser, int step_ms, int ms)
{
    for (int done = 0; done < ms; done += step_ms) {
        l->now_us += step_ms * INT64_C(1000);
        fl_laser_tick(laser);
    }
}

size_t line_count(const line *l, const char *word)
{
    size_t count = 0;
    for (const char *at = l->said; (at = strstr(at, word)); at += strlen(word)) count++;
    return count;
}

const char *line_said(const line *l)
{
    return l->said;
}
