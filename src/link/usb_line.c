/* The USB line: a thread of its own, two buffers and a bell.
 *
 * The tick may neither wait nor allocate, and libusb does both: every submission asks the heap for the
 * kernel's request block, and clearing a halt waits for the device. So libusb is spoken to by one thread
 * only; the tick copies bytes into a slot or out of a ring under a lock that is never held across a call into
 * libusb, and polls an eventfd. The thread does nothing by itself but what the slot and the language
 * (usb_bulk.c, usb_tmc.c) ask for.
 */
#include "usb_private.h"

#include "fadeline/base/assert.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PENDING_MS 2   /* between two questions whether the device is done */
#define CLOSING_MS 300 /* for a last `!` and for transfers to come back */

/* ---- what both sides touch ---- */

static void ring_bell(const usb_line *line)
{
    const uint64_t one = 1;
    if (write(line->bell, &one, sizeof one) < 0) return; /* it rings already */
}

static void wake(const usb_line *line)
{
    libusb_interrupt_event_handler(line->context);
}

void usb_line_lost(usb_line *line)
{
    pthread_mutex_lock(&line->lock);
    line->gone = true;
    pthread_mutex_unlock(&line->lock);
    ring_bell(line);
}

bool usb_line_room(usb_line *line, size_t size)
{
    pthread_mutex_lock(&line->lock);
    const bool room = USB_RING - line->ring_size >= size;
    pthread_mutex_unlock(&line->lock);
    return room;
}

void usb_line_arrived(usb_line *line, const uint8_t *bytes, size_t size)
{
    if (!size) return;
    pthread_mutex_lock(&line->lock);
    FL_ASSERT(USB_RING - line->ring_size >= size); /* nothing is asked for without room */
    const size_t to = (line->ring_at + line->ring_size) % USB_RING;
    const size_t first = size < USB_RING - to ? size : USB_RING - to;
    memcpy(line->ring + to, bytes, first);
    memcpy(line->ring, bytes + first, size - first);
    line->ring_size += size;
    pthread_mutex_unlock(&line->lock);
    ring_bell(line);
}

bool usb_line_has_next(usb_line *line)
{
    pthread_mutex_lock(&line->lock);
    const bool has = line->slot_size != 0;
    pthread_mutex_unlock(&line->lock);
    return has;
}

size_t usb_line_next(usb_line *line, uint8_t bytes[USB_SLOT])
{
    pthread_mutex_lock(&line->lock);
    const size_t size = line->slot_size;
    memcpy(bytes, line->slot, size);
    line->slot_size = 0;
    pthread_mutex_unlock(&line->lock);
    return size;
}

bool usb_line_take_drop(usb_line *line)
{
    pthread_mutex_lock(&line->lock);
    const bool wanted = line->drop_wanted;
    line->drop_wanted = false;
    pthread_mutex_unlock(&line->lock);
    return wanted;
}

/* ---- the tick's side ---- */

static fl_status usb_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    usb_line *line = carrier->self;
    pthread_mutex_lock(&line->lock);
    const bool was_full = USB_RING - line->ring_size < USB_IN_SIZE;
    const size_t size = line->ring_size < room ? line->ring_size : room;
    const size_t first = size < USB_RING - line->ring_at ? size : USB_RING - line->ring_at;
    memcpy(bytes, line->ring + line->ring_at, first);
    memcpy((uint8_t *)bytes + first, line->ring, size - first);
    line->ring_at = (line->ring_at + size) % USB_RING;
    line->ring_size -= size;
    const bool gone = line->gone && !line->ring_size && !size; /* what came before the end is read first */
    uint64_t rings;
    if (!line->ring_size && !line->gone && read(line->bell, &rings, sizeof rings) < 0 && errno != EAGAIN)
        line->gone = true;
    const bool has_room = USB_RING - line->ring_size >= USB_IN_SIZE;
    pthread_mutex_unlock(&line->lock);
    if (was_full && has_room) wake(line);
    *got = size;
    if (!gone) return FL_OK;
    carrier->gone = true;
    return FL_E_GONE;
}

