/* Pictures of an audit: what the counter moved beside what was recorded, energy checks against their lines, a
 * code for a camera. Shape, place and word carry the meaning, in grey as well. */
#include "owner.h"
#include "svg.h"

#include "fadeline/report/qr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDE 900.0
#define LEFT 78.0 /* of the axis; labels stand before it */

static int days_of(const fl_audit *audit)
{
    const int days = fl_date_days(audit->options.to) - fl_date_days(audit->options.from) + 1;
    return days > 1 ? days : 1;
}

static double day_wide(const fl_audit *audit)
{
    return (WIDE - LEFT - 10) / days_of(audit);
}

static double day_x(const fl_audit *audit, fl_date day)
{
    return LEFT + day_wide(audit) * (fl_date_days(day) - fl_date_days(audit->options.from) + 0.5);
}

/* 1, 2 or 5 and zeros: the first that holds it. */
static double nice(double most)
{
    const double ten = pow(10, floor(log10(fmax(most, 1))));
    return most <= ten ? ten : most <= 2 * ten ? 2 * ten : most <= 5 * ten ? 5 * ten : 10 * ten;
}

static void put_dates(page *p, const fl_audit *audit, double y)
{
    const int days = days_of(audit), every = days <= 10 ? 1 : days <= 35 ? 4 : days <= 100 ? 14 : days / 6;
    for (int i = 0; i < days; i += every) {
        char text[11];
        const fl_date day = fl_date_add_days(audit->options.from, i);
        svg_line(&p->html, "axis", day_x(audit, day), y - 20, day_x(audit, day), y - 15);
        svg_text(&p->html, "tick", day_x(audit, day), y, SVG_MIDDLE, fl_date_text(day, text) + 5);
    }
}

static double moved_of(const fl_audit_line *day)
{
    return (double)(day->delta - day->service);
}

static double logged_of(const fl_audit_line *day)
{
    return (double)(day->treatment + day->test + day->check);
}

static bool is_of(const fl_audit_line *day, const fl_audit_line *device)
{
    return day->log == device->log && strcmp(day->dev, device->dev) == 0 &&
           strcmp(day->site, device->site) == 0;
}

static void put_key(page *p)
{
    html *w = &p->html;
    svg_rect(w, "moved", LEFT, 2, 16, 14);
    svg_text(w, "label", LEFT + 24, 15, SVG_START, say(p, W_OW_MOVED));
    svg_rect(w, "logged", LEFT + 250, 2, 16, 14);
    svg_text(w, "label", LEFT + 274, 15, SVG_START, say(p, W_OW_LOGGED));
    svg_text(w, "label", LEFT + 500, 15, SVG_START, page_format(p, "▼ %s", say(p, W_OW_FLAGGED_DAY)));
}

void owner_days_picture(page *p, const fl_audit *audit, const fl_audit_line *device)
{
    const double top = 44, base = 214, high = base - top;
    html *w = &p->html;
    double most = 1;
    for (size_t i = 0; i < audit->day_count; i++)
        if (is_of(&audit->days[i], device))
            most = fmax(most, fmax(fabs(moved_of(&audit->days[i])), logged_of(&audit->days[i])));
    most = nice(most);
    page_picture(p,
                 page_format(p, "%s%s%s%s%s", device->site, *device->site ? " " : "", device->dev,
                             say(p, W_OW_COLON), say(p, W_OW_DAYS_PICTURE)),
                 WIDE, 240);
    put_key(p);
    for (int i = 0; i <= 2; i++) {
        const double y = base - high * i / 2;
        svg_line(w, i ? "grid" : "axis", LEFT, y, WIDE - 10, y);
        svg_text(w, "tick", LEFT - 8, y + 5, SVG_END, owner_count(p, llround(most * i / 2)));
    }
    const double bar = fmin(14, 0.42 * day_wide(audit));
    for (size_t i = 0; i < audit->day_count; i++) {
        const fl_audit_line *d = &audit->days[i];
        if (!is_of(d, device)) continue;
        const double x = day_x(audit, d->from), moved = high * fmax(0, moved_of(d)) / most,
                     logged = high * logged_of(d) / most;
        svg_rect(w, "moved", x - bar, base - moved, bar, moved);
        svg_rect(w, "logged", x, base - logged, bar, logged);
        if (d->flag) svg_text(w, "flagged", x, base - fmax(moved, logged) - 4, SVG_MIDDLE, "▼");
    }
    put_dates(p, audit, base + 22);
    page_picture_end(p);
}

/* A circle passed, a triangle warned, a square locked. */
static void put_check(page *p, const fl_audit_energy *e, double x, double y)
{
    html *w = &p->html;
    if (strcmp(e->verdict, "lock") == 0) {
        svg_rect(w, "mark", x - 6, y - 6, 12, 12);
    } else if (strcmp(e->verdict, "warn") == 0) {
        svg_path_begin(w, "mark");
        svg_path_point(w, true, x, y - 8);
        svg_path_point(w, false, x + 8, y + 6);
        svg_path_point(w, false, x - 8, y + 6);
        svg_path_end(w, true);
    } else {
        svg_circle(w, "mark", x, y, 6);
    }
}

void owner_energy_picture(page *p, const fl_audit *audit, const char *dev)
{
    const double top = 34, high = 220, middle = top + high / 2;
    const fl_audit_sections *s = &audit->sections;
    double most = 25; /* percent */
    size_t count = 0;
    for (size_t i = 0; i < s->energy.count; i++)
        if (strcmp(s->energy.at[i].dev, dev) == 0 && s->energy.at[i].has_off)
            most = fmax(most, fabs((double)s->energy.at[i].off_ppm) / 1e4 + 2), count++;
    if (!count) return;
    html *w = &p->html;
    const double scale = high / 2 / most;
    page_picture(
        p, page_format(p, "%s%s%s, n = %zu", dev, say(p, W_OW_COLON), say(p, W_OW_ENERGY_PICTURE), count),
        WIDE, 290);
    svg_text(w, "label", LEFT, 15, SVG_START, say(p, W_OW_ENERGY_KEY));
    for (int percent = -20; percent <= 20; percent += 10) {
        const double y = middle - percent * scale;
        svg_line(w, percent == 0 ? "axis" : percent % 20 ? "warn-line" : "limit", LEFT, y, WIDE - 10, y);
        svg_text(w, "tick", LEFT - 8, y + 5, SVG_END,
                 percent ? page_format(p, "%s %%", owner_signed(p, percent)) : say(p, W_OW_ENERGY_SET));
    }
    for (size_t i = 0; i < s->energy.count; i++) {
        const fl_audit_energy *e = &s->energy.at[i];
        if (strcmp(e->dev, dev) == 0 && e->has_off)
            put_check(p, e, day_x(audit, e->day), middle - (double)e->off_ppm / 1e4 * scale);
    }
    put_dates(p, audit, top + high + 26);
    page_picture_end(p);
}

void owner_qr(page *p, const char *caption, const char *text)
{
    fl_qr qr;
    html *w = &p->html;
    if (!fl_qr_make(text, &qr)) return;
    const double side = qr.side + 2 * FL_QR_QUIET;
    html_put(w, "<div class=\"code\">");
    page_picture(p, caption, side, side);
    svg_rect(w, "paper", 0, 0, side, side);
    for (unsigned y = 0; y < qr.side; y++)
        for (unsigned x = 0, run; x < qr.side; x += run + 1) {
            run = fl_qr_run(&qr, x, y);
            if (run) svg_rect(w, "ink", x + FL_QR_QUIET, y + FL_QR_QUIET, run, 1);
        }
    page_picture_end(p);
    html_put(w, "</div>");
}
