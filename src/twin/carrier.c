#include "carrier.h"

#include "fadeline/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static fl_status failed(fl_error *error, const char *what, const char *name)
{
    return fl_error_set(error, FL_E_IO, "cannot %s %s: %s", what, name, strerror(errno));
}

/* A link that a twin left behind: to a pseudo-terminal, gone or not. Anybody else's link stays. */
static bool is_ours(const char *path, const struct stat *there)
{
    char target[128];
    const ssize_t size = S_ISLNK(there->st_mode) ? readlink(path, target, sizeof target - 1) : -1;
    if (size < 0) return false;
    target[size] = 0;
    uint64_t number;
    return fl_text_begins(target, "/dev/pts/") && fl_read_u64(target + strlen("/dev/pts/"), &number) == FL_OK;
}

/* Appears whole or not at all, and never in place of somebody's file. */
static fl_status make_link(twin_carrier *carrier, const char *path, fl_error *error)
{
    struct stat there;
    char beside[1100];
    if (lstat(path, &there) == 0 && !is_ours(path, &there)) {
        fl_error_set(error, FL_E_FILE, "%s exists and is no link to a pseudo-terminal", path);
        return fl_error_hint(error, "give --pty a name that is free");
    }
    if (snprintf(carrier->link, sizeof carrier->link, "%s", path) >= (int)sizeof carrier->link) {
        carrier->link[0] = 0;
        return fl_error_set(error, FL_E_FILE, "the path of the link is too long");
    }
    snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid());
    if (symlink(carrier->target, beside) != 0 || rename(beside, path) != 0) {
        failed(error, "make the link", path);
        unlink(beside);
        carrier->link[0] = 0;
        return FL_E_IO;
    }
    return FL_OK;
}

fl_status carrier_open_pty(twin_carrier *carrier, const char *path, fl_error *error)
{
    *carrier = (twin_carrier){.fd = -1, .listener = -1, .is_pty = true};
    const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return failed(error, "make a", "pseudo-terminal");
    carrier->fd = fd;
    struct termios raw;
    fl_status status = FL_OK;
    if (grantpt(fd) != 0 || unlockpt(fd) != 0 ||
        ptsname_r(fd, carrier->target, sizeof carrier->target) != 0 || tcgetattr(fd, &raw) != 0)
        status = failed(error, "set up the", "pseudo-terminal");
    if (status == FL_OK) {
        cfmakeraw(&raw); /* else the line discipline would echo our answers back to us until the host opens */
        cfsetspeed(&raw, B921600);
        if (tcsetattr(fd, TCSANOW, &raw) != 0) status = failed(error, "make raw the", "pseudo-terminal");
    }
    if (status == FL_OK) {
        /* Opened once, so that "nobody has it open" reads as POLLHUP from the beginning. */
        const int slave = open(carrier->target, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (slave < 0) status = failed(error, "open", carrier->target);
        if (slave >= 0) close(slave);
    }
    if (status == FL_OK) status = make_link(carrier, path, error);
    if (status == FL_OK) snprintf(carrier->name, sizeof carrier->name, "%s", path);
    if (status != FL_OK) carrier_close(carrier);
    return status;
}

fl_status carrier_open_tcp(twin_carrier *carrier, unsigned port, fl_error *error)
{
    *carrier = (twin_carrier){.fd = -1, .listener = -1};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) return failed(error, "make a", "socket");
    carrier->listener = fd;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 4) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        snprintf(carrier->name, sizeof carrier->name, "127.0.0.1:%u", port);
        const fl_status status = failed(error, "listen on", carrier->name);
        carrier_close(carrier);
        return status;
    }
    snprintf(carrier->name, sizeof carrier->name, "127.0.0.1:%u", ntohs(address.sin_port));
    return FL_OK;
}

/* What nobody took in a tick is lost beyond 4 kB: a host that floods a laser loses its own words. */
static void heard_over_usb(void *laser, const char *bytes, size_t length)
{
    twin_carrier *carrier = laser;
    if (length > sizeof carrier->heard - carrier->heard_size) return;
    memcpy(carrier->heard + carrier->heard_size, bytes, length);
    carrier->heard_size += length;
}

fl_status carrier_open_usbip(twin_carrier *carrier, const char *where, const char *serial, fl_error *error)
{
    uint64_t port;
    const bool here = fl_text_begins(where, "vhci:");
    if (fl_read_u64(here ? where + 5 : where, &port) != FL_OK || port > (here ? 14u : 65535u)) {
        fl_error_set(error, FL_E_USAGE, "'%s' is no place for a USB plug", where);
        return fl_error_hint(error, "a TCP port, or vhci:0 to vhci:14"), FL_E_USAGE;
    }
    *carrier = (twin_carrier){.fd = -1, .listener = -1};
    fl_status status = here ? FL_OK : carrier_open_tcp(carrier, (unsigned)port, error);
    if (status != FL_OK) return status;
    carrier->usb = malloc(sizeof *carrier->usb);
    if (!carrier->usb)
        return carrier_close(carrier), fl_error_set(error, FL_E_MEMORY, "no memory for a USB device");
    usbip_init(carrier->usb, serial, carrier, heard_over_usb);
    if (!here) return FL_OK;
    snprintf(carrier->name, sizeof carrier->name, "%s", where);
    status = usbip_attach_here(carrier->usb, (unsigned)port, error);
    if (status != FL_OK) return carrier_close(carrier), status;
    carrier->fd = carrier->usb->fd;
    return FL_OK;
}

