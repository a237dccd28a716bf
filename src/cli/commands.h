/* The command table: one line a command, in the order people meet them. */
#ifndef FL_CLI_COMMANDS_H
#define FL_CLI_COMMANDS_H

#define FL_COMMAND_LIST(X) \
    X(plan) \
    X(run) \
    X(watch) \
    X(console) \
    X(devices) \
    X(energy_check) \
    X(conform) \
    X(check) \
    X(exposure) \
    X(transport) \
    X(estimate) \
    X(coverage) \
    X(colour) \
    X(inks) \
    X(people) \
    X(clients) \
    X(record) \
    X(follow_ups) \
    X(invoices) \
    X(explain) \
    X(audit) \
    X(paper) \
    X(journal) \
    X(hub) \
    X(version)

#endif
