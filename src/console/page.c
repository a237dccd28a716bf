/* The frame of a page, and answers that are no page. Words and numbers: page_words.c; forms: page_forms.c. */
#include "page.h"

#include "core.h"
#include "live.h"
#include "page_notes.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the frame ---- */

static void put_menu(page *p)
{
    html *w = &p->html;
    html_put(w, "<nav aria-label=\"%s\"><ul>", say(p, W_NAVIGATION));
    for (size_t n = 0; routes_at(n); n++) {
        const route *r = routes_at(n);
        const bool here = p->request->route && strcmp(r->path, p->request->route->path) == 0;
        if (r->nav == W_NONE || (r->who && !page_may(p, r->who)) || (r->how & ROUTE_ASIDE && !here)) continue;
        html_put(w, "<li><a href=\"%s\"", r->path);
        if (here) html_put(w, " aria-current=\"page\"");
        html_put(w, ">%s</a></li>", say(p, r->nav));
    }
    html_put(w, "</ul></nav>");
}

static void put_who(page *p)
{
    html *w = &p->html;
    html_put(w, "<div class=\"who\">");
    if (p->roles) {
        html_put(w, "<span>%s <strong>%s</strong></span>", say(p, W_SIGNED_IN_AS), p->visitor->who);
        if (p->late) html_put(w, "<span class=\"warn\">%s</span>", say(p, W_CERTIFICATE_ENDED));
        page_form(p, "/sign-out");
        page_form_end(p, W_SIGN_OUT);
    } else {
        html_put(w, "<span>%s</span><a class=\"button\" href=\"/sign-in\">%s</a>", say(p, W_NOT_SIGNED_IN),
                 say(p, W_SIGN_IN));
    }
    html_put(w, "</div>");
}

/* Language and theme: what this screen chose, changed by a form that comes back here. */
static void put_screen(page *p)
{
    html *w = &p->html;
    html_put(w, "<div class=\"screen\">");
    page_form(p, "/screen");
    html_put(w, "<input type=\"hidden\" name=\"to\" value=\"%s\">", p->request->path);
    html_put(w, "<button name=\"language\" value=\"%s\" lang=\"%s\">%s</button>",
             language_code(p->language == FRENCH ? ENGLISH : FRENCH),
             language_code(p->language == FRENCH ? ENGLISH : FRENCH),
             p->language == FRENCH ? "English" : "Français");
    html_put(w, "<button name=\"theme\" value=\"%s\">%s</button></form></div>", p->light ? "dark" : "light",
             say(p, p->light ? W_DARK : W_LIGHT));
}

/* What everybody must know of what stands here: it is invented, or an exercise runs beside it. */
static void put_marks(page *p, bool exercise)
{
    html *w = &p->html;
    if (!p->simulated && !exercise) return;
    html_put(w, "<p class=\"simulated\">");
    if (p->simulated) html_put(w, "<strong>%s</strong> ", say(p, W_SIMULATED));
    if (exercise) html_put(w, "<strong>%s</strong> ", say(p, W_EXERCISE));
    html_put(w, "<span>%s</span></p>", say(p, exercise ? W_EXERCISE_WHY : W_SIMULATED_WHY));
}

static const char *title_mark(page *p, bool exercise)
{
    if (!p->simulated && !exercise) return "";
    return page_format(p, "%s%s%s – ", p->simulated ? say(p, W_SIMULATED) : "",
                       p->simulated && exercise ? ", " : "", exercise ? say(p, W_EXERCISE) : "");
}

