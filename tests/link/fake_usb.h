/* Fake USB: devices played in umockdev's ioctl handler, so that the real libusb enumerates, opens, claims,
 * submits and reaps. One frame a transfer (vendor class) or USBTMC. The fake node is always ready for poll(),
 * so libusb's thread spins while a transfer waits: nothing here may measure time.
 *
 *     fake_usb *device = fake_usb_new(&(fake_usb_make){.vendor = 0x1209, .product = 1, .serial = "SIM-1"});
 *     fake_usb_unplug(device), fake_usb_plug(device), fake_usb_free(device);
 *
 * The program restarts itself under umockdev's preload library before main().
 */
#ifndef FL_TESTS_LINK_FAKE_USB_H
#define FL_TESTS_LINK_FAKE_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fake_usb fake_usb;

typedef enum fake_fault {
    FAKE_NO_FAULT,
    FAKE_UNPLUG,        /* gone: transfers under way end with "no such device" */
    FAKE_UNPLUG_ERROR,  /* gone, but they end with a protocol error, as on some host controllers */
    FAKE_PROTOCOL_ERROR /* one transfer ends so; the device is still there */
} fake_fault;

typedef struct fake_usb_make {
    uint16_t vendor, product;
    const char *serial; /* NULL: none */
    bool tmc;
    bool cdc;             /* serial class instead: no interface of ours */
    uint8_t in, out;      /* end numbers without direction; 0: 1 and 1 */
    const char *identity; /* answer to *IDN?; NULL: silent */
    /* Every line of text that arrives, LF taken off; answer with fake_usb_reply. */
    void (*heard)(fake_usb *device, void *self, const char *line, size_t size);
    void (*clock)(void *self); /* now and then */
    void *self;
} fake_usb_make;

fake_usb *fake_usb_new(const fake_usb_make *make); /* plugged in */
void fake_usb_free(fake_usb *device);
void fake_usb_unplug(fake_usb *device);
void fake_usb_plug(fake_usb *device);

/* One transfer (USBTMC: one answer) each; size 0 is an empty packet. `reply` from heard(), `answer` from the
 * test. */
void fake_usb_reply(fake_usb *device, const void *bytes, size_t size);
void fake_usb_answer(fake_usb *device, const void *bytes, size_t size);
size_t fake_usb_take(fake_usb *device, char *bytes,
                     size_t room); /* text that arrived and heard() did not take */

/* From the `at`-th call that concerns a transfer (submit, reap of a finished one, discard, clear-halt),
 * counted from now; 0: never. */
void fake_usb_fault(fake_usb *device, fake_fault fault, unsigned at);
unsigned fake_usb_calls(fake_usb *device); /* since fake_usb_fault */

typedef struct fake_usb_manners { /* may be changed at any time */
    bool nak_out;                 /* takes nothing */
    unsigned partial_out;         /* takes so many bytes of the next OUT transfer, then nothing; 0: off */
    unsigned stall_in,
        stall_out;           /* so many transfers end in a stall; each halts the end until it is cleared */
    unsigned claim_fails;    /* so many claims say "no such interface" */
    int claim_error;         /* errno of every claim; 0: works */
    bool bad_tag, long_size; /* USBTMC: a header that lies */
    unsigned pieces;         /* USBTMC: an answer comes in messages of so many bytes; 0: whole */
    unsigned pending;        /* USBTMC: so many checks say "pending" */
    bool no_abort;           /* USBTMC: INITIATE_ABORT_BULK_IN stalls */
} fake_usb_manners;
fake_usb_manners *fake_usb_lock(fake_usb *device);
void fake_usb_unlock(fake_usb *device);

typedef struct fake_usb_seen {
    unsigned clears, aborts, halts_cleared, out_transfers, in_transfers, frames_split, drops, claims,
        releases, discards;
} fake_usb_seen;
fake_usb_seen fake_usb_look(fake_usb *device);

/* A serial port of the system's list, on USB: no bytes travel. */
void fake_tty_add(const char *name, unsigned address, uint16_t vendor, uint16_t product, const char *serial,
                  const char *product_name);
void fake_usb_bind(const fake_usb *device, const char *driver); /* to its interface, until fake_usb_end */
const char *fake_usb_node(const fake_usb *device);

void fake_usb_end(void); /* after every device is freed: the testbed goes */

#endif
