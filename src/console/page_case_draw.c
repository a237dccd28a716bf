/* Zones drawn in the case form: pictures to press and to draw on, and what is drawn as one line of text in
 * each zone's row ("polygon:0,0 40,0 40,25", course/shape.h), so that it is written with a keyboard as well
 * as with a finger. assets/draw.js writes those lines; what they mean is said here, by the same shapes that a
 * plan counts from. */
#include "case_form.h"
#include "map.h"
#include "svg.h"

#include "fadeline/base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- between a line and the draft ---- */

static const char *numbers_of(page *p, const fl_draft *d, const char *path, const char *between)
{
    const char *text = "", *item;
    char *room = NULL;
    size_t size;
    FILE *out = open_memstream(&room, &size);
    for (size_t n = 0; out && (item = fl_draft_item(d, path, n)); n++)
        fprintf(out, "%s%s", !n ? "" : n % 2 ? "," : between, item);
    if (out && fclose(out) == 0) text = page_format(p, "%s", room);
    free(room);
    return text;
}

static const char *value_of(const fl_draft *d, const char *path)
{
    const char *value = fl_draft_get(d, path);
    return value ? value : "";
}

const char *case_drawn_line(page *p, const case_form *f, size_t row)
{
    const fl_draft *d = f->d;
#define AT(key) case_zone_path(p, row, "shape." key)
    if (f->drawn[row].line) return f->drawn[row].line;
    if (fl_draft_has(d, AT("circle"))) {
        const char *centre = numbers_of(p, d, AT("circle.centre_mm"), ",");
        return page_format(p, "circle:%s%s%s", value_of(d, AT("circle.diameter_mm")), *centre ? "@" : "",
                           centre);
    }
    if (fl_draft_has(d, AT("polygon")))
        return page_format(p, "polygon:%s", numbers_of(p, d, AT("polygon.points_mm"), " "));
    if (fl_draft_has(d, AT("strip")))
        return page_format(p, "strip:%s width=%s", numbers_of(p, d, AT("strip.line_mm"), " "),
                           value_of(d, AT("strip.width_mm")));
    if (!fl_draft_has(d, AT("band"))) return "";
    const char *feather = numbers_of(p, d, AT("band.feather_rows"), ",");
    return page_format(p, "band:%s width=%s keep=%s%s%s", numbers_of(p, d, AT("band.line_mm"), " "),
                       value_of(d, AT("band.width_mm")), value_of(d, AT("band.keep")),
                       *feather ? " feather=" : "", feather);
#undef AT
}

static void set_number(page *p, fl_draft *d, const char *path, double value)
{
    fl_draft_set(d, path, page_format(p, "%.10g", value));
}

static void set_points(page *p, fl_draft *d, const char *path, const fl_point *points, size_t count)
{
    const char *items[2 * FL_SHAPE_POINTS];
    for (size_t i = 0; i < count; i++) {
        items[2 * i] = page_format(p, "%.10g", fl_as_mm(points[i].x));
        items[2 * i + 1] = page_format(p, "%.10g", fl_as_mm(points[i].y));
    }
    fl_draft_list(d, path, items, 2 * count);
}

static void set_shape(page *p, fl_draft *d, size_t row, const fl_shape_spec *spec)
{
    const char *shares[FL_SHAPE_FEATHER];
#define AT(key) case_zone_path(p, row, "shape." key)
    switch (spec->kind) {
    case FL_SHAPE_CIRCLE:
        set_number(p, d, AT("circle.diameter_mm"), fl_as_mm(spec->diameter));
        if (spec->centre.x.m != 0.0 || spec->centre.y.m != 0.0)
            set_points(p, d, AT("circle.centre_mm"), &spec->centre, 1);
        break;
    case FL_SHAPE_POLYGON: set_points(p, d, AT("polygon.points_mm"), spec->points, spec->count); break;
    case FL_SHAPE_STRIP:
        set_points(p, d, AT("strip.line_mm"), spec->points, spec->count);
        set_number(p, d, AT("strip.width_mm"), fl_as_mm(spec->width));
        break;
    case FL_SHAPE_BAND:
        set_points(p, d, AT("band.line_mm"), spec->points, spec->count);
        set_number(p, d, AT("band.width_mm"), fl_as_mm(spec->width));
        fl_draft_set(d, AT("band.keep"), spec->keep == FL_SIDE_LEFT ? "left" : "right");
        for (size_t i = 0; i < spec->feather_count; i++)
            shares[i] = page_format(p, "%.10g", spec->feather[i]);
        fl_draft_list(d, AT("band.feather_rows"), shares, spec->feather_count);
        break;
    }
#undef AT
}

