#include "walk.h"

static const struct {
    unsigned lanes;
    walk_kernel *kernel;
    const char *needs;
} kernels[] = {
#if defined __x86_64__
    {16, walk_avx512, "avx512"},
    {8, walk_avx2, "avx2"},
#endif
    {4, walk_sse2, ""},
    {1, walk_scalar, ""},
};

static bool has(const char *needs)
{
    if (!needs[0]) return true;
#if defined __x86_64__
    __builtin_cpu_init();
    if (needs[3] == '2') return __builtin_cpu_supports("avx2");
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
    return false;
#endif
}

walk_kernel *walk_kernel_of(unsigned lanes, unsigned *chosen)
{
    for (unsigned i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        if ((lanes && kernels[i].lanes != lanes) || !has(kernels[i].needs)) continue;
        *chosen = kernels[i].lanes;
        return kernels[i].kernel;
    }
    return NULL;
}

walk_layout walk_layout_of(const walk_plan *plan)
{
    const size_t k = plan->stride;
    walk_layout at = {.diffuse = 0, .transmitted = k, .lost = 2 * k, .absorbed = 3 * k};
    at.score = at.absorbed + k * plan->layers;
    at.size = at.score + k * plan->grid.rows * plan->grid.rings;
    return at;
}
