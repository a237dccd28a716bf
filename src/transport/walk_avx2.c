/* 8 lanes: AVX2. */
#if defined __x86_64__
#define LANES 8
#define WALK_KERNEL walk_avx2
#include "walk_kernel.h"
#endif
