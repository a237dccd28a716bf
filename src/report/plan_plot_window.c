/* The window chart: one line per setting on a logarithmic scale of fluence. */
#include "plan_plot_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROW 30.0
#define GROUP_GAP 14.0
#define AXIS 34.0
#define LEGEND 58.0
#define LABELS 162.0 /* left of the scale */
#define SAYS 286.0   /* right of it */
#define LEAST_J_CM2 0.05
#define MOST_J_CM2 20.0
#define BAR 12.0

typedef struct scale {
    double left, right;
} scale;

static double at(const scale *s, double J_cm2)
{
    const double x = fmin(fmax(J_cm2, LEAST_J_CM2), MOST_J_CM2);
    return s->left + (s->right - s->left) * log(x / LEAST_J_CM2) / log(MOST_J_CM2 / LEAST_J_CM2);
}

static unsigned groups(const fl_plot_rows *rows)
{
    unsigned count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += i == 0 ||
                 fl_whole_nm(rows->setting[i]->wavelength) != fl_whole_nm(rows->setting[i - 1]->wavelength);
    return count;
}

double fl_plot_window_height(const fl_plan_picture *picture)
{
    fl_plot_rows rows;
    fl_plot_rows_of(picture, &rows);
    if (!rows.count || !fl_plot_allows(picture->plan)) return FL_PLOT_TOP + 150 + FL_PLOT_FOOT;
    return FL_PLOT_TOP + rows.count * ROW + groups(&rows) * GROUP_GAP + AXIS + LEGEND + FL_PLOT_FOOT;
}

static void draw_axis(fl_paper *paper, const scale *s, double top, double bottom)
{
    static const double ticks[] = {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20};
    const fl_type label = {.size = 11, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_CENTRE};
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        const double x = at(s, ticks[i]);
        fl_paper_line(paper, x, top, x, bottom, 0.8, ticks[i] == 1 ? FL_SHADE_LINE : FL_SHADE_FAINT);
        fl_paper_text(paper, x, bottom + 15, label, "%g", ticks[i]);
    }
    fl_paper_text(paper, (s->left + s->right) / 2, bottom + 31, label,
                  "fluence at the skin, mean over the spot [J/cm²]");
}

/* From what the ink needs to what the skin bears; what is not there is hatched. */
static void draw_window(fl_paper *paper, const scale *s, double y, const fl_plan_setting *setting,
                        const fl_setting *physics)
{
    const bool barred = physics->window != FL_WINDOW_CLOSED && !setting->has_fluence; /* by rules or gates */
    const fl_shade colour = barred ? FL_SHADE_QUIET : fl_plot_shade(setting->wavelength);
    const double need = fl_as_J_cm2(physics->needed), bear = fl_as_J_cm2(physics->bearable);
    const double heat = fl_as_J_cm2(physics->bearable_heat), limit = fl_as_J_cm2(physics->limit);
    const double top = fmin(bear, heat), x_need = at(s, need), x_top = at(s, top);
    if (physics->window == FL_WINDOW_CLOSED && physics->target_colour < 0.05)
        return; /* no pigment answers: in words */
    if (top >= need) {
        const double x_end = at(s, fmin(top, limit));
        const fl_shade fill = setting->allowed ? colour : FL_SHADE_QUIET;
        fl_paper_box(paper, x_need, y - BAR / 2, x_top - x_need, BAR, 2, fl_shade_thin(fill, 0.22));
        if (limit >= need)
            fl_paper_box(paper, x_need, y - BAR / 2, x_end - x_need, BAR, 2,
                         fl_shade_thin(fill, setting->allowed ? 0.75 : 0.4));
    } else {
        fl_paper_hatch(paper, x_top, y - BAR / 2, x_need - x_top, BAR, FL_SHADE_LINE);
    }
    if (physics->window == FL_WINDOW_TEST_ONLY)
        fl_paper_frame(paper, at(s, fl_as_J_cm2(physics->test_start)), y - BAR / 2,
                       at(s, fl_as_J_cm2(physics->test_high)) - at(s, fl_as_J_cm2(physics->test_start)), BAR,
                       2, 1.4, true, colour);
    if (need <= MOST_J_CM2) fl_paper_line(paper, x_need, y - 8, x_need, y + 8, 2.2, FL_SHADE_TEXT);
    if (top <= MOST_J_CM2) { /* a bracket that opens to the left: up to here */
        fl_paper_line(paper, x_top, y - 8, x_top, y + 8, 1.3, FL_SHADE_TEXT);
        fl_paper_line(paper, x_top - 4, y - 8, x_top, y - 8, 1.3, FL_SHADE_TEXT);
        fl_paper_line(paper, x_top - 4, y + 8, x_top, y + 8, 1.3, FL_SHADE_TEXT);
    }
}

