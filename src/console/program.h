/* Program: `fadeline` of this place as a process of its own: what takes seconds, or may hang, hangs there and
 * can be ended.
 *
 *     const program_how how = {.words = {"plan", path, NULL}, .said = file};
 *     status = program_start(&how, &child, &error);
 *
 * It starts with no signal blocked or ignored, nothing open but what is handed over, and at low priority:
 * pages and a live session come first. The caller reaps it.
 */
#ifndef FL_CONSOLE_PROGRAM_H
#define FL_CONSOLE_PROGRAM_H

#include "fadeline/base/error.h"

#include <sys/types.h>

#define PROGRAM_WORDS 20

typedef struct program_how {
    const char *words[PROGRAM_WORDS]; /* after the program's own name; ends with NULL */
    int out, said;                    /* descriptors for both streams; 0: to nowhere */
    const char *name, *value;         /* one of the environment, replaced; NULL: as it is */
} program_how;

FL_MUST_USE fl_status program_start(const program_how *how, pid_t *child, fl_error *error);

#endif
