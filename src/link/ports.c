#include "fadeline/link/ports.h"

#include "fadeline/base/text.h"
#include "usb_private.h"

#include <errno.h>
#include <libserialport.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *fl_port_kind_name(fl_port_kind kind)
{
    switch (kind) {
    case FL_PORT_SERIAL: return "serial";
    case FL_PORT_USB_BULK: return "usb";
    case FL_PORT_USB_TMC: return "usbtmc";
    }
    return "?";
}

const char *fl_port_state_word(fl_port_state state)
{
    switch (state) {
#define X(name, word, text)                                                                                  \
    case name: return word;
        FL_PORT_STATE_LIST(X)
#undef X
    }
    return "?";
}

const char *fl_port_state_text(fl_port_state state)
{
    switch (state) {
#define X(name, word, text)                                                                                  \
    case name: return text;
        FL_PORT_STATE_LIST(X)
#undef X
    }
    return "?";
}

static fl_port_state state_of_node(const char *node)
{
    if (access(node, R_OK | W_OK) == 0) return FL_PORT_FREE;
    return errno == EACCES || errno == EPERM || errno == EROFS ? FL_PORT_DENIED : FL_PORT_NO_NODE;
}

/* Names come from a stranger's device: printable ASCII, cut to the room. */
static void keep_text(const char *from, char room[FL_USB_TEXT_MAX + 1])
{
    size_t size = 0;
    for (; from && from[size] && size < FL_USB_TEXT_MAX; size++)
        room[size] = from[size] >= 0x20 && from[size] <= 0x7E ? from[size] : '?';
    room[size] = 0;
}

/* ---- serial ports ---- */

static bool take_serial(struct sp_port *found, fl_port *port)
{
    if (sp_get_port_transport(found) == SP_TRANSPORT_NATIVE) return false;
    *port = (fl_port){.kind = FL_PORT_SERIAL};
    const char *name = sp_get_port_name(found);
    if (!name || snprintf(port->path, sizeof port->path, "%s", name) >= (int)sizeof port->node) return false;
    snprintf(port->node, sizeof port->node, "%.63s", name);
    int vendor, product;
    if (sp_get_port_usb_vid_pid(found, &vendor, &product) == SP_OK) {
        port->has_usb = true;
        port->vendor = (uint16_t)vendor, port->product = (uint16_t)product;
        keep_text(sp_get_port_usb_serial(found), port->serial);
        keep_text(sp_get_port_usb_manufacturer(found), port->maker);
        keep_text(sp_get_port_usb_product(found), port->product_name);
    } else
        keep_text(sp_get_port_description(found), port->product_name);
    port->state = state_of_node(port->node);
    return true;
}

static size_t list_serial(fl_port *ports, size_t room)
{
    struct sp_port **found;
    size_t count = 0;
    if (sp_list_ports(&found) != SP_OK) return 0;
    for (size_t i = 0; found[i] && count < room; i++) count += take_serial(found[i], &ports[count]);
    sp_free_port_list(found);
    return count;
}

/* ---- USB devices ---- */

static struct libusb_config_descriptor *config_of(libusb_device *device)
{
    struct libusb_config_descriptor *config;
    if (libusb_get_active_config_descriptor(device, &config) == LIBUSB_SUCCESS ||
        libusb_get_config_descriptor(device, 0, &config) == LIBUSB_SUCCESS)
        return config;
    return NULL;
}

/* usbtmc gives way when we claim; any other driver is somebody's. */
static void look_for_driver(libusb_device *device, unsigned config, const usb_ends *ends, fl_port *port)
{
    if (!usb_system_driver(device, config, ends->interface, port->driver)) return;
    if (fl_text_same(port->driver, "usbtmc") && ends->tmc) return;
    port->state = fl_text_same(port->driver, "usbfs") ? FL_PORT_USED : FL_PORT_DRIVER;
}

static bool take_usb(libusb_device *device, fl_port *port)
{
    struct libusb_device_descriptor about;
    if (libusb_get_device_descriptor(device, &about) != LIBUSB_SUCCESS) return false;
    if (fl_usb_is_bare_chip(about.idVendor, about.idProduct)) return false; /* its serial port is listed */
    struct libusb_config_descriptor *config = config_of(device);
    if (!config) return false;
    usb_ends ends;
    const unsigned number = config->bConfigurationValue;
    const bool ours = usb_ends_of(config, false, &ends) || usb_ends_of(config, true, &ends);
    libusb_free_config_descriptor(config);
    if (!ours) return false;
    *port = (fl_port){.kind = ends.tmc ? FL_PORT_USB_TMC : FL_PORT_USB_BULK,
                      .has_usb = true,
                      .vendor = about.idVendor,
                      .product = about.idProduct};
    usb_system_text(device, "serial", port->serial);
    usb_system_text(device, "manufacturer", port->maker);
    usb_system_text(device, "product", port->product_name);
    snprintf(port->path, sizeof port->path, "usb:%04X:%04X%s%s", port->vendor, port->product,
             port->serial[0] ? ":" : "", port->serial);
    snprintf(port->node, sizeof port->node, "/dev/bus/usb/%03u/%03u", libusb_get_bus_number(device),
             libusb_get_device_address(device));
    port->state = state_of_node(port->node);
    look_for_driver(device, number, &ends, port);
    return true;
}

static size_t list_usb(fl_port *ports, size_t room)
{
    libusb_context *context;
    libusb_device **devices;
    size_t count = 0;
    if (libusb_init(&context) != LIBUSB_SUCCESS) return 0;
    libusb_set_option(context, LIBUSB_OPTION_LOG_LEVEL, LIBUSB_LOG_LEVEL_NONE);
    const ssize_t found = libusb_get_device_list(context, &devices);
    for (ssize_t i = 0; i < found && count < room; i++) count += take_usb(devices[i], &ports[count]);
    if (found >= 0) libusb_free_device_list(devices, 1);
    libusb_exit(context);
    return count;
}

size_t fl_ports_list(fl_port *ports, size_t room)
{
    const size_t count = list_serial(ports, room);
    return count + list_usb(ports + count, room - count);
}

char *fl_port_udev_rule(const fl_port *port, char *room, size_t size)
{
    fl_text text = fl_text_in(room, size);
    if (port->kind == FL_PORT_SERIAL && !port->has_usb) {
        const char *slash = strrchr(port->node, '/');
        fl_text_add(&text, "KERNEL==\"%s\"", slash ? slash + 1 : port->node);
    } else {
        const char *which =
            port->kind == FL_PORT_SERIAL ? "ATTRS" : "ATTR"; /* a port's numbers are its parent's */
        fl_text_add(&text, "SUBSYSTEM==\"%s\", %s{idVendor}==\"%04x\", %s{idProduct}==\"%04x\"",
                    port->kind == FL_PORT_SERIAL ? "tty" : "usb", which, port->vendor, which, port->product);
    }
    fl_text_add(&text, ", MODE=\"0660\", TAG+=\"uaccess\"");
    return room;
}
