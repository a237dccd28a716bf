/* What the system knows of a USB device: read from /sys, so nothing is opened, woken or asked, and no
 * permission is needed. */
#include "usb_private.h"

#include "fadeline/base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "1-4.2": bus, and the ports on the way. */
bool usb_system_name(libusb_device *device, char name[48])
{
    uint8_t ports[7];
    const int count = libusb_get_port_numbers(device, ports, 7);
    if (count < 1) return false; /* a root hub */
    fl_text text = fl_text_in(name, 48);
    fl_text_add(&text, "%u", libusb_get_bus_number(device));
    for (int i = 0; i < count; i++) fl_text_add(&text, "%c%u", i ? '.' : '-', ports[i]);
    return !text.cut;
}

/* Printable ASCII only: names from a device end up on screens. */
static void keep_printable(char *text)
{
    size_t size = strcspn(text, "\n");
    while (size && text[size - 1] == ' ') size--;
    text[size] = 0;
    for (size_t i = 0; i < size; i++)
        if (text[i] < 0x20 || text[i] > 0x7E) text[i] = '?';
}

bool usb_system_text(libusb_device *device, const char *what, char room[FL_USB_TEXT_MAX + 1])
{
    char name[48], path[128];
    room[0] = 0;
    if (!usb_system_name(device, name)) return false;
    snprintf(path, sizeof path, "/sys/bus/usb/devices/%s/%s", name, what);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    char text[FL_USB_TEXT_MAX + 2];
    const ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    if (size <= 0 || (size > FL_USB_TEXT_MAX && text[FL_USB_TEXT_MAX] != '\n')) return false;
    text[size] = 0;
    keep_printable(text);
    memcpy(room, text, strlen(text) + 1);
    return room[0];
}

bool usb_system_driver(libusb_device *device, unsigned config, unsigned interface, char room[32])
{
    char name[48], path[128], target[256];
    room[0] = 0;
    if (!usb_system_name(device, name)) return false;
    snprintf(path, sizeof path, "/sys/bus/usb/devices/%s:%u.%u/driver", name, config, interface);
    const ssize_t size = readlink(path, target, sizeof target - 1);
    if (size <= 0) return false;
    target[size] = 0;
    const char *slash = strrchr(target, '/');
    snprintf(room, 32, "%.31s", slash ? slash + 1 : target);
    return room[0];
}
