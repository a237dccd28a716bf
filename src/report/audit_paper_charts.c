/* Pictures of the audit: days and energy checks of one laser. Shape and place carry the meaning, in grey as
 * well. */
#include "audit_paper_parts.h"
#include "audit_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOVED FL_SHADE(0x3b5f78)
#define LOGGED FL_SHADE(0xb4cbda)
#define LABELS 46.0 /* left of the axis */

static const fl_type small = {.size = 6.5, .shade = {0x6b / 255.0, 0x74 / 255.0, 0x7c / 255.0, 1}};

static int days_of(const fl_audit *audit)
{
    const int days = fl_date_days(audit->options.to) - fl_date_days(audit->options.from) + 1;
    return days > 1 ? days : 1;
}

/* Place of a day on the axis: its middle. */
static double day_x(const fl_audit *audit, fl_date day)
{
    const double wide = FL_FOLIO_INNER - LABELS;
    return FL_FOLIO_MARGIN + LABELS +
           wide * (fl_date_days(day) - fl_date_days(audit->options.from) + 0.5) / days_of(audit);
}

/* 1, 2 or 5 and zeros: the first that holds it. */
static double nice(double most)
{
    const double ten = pow(10, floor(log10(fmax(most, 1))));
    return most <= ten ? ten : most <= 2 * ten ? 2 * ten : most <= 5 * ten ? 5 * ten : 10 * ten;
}

static void put_right(fl_folio *folio, double x, double y, const char *text)
{
    fl_type type = small;
    type.align = FL_ALIGN_RIGHT;
    fl_folio_put(folio, "P", x, y, type, text);
}

/* Days below the axis: the first, the last, and some between. */
static void draw_dates(fl_folio *folio, const fl_audit *audit, double y)
{
    const int days = days_of(audit), every = days <= 10 ? 1 : days <= 35 ? 7 : days <= 100 ? 14 : days / 6;
    fl_type type = small;
    type.align = FL_ALIGN_CENTRE;
    for (int i = 0; i < days; i += every) {
        char text[11];
        const fl_date day = fl_date_add_days(audit->options.from, i);
        const double x = day_x(audit, day);
        fl_paper_line(folio->paper, x, y - 9, x, y - 7, 0.5, FL_SHADE_QUIET);
        fl_date_text(day, text);
        fl_folio_put(folio, "P", x, y, type, text + 5);
    }
}

void fl_audit_paper_days(fl_folio *folio, const fl_audit *audit, const fl_audit_line *device)
{
    const double high = 74, wide = (FL_FOLIO_INNER - LABELS) / days_of(audit);
    double most = 1;
    char title[200], number[32];
    for (size_t i = 0; i < audit->day_count; i++) {
        const fl_audit_line *d = &audit->days[i];
        if (!fl_audit_same_device(d, device)) continue;
        most = fmax(most, fabs((double)(d->delta - d->service)));
        most = fmax(most, (double)(d->treatment + d->test + d->check));
    }
    most = nice(most);
    const double top = fl_folio_room(folio, high + 38), base = top + 18 + high;
    snprintf(title, sizeof title, "%s%s%s: pulses a day", device->site, device->site[0] ? " " : "",
             device->dev);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN, top + 9,
                 (fl_type){.size = 8, .bold = true, .shade = FL_SHADE_TEXT, .most = 220}, title);
    fl_paper_box(folio->paper, FL_FOLIO_MARGIN + 250, top + 3, 7, 7, 0, MOVED);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + 260, top + 9, small, "the counter moved");
    fl_paper_box(folio->paper, FL_FOLIO_MARGIN + 340, top + 3, 7, 7, 0, LOGGED);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + 350, top + 9, small, "recorded");
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + 410, top + 9, small, "▼ flagged day");
    for (int i = 0; i <= 2; i++) {
        const double y = base - high * i / 2;
        fl_paper_line(folio->paper, FL_FOLIO_MARGIN + LABELS, y, FL_FOLIO_MARGIN + FL_FOLIO_INNER, y,
                      i ? 0.4 : 0.8, i ? FL_SHADE_LINE : FL_SHADE_QUIET);
        put_right(folio, FL_FOLIO_MARGIN + LABELS - 4, y + 2,
                  fl_audit_grouped((int64_t)llround(most * i / 2), number));
    }
    for (size_t i = 0; i < audit->day_count; i++) {
        const fl_audit_line *d = &audit->days[i];
        if (!fl_audit_same_device(d, device)) continue;
        const double moved = high * fmax(0, (double)(d->delta - d->service)) / most,
                     logged = high * (double)(d->treatment + d->test + d->check) / most,
                     x = day_x(audit, d->from), bar = fmin(9, 0.4 * wide);
        fl_paper_box(folio->paper, x - bar, base - moved, bar, moved, 0, MOVED);
        fl_paper_box(folio->paper, x, base - logged, bar, logged, 0, LOGGED);
        if (!d->flag) continue;
        fl_type mark = {.size = 7, .bold = true, .shade = FL_SHADE_TEXT, .align = FL_ALIGN_CENTRE};
        fl_folio_put(folio, "P", x, base - fmax(moved, logged) - 2, mark, "▼");
    }
    draw_dates(folio, audit, base + 9.5);
}

