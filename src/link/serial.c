/* Serial ports through libserialport. What it really does (0.1.1, seen on ttyACM, ttyUSB and PTY): after a
 * hang-up a read returns 0, as on a quiet line, and sp_wait returns at once for ever; only sp_input_waiting
 * tells, by failing. So every read that brings nothing asks it. */
#include "carriers.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <linux/serial.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define BAUD_FAST 921600
#define BAUD_SLOW 460800

static fl_status lost(fl_carrier *carrier)
{
    carrier->gone = true;
    return FL_E_GONE;
}

static bool try_again(void)
{
    const int code = sp_last_error_code();
    return code == EINTR || code == EAGAIN;
}

static fl_status serial_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    const enum sp_return n = sp_nonblocking_read(carrier->self, bytes, room);
    if (n > 0) return *got = (size_t)n, FL_OK;
    if (n < 0 && !try_again()) return lost(carrier);
    return sp_input_waiting(carrier->self) < 0 ? lost(carrier) : FL_OK;
}

static fl_status serial_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    const enum sp_return n = sp_nonblocking_write(carrier->self, bytes, size);
    if (n >= 0) return *taken = (size_t)n, FL_OK;
    return try_again() ? FL_OK : lost(carrier);
}

/* Down is the message; up again, so that the device may answer the next HELLO. Closing leaves it down. */
static void serial_drop(fl_carrier *carrier)
{
    if (sp_set_dtr(carrier->self, SP_DTR_OFF) == SP_OK) sp_set_dtr(carrier->self, SP_DTR_ON);
}

static void serial_close(fl_carrier *carrier)
{
    if (!carrier->listen_only) sp_set_dtr(carrier->self, SP_DTR_OFF);
    sp_close(carrier->self);
    sp_free_port(carrier->self);
}

static const fl_carrier_kind serial_kind = {"serial", serial_read, serial_write, serial_drop, serial_close};

static fl_status failed(const char *what, const char *path, fl_error *error)
{
    char *message = sp_last_error_message();
    fl_error_set(error, FL_E_DEVICE, "cannot %s %s: %s", what, path, message ? message : "unknown reason");
    if (message) sp_free_error_message(message);
    fl_error_hint(error, "is the cable in, and may you use the port (group dialout)?");
    return FL_E_DEVICE;
}

/* Adapters of one common family hold short answers back for up to 16 ms unless asked not to [from memory].
 * Where the driver does not know the question nothing is lost but time. */
static void ask_for_low_latency(int fd)
{
    struct serial_struct line;
    if (ioctl(fd, TIOCGSERIAL, &line) != 0) return;
    line.flags |= ASYNC_LOW_LATENCY;
    if (ioctl(fd, TIOCSSERIAL, &line) != 0) return;
}

static fl_status configure(struct sp_port *port, int baud, const fl_carrier_options *options)
{
    const bool listen_only = options->listen_only;
    enum sp_return bad = sp_set_baudrate(port, baud);
    if (!bad) bad = sp_set_bits(port, 8);
    if (!bad) bad = sp_set_parity(port, SP_PARITY_NONE);
    if (!bad) bad = sp_set_stopbits(port, options->stop_bits == 2 ? 2 : 1);
    if (!bad && !listen_only) bad = sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE);
    if (!bad && !listen_only) bad = sp_set_dtr(port, SP_DTR_ON);
    if (!bad && !listen_only) bad = sp_flush(port, SP_BUF_BOTH);
    return bad ? FL_E_DEVICE : FL_OK;
}

static fl_status wrong_baud(unsigned baud, fl_error *error)
{
    fl_error_set(error, FL_E_RANGE, "%u baud is not a rate for treatment", baud);
    fl_error_hint(error, "%u or %u: on a slower line a grant is old before it arrives", BAUD_FAST, BAUD_SLOW);
    return FL_E_RANGE;
}

fl_status fl_carrier_open_serial(const char *path, const fl_carrier_options *options, fl_carrier *carrier,
                                 fl_error *error)
{
    *carrier = (fl_carrier){.fd = -1};
    const unsigned baud = options->baud ? options->baud : BAUD_FAST;
    if (!options->listen_only && !options->other_words && baud != BAUD_FAST && baud != BAUD_SLOW)
        return wrong_baud(baud, error);
    struct sp_port *port;
    if (sp_get_port_by_name(path, &port) != SP_OK) return failed("find", path, error);
    fl_status status = FL_OK;
    int fd = -1;
    if (sp_open(port, options->listen_only ? SP_MODE_READ : SP_MODE_READ_WRITE) != SP_OK) {
        status = failed("open", path, error);
        sp_free_port(port);
        return status;
    }
    if (sp_get_port_handle(port, &fd) != SP_OK) status = failed("use", path, error);
    if (status == FL_OK) status = fl_carrier_claim(fd, path, error);
    if (status == FL_OK && configure(port, (int)baud, options) != FL_OK)
        status = failed("set up", path, error);
    if (status != FL_OK) {
        sp_close(port);
        sp_free_port(port);
        return status;
    }
    ask_for_low_latency(fd);
    *carrier =
        (fl_carrier){.kind = &serial_kind, .self = port, .fd = fd, .listen_only = options->listen_only};
    return FL_OK;
}
