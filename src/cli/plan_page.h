/* A plan as a page for people: the verdict first, the reasons in sentences, then the numbers with their
 * uncertainty, and where they came from. Private to cli. */
#ifndef FL_CLI_PLAN_PAGE_H
#define FL_CLI_PLAN_PAGE_H

#include "fadeline/course/plan.h"

#include <stdbool.h>
#include <stdio.h>

void fl_plan_page(FILE *out, const fl_plan *plan, const char *title, bool simulated);

#endif
