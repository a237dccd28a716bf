/* Progress: what one client's case and journal tell of the fade so far: visits, reads, and what each read
 * changed of what is expected. page_progress.c shows it, progress_charts.c draws it.
 *
 *     progress *g = progress_new(p, &books, code, &error);       // NULL: no memory
 *     g->reads[i].before.low ... g->reads[i].after.high
 *     progress_free(g);
 *
 * No number is computed here but the product of what reads left: the ranges are the course module's.
 */
#ifndef FL_CONSOLE_PROGRESS_H
#define FL_CONSOLE_PROGRESS_H

#include "client_parts.h"

#include "fadeline/config/device.h"
#include "fadeline/course/case.h"
#include "fadeline/course/outlook.h"

#define PROGRESS_READS 16  /* days of reads; beyond it the newest are kept */
#define PROGRESS_VISITS 12 /* with all their zones; older ones are links */

typedef struct progress_read { /* all that was read on one day */
    fl_date on;
    double cleared;  /* percent, of the session that was read; the last when there were several */
    fl_date session; /* day of that session; unset: nobody knows */
    bool early;      /* it does not count yet */
    fl_plan_sessions before, after;
    fl_plan_reason low; /* code empty: it was not low */
} progress_read;

typedef struct progress_point { /* ink left after a session, percent of the whole */
    fl_date session, read_on;   /* read_on unset: nobody read it */
    double left;                /* NaN then */
} progress_point;

typedef struct progress {
    const char *name; /* of the case; NULL: none, and then nothing below is there */
    fl_case *c;
    fl_plan *like; /* the newest plan with numbers; NULL: none */
    fl_plan_sessions now;
    bool has_now;
    progress_read reads[PROGRESS_READS];
    size_t read_count;
    progress_point points[FL_PLAN_LEFT + PROGRESS_READS];
    size_t point_count;
    fl_error error; /* why there is no outlook; status FL_OK: there is one */
} progress;

progress *progress_new(page *p, const char *code);
void progress_free(progress *g); /* NULL is fine */

const char *progress_range(page *p, const fl_plan_sessions *s); /* "1–3", "9–60+", or a dash */

/* progress_charts.c; each draws nothing when there is nothing to draw. */
void progress_fade_picture(page *p, const progress *g);
void progress_range_picture(page *p, const progress *g);

#endif
