#include "commands.h"

#include "command.h"

#define X(name) extern const fl_command fl_command_##name;
FL_COMMAND_LIST(X)
#undef X

const fl_command *const fl_commands[] = {
#define X(name) &fl_command_##name,
    FL_COMMAND_LIST(X)
#undef X
        NULL,
};
