/* Edge: what happens to single photons between their collisions. Part of the kernel (walk_kernel.h).
 *
 * Boundaries, roulette, ends and beginnings: some 4 % of events, lane by lane, in plain code.
 */
#ifndef FL_TRANSPORT_WALK_EDGE_H
#define FL_TRANSPORT_WALK_EDGE_H

static inline uint32_t lane_random(walker *w, unsigned lane)
{
    stream at = {{w->random[0][lane], w->random[1][lane], w->random[2][lane], w->random[3][lane]}};
    const uint32_t bits = stream_next(&at);
    for (unsigned i = 0; i < 4; i++) w->random[i][lane] = at.s[i];
    return bits;
}

static inline void set_layer(walker *w, unsigned lane, unsigned layer)
{
    const lane_layer *l = &w->plan->lane[layer];
    const uint32_t bit = UINT32_C(1) << lane;
    w->layer[lane] = layer;
    w->mfp[lane] = l->mfp, w->keep[lane] = l->keep, w->thick[lane] = l->thick, w->top[lane] = l->top;
    w->g1[lane] = l->g1, w->gh[lane] = l->gh, w->gg[lane] = l->gg;
    w->score[lane] = l->score;
    w->tracked = l->track ? w->tracked | bit : w->tracked & ~bit;
}

/* A lane without a photon flies nowhere, loses nothing and scores nothing. */
static void rest(walker *w, unsigned lane)
{
    const uint32_t bit = UINT32_C(1) << lane;
    w->alive &= ~bit, w->tracked &= ~bit;
    w->now->x[lane] = w->now->y[lane] = w->now->ux[lane] = w->now->uy[lane] = 0.0f, w->now->uz[lane] = 1.0f;
    w->now->z[lane] = 1.0f, w->thick[lane] = 2.0f, w->top[lane] = 0.0f;
    w->mfp[lane] = w->score[lane] = 0.0f, w->keep[lane] = w->now->weight[lane] = w->now->depth[lane] = 1.0f;
    w->g1[lane] = w->gg[lane] = 1.0f, w->gh[lane] = 0.0f;
    w->scores[lane] = w->tallies + w->at.score;
}

/* Photon n belongs to batch n * batches / photons, rounded down. */
static void next_batch(walker *w)
{
    const unsigned next = ++w->batch;
    w->batch_ends = (unsigned)(((uint64_t)next * w->photons + w->batches - 1) / w->batches);
}

/* The next photon of the block. Its first depth is the one the lane has just drawn. */
static inline void launch(walker *w, unsigned lane, const bool variants)
{
    if (w->launched == w->photons) {
        rest(w, lane);
        return;
    }
    while (w->launched == w->batch_ends) next_batch(w); /* a short last block has batches without photons */
    w->launched++;
    w->tally[lane] = w->tallies + (w->batch - 1) * w->at.size;
    w->scores[lane] = w->tally[lane] + w->at.score;
    w->now->x[lane] = w->now->y[lane] = w->now->z[lane] = w->now->ux[lane] = w->now->uy[lane] = 0.0f;
    w->now->uz[lane] = w->now->weight[lane] = w->entered[lane] = 1.0f;
    w->now->turned[lane] = 0;
    w->alive |= UINT32_C(1) << lane;
    w->born[lane] = w->turn;
    set_layer(w, lane, w->plan->entry_layer);
    if (variants) cloud_start(w, lane);
}

/* What the layer took since the photon came in. */
static inline void book(walker *w, unsigned lane, const bool variants)
{
    double *absorbed = w->tally[lane] + w->at.absorbed + (size_t)w->layer[lane] * w->plan->stride;
    if (variants) {
        cloud_book(w, lane, absorbed);
    } else {
        absorbed[0] += (double)w->entered[lane] - (double)w->now->weight[lane];
        w->entered[lane] = w->now->weight[lane];
    }
}

/* The photon leaves what is left of it in a sum, and the lane takes the next one. */
static inline void end(walker *w, unsigned lane, size_t sum, const bool variants)
{
    book(w, lane, variants);
    double *to = w->tally[lane] + sum;
    if (variants)
        cloud_add_all(w, lane, w->now->path[lane], w->now->weight[lane], to);
    else
        *to += w->now->weight[lane];
    launch(w, lane, variants);
}

/* Unbiased end of faint photons; what the game gives and takes is booked as absorbed with the rest. */
static inline void roulette(walker *w, unsigned lane, const bool variants)
{
    if (w->now->weight[lane] > 0.0f && lane_random(w, lane) < UINT32_MAX / SURVIVORS) {
        w->now->weight[lane] *= (float)SURVIVORS;
        return;
    }
    w->now->weight[lane] = 0.0f;
    end(w, lane, w->at.lost, variants);
}

