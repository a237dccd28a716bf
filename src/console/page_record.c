/* Record: one session, as its paper has it, on a screen. Opening the record of a client is itself written
 * down, as `fadeline record look` does; a certificate that has ended does not stop it. What the tables hold:
 * record_tables.c. */
#include "owner.h"
#include "record_tables.h"

#include "core.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/look.h"

#include <stdlib.h>
#include <string.h>

/* Whether this person's look at this client's record stands in the journal, not long ago. */
bool record_was_looked_at(const page *p, fl_journal *journal, const char *pat, uint64_t entries)
{
    const fl_clock *clock = &p->console->clock;
    const int64_t since = clock->utc(clock->self).us - RECORD_LOOK_US;
    for (uint64_t i = entries; i-- > 0;) {
        fl_record record;
        fl_look look;
        int64_t at;
        if (fl_journal_record(journal, i, &record) != FL_OK ||
            fl_record_int(&record, "utc_us", &at) != FL_OK || at < since)
            return false;
        if (fl_look_of(&record, i, pat, &look) && look.kind == FL_KIND_LOOK &&
            strcmp(look.what, "record") == 0 && strcmp(look.who, p->visitor->who) == 0)
            return true;
    }
    return false;
}

typedef struct opened {
    owner_audit log; /* for what verification says */
    fl_journal *journal;
    fl_session_record *record;
} opened;

static void close_record(page *p, opened *o)
{
    fl_session_record_free(o->record);
    fl_journal_close(o->journal);
    owner_close(p, &o->log);
}

/* The record of :sid. false: the page says why not. */
static bool open_record(page *p, opened *o)
{
    fl_error error = {0};
    fl_session_options options = {0};
    *o = (opened){0};
    if (fl_read_u64(page_part(p, 0), &options.sid) != FL_OK)
        return page_refuse(p, 404, say(p, W_OW_NO_SUCH_SESSION), NULL), false;
    if (!owner_open(p, p->today, p->today, NULL, &o->log)) return false;
    if (o->log.log->damaged) options.entries = fl_verify_good(o->log.log);
    fl_status status = book_look(p, &o->journal, &error);
    if (status == FL_OK) status = fl_session_record_new(o->journal, &options, &o->record, &error);
    if (status == FL_OK) return true;
    close_record(p, o);
    if (status == FL_E_NO)
        page_refuse(p, 404, say(p, W_OW_NO_SUCH_SESSION), NULL);
    else
        page_failed(p, &error);
    return false;
}

/* A damaged journal takes no entry: who looks then is told so, and the evidence stays readable. */
static bool may_read(const page *p, const opened *o)
{
    return !o->record->pat[0] || o->log.log->damaged ||
           record_was_looked_at(p, o->journal, o->record->pat, fl_journal_size(o->journal));
}

void record_ask_to_look(page *p, const char *pat, const char *sid, const char *to)
{
    html *w = &p->html;
    page_begin(p, page_fill(p, W_OW_SESSION_OF, sid));
    html_put(w, "<p>%s</p>", page_fill(p, W_OW_LOOK_WHY, pat));
    page_form(p, "/record");
    html_put(w, "<input type=\"hidden\" name=\"sid\" value=\"%s\">", sid);
    html_put(w, "<input type=\"hidden\" name=\"to\" value=\"%s\">", to);
    page_form_end(p, W_OW_LOOK_OPEN);
    page_end(p);
}

static void ask_to_look(page *p, const fl_session_record *r)
{
    record_ask_to_look(p, r->pat, page_part(p, 0), page_url(p, "/record/%s", page_part(p, 0)));
}

