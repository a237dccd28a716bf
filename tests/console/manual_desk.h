/* A laser without a link, a plan for it, and a browser in front of the page /by-hand: what the tests of a
 * session by hand in the console share. */
#ifndef FL_TESTS_CONSOLE_MANUAL_DESK_H
#define FL_TESTS_CONSOLE_MANUAL_DESK_H

#include "helper_console.h"
#include "helper_plan.h"

#define LASER "hand-pico"
#define DEV "SIM-TRAINING-" LASER

extern char screen[300000]; /* the page that was seen last */

/* The invented laser of the tests without its link, in this home; and plan.json for it, of that day. `change`
 * may be NULL. */
void desk_laser(void);
void desk_plan(const char *name, int days_ahead, void (*change)(fl_plan *plan));
bool desk_begins(http_browser *b, const char *marks); /* op:17, with plan.json */

void desk_look(http_browser *b); /* the page, into `screen` */
bool desk_says(const char *text);
int desk_step(void);                /* what is asked: fl_manual_next; 0: no session runs */
unsigned long long desk_turn(void); /* of the page that was seen last */
int desk_order(http_browser *b,
               const char *form);    /* of a page that is new; the status, and `screen` after it */
bool desk_refused(const char *code); /* the newest order, by the page */

/* What the journal has. */
unsigned desk_entries(fl_kind kind);
uint64_t desk_size(void);
void desk_audit(uint64_t treatment, int64_t unexplained, const char *what);

void killed_and_on_again(void); /* manual_kill.c */

#endif
