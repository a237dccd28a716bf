/* Follow-ups that nobody did, as of today: 24 hours, 7 days and 6 weeks after a session, the longest overdue
 * first. */
#include "owner.h"

void page_follow_ups(page *p)
{
    owner_audit o;
    html *w = &p->html;
    if (!book_exists(p)) { /* a clinic on its first day */
        page_begin(p, say(p, W_OW_FOLLOW_UPS));
        html_put(w, "<p>%s</p>", say(p, W_JOURNAL_NEW));
        return page_end(p);
    }
    if (!owner_open(p, p->today, p->today, NULL, &o)) return;
    const fl_audit_sections *s = &o.audit->sections;
    page_begin(p, say(p, W_OW_FOLLOW_UPS));
    owner_damage(p, o.log);
    html_put(w, "<p>%s</p><dl class=\"facts\">", page_fill(p, W_OW_FOLLOW_UPS_WHY, page_date(p, p->today)));
    const struct {
        const char *key;
        uint64_t count;
    } facts[] = {{"follow_ups_due", s->tasks_due},
                 {"follow_ups_done", s->tasks_done},
                 {"follow_ups_open", s->tasks_due - s->tasks_done}};
    for (size_t i = 0; i < 3; i++)
        html_put(w, "<div><dt>%s</dt><dd class=\"digits\">%s</dd></div>", owner_column(p, facts[i].key),
                 page_count(p, facts[i].count));
    html_put(w, "</dl>");
    owner_table_paged(p, o.audit, "follow_ups", W_OW_NO_FOLLOW_UP, "/follow-ups");
    owner_close(p, &o);
    page_end(p);
}
