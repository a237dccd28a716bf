/* Axis: steps along depth or radius, made ready for the kernel (walk_axis in walk.h). */
#ifndef FL_TRANSPORT_AXIS_H
#define FL_TRANSPORT_AXIS_H

#include "walk.h"

/* From `count` rising edges: step 0 is all below the first, step `count` all from the last on. FL_E_MEMORY
 * leaves something that axis_fini can take. */
FL_MUST_USE fl_status axis_init(walk_axis *axis, const double *edges, unsigned count);
/* From outer radii; step 0 begins at the axis, the last step is open. */
FL_MUST_USE fl_status axis_init_rings(walk_axis *axis, const double *radii, unsigned count);
void axis_fini(walk_axis *axis);

#endif
