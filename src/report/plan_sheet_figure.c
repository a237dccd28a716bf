/* The head from above and the face from the front. */
#include "plan_sheet_figure.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

/* ---- two schematics ----
 * Drawn in a frame of their own: x to the right of the page, y down, the outline from -1 to 1. Every zone is
 * a strip between two curves y = a + b x^2, cut at the outline, or a closed smooth line through points. */

#define HAIR                                                                                                 \
    {                                                                                                        \
        -0.80, 0.75                                                                                          \
    }
#define FRONT_MID                                                                                            \
    {                                                                                                        \
        -0.38, 0.45                                                                                          \
    }
#define MID_VERTEX                                                                                           \
    {                                                                                                        \
        0.12, 0.22                                                                                           \
    }
#define VERTEX_OCC                                                                                           \
    {                                                                                                        \
        0.60, -0.22                                                                                          \
    }
#define SIDE                                                                                                 \
    {                                                                                                        \
        0.00, 0.10                                                                                           \
    }

// clang-format off
const fl_figure_region fl_figure_scalp[] = {
    {"F-L", -0.42, 0.00, HAIR,       FRONT_MID,  -0.215, -0.54, {{0}}, 0, 0, 0},
    {"F-R",  0.00, 0.42, HAIR,       FRONT_MID,   0.215, -0.54, {{0}}, 0, 0, 0},
    {"MID", -0.42, 0.42, FRONT_MID,  MID_VERTEX,  0.00,  -0.12, {{0}}, 0, 0, 0},
    {"VTX", -0.42, 0.42, MID_VERTEX, VERTEX_OCC,  0.00,   0.37, {{0}}, 0, 0, 0},
    {"T-L", -1.00, -0.42, HAIR,      SIDE,       -0.585, -0.23, {{0}}, 0, 0, 0},
    {"T-R",  0.42, 1.00, HAIR,       SIDE,        0.585, -0.23, {{0}}, 0, 0, 0},
    {"P-L", -1.00, -0.42, SIDE,      VERTEX_OCC, -0.590,  0.27, {{0}}, 0, 0, 0},
    {"P-R",  0.42, 1.00, SIDE,       VERTEX_OCC,  0.590,  0.27, {{0}}, 0, 0, 0},
    {"OCC", -1.00, 1.00, VERTEX_OCC, {1.2, 0},    0.00,   0.76, {{0}}, 0, 0, 0},
    {NULL, 0, 0, {0, 0}, {0, 0}, 0, 0, {{0}}, 0, 0, 0},
};

/* From the front: the client's left is on the right of the page. The beard comes first, the lips lie on it. */
const fl_figure_region fl_figure_face[] = {
    {"BRD",   -1.00, 1.00, {0.37, -0.62}, {1.2, 0}, -0.42, 0.62, {{0}}, 0, -0.96, 0.82},
    {"BRW-L", 0, 0, {0, 0}, {0, 0}, 0.51, -0.33,
     {{0.11, -0.335}, {0.22, -0.375}, {0.38, -0.385}, {0.54, -0.285}, {0.38, -0.330}, {0.22, -0.320}}, 6, 0.96, -0.46},
    {"BRW-R", 0, 0, {0, 0}, {0, 0}, -0.51, -0.33,
     {{-0.11, -0.335}, {-0.22, -0.375}, {-0.38, -0.385}, {-0.54, -0.285}, {-0.38, -0.330}, {-0.22, -0.320}}, 6, -0.96, -0.46},
    {"LID-UL", 0, 0, {0, 0}, {0, 0}, 0.42, -0.135,
     {{0.155, -0.085}, {0.22, -0.145}, {0.32, -0.165}, {0.45, -0.095}, {0.32, -0.128}, {0.22, -0.112}}, 6, 0.96, -0.16},
    {"LID-UR", 0, 0, {0, 0}, {0, 0}, -0.42, -0.135,
     {{-0.155, -0.085}, {-0.22, -0.145}, {-0.32, -0.165}, {-0.45, -0.095}, {-0.32, -0.128}, {-0.22, -0.112}}, 6, -0.96, -0.16},
    {"LID-LL", 0, 0, {0, 0}, {0, 0}, 0.40, -0.045,
     {{0.17, -0.068}, {0.24, -0.048}, {0.33, -0.045}, {0.44, -0.080}, {0.33, -0.012}, {0.24, -0.018}}, 6, 0.96, 0.13},
    {"LID-LR", 0, 0, {0, 0}, {0, 0}, -0.40, -0.045,
     {{-0.17, -0.068}, {-0.24, -0.048}, {-0.33, -0.045}, {-0.44, -0.080}, {-0.33, -0.012}, {-0.24, -0.018}}, 6, -0.96, 0.13},
    {"LIP-U", 0, 0, {0, 0}, {0, 0}, 0.18, 0.485,
     {{-0.27, 0.525}, {-0.10, 0.435}, {0.00, 0.455}, {0.10, 0.435}, {0.27, 0.525}, {0.00, 0.530}}, 6, 0.96, 0.40},
    {"LIP-L", 0, 0, {0, 0}, {0, 0}, 0.15, 0.595,
     {{-0.25, 0.540}, {0.00, 0.548}, {0.25, 0.540}, {0.14, 0.640}, {0.00, 0.665}, {-0.14, 0.640}}, 6, 0.96, 0.69},
    {NULL, 0, 0, {0, 0}, {0, 0}, 0, 0, {{0}}, 0, 0, 0},
};
// clang-format on

