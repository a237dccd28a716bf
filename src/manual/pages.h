/* Pages of the manual; each function writes one, whole. */
#ifndef FL_MANUAL_PAGES_H
#define FL_MANUAL_PAGES_H

#include "command.h"
#include "prose.h"

#include <stdio.h>

/* fadeline-plan(1) and its like: the row of the command table as a page. */
void page_of_command(FILE *out, const fl_command *command);

/* What another program says with --help, as a page: its usage lines, its options, its examples. */
void page_of_help(FILE *out, const char *name, int section, const char *summary, const char *help);

/* A text file of this folder as a page. Its first heading is "name(section): summary"; {{...}} is written
 * from the tables (tables.h), files from the source tree `root`. FL_E_FILE when it wants something nobody
 * knows. */
FL_MUST_USE fl_status page_of_text(FILE *out, const char *root, const prose *text, fl_error *error);

/* A text file of this folder as a guide on paper, PDF; pictures are files of the source tree. {{glossary
 * en}}, {{glossary fr}}: the words, whose language comes first. */
FL_MUST_USE fl_status guide_of_text(const char *root, const prose *text, const char *lang, const char *path,
                                    fl_error *error);

#endif
