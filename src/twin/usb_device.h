/* USB device of the twin: descriptors, control requests and pipes, as transfers come and go. No sockets:
 * usbip.c hands transfers in and takes them out, and so does a test.
 *
 * One composite device, three ways to the same laser:
 *
 *     interface 0   vendor class, bulk OUT 01 and IN 81, interrupt IN 82: one frame a transfer
 *     interface 1,2 CDC-ACM, interrupt IN 83, bulk OUT 04 and IN 84: a serial port; DTR down means `!`
 *     interface 3   USBTMC-USB488 (FE/03/01), bulk OUT 05 and IN 85, interrupt IN 86; INITIATE_CLEAR means
 * `!`
 *
 * Answers go out of the pipe that spoke last. NAK is silence: an IN transfer waits until there is something.
 */
#ifndef TWIN_USB_DEVICE_H
#define TWIN_USB_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_TRANSFER_MAX 16384 /* bytes of one transfer; libusb cuts longer ones into such */
#define USB_WAITING_MAX 64     /* IN transfers that wait at once; the serial driver keeps 16 */
#define USB_QUEUE_MAX                                                                                        \
    8192 /* bytes for the host that nobody fetched; beyond it they are lost, as on a wire                    \
          */

#define USB_VENDOR 0x1209u /* test identities, never shipped */
#define USB_PRODUCT 0x0001u

enum {
    USB_DONE = 0,
    USB_STALL = -32,
    USB_PROTOCOL = -71
}; /* negated Linux numbers, as the wire wants them */

typedef struct usb_transfer {
    uint32_t number;   /* of the host; repeated in the answer */
    unsigned endpoint; /* without the direction bit */
    bool in;
    uint8_t setup[8]; /* endpoint 0 */
    uint32_t length;  /* asked for, or given */
} usb_transfer;

typedef struct usb_host { /* who is on the other side, and who is behind us */
    void *self;
    void (*finish)(void *self, const usb_transfer *transfer, int status, const uint8_t *bytes,
                   uint32_t length);
    void *laser;
    void (*heard)(void *laser, const char *bytes, size_t length);
} usb_host;

/* Faults on cue, of the bulk pipes: what is still to happen, by number. */
typedef enum usb_fault {
    USB_FAULT_STALL_IN, /* the pipe halts until the host clears it; what was to be said is kept */
    USB_FAULT_STALL_OUT,
    USB_FAULT_ERROR_IN, /* the transfer ends with a protocol error */
    USB_FAULT_ERROR_OUT,
    USB_FAULT_SHORT, /* half of what there is, in a short packet; the rest in the next transfer */
    USB_FAULT_EMPTY, /* a packet without a byte */
    USB_FAULTS
} usb_fault;

#define USB_HELD_MAX 16    /* OUT transfers a device that says NAK has not taken */
#define USB_HELD_SIZE 1024 /* a longer one is taken all the same */

typedef struct usb_held {
    usb_transfer transfer;
    uint8_t data[USB_HELD_SIZE];
} usb_held;

typedef struct usb_pipe { /* from the laser to the host */
    uint8_t bytes[USB_QUEUE_MAX];
    size_t size;
    bool halted;
} usb_pipe;

typedef struct usb_device {
    usb_host host;
    char serial[49];
    unsigned configuration;
    unsigned talks; /* endpoint number of the OUT pipe that spoke last: 1, 4 or 5; 0: nobody */
    bool dtr;
    uint8_t line_coding[7];
    usb_pipe pipes[3]; /* 81, 84, 85 */
    bool out_halted[3];
    usb_transfer waiting[USB_WAITING_MAX];
    unsigned waiting_count;
    bool tmc_wanted; /* REQUEST_DEV_DEP_MSG_IN is open */
    bool tmc_ended;  /* it was aborted: the next transfer is a short packet */
    uint8_t tmc_tag;
    uint32_t tmc_room;
    uint32_t faults[USB_FAULTS];
    bool nak; /* on cue: nothing is taken and nothing is said */
    usb_held held[USB_HELD_MAX];
    unsigned held_count;
} usb_device;

void usb_init(usb_device *device, const char *serial, const usb_host *host);
/* data: `length` bytes of an OUT transfer, else NULL. Finished at once, or kept until there is something to
 * say. */
void usb_submit(usb_device *device, const usb_transfer *transfer, const uint8_t *data);
/* True when it was still waiting; it is forgotten and not finished. */
bool usb_unlink(usb_device *device, uint32_t number);
void usb_say(usb_device *device, const char *bytes, size_t length); /* the laser to its host */
void usb_fail(usb_device *device, usb_fault fault, uint32_t count); /* the next so many transfers */
void usb_nak(usb_device *device, bool on);

#endif
