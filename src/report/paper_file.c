#include "paper.h"

#include "fadeline/base/place.h"

#include <cairo-svg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PNG_SCALE 2.0 /* sharp on a dense screen and on paper */

typedef struct buffer {
    char *bytes;
    size_t size, room;
} buffer;

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned length)
{
    buffer *b = closure;
    if (b->size + length > b->room) {
        const size_t room = 2 * (b->size + length) + 4096;
        char *more = realloc(b->bytes, room);
        if (!more) return CAIRO_STATUS_NO_MEMORY;
        b->bytes = more, b->room = room;
    }
    memcpy(b->bytes + b->size, data, length);
    b->size += length;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t paint(cairo_surface_t *surface, fl_paper_draw draw, const void *what, double width,
                            double height, double scale)
{
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    fl_paper paper = {cairo, width, height};
    draw(&paper, what);
    const cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    return status;
}

static fl_status save(const buffer *b, cairo_status_t drawn, const char *directory, const char *name,
                      const char *ending, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (drawn != CAIRO_STATUS_SUCCESS)
        return fl_error_set(error, drawn == CAIRO_STATUS_NO_MEMORY ? FL_E_MEMORY : FL_E_BUG,
                            "cannot draw %s.%s: %s", name, ending, cairo_status_to_string(drawn));
    if ((size_t)snprintf(path, sizeof path, "%s/%s.%s", directory, name, ending) >= sizeof path)
        return fl_error_set(error, FL_E_RANGE, "the path '%s/%s.%s' is too long", directory, name, ending);
    return fl_place_write(path, b->bytes, b->size, 0644, error);
}

fl_status fl_paper_write(fl_paper_draw draw, const void *what, double width, double height,
                         const char *directory, const char *name, fl_error *error)
{
    buffer svg = {0}, png = {0};
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(keep, &svg, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    cairo_status_t drawn = paint(surface, draw, what, width, height, 1.0);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    fl_status status = save(&svg, drawn, directory, name, "svg", error);

    if (status == FL_OK) {
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(PNG_SCALE * width),
                                             (int)ceil(PNG_SCALE * height));
        drawn = paint(surface, draw, what, width, height, PNG_SCALE);
        if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_write_to_png_stream(surface, keep, &png);
        cairo_surface_destroy(surface);
        status = save(&png, drawn, directory, name, "png", error);
    }
    free(svg.bytes);
    free(png.bytes);
    return status;
}