double fl_figure_x(const fl_figure *m, double x)
{
    return m->x + m->scale * x;
}
double fl_figure_y(const fl_figure *m, double y)
{
    return m->y + m->scale * y;
}

const fl_figure_region *fl_figure_region_of(const fl_figure_region *regions, const char *id)
{
    for (; regions->id; regions++)
        if (fl_text_same(regions->id, id)) return regions;
    return NULL;
}

/* ---- outlines ---- */

static void bend(const fl_figure *m, double k, const double p[6])
{
    cairo_curve_to(m->paper->cairo, fl_figure_x(m, k * p[0]), fl_figure_y(m, k * p[1]),
                   fl_figure_x(m, k * p[2]), fl_figure_y(m, k * p[3]), fl_figure_x(m, k * p[4]),
                   fl_figure_y(m, k * p[5]));
}

/* The outline, `k` times as large. */
void fl_figure_trace_outline(const fl_figure *m, double k)
{
    static const double head[4][6] = {{0.48, -1.00, 0.79, -0.52, 0.79, 0.08},
                                      {0.79, 0.62, 0.46, 1.00, 0.00, 1.00},
                                      {-0.46, 1.00, -0.79, 0.62, -0.79, 0.08},
                                      {-0.79, -0.52, -0.48, -1.00, 0.00, -1.00}};
    static const double front[4][6] = {{0.50, -1.00, 0.72, -0.62, 0.70, -0.12},
                                       {0.68, 0.52, 0.40, 1.00, 0.00, 1.00},
                                       {-0.40, 1.00, -0.68, 0.52, -0.70, -0.12},
                                       {-0.72, -0.62, -0.50, -1.00, 0.00, -1.00}};
    const double(*p)[6] = m->is_face ? front : head;
    cairo_new_path(m->paper->cairo);
    cairo_move_to(m->paper->cairo, fl_figure_x(m, 0), fl_figure_y(m, -k));
    for (int i = 0; i < 4; i++) bend(m, k, p[i]);
    cairo_close_path(m->paper->cairo);
}

void fl_figure_use(const fl_figure *m, fl_shade shade)
{
    cairo_set_source_rgba(m->paper->cairo, shade.red, shade.green, shade.blue, shade.alpha);
}

void fl_figure_fill_and_line(const fl_figure *m, fl_shade fill, fl_shade line, double width)
{
    fl_figure_use(m, fill);
    cairo_fill_preserve(m->paper->cairo);
    fl_figure_use(m, line);
    cairo_set_line_width(m->paper->cairo, width);
    cairo_stroke(m->paper->cairo);
}

static void draw_ears(const fl_figure *m)
{
    for (int side = -1; side <= 1; side += 2) {
        cairo_save(m->paper->cairo);
        cairo_translate(m->paper->cairo, fl_figure_x(m, side * (m->is_face ? 0.71 : 0.79)),
                        fl_figure_y(m, m->is_face ? -0.08 : 0.05));
        cairo_rotate(m->paper->cairo, side * (m->is_face ? 0.12 : -0.15));
        cairo_scale(m->paper->cairo, 0.07 * m->scale, (m->is_face ? 0.17 : 0.13) * m->scale);
        cairo_new_path(m->paper->cairo);
        cairo_arc(m->paper->cairo, 0, 0, 1, 0, 2 * M_PI);
        cairo_restore(m->paper->cairo);
        fl_figure_fill_and_line(m, FL_FIGURE_SKIN, FL_FIGURE_EDGE, 0.8);
    }
}