void case_read_drawing(page *p, case_form *f, size_t row)
{
    static const char *const kinds[] = {"shape.circle", "shape.polygon", "shape.strip", "shape.band"};
    const char *line = page_given(p, case_input(p, case_zone_path(p, row, "shape")));
    fl_shape *shape;
    fl_shape_fault fault = {.text = ""};
    f->drawn[row].line = f->drawn[row].wrong = NULL;
    if (!line) return; /* a form without it: what the case has stays */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        fl_draft_drop(f->d, case_zone_path(p, row, kinds[i]));
    if (!line[strspn(line, " \r\n\t")]) {
        fl_draft_drop(f->d, case_zone_path(p, row, "shape"));
    } else if (fl_shape_read(line, &shape, &fault) == FL_OK) {
        set_shape(p, f->d, row, fl_shape_spec_of(shape));
        fl_shape_free(shape);
    } else {
        f->drawn[row].line = line;
        f->drawn[row].wrong =
            page_format(p, "%s%s%s", fault.text, fault.hint ? ": " : "", fault.hint ? fault.hint : "");
    }
}

void case_forget_drawn_areas(page *p, fl_draft *d)
{
    for (size_t row = 0; row < CASE_ROWS; row++)
        if (fl_draft_has(d, case_zone_path(p, row, "shape")))
            fl_draft_set(d, case_zone_path(p, row, "area_cm2"), NULL);
}

/* ---- pictures ---- */

typedef struct drawings {
    fl_shape *shapes[CASE_ROWS]; /* NULL: not drawn, or not to be read */
    map_zone zones[CASE_ROWS];
    double scale;
} drawings;

static void open_drawing(page *p, const case_form *f, size_t row, const char *id, drawings *d)
{
    const char *line = case_drawn_line(p, f, row),
               *area = fl_draft_get(f->d, case_zone_path(p, row, "area_cm2"));
    const bool locked = fl_draft_get(f->d, case_zone_path(p, row, "locked")) != NULL;
    if (!*line || fl_shape_read(line, &d->shapes[row], NULL) != FL_OK) d->shapes[row] = NULL;
    double cm2;
    if (d->shapes[row])
        area = page_number(p, fl_as_cm2(fl_shape_area(d->shapes[row])), 1);
    else if (area && page_read_number(area, &cm2))
        area = page_number(p, cm2, 1);
    d->zones[row] =
        (map_zone){.id = id,
                   .state = locked ? MAP_LOCKED
                            : area ? MAP_OPEN
                                   : MAP_EMPTY,
                   .below = locked ? say(p, W_PLAN_LOCKED)
                            : area ? page_format(p, "%s cm²", area)
                                   : NULL,
                   .href = page_format(p, "#%s", case_input(p, case_zone_path(p, row, "area_cm2")))};
}

/* The picture that shows what this case has most of. */
static fl_body_view first_view(page *p, const drawings *d, size_t count)
{
    const char *asked = page_given(p, "view");
    size_t votes[FL_BODY_VIEWS + 1] = {0};
    fl_body_view best = FL_BODY_TOP;
    for (int v = 0; asked && v < FL_BODY_VIEWS; v++)
        if (fl_text_same(fl_body_picture_of((fl_body_view)v)->id, asked)) return (fl_body_view)v;
    for (size_t i = 0; i < count; i++) {
        if (d->zones[i].state == MAP_EMPTY) continue;
        if (d->shapes[i]) {
            votes[map_view_of(d->shapes[i])] += 2;
        } else {
            votes[fl_body_view_of(d->zones[i].id)]++;
        }
    }
    for (int v = 0; v < FL_BODY_VIEWS; v++)
        if (votes[v] > votes[best]) best = (fl_body_view)v;
    return best;
}

