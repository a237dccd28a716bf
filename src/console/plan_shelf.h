/* Plan shelf: the plans of this place, HOME/plans, newest day first; and the very plan of a session.
 *
 *     plan_shelf *s = plan_shelf_new(p, "C-0001");            // NULL: of every client
 *     for (size_t i = 0; s && i < s->count; i++) s->names[i], s->plans[i]->plan_id;
 *     plan_shelf_free(s);
 *
 * A name from a form is looked up in the folder, never believed. The first files that are no plan are named,
 * or they would just be missing; `fadeline check` says all that is wrong with one.
 */
#ifndef FL_CONSOLE_PLAN_SHELF_H
#define FL_CONSOLE_PLAN_SHELF_H

#include "page.h"

#include "fadeline/base/place.h"
#include "fadeline/course/plan.h"

#define PLAN_SHELF_MOST 100 /* the oldest beyond it are left out */
#define PLAN_SHELF_FAULTY 3

typedef struct plan_shelf {
    char folder[FL_PLACE_MAX];
    char names[PLAN_SHELF_MOST][256]; /* of the files */
    fl_plan *plans[PLAN_SHELF_MOST];
    size_t count;
    struct {
        char name[256], why[240];
    } faulty[PLAN_SHELF_FAULTY];
    size_t faulty_count;
} plan_shelf;

plan_shelf *plan_shelf_new(const page *p, const char *client); /* NULL: no memory */
void plan_shelf_free(plan_shelf *s);                           /* NULL is fine */
/* Which of them; s->count: none has this file name. */
size_t plan_shelf_find(const plan_shelf *s, const char *name);
void plan_shelf_path(const plan_shelf *s, size_t n, char path[FL_PLACE_MAX]);
/* Its file bears its id, so that /plan/ID finds it. */
bool plan_shelf_has_page(const plan_shelf *s, size_t n);
/* The plan of this id in HOME/plans. NULL: none that reads. Free it. */
fl_plan *plan_by_id(const page *p, const char *id);

#endif
