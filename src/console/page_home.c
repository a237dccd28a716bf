/* The first page: what this console is, and where to go. Without a sign-in it says nothing of any client. */
#include "book.h"
#include "by_hand_parts.h"
#include "page.h"

static void put_journal(page *p)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    fl_record record;
    int64_t when = 0;
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_JOURNAL));
    if (!book_exists(p)) {
        html_put(w, "<p>%s</p></section>", say(p, W_JOURNAL_NEW));
        return;
    }
    fl_status status = book_look(p, &journal, &error);
    const uint64_t size = status == FL_OK ? fl_journal_size(journal) : 0;
    if (size) status = fl_journal_record(journal, size - 1, &record);
    if (status == FL_OK && size && fl_record_int(&record, "utc_us", &when) != FL_OK) when = 0;
    if (status == FL_OK)
        html_put(w,
                 "<dl class=\"facts\"><div><dt>%s</dt><dd "
                 "class=\"digits\">%s</dd></div><div><dt>%s</dt><dd>%s</dd></div></dl>",
                 say(p, W_ENTRIES), page_count(p, size), say(p, W_NEWEST),
                 when ? page_time(p, (fl_utc){when}) : say(p, W_NEVER));
    else
        page_put_no(p, error.what, error.hint);
    html_put(w, "</section>");
    fl_journal_close(journal);
}

static void put_ways(page *p)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><ul class=\"ways\">", say(p, W_WHERE_TO));
    for (size_t n = 0; routes_at(n); n++) {
        const route *r = routes_at(n);
        if (r->nav == W_NONE || r->nav == W_HOME || !page_may(p, r->who) || (p->far && r->how & ROUTE_NEAR))
            continue;
        html_put(w, "<li><a href=\"%s\">%s</a></li>", r->path, say(p, r->nav));
    }
    html_put(w, "</ul></section>");
}

void page_home(page *p)
{
    html *w = &p->html;
    page_begin(p, say(p, W_HOME));
    html_put(w, "<p class=\"day\">%s</p>", page_date(p, p->today));
    if (p->roles) {
        if (page_may(p, MAY(OPERATOR)) && !by_hand_runs(by_hand_of(p))) by_hand_put_left(p);
        put_ways(p);
        put_journal(p);
    } else {
        html_put(w, "<p>%s</p><p><a class=\"button main\" href=\"/sign-in\">%s</a></p>",
                 say(p, W_SIGN_IN_FIRST), say(p, W_SIGN_IN));
    }
    page_end(p);
}
