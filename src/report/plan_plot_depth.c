/* The depth chart: sections through the skin, light falling from above, one per wavelength. */
#include "plan_plot_parts.h"

#include <math.h>
#include <stdio.h>

#define DEEPEST_MM 2.0
#define GAP 26.0
#define LEFT 64.0  /* depth labels */
#define NAMES 76.0 /* names of the layers, right of the last section */
#define PANEL_TITLE 66.0
#define AXIS 44.0

enum { PANELS = 4 };

typedef struct panels {
    const fl_plan_setting *setting[PANELS];
    const fl_setting *physics[PANELS];
    const fl_planner_anatomy *anatomy;
    unsigned count;
    double most; /* of the ratio axis */
} panels;

/* One setting stands for a wavelength: the chosen one, else one of the chosen spot, else an allowed one, else
 * the first. */
static int claim(const fl_plan *plan, const fl_plan_setting *s)
{
    if (plan->chosen < 0) return s->allowed;
    const fl_plan_setting *chosen = &plan->settings[plan->chosen];
    return s == chosen ? 3 : fl_whole_um(s->spot) == fl_whole_um(chosen->spot) ? 2 : s->allowed;
}

static panels find_panels(const fl_plan_picture *picture)
{
    panels p = {.most = 4.0};
    fl_plot_rows rows;
    fl_plot_rows_of(picture, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        if (!rows.physics[i]) continue;
        const bool same = p.count && fl_whole_nm(p.setting[p.count - 1]->wavelength) ==
                                         fl_whole_nm(rows.setting[i]->wavelength);
        if (same && claim(picture->plan, rows.setting[i]) <= claim(picture->plan, p.setting[p.count - 1]))
            continue;
        if (!same && p.count == PANELS) break;
        if (!same) p.count++;
        p.setting[p.count - 1] = rows.setting[i];
        p.physics[p.count - 1] = rows.physics[i];
    }
    for (unsigned k = 0; k < p.count; k++) {
        if (!p.anatomy) p.anatomy = &fl_plot_answer(picture, p.setting[k])->anatomy;
        for (unsigned i = 0; i < p.physics[k]->profile_count; i++)
            p.most = fmax(p.most, p.physics[k]->profile[i].ratio.p95);
    }
    p.most = ceil(p.most + 0.2);
    return p;
}

unsigned fl_plot_depth_count(const fl_plan_picture *picture)
{
    return fl_plan_tests(picture->plan) ? find_panels(picture).count : 0;
}

typedef struct frame {
    double left, top, width, height, most;
} frame;

static double across(const frame *f, double ratio)
{
    return f->left + f->width * ratio / f->most;
}
static double down(const frame *f, double mm)
{
    return f->top + f->height * mm / DEEPEST_MM;
}

static void draw_layers(fl_paper *paper, const frame *f, const fl_planner_anatomy *a)
{
    fl_paper_box(paper, f->left, f->top, f->width, f->height, 0, FL_SHADE(0xfbf8f4));
    const double epidermis = down(f, a->epidermis_mm.median), top = down(f, a->ink_top_mm.median);
    const double bottom = down(f, a->ink_bottom_mm.median);
    fl_paper_box(paper, f->left, f->top, f->width, epidermis - f->top, 0, FL_SHADE(0xe7d3bd));
    fl_paper_box(paper, f->left, top, f->width, bottom - top, 0, FL_SHADE(0xe3e5e7));
    /* dots of ink: where, not how many */
    for (double x = f->left + 12; x < f->left + f->width - 4; x += 24)
        for (double y = top + 6; y < bottom - 3; y += 11) fl_paper_dot(paper, x, y, 1.6, FL_SHADE(0xa9afb5));
    const double dermis = a->epidermis_mm.median + a->dermis_mm.median;
    if (dermis < DEEPEST_MM) {
        fl_paper_box(paper, f->left, down(f, dermis), f->width, f->top + f->height - down(f, dermis), 0,
                     FL_SHADE(0xfaf3d9));
        fl_paper_line(paper, f->left, down(f, dermis), f->left + f->width, down(f, dermis), 0.8,
                      FL_SHADE_LINE);
    }
}

