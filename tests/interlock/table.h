/* The transition table of section 5.1 of the interlock reference, read row by row. */
#ifndef FL_TESTS_INTERLOCK_TABLE_H
#define FL_TESTS_INTERLOCK_TABLE_H

#include "fadeline/interlock/step.h"

typedef struct table_answer {
    int row; /* number in the reference; 0: none matched */
    fl_mode to;
    unsigned flags;
    bool token;
} table_answer;

/* For a well-formed state; row 1 (damage) is tested elsewhere. */
table_answer table_step(fl_mode mode, unsigned flags, const fl_inputs *inputs);

#endif
