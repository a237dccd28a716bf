/* Where the time of a plan goes.
 *
 *     cmake --build build --target bench_plan && build/tests/bench/bench_plan
 *
 * Plans of case 1 at the budget of the shipped rules, in turn in one process, so that a loaded machine slows
 * all alike: walks anew on one thread and on two, walks that were kept, and the same with the page as PDF,
 * SVG and PNG. Medians of the rounds, and ratios against the plan anew on one thread. Then the parts of the
 * planner alone, one head.
 */
#include "fadeline/base/place.h"
#include "fadeline/course/course.h"
#include "fadeline/course/seal.h"
#include "fadeline/report/plan_sheet.h"

#include "sample.h"
#include "setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double median(double *seconds)
{
    for (int i = 1; i < ROUNDS; i++)
        for (int k = i; k > 0 && seconds[k] < seconds[k - 1]; k--) {
            const double swap = seconds[k];
            seconds[k] = seconds[k - 1], seconds[k - 1] = swap;
        }
    return seconds[ROUNDS / 2];
}

static void need(fl_status status, const fl_error *error)
{
    if (status == FL_OK) return;
    fl_error_print(stderr, error);
    exit(1);
}

typedef struct sources {
    fl_case *c;
    fl_device *device;
    fl_rulebook *book;
    fl_planner_library *library;
} sources;

static void plan_once(const sources *s, unsigned threads, const char *cache, const char *pictures)
{
    fl_error error = {0};
    fl_plan *plan = fl_plan_new();
    fl_course_physics physics = {0};
    static const uint8_t secret[FL_PLAN_SECRET] = {1};
    const fl_course_inputs in = {.c = s->c,
                                 .device = s->device,
                                 .book = s->book,
                                 .library = s->library,
                                 .seed = 1,
                                 .threads = threads,
                                 .cache = cache,
                                 .cache_secret = cache ? secret : NULL,
                                 .physics = pictures ? &physics : NULL};
    need(fl_course_plan(&in, plan, &error), &error);
    if (pictures) {
        static const char *const kinds[] = {"pdf", "svg", "png"};
        const fl_plan_sheet sheet = {.plan = plan,
                                     .physics = &physics,
                                     .simulated = fl_device_is_simulated(s->device),
                                     .work = "Bench"};
        char path[400];
        for (int i = 0; i < 3; i++) {
            snprintf(path, sizeof path, "%s/plan.%s", pictures, kinds[i]);
            need(fl_plan_sheet_write(&sheet, path, &error), &error);
        }
    }
    fl_course_physics_free(&physics);
    fl_plan_free(plan);
}

static void whole_plans(const sources *s, const char *folder)
{
    struct {
        const char *what;
        unsigned threads;
        const char *cache, *pictures;
        double seconds[ROUNDS];
    } rows[] = {
        {.what = "anew, one thread", .threads = 1},
        {.what = "anew, two threads", .threads = 2},
        {.what = "anew, two threads, pictures", .threads = 2, .pictures = folder},
        {.what = "walks kept, two threads", .threads = 2, .cache = folder},
        {.what = "walks kept, two threads, pictures", .threads = 2, .cache = folder, .pictures = folder},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    plan_once(s, 2, folder, folder); /* fills the folder, warms fonts */
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < ROWS; i++) {
            const double from = now_s();
            plan_once(s, rows[i].threads, rows[i].cache, rows[i].pictures);
            rows[i].seconds[round] = now_s() - from;
        }
    const double base = median(rows[0].seconds);
    printf("whole plans: case 1, example-pico, three heads, nine settings, 528 skins x 32 draws\n");
    for (int i = 0; i < ROWS; i++)
        printf("  %-36s %6.3f s   %.2f times faster than anew on one thread\n", rows[i].what,
               median(rows[i].seconds), base / median(rows[i].seconds));
}

static void parts(const sources *s)
{
    fl_planner_request r = fl_planner_request_default();
    r.site = fl_planner_site_find(s->library, "scalp-male");
    r.skin_type = fl_planner_skin_type_find(s->library, 2);
    r.ink = fl_planner_ink_find(s->library, "carbon-smp");
    r.geometry = fl_planner_geometry_find(s->library, "smp");
    r.wavelength = fl_nm(1064), r.pulse = fl_ps(450), r.crest = 1, r.rate_max = fl_Hz(10);
    r.draws = 24, r.variants = 22, r.photons = 1500, r.spot_count = 3;
    for (unsigned i = 0; i < 3; i++)
        r.spots[i] =
            (fl_planner_spot){.spot = fl_mm(3 + i), .limit = fl_J_cm2(4), .limited_by = FL_LIMIT_DEVICE};
    enum { WALKS, KERNELS, CLOUDS, SETTINGS, PARTS };
    static const char *const names[] = {"draws and photon walks", "heat kernels", "clouds with burns",
                                        "windows, bands, sensitivity"};
    double seconds[PARTS][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        fl_error error = {0};
        fl_study *study;
        fl_cloud *cloud;
        double at = now_s();
        need(fl_study_new(&r, &study, &error), &error);
        seconds[WALKS][round] = now_s() - at, at = now_s();
        need(fl_warming_kernels(&r, study->field, study->kernels, &error), &error);
        seconds[KERNELS][round] = now_s() - at;
        seconds[WALKS][round] -= seconds[KERNELS][round]; /* made there once already */
        need(fl_cloud_new(study->count, &cloud), &error);
        seconds[CLOUDS][round] = seconds[SETTINGS][round] = 0;
        for (unsigned spot = 0; spot < 3; spot++) {
            fl_setting setting;
            at = now_s();
            fl_cloud_fill(cloud, study, spot, 1);
            seconds[CLOUDS][round] += now_s() - at, at = now_s();
            need(fl_setting_make(study, cloud, spot, 1, &setting, &error), &error);
            seconds[SETTINGS][round] += now_s() - at;
        }
        fl_cloud_free(cloud);
        fl_study_free(study);
    }
    printf("one head of three spots, one thread:\n");
    double all = 0;
    for (int i = 0; i < PARTS; i++) all += median(seconds[i]);
    for (int i = 0; i < PARTS; i++)
        printf("  %-36s %6.1f ms  %4.1f %%\n", names[i], 1e3 * seconds[i][ROUNDS / 2],
               100 * seconds[i][ROUNDS / 2] / all);
}

int main(void)
{
    fl_error error = {0};
    sources s = {0};
    char path[FL_PLACE_MAX], folder[] = "/tmp/fl-bench-plan-XXXXXX";
    need(fl_place_find("profiles/cases/case-1.yaml", path, &error), &error);
    need(fl_case_load(path, NULL, &s.c, &error), &error);
    need(fl_device_load("example-pico", &s.device, &error), &error);
    need(fl_rulebook_load(NULL, NULL, &s.book, &error), &error);
    need(fl_planner_library_load(&s.library, &error), &error);
    if (!mkdtemp(folder)) return 1;
    whole_plans(&s, folder);
    parts(&s);
    printf("kept walks and pictures are in %s\n", folder);
    fl_case_free(s.c);
    fl_device_free(s.device);
    fl_rulebook_free(s.book);
    fl_planner_library_free(s.library);
    return 0;
}
