#include "transport_plot_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NAMES 178.0 /* right of the lines */
#define LABELS 66.0 /* left of them */
#define HEAD 50.0   /* layers and basal layer, above */
#define AXIS 48.0
#define DECADES_MOST 6.0 /* below lies nothing that a person reads off */
#define BAND 1.96        /* standard errors */

/* Okabe & Ito 2008 without yellow: told apart by every kind of colour vision. Used again with another dash.
 */
static const unsigned colours[] = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00};
#define COLOURS (sizeof colours / sizeof *colours)

void transport_page(fl_paper *paper, const fl_transport_picture *picture, const char *title,
                    const char *subtitle)
{
    const double right = paper->width - TRANSPORT_MARGIN, wide = right - TRANSPORT_MARGIN;
    fl_paper_box(paper, 0, 0, paper->width, paper->height, 0, FL_SHADE_PAPER);
    fl_paper_text(paper, TRANSPORT_MARGIN, 48,
                  (fl_type){.size = 23, .bold = true, .shade = FL_SHADE_TEXT, .most = wide}, "%s", title);
    fl_paper_text(paper, TRANSPORT_MARGIN, 74, (fl_type){.size = 13.5, .shade = FL_SHADE_QUIET, .most = wide},
                  "%s", subtitle);
    const double foot = paper->height - TRANSPORT_FOOT;
    fl_paper_line(paper, TRANSPORT_MARGIN, foot + 4, right, foot + 4, 0.8, FL_SHADE_LINE);
    fl_paper_text(paper, TRANSPORT_MARGIN, foot + 22,
                  (fl_type){.size = 10.5, .shade = FL_SHADE_QUIET, .wrap = wide, .lines = 2}, "%s. %s",
                  picture->subject, picture->foot);
}

void transport_sideways(fl_paper *paper, double x, double y, fl_type type, const char *text)
{
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, x, y);
    cairo_rotate(paper->cairo, -M_PI / 2);
    fl_paper_text(paper, 0, 0, type, "%s", text);
    cairo_restore(paper->cairo);
}

double transport_nice_step(double span, unsigned steps)
{
    const double rough = span / steps, power = pow(10.0, floor(log10(rough))), share = rough / power;
    return power * (share < 1.5 ? 1.0 : share < 3.5 ? 2.0 : share < 7.5 ? 5.0 : 10.0);
}

void transport_spread(double *y, unsigned count, double gap, double from, double to)
{
    if (count * gap > to - from) gap = (to - from) / count;
    for (unsigned i = 0; i < count; i++) y[i] = fmax(y[i], i ? y[i - 1] + gap : from);
    for (unsigned i = count; i-- > 0;) y[i] = fmin(y[i], i + 1 < count ? y[i + 1] - gap : to);
}

double transport_depth_mm(const fl_transport_picture *picture)
{
    return picture->edges_mm[picture->depths];
}

double transport_bottom_mm(const fl_transport_picture *picture)
{
    const fl_transport_marks *m = &picture->marks;
    return m->layers ? fmin(m->boundaries_mm[m->layers - 1], transport_depth_mm(picture))
                     : transport_depth_mm(picture);
}

bool transport_ink(const fl_transport_picture *picture, double *from_mm, double *to_mm)
{
    const fl_transport_marks *m = &picture->marks;
    if (!m->ink_layer || m->ink_layer > m->layers) return false;
    *from_mm = m->ink_layer > 1 ? m->boundaries_mm[m->ink_layer - 2] : 0.0;
    *to_mm = fmin(m->boundaries_mm[m->ink_layer - 1], transport_depth_mm(picture));
    return *to_mm > *from_mm;
}

/* ---- fluence against depth ---- */

typedef struct chart {
    const fl_transport_picture *picture;
    transport_area area;
    double low, high; /* log10 of the ratio */
} chart;

static bool is_seen(double ratio)
{
    return isfinite(ratio) && ratio > 0.0;
}

static double x_of(const chart *c, double mm)
{
    return c->area.left + c->area.width * mm / transport_depth_mm(c->picture);
}

static double y_of(const chart *c, double ratio)
{
    const double level = log10(fmax(ratio, 1e-300));
    return c->area.top + c->area.height * (c->high - fmax(level, c->low - 1.0)) / (c->high - c->low);
}

static double centre_mm(const fl_transport_picture *p, unsigned cell)
{
    return 0.5 * (p->edges_mm[cell] + p->edges_mm[cell + 1]);
}

