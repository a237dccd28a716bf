/* Earlier sessions on the case form: their reads, and those sessions of this client that stand in the journal
 * and not yet in the case. A session is taken over from its record, never typed again. */
#include "case_form.h"
#include "client_parts.h"
#include "visit.h"

#include "record_tables.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

static const char *at(page *p, size_t n, const char *key)
{
    return page_format(p, "earlier[%zu]%s%s", n, *key ? "." : "", key);
}

static const char *take_name(page *p, uint64_t sid)
{
    return page_format(p, "take-%llu", (unsigned long long)sid);
}

static size_t count_of(page *p, const case_form *f)
{
    size_t n = 0;
    while (fl_draft_has(f->d, at(p, n, ""))) n++;
    return n;
}

/* ---- what the journal offers ---- */

/* The client's sessions, after a look that was written down. false: no such look, or no journal. */
static bool may_offer(page *p, const case_form *f, client_books *b)
{
    const char *code = fl_draft_get(f->d, "client");
    *b = (client_books){0};
    return code && fl_client_code_is(code) && page_may(p, RECORDS) && client_book(p, b, NULL) == FL_OK &&
           b->journal && record_was_looked_at(p, b->journal, code, fl_journal_size(b->journal));
}

static bool is_there(page *p, const case_form *f, fl_date day)
{
    char text[11];
    fl_date_text(day, text);
    for (size_t i = 0, count = count_of(p, f); i < count; i++)
        if (fl_text_same(fl_draft_get(f->d, at(p, i, "on")), text)) return true;
    return false;
}

static bool is_offered(page *p, const case_form *f, const fl_visit *v)
{
    return fl_text_same(v->pat, fl_draft_get(f->d, "client")) && v->pulses && v->closed &&
           !is_there(p, f, fl_visit_day(v));
}

/* ---- taking one over ---- */

static const fl_session_interval *main_interval(const fl_session_record *r)
{
    const fl_session_interval *most = NULL;
    for (size_t i = 0; i < r->interval_count; i++)
        if (r->intervals[i].purpose == 'T' && (!most || r->intervals[i].pulses > most->pulses))
            most = &r->intervals[i];
    return most;
}

static bool was_treated(const fl_session_record *r, const char *zone)
{
    for (size_t i = 0; i < r->zone_count; i++)
        if (r->zones[i].purpose == 'T' && r->zones[i].delivered && strcmp(r->zones[i].id, zone) == 0)
            return true;
    return false;
}

/* Named only when it was not all of them: absent means all. */
static void take_zones(page *p, case_form *f, size_t n, const fl_session_record *r)
{
    const char *zones[CASE_ROWS];
    size_t count = 0;
    bool all = true;
    const char *id;
    for (size_t i = 0; (id = fl_draft_get(f->d, page_format(p, "zones[%zu].id", i))); i++)
        if (!fl_text_same(fl_draft_get(f->d, page_format(p, "zones[%zu].locked", i)), "yes"))
            all &= was_treated(r, id);
    for (size_t i = 0; i < r->zone_count && count < CASE_ROWS; i++)
        if (was_treated(r, r->zones[i].id)) zones[count++] = page_format(p, "%s", r->zones[i].id);
    if (!all && count) fl_draft_list(f->d, at(p, n, "zones"), zones, count);
}

static void take_over(page *p, case_form *f, const fl_visit *one)
{
    visit_file v;
    char day[11];
    const size_t n = count_of(p, f);
    if (visit_open(p, one->sid, &v, NULL) != FL_OK) return visit_close(&v);
    const fl_session_interval *set = main_interval(v.record);
    fl_draft_set(f->d, at(p, n, "id"), page_format(p, "S%llu", (unsigned long long)one->sid));
    fl_draft_set(f->d, at(p, n, "on"), fl_date_text(fl_visit_day(one), day));
    fl_draft_set(f->d, at(p, n, "elsewhere"), "no");
    if (v.plan) fl_draft_set(f->d, at(p, n, "device"), v.plan->device);
    if (set && set->wl_nm)
        fl_draft_set(f->d, at(p, n, "wavelength_nm"), page_format(p, "%llu", (unsigned long long)set->wl_nm));
    if (set && set->spot_um)
        fl_draft_set(f->d, at(p, n, "spot_mm"), page_format(p, "%g", (double)set->spot_um / 1e3));
    if (set && fl_session_fluence(set) > 0)
        fl_draft_set(f->d, at(p, n, "fluence_J_cm2"), page_format(p, "%.2f", fl_session_fluence(set)));
    take_zones(p, f, n, v.record);
    visit_close(&v);
}

