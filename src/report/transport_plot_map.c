/* The isofluence map: a section through the axis, the skin from above, filled contours of local over incident
 * fluence.
 *
 * Contours are found in the logarithm of the ratio, along the edges of a grid of cell centres. Each level is
 * one path of all that lies above it, whole rows of squares joined, so that no seam shows between them and
 * the SVG stays small.
 */
#include "transport_plot_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LABELS 62.0
#define NAMES 132.0 /* of what is marked, right of the map */
#define SCALE 96.0  /* right of them */
#define BEAM 66.0   /* how it arrives, above the map */
#define AXIS 48.0
#define LEAST_HEIGHT 300.0
#define MOST_HEIGHT 470.0
#define LEVELS_MOST 12
#define LEAST_RATIO 1e-9

typedef struct section {
    const fl_transport_picture *picture;
    const fl_transport_map *map;
    transport_area area;
    unsigned columns, rows,
        depths;            /* depths: cells of the map with tissue in them; a row more above and below */
    double *x, *y, *field; /* places in points, log of the ratio: field[row * columns + column] */
    double levels[LEVELS_MOST];
    unsigned level_count;
} section;

static double reach_mm(const fl_transport_map *map)
{
    return map->radius_mm[map->radii - 1];
}

static transport_area area_of(const fl_transport_picture *picture)
{
    const double width = TRANSPORT_WIDTH - 2 * TRANSPORT_MARGIN - LABELS - NAMES - SCALE;
    const double true_height = width * transport_depth_mm(picture) / (2 * reach_mm(&picture->map));
    return (transport_area){TRANSPORT_MARGIN + LABELS, TRANSPORT_TOP + BEAM, width,
                            fmin(fmax(true_height, LEAST_HEIGHT), MOST_HEIGHT)};
}

double transport_map_height(const fl_transport_picture *picture)
{
    return TRANSPORT_TOP + BEAM + area_of(picture).height + AXIS + TRANSPORT_FOOT;
}

static double x_of(const section *s, double mm)
{
    return s->area.left + s->area.width * 0.5 * (1.0 + mm / reach_mm(s->map));
}

static double y_of(const section *s, double mm)
{
    return s->area.top + s->area.height * mm / transport_depth_mm(s->picture);
}

/* ---- the grid ---- */

/* Mirrored about the axis, and drawn on from the outer cells' centres to the edges of the picture. */
static void fill_grid(section *s)
{
    const fl_transport_map *map = s->map;
    for (unsigned i = 0; i < s->columns; i++) {
        const int from_axis = (int)i - (int)(map->radii - 1);
        const unsigned r = (unsigned)abs(from_axis);
        s->x[i] = x_of(s, from_axis < 0 ? -map->radius_mm[r] : map->radius_mm[r]);
        for (unsigned j = 0; j < s->rows; j++) {
            const unsigned z = j == 0 ? 0 : j > s->depths ? s->depths - 1 : j - 1;
            const double ratio = map->ratio[(size_t)r * map->depths + z];
            s->field[(size_t)j * s->columns + i] =
                log(ratio > LEAST_RATIO ? ratio : LEAST_RATIO); /* a NaN is dark */
        }
    }
    for (unsigned j = 0; j < s->rows; j++)
        s->y[j] = j == 0          ? s->area.top
                  : j > s->depths ? y_of(s, transport_bottom_mm(s->picture))
                                  : y_of(s, map->z_mm[j - 1]);
}

/* Those of a ladder of round numbers that lie inside the data, half steps where there is room for them; from
 * the top when there are too many. */
static void choose_levels(section *s)
{
    static const double ladder[] = {1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3,
                                    5e-3, 0.01, 0.02, 0.05, 0.1,  0.2,  0.5,  1,    1.5,  2,    2.5,
                                    3,    3.5,  4,    5,    7,    10,   20,   50,   100};
    double most = -INFINITY, least = INFINITY;
    for (size_t i = 0; i < (size_t)s->columns * s->rows; i++) {
        most = fmax(most, s->field[i]);
        least = fmin(least, s->field[i]);
    }
    for (size_t i = sizeof ladder / sizeof *ladder; i-- > 0 && s->level_count < LEVELS_MOST;) {
        const bool half = fmod(ladder[i], 1.0) == 0.5 && ladder[i] > 1.0;
        if (log(ladder[i]) < most && log(ladder[i]) > least && !(half && most > log(4.0)))
            s->levels[s->level_count++] = ladder[i];
    }
    for (unsigned i = 0; i < s->level_count / 2; i++) { /* rising */
        const double swap = s->levels[i];
        s->levels[i] = s->levels[s->level_count - 1 - i];
        s->levels[s->level_count - 1 - i] = swap;
    }
}

