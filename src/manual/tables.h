/* What the program's own tables say, for a page: the {{name}} of the text files. */
#ifndef FL_MANUAL_TABLES_H
#define FL_MANUAL_TABLES_H

#include <stdbool.h>
#include <stdio.h>

void write_exit_codes(FILE *out); /* status.h */
void write_commands(FILE *out);   /* commands.h */
/* Writes what a text calls {{name}}; false: nobody knows it. */
bool write_table(FILE *out, const char *name);

#endif
