/* Track: fluence as path length, for layers that light crosses with few collisions or none. Part of the
 * kernel.
 *
 * Which ring a stretch belongs to, and how faded the light is there, is read at one random point of the
 * stretch inside each cell: right on average, and no ring crossings to solve.
 */
#ifndef FL_TRANSPORT_WALK_TRACK_H
#define FL_TRANSPORT_WALK_TRACK_H

HOT float power_of_half_one(float x)
{
    return power_of_half(lanes_all(x))[0];
}

/* Step of any value, from the edges alone. */
static unsigned find_step(const walk_axis *axis, float value)
{
    unsigned i = 0;
    while (value >= axis->edge[i + 1]) i++;
    return i;
}

static unsigned find_ring(const walk_axis *radius, float r2)
{
    return find_step(radius, radius->kind == AXIS_EVEN_RINGS ? sqrtf(r2) : r2);
}

/* One stretch of the flight, in one row: from s0 on, so long. */
static inline void score_stretch(walker *w, unsigned lane, unsigned row, float s, float stretch,
                                 const bool variants)
{
    const walk_grid *grid = &w->plan->grid;
    const lane_layer *l = &w->plan->lane[w->layer[lane]];
    const float x = w->old->x[lane] + w->old->ux[lane] * s, y = w->old->y[lane] + w->old->uy[lane] * s;
    const size_t cell = (size_t)row * grid->rings + find_ring(&grid->radius, x * x + y * y);
    const float weight = w->old->weight[lane] * power_of_half_one(l->fade * s) * stretch;
    double *to = w->scores[lane] + cell * w->plan->stride;
    if (variants)
        cloud_add_all(w, lane, w->old->path[lane] + s, weight, to);
    else
        *to += weight;
}

/* The flight that began at `old`, so long. */
static void score_flight(walker *w, unsigned lane, float path, const bool variants)
{
    const walk_grid *grid = &w->plan->grid;
    const float top = w->top[lane], start = w->old->z[lane] + top, uz = w->old->uz[lane],
                stop = start + uz * path;
    const float low = fminf(start, stop), high = fmaxf(start, stop);
    const float where = ((float)(lane_random(w, lane) >> 8) + 0.5f) * 0x1p-24f;
    unsigned row = find_step(&grid->depth, low);
    for (; row + 1 < grid->rows; row++) {
        const float z0 = fmaxf(low, grid->depth.edge[row]), z1 = fminf(high, grid->depth.edge[row + 1]);
        const bool level = high == low; /* all its length in one cell */
        const float s0 = level ? 0.0f : ((uz > 0.0f ? z0 : z1) - start) / uz;
        const float stretch = level ? path : (z1 - z0) / fabsf(uz);
        if (row > 0) score_stretch(w, lane, row, s0 + where * stretch, stretch, variants);
        if (high <= grid->depth.edge[row + 1]) break;
    }
}

#endif
