#include "helper_plans.h"

#include "fadeline/base/place.h"

#include <stdio.h>
#include <stdlib.h>

made made_of(const char *name, const char *variant)
{
    made m = {.plan = fl_plan_new()};
    fl_error error = {0};
    fl_date none = {0};
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/profiles/cases/%s.yaml", FL_SOURCE_DIR, name);
    fl_status status = fl_case_load(path, variant, &m.c, &error);
    if (status == FL_OK) status = fl_device_load("example-pico", &m.device, &error);
    if (status == FL_OK) status = fl_rulebook_load(NULL, NULL, &m.book, &error);
    if (status == FL_OK) status = fl_planner_library_load(&m.library, &error);
    if (status == FL_OK) {
        const fl_course_inputs in = {.c = m.c,
                                     .device = m.device,
                                     .book = m.book,
                                     .library = m.library,
                                     .date = none,
                                     .seed = 1,
                                     .threads = 1,
                                     .physics = &m.physics};
        status = fl_course_plan(&in, m.plan, &error);
    }
    if (status != FL_OK) {
        fl_error_print(stderr, &error);
        exit(1);
    }
    return m;
}

void made_forget(made *m)
{
    fl_course_physics_free(&m->physics);
    fl_plan_free(m->plan);
    fl_planner_library_free(m->library);
    fl_rulebook_free(m->book);
    fl_device_free(m->device);
    fl_case_free(m->c);
}
