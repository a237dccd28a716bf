/* The kernel: 32 photons at a time. Included once per lane width, with LANES and WALK_KERNEL set.
 *
 * One turn
 *   1  all lanes, LANES at a time: draw, fly, and collide as if no boundary were near (`old` to `now`)
 *   2  lane by lane: add weight / mut to the cell of the collision
 *   3  lane by lane, the few that need it: back to `old` and stop at the boundary; roulette; end, and the
 *      next photon
 *
 * Collisions take the share mua / mut of the weight, mua being the least of all variants; what other variants
 * absorb beyond that fades their weights along the path (exp, in walk_cloud.h). What a layer absorbs is
 * booked when a photon leaves it or ends: what it brought in less what it takes out, roulette's gifts and
 * thefts included. So energy adds up to rounding, and the loop over collisions has one sum less.
 */
#include "lanes.h"
#include "walk.h"

#if !defined STEPS_MAX       /* a test makes it less */
#define STEPS_MAX 100000000u /* turns of a photon; then it is given up and counted as lost */
#endif
#define SURVIVORS 10u   /* one in ten, ten times heavier */
#define RENORMALISE 16u /* turns between two corrections of rounding in the length of directions */

/* Where photons are and go. There are two: a turn reads the old one and writes the new one, so that a photon
 * whose flight a boundary cut short can go back. */
typedef struct flights {
    _Alignas(64) float x[STREAMS], y[STREAMS], z[STREAMS]; /* z below the top of the layer */
    float ux[STREAMS], uy[STREAMS], uz[STREAMS];
    float weight[STREAMS];
    float depth[STREAMS]; /* optical depth left to the next collision */
    float path[STREAMS];  /* length walked in this layer; only with several variants */
    uint32_t
        turned[STREAMS]; /* all ones once it has scattered or turned back; before, it is the straight beam */
} flights;

typedef struct walker {
    flights flight[2], *old, *now;
    _Alignas(64) float mfp[STREAMS], keep[STREAMS], g1[STREAMS], gh[STREAMS], gg[STREAMS], thick[STREAMS],
        top[STREAMS], score[STREAMS]; /* of the layer, see lane_layer */
    uint32_t random[4][STREAMS];

    /* From step 1 of a turn for its steps 2 and 3. */
    float uniform[STREAMS]; /* in (0, 2); not used by a collision where a boundary was in the way */
    uint32_t cell[STREAMS]; /* row * rings + ring */
    double value[STREAMS];
    uint32_t hits, faint; /* bit l: lane l met a boundary; is below the roulette weight */

    uint32_t tracked, alive; /* bit l: in a layer scored by path; not idle */
    unsigned layer[STREAMS];
    float entered[STREAMS];                   /* weight on entering the layer */
    uint64_t born[STREAMS];                   /* turn */
    double *tally[STREAMS], *scores[STREAMS]; /* of the photon's batch, and its fluences */
    uint64_t turn;

    const walk_plan *plan;
    walk_layout at;
    double *tallies;
    unsigned launched, photons, batches, batch, batch_ends; /* photon that begins the next batch */
    struct cloud *cloud;                                    /* only used with several variants */
} walker;

#include "walk_cloud.h"

#define AT(from, base, name) (lanes_load((from)->name + (base)))
#define PUT(to, base, name, value) lanes_store((to)->name + (base), (value))

/* Uniform in (0, 1) or (0, 2), in even steps, symmetric: the upper 23 bits become the fraction of a float in
 * [1, 2) or [2, 4). */
HOT lane_f uniform_to_1(lane_u bits)
{
    return (lane_f)(bits >> 9 | 0x3f800000u) - (1.0f - 0x1p-24f);
}

HOT lane_f uniform_to_2(lane_u bits)
{
    return (lane_f)(bits >> 9 | 0x40000000u) - (2.0f - 0x1p-23f);
}

