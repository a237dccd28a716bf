/* Cases: the case files of this clinic, HOME/cases, NAME.yaml. A name from a form is looked up in the folder,
 * never believed. */
#ifndef FL_CONSOLE_CASES_H
#define FL_CONSOLE_CASES_H

#include "page.h"

#include "fadeline/base/place.h"

#define CASE_NAME 128
#define CASES_SHOWN 500

typedef struct case_row {
    char name[CASE_NAME]; /* of the file, without .yaml: C-0001-2026-05-04 */
    int64_t changed;      /* seconds; for the order */
} case_row;

/* Newest first, at most CASES_SHOWN; malloc'ed, the caller's. */
size_t cases_list(const page *p, case_row **rows);
/* false: no file of this name stands there. */
bool cases_path(const page *p, const char *name, char path[FL_PLACE_MAX]);
bool cases_is_name(const char *name);
/* HOME/cases, made when it is not there. */
FL_MUST_USE fl_status cases_folder(const page *p, char path[FL_PLACE_MAX], fl_error *error);

#endif