/* Triangle: device or rules end here. */
static void draw_limit(fl_paper *paper, double x, double y)
{
    cairo_t *c = paper->cairo;
    cairo_set_source_rgb(c, FL_SHADE_TEXT.red, FL_SHADE_TEXT.green, FL_SHADE_TEXT.blue);
    cairo_move_to(c, x - 4.5, y - 13);
    cairo_line_to(c, x + 4.5, y - 13);
    cairo_line_to(c, x, y - 6);
    cairo_close_path(c);
    cairo_fill(c);
}

/* The heaviest reason of a setting. */
static const fl_plan_reason *reason_of(const fl_plan_setting *s)
{
    const fl_plan_reason *worst = NULL;
    for (size_t i = 0; i < s->reason_count; i++)
        if (!worst || s->reasons[i].rank > worst->rank) worst = &s->reasons[i];
    return worst;
}

static void say_row(fl_paper *paper, double x, double y, const fl_plan_picture *picture,
                    const fl_plan_setting *s, const fl_setting *physics, const fl_plan_setting *above)
{
    const bool chosen = picture->plan->chosen >= 0 && s == &picture->plan->settings[picture->plan->chosen];
    const fl_type type = {
        .size = 11, .bold = chosen, .shade = s->allowed ? FL_SHADE_TEXT : FL_SHADE_QUIET, .most = SAYS};
    const fl_type small = {.size = 10, .shade = FL_SHADE_QUIET, .wrap = SAYS, .lines = 2};
    const fl_plan_reason *reason = reason_of(s), *before = above ? reason_of(above) : NULL;
    if (s->allowed && s->has_fluence)
        fl_paper_text(paper, x, y + 4, type, "%s %.2f J/cm² · effect %.0f %%, injury %.1f %%",
                      chosen ? "chosen" : "start", fl_as_J_cm2(s->start), 100 * s->effect_probability,
                      100 * s->injury_probability);
    else if (physics && physics->window == FL_WINDOW_TEST_ONLY && s->has_fluence)
        fl_paper_text(paper, x, y + 4, type, "test spots only, %.2f to %.2f J/cm²",
                      fl_as_J_cm2(physics->test_start), fl_as_J_cm2(physics->test_high));
    else if (physics && reason && strcmp(reason->code, "no-window") == 0)
        fl_paper_text(paper, x, y + 4, type, "no window: needs %.2f, bears %.2f J/cm²",
                      fl_as_J_cm2(physics->needed),
                      fmin(fl_as_J_cm2(physics->bearable), fl_as_J_cm2(physics->bearable_heat)));
    else if (reason && before && !above->allowed && strcmp(before->code, reason->code) == 0)
        fl_paper_text(paper, x, y + 4, type, "no, as above");
    else
        fl_paper_text(paper, x, y - 2, small, "no: %s", reason ? reason->text : "not looked at");
}

/* Rings: where the plan places test spots. */
static void draw_tests(fl_paper *paper, const scale *s, double y, const fl_plan *plan,
                       const fl_plan_setting *setting)
{
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        if (&plan->settings[spot->setting] != setting) continue;
        fl_paper_dot(paper, at(s, fl_as_J_cm2(spot->fluence)), y, 4.6, FL_SHADE_TEXT);
        fl_paper_dot(paper, at(s, fl_as_J_cm2(spot->fluence)), y, 3.0, FL_SHADE_PAPER);
    }
}