/* Pale to dark, darkening all the way: little light to much. Band i lies below level i. */
static fl_shade band_shade(const section *s, unsigned band)
{
    static const unsigned stops[] = {0xf5f3ef, 0xfae7bd, 0xfbcf7d, 0xf4a851,
                                     0xe07b3c, 0xbb5138, 0x8a3440, 0x541f45};
    const unsigned last = sizeof stops / sizeof *stops - 1;
    const double at = s->level_count ? (double)band / s->level_count * last : 0.0;
    const unsigned i = at >= last ? last - 1 : (unsigned)at;
    const fl_shade a = FL_SHADE(stops[i]), b = FL_SHADE(stops[i + 1]);
    const double t = at - i;
    return (fl_shade){a.red + t * (b.red - a.red), a.green + t * (b.green - a.green),
                      a.blue + t * (b.blue - a.blue), 1.0};
}

/* ---- contours ---- */

typedef struct corner {
    double x, y, value;
} corner;

static void corners_of(const section *s, unsigned column, unsigned row, corner c[4])
{
    for (unsigned k = 0; k < 4; k++) {
        const unsigned i = column + (k == 1 || k == 2), j = row + (k >= 2);
        c[k] = (corner){s->x[i], s->y[j], s->field[(size_t)j * s->columns + i]};
    }
}

static unsigned count_above(const corner c[4], double level)
{
    unsigned count = 0;
    for (unsigned k = 0; k < 4; k++) count += c[k].value >= level;
    return count;
}

static corner crossing(const corner *a, const corner *b, double level)
{
    const double t = (level - a->value) / (b->value - a->value);
    return (corner){a->x + t * (b->x - a->x), a->y + t * (b->y - a->y), level};
}

static void add_above(cairo_t *cairo, const corner c[4], double level)
{
    bool first = true;
    for (unsigned k = 0; k < 4; k++) {
        const corner *a = &c[k], *b = &c[(k + 1) % 4];
        if (a->value >= level) {
            if (first)
                cairo_move_to(cairo, a->x, a->y);
            else
                cairo_line_to(cairo, a->x, a->y);
            first = false;
        }
        if ((a->value >= level) == (b->value >= level)) continue;
        const corner cut = crossing(a, b, level);
        if (first)
            cairo_move_to(cairo, cut.x, cut.y);
        else
            cairo_line_to(cairo, cut.x, cut.y);
        first = false;
    }
    cairo_close_path(cairo);
}

static void fill_level(fl_paper *paper, const section *s, double level, fl_shade shade)
{
    cairo_t *cairo = paper->cairo;
    for (unsigned j = 0; j + 1 < s->rows; j++) {
        unsigned whole = 0; /* squares wholly above, not yet drawn */
        for (unsigned i = 0; i + 1 < s->columns; i++) {
            corner c[4];
            corners_of(s, i, j, c);
            const unsigned above = count_above(c, level);
            if (above == 4) whole++;
            if (whole && (above < 4 || i + 2 == s->columns)) {
                const unsigned end = above == 4 ? i + 1 : i;
                cairo_rectangle(cairo, s->x[end - whole], s->y[j], s->x[end] - s->x[end - whole],
                                s->y[j + 1] - s->y[j]);
                whole = 0;
            }
            if (above && above < 4) add_above(cairo, c, level);
        }
    }
    cairo_set_source_rgb(cairo, shade.red, shade.green, shade.blue);
    cairo_fill(cairo);
}

