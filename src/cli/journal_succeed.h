/* fadeline journal succeed: the owner ends a log that may not be written here any more, and begins its
 * successor. */
#ifndef FL_CLI_JOURNAL_SUCCEED_H
#define FL_CLI_JOURNAL_SUCCEED_H

#include "command.h"

int journal_succeed(const fl_args *args);

#endif
