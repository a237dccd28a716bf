/* Ports: what is plugged in. Serial ports and USB devices, who they say they are, and why one cannot be used.
 *
 *     fl_port ports[FL_PORTS_MAX];
 *     const size_t count = fl_ports_list(ports, FL_PORTS_MAX);
 *     for (size_t i = 0; i < count; i++) printf("%s: %s\n", ports[i].path, ports[i].product_name);
 *
 * Nothing is opened that could wake a laser: no byte is sent to a port, and a USB device is only asked what
 * the system already knows about it. Names are for people; what decides is a number together with a serial
 * number.
 */
#ifndef FL_LINK_PORTS_H
#define FL_LINK_PORTS_H

#include "fadeline/base/status.h"
#include "fadeline/config/usb.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FL_PORTS_MAX 64
#define FL_USB_TEXT_MAX 63

/* ---- names of USB devices: "usb:1209:0001" or "usb:1209:0001:SIM-00042"; "usbtmc:..." insists on that class
 * ---- */

typedef struct fl_usb_name {
    uint16_t vendor, product;
    char serial[FL_USB_TEXT_MAX + 1]; /* empty: any, as long as there is only one */
    bool tmc;
} fl_usb_name;
FL_MUST_USE bool fl_usb_name_read(const char *text,
                                  fl_usb_name *name); /* false, leaving *name alone: it is none */

/* ---- the list ---- */

typedef enum fl_port_kind { FL_PORT_SERIAL = 1, FL_PORT_USB_BULK, FL_PORT_USB_TMC } fl_port_kind;
const char *fl_port_kind_name(fl_port_kind kind); /* "serial", "usb", "usbtmc" */

// clang-format off
/* Why a port cannot be used now. */
#define FL_PORT_STATE_LIST(X)                                                                                \
    X(FL_PORT_FREE,   "free",       "may be used")                                                           \
    X(FL_PORT_NO_NODE,"no-node",    "the system made no device file for it")                                 \
    X(FL_PORT_DENIED, "denied",     "you have no permission to use it")                                      \
    X(FL_PORT_DRIVER, "driver",     "a driver of the system holds it")                                       \
    X(FL_PORT_USED,   "used",       "another program uses it")

// clang-format on
typedef enum fl_port_state {
#define X(name, word, text) name,
    FL_PORT_STATE_LIST(X)
#undef X
} fl_port_state;
const char *fl_port_state_word(fl_port_state state);
const char *fl_port_state_text(fl_port_state state);

typedef struct fl_port {
    fl_port_kind kind;
    fl_port_state state;
    char path[96]; /* what --port takes ("/dev/ttyUSB0"), or "usb:1209:0001:SIM-00042" */
    char node[64]; /* the device file whose rights count: the same, or "/dev/bus/usb/001/004" */
    bool has_usb;  /* false: a port that is built in or whose origin is unknown */
    uint16_t vendor, product;
    char serial[FL_USB_TEXT_MAX + 1];                                   /* empty: none */
    char maker[FL_USB_TEXT_MAX + 1], product_name[FL_USB_TEXT_MAX + 1]; /* printable ASCII; may be empty */
    char driver[32]; /* bound to its interface; usbtmc gives way */
} fl_port;

/* Serial ports that somebody plugged in (built-in ones exist without anything at their end), then USB devices
 * with a vendor or USBTMC interface. At most `room`; returns how many. */
size_t fl_ports_list(fl_port *ports, size_t room);

/* The line for /etc/udev/rules.d that lets the person at this machine use the device. Returns room. */
char *fl_port_udev_rule(const fl_port *port, char *room, size_t size);

#endif
