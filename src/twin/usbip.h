/* USB/IP: the twin's USB device on a socket, as the kernel's vhci driver wants it.
 *
 * Two ways in (Linux Documentation/usb/usbip_protocol.rst): a TCP port that answers the device list and the
 * import request (`usbip attach -r 127.0.0.1 -b 1-1`), or, inside a machine of its own, a socket pair whose
 * other end is given to vhci directly. After either, the same stream of URBs. Closing our end is pulling the
 * plug.
 *
 * Nothing here waits: what is not whole yet stays in the buffer, and a host that does not read is cut off.
 */
#ifndef TWIN_USBIP_H
#define TWIN_USBIP_H

#include "usb_device.h"

#include "fadeline/base/error.h"

typedef struct usbip {
    usb_device device;
    int fd; /* the connection; -1: nobody plugged us in */
    bool imported;
    uint8_t in[48 + USB_TRANSFER_MAX];
    size_t in_size;
    uint8_t out[65536];
    size_t out_size;
    bool broken; /* not the protocol, or a host that does not read: pull the plug */
} usbip;

void usbip_init(usbip *u, const char *serial, void *laser,
                void (*heard)(void *laser, const char *bytes, size_t length));
/* The connection of a host that must import first (TCP), or of vhci itself. Not to block. */
void usbip_connect(usbip *u, int fd, bool imported);
/* Reads and answers what is there. False when the host is gone or must go; the caller closes. */
bool usbip_serve(usbip *u);
void usbip_say(usbip *u, const char *bytes, size_t length); /* the laser to its host */
void usbip_fail(usbip *u, usb_fault fault, uint32_t count);
void usbip_nak(usbip *u, bool on);
void usbip_disconnect(usbip *u); /* pulls the plug */
/* Plugs the device into this machine's own vhci port: FL_E_DEVICE when there is none. */
FL_MUST_USE fl_status usbip_attach_here(usbip *u, unsigned port, fl_error *error);

#endif
