/* Roff: a manual page, written so that no text can become a request.
 *
 * Texts are UTF-8 and in our small markup: `words` are bold, *words* are italic. Whatever begins a line with
 * a point or an apostrophe, or holds a backslash, is printed as it stands.
 *
 *     roff_title(out, "fadeline-plan", 1);
 *     roff_section(out, "NAME");
 *     roff_line(out, "fadeline-plan \\- say what may be done");   // a request or escapes of our own
 *     roff_text(out, "See `fadeline help plan`.");               // a paragraph, filled
 */
#ifndef FL_MANUAL_ROFF_H
#define FL_MANUAL_ROFF_H

#include <stdio.h>

void roff_title(FILE *out, const char *name, int section);
void roff_section(FILE *out, const char *name);
void roff_heading(FILE *out, const char *name); /* below a section */
void roff_line(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A paragraph. Line breaks in it are spaces. */
void roff_text(FILE *out, const char *text);
/* A paragraph that hangs below its term. */
void roff_item(FILE *out, const char *term, const char *text);
/* Lines as they stand, with the width of each letter the same. */
void roff_block(FILE *out, const char *lines);
/* The words alone, escaped, without a line end: for what begins or ends with our own escapes. */
void roff_words(FILE *out, const char *words);
/* "fadeline\-plan \- SUMMARY", as apropos(1) wants it. */
void roff_name(FILE *out, const char *name, const char *summary);

#endif