void page_record(page *p)
{
    opened o;
    html *w = &p->html;
    if (!open_record(p, &o)) return;
    if (!may_read(p, &o)) {
        ask_to_look(p, o.record);
        return close_record(p, &o);
    }
    page_begin(p, page_fill(p, W_OW_SESSION_OF, page_part(p, 0)));
    owner_damage(p, o.log.log);
    if (o.log.log->damaged && o.record->pat[0])
        html_put(w, "<p class=\"hint\">%s</p>", say(p, W_OW_LOOK_LOST));
    char day[11];
    const fl_date opened_on = fl_date_of((fl_utc){o.record->opened_us});
    html_put(w, "<nav class=\"months\" aria-label=\"%s\">", say(p, W_OW_DAYS));
    if (page_may(p, OVERSIGHT))
        html_put(w, "<a class=\"button\" href=\"%s\">← %s</a>",
                 page_url(p, "/day/%s", fl_date_text(opened_on, day)),
                 page_fill(p, W_OW_DAY_OF, page_date(p, opened_on)));
    html_put(w, "<a class=\"button\" href=\"%s\">PDF</a></nav>",
             page_url(p, "/record/%s/paper", page_part(p, 0)));
    record_facts(p, o.record);
    record_zones(p, o.record);
    record_intervals(p, o.record);
    record_counter(p, o.record);
    record_remarks(p, o.record);
    record_pulses(p, o.journal, o.record);
    record_foot(p, o.record);
    close_record(p, &o);
    page_end(p);
}

void page_record_paper(page *p)
{
    opened o;
    char *bytes = NULL;
    size_t size = 0;
    fl_error error = {0};
    if (!open_record(p, &o)) return;
    if (!may_read(p, &o)) {
        ask_to_look(p, o.record);
    } else if (o.log.log->damaged) {
        page_refuse(p, 409, say(p, W_OW_DAMAGE_NO_PAPER), NULL);
    } else {
        const fl_status status = fl_session_record_paper(o.record, &bytes, &size, &error);
        page_file_made(p, status, &error, "application/pdf",
                       page_format(p, "%ssession-%s.pdf", p->simulated ? "SIMULATED-" : "", page_part(p, 0)),
                       bytes, size);
    }
    close_record(p, &o);
}

/* The client of a session; "" when it was on nobody. false: there is none. */
static bool client_of(page *p, uint64_t sid, char pat[FL_SESSION_NAME], fl_error *error)
{
    fl_journal *journal;
    bool found = false;
    if (book_look(p, &journal, error) != FL_OK) return false;
    fl_history history = {0}; /* also a session of an older log is somebody's */
    const bool read = fl_history_read(journal, &history, error) == FL_OK;
    for (uint64_t i = history.from; read && i < history.length && !found; i++) {
        fl_record record;
        uint64_t number;
        if (fl_journal_past(journal, i, &record) != FL_OK) break;
        found = fl_record_is(&record, FL_KIND_SESSION_OPEN) &&
                fl_record_count(&record, "sid", &number) == FL_OK && number == sid &&
                fl_record_text(&record, "pat", pat, FL_SESSION_NAME) == FL_OK;
    }
    fl_history_fini(&history);
    fl_journal_close(journal);
    if (!found && read) fl_error_set(error, FL_E_NO, "there is no such session");
    return found;
}

void page_record_post(page *p)
{
    uint64_t sid;
    char pat[FL_SESSION_NAME];
    fl_entry entry;
    fl_error error = {0};
    const char *given = page_given(p, "sid");
    if (!given || fl_read_u64(given, &sid) != FL_OK)
        return page_refuse(p, 404, say(p, W_OW_NO_SUCH_SESSION), NULL);
    if (!client_of(p, sid, pat, &error)) return page_failed(p, &error);
    fl_entry_begin(&entry, FL_KIND_LOOK);
    fl_entry_text(&entry, "pat", pat);
    fl_entry_text(&entry, "what", "record");
    fl_entry_text(&entry, "who", p->visitor->who);
    if (book_write(p, &entry, 1, NULL, &error) != FL_OK) return page_failed(p, &error);
    page_redirect(p, page_given(p, "to") ? page_way_back(p) : page_url(p, "/record/%s", given));
}