static void put_views(page *p, const drawings *d, size_t count, const char *spare)
{
    html *w = &p->html;
    const fl_body_view first = first_view(p, d, count);
    html_put(w, "<fieldset class=\"choice views\"><legend>%s</legend>", say(p, W_DRAW_PICTURE));
    for (int v = 0; v < FL_BODY_VIEWS; v++)
        html_put(w, "<label><input type=\"radio\" name=\"view\" value=\"%s\"%s><span>%s</span></label>",
                 fl_body_picture_of((fl_body_view)v)->id, v == (int)first ? " checked" : "",
                 say(p, (word)((int)W_DRAW_TOP + v)));
    html_put(w, "</fieldset>");
    for (int v = 0; v < FL_BODY_VIEWS; v++) {
        const fl_body_picture *picture = fl_body_picture_of((fl_body_view)v);
        const char *name = say(p, map_view_word((fl_body_view)v));
        html_put(w,
                 "<figure class=\"view view-%s\" data-view=\"%s\" data-x=\"%d\" "
                 "data-y=\"%d\" data-half=\"%d\"><figcaption>%s</figcaption>",
                 picture->id, picture->id, (int)picture->at_x, (int)picture->at_y, picture->scale < 1.0,
                 name);
        if (v == FL_BODY_SHEET)
            map_sheet_begin(p, name, (const fl_shape *const *)d->shapes, count);
        else
            map_view_begin(p, name, (fl_body_view)v, d->zones, count, spare);
        for (size_t i = 0; i < count; i++)
            if (d->shapes[i])
                map_put_drawn(p, (fl_body_view)v, d->shapes[i], d->zones[i].id, NULL, d->zones[i].state,
                              d->scale);
        map_view_end(p);
        html_put(w, "</figure>");
    }
}

/* ---- tools; they need the script, which shows them ---- */

static void put_tool(page *p, const char *value, word text)
{
    html_put(&p->html, "<button type=\"button\" data-tool=\"%s\" aria-pressed=\"false\">%s</button>", value,
             say(p, text));
}

static void put_act(page *p, const char *value, word text)
{
    html_put(&p->html, "<button type=\"button\" data-do=\"%s\">%s</button>", value, say(p, text));
}

static void put_number(page *p, const char *id, word label, const char *value)
{
    html_put(&p->html,
             "<div class=\"field\"><label for=\"%s\">%s</label><input id=\"%s\" type=\"text\" "
             "inputmode=\"decimal\" value=\"%s\"></div>",
             id, say(p, label), id, value);
}

static void put_hours(page *p, const char *id, word label, int chosen)
{
    html *w = &p->html;
    html_put(w, "<div class=\"field\"><label for=\"%s\">%s</label><select id=\"%s\">", id, say(p, label), id);
    for (int hour = 1; hour <= 12; hour++)
        html_put(w, "<option%s>%d</option>", hour == chosen ? " selected" : "", hour);
    html_put(w, "</select></div>");
}

static void begin_part(page *p, const char *tools, word hint)
{
    html_put(&p->html, "<div data-for=\"%s\" hidden><p class=\"hint\">%s</p>", tools, say(p, hint));
}

