#include "speak_play.h"

#include <poll.h>
#include <time.h>

#define STEP_MS 1
#define IDLE_MS 10
#define READS_A_MS 8

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

fl_status speak_play(const speaker *who, void *self, twin_carrier *carrier, const volatile sig_atomic_t *end)
{
    const uint64_t start_ms = clock_ms();
    while (!*end) {
        struct pollfd wait = {.fd = carrier_wait_fd(carrier), .events = POLLIN};
        poll(&wait, 1, carrier->has_peer ? STEP_MS : IDLE_MS);
        if (!who->tick(self, clock_ms() - start_ms)) return FL_E_DEVICE;
        char bytes[1024];
        size_t size;
        for (int i = 0; i < READS_A_MS && carrier_read(carrier, bytes, sizeof bytes, &size) == CARRIER_BYTES;
             i++)
            who->take(self, bytes, size);
        size = who->give(self, bytes, sizeof bytes);
        if (size) carrier_write(carrier, bytes, size);
    }
    return FL_OK;
}
