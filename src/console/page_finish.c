/* The end of a session: what no machine sees, in fixed words; then the papers and the next date. While the
 * session runs its notes go to control; when it has ended, the papers of the newest one are here. */
#include "session_parts.h"

#include "book.h"
#include "core.h"
#include "record_tables.h"
#include "visit.h"

#include "fadeline/base/text.h"
#include "fadeline/session/said.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- notes ---- */

static word about_word(const char *about)
{
    static const struct {
        const char *about;
        word shown;
    } rows[] = {{"pain", W_FINISH_PAIN},           {"reaction", W_FINISH_REACTION},
                {"cooling", W_FINISH_COOLING},     {"anaesthetic", W_FINISH_ANAESTHETIC},
                {"aftercare", W_FINISH_AFTERCARE}, {"photos", W_FINISH_PHOTOS}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fl_text_same(rows[i].about, about)) return rows[i].shown;
    return W_NONE;
}

/* One of several: a button each, and one touch is it. Several together: boxes, and one button. */
static void put_words(page *p, const char *about, const char *words, bool several)
{
    html *w = &p->html;
    html_put(w, "<div class=\"row\">");
    for (const char *at = words; *at; at += strspn(at, " ")) {
        const size_t size = strcspn(at, " ");
        const char *value = page_format(p, "%.*s", (int)size, at);
        const word shown = session_word("SAID", value);
        const char *text = shown ? say(p, shown) : value;
        if (several)
            html_put(w,
                     "<label class=\"box\"><input type=\"checkbox\" name=\"said\" "
                     "value=\"%s\"><span>%s</span></label>",
                     value, text);
        else
            html_put(w, "<button name=\"said\" value=\"%s\">%s</button>", value, text);
        at += size;
    }
    html_put(w, "</div>");
    if (several)
        html_put(w, "<button aria-label=\"%s: %s\">%s</button>", say(p, about_word(about)),
                 say(p, W_FINISH_SAVE), say(p, W_FINISH_SAVE));
}

static void put_note(page *p, const char *about, const char *words)
{
    html *w = &p->html;
    const bool several = fl_text_same(about, "reaction") || fl_text_same(about, "photos");
    session_form(p, "note");
    html_put(w, "<input type=\"hidden\" name=\"about\" value=\"%s\"><fieldset><legend>%s</legend>", about,
             say(p, about_word(about)));
    if (words[0]) {
        put_words(p, about, words, several);
    } else {
        html_put(w, "<div class=\"field\"><label class=\"hint\" for=\"said-%s\">%s</label>", about,
                 say(p, W_FINISH_AFTERCARE_HINT));
        html_put(w, "<input id=\"said-%s\" name=\"said\" type=\"text\" required></div><button>%s</button>",
                 about, say(p, W_FINISH_SAVE));
    }
    html_put(w, "<p class=\"told\" aria-live=\"polite\"></p></fieldset></form>");
}

static void put_notes(page *p, const live_view *v)
{
    html *w = &p->html;
    const char *about, *words;
    for (size_t i = 0; (about = fl_said_about(i, &words)); i++) put_note(p, about, words);
    html_put(w, "<section><p>%s</p>",
             say(p, live_is_armed(v->status.state) ? W_FINISH_ARMED : W_FINISH_CLOSE_NOTE));
    session_form(p, "end");
    page_form_end(p, W_FINISH_CLOSE);
    html_put(w, "</section>");
}

/* ---- papers ---- */

/* The newest session of the journal, looked for from its end; 0: none, or the journal cannot be read
 * (*error). */
static uint64_t newest_session(const page *p, fl_error *error)
{
    fl_journal *journal = NULL;
    fl_record record;
    uint64_t sid = 0;
    if (book_exists(p) && book_look(p, &journal, error) == FL_OK)
        for (uint64_t n = fl_journal_size(journal); n > 0 && !sid; n--)
            if (fl_journal_record(journal, n - 1, &record) != FL_OK ||
                (fl_record_is(&record, FL_KIND_SESSION_OPEN) &&
                 fl_record_count(&record, "sid", &sid) != FL_OK))
                break;
    fl_journal_close(journal);
    return sid;
}

