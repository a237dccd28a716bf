#include "fadeline/base/clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static fl_instant now(void *self)
{
    (void)self;
    return (fl_instant){read_us(CLOCK_MONOTONIC)};
}

static fl_instant boot(void *self)
{
    (void)self;
    return (fl_instant){read_us(CLOCK_BOOTTIME)};
}

static fl_utc utc(void *self)
{
    (void)self;
    return (fl_utc){read_us(CLOCK_REALTIME)};
}

const fl_clock *fl_clock_system(void)
{
    static const fl_clock clock = {now, boot, utc, NULL};
    return &clock;
}

static fl_utc utc_ahead(void *days)
{
    return (fl_utc){read_us(CLOCK_REALTIME) + *(const int64_t *)days * 86400000000};
}

fl_clock fl_clock_ahead(const int64_t *days)
{
    return (fl_clock){now, boot, utc_ahead, (void *)(uintptr_t)days}; /* only read */
}
