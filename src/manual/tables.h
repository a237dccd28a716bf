/* What the program's own tables say, for a page: the {{name}} of the text files. */
#ifndef FL_MANUAL_TABLES_H
#define FL_MANUAL_TABLES_H

#include "fadeline/base/error.h"

#include <stdio.h>

void write_exit_codes(FILE *out); /* status.h */
/* Writes what a text calls {{name}}: `commands`, `exit-codes`, `schema device/1`, `file PATH` or `file PATH
 * until TEXT`, a file of the source tree `root` or its beginning. FL_E_FILE: nobody knows it. */
FL_MUST_USE fl_status write_table(FILE *out, const char *root, const char *name, fl_error *error);

#endif
