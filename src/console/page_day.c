/* Day: what the counters moved that day, what was found, and its sessions. The same audit, of one day. */
#include "owner.h"

void page_day(page *p)
{
    fl_date day;
    owner_audit o;
    html *w = &p->html;
    if (fl_date_read(page_part(p, 0), &day) != FL_OK) return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    if (!owner_open(p, day, day, NULL, &o)) return;
    page_begin(p, page_fill(p, W_OW_DAY_OF, page_date(p, day)));
    owner_damage(p, o.log);
    const char *before = page_date(p, fl_date_add_days(day, -1)),
               *after = page_date(p, fl_date_add_days(day, 1));
    html_put(w,
             "<nav class=\"months\" aria-label=\"%s\"><a class=\"button\" rel=\"prev\" href=\"%s\">← %s</a>",
             say(p, W_OW_DAYS), page_url(p, "/day/%s", before), before);
    html_put(
        w,
        "<a class=\"button\" rel=\"next\" href=\"%s\">%s →</a><a class=\"button\" href=\"%s\">%s</a></nav>",
        page_url(p, "/day/%s", after), after, page_url(p, "/month/%s", owner_month(p, day)),
        page_fill(p, W_OW_MONTH_OF, owner_month(p, day)));
    html_put(w, "<p>%s</p>", say(p, W_OW_UTC_DAYS));
    owner_exceptions(p, o.audit, "");
    html_put(w, "<section><h2>%s</h2>", say(p, W_OW_S3));
    owner_table(p, o.audit, "devices", W_OW_NOTHING_TO_AUDIT);
    html_put(w, "</section><section><h2>%s</h2>", say(p, W_OW_SESSIONS));
    owner_table(p, o.audit, "sessions", W_OW_NO_SESSION);
    html_put(w, "</section><section><h2>%s</h2>", say(p, W_OW_S8));
    owner_table(p, o.audit, "energy", W_OW_NO_CHECK);
    html_put(w, "</section><section><h2>%s</h2>", say(p, W_OW_LOOKED));
    owner_table(p, o.audit, "looks", W_OW_NONE_FOUND);
    owner_table(p, o.audit, "acts", W_NONE);
    html_put(w, "</section>");
    owner_close(p, &o);
    page_end(p);
}
