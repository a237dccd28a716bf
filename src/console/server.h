/* Server: one listening socket, its requests brought through gate, table and tokens to a handler, and the
 * answer back. */
#ifndef FL_CONSOLE_SERVER_H
#define FL_CONSOLE_SERVER_H

#include "core.h"

FL_MUST_USE fl_status server_open(door *d, const char *address, uint16_t port, fl_error *error);
void server_close(door *d);

#endif
