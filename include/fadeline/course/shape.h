/* Shape: where a zone lies, drawn flat in millimetres: a circle, a polygon, a strip along a scar, or a band
 * along a hairline.
 *
 * x to the right and y up, as the person who draws sees the skin; all zones of one client share one drawing,
 * so that neighbours know their distance. A band is drawn by its keep line: what is to be faded lies `width`
 * deep on one side of it, what stays lies on the other, and no spot may touch the line with any part of
 * itself. A strip has half its `width` on each side of its line, and ends square with it.
 *
 *     const fl_point line[] = {{fl_mm(0), fl_mm(0)}, {fl_mm(45), fl_mm(9)}, {fl_mm(90), fl_mm(0)}};
 *     fl_shape_spec spec = {.kind = FL_SHAPE_BAND, .points = line, .count = 3,
 *                           .width = fl_mm(12), .keep = FL_SIDE_LEFT};
 *     fl_shape *shape;
 *     fl_shape_fault fault;
 *     if (fl_shape_new(&spec, &shape, &fault) != FL_OK) puts(fault.text); // "edge 1 crosses edge 3"
 *     fl_shape_area(shape);                                               // 10.7 cm2
 *     fl_shape_free(shape);
 *
 * The trap: the skin is not flat. A drawing is true where the skin was flattened to draw it; over a whole
 * scalp it is not, and one zone a drawing is the honest use.
 *
 * A shape is constant once made: safe from any thread.
 */
#ifndef FL_COURSE_SHAPE_H
#define FL_COURSE_SHAPE_H

#include "fadeline/base/status.h"
#include "fadeline/units/units.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    FL_SHAPE_POINTS = 256, /* corners of a polygon, or points of a line */
    FL_SHAPE_FEATHER = 16, /* feathered rows */
};

typedef struct fl_point {
    fl_length x, y;
} fl_point;

typedef enum fl_shape_kind {
    FL_SHAPE_CIRCLE = 1,
    FL_SHAPE_POLYGON,
    FL_SHAPE_BAND,
    FL_SHAPE_STRIP
} fl_shape_kind;
typedef enum fl_side { FL_SIDE_LEFT = 1, FL_SIDE_RIGHT } fl_side; /* walking the line from its first point */

typedef struct fl_shape_spec {
    fl_shape_kind kind;
    fl_point centre; /* circle */
    fl_length diameter;
    const fl_point *points; /* corners of a polygon, in either sense; the keep line of a band; the middle of a
                               strip */
    size_t count;
    fl_length width; /* band: how deep on the side that is not kept; strip: from edge to edge */
    fl_side keep;
    /* Band: of the last rows towards the keep line, the share of spots that are fired, 0 to 1. The last
     * number is the row at the line: {0.75, 0.5, 0.25} leaves it a quarter. */
    const double *feather;
    size_t feather_count;
} fl_shape_spec;

typedef struct fl_shape_fault { /* why a drawing is none */
    const char *member;         /* "points", "width", "diameter", "feather", "centre" */
    size_t item;                /* of points and feather, from 0 */
    char text[200];             /* a sentence without its stop */
    const char *hint;
} fl_shape_fault;

typedef struct fl_shape fl_shape; /* keeps copies of what the spec points to */

/* FL_E_RANGE with the reason in *fault: a number that is none or out of bounds (coordinates within 2 m, sizes
 * from 0.1 mm), a polygon or line that crosses itself (both edges are named, counted from 1), points that
 * all stand on one line where an area is wanted, a band or strip that folds over itself because its line
 * bends more sharply than it is wide, fewer points than it takes. */
FL_MUST_USE fl_status fl_shape_new(const fl_shape_spec *spec, fl_shape **shape, fl_shape_fault *fault);
void fl_shape_free(fl_shape *shape); /* NULL is fine */

const fl_shape_spec *fl_shape_spec_of(const fl_shape *shape);

/* Circle and polygon exact; a band and a strip by their outline, whose arcs are cut to chords no further than
 * 1 um away. */
fl_area fl_shape_area(const fl_shape *shape);
void fl_shape_bounds(const fl_shape *shape, fl_point *least, fl_point *most);
/* To the nearest edge: positive inside, negative outside. */
fl_length fl_shape_distance(const fl_shape *shape, fl_point at);
/* A disc of this radius about `at` lies inside, or sticks out by no more than `spill`. */
bool fl_shape_holds(const fl_shape *shape, fl_point at, fl_length radius, fl_length spill);
/* To the keep line of a band, positive on the side to be faded; infinite for other shapes. */
fl_length fl_shape_keep_distance(const fl_shape *shape, fl_point at);
/* Of the shape grown by a margin on all sides: what is covered with anaesthetic cream. Within 1e-4. */
fl_area fl_shape_grown_area(const fl_shape *shape, fl_length margin);

/* The edge as a closed polygon, for pictures: at most `most` points are written, all are counted. A circle
 * gives 128. */
size_t fl_shape_outline(const fl_shape *shape, fl_point *points, size_t most);

/* A shape in one line, all in mm: "circle:12", "circle:12@30,5", "polygon:0,0 40,0 40,25",
 * "band:0,0 45,9 90,0 width=12 keep=left feather=0.75,0.5", "strip:0,0 70,4 width=20". FL_E_RANGE as above.
 */
FL_MUST_USE fl_status fl_shape_read(const char *text, fl_shape **shape, fl_shape_fault *fault);

#endif
