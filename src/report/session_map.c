#include "session_map.h"

#include "plan_sheet_figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DONE FL_SHADE(0xb4cbda)
#define DONE_EDGE FL_SHADE(0x5b7c94)

static fl_body_view view_of(const fl_session_record *record)
{
    size_t head = 0, face = 0;
    for (size_t i = 0; i < record->zone_count; i++) {
        head += fl_body_part_of(FL_BODY_TOP, record->zones[i].id) != NULL;
        face += fl_body_part_of(FL_BODY_FRONT, record->zones[i].id) != NULL;
    }
    return fl_figure_view(head, face);
}

bool fl_session_map_has(const fl_session_record *record)
{
    return view_of(record) != FL_BODY_VIEWS;
}

static const fl_session_zone *zone_of(const fl_session_record *record, const char *id)
{
    for (size_t i = 0; i < record->zone_count; i++)
        if (record->zones[i].purpose == 'T' && strcmp(record->zones[i].id, id) == 0) return &record->zones[i];
    return NULL;
}

static void fill(const fl_figure *m, const fl_body_part *r, const fl_session_zone *z)
{
    cairo_t *c = m->paper->cairo;
    fl_figure_trace(m, r);
    fl_figure_use(m, z ? DONE : FL_SHADE(0xf3eee6));
    cairo_fill_preserve(c);
    fl_figure_use(m, fl_figure_is_small(r) && z ? DONE_EDGE : FL_SHADE_PAPER);
    cairo_set_line_width(c, fl_figure_is_small(r) ? 0.9 : 2.4);
    cairo_stroke(c);
}

static void name(fl_folio *folio, const fl_figure *m, const fl_body_part *r, const fl_session_zone *z)
{
    const bool outside = fl_figure_is_small(r), left = r->name_x < 0.0;
    const fl_align align = !outside ? FL_ALIGN_CENTRE : left ? FL_ALIGN_RIGHT : FL_ALIGN_LEFT;
    double x = fl_figure_x(m, r->x), y = fl_figure_y(m, r->y);
    if (outside) {
        fl_paper_line(m->paper, x, y, fl_figure_x(m, r->name_x) + (left ? 4 : -4),
                      fl_figure_y(m, r->name_y) - 2.5, 0.6, FL_SHADE_QUIET);
        x = fl_figure_x(m, r->name_x), y = fl_figure_y(m, r->name_y) + 5;
    }
    char count[64];
    if (z->has_planned)
        snprintf(count, sizeof count, "%llu of %llu", (unsigned long long)z->delivered,
                 (unsigned long long)z->planned);
    else
        snprintf(count, sizeof count, "%llu", (unsigned long long)z->delivered);
    fl_folio_put(folio, "P", x, y - 2,
                 (fl_type){.size = 7.5, .bold = true, .shade = FL_SHADE_TEXT, .align = align}, z->id);
    fl_folio_put(folio, "P", x, y + 7, (fl_type){.size = 6.5, .shade = FL_SHADE_TEXT, .align = align}, count);
}

void fl_session_map_draw(fl_folio *folio, const fl_session_record *record, double x, double y, double scale)
{
    const fl_body_view view = view_of(record);
    const fl_body_picture *picture = fl_body_picture_of(view);
    if (view == FL_BODY_VIEWS) return;
    const fl_figure m = {.paper = folio->paper, .view = view, .allows = true, .x = x, .y = y, .scale = scale};
    fl_figure_draw(&m);
    for (size_t i = 0; i < picture->count; i++) {
        const fl_body_part *r = &picture->parts[i];
        const fl_session_zone *z = r->kind == FL_BODY_ZONE ? zone_of(record, r->id) : NULL;
        if (z || (view == FL_BODY_TOP && r->kind == FL_BODY_ZONE)) fill(&m, r, z);
    }
    for (size_t i = 0; i < picture->count; i++) {
        const fl_body_part *r = &picture->parts[i];
        const fl_session_zone *z = r->kind == FL_BODY_ZONE ? zone_of(record, r->id) : NULL;
        if (z) name(folio, &m, r, z);
    }
}
