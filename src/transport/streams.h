/* Streams: 32 random streams of one block of photons, one a lane: xoshiro128++ (Blackman & Vigna 2021).
 *
 * A seed is a place on the generator's one cycle of 2^128 - 1 numbers. Lane l of block b starts (32 b + l)
 * 2^64 numbers further on (jump-ahead by polynomials over GF(2)), and no lane ever draws 2^64 numbers: the
 * streams of one seed cannot meet. Different seeds start at places that have nothing to do with each other.
 *
 * Tests of the generator: TestU01 BigCrush and PractRand to 32 TB without a failure, as its authors report
 * (ACM TOMS 47(4), 2021; from memory); our own battery is in tests/transport/test_streams.c.
 */
#ifndef FL_TRANSPORT_STREAMS_H
#define FL_TRANSPORT_STREAMS_H

#include <stdint.h>

#define STREAMS 32u
#define STREAM_BLOCKS (UINT64_C(1) << 40) /* most blocks of a seed */

typedef struct stream {
    uint32_t s[4];
} stream;

static inline uint32_t stream_rotate(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static inline uint32_t stream_next(stream *at)
{
    uint32_t *s = at->s;
    const uint32_t result = stream_rotate(s[0] + s[3], 7) + s[0], t = s[1] << 9;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3];
    s[2] ^= t;
    s[3] = stream_rotate(s[3], 11);
    return result;
}

/* Word w of lane l in words[w][l]. */
void streams_init(uint64_t seed, uint64_t block, uint32_t words[4][STREAMS]);

/* n * 2^64 numbers further on; n below 2^45. */
void stream_jump(stream *at, uint64_t n);

#endif
