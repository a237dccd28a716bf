/* The end of a session: what no machine sees, in fixed words; then the papers and the next date. While the
 * session runs its notes go to who conducts it, control or this process; when it has ended, the papers of the
 * newest one are here. */
#include "session_parts.h"

#include "book.h"
#include "by_hand_parts.h"
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

/* hand: of a session by hand; NULL: of a driven one. */
static void order_form(page *p, const by_hand_view *hand, const char *what)
{
    if (hand)
        by_hand_form(p, hand, what);
    else
        session_form(p, what);
}

/* What was noted of it at this session by hand, in the reader's words; "": nothing. */
static const char *noted(page *p, const by_hand_view *hand, const char *about)
{
    const char *all = "";
    for (size_t i = 0; i < hand->note_count; i++) {
        if (!fl_text_same(hand->notes[i].about, about)) continue;
        for (const char *at = hand->notes[i].said; *at; at += strspn(at, " ")) {
            const size_t size = strcspn(at, " ");
            const char *one = page_format(p, "%.*s", (int)size, at);
            const word shown = session_word("SAID", one);
            all = page_format(p, "%s%s%s", all, *all ? ", " : "", shown ? say(p, shown) : one);
            at += size;
        }
    }
    return *all ? page_fill(p, W_BH_SAVED, all) : "";
}

static void put_note(page *p, const by_hand_view *hand, const char *about, const char *words)
{
    html *w = &p->html;
    const bool several = fl_text_same(about, "reaction") || fl_text_same(about, "photos");
    order_form(p, hand, "note");
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
    html_put(w, "<p class=\"told\" aria-live=\"polite\">%s</p></fieldset></form>",
             hand ? noted(p, hand, about) : "");
}

static void put_notes(page *p, const by_hand_view *hand, bool armed)
{
    html *w = &p->html;
    const char *about, *words;
    for (size_t i = 0; (about = fl_said_about(i, &words)); i++) put_note(p, hand, about, words);
    html_put(w, "<section><p>%s</p>", say(p, armed ? W_FINISH_ARMED : W_FINISH_CLOSE_NOTE));
    order_form(p, hand, "end");
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

static bool was_here(const page *p, uint64_t sid)
{
    by_hand_view *hand = calloc(1, sizeof *hand);
    live_view *v = calloc(1, sizeof *v);
    if (hand) by_hand_look(by_hand_of(p), hand);
    if (v) live_look(session_live(p), v);
    const bool here =
        (v && v->ever && !v->running && !was_exercise(p, v)) || (hand && !hand->running && hand->sid == sid);
    free(v);
    free(hand);
    return here;
}

/* Whose session it was, at this console and a moment ago: the client stands in the room. */
static bool is_own_and_fresh(const page *p, uint64_t sid, const fl_session_record *r)
{
    const fl_clock *clock = &p->console->clock;
    const bool here = was_here(p, sid);
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
    if (visit_open(p, sid, &m, &error) != FL_OK) {
        page_failed(p, &error);
    } else if (!may_hand_out(p, sid, &m)) {
        record_ask_to_look(p, m.record->pat, page_part(p, 0), p->request->path);
    } else {
        const fl_status status = make(p, &m, writer, end, &bytes, &size, &error);
        page_file_made(p, status, &error, type,
                       page_format(p, "%s%s-%llu.%s", p->simulated ? "SIMULATED-" : "", what,
                                   (unsigned long long)sid, end),
                       bytes, size);
    }
    visit_close(&m);
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
        page_put_no(p, error.what, error.hint);
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

static void put_papers(page *p, bool view_only)
{
    fl_error error = {0};
    const uint64_t sid = view_only ? 0 : newest_session(p, &error);
    html *w = &p->html;
    if (!sid && error.status != FL_OK) return page_put_no(p, error.what, error.hint);
    if (!sid) {
        html_put(w, "<p>%s</p>", say(p, view_only ? W_S_VIEW_ONLY : W_FINISH_NO_SESSION));
        return;
    }
    html_put(w, "<section><h2>%s</h2>", page_fill(p, W_FINISH_PAPERS, page_count(p, sid)));
    put_next(p, sid);
    html_put(w, "</section>");
}

static void put_finish(page *p, const live_view *v, const by_hand_view *hand)
{
    html *w = &p->html;
    const bool ours = hand->running, runs = v->running || ours;
    page_begin_gloves(p, say(p, runs ? W_FINISH : W_S_ENDED));
    html_put(w, "<link rel=\"stylesheet\" href=\"/assets/session.css\">");
    if (!ours) html_put(w, "<script src=\"/assets/session.js\" defer></script>");
    if (v->running) session_put_stop(p);
    if (ours) {
        html_put(w, "<link rel=\"stylesheet\" href=\"/assets/by_hand.css\">");
        by_hand_put_answer(p, hand);
    }
    if (!runs && was_exercise(p, v) && !hand->sid)
        html_put(w, "<p>%s</p>", say(p, W_FINISH_EXERCISE));
    else if (ours && by_hand_is_own(p, hand))
        put_notes(p, hand, false);
    else if (v->running && session_is_own(p, v))
        put_notes(p, NULL, live_is_armed(v->status.state));
    else
        put_papers(p, runs);
    html_put(w, "<p><a class=\"button\" href=\"%s\">%s</a></p>", ours ? "/by-hand" : "/session",
             say(p, ours ? W_BY_HAND : W_SESSION));
    page_end(p);
}

void page_finish(page *p)
{
    live_view *v = calloc(1, sizeof *v);
    by_hand_view *hand = calloc(1, sizeof *hand);
    if (v && hand) {
        live_look(session_live(p), v);
        by_hand_look(by_hand_of(p), hand);
        put_finish(p, v, hand);
    } else {
        page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    }
    free(v);
    free(hand);
}
