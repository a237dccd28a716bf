/* What the two pictures of a plan share: their page, their colours, and how a setting finds its physics. */
#ifndef FL_REPORT_PLAN_PLOT_PARTS_H
#define FL_REPORT_PLAN_PLOT_PARTS_H

#include "fadeline/report/plan_plot.h"

#include "paper.h"

/* May this plan show a number that could be set on a laser? Only where a pulse may be given today. */
bool fl_plot_allows(const fl_plan *plan);
/* The planner's answer behind a setting of the plan, NULL when none was computed. */
const fl_setting *fl_plot_physics(const fl_plan_picture *picture, const fl_plan_setting *setting);
const fl_planner_answer *fl_plot_answer(const fl_plan_picture *picture, const fl_plan_setting *setting);
/* Colour of a wavelength: told apart by every kind of colour vision (Okabe & Ito 2008), and never alone. */
fl_shade fl_plot_shade(fl_wavelength wavelength);

/* Title, subtitle, the mark of a simulated laser, and at the foot where the numbers come from. */
void fl_plot_page(fl_paper *paper, const fl_plan_picture *picture, const char *title, const char *subtitle,
                  const char *foot);
enum { FL_PLOT_MARGIN = 44, FL_PLOT_TOP = 108, FL_PLOT_FOOT = 64 };

/* Settings worth showing in the order of the plan, grouped by wavelength. Returns how many. */
typedef struct fl_plot_rows {
    const fl_plan_setting *setting[FL_PLAN_SETTINGS];
    const fl_setting *physics[FL_PLAN_SETTINGS];
    size_t count;
} fl_plot_rows;
void fl_plot_rows_of(const fl_plan_picture *picture, fl_plot_rows *rows);

double fl_plot_window_height(const fl_plan_picture *picture);
void fl_plot_window(fl_paper *paper, const fl_plan_picture *picture);
/* How many sections there are to draw: 0 means there is no depth picture. */
unsigned fl_plot_depth_count(const fl_plan_picture *picture);
void fl_plot_depth(fl_paper *paper, const fl_plan_picture *picture);

#endif
