/* How much of a shape lies under how many spots.
 *
 * A horizontal line cuts a disc in one stretch and the shape in a few: along the line the depth is exact, and
 * only the sum over lines is a rule of midpoints. Its error falls with the lines' distance to the power of
 * about 1.5: with 96 lines a spot the fractions are good to 1e-4 (test_lattice.c, against a lattice without
 * edges).
 */
#include "lattice_parts.h"

#include <stdlib.h>

typedef struct event {
    double x;
    int disc;  /* +1, -1 */
    int shape; /* likewise */
} event;

struct fl_cover {
    const fl_shape *shape;
    double *crossings;
    fl_vec *centres;
    event *events;
    size_t room;
};

fl_cover *fl_cover_new(const fl_shape *shape)
{
    fl_cover *cover = calloc(1, sizeof *cover);
    if (!cover) return NULL;
    cover->shape = shape;
    cover->crossings = malloc(fl_shape_scan_most(shape) * sizeof *cover->crossings);
    if (cover->crossings) return cover;
    fl_cover_free(cover);
    return NULL;
}

void fl_cover_free(fl_cover *cover)
{
    if (!cover) return;
    free(cover->crossings);
    free(cover->centres);
    free(cover->events);
    free(cover);
}

static bool make_room(fl_cover *cover, size_t discs)
{
    if (cover->centres && discs <= cover->room) return true;
    const size_t room = 2 * discs + 16;
    fl_vec *centres = realloc(cover->centres, room * sizeof *centres);
    if (centres) cover->centres = centres;
    event *events =
        realloc(cover->events, (2 * room + fl_shape_scan_most(cover->shape)) * sizeof *cover->events);
    if (events) cover->events = events;
    if (!centres || !events) return false;
    cover->room = room;
    return true;
}

static int by_height(const void *a, const void *b)
{
    const fl_vec *p = a, *q = b;
    return (p->y > q->y) - (p->y < q->y);
}

static int by_place(const void *a, const void *b)
{
    const event *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* A line meets a few dozen edges of discs: too few for qsort to be worth its calls. */
static void sort(event *events, size_t count)
{
    if (count > 64) {
        qsort(events, count, sizeof *events, by_place);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const event held = events[i];
        size_t k = i;
        for (; k && events[k - 1].x > held.x; k--) events[k] = events[k - 1];
        events[k] = held;
    }
}

static void add_line(const event *events, size_t count, double step, fl_covered *covered)
{
    int depth = 0, inside = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        depth += events[i].disc;
        inside += events[i].shape;
        if (!inside) continue;
        const double area = step * (events[i + 1].x - events[i].x);
        covered->under[depth < 3 ? depth : 3] += area;
        covered->light += depth * area;
    }
}

bool fl_cover_measure(fl_cover *cover, const fl_sites *sites, double radius, double step, fl_covered *covered)
{
    const fl_shape *s = cover->shape;
    if (!make_room(cover, sites->count)) return false;
    size_t discs = 0;
    for (size_t i = 0; i < sites->count; i++)
        if (!sites->list[i].left_out) cover->centres[discs++] = sites->list[i].at;
    qsort(cover->centres, discs, sizeof *cover->centres, by_height);

    const double high = s->most.y - s->least.y, lines = fmax(8.0, ceil(high / step));
    const double apart = high / lines;
    *covered = (fl_covered){.light = 0.0};
    size_t first = 0;
    for (double k = 0.5; k < lines; k += 1.0) {
        const double y = s->least.y + k * apart;
        size_t count = 0;
        const size_t crossings = fl_shape_scan(s, y, cover->crossings, fl_shape_scan_most(s));
        for (size_t i = 0; i < crossings; i++)
            cover->events[count++] = (event){cover->crossings[i], 0, i % 2 ? -1 : 1};
        while (first < discs && cover->centres[first].y <= y - radius) first++;
        for (size_t i = first; i < discs && cover->centres[i].y < y + radius; i++) {
            const double up = y - cover->centres[i].y, half = sqrt(fmax(0.0, radius * radius - up * up));
            cover->events[count++] = (event){cover->centres[i].x - half, 1, 0};
            cover->events[count++] = (event){cover->centres[i].x + half, -1, 0};
        }
        sort(cover->events, count);
        add_line(cover->events, count, apart, covered);
    }
    return true;
}
