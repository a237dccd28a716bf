/* A command as a person types it: what is typed goes in line by line, what is printed stands in `said`.
 *
 *     #define TYPED_IN "/state"                    // FADELINE_HOME is `home` and this; "" unless defined
 *     #include "helper_typed.h"
 *     snprintf(home, sizeof home, "/tmp/fl-x-XXXXXX"), mkdtemp(home);
 *     RUN(0, "may sign in", "493027\\n", "people add %s --role operator --until 2050-05-01", who);
 */
#ifndef FL_TESTS_HELPER_TYPED_H
#define FL_TESTS_HELPER_TYPED_H

#include "check.h"

#include "fadeline/base/status.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TYPED_IN
#define TYPED_IN ""
#endif

static char home[64], said[20000];

/* The exit code; 128 when a signal ended it. */
static int run(const char *typed, const char *format, ...) FL_PRINTF(2, 3);
static int run(const char *typed, const char *format, ...)
{
    char arguments[700], command[1400];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    snprintf(command, sizeof command,
             "printf '%s' | FADELINE_HOME=%s" TYPED_IN
             " FADELINE_DATA=%s NO_COLOR=1 timeout 60 %s/fadeline %s 2>&1",
             typed, home, FL_SOURCE_DIR, FL_BUILD_DIR, arguments);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    said[fread(said, 1, sizeof said - 1, pipe)] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

#define RUN(code, text, typed, ...)                                                                          \
    do {                                                                                                     \
        const int left_ = run(typed, __VA_ARGS__);                                                           \
        CHECK(left_ == (code), "left with %d: %.800s", left_, said);                                         \
        CHECK(strstr(said, text) != NULL, "'%s' is not in: %.800s", text, said);                             \
    } while (0)

#define OP "493027\\n"
#define OWN "801246\\n"
#define SUP "771204\\n"

#endif
