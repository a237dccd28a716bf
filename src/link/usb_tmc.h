/* USBTMC 1.0 and USB488: the bytes, and where a conversation stands. Headers are pure functions; the
 * conversation belongs to the USB thread (usb_tmc.c). */
#ifndef FL_LINK_USB_TMC_H
#define FL_LINK_USB_TMC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_TMC_HEADER 12

typedef enum usb_tmc_step {
    USB_TMC_QUIET,       /* nothing is asked */
    USB_TMC_SAYING,      /* a message leaves */
    USB_TMC_ASKING,      /* REQUEST_DEV_DEP_MSG_IN leaves */
    USB_TMC_AWAITING,    /* its answer is on the way, for as long as the host likes */
    USB_TMC_ABORTING,    /* INITIATE_ABORT_BULK_IN: the host speaks again and wants the old answer no more */
    USB_TMC_DRAINING,    /* what was left of the old answer */
    USB_TMC_CHECKING,    /* CHECK_ABORT_BULK_IN_STATUS */
    USB_TMC_CLEARING,    /* INITIATE_CLEAR: GL1's `!` */
    USB_TMC_CLEAR_CHECK, /* CHECK_CLEAR_STATUS */
    USB_TMC_CLEAR_DRAIN  /* what the device still held when it was cleared */
} usb_tmc_step;

typedef struct usb_tmc {
    usb_tmc_step step;
    uint8_t tag;     /* of the last header, 1..255 */
    uint8_t asked;   /* tag of the last request for an answer */
    unsigned rounds; /* of a check that said "pending" */
    bool told;       /* the message that leaves has no answer */
    char last;       /* last byte of the answer so far */
    bool wait;       /* a check said "pending": a moment's rest before the next one */
} usb_tmc;

/* Header, text, and zeros up to a multiple of four; returns the size. `bytes` has room for 12 + size + 3. */
size_t usb_tmc_message(uint8_t *bytes, uint8_t tag, const uint8_t *text, size_t size);
size_t usb_tmc_request(uint8_t *bytes, uint8_t tag, uint32_t room);

/* An answer to request `tag` with room for `room` bytes: where its text is. False for anything else, a text
 * that is longer than what came included. */
bool usb_tmc_answer(const uint8_t *bytes, size_t size, uint8_t tag, size_t room, const uint8_t **text,
                    size_t *text_size, bool *last);

#endif
