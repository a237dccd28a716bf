/* A service: the counter before and after the work, so that the match goes on. A form that is checked,
 * written once and answered by a page of its own. */
#include "book.h"
#include "page.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/names.h"

#include <stdlib.h>
#include <string.h>

typedef struct service { /* what was typed, and what is wrong with it */
    const char *dev, *doc;
    uint64_t old, after;
    word wrong_dev, wrong_old, wrong_after, wrong_doc;
} service;

/* The lasers that the journal has counters of, in `names`, as many as fit. */
static size_t lasers_of(page *p, const char *names[], size_t most)
{
    fl_journal *journal;
    size_t count = 0;
    if (!book_exists(p) || book_look(p, &journal, NULL) != FL_OK) return 0;
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        char dev[FL_DEVICE_ID_MAX + 1];
        if (fl_journal_record(journal, i, &record) != FL_OK) break;
        if (fl_record_text(&record, "dev", dev, sizeof dev) != FL_OK) continue;
        size_t n = 0;
        while (n < count && strcmp(names[n], dev) != 0) n++;
        if (n == count && count < most) names[count++] = page_format(p, "%s", dev);
    }
    fl_journal_close(journal);
    return count;
}

static void show(page *p, const service *s)
{
    enum { MOST = 24 };
    const char *names[MOST];
    html *w = &p->html;
    const size_t count = lasers_of(p, names, MOST);
    page_begin(p, say(p, W_SERVICE));
    html_put(w, "<p>%s</p>", say(p, W_SERVICE_WHY));
    const char *entry = p->request->route->method == ROUTE_GET ? page_given(p, "recorded") : NULL;
    uint64_t number;
    if (entry && fl_read_u64(entry, &number) == FL_OK)
        html_put(w, "<div class=\"yes\" role=\"status\"><p>%s</p></div>",
                 page_fill(p, W_RECORDED, page_count(p, number)));
    if (!count) {
        html_put(w, "<p>%s</p>", say(p, W_NO_COUNTERS));
        return page_end(p);
    }
    page_form(p, "/service");
    page_choice(p, "dev", W_LASER, names, names, count, s->wrong_dev);
    page_input(p, "old", "number", W_COUNTER_BEFORE, W_NONE, s->wrong_old);
    page_input(p, "new", "number", W_COUNTER_AFTER, W_NONE, s->wrong_after);
    page_input(p, "doc", "text", W_SERVICE_PAPER, W_SERVICE_PAPER_HINT, s->wrong_doc);
    page_form_end(p, W_RECORD_IT);
    page_end(p);
}

void page_service(page *p)
{
    show(p, &(service){0});
}

/* Every fault at once. */
static bool read_form(page *p, service *s)
{
    const char *old = page_given(p, "old"), *after = page_given(p, "new");
    s->dev = page_given(p, "dev");
    s->doc = page_given(p, "doc");
    if (!s->dev || !*s->dev || strlen(s->dev) > FL_DEVICE_ID_MAX) s->wrong_dev = W_WANTS_CHOICE;
    if (!old || fl_read_u64(old, &s->old) != FL_OK || s->old > FL_ENTRY_INT_MAX) s->wrong_old = W_WANTS_WHOLE;
    if (!after || fl_read_u64(after, &s->after) != FL_OK || s->after > FL_ENTRY_INT_MAX)
        s->wrong_after = W_WANTS_WHOLE;
    if (!s->doc || !s->doc[strspn(s->doc, " ")] || strlen(s->doc) > 200 || !fl_entry_takes(s->doc))
        s->wrong_doc = W_WANTS_TEXT;
    else if (page_names_client(p, s->doc, NULL))
        s->wrong_doc = W_NAMES_CLIENT;
    return !s->wrong_dev && !s->wrong_old && !s->wrong_after && !s->wrong_doc;
}

/* Against the records as they are at the moment of writing. */
static fl_status check(void *self, fl_journal *journal, fl_error *error)
{
    service *s = self;
    fl_counter_state state;
    if (!fl_journal_counter(journal, s->dev, &state))
        s->wrong_dev = W_WANTS_CHOICE;
    else if (state.outstanding || state.in_session)
        s->wrong_dev = W_OPEN_SESSION;
    else if (state.known && s->old < state.ctr)
        s->wrong_old = W_RUNS_BACK;
    return s->wrong_dev || s->wrong_old ? fl_error_set(error, FL_E_NO, "the records do not agree") : FL_OK;
}

void page_service_post(page *p)
{
    service s = {0};
    fl_entry entry;
    fl_error error = {0};
    uint64_t index = 0;
    fl_status status = read_form(p, &s) ? FL_OK : FL_E_NO;
    if (status == FL_OK) {
        fl_entry_begin(&entry, FL_KIND_SERVICE);
        fl_entry_count(&entry, "old", s.old);
        fl_entry_count(&entry, "new", s.after);
        fl_entry_text(&entry, "doc", s.doc);
        fl_entry_text(&entry, "who", p->visitor->who);
        fl_entry_device(&entry, s.dev, p->simulated);
        status = book_write_if(p, check, &s, &entry, 1, &index, &error);
    }
    if (status == FL_OK)
        return page_redirect(p, page_format(p, "/service?recorded=%llu", (unsigned long long)index));
    if (!s.wrong_dev && !s.wrong_old && !s.wrong_after && !s.wrong_doc) return page_failed(p, &error);
    p->status = 422;
    show(p, &s);
}