/* -log(u): exponent and a polynomial in the rest; absolute error about 1e-6 (test_lanes.c). */
HOT lane_f minus_log(lane_f u)
{
    const lane_i shifted = (lane_i)u - 0x3f3504f3; /* sqrt(1/2): the mantissa runs from there to sqrt(2) */
    const lane_f e = __builtin_convertvector(shifted >> 23, lane_f);
    const lane_f x = (lane_f)((lane_i)u - (shifted & (int32_t)0xff800000)) - 1.0f;
    /* Estrin's scheme: half the latency of Horner's. */
    const lane_f x2 = x * x;
    const lane_f low = (1.00000103f - x * 0.500008774f) + (0.333135633f - x * 0.249203363f) * x2;
    const lane_f high = (0.205254436f - x * 0.185738401f) + x2 * 0.116578061f;
    return e * -0.693147181f - x * (low + high * (x2 * x2));
}

/* cos and sin of a uniform angle from the upper 16 bits: 65,536 angles, evenly spaced, so every moment a
 * scattering function can have averages out exactly. Angles within 45 degrees of an axis by polynomial; two
 * bits choose the axis. */
HOT void azimuth_of(lane_u bits, lane_f *cosine, lane_f *sine)
{
    const lane_f t = (lane_f)((bits >> 7 & 0x7ffe00u) | 0x40000000u) - (3.0f - 0x1p-14f), t2 = t * t;
    const lane_f t4 = t2 * t2;
    const lane_f s = ((0.785398161f - t2 * 0.0807454347f) + (0.0024900068f - t2 * 3.59542907e-5f) * t4) * t;
    lane_f c = (0.999999972f - t2 * 0.308424252f) + (0.0158499107f - t2 * 0.000318877475f) * t4;
    c = (lane_f)((lane_u)c ^ (bits << 1 & 0x80000000u));
    *cosine = lanes_choose(bits, c, s);
    *sine = lanes_choose(bits, s, c);
}

HOT lane_u rotate_left(lane_u x, int by)
{
    return x << by | x >> (32 - by);
}

#if !defined WALK_RANDOM /* a test puts a bad generator here */
#define WALK_RANDOM next_random
HOT lane_u next_random(lane_u s[4])
{
    const lane_u result = rotate_left(s[0] + s[3], 7) + s[0], t = s[1] << 9;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 11);
    return result;
}
#endif

/* Turns a direction by a Henyey-Greenstein angle. 1 - cos = (1-g)^2 p (1+g - p g/2) / (1+g - p g)^2 with p
 * uniform in (0, 2): Henyey & Greenstein 1941, inverted and rearranged so that nothing cancels at small
 * angles nor at g = 0. Basis without a singularity: Duff et al. 2017, JCGT 6(1); the azimuth being uniform,
 * its sign may go into a, b. */
HOT void scatter(const walker *w, unsigned base, lane_f p, lane_u azimuth, lane_f *ux, lane_f *uy, lane_f *uz)
{
    const lane_f gp = AT(w, base, gh) * p, a1 = AT(w, base, g1) - gp, below = a1 - gp;
    const lane_f one_less = AT(w, base, gg) * p * a1 / (below * below), c = 1.0f - one_less;
    const lane_f s = lanes_sqrt(lanes_abs(one_less * (2.0f - one_less))); /* rounding may pass 2 */
    lane_f a, b;
    azimuth_of(azimuth, &a, &b);
    a *= s, b *= s;
    const lane_f k = a * *ux + b * *uy, m = c - k / (1.0f + lanes_abs(*uz));
    const lane_u down = (lane_u)*uz & 0x80000000u;
    *ux = *ux * m + a;
    *uy = *uy * m + b;
    *uz = c * *uz - (lane_f)((lane_u)k ^ down);
}

