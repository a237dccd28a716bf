/* Lanes: W numbers that are worked on at once, the same arithmetic for every W.
 *
 * The kernel is compiled once per width (walk_scalar.c, walk_sse2.c, ...) with LANES set. Plain operators are
 * the compiler's vector extension; only what it cannot say (square root, choosing by sign, one bit a lane)
 * goes through the processor's own instructions, and through a loop where there are none.
 *
 * Every operation here is exactly rounded by IEEE 754 or works on bits, nothing is contracted (the files are
 * compiled with -ffp-contract=off) and no approximate reciprocal is used. So every width, and every
 * processor, gives the same bits.
 */
#ifndef FL_TRANSPORT_LANES_H
#define FL_TRANSPORT_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if !defined LANES
#error "set LANES to 1, 4, 8 or 16"
#endif
/* Which instructions to use: 512, 256 or 128 bits wide, or 0 for loops alone (other processors, and a test
 * that holds them against the rest). */
#if defined LANES_LOOPS
#define LANES_BITS 0
#elif LANES == 16 && defined __AVX512F__ && defined __AVX512DQ__
#define LANES_BITS 512
#elif LANES == 8 && defined __AVX2__
#define LANES_BITS 256
#elif LANES == 4 && defined __SSE2__
#define LANES_BITS 128
#else
#define LANES_BITS 0
#endif
#if LANES_BITS
#include <immintrin.h>
#endif

#define HOT static inline __attribute__((always_inline))

typedef float lane_f __attribute__((vector_size(4 * LANES)));
typedef int32_t lane_i __attribute__((vector_size(4 * LANES)));
typedef uint32_t lane_u __attribute__((vector_size(4 * LANES)));
typedef double lane_d __attribute__((vector_size(8 * LANES)));
typedef double lane_d_any __attribute__((vector_size(8 * LANES), aligned(8)));

HOT lane_f lanes_load(const float *from)
{
    return *(const lane_f *)from;
}
HOT lane_u lanes_load_bits(const uint32_t *from)
{
    return *(const lane_u *)from;
}
HOT void lanes_store(float *to, lane_f value)
{
    *(lane_f *)to = value;
}
HOT void lanes_store_bits(uint32_t *to, lane_u value)
{
    *(lane_u *)to = value;
}
HOT lane_f lanes_all(float value)
{
    return (lane_f){0} + value;
}

HOT lane_f lanes_sqrt(lane_f x)
{
#if LANES_BITS == 512
    return (lane_f)_mm512_sqrt_ps((__m512)x);
#elif LANES_BITS == 256
    return (lane_f)_mm256_sqrt_ps((__m256)x);
#elif LANES_BITS == 128
    return (lane_f)_mm_sqrt_ps((__m128)x);
#else
    for (int i = 0; i < LANES; i++) x[i] = sqrtf(x[i]);
    return x;
#endif
}

/* b where the sign bit of `sign` is set, a elsewhere. */
HOT lane_f lanes_choose(lane_u sign, lane_f a, lane_f b)
{
#if LANES_BITS == 512
    return (lane_f)_mm512_mask_blend_ps(_mm512_movepi32_mask((__m512i)sign), (__m512)a, (__m512)b);
#elif LANES_BITS == 256
    return (lane_f)_mm256_blendv_ps((__m256)a, (__m256)b, (__m256)sign);
#else
    const lane_u mask = (lane_u)((lane_i)sign >> 31);
    return (lane_f)(((lane_u)a & ~mask) | ((lane_u)b & mask));
#endif
}

/* Bit i: the sign bit of lane i. */
HOT uint32_t lanes_signs(lane_u mask)
{
#if LANES_BITS == 512
    return _mm512_movepi32_mask((__m512i)mask);
#elif LANES_BITS == 256
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
#elif LANES_BITS == 128
    return (uint32_t)_mm_movemask_ps((__m128)mask);
#else
    uint32_t bits = 0;
    for (int i = 0; i < LANES; i++) bits |= (mask[i] >> 31) << i;
    return bits;
#endif
}

/* All ones where a < b, and not where either is a NaN. */
HOT lane_u lanes_less(lane_f a, lane_f b)
{
#if LANES_BITS == 512
    return (lane_u)_mm512_movm_epi32(_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ));
#else
    return (lane_u)(a < b);
#endif
}

/* Clamped to [0, most], as signed numbers. */
HOT lane_u lanes_clamp(lane_i x, int32_t most)
{
#if LANES_BITS == 512
    return (lane_u)_mm512_min_epi32(_mm512_max_epi32((__m512i)x, _mm512_setzero_si512()),
                                    _mm512_set1_epi32(most));
#elif LANES_BITS == 256
    return (lane_u)_mm256_min_epi32(_mm256_max_epi32((__m256i)x, _mm256_setzero_si256()),
                                    _mm256_set1_epi32(most));
#else
    x &= ~(x >> 31);
    const lane_i over = x > most;
    return (lane_u)((x & ~over) | (most & over));
#endif
}

/* Towards zero; what does not fit (a NaN too) becomes INT32_MIN on every path. */
HOT lane_i lanes_truncate(lane_f x)
{
#if LANES_BITS == 512
    return (lane_i)_mm512_cvttps_epi32((__m512)x);
#elif LANES_BITS == 256
    return (lane_i)_mm256_cvttps_epi32((__m256)x);
#elif LANES_BITS == 128
    return (lane_i)_mm_cvttps_epi32((__m128)x);
#else
    lane_i whole;
    for (int i = 0; i < LANES; i++) whole[i] = fabsf(x[i]) < 0x1p31f ? (int32_t)x[i] : INT32_MIN;
    return whole;
#endif
}

HOT lane_f lanes_abs(lane_f x)
{
    return (lane_f)((lane_u)x & 0x7fffffffu);
}

#endif
