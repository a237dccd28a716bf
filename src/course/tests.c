/* Test spots: what is placed today, and when it is read. */
#include "work.h"

#include <math.h>
#include <stdio.h>

/* What a few pulses may have here; 0: none. A grid that the procedure's row names may look below what the ink
 * is thought to need: such a spot asks whether the ink turns dark or hides another layer, not whether it
 * fades. What the skin bears at the risk accepted for test spots is the end in any case. */
static fl_fluence most_of(const fl_work *w, size_t at, bool below_need)
{
    const fl_work_setting *ws = &w->settings[at];
    if (ws->barred || !ws->has_physics) return (fl_fluence){0};
    const fl_setting *physics = &ws->physics;
    if (physics->window == FL_WINDOW_OPEN)
        return physics->test_high.J_m2 > 0 ? physics->test_high : physics->high;
    if (physics->window == FL_WINDOW_TEST_ONLY) return physics->test_high;
    if (!below_need) return (fl_fluence){0};
    return (fl_fluence){fmin(physics->bearable_test.J_m2, ws->limit.J_m2)};
}

/* The setting at a wavelength that a test spot would use: the zones' spot before others; -1: none can be
 * tested. */
static int testable(const fl_work *w, fl_wavelength wavelength, bool below_need)
{
    int found = -1;
    for (size_t i = 0; i < w->plan->setting_count; i++) {
        const fl_plan_setting *s = &w->plan->settings[i];
        if (fl_whole_nm(s->wavelength) != fl_whole_nm(wavelength)) continue;
        if (!(fl_work_down(most_of(w, i, below_need)).J_m2 > 0)) continue;
        if (found < 0 || fl_whole_um(s->spot) == fl_whole_um(w->spot)) found = (int)i;
    }
    return found;
}

static void say_below_need(fl_work *w, int setting)
{
    const fl_plan_setting *s = &w->plan->settings[setting];
    fl_plan_reason *reason = fl_plan_say(
        w->plan, FL_RANK_INFO, "test-below-need",
        "The test spots at %.0f nm stay below what the ink is thought to need: they show whether it turns "
        "dark or hides another layer, not whether it fades.",
        fl_as_nm(s->wavelength));
    snprintf(reason->change, sizeof reason->change, "%s", s->reason_count ? s->reasons[0].change : "");
}

/* Rising steps that end at the highest fluence a few pulses may have; low ones when the window is narrow. */
static void add_steps(fl_work *w, const char *zone, int setting, int steps)
{
    fl_plan_test_spots *t = &w->plan->test_spots;
    const fl_plan_setting *s = &w->plan->settings[setting];
    const double step = 1.0 + w->rules->test.step_percent / 100.0;
    const double most = most_of(w, (size_t)setting, true).J_m2;
    const double top = s->has_fluence ? fmin(s->start.J_m2 * pow(step, steps - 1), most)
                                      : fmin(w->settings[setting].begin.J_m2, most);
    if (!s->has_fluence && !fl_plan_reason_of(w->plan, "test-below-need")) say_below_need(w, setting);
    for (int i = 0; i < steps && t->grid_count < FL_PLAN_GRID; i++) {
        const fl_fluence fluence = fl_work_down((fl_fluence){top / pow(step, steps - 1 - i)});
        if (!(fluence.J_m2 > 0)) continue;
        fl_plan_spot *spot = &t->grid[t->grid_count++];
        *spot = (fl_plan_spot){.setting = setting,
                               .wavelength = s->wavelength,
                               .spot = s->spot,
                               .fluence = fluence,
                               .energy = fl_work_energy(fluence, s->spot),
                               .pulses = w->rules->test.pulses};
        snprintf(spot->id, sizeof spot->id, "T%zu", t->grid_count);
        snprintf(spot->zone, sizeof spot->zone, "%s", zone);
    }
}

/* The procedure's own grid when every wavelength of it can be tested; else the default: steps at the first
 * wavelength that can, and one spot of a second when nobody knows the ink. */
static void add_grid(fl_work *w, const char *zone)
{
    const fl_procedure *p = w->procedure;
    bool own = p->grid_count > 0;
    for (size_t i = 0; i < p->grid_count; i++) own &= testable(w, p->grid[i].wavelength, true) >= 0;
    if (own) {
        for (size_t i = 0; i < p->grid_count; i++)
            add_steps(w, zone, testable(w, p->grid[i].wavelength, true), p->grid[i].steps);
        return;
    }
    int first = w->plan->chosen;
    for (size_t i = 0; i < p->wavelengths_count && first < 0; i++)
        first = testable(w, p->wavelengths[i].wavelength, false);
    if (first < 0) return;
    add_steps(w, zone, first, w->rules->test.steps);
    if (!fl_work_holds(w, FL_WHEN_INK_UNKNOWN)) return;
    for (size_t i = 0; i < p->wavelengths_count; i++) {
        const int second = testable(w, p->wavelengths[i].wavelength, false);
        if (second < 0 || fl_whole_nm(w->plan->settings[second].wavelength) ==
                              fl_whole_nm(w->plan->settings[first].wavelength))
            continue;
        add_steps(w, zone, second, 1);
        return;
    }
}

