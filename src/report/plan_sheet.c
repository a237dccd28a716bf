/* The page: where the panels stand, and what they share. */
#include "fadeline/base/assert.h"
#include "plan_sheet_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 595.28 /* A4 */
#define HEIGHT 841.89
#define MARGIN 44.0
#define TOP 36.0
#define FOOT 54.0
#define GUTTER 30.0
#define INNER (WIDTH - 2.0 * MARGIN)
#define COLUMN ((INNER - GUTTER) / 2.0)
#define PIXELS 3.0 /* of a PNG, a point: 216 a inch */

const fl_plan_setting *fl_sheet_setting(const fl_plan *plan)
{
    if (!fl_plot_allows(plan)) return NULL;
    const size_t at = plan->chosen >= 0                 ? (size_t)plan->chosen
                      : plan->test_spots.grid_count > 0 ? (size_t)plan->test_spots.grid[0].setting
                                                        : plan->setting_count;
    return at < plan->setting_count ? &plan->settings[at] : NULL;
}

bool fl_sheet_is_wordy(const fl_plan_reason *reason)
{
    return !strstr(reason->text, "J/cm") && !strstr(reason->change, "J/cm");
}

fl_sheet_panel fl_sheet_title(fl_paper *paper, fl_sheet_panel p, const char *title, const char *subtitle)
{
    fl_paper_line(paper, p.left, p.top, p.left + p.width, p.top, 0.6, FL_SHADE_LINE);
    fl_paper_text(paper, p.left, p.top + 17, (fl_type){.size = 10.5, .bold = true, .shade = FL_SHADE_TEXT},
                  "%s", title);
    const double said = fl_paper_text(
        paper, p.left, p.top + 29,
        (fl_type){.size = 7.5, .shade = FL_SHADE_QUIET, .wrap = p.width, .lines = 2}, "%s", subtitle);
    const double used = 25.0 + said + 6.0;
    return (fl_sheet_panel){p.left, p.top + used, p.width, p.height - used};
}

void fl_sheet_sideways(fl_paper *paper, double x, double y, fl_type type, const char *text)
{
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, x, y);
    cairo_rotate(paper->cairo, -M_PI / 2);
    fl_paper_text(paper, 0, 0, type, "%s", text);
    cairo_restore(paper->cairo);
}

const char *fl_sheet_said(const char *text, char room[FL_PLAN_LINE + 40])
{
    char *to = room;
    while (*text && to < room + FL_PLAN_LINE + 30) {
        if (strncmp(text, "J/cm2", 5) == 0)
            to = stpcpy(to, "J/cm"), to = stpcpy(to, "²"), text += 5;
        else
            *to++ = *text++;
    }
    *to = 0;
    return room;
}

const char *fl_sheet_count(long number, char room[24])
{
    if (number >= 1000000)
        snprintf(room, 24, "%ld,%03ld,%03ld", number / 1000000, number / 1000 % 1000, number % 1000);
    else if (number >= 1000)
        snprintf(room, 24, "%ld,%03ld", number / 1000, number % 1000);
    else
        snprintf(room, 24, "%ld", number);
    return room;
}

void fl_sheet_mark(fl_paper *paper, double x, double y, double r, fl_wavelength wavelength, bool filled,
                   fl_shade shade)
{
    cairo_t *c = paper->cairo;
    const double nm = fl_as_nm(wavelength);
    cairo_new_path(c);
    if (nm >= 900.0) {
        cairo_arc(c, x, y, r, 0, 2 * M_PI);
    } else if (nm >= 600.0) {
        cairo_rectangle(c, x - 0.89 * r, y - 0.89 * r, 1.78 * r, 1.78 * r);
    } else {
        cairo_move_to(c, x, y - 1.25 * r);
        cairo_line_to(c, x + 1.2 * r, y + 0.85 * r);
        cairo_line_to(c, x - 1.2 * r, y + 0.85 * r);
    }
    cairo_close_path(c);
    cairo_set_source_rgba(c, shade.red, shade.green, shade.blue, filled ? 0.72 * shade.alpha : 0.0);
    cairo_fill_preserve(c);
    cairo_set_source_rgba(c, shade.red, shade.green, shade.blue, shade.alpha);
    cairo_set_line_width(c, 0.8);
    cairo_stroke(c);
}

