/* Fluence against depth, for the setting that counts. */
#include "plan_section.h"
#include "plan_sheet_parts.h"

#include <math.h>
#include <stdio.h>

#define LABELS 24.0 /* left: depths */
#define NAMES 46.0  /* right: layers */
#define AXIS 26.0   /* below */

typedef struct lit { /* one depth of the plan, in J/cm2 */
    const char *where;
    double median, p05, p95;
} lit;

static lit at_depth(const char *where, const fl_plan_band *ratio, double incident)
{
    return (lit){where, incident * ratio->median, incident * ratio->p05, incident * ratio->p95};
}

static double nice_end(double most)
{
    static const double ends[] = {0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80, 100};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (most <= ends[i]) return ends[i];
    return 100.0 * ceil(most / 100.0);
}

static void draw_axis(fl_paper *paper, const fl_section *s, double from_y)
{
    const fl_type label = {.size = 7, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    const double step =
        s->most / (s->most == 3 || s->most == 6 || s->most == 12 || s->most == 30 || s->most == 60 ? 3
                   : s->most == 5                                                                  ? 5
                                                                                                   : 4);
    for (int i = 0; step * i <= s->most * (1 + 1e-9); i++) {
        const double x = fl_section_across(s, step * i);
        fl_paper_line(paper, x, from_y, x, s->top + s->height, 0.5, fl_shade_thin(FL_SHADE_QUIET, 0.22));
        fl_paper_text(paper, x, s->top + s->height + 10, label, "%g", step * i);
    }
    fl_paper_text(paper, s->left + s->width / 2, s->top + s->height + 21, label,
                  "fluence inside the skin [J/cm²]");
}

/* The numbers of the two depths, where the light is gone and there is room. */
static void say_depths(fl_paper *paper, double right, double bottom, const lit *basal, const lit *ink)
{
    const lit *both[] = {basal, ink};
    for (int i = 0; i < 2; i++) {
        const double y = bottom - 36 + 24 * i;
        /* a ground of its own, where a line of the picture passes below the word */
        const double wide = fl_paper_text_width(paper, (fl_type){.size = 7.2}, both[i]->where) + 4;
        fl_paper_box(paper, right - wide + 2, y - 7, wide, 9, 2, fl_shade_thin(FL_SHADE_PAPER, 0.8));
        fl_paper_text(paper, right, y,
                      (fl_type){.size = 7.2, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT}, "%s",
                      both[i]->where);
        fl_paper_text(paper, right, y + 9.5,
                      (fl_type){.size = 7.8, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT},
                      "%.2f J/cm² (%.2f–%.2f)", both[i]->median, both[i]->p05, both[i]->p95);
    }
}

static void draw_section(fl_paper *paper, const fl_plan_setting *s, const fl_setting *physics,
                         const fl_planner_anatomy *anatomy, const lit *basal, const lit *ink,
                         fl_sheet_panel p)
{
    const double incident = fl_as_J_cm2(s->start);
    double most = incident;
    for (unsigned i = 0; i < physics->profile_count; i++)
        most = fmax(most, incident * physics->profile[i].ratio.p95);
    const fl_section f = {p.left + LABELS,       p.top + 12, p.width - LABELS - NAMES, p.height - AXIS - 12,
                          nice_end(1.02 * most), incident};
    fl_section_layers(paper, &f, anatomy, 14);
    draw_axis(paper, &f, f.top);
    for (double mm = 0; mm <= FL_SECTION_DEEPEST_MM + 1e-9; mm += 0.5)
        fl_paper_text(paper, f.left - 5, fl_section_down(&f, mm) + 2.5,
                      (fl_type){.size = 7, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT}, "%.1f", mm);
    fl_sheet_sideways(paper, p.left + 3, f.top + f.height / 2,
                      (fl_type){.size = 7, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE}, "depth [mm]");
    fl_section_curve(paper, &f, physics, 1.6, fl_plot_shade(s->wavelength));
    /* the basal layer is the floor of the epidermis */
    const double y = fl_section_down(&f, anatomy->epidermis_mm.median), x = fl_section_across(&f, incident);
    static const double dashes[] = {3, 2};
    cairo_set_dash(paper->cairo, dashes, 2, 0);
    fl_paper_line(paper, f.left, y, f.left + f.width, y, 0.8, FL_SHADE_TEXT);
    cairo_set_dash(paper->cairo, (double[]){1, 2}, 2, 0);
    fl_paper_line(paper, x, f.top, x, f.top + f.height, 0.8, FL_SHADE_TEXT);
    cairo_set_dash(paper->cairo, NULL, 0, 0);
    fl_paper_text(paper, x, f.top - 4, (fl_type){.size = 7, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE},
                  "%.2f J/cm² on the skin", incident);
    fl_paper_frame(paper, f.left, f.top, f.width, f.height, 0, 0.7, false, FL_SHADE_LINE);
    fl_section_names(paper, &f, anatomy, 7.2);
    say_depths(paper, f.left + f.width - 6, f.top + f.height - 16, basal, ink);
}

/* Without the planner's answer: what a plan keeps of it, two depths. */
static void draw_two(fl_paper *paper, const fl_plan_setting *s, const lit *basal, const lit *ink,
                     fl_sheet_panel p)
{
    const double incident = fl_as_J_cm2(s->start);
    const fl_section f = {p.left,
                          p.top + 16,
                          p.width,
                          p.height - AXIS - 12,
                          nice_end(1.02 * fmax(incident, fmax(basal->p95, ink->p95))),
                          incident};
    const fl_shade shade = fl_plot_shade(s->wavelength);
    const lit *both[] = {basal, ink};
    draw_axis(paper, &f, f.top);
    for (int i = 0; i < 2; i++) {
        const double y = f.top + f.height * (0.22 + 0.46 * i);
        fl_paper_text(paper, f.left, y - 12, (fl_type){.size = 8, .shade = FL_SHADE_TEXT},
                      "%s: %.2f J/cm² (%.2f–%.2f)", both[i]->where, both[i]->median, both[i]->p05,
                      both[i]->p95);
        fl_paper_box(paper, fl_section_across(&f, both[i]->p05), y - 6,
                     fl_section_across(&f, both[i]->p95) - fl_section_across(&f, both[i]->p05), 12, 2,
                     fl_shade_thin(shade, 0.25));
        const double x = fl_section_across(&f, both[i]->median);
        fl_paper_line(paper, x, y - 8, x, y + 8, 2.0, shade);
    }
    const double x = fl_section_across(&f, incident);
    fl_paper_line(paper, x, f.top, x, f.top + f.height, 0.8, FL_SHADE_TEXT);
    fl_paper_text(paper, x, f.top - 4, (fl_type){.size = 7, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE},
                  "%.2f J/cm² on the skin", incident);
}

void fl_sheet_depth(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan_picture picture = {sheet->plan, sheet->physics, sheet->simulated};
    const fl_plan_setting *s = fl_sheet_setting(sheet->plan);
    if (!s || !s->has_fluence || !s->has_physics) {
        p = fl_sheet_title(paper, p, "Where the light goes", "No setting was looked at.");
        return;
    }
    char subtitle[200];
    snprintf(subtitle, sizeof subtitle,
             "%.0f nm, %g mm, at the start fluence, on the axis of the spot. Line: median; band: 5 to 95 %%.",
             fl_as_nm(s->wavelength), fl_as_mm(s->spot));
    p = fl_sheet_title(paper, p, "Where the light goes", subtitle);
    const double incident = fl_as_J_cm2(s->start);
    const lit basal = at_depth("at the basal layer", &s->fluence_at_basal_ratio, incident),
              ink = at_depth("in the shade of the ink", &s->fluence_at_ink_ratio, incident);
    const fl_setting *physics = fl_plot_physics(&picture, s);
    if (physics && physics->profile_count)
        draw_section(paper, s, physics, &fl_plot_answer(&picture, s)->anatomy, &basal, &ink, p);
    else
        draw_two(paper, s, &basal, &ink, p);
}