static void draw_grid(fl_paper *paper, const frame *f, bool first)
{
    const fl_type label = {.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    const double step = f->most > 6 ? 2 : 1;
    for (double r = 0; r <= f->most + 1e-9; r += step) {
        fl_paper_line(paper, across(f, r), f->top, across(f, r), f->top + f->height, 0.7,
                      fl_shade_thin(FL_SHADE_QUIET, r == 1 ? 0.5 : 0.18));
        fl_paper_text(paper, across(f, r), f->top + f->height + 16, label, "%g", r);
    }
    for (double mm = 0; first && mm <= DEEPEST_MM + 1e-9; mm += 0.5)
        fl_paper_text(paper, f->left - 8, down(f, mm) + 4,
                      (fl_type){.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT}, "%.1f", mm);
    fl_paper_frame(paper, f->left, f->top, f->width, f->height, 0, 0.8, false, FL_SHADE_LINE);
}

static void draw_curve(fl_paper *paper, const frame *f, const fl_setting *s, fl_shade shade)
{
    cairo_t *c = paper->cairo;
    cairo_save(c);
    cairo_rectangle(c, f->left, f->top, f->width, f->height);
    cairo_clip(c);
    cairo_set_source_rgba(c, shade.red, shade.green, shade.blue, 0.22);
    for (unsigned i = 0; i < s->profile_count; i++)
        cairo_line_to(c, across(f, s->profile[i].ratio.p05), down(f, fl_as_mm(s->profile[i].depth)));
    for (unsigned i = s->profile_count; i-- > 0;)
        cairo_line_to(c, across(f, s->profile[i].ratio.p95), down(f, fl_as_mm(s->profile[i].depth)));
    cairo_close_path(c);
    cairo_fill(c);
    cairo_set_source_rgb(c, shade.red, shade.green, shade.blue);
    cairo_set_line_width(c, 2.4);
    cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
    for (unsigned i = 0; i < s->profile_count; i++)
        cairo_line_to(c, across(f, s->profile[i].ratio.median), down(f, fl_as_mm(s->profile[i].depth)));
    cairo_stroke(c);
    cairo_restore(c);
}

/* The two numbers a plan turns on, in words under the title of the section. */
static void head_panel(fl_paper *paper, const frame *f, const fl_plan_picture *picture,
                       const fl_plan_setting *setting, const fl_setting *physics)
{
    const bool chosen =
        picture->plan->chosen >= 0 && setting == &picture->plan->settings[picture->plan->chosen];
    fl_paper_box(paper, f->left, f->top - PANEL_TITLE + 2, 5, 50, 1, fl_plot_shade(setting->wavelength));
    fl_paper_text(paper, f->left + 14, f->top - PANEL_TITLE + 15,
                  (fl_type){.size = 14, .bold = true, .shade = FL_SHADE_TEXT, .most = f->width - 14},
                  "%.0f nm, %g mm%s", fl_as_nm(setting->wavelength), fl_as_mm(setting->spot),
                  chosen             ? ", chosen"
                  : setting->allowed ? ""
                                     : ", not allowed");
    const struct {
        const char *where;
        const fl_planner_band *ratio;
    } lines[] = {{"at the basal layer", &physics->fluence_at_basal_ratio},
                 {"at the ink", &physics->fluence_at_ink_ratio}};
    for (int i = 0; i < 2; i++)
        fl_paper_text(paper, f->left + 14, f->top - PANEL_TITLE + 33 + 16 * i,
                      (fl_type){.size = 11.5, .shade = FL_SHADE_QUIET, .most = f->width - 14},
                      "× %.1f (%.1f to %.1f) %s", lines[i].ratio->median, lines[i].ratio->p05,
                      lines[i].ratio->p95, lines[i].where);
}

static void name_layers(fl_paper *paper, const frame *f, const fl_planner_anatomy *a)
{
    const fl_type type = {.size = 11, .shade = FL_SHADE_QUIET};
    const double x = f->left + f->width + 10, epidermis = down(f, a->epidermis_mm.median);
    const double ink = (down(f, a->ink_top_mm.median) + down(f, a->ink_bottom_mm.median)) / 2;
    const double dermis = a->epidermis_mm.median + a->dermis_mm.median;
    fl_paper_text(paper, x, fmin((f->top + epidermis) / 2 + 4, ink - 12), type, "epidermis");
    fl_paper_text(paper, x, ink + 4, (fl_type){.size = 11, .bold = true, .shade = FL_SHADE_TEXT}, "ink");
    fl_paper_text(paper, x, down(f, fmin(1.2, dermis - 0.1)) + 4, type, "dermis");
    if (dermis < DEEPEST_MM - 0.05)
        fl_paper_text(paper, x, down(f, (dermis + DEEPEST_MM) / 2) + 4, type, "fat");
}

void fl_plot_depth(fl_paper *paper, const fl_plan_picture *picture)
{
    const fl_plan *plan = picture->plan;
    const panels p = find_panels(picture);
    char subtitle[300];
    snprintf(subtitle, sizeof subtitle,
             "Local fluence over the fluence at the skin, on the axis of the spot · line: median, band: 5 to "
             "95 %% · skin "
             "type %s",
             fl_skin_type_roman(plan->skin.planned_as));
    fl_plot_page(paper, picture, "Where the light goes", subtitle,
                 "Layered Monte Carlo over sampled skins (src/planner/README.md). Layers at their medians; "
                 "the ink's own shade is not in "
                 "this picture.");
    const double inner = paper->width - 2 * FL_PLOT_MARGIN - LEFT - NAMES - GAP * (p.count - 1);
    frame f = {FL_PLOT_MARGIN + LEFT, FL_PLOT_TOP + PANEL_TITLE, inner / p.count,
               paper->height - FL_PLOT_TOP - PANEL_TITLE - AXIS - FL_PLOT_FOOT, p.most};
    const fl_type label = {.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    for (unsigned k = 0; k < p.count; k++) {
        draw_layers(paper, &f, p.anatomy);
        draw_grid(paper, &f, k == 0);
        draw_curve(paper, &f, p.physics[k], fl_plot_shade(p.setting[k]->wavelength));
        head_panel(paper, &f, picture, p.setting[k], p.physics[k]);
        fl_paper_text(paper, f.left + f.width / 2, f.top + f.height + 33, label,
                      "local / incident fluence [-]");
        if (k + 1 == p.count) name_layers(paper, &f, p.anatomy);
        f.left += f.width + GAP;
    }
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, FL_PLOT_MARGIN + 12, f.top + f.height / 2);
    cairo_rotate(paper->cairo, -M_PI / 2);
    fl_paper_text(paper, 0, 0, label, "depth below the surface [mm]");
    cairo_restore(paper->cairo);
}
