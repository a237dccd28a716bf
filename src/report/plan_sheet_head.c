/* The head of the sheet: verdict, one sentence, the numbers to set, and where they come from. */
#include "fadeline/base/text.h"
#include "plan_sheet_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct tally { /* of the zones that are not locked */
    size_t zones;
    double area_cm2;
    long pulses;
} tally;

static tally tally_of(const fl_plan *plan)
{
    tally t = {0};
    for (size_t i = 0; i < plan->zone_count; i++) {
        if (plan->zones[i].locked) continue;
        t.zones++;
        t.area_cm2 += fl_as_cm2(plan->zones[i].area);
        t.pulses += plan->zones[i].pulses;
    }
    return t;
}

static void add_sessions(fl_text *text, const fl_plan *plan)
{
    if (!plan->sessions.known) return;
    if (plan->sessions.low == plan->sessions.high)
        fl_text_add(text, " About %d session%s in all.", plan->sessions.likely,
                    plan->sessions.likely == 1 ? "" : "s");
    else
        fl_text_add(text, " %d to %d sessions in all, most likely %d.", plan->sessions.low,
                    plan->sessions.high, plan->sessions.likely);
}

static void add_test_zones(fl_text *text, const fl_plan_test_spots *tests)
{
    size_t named = 0;
    for (size_t i = 0; i < tests->grid_count; i++) {
        bool said = false;
        for (size_t k = 0; k < i; k++) said |= strcmp(tests->grid[k].zone, tests->grid[i].zone) == 0;
        if (!said) fl_text_add(text, "%s%s", named++ ? " and " : " in ", tests->grid[i].zone);
    }
}

static void say_treat(fl_text *text, const fl_plan *plan)
{
    const tally t = tally_of(plan);
    char count[24], day[11];
    fl_text_add(
        text, "%zu zone%s of %.*f cm² may be treated, %s pulses a pass%s", t.zones, t.zones == 1 ? "" : "s",
        t.area_cm2 < 100 ? 1 : 0, t.area_cm2, fl_sheet_count(t.pulses, count),
        plan->test_spots.required && plan->test_spots.grid_count ? ", after test spots on the same day."
                                                                 : ".");
    add_sessions(text, plan);
    if (fl_date_is_set(plan->next_not_before))
        fl_text_add(text, " The next not before %s.", fl_date_text(plan->next_not_before, day));
}

static void say_test(fl_text *text, const fl_plan *plan)
{
    const fl_plan_test_spots *t = &plan->test_spots;
    char a[11], b[11];
    fl_text_add(text, "%zu test spot%s", t->grid_count, t->grid_count == 1 ? "" : "s");
    add_test_zones(text, t);
    fl_text_add(text, " and nothing else");
    if (fl_date_is_set(t->place_not_before))
        fl_text_add(text, ", from %s on", fl_date_text(t->place_not_before, a));
    if (fl_date_is_set(t->read_not_before) && fl_date_is_set(t->read_by))
        fl_text_add(text, "; read from %s to %s, and only then planned further",
                    fl_date_text(t->read_not_before, a), fl_date_text(t->read_by, b));
    fl_text_add(text, ".");
    add_sessions(text, plan);
}

static void say_no(fl_text *text, const fl_plan *plan)
{
    char day[11];
    const fl_plan_reason *first = NULL;
    for (size_t i = 0; i < plan->reason_count && !first; i++)
        if (fl_sheet_is_wordy(&plan->reasons[i])) first = &plan->reasons[i];
    fl_text_add(text, "No pulse may be given today.");
    if (first) fl_text_add(text, " %s", first->text);
    if (fl_date_is_set(plan->next_not_before))
        fl_text_add(text, " Ask again from %s.", fl_date_text(plan->next_not_before, day));
}

/* ---- the numbers to set ---- */

typedef struct figure {
    char value[40], unit[24], what[48];
} figure;

static void add(figure *figures, size_t *count, const char *unit, const char *what, const char *format, ...)
    FL_PRINTF(5, 6);
