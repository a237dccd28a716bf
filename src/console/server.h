/* Server: one listening socket, its requests brought through gate, table and tokens to a handler, and the
 * answer back. */
#ifndef FL_CONSOLE_SERVER_H
#define FL_CONSOLE_SERVER_H

#include "core.h"

/* d->far: TLS with d->certificate and d->key; `names` are further hosts that it answers to, ending with NULL.
 */
FL_MUST_USE fl_status server_open(door *d, const char *address, uint16_t port, const char *const *names,
                                  fl_error *error);
void server_close(door *d);

#endif
