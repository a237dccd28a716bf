#include "fadeline/base/random.h"

#include <sys/random.h>

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void fl_random_init(fl_random *random, uint64_t seed, uint64_t stream)
{
    /* Hash the stream first: neighbouring streams of one seed must not begin alike. */
    uint64_t state = stream;
    state = seed ^ splitmix64(&state);
    for (int i = 0; i < 4; i++) random->s[i] = splitmix64(&state);
}

fl_status fl_random_secret(void *bytes, size_t size)
{
    unsigned char *at = bytes;
    while (size) {
        const ssize_t got = getrandom(at, size, 0);
        if (got <= 0) return FL_E_IO;
        at += got;
        size -= (size_t)got;
    }
    return FL_OK;
}
