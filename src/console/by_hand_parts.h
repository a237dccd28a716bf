/* By hand, between its pages: page_by_hand.c is the screen, _step what is asked next, _start the beginning,
 * _order what is ordered. */
#ifndef FL_CONSOLE_BY_HAND_PARTS_H
#define FL_CONSOLE_BY_HAND_PARTS_H

#include "by_hand.h"
#include "page.h"

by_hand *by_hand_of(const page *p);
/* An operator whose screen is not locked; and whose orders are taken: nobody is signed in at the session yet,
 * or this person is. Else this screen looks on. */
bool by_hand_may_order(const page *p);
bool by_hand_is_own(const page *p, const by_hand_view *v);
/* The plan that is conducted, from its file; NULL: none is, or the file holds another by now. */
fl_plan *by_hand_plan(const by_hand_view *v);
/* A form that orders, of this turn: what follows are its fields and buttons, then </form>. */
void by_hand_form(page *p, const by_hand_view *v, const char *what);
/* Who signs out of the console signs out of the session too. */
void by_hand_sign_out(const page *p);

void by_hand_put_said(page *p, const by_hand_view *v, size_t first, size_t count);
/* What came of the newest order. */
void by_hand_put_answer(page *p, const by_hand_view *v);
void by_hand_put_step(page *p, const by_hand_view *v, const fl_plan *plan); /* page_by_hand_step.c */
void by_hand_put_targets(page *p, const by_hand_view *v, const fl_plan *plan);
void by_hand_put_signature(page *p, const by_hand_view *v, const char *what, word why, bool reason);
void by_hand_put_marks(page *p, const fl_plan *plan, uint64_t wl_nm, bool needed);
/* "755 OD7 M LB9" */
FL_MUST_USE fl_status by_hand_take_marks(fl_sitting *s, const char *marks, fl_error *error);
/* What the journal has open and nobody conducts, with the way to go on; nothing when there is none. */
void by_hand_put_left(page *p);
void by_hand_put_start(page *p, const fl_error *why); /* page_by_hand_start.c */

#endif
