#include "fadeline/report/paper_file.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "paper.h"
#include "paper_lang.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PNG_SCALE 2.0 /* sharp on a dense screen and on paper */

typedef struct buffer {
    char *bytes;
    size_t size, room;
} buffer;

struct fl_paper_words {
    buffer text; /* escaped, a line each */
    bool lost;
};

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

static bool put(buffer *b, const char *text, size_t length)
{
    return keep(b, (const unsigned char *)text, (unsigned)length) == CAIRO_STATUS_SUCCESS;
}

/* Text as XML takes it: a client's words may hold anything. */
static bool put_escaped(buffer *b, const char *text)
{
    bool done = true;
    for (; *text && done; text++) {
        const char *as = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : NULL;
        if ((unsigned char)*text < ' ') as = " ";
        done = as ? put(b, as, strlen(as)) : put(b, text, 1);
    }
    return done;
}

void fl_paper_words_add(fl_paper_words *words, const char *text)
{
    if (!put_escaped(&words->text, text) || !put(&words->text, "\n", 1)) words->lost = true;
}

fl_paper_kind fl_paper_kind_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (!dot || dot == name) return FL_PAPER_NONE;
    return strcasecmp(dot, ".svg") == 0   ? FL_PAPER_SVG
           : strcasecmp(dot, ".png") == 0 ? FL_PAPER_PNG
           : strcasecmp(dot, ".pdf") == 0 ? FL_PAPER_PDF
                                          : FL_PAPER_NONE;
}

static cairo_surface_t *surface_for(fl_paper_kind kind, const fl_paper_page *page, double pixels, buffer *out)
{
    cairo_surface_t *surface;
    switch (kind) {
    case FL_PAPER_SVG:
        surface = cairo_svg_surface_create_for_stream(keep, out, page->width, page->height);
        cairo_svg_surface_set_document_unit(surface, page->is_points ? CAIRO_SVG_UNIT_PT : CAIRO_SVG_UNIT_PX);
        return surface;
    case FL_PAPER_PDF: {
        const double points = page->is_points ? 1.0 : 0.75; /* a pixel of a screen is 1/96 inch */
        surface = cairo_pdf_surface_create_for_stream(keep, out, points * page->width, points * page->height);
        if (page->title) cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page->title);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Fadeline " FL_VERSION);
        /* never the clock's day: the same plan gives the same bytes */
        char day[32];
        snprintf(day, sizeof day, "%.10sT00:00:00Z", page->day ? page->day : "2000-01-01");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, day);
        return surface;
    }
    default:
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(pixels * page->width),
                                          (int)ceil(pixels * page->height));
    }
}

/* Title and words go behind the first tag, where readers of screens look for them. */
static bool name_picture(buffer *svg, const char *title, const buffer *words)
{
    const char *tag = svg->size ? memmem(svg->bytes, svg->size, "<svg", 4) : NULL;
    const char *end = tag ? memchr(tag, '>', svg->size - (size_t)(tag - svg->bytes)) : NULL;
    if (!end) return true;
    const size_t head = (size_t)(end + 1 - svg->bytes);
    buffer named = {0};
    bool done = put(&named, svg->bytes, head);
    if (done && title && *title)
        done = put(&named, "\n<title>", 8) && put_escaped(&named, title) && put(&named, "</title>", 8);
    if (done && words->size)
        done = put(&named, "\n<desc>", 7) && put(&named, words->bytes, words->size - 1) &&
               put(&named, "</desc>", 7);
    done = done && put(&named, svg->bytes + head, svg->size - head);
    if (done) {
        free(svg->bytes);
        *svg = named;
    } else {
        free(named.bytes);
    }
    return done;
}

fl_status fl_paper_file_make(fl_paper_kind kind, fl_paper_painter painter, const void *what,
                             const fl_paper_page *page, char **bytes, size_t *size, fl_error *error)
{
    FL_ASSERT(kind != FL_PAPER_NONE && painter && page && bytes && size);
    const double pixels = page->pixels > 0.0 ? page->pixels : 1.0;
    const double scale = kind == FL_PAPER_PNG                       ? pixels
                         : kind == FL_PAPER_PDF && !page->is_points ? 0.75
                                                                    : 1.0;
    buffer out = {0};
    fl_paper_words words = {.lost = false};
    cairo_surface_t *surface = surface_for(kind, page, pixels, &out);
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    painter(cairo, &words, what);
    cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    if (kind == FL_PAPER_PNG && drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_write_to_png_stream(surface, keep, &out);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (kind == FL_PAPER_SVG && drawn == CAIRO_STATUS_SUCCESS &&
        (words.lost || !name_picture(&out, page->title, &words.text)))
        drawn = CAIRO_STATUS_NO_MEMORY;
    if (kind == FL_PAPER_PDF && drawn == CAIRO_STATUS_SUCCESS && page->lang &&
        !fl_paper_say_lang(&out.bytes, &out.size, page->lang))
        drawn = CAIRO_STATUS_NO_MEMORY;
    free(words.text.bytes);
    *bytes = out.bytes, *size = out.size;
    if (drawn == CAIRO_STATUS_SUCCESS) return FL_OK;
    free(out.bytes);
    *bytes = NULL, *size = 0;
    return fl_error_set(error, drawn == CAIRO_STATUS_NO_MEMORY ? FL_E_MEMORY : FL_E_BUG, "cannot draw: %s",
                        cairo_status_to_string(drawn));
}

fl_status fl_paper_file_write(fl_paper_kind kind, fl_paper_painter painter, const void *what,
                              const fl_paper_page *page, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    fl_status status = fl_paper_file_make(kind, painter, what, page, &bytes, &size, error);
    if (status == FL_OK) status = fl_place_write(path, bytes, size, page->mode, error);
    free(bytes);
    return status;
}

/* ---- pages of this module ---- */

typedef struct painting {
    fl_paper_draw draw;
    const void *what;
    double width, height;
} painting;

static void paint(cairo_t *cairo, fl_paper_words *words, const void *what)
{
    const painting *p = what;
    fl_paper paper = {cairo, p->width, p->height, words};
    p->draw(&paper, p->what);
}

fl_status fl_paper_make_page(fl_paper_kind kind, fl_paper_draw draw, const void *what,
                             const fl_paper_page *page, char **bytes, size_t *size, fl_error *error)
{
    const painting p = {draw, what, page->width, page->height};
    return fl_paper_file_make(kind, paint, &p, page, bytes, size, error);
}

fl_status fl_paper_write_page(fl_paper_kind kind, fl_paper_draw draw, const void *what,
                              const fl_paper_page *page, const char *path, fl_error *error)
{
    const painting p = {draw, what, page->width, page->height};
    return fl_paper_file_write(kind, paint, &p, page, path, error);
}

fl_status fl_paper_write(fl_paper_draw draw, const void *what, double width, double height,
                         const char *directory, const char *name, fl_error *error)
{
    static const struct {
        fl_paper_kind kind;
        const char *ending;
    } files[] = {{FL_PAPER_SVG, "svg"}, {FL_PAPER_PNG, "png"}};
    const fl_paper_page page = {.width = width, .height = height, .pixels = PNG_SCALE, .mode = 0644};
    fl_status status = FL_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files && status == FL_OK; i++) {
        char path[FL_PLACE_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s.%s", directory, name, files[i].ending) >= sizeof path)
            return fl_error_set(error, FL_E_RANGE, "the path '%s/%s.%s' is too long", directory, name,
                                files[i].ending);
        status = fl_paper_write_page(files[i].kind, draw, what, &page, path, error);
    }
    return status;
}
