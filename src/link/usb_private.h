/* USB, between the files of this folder: finding and claiming (usb.c), the thread that moves bytes
 * (usb_line.c), and the two languages that carry a line of text: one frame a transfer (usb_bulk.c), USBTMC
 * (usb_tmc.c). */
#ifndef FL_LINK_USB_PRIVATE_H
#define FL_LINK_USB_PRIVATE_H

#include "carriers.h"
#include "fadeline/link/ports.h"
#include "usb_tmc.h"

#include <libusb.h>
#include <pthread.h>

#define USB_SLOT 512  /* longest piece of text written at once; a frame has 251 bytes */
#define USB_RING 4096 /* text that arrived and was not read */
#define USB_IN_SIZE                                                                                          \
    1024 /* a whole number of packets at every speed: nothing can overflow it but a sick device */
#define USB_CONTROL 64 /* room of a control transfer, set-up included */
#define USB_OUT_MS                                                                                           \
    50 /* a frame that the device has not taken by then is not worth sending: GL1 gave up too */
#define USB_CONTROL_MS 500
#define USB_STALLS_MOST 3 /* in a row without a byte between: then the line is lost */

/* Where the bytes go, as the descriptors say; never guessed. */
typedef struct usb_ends {
    uint8_t interface, in, out;
    bool tmc;
} usb_ends;

typedef struct usb_pipe { /* a transfer and its room, made at opening and used again and again */
    struct libusb_transfer *transfer;
    bool flying, cancelled, halted;
    unsigned stalls; /* in a row */
} usb_pipe;

typedef struct usb_line {
    libusb_context *context;
    libusb_device_handle *handle;
    libusb_hotplug_callback_handle leaving_call;
    usb_ends ends;
    pthread_t thread;
    bool has_thread, claimed;
    int priority;
    bool asks_only; /* other words than GL1: only what holds a question mark is answered */

    /* Between the tick and the thread; `lock` is held for a copy, never for a call into libusb. */
    pthread_mutex_t lock;
    int bell; /* eventfd: something to read, or gone */
    uint8_t ring[USB_RING];
    size_t ring_at, ring_size;
    uint8_t slot[USB_SLOT]; /* taken from the tick, not yet in a transfer */
    size_t slot_size;
    bool drop_wanted, closing, gone;

    /* The thread's own. */
    usb_pipe in, out, control;
    uint8_t in_bytes[USB_IN_SIZE], out_bytes[USB_TMC_HEADER + USB_SLOT + 4], control_bytes[USB_CONTROL];
    bool dropped, dropping; /* a drop was asked for and is not over; it is on its way */
    bool ragged;            /* bulk: the device has half a line */
    usb_tmc tmc;
} usb_line;

/* ---- usb_line.c: the thread ---- */

FL_MUST_USE fl_status usb_line_start(usb_line *line, fl_error *error);
void usb_line_free(usb_line *line); /* ends the thread, after a drop that was asked for; lets the device go */
extern const fl_carrier_kind fl_usb_kind;

void usb_line_lost(usb_line *line);
bool usb_line_room(usb_line *line, size_t size); /* for so many bytes more */
void usb_line_arrived(usb_line *line, const uint8_t *bytes, size_t size);
size_t usb_line_next(usb_line *line, uint8_t bytes[USB_SLOT]); /* takes the slot; 0: empty */
bool usb_line_has_next(usb_line *line);
bool usb_line_take_drop(usb_line *line); /* true once for each drop asked for */
void usb_line_send(usb_line *line, usb_pipe *pipe);
void usb_line_cancel(usb_pipe *pipe);
/* After a transfer came back: false when the line is lost. A stall only marks the pipe. */
bool usb_line_came_back(usb_line *line, usb_pipe *pipe);
bool usb_line_mend(usb_line *line, usb_pipe *pipe); /* clears a halt; may wait for the device */

/* ---- the languages: what to do next, and what came ---- */

void usb_bulk_turn(usb_line *line);
void usb_bulk_in(usb_line *line);
void usb_bulk_out(usb_line *line);
void usb_tmc_turn(usb_line *line);
void usb_tmc_in(usb_line *line);
void usb_tmc_out(usb_line *line);
void usb_tmc_control(usb_line *line);

/* ---- usb.c ---- */

/* The two ends of the vendor interface (tmc false) or of the USBTMC interface of a configuration. */
bool usb_ends_of(const struct libusb_config_descriptor *config, bool tmc, usb_ends *ends);

/* ---- usb_system.c: false, with an empty text, when the system does not say ---- */

bool usb_system_name(libusb_device *device, char name[48]);
bool usb_system_text(libusb_device *device, const char *what, char room[FL_USB_TEXT_MAX + 1]);
bool usb_system_driver(libusb_device *device, unsigned config, unsigned interface, char room[32]);

#endif
