/* Clients by code: who was here, when last, and what is open. A press opens one; that it was opened is
 * written in the journal first. Names are not on these pages. */
#include "book.h"
#include "client_parts.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"
#include "fadeline/report/history.h"

#include <string.h>

#define CLIENTS_SHOWN 100 /* the newest first */

fl_status client_book(const page *p, client_books *b, fl_error *error)
{
    *b = (client_books){0};
    if (!book_exists(p)) return FL_OK;
    fl_history history = {0}; /* who was treated before a new log began was treated here all the same */
    fl_status status = book_look(p, &b->journal, error);
    if (status == FL_OK) status = fl_history_read(b->journal, &history, error);
    for (uint64_t i = history.from; status == FL_OK && i < history.length && !b->cut; i++) {
        fl_record record;
        if (fl_journal_past(b->journal, i, &record) != FL_OK) {
            b->cut = true;
            b->cut_at = i;
            break;
        }
        status = fl_care_take(&b->care, &record, i);
        if (status == FL_OK) status = fl_follow_take(&b->follow, &record, i);
    }
    if (status != FL_OK && !error->what[0])
        fl_error_set(error, status, "the journal's clients cannot be read");
    fl_history_fini(&history);
    if (status == FL_OK) status = fl_follow_ups(&b->follow, p->today, &b->tasks, &b->task_count);
    return status;
}

void client_book_fini(client_books *b)
{
    free(b->tasks);
    fl_follow_fini(&b->follow);
    fl_care_fini(&b->care);
    fl_journal_close(b->journal);
}

size_t client_open_tasks(const client_books *b, const char *code)
{
    size_t open = 0;
    for (size_t i = 0; i < b->task_count; i++)
        open += strcmp(b->tasks[i].visit->pat, code) == 0 &&
                (b->tasks[i].state == FL_FOLLOW_DUE || b->tasks[i].state == FL_FOLLOW_OVERDUE);
    return open;
}

void client_put_cut(page *p, const client_books *b)
{
    if (!b->cut) return;
    html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p><p><a href=\"/verify\">%s</a></p></div>",
             page_fill(p, W_CLIENTS_CUT, page_count(p, b->cut_at)), say(p, W_OW_VERIFY));
}

static void put_client(page *p, const client_books *b, const fl_care *c)
{
    html *w = &p->html;
    const size_t open = client_open_tasks(b, c->code);
    html_put(w, "<tr><th scope=\"row\">");
    if (page_may_open(p, ROUTE_POST, "/client")) {
        page_form(p, "/client");
        html_put(w, "<input type=\"hidden\" name=\"code\" value=\"%s\"><button>%s</button></form>", c->code,
                 c->code);
    } else {
        html_put(w, "%s", c->code);
    }
    html_put(w, "</th><td>%s</td><td class=\"number\">%s</td><td>", page_date(p, c->last),
             page_count(p, c->sessions));
    if (c->erased) html_put(w, "<span class=\"state off\">%s</span>", say(p, W_CLIENT_ERASED));
    if (c->hold) html_put(w, "<span class=\"state warn\">%s</span> ", say(p, W_CLIENT_HOLD));
    if (open)
        html_put(w, "<span class=\"state warn\">%s</span>",
                 page_fill(p, W_CLIENT_OPEN_TASKS, page_count(p, open)));
    html_put(w, "</td></tr>");
}

/* Who knows the code need not look for it. */
static void put_search(page *p)
{
    if (!page_may_open(p, ROUTE_POST, "/client")) return;
    page_form(p, "/client");
    page_input(p, "code", "text", W_CLIENT_CODE, W_NONE, W_NONE);
    page_form_end(p, W_OW_LOOK_OPEN);
}

void page_clients(page *p)
{
    uint64_t from = 0;
    const char *given = page_given(p, "from");
    static const word heads[] = {W_S_CLIENT, W_CLIENT_LAST, W_CLIENT_SESSIONS, W_STATE};
    client_books b;
    fl_error error = {0};
    html *w = &p->html;
    if (client_book(p, &b, &error) != FL_OK) {
        client_book_fini(&b);
        return page_failed(p, &error);
    }
    if (given && (fl_read_u64(given, &from) != FL_OK || from >= b.care.count)) from = 0;
    page_begin(p, say(p, W_CLIENTS));
    client_put_cut(p, &b);
    html_put(w, "<p>%s</p>", say(p, W_CLIENTS_NOTE));
    if (b.care.count > CLIENTS_SHOWN) put_search(p);
    if (page_may_open(p, ROUTE_GET, "/case"))
        html_put(w, "<p><a class=\"button\" href=\"/case\">%s</a></p>", say(p, W_CASE_NEW));
    if (page_may_open(p, ROUTE_POST, "/identity/add"))
        html_put(w, "<p><a class=\"button\" href=\"/identity\">%s</a></p>", say(p, W_IDENTITY_NEW));
    if (b.care.count) {
        html_put(w, "<table><thead><tr>");
        for (size_t i = 0; i < 4; i++) html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
        html_put(w, "</tr></thead><tbody>");
        const size_t last = b.care.count > from ? b.care.count - from : 0;
        for (size_t i = last, shown = 0; i-- > 0 && shown < CLIENTS_SHOWN; shown++)
            put_client(p, &b, &b.care.list[i]);
        html_put(w, "</tbody></table>");
        page_paging(p, "/clients", from, CLIENTS_SHOWN, b.care.count);
    } else {
        html_put(w, "<p>%s</p>", say(p, W_CLIENTS_NONE));
    }
    page_end(p);
    client_book_fini(&b);
}

/* Written down, then seen. While a session holds the journal it cannot be, and the page says so. */
void page_client_post(page *p)
{
    fl_entry entry;
    fl_error error = {0};
    const char *code = page_given(p, "code");
    if (!code || !fl_client_code_is(code)) return page_refuse(p, 404, say(p, W_CLIENT_NONE), NULL);
    fl_entry_begin(&entry, FL_KIND_LOOK);
    fl_entry_text(&entry, "pat", code);
    fl_entry_text(&entry, "what", "record");
    fl_entry_text(&entry, "who", p->visitor->who);
    if (book_write(p, &entry, 1, NULL, &error) != FL_OK) return page_failed(p, &error);
    page_redirect(p, page_given(p, "to") ? page_way_back(p) : page_url(p, "/client/%s", code));
}