static void begin(page *p, const char *title, const char *gloves)
{
    char token[VISITOR_TOKEN];
    html *w = &p->html;
    const bool exercise = live_is_exercise(p->console->live);
    visitors_set_token(p->visitor, token);
    html_put(w, "<!DOCTYPE html><html lang=\"%s\" data-theme=\"%s\"><head><meta charset=\"utf-8\">",
             language_code(p->language), p->light ? "light" : "dark");
    html_put(w, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html_put(w, "<meta name=\"color-scheme\" content=\"%s\"><title>%s%s – Fadeline</title>",
             p->light ? "light" : "dark", title_mark(p, exercise), title);
    html_put(w, "<meta name=\"token\" content=\"%s\">", token);
    html_put(w, "<link rel=\"stylesheet\" href=\"/assets/console.css\"><link rel=\"icon\" "
                "href=\"/assets/icon.svg\">");
    html_put(w, "<script src=\"/assets/console.js\" defer></script></head><body class=\"%s%s\">", gloves,
             p->roles ? " signed-in" : "");
    html_put(w, "<a class=\"skip\" href=\"#content\">%s</a>", say(p, W_SKIP));
    put_marks(p, exercise);
    html_put(w, "<header><a class=\"brand\" href=\"/\">Fadeline</a>");
    put_menu(p);
    put_who(p);
    html_put(w, "</header><main id=\"content\" tabindex=\"-1\"><h1>%s</h1>", title);
}

void page_begin(page *p, const char *title)
{
    begin(p, title, "");
}

void page_begin_gloves(page *p, const char *title)
{
    begin(p, title, "gloves");
}

void page_begin_live(page *p, const char *title)
{
    begin(p, title, "gloves live");
}

void page_end(page *p)
{
    html *w = &p->html;
    html_put(w, "</main><footer><p>Fadeline %s. %s</p>", FL_VERSION, say(p, W_NOT_CERTIFIED));
    put_screen(p);
    html_put(w, "</footer></body></html>\n");
    if (p->language == FRENCH) html_french_spaces(w);
}

/* ---- other answers ---- */

void page_redirect(page *p, const char *url)
{
    p->status = 303;
    p->location = url;
}

static void begin_refusal(page *p, int status)
{
    html_fini(&p->html); /* whatever was begun */
    p->status = status;
    page_begin(p, say(p, W_PROBLEM));
    html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>");
}

static void end_refusal(page *p)
{
    html_put(&p->html, "</p></div><p><a class=\"button\" href=\"/\">%s</a></p>", say(p, W_BACK_HOME));
    page_end(p);
}

void page_refuse(page *p, int status, const char *what, const char *hint)
{
    begin_refusal(p, status);
    html_put(&p->html, "%s", what);
    if (hint && *hint) html_put(&p->html, "</p><p>%s", hint);
    end_refusal(p);
}

void page_refuse_error(page *p, int status, const fl_error *error, const char *hint)
{
    begin_refusal(p, status);
    page_put_said(p, error->what);
    if (hint || error->hint[0]) html_put(&p->html, "</p><p>");
    if (hint)
        html_put(&p->html, "%s", hint);
    else if (error->hint[0])
        page_put_said(p, error->hint);
    end_refusal(p);
}

static int http_status(fl_status status)
{
    switch (status) {
    case FL_E_BUSY: return 409;
    case FL_E_NO:
    case FL_E_REFUSED: return 409;
    case FL_E_USAGE:
    case FL_E_RANGE: return 422;
    default: return 500;
    }
}

void page_failed(page *p, const fl_error *error)
{
    if (error->status == FL_E_BUSY) return page_refuse(p, 409, say(p, W_BUSY), NULL);
    page_refuse_error(p, http_status(error->status), error, NULL);
}

void page_file(page *p, const char *type, const char *name, const void *bytes, size_t size)
{
    html_fini(&p->html);
    html_raw(&p->html, bytes, size);
    p->type = type;
    p->download = name ? page_format(p, "%s", name) : NULL;
}

static void put_page_of(page *p, const char *path, const char *rel, uint64_t from, const char *name)
{
    html_put(&p->html, "<a class=\"button\" rel=\"%s\" href=\"%s\">%s</a>", rel,
             page_format(p, "%s?from=%llu", path, (unsigned long long)from), name);
}

void page_paging(page *p, const char *path, uint64_t from, uint64_t most, uint64_t count)
{
    if (!from && count <= most) return;
    html_put(&p->html, "<nav class=\"months\" aria-label=\"%s\">", say(p, W_PAGING));
    if (from)
        put_page_of(p, path, "prev", from > most ? from - most : 0,
                    page_format(p, "← %s", say(p, W_OW_BEFORE)));
    if (count > from + most)
        put_page_of(p, path, "next", from + most,
                    page_format(p, "%s (%s) →", say(p, W_OW_NEXT), page_count(p, count - from - most)));
    html_put(&p->html, "</nav>");
}

void page_file_made(page *p, fl_status status, const fl_error *error, const char *type, const char *name,
                    char *bytes, size_t size)
{
    if (status == FL_OK)
        page_file(p, type, name, bytes, size);
    else
        page_failed(p, error);
    free(bytes);
}

void page_stream(page *p, const char *type, page_stream_read *read, void *self, void (*free_self)(void *))
{
    p->type = type;
    p->stream = read;
    p->stream_self = self;
    p->stream_free = free_self;
}

bool page_is_stopping(const page *p)
{
    return atomic_load(&p->console->stopping);
}

static const char **free_cookie(page *p)
{
    size_t n = 0;
    while (n < sizeof p->cookies / sizeof *p->cookies - 1 && p->cookies[n]) n++;
    return &p->cookies[n];
}

void page_cookie(page *p, const char *name, const char *value)
{
    *free_cookie(p) = page_format(p, "%s=%s; Path=/; SameSite=Strict; HttpOnly; Max-Age=31536000%s", name,
                                  value, p->far ? "; Secure" : "");
}

void page_tablet_cookie(page *p, const char *value)
{
    *free_cookie(p) =
        page_format(p, "%s=%s; Path=/; SameSite=Strict; HttpOnly; Secure", p->console->far.tablet, value);
}

tablets *page_tablets(const page *p)
{
    return p->console->tablets;
}

const char *page_far_url(const page *p)
{
    return p->console->far.daemon ? p->console->far.url : NULL;
}

/* ---- strings that live as long as the page ---- */

struct page_note {
    page_note *next;
    char text[];
};

char *page_note_new(page *p, size_t size)
{
    page_note *note = malloc(sizeof *note + size + 1);
    if (!note) {
        p->html.failed = true;
        return NULL;
    }
    note->next = p->notes;
    p->notes = note;
    note->text[0] = 0;
    return note->text;
}

const char *page_format(page *p, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    const int size = vsnprintf(NULL, 0, format, list);
    char *text = size < 0 ? NULL : page_note_new(p, (size_t)size);
    if (text) vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    va_end(list);
    return text ? text : "";
}

void page_fini(page *p)
{
    html_fini(&p->html);
    while (p->notes) {
        page_note *next = p->notes->next;
        free(p->notes);
        p->notes = next;
    }
}

visitors *page_visitors(const page *p)
{
    return p->console->visitors;
}
