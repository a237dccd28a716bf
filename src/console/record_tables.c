#include "record_tables.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- cells ---- */

static void put_head(page *p, word title, const word *columns, size_t count)
{
    html *w = &p->html;
    html_put(w, "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table><thead><tr>",
             say(p, title));
    for (size_t i = 0; i < count; i++) html_put(w, "<th scope=\"col\">%s</th>", say(p, columns[i]));
    html_put(w, "</tr></thead><tbody>");
}
#define HEAD(p, title, columns) put_head(p, title, columns, sizeof columns / sizeof *columns)

static void put_foot(page *p)
{
    html_put(&p->html, "</tbody></table></div>");
}

static void put_cell(page *p, const char *text)
{
    char shown[FL_SHOWN_MAX];
    html_put(&p->html, "<td>%s</td>", *text ? fl_show_text(shown, sizeof shown, text) : "\xe2\x80\x93");
}

static void put_number(page *p, const char *text)
{
    html_put(&p->html, "<td class=\"number\">%s</td>", text);
}

/* A dash for what was never recorded. */
static const char *scaled(page *p, uint64_t value, double by, int decimals)
{
    return page_number(p, value ? (double)value / by : NAN, decimals);
}

static void put_fact(page *p, word name, const char *value)
{
    char shown[FL_SHOWN_MAX];
    html_put(&p->html, "<div><dt>%s</dt><dd>%s</dd></div>", say(p, name),
             *value ? fl_show_text(shown, sizeof shown, value) : say(p, W_OW_NOT_RECORDED));
}

static const char *purpose(const page *p, char letter)
{
    return say(p, letter == 'S' ? W_OW_TEST_SPOT : letter == 'C' ? W_OW_CHECK : W_OW_TREATMENT);
}

/* ---- parts ---- */

void record_facts(page *p, const fl_session_record *r)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_R_HEAD));
    if (r->interrupted)
        html_put(w, "<p><span class=\"state bad\">%s</span></p>", say(p, W_OW_INTERRUPTED));
    else if (!r->closed)
        html_put(w, "<p><span class=\"state warn\">%s</span></p>", say(p, W_OW_NOT_CLOSED));
    html_put(w, "<dl class=\"facts\">");
    put_fact(p, W_OW_SITE, r->site);
    put_fact(p, W_LASER, r->dev);
    put_fact(p, W_OW_OPENED, r->opened_us ? owner_time(p, (fl_utc){r->opened_us}) : "");
    put_fact(p, W_OW_CLOSED, r->closed_us ? owner_time(p, (fl_utc){r->closed_us}) : "");
    put_fact(p, W_OW_CLIENT, r->pat);
    put_fact(p, W_PERSON, r->who);
    put_fact(p, W_OW_PROCEDURE, r->proc);
    put_fact(p, W_DRIVEN, say(p, r->by_hand ? W_DRIVEN_HAND : W_DRIVEN_LINK));
    put_fact(p, W_OW_PLAN, r->plan_id[0] ? r->plan_id : strcmp(r->plan, "-") == 0 ? "" : r->plan);
    put_fact(p, W_OW_NOT_BEFORE, r->not_before);
    put_fact(p, W_OW_VERSION, r->version);
    html_put(w, "</dl><p>%s%s", say(p, W_OW_LAST_CHECK), say(p, W_OW_COLON));
    if (r->check[0])
        page_put_said(p, r->check);
    else
        html_put(w, "%s", say(p, W_OW_NOT_RECORDED));
    html_put(w, "</p></section>");
}

void record_zones(page *p, const fl_session_record *r)
{
    static const word columns[] = {W_OW_ZONE,      W_OW_PURPOSE,    W_OW_PLANNED,
                                   W_OW_DELIVERED, W_OW_DIFFERENCE, W_OW_UNKNOWN};
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_R_ZONES));
    if (!r->zone_count) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NO_ZONE));
    if (r->zone_count) HEAD(p, W_OW_R_ZONES, columns);
    for (size_t i = 0; i < r->zone_count; i++) {
        const fl_session_zone *z = &r->zones[i];
        html_put(w, "<tr>");
        put_cell(p, z->id);
        put_cell(p, purpose(p, z->purpose));
        put_number(p, z->has_planned ? page_count(p, z->planned) : "\xe2\x80\x93");
        put_number(p, page_count(p, z->delivered));
        put_number(p, z->has_planned ? owner_signed(p, (int64_t)z->delivered - (int64_t)z->planned)
                                     : "\xe2\x80\x93");
        put_number(p, page_count(p, z->unknown));
        html_put(w, "</tr>");
    }
    if (r->zone_count) put_foot(p);
    html_put(w, "</section>");
}

