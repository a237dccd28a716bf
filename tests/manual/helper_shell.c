#include "helper_shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>

char shell_said[SHELL_MOST];

int shell(const char *format, ...)
{
    char command[6000];
    static char line[8000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    snprintf(line, sizeof line,
             "cd '%s' && PATH='%s':\"$PATH\" FADELINE_DATA='%s' FADELINE_HOME=/nonexistent LC_ALL=C.UTF-8 "
             "NO_COLOR=1; "
             "export PATH FADELINE_DATA FADELINE_HOME LC_ALL NO_COLOR; { %s; } 2>&1",
             FL_SOURCE_DIR, FL_BUILD_DIR, FL_SOURCE_DIR, command);
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    const size_t size = fread(shell_said, 1, SHELL_MOST - 1, pipe);
    shell_said[size] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}