static void draw_row(fl_paper *paper, const scale *s, double y, const fl_plan_picture *picture,
                     const fl_plan_setting *setting, const fl_setting *physics, const fl_plan_setting *above)
{
    const bool chosen =
        picture->plan->chosen >= 0 && setting == &picture->plan->settings[picture->plan->chosen];
    if (chosen)
        fl_paper_box(paper, FL_PLOT_MARGIN, y - ROW / 2 + 1, paper->width - 2 * FL_PLOT_MARGIN, ROW - 2, 4,
                     fl_shade_thin(fl_plot_shade(setting->wavelength), 0.09));
    fl_paper_text(paper, s->left - 18, y + 4.5,
                  (fl_type){.size = 12.5, .bold = chosen, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_RIGHT},
                  "%g mm", fl_as_mm(setting->spot));
    fl_paper_line(paper, s->left, y, s->right, y, 0.8, FL_SHADE_LINE);
    if (physics) {
        draw_window(paper, s, y, setting, physics);
        draw_limit(paper, at(s, fl_as_J_cm2(physics->limit)), y);
    }
    if (setting->allowed && setting->has_fluence) {
        const double x = at(s, fl_as_J_cm2(setting->start));
        fl_paper_dot(paper, x, y, chosen ? 7.5 : 5.5, FL_SHADE_PAPER);
        fl_paper_dot(paper, x, y, chosen ? 5.5 : 3.8, FL_SHADE_TEXT);
    }
    draw_tests(paper, s, y, picture->plan, setting);
    say_row(paper, s->right + 16, y, picture, setting, physics, above);
}

/* What one sign of the legend means, and where the next one begins. */
static double explain(fl_paper *paper, double x, double y, double sign, const char *text)
{
    const fl_type type = {.size = 10.5, .shade = FL_SHADE_QUIET};
    fl_paper_text(paper, x + sign + 8, y + 4, type, "%s", text);
    return x + sign + 8 + fl_paper_text_width(paper, type, text) + 19;
}

static void draw_legend(fl_paper *paper, double y, const fl_planner_answer *answer)
{
    char words[80];
    double x = FL_PLOT_MARGIN;
    fl_paper_line(paper, x + 2, y - 8, x + 2, y + 8, 2.2, FL_SHADE_TEXT);
    snprintf(words, sizeof words, "the ink needs (%.0f %% chance)", 100 * answer->effect_least);
    x = explain(paper, x, y, 3, words);
    fl_paper_line(paper, x + 5, y - 8, x + 5, y + 8, 1.3, FL_SHADE_TEXT);
    fl_paper_line(paper, x + 1, y - 8, x + 5, y - 8, 1.3, FL_SHADE_TEXT);
    fl_paper_line(paper, x + 1, y + 8, x + 5, y + 8, 1.3, FL_SHADE_TEXT);
    snprintf(words, sizeof words, "the skin bears (%.0f %% risk)", 100 * answer->accepted_risk);
    x = explain(paper, x, y, 5, words);
    draw_limit(paper, x + 5, y + 9);
    x = explain(paper, x, y, 9, "device or rules");
    fl_paper_box(paper, x, y - BAR / 2, 18, BAR, 2, fl_shade_thin(FL_SHADE(0x0072b2), 0.75));
    fl_paper_box(paper, x + 18, y - BAR / 2, 12, BAR, 2, fl_shade_thin(FL_SHADE(0x0072b2), 0.22));
    x = explain(paper, x, y, 30, "window, beyond the limit");
    fl_paper_frame(paper, x, y - BAR / 2, 26, BAR, 2, 1.4, true, FL_SHADE_QUIET);
    snprintf(words, sizeof words, "tests (%.0f %% risk)", 100 * answer->accepted_test_risk);
    x = explain(paper, x, y, 26, words);
    fl_paper_hatch(paper, x, y - BAR / 2, 22, BAR, FL_SHADE_LINE);
    x = explain(paper, x, y, 22, "gap");
    fl_paper_dot(paper, x + 4, y, 4, FL_SHADE_TEXT);
    x = explain(paper, x, y, 8, "start");
    fl_paper_dot(paper, x + 4, y, 4.6, FL_SHADE_TEXT);
    fl_paper_dot(paper, x + 4, y, 3.0, FL_SHADE_PAPER);
    explain(paper, x, y, 8, "test spot");
}

