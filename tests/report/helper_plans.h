/* Plans as the command makes them, for tests that draw. */
#ifndef FL_TESTS_REPORT_PLANS_H
#define FL_TESTS_REPORT_PLANS_H

#include "fadeline/course/course.h"

typedef struct made { /* a plan and all it came from */
    fl_case *c;
    fl_device *device;
    fl_rulebook *book;
    fl_planner_library *library;
    fl_plan *plan;
    fl_course_physics physics;
} made;

/* profiles/cases/NAME.yaml for example-pico on the case's own day, or stops the test program with the error.
 */
made made_of(const char *name, const char *variant);
void made_forget(made *m);

#endif
