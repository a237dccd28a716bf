/* Error: what a person can act on. What, where, why, and what to do.
 *
 *     return fl_error_set(error, FL_E_FILE, "'%s' is not a number for '%s'", text, key),
 *            fl_error_at(error, path, line, column), fl_error_hint(error, "write a point, not a comma");
 *
 * A NULL error is allowed everywhere and means: I only want the status. Text that does not fit is cut, never
 * overrun. The caller who can explain the failure prints it once; nobody logs and returns the same failure.
 */
#ifndef FL_BASE_ERROR_H
#define FL_BASE_ERROR_H

#include "fadeline/base/status.h"

#include <stdio.h>

typedef struct fl_error {
    fl_status status;
    char what[400];
    char hint[300];
    char code[48]; /* for `fadeline explain CODE`; empty when there is none */
    char file[256];
    unsigned line, column; /* from 1; 0: not known */
} fl_error;

/* Sets status and sentence, clears hint, code and place. Returns status, so `return fl_error_set(...)` works. */
fl_status fl_error_set(fl_error *error, fl_status status, const char *format, ...) FL_PRINTF(3, 4);
/* These add to an error that was set, and return its status (FL_E_BUG when error is NULL). */
fl_status fl_error_hint(fl_error *error, const char *format, ...) FL_PRINTF(2, 3);
fl_status fl_error_at(fl_error *error, const char *file, unsigned line, unsigned column);
void fl_error_code(fl_error *error, const char *code);

/* "file:line:column: error: what\n  hint: ...\n  more: fadeline explain CODE\n", or "fadeline: what" without a
 * place. */
void fl_error_print(FILE *out, const fl_error *error);

#endif