/* Nothing may be done today, so no fluence stands on this page: what, when and what would change it. */
static void draw_refusal(fl_paper *paper, const fl_plan *plan)
{
    const double wrap = paper->width - 2 * FL_PLOT_MARGIN;
    double y = FL_PLOT_TOP + 16;
    for (size_t i = 0; i < plan->reason_count && i < 2; i++) {
        const fl_plan_reason *reason = &plan->reasons[i];
        char until[32] = "", day[11];
        if (reason->rank < FL_RANK_DEFER) break;
        if (fl_date_is_set(reason->until))
            snprintf(until, sizeof until, " (until %s)", fl_date_text(reason->until, day));
        y += fl_paper_text(
                 paper, FL_PLOT_MARGIN, y,
                 (fl_type){.size = 14, .bold = true, .shade = FL_SHADE_TEXT, .wrap = wrap, .lines = 2},
                 "%s%s", reason->text, until) +
             4;
        if (reason->change[0])
            y += fl_paper_text(paper, FL_PLOT_MARGIN, y,
                               (fl_type){.size = 12, .shade = FL_SHADE_QUIET, .wrap = wrap, .lines = 2},
                               "What would change it: %s", reason->change);
        y += 16;
    }
}

void fl_plot_window(fl_paper *paper, const fl_plan_picture *picture)
{
    const fl_plan *plan = picture->plan;
    fl_plot_rows rows;
    char subtitle[300];
    fl_plot_rows_of(picture, &rows);
    snprintf(subtitle, sizeof subtitle, "%s · skin type %s · %s", fl_plan_verdict_line(plan->verdict),
             fl_skin_type_roman(plan->skin.planned_as), plan->procedure);
    fl_plot_page(paper, picture,
                 fl_plot_allows(plan) ? "What the ink needs, what the skin bears" : "Not today", subtitle,
                 !fl_plot_allows(plan)
                     ? "No fluence stands here, because none may be given today."
                     : "Sampled model: layered Monte Carlo, ink and injury thresholds with their uncertainty "
                       "(src/planner/README.md). A chance is our knowledge of it, not a promise.");
    if (!rows.count || !fl_plot_allows(plan)) {
        draw_refusal(paper, plan);
        return;
    }
    const scale s = {FL_PLOT_MARGIN + LABELS, paper->width - FL_PLOT_MARGIN - SAYS - 16};
    const double top = FL_PLOT_TOP, bottom = top + rows.count * ROW + groups(&rows) * GROUP_GAP;
    draw_axis(paper, &s, top, bottom);
    double y = top;
    for (size_t i = 0; i < rows.count; i++) {
        const fl_plan_setting *now = rows.setting[i];
        const bool fresh =
            i == 0 || fl_whole_nm(now->wavelength) != fl_whole_nm(rows.setting[i - 1]->wavelength);
        if (fresh) {
            if (i)
                fl_paper_line(paper, FL_PLOT_MARGIN, y + GROUP_GAP / 2, paper->width - FL_PLOT_MARGIN,
                              y + GROUP_GAP / 2, 0.8, FL_SHADE_LINE);
            y += GROUP_GAP;
            fl_paper_box(paper, FL_PLOT_MARGIN, y + 5, 5, 20, 1, fl_plot_shade(now->wavelength));
            fl_paper_text(paper, FL_PLOT_MARGIN + 14, y + ROW / 2 + 5,
                          (fl_type){.size = 14, .bold = true, .shade = FL_SHADE_TEXT}, "%.0f nm",
                          fl_as_nm(now->wavelength));
        }
        draw_row(paper, &s, y + ROW / 2, picture, now, rows.physics[i], fresh ? NULL : rows.setting[i - 1]);
        y += ROW;
    }
    const fl_planner_answer *answer = NULL;
    for (size_t i = 0; i < rows.count && !answer; i++) answer = fl_plot_answer(picture, rows.setting[i]);
    if (answer) draw_legend(paper, bottom + AXIS + 28, answer);
}