/* ---- the form ---- */

static const char *setting_of(page *p, const case_form *f, size_t n)
{
    static const struct {
        const char *key, *unit;
    } parts[] = {{"device", ""}, {"wavelength_nm", " nm"}, {"spot_mm", " mm"}, {"fluence_J_cm2", " J/cm²"}};
    const char *text = "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *value = fl_draft_get(f->d, at(p, n, parts[i].key));
        if (value) text = page_format(p, "%s%s%s%s", text, *text ? " · " : "", value, parts[i].unit);
    }
    return *text ? text : say(p, W_OW_NOT_RECORDED);
}

static void put_one(page *p, const case_form *f, size_t n)
{
    const char *on = fl_draft_get(f->d, at(p, n, "on")), *id = fl_draft_get(f->d, at(p, n, "id"));
    html_put(&p->html, "<fieldset class=\"earlier\"><legend>%s · %s</legend><p class=\"hint\">%s</p>",
             id ? id : "–", on ? on : "–", setting_of(p, f, n));
    case_put_wrong(p, f, at(p, n, ""));
    html_put(&p->html, "<div class=\"pair\">");
    case_put_text(p, f, at(p, n, "read_on"), say(p, W_CLIENT_READ_ON), "date");
    case_put_text(p, f, at(p, n, "cleared_percent"), say(p, W_CASE_CLEARED), "number");
    html_put(&p->html, "</div></fieldset>");
}

static void put_offer(page *p, const fl_visit *v)
{
    const char *name = take_name(p, v->sid);
    html_put(
        &p->html,
        "<label class=\"tick\"><input type=\"checkbox\" name=\"%s\" value=\"yes\"> %s · %s · %s %s</label>",
        name, page_date(p, fl_visit_day(v)), v->dev, page_count(p, v->pulses), say(p, W_PULSES_WORD));
}

void case_put_earlier(page *p, const case_form *f)
{
    client_books b;
    html *w = &p->html;
    const size_t count = count_of(p, f);
    const char *code = fl_draft_get(f->d, "client");
    html_put(w, "<section id=\"earlier\"><h2>%s</h2>", say(p, W_CASE_EARLIER));
    for (size_t i = 0; i < count; i++) put_one(p, f, i);
    size_t offered = 0;
    if (may_offer(p, f, &b))
        for (size_t i = 0; i < b.care.visits.count; i++)
            if (is_offered(p, f, &b.care.visits.list[i])) {
                if (!offered++) html_put(w, "<p>%s</p>", say(p, W_CASE_OFFERED));
                put_offer(p, &b.care.visits.list[i]);
            }
    if (!b.journal || (!count && !offered))
        html_put(w, "<p class=\"nothing\">%s</p>", say(p, W_CASE_NO_EARLIER));
    if (code && fl_client_code_is(code))
        html_put(w, "<p class=\"hint\">%s <a href=\"%s\">%s</a></p>", say(p, W_CASE_EARLIER_HINT),
                 page_url(p, "/client/%s", code), page_format(p, "%s %s", say(p, W_S_CLIENT), code));
    html_put(w, "</section>");
    client_book_fini(&b);
}

void case_read_earlier(page *p, case_form *f)
{
    static const char *const keys[] = {"read_on", "cleared_percent"};
    client_books b;
    const size_t count = count_of(p, f);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 2; k++) {
            const char *path = at(p, i, keys[k]), *given = page_given(p, case_input(p, path));
            if (given) fl_draft_set(f->d, path, case_as_typed(p, fl_draft_field(f->d, path), given));
        }
    if (may_offer(p, f, &b))
        for (size_t i = 0; i < b.care.visits.count; i++)
            if (page_given(p, take_name(p, b.care.visits.list[i].sid)) &&
                is_offered(p, f, &b.care.visits.list[i]))
                take_over(p, f, &b.care.visits.list[i]);
    client_book_fini(&b);
}
