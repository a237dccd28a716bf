/* A shape in one line, for the command line and for forms. */
#include "fadeline/course/shape.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reading {
    fl_shape_spec spec;
    fl_point points[FL_SHAPE_POINTS];
    double feather[FL_SHAPE_FEATHER];
    fl_shape_fault *fault;
} reading;

static fl_status wrong(reading *r, const char *hint, const char *what, const char *word)
{
    if (!r->fault) return FL_E_RANGE;
    *r->fault = (fl_shape_fault){.member = "text", .hint = hint};
    snprintf(r->fault->text, sizeof r->fault->text, "%s: '%.80s'", what, word);
    return FL_E_RANGE;
}

/* Numbers with commas between; SIZE_MAX when it is anything else, or too many. */
static size_t read_numbers(const char *word, double *numbers, size_t most)
{
    char copy[400], *rest = copy, *item;
    size_t count = 0;
    if (strlen(word) >= sizeof copy) return SIZE_MAX;
    snprintf(copy, sizeof copy, "%s", word);
    while ((item = strsep(&rest, ",")))
        if (count == most || fl_read_double(item, &numbers[count++]) != FL_OK) return SIZE_MAX;
    return count;
}

static fl_status read_circle(reading *r, char *text)
{
    double numbers[2] = {0.0, 0.0};
    char *at = strchr(text, '@');
    if (at) *at++ = 0;
    if (at && read_numbers(at, numbers, 2) != 2)
        return wrong(r, "circle:12@30,5", "this is no centre in mm", at);
    r->spec.centre = (fl_point){fl_mm(numbers[0]), fl_mm(numbers[1])};
    if (read_numbers(text, numbers, 1) != 1)
        return wrong(r, "circle:12, or circle:12@30,5 for its centre", "this is no diameter in mm", text);
    r->spec.diameter = fl_mm(numbers[0]);
    return FL_OK;
}

static fl_status read_key(reading *r, char *word)
{
    char *value = strchr(word, '=');
    *value++ = 0;
    double width;
    const bool strip = r->spec.kind == FL_SHAPE_STRIP;
    if (r->spec.kind != FL_SHAPE_BAND && !(strip && fl_text_same(word, "width")))
        return wrong(r, strip ? "a strip has width=" : "width, keep and feather are a band's",
                     "this is no point", word);
    if (fl_text_same(word, "width")) {
        if (read_numbers(value, &width, 1) != 1) return wrong(r, "width=12", "this is no width in mm", value);
        r->spec.width = fl_mm(width);
    } else if (fl_text_same(word, "keep")) {
        r->spec.keep = fl_text_same(value, "left")    ? FL_SIDE_LEFT
                       : fl_text_same(value, "right") ? FL_SIDE_RIGHT
                                                      : 0;
        if (!r->spec.keep)
            return wrong(r, "keep=left or keep=right, walking the line", "this is no side", value);
    } else if (fl_text_same(word, "feather")) {
        r->spec.feather_count = read_numbers(value, r->feather, FL_SHAPE_FEATHER);
        if (r->spec.feather_count == SIZE_MAX)
            return wrong(r, "feather=0.75,0.5: the last is the row at the line", "these are no shares",
                         value);
    } else {
        return wrong(r, "a band has width=, keep= and feather=", "there is no such word", word);
    }
    return FL_OK;
}

static fl_status read_words(reading *r, char *text)
{
    for (char *word; (word = strsep(&text, " "));) {
        double xy[2];
        if (!*word) continue;
        if (strchr(word, '=')) {
            const fl_status status = read_key(r, word);
            if (status != FL_OK) return status;
            continue;
        }
        if (read_numbers(word, xy, 2) != 2)
            return wrong(r, "points are x,y in mm with a space between", "this is no point", word);
        if (r->spec.count == FL_SHAPE_POINTS) return wrong(r, "at most 256", "one point too many", word);
        r->points[r->spec.count++] = (fl_point){fl_mm(xy[0]), fl_mm(xy[1])};
    }
    return FL_OK;
}

fl_status fl_shape_read(const char *text, fl_shape **shape, fl_shape_fault *fault)
{
    FL_ASSERT(text && shape);
    reading *r = calloc(1, sizeof *r);
    char *copy = strdup(text), *colon = copy ? strchr(copy, ':') : NULL;
    fl_status status = FL_E_MEMORY;
    if (r && copy) {
        r->fault = fault;
        r->spec.points = r->points;
        r->spec.feather = r->feather;
        if (colon) *colon++ = 0;
        r->spec.kind = fl_text_same(copy, "circle")    ? FL_SHAPE_CIRCLE
                       : fl_text_same(copy, "polygon") ? FL_SHAPE_POLYGON
                       : fl_text_same(copy, "band")    ? FL_SHAPE_BAND
                       : fl_text_same(copy, "strip")   ? FL_SHAPE_STRIP
                                                       : 0;
        if (!colon || !r->spec.kind)
            status = wrong(r, "begin with circle:, polygon:, strip: or band:", "this is no shape", copy);
        else
            status = r->spec.kind == FL_SHAPE_CIRCLE ? read_circle(r, colon) : read_words(r, colon);
        if (status == FL_OK) status = fl_shape_new(&r->spec, shape, fault);
    }
    free(copy);
    free(r);
    return status;
}
