/* Zones in the case form: a row each, below the pictures they are pressed and drawn on. A row without an
 * area, without a drawing and without a lock is a zone that is not treated, and is not kept. */
#include "case_form.h"

#include "fadeline/base/text.h"
#include "fadeline/report/client_paper.h"

#include <string.h>

static const char *const scalp[] = {"F-L", "F-R", "T-L", "T-R", "MID", "VTX", "P-L", "P-R", "OCC"};
#define SCALP (sizeof scalp / sizeof *scalp)
#define SPARE 4
#define ASIDE 1000 /* where rows of the kept case wait for the form's row of the same zone */

const char *case_zone_path(page *p, size_t n, const char *key)
{
    return page_format(p, "zones[%zu]%s%s", n, *key ? "." : "", key);
}

static size_t rows_of(page *p, const case_form *f)
{
    size_t n = 0;
    while (n < CASE_ROWS && fl_draft_has(f->d, case_zone_path(p, n, ""))) n++;
    return n;
}

/* ---- rows ---- */

static void put_input(page *p, const case_form *f, size_t row, const char *key, const char *value, word label,
                      const char *more)
{
    const char *path = case_zone_path(p, row, key), *name = case_input(p, path);
    const bool wrong = case_fault(f, path) || (strcmp(key, "shape") == 0 && f->drawn[row].wrong);
    html_put(&p->html, "<input type=\"text\" id=\"%s\" name=\"%s\" value=\"%s\" aria-label=\"%s %zu\"", name,
             name, value, say(p, label), row + 1);
    if (wrong) html_put(&p->html, " aria-invalid=\"true\" aria-describedby=\"%s-wrong\"", name);
    if (more) html_put(&p->html, " inputmode=\"decimal\" data-step=\"%s\"", more);
    html_put(&p->html, " autocapitalize=\"none\" spellcheck=\"false\">");
}

static void put_cell(page *p, const case_form *f, size_t row, const char *key, const char *value, word label,
                     bool number)
{
    const char *path = case_zone_path(p, row, key), *now = fl_draft_get(f->d, path);
    const char *point = now && number && p->language == FRENCH && !strchr(now, ',') ? strchr(now, '.') : NULL;
    if (point) now = page_format(p, "%.*s,%s", (int)(point - now), now, point + 1);
    html_put(&p->html, "<td class=\"%s\">", number ? "steps" : "");
    case_put_wrong(p, f, path);
    put_input(p, f, row, key, now ? now : value, label, number ? "5" : NULL);
    html_put(&p->html, "</td>");
}

/* What the schema says of a shape stands at its line too: here a shape is one input. */
static void put_drawn(page *p, const case_form *f, size_t row)
{
    html *w = &p->html;
    const char *path = case_zone_path(p, row, "shape");
    html_put(w, "<td class=\"drawn-cell\">");
    if (f->drawn[row].wrong) {
        html_put(w, "<p class=\"wrong\" id=\"%s-wrong\">", case_input(p, path));
        page_put_said(p, f->drawn[row].wrong);
        html_put(w, "</p>");
    }
    for (size_t i = 0; f->faults && i < f->faults->count; i++) {
        const char *at = fl_draft_path(f->d, f->faults->list[i].at.line);
        if (!at || !fl_text_begins(at, path)) continue;
        html_put(w, "<p class=\"wrong\">");
        page_put_said(p, f->faults->list[i].what);
        html_put(w, " ");
        page_put_said(p, f->faults->list[i].hint);
        html_put(w, "</p>");
    }
    put_input(p, f, row, "shape", case_drawn_line(p, f, row), W_DRAW_LINE, NULL);
    html_put(w, "</td>");
}

static const char *features_of(page *p, const case_form *f, size_t row)
{
    const char *path = case_zone_path(p, row, "features"), *text = "", *item;
    for (size_t n = 0; (item = fl_draft_item(f->d, path, n)); n++)
        text = page_format(p, "%s%s%s", text, n ? ", " : "", item);
    return text;
}

static void put_seen(page *p, const case_form *f, size_t row)
{
    html *w = &p->html;
    bool found = false;
    const char *path = case_zone_path(p, row, "features"), *now = features_of(p, f, row);
    html_put(w, "<td>");
    case_put_wrong(p, f, path);
    html_put(w, "<select name=\"%s\" aria-label=\"%s %zu\"><option value=\"\">–</option>",
             case_input(p, path), say(p, W_CASE_SEEN), row + 1);
    for (size_t i = 0; i < f->book->rules->features_count; i++) {
        const char *id = f->book->rules->features[i].id;
        found |= fl_text_same(id, now);
        html_put(w, "<option%s>%s</option>", fl_text_same(id, now) ? " selected" : "", id);
    }
    if (*now && !found) html_put(w, "<option selected>%s</option>", now); /* several, or one nobody knows */
    html_put(w, "</select></td>");
}

