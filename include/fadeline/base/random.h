/* Random streams: xoshiro256** (Blackman & Vigna 2018), seeded through splitmix64 (Steele et al. 2014).
 *
 * One (seed, stream) pair is one sequence, the same on every machine. Work that is shared among threads gives
 * each block its own stream, so the answer does not depend on the number of threads. Not for keys: those
 * come from fl_random_secret.
 */
#ifndef FL_BASE_RANDOM_H
#define FL_BASE_RANDOM_H

#include "fadeline/base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct fl_random {
    uint64_t s[4];
} fl_random;

void fl_random_init(fl_random *random, uint64_t seed, uint64_t stream);

static inline uint64_t fl_random_u64(fl_random *random)
{
    uint64_t *s = random->s;
    const uint64_t times5 = s[1] * 5, result = (times5 << 7 | times5 >> 57) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* In [0, 1), 53 bits. */
static inline double fl_random_uniform(fl_random *random) { return (double)(fl_random_u64(random) >> 11) * 0x1p-53; }

/* Bytes from the operating system, for keys, salts and session numbers. */
FL_MUST_USE fl_status fl_random_secret(void *bytes, size_t size);

#endif
