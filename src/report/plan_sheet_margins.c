/* The margins: what the skin bears over what it gets, against what reaches the ink over what it needs. */
#include "plan_sheet_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LABELS 30.0
#define AXIS 22.0
#define LEGEND 26.0

typedef struct axis {
    double least, most;
} axis;

typedef struct field {
    double left, top, width, height;
    axis x, y;
} field;

static const double ticks[] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000};
enum { TICKS = sizeof ticks / sizeof *ticks };

/* The ticks that hold these two, and 1 with room on both sides. */
static axis axis_for(double least, double most)
{
    axis a = {ticks[0], ticks[TICKS - 1]};
    for (int i = 0; i < TICKS; i++)
        if (ticks[i] <= fmin(least, 0.5)) a.least = ticks[i];
    for (int i = TICKS - 1; i >= 0; i--)
        if (ticks[i] >= fmax(most, 2.0)) a.most = ticks[i];
    return a;
}

static double part(const axis *a, double margin)
{
    return log(fmin(fmax(margin, a->least), a->most) / a->least) / log(a->most / a->least);
}
static double across(const field *f, double margin)
{
    return f->left + f->width * part(&f->x, margin);
}
static double up(const field *f, double margin)
{
    return f->top + f->height * (1.0 - part(&f->y, margin));
}

/* All marks and the whiskers of what may be used lie inside, but for the lower end of the ink's: ink that may
 * hardly be there reaches down without end. */
static void fit(field *f, const fl_plan *plan, const fl_plan_setting *chosen)
{
    axis x = {INFINITY, 0}, y = {INFINITY, 0};
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        if (!s->has_physics) continue;
        x.least = fmin(x.least, s->has_fluence ? s->epidermis_margin.p05 : s->epidermis_margin.median);
        x.most = fmax(x.most, s->has_fluence ? s->epidermis_margin.p95 : s->epidermis_margin.median);
        y.least = fmin(y.least, s->ink_margin.median);
        y.most = fmax(y.most, s == chosen ? s->ink_margin.p95 : s->ink_margin.median);
    }
    f->x = axis_for(x.least, x.most);
    f->y = axis_for(0.8 * y.least, y.most);
}

