/* `fadeline devices ask PORT --dialect ID`: who is there, in words of its dialect file. */
#ifndef FL_CLI_DEVICES_ASK_H
#define FL_CLI_DEVICES_ASK_H

#include "command.h"

int devices_ask(const fl_args *args, const char *port);

#endif