/* One piece of text at a time, and whole: a second one is not taken before the first is in a transfer. */
static fl_status usb_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    usb_line *line = carrier->self;
    pthread_mutex_lock(&line->lock);
    const bool gone = line->gone;
    if (!gone && !line->slot_size && !line->drop_wanted) {
        line->slot_size = size < USB_SLOT ? size : USB_SLOT;
        memcpy(line->slot, bytes, line->slot_size);
        *taken = line->slot_size;
    }
    pthread_mutex_unlock(&line->lock);
    if (gone) return carrier->gone = true, FL_E_GONE;
    if (*taken) wake(line);
    return FL_OK;
}

/* Whatever has not left yet never will. */
static void usb_drop(fl_carrier *carrier)
{
    usb_line *line = carrier->self;
    pthread_mutex_lock(&line->lock);
    line->slot_size = 0;
    line->drop_wanted = true;
    pthread_mutex_unlock(&line->lock);
    wake(line);
}

static void usb_close(fl_carrier *carrier)
{
    usb_line_free(carrier->self);
}

const fl_carrier_kind fl_usb_kind = {"usb", usb_read, usb_write, usb_drop, usb_close};

/* ---- the thread's side ---- */

static usb_pipe *pipe_of(usb_line *line, const struct libusb_transfer *transfer)
{
    return transfer == line->in.transfer    ? &line->in
           : transfer == line->out.transfer ? &line->out
                                            : &line->control;
}

static void LIBUSB_CALL on_transfer(struct libusb_transfer *transfer)
{
    usb_line *line = transfer->user_data;
    usb_pipe *pipe = pipe_of(line, transfer);
    pipe->flying = pipe->cancelled = false;
    if (pipe == &line->control)
        usb_tmc_control(line);
    else if (pipe == &line->in)
        (line->ends.tmc ? usb_tmc_in : usb_bulk_in)(line);
    else
        (line->ends.tmc ? usb_tmc_out : usb_bulk_out)(line);
}

/* An error of the bus and a device that left look the same from here: with some host controllers a transfer
 * in flight ends with ERROR when the cable is pulled. So both are the end, until somebody opens the device
 * anew. */
bool usb_line_came_back(usb_line *line, usb_pipe *pipe)
{
    switch (pipe->transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
    case LIBUSB_TRANSFER_TIMED_OUT:
    case LIBUSB_TRANSFER_CANCELLED: return true;
    case LIBUSB_TRANSFER_STALL: pipe->halted = true; return true;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_NO_DEVICE:
    case LIBUSB_TRANSFER_OVERFLOW: break;
    }
    usb_line_lost(line);
    return false;
}

bool usb_line_mend(usb_line *line, usb_pipe *pipe)
{
    if (!pipe->halted) return true;
    pipe->halted = false;
    if (++pipe->stalls <= USB_STALLS_MOST &&
        libusb_clear_halt(line->handle, pipe->transfer->endpoint) == LIBUSB_SUCCESS)
        return true;
    usb_line_lost(line);
    return false;
}

void usb_line_send(usb_line *line, usb_pipe *pipe)
{
    FL_ASSERT(!pipe->flying);
    pipe->flying = libusb_submit_transfer(pipe->transfer) == LIBUSB_SUCCESS;
    if (!pipe->flying) usb_line_lost(line);
}

/* It comes back with CANCELLED, or with whatever it had become by then. */
void usb_line_cancel(usb_pipe *pipe)
{
    if (!pipe->flying || pipe->cancelled) return;
    pipe->cancelled = true;
    if (libusb_cancel_transfer(pipe->transfer) != LIBUSB_SUCCESS) return; /* it is on its way back already */
}

static bool anything_flies(const usb_line *line)
{
    return line->in.flying || line->out.flying || line->control.flying;
}

static void handle_events(usb_line *line, int ms)
{
    struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    if (libusb_handle_events_timeout_completed(line->context, &wait, NULL) != LIBUSB_SUCCESS) {
        usb_line_lost(line);
        usleep(1000); /* an error that repeats must not spin */
    }
}

static void look(usb_line *line, bool *closing, bool *gone, bool *drop)
{
    pthread_mutex_lock(&line->lock);
    *closing = line->closing, *gone = line->gone, *drop = line->drop_wanted;
    pthread_mutex_unlock(&line->lock);
}

static void bring_home(usb_line *line)
{
    const fl_clock *clock = fl_clock_system();
    const fl_instant until = fl_after(clock->now(NULL), fl_ms(CLOSING_MS));
    while (anything_flies(line) && clock->now(NULL).us < until.us) {
        usb_line_cancel(&line->in), usb_line_cancel(&line->out), usb_line_cancel(&line->control);
        handle_events(line, 10);
    }
}

