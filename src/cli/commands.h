/* The command table: one line a command, in the order people meet them. */
#ifndef FL_CLI_COMMANDS_H
#define FL_CLI_COMMANDS_H

#define FL_COMMAND_LIST(X) \
    X(run) \
    X(people) \
    X(check) \
    X(explain) \
    X(estimate) \
    X(coverage) \
    X(devices) \
    X(exposure) \
    X(transport) \
    X(version)

#endif
