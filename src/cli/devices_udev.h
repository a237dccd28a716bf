/* devices udev: the rules that let the person at this machine use what the device files name. */
#ifndef FL_CLI_DEVICES_UDEV_H
#define FL_CLI_DEVICES_UDEV_H

#include "command.h"

int devices_udev(const fl_args *args); /* exit code; the rules on stdout */

#endif
