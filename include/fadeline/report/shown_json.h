/* JSON for people and programs: json_dumpf, with what would paint over a screen escaped (base/show.h). Every
 * reader gets the same texts from it; a terminal gets nothing that it would obey. */
#ifndef FL_REPORT_SHOWN_JSON_H
#define FL_REPORT_SHOWN_JSON_H

#include <jansson.h>
#include <stdio.h>

/* 0, or -1 as json_dumpf. */
int fl_shown_json(const json_t *object, FILE *out, size_t flags);

#endif
