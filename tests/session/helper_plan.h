/* A small sealed plan for sessions in tests: example-pico, 755 nm, 4 mm, 1.59 J/cm2.
 *
 *     zones   F-L  9 pulses planned: tone at 9 (90 %) and 9, soft stop at 10, hard stop at 11
 *             MID  1000 pulses
 *             OCC  locked
 */
#ifndef FL_TESTS_SESSION_HELPER_PLAN_H
#define FL_TESTS_SESSION_HELPER_PLAN_H

#include "fadeline/course/plan.h"

typedef enum helper_tests { HELPER_NO_TESTS, HELPER_TESTS_ASKED, HELPER_TESTS_FIRST } helper_tests;

/* HELPER_TESTS_ASKED: two spots of 2 pulses come before any zone, looked at the same day. HELPER_TESTS_FIRST:
 * verdict test-first. The caller frees it. */
fl_plan *helper_plan(fl_date date, helper_tests tests);
/* The same plan for another laser, whose device file has the same heads; to be sealed again. */
void helper_plan_for(fl_plan *plan, const char *device);

#endif
