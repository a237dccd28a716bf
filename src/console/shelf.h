/* Shelf: the plans that stand in HOME/plans, newest day first. A name from a form is looked up in the folder,
 * never believed.
 *
 *     shelf *s = shelf_new(p);
 *     for (size_t i = 0; i < s->count; i++) s->names[i], s->plans[i]
 *     shelf_free(s);
 */
#ifndef FL_CONSOLE_SHELF_H
#define FL_CONSOLE_SHELF_H

#include "page.h"

#include "fadeline/base/place.h"
#include "fadeline/course/plan.h"

#define SHELF_PLANS 40 /* the oldest are left out */

typedef struct shelf {
    char folder[FL_PLACE_MAX];
    char names[SHELF_PLANS][256]; /* of the files */
    fl_plan *plans[SHELF_PLANS];
    size_t count;
} shelf;

shelf *shelf_new(const page *p); /* NULL: no memory */
void shelf_free(shelf *s);       /* NULL is fine */
/* Which of them; s->count: none has this name. */
size_t shelf_find(const shelf *s, const char *name);
void shelf_path(const shelf *s, size_t n, char path[FL_PLACE_MAX]);

#endif
