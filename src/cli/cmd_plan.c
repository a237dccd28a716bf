#include "command.h"
#include "plan_page.h"

#include "fadeline/base/place.h"
#include "fadeline/course/course.h"
#include "fadeline/course/seal.h"
#include "fadeline/report/paper_file.h"
#include "fadeline/report/plan_plot.h"
#include "fadeline/report/plan_sheet.h"
#include "fadeline/session/proven.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that a plan is made from, opened together and closed together. */
typedef struct sources {
    fl_case *c;
    fl_device *device;
    fl_rulebook *book;
    fl_planner_library *library;
} sources;

static void close_all(sources *s)
{
    fl_case_free(s->c);
    fl_device_free(s->device);
    fl_rulebook_free(s->book);
    fl_planner_library_free(s->library);
}

static fl_status open_all(const fl_args *args, sources *s, fl_error *error)
{
    fl_status status = fl_case_load(args->words[0], fl_args_value(args, "variant"), &s->c, error);
    if (status == FL_OK) status = fl_device_load_proven(fl_args_value(args, "device"), &s->device, error);
    if (status == FL_OK)
        status = fl_rulebook_load(fl_args_value(args, "rules"), fl_args_value(args, "procedures"), &s->book,
                                  error);
    if (status == FL_OK) status = fl_planner_library_load(&s->library, error);
    return status;
}

static fl_status write_out(const fl_args *args, fl_plan *plan, fl_error *error)
{
    const char *path = fl_args_value(args, "out");
    if (!path) return FL_OK;
    char home[FL_PLACE_MAX];
    fl_status status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_plan_seal_here(home, plan, error);
    return status == FL_OK ? fl_plan_write_json(plan, path, error) : status;
}

static fl_status write_plots(const fl_args *args, const fl_plan *plan, const fl_course_physics *physics,
                             const sources *s, fl_error *error)
{
    const char *directory = fl_args_value(args, "svg");
    if (!directory) return FL_OK;
    const fl_plan_picture picture = {plan, physics, fl_device_is_simulated(s->device)};
    return fl_plan_plot_write(&picture, directory, error);
}

static fl_status write_picture(const fl_args *args, const fl_plan *plan, const fl_course_physics *physics,
                               const sources *s, fl_error *error)
{
    const char *path = fl_args_value(args, "picture");
    if (!path) return FL_OK;
    char device[160];
    snprintf(device, sizeof device, "%s %s", s->device->maker, s->device->model);
    const fl_plan_sheet sheet = {plan, physics, fl_device_is_simulated(s->device), s->c->title, device};
    return fl_plan_sheet_write(&sheet, path, error);
}

static int print(const fl_args *args, const fl_plan *plan, const sources *s)
{
    if (fl_args_has(args, "json")) {
        char *text = fl_plan_json(plan);
        if (!text) return fl_status_exit(FL_E_MEMORY);
        puts(text);
        free(text);
    } else {
        fl_plan_page(stdout, plan, s->c->title, fl_device_is_simulated(s->device));
    }
    const bool yes = plan->verdict == FL_VERDICT_PLAN || plan->verdict == FL_VERDICT_TEST_FIRST;
    return fl_status_exit(yes ? FL_OK : FL_E_NO);
}

static int run(const fl_args *args)
{
    if (args->count != 1) return fl_args_wrong(args, "one case file is needed");
    if (!fl_args_value(args, "device"))
        return fl_args_wrong(args, "--device is needed, an id or a device file");
    fl_date date = {0};
    const char *day = fl_args_value(args, "date");
    if (day && fl_date_read(day, &date) != FL_OK)
        return fl_args_wrong(args, "--date wants a day as YYYY-MM-DD, not '%s'", day);
    unsigned long long seed = 1, threads = 0;
    if (!fl_args_whole(args, "seed", INT64_MAX, &seed, NULL) ||
        !fl_args_whole(args, "threads", FL_PLANNER_THREADS, &threads, NULL))
        return fl_status_exit(FL_E_USAGE);

    const char *picture = fl_args_value(args, "picture");
    if (picture && fl_paper_kind_of(picture) == FL_PAPER_NONE)
        return fl_args_wrong(args, "--picture wants a file that ends in .svg, .png or .pdf, not '%s'",
                             picture);

    fl_error error;
    sources s = {0};
    fl_course_physics physics = {0};
    fl_plan *plan = fl_plan_new();
    if (!plan) return fl_status_exit(FL_E_MEMORY);
    fl_status status = open_all(args, &s, &error);
    char cache[FL_PLACE_MAX];
    char home[FL_PLACE_MAX];
    uint8_t secret[FL_PLAN_SECRET];
    const bool kept = !fl_args_has(args, "no-cache") && fl_place_cache(cache, NULL) == FL_OK &&
                      fl_place_home(home, NULL) == FL_OK && fl_plan_secret_here(home, secret, NULL) == FL_OK;
    if (status == FL_OK) {
        const fl_course_inputs in = {.c = s.c,
                                     .device = s.device,
                                     .book = s.book,
                                     .library = s.library,
                                     .date = date,
                                     .seed = seed,
                                     .threads = (unsigned)threads,
                                     .cache = kept ? cache : NULL,
                                     .cache_secret = kept ? secret : NULL,
                                     .physics = picture || fl_args_has(args, "svg") ? &physics : NULL};
        status = fl_course_plan(&in, plan, &error);
    }
    if (status == FL_OK) status = write_out(args, plan, &error);
    if (status == FL_OK) status = write_plots(args, plan, &physics, &s, &error);
    if (status == FL_OK) status = write_picture(args, plan, &physics, &s, &error);
    fl_course_physics_free(&physics);
    const int code = status == FL_OK ? print(args, plan, &s) : fl_args_failed(&error);
    close_all(&s);
    fl_plan_free(plan);
    return code;
}

static const fl_option options[] = {
    {"device", "ID", "the laser: an id in devices/, or a file"},
    {"variant", "V", "a variant of the case, such as v1"},
    {"date", "D", "plan for this day instead of the case's own"},
    {"out", "FILE", "write the plan here, sealed, for `fadeline run`"},
    {"picture", "FILE", "the plan on one page: FILE.pdf, FILE.svg or FILE.png"},
    {"svg", "DIR", "draw the plan into this directory, as SVG and PNG"},
    {"rules", "FILE", "another rule file than profiles/clinic.yaml"},
    {"procedures", "FILE", "another file than profiles/procedures.yaml"},
    {"seed", "N", "makes every random number repeatable (default 1)"},
    {"threads", "N", "the plan does not depend on it"},
    {"no-cache", NULL, "walk every photon anew; the plan is the same"},
    {"json", NULL, "the plan as one JSON object"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_plan = {
    .name = "plan",
    .arguments = "CASE.yaml --device ID [--json] [--out PLAN.json] [--picture FILE] [--svg DIR] [--date D] "
                 "[--seed N] [--variant V]",
    .summary = "say what may be done, why not more, and when",
    .more =
        "example:\n"
        "  fadeline plan profiles/cases/case-1.yaml --device example-pico --out plan.json\n"
        "  fadeline plan profiles/cases/case-4.yaml --device example-pico --picture plan.pdf\n"
        "Exit code 0 for PLAN and TEST FIRST, 1 when the answer is no, 3 for a file that cannot be used.\n",
    .options = options,
    .run = run,
};