static void draw_line(fl_paper *paper, const section *s, double level, double width, fl_shade shade)
{
    cairo_t *cairo = paper->cairo;
    for (unsigned j = 0; j + 1 < s->rows; j++)
        for (unsigned i = 0; i + 1 < s->columns; i++) {
            corner c[4];
            corners_of(s, i, j, c);
            const unsigned above = count_above(c, level);
            bool pen = false;
            for (unsigned k = 0; above && above < 4 && k < 4; k++) {
                const corner *a = &c[k], *b = &c[(k + 1) % 4];
                if ((a->value >= level) == (b->value >= level)) continue;
                const corner cut = crossing(a, b, level);
                if (pen)
                    cairo_line_to(cairo, cut.x, cut.y);
                else
                    cairo_move_to(cairo, cut.x, cut.y);
                pen = !pen;
            }
        }
    cairo_set_source_rgba(cairo, shade.red, shade.green, shade.blue, shade.alpha);
    cairo_set_line_width(cairo, width);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_stroke(cairo);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
}

/* Height of the deepest place where a contour crosses the axis; NaN when it does not. */
static double crosses_axis(const section *s, double level)
{
    const double *axis = s->field + s->map->radii - 1;
    for (unsigned j = s->rows - 1; j > 0; j--) {
        const double above = axis[(size_t)(j - 1) * s->columns], below = axis[(size_t)j * s->columns];
        if (above >= level && below < level)
            return s->y[j - 1] + (above - level) / (above - below) * (s->y[j] - s->y[j - 1]);
    }
    return NAN;
}

/* Numbers on the contours where they cross the axis; where they are crowded, 1 comes first, then whole
 * numbers. */
static void label_lines(fl_paper *paper, const section *s)
{
    const fl_type type = {.size = 11.5, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE};
    const double x = x_of(s, 0.0);
    double taken[LEVELS_MOST];
    unsigned count = 0;
    for (unsigned turn = 0; turn < 3; turn++)
        for (unsigned k = s->level_count; k-- > 0;) {
            const double level = s->levels[k], y = crosses_axis(s, log(level));
            const bool half = level > 1.0 && fmod(level, 1.0) != 0.0;
            if (turn != (level == 1.0 ? 0u : half ? 2u : 1u)) continue;
            bool room = y > s->area.top + 9 && y < s->area.top + s->area.height - 9;
            for (unsigned i = 0; i < count; i++) room = room && fabs(y - taken[i]) >= 17;
            if (!room) continue;
            char text[16];
            snprintf(text, sizeof text, "%g", level);
            const double wide = fl_paper_text_width(paper, type, text) + 9;
            fl_paper_box(paper, x - wide / 2, y - 7.5, wide, 15, 7.5, fl_shade_thin(FL_SHADE_PAPER, 0.85));
            fl_paper_text(paper, x, y + 4.2, type, "%s", text);
            taken[count++] = y;
        }
}

/* ---- around the map ---- */

static void draw_beam(fl_paper *paper, const section *s)
{
    const fl_transport_map *map = s->map;
    double most = 1.0;
    for (unsigned i = 0; i < map->beam_points; i++) most = fmax(most, map->beam_ratio[i]);
    const double base = s->area.top - 9, high = 30 / most, spot = 0.5 * map->spot_mm;
    cairo_t *cairo = paper->cairo;
    for (unsigned i = map->beam_points; i-- > 0;)
        cairo_line_to(cairo, x_of(s, -map->beam_mm[i]), base - high * map->beam_ratio[i]);
    for (unsigned i = 0; i < map->beam_points; i++)
        cairo_line_to(cairo, x_of(s, map->beam_mm[i]), base - high * map->beam_ratio[i]);
    cairo_line_to(cairo, x_of(s, reach_mm(map)), base);
    cairo_line_to(cairo, x_of(s, -reach_mm(map)), base);
    cairo_close_path(cairo);
    const fl_shade light = FL_SHADE(0xf4a851);
    cairo_set_source_rgba(cairo, light.red, light.green, light.blue, 0.45);
    cairo_fill(cairo);
    fl_paper_line(paper, x_of(s, -spot), base, x_of(s, spot), base, 2, FL_SHADE_TEXT);
    for (int side = -1; side <= 1; side += 2)
        fl_paper_line(paper, x_of(s, side * spot), base - 5, x_of(s, side * spot), base + 5, 2,
                      FL_SHADE_TEXT);
    fl_paper_text(paper, x_of(s, 0.0), base - 38,
                  (fl_type){.size = 13, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE}, "%s",
                  map->beam);
}

