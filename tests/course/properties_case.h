/* One random case, laser included, from a number: the same number is the same case on every machine. */
#ifndef FL_TESTS_COURSE_PROPERTIES_CASE_H
#define FL_TESTS_COURSE_PROPERTIES_CASE_H

#include "fadeline/course/course.h"

enum {
    MADE_ZONES = 4,
    MADE_REPORTED = 2,
    MADE_EARLIER = 2,
    MADE_TESTS = 4,
    MADE_WISHES = 1,
    MADE_DENIED = 64
};

/* What the cases are made of. Devices as they ship, and once more with every number from memory confirmed. */
typedef struct ingredients {
    const fl_case *pattern; /* what is not drawn by lot is as here; also owns the file that errors name */
    const fl_rulebook *book;
    const fl_planner_library *library; /* with a geometry ID-shallow for each ID */
    const fl_device *const *devices;
    size_t devices_count;
} ingredients;

typedef struct made {
    fl_case c; /* its lists lie below */
    const fl_device *device;
    const fl_procedure *procedure;
    const fl_planner_ink *ink;
    const char *geometry; /* in words, also where the case leaves it to the procedure */
    fl_case_zone zones[MADE_ZONES];
    const char *features[MADE_ZONES][2], *denied[MADE_DENIED];
    fl_case_answer reported[MADE_REPORTED];
    fl_case_earlier earlier[MADE_EARLIER];
    fl_case_test tests[MADE_TESTS];
    fl_case_wish wishes[MADE_WISHES];
    char zone_ids[MADE_ZONES][40];
} made;

void make_case(const ingredients *from, uint64_t number, made *m); /* *m must stay where it is */

/* Changes in place, for pairs. A changed case has another digest, as another file would. */
void make_shallow(made *m);
void mark_changed(made *m, const char *how);

#endif
