/* Parts of the audit's page of text. Nothing is wider than a hundred columns. */
#ifndef FL_REPORT_AUDIT_PAGE_H
#define FL_REPORT_AUDIT_PAGE_H

#include "audit_words.h"

#define FL_PAGE_COLUMNS 100

const char *fl_page_mark(const fl_audit *audit); /* "SIMULATED " or "" */
/* One paragraph, broken at spaces; lines after the first stand four further in. */
void fl_page_put(FILE *out, int indent, const char *text);
void fl_page_title(const fl_audit *audit, FILE *out, const char *title);
void fl_page_sites(const fl_audit *audit, FILE *out);    /* 1 */
void fl_page_sections(const fl_audit *audit, FILE *out); /* 4 to 11 and 13 */

#endif
