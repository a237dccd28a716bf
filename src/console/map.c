#include "map.h"
#include "svg.h"

#include "fadeline/base/text.h"
#include "fadeline/report/client_paper.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_MOST 16 /* letters of a name on a picture */

word map_view_word(fl_body_view view)
{
    static const word words[FL_BODY_VIEWS] = {
        [FL_BODY_TOP] = W_MAP_TOP,    [FL_BODY_FRONT] = W_MAP_FRONT, [FL_BODY_BACK] = W_MAP_BACK,
        [FL_BODY_LEFT] = W_MAP_LEFT,  [FL_BODY_RIGHT] = W_MAP_RIGHT, [FL_BODY_AREOLA] = W_MAP_AREOLA,
        [FL_BODY_SHEET] = W_MAP_SHEET};
    return words[view];
}

static const map_zone *zone_of(const map_zone *zones, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (fl_text_same(zones[i].id, id)) return &zones[i];
    return NULL;
}

static const char *class_of(map_state state)
{
    static const char *const classes[] = {[MAP_OPEN] = "zone",
                                          [MAP_LOCKED] = "zone locked",
                                          [MAP_NOW] = "zone now",
                                          [MAP_DONE] = "zone done",
                                          [MAP_EMPTY] = "zone empty"};
    return classes[state];
}

/* ---- one part ---- */

static void put_path(html *w, const char *class, const char *fill, const char *path, bool mirrored)
{
    html_put(w, "<path class=\"%s\" fill-rule=\"evenodd\"", class);
    if (fill) html_put(w, " fill=\"url(#%s)\"", fill);
    if (mirrored) html_put(w, " transform=\"scale(-1 1)\"");
    html_put(w, " d=\"%s\"/>", path);
}

/* A locked field is white paper, then hatched; a pattern needs a face below it. */
static void put_face(page *p, const fl_body_picture *picture, map_state state, const char *path)
{
    html *w = &p->html;
    const char *fill = state == MAP_LOCKED ? "hatch" : state == MAP_DONE ? "dots" : NULL;
    put_path(w, class_of(state), NULL, path, picture->mirrored);
    if (fill) put_path(w, "over", page_format(p, "%s-%s", fill, picture->id), path, picture->mirrored);
}

static void put_name(page *p, const fl_body_part *part, const map_zone *zone)
{
    html *w = &p->html;
    const bool outside = part->name_x != 0.0 || part->name_y != 0.0, left = part->name_x < 0.0;
    const double x = outside ? part->name_x : part->x, y = outside ? part->name_y : part->y;
    const svg_anchor anchor = !outside ? SVG_MIDDLE : left ? SVG_END : SVG_START;
    if (outside) svg_line(w, "leader", part->x, part->y, x + (left ? 2 : -2), y - 2);
    if (outside && zone->href) /* a lid is smaller than a finger: its name is touched */
        svg_rect(w, "touch", left ? x - 42 : x - 2, y - 13, 44, 23);
    svg_text(w, "name", x, zone->below || outside ? y : y + 3, anchor, zone->id);
    if (zone->below)
        svg_text(w, zone->state == MAP_LOCKED ? "below locked" : "below", x, y + 9, anchor, zone->below);
}

static const char *spoken(page *p, const map_zone *zone)
{
    const char *name = fl_client_zone(p->language == FRENCH ? FL_LANG_FR : FL_LANG_EN, zone->id);
    return page_format(p, "%s%s%s%s%s", zone->id, strcmp(name, zone->id) ? ", " : "",
                       strcmp(name, zone->id) ? name : "", zone->below ? ", " : "",
                       zone->below ? zone->below : "");
}

static void put_zone(page *p, const fl_body_picture *picture, const fl_body_part *part, const map_zone *zone)
{
    html *w = &p->html;
    if (zone->href)
        html_put(w, "<a href=\"%s\" data-zone=\"%s\" aria-label=\"%s\">", zone->href, zone->id,
                 spoken(p, zone));
    else
        html_put(w, "<g data-zone=\"%s\">", zone->id);
    put_face(p, picture, zone->state, part->path);
    put_name(p, part, zone);
    html_put(w, zone->href ? "</a>" : "</g>");
}

