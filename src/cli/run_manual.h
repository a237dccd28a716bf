/* Run by hand: the face of a session with a laser that has no link (fadeline/session/manual.h). Orders a line,
 * typed, piped or from a script; a terminal that can do nothing but print is enough. */
#ifndef FL_CLI_RUN_MANUAL_H
#define FL_CLI_RUN_MANUAL_H

#include "command.h"

/* `device` is what follows "manual:". The exit code. */
int run_manual(const fl_args *args, const char *device);

#endif
