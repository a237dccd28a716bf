/* Manual orders: the words of a session by hand, one a line, with what is said when they are taken or not. */
#ifndef FL_CLI_MANUAL_ORDERS_H
#define FL_CLI_MANUAL_ORDERS_H

#include "fadeline/session/sitting.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define MANUAL_CODES 64
#define MANUAL_LINE 600 /* bytes of an order; a longer one is refused whole */

typedef struct manual_run {
    fl_sitting s;
    bool json, is_terminal, ended, fatal; /* fatal: the journal failed, and nothing goes on */
    const char *mark;                     /* before every line: "" or that it is an exercise */
    FILE *input;
    const char *script;
    unsigned line;
    char codes[MANUAL_CODES][48]; /* of refusals not yet expected by the script */
    size_t code_count;
} manual_run;

/* run_manual.c */
void manual_print(const manual_run *r, const char *format, ...) FL_PRINTF(2, 3); /* not with --json */
void manual_keep_code(manual_run *r, const char *code);

/* 0 to go on; else the exit code with which to leave. The line is taken apart. */
int manual_order(manual_run *r, char *line);

#endif