static void draw_field(fl_paper *paper, const field *f)
{
    const double right = f->left + f->width, bottom = f->top + f->height;
    fl_type label = {.size = 7, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    fl_paper_box(paper, across(f, 1), f->top, right - across(f, 1), up(f, 1) - f->top, 0, FL_SHADE(0xeef3f6));
    for (int i = 0; i < TICKS; i++) {
        const double wide = ticks[i] == 1 ? 1.1 : 0.5;
        const fl_shade shade = ticks[i] == 1 ? FL_SHADE_QUIET : FL_SHADE_FAINT;
        if (ticks[i] >= f->x.least && ticks[i] <= f->x.most) {
            const double x = across(f, ticks[i]);
            fl_paper_line(paper, x, f->top, x, bottom, wide, shade);
            label.align = FL_ALIGN_CENTRE;
            fl_paper_text(paper, x, bottom + 10, label, "%g", ticks[i]);
        }
        if (ticks[i] >= f->y.least && ticks[i] <= f->y.most) {
            const double y = up(f, ticks[i]);
            fl_paper_line(paper, f->left, y, right, y, wide, shade);
            label.align = FL_ALIGN_RIGHT;
            fl_paper_text(paper, f->left - 4, y + 2.5, label, "%g", ticks[i]);
        }
    }
    fl_paper_frame(paper, f->left, f->top, f->width, f->height, 0, 0.7, false, FL_SHADE_LINE);
    label.align = FL_ALIGN_CENTRE;
    fl_paper_text(paper, f->left + f->width / 2, bottom + 20, label,
                  "skin: what it bears / what it gets [-]");
    fl_sheet_sideways(paper, f->left - 23, f->top + f->height / 2, label, "ink: what it gets / needs [-]");
}

/* Last, on a ground of its own: whiskers may pass here. */
static void name_corner(fl_paper *paper, const field *f)
{
    const fl_type type = {.size = 7.2, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT};
    const double right = f->left + f->width, wide = fl_paper_text_width(paper, type, "good: both above 1");
    fl_paper_box(paper, right - wide - 8, f->top + 2, wide + 6, 11, 0, FL_SHADE(0xeef3f6));
    fl_paper_text(paper, right - 5, f->top + 10, type, "good: both above 1");
}

/* From 5 to 95 %; what leaves the field ends in an arrow. */
static void whisker(fl_paper *paper, const field *f, const fl_plan_setting *s, bool upright, double width,
                    fl_shade shade)
{
    const fl_plan_band *b = upright ? &s->ink_margin : &s->epidermis_margin;
    const double x = across(f, s->epidermis_margin.median), y = up(f, s->ink_margin.median);
    const double from = upright ? up(f, b->p05) : across(f, b->p05),
                 to = upright ? up(f, b->p95) : across(f, b->p95);
    if (upright)
        fl_paper_line(paper, x, from, x, to, width, shade);
    else
        fl_paper_line(paper, from, y, to, y, width, shade);
    if (upright && b->p05 < f->y.least) {
        fl_paper_line(paper, x - 2.4, from - 4, x, from, width, shade);
        fl_paper_line(paper, x + 2.4, from - 4, x, from, width, shade);
    }
    if (!upright && b->p05 < f->x.least) {
        fl_paper_line(paper, from + 4, y - 2.4, from, y, width, shade);
        fl_paper_line(paper, from + 4, y + 2.4, from, y, width, shade);
    }
}

static double radius_of(const fl_plan_setting *s)
{
    return 1.2 + 0.6 * fmin(8.0, fl_as_mm(s->spot));
}

static double legend_item(fl_paper *paper, double x, double y, const char *text)
{
    const fl_type type = {.size = 7.2, .shade = FL_SHADE_QUIET};
    fl_paper_text(paper, x + 8, y + 2.6, type, "%s", text);
    return x + 8 + fl_paper_text_width(paper, type, text) + 11;
}

static void draw_legend(fl_paper *paper, const fl_plan *plan, const fl_plan_setting *chosen, double left,
                        double right, double y)
{
    bool barred = false;
    for (size_t i = 0; i < plan->setting_count; i++)
        barred |= plan->settings[i].has_physics && !plan->settings[i].has_fluence;
    double x = left;
    char text[80];
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        bool said = !s->has_physics;
        for (size_t k = 0; k < i; k++)
            said |= plan->settings[k].has_physics &&
                    fl_whole_nm(plan->settings[k].wavelength) == fl_whole_nm(s->wavelength);
        if (said) continue;
        if (x > right - 112) { /* room is kept for the hollow one */
            x = legend_item(paper, x - 7, y, "...");
            break;
        }
        fl_sheet_mark(paper, x + 3, y, 3, s->wavelength, true, fl_plot_shade(s->wavelength));
        snprintf(text, sizeof text, "%.0f nm", fl_as_nm(s->wavelength));
        x = legend_item(paper, x + 1, y, text);
    }
    if (barred) {
        fl_sheet_mark(paper, x + 3, y, 3, fl_nm(1064), false, FL_SHADE_QUIET);
        legend_item(paper, x + 1, y, "hollow: not used");
    }
    x = left, y += 12;
    if (chosen) {
        fl_paper_frame(paper, x - 1.5, y - 4.5, 9, 9, 4.5, 1.1, false, FL_SHADE_TEXT);
        snprintf(text, sizeof text, "ring: %g mm, chosen", fl_as_mm(chosen->spot));
        x = legend_item(paper, x + 2, y, text);
    }
    legend_item(paper, x - 8, y, "size of a mark: the spot");
}

