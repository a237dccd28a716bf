/* Month: which site needs a call, what for, and then the audit's thirteen sections. */
#include "owner.h"

#include "fadeline/base/text.h"

#include <string.h>

/* ---- where one is, and where else one can go ---- */

static const char *with_site(page *p, const char *month, const char *site)
{
    return site && *site ? page_url(p, "/month/%s?site=%s", month, site) : page_url(p, "/month/%s", month);
}

static void put_ways(page *p, const fl_audit *audit)
{
    html *w = &p->html;
    const fl_date first = audit->options.from, next = fl_date_add_months(first, 1);
    const char *site = audit->options.site;
    const char *before = owner_month(p, fl_date_add_months(first, -1)), *after = owner_month(p, next);
    html_put(w,
             "<nav class=\"months\" aria-label=\"%s\"><a class=\"button\" rel=\"prev\" href=\"%s\">← %s</a>",
             say(p, W_OW_MONTHS), with_site(p, before, site), before);
    if (fl_date_compare(next, p->today) <= 0)
        html_put(w, "<a class=\"button\" rel=\"next\" href=\"%s\">%s →</a>", with_site(p, after, site),
                 after);
    html_put(w, "<a class=\"button\" href=\"%s\">%s</a>", page_url(p, "/exports/%s", owner_month(p, first)),
             say(p, W_OW_EXPORTS));
    html_put(w, "<a class=\"button\" href=\"/verify\">%s</a>", say(p, W_OW_VERIFY));
    if (page_may_open(p, ROUTE_GET, "/clinics"))
        html_put(w, "<a class=\"button\" href=\"%s\">%s</a>",
                 page_url(p, "/clinics/%s", owner_month(p, first)), say(p, W_ROLL_UP));
    html_put(w, "</nav>");
    if (!site) return;
    html_put(w, "<p>%s <a href=\"%s\">%s</a></p>", page_fill(p, W_OW_ONLY_SITE, site),
             page_url(p, "/month/%s", owner_month(p, first)), say(p, W_OW_ALL_SITES));
}

/* ---- 1 ---- */

static void put_verdict(page *p, const fl_audit *audit)
{
    html *w = &p->html;
    const size_t calls = fl_audit_calls(&audit->sections);
    if (!audit->total_count)
        html_put(w, "<p class=\"verdict\"><span class=\"state off\">%s</span></p>",
                 say(p, W_OW_NOTHING_TO_AUDIT));
    else if (calls)
        html_put(w, "<p class=\"verdict\"><span class=\"state bad\">%s</span></p>",
                 owner_fill(p, calls == 1 ? W_OW_ONE_CALL : W_OW_CALLS, page_count(p, calls),
                            page_count(p, audit->sections.sites.count), NULL));
    else
        html_put(w, "<p class=\"verdict\"><span class=\"state good\">%s</span></p>", say(p, W_OW_NO_CALL));
    html_put(w, "<p>%s %s</p>",
             page_fill(p, W_OW_ABSOLUTE_SUM, owner_count(p, (int64_t)audit->unexplained_absolute)),
             say(p, W_OW_UTC_DAYS));
}

static void put_site(page *p, const fl_audit *audit, const fl_audit_place *place)
{
    static const char *const states[] = {"off", "good", "bad", "off"};
    static const char *const codes[] = {"", "ok", "FLAG", "nothing"};
    html *w = &p->html;
    const char *name = *place->site ? place->site : "\xe2\x80\x93";
    html_put(w, "<li class=\"%s\"><h3>", place->verdict == FL_AUDIT_FLAG ? "call" : "");
    if (*place->site && !audit->options.site)
        html_put(w, "<a href=\"%s\">%s %s</a>",
                 with_site(p, owner_month(p, audit->options.from), place->site), say(p, W_OW_SITE), name);
    else
        html_put(w, "%s %s", say(p, W_OW_SITE), name);
    html_put(w, "</h3><p><span class=\"state %s\">%s</span></p><p>%s%s<strong>%s</strong>",
             states[place->verdict], owner_value(p, codes[place->verdict]), say(p, W_OW_UNEXPLAINED),
             say(p, W_OW_COLON), owner_count(p, (int64_t)place->unexplained_absolute));
    html_put(w, "<br>%s%s%s<br>%s%s%s</p></li>", owner_column(p, "flagged_days"), say(p, W_OW_COLON),
             page_count(p, place->flagged_days), owner_column(p, "exceptions"), say(p, W_OW_COLON),
             page_count(p, place->exceptions));
}

static void put_sites(page *p, const fl_audit *audit)
{
    const fl_audit_sections *s = &audit->sections;
    html *w = &p->html;
    html_put(w, "<section><h2>1 · %s</h2><ul class=\"sites\">", say(p, W_OW_S1));
    for (int calls = 1; calls >= 0; calls--)
        for (size_t i = 0; i < s->sites.count; i++)
            if ((s->sites.at[i].verdict == FL_AUDIT_FLAG) == calls) put_site(p, audit, &s->sites.at[i]);
    html_put(w, "</ul></section>");
}

/* ---- 3 to 13 ---- */

static void begin_section(page *p, int number, word title)
{
    html_put(&p->html, "<section id=\"s%d\"><h2>%d · %s</h2>", number, number, say(p, title));
}

static void end_section(page *p)
{
    html_put(&p->html, "</section>");
}

static void put_folded(page *p, word title, const fl_audit *audit, const char *table)
{
    html_put(&p->html, "<details><summary>%s</summary>", say(p, title));
    owner_table(p, audit, table, W_OW_NONE_FOUND);
    html_put(&p->html, "</details>");
}

