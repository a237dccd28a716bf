/* A journal told line by line, for tests of papers. */
#ifndef FL_TESTS_REPORT_STORY_H
#define FL_TESTS_REPORT_STORY_H

#include "helper_books.h"

/* "session.open|sid=1|ctr=88|who=op:17": whole numbers are numbers, anything else is text. A line with dev=
 * gets sim. A second passes before each. */
void tell(books *b, const char *line, ...) __attribute__((format(printf, 2, 3)));
/* Grants and their pulses, `of` a second: counter from ctr, energies around set_uJ. */
void tell_pulses(books *b, const char *dev, unsigned sid, const char *zone, const char *purpose, unsigned ctr,
                 unsigned pulses, unsigned set_uJ, unsigned of);

/* Numbers of a JSON text that do not stand in the text of a PDF (raw order); each is said on stderr. */
unsigned numbers_missing(const char *json, const char *pdf_text);

#endif