/* From the largest value down to the least, to ends that are 1, 2 or 5. */
static void find_range(chart *c)
{
    double least = INFINITY, most = 0.0;
    for (unsigned k = 0; k < c->picture->curve_count; k++)
        for (unsigned i = 0; i < c->picture->depths; i++) {
            const double ratio = c->picture->curves[k].ratio[i];
            if (!is_seen(ratio)) continue;
            least = fmin(least, ratio);
            most = fmax(most, ratio);
        }
    if (!(most > 0.0)) least = 0.1, most = 1.0;
    const double ends[] = {0.0, log10(2.0), log10(5.0), 1.0};
    const double low = fmax(log10(least) - 0.03, log10(most) - DECADES_MOST), high = log10(most) + 0.03;
    c->low = floor(low), c->high = floor(high);
    for (int i = 0; i < 4; i++)
        if (floor(low) + ends[i] <= low) c->low = floor(low) + ends[i];
    for (int i = 3; i >= 0; i--)
        if (floor(high) + ends[i] >= high) c->high = floor(high) + ends[i];
    if (c->high - c->low < 0.6) c->low -= 0.5;
}

static void draw_marks(fl_paper *paper, const chart *c)
{
    const fl_transport_marks *m = &c->picture->marks;
    const double bottom = c->area.top + c->area.height, deepest = transport_depth_mm(c->picture);
    double from, to;
    if (transport_ink(c->picture, &from, &to))
        fl_paper_box(paper, x_of(c, from), c->area.top - 24, x_of(c, to) - x_of(c, from), c->area.height + 24,
                     0, FL_SHADE(0xe3e5e7));
    const double end = transport_bottom_mm(c->picture);
    fl_paper_hatch(paper, x_of(c, end), c->area.top, x_of(c, deepest) - x_of(c, end), c->area.height,
                   FL_SHADE_FAINT);
    double above = 0.0;
    for (unsigned i = 0; i < m->layers && above < deepest; i++) {
        const double below = fmin(m->boundaries_mm[i], deepest), x = x_of(c, above),
                     wide = x_of(c, below) - x;
        const bool ink = i + 1 == m->ink_layer;
        const fl_type type = {
            .size = 12, .bold = ink, .shade = ink ? FL_SHADE_TEXT : FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
        char name[32];
        snprintf(name, sizeof name, ink ? "ink" : "layer %u", i + 1);
        if (fl_paper_text_width(paper, type, name) + 8 > wide) snprintf(name, sizeof name, "%u", i + 1);
        if (fl_paper_text_width(paper, type, name) + 4 < wide)
            fl_paper_text(paper, x + wide / 2, c->area.top - 8, type, "%s", name);
        if (below < deepest)
            fl_paper_line(paper, x_of(c, below), c->area.top - 24, x_of(c, below), bottom, 0.8,
                          FL_SHADE(0xaab1b8));
        above = below;
    }
}

static void draw_basal(fl_paper *paper, const chart *c)
{
    static const double dots[] = {1.5, 3.5};
    const double mm = c->picture->marks.basal_mm, x = x_of(c, mm);
    if (!(mm > 0.0 && mm < transport_depth_mm(c->picture))) return;
    cairo_set_dash(paper->cairo, dots, 2, 0.0);
    cairo_set_line_cap(paper->cairo, CAIRO_LINE_CAP_ROUND);
    fl_paper_line(paper, x, c->area.top - 30, x, c->area.top + c->area.height, 1.6, FL_SHADE_TEXT);
    cairo_set_dash(paper->cairo, NULL, 0, 0.0);
    cairo_set_line_cap(paper->cairo, CAIRO_LINE_CAP_BUTT);
    const bool right = x > c->area.left + c->area.width / 2;
    fl_paper_text(
        paper, x + (right ? -5 : 5), c->area.top - 31,
        (fl_type){.size = 12, .shade = FL_SHADE_TEXT, .align = right ? FL_ALIGN_RIGHT : FL_ALIGN_LEFT},
        "basal layer, %g mm", mm);
}

static void draw_axes(fl_paper *paper, const chart *c)
{
    const fl_type label = {.size = 12, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    const fl_type value = {.size = 12, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT};
    const double right = c->area.left + c->area.width, bottom = c->area.top + c->area.height;
    const bool fine = c->high - c->low < 4.2;
    for (int decade = (int)floor(c->low); decade <= (int)ceil(c->high); decade++)
        for (int k = 1; k <= 5; k += k == 1 ? 1 : 3) {
            const double ratio = k * pow(10.0, decade), y = y_of(c, ratio);
            if (log10(ratio) < c->low - 1e-9 || log10(ratio) > c->high + 1e-9) continue;
            if (k > 1 && !fine) continue;
            fl_paper_line(paper, c->area.left, y, right, y, 0.7,
                          fl_shade_thin(FL_SHADE_QUIET, decade == 0 && k == 1 ? 0.7
                                                        : k == 1              ? 0.35
                                                                              : 0.18));
            fl_paper_text(paper, c->area.left - 9, y + 4.3, value, "%g", ratio);
        }
    const double deepest = transport_depth_mm(c->picture), step = transport_nice_step(deepest, 8);
    for (unsigned i = 0; i * step <= deepest * (1 + 1e-9); i++) {
        const double x = x_of(c, i * step);
        fl_paper_line(paper, x, bottom, x, bottom + 5, 0.8, FL_SHADE_QUIET);
        fl_paper_text(paper, x, bottom + 19, label, "%g", i * step);
    }
    fl_paper_frame(paper, c->area.left, c->area.top, c->area.width, c->area.height, 0, 0.8, false,
                   FL_SHADE(0xaab1b8));
    fl_paper_text(paper, c->area.left + c->area.width / 2, bottom + 40, label,
                  "depth below the surface [mm]");
    transport_sideways(paper, TRANSPORT_MARGIN + 8, c->area.top + c->area.height / 2, label,
                       "local / incident fluence [-]");
}

/* How many coloured curves come before this one. */
static unsigned turn_of(const chart *c, unsigned curve)
{
    unsigned turn = 0;
    for (unsigned i = 0; i < curve; i++) turn += !c->picture->curves[i].plain;
    return turn;
}

static fl_shade shade_of(const chart *c, unsigned curve)
{
    return c->picture->curves[curve].plain ? FL_SHADE(0x4d555c)
                                           : FL_SHADE(colours[turn_of(c, curve) % COLOURS]);
}

/* Points of one unbroken stretch of cells, upper or lower end of the band or its middle. */
static void trace(cairo_t *cairo, const chart *c, const fl_transport_curve *curve, unsigned from, unsigned to,
                  double errors, bool back)
{
    for (unsigned i = 0; i < to - from; i++) {
        const unsigned cell = back ? to - 1 - i : from + i;
        const double error = curve->standard_error && isfinite(curve->standard_error[cell])
                                 ? curve->standard_error[cell]
                                 : 0.0;
        cairo_line_to(cairo, x_of(c, centre_mm(c->picture, cell)),
                      y_of(c, curve->ratio[cell] + errors * error));
    }
}

static void draw_stretch(fl_paper *paper, const chart *c, unsigned index, unsigned from, unsigned to)
{
    const fl_transport_curve *curve = &c->picture->curves[index];
    const fl_shade shade = shade_of(c, index);
    static const double dashes[][2] = {{0, 0}, {9, 4}, {2.5, 3.5}};
    cairo_t *cairo = paper->cairo;
    if (curve->standard_error) {
        cairo_set_source_rgba(cairo, shade.red, shade.green, shade.blue, 0.25);
        trace(cairo, c, curve, from, to, BAND, false);
        trace(cairo, c, curve, from, to, -BAND, true);
        cairo_close_path(cairo);
        cairo_fill(cairo);
    }
    if (to - from == 1) {
        fl_paper_dot(paper, x_of(c, centre_mm(c->picture, from)), y_of(c, curve->ratio[from]), 3.5, shade);
        return;
    }
    const unsigned dash = curve->plain ? 0 : turn_of(c, index) / COLOURS % 3;
    cairo_set_source_rgb(cairo, shade.red, shade.green, shade.blue);
    cairo_set_line_width(cairo, curve->plain ? 1.8 : 2.4);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, dashes[dash], dash ? 2 : 0, 0.0);
    trace(cairo, c, curve, from, to, 0.0, false);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0.0);
}

