#ifndef FL_TESTS_LINK_USB_SESSION_H
#define FL_TESTS_LINK_USB_SESSION_H

#include <stdbool.h>

void usb_session(bool tmc, bool yank);

#endif
