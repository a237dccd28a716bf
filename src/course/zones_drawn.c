/* Zones with a drawing: their spots are placed, not computed from an area, and keep away from locked
 * neighbours. */
#include "work.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/course/coverage.h"
#include "fadeline/course/lattice.h"

#include <math.h>
#include <stdio.h>

typedef struct drawing {
    fl_shape *shapes[FL_PLAN_ZONES]; /* NULL: not drawn */
    bool locked[FL_PLAN_ZONES];      /* before any of them was placed: no room is no reason to keep away */
    bool any;
} drawing;

static void open_drawing(const fl_work *w, drawing *d)
{
    for (size_t i = 0; i < w->plan->zone_count; i++) {
        const fl_case_shape *shape = &w->body->zones[i].shape;
        d->locked[i] = w->plan->zones[i].locked;
        if (!fl_case_shape_is_drawn(shape)) continue;
        const fl_status status = fl_case_shape_new(shape, &d->shapes[i], NULL);
        FL_ASSERT(status == FL_OK); /* made before, when the case was read */
        d->any = true;
    }
}

static void no_room(fl_work *w, size_t i, const char *why)
{
    fl_plan_zone *zone = &w->plan->zones[i];
    zone->pulses = zone->rows = 0;
    zone->budget = (fl_plan_budget){.notice = 0};
    if (zone->locked) return;
    zone->locked = w->zones[i].shut = true;
    snprintf(zone->reason, sizeof zone->reason, "%s", why);
}

/* Ids of the locked zones to which at least one place was too near. */
static void name_neighbours(const fl_work *w, const drawing *d, size_t i, const fl_lattice *l, char *room,
                            size_t size)
{
    fl_text text = fl_text_in(room, size);
    for (size_t k = 0; k < w->plan->zone_count; k++) {
        if (k == i || !d->shapes[k] || !d->locked[k]) continue;
        bool near = false;
        for (size_t n = 0; n < l->left_out && !near; n++)
            near = -fl_shape_distance(d->shapes[k], l->gaps[l->feathered + n]).m < 1.5 * l->spot.m;
        if (near) fl_text_add(&text, "%s%s", text.length ? ", " : "", w->plan->zones[k].id);
    }
}

static void say_left_out(fl_work *w, const drawing *d, size_t i, const fl_lattice *l)
{
    char names[160];
    if (!l->left_out) return;
    name_neighbours(w, d, i, l, names, sizeof names);
    fl_plan_reason *reason = fl_plan_say(
        w->plan, FL_RANK_INFO, "locked-neighbour",
        "Zone %s: %zu spot%s nearer than one spot (%g mm) to what is locked beside it (%s) %s left out.",
        w->plan->zones[i].id, l->left_out, l->left_out == 1 ? "" : "s", fl_as_mm(l->spot), names,
        l->left_out == 1 ? "is" : "are");
    snprintf(reason->change, sizeof reason->change, "What would unlock the neighbour, or a smaller spot.");
}

/* Laser and hands: the slower one sets the pace. */
static fl_rate pace(const fl_plan_setting *setting, const fl_case_shape *drawn)
{
    return drawn->hand_rate.Hz < setting->rate.Hz ? drawn->hand_rate : setting->rate; /* NaN: not said */
}

static void open_zone(fl_work *w, const drawing *d, size_t i, const fl_lattice *l)
{
    fl_plan_zone *zone = &w->plan->zones[i];
    const fl_case_shape *drawn = &w->body->zones[i].shape;
    zone->budget = fl_budget_of(zone->pulses * fl_work_passes(w), &w->rules->budget);
    zone->timed = w->plan->chosen >= 0;
    if (zone->timed) zone->minutes = fl_lattice_minutes(l, pace(&w->plan->settings[w->plan->chosen], drawn));
    zone->creamed = isfinite(drawn->anaesthetic_margin.m);
    if (zone->creamed) zone->anaesthetic = fl_shape_grown_area(d->shapes[i], drawn->anaesthetic_margin);
    say_left_out(w, d, i, l);
}

static void place_zone(fl_work *w, const drawing *d, size_t i)
{
    fl_plan_zone *zone = &w->plan->zones[i];
    const fl_case_shape *drawn = &w->body->zones[i].shape;
    const fl_shape *locked[FL_PLAN_ZONES];
    fl_lattice_rules rules = {.spot = zone->spot,
                              .overlap = zone->overlap,
                              .spill = {0.5 * zone->spot.m},
                              .locked = locked,
                              .clearance = zone->spot};
    if (isfinite(drawn->spill.m) && drawn->spill.m < rules.spill.m) rules.spill = drawn->spill;
    /* A locked zone's own count is what it would take, were it open: nothing is left out of it. */
    for (size_t k = 0; k < w->plan->zone_count && !d->locked[i]; k++)
        if (k != i && d->shapes[k] && d->locked[k]) locked[rules.locked_count++] = d->shapes[k];
    fl_lattice *l;
    const fl_status status = fl_lattice_new(d->shapes[i], &rules, &l);
    FL_ASSERT(status == FL_OK || status == FL_E_RANGE);
    if (status != FL_OK) {
        no_room(w, i, "Its drawing, spot and overlap give no pulse count.");
        return;
    }
    zone->drawn = true;
    zone->pulses = (int)l->count;
    zone->rows = l->rows;
    zone->covered_once = l->covered[1];
    zone->covered_twice = l->covered[2];
    zone->covered_thrice = l->covered[3];
    if (!zone->locked) open_zone(w, d, i, l);
    if (!l->count) no_room(w, i, "Its drawing leaves room for no spot.");
    fl_lattice_free(l);
}

/* What is locked and not drawn has no distance: said, and not taken for far away. */
static void say_undrawn(fl_work *w, const drawing *d)
{
    char names[200];
    fl_text text = fl_text_in(names, sizeof names);
    bool open = false;
    for (size_t i = 0; i < w->plan->zone_count; i++) {
        const fl_plan_zone *zone = &w->plan->zones[i];
        open |= d->shapes[i] && !zone->locked;
        if (!d->shapes[i] && d->locked[i]) fl_text_add(&text, "%s%s", text.length ? ", " : "", zone->id);
    }
    if (!open || !text.length) return;
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "locked-undrawn",
                    "Locked and not drawn: %s. How near the drawn zones come to it is not known.", names);
    snprintf(reason->change, sizeof reason->change, "Draw it too, or keep a spot's width away by eye.");
}

void fl_work_drawn(fl_work *w)
{
    drawing d = {.any = false};
    open_drawing(w, &d);
    for (size_t i = 0; i < w->plan->zone_count; i++)
        if (d.shapes[i]) place_zone(w, &d, i);
    if (d.any) say_undrawn(w, &d);
    for (size_t i = 0; i < w->plan->zone_count; i++) fl_shape_free(d.shapes[i]);
}
