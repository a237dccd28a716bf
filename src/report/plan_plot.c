#include "plan_plot_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAGE_WIDTH 1080.0
#define DEPTH_HEIGHT 640.0

bool fl_plot_allows(const fl_plan *plan)
{
    return fl_plan_tests(plan) || fl_plan_treats_zones(plan);
}

const fl_planner_answer *fl_plot_answer(const fl_plan_picture *picture, const fl_plan_setting *setting)
{
    for (size_t i = 0; picture->physics && i < picture->physics->count; i++) {
        const fl_planner_answer *answer = picture->physics->answers[i];
        if (answer->count &&
            fl_whole_nm(answer->settings[0].wavelength) == fl_whole_nm(setting->wavelength) &&
            fl_whole_ps(answer->settings[0].pulse) == fl_whole_ps(setting->pulse))
            return answer;
    }
    return NULL;
}

const fl_setting *fl_plot_physics(const fl_plan_picture *picture, const fl_plan_setting *setting)
{
    const fl_planner_answer *answer = fl_plot_answer(picture, setting);
    for (unsigned i = 0; answer && i < answer->count; i++)
        if (fl_whole_um(answer->settings[i].spot) == fl_whole_um(setting->spot)) return &answer->settings[i];
    return NULL;
}

fl_shade fl_plot_shade(fl_wavelength wavelength)
{
    const double nm = fl_as_nm(wavelength);
    return nm < 600.0 ? FL_SHADE(0x009e73) : nm < 900.0 ? FL_SHADE(0xd55e00) : FL_SHADE(0x0072b2);
}

void fl_plot_rows_of(const fl_plan_picture *picture, fl_plot_rows *rows)
{
    const fl_plan *plan = picture->plan;
    bool taken[FL_PLAN_SETTINGS] = {false};
    rows->count = 0;
    for (size_t first = 0; first < plan->setting_count; first++) {
        if (taken[first]) continue;
        for (size_t i = first; i < plan->setting_count; i++) {
            const fl_plan_setting *s = &plan->settings[i];
            if (taken[i] || fl_whole_nm(s->wavelength) != fl_whole_nm(plan->settings[first].wavelength))
                continue;
            taken[i] = true;
            rows->setting[rows->count] = s;
            rows->physics[rows->count++] = fl_plot_physics(picture, s);
        }
    }
}

void fl_plot_page(fl_paper *paper, const fl_plan_picture *picture, const char *title, const char *subtitle,
                  const char *foot)
{
    const fl_plan *plan = picture->plan;
    const double right = paper->width - FL_PLOT_MARGIN;
    char day[11];
    fl_paper_box(paper, 0, 0, paper->width, paper->height, 0, FL_SHADE_PAPER);
    fl_paper_text(paper, FL_PLOT_MARGIN, 48, (fl_type){.size = 23, .bold = true, .shade = FL_SHADE_TEXT},
                  "%s", title);
    fl_paper_text(
        paper, FL_PLOT_MARGIN, 74,
        (fl_type){.size = 13.5, .shade = FL_SHADE_QUIET, .most = paper->width - 2.0 * FL_PLOT_MARGIN}, "%s",
        subtitle);
    if (picture->simulated) {
        const fl_type mark = {.size = 12, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT};
        const double width = fl_paper_text_width(paper, mark, "SIMULATED LASER") + 20;
        fl_paper_frame(paper, right - width, 29, width, 26, 4, 1.4, false, FL_SHADE_TEXT);
        fl_paper_text(paper, right - 10, 46.5, mark, "SIMULATED LASER");
    }
    fl_paper_line(paper, FL_PLOT_MARGIN, paper->height - FL_PLOT_FOOT + 4, right,
                  paper->height - FL_PLOT_FOOT + 4, 0.8, FL_SHADE_LINE);
    const fl_type small = {
        .size = 10.5, .shade = FL_SHADE_QUIET, .wrap = paper->width - 2.0 * FL_PLOT_MARGIN};
    fl_paper_text(paper, FL_PLOT_MARGIN, paper->height - FL_PLOT_FOOT + 22, small,
                  "%s%s %s · client %s · %s · device %s · rules %s\n%s",
                  picture->simulated ? "SIMULATED · " : "", "plan", plan->plan_id, plan->client,
                  fl_date_text(plan->date, day), plan->device, plan->rules.version, foot);
}

/* ---- files ---- */

static void draw_window(fl_paper *paper, const void *picture)
{
    fl_plot_window(paper, picture);
}

static void draw_depth(fl_paper *paper, const void *picture)
{
    fl_plot_depth(paper, picture);
}

/* A section through the skin of the plan that stood here before must not be taken for this one's. */
static fl_status forget_page(const char *directory, const char *name, fl_error *error)
{
    static const char *const endings[] = {"svg", "png"};
    for (int i = 0; i < 2; i++) {
        char path[FL_PLACE_MAX];
        snprintf(path, sizeof path, "%s/%s.%s", directory, name, endings[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return fl_error_set(error, FL_E_IO, "cannot remove %s: %s", path, strerror(errno));
    }
    return FL_OK;
}

fl_status fl_plan_plot_write(const fl_plan_picture *picture, const char *directory, fl_error *error)
{
    FL_ASSERT(picture && picture->plan && directory);
    fl_status status = fl_place_make(directory, error);
    if (status == FL_OK)
        status = fl_paper_write(draw_window, picture, PAGE_WIDTH, fl_plot_window_height(picture), directory,
                                "plan-window", error);
    if (status != FL_OK) return status;
    if (!fl_plot_depth_count(picture)) return forget_page(directory, "plan-depth", error);
    return fl_paper_write(draw_depth, picture, PAGE_WIDTH, DEPTH_HEIGHT, directory, "plan-depth", error);
}