typedef fl_status paper_writer(const page *p, const visit_file *m, const char *path, fl_error *error);

/* In the language that was asked for, else the reader's. */
static fl_client_paper client_paper(const page *p, const visit_file *m)
{
    const char *lang = page_given(p, "lang");
    fl_client_paper paper = visit_paper(p, m);
    if (lang) paper.lang = fl_text_same(lang, "fr") ? FL_LANG_FR : FL_LANG_EN;
    return paper;
}

static fl_status write_sheet(const page *p, const visit_file *m, const char *path, fl_error *error)
{
    const fl_client_paper paper = client_paper(p, m);
    return fl_client_sheet_pdf(&paper, path, error);
}

static fl_status write_next(const page *p, const visit_file *m, const char *path, fl_error *error)
{
    const fl_client_paper paper = client_paper(p, m);
    return fl_calendar_write(&paper, path, error);
}

/* The writers write files: one of our own, read back and gone at once. */
static fl_status make(const page *p, const visit_file *m, paper_writer *writer, const char *end, char **bytes,
                      size_t *size, fl_error *error)
{
    enum { MOST = 8 << 20 };
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + 32];
    if (snprintf(folder, sizeof folder, "%s/paper-XXXXXX", p->console->home) >= (int)sizeof folder ||
        !mkdtemp(folder))
        return fl_error_set(error, FL_E_IO, "there is no place for this paper");
    snprintf(path, sizeof path, "%s/paper.%s", folder, end);
    fl_status status = writer(p, m, path, error);
    if (status == FL_OK) status = fl_place_read(path, MOST, bytes, size, error);
    unlink(path);
    rmdir(folder);
    return status;
}

/* An exercise at the clinic's own console: its papers are elsewhere, and no newest session of here is meant.
 */
static bool was_exercise(const page *p, const live_view *v)
{
    return v->ever && v->training && !p->simulated;
}

/* Whose session it was, at this console and a moment ago: the client stands in the room. */
static bool is_own_and_fresh(const page *p, uint64_t sid, const fl_session_record *r)
{
    const fl_clock *clock = &p->console->clock;
    live_view *v = calloc(1, sizeof *v);
    if (v) live_look(session_live(p), v);
    const bool here = v && v->ever && !v->running && !was_exercise(p, v);
    free(v);
    return here && r->closed && fl_text_same(r->who, p->visitor->who) &&
           clock->utc(clock->self).us - r->closed_us < RECORD_LOOK_US && newest_session(p, NULL) == sid;
}

/* A client's paper is read like a client's record: the look is written down first. */
static bool may_hand_out(const page *p, uint64_t sid, const visit_file *m)
{
    const fl_session_record *r = m->record;
    return !r->pat[0] || is_own_and_fresh(p, sid, r) ||
           record_was_looked_at(p, m->journal, r->pat, fl_journal_size(m->journal));
}

static void give(page *p, paper_writer *writer, const char *what, const char *end, const char *type)
{
    uint64_t sid = 0;
    char *bytes = NULL;
    size_t size = 0;
    fl_error error = {0};
    if (fl_read_u64(page_part(p, 0), &sid) != FL_OK || !sid)
        return page_refuse(p, 404, say(p, W_NO_PAGE), NULL);
    visit_file m = {0};
    if (visit_open(p, sid, &m, &error) != FL_OK)
        page_failed(p, &error);
    else if (!may_hand_out(p, sid, &m))
        record_ask_to_look(p, m.record->pat, page_part(p, 0), p->request->path);
    else if (make(p, &m, writer, end, &bytes, &size, &error) != FL_OK)
        page_failed(p, &error);
    else
        page_file(p, type,
                  page_format(p, "%s%s-%llu.%s", p->simulated ? "SIMULATED-" : "", what,
                              (unsigned long long)sid, end),
                  bytes, size);
    visit_close(&m);
    free(bytes);
}

