/* What was set and delivered in one visit, zone by zone, or in as few lines as there were settings. */
#include "owner.h"
#include "visit.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct zone_row { /* one zone with one setting, however often it was taken up again */
    const fl_session_interval *set;
    uint64_t pulses;
    const char *endpoint; /* the last that was noted */
} zone_row;

#define ZONE_ROWS 64

static bool same_setting(const fl_session_interval *a, const fl_session_interval *b)
{
    return strcmp(a->zone, b->zone) == 0 && a->purpose == b->purpose && a->wl_nm == b->wl_nm &&
           a->spot_um == b->spot_um && a->set_uJ == b->set_uJ;
}

static size_t rows_of(const fl_session_record *r, zone_row rows[ZONE_ROWS])
{
    size_t count = 0;
    for (size_t i = 0; i < r->interval_count; i++) {
        const fl_session_interval *v = &r->intervals[i];
        size_t n = 0;
        while (n < count && !same_setting(rows[n].set, v)) n++;
        if (n == ZONE_ROWS) break;
        if (n == count) rows[count++] = (zone_row){.set = v, .endpoint = ""};
        rows[n].pulses += v->pulses;
        if (v->endpoint[0]) rows[n].endpoint = v->endpoint;
    }
    return count;
}

static bool concerns(const fl_case_earlier *e, const char *zone)
{
    for (size_t i = 0; i < e->zones_count; i++)
        if (strcmp(e->zones[i], zone) == 0) return true;
    return !e->zones_count;
}

/* What was read of this zone of that day: a session by its day, a test spot by its id. */
static const char *read_of(page *p, const fl_case *c, fl_date day, const fl_session_interval *v)
{
    static const word results[] = {W_READ_OPEN, W_READ_OPEN, W_READ_LIGHTER, W_READ_SAME, W_READ_DARKER};
    for (size_t i = 0; c && v->purpose == 'S' && i < c->body.tests_count; i++) {
        const fl_case_test *t = &c->body.tests[i];
        if (strcmp(t->id, v->zone) != 0 || fl_date_compare(t->placed_on, day) != 0) continue;
        const char *word_of = say(p, results[t->result <= FL_READ_DARKER ? t->result : 0]);
        return isfinite(t->cleared_percent)
                   ? page_format(p, "%s, %s %%", word_of, page_number(p, t->cleared_percent, 0))
                   : word_of;
    }
    for (size_t i = 0; c && v->purpose != 'S' && i < c->body.earlier_count; i++) {
        const fl_case_earlier *e = &c->body.earlier[i];
        if (fl_date_compare(e->on, day) == 0 && concerns(e, v->zone) && fl_date_is_set(e->read_on))
            return page_format(p, "%s %%", page_number(p, e->cleared_percent, 0));
    }
    return say(p, W_READ_OPEN);
}

static const fl_session_zone *zone_of(const fl_session_record *r, const fl_session_interval *v)
{
    for (size_t i = 0; i < r->zone_count; i++)
        if (strcmp(r->zones[i].id, v->zone) == 0 && r->zones[i].purpose == v->purpose) return &r->zones[i];
    return NULL;
}

static void put_setting(page *p, const fl_session_interval *set)
{
    html *w = &p->html;
    const double fluence = fl_session_fluence(set);
    html_put(w, "<td class=\"number\">%s</td>",
             set->wl_nm ? page_format(p, "%llu", (unsigned long long)set->wl_nm) : "\xe2\x80\x93");
    html_put(w, "<td class=\"number\">%s</td><td class=\"number\">%s</td>",
             page_number(p, set->spot_um ? (double)set->spot_um / 1e3 : NAN, 1),
             page_number(p, fluence > 0 ? fluence : NAN, 2));
}

static void put_endpoint(page *p, const char *endpoint)
{
    char shown[FL_SHOWN_MAX];
    html_put(&p->html, "<td>%s</td>",
             endpoint[0] ? fl_show_text(shown, sizeof shown, owner_value(p, endpoint)) : "\xe2\x80\x93");
}

static void put_table_head(page *p, const char *label, const word *heads, size_t count)
{
    html *w = &p->html;
    html_put(w, "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table><thead><tr>",
             label);
    for (size_t i = 0; i < count; i++)
        html_put(w,
                 heads[i] == W_OW_ZONE || heads[i] == W_OW_ENDPOINT || heads[i] == W_PROGRESS_READ
                     ? "<th scope=\"col\">%s</th>"
                     : "<th scope=\"col\" class=\"number\">%s</th>",
                 say(p, heads[i]));
    html_put(w, "</tr></thead><tbody>");
}

static void put_row(page *p, const visit_file *v, const fl_case *c, fl_date day, const zone_row *row)
{
    html *w = &p->html;
    char shown[FL_SHOWN_MAX];
    const fl_session_interval *set = row->set;
    const fl_session_zone *zone = zone_of(v->record, set);
    html_put(w, "<tr><th scope=\"row\">%s%s</th>", fl_show_text(shown, sizeof shown, set->zone),
             set->purpose == 'S' ? page_format(p, " (%s)", say(p, W_OW_TEST_SPOT)) : "");
    put_setting(p, set);
    html_put(w, "<td class=\"number\">%s</td><td class=\"number\">%s</td>",
             zone && zone->has_planned ? page_count(p, zone->planned) : "\xe2\x80\x93",
             page_count(p, row->pulses));
    put_endpoint(p, row->endpoint);
    html_put(w, "<td>%s</td></tr>", read_of(p, c, day, set));
}

