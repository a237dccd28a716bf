#include "paper.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sans serif with tabular figures; Pango falls back to what the machine has. */
#define FAMILY "DejaVu Sans, Noto Sans, sans-serif"

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps its tables until the process ends; that is not a leak of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0"; /* nor anybody's golden output */
}
#endif

fl_shade fl_shade_thin(fl_shade shade, double alpha)
{
    shade.alpha = alpha;
    return shade;
}

static void use(fl_paper *paper, fl_shade shade)
{
    cairo_set_source_rgba(paper->cairo, shade.red, shade.green, shade.blue, shade.alpha);
}

/* As on a screen (base/show.h): an override would turn round a line that is signed. Ends of lines are ours.
 */
static const char *shown(const char *text, char *room, size_t size)
{
    fl_text all = fl_text_in(room, size);
    for (;; text++) {
        char line[FL_SHOWN_MAX];
        const size_t length = strcspn(text, "\n");
        fl_text_add_word(&all, fl_show_bytes(line, sizeof line, text, length));
        text += length;
        if (!*text) return room;
        fl_text_add_word(&all, "\n");
    }
}

static PangoLayout *lay_out(fl_paper *paper, fl_type type, const char *stored)
{
    char text[2 * FL_SHOWN_MAX];
    shown(stored, text, sizeof text);
    PangoLayout *layout = pango_cairo_create_layout(paper->cairo);
    PangoFontDescription *font = pango_font_description_from_string(FAMILY);
    pango_font_description_set_absolute_size(font, type.size * PANGO_SCALE);
    pango_font_description_set_weight(font, type.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    if (type.wrap > 0.0) {
        pango_layout_set_width(layout, (int)(type.wrap * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        if (type.lines > 0) {
            pango_layout_set_height(layout, -type.lines);
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        }
        pango_layout_set_spacing(layout, (int)(0.2 * type.size * PANGO_SCALE));
    } else if (type.most > 0.0) {
        pango_layout_set_width(layout, (int)(type.most * PANGO_SCALE));
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    if (type.wrap > 0.0 || type.most > 0.0)
        pango_layout_set_alignment(layout, type.align == FL_ALIGN_LEFT     ? PANGO_ALIGN_LEFT
                                           : type.align == FL_ALIGN_CENTRE ? PANGO_ALIGN_CENTER
                                                                           : PANGO_ALIGN_RIGHT);
    /* A word that must break is a hash, a key, a code: a hyphen in it would be another one. */
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

double fl_paper_text_width(fl_paper *paper, fl_type type, const char *text)
{
    int width, height;
    PangoLayout *layout = lay_out(paper, type, text);
    pango_layout_get_size(layout, &width, &height);
    g_object_unref(layout);
    return (double)width / PANGO_SCALE;
}

double fl_paper_text_height(fl_paper *paper, fl_type type, const char *text)
{
    int width, height;
    PangoLayout *layout = lay_out(paper, type, text);
    pango_layout_get_size(layout, &width, &height);
    g_object_unref(layout);
    return (double)height / PANGO_SCALE;
}

static double left_of(fl_type type, double x, double width)
{
    const double box = type.wrap > 0.0 ? type.wrap : type.most > 0.0 ? type.most : width;
    return type.align == FL_ALIGN_LEFT ? x : type.align == FL_ALIGN_CENTRE ? x - box / 2 : x - box;
}

fl_paper_extent fl_paper_text_extent(fl_paper *paper, double x, double y, fl_type type, const char *text)
{
    PangoRectangle r;
    PangoLayout *layout = lay_out(paper, type, text);
    pango_layout_get_extents(layout, NULL, &r);
    const double scale = 1.0 / PANGO_SCALE;
    const fl_paper_extent extent = {left_of(type, x, r.width * scale) + r.x * scale,
                                    y + (r.y - pango_layout_get_baseline(layout)) * scale, r.width * scale,
                                    r.height * scale};
    g_object_unref(layout);
    return extent;
}

double fl_paper_text(fl_paper *paper, double x, double y, fl_type type, const char *format, ...)
{
    char made[1200], text[FL_SHOWN_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(made, sizeof made, format, arguments);
    va_end(arguments);

    shown(made, text, sizeof text);
    if (paper->words) fl_paper_words_add(paper->words, text);
    PangoLayout *layout = lay_out(paper, type, text);
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    const double left = left_of(type, x, (double)width / PANGO_SCALE);
    use(paper, type.shade);
    cairo_move_to(paper->cairo, left, y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(paper->cairo, layout);
    g_object_unref(layout);
    return (double)height / PANGO_SCALE;
}

void fl_paper_line(fl_paper *paper, double x0, double y0, double x1, double y1, double width, fl_shade shade)
{
    use(paper, shade);
    cairo_set_line_width(paper->cairo, width);
    cairo_move_to(paper->cairo, x0, y0);
    cairo_line_to(paper->cairo, x1, y1);
    cairo_stroke(paper->cairo);
}

static void path(fl_paper *paper, double x, double y, double width, double height, double radius)
{
    cairo_t *c = paper->cairo;
    const double r = fmin(radius, fmin(width, height) / 2);
    cairo_new_sub_path(c);
    cairo_arc(c, x + width - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(c, x + width - r, y + height - r, r, 0, M_PI / 2);
    cairo_arc(c, x + r, y + height - r, r, M_PI / 2, M_PI);
    cairo_arc(c, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(c);
}

void fl_paper_box(fl_paper *paper, double x, double y, double width, double height, double radius,
                  fl_shade fill)
{
    if (!(width > 0.0 && height > 0.0)) return;
    use(paper, fill);
    path(paper, x, y, width, height, radius);
    cairo_fill(paper->cairo);
}

void fl_paper_frame(fl_paper *paper, double x, double y, double width, double height, double radius,
                    double line, bool dashed, fl_shade shade)
{
    if (!(width > 0.0 && height > 0.0)) return;
    static const double dashes[] = {4.0, 3.0};
    use(paper, shade);
    cairo_set_line_width(paper->cairo, line);
    cairo_set_dash(paper->cairo, dashes, dashed ? 2 : 0, 0.0);
    path(paper, x, y, width, height, radius);
    cairo_stroke(paper->cairo);
    cairo_set_dash(paper->cairo, NULL, 0, 0.0);
}

void fl_paper_hatch(fl_paper *paper, double x, double y, double width, double height, fl_shade shade)
{
    if (!(width > 0.0 && height > 0.0)) return;
    cairo_save(paper->cairo);
    cairo_rectangle(paper->cairo, x, y, width, height);
    cairo_clip(paper->cairo);
    for (double at = x - height; at < x + width; at += 5.0)
        fl_paper_line(paper, at, y + height, at + height, y, 0.8, shade);
    cairo_restore(paper->cairo);
}

void fl_paper_dot(fl_paper *paper, double x, double y, double radius, fl_shade fill)
{
    use(paper, fill);
    cairo_new_sub_path(paper->cairo);
    cairo_arc(paper->cairo, x, y, radius, 0, 2 * M_PI);
    cairo_fill(paper->cairo);
}
