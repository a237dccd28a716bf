#include "fadeline/course/outlook.h"

#include "work.h"

#include "fadeline/base/assert.h"

#include <stdlib.h>

/* The steps of a plan that need no physics, in their order. */
static fl_status work_through(fl_work *w, const fl_plan *like)
{
    const fl_status status = fl_work_begin(w);
    if (status != FL_OK) return status;
    if (like && like->chosen >= 0 && w->in->device) {
        w->plan->settings[0] = like->settings[like->chosen];
        w->plan->setting_count = 1;
        w->plan->chosen = 0;
    }
    fl_work_forecast(w);
    if (fl_work_read_window(w)) fl_work_reads(w);
    /* It was only the kind of reads that counts: nobody may take it for an offer. */
    w->plan->chosen = -1;
    w->plan->setting_count = 0;
    return FL_OK;
}

fl_status fl_course_outlook(const fl_course_inputs *in, const fl_plan *like, fl_plan *plan, fl_error *error)
{
    FL_ASSERT(in && in->c && in->book && in->library && plan);
    fl_plan *fresh = fl_plan_new();
    fl_work *w = calloc(1, sizeof *w);
    FL_ASSERT(fresh && w);
    const fl_date date = fl_date_is_set(in->date) ? in->date : in->c->body.date;
    *w = (fl_work){.in = in,
                   .body = &in->c->body,
                   .rules = in->book->rules,
                   .date = date,
                   .plan = fresh,
                   .error = error,
                   .earliest = date};
    const fl_status status = work_through(w, like);
    fresh->date = date;
    if (status == FL_OK) *plan = *fresh;
    free(w);
    fl_plan_free(fresh);
    return status;
}
