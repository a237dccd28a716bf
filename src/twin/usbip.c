#include "usbip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 48
#define OP_HEADER 8
#define VERSION 0x0111u
enum { REQ_DEVLIST = 0x8005, REP_DEVLIST = 0x0005, REQ_IMPORT = 0x8003, REP_IMPORT = 0x0003 };
enum { CMD_SUBMIT = 1, CMD_UNLINK = 2, RET_SUBMIT = 3, RET_UNLINK = 4 };
#define BUS_ID "1-1"
#define SPEED_HIGH 3u
#define DEVICE_ID 65538u /* bus 1, device 2 */

/* ---- big-endian, as the wire has it ---- */

static void be32(uint8_t *at, uint32_t n)
{
    at[0] = (uint8_t)(n >> 24), at[1] = (uint8_t)(n >> 16), at[2] = (uint8_t)(n >> 8), at[3] = (uint8_t)n;
}

static void be16(uint8_t *at, unsigned n)
{
    at[0] = (uint8_t)(n >> 8), at[1] = (uint8_t)n;
}

static uint32_t from_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void flush(usbip *u)
{
    while (u->out_size && u->fd >= 0) {
        const ssize_t put = send(u->fd, u->out, u->out_size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (put <= 0) {
            u->broken = true;
            return;
        }
        u->out_size -= (size_t)put;
        memmove(u->out, u->out + put, u->out_size);
    }
}

static uint8_t *room_for(usbip *u, size_t size)
{
    if (size > sizeof u->out - u->out_size) flush(u);
    if (size > sizeof u->out - u->out_size) return u->broken = true, NULL;
    uint8_t *at = u->out + u->out_size;
    memset(at, 0, size);
    u->out_size += size;
    return at;
}

/* ---- before the import: who is here ---- */

static void put_device(uint8_t at[312])
{
    snprintf((char *)at, 256, "/sys/devices/sim/usb1/%s", BUS_ID);
    snprintf((char *)at + 256, 32, "%s", BUS_ID);
    be32(at + 288, DEVICE_ID >> 16);
    be32(at + 292, DEVICE_ID & 0xFFFF);
    be32(at + 296, SPEED_HIGH);
    be16(at + 300, USB_VENDOR), be16(at + 302, USB_PRODUCT), be16(at + 304, 0x0100);
    at[306] = 0xEF, at[307] = 2, at[308] = 1;
    at[309] = 1, at[310] = 1, at[311] = 4; /* configuration, of one, with four interfaces */
}

static void list_devices(usbip *u)
{
    static const uint8_t interfaces[4][4] = {{0xFF, 0, 0}, {2, 2, 1}, {0x0A, 0, 0}, {0xFE, 3, 1}};
    uint8_t *at = room_for(u, OP_HEADER + 4 + 312 + sizeof interfaces);
    if (!at) return;
    be16(at, VERSION), be16(at + 2, REP_DEVLIST);
    be32(at + 8, 1);
    put_device(at + 12);
    memcpy(at + 12 + 312, interfaces, sizeof interfaces);
}

static void import_device(usbip *u, const char *bus_id)
{
    const bool ours = strncmp(bus_id, BUS_ID, 32) == 0;
    uint8_t *at = room_for(u, ours ? OP_HEADER + 312 : OP_HEADER);
    if (!at) return;
    be16(at, VERSION), be16(at + 2, REP_IMPORT), be32(at + 4, !ours);
    if (!ours) return;
    put_device(at + OP_HEADER);
    u->imported = true;
}

static size_t take_operation(usbip *u)
{
    const unsigned code = (unsigned)u->in[2] << 8 | u->in[3];
    if (u->in_size < OP_HEADER) return 0;
    if (code == REQ_DEVLIST) return list_devices(u), OP_HEADER;
    if (code != REQ_IMPORT) return u->broken = true, 0;
    if (u->in_size < OP_HEADER + 32) return 0;
    import_device(u, (const char *)u->in + OP_HEADER);
    return OP_HEADER + 32;
}

/* ---- after it: transfers ---- */

static void finish(void *self, const usb_transfer *t, int status, const uint8_t *bytes, uint32_t length)
{
    usbip *u = self;
    const uint32_t data = t->in && status == USB_DONE ? length : 0;
    uint8_t *at = room_for(u, HEADER + data);
    if (!at) return;
    be32(at, RET_SUBMIT), be32(at + 4, t->number);
    be32(at + 20, (uint32_t)status), be32(at + 24, length);
    be32(at + 32, UINT32_MAX); /* packets: not isochronous */
    if (data) memcpy(at + HEADER, bytes, data);
}

static size_t take_submit(usbip *u)
{
    usb_transfer t = {.number = from_be32(u->in + 4),
                      .in = from_be32(u->in + 12) == 1,
                      .endpoint = from_be32(u->in + 16),
                      .length = from_be32(u->in + 24)};
    const size_t data = t.in ? 0 : t.length;
    memcpy(t.setup, u->in + 40, sizeof t.setup);
    if (t.length > USB_TRANSFER_MAX || t.endpoint > 15) return u->broken = true, 0;
    if (u->in_size < HEADER + data) return 0;
    usb_submit(&u->device, &t, data ? u->in + HEADER : NULL);
    return HEADER + data;
}

static void take_unlink(usbip *u)
{
    const bool waiting = usb_unlink(&u->device, from_be32(u->in + 20));
    uint8_t *at = room_for(u, HEADER);
    if (!at) return;
    be32(at, RET_UNLINK), be32(at + 4, from_be32(u->in + 4));
    be32(at + 20, waiting ? (uint32_t)-ECONNRESET : 0);
}

static size_t take_transfer(usbip *u)
{
    if (u->in_size < HEADER) return 0;
    switch (from_be32(u->in)) {
    case CMD_SUBMIT: return take_submit(u);
    case CMD_UNLINK: take_unlink(u); return HEADER;
    default: u->broken = true; return 0;
    }
}

/* ---- the connection ---- */

void usbip_init(usbip *u, const char *serial, void *laser,
                void (*heard)(void *laser, const char *bytes, size_t length))
{
    memset(u, 0, sizeof *u);
    u->fd = -1;
    usb_init(&u->device, serial, &(usb_host){.self = u, .finish = finish, .laser = laser, .heard = heard});
}

/* A plug is a new device: nothing of the old host's is left in it. */
void usbip_connect(usbip *u, int fd, bool imported)
{
    char serial[sizeof u->device.serial];
    const usb_host host = u->device.host;
    memcpy(serial, u->device.serial, sizeof serial);
    usb_init(&u->device, serial, &host);
    u->fd = fd;
    u->imported = imported;
    u->in_size = u->out_size = 0;
    u->broken = false;
}

bool usbip_serve(usbip *u)
{
    for (;;) {
        const ssize_t got = recv(u->fd, u->in + u->in_size, sizeof u->in - u->in_size, MSG_DONTWAIT);
        if (got == 0) return false;
        if (got < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (got > 0) u->in_size += (size_t)got;
        size_t taken = 0, all = 0;
        while (!u->broken && (taken = u->imported ? take_transfer(u) : take_operation(u)) > 0) {
            all += taken;
            u->in_size -= taken;
            memmove(u->in, u->in + taken, u->in_size);
        }
        flush(u);
        if (u->broken) return false;
        if (got <= 0) return true;
    }
}

void usbip_say(usbip *u, const char *bytes, size_t length)
{
    if (u->fd < 0) return;
    usb_say(&u->device, bytes, length);
    flush(u);
}

void usbip_fail(usbip *u, usb_fault fault, uint32_t count)
{
    usb_fail(&u->device, fault, count);
    flush(u);
}

void usbip_nak(usbip *u, bool on)
{
    usb_nak(&u->device, on);
    flush(u);
}

void usbip_disconnect(usbip *u)
{
    if (u->fd >= 0) close(u->fd);
    u->fd = -1;
    u->device.waiting_count = u->device.held_count = 0;
}

fl_status usbip_attach_here(usbip *u, unsigned port, fl_error *error)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return fl_error_set(error, FL_E_IO, "cannot make a socket pair: %s", strerror(errno));
    char line[64];
    const int size = snprintf(line, sizeof line, "%u %d %u %u", port, pair[1], DEVICE_ID, SPEED_HIGH);
    const int attach = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY | O_CLOEXEC);
    const bool done = attach >= 0 && write(attach, line, (size_t)size) == size;
    const int why = errno;
    if (attach >= 0) close(attach);
    close(pair[1]); /* the kernel holds it now */
    if (done) return usbip_connect(u, pair[0], true), FL_OK;
    close(pair[0]);
    fl_error_set(error, FL_E_DEVICE, "cannot plug in at port %u of vhci: %s", port, strerror(why));
    return fl_error_hint(error, "is the module vhci-hcd loaded, and are you root?"), FL_E_DEVICE;
}
