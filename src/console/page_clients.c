/* Clients by code: who was here, when last, and what is open. A press opens one; that it was opened is
 * written in the journal first. Names are not on these pages. */
#include "book.h"
#include "client_parts.h"

#include "fadeline/base/client_code.h"

#include <string.h>

fl_status client_book(const page *p, client_books *b, fl_error *error)
{
    *b = (client_books){0};
    if (!book_exists(p)) return FL_OK;
    fl_status status = book_look(p, &b->journal, error);
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_size(b->journal); i++) {
        fl_record record;
        status = fl_journal_record(b->journal, i, &record);
        if (status == FL_OK) status = fl_care_take(&b->care, &record, i);
        if (status == FL_OK) status = fl_follow_take(&b->follow, &record, i);
        if (status != FL_OK)
            fl_error_set(error, status, "entry %llu of the journal cannot be read", (unsigned long long)i);
    }
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

void page_clients(page *p)
{
    static const word heads[] = {W_S_CLIENT, W_CLIENT_LAST, W_CLIENT_SESSIONS, W_STATE};
    client_books b;
    fl_error error = {0};
    html *w = &p->html;
    if (client_book(p, &b, &error) != FL_OK) {
        client_book_fini(&b);
        return page_failed(p, &error);
    }
    page_begin(p, say(p, W_CLIENTS));
    html_put(w, "<p>%s</p>", say(p, W_CLIENTS_NOTE));
    if (page_may_open(p, ROUTE_GET, "/case"))
        html_put(w, "<p><a class=\"button\" href=\"/case\">%s</a></p>", say(p, W_CASE_NEW));
    if (page_may_open(p, ROUTE_POST, "/identity/add"))
        html_put(w, "<p><a class=\"button\" href=\"/identity\">%s</a></p>", say(p, W_IDENTITY_NEW));
    if (b.care.count) {
        html_put(w, "<table><thead><tr>");
        for (size_t i = 0; i < 4; i++) html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
        html_put(w, "</tr></thead><tbody>");
        for (size_t i = b.care.count; i-- > 0;) put_client(p, &b, &b.care.list[i]);
        html_put(w, "</tbody></table>");
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
