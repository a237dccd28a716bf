/* Course: from one case, one device and the signed rules to a plan, or to "no" with what, why, what would
 * change it and when.
 *
 * Order of thought: skin type, gates and dates, zones and their locks, which wavelengths are allowed and why
 * not, what physics leaves of them (planner), one chosen, test spots, sessions, eyewear. The heaviest reason
 * is the verdict. Nothing is skipped after a refusal: a person who is told no sees everything that stands in
 * the way.
 *
 *     fl_course_inputs in = { .c = c, .device = device, .book = book, .library = library,
 *                             .date = today, .seed = 1 };
 *     fl_plan *plan = fl_plan_new();
 *     status = fl_course_plan(&in, plan, &error);     // FL_OK also for a refusal: that is an answer
 *
 * The same inputs give the same plan to the byte. Sealed when it returns.
 */
#ifndef FL_COURSE_COURSE_H
#define FL_COURSE_COURSE_H

#include "fadeline/config/device.h"
#include "fadeline/course/case.h"
#include "fadeline/course/plan.h"
#include "fadeline/course/rules.h"
#include "fadeline/planner/planner.h"

typedef struct fl_course_inputs {
    const fl_case *c;
    const fl_device *device;
    const fl_rulebook *book;
    const fl_planner_library *library;
    fl_date date; /* unset: the case's own */
    uint64_t seed;
    unsigned threads; /* 0: as many as there are processors; the plan does not depend on it */
    /* Keeps the planner's answer of each head for pictures; may be NULL. The caller frees the answers. */
    struct fl_course_physics *physics;
    /* Folder for photon walks that were walked before, and the 32 bytes they are signed with
     * (fl_plan_secret_here); NULL: nothing is kept. The plan does not depend on it. */
    const char *cache;
    const uint8_t *cache_secret;
} fl_course_inputs;

typedef struct fl_course_physics {
    fl_planner_answer *answers[FL_PLAN_EYEWEAR]; /* one a head that was looked at */
    size_t count;
} fl_course_physics;
void fl_course_physics_free(fl_course_physics *physics);

/* FL_E_FILE: rules or profiles past their review date, or a case that names an unknown procedure, site or
 * ink. *plan is then not to be used. */
FL_MUST_USE fl_status fl_course_plan(const fl_course_inputs *in, fl_plan *plan, fl_error *error);
/* Adds what protects at every wavelength that the device makes, at this spot. */
void fl_plan_put_eyewear(fl_plan *plan, const fl_device *device, fl_length spot);

#endif