static void put_tools(page *p)
{
    html *w = &p->html;
    html_put(w,
             "<div class=\"draw-tools\" data-why=\"%s\" hidden><div class=\"field\"><label "
             "for=\"draw-zone\">%s</label><select "
             "id=\"draw-zone\"></select></div>",
             say(p, W_DRAW_BEHIND_WHY), say(p, W_DRAW_ZONE));
    html_put(
        w,
        "<p class=\"digits\"><output id=\"draw-area\">–</output> <small>cm²</small></p>"
        "<p class=\"wrong\" id=\"draw-wrong\" lang=\"en\" role=\"alert\" hidden></p><div class=\"tools\">");
    put_tool(p, "polygon", W_DRAW_OUTLINE);
    put_tool(p, "band", W_DRAW_KEEP);
    put_tool(p, "remove", W_DRAW_REMOVE);
    put_tool(p, "strip", W_DRAW_SCAR);
    put_tool(p, "known", W_DRAW_KNOWN);
    put_tool(p, "hours", W_DRAW_HOURS);
    put_act(p, "undo", W_DRAW_UNDO);
    put_act(p, "clear", W_DRAW_CLEAR);
    html_put(w, "</div>");
    begin_part(p, "polygon", W_DRAW_OUTLINE_HINT);
    html_put(w, "</div>");
    begin_part(p, "band remove", W_DRAW_KEEP_HINT);
    put_number(p, "draw-width", W_DRAW_WIDTH, "12");
    html_put(w, "<label class=\"tick\"><input type=\"checkbox\" id=\"draw-feather\" checked> %s</label>",
             say(p, W_DRAW_FEATHER));
    put_act(p, "swap", W_DRAW_SWAP);
    put_act(p, "behind", W_DRAW_BEHIND);
    html_put(w, "</div>");
    begin_part(p, "strip", W_DRAW_SCAR_HINT);
    put_number(p, "draw-scar", W_DRAW_SCAR_WIDTH, "20");
    html_put(w, "</div>");
    begin_part(p, "known", W_DRAW_KNOWN_HINT);
    put_number(p, "draw-known", W_DRAW_KNOWN_MM, "");
    put_act(p, "known", W_DRAW_USE);
    html_put(w, "</div>");
    begin_part(p, "hours", W_DRAW_HOURS_HINT);
    put_hours(p, "draw-from", W_DRAW_FROM, 10);
    put_hours(p, "draw-to", W_DRAW_TO, 2);
    put_number(p, "draw-outer", W_DRAW_OUTER, "45");
    put_number(p, "draw-inner", W_DRAW_INNER, "12");
    put_act(p, "hours-L", W_DRAW_ON_LEFT);
    put_act(p, "hours-R", W_DRAW_ON_RIGHT);
    html_put(w, "</div></div>");
}

void case_put_drawing(page *p, const case_form *f, const char *const ids[], size_t count)
{
    const char *scale = fl_draft_get(f->d, "picture_scale"), *spare = NULL;
    drawings d = {.scale = 1.0};
    if (scale && !(page_read_number(scale, &d.scale) && d.scale >= 0.2 && d.scale <= 5.0)) d.scale = 1.0;
    for (size_t i = 0; i < count; i++) {
        open_drawing(p, f, i, ids[i], &d);
        if (!spare && !*ids[i]) spare = page_format(p, "#%s", case_input(p, case_zone_path(p, i, "id")));
    }
    html_put(&p->html, "<div class=\"draw\"><div class=\"views-of\">");
    put_views(p, &d, count, spare ? spare : "#zones");
    html_put(&p->html, "</div>");
    put_tools(p);
    html_put(&p->html, "</div><p class=\"hint\">%s</p>", say(p, W_DRAW_NOTE));
    case_put_text(p, f, "picture_scale", say(p, W_DRAW_SCALE), "number");
    for (size_t i = 0; i < count; i++) fl_shape_free(d.shapes[i]);
}

/* ---- what a line means, for the script ---- */

/* What is wrong with it, in the reader's language when it is known in it. */
static json_t *fault_of(page *p, const fl_shape_fault *fault)
{
    const char *hint = fault->hint ? fault->hint : "";
    const char *what = page_in_french(p, fault->text), *todo = page_in_french(p, hint);
    const bool french = what && (todo || !*hint);
    return json_pack("{s:s, s:s, s:s}", "fault", french ? what : fault->text, "hint",
                     french && todo ? todo : hint, "lang", french ? "fr" : "en");
}

static json_t *answer_of(page *p, const char *line)
{
    enum { MOST = 1200 };
    fl_shape *shape;
    fl_point points[MOST];
    fl_shape_fault fault = {.text = ""};
    if (fl_shape_read(line, &shape, &fault) != FL_OK) return fault_of(p, &fault);
    json_t *outline = json_array();
    const size_t all = fl_shape_outline(shape, points, MOST), step = all / 400 + 1;
    for (size_t i = 0; i < all && i < MOST; i += step)
        json_array_append_new(outline, json_pack("[f, f]", round(100 * fl_as_mm(points[i].x)) / 100,
                                                 round(100 * fl_as_mm(points[i].y)) / 100));
    json_t *answer = json_pack("{s:f, s:o}", "area_cm2", fl_as_cm2(fl_shape_area(shape)), "outline", outline);
    fl_shape_free(shape);
    return answer;
}

void page_case_shape_post(page *p)
{
    const char *line = page_given(p, "line");
    json_t *answer = answer_of(p, line ? line : "");
    char *text = answer ? json_dumps(answer, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(answer);
    if (text)
        page_file(p, "application/json", NULL, text, strlen(text));
    else
        page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    free(text);
}
