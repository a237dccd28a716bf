/* The grid as a picture: a row a zone, the spots in their order, as large as they are, with what they got. */
#include "svg.h"
#include "test_spots_parts.h"

#include <math.h>
#include <string.h>

#define COLUMN 180.0
#define ROW 212.0
#define LEFT 30.0
#define SCALE 9.0 /* units a millimetre */

static const char *zone_of(const fl_case_test *t)
{
    return t->zone ? t->zone : "–";
}

/* Where in the zone, by its two landmarks. */
static const char *site_of(const spots *s, const char *zone)
{
    for (size_t i = 0; i < s->c->body.zones_count; i++)
        if (strcmp(s->c->body.zones[i].id, zone) == 0) return s->c->body.zones[i].test_site;
    return NULL;
}

/* Pulses side by side, never stacked: so many circles, beside each other. */
static void put_pulses(page *p, const fl_case_test *t, double x, double y)
{
    const double radius = fmin(SCALE * (isfinite(t->spot.m) ? fl_as_mm(t->spot) : 3.0) / 2.0, 26.0);
    const int pulses = t->pulses < 1 ? 1 : t->pulses > 3 ? 3 : t->pulses;
    for (int i = 0; i < pulses; i++)
        svg_circle(&p->html, "open", x + (2 * i - pulses + 1) * (radius + 1.5), y, radius);
    if (!spot_is_excluded(t)) return;
    const double reach = pulses * (radius + 3);
    svg_line(&p->html, "limit", x - reach, y - radius - 4, x + reach, y + radius + 4);
    svg_line(&p->html, "limit", x - reach, y + radius + 4, x + reach, y - radius - 4);
}

static word result_word(const fl_case_test *t)
{
    return t->result == FL_READ_LIGHTER  ? W_READ_LIGHTER
           : t->result == FL_READ_SAME   ? W_READ_SAME
           : t->result == FL_READ_DARKER ? W_READ_DARKER
                                         : W_READ_OPEN;
}

static void put_spot(page *p, const fl_case_test *t, double x, double y)
{
    html *w = &p->html;
    const size_t id = strcspn(t->id, "-"); /* T1 of T1-2026-05-04: the day stands in the heading */
    svg_text(w, "label", x, y + 40, SVG_MIDDLE, page_format(p, "%.*s", (int)id, t->id));
    put_pulses(p, t, x, y + 78);
    svg_text(w, "tick", x, y + 128, SVG_MIDDLE,
             page_format(p, "%s nm · %s mm", page_number(p, fl_as_nm(t->wavelength), 0),
                         page_number(p, fl_as_mm(t->spot), 1)));
    svg_text(w, "tick", x, y + 150, SVG_MIDDLE,
             page_format(p, "%s J/cm² · %d ×", page_number(p, fl_as_J_cm2(t->fluence), 2), t->pulses));
    svg_text(w, spot_is_excluded(t) ? "flagged" : "label", x, y + 174, SVG_MIDDLE, say(p, result_word(t)));
}

void spots_picture(page *p, const spots *s)
{
    html *w = &p->html;
    const fl_case_test *tests = s->c->body.tests;
    size_t rows = 0, widest = 0, across = 0;
    for (size_t n = 0; n < s->count; n++) { /* a zone's spots stand together, as they were placed */
        const bool next = !n || strcmp(zone_of(&tests[n]), zone_of(&tests[n - 1])) != 0;
        rows += next;
        across = next ? 1 : across + 1;
        if (across > widest) widest = across;
    }
    if (!rows) return;
    page_picture(p, say(p, W_SPOTS_PICTURE), 2 * LEFT + COLUMN * (double)(widest < 4 ? 4 : widest),
                 ROW * (double)rows + 10);
    double x = 0, y = -ROW;
    for (size_t n = 0; n < s->count; n++) {
        const char *zone = zone_of(&tests[n]);
        if (!n || strcmp(zone, zone_of(&tests[n - 1])) != 0) {
            const char *site = site_of(s, zone);
            x = LEFT + COLUMN / 2;
            y += ROW;
            svg_text(w, "mark", LEFT, y + 16, SVG_START,
                     page_format(p, "%s%s%s", zone, site ? ": " : "", site ? site : ""));
            svg_line(w, "grid", LEFT, y + ROW - 16, LEFT + COLUMN * (double)(widest < 4 ? 4 : widest),
                     y + ROW - 16);
        }
        put_spot(p, &tests[n], x, y + 8);
        x += COLUMN;
    }
    page_picture_end(p);
}