/* Hours have no field of their own among the parts: any two of them make one. */
static void put_hours(page *p, const fl_body_picture *picture, const map_zone *zone,
                      const fl_body_hours *hours)
{
    char path[FL_BODY_SECTOR_POINTS * 24];
    double points[FL_BODY_SECTOR_POINTS][2], at[2];
    fl_text text = fl_text_in(path, sizeof path);
    const size_t count = fl_body_sector(hours, points);
    for (size_t i = 0; i < count; i++)
        fl_text_add(&text, "%s%.1f %.1f ", i ? "L " : "M ", points[i][0], points[i][1]);
    fl_text_add(&text, "Z");
    fl_body_sector_name(hours, at);
    const fl_body_part part = {FL_BODY_ZONE, zone->id, path, at[0], at[1], 0, 0};
    put_zone(p, picture, &part, zone);
}

/* ---- one picture ---- */

static void put_sides(page *p, const fl_body_picture *picture)
{
    html *w = &p->html;
    const double y = picture->top + picture->height - 4, left = picture->left + 3,
                 right = picture->left + picture->width - 3;
    const bool is_left = picture->left_is < 0;
    if (!picture->left_is) return;
    svg_text(w, "side", left, y, SVG_START, say(p, is_left ? W_DRAW_ON_LEFT : W_DRAW_ON_RIGHT));
    svg_text(w, "side", right, y, SVG_END, say(p, is_left ? W_DRAW_ON_RIGHT : W_DRAW_ON_LEFT));
}

static void put_patterns(html *w, const char *id)
{
    html_put(w,
             "<defs><pattern id=\"hatch-%s\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
             "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" "
             "y2=\"5\"/></pattern><pattern id=\"dots-%s\" width=\"6\" height=\"6\" "
             "patternUnits=\"userSpaceOnUse\"><circle class=\"dot\" cx=\"3\" cy=\"3\" r=\"1.1\"/>"
             "</pattern></defs>",
             id, id);
}

static void put_frame(page *p, const char *label, const char *id, double left, double top, double width,
                      double height)
{
    char box[120];
    snprintf(box, sizeof box, "%.0f %.0f %.0f %.0f", left, top, width, height);
    html_put(&p->html, "<svg class=\"map\" role=\"group\" aria-label=\"%s\" viewBox=\"%s\">", label, box);
    put_patterns(&p->html, id);
}

static void put_part(page *p, const fl_body_picture *picture, const fl_body_part *part, const map_zone *zone,
                     const char *spare)
{
    html *w = &p->html;
    const map_zone nobody = {.id = part->id, .state = MAP_EMPTY, .href = spare};
    if (zone)
        put_zone(p, picture, part, zone);
    else if (part->kind == FL_BODY_ZONE && spare)
        put_zone(p, picture, part, &nobody);
    else if (part->kind == FL_BODY_WORD)
        svg_text(w, "hour", part->x, part->y, SVG_MIDDLE, part->id);
    else
        put_path(w,
                 part->kind == FL_BODY_SKIN   ? "skin"
                 : part->kind == FL_BODY_LINE ? "line"
                                              : "line faint",
                 NULL, part->path, picture->mirrored);
}

void map_view_begin(page *p, const char *label, fl_body_view view, const map_zone *zones, size_t count,
                    const char *spare)
{
    const fl_body_picture *picture = fl_body_picture_of(view);
    fl_body_hours hours;
    put_frame(p, label, picture->id, picture->left, picture->top, picture->width, picture->height);
    for (size_t i = 0; i < picture->count; i++) {
        const fl_body_part *part = &picture->parts[i];
        put_part(p, picture, part, part->kind == FL_BODY_ZONE ? zone_of(zones, count, part->id) : NULL,
                 spare);
    }
    for (size_t i = 0; view == FL_BODY_AREOLA && i < count; i++)
        if (!zones[i].drawn && fl_body_hours_of(zones[i].id, &hours))
            put_hours(p, picture, &zones[i], &hours);
    put_sides(p, picture);
}

/* The sheet grows with what is drawn on it, and a margin. */
static void reach(const fl_shape *shape, fl_point *least, fl_point *most)
{
    const double margin = fl_mm(15).m;
    fl_point a, b;
    fl_shape_bounds(shape, &a, &b);
    least->x.m = fmin(least->x.m, a.x.m - margin), least->y.m = fmin(least->y.m, a.y.m - margin);
    most->x.m = fmax(most->x.m, b.x.m + margin), most->y.m = fmax(most->y.m, b.y.m + margin);
}