void carrier_close(twin_carrier *carrier)
{
    char there[sizeof carrier->target];
    if (carrier->link[0]) {
        /* Only if it still is ours: another twin may have taken the name. */
        const ssize_t length = readlink(carrier->link, there, sizeof there - 1);
        if (length > 0) {
            there[length] = 0;
            if (strcmp(there, carrier->target) == 0) unlink(carrier->link);
        }
        carrier->link[0] = 0;
    }
    if (carrier->fd >= 0) close(carrier->fd);
    free(carrier->usb);
    carrier->usb = NULL;
    if (carrier->listener >= 0) close(carrier->listener);
    carrier->fd = carrier->listener = -1;
}

int carrier_wait_fd(const twin_carrier *carrier)
{
    if (carrier->usb) return carrier->fd >= 0 ? carrier->fd : carrier->listener;
    if (carrier->has_peer) return carrier->fd;
    return carrier->is_pty ? -1 : carrier->listener;
}

/* One connection; the next caller is shown the door. */
static void answer_door(twin_carrier *carrier)
{
    const int fd = accept4(carrier->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), on = 1;
    if (fd < 0) return;
    if (carrier->fd >= 0) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    carrier->fd = fd;
    if (carrier->usb)
        usbip_connect(carrier->usb, fd, false); /* whoever only asks for the list is no peer */
    else
        carrier->has_peer = true;
}

static carrier_event lost_peer(twin_carrier *carrier)
{
    const bool had = carrier->has_peer;
    carrier->has_peer = false;
    if (!carrier->is_pty && carrier->fd >= 0) {
        close(carrier->fd);
        carrier->fd = -1;
    }
    if (carrier->is_pty) tcflush(carrier->fd, TCIOFLUSH); /* answers nobody fetched must not greet the next */
    return had ? CARRIER_HANGUP : CARRIER_QUIET;
}

static carrier_event read_usb(twin_carrier *carrier, char *bytes, size_t room, size_t *length)
{
    if (carrier->fd < 0) return CARRIER_QUIET;
    if (!carrier->heard_size && !usbip_serve(carrier->usb)) {
        carrier->usb->fd = -1;
        return lost_peer(carrier);
    }
    if (carrier->usb->imported) carrier->has_peer = true;
    *length = carrier->heard_size < room ? carrier->heard_size : room;
    memcpy(bytes, carrier->heard, *length);
    carrier->heard_size -= *length;
    memmove(carrier->heard, carrier->heard + *length, carrier->heard_size);
    return *length ? CARRIER_BYTES : CARRIER_QUIET;
}

carrier_event carrier_read(twin_carrier *carrier, char *bytes, size_t room, size_t *length)
{
    *length = 0;
    if (!carrier->is_pty && carrier->listener >= 0) answer_door(carrier);
    if (carrier->usb) return read_usb(carrier, bytes, room, length);
    if (carrier->fd < 0) return CARRIER_QUIET;
    const ssize_t got = read(carrier->fd, bytes, room);
    if (got > 0) {
        carrier->has_peer = true;
        *length = (size_t)got;
        return CARRIER_BYTES;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (carrier->is_pty) carrier->has_peer = true; /* EIO would say that nobody has it open */
        return CARRIER_QUIET;
    }
    return lost_peer(carrier);
}

void carrier_write(twin_carrier *carrier, const char *bytes, size_t length)
{
    if (!carrier->has_peer) return;
    size_t done = 0;
    if (carrier->usb) {
        usbip_say(carrier->usb, bytes, length);
        return;
    }
    while (done < length) {
        const ssize_t put = carrier->is_pty ? write(carrier->fd, bytes + done, length - done)
                                            : send(carrier->fd, bytes + done, length - done, MSG_NOSIGNAL);
        if (put <= 0) return; /* the rest of this frame is lost; its check says so to the host */
        done += (size_t)put;
    }
}

void carrier_fail(twin_carrier *carrier, const twin_fault *fault, bool begin)
{
    const uint32_t count = begin ? (uint32_t)fault->number : 0;
    switch (fault->kind) {
    case FAULT_USB_NAK: usbip_nak(carrier->usb, begin); break;
    case FAULT_USB_STALL:
        usbip_fail(carrier->usb, fault->on ? USB_FAULT_STALL_IN : USB_FAULT_STALL_OUT, count);
        break;
    case FAULT_USB_ERROR:
        usbip_fail(carrier->usb, fault->on ? USB_FAULT_ERROR_IN : USB_FAULT_ERROR_OUT, count);
        break;
    case FAULT_USB_SHORT: usbip_fail(carrier->usb, USB_FAULT_SHORT, count); break;
    case FAULT_USB_EMPTY: usbip_fail(carrier->usb, USB_FAULT_EMPTY, count); break;
    default: break;
    }
}