/* Across the page, behind nothing and over everything, so thin that it covers nothing. */
static void draw_simulated(fl_paper *paper)
{
    const fl_type type = {
        .size = 118, .bold = true, .shade = fl_shade_thin(FL_SHADE_TEXT, 0.045), .align = FL_ALIGN_CENTRE};
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, WIDTH / 2, HEIGHT / 2 + 20);
    cairo_rotate(paper->cairo, -atan2(HEIGHT - 250, WIDTH - 60));
    fl_paper_text(paper, 0, 42, type, "SIMULATED");
    cairo_restore(paper->cairo);
}

static void draw_foot(fl_paper *paper, const fl_plan_sheet *sheet)
{
    const fl_plan *plan = sheet->plan;
    const double top = HEIGHT - FOOT;
    const fl_type small = {.size = 7, .shade = FL_SHADE_QUIET, .most = INNER};
    char hex[2 * FL_PLAN_HASH + 1];
    for (int i = 0; i < FL_PLAN_HASH; i++) snprintf(hex + 2 * i, 3, "%02x", plan->hash[i]);
    fl_paper_line(paper, MARGIN, top, WIDTH - MARGIN, top, 0.6, FL_SHADE_LINE);
    fl_paper_text(paper, MARGIN, top + 14, (fl_type){.size = 7.5, .bold = true, .shade = FL_SHADE_TEXT},
                  "Fadeline is not a certified medical device.");
    fl_paper_text(paper, MARGIN, top + 25, small,
                  "It replaces neither the laser's own safety chain nor a medical director. %s",
                  fl_plot_allows(sheet->plan) ? "Chances and bands are what a model knows, not a promise."
                                              : "No pulse may be given, so none is counted here.");
    fl_paper_text(paper, WIDTH - MARGIN, top + 14,
                  (fl_type){.size = 7, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT},
                  "%srules %s · content %s", sheet->simulated ? "SIMULATED · " : "", plan->rules.version,
                  hex);
}

static void draw(fl_paper *paper, const void *what)
{
    const fl_plan_sheet *sheet = what;
    const double left = MARGIN, right = MARGIN + COLUMN + GUTTER;
    fl_paper_box(paper, -1, -1, paper->width + 2, paper->height + 2, 0, FL_SHADE_PAPER);
    fl_sheet_head(paper, sheet, (fl_sheet_panel){left, TOP, INNER, 146});
    if (fl_plot_allows(sheet->plan)) {
        fl_sheet_map(paper, sheet, (fl_sheet_panel){left, 194, COLUMN, 240});
        fl_sheet_depth(paper, sheet, (fl_sheet_panel){right, 194, COLUMN, 240});
        fl_sheet_margins(paper, sheet, (fl_sheet_panel){left, 446, COLUMN, 204});
        fl_sheet_unknowns(paper, sheet, (fl_sheet_panel){right, 446, COLUMN, 204});
        fl_sheet_tests(paper, sheet, (fl_sheet_panel){left, 662, COLUMN, 116});
        fl_sheet_cautions(paper, sheet, (fl_sheet_panel){right, 662, COLUMN, 116});
    } else {
        const double top = 158 + fl_sheet_reasons(paper, sheet, (fl_sheet_panel){left, 158, INNER, 316}) + 20;
        fl_sheet_map(paper, sheet, (fl_sheet_panel){left, top, COLUMN, 266});
        fl_sheet_settings_in_words(paper, sheet, (fl_sheet_panel){right, top, COLUMN, 266});
    }
    draw_foot(paper, sheet);
    if (sheet->simulated) draw_simulated(paper);
}

fl_status fl_plan_sheet_write(const fl_plan_sheet *sheet, const char *path, fl_error *error)
{
    FL_ASSERT(sheet && sheet->plan && path);
    const fl_paper_kind kind = fl_paper_kind_of(path);
    if (kind == FL_PAPER_NONE) {
        fl_error_set(error, FL_E_USAGE, "a picture is .svg, .png or .pdf, and '%s' is none of them", path);
        return error ? fl_error_hint(error, "name the file plan.pdf, for example") : FL_E_USAGE;
    }
    char title[160], day[11];
    snprintf(title, sizeof title, "%s, plan %s%s", fl_plan_verdict_line(sheet->plan->verdict),
             sheet->plan->plan_id, sheet->simulated ? " (SIMULATED laser)" : "");
    const fl_paper_page page = {.width = WIDTH,
                                .height = HEIGHT,
                                .is_points = true,
                                .pixels = PIXELS,
                                .mode = 0600,
                                .title = title,
                                .day = fl_date_text(sheet->plan->date, day)};
    return fl_paper_write_page(kind, draw, sheet, &page, path, error);
}
