/* Page: the hazards, their controls and their tests on one self-contained page for an auditor, and the same
 * as plain text for a terminal. No script, nothing loaded from elsewhere; made to be printed on A4. */
#ifndef FL_TESTS_HAZARDS_HELPER_PAGE_H
#define FL_TESTS_HAZARDS_HELPER_PAGE_H

#include "helper_trace.h"

#include <stdio.h>

/* `made` says from what: "version 0.1.0". */
void page_html(FILE *out, const hazard_table *table, const trace *t, const char *made);
void page_text(FILE *out, const hazard_table *table, const trace *t, const char *made);

/* For the page's words: "a_door_opens_on_the_way" as "a door opens on the way". */
void page_words(const char *function, char *room, size_t size);

#endif
