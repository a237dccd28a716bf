/* Plan: from a medium and options to the arrays the kernel reads; the checks of both. */
#ifndef FL_TRANSPORT_PLAN_H
#define FL_TRANSPORT_PLAN_H

#include "walk.h"

/* Refuses bad options and media. */
FL_MUST_USE fl_status plan_check(const fl_medium *medium, const fl_transport_options *options,
                                 fl_error *error);
/* Of something checked. FL_E_MEMORY leaves a plan that plan_fini can take. */
FL_MUST_USE fl_status plan_init(walk_plan *plan, const fl_medium *medium,
                                const fl_transport_options *options);
void plan_fini(walk_plan *plan);

#endif
