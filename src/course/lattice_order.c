/* In which order the spots of a lattice are fired. */
#include "lattice_parts.h"

#include <stdlib.h>

/* ---- rows ---- */

typedef struct keyed {
    fl_lattice_spot spot;
    double along;
} keyed;

static int by_row(const void *a, const void *b)
{
    const keyed *p = a, *q = b;
    if (p->spot.row != q->spot.row) return p->spot.row > q->spot.row ? 1 : -1;
    const double back = p->spot.row % 2 ? -1.0 : 1.0;
    return back * p->along > back * q->along ? 1 : back * p->along < back * q->along ? -1 : 0;
}

bool fl_order_rows(fl_lattice_spot *spots, const double *along, size_t count)
{
    keyed *list = malloc((count + 1) * sizeof *list);
    if (!list) return false;
    for (size_t i = 0; i < count; i++) list[i] = (keyed){spots[i], along[i]};
    qsort(list, count, sizeof *list, by_row);
    for (size_t i = 0; i < count; i++) spots[i] = list[i].spot;
    free(list);
    return true;
}

/* ---- apart ---- */

static double far(const fl_lattice_spot *a, const fl_lattice_spot *b)
{
    return fl_vec_far(fl_vec_of(a->at), fl_vec_of(b->at));
}

/* Where a spot that found no place in time can be slipped in; `count` when nowhere. */
static size_t gap_for(const fl_lattice_spot *done, size_t count, const fl_lattice_spot *spot, double apart)
{
    size_t best = count;
    double detour = INFINITY;
    for (size_t i = 0; i <= count; i++) {
        const double in = i ? far(&done[i - 1], spot) : INFINITY,
                     out = i < count ? far(&done[i], spot) : INFINITY;
        if (in < apart || out < apart) continue;
        const double more =
            (i ? in : 0.0) + (i < count ? out : 0.0) - (i && i < count ? far(&done[i - 1], &done[i]) : 0.0);
        if (more < detour) detour = more, best = i;
    }
    return detour < INFINITY ? best : count;
}

/* Of those still to fire, in the order of rows, the first that is far enough: so the hand works its way along
 * and goes back for what it jumped. What is left at the end and touches the last pulse is slipped in earlier.
 */
bool fl_order_spaced(fl_lattice_spot *spots, size_t count, double apart)
{
    if (count < 2) return true;
    fl_lattice_spot *done = malloc(count * sizeof *done);
    size_t *next = malloc((count + 1) * sizeof *next); /* a list; its head is at `count` */
    if (!done || !next) {
        free(done);
        free(next);
        return false;
    }
    for (size_t i = 0; i < count; i++) next[i] = i + 1;
    next[count] = 0;
    size_t made = 0;
    while (next[count] < count) {
        size_t before = count, at = next[count];
        while (made && at < count && far(&done[made - 1], &spots[at]) < apart) before = at, at = next[at];
        if (at == count) break;
        done[made++] = spots[at];
        next[before] = next[at];
    }
    for (size_t at = next[count]; at < count; at = next[at]) {
        const size_t gap = gap_for(done, made, &spots[at], apart);
        for (size_t k = made; k > gap; k--) done[k] = done[k - 1];
        done[gap] = spots[at];
        made++;
    }
    for (size_t i = 0; i < count; i++) spots[i] = done[i];
    free(done);
    free(next);
    return true;
}
