/* The command table: one line a command, in the order people meet them. */
#ifndef FL_CLI_COMMANDS_H
#define FL_CLI_COMMANDS_H

#define FL_COMMAND_LIST(X) \
    X(transport) \
    X(estimate) \
    X(coverage) \
    X(run) \
    X(transport) \
    X(estimate) \
    X(coverage) \
    X(people) \
    X(transport) \
    X(check) \
    X(exposure) \
    X(explain) \
    X(version)

#endif
