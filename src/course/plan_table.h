/* The shape of a plan in JSON, as one tree of tables that both the writer and the reader walk, so that they
 * cannot drift apart. Private to course. */
#ifndef FL_COURSE_PLAN_TABLE_H
#define FL_COURSE_PLAN_TABLE_H

#include "fadeline/course/plan.h"

#include <stddef.h>

typedef enum fl_field_kind {
    FL_FIELD_TEXT = 1, /* char[room] */
    FL_FIELD_HEX,      /* char[room], lower-case hexadecimal, room - 1 digits */
    FL_FIELD_WORD,     /* int, written as one of `words`, counted from 1 */
    FL_FIELD_WHOLE,    /* int; `unset` is written as null */
    FL_FIELD_SEED,     /* uint64_t */
    FL_FIELD_REAL,     /* double in SI, written times `scale` */
    FL_FIELD_FLAG,     /* bool */
    FL_FIELD_DATE,     /* fl_date; unset is null */
    FL_FIELD_SKIN,     /* int 1..7 in Roman numerals; 0 is null */
    FL_FIELD_OBJECT,   /* fields inside the same struct, or a struct at `at` */
    FL_FIELD_LIST,     /* array of structs */
    FL_FIELD_BY_NM,    /* array of structs, written as an object whose keys are whole nanometres */
    FL_FIELD_LINES,    /* array of char[room] */
} fl_field_kind;

typedef struct fl_field {
    const char *key; /* NULL ends a table */
    fl_field_kind kind;
    size_t at;     /* offset in the struct */
    size_t room;   /* of texts; size of one element of lists */
    bool optional; /* left out when empty or unset, instead of null */
    bool has_flag; /* null (or left out) while the bool at `flag` is false */
    size_t flag;
    int unset;          /* of whole numbers; FL_NEVER: none */
    double scale;       /* number in the file = number in SI x scale */
    double least, most; /* in the file */
    const char *const *words;
    const struct fl_field *fields; /* of objects and list elements */
    size_t count_at, limit;        /* of lists */
} fl_field;

#define FL_NEVER (-2147483647 - 1)

extern const fl_field fl_plan_fields[]; /* of fl_plan, without "schema" and "plan_sha256" */

#endif
