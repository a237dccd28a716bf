/* Ask: what a person types at the keyboard, or a script gives line by line on standard input. */
#ifndef FL_CLI_ASK_H
#define FL_CLI_ASK_H

#include "fadeline/session/people.h"

#include <stddef.h>

/* Without echo on a terminal; else the next line of standard input. false: none came. */
bool ask_pin(char pin[FL_PIN_MOST + 2]);
/* The question goes to standard error, and only to a terminal. */
bool ask_line(const char *question, char *room, size_t size);

#endif