/* Which of the steps of an axis a value lies in. */
HOT lane_u axis_find(const walk_axis *axis, lane_f value)
{
    if (axis->kind == AXIS_EVEN)
        return lanes_clamp(lanes_truncate((value - axis->from) * axis->scale), axis->last);
    if (axis->kind == AXIS_EVEN_RINGS) { /* never negative: what does not fit a whole number is far out */
        const lane_i ring = lanes_truncate(value * axis->scale);
        const lane_i far = ring >> 31;
        return lanes_clamp((ring & ~far) | (axis->last & far), axis->last);
    }
    if (axis->kind == AXIS_FEW) {
        lane_u step = {0};
        for (int32_t i = 1; i <= axis->last; i++) step -= ~lanes_less(value, lanes_all(axis->edge[i]));
        return step;
    }
    const lane_u bin = axis->kind == AXIS_TABLE
                           ? lanes_clamp(lanes_truncate((value - axis->from) * axis->scale), axis->bins - 1)
                           : lanes_clamp(((lane_i)value >> LOG_SHIFT) - axis->base, axis->bins - 1);
    lane_u step;
    for (int i = 0; i < LANES; i++) {
        uint32_t guess = axis->step_of[bin[i]];
        while (value[i] >= axis->edge[guess + 1]) guess++;
        step[i] = guess;
    }
    return step;
}

HOT void find_cells(walker *w, unsigned base, lane_f x, lane_f y, lane_f z, lane_f value)
{
    const walk_grid *grid = &w->plan->grid;
    const lane_f r2 = x * x + y * y;
    const lane_u row = axis_find(&grid->depth, z + AT(w, base, top));
    const lane_u ring = axis_find(&grid->radius, grid->radius.kind == AXIS_EVEN_RINGS ? lanes_sqrt(r2) : r2);
    lanes_store_bits(w->cell + base, row * grid->rings + ring);
    *(lane_d_any *)(w->value + base) = __builtin_convertvector(value, lane_d);
}

/* Step 1 for lanes base... */
HOT void fly_and_collide(walker *w, unsigned base, const bool scores, const bool variants)
{
    const flights *restrict old = w->old;
    flights *restrict now = w->now;
    lane_u s[4] = {lanes_load_bits(w->random[0] + base), lanes_load_bits(w->random[1] + base),
                   lanes_load_bits(w->random[2] + base), lanes_load_bits(w->random[3] + base)};
    const lane_u bits1 = WALK_RANDOM(s), bits2 = WALK_RANDOM(s);
    for (int i = 0; i < 4; i++) lanes_store_bits(w->random[i] + base, s[i]);
    const lane_f uniform = uniform_to_2(bits2);
    PUT(w, base, uniform, uniform);
    PUT(now, base, depth, minus_log(uniform_to_1(bits1)));

    lane_f ux = AT(old, base, ux), uy = AT(old, base, uy), uz = AT(old, base, uz);
    const lane_f path = AT(old, base, depth) * AT(w, base, mfp);
    const lane_f x = AT(old, base, x) + ux * path, y = AT(old, base, y) + uy * path,
                 z = AT(old, base, z) + uz * path;
    /* Room left to the face ahead. A NaN (level in a clear layer) counts as a hit. */
    const lane_f room = lanes_choose((lane_u)uz, AT(w, base, thick) - z, z);
    const lane_u inside = lanes_less(lanes_all(0.0f), room);
    const uint32_t hits = ~lanes_signs(inside) & (uint32_t)((UINT64_C(1) << LANES) - 1);
    w->hits |= hits << base;
    PUT(now, base, x, x);
    PUT(now, base, y, y);
    PUT(now, base, z, z);
    if (variants) PUT(now, base, path, AT(old, base, path) + path);

    const lane_f weight = AT(old, base, weight), less = weight * AT(w, base, keep);
    const lane_u turned = lanes_load_bits(old->turned + base);
    if (scores)
        find_cells(w, base, x, y, z, (lane_f)((lane_u)(weight * AT(w, base, score)) & inside & turned));
    lanes_store_bits(now->turned + base, turned | inside);
    PUT(now, base, weight, less);
    w->faint |= (lanes_signs(lanes_less(less, lanes_all(w->plan->roulette))) & ~hits) << base;

    scatter(w, base, uniform, bits1 << 24 | (bits2 & 0xff) << 16, &ux, &uy, &uz);
    PUT(now, base, ux, ux);
    PUT(now, base, uy, uy);
    PUT(now, base, uz, uz);
}

HOT void renormalise(flights *now)
{
    for (unsigned base = 0; base < STREAMS; base += LANES) {
        const lane_f ux = AT(now, base, ux), uy = AT(now, base, uy), uz = AT(now, base, uz);
        const lane_f norm = 1.5f - 0.5f * (ux * ux + uy * uy + uz * uz);
        PUT(now, base, ux, ux * norm);
        PUT(now, base, uy, uy * norm);
        PUT(now, base, uz, uz * norm);
    }
}