static void put_measured(page *p, const fl_session_interval *i)
{
    html *w = &p->html;
    if (!i->measured) return put_number(p, say(p, W_OW_NOT_RECORDED));
    html_put(w, "<td class=\"number\">%s ± %s<br>%s – %s", page_number(p, i->mean_uJ / 1e3, 1),
             page_number(p, i->sd_uJ / 1e3, 2), page_number(p, (double)i->least_uJ / 1e3, 1),
             page_number(p, (double)i->most_uJ / 1e3, 1));
    if (i->measured != i->pulses) html_put(w, "<br>n = %s", page_count(p, i->measured));
    html_put(w, "</td>");
}

static void put_interval(page *p, const fl_session_interval *i)
{
    html *w = &p->html;
    const double fluence = fl_session_fluence(i);
    html_put(w, "<tr><td class=\"when\">%s<br>%s</td>", owner_clock(p, (fl_utc){i->began_us}),
             i->ended_us ? owner_clock(p, (fl_utc){i->ended_us}) : "\xe2\x80\x93");
    put_cell(p, i->purpose == 'T' ? i->zone : page_format(p, "%s (%s)", i->zone, purpose(p, i->purpose)));
    put_number(p, i->wl_nm ? page_format(p, "%llu", (unsigned long long)i->wl_nm) : "\xe2\x80\x93");
    put_number(p, scaled(p, i->spot_um, 1e3, 1));
    put_number(p, page_number(p, fluence > 0 ? fluence : NAN, 2));
    put_number(p, scaled(p, i->set_uJ, 1e3, 1));
    put_measured(p, i);
    html_put(w, "<td class=\"number\">%s<br>%s</td>", scaled(p, i->rate_mHz, 1e3, 1),
             page_number(p, i->rate_Hz > 0 ? i->rate_Hz : NAN, 1));
    html_put(w, "<td class=\"number\">%s", page_count(p, i->pulses));
    if (i->unknown) html_put(w, "<br>+ %s %s", page_count(p, i->unknown), say(p, W_OW_UNKNOWN));
    html_put(w, "</td><td class=\"number\">%s<br>%s</td>", page_count(p, i->ctr_was),
             page_count(p, i->ctr_now));
    put_cell(p, i->endpoint);
    html_put(w, "<td>");
    page_put_said(p, i->ended_by);
    html_put(w, "</td></tr>");
}

void record_intervals(page *p, const fl_session_record *r)
{
    static const word columns[] = {W_OW_FROM_TO,     W_OW_ZONE,    W_OW_COL_NM,       W_OW_COL_MM,
                                   W_OW_COL_FLUENCE, W_OW_COL_SET, W_OW_COL_MEASURED, W_OW_COL_HZ,
                                   W_OW_PULSES,      W_OW_COUNTER, W_OW_ENDPOINT,     W_OW_ENDED_BY};
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_R_INTERVALS));
    if (!r->interval_count) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NO_PULSE));
    if (r->interval_count) HEAD(p, W_OW_R_INTERVALS, columns);
    for (size_t i = 0; i < r->interval_count; i++) put_interval(p, &r->intervals[i]);
    if (r->interval_count) put_foot(p);
    html_put(w, "<p class=\"hint\">%s</p></section>", say(p, W_OW_MEASURED_WHY));
}

void record_counter(page *p, const fl_session_record *r)
{
    html *w = &p->html;
    const bool both = r->ctr_opened_read && r->ctr_closed_read;
    html_put(w, "<section><h2>%s</h2><dl class=\"facts\">", say(p, W_OW_COUNTER));
    put_fact(p, W_OW_START, r->ctr_opened_read ? page_count(p, r->ctr_opened) : "");
    put_fact(p, W_OW_END, r->ctr_closed_read ? page_count(p, r->ctr_closed) : "");
    put_fact(p, W_OW_DIFFERENCE,
             both ? owner_count(p, (int64_t)(r->ctr_closed - r->ctr_opened)) : "\xe2\x80\x93");
    put_fact(p, W_OW_RECORDED_PULSES, page_count(p, fl_session_pulses(r, 0)));
    put_fact(p, W_OW_TREATMENT, page_count(p, fl_session_pulses(r, 'T')));
    put_fact(p, W_OW_TEST_SPOT, page_count(p, fl_session_pulses(r, 'S')));
    html_put(w, "</dl></section>");
}

static void put_entry(page *p, const fl_session_record *r, uint64_t position)
{
    char where[FL_HISTORY_WHERE];
    size_t log;
    const uint64_t own = fl_session_entry(r, position, &log);
    html_put(&p->html, "<td class=\"number\"><a href=\"%s\">%s</a></td></tr>",
             owner_entry_url(p, log, r->history.count, own),
             log == r->history.count ? page_count(p, own) : fl_history_where(&r->history, position, where));
}

