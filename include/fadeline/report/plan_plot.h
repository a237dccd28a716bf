/* Plan plot: the two pictures of a plan, as SVG for paper and PNG for a screen.
 *
 *   plan-window   one line per setting: what the ink needs, what the skin bears, where device or rules end,
 *                 and the fluence chosen. A window that is not there is shown as the gap it is.
 *   plan-depth    one section through the skin per wavelength: local over incident fluence against depth,
 * with its 5-95 % band, epidermis and ink where they lie.
 *
 * Both are readable in grey and with any colour vision: position and shape carry the meaning, colour only
 * repeats the wavelength. Every page names its plan and how the numbers came about; a plan for a simulated
 * laser says SIMULATED.
 *
 *     fl_course_physics physics = { 0 };                    // asked for in fl_course_inputs
 *     ... fl_course_plan(&in, plan, &error) ...
 *     fl_plan_picture picture = { plan, &physics, fl_device_is_simulated(device) };
 *     fl_status status = fl_plan_plot_write(&picture, "plots", &error);   // plots/plan-window.svg, .png, ...
 *
 * A plan that allows nothing today (refuse, defer, clearance) gets plan-window alone, with the reasons in words
 * and no fluence.
 */
#ifndef FL_REPORT_PLAN_PLOT_H
#define FL_REPORT_PLAN_PLOT_H

#include "fadeline/course/course.h"

typedef struct fl_plan_picture {
    const fl_plan *plan;
    const fl_course_physics *physics; /* of the same call; NULL: none */
    bool simulated;                   /* the plan's device is a simulated laser */
} fl_plan_picture;

/* Makes the directory when it is missing. Each file appears whole or not at all; what stood there is
 * replaced. */
FL_MUST_USE fl_status fl_plan_plot_write(const fl_plan_picture *picture, const char *directory,
                                         fl_error *error);

#endif
