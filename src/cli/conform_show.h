/* How the conformance script is told: a line a check for people, one object for programs. */
#ifndef FL_CLI_CONFORM_SHOW_H
#define FL_CLI_CONFORM_SHOW_H

#include "fadeline/link/conform.h"

#include <jansson.h>
#include <stdio.h>

void conform_show_list(FILE *out);
json_t *conform_list_json(void);
void conform_show_outcome(FILE *out, const fl_conform_outcome *outcome);
/* frames: of every check, not only of those that failed */
json_t *conform_outcome_json(const fl_conform_outcome *outcome, bool frames);
void conform_show_end(FILE *out, const fl_conform_report *report);
json_t *conform_report_json(const fl_conform_report *report, const char *port, json_t *checks);

#endif