void fl_figure_draw_head(const fl_figure *m)
{
    cairo_t *c = m->paper->cairo;
    draw_ears(m);
    if (!m->is_face) { /* the tip of the nose: which way the client looks */
        cairo_new_path(c);
        cairo_move_to(c, fl_figure_x(m, -0.13), fl_figure_y(m, -0.96));
        cairo_curve_to(c, fl_figure_x(m, -0.05), fl_figure_y(m, -1.0), fl_figure_x(m, -0.06),
                       fl_figure_y(m, -1.12), fl_figure_x(m, 0), fl_figure_y(m, -1.12));
        cairo_curve_to(c, fl_figure_x(m, 0.06), fl_figure_y(m, -1.12), fl_figure_x(m, 0.05),
                       fl_figure_y(m, -1.0), fl_figure_x(m, 0.13), fl_figure_y(m, -0.96));
        fl_figure_fill_and_line(m, FL_FIGURE_SKIN, FL_FIGURE_EDGE, 0.8);
    }
    fl_figure_trace_outline(m, 1.0);
    fl_figure_fill_and_line(m, FL_FIGURE_SKIN, FL_FIGURE_EDGE, 0.8);
}

static void trace_smooth(const fl_figure *m, const double points[][2], int count)
{
    cairo_t *c = m->paper->cairo;
    cairo_new_path(c);
    cairo_move_to(c, fl_figure_x(m, points[0][0]), fl_figure_y(m, points[0][1]));
    for (int i = 0; i < count; i++) {
        const double *a = points[(i + count - 1) % count], *b = points[i], *d = points[(i + 1) % count],
                     *e = points[(i + 2) % count];
        cairo_curve_to(c, fl_figure_x(m, b[0] + (d[0] - a[0]) / 7), fl_figure_y(m, b[1] + (d[1] - a[1]) / 7),
                       fl_figure_x(m, d[0] - (e[0] - b[0]) / 7), fl_figure_y(m, d[1] - (e[1] - b[1]) / 7),
                       fl_figure_x(m, d[0]), fl_figure_y(m, d[1]));
    }
    cairo_close_path(c);
}

void fl_figure_trace_region(const fl_figure *m, const fl_figure_region *r)
{
    cairo_t *c = m->paper->cairo;
    if (r->count) {
        trace_smooth(m, r->points, r->count);
        return;
    }
    cairo_new_path(c);
    for (int i = 0; i <= 32; i++) {
        const double x = r->x0 + (r->x1 - r->x0) * i / 32;
        cairo_line_to(c, fl_figure_x(m, x), fl_figure_y(m, r->top.a + r->top.b * x * x));
    }
    for (int i = 32; i >= 0; i--) {
        const double x = r->x0 + (r->x1 - r->x0) * i / 32;
        cairo_line_to(c, fl_figure_x(m, x), fl_figure_y(m, r->bottom.a + r->bottom.b * x * x));
    }
    cairo_close_path(c);
}

/* What makes a face of an oval: eyes, brows, nose and mouth, so faint that zones stand out of them. */
void fl_figure_draw_features(const fl_figure *m)
{
    cairo_t *c = m->paper->cairo;
    const fl_shade faint = FL_SHADE(0xb9bfc5);
    for (int side = -1; side <= 1; side += 2) {
        cairo_new_path(c);
        cairo_move_to(c, fl_figure_x(m, side * 0.155), fl_figure_y(m, -0.08));
        cairo_curve_to(c, fl_figure_x(m, side * 0.24), fl_figure_y(m, -0.17), fl_figure_x(m, side * 0.36),
                       fl_figure_y(m, -0.16), fl_figure_x(m, side * 0.45), fl_figure_y(m, -0.09));
        cairo_curve_to(c, fl_figure_x(m, side * 0.36), fl_figure_y(m, -0.03), fl_figure_x(m, side * 0.24),
                       fl_figure_y(m, -0.03), fl_figure_x(m, side * 0.155), fl_figure_y(m, -0.08));
        cairo_close_path(c);
        fl_figure_fill_and_line(m, FL_SHADE_PAPER, faint, 0.8);
        fl_paper_dot(m->paper, fl_figure_x(m, side * 0.30), fl_figure_y(m, -0.088), 0.042 * m->scale, faint);
    }
    cairo_new_path(c);
    cairo_move_to(c, fl_figure_x(m, -0.10), fl_figure_y(m, 0.24));
    cairo_curve_to(c, fl_figure_x(m, -0.06), fl_figure_y(m, 0.30), fl_figure_x(m, 0.06), fl_figure_y(m, 0.30),
                   fl_figure_x(m, 0.10), fl_figure_y(m, 0.24));
    fl_figure_use(m, faint);
    cairo_set_line_width(c, 0.8);
    cairo_stroke(c);
    for (const fl_figure_region *r = fl_figure_face; r->id; r++) {
        if (!r->count || strncmp(r->id, "LID", 3) == 0) continue;
        fl_figure_trace_region(m, r);
        fl_figure_fill_and_line(m, FL_FIGURE_SKIN, faint, 0.8);
    }
}
