/* 4 lanes: SSE2, which every x86-64 processor has; plain loops or NEON elsewhere. */
#define LANES 4
#define WALK_KERNEL walk_sse2
#include "walk_kernel.h"