void fl_sheet_margins(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan *plan = sheet->plan;
    p = fl_sheet_title(
        paper, p, "Margins of every setting",
        "At the fluence each would start with. Lines: 5 to 95 % of what we know about skin and ink.");
    const fl_plan_setting *chosen = fl_sheet_setting(plan);
    field f = {
        .left = p.left + LABELS, .top = p.top, .width = p.width - LABELS, .height = p.height - AXIS - LEGEND};
    fit(&f, plan, chosen);
    draw_field(paper, &f);
    for (int layer = 0; layer < 3; layer++) /* barred ones below, the chosen one on top */
        for (size_t i = 0; i < plan->setting_count; i++) {
            const fl_plan_setting *s = &plan->settings[i];
            if (!s->has_physics || layer != (s == chosen ? 2 : s->has_fluence)) continue;
            const fl_shade shade = layer ? fl_plot_shade(s->wavelength) : FL_SHADE_QUIET;
            if (layer)
                whisker(paper, &f, s, false, layer == 2 ? 1.3 : 0.6,
                        fl_shade_thin(shade, layer == 2 ? 1.0 : 0.45));
            if (layer == 2) whisker(paper, &f, s, true, 1.3, shade);
            const double x = across(&f, s->epidermis_margin.median), y = up(&f, s->ink_margin.median),
                         r = radius_of(s);
            fl_sheet_mark(paper, x, y, r, s->wavelength, layer != 0, shade);
            if (layer == 2)
                fl_paper_frame(paper, x - r - 3, y - r - 3, 2 * r + 6, 2 * r + 6, r + 3, 1.2, false,
                               FL_SHADE_TEXT);
        }
    name_corner(paper, &f);
    draw_legend(paper, plan, plan->chosen >= 0 ? chosen : NULL, p.left + 4, p.left + p.width,
                f.top + f.height + AXIS + 9);
}

/* ---- a plan that says no ---- */

/* The heaviest reason that names no fluence. */
static const fl_plan_reason *reason_of(const fl_plan_setting *s)
{
    const fl_plan_reason *worst = NULL;
    for (size_t i = 0; i < s->reason_count; i++)
        if (fl_sheet_is_wordy(&s->reasons[i]) && (!worst || s->reasons[i].rank > worst->rank))
            worst = &s->reasons[i];
    return worst;
}

void fl_sheet_settings_in_words(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan *plan = sheet->plan;
    p = fl_sheet_title(paper, p, "Settings",
                       "None today. What stands in the way of each wavelength, in words.");
    const double floor_y = p.top + p.height;
    double y = p.top + 10;
    size_t left_out = 0;
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said |= fl_whole_nm(plan->settings[k].wavelength) == fl_whole_nm(s->wavelength);
        if (said) continue;
        if (y > floor_y - 36) {
            left_out++;
            continue;
        }
        const fl_plan_reason *reason = reason_of(s);
        fl_sheet_mark(paper, p.left + 4, y - 3, 3.2, s->wavelength, s->allowed, fl_plot_shade(s->wavelength));
        fl_paper_text(paper, p.left + 14, y, (fl_type){.size = 8.5, .bold = true, .shade = FL_SHADE_TEXT},
                      "%.0f nm", fl_as_nm(s->wavelength));
        y += 12;
        y += fl_paper_text(
                 paper, p.left + 14, y,
                 (fl_type){.size = 8, .shade = FL_SHADE_TEXT, .wrap = p.width - 14, .lines = 4}, "%s",
                 s->allowed ? "Nothing of its own stands in the way; it waits for what the plan waits for."
                 : reason   ? reason->text
                            : "There is no window between what the ink needs and what the skin bears.") +
             10;
    }
    if (left_out)
        fl_paper_text(paper, p.left + 14, fmin(y, floor_y), (fl_type){.size = 8, .shade = FL_SHADE_QUIET},
                      "and %zu more wavelength%s in the plan", left_out, left_out == 1 ? "" : "s");
    if (!plan->setting_count)
        fl_paper_text(paper, p.left, y, (fl_type){.size = 8, .shade = FL_SHADE_TEXT, .wrap = p.width},
                      "None was looked at: there is no skin type to plan for.");
}
