/* Plan sheet: one plan on one page of A4, for the table between technician and client; as SVG, PNG or PDF.
 *
 *   head       the verdict, what it says in one sentence, the numbers to set, and where they come from
 *   zones      the head from above or the face from the front, each zone with its pulses, locked ones hatched
 *   depth      fluence against depth for the setting that counts, 5 to 95 %, with basal layer and ink
 *   margins    what the skin bears over what it gets against what reaches the ink over what it needs
 *   unknowns   what matters most, as shares of the variance
 *   foot       test spots, cautions, and that Fadeline is not a certified medical device
 *
 * Readable in grey and with any colour vision. A plan for a simulated laser says SIMULATED across the page.
 *
 *     const fl_plan_sheet sheet = {.plan = plan, .physics = &physics, .simulated = true, .work = "Brows"};
 *     fl_status status = fl_plan_sheet_write(&sheet, "plan.pdf", &error);
 *
 * A plan read from its file is enough: without physics the depth panel shows the two depths that a plan
 * keeps.
 *
 * The trap: a plan that allows nothing today (refuse, defer, clearance) leaves no number that could be set on
 * a laser. Its page carries reasons, what would change them, and dates; no fluence, no energy, no pulse
 * count.
 */
#ifndef FL_REPORT_PLAN_SHEET_H
#define FL_REPORT_PLAN_SHEET_H

#include "fadeline/course/course.h"

typedef struct fl_plan_sheet {
    const fl_plan *plan;
    const fl_course_physics *physics; /* of the same call; NULL: none */
    bool simulated;                   /* the plan's device is a simulated laser */
    const char *work;                 /* "Scalp micropigmentation"; NULL: the procedure's id */
    const char *device;               /* "Example Instruments Pico"; NULL: the id alone */
} fl_plan_sheet;

/* The ending of the path says which kind: FL_E_USAGE for any but .svg, .png and .pdf. Whole or not at all,
 * mode 0600: a client's code stands on it. What stood there is replaced, but never a device, a pipe or a
 * link. */
FL_MUST_USE fl_status fl_plan_sheet_write(const fl_plan_sheet *sheet, const char *path, fl_error *error);

#endif
