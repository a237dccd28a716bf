/* Card: what to set on a laser that nobody can ask anything, one card for each zone and each test spot.
 *
 * Read at arm's length in coloured goggles: capitals for what, figures for how much, one thing a line, black
 * on white, and no colour that says anything. The order is that of setting: wavelength, pulse, spot, fluence
 * or energy, rate; then how many pulses, where to stop, and the eyewear.
 *
 *     fl_card_print(plan, false, 0, stdout);                         // zone 0 of the plan
 *     status = fl_card_write(plan, false, "cards.pdf", &error);      // all of them, a page each
 */
#ifndef FL_REPORT_MANUAL_CARD_H
#define FL_REPORT_MANUAL_CARD_H

#include "fadeline/course/plan.h"

#include <stdio.h>

#define FL_CARD_LINES 12

typedef struct fl_card_line {
    const char *label; /* "SPOT" */
    char value[80];    /* "4 mm" */
} fl_card_line;

/* "ZONE F-L" or "TEST SPOT 1 (T1) in F-L". */
const char *fl_card_title(const fl_plan *plan, bool test, size_t index, char *room, size_t size);
size_t fl_card_lines(const fl_plan *plan, bool test, size_t index, fl_card_line lines[FL_CARD_LINES]);
/* mark: stands before every line, for exercises; "" for a real one. */
void fl_card_print(const fl_plan *plan, bool test, size_t index, const char *mark, FILE *out);

/* All cards of the plan into NAME.pdf or NAME.txt; FL_E_USAGE for another name. */
FL_MUST_USE fl_status fl_card_write(const fl_plan *plan, bool training, const char *path, fl_error *error);

#endif