void page_finish_sheet(page *p)
{
    give(p, write_sheet, "client", "pdf", "application/pdf");
}

void page_finish_next(page *p)
{
    give(p, write_next, "next", "ics", "text/calendar; charset=utf-8");
}

/* The client's code and counts, for who did the session; for everybody else behind a look. */
static void put_whose(page *p, const visit_file *m, fl_date next)
{
    html *w = &p->html;
    html_put(w,
             "<dl class=\"facts\"><div><dt>%s</dt><dd class=\"digits\">%s</dd></div><div><dt>%s</dt><dd "
             "class=\"digits\">%s</dd></div>",
             say(p, W_S_CLIENT), m->record->pat, say(p, W_S_PULSES),
             page_count(p, fl_session_pulses(m->record, 0)));
    html_put(w, "<div><dt>%s</dt><dd class=\"digits\">%s</dd></div></dl>", say(p, W_FINISH_NOT_BEFORE),
             page_date(p, next));
}

static void put_next(page *p, uint64_t sid)
{
    html *w = &p->html;
    visit_file m = {0};
    fl_error error = {0};
    if (visit_open(p, sid, &m, &error) != FL_OK) {
        html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", error.what);
        return visit_close(&m);
    }
    const fl_client_paper paper = client_paper(p, &m);
    const fl_date next = fl_client_next(&paper);
    if (may_hand_out(p, sid, &m))
        put_whose(p, &m, next);
    else
        html_put(w, "<p>%s</p>", say(p, W_FINISH_BY_LOOK));
    html_put(w, "<ul class=\"ways\"><li><a href=\"/record/%llu\">%s</a></li>", (unsigned long long)sid,
             say(p, W_FINISH_RECORD));
    html_put(w, "<li><a href=\"/session/%llu/client.pdf?lang=en\">%s</a></li>", (unsigned long long)sid,
             say(p, W_FINISH_SHEET_EN));
    html_put(w, "<li><a href=\"/session/%llu/client.pdf?lang=fr\">%s</a></li>", (unsigned long long)sid,
             say(p, W_FINISH_SHEET_FR));
    if (fl_date_is_set(next))
        html_put(w, "<li><a href=\"/session/%llu/next.ics\">%s</a></li>", (unsigned long long)sid,
                 say(p, W_FINISH_NEXT));
    html_put(w, "</ul>");
    visit_close(&m);
}

void page_finish(page *p)
{
    html *w = &p->html;
    live_view *v = calloc(1, sizeof *v);
    if (!v) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    live_look(session_live(p), v);
    const bool runs = v->running, exercise = !runs && was_exercise(p, v);
    fl_error error = {0};
    const uint64_t sid = runs || exercise ? 0 : newest_session(p, &error);
    page_begin_gloves(p, say(p, runs ? W_FINISH : W_S_ENDED));
    html_put(w, "<link rel=\"stylesheet\" href=\"/assets/session.css\"><script src=\"/assets/session.js\" "
                "defer></script>");
    if (runs) session_put_stop(p);
    if (exercise) {
        html_put(w, "<p>%s</p>", say(p, W_FINISH_EXERCISE));
    } else if (runs && session_is_own(p, v)) {
        put_notes(p, v);
    } else if (sid) {
        html_put(w, "<section><h2>%s</h2>", page_fill(p, W_FINISH_PAPERS, page_count(p, sid)));
        put_next(p, sid);
        html_put(w, "</section>");
    } else {
        html_put(w, "<p>%s</p>",
                 error.status != FL_OK ? error.what : say(p, runs ? W_S_VIEW_ONLY : W_FINISH_NO_SESSION));
    }
    html_put(w, "<p><a class=\"button\" href=\"/session\">%s</a></p>", say(p, W_SESSION));
    page_end(p);
    free(v);
}