/* Unpolarised Fresnel reflectance (Hecht, Optics, eqs 4.34-4.40), and the cosine on the other side. */
static inline float reflectance(const lane_face *face, float cosine, float sine2, float *cosine_out)
{
    const float sine2_out = sine2 * face->ratio2;
    if (!(sine2_out < 1.0f)) return 1.0f;
    const float out = sqrtf(1.0f - sine2_out);
    const float s = (face->ratio * cosine - out) / (face->ratio * cosine + out);
    const float p = (face->ratio * out - cosine) / (face->ratio * out + cosine);
    *cosine_out = out;
    return 0.5f * (s * s + p * p);
}

/* Exactly on a face: reflect, go on in the next layer, or leave (false). */
static inline bool cross(walker *w, unsigned lane, const bool variants)
{
    const unsigned layer = w->layer[lane];
    const bool down = !signbit(w->now->uz[lane]);
    const lane_face *face = &w->plan->face[layer][down];
    w->now->z[lane] = down ? w->thick[lane] : 0.0f;
    if (face->ratio != 1.0f) {
        const float ux = w->now->ux[lane], uy = w->now->uy[lane], uz = w->now->uz[lane];
        float cosine = 1.0f;
        const float r = reflectance(face, fabsf(uz), ux * ux + uy * uy, &cosine);
        if (r >= 1.0f || w->uniform[lane] < r + r) {
            w->now->uz[lane] = -uz;
            w->now->turned[lane] = UINT32_MAX;
            return true;
        }
        w->now->ux[lane] = ux * face->ratio, w->now->uy[lane] = uy * face->ratio;
        w->now->uz[lane] = copysignf(cosine, uz);
    }
    if (face->outer) {
        end(w, lane, down ? w->at.transmitted : w->at.diffuse, variants);
        return false;
    }
    book(w, lane, variants);
    const unsigned next = down ? layer + 1 : layer - 1;
    if (variants) cloud_cross(w, lane, layer, next);
    set_layer(w, lane, next);
    w->now->z[lane] = down ? 0.0f : w->thick[lane];
    return true;
}

#include "walk_track.h"

/* Back to where the flight began, then straight to the face. */
static inline void at_boundary(walker *w, unsigned lane, const bool scores, const bool variants)
{
    const lane_layer *l = &w->plan->lane[w->layer[lane]];
    const float z = w->old->z[lane], uz = w->old->uz[lane];
    const float face[2] = {w->thick[lane], 0.0f}; /* no branch to guess wrong: up or down is a coin */
    const float to_face = fabsf(face[signbit(uz) != 0] - z) / fabsf(uz);
    const float path = to_face > 0.0f ? to_face : 0.0f; /* a NaN: level on the face itself */
    w->now->ux[lane] = w->old->ux[lane], w->now->uy[lane] = w->old->uy[lane], w->now->uz[lane] = uz;
    w->now->weight[lane] = w->old->weight[lane];
    if (variants) w->now->path[lane] = w->old->path[lane];
    if (isinf(path)) { /* level for ever: absorbed when anything absorbs, else given up */
        if (l->fade > 0.0f) w->now->weight[lane] = 0.0f;
        end(w, lane, w->at.lost, variants);
        return;
    }
    if (scores && l->track && w->now->turned[lane]) score_flight(w, lane, path, variants);
    w->now->x[lane] = w->old->x[lane] + w->old->ux[lane] * path;
    w->now->y[lane] = w->old->y[lane] + w->old->uy[lane] * path;
    if (l->fade > 0.0f) w->now->weight[lane] *= power_of_half_one(l->fade * path);
    if (variants) w->now->path[lane] += path;
    const float left = w->old->depth[lane] - path * l->mut;
    if (!cross(w, lane, variants)) return;
    w->now->depth[lane] = left > 0.0f ? left : 0.0f;
    if (w->now->weight[lane] < w->plan->roulette)
        roulette(w, lane, variants); /* faded, or caught between faces */
}

/* Step 3: the lanes that need a look, in their order. */
static inline void handle(walker *w, uint32_t busy, const bool scores, const bool variants)
{
    for (; busy; busy &= busy - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(busy);
        if (w->hits >> lane & 1) {
            at_boundary(w, lane, scores, variants);
            continue;
        }
        if (scores && w->tracked >> lane & 1 && w->old->turned[lane])
            score_flight(w, lane, w->old->depth[lane] * w->mfp[lane], variants);
        if (w->faint >> lane & 1) roulette(w, lane, variants);
    }
}

#endif
