#include "command.h"

#include <stdio.h>

static int run(const fl_args *args)
{
    if (args->count) return fl_args_wrong(args, "nothing may follow 'version'");
    puts("fadeline " FL_VERSION);
    puts("Not a certified medical device. GPL-3.0-or-later, no warranty.");
    return 0;
}

static const fl_option options[] = {{NULL, NULL, NULL}};

const fl_command fl_command_version = {
    .name = "version",
    .arguments = "",
    .summary = "say which Fadeline this is",
    .options = options,
    .run = run,
};
