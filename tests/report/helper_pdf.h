/* What others see in a PDF: poppler's tools, run on a file. They stop the test program when a tool is
 * missing. */
#ifndef FL_TESTS_REPORT_PDF_H
#define FL_TESTS_REPORT_PDF_H

#include <stdbool.h>
#include <stddef.h>

char *pdf_text(const char *path); /* pdftotext -layout; free it */
char *pdf_tool(const char *format, ...)
    __attribute__((format(printf, 1, 2))); /* what a command says; free it */
int pdf_pages(const char *path);
/* Dark pixels nearer to the edge of any page than `points`; and of all pages the fewest dark ones on one. */
long pdf_dark_at_edge(const char *path, double points, long *fewest);
/* Text without what layout does to it: runs of white space are one space, in place. */
char *pdf_squeeze(char *text);

#endif
