/* Cloud: one walk, many absorptions. Part of the kernel (walk_kernel.h).
 *
 * Layers in which variants differ are counted; a lane keeps the length it has walked in each. The weight of
 * variant k is the walk's weight times exp(-sum over layers (mua_k - least mua) length): the microscopic
 * Beer-Lambert law, exact for the path at hand. As the walk is at the least absorption the factor is at most
 * 1, and errors stay known.
 */
#ifndef FL_TRANSPORT_WALK_CLOUD_H
#define FL_TRANSPORT_WALK_CLOUD_H

typedef struct cloud {
    uint32_t dice, phase; /* which turn of every `thin` is scored: drawn anew each time, because photons of
                           * like lifetimes would keep step with a fixed one */
    float length[FL_MEDIUM_LAYERS][STREAMS];
    _Alignas(64) float entered[STREAMS][FL_MEDIUM_VARIANTS]; /* weights on entering the layer */
} cloud;

/* Is this turn scored? */
HOT bool cloud_is_due(cloud *c, uint64_t turn, unsigned thin)
{
    if (turn % thin == 0) {
        c->dice ^= c->dice << 13, c->dice ^= c->dice >> 17, c->dice ^= c->dice << 5; /* Marsaglia 2003 */
        c->phase = (uint32_t)((uint64_t)c->dice * thin >> 32);
    }
    return turn % thin == c->phase;
}

/* 2^-x for x >= 0, relative error below 3e-7 (test_lanes.c); from 126 on it stays at 2^-126, a weight of
 * nothing. */
HOT lane_f power_of_half(lane_f x)
{
    const lane_u over = lanes_less(lanes_all(126.0f), x);
    x = (lane_f)(((lane_u)x & ~over) | ((lane_u)lanes_all(126.0f) & over));
    const lane_i whole = lanes_truncate(x + 0.5f);
    const lane_f f = __builtin_convertvector(whole, lane_f) - x;
    lane_f p = f * 0.00133908634f + 0.00967603192f;
    p = p * f + 0.0555035711f;
    p = p * f + 0.240221075f;
    p = p * f + 0.693147188f;
    p = p * f + 1.0f;
    return p * (lane_f)((127 - whole) << 23);
}

/* Weights of variants from.. (LANES of them), at so much path in the layer the photon is in. */
HOT lane_f cloud_weight(const walker *w, unsigned lane, float path, float weight, unsigned from)
{
    const walk_plan *plan = w->plan;
    const int here = plan->layer[w->layer[lane]].changing;
    lane_f faded = {0};
    for (unsigned c = 0; c < plan->changing; c++) {
        const float length = (int)c == here ? path : w->cloud->length[c][lane];
        faded += lanes_load(plan->fade + c * plan->stride + from) * length;
    }
    return power_of_half(faded) * weight;
}

HOT void cloud_add(double *to, lane_f value)
{
    *(lane_d_any *)to += __builtin_convertvector(value, lane_d);
}

static inline void cloud_start(walker *w, unsigned lane)
{
    for (unsigned c = 0; c < w->plan->changing; c++) w->cloud->length[c][lane] = 0.0f;
    for (unsigned k = 0; k < w->plan->stride; k++) w->cloud->entered[lane][k] = 1.0f;
    w->now->path[lane] = 0.0f;
}

/* Adds what a weight is in all variants. */
static inline void cloud_add_all(const walker *w, unsigned lane, float path, float weight, double *to)
{
    for (unsigned k = 0; k < w->plan->stride; k += LANES)
        cloud_add(to + k, cloud_weight(w, lane, path, weight, k));
}

/* Books what each variant lost since it entered the layer. */
static inline void cloud_book(walker *w, unsigned lane, double *absorbed)
{
    float *entered = w->cloud->entered[lane];
    for (unsigned k = 0; k < w->plan->stride; k += LANES) {
        const lane_f now = cloud_weight(w, lane, w->now->path[lane], w->now->weight[lane], k);
        const lane_d before = __builtin_convertvector(lanes_load(entered + k), lane_d);
        *(lane_d_any *)(absorbed + k) +=
            before - __builtin_convertvector(now, lane_d); /* exact: energy adds up */
        lanes_store(entered + k, now);
    }
}

/* The length walked in the layer joins the others; the next layer's takes its place. */
static inline void cloud_cross(walker *w, unsigned lane, unsigned from, unsigned to)
{
    const int left = w->plan->layer[from].changing, next = w->plan->layer[to].changing;
    if (left >= 0) w->cloud->length[left][lane] = w->now->path[lane];
    w->now->path[lane] = next >= 0 ? w->cloud->length[next][lane] : 0.0f;
}

#endif
