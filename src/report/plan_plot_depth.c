/* The depth chart: sections through the skin, light falling from above, one per wavelength. */
#include "plan_plot_parts.h"
#include "plan_section.h"

#include <math.h>
#include <stdio.h>

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
    return fl_plot_allows(picture->plan) ? find_panels(picture).count : 0;
}

static void draw_grid(fl_paper *paper, const fl_section *f, bool first)
{
    const fl_type label = {.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    const double step = f->most > 6 ? 2 : 1;
    for (double r = 0; r <= f->most + 1e-9; r += step) {
        fl_paper_line(paper, fl_section_across(f, r), f->top, fl_section_across(f, r), f->top + f->height,
                      0.7, fl_shade_thin(FL_SHADE_QUIET, r == 1 ? 0.5 : 0.18));
        fl_paper_text(paper, fl_section_across(f, r), f->top + f->height + 16, label, "%g", r);
    }
    for (double mm = 0; first && mm <= FL_SECTION_DEEPEST_MM + 1e-9; mm += 0.5)
        fl_paper_text(paper, f->left - 8, fl_section_down(f, mm) + 4,
                      (fl_type){.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT}, "%.1f", mm);
    fl_paper_frame(paper, f->left, f->top, f->width, f->height, 0, 0.8, false, FL_SHADE_LINE);
}

/* The two numbers a plan turns on, in words under the title of the section. */
static void head_panel(fl_paper *paper, const fl_section *f, const fl_plan_picture *picture,
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
    fl_section f = {FL_PLOT_MARGIN + LEFT,
                    FL_PLOT_TOP + PANEL_TITLE,
                    inner / p.count,
                    paper->height - FL_PLOT_TOP - PANEL_TITLE - AXIS - FL_PLOT_FOOT,
                    p.most,
                    1.0};
    const fl_type label = {.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    for (unsigned k = 0; k < p.count; k++) {
        fl_section_layers(paper, &f, p.anatomy, 24);
        draw_grid(paper, &f, k == 0);
        fl_section_curve(paper, &f, p.physics[k], 2.4, fl_plot_shade(p.setting[k]->wavelength));
        head_panel(paper, &f, picture, p.setting[k], p.physics[k]);
        fl_paper_text(paper, f.left + f.width / 2, f.top + f.height + 33, label,
                      "local / incident fluence [-]");
        if (k + 1 == p.count) fl_section_names(paper, &f, p.anatomy, 11);
        f.left += f.width + GAP;
    }
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, FL_PLOT_MARGIN + 12, f.top + f.height / 2);
    cairo_rotate(paper->cairo, -M_PI / 2);
    fl_paper_text(paper, 0, 0, label, "depth below the surface [mm]");
    cairo_restore(paper->cairo);
}
