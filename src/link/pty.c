/* Pseudo-terminals: only for devices that call themselves simulated. libserialport refuses them by nature, so
 * a real laser's carrier cannot end here by mistake, and this one turns away whatever does not begin with
 * SIM. */
#include "carriers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

static bool try_again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static fl_status lost(fl_carrier *carrier)
{
    carrier->gone = true;
    return FL_E_GONE;
}

/* When the master is closed, read gives 0 or EIO; on a quiet raw line it gives EAGAIN (VMIN is 1). */
static fl_status pty_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    const ssize_t n = read(carrier->fd, bytes, room);
    if (n > 0) return *got = (size_t)n, FL_OK;
    return n < 0 && try_again() ? FL_OK : lost(carrier);
}

static fl_status pty_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    const ssize_t n = write(carrier->fd, bytes, size);
    if (n >= 0) return *taken = (size_t)n, FL_OK;
    return try_again() ? FL_OK : lost(carrier);
}

static void pty_close(fl_carrier *carrier)
{
    close(carrier->fd);
}

static const fl_carrier_kind pty_kind = {"pty", pty_read, pty_write, NULL, pty_close};

/* Bytes as they are, no echo: with echo on, the device would read its own answers. */
static bool make_raw(int fd)
{
    struct termios line;
    if (tcgetattr(fd, &line) != 0) return false;
    cfmakeraw(&line);
    line.c_cc[VMIN] = 1;
    line.c_cc[VTIME] = 0;
    return tcsetattr(fd, TCSAFLUSH, &line) == 0;
}

static fl_status open_raw(const char *path, fl_carrier *carrier, fl_error *error)
{
    const int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return fl_error_set(error, FL_E_DEVICE, "cannot open %s: %s", path, strerror(errno));
    struct stat about; /* of what was opened, not of what had that name a moment ago */
    fl_status status = FL_OK;
    if (fstat(fd, &about) != 0 || !S_ISCHR(about.st_mode) || !fl_carrier_is_pty(major(about.st_rdev)))
        status = fl_error_set(error, FL_E_DEVICE, "%s is not a pseudo-terminal", path);
    if (status == FL_OK) status = fl_carrier_claim(fd, path, error);
    if (status == FL_OK && !make_raw(fd))
        status = fl_error_set(error, FL_E_DEVICE, "cannot set up %s: %s", path, strerror(errno));
    if (status != FL_OK) return close(fd), status;
    *carrier = (fl_carrier){.kind = &pty_kind, .fd = fd, .simulated_only = true};
    return FL_OK;
}

fl_status fl_carrier_open_pty(const char *path, const fl_carrier_options *options, fl_carrier *carrier,
                              fl_error *error)
{
    *carrier = (fl_carrier){.fd = -1};
    fl_status status = open_raw(path, carrier, error);
    if (status != FL_OK) return status;
    carrier->listen_only = options->listen_only;
    if (options->listen_only || options->other_words) return FL_OK; /* nothing is asked here */
    fl_link_identity who;
    status = fl_carrier_identify(carrier, path, options->identify_ms, &who, error);
    if (status == FL_OK && !who.simulated) {
        fl_error_set(error, FL_E_DEVICE, "%s is a pseudo-terminal, but '%s' does not call itself simulated",
                     path, who.identity);
        fl_error_hint(error, "a real laser is opened at its own port; a simulated one says SIM");
        status = FL_E_DEVICE;
    }
    if (status != FL_OK) fl_carrier_close(carrier);
    return status;
}
