/* Plan shelf: the plans of this place, HOME/plans, newest day first; and the very plan of a session.
 *
 *     plan_shelf *s = plan_shelf_new(p, "C-0001");            // NULL: of every client
 *     for (size_t i = 0; s && i < s->count; i++) s->plans[i]->plan_id;
 *     plan_shelf_free(s);
 *
 * A file that is no plan is passed over; `fadeline check` says what is wrong with it.
 */
#ifndef FL_CONSOLE_PLAN_SHELF_H
#define FL_CONSOLE_PLAN_SHELF_H

#include "page.h"

#include "fadeline/course/plan.h"

#define PLAN_SHELF_MOST 100 /* the oldest beyond it are left out */

typedef struct plan_shelf {
    char names[PLAN_SHELF_MOST][256]; /* of the files */
    fl_plan *plans[PLAN_SHELF_MOST];
    size_t count;
} plan_shelf;

plan_shelf *plan_shelf_new(const page *p, const char *client); /* NULL: no memory */
void plan_shelf_free(plan_shelf *s);                           /* NULL is fine */
/* Its file bears its id, so that /plan/ID finds it. */
bool plan_shelf_has_page(const plan_shelf *s, size_t n);
/* The plan of this id in HOME/plans. NULL: none that reads. Free it. */
fl_plan *plan_by_id(const page *p, const char *id);

#endif
