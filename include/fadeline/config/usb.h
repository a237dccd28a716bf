/* USB identity: whose device is it? A vendor number and a product number name a kind of device, a serial
 * number names one.
 *
 *     fl_usb_seen seen = {.vendor = 0x1AD5, .product = 0x0300, .serial = "245"};
 *     fl_usb_fit fit = fl_usb_fits(&device->link.usb, &seen);
 *     if (fit != FL_USB_FITS) puts(fl_usb_fit_text(fit));
 *
 * Pure.
 */
#ifndef FL_CONFIG_USB_H
#define FL_CONFIG_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum fl_usb_class { FL_USB_ANY_CLASS, FL_USB_SERIAL, FL_USB_VENDOR, FL_USB_TMC } fl_usb_class;

/* The chip of a USB-serial adapter: anything may be behind it. */
bool fl_usb_is_bare_chip(uint16_t vendor, uint16_t product);
bool fl_usb_bare_chip(size_t n, uint16_t *vendor,
                      uint16_t *product); /* the n-th that is known; false past the last */
/* 1209:0001 to 1209:0010: twins and prototypes, never shipped. */
bool fl_usb_is_test_identity(uint16_t vendor, uint16_t product);

typedef struct fl_device_usb { /* what a device file says; all of it may be missing */
    const char *vendor_text, *product_text;
    int vendor, product; /* -1: not stated */
    const char *serial;  /* NULL: not stated */
    fl_usb_class class;
} fl_device_usb;

typedef struct fl_usb_seen { /* what is plugged in */
    uint16_t vendor, product;
    const char *serial; /* "": none */
    fl_usb_class class;
} fl_usb_seen;

// clang-format off
#define FL_USB_FIT_LIST(X)                                                                                   \
    X(FL_USB_FITS,         "fits",         "its numbers are those of the device file")                       \
    X(FL_USB_NOT_STATED,   "not-stated",   "the device file names no USB numbers")                           \
    X(FL_USB_OTHER_DEVICE, "other-device", "vendor or product number differ")                                \
    X(FL_USB_OTHER_CLASS,  "other-class",  "the device file names another class")                            \
    X(FL_USB_OTHER_SERIAL, "other-serial", "its serial number is another")                                   \
    X(FL_USB_BARE_CHIP,    "bare-chip",    "a bare USB-serial chip: anything may be behind it; add its serial number to the device file")
// clang-format on
typedef enum fl_usb_fit {
#define X(name, word, text) name,
    FL_USB_FIT_LIST(X)
#undef X
} fl_usb_fit;
const char *fl_usb_fit_word(fl_usb_fit fit);
const char *fl_usb_fit_text(fl_usb_fit fit);

fl_usb_fit fl_usb_fits(const fl_device_usb *usb, const fl_usb_seen *seen);

#endif
