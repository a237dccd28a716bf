/* Session parts: what the pages of the live session share. */
#ifndef FL_CONSOLE_SESSION_PARTS_H
#define FL_CONSOLE_SESSION_PARTS_H

#include "live.h"
#include "page.h"

#include "fadeline/course/plan.h"

live *session_live(const page *p);
/* The plan the session runs under; NULL: it cannot be read any more. Free it. */
fl_plan *session_plan(const live_view *view);
/* Who may order here: an operator whose screen is not locked. */
bool session_may_order(const page *p);
/* And whose orders are taken: nobody is signed in at control yet, or this person is. Else this screen looks
 * on. */
bool session_is_own(const page *p, const live_view *view);
/* A session runs whose control holds the very journal that is shown here: nobody else signs in meanwhile. */
bool session_holds_journal(const page *p);
/* Who signs out of the console signs out of the session too, and leaves nothing armed. */
void session_sign_out(const page *p);
/* While control holds the journal: the operator of the session opens a locked screen by control's word.
 * Nobody else's PIN is looked at, because signing in there would take the session over. It is an order on
 * control's one line: the caller has seen whose screen it is and how often it asks. */
bool session_unlocks(const page *p, const char *who, const char *pin);
/* The client's left or right of a zone's id, in words; "" when it has none. */
const char *session_side(const page *p, const char *zone);
/* The words a person has for something, "hair-white" of prefix END: W_END_hair_white. W_NONE: none. */
word session_word(const char *prefix, const char *name);

/* A form that orders: page_form with do=`what`; what follows are its fields and buttons, then </form>. */
void session_form(page *p, const char *what);
void session_button(page *p, const char *class, const char *name, const char *value, const char *text);

/* A PIN in gloves: a pad of digits beside the field. And whose. */
void session_put_pin(page *p, const char *id, word label);
void session_put_who(page *p, const char *id);

void session_put_said(page *p); /* the newest of what control said, newest first */
void session_put_stop(page *p); /* STANDBY, for whoever stands here */
void session_panels(page *p, const live_view *view, const fl_plan *plan); /* page_session_panels.c */
void session_put_start(page *p, word wrong_plan, word wrong_port, const fl_error *why); /* page_start.c */

#endif
