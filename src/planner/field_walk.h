/* The photon walks of one draw of a field: private to field. */
#ifndef FL_PLANNER_FIELD_WALK_H
#define FL_PLANNER_FIELD_WALK_H

#include "field.h"

FL_MUST_USE fl_status fl_field_walk(const fl_planner_request *request, const fl_deposit_order *order,
                                    unsigned draw, fl_field *field, fl_error *error);

#endif