static void put_row(page *p, const case_form *f, size_t row, const char *id)
{
    html *w = &p->html;
    const char *locked = case_zone_path(p, row, "locked"), *now = fl_draft_get(f->d, locked);
    const char *name = *id ? fl_client_zone(p->language == FRENCH ? FL_LANG_FR : FL_LANG_EN, id) : "";
    html_put(w, "<tr>");
    put_cell(p, f, row, "id", id, W_ZONE_NAME, false);
    html_put(w, "<td>%s</td>", strcmp(name, id) ? name : "");
    put_cell(p, f, row, "area_cm2", "", W_ZONE_AREA, true);
    put_drawn(p, f, row);
    html_put(
        w, "<td><label class=\"tick\"><input type=\"checkbox\" name=\"%s\" value=\"yes\"%s> %s</label></td>",
        case_input(p, locked), now && strcmp(now, "yes") == 0 ? " checked" : "", say(p, W_PLAN_LOCKED));
    put_cell(p, f, row, "why", "", W_CASE_LOCKED_WHY, false);
    put_seen(p, f, row);
    put_cell(p, f, row, "test_site", "", W_CASE_TEST_SITE, false);
    html_put(w, "</tr>");
}

void case_put_zones(page *p, const case_form *f)
{
    static const word heads[] = {W_ZONE_NAME,   W_CASE_WHERE,      W_ZONE_AREA, W_DRAW_LINE,
                                 W_PLAN_LOCKED, W_CASE_LOCKED_WHY, W_CASE_SEEN, W_CASE_TEST_SITE};
    html *w = &p->html;
    const char *ids[CASE_ROWS];
    const size_t held = rows_of(p, f);
    size_t count = held;
    for (size_t i = 0; i < held; i++) {
        ids[i] = fl_draft_get(f->d, case_zone_path(p, i, "id"));
        if (!ids[i]) ids[i] = "";
    }
    if (!held)
        for (; count < SCALP; count++) ids[count] = scalp[count];
    for (size_t i = 0; i < SPARE + f->rows && count < CASE_ROWS; i++) ids[count++] = "";
    html_put(w, "<section id=\"zones\"><h2>%s</h2><p>%s</p>", say(p, W_PLAN_ZONES),
             say(p, W_CASE_ZONES_NOTE));
    case_put_wrong(p, f, "zones");
    case_put_drawing(p, f, ids, count);
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

static void read_seen(page *p, case_form *f, size_t row)
{
    const char *path = case_zone_path(p, row, "features"), *given = page_given(p, case_input(p, path)),
               *items[16];
    size_t count = 0;
    if (!given) return;
    while (*given && count < 16) {
        const size_t size = strcspn(given, ", ");
        if (size) items[count++] = page_format(p, "%.*s", (int)size, given);
        given += size + strspn(given + size, ", ");
    }
    fl_draft_list(f->d, path, items, count);
}

static bool read_row(page *p, case_form *f, size_t row)
{
    static const char *const keys[] = {"id", "area_cm2", "why", "test_site"};
    const char *values[4];
    for (size_t i = 0; i < 4; i++) {
        values[i] = page_given(p, case_input(p, case_zone_path(p, row, keys[i])));
        if (!values[i]) values[i] = "";
        fl_draft_set(f->d, case_zone_path(p, row, keys[i]), i == 1 ? with_point(p, values[i]) : values[i]);
    }
    const char *locked = page_given(p, case_input(p, case_zone_path(p, row, "locked")));
    fl_draft_set(f->d, case_zone_path(p, row, "locked"), locked ? "yes" : NULL);
    read_seen(p, f, row);
    case_read_drawing(p, f, row);
    const bool drawn = f->drawn[row].line || fl_draft_has(f->d, case_zone_path(p, row, "shape"));
    /* a drawing without a name is shown again, with what is wrong with it: nobody draws twice */
    return drawn || (values[0][0] && (values[1][0] || locked));
}

/* What the form does not show stays with its zone, whatever row that has now. */
static void take_base_row(page *p, case_form *f, size_t row)
{
    const char *id = page_given(p, case_input(p, case_zone_path(p, row, "id")));
    for (size_t n = ASIDE; n < ASIDE + CASE_ROWS; n++) {
        const char *was = fl_draft_get(f->d, case_zone_path(p, n, "id"));
        if (!was || !id || strcmp(was, id) != 0) continue;
        fl_draft_move(f->d, case_zone_path(p, n, ""), case_zone_path(p, row, ""));
        return;
    }
}

void case_read_zones(page *p, case_form *f)
{
    size_t kept = 0;
    for (size_t n = 0; n < CASE_ROWS; n++)
        fl_draft_move(f->d, case_zone_path(p, n, ""), case_zone_path(p, ASIDE + n, ""));
    for (size_t row = 0; row < CASE_ROWS; row++) {
        if (!page_given(p, case_input(p, case_zone_path(p, row, "id")))) continue;
        take_base_row(p, f, row);
        if (!read_row(p, f, row)) {
            fl_draft_drop(f->d, case_zone_path(p, row, ""));
            continue;
        }
        fl_draft_move(f->d, case_zone_path(p, row, ""), case_zone_path(p, kept, ""));
        f->drawn[kept].line = f->drawn[row].line, f->drawn[kept].wrong = f->drawn[row].wrong;
        if (kept != row) f->drawn[row].line = f->drawn[row].wrong = NULL;
        kept++;
    }
    for (size_t n = ASIDE; n < ASIDE + CASE_ROWS; n++) fl_draft_drop(f->d, case_zone_path(p, n, ""));
}
