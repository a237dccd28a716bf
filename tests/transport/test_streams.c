/* labels: unit   timeout: 120 */
/* The streams of photons: jump-ahead against the generator's own matrix, and streams that cannot meet. */
#include "check.h"

#include "streams.h"

#include <stdbool.h>

/* A linear map of 128 bits: column j is the image of bit j. */
typedef struct matrix {
    stream column[128];
} matrix;

static stream times(const matrix *m, const stream *v)
{
    stream sum = {{0}};
    for (unsigned j = 0; j < 128; j++)
        if (v->s[j / 32] >> j % 32 & 1)
            for (unsigned w = 0; w < 4; w++) sum.s[w] ^= m->column[j].s[w];
    return sum;
}

static void square(matrix *m)
{
    const matrix old = *m;
    for (unsigned j = 0; j < 128; j++) m->column[j] = times(&old, &old.column[j]);
}

static void one_step(matrix *m)
{
    for (unsigned j = 0; j < 128; j++) {
        m->column[j] = (stream){{0}};
        m->column[j].s[j / 32] = UINT32_C(1) << j % 32;
        stream_next(&m->column[j]);
    }
}

static bool equal(const stream *a, const stream *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static const stream some[] = {
    {{1, 0, 0, 0}}, {{0x12345678, 0x9abcdef0, 0xdeadbeef, 0x0badcafe}}, {{~0u, ~0u, ~0u, ~0u}}};

/* One step squared 64 + k times is a jump of 2^k times 2^64: every row of the table, on three states. */
static void jumps_are_powers_of_one_step(void)
{
    matrix m;
    one_step(&m);
    for (unsigned i = 0; i < 64; i++) square(&m);
    for (unsigned k = 0; k < 45; k++, square(&m))
        for (size_t i = 0; i < 3; i++) {
            stream jumped = some[i];
            stream_jump(&jumped, UINT64_C(1) << k);
            const stream want = times(&m, &some[i]);
            CHECK(equal(&jumped, &want), "jump of 2^%u times 2^64, state %zu", k, i);
        }
}

/* The matrix itself is the generator: a thousand steps one way and the other. */
static void matrix_is_the_generator(void)
{
    matrix m;
    one_step(&m);
    stream a = some[1], b = some[1];
    for (int i = 0; i < 1000; i++) {
        stream_next(&a);
        b = times(&m, &b);
    }
    CHECK(equal(&a, &b), "after 1000 steps");
}

static void first_numbers_are_the_published_ones(void)
{
    /* xoshiro128++ from state 1, 2, 3, 4: worked out by hand from its definition for the first two. */
    stream at = {{1, 2, 3, 4}};
    CHECK(stream_next(&at) == (5u << 7) + 1, "rotl(1 + 4, 7) + 1");
    /* s = {1^4^2.. }: s2 = 3^1 = 2, s3 = 4^2 = 6, s1 = 2^2 = 0, s0 = 1^6 = 7, s2 ^= 2 << 9, s3 = 6 << 11. */
    CHECK(at.s[0] == 7 && at.s[1] == 0 && at.s[2] == (2u ^ 2u << 9) && at.s[3] == 6u << 11, "second state");
}

/* Lane l of block b stands (32 b + l) 2^64 after lane 0 of block 0, however far b is. */
static void blocks_and_lanes_are_evenly_spaced(void)
{
    uint32_t first[4][STREAMS], words[4][STREAMS];
    streams_init(77, 0, first);
    static const uint64_t blocks[] = {0, 1, 2, 1000, 123456789, STREAM_BLOCKS - 1};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        streams_init(77, blocks[i], words);
        for (unsigned lane = 0; lane < STREAMS; lane += 31) {
            stream want = {{first[0][0], first[1][0], first[2][0], first[3][0]}};
            const stream got = {{words[0][lane], words[1][lane], words[2][lane], words[3][lane]}};
            stream_jump(&want, blocks[i] * STREAMS + lane);
            CHECK(equal(&got, &want), "block %llu, lane %u", (unsigned long long)blocks[i], lane);
        }
    }
}

/* Seeds begin elsewhere; neighbouring lanes, blocks and seeds correlate at no lag within 200. */
static void neighbours_are_unrelated(void)
{
    enum { N = 20000, LAGS = 200 };
    static double u[2][N];
    static const struct {
        uint64_t seed, block;
        unsigned lane;
    } pairs[][2] = {
        {{7, 0, 0}, {7, 0, 1}}, {{7, 0, 31}, {7, 1, 0}}, {{7, 41, 5}, {7, 42, 5}},
        {{7, 0, 0}, {8, 0, 0}}, {{0, 0, 0}, {1, 0, 0}},
    };
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        for (int side = 0; side < 2; side++) {
            uint32_t words[4][STREAMS];
            streams_init(pairs[p][side].seed, pairs[p][side].block, words);
            const unsigned lane = pairs[p][side].lane;
            stream at = {{words[0][lane], words[1][lane], words[2][lane], words[3][lane]}};
            for (int i = 0; i < N; i++) u[side][i] = stream_next(&at) * 0x1p-32 - 0.5;
        }
        double worst = 0.0;
        for (int lag = 0; lag < LAGS; lag++) {
            double sum = 0.0;
            for (int i = lag; i < N; i++) sum += u[0][i] * u[1][i - lag];
            worst = fmax(worst, fabs(sum) * 12.0 / sqrt(N - lag));
        }
        CHECK(worst < 5, "pair %zu: correlation of %.1f standard errors", p, worst);
    }
}

FL_TESTS("transport/streams", TEST(jumps_are_powers_of_one_step), TEST(matrix_is_the_generator),
         TEST(first_numbers_are_the_published_ones), TEST(blocks_and_lanes_are_evenly_spaced),
         TEST(neighbours_are_unrelated))
