/* Opening: what must be true of a plan and a device file before any session, driven or by hand. */
#ifndef FL_SESSION_OPENING_H
#define FL_SESSION_OPENING_H

#include "fadeline/config/device.h"
#include "fadeline/course/plan.h"

/* Read, sealed on this machine, allows a pulse, and its names can be written into the journal. */
FL_MUST_USE fl_status fl_opening_plan(const char *path, fl_plan **plan, fl_error *error);
/* The file of the plan's laser, unchanged since. */
FL_MUST_USE fl_status fl_opening_device(const fl_plan *plan, fl_device **device, fl_error *error);
/* Every setting that may be used is within the device's limits, and nothing in them is unconfirmed. */
FL_MUST_USE fl_status fl_opening_settings(const fl_plan *plan, const fl_device *device, fl_error *error);

#endif
