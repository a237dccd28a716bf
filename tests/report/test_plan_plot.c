/* labels: unit   timeout: 300 */
#include "check.h"

#include "helper_folder.h"
#include "helper_plans.h"

#include "fadeline/base/place.h"
#include "fadeline/report/plan_plot.h"

#include <cairo.h>
#include <unistd.h>

/* Tests first: rich in settings, and computed once for the tests that look at one plan. */
static made one;
static void forget_one(void)
{
    made_forget(&one);
}
static made *brows(void)
{
    if (!one.plan) {
        one = made_of("case-4", NULL);
        atexit(forget_one);
    }
    return &one;
}

static fl_plan_picture picture_of(const made *m)
{
    return (fl_plan_picture){m->plan, &m->physics, fl_device_is_simulated(m->device)};
}

/* How many of the pixels in a part of a page are not white. */
static long ink_in(const char *png, double left, double top, double right, double bottom)
{
    cairo_surface_t *page = cairo_image_surface_create_from_png(folder_path(png));
    CHECK(cairo_surface_status(page) == CAIRO_STATUS_SUCCESS, "%s cannot be read", png);
    if (cairo_surface_status(page) != CAIRO_STATUS_SUCCESS) return -1;
    const int width = cairo_image_surface_get_width(page), height = cairo_image_surface_get_height(page);
    const unsigned char *data = cairo_image_surface_get_data(page);
    long count = 0;
    for (int y = (int)(top * height); y < (int)(bottom * height); y++)
        for (int x = (int)(left * width); x < (int)(right * width); x++) {
            const unsigned char *p =
                data + (size_t)y * (size_t)cairo_image_surface_get_stride(page) + 4 * (size_t)x;
            count += p[0] < 250 || p[1] < 250 || p[2] < 250;
        }
    cairo_surface_destroy(page);
    return count;
}

static void check_page(const char *of, const char *page)
{
    char svg[64], png[64], *bytes = NULL;
    size_t size = 0;
    snprintf(svg, sizeof svg, "%s.svg", page);
    snprintf(png, sizeof png, "%s.png", page);
    CHECK(fl_place_read(folder_path(svg), 1 << 24, &bytes, &size, NULL) == FL_OK, "%s: no %s", of, svg);
    CHECK(bytes && strstr(bytes, "<svg") && strstr(bytes, "</svg>"), "%s: %s is no picture", of, svg);
    free(bytes);
    CHECK(ink_in(png, 0.05, 0.1, 0.95, 0.95) > 2000, "%s: %s is empty", of, png);
    CHECK(ink_in(png, 0, 0, 0.025, 1) == 0 && ink_in(png, 0.975, 0, 1, 1) == 0 &&
              ink_in(png, 0, 0, 1, 0.015) == 0 && ink_in(png, 0, 0.99, 1, 1) == 0,
          "%s: %s runs off the page", of, png);
}

/* Every case of the reference: both files there, readable, something on them, and nothing that runs off the
 * page. One directory for all: what is left of the case before would be a picture of somebody else's skin. */
static void every_case_can_be_drawn(void)
{
    static const struct {
        const char *name, *variant;
    } rows[] = {{"case-1", NULL}, {"case-1", "v1"}, {"case-4", NULL}, {"case-4", "read"},
                {"case-6", NULL}, {"case-7", NULL}, {"case-5", NULL}};
    int refused = 0;
    folder_fresh("plan-plot");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made m = made_of(rows[i].name, rows[i].variant);
        const fl_plan_picture picture = picture_of(&m);
        fl_error error = {0};
        CHECK(fl_plan_plot_write(&picture, folder(), &error) == FL_OK, "%s: %s", rows[i].name, error.what);
        check_page(rows[i].name, "plan-window");
        if (fl_plan_tests(m.plan) ||
            fl_plan_treats_zones(m.plan)) { /* a read that passed needs no new tests */
            check_page(rows[i].name, "plan-depth");
        } else {
            CHECK(!fl_place_exists(folder_path("plan-depth.png")) &&
                      !fl_place_exists(folder_path("plan-depth.svg")),
                  "%s: a refusal with a section through the skin", rows[i].name);
            refused++;
        }
        made_forget(&m);
    }
    CHECK(refused >= 2 && refused <= 4, "%d refusals: the test looks at one kind only", refused);
    folder_clean();
}

static void a_simulated_laser_is_marked(void)
{
    fl_plan_picture picture = picture_of(brows());
    CHECK(picture.simulated, "the example device is simulated");
    long mark[2];
    for (int k = 0; k < 2; k++) {
        folder_fresh("plan-plot");
        picture.simulated = k == 1;
        CHECK(fl_plan_plot_write(&picture, folder(), NULL) == FL_OK, "refused");
        mark[k] = ink_in("plan-window.png", 0.78, 0.02, 1, 0.11);
        CHECK((ink_in("plan-depth.png", 0.78, 0.02, 1, 0.1) > 0) == picture.simulated, "mark of plan-depth");
        folder_clean();
    }
    CHECK(mark[0] == 0 && mark[1] > 500, "%ld dark pixels without the mark, %ld with it", mark[0], mark[1]);
}

/* The chosen setting lies on a tinted line; a plan without a choice has none. */
static void the_choice_can_be_seen(void)
{
    fl_plan *plan = brows()->plan;
    const int chosen = plan->chosen;
    const fl_plan_picture picture = picture_of(brows());
    long ink[2];
    for (int k = 0; k < 2; k++) {
        folder_fresh("plan-plot");
        plan->chosen = k ? -1 : 0;
        CHECK(fl_plan_plot_write(&picture, folder(), NULL) == FL_OK, "refused");
        ink[k] = ink_in("plan-window.png", 0.05, 0.15, 0.95, 0.75);
        folder_clean();
    }
    CHECK(ink[0] > ink[1] + 20000, "%ld pixels with a choice, %ld without", ink[0], ink[1]);
    plan->chosen = chosen;
}

static void same_plan_same_picture(void)
{
    const fl_plan_picture picture = picture_of(brows());
    char *before = NULL, *after = NULL;
    size_t size[2] = {0};
    folder_fresh("plan-plot");
    CHECK(fl_plan_plot_write(&picture, folder(), NULL) == FL_OK, "refused");
    CHECK(fl_place_read(folder_path("plan-window.png"), 1 << 24, &before, &size[0], NULL) == FL_OK, "gone");
    CHECK(fl_plan_plot_write(&picture, folder(), NULL) == FL_OK, "refused to replace");
    CHECK(fl_place_read(folder_path("plan-window.png"), 1 << 24, &after, &size[1], NULL) == FL_OK, "gone");
    CHECK(size[0] == size[1] && before && after && memcmp(before, after, size[0]) == 0, "another picture");
    free(before);
    free(after);
    folder_clean();
}

static void a_place_that_cannot_be_written_is_named(void)
{
    const fl_plan_picture picture = picture_of(brows());
    fl_error error = {0};
    CHECK(fl_plan_plot_write(&picture, "/dev/null/plots", &error) != FL_OK && strstr(error.what, "/dev/null"),
          "'%s'", error.what);
    char longest[FL_PLACE_MAX + 50];
    memset(longest, 'x', sizeof longest - 1);
    longest[0] = '/', longest[sizeof longest - 1] = 0;
    CHECK(fl_plan_plot_write(&picture, longest, &error) != FL_OK, "a path too long");
}

FL_TESTS("report/plan_plot", TEST(every_case_can_be_drawn), TEST(a_simulated_laser_is_marked),
         TEST(the_choice_can_be_seen), TEST(same_plan_same_picture),
         TEST(a_place_that_cannot_be_written_is_named))
