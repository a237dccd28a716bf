/* Console: what the technician and the owner look at, in a browser of this machine.
 *
 * A web server on the loopback address, pages made in C, no request to anywhere else. It is a face: nothing
 * in it can make light. Whoever wants to see more than the first page signs in with a PIN; the PIN is the
 * door also against other users of this machine, who can reach the port.
 *
 *     fl_console *console;
 *     const fl_console_options options = {.simulated = true, .port = 8020};
 *     status = fl_console_open(&options, &console, &error);
 *     puts(fl_console_url(console));                          // http://127.0.0.1:8020/
 *     ... threads of its own answer; wait for a signal ...
 *     fl_console_close(console);                              // pages under way are finished first
 *
 * The trap: listening anywhere but on the loopback address needs a certificate, and then other devices only
 * look on, unless they were paired at this machine (page Tablet).
 */
#ifndef FL_CONSOLE_CONSOLE_H
#define FL_CONSOLE_CONSOLE_H

#include "fadeline/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define FL_CONSOLE_PORT 8020     /* unless another is named */
#define FL_CONSOLE_FAR_PORT 8443 /* the same for other devices */

typedef struct fl_console fl_console;

/* All 0 is the real journal on a port the system chooses. Strings are borrowed for the call. */
typedef struct fl_console_options {
    bool simulated;     /* the journal and the clients of simulated lasers; every page says so */
    int64_t days_ahead; /* pretends another day; simulated only */
    uint16_t port;      /* on 127.0.0.1; 0: any that is free, fl_console_url tells */
    /* For other devices, over TLS; all of it or nothing. */
    const char *listen;            /* "192.168.1.20" or "192.168.1.20:8443"; NULL: this machine only */
    const char *certificate, *key; /* PEM files; the key is nobody else's to read */
    const char *const *names;      /* names this console is called by there, ends with NULL; may be NULL */
    /* The owner's hub, a PostgreSQL address, for the page of all clinics; NULL: the page says how. */
    const char *hub;
} fl_console_options;

/* FL_E_BUSY: the port is taken. FL_E_USAGE: listening elsewhere wants a certificate and a key. FL_E_FILE:
 * these cannot be used. FL_E_IO: there is no place for our state. */
FL_MUST_USE fl_status fl_console_open(const fl_console_options *options, fl_console **console,
                                      fl_error *error);
const char *fl_console_url(const fl_console *console);     /* as long as the console */
const char *fl_console_far_url(const fl_console *console); /* for other devices; NULL: not open to them */
void fl_console_close(fl_console *console);                /* NULL is fine */

#endif
