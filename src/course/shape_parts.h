/* What the sources of a drawn zone share: vectors in millimetres, the inside of a shape, rows along a band.
 * Private to course. */
#ifndef FL_COURSE_SHAPE_PARTS_H
#define FL_COURSE_SHAPE_PARTS_H

#include "fadeline/course/shape.h"

#include <math.h>

typedef struct fl_vec { /* mm */
    double x, y;
} fl_vec;

static inline fl_vec fl_vec_of(fl_point p)
{
    return (fl_vec){fl_as_mm(p.x), fl_as_mm(p.y)};
}
static inline fl_point fl_point_of(fl_vec v)
{
    return (fl_point){fl_mm(v.x), fl_mm(v.y)};
}
static inline fl_vec fl_vec_add(fl_vec a, double t, fl_vec b) /* a + t b */
{
    return (fl_vec){a.x + t * b.x, a.y + t * b.y};
}
static inline fl_vec fl_vec_to(fl_vec a, fl_vec b)
{
    return (fl_vec){b.x - a.x, b.y - a.y};
}
static inline double fl_vec_dot(fl_vec a, fl_vec b)
{
    return a.x * b.x + a.y * b.y;
}
static inline double fl_vec_cross(fl_vec a, fl_vec b) /* positive: b lies to the left of a */
{
    return a.x * b.y - a.y * b.x;
}
static inline double fl_vec_far(fl_vec a, fl_vec b) /* hypot guards ranges that no drawing has, and is slow */
{
    return sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

struct fl_shape {
    fl_shape_spec spec; /* its points and feather are the shape's own */
    fl_point points[FL_SHAPE_POINTS];
    double feather[FL_SHAPE_FEATHER];
    fl_vec centre;
    double radius_mm;
    fl_vec line[FL_SHAPE_POINTS]; /* corners, or the keep line, or the middle of a strip */
    size_t count;
    double width_mm, side; /* side: +1 when the left of the line is to be faded, -1 the right */
    fl_vec *outline;       /* closed; NULL for a circle */
    size_t outline_count;
    double area_mm2;
    fl_vec least, most;
};

double fl_segment_distance(fl_vec a, fl_vec b, fl_vec at);
/* Of a closed outline; negative outside. */
double fl_outline_distance(const fl_vec *outline, size_t count, fl_vec at);
double fl_outline_area(const fl_vec *outline, size_t count);
/* First pair of edges that cross, touch, or fold back on each other; open: the last point is no neighbour of
 * the first. False: there is none. */
bool fl_outline_crosses(const fl_vec *points, size_t count, bool open, size_t *first, size_t *second);
/* Where a horizontal line enters and leaves, rising; always an even count, at most `most`. */
size_t fl_shape_scan(const fl_shape *shape, double y_mm, double *x_mm, size_t most);
size_t fl_shape_scan_most(const fl_shape *shape);

/* ---- bands: shape_band.c ---- */

/* A piece of the curve at a fixed distance from the keep line. */
typedef struct fl_run {
    bool is_arc;
    fl_vec from, to;
    fl_vec centre; /* arc */
    double angle, turn, radius;
    double length;
} fl_run;

#define FL_BAND_RUNS (4u * FL_SHAPE_POINTS)

fl_vec fl_run_at(const fl_run *run, double along_mm);
double fl_band_keep_distance(const fl_shape *shape, fl_vec at); /* signed: positive on the side to be faded */
/* The points of the band's side whose distance to the line is `distance_mm`, walking the line. */
size_t fl_band_trace(const fl_shape *shape, double distance_mm, fl_run runs[FL_BAND_RUNS]);
/* Sets outline; false: the band folds over itself. */
bool fl_band_outline(fl_shape *shape);
/* The same for a strip: a band on each side of its line. */
bool fl_strip_outline(fl_shape *shape);

#endif
