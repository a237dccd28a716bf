/* From the lists of a case file to a shape. */
#include "fadeline/course/case.h"

#include "fadeline/base/assert.h"

#include <math.h>

bool fl_case_shape_is_drawn(const fl_case_shape *shape)
{
    return isfinite(shape->circle.diameter.m) || shape->polygon.points_count || shape->strip.line_count ||
           shape->band.line_count;
}

/* x, y, x, y ... */
static size_t pair(const fl_length *numbers, size_t count, fl_point *points)
{
    FL_ASSERT(count % 2 == 0 && count / 2 <= FL_SHAPE_POINTS);
    for (size_t i = 0; i < count / 2; i++) points[i] = (fl_point){numbers[2 * i], numbers[2 * i + 1]};
    return count / 2;
}

fl_status fl_case_shape_new(const fl_case_shape *drawing, fl_shape **shape, fl_shape_fault *fault)
{
    fl_point points[FL_SHAPE_POINTS];
    fl_shape_spec spec = {.points = points};
    if (drawing->band.line_count) {
        spec.kind = FL_SHAPE_BAND;
        spec.count = pair(drawing->band.line, drawing->band.line_count, points);
        spec.width = drawing->band.width;
        spec.keep = drawing->band.keep;
        spec.feather = drawing->band.feather;
        spec.feather_count = drawing->band.feather_count;
    } else if (drawing->strip.line_count) {
        spec.kind = FL_SHAPE_STRIP;
        spec.count = pair(drawing->strip.line, drawing->strip.line_count, points);
        spec.width = drawing->strip.width;
    } else if (drawing->polygon.points_count) {
        spec.kind = FL_SHAPE_POLYGON;
        spec.count = pair(drawing->polygon.points, drawing->polygon.points_count, points);
    } else {
        spec.kind = FL_SHAPE_CIRCLE;
        spec.diameter = drawing->circle.diameter;
        if (drawing->circle.centre_count == 2)
            spec.centre = (fl_point){drawing->circle.centre[0], drawing->circle.centre[1]};
    }
    return fl_shape_new(&spec, shape, fault);
}