static void add(figure *figures, size_t *count, const char *unit, const char *what, const char *format, ...)
{
    figure *f = &figures[(*count)++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(f->value, sizeof f->value, format, arguments);
    va_end(arguments);
    snprintf(f->unit, sizeof f->unit, "%s", unit);
    snprintf(f->what, sizeof f->what, "%s", what);
}

static size_t treat_figures(const fl_plan *plan, figure *f)
{
    const fl_plan_setting *s = &plan->settings[plan->chosen];
    size_t n = 0;
    char range[48];
    snprintf(range, sizeof range, "fluence, %.2f to %.2f", fl_as_J_cm2(s->low), fl_as_J_cm2(s->high));
    add(f, &n, "nm", "wavelength", "%.0f", fl_as_nm(s->wavelength));
    add(f, &n, "mm", "spot at the skin", "%g", fl_as_mm(s->spot));
    add(f, &n, "J/cm²", range, "%.2f", fl_as_J_cm2(s->start));
    add(f, &n, "mJ", "energy of a pulse", "%.1f", fl_as_mJ(s->energy));
    add(f, &n, "Hz", "rate, at most", "%.3g", s->rate.Hz);
    add(f, &n, "%", "chance of an effect", "%.0f", 100 * s->effect_probability);
    add(f, &n, "%", "risk of harm", "%.1f", 100 * s->injury_probability);
    return n;
}

static size_t test_figures(const fl_plan *plan, figure *f)
{
    const fl_plan_test_spots *t = &plan->test_spots;
    size_t n = 0;
    double least = INFINITY, most = 0;
    int pulses = 0;
    char nm[40] = "", mm[40] = "", day[11];
    fl_text wavelengths = fl_text_in(nm, sizeof nm), spots = fl_text_in(mm, sizeof mm);
    for (size_t i = 0; i < t->grid_count; i++) {
        const fl_plan_spot *g = &t->grid[i];
        bool same_nm = false, same_mm = false;
        for (size_t k = 0; k < i; k++) {
            same_nm |= fl_whole_nm(t->grid[k].wavelength) == fl_whole_nm(g->wavelength);
            same_mm |= fl_whole_um(t->grid[k].spot) == fl_whole_um(g->spot);
        }
        if (!same_nm) fl_text_add(&wavelengths, "%s%.0f", i ? ", " : "", fl_as_nm(g->wavelength));
        if (!same_mm) fl_text_add(&spots, "%s%g", i ? ", " : "", fl_as_mm(g->spot));
        if (fl_as_J_cm2(g->fluence) < least) least = fl_as_J_cm2(g->fluence);
        if (fl_as_J_cm2(g->fluence) > most) most = fl_as_J_cm2(g->fluence);
        pulses += g->pulses;
    }
    add(f, &n, "", "test spots", "%zu", t->grid_count);
    add(f, &n, "nm", "wavelength", "%s", nm);
    add(f, &n, "mm", "spot at the skin", "%s", mm);
    if (most > least)
        add(f, &n, "J/cm²", "fluence", "%.2f–%.2f", least, most);
    else
        add(f, &n, "J/cm²", "fluence", "%.2f", most);
    add(f, &n, "", "pulses in all", "%d", pulses);
    if (fl_date_is_set(t->read_not_before))
        add(f, &n, "", "read not before", "%s", fl_date_text(t->read_not_before, day));
    return n;
}

static void draw_figures(fl_paper *paper, double left, double top, double width, const figure *f,
                         size_t count)
{
    const fl_type big = {.size = 15, .bold = true, .shade = FL_SHADE_TEXT},
                  unit = {.size = 8.5, .shade = FL_SHADE_TEXT},
                  small = {.size = 7.5, .shade = FL_SHADE_QUIET};
    double wide[8], used = 0;
    for (size_t i = 0; i < count; i++) {
        const double value = fl_paper_text_width(paper, big, f[i].value) +
                             (f[i].unit[0] ? 3 + fl_paper_text_width(paper, unit, f[i].unit) : 0);
        const double what = fl_paper_text_width(paper, small, f[i].what);
        wide[i] = value > what ? value : what;
        used += wide[i];
    }
    const double gap = count > 1 ? (width - used) / (double)(count - 1) : 0;
    fl_paper_box(paper, left - 12, top, width + 24, 44, 4, FL_SHADE(0xf3f5f6));
    for (size_t i = 0; i < count; i++) {
        fl_paper_text(paper, left, top + 22, big, "%s", f[i].value);
        if (f[i].unit[0])
            fl_paper_text(paper, left + fl_paper_text_width(paper, big, f[i].value) + 3, top + 22, unit, "%s",
                          f[i].unit);
        fl_paper_text(paper, left, top + 35, small, "%s", f[i].what);
        left += wide[i] + gap;
    }
}

static void draw_source(fl_paper *paper, const fl_plan_sheet *sheet, double left, double y, double width)
{
    const fl_plan *plan = sheet->plan;
    const fl_type quiet = {.size = 8, .shade = FL_SHADE_QUIET, .most = width};
    char day[11];
    fl_paper_text(paper, left, y, quiet, "Plan %s · %s · %s%s%s · Fadeline %s", plan->plan_id,
                  fl_date_text(plan->date, day), sheet->device ? sheet->device : "device ",
                  sheet->device ? ", " : "", plan->device, FL_VERSION);
}

void fl_sheet_head(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan *plan = sheet->plan;
    const double right = p.left + p.width;
    char room[900];
    fl_text text = fl_text_in(room, sizeof room);
    double most = p.width;
    if (sheet->simulated) {
        const fl_type mark = {.size = 8.5, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT};
        const double width = fl_paper_text_width(paper, mark, "SIMULATED LASER") + 16;
        fl_paper_frame(paper, right - width, p.top + 3, width, 19, 3, 1.1, false, FL_SHADE_TEXT);
        fl_paper_text(paper, right - 8, p.top + 15.6, mark, "SIMULATED LASER");
        most -= width + 20;
    }
    fl_paper_text(paper, p.left, p.top + 22,
                  (fl_type){.size = 25, .bold = true, .shade = FL_SHADE_TEXT, .most = most}, "%s",
                  fl_plan_verdict_line(plan->verdict));
    fl_paper_text(paper, p.left, p.top + 40, (fl_type){.size = 9.5, .shade = FL_SHADE_TEXT, .most = p.width},
                  "%s%s%s · client %s · skin type %s", sheet->work ? sheet->work : plan->procedure,
                  plan->variant[0] ? ", variant " : "", plan->variant, plan->client,
                  fl_skin_type_roman(plan->skin.planned_as));
    draw_source(paper, sheet, p.left, p.top + 53, p.width);

    const bool treats = fl_plan_treats_zones(plan), allows = fl_plot_allows(plan);
    if (treats)
        say_treat(&text, plan);
    else if (allows)
        say_test(&text, plan);
    else
        say_no(&text, plan);
    /* never cut: smaller until it fits */
    fl_type sentence = {.size = 10.5, .shade = FL_SHADE_TEXT, .wrap = p.width};
    while (sentence.size > 7 && fl_paper_text_height(paper, sentence, room) > (allows ? 28 : 42))
        sentence.size -= 0.5;
    fl_paper_text(paper, p.left, p.top + 75, sentence, "%s", room);
    if (!allows) return;
    figure figures[8];
    const size_t count = treats ? treat_figures(plan, figures) : test_figures(plan, figures);
    draw_figures(paper, p.left + 12, p.top + 100, p.width - 24, figures, count);
}