void map_sheet_begin(page *p, const char *label, const fl_shape *const *shapes, size_t count)
{
    html *w = &p->html;
    fl_point least = {fl_mm(-120), fl_mm(-90)}, most = {fl_mm(120), fl_mm(90)};
    for (size_t i = 0; i < count; i++)
        if (shapes[i] && map_view_of(shapes[i]) == FL_BODY_SHEET) reach(shapes[i], &least, &most);
    const double left = fl_as_mm(least.x), top = -fl_as_mm(most.y), width = fl_as_mm(most.x) - left,
                 height = -fl_as_mm(least.y) - top;
    put_frame(p, label, fl_body_picture_of(FL_BODY_SHEET)->id, left, top, width, height);
    html_put(w, "<defs><pattern id=\"mm\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\"><path "
                "class=\"ten\" d=\"M 10 0 L 0 0 L 0 10\"/></pattern></defs>");
    svg_rect(w, "skin", left, top, width, height);
    html_put(w, "<g fill=\"url(#mm)\">");
    svg_rect(w, "over", left, top, width, height);
    html_put(w, "</g>");
    svg_line(w, "bar", left + 6, top + height - 6, left + 16, top + height - 6);
    svg_text(w, "side", left + 19, top + height - 4, SVG_START, "10 mm");
}

void map_view_end(page *p)
{
    html_put(&p->html, "</svg>");
}

/* ---- drawn zones ---- */

typedef struct spot_xy {
    double x, y;
} spot_xy;

static spot_xy on_picture(const fl_body_picture *picture, fl_point at, double scale)
{
    return (spot_xy){(fl_as_mm(at.x) - picture->at_x) / scale, (picture->at_y - fl_as_mm(at.y)) / scale};
}

fl_body_view map_view_of(const fl_shape *shape)
{
    fl_point least, most;
    fl_shape_bounds(shape, &least, &most);
    return fl_body_view_at(0.5 * (fl_as_mm(least.x) + fl_as_mm(most.x)),
                           0.5 * (fl_as_mm(least.y) + fl_as_mm(most.y)));
}

static void put_line(html *w, const char *class, const fl_body_picture *picture, const fl_point *points,
                     size_t count, double scale, bool closed)
{
    svg_path_begin(w, class);
    for (size_t i = 0; i < count; i++) {
        const spot_xy at = on_picture(picture, points[i], scale);
        svg_path_point(w, !i, at.x, at.y);
    }
    svg_path_end(w, closed);
}

/* Short strokes from the line to the side that stays. */
static void put_teeth(html *w, const fl_body_picture *picture, const fl_shape_spec *band, double scale)
{
    const double side = band->keep == FL_SIDE_LEFT ? 1.0 : -1.0; /* the page's y falls */
    double walked = 2.5;
    for (size_t i = 0; i + 1 < band->count; i++) {
        const spot_xy a = on_picture(picture, band->points[i], scale),
                      b = on_picture(picture, band->points[i + 1], scale);
        const double far = hypot(b.x - a.x, b.y - a.y), ux = (b.x - a.x) / far, uy = (b.y - a.y) / far;
        for (; walked <= far; walked += 5.0)
            svg_line(w, "tooth", a.x + walked * ux, a.y + walked * uy, a.x + walked * ux + side * uy * 3.5,
                     a.y + walked * uy - side * ux * 3.5);
        walked -= far;
    }
}

