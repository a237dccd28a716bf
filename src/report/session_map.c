#include "session_map.h"

#include "plan_sheet_figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DONE FL_SHADE(0xb4cbda)
#define DONE_EDGE FL_SHADE(0x5b7c94)

static const fl_figure_region *figure_of(const fl_session_record *record)
{
    size_t scalp = 0, face = 0;
    for (size_t i = 0; i < record->zone_count; i++) {
        scalp += fl_figure_region_of(fl_figure_scalp, record->zones[i].id) != NULL;
        face += fl_figure_region_of(fl_figure_face, record->zones[i].id) != NULL;
    }
    return face > scalp ? fl_figure_face : scalp ? fl_figure_scalp : NULL;
}

bool fl_session_map_has(const fl_session_record *record)
{
    return figure_of(record) != NULL;
}

static const fl_session_zone *zone_of(const fl_session_record *record, const char *id)
{
    for (size_t i = 0; i < record->zone_count; i++)
        if (record->zones[i].purpose == 'T' && strcmp(record->zones[i].id, id) == 0) return &record->zones[i];
    return NULL;
}

static void fill(const fl_figure *m, const fl_figure_region *r, const fl_session_zone *z)
{
    cairo_t *c = m->paper->cairo;
    cairo_save(c);
    fl_figure_trace_outline(m, 0.965);
    cairo_clip(c);
    fl_figure_trace_region(m, r);
    fl_figure_use(m, z ? DONE : FL_SHADE(0xf3eee6));
    cairo_fill_preserve(c);
    fl_figure_use(m, r->count && z ? DONE_EDGE : FL_SHADE_PAPER);
    cairo_set_line_width(c, r->count ? 0.9 : 2.4);
    cairo_stroke(c);
    cairo_restore(c);
}

static void name(fl_folio *folio, const fl_figure *m, const fl_figure_region *r, const fl_session_zone *z)
{
    const bool outside = r->name_x != 0.0, left = r->name_x < 0.0;
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
    const fl_figure_region *regions = figure_of(record);
    if (!regions) return;
    const fl_figure m = {.paper = folio->paper,
                         .regions = regions,
                         .is_face = regions == fl_figure_face,
                         .allows = true,
                         .x = x,
                         .y = y,
                         .scale = scale};
    fl_figure_draw_head(&m);
    if (m.is_face) fl_figure_draw_features(&m);
    for (const fl_figure_region *r = regions; r->id; r++) {
        const fl_session_zone *z = zone_of(record, r->id);
        if (z || !m.is_face) fill(&m, r, z);
    }
    fl_figure_trace_outline(&m, 1.0);
    fl_figure_use(&m, FL_FIGURE_EDGE);
    cairo_set_line_width(folio->paper->cairo, 0.8);
    cairo_stroke(folio->paper->cairo);
    for (const fl_figure_region *r = regions; r->id; r++) {
        const fl_session_zone *z = zone_of(record, r->id);
        if (z) name(folio, &m, r, z);
    }
}
