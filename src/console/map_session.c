/* The map of a session: what was delivered of what was planned, zone by zone. */
#include "live.h"
#include "map.h"

#include "fadeline/base/text.h"

static const char *share(page *p, uint64_t delivered, uint64_t planned)
{
    return page_format(p, "%s / %s", page_count(p, delivered), page_count(p, planned));
}

static uint64_t known(long long count)
{
    return count > 0 ? (uint64_t)count : 0;
}

void map_put_record(page *p, const fl_session_record *record)
{
    map_zone zones[64];
    size_t count = 0;
    bool any = false;
    for (size_t i = 0; i < record->zone_count && count < sizeof zones / sizeof *zones; i++) {
        const fl_session_zone *z = &record->zones[i];
        if (z->purpose != 'T') continue;
        any |= fl_body_view_of(z->id) != FL_BODY_VIEWS;
        zones[count++] = (map_zone){
            .id = z->id,
            .state = z->has_planned && z->delivered < z->planned ? MAP_OPEN : MAP_DONE,
            .below = z->has_planned ? share(p, z->delivered, z->planned) : page_count(p, z->delivered)};
    }
    if (!any) return;
    html_put(&p->html, "<div class=\"maps small\">");
    map_put(p, say(p, W_PLAN_ZONES), W_MAP_DELIVERED, zones, count);
    html_put(&p->html, "</div>");
}

void map_put_live(page *p, const live_view *view, const fl_plan *plan)
{
    map_zone zones[FL_PLAN_ZONES];
    bool any = false;
    for (size_t i = 0; plan && i < plan->zone_count; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        const bool now = fl_text_same(view->status.zone, z->id);
        any |= fl_body_view_of(z->id) != FL_BODY_VIEWS;
        zones[i] = (map_zone){
            .id = z->id,
            .state = z->locked ? MAP_LOCKED
                     : now     ? MAP_NOW
                               : MAP_OPEN,
            .why = z->locked ? z->reason : NULL,
            .below = z->locked ? say(p, W_PLAN_LOCKED)
                     : now     ? share(p, known(view->status.zone_pulses), known(view->status.zone_budget))
                               : page_count(p, (uint64_t)z->budget.planned)};
    }
    if (!any) return;
    html_put(&p->html, "<div class=\"maps small\">");
    map_put(p, say(p, W_PLAN_ZONES), W_MAP_CHOSEN, zones, plan->zone_count);
    html_put(&p->html, "</div>");
}
