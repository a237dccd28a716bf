/* Signing in and out. What the form answers to a wrong person and to a wrong PIN is the same sentence. */
#include "book.h"
#include "by_hand_parts.h"
#include "core.h"
#include "page.h"
#include "session_parts.h"

#include "fadeline/base/text.h"

#define CONTROL_REST_US 1000000 /* between two PINs that control looks at */

static void show(page *p, const char *why)
{
    html *w = &p->html;
    page_begin(p, say(p, W_SIGN_IN));
    if (why) html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", why);
    if (session_holds_journal(p)) {
        html_put(w, "<link rel=\"stylesheet\" href=\"/assets/session.css\"><p>%s</p>",
                 say(p, W_SIGN_IN_SESSION));
        session_put_stop(p);
    }
    page_form(p, "/sign-in");
    html_put(w, "<input type=\"hidden\" name=\"to\" value=\"%s\">", page_way_back(p));
    page_input(p, "who", "text", W_WHO, W_WHO_HINT, W_NONE);
    page_input(p, "pin", "password", W_PIN, W_NONE, W_NONE);
    page_form_end(p, W_SIGN_IN);
    page_end(p);
}

void page_sign_in(page *p)
{
    show(p, p->visitor->locked ? say(p, W_LOCKED) : NULL);
}

static const char *why_not(const page *p, fl_people_answer answer)
{
    switch (answer) {
    case FL_PEOPLE_WAIT: return say(p, W_SIGN_IN_WAIT);
    case FL_PEOPLE_DISPUTED: return say(p, W_SIGN_IN_DISPUTED);
    case FL_PEOPLE_ROLE: return say(p, W_SIGN_IN_NOT_HERE);
    default: return say(p, W_SIGN_IN_WRONG);
    }
}

/* Control has one line and few hands: only who locked this very screen has it look at a PIN, and not faster
 * than a person types. A stranger's tries would crowd out the orders of the session, and count against its
 * operator there. */
static bool may_ask_control(const page *p, const char *who)
{
    fl_console *c = p->console;
    const visitor *v = p->visitor;
    if (!v->locked || !fl_text_same(v->who, who)) return false;
    const fl_instant now = c->clock.boot(c->clock.self);
    pthread_mutex_lock(&c->book);
    const bool may = !c->asked.us || fl_since(now, c->asked).us >= CONTROL_REST_US;
    if (may) c->asked = now;
    pthread_mutex_unlock(&c->book);
    return may;
}

void page_sign_in_post(page *p)
{
    fl_error error = {0};
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    const char *who = page_given(p, "who"), *pin = page_given(p, "pin");
    fl_status status = who && pin && *who ? book_sign_in(p, who, pin, &answer, &error) : FL_OK;
    if (status == FL_E_BUSY && may_ask_control(p, who) &&
        session_unlocks(p, who, pin)) { /* control holds the journal: it looks, and writes */
        status = FL_OK;
        answer = FL_PEOPLE_YES;
    } else if (status == FL_E_BUSY) {
        p->status = 409;
        return show(p, say(p, W_SIGN_IN_BUSY));
    }
    if (status != FL_OK) return page_failed(p, &error);
    if (answer != FL_PEOPLE_YES && answer != FL_PEOPLE_EXPIRED) {
        p->status = answer == FL_PEOPLE_WAIT ? 429 : 403;
        return show(p, why_not(p, answer));
    }
    if (!visitors_sign_in(page_visitors(p), p->visitor, who))
        return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    page_redirect(p, page_way_back(p));
}

void page_sign_out_post(page *p)
{
    session_sign_out(p);
    by_hand_sign_out(p);
    visitors_sign_out(page_visitors(p), p->visitor);
    page_redirect(p, "/");
}

/* Language and theme of this screen. */
void page_screen_post(page *p)
{
    const char *tongue = page_given(p, "language"), *theme = page_given(p, "theme");
    if (tongue) page_cookie(p, "fadeline-language", fl_text_same(tongue, "fr") ? "fr" : "en");
    if (theme) page_cookie(p, "fadeline-theme", fl_text_same(theme, "light") ? "light" : "dark");
    page_redirect(p, page_way_back(p));
}

/* A person types on a page that asks nothing: the screen does not lock. The sign of life is the request
 * itself. */
void page_touch_post(page *p)
{
    p->status = 204;
}
