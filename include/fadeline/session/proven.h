/* Proven: a device file whose confirmed numbers are confirmed by the journal.
 *
 * $FADELINE_HOME/devices/confirmed/ID.yaml is written by `fadeline devices confirm`, and by anybody else who
 * may write there. A row counts when the entry it names is the one that was written for it: config.change,
 * what device.confirm, with the same person, head, key, value, document, day and device file. Whatever fires,
 * plans or shows limits loads a device through here.
 *
 *     fl_device *device;
 *     status = fl_device_load_proven("picoway", &device, &error);
 *     if (device->confirmed_unproven) ...                  // rows that were not believed: say so
 */
#ifndef FL_SESSION_PROVEN_H
#define FL_SESSION_PROVEN_H

#include "fadeline/config/device.h"

/* fl_device_load, then every confirmation is looked up: in the real journal, of a simulated laser in the
 * simulated one. No journal, or one that cannot be read: none counts. */
FL_MUST_USE fl_status fl_device_load_proven(const char *name, fl_device **device, fl_error *error);

#endif