static void draw_curve(fl_paper *paper, const chart *c, unsigned index)
{
    const double *ratio = c->picture->curves[index].ratio;
    cairo_save(paper->cairo);
    cairo_rectangle(paper->cairo, c->area.left, c->area.top, c->area.width, c->area.height);
    cairo_clip(paper->cairo);
    for (unsigned from = 0; from < c->picture->depths; from++) {
        unsigned to = from;
        while (to < c->picture->depths && is_seen(ratio[to])) to++;
        if (to > from) draw_stretch(paper, c, index, from, to);
        from = to;
    }
    cairo_restore(paper->cairo);
}

/* ---- names at the ends of the lines ---- */

typedef struct name_place {
    unsigned curve;
    double x, y; /* where its line ends */
} name_place;

static int by_height(const void *a, const void *b)
{
    const name_place *left = a, *right = b;
    return left->y != right->y ? (left->y > right->y) - (left->y < right->y)
                               : (left->curve > right->curve) - (left->curve < right->curve);
}

static void draw_names(fl_paper *paper, const chart *c)
{
    enum { MOST = 64 };
    name_place ends[MOST];
    double y[MOST];
    unsigned count = 0;
    const double right = c->area.left + c->area.width, bottom = c->area.top + c->area.height;
    for (unsigned k = 0; k < c->picture->curve_count && count < MOST; k++) {
        unsigned last = c->picture->depths;
        while (last > 0 && !is_seen(c->picture->curves[k].ratio[last - 1])) last--;
        if (!last) continue;
        const double at = y_of(c, c->picture->curves[k].ratio[last - 1]);
        ends[count++] = (name_place){k, x_of(c, centre_mm(c->picture, last - 1)), fmin(at, bottom)};
    }
    qsort(ends, count, sizeof *ends, by_height);
    for (unsigned i = 0; i < count; i++) y[i] = ends[i].y;
    transport_spread(y, count, 18, c->area.top, bottom);
    for (unsigned i = 0; i < count; i++) {
        const fl_shade shade = shade_of(c, ends[i].curve);
        const double x = right + 26;
        fl_paper_line(paper, ends[i].x, ends[i].y, right + 6, ends[i].y, 0.9, fl_shade_thin(shade, 0.7));
        fl_paper_line(paper, right + 6, ends[i].y, x - 5, y[i], 0.9, fl_shade_thin(shade, 0.7));
        fl_paper_text(paper, x, y[i] + 4.6,
                      (fl_type){.size = 13, .bold = true, .shade = shade, .most = paper->width - 24 - x},
                      "%s", c->picture->curves[ends[i].curve].name);
    }
}

