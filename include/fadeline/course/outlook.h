/* Outlook: what was to be expected of a case on a day, from what had been read by then; no laser is looked
 * at.
 *
 * Asked for the day before a read and for its own day, it says what that read changed: the range of sessions
 * still to come, what one session takes, and how much ink is left. It takes no photons, so it is quick
 * enough for a page; the numbers are those a plan of that day would have said.
 *
 *     const fl_course_inputs in = {.c = c, .device = device, .book = book, .library = library, .date = day};
 *     status = fl_course_outlook(&in, newest_plan, plan, &error);
 *     plan->sessions.low, plan->sessions.high; fl_plan_reason_of(plan, "read-low");
 *
 * Rules are those of today also for a day that was before they were signed: the question is what we make of
 * it now.
 *
 * The trap: what comes back is no plan. It has no verdict, no setting that may be used, and no seal.
 */
#ifndef FL_COURSE_OUTLOOK_H
#define FL_COURSE_OUTLOOK_H

#include "fadeline/course/course.h"
#include "fadeline/course/fade.h"

/* like: a plan of this client; reads of its chosen wavelength, and of test spots made with it, tell more.
 * NULL: every session is taken to be of one kind, and spots are left out. in->device may be NULL then. */
FL_MUST_USE fl_status fl_course_outlook(const fl_course_inputs *in, const fl_plan *like, fl_plan *plan,
                                        fl_error *error);

#endif
