/* 16 lanes: AVX-512. */
#if defined __x86_64__
#define LANES 16
#define WALK_KERNEL walk_avx512
#include "walk_kernel.h"
#endif
