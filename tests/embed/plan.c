/* Plans a case with the library, as `fadeline plan` does: what may be done, why not more, and when.
 *
 *     cc plan.c $(pkg-config --cflags --libs fadeline) -o plan && ./plan CASE.yaml DEVICE
 */
#include "fadeline/course/course.h"

#include <stdio.h>

static int failed(const fl_error *error)
{
    fl_error_print(stderr, error);
    return fl_status_exit(error->status);
}

int main(int argc, char **argv)
{
    fl_error error = {0};
    fl_course_inputs in = {.seed = 1};
    fl_case *c;
    fl_device *device;
    fl_rulebook *book;
    fl_planner_library *library;
    if (argc != 3) return fprintf(stderr, "usage: plan CASE.yaml DEVICE\n"), 2;

    /* The clinic's own files come before those that are installed: fadeline/base/place.h. */
    if (fl_case_load(argv[1], NULL, &c, &error) != FL_OK) return failed(&error);
    if (fl_device_load(argv[2], &device, &error) != FL_OK) return failed(&error);
    if (fl_rulebook_load(NULL, NULL, &book, &error) != FL_OK) return failed(&error);
    if (fl_planner_library_load(&library, &error) != FL_OK) return failed(&error);
    in.c = c, in.device = device, in.book = book, in.library = library;

    fl_plan *plan = fl_plan_new();
    if (!plan || fl_course_plan(&in, plan, &error) != FL_OK) return failed(&error);
    printf("%s\n", fl_plan_verdict_line(plan->verdict)); /* a refusal is an answer, too */
    for (size_t i = 0; i < plan->reason_count; i++)
        printf("  %s: %s\n", plan->reasons[i].code, plan->reasons[i].text);
    if (plan->chosen >= 0 && plan->settings[plan->chosen].has_fluence) {
        const fl_plan_setting *best = &plan->settings[plan->chosen];
        printf("  %.0f nm, %.1f mm: begin at %.2f J/cm2, never above %.2f\n", fl_as_nm(best->wavelength),
               fl_as_mm(best->spot), fl_as_J_cm2(best->start), fl_as_J_cm2(best->high));
    }
    fl_plan_free(plan), fl_planner_library_free(library), fl_rulebook_free(book);
    fl_device_free(device), fl_case_free(c);
    return 0;
}