void record_remarks(page *p, const fl_session_record *r)
{
    static const word columns[] = {W_OW_WHEN, W_OW_ABOUT, W_OW_WHAT, W_PERSON, W_OW_ENTRY};
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_R_REMARKS));
    if (!r->remark_count) html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_OW_NO_REMARK));
    if (r->remark_count) HEAD(p, W_OW_R_REMARKS, columns);
    for (size_t i = 0; i < r->remark_count; i++) {
        const fl_session_remark *m = &r->remarks[i];
        html_put(w, "<tr>");
        put_cell(p, owner_time(p, (fl_utc){m->utc_us}));
        put_cell(p, owner_value(p, fl_session_about_word(m->about)));
        html_put(w, "<td>%s%s", owner_value(p, m->what), m->what[0] && m->text[0] ? say(p, W_OW_COLON) : "");
        html_put(w, "%s</td>", m->text);
        put_cell(p, m->who);
        put_entry(p, r, m->index);
    }
    if (r->remark_count) put_foot(p);
    html_put(w, "</section>");
}

/* ---- pulses ---- */

#define PULSES_A_PAGE 500

typedef struct grant { /* what the pulse's grant said */
    uint64_t gid, set_uJ;
    char zone[FL_SESSION_NAME];
} grant;

static uint64_t count_of(const fl_record *record, const char *key)
{
    uint64_t value = 0;
    return fl_record_count(record, key, &value) == FL_OK ? value : 0;
}

static void put_pulse(page *p, const fl_session_record *r, const fl_record *record, uint64_t index,
                      const grant *g)
{
    html *w = &p->html;
    int64_t at = 0;
    if (fl_record_int(record, "utc_us", &at) != FL_OK) at = 0;
    const bool same = g->gid == count_of(record, "gid");
    html_put(w, "<tr><td class=\"when\">%s</td>", owner_clock(p, (fl_utc){at}));
    put_cell(p, same ? g->zone : "");
    put_number(p, page_count(p, count_of(record, "ctr")));
    put_number(p, scaled(p, same ? g->set_uJ : 0, 1e3, 1));
    put_number(p, scaled(p, count_of(record, "meas_uJ"), 1e3, 1));
    put_entry(p, r, index);
}

void record_pulses(page *p, fl_journal *journal, const fl_session_record *r)
{
    static const word columns[] = {W_OW_WHEN,    W_OW_ZONE,         W_OW_COUNTER,
                                   W_OW_COL_SET, W_OW_COL_MEASURED, W_OW_ENTRY};
    html *w = &p->html;
    const char *from = page_given(p, "from");
    uint64_t first = r->first_index, shown = 0, i;
    grant g = {0};
    if (from && (fl_read_u64(from, &first) != FL_OK || first < r->first_index)) first = r->first_index;
    html_put(w, "<section id=\"pulses\"><h2>%s</h2>", say(p, W_OW_R_PULSES));
    for (i = first; i <= r->last_index && shown < PULSES_A_PAGE; i++) {
        fl_record record;
        if (fl_journal_past(journal, i, &record) != FL_OK || count_of(&record, "sid") != r->options.sid)
            continue;
        if (fl_record_is(&record, FL_KIND_GRANT)) {
            g.gid = count_of(&record, "gid"), g.set_uJ = count_of(&record, "energy_uJ");
            if (fl_record_text(&record, "zone", g.zone, sizeof g.zone) != FL_OK) g.zone[0] = 0;
        }
        if (!fl_record_is(&record, FL_KIND_PULSE)) continue;
        if (!shown++) HEAD(p, W_OW_R_PULSES, columns);
        put_pulse(p, r, &record, i, &g);
    }
    if (shown) put_foot(p);
    if (!shown)
        html_put(w, "<p class=\"nothing\">%s</p>", say(p, r->by_hand ? W_OW_BY_HAND_PULSES : W_OW_NO_PULSE));
    if (i <= r->last_index) {
        char sid[24], next[24];
        snprintf(sid, sizeof sid, "%llu", (unsigned long long)r->options.sid);
        snprintf(next, sizeof next, "%llu", (unsigned long long)i);
        html_put(w, "<p><a class=\"button\" href=\"%s#pulses\">%s →</a></p>",
                 page_url(p, "/record/%s?from=%s", sid, next), say(p, W_OW_NEXT));
    }
    html_put(w, "</section>");
}

void record_foot(page *p, const fl_session_record *r)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    html *w = &p->html;
    html_put(
        w, "<section><h2>%s</h2><p>%s</p>", say(p, W_OW_R_FOOT),
        owner_fill(p, W_OW_ENTRIES_OF, page_count(p, r->first_index), page_count(p, r->last_index), NULL));
    html_put(w, "<p class=\"hash\">SHA-256 %s: %s</p>", page_count(p, r->last_index),
             fl_hex(r->entry_hash.byte, FL_SHA256_SIZE, hex));
    if (r->has_previous)
        html_put(w, "<p class=\"hash\">SHA-256 %s: %s</p>", page_count(p, r->last_index - 1),
                 fl_hex(r->previous_hash.byte, FL_SHA256_SIZE, hex));
    if (page_may(p, OVERSIGHT)) html_put(w, "<p><a href=\"/verify\">%s</a></p>", say(p, W_OW_VERIFY_HOW));
    html_put(w, "</section>");
}
