/* Carrier: bytes to a device and back, whatever they travel on.
 *
 * A carrier knows nothing of frames. Reading and writing never block and never allocate, and it says plainly when the
 * other side is gone. Three kinds exist: `serial` (libserialport), `usb` (libusb: vendor class with one frame a
 * transfer, or USBTMC) and `pty` (pseudo-terminals). On a pseudo-terminal, and on a USB device with a test identity
 * (1209:0001 to 0010), only a device that calls itself simulated is accepted, because nobody may take a simulated laser
 * for a real one or the other way round.
 *
 * A USB carrier has a thread of its own, because libusb asks the heap for memory at every transfer and waits for the
 * device when an end has stalled; the tick only meets two buffers and a descriptor. What it writes leaves as one
 * transfer (or message), so write a frame whole.
 *
 *     fl_carrier carrier;
 *     fl_status status = fl_carrier_open(path, &(fl_carrier_options){ .baud = 921600 }, &carrier, &error);
 *     ...
 *     fl_carrier_close(&carrier);
 *
 * Reading gives 0 bytes both when the line is quiet and when it hung up: ask fl_carrier_is_gone after it.
 * When it is gone the descriptor is ready for ever; poll() around it would burn a core, so close it or stop
 * polling.
 */
#ifndef FL_LINK_CARRIER_H
#define FL_LINK_CARRIER_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define FL_CARRIER_IDENTIFY_MS 1000 /* how long a pseudo-terminal may take to answer *IDN? */

typedef struct fl_carrier_options {
    unsigned baud;    /* 921600 or 460800 for treatment; 0: 921600. Slower lines may only be listened to */
    bool listen_only; /* every write is refused, nothing is asked at opening, DTR is left alone */
    unsigned identify_ms; /* simulated carriers: patience for *IDN?; 0: FL_CARRIER_IDENTIFY_MS */
    int priority;         /* usb only: SCHED_FIFO priority of its thread, where the system allows it; 0: none */
    /* The device speaks a dialect and no GL1: any baud, its own stop bits, and no *IDN? at opening. Whoever
     * opens a pseudo-terminal or a test identity so must find SIM in what the device says of itself (fl_laser, fl_meter do). */
    bool other_words;
    unsigned stop_bits; /* with other_words: 1 or 2; 0: 1 */
} fl_carrier_options;

typedef struct fl_carrier fl_carrier;

/* What a kind of carrier must be able to do. */
typedef struct fl_carrier_kind {
    const char *name; /* "serial", "usb", "pty" */
    fl_status (*read)(fl_carrier *carrier, void *bytes, size_t room, size_t *got);
    fl_status (*write)(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken);
    void (*drop)(fl_carrier *carrier);
    void (*close)(fl_carrier *carrier);
} fl_carrier_kind;

struct fl_carrier {
    const fl_carrier_kind *kind; /* NULL: closed */
    void *self;                  /* belongs to the kind */
    int fd;                      /* for poll(), or -1 */
    bool gone;                   /* the other side hung up, or the line failed */
    bool listen_only;
    bool own_drop;       /* the kind's drop says `!` in its own way */
    bool simulated_only; /* the device must call itself simulated; gl1 checks the uid of HELLO as well */
};

/* Opens what the path is: "usb:VID:PID" or "usb:VID:PID:SERIAL" (fadeline/link/ports.h) with the usb kind, the slave of a
 * pseudo-terminal (or a link to it) with the pty kind, anything else as a serial port. FL_E_BUSY when somebody holds it,
 * FL_E_DEVICE when several USB devices fit, or a simulated carrier's device does not call itself simulated. *carrier is closed on failure. */
FL_MUST_USE fl_status fl_carrier_open(const char *path, const fl_carrier_options *options,
                                      fl_carrier *carrier, fl_error *error);
void fl_carrier_close(fl_carrier *carrier); /* a closed one is fine */

/* Whatever has arrived, at most `room` bytes; *got is 0 when there is nothing. FL_E_GONE once the line is
 * lost. */
FL_MUST_USE fl_status fl_carrier_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got);
/* Takes all or a part; *taken says how much. FL_E_REFUSED on a carrier that only listens, FL_E_GONE when
 * lost. */
FL_MUST_USE fl_status fl_carrier_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken);
/* Tells the device to be safe at once, by every means the line has: `!` on a line of its own and DTR down, or
 * INITIATE_CLEAR on USBTMC.
 * Nothing is reported: there is nothing left to do when it fails. */
void fl_carrier_drop(fl_carrier *carrier);

static inline bool fl_carrier_is_open(const fl_carrier *carrier)
{
    return carrier->kind != NULL;
}
static inline bool fl_carrier_is_gone(const fl_carrier *carrier)
{
    return !carrier->kind || carrier->gone;
}
static inline int fl_carrier_fd(const fl_carrier *carrier)
{
    return carrier->kind ? carrier->fd : -1;
}

#endif
