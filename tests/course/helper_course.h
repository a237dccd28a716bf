/* Plans for tests: the shipped files, with the physics sampled thinner so that a sanitized run stays short.
 * The code path is the same; only clinic.yaml's `sampling` line differs. */
#ifndef FL_TESTS_COURSE_HELPER_H
#define FL_TESTS_COURSE_HELPER_H

#include "fadeline/course/course.h"

#include <stdio.h>
#include <string.h>

typedef struct edit {
    const char *find, *put; /* the first occurrence; it must be there */
} edit;

#define EDITS(...)                                                                                           \
    (const edit[])                                                                                           \
    {                                                                                                        \
        __VA_ARGS__,                                                                                         \
        {                                                                                                    \
            NULL, NULL                                                                                       \
        }                                                                                                    \
    }

/* Writes FL_SOURCE_DIR/`file` with the edits to a fresh file under the build directory; returns its path,
 * which lives until the next eight calls. */
const char *edited(const char *file, const edit *edits);

const char *case_file(int number); /* profiles/cases/case-N.yaml of the source tree */
const fl_rulebook *quick_rules(void);
const fl_device *laser(void); /* example-pico */
const fl_planner_library *library(void);

/* Plans, or stops the test program with the error: the caller frees. NULL for what is as shipped. */
fl_plan *plan_file(const char *path, const char *variant, const char *date, const fl_device *device,
                   const fl_rulebook *book, fl_course_physics *physics);
fl_plan *plan_case(int number, const char *variant, const char *date);

const fl_plan_setting *setting_at(const fl_plan *plan, double nm, double mm); /* NULL: none */
int total_pulses(const fl_plan *plan);
fl_date day(const char *text);

#endif
