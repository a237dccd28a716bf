/* Plan work: plans that are being made. Each is `fadeline plan` of this program as a process of its own, at
 * low priority: a plan takes seconds of all processors, and pages, a live session and their answers come
 * first. A process can also be ended at any moment, which is what "cancel" does.
 *
 *     unsigned number;
 *     status = plan_work_begin(w, &(plan_wish){path, "example-pico", "2026-05-04"}, &number, &error);
 *     plan_work_look(w, number, &view);               // WORKS, then DONE with view.plan_id
 *     plan_work_cancel(w, number);
 *
 * A plan that is done stands in HOME/plans/PLANID.json, byte for byte what `fadeline plan --out` writes, and
 * its pictures in HOME/plans/PLANID/. What failed or was cancelled leaves nothing.
 *
 * For any thread. Nothing waits: looking asks the process without waiting for it.
 */
#ifndef FL_CONSOLE_PLAN_WORK_H
#define FL_CONSOLE_PLAN_WORK_H

#include "fadeline/base/error.h"
#include "fadeline/base/place.h"
#include "fadeline/course/plan.h"

#define PLANS_AT_ONCE 3
#define PLANS_REMEMBERED 32 /* what became of them */

typedef struct plan_work plan_work;

typedef enum plan_work_state {
    PLAN_WORK_NONE, /* no such number, or long ago */
    PLAN_WORKS,
    PLAN_DONE,
    PLAN_FAILED,
    PLAN_CANCELLED
} plan_work_state;

typedef struct plan_wish {
    const char *path;   /* of the case file */
    const char *device; /* id */
    const char *day;    /* YYYY-MM-DD */
} plan_wish;

typedef struct plan_work_view {
    plan_work_state state;
    char name[256]; /* of the case file, without its folder */
    char device[FL_PLAN_NAME];
    int seconds;                /* since it was begun */
    char plan_id[FL_PLAN_NAME]; /* done */
    char said[800];             /* failed: the command's own words */
} plan_work_view;

plan_work *plan_work_new(const char *home); /* NULL: no memory */
void plan_work_free(plan_work *w);          /* ends what still works; NULL is fine */

/* FL_E_BUSY: as many as we make at once are being made. */
FL_MUST_USE fl_status plan_work_begin(plan_work *w, const plan_wish *wish, unsigned *number, fl_error *error);
void plan_work_look(plan_work *w, unsigned number, plan_work_view *view);
void plan_work_cancel(plan_work *w, unsigned number);

#endif
