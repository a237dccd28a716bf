/* What is said rather than drawn: unknowns as bars, test spots, cautions, and the reasons of a no. */
#include "fadeline/base/text.h"
#include "plan_sheet_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BAR FL_SHADE(0x4a6274)

/* ---- unknowns ---- */

static double draw_group(fl_paper *paper, fl_sheet_panel p, double y, const char *title,
                         const fl_plan_input *inputs, size_t count, double most)
{
    const fl_type name = {.size = 8, .shade = FL_SHADE_TEXT, .most = 124},
                  number = {.size = 8, .bold = true, .shade = FL_SHADE_TEXT};
    const double left = p.left + 130, wide = p.width - 130 - 28;
    double rest = 1.0;
    fl_paper_text(paper, p.left, y, (fl_type){.size = 8.5, .bold = true, .shade = FL_SHADE_TEXT}, "%s",
                  title);
    y += 15;
    for (size_t i = 0; i < count; i++, y += 14) {
        fl_paper_text(paper, p.left, y, name, "%s", inputs[i].input);
        fl_paper_box(paper, left, y - 7.5, wide * inputs[i].share / most, 9, 1, BAR);
        fl_paper_text(paper, left + wide * inputs[i].share / most + 4, y, number, "%.0f %%",
                      100 * inputs[i].share);
        rest -= inputs[i].share;
    }
    if (!count) {
        fl_paper_text(paper, p.left, y, (fl_type){.size = 8, .shade = FL_SHADE_QUIET}, "Nothing stands out.");
        return y + 14;
    }
    rest = fmax(rest, 0);
    fl_paper_text(paper, p.left, y, (fl_type){.size = 8, .shade = FL_SHADE_QUIET, .most = 124},
                  "all else, and together");
    fl_paper_frame(paper, left + 0.4, y - 7.1, fmax(1, wide * rest / most - 0.8), 8.2, 1, 0.8, false,
                   FL_SHADE_QUIET);
    fl_paper_hatch(paper, left + 0.8, y - 6.7, fmax(0, wide * rest / most - 1.6), 7.4, FL_SHADE_LINE);
    fl_paper_text(paper, left + wide * rest / most + 4, y, (fl_type){.size = 8, .shade = FL_SHADE_QUIET},
                  "%.0f %%", 100 * rest);
    return y + 14;
}

static double largest(const fl_plan_input *inputs, size_t count)
{
    double rest = 1.0, most = 0.05;
    for (size_t i = 0; i < count; i++) most = fmax(most, inputs[i].share), rest -= inputs[i].share;
    return fmax(most, rest);
}

void fl_sheet_unknowns(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan_setting *s = fl_sheet_setting(sheet->plan);
    p = fl_sheet_title(paper, p, "What we would most like to know",
                       "Share of the variance that would go if it were known. A test spot learns what ink "
                       "and skin do together.");
    if (!s || !s->has_physics) return;
    const double most =
        fmax(largest(s->ink_inputs, s->ink_input_count), largest(s->skin_inputs, s->skin_input_count));
    const double y =
        draw_group(paper, p, p.top + 10, "What the ink needs", s->ink_inputs, s->ink_input_count, most);
    draw_group(paper, p, y + 9, "What the skin bears", s->skin_inputs, s->skin_input_count, most);
}

/* ---- test spots ---- */

/* Of the wavelengths that are used: one line each. */
static void say_eyewear(fl_paper *paper, const fl_plan *plan, fl_sheet_panel p, double y)
{
    const fl_plan_setting *chosen = fl_plan_treats_zones(plan) ? &plan->settings[plan->chosen] : NULL;
    for (size_t i = 0; i < plan->eyewear_count && y < p.top + p.height + 4; i++) {
        const fl_plan_eyewear *e = &plan->eyewear[i];
        bool used = chosen && fl_whole_nm(chosen->wavelength) == fl_whole_nm(e->wavelength);
        for (size_t k = 0; k < plan->test_spots.grid_count; k++)
            used |= fl_whole_nm(plan->test_spots.grid[k].wavelength) == fl_whole_nm(e->wavelength);
        if (!used) continue;
        fl_paper_text(paper, p.left, y, (fl_type){.size = 7.5, .shade = FL_SHADE_TEXT, .most = p.width},
                      "Eyewear at %.0f nm: OD %.0f or more, %s", fl_as_nm(e->wavelength), e->od, e->en207);
        y += 11;
    }
}

