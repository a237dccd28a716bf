/* Language of a PDF: cairo 1.16 tags what stands on a page and cannot say in which language. Private to
 * report. */
#ifndef FL_REPORT_PAPER_LANG_H
#define FL_REPORT_PAPER_LANG_H

#include <stdbool.h>
#include <stddef.h>

/* Appends an update (ISO 32000-1, 7.5.6) that gives the catalog /Lang and asks for the title in the window.
 * *bytes is malloc'ed and may move. A PDF that does not look as cairo writes it stays as it is. false: no
 * memory. */
bool fl_paper_say_lang(char **bytes, size_t *size, const char *lang);

#endif
