/* Table: the hazards of the interlock reference, one row each, as data people edit (hazards.yaml).
 *
 * A row says what can go wrong, whom it hurts, how it comes about and what this program does about it: each
 * control with the source files that implement it. What the reference asks for and this program does not do
 * stands under `not_here` with the reason. A row names no test: tests name the row (helper_trace.h).
 */
#ifndef FL_TESTS_HAZARDS_HELPER_TABLE_H
#define FL_TESTS_HAZARDS_HELPER_TABLE_H

#include "fadeline/config/yaml.h"

#define HAZARDS 58 /* H01 to H58 */

typedef enum family { /* of verification, as the reference names them */
                      FAMILY_ENUM = 1,
                      FAMILY_SIM,
                      FAMILY_HIL,
                      FAMILY_FUZZ,
                      FAMILY_CRASH,
                      FAMILY_PROP,
                      FAMILY_UX,
                      FAMILY_REV,
                      FAMILIES
} family;
const char *family_word(family f);     /* "ENUM" */
const char *family_sentence(family f); /* "every state and every input, counted" */
bool family_needs_people(family f);    /* a real laser or real people: no program can stand in for it */

const char *severity_words(int severity); /* "death or blindness", 5 to 1 */

typedef struct control {
    const char *what;
    const char **where; /* source files, from the root of the repository */
    size_t where_count;
} control;

typedef struct absence {
    const char *what, *why;
} absence;

typedef struct hazard {
    const char *id, *hazard, *harm, *cause;
    int severity;
    unsigned families;
    control *controls;
    size_t controls_count;
    absence *not_here;
    size_t not_here_count;
} hazard;

typedef struct hazard_table {
    hazard *hazards;
    size_t hazards_count;
} hazard_table;

/* NULL: faults were added. Free with fl_yaml_free(*file). */
const hazard_table *table_load(const char *path, fl_faults *faults, fl_yaml **file);
/* Index of the row, or -1. */
int table_find(const hazard_table *table, const char *id);
/* H01 to H<rows> each once and in their order, and every named source file is there under `root`. */
void table_judge(const hazard_table *table, const char *path, const char *root, int rows, fl_faults *faults);

#endif