/* Zones with a place named for tests come first; one that is shut is never tested. */
static void place(fl_work *w)
{
    const int wanted = fl_work_holds(w, FL_WHEN_INK_UNKNOWN) ? w->rules->test.zones_when_unknown : 1;
    int placed = 0;
    bool named = false;
    for (size_t i = 0; i < w->plan->zone_count; i++)
        named |= w->body->zones[i].test_site && !w->zones[i].shut;
    for (size_t i = 0; i < w->plan->zone_count && placed < wanted; i++) {
        if (w->zones[i].shut || (named && !w->body->zones[i].test_site)) continue;
        add_grid(w, w->plan->zones[i].id);
        if (fl_date_is_set(w->zones[i].rests)) {
            w->plan->test_spots.place_not_before =
                fl_date_later(w->plan->test_spots.place_not_before, w->zones[i].rests);
        }
        placed++;
    }
}

static void say_needs(fl_work *w)
{
    for (size_t i = 0; i < w->rules->test.needs_count; i++) {
        const fl_test_need *need = &w->rules->test.needs[i];
        if (!fl_work_holds(w, need->when)) continue;
        w->read_needed = true;
        if (w->read_passed) continue;
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_INFO, "test-first", "Test spots first: %s.", need->text);
        snprintf(reason->change, sizeof reason->change,
                 "A read that passed, of this wavelength, spot and device.");
    }
    /* Physics can ask for it too: a window that opens only for a few pulses. */
    if (w->plan->chosen < 0) w->read_needed = true;
}

static void say_open(fl_work *w, const fl_work_read *read)
{
    char from[11], by[11];
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "read-open", "A required read is open: read it from %s to %s.",
                    fl_date_text(read->open_from, from), fl_date_text(read->open_by, by));
    reason->until = read->open_from;
    w->read_needed = true;
    w->plan->test_spots.read_not_before = read->open_from;
    w->plan->test_spots.read_by = read->open_by;
}

static void say_bad_reads(fl_work *w)
{
    for (size_t i = 0; i < w->plan->setting_count; i++) {
        const fl_plan_setting *s = &w->plan->settings[i];
        const fl_work_read read = fl_work_read_of(w, s->wavelength, s->spot);
        if (!read.dark && !read.harmed) continue;
        fl_plan_reason *reason =
            fl_plan_say(w->plan, FL_RANK_CAUTION, read.dark ? "test-darker" : "test-harmed",
                        "Test spot %s %s: %.0f nm at %.1f mm is excluded.", read.id,
                        read.dark ? "turned darker" : "changed the skin or the hair", fl_as_nm(s->wavelength),
                        fl_as_mm(s->spot));
        snprintf(reason->change, sizeof reason->change, "%s",
                 read.dark ? "Plan it as a new, black ink after 6 to 8 weeks."
                           : "A physician has looked at it.");
    }
}

void fl_work_tests(fl_work *w)
{
    fl_plan_test_spots *t = &w->plan->test_spots;
    const fl_interval_rule *window = fl_work_read_window(w);
    if (!w->skin.planned_as || !window) return;
    fl_work_read open = {0};
    for (size_t i = 0; i < w->plan->setting_count; i++) {
        const fl_work_read read =
            fl_work_read_of(w, w->plan->settings[i].wavelength, w->plan->settings[i].spot);
        if (read.open) open = read;
    }
    w->read_passed = w->plan->chosen >= 0 && w->settings[w->plan->chosen].passed;
    say_bad_reads(w);
    fl_work_reads(w);
    say_needs(w);
    if (w->read_passed && !open.open) return;
    if (open.open) {
        w->read_passed = false;
        t->required = true;
        t->look_minutes = w->rules->test.look_minutes;
        say_open(w, &open);
        return;
    }
    place(w);
    t->required = t->grid_count > 0;
    t->same_day = !w->read_needed;
    t->look_minutes = w->rules->test.look_minutes;
    if (!t->required) return;
    const fl_date from = fl_date_later(w->earliest, t->place_not_before);
    if (fl_date_compare(from, w->date) > 0) t->place_not_before = from;
    if (t->same_day) {
        t->read_not_before = t->read_by = w->date;
        return;
    }
    t->read_not_before = fl_date_add_days(from, window->min_days);
    t->read_by = fl_date_add_days(from, window->max_days);
}
