#include "fadeline/base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void fl_assert_failed(const char *condition, const char *file, int line, const char *function)
{
    fprintf(stderr, "fadeline: our mistake: %s is false\n  at %s:%d in %s; please report this line\n",
            condition, file, line, function);
    if (getenv("FL_ASSERT_ABORT")) abort();
    _exit(70);
}