/* A circle passed, a triangle warned, a square locked, a cross has no number. */
static void draw_check(fl_folio *folio, const fl_audit_energy *e, double x, double y)
{
    cairo_t *c = folio->paper->cairo;
    cairo_set_source_rgb(c, 0.13, 0.15, 0.17);
    cairo_new_path(c);
    if (strcmp(e->verdict, "lock") == 0)
        cairo_rectangle(c, x - 2.6, y - 2.6, 5.2, 5.2);
    else if (strcmp(e->verdict, "warn") == 0)
        cairo_move_to(c, x, y - 3.6), cairo_line_to(c, x + 3.3, y + 2.4), cairo_line_to(c, x - 3.3, y + 2.4);
    else
        cairo_arc(c, x, y, 2.4, 0, 2 * M_PI);
    cairo_close_path(c);
    cairo_fill(c);
}

void fl_audit_paper_energy(fl_folio *folio, const fl_audit *audit, const char *dev)
{
    const double high = 84;
    double most = 25;
    size_t count = 0;
    char title[160], number[32];
    for (size_t i = 0; i < audit->sections.energy.count; i++) {
        const fl_audit_energy *e = &audit->sections.energy.at[i];
        if (strcmp(e->dev, dev) != 0 || !e->has_off) continue;
        most = fmax(most, fabs((double)e->off_ppm) / 1e4 + 2), count++;
    }
    if (!count) return;
    const double top = fl_folio_room(folio, high + 38), middle = top + 18 + high / 2, scale = high / 2 / most;
    snprintf(title, sizeof title, "%s: measured against set energy, n = %zu", dev, count);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN, top + 9,
                 (fl_type){.size = 8, .bold = true, .shade = FL_SHADE_TEXT, .most = 260}, title);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + 290, top + 9, small,
                 "● pass   ▲ warned   ■ locked; lines at ±10 and ±20 %");
    for (int percent = -20; percent <= 20; percent += 10) {
        const double y = middle - percent * scale;
        const bool lock = percent == 20 || percent == -20;
        static const double dashes[] = {3, 2};
        cairo_set_dash(folio->paper->cairo, dashes, percent && !lock ? 2 : 0, 0);
        fl_paper_line(folio->paper, FL_FOLIO_MARGIN + LABELS, y, FL_FOLIO_MARGIN + FL_FOLIO_INNER, y,
                      lock ? 1.1 : 0.6, percent ? FL_SHADE_QUIET : FL_SHADE_LINE);
        cairo_set_dash(folio->paper->cairo, NULL, 0, 0);
        snprintf(number, sizeof number, percent ? "%+d %%" : "set", percent);
        put_right(folio, FL_FOLIO_MARGIN + LABELS - 4, y + 2, number);
    }
    for (size_t i = 0; i < audit->sections.energy.count; i++) {
        const fl_audit_energy *e = &audit->sections.energy.at[i];
        if (strcmp(e->dev, dev) == 0 && e->has_off)
            draw_check(folio, e, day_x(audit, e->day), middle - (double)e->off_ppm / 1e4 * scale);
    }
    draw_dates(folio, audit, top + 18 + high + 9.5);
}
