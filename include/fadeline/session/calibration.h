/* Calibration: a session that fires into the calibration port and treats nobody.
 *
 * A session runs under a plan: settings that are set, read back and committed, eyewear, a hash in every
 * grant. A check of a laser gets one too, made from its device file and what a person wants to measure. It
 * has no client, no zone and no test spot, and its verdict is `refuse`: whoever took it for a plan of
 * treatment would find nothing in it that may be treated.
 *
 *     const fl_calibration_wish wish = {.head = "alex-755", .energy_uJ = 150000, .spot_um = 4000,
 *                                       .rate_mHz = 1000, .pulses = 10};
 *     status = fl_calibration_plan(&wish, device, today, plan, &error);
 *
 * Pulses need what a treatment needs, with the handpiece in its dock instead of out of it, and a foot.
 */
#ifndef FL_SESSION_CALIBRATION_H
#define FL_SESSION_CALIBRATION_H

#include "fadeline/config/device.h"
#include "fadeline/course/plan.h"

#define FL_CALIBRATION_PORT "calibration-port" /* the `zone` of its grants; their purpose is C */
#define FL_CALIBRATION_RATE_MOST_HZ 2          /* what every meter we know reads pulse by pulse */

typedef struct fl_calibration_wish {
    const char *device, *head; /* device: an id, for whoever has no fl_device yet */
    uint64_t energy_uJ, spot_um, rate_mHz;
    unsigned pulses;
} fl_calibration_wish;

/* FL_E_NO when the label does not allow it, or rests on a number that nobody confirmed; FL_E_USAGE for a head
 * that is not there or for a number of pulses that is no check. *plan is new. */
FL_MUST_USE fl_status fl_calibration_plan(const fl_calibration_wish *wish, const fl_device *device,
                                          fl_date today, fl_plan *plan, fl_error *error);

#endif
