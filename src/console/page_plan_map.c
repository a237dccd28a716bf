/* The map of a plan: its zones on the pictures, and those that were drawn as they were drawn. */
#include "cases.h"
#include "map.h"
#include "plan_parts.h"

#include "fadeline/base/text.h"
#include "fadeline/course/case.h"

#include <math.h>
#include <string.h>

static map_zone zone_of(page *p, const fl_plan *plan, const fl_plan_zone *z)
{
    return (map_zone){.id = z->id,
                      .state = z->locked ? MAP_LOCKED : MAP_OPEN,
                      .why = z->locked ? z->reason : NULL,
                      .below = z->locked                ? say(p, W_PLAN_LOCKED)
                               : plan_has_numbers(plan) ? page_count(p, (uint64_t)z->pulses)
                                                        : NULL};
}

/* A plan keeps the areas of drawings and not the drawings; the case may have changed since. What is shown has
 * the area that the plan counted, to the last digit. */
static fl_shape *shape_of(const fl_case *c, const fl_plan_zone *z)
{
    fl_shape *shape;
    for (size_t i = 0; i < c->body.zones_count; i++) {
        const fl_case_zone *drawn = &c->body.zones[i];
        if (!z->drawn || !fl_text_same(drawn->id, z->id) || !fl_case_shape_is_drawn(&drawn->shape)) continue;
        if (fl_case_shape_new(&drawn->shape, &shape, NULL) != FL_OK) return NULL;
        if (fabs(fl_shape_area(shape).m2 - z->area.m2) <= 1e-9 * z->area.m2) return shape;
        fl_shape_free(shape);
    }
    return NULL;
}

static void put_drawn(page *p, const fl_plan *plan, const map_zone *zones, fl_shape *const *shapes,
                      double scale)
{
    html *w = &p->html;
    for (int view = 0; view < FL_BODY_VIEWS; view++) {
        const char *name = say(p, map_view_word((fl_body_view)view));
        bool any = false;
        for (size_t i = 0; i < plan->zone_count; i++)
            any |= shapes[i] && map_view_of(shapes[i]) == (fl_body_view)view;
        if (!any) continue;
        html_put(w, "<figure><figcaption>%s: %s</figcaption>", say(p, W_MAP_DRAWN), name);
        if (view == FL_BODY_SHEET)
            map_sheet_begin(p, name, (const fl_shape *const *)shapes, plan->zone_count);
        else
            map_view_begin(p, name, (fl_body_view)view, NULL, 0, NULL);
        for (size_t i = 0; i < plan->zone_count; i++)
            if (shapes[i])
                map_put_drawn(p, (fl_body_view)view, shapes[i], zones[i].id, zones[i].below, zones[i].state,
                              scale);
        map_view_end(p);
        html_put(w, "</figure>");
    }
}

void plan_put_map(page *p, const fl_plan *plan)
{
    char path[FL_PLACE_MAX], day[11];
    map_zone zones[FL_PLAN_ZONES];
    fl_shape *shapes[FL_PLAN_ZONES] = {NULL};
    fl_case *c = NULL;
    bool any = false;
    const char *name = page_format(p, "%s-%s", plan->client, fl_date_text(plan->date, day));
    if (!cases_path(p, name, path) || fl_case_load(path, plan->variant, &c, NULL) != FL_OK) c = NULL;
    for (size_t i = 0; i < plan->zone_count; i++) {
        zones[i] = zone_of(p, plan, &plan->zones[i]);
        shapes[i] = c ? shape_of(c, &plan->zones[i]) : NULL;
        any |= shapes[i] != NULL;
        zones[i].drawn = shapes[i] != NULL;
    }
    html_put(&p->html, "<div class=\"maps\">");
    if (any) put_drawn(p, plan, zones, shapes, isfinite(c->body.picture_scale) ? c->body.picture_scale : 1.0);
    map_put(p, say(p, W_PLAN_ZONES), W_MAP_PULSES, zones, plan->zone_count);
    html_put(&p->html, "</div>");
    for (size_t i = 0; i < plan->zone_count; i++) fl_shape_free(shapes[i]);
    fl_case_free(c);
}
