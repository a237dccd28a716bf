/* Carrier of the twin: a pseudo-terminal with a link to it, one TCP connection on 127.0.0.1, or a USB plug
 * (USB/IP).
 *
 * Bytes that the other side does not take are lost, as on a wire; nothing here ever waits for a host.
 */
#ifndef TWIN_CARRIER_H
#define TWIN_CARRIER_H

#include "script.h"
#include "usbip.h"

#include "fadeline/base/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct twin_carrier {
    int fd;       /* master of the terminal, or the connection; -1: nobody there */
    int listener; /* TCP only; -1 */
    bool is_pty, has_peer;
    usbip *usb;       /* NULL: no USB */
    char heard[4096]; /* what came out of its pipes, for the next read */
    size_t heard_size;
    char link[1024];  /* to be removed at the end */
    char target[128]; /* slave of the terminal */
    char name[1100];  /* for `ready NAME` */
} twin_carrier;

/* path may exist only as a link to a pseudo-terminal, which is replaced. */
FL_MUST_USE fl_status carrier_open_pty(twin_carrier *carrier, const char *path, fl_error *error);
FL_MUST_USE fl_status carrier_open_tcp(twin_carrier *carrier, unsigned port, fl_error *error); /* 0: any */
/* A TCP port for `usbip attach`, or "vhci:N": port N of this machine's own vhci driver. serial begins with
 * SIM. */
FL_MUST_USE fl_status carrier_open_usbip(twin_carrier *carrier, const char *where, const char *serial,
                                         fl_error *error);
void carrier_close(twin_carrier *carrier);

/* The descriptor worth waiting for now, or -1: a terminal nobody has open would wake us for ever. */
int carrier_wait_fd(const twin_carrier *carrier);

typedef enum carrier_event { CARRIER_QUIET, CARRIER_BYTES, CARRIER_HANGUP } carrier_event;

/* Never waits. HANGUP once each time a host goes away. */
carrier_event carrier_read(twin_carrier *carrier, char *bytes, size_t room, size_t *length);
void carrier_write(twin_carrier *carrier, const char *bytes, size_t length);
/* A USB fault of the script begins, or one that lasts ends. */
void carrier_fail(twin_carrier *carrier, const twin_fault *fault, bool begin);

#endif
