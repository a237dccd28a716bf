/* Pairing: at this machine a code, on the tablet the field to type it in. */
#include "book.h"
#include "page.h"
#include "tablets.h"

#include <stdio.h>

/* ---- at this machine ---- */

static void put_code(page *p, const char *code)
{
    html *w = &p->html;
    html_put(
        w,
        "<section><h2>%s</h2><p class=\"digits\">%s %s</p><p>%s</p><p><strong>%spair</strong></p></section>",
        say(p, W_TABLET_CODE), page_format(p, "%.4s", code), code + 4, say(p, W_TABLET_CODE_WHY),
        page_far_url(p));
}

void page_tablet(page *p)
{
    char code[TABLET_CODE];
    html *w = &p->html;
    tablets *all = page_tablets(p);
    page_begin(p, say(p, W_TABLET));
    html_put(w, "<p>%s</p>", say(p, W_TABLET_WHY));
    if (!page_far_url(p)) {
        html_put(w, "<p>%s</p>", say(p, W_TABLET_CLOSED));
        return page_end(p);
    }
    if (tablets_code(all, code)) put_code(p, code);
    html_put(w, "<dl class=\"facts\"><div><dt>%s</dt><dd class=\"digits\">%s</dd></div></dl>",
             say(p, W_TABLETS_PAIRED), page_count(p, tablets_count(all)));
    page_form(p, "/tablet");
    page_form_end(p, W_TABLET_MAKE_CODE);
    if (tablets_count(all)) {
        page_form(p, "/tablet/forget");
        page_form_end(p, W_TABLETS_FORGET);
    }
    page_end(p);
}

/* Which device may do more is a change of the installation: who allowed it is in the journal first. */
static fl_status journal_it(page *p, const char *what, fl_error *error)
{
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_CONFIG_CHANGE);
    fl_entry_text(&entry, "what", what);
    fl_entry_text(&entry, "who", p->visitor->who);
    return book_write(p, &entry, 1, NULL, error);
}

void page_tablet_post(page *p)
{
    char code[TABLET_CODE];
    fl_error error = {0};
    if (!page_far_url(p)) return page_refuse(p, 409, say(p, W_TABLET_CLOSED), NULL);
    if (journal_it(p, "console.tablet-code", &error) != FL_OK) return page_failed(p, &error);
    if (!tablets_make_code(page_tablets(p), code)) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    page_redirect(p, "/tablet");
}

void page_tablet_forget_post(page *p)
{
    fl_error error = {0};
    tablets_forget(page_tablets(p)); /* taking a right away comes first, whatever the journal can */
    if (journal_it(p, "console.tablets-forgotten", &error) != FL_OK) return page_failed(p, &error);
    page_redirect(p, "/tablet");
}

/* ---- on the tablet ---- */

static void show(page *p, word wrong)
{
    page_begin_gloves(p, say(p, W_PAIR));
    html_put(&p->html, "<p>%s</p>", say(p, p->paired ? W_PAIRED : W_PAIR_WHY));
    if (!p->paired) {
        page_form(p, "/pair");
        page_input(p, "code", "number", W_TABLET_CODE, W_NONE, wrong);
        page_form_end(p, W_PAIR);
    }
    page_end(p);
}

void page_pair(page *p)
{
    show(p, W_NONE);
}

/* Digits, with or without the gap that they are shown with. */
static void digits_of(const char *typed, char code[TABLET_CODE])
{
    size_t n = 0;
    for (; typed && *typed && n < TABLET_CODE - 1; typed++)
        if (*typed != ' ') code[n++] = *typed;
    code[typed && *typed ? 0 : n] = 0; /* longer: none */
}

void page_pair_post(page *p)
{
    char code[TABLET_CODE], cookie[TABLET_COOKIE];
    digits_of(page_given(p, "code"), code);
    if (!tablets_pair(page_tablets(p), code, cookie)) {
        p->status = 403;
        return show(p, W_PAIR_WRONG);
    }
    page_tablet_cookie(p, cookie);
    page_redirect(p, "/pair");
}