void transport_draw_depth(fl_paper *paper, const void *what)
{
    chart c = {.picture = what};
    transport_page(paper, c.picture, "How deep the light goes",
                   "Local over incident fluence on the axis of the beam · line: estimate, band: 95 %");
    c.area = (transport_area){TRANSPORT_MARGIN + LABELS, TRANSPORT_TOP + HEAD,
                              paper->width - 2 * TRANSPORT_MARGIN - LABELS - NAMES,
                              paper->height - TRANSPORT_TOP - HEAD - AXIS - TRANSPORT_FOOT};
    find_range(&c);
    draw_marks(paper, &c);
    draw_axes(paper, &c);
    draw_basal(paper, &c);
    for (int plain = 1; plain >= 0; plain--)
        for (unsigned k = 0; k < c.picture->curve_count; k++)
            if (c.picture->curves[k].plain == plain) draw_curve(paper, &c, k);
    draw_names(paper, &c);
}

fl_status fl_transport_plot_write(const fl_transport_picture *picture, const char *directory, unsigned number,
                                  fl_error *error)
{
    FL_ASSERT(picture && picture->depths && picture->subject && picture->foot && directory);
    FL_ASSERT(!picture->map.depths || picture->map.radii >= 2);
    char depth[64], map[64], suffix[16] = "";
    if (number) snprintf(suffix, sizeof suffix, "-%u", number);
    snprintf(depth, sizeof depth, "fluence-depth%s", suffix);
    snprintf(map, sizeof map, "isofluence%s", suffix);
    fl_status status = fl_place_make(directory, error);
    if (status == FL_OK)
        status = fl_paper_write(transport_draw_depth, picture, TRANSPORT_WIDTH, TRANSPORT_DEPTH_HEIGHT,
                                directory, depth, error);
    if (status == FL_OK && picture->map.depths)
        status = fl_paper_write(transport_draw_map, picture, TRANSPORT_WIDTH, transport_map_height(picture),
                                directory, map, error);
    return status;
}
