/* Zones in the case form: a row each, with the head as a picture whose fields lead to their rows. A row
 * without an area and without a drawing is a zone that is not treated, and is not kept. */
#include "case_form.h"
#include "svg.h"

#include "fadeline/report/client_paper.h"

#include <string.h>

static const char *const scalp[] = {"F-L", "F-R", "T-L", "T-R", "MID", "VTX", "P-L", "P-R", "OCC"};
#define SCALP (sizeof scalp / sizeof *scalp)
#define SPARE 4

static const char *row_path(page *p, size_t n, const char *key)
{
    return page_format(p, "zones[%zu]%s%s", n, *key ? "." : "", key);
}

static size_t rows_of(page *p, const case_form *f)
{
    size_t n = 0;
    while (n < CASE_ROWS && fl_draft_get(f->d, row_path(p, n, "id"))) n++;
    return n;
}

/* ---- the head from above; left and right are the client's ---- */

static void put_field(page *p, size_t row, const char *id, double x, double y, double width, double height)
{
    html *w = &p->html;
    html_put(w, "<a href=\"#%s\" aria-label=\"%s\">", case_input(p, row_path(p, row, "area_cm2")), id);
    svg_rect(w, "zone", x, y, width, height);
    svg_text(w, "label", x + width / 2, y + height / 2 + 6, SVG_MIDDLE, id);
    html_put(w, "</a>");
}

static void put_head(page *p, const char *const ids[], size_t count)
{
    static const struct {
        const char *id;
        double x, y, width, height;
    } places[] = {{"F-R", 150, 10, 150, 70},   {"F-L", 300, 10, 150, 70},   {"T-R", 60, 80, 90, 90},
                  {"MID", 150, 80, 300, 90},   {"T-L", 450, 80, 90, 90},    {"P-R", 60, 170, 120, 100},
                  {"VTX", 180, 170, 240, 100}, {"P-L", 420, 170, 120, 100}, {"OCC", 150, 270, 300, 70}};
    html *w = &p->html;
    html_put(
        w,
        "<figure><figcaption>%s</figcaption><svg role=\"group\" aria-label=\"%s\" viewBox=\"0 0 600 350\">",
        say(p, W_CASE_HEAD), say(p, W_PLAN_ZONES)); /* a group: what is in it can be pressed */
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t n = 0; n < count; n++)
            if (strcmp(ids[n], places[i].id) == 0)
                put_field(p, n, ids[n], places[i].x, places[i].y, places[i].width, places[i].height);
    html_put(w, "</svg></figure>");
}

/* ---- rows ---- */

static void put_cell(page *p, const case_form *f, size_t row, const char *key, const char *value, word label,
                     bool number)
{
    const char *path = row_path(p, row, key), *name = case_input(p, path), *now = fl_draft_get(f->d, path);
    const char *point = now && number && p->language == FRENCH && !strchr(now, ',') ? strchr(now, '.') : NULL;
    if (point) now = page_format(p, "%.*s,%s", (int)(point - now), now, point + 1);
    html_put(&p->html, "<td class=\"%s\">", number ? "steps" : "");
    case_put_wrong(p, f, path);
    html_put(
        &p->html,
        "<input type=\"text\" id=\"%s\" name=\"%s\" value=\"%s\" aria-label=\"%s %zu\" aria-invalid=\"%s\"",
        name, name, now ? now : value, say(p, label), row + 1, case_fault(f, path) ? "true" : "false");
    if (number) html_put(&p->html, " inputmode=\"decimal\" data-step=\"5\"");
    html_put(&p->html, "></td>");
}