static void *live(void *self)
{
    usb_line *line = self;
    if (line->priority) { /* refused: the caller's own thread is refused as well, and says so */
        const struct sched_param parameter = {.sched_priority = line->priority};
        pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
    }
    const fl_clock *clock = fl_clock_system();
    fl_instant until = {INT64_MAX};
    for (;;) {
        bool closing, gone, drop;
        look(line, &closing, &gone, &drop);
        if (closing && until.us == INT64_MAX) until = fl_after(clock->now(NULL), fl_ms(CLOSING_MS));
        drop |= line->dropped;
        if (closing && (gone || !drop || clock->now(NULL).us >= until.us)) break;
        if (line->tmc.wait) usleep(PENDING_MS * 1000); /* a check said "pending" */
        line->tmc.wait = false;
        if (!gone) (line->ends.tmc ? usb_tmc_turn : usb_bulk_turn)(line);
        handle_events(line, closing || line->tmc.rounds ? PENDING_MS : 500);
    }
    bring_home(line);
    return NULL;
}

static int LIBUSB_CALL on_leaving(libusb_context *context, libusb_device *device, libusb_hotplug_event event,
                                  void *self)
{
    (void)context;
    (void)event;
    usb_line *line = self;
    if (device == libusb_get_device(line->handle)) usb_line_lost(line);
    return 0;
}

/* ---- beginning and end ---- */

static bool make_transfers(usb_line *line)
{
    usb_pipe *const pipes[] = {&line->in, &line->out, &line->control};
    for (size_t i = 0; i < 3; i++)
        if (!(pipes[i]->transfer = libusb_alloc_transfer(0))) return false;
    libusb_fill_bulk_transfer(line->in.transfer, line->handle, line->ends.in, line->in_bytes, USB_IN_SIZE,
                              on_transfer, line, 0);
    libusb_fill_bulk_transfer(line->out.transfer, line->handle, line->ends.out, line->out_bytes, 0,
                              on_transfer, line, USB_OUT_MS);
    libusb_fill_control_transfer(line->control.transfer, line->handle, line->control_bytes, on_transfer, line,
                                 USB_CONTROL_MS);
    return true;
}

static bool make_lock(usb_line *line)
{
    pthread_mutexattr_t how;
    if (pthread_mutexattr_init(&how)) return false;
    pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_INHERIT);
    const int bad = pthread_mutex_init(&line->lock, &how);
    pthread_mutexattr_destroy(&how);
    return !bad;
}

fl_status usb_line_start(usb_line *line, fl_error *error)
{
    line->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (line->bell < 0 || !make_lock(line) || !make_transfers(line))
        return fl_error_set(error, FL_E_MEMORY, "no memory for a USB line");
    /* A conversation that broke off leaves an answer in a USBTMC device, and every later one would be the
     * answer to the question before. So it begins as it ends, with a clear. */
    line->dropped = line->ends.tmc;
    /* Where the system has no hot-plug messages the transfers still tell. */
    if (libusb_hotplug_register_callback(line->context, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0,
                                         LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                                         LIBUSB_HOTPLUG_MATCH_ANY, on_leaving, line,
                                         &line->leaving_call) != LIBUSB_SUCCESS)
        line->leaving_call = 0;
    sigset_t all, before; /* signals are for the thread that ticks */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int bad = pthread_create(&line->thread, NULL, live, line);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (bad) return fl_error_set(error, FL_E_MEMORY, "no thread for a USB line");
    line->has_thread = true;
    return FL_OK;
}

void usb_line_free(usb_line *line)
{
    if (line->has_thread) {
        pthread_mutex_lock(&line->lock);
        line->closing = true;
        pthread_mutex_unlock(&line->lock);
        wake(line);
        pthread_join(line->thread, NULL);
    }
    /* A transfer that the kernel has not given back may still be written to: then its memory is left alone.
     */
    if (anything_flies(line)) return;
    libusb_free_transfer(line->in.transfer);
    libusb_free_transfer(line->out.transfer);
    libusb_free_transfer(line->control.transfer);
    if (line->claimed) libusb_release_interface(line->handle, line->ends.interface);
    if (line->handle) libusb_close(line->handle);
    libusb_exit(line->context);
    if (line->bell >= 0) close(line->bell);
    pthread_mutex_destroy(&line->lock);
    free(line);
}
