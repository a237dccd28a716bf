/* The line of the conformance script over a carrier, in real time. */
#include "fadeline/link/conform.h"

#include "fadeline/base/assert.h"

#include <poll.h>
#include <time.h>

static fl_instant port_now(void *self)
{
    (void)self;
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self);
}

/* To the microsecond: `41 ms` must not become 42 or 40. */
static void port_wait(void *self, fl_instant until)
{
    const fl_conform_port *port = self;
    const int64_t us = fl_since(until, port_now(self)).us;
    if (us <= 0) return;
    const struct timespec patience = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    struct pollfd wait = {.fd = fl_carrier_fd(&port->carrier), .events = POLLIN};
    const bool gone = fl_carrier_is_gone(&port->carrier); /* its descriptor would be ready for ever */
    if (ppoll(gone ? NULL : &wait, !gone, &patience, NULL) < 0)
        return; /* EINTR: the caller looks at the clock */
}

static fl_status port_write(void *self, const void *bytes, size_t size)
{
    fl_conform_port *port = self;
    const fl_instant end = fl_after(port_now(self), fl_ms(200));
    for (size_t done = 0, taken; done < size; done += taken) {
        const fl_status status =
            fl_carrier_write(&port->carrier, (const char *)bytes + done, size - done, &taken);
        if (status != FL_OK) return FL_E_GONE;
        if (fl_since(end, port_now(self)).us < 0) return FL_E_GONE; /* nobody takes it */
    }
    return FL_OK;
}

static fl_status port_read(void *self, void *bytes, size_t room, size_t *got)
{
    fl_conform_port *port = self;
    return fl_carrier_read(&port->carrier, bytes, room, got) == FL_OK ? FL_OK : FL_E_GONE;
}

static fl_status port_again(void *self)
{
    fl_conform_port *port = self;
    fl_carrier_close(&port->carrier);
    return fl_carrier_open(port->path, &port->options, &port->carrier, NULL);
}

fl_status fl_conform_port_open(fl_conform_port *port, const char *path, const fl_carrier_options *options,
                               fl_error *error)
{
    FL_ASSERT(port && path && options);
    *port = (fl_conform_port){.path = path, .options = *options};
    return fl_carrier_open(path, options, &port->carrier, error);
}

void fl_conform_port_close(fl_conform_port *port)
{
    fl_carrier_drop(&port->carrier);
    fl_carrier_close(&port->carrier);
}

fl_conform_line fl_conform_over(fl_conform_port *port)
{
    return (fl_conform_line){.self = port,
                             .write = port_write,
                             .read = port_read,
                             .wait = port_wait,
                             .now = port_now,
                             .again = port_again};
}