static bool first_of(const fl_audit *audit, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(audit->totals[i].dev, audit->totals[index].dev) == 0) return false;
    return true;
}

static void put_counters(page *p, const fl_audit *audit)
{
    html *w = &p->html;
    begin_section(p, 3, W_OW_S3);
    owner_table(p, audit, "devices", W_OW_NOTHING_TO_AUDIT);
    if (audit->total_count)
        html_put(w, "<p class=\"sum\">%s</p>",
                 page_fill(p, W_OW_ABSOLUTE_SUM, owner_count(p, (int64_t)audit->unexplained_absolute)));
    for (size_t i = 0; i < audit->total_count; i++) owner_days_picture(p, audit, &audit->totals[i]);
    put_folded(p, W_OW_DAY_BY_DAY, audit, "days");
    html_put(w, "<p class=\"hint\">%s</p>", say(p, W_OW_FORMULA));
    end_section(p);
}

static void put_forecasts(page *p, const fl_audit *audit)
{
    html *w = &p->html;
    html_put(w, "<ul>");
    for (size_t i = 0; i < audit->sections.service.count; i++) {
        char forecast[FL_AUDIT_FORECAST_MAX];
        const fl_audit_service *v = &audit->sections.service.at[i];
        html_put(w, "<li>%s%s", v->dev, say(p, W_OW_COLON));
        if (p->language == FRENCH && v->due_known && v->weeks_high < 1e6 && v->weeks > 0)
            html_put(w, "%s",
                     owner_fill(p, W_OW_FORECAST, page_number(p, v->weeks, 0),
                                page_number(p, v->weeks_low, 1), page_number(p, v->weeks_high, 1)));
        else
            page_put_said(p, fl_audit_forecast_text(v, forecast));
        html_put(w, "</li>");
    }
    html_put(w, "</ul>");
}

static void put_middle(page *p, const fl_audit *audit)
{
    begin_section(p, 4, W_OW_S4);
    owner_table(p, audit, "use", W_OW_NO_SESSION);
    put_folded(p, W_OW_SESSIONS, audit, "sessions");
    end_section(p);
    begin_section(p, 5, W_OW_S5);
    owner_table(p, audit, "overrides", W_OW_NO_OVERRIDE);
    owner_table(p, audit, "causes", W_OW_NO_CAUSE);
    end_section(p);
    begin_section(p, 6, W_OW_S6);
    owner_table(p, audit, "harm", W_OW_NO_HARM);
    owner_table(p, audit, "rates", W_NONE);
    owner_table(p, audit, "follow_ups", W_OW_NO_FOLLOW_UP);
    end_section(p);
    begin_section(p, 7, W_OW_S7);
    owner_table(p, audit, "test_spots", W_OW_NO_SPOT_GAP);
    end_section(p);
    begin_section(p, 8, W_OW_S8);
    for (size_t i = 0; i < audit->total_count; i++)
        if (first_of(audit, i)) owner_energy_picture(p, audit, audit->totals[i].dev);
    owner_table(p, audit, "energy", W_OW_NO_CHECK);
    end_section(p);
}

static void put_rest(page *p, const fl_audit *audit)
{
    begin_section(p, 9, W_OW_S9);
    put_forecasts(p, audit);
    owner_table(p, audit, "service", W_OW_NONE_FOUND);
    end_section(p);
    begin_section(p, 10, W_OW_S10);
    owner_table(p, audit, "certificates", W_OW_NONE_FOUND);
    end_section(p);
    begin_section(p, 11, W_OW_S11);
    owner_table(p, audit, "missing", W_OW_NOTHING_MISSING);
    if (audit->unlooked[0]) {
        html_put(&p->html, "<p class=\"hint\">");
        page_put_said(p, audit->unlooked);
        html_put(&p->html, "</p>");
    }
    owner_table(p, audit, "corrections", W_OW_NO_CORRECTION);
    end_section(p);
    begin_section(p, 12, W_OW_S12);
    owner_table(p, audit, "journals", W_NONE);
    html_put(&p->html, "<p><a class=\"button\" href=\"/verify\">%s</a></p>", say(p, W_OW_VERIFY_HOW));
    end_section(p);
    begin_section(p, 13, W_OW_S13);
    owner_table(p, audit, "money", W_OW_NO_MONEY_GAP);
    owner_table(p, audit, "invoiced", W_OW_NO_INVOICE);
    end_section(p);
    html_put(&p->html, "<section><h2>%s</h2>", say(p, W_OW_LOOKED));
    owner_table(p, audit, "looks", W_OW_NONE_FOUND);
    put_folded(p, W_OW_ACTS, audit, "acts");
    put_folded(p, W_OW_DEFINITIONS, audit, "definitions");
    end_section(p);
}

/* ---- pages ---- */

static void show(page *p, const char *month)
{
    fl_date first, last;
    owner_audit o;
    const char *site = page_given(p, "site");
    if (!owner_read_month(month, &first, &last)) return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    if (site && strlen(site) > FL_AUDIT_SITE_MAX) return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    if (!owner_open(p, first, last, site && *site ? site : NULL, &o)) return;
    page_begin(p, page_fill(p, W_OW_MONTH_OF, owner_month(p, first)));
    owner_damage(p, o.log);
    put_ways(p, o.audit);
    put_verdict(p, o.audit);
    put_sites(p, o.audit);
    owner_exceptions(p, o.audit, "2 · ");
    put_counters(p, o.audit);
    put_middle(p, o.audit);
    put_rest(p, o.audit);
    owner_close(p, &o);
    page_end(p);
}

void page_month(page *p)
{
    show(p, page_part(p, 0));
}

void page_month_now(page *p)
{
    show(p, owner_month(p, p->today));
}
