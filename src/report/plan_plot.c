#include "plan_plot_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"

#include <cairo-svg.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_WIDTH 1080.0
#define DEPTH_HEIGHT 640.0
#define PNG_SCALE 2.0 /* sharp on a dense screen and on paper */

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

typedef void (*draw_page)(fl_paper *paper, const fl_plan_picture *picture);

typedef struct buffer {
    char *bytes;
    size_t size, room;
} buffer;

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned length)
{
    buffer *b = closure;
    if (b->size + length > b->room) {
        const size_t room = 2 * (b->size + length) + 4096;
        char *more = realloc(b->bytes, room);
        if (!more) return CAIRO_STATUS_NO_MEMORY;
        b->bytes = more, b->room = room;
    }
    memcpy(b->bytes + b->size, data, length);
    b->size += length;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t paint(cairo_surface_t *surface, const fl_plan_picture *picture, draw_page draw,
                            double height, double scale)
{
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    fl_paper paper = {cairo, PAGE_WIDTH, height};
    draw(&paper, picture);
    const cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    return status;
}

static fl_status save(const buffer *b, cairo_status_t drawn, const char *directory, const char *name,
                      fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (drawn != CAIRO_STATUS_SUCCESS)
        return fl_error_set(error, drawn == CAIRO_STATUS_NO_MEMORY ? FL_E_MEMORY : FL_E_BUG,
                            "cannot draw %s: %s", name, cairo_status_to_string(drawn));
    if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, name) >= sizeof path)
        return fl_error_set(error, FL_E_RANGE, "the path '%s/%s' is too long", directory, name);
    return fl_place_write(path, b->bytes, b->size, 0644, error);
}

static fl_status write_page(const fl_plan_picture *picture, draw_page draw, double height,
                            const char *directory, const char *name, fl_error *error)
{
    char file[64];
    buffer svg = {0}, png = {0};

    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(keep, &svg, PAGE_WIDTH, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    cairo_status_t drawn = paint(surface, picture, draw, height, 1.0);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    snprintf(file, sizeof file, "%s.svg", name);
    fl_status status = save(&svg, drawn, directory, file, error);

    if (status == FL_OK) {
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(PNG_SCALE * PAGE_WIDTH),
                                             (int)ceil(PNG_SCALE * height));
        drawn = paint(surface, picture, draw, height, PNG_SCALE);
        if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_write_to_png_stream(surface, keep, &png);
        cairo_surface_destroy(surface);
        snprintf(file, sizeof file, "%s.png", name);
        status = save(&png, drawn, directory, file, error);
    }
    free(svg.bytes);
    free(png.bytes);
    return status;
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
        status = write_page(picture, fl_plot_window, fl_plot_window_height(picture), directory, "plan-window",
                            error);
    if (status != FL_OK) return status;
    if (!fl_plot_depth_count(picture)) return forget_page(directory, "plan-depth", error);
    return write_page(picture, fl_plot_depth, DEPTH_HEIGHT, directory, "plan-depth", error);
}