void fl_sheet_tests(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan_test_spots *t = &sheet->plan->test_spots;
    char a[11], b[11], subtitle[200];
    if (!t->grid_count)
        snprintf(subtitle, sizeof subtitle, "No test spots are asked for.");
    else if (t->same_day)
        snprintf(subtitle, sizeof subtitle,
                 "Looked at after 0 and %d minutes; the zones may follow the same day.", t->look_minutes);
    else
        snprintf(subtitle, sizeof subtitle, "Looked at after 0 and %d minutes, read from %s to %s.",
                 t->look_minutes, fl_date_text(t->read_not_before, a), fl_date_text(t->read_by, b));
    p = fl_sheet_title(paper, p, "Test spots and eyewear", subtitle);
    const fl_type cell = {.size = 7.5, .shade = FL_SHADE_TEXT};
    fl_type right = cell;
    right.align = FL_ALIGN_RIGHT;
    double y = p.top + 5;
    for (size_t i = 0; i < t->grid_count; i++, y += 11) {
        const fl_plan_spot *s = &t->grid[i];
        if (y > p.top + p.height && i + 1 < t->grid_count) {
            fl_paper_text(paper, p.left, y, cell, "and %zu more in the plan", t->grid_count - i);
            break;
        }
        fl_paper_text(paper, p.left, y, (fl_type){.size = 7.5, .bold = true, .shade = FL_SHADE_TEXT}, "%s",
                      s->id);
        fl_paper_text(paper, p.left + 16, y, (fl_type){.size = 7.5, .shade = FL_SHADE_TEXT, .most = 50}, "%s",
                      s->zone);
        fl_paper_text(paper, p.left + 101, y, right, "%.0f nm", fl_as_nm(s->wavelength));
        fl_paper_text(paper, p.left + 135, y, right, "%g mm", fl_as_mm(s->spot));
        fl_paper_text(paper, p.left + 187, y, right, "%.2f J/cm²", fl_as_J_cm2(s->fluence));
        fl_paper_text(paper, p.left + p.width, y, right, "%.1f mJ", fl_as_mJ(s->energy));
    }
    say_eyewear(paper, sheet->plan, p, y + (t->grid_count ? 6 : 0));
}

/* ---- cautions ---- */

void fl_sheet_cautions(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan *plan = sheet->plan;
    size_t cautions = 0, said = 0;
    for (size_t i = 0; i < plan->reason_count; i++) cautions += plan->reasons[i].rank == FL_RANK_CAUTION;
    const fl_plan_rank rank = cautions ? FL_RANK_CAUTION : FL_RANK_INFO;
    const double floor_y = p.top + p.height;
    fl_paper_line(paper, p.left, p.top, p.left + p.width, p.top, 0.6, FL_SHADE_LINE);
    fl_paper_text(paper, p.left, p.top + 17, (fl_type){.size = 10.5, .bold = true, .shade = FL_SHADE_TEXT},
                  "%s", cautions ? "With care" : "Good to know");
    const fl_type type = {.size = 7.5, .shade = FL_SHADE_TEXT, .wrap = p.width - 8};
    double y = p.top + 32;
    for (size_t i = 0; i < plan->reason_count; i++) {
        if (plan->reasons[i].rank != rank) continue;
        char room[FL_PLAN_LINE + 40];
        const char *text = fl_sheet_said(plan->reasons[i].text, room);
        const double high = fl_paper_text_height(paper, type, text);
        if (y - 7 + high > floor_y) break; /* whole sentences only: half a caution is none */
        fl_paper_dot(paper, p.left + 1.5, y - 2.5, 1.3, FL_SHADE_TEXT);
        fl_paper_text(paper, p.left + 8, y, type, "%s", text);
        y += high + 3;
        said++;
    }
    if (cautions > said)
        fl_paper_text(paper, p.left + p.width, p.top + 17,
                      (fl_type){.size = 7.5, .shade = FL_SHADE_QUIET, .align = FL_ALIGN_RIGHT},
                      "%zu of %zu; all stand in the plan", said, cautions);
}

/* ---- a plan that says no ---- */

double fl_sheet_reasons(fl_paper *paper, const fl_plan_sheet *sheet, fl_sheet_panel p)
{
    const fl_plan *plan = sheet->plan;
    const double from = p.top;
    p = fl_sheet_title(paper, p, "Why not, and what would change it", "The heaviest reason first.");
    const double floor_y = p.top + p.height, text_at = p.left + 78, wide = p.width - 78;
    double y = p.top + 10;
    size_t left_out = 0;
    for (size_t i = 0; i < plan->reason_count; i++) {
        const fl_plan_reason *r = &plan->reasons[i];
        char day[11];
        if (r->rank < FL_RANK_CAUTION || !fl_sheet_is_wordy(r)) continue;
        const bool heavy = r->rank > FL_RANK_CAUTION;
        const fl_type what = {.size = 9, .bold = heavy, .shade = FL_SHADE_TEXT, .wrap = wide},
                      how = {.size = 8, .shade = FL_SHADE_QUIET, .wrap = wide};
        char change[FL_PLAN_LINE + 24];
        snprintf(change, sizeof change, "would change it: %s", r->change);
        /* whole or not at all, and nothing lighter in the place of what had no room */
        double high = fl_paper_text_height(paper, what, r->text) + 7;
        if (fl_date_is_set(r->until)) high += 12;
        if (r->change[0]) high += fl_paper_text_height(paper, how, change) + 2;
        if (left_out || y - 8 + high > floor_y) {
            left_out++;
            continue;
        }
        fl_paper_text(paper, p.left, y,
                      (fl_type){.size = 8, .bold = heavy, .shade = heavy ? FL_SHADE_TEXT : FL_SHADE_QUIET},
                      "%s", fl_plan_rank_word(r->rank));
        y += fl_paper_text(paper, text_at, y, what, "%s", r->text) + 1;
        if (fl_date_is_set(r->until))
            y += fl_paper_text(paper, text_at, y + 1, (fl_type){.size = 8, .shade = FL_SHADE_TEXT},
                               "until %s", fl_date_text(r->until, day)) +
                 2;
        if (r->change[0]) y += fl_paper_text(paper, text_at, y + 1, how, "%s", change) + 2;
        y += 6;
    }
    if (left_out) {
        fl_paper_text(paper, text_at, y, (fl_type){.size = 8, .shade = FL_SHADE_QUIET},
                      "and %zu more in the plan", left_out);
        y += 12;
    }
    return y - from;
}
