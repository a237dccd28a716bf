/* devices probe: what is plugged in, who answers, which device file it matches, and why it cannot be used. */
#ifndef FL_CLI_DEVICE_PROBE_H
#define FL_CLI_DEVICE_PROBE_H

#include "command.h"

int device_probe_one(const fl_args *args, const char *port); /* exit code */
int device_probe_all(const fl_args *args);

#endif