/* Step 2 with one variant. */
HOT void score(walker *w)
{
    for (unsigned lane = 0; lane < STREAMS; lane++) w->scores[lane][w->cell[lane]] += w->value[lane];
}

/* Step 2 with several: every thin-th turn, that much heavier. */
HOT void score_cloud(walker *w)
{
    const walk_grid *grid = &w->plan->grid;
    const uint32_t first = grid->rings, last = (grid->rows - 1) * grid->rings;
    for (unsigned lane = 0; lane < STREAMS; lane++) {
        const uint32_t cell = w->cell[lane];
        if (w->value[lane] == 0.0 || cell < first || cell >= last) continue;
        const float weight = (float)w->value[lane] * (float)w->plan->thin;
        cloud_add_all(w, lane, w->now->path[lane], weight, w->scores[lane] + (size_t)cell * w->plan->stride);
    }
}

#include "walk_edge.h"

/* Gives up photons that will not end. */
static void give_up_the_old(walker *w, const bool variants)
{
    for (unsigned lane = 0; lane < STREAMS; lane++)
        if (w->alive >> lane & 1 && w->turn - w->born[lane] > STEPS_MAX) end(w, lane, w->at.lost, variants);
}

/* Lanes at rest draw the depths of the first photons. */
static void begin(walker *w, const bool variants)
{
    w->old = &w->flight[0], w->now = &w->flight[1];
    for (unsigned lane = 0; lane < STREAMS; lane++) rest(w, lane);
    w->flight[0] = w->flight[1];
    for (unsigned base = 0; base < STREAMS; base += LANES) fly_and_collide(w, base, false, false);
    for (unsigned lane = 0; lane < STREAMS; lane++) launch(w, lane, variants);
}

HOT void walk_block_with(walker *w, const bool scores, const bool variants)
{
    begin(w, variants);
    for (w->turn = 1; w->alive; w->turn++) {
        const bool due = scores && (!variants || cloud_is_due(w->cloud, w->turn, w->plan->thin));
        flights *const last = w->old;
        w->old = w->now, w->now = last;
        w->hits = w->faint = 0;
        for (unsigned base = 0; base < STREAMS; base += LANES) fly_and_collide(w, base, due, variants);
        if (due && variants) score_cloud(w);
        if (due && !variants) score(w);
        const uint32_t busy = w->hits | w->faint | w->tracked;
        if (busy) handle(w, busy, scores, variants);
        if (w->turn % RENORMALISE == 0) renormalise(w->now);
        if (w->turn % (STEPS_MAX / 64) == 0) give_up_the_old(w, variants);
    }
}

/* All glass: nothing scatters, nothing absorbs. */
static void pass_through(walker *w)
{
    for (unsigned n = 0; n < w->photons; n++) {
        double *to = w->tallies + (uint64_t)n * w->batches / w->photons * w->at.size + w->at.transmitted;
        for (unsigned k = 0; k < w->plan->stride; k++) to[k] += 1.0;
    }
}

void WALK_KERNEL(const walk_plan *plan, const walk_block *block, double *tallies)
{
    cloud room;
    walker w = {.plan = plan,
                .at = walk_layout_of(plan),
                .tallies = tallies,
                .photons = block->photons,
                .batches = block->batches,
                .cloud = &room};
    streams_init(block->seed, block->block, w.random);
    room.dice = w.random[0][0] | 1u, room.phase = room.dice >> 16 & 7;
    if (plan->entry_layer == plan->layers) {
        pass_through(&w);
        return;
    }
    const bool scores = plan->grid.rows > 0, variants = plan->variants > 1;
    /* Four times the same code, without the branches that do not change. */
    if (scores && variants)
        walk_block_with(&w, true, true);
    else if (scores)
        walk_block_with(&w, true, false);
    else if (variants)
        walk_block_with(&w, false, true);
    else
        walk_block_with(&w, false, false);
}
