/* 1 lane: any processor, and the way to see that the others do nothing else. */
#define LANES 1
#define WALK_KERNEL walk_scalar
#include "walk_kernel.h"