void map_put_drawn(page *p, fl_body_view view, const fl_shape *shape, const char *name, const char *below,
                   map_state state, double scale)
{
    html *w = &p->html;
    fl_point outline[1200], least, most;
    const fl_body_picture *picture = fl_body_picture_of(view);
    const fl_shape_spec *spec = fl_shape_spec_of(shape);
    size_t count = fl_shape_outline(shape, outline, sizeof outline / sizeof *outline);
    if (map_view_of(shape) != view) return;
    scale = view == FL_BODY_SHEET ? 1.0 : scale * picture->scale;
    if (count > sizeof outline / sizeof *outline) count = sizeof outline / sizeof *outline;
    html_put(w, "<g class=\"drawn\">");
    put_line(w, state == MAP_LOCKED ? "shape locked" : "shape", picture, outline, count, scale, true);
    if (state == MAP_LOCKED) {
        html_put(w, "<g fill=\"url(#hatch-%s)\">", picture->id);
        put_line(w, "over", picture, outline, count, scale, true);
        html_put(w, "</g>");
    }
    if (spec->kind == FL_SHAPE_BAND) {
        put_line(w, "keep", picture, spec->points, spec->count, scale, false);
        put_teeth(w, picture, spec, scale);
    }
    fl_shape_bounds(shape, &least, &most);
    const spot_xy at = on_picture(
        picture, (fl_point){{0.5 * (least.x.m + most.x.m)}, {0.5 * (least.y.m + most.y.m)}}, scale);
    const double high = (fl_as_mm(most.y) - fl_as_mm(least.y)) / scale;
    const bool small = high < 14; /* then names stand above it */
    if (strlen(name) > NAME_MOST)
        name = page_format(p, "%.*s…", NAME_MOST - 1, name); /* an id: letters of one byte */
    if (!fl_body_part_of(view, name))                        /* a field of that name says it already */
        svg_text(w, "name", at.x, small ? at.y - high / 2 - (below ? 12 : 3) : at.y + (below ? 0 : 3),
                 SVG_MIDDLE, name);
    if (below) svg_text(w, "below", at.x, small ? at.y - high / 2 - 3 : at.y + 9, SVG_MIDDLE, below);
    html_put(w, "</g>");
}

/* ---- all that are needed ---- */

static void put_key(page *p, map_state state)
{
    static const char square[] = "M 1 1 L 19 1 L 19 13 L 1 13 Z";
    html *w = &p->html;
    const char *over = state == MAP_LOCKED ? "hatch" : state == MAP_DONE ? "dots" : NULL;
    html_put(w, "<svg class=\"map key\" viewBox=\"0 0 20 14\" aria-hidden=\"true\">");
    put_path(w, class_of(state), NULL, square, false);
    if (over) /* of a picture beside it */
        put_path(w, "over", page_format(p, "%s-key", over), square, false);
    html_put(w, "</svg>");
}

static void put_legend(page *p, word numbers, const map_zone *zones, size_t count)
{
    static const struct {
        map_state state;
        word text;
    } rows[] = {
        {MAP_OPEN, W_MAP_OPEN}, {MAP_NOW, W_MAP_NOW}, {MAP_DONE, W_MAP_DONE}, {MAP_LOCKED, W_MAP_LOCKED}};
    html *w = &p->html;
    html_put(w, "<svg class=\"map none\" viewBox=\"0 0 1 1\" aria-hidden=\"true\">");
    put_patterns(w, "key");
    html_put(w, "</svg><ul class=\"map-legend\"><li class=\"numbers\">%s</li>", say(p, numbers));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool seen = false;
        for (size_t k = 0; k < count; k++) seen |= zones[k].state == rows[i].state;
        if (!seen) continue;
        html_put(w, "<li>");
        put_key(p, rows[i].state);
        html_put(w, "%s</li>", say(p, rows[i].text));
    }
    for (size_t i = 0; i < count; i++)
        if (zones[i].why && *zones[i].why) {
            html_put(w, "<li class=\"why\"><strong>%s</strong> ", zones[i].id);
            page_put_said(p, zones[i].why);
            html_put(w, "</li>");
        }
    html_put(w, "</ul>");
}

size_t map_put(page *p, const char *caption, word numbers, const map_zone *zones, size_t count)
{
    html *w = &p->html;
    size_t drawn[FL_BODY_VIEWS] = {0}, all = 0;
    for (size_t i = 0; i < count; i++) {
        const fl_body_view view = fl_body_view_of(zones[i].id);
        if (view < FL_BODY_VIEWS) drawn[view]++, all++;
    }
    for (int view = 0; view < FL_BODY_VIEWS; view++) {
        const char *name = say(p, map_view_word((fl_body_view)view));
        if (!drawn[view]) continue;
        html_put(w, "<figure><figcaption>%s</figcaption>", name);
        map_view_begin(p, page_format(p, "%s: %s", caption, name), (fl_body_view)view, zones, count, NULL);
        map_view_end(p);
        html_put(w, "</figure>");
    }
    put_legend(p, numbers, zones, count);
    return all;
}
