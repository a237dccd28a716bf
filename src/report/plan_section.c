#include "plan_section.h"

#include <math.h>

double fl_section_across(const fl_section *section, double value)
{
    return section->left + section->width * value / section->most;
}

double fl_section_down(const fl_section *section, double mm)
{
    return section->top + section->height * mm / FL_SECTION_DEEPEST_MM;
}

void fl_section_layers(fl_paper *paper, const fl_section *s, const fl_planner_anatomy *a, double step)
{
    const double right = s->left + s->width, floor_y = s->top + s->height;
    fl_paper_box(paper, s->left, s->top, s->width, s->height, 0, FL_SHADE(0xfbf8f4));
    const double epidermis = fl_section_down(s, a->epidermis_mm.median),
                 top = fl_section_down(s, a->ink_top_mm.median);
    const double bottom = fl_section_down(s, a->ink_bottom_mm.median);
    fl_paper_box(paper, s->left, s->top, s->width, epidermis - s->top, 0, FL_SHADE(0xe7d3bd));
    fl_paper_box(paper, s->left, top, s->width, bottom - top, 0, FL_SHADE(0xe3e5e7));
    /* dots of ink: where, not how many */
    for (double x = s->left + step / 2; x < right - step / 6; x += step)
        for (double y = top + step / 4; y < bottom - step / 8; y += step * 11 / 24)
            fl_paper_dot(paper, x, y, step / 15, FL_SHADE(0xa9afb5));
    const double dermis = a->epidermis_mm.median + a->dermis_mm.median;
    if (dermis < FL_SECTION_DEEPEST_MM) {
        const double fat = fl_section_down(s, dermis);
        fl_paper_box(paper, s->left, fat, s->width, floor_y - fat, 0, FL_SHADE(0xfaf3d9));
        fl_paper_line(paper, s->left, fat, right, fat, 0.8, FL_SHADE_LINE);
    }
}

void fl_section_curve(fl_paper *paper, const fl_section *s, const fl_setting *setting, double line,
                      fl_shade shade)
{
    cairo_t *c = paper->cairo;
    cairo_save(c);
    cairo_rectangle(c, s->left, s->top, s->width, s->height);
    cairo_clip(c);
    cairo_set_source_rgba(c, shade.red, shade.green, shade.blue, 0.22);
    for (unsigned i = 0; i < setting->profile_count; i++)
        cairo_line_to(c, fl_section_across(s, s->unit * setting->profile[i].ratio.p05),
                      fl_section_down(s, fl_as_mm(setting->profile[i].depth)));
    for (unsigned i = setting->profile_count; i-- > 0;)
        cairo_line_to(c, fl_section_across(s, s->unit * setting->profile[i].ratio.p95),
                      fl_section_down(s, fl_as_mm(setting->profile[i].depth)));
    cairo_close_path(c);
    cairo_fill(c);
    cairo_set_source_rgb(c, shade.red, shade.green, shade.blue);
    cairo_set_line_width(c, line);
    cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
    for (unsigned i = 0; i < setting->profile_count; i++)
        cairo_line_to(c, fl_section_across(s, s->unit * setting->profile[i].ratio.median),
                      fl_section_down(s, fl_as_mm(setting->profile[i].depth)));
    cairo_stroke(c);
    cairo_restore(c);
}

void fl_section_names(fl_paper *paper, const fl_section *s, const fl_planner_anatomy *a, double size)
{
    const fl_type type = {.size = size, .shade = FL_SHADE_QUIET};
    const double x = s->left + s->width + 0.9 * size, drop = 0.37 * size;
    const double epidermis = fl_section_down(s, a->epidermis_mm.median);
    const double ink =
        (fl_section_down(s, a->ink_top_mm.median) + fl_section_down(s, a->ink_bottom_mm.median)) / 2;
    const double dermis = a->epidermis_mm.median + a->dermis_mm.median;
    fl_paper_text(paper, x, fmin((s->top + epidermis) / 2 + drop, ink - 1.1 * size), type, "epidermis");
    fl_paper_text(paper, x, ink + drop, (fl_type){.size = size, .bold = true, .shade = FL_SHADE_TEXT}, "ink");
    fl_paper_text(paper, x, fl_section_down(s, fmin(1.2, dermis - 0.1)) + drop, type, "dermis");
    if (dermis < FL_SECTION_DEEPEST_MM - 0.05)
        fl_paper_text(paper, x, fl_section_down(s, (dermis + FL_SECTION_DEEPEST_MM) / 2) + drop, type, "fat");
}
