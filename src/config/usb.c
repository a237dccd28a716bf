#include "fadeline/config/usb.h"

#include "fadeline/base/text.h"

bool fl_usb_bare_chip(size_t n, uint16_t *vendor, uint16_t *product)
{
    static const uint16_t chips[][2] = {
        {0x0403, 0x6001}, {0x067B, 0x2303}, {0x10C4, 0xEA60}, {0x1A86, 0x7523}};
    if (n >= sizeof chips / sizeof *chips) return false;
    *vendor = chips[n][0], *product = chips[n][1];
    return true;
}

bool fl_usb_is_bare_chip(uint16_t vendor, uint16_t product)
{
    uint16_t v, p;
    for (size_t n = 0; fl_usb_bare_chip(n, &v, &p); n++)
        if (v == vendor && p == product) return true;
    return false;
}

bool fl_usb_is_test_identity(uint16_t vendor, uint16_t product)
{
    return vendor == 0x1209 && product >= 0x0001 && product <= 0x0010;
}

const char *fl_usb_fit_word(fl_usb_fit fit)
{
    switch (fit) {
#define X(name, word, text)                                                                                  \
    case name: return word;
        FL_USB_FIT_LIST(X)
#undef X
    }
    return "?";
}

const char *fl_usb_fit_text(fl_usb_fit fit)
{
    switch (fit) {
#define X(name, word, text)                                                                                  \
    case name: return text;
        FL_USB_FIT_LIST(X)
#undef X
    }
    return "?";
}

fl_usb_fit fl_usb_fits(const fl_device_usb *usb, const fl_usb_seen *seen)
{
    if (usb->vendor < 0 || usb->product < 0) return FL_USB_NOT_STATED;
    if (usb->vendor != seen->vendor || usb->product != seen->product) return FL_USB_OTHER_DEVICE;
    if (usb->class && usb->class != seen->class) return FL_USB_OTHER_CLASS;
    if (usb->serial && !fl_text_same(usb->serial, seen->serial)) return FL_USB_OTHER_SERIAL;
    if (!usb->serial && fl_usb_is_bare_chip(seen->vendor, seen->product)) return FL_USB_BARE_CHIP;
    return FL_USB_FITS;
}