void visit_put_zones(page *p, const visit_file *v, const fl_case *c, fl_date day)
{
    static const word heads[] = {W_OW_ZONE,    W_OW_COL_NM,    W_OW_COL_MM,   W_OW_COL_FLUENCE,
                                 W_OW_PLANNED, W_OW_DELIVERED, W_OW_ENDPOINT, W_PROGRESS_READ};
    zone_row rows[ZONE_ROWS];
    html *w = &p->html;
    const size_t count = rows_of(v->record, rows);
    if (!count) {
        html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NO_PULSE));
        return;
    }
    put_table_head(p, page_fill(p, W_PROGRESS_VISIT, page_date(p, day)), heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < count; i++) put_row(p, v, c, day, &rows[i]);
    html_put(w, "</tbody></table></div>");
}

/* ---- in a few lines ---- */

typedef struct setting_row { /* zones that had one setting and one endpoint */
    const zone_row *first;
    char zones[400];
    uint64_t pulses;
} setting_row;

static size_t settings_of(const zone_row *rows, size_t count, setting_row *out)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        while (n < found && (rows[i].set->purpose != out[n].first->set->purpose ||
                             rows[i].set->wl_nm != out[n].first->set->wl_nm ||
                             rows[i].set->spot_um != out[n].first->set->spot_um ||
                             rows[i].set->set_uJ != out[n].first->set->set_uJ ||
                             strcmp(rows[i].endpoint, out[n].first->endpoint) != 0))
            n++;
        if (n == found) out[found++] = (setting_row){.first = &rows[i]};
        const size_t size = strlen(out[n].zones);
        snprintf(out[n].zones + size, sizeof out[n].zones - size, "%s%s", size ? ", " : "",
                 rows[i].set->zone);
        out[n].pulses += rows[i].pulses;
    }
    return found;
}

/* A name of a zone is never broken at its hyphen. */
static void put_names(page *p, const char *zones)
{
    char shown[FL_SHOWN_MAX];
    while (*zones) {
        const size_t size = strcspn(zones, ",");
        const char *one = page_format(p, "%.*s", (int)size, zones), *rest = zones + size;
        html_put(&p->html, "<span class=\"whole\">%s%s</span> ", fl_show_text(shown, sizeof shown, one),
                 *rest ? "," : "");
        zones = rest + strspn(rest, ", ");
    }
}

void visit_put_settings(page *p, const visit_file *v)
{
    static const word heads[] = {W_OW_ZONE,        W_OW_COL_NM, W_OW_COL_MM,
                                 W_OW_COL_FLUENCE, W_OW_PULSES, W_OW_ENDPOINT};
    zone_row rows[ZONE_ROWS];
    html *w = &p->html;
    const size_t count = rows_of(v->record, rows);
    setting_row *all = calloc(ZONE_ROWS, sizeof *all);
    const size_t found = all ? settings_of(rows, count, all) : 0;
    if (!found) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NO_PULSE));
    if (found) put_table_head(p, say(p, W_OW_R_INTERVALS), heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < found; i++) {
        const fl_session_interval *set = all[i].first->set;
        html_put(w, "<tr><th scope=\"row\">");
        put_names(p, all[i].zones);
        html_put(w, "%s</th>", set->purpose == 'S' ? page_format(p, " (%s)", say(p, W_OW_TEST_SPOT)) : "");
        put_setting(p, set);
        html_put(w, "<td class=\"number\">%s</td>", page_count(p, all[i].pulses));
        put_endpoint(p, all[i].first->endpoint);
        html_put(w, "</tr>");
    }
    if (found) html_put(w, "</tbody></table></div>");
    free(all);
}

/* What was said and seen besides the endpoints, and what stopped it, newest last. */
void visit_put_responses(page *p, const visit_file *v)
{
    char shown[FL_SHOWN_MAX];
    html *w = &p->html;
    size_t said = 0;
    for (size_t i = 0; i < v->record->remark_count; i++) {
        const fl_session_remark *m = &v->record->remarks[i];
        if (m->about == FL_SESSION_RESPONSE && strcmp(m->what, "endpoint") == 0) continue;
        if (m->about != FL_SESSION_RESPONSE && m->about != FL_SESSION_EVENT && m->about != FL_SESSION_STOP &&
            m->about != FL_SESSION_NEAR_MISS && m->about != FL_SESSION_OVERRIDE)
            continue;
        if (!said++) html_put(w, "<ul class=\"responses\">");
        html_put(w, "<li>%s%s", owner_value(p, m->what[0] ? m->what : fl_session_about_word(m->about)),
                 m->text[0] ? say(p, W_OW_COLON) : "");
        html_put(w, "%s</li>", fl_show_text(shown, sizeof shown, m->text));
    }
    html_put(w, said ? "</ul>" : "<p class=\"hint\">%s</p>", say(p, W_VISIT_NO_RESPONSE));
}
