#include "plan_sheet_figure.h"

#define FAINT FL_SHADE(0xb9bfc5)

/* Half a picture is as high as `scale`: ears, nose and neck stand out of it. */
static double unit(const fl_figure *m)
{
    return m->scale / (m->view == FL_BODY_TOP ? 99.0 : 118.0);
}

double fl_figure_x(const fl_figure *m, double x_mm)
{
    return m->x + unit(m) * x_mm;
}
double fl_figure_y(const fl_figure *m, double y_mm)
{
    return m->y + unit(m) * y_mm;
}

void fl_figure_use(const fl_figure *m, fl_shade shade)
{
    cairo_set_source_rgba(m->paper->cairo, shade.red, shade.green, shade.blue, shade.alpha);
}

bool fl_figure_is_small(const fl_body_part *part)
{
    return part->name_x != 0.0 || part->name_y != 0.0;
}

fl_body_view fl_figure_view(size_t on_head, size_t on_face)
{
    return on_face > on_head ? FL_BODY_FRONT : on_head ? FL_BODY_TOP : FL_BODY_VIEWS;
}

void fl_figure_trace(const fl_figure *m, const fl_body_part *part)
{
    cairo_t *c = m->paper->cairo;
    const char *path = part->path;
    char letter;
    double p[6];
    cairo_new_path(c);
    cairo_set_fill_rule(c, CAIRO_FILL_RULE_EVEN_ODD); /* a beard has a mouth in it */
    while (fl_body_step(&path, &letter, p)) {
        if (letter == 'M')
            cairo_move_to(c, fl_figure_x(m, p[0]), fl_figure_y(m, p[1]));
        else if (letter == 'L')
            cairo_line_to(c, fl_figure_x(m, p[0]), fl_figure_y(m, p[1]));
        else if (letter == 'C')
            cairo_curve_to(c, fl_figure_x(m, p[0]), fl_figure_y(m, p[1]), fl_figure_x(m, p[2]),
                           fl_figure_y(m, p[3]), fl_figure_x(m, p[4]), fl_figure_y(m, p[5]));
        else
            cairo_close_path(c);
    }
}

static void draw_part(const fl_figure *m, const fl_body_part *part)
{
    cairo_t *c = m->paper->cairo;
    const bool skin = part->kind == FL_BODY_SKIN;
    if (part->kind == FL_BODY_WORD || (part->kind == FL_BODY_ZONE && m->view == FL_BODY_TOP)) return;
    fl_figure_trace(m, part);
    if (skin) {
        fl_figure_use(m, FL_FIGURE_SKIN);
        cairo_fill_preserve(c);
    }
    fl_figure_use(m, skin ? FL_FIGURE_EDGE : part->kind == FL_BODY_LINE ? FAINT : fl_shade_thin(FAINT, 0.5));
    cairo_set_line_width(c, skin ? 0.8 : 0.6);
    cairo_stroke(c);
}

void fl_figure_draw(const fl_figure *m)
{
    const fl_body_picture *picture = fl_body_picture_of(m->view);
    for (size_t i = 0; i < picture->count; i++) draw_part(m, &picture->parts[i]);
}
