/* Parts of a plan's page. Private to page_plan*.c. */
#ifndef FL_CONSOLE_PLAN_PARTS_H
#define FL_CONSOLE_PLAN_PARTS_H

#include "page.h"

#include "fadeline/base/place.h"
#include "fadeline/course/plan.h"
#include "fadeline/report/client_paper.h"

static inline fl_lang plan_lang(const page *p)
{
    return p->language == FRENCH ? FL_LANG_FR : FL_LANG_EN;
}

/* The plan of this id in HOME/plans; NULL: answered with a page that says why not. The caller frees. */
fl_plan *plan_of(page *p, const char *id);
word plan_verdict_word(fl_plan_verdict verdict);
/* Plans that allow something today show numbers; others have none that could be set on a laser. */
bool plan_has_numbers(const fl_plan *plan);

/* Why, and what would change it (false: nothing is said). In French with the numbers where the sentence is
 * known, else what the code says, and a clinic's own words as it wrote them. */
void plan_put_why(page *p, const fl_plan_reason *reason);
bool plan_put_change(page *p, const char *before, const fl_plan_reason *reason);
void plan_put_head_row(page *p, const word *heads, size_t count);
/* page_plan_numbers.c */
void plan_put_chosen(page *p, const fl_plan *plan);
void plan_put_settings(page *p, const fl_plan *plan);
void plan_put_zones(page *p, const fl_plan *plan);
void plan_put_map(page *p, const fl_plan *plan); /* page_plan_map.c */
void plan_put_tests(page *p, const fl_plan *plan);
void plan_put_sessions(page *p, const fl_plan *plan);
void plan_put_eyewear(page *p, const fl_plan *plan);

#endif