static void put_row(page *p, const case_form *f, size_t row, const char *id)
{
    html *w = &p->html;
    const char *locked = row_path(p, row, "locked"), *now = fl_draft_get(f->d, locked);
    const char *name = *id ? fl_client_zone(p->language == FRENCH ? FL_LANG_FR : FL_LANG_EN, id) : "";
    html_put(w, "<tr>");
    put_cell(p, f, row, "id", id, W_ZONE_NAME, false);
    html_put(w, "<td>%s</td>", strcmp(name, id) ? name : "");
    put_cell(p, f, row, "area_cm2", "", W_ZONE_AREA, true);
    html_put(
        w, "<td><label class=\"tick\"><input type=\"checkbox\" name=\"%s\" value=\"yes\"%s> %s</label></td>",
        case_input(p, locked), now && strcmp(now, "yes") == 0 ? " checked" : "", say(p, W_PLAN_LOCKED));
    put_cell(p, f, row, "why", "", W_CASE_LOCKED_WHY, false);
    put_cell(p, f, row, "test_site", "", W_CASE_TEST_SITE, false);
    html_put(w, "</tr>");
}

void case_put_zones(page *p, const case_form *f)
{
    static const word heads[] = {W_ZONE_NAME,   W_CASE_WHERE,      W_ZONE_AREA,
                                 W_PLAN_LOCKED, W_CASE_LOCKED_WHY, W_CASE_TEST_SITE};
    html *w = &p->html;
    const char *ids[CASE_ROWS];
    const size_t held = rows_of(p, f);
    size_t count = held;
    for (size_t i = 0; i < held; i++) ids[i] = fl_draft_get(f->d, row_path(p, i, "id"));
    if (!held)
        for (; count < SCALP; count++) ids[count] = scalp[count];
    for (size_t i = 0; i < SPARE + f->rows && count < CASE_ROWS; i++) ids[count++] = "";
    html_put(w, "<section id=\"zones\"><h2>%s</h2><p>%s</p>", say(p, W_PLAN_ZONES),
             say(p, W_CASE_ZONES_NOTE));
    case_put_wrong(p, f, "zones");
    put_head(p, ids, count);
    html_put(w,
             "<input type=\"hidden\" name=\"rows\" value=\"%zu\"><div class=\"table\" tabindex=\"0\" "
             "role=\"region\" "
             "aria-label=\"%s\"><table class=\"zones\"><thead><tr>",
             count, say(p, W_PLAN_ZONES));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
    html_put(w, "</tr></thead><tbody>");
    for (size_t i = 0; i < count; i++) put_row(p, f, i, ids[i]);
    html_put(w, "</tbody></table></div>");
    case_put_text(p, f, "overlap", say(p, W_CASE_OVERLAP), "number");
    html_put(w, "</section>");
}

/* ---- back ---- */

static const char *with_point(page *p, const char *text)
{
    double value;
    const char *comma = strchr(text, ',');
    if (!comma || strchr(text, '.') || !page_read_number(text, &value)) return text;
    return page_format(p, "%.*s.%s", (int)(comma - text), text, comma + 1);
}

static bool read_row(page *p, case_form *f, size_t row)
{
    static const char *const keys[] = {"id", "area_cm2", "why", "test_site"};
    const char *values[4];
    for (size_t i = 0; i < 4; i++) {
        values[i] = page_given(p, case_input(p, row_path(p, row, keys[i])));
        if (!values[i]) values[i] = "";
        fl_draft_set(f->d, row_path(p, row, keys[i]), i == 1 ? with_point(p, values[i]) : values[i]);
    }
    const char *locked = page_given(p, case_input(p, row_path(p, row, "locked")));
    fl_draft_set(f->d, row_path(p, row, "locked"), locked ? "yes" : NULL);
    const bool drawn = fl_draft_has(f->d, row_path(p, row, "shape"));
    return values[0][0] && (values[1][0] || drawn || locked);
}

void case_read_zones(page *p, case_form *f)
{
    size_t kept = 0;
    for (size_t row = 0; row < CASE_ROWS; row++) {
        if (!page_given(p, case_input(p, row_path(p, row, "id")))) continue;
        if (!read_row(p, f, row)) {
            fl_draft_drop(f->d, row_path(p, row, ""));
            continue;
        }
        fl_draft_move(f->d, row_path(p, row, ""), row_path(p, kept, ""));
        kept++;
    }
}
