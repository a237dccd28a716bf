#include "streams.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"

#include <string.h>

/* Row k: x^(2^(64 + k)) modulo the characteristic polynomial of the engine, lowest coefficients first. Rows 0
 * and 32 are the authors' jump and long jump; the test squares the engine's own matrix and checks every row.
 */
static const uint32_t jumps[][4] = {
    {0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b}, {0x9b802a8b, 0x794805ed, 0x5eb170f0, 0x7c0f7916},
    {0x1a235895, 0x008078d6, 0x18eca90e, 0x5f292782}, {0xf70585fb, 0x4e0c5957, 0xbce250c3, 0x17a896ff},
    {0xd2f6556f, 0x4a18286d, 0x3628d30b, 0x55160319}, {0x7a7faf9a, 0xa16bbafd, 0x0e0ce4fb, 0x3c7d15de},
    {0xf28e46eb, 0x5de8d870, 0x99c73881, 0x138475d2}, {0x606a7785, 0x20e6d45f, 0x1b647514, 0x86eb7ca9},
    {0x49666ecc, 0x3789d8a5, 0x6a660a93, 0xd71038c4}, {0x5128e049, 0x57728e18, 0x914d8f82, 0x770b4aae},
    {0xf4c220b9, 0x204509e7, 0xf72abaa8, 0x87a9ba17}, {0xa770745c, 0x6305aeb1, 0x514fb641, 0x53f14381},
    {0xef0c0748, 0x37c6bfd3, 0xce823c5f, 0x614b1be8}, {0xa7598b6e, 0x56acc333, 0x7616abeb, 0x444c7482},
    {0x3b8e5872, 0x95b59666, 0x250a934e, 0xe1c8cd14}, {0x61af734b, 0xcafb7bef, 0x40320995, 0x52c3fefd},
    {0x1e448b65, 0x3d04f456, 0x0065b6c1, 0x03ede698}, {0x999c0c61, 0x8f514f34, 0x208ae8a1, 0xa286055d},
    {0xfd77b051, 0xdc74937c, 0x87c9caa7, 0x87c3b447}, {0x5cb18704, 0x3861888c, 0x421e95f0, 0x84702775},
    {0x796e8f1c, 0x17386578, 0xa950e8b9, 0x5122b999}, {0xfd714f38, 0x6a60580c, 0x1de92dc7, 0x0a378a8d},
    {0x920394a9, 0x59e5f42e, 0xa82afdb9, 0x29ec5ed3}, {0x9d4e636e, 0x91c22db3, 0xf24479f8, 0xb34270ee},
    {0xf610cdc8, 0x935a2512, 0xa972efe6, 0x866bc548}, {0xf67e06e0, 0x830fc62f, 0x426d33f9, 0x36c311b2},
    {0x82e394f4, 0x8e7ae190, 0x74da71b9, 0x2b8b3ac4}, {0x1b17a73e, 0x48ec363c, 0x9f3a8665, 0x1ba09ec7},
    {0x5eee0d0e, 0x8a54b514, 0x268d5b56, 0x7c53cf77}, {0xecb31e06, 0x1def52d6, 0x5ec53d4f, 0xcb831ed8},
    {0x196075bf, 0xc31db8fb, 0x2e624b60, 0xba7e0917}, {0xf59f8398, 0x7e8f6a86, 0xc9ba6afb, 0xc28a81ed},
    {0xb523952e, 0x0b6f099f, 0xccf5a0ef, 0x1c580662}, {0xeeb0e0a4, 0x77133e23, 0xdc596025, 0x97f55fe2},
    {0x9e9b45ac, 0x6d495900, 0x69ac41e5, 0x0356e935}, {0x407883f3, 0x547d4854, 0x9065599b, 0x662b6ac9},
    {0x667ee2de, 0x8a954d8b, 0x6551c593, 0x2fcdf7e4}, {0xfb5707aa, 0xdaa2886a, 0xb233cd67, 0x0f4183ca},
    {0x40dbcd63, 0x8e131a4f, 0x224fc251, 0xc64784ee}, {0x4f4db4ff, 0x7b6ea15f, 0xb29e13b7, 0x563b1ea7},
    {0xbbd3ae5a, 0xebf544e9, 0xd28ec540, 0x5ce3332f}, {0xd39c61eb, 0x1f4dd02e, 0x95a4e90f, 0xa9ac90e8},
    {0x790c846c, 0xd428b915, 0xd2660f23, 0x725dcd70}, {0x08eff263, 0xf39ff6c1, 0x513d8ba0, 0xca4404ca},
    {0x26534b4d, 0xcf8db66b, 0x6102f64b, 0xf84f07e3},
};
#define JUMPS (sizeof jumps / sizeof *jumps)

static void jump_once(stream *at, const uint32_t polynomial[4])
{
    stream sum = {{0}};
    for (unsigned bit = 0; bit < 128; bit++) {
        if (polynomial[bit / 32] >> bit % 32 & 1)
            for (unsigned w = 0; w < 4; w++) sum.s[w] ^= at->s[w];
        stream_next(at);
    }
    *at = sum;
}

void stream_jump(stream *at, uint64_t n)
{
    FL_ASSERT(n >> JUMPS == 0);
    for (unsigned k = 0; n >> k; k++)
        if (n >> k & 1) jump_once(at, jumps[k]);
}

void streams_init(uint64_t seed, uint64_t block, uint32_t words[4][STREAMS])
{
    FL_ASSERT(block < STREAM_BLOCKS);
    fl_random place; /* hashes the seed; never all zero */
    fl_random_init(&place, seed, 0);
    const uint64_t a = fl_random_u64(&place), b = fl_random_u64(&place);
    stream at = {{(uint32_t)a | 1u, (uint32_t)(a >> 32), (uint32_t)b, (uint32_t)(b >> 32)}};
    stream_jump(&at, block * STREAMS);
    for (unsigned lane = 0; lane < STREAMS; lane++) {
        for (unsigned w = 0; w < 4; w++) words[w][lane] = at.s[w];
        jump_once(&at, jumps[0]);
    }
}
