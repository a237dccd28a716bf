/* The tables of case/1, twice from the same rows: a case needs its keys, a variant's changes need none.
 * Private to course. */
#ifndef FL_COURSE_CASE_TABLE_H
#define FL_COURSE_CASE_TABLE_H

#include "fadeline/course/case.h"

typedef struct fl_case_file { /* as read; the body is first, see case_table.c */
    fl_case_body body;
    const char *id, *title;
    fl_case_variant *variants;
    size_t variants_count;
} fl_case_file;

extern const fl_yaml_table fl_case_changes_table; /* of fl_case_body */
extern const fl_yaml_table fl_case_shape_table;
extern const fl_yaml_table fl_case_ink_change_table;

#define FL_CASE_AREAS_AGREE 0.05 /* between a drawing and the area given beside it */
bool fl_case_areas_agree(fl_area given, fl_area drawn);

#endif
