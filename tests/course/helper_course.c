#include "helper_course.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <unistd.h>

static void stop(const char *what, const fl_error *error)
{
    fprintf(stderr, "\n%s\n", what);
    if (error) fl_error_print(stderr, error);
    exit(1);
}

/* The clinic's own files would win over the shipped ones: tests have no clinic. */
static void leave_home(void)
{
    static bool left;
    if (left) return;
    left = true;
    setenv("FADELINE_HOME", FL_BUILD_DIR "/tests/no-home", 1);
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
}

const char *edited(const char *file, const edit *edits)
{
    static char paths[8][FL_PLACE_MAX];
    static unsigned made;
    char source[FL_PLACE_MAX], *bytes, *path = paths[made++ % 8];
    size_t size;
    fl_error error;
    snprintf(source, sizeof source, "%s/%s", FL_SOURCE_DIR, file);
    if (fl_place_read(source, 1 << 20, &bytes, &size, &error) != FL_OK) stop(source, &error);
    for (; edits->find; edits++) {
        char *at = strstr(bytes, edits->find);
        if (!at) stop(edits->find, NULL);
        const size_t find = strlen(edits->find), put = strlen(edits->put), before = (size_t)(at - bytes);
        char *longer = malloc(size + put + 1);
        if (!longer) stop("no memory", NULL);
        memcpy(longer, bytes, before);
        memcpy(longer + before, edits->put, put);
        memcpy(longer + before + put, at + find, size - before - find + 1);
        size += put - find;
        free(bytes);
        bytes = longer;
    }
    const char *base = strrchr(file, '/');
    snprintf(path, FL_PLACE_MAX, "%s/tests/edited-%ld-%u-%s", FL_BUILD_DIR, (long)getpid(), made,
             base ? base + 1 : file);
    if (fl_place_write(path, bytes, size, 0600, &error) != FL_OK) stop(path, &error);
    free(bytes);
    return path;
}

const char *case_file(int number)
{
    static char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/profiles/cases/case-%d.yaml", FL_SOURCE_DIR, number);
    return path;
}

const fl_rulebook *quick_rules(void)
{
    static fl_rulebook *book;
    leave_home();
    if (book) return book;
    const char *path =
        edited("profiles/clinic.yaml", EDITS({"sampling: {draws: 24, variants: 22, photons: 1500}",
                                              "sampling: {draws: 4, variants: 16, photons: 500}"}));
    fl_error error;
    if (fl_rulebook_load(path, NULL, &book, &error) != FL_OK) stop("rules", &error);
    unlink(path);
    return book;
}

const fl_device *laser(void)
{
    static fl_device *device;
    leave_home();
    fl_error error;
    if (!device && fl_device_load("example-pico", &device, &error) != FL_OK) stop("device", &error);
    return device;
}

const fl_planner_library *library(void)
{
    static fl_planner_library *found;
    leave_home();
    fl_error error;
    if (!found && fl_planner_library_load(&found, &error) != FL_OK) stop("library", &error);
    return found;
}

fl_date day(const char *text)
{
    fl_date date = {0};
    if (fl_date_read(text, &date) != FL_OK) stop(text, NULL);
    return date;
}

fl_plan *plan_file(const char *path, const char *variant, const char *date, const fl_device *device,
                   const fl_rulebook *book, fl_course_physics *physics)
{
    fl_error error;
    fl_case *c;
    fl_plan *plan = fl_plan_new();
    if (!plan || fl_case_load(path, variant, &c, &error) != FL_OK) stop(path, &error);
    const fl_course_inputs in = {.c = c,
                                 .device = device ? device : laser(),
                                 .book = book ? book : quick_rules(),
                                 .library = library(),
                                 .date = date ? day(date) : (fl_date){0},
                                 .seed = 7,
                                 .physics = physics};
    if (fl_course_plan(&in, plan, &error) != FL_OK) stop(path, &error);
    fl_case_free(c);
    return plan;
}

fl_plan *plan_case(int number, const char *variant, const char *date)
{
    return plan_file(case_file(number), variant, date, NULL, NULL, NULL);
}

const fl_plan_setting *setting_at(const fl_plan *plan, double nm, double mm)
{
    for (size_t i = 0; i < plan->setting_count; i++)
        if (fl_whole_nm(plan->settings[i].wavelength) == (long long)nm &&
            fl_whole_um(plan->settings[i].spot) == (long long)(mm * 1000))
            return &plan->settings[i];
    return NULL;
}

int total_pulses(const fl_plan *plan)
{
    int total = 0;
    for (size_t i = 0; i < plan->zone_count; i++) total += plan->zones[i].pulses;
    return total;
}