static void draw_axes(fl_paper *paper, const section *s)
{
    const fl_type label = {.size = 12, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    const fl_type value = {.size = 12, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT};
    const double bottom = s->area.top + s->area.height, deepest = transport_depth_mm(s->picture);
    const double down = transport_nice_step(deepest, s->area.height < 350 ? 5 : 8);
    for (unsigned i = 0; i * down <= deepest * (1 + 1e-9); i++) {
        const double y = y_of(s, i * down);
        fl_paper_line(paper, s->area.left - 5, y, s->area.left, y, 0.8, FL_SHADE_QUIET);
        fl_paper_text(paper, s->area.left - 9, y + 4.3, value, "%g", i * down);
    }
    const double reach = reach_mm(s->map), across = transport_nice_step(reach, 4);
    for (int i = -(int)(reach / across + 1e-9); i <= (int)(reach / across + 1e-9); i++) {
        const double x = x_of(s, i * across);
        fl_paper_line(paper, x, bottom, x, bottom + 5, 0.8, FL_SHADE_QUIET);
        fl_paper_text(paper, x, bottom + 19, label, "%g", fabs(i * across));
    }
    fl_paper_frame(paper, s->area.left, s->area.top, s->area.width, s->area.height, 0, 0.8, false,
                   FL_SHADE(0x8b949c));
    fl_paper_text(paper, s->area.left + s->area.width / 2, bottom + 40, label, "distance from the axis [mm]");
    transport_sideways(paper, TRANSPORT_MARGIN + 8, s->area.top + s->area.height / 2, label,
                       "depth below the surface [mm]");
}

static void draw_dashed(fl_paper *paper, const section *s, double mm, const double dash[2])
{
    const double y = y_of(s, mm), right = s->area.left + s->area.width;
    fl_paper_line(paper, s->area.left, y, right, y, 2.6, fl_shade_thin(FL_SHADE_PAPER, 0.5));
    cairo_set_dash(paper->cairo, dash, 2, 0.0);
    cairo_set_line_cap(paper->cairo, CAIRO_LINE_CAP_ROUND);
    fl_paper_line(paper, s->area.left, y, right, y, 1.5, FL_SHADE_TEXT);
    cairo_set_line_cap(paper->cairo, CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(paper->cairo, NULL, 0, 0.0);
}

static void draw_marks(fl_paper *paper, const section *s)
{
    static const double dashes[] = {7, 5}, dots[] = {0.5, 4};
    const double right = s->area.left + s->area.width, basal = s->picture->marks.basal_mm;
    double from, to, y[2], gap_at = -INFINITY;
    if (basal > 0.0 && basal < transport_depth_mm(s->picture)) {
        draw_dashed(paper, s, basal, dots);
        y[0] = fmax(y_of(s, basal), s->area.top + 4);
        gap_at = y[0];
        fl_paper_line(paper, right + 3, y_of(s, basal), right + 13, y[0], 1, FL_SHADE_TEXT);
        fl_paper_text(paper, right + 18, y[0] + 4.3, (fl_type){.size = 12, .shade = FL_SHADE_TEXT},
                      "basal layer");
    }
    if (!transport_ink(s->picture, &from, &to)) return;
    if (from > 0.0) draw_dashed(paper, s, from, dashes);
    if (to < transport_depth_mm(s->picture)) draw_dashed(paper, s, to, dashes);
    fl_paper_line(paper, right + 8, y_of(s, from) + 1, right + 8, y_of(s, to) - 1, 4, FL_SHADE_TEXT);
    y[1] = fmax(0.5 * (y_of(s, from) + y_of(s, to)), gap_at + 26);
    fl_paper_text(paper, right + 18, y[1] - 3, (fl_type){.size = 13, .bold = true, .shade = FL_SHADE_TEXT},
                  "ink");
    fl_paper_text(paper, right + 18, y[1] + 13, (fl_type){.size = 12, .shade = FL_SHADE_QUIET},
                  "%.3g to %.3g mm", from, to);
}

static void draw_scale(fl_paper *paper, const section *s)
{
    const fl_type value = {.size = 12, .shade = FL_SHADE_TEXT};
    const double x = paper->width - TRANSPORT_MARGIN - SCALE + 34, wide = 22;
    const unsigned bands = s->level_count + 1;
    const double each = fmin(s->area.height / bands, 34), bottom = s->area.top + each * bands;
    fl_paper_text(paper, x - 8, s->area.top - 26, (fl_type){.size = 12, .shade = FL_SHADE_QUIET}, "local /");
    fl_paper_text(paper, x - 8, s->area.top - 11, (fl_type){.size = 12, .shade = FL_SHADE_QUIET}, "incident");
    for (unsigned i = 0; i < bands; i++)
        fl_paper_box(paper, x, bottom - each * (i + 1), wide, each, 0, band_shade(s, i));
    fl_paper_frame(paper, x, s->area.top, wide, each * bands, 0, 0.8, false, FL_SHADE(0x8b949c));
    for (unsigned i = 0; i < s->level_count; i++) {
        const double y = bottom - each * (i + 1);
        fl_paper_line(paper, x + wide, y, x + wide + 4, y, 0.8, FL_SHADE_QUIET);
        fl_paper_text(paper, x + wide + 8, y + 4.3, value, "%g", s->levels[i]);
    }
}

static void draw_map(fl_paper *paper, section *s)
{
    fill_grid(s);
    choose_levels(s);
    const double bottom = s->y[s->rows - 1], deepest = s->area.top + s->area.height;
    fl_paper_box(paper, s->area.left, s->area.top, s->area.width, bottom - s->area.top, 0, band_shade(s, 0));
    fl_paper_hatch(paper, s->area.left, bottom, s->area.width, deepest - bottom, FL_SHADE_FAINT);
    for (unsigned k = 0; k < s->level_count; k++)
        fill_level(paper, s, log(s->levels[k]), band_shade(s, k + 1));
    for (unsigned k = 0; k < s->level_count; k++) {
        const bool whole = s->levels[k] == 1.0;
        draw_line(paper, s, log(s->levels[k]), whole ? 1.6 : 0.8,
                  fl_shade_thin(FL_SHADE_TEXT, whole ? 0.75 : 0.4));
    }
    if (bottom < deepest - 1)
        fl_paper_line(paper, s->area.left, bottom, s->area.left + s->area.width, bottom, 0.8,
                      FL_SHADE(0x8b949c));
    if (bottom < deepest - 24)
        fl_paper_text(paper, s->area.left + s->area.width / 2, bottom + 18,
                      (fl_type){.size = 12, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE},
                      "below the last layer");
    draw_beam(paper, s);
    draw_marks(paper, s);
    label_lines(paper, s);
    draw_axes(paper, s);
    draw_scale(paper, s);
}

void transport_draw_map(fl_paper *paper, const void *what)
{
    const fl_transport_picture *picture = what;
    const fl_transport_map *map = &picture->map;
    section s = {.picture = picture, .map = map, .area = area_of(picture)};
    while (s.depths < map->depths && map->z_mm[s.depths] < transport_bottom_mm(picture)) s.depths++;
    if (!s.depths) s.depths = 1;
    s.columns = 2 * map->radii - 1, s.rows = s.depths + 2;
    s.x = calloc(s.columns, sizeof *s.x);
    s.y = calloc(s.rows, sizeof *s.y);
    s.field = calloc((size_t)s.columns * s.rows, sizeof *s.field);
    char subtitle[200];
    const double stretch = s.area.height / transport_depth_mm(picture) / (s.area.width / (2 * reach_mm(map)));
    const int length =
        snprintf(subtitle, sizeof subtitle,
                 "Section through the axis, light from above · contours of local over mean incident "
                 "fluence");
    if (fabs(stretch - 1.0) > 0.02)
        snprintf(subtitle + length, sizeof subtitle - (size_t)length,
                 " · depth drawn %.2g times as large as width", stretch);
    transport_page(paper, picture, "Where the light is", subtitle);
    if (s.x && s.y && s.field)
        draw_map(paper, &s);
    else
        fl_paper_text(paper, s.area.left, s.area.top + 20, (fl_type){.size = 13, .shade = FL_SHADE_TEXT},
                      "No memory was left to draw this map.");
    free(s.x);
    free(s.y);
    free(s.field);
}
