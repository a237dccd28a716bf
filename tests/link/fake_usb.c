#include "fake_usb.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <umockdev.h>
#include <unistd.h>

#define FLYING_MOST 16
#define CHUNKS_MOST 64
#define CHUNK_MOST 4096

/* Before main: umockdev has to be preloaded, and before it the sanitizer, whose functions it calls. */
__attribute__((constructor)) static void preload(int argc, char **argv)
{
    (void)argc;
    const char *now = getenv("LD_PRELOAD");
    if (now && strstr(now, "libumockdev-preload")) return;
    if (setenv("LD_PRELOAD", FL_SANITIZER_LIBRARY " libumockdev-preload.so.0", 1)) abort();
    execv("/proc/self/exe", argv);
    perror("restart under umockdev");
    _exit(71);
}

typedef struct flying {
    UMockdevIoctlData *data;
    bool done;
} flying;

struct fake_usb {
    fake_usb_make make;
    fake_usb_manners manners;
    fake_usb_seen seen;
    pthread_mutex_t lock;
    UMockdevIoctlBase *handler;
    unsigned number, plugs;
    char node[40], sys[40];
    bool plugged, gone, gone_with_error, in_halted, out_halted;
    fake_fault fault;
    bool error_next;
    unsigned fault_at, calls;
    flying urbs[FLYING_MOST]; /* in order of submission */
    size_t count;
    struct {
        char bytes[CHUNK_MOST];
        size_t size;
    } chunks[CHUNKS_MOST]; /* to be sent, one transfer each */
    size_t chunk_first, chunk_count, chunk_sent;
    char line[1024], heard[1 << 16];
    size_t line_size, heard_size;
    uint8_t tag; /* USBTMC: of the request that waits */
    uint32_t room;
    bool requested;
};

static UMockdevTestbed *testbed;
static unsigned devices_made;

/* ---- what the device does ---- */

void fake_usb_reply(fake_usb *d, const void *bytes, size_t size)
{
    if (size > CHUNK_MOST || d->chunk_count == CHUNKS_MOST) abort();
    const size_t at = (d->chunk_first + d->chunk_count++) % CHUNKS_MOST;
    memcpy(d->chunks[at].bytes, bytes, size);
    d->chunks[at].size = size;
}

static void hear(fake_usb *d, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (d->heard_size < sizeof d->heard) d->heard[d->heard_size++] = bytes[i];
        if (bytes[i] != '\n') {
            if (d->line_size < sizeof d->line) d->line[d->line_size++] = bytes[i];
            continue;
        }
        if (d->line_size == 1 && d->line[0] == '!') d->seen.drops++;
        if (d->make.identity && d->line_size == 5 && memcmp(d->line, "*IDN?", 5) == 0)
            fake_usb_reply(d, d->make.identity, strlen(d->make.identity));
        else if (d->make.heard)
            d->make.heard(d, d->make.self, d->line, d->line_size);
        d->line_size = 0;
    }
}

static uint32_t le32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void hear_tmc(fake_usb *d, const uint8_t *bytes, size_t size)
{
    if (size < 12 || (bytes[1] ^ bytes[2]) != 0xFF || !bytes[1] || size % 4) {
        d->out_halted = true; /* what the class says about a header that is none */
        return;
    }
    if (bytes[0] == 1 && le32(bytes + 4) <= size - 12 && (bytes[8] & 1)) {
        hear(d, (const char *)bytes + 12, le32(bytes + 4));
    } else if (bytes[0] == 2) {
        d->tag = bytes[1], d->room = le32(bytes + 4), d->requested = true;
    } else
        d->out_halted = true;
}

static struct usbdevfs_urb *urb_of(const flying *f)
{
    return (struct usbdevfs_urb *)(void *)f->data->data;
}

static void finish(flying *f, int status, size_t size)
{
    urb_of(f)->status = status;
    urb_of(f)->actual_length = (int)size;
    f->done = true;
}

static bool is_in(const flying *f)
{
    return urb_of(f)->endpoint & 0x80;
}

static void try_out(fake_usb *d, flying *f)
{
    struct usbdevfs_urb *urb = urb_of(f);
    const uint8_t *bytes = urb->buffer;
    size_t size = (size_t)urb->buffer_length;
    if (d->manners.stall_out && !d->out_halted) d->manners.stall_out--, d->out_halted = true;
    if (d->out_halted) {
        finish(f, -EPIPE, 0);
        return;
    }
    if (d->manners.nak_out) return;
    if (d->manners.partial_out) {
        if (urb->actual_length) return;
        size = d->manners.partial_out;
        urb->actual_length = (int)size; /* found there when the transfer is discarded */
        if (!d->make.tmc) hear(d, (const char *)bytes, size);
        return;
    }
    d->seen.out_transfers++;
    if (!d->make.tmc) {
        const char *end = memchr(bytes, '\n', size);
        if (!size || bytes[size - 1] != '\n' ||
            (end && end != (const char *)bytes + size - 1 && bytes[0] != '\n'))
            d->seen.frames_split++;
        hear(d, (const char *)bytes, size);
    } else
        hear_tmc(d, bytes, size);
    finish(f, d->out_halted ? -EPIPE : 0, size);
}

static void next_chunk(fake_usb *d)
{
    d->chunk_first = (d->chunk_first + 1) % CHUNKS_MOST;
    d->chunk_count--;
    d->chunk_sent = 0;
}

static void send_tmc(fake_usb *d, flying *f)
{
    uint8_t *out = urb_of(f)->buffer;
    const size_t left = d->chunks[d->chunk_first].size - d->chunk_sent;
    size_t size = d->manners.pieces && d->manners.pieces < left ? d->manners.pieces : left;
    if (size > d->room) size = d->room;
    const bool last = size == left;
    const size_t says = size + (d->manners.long_size ? 4000 : 0);
    memset(out, 0, 12);
    out[0] = 2, out[1] = (uint8_t)(d->tag + (d->manners.bad_tag ? 1 : 0)), out[2] = (uint8_t)~out[1];
    out[4] = (uint8_t)says, out[5] = (uint8_t)(says >> 8), out[8] = last;
    memcpy(out + 12, d->chunks[d->chunk_first].bytes + d->chunk_sent, size);
    d->manners.bad_tag = d->manners.long_size = false;
    d->chunk_sent += size;
    if (last) next_chunk(d);
    d->requested = false;
    finish(f, 0, 12 + size);
}

static void try_in(fake_usb *d, flying *f)
{
    if (d->manners.stall_in && !d->in_halted) d->manners.stall_in--, d->in_halted = true;
    if (d->in_halted) {
        finish(f, -EPIPE, 0);
        return;
    }
    if (!d->chunk_count || (d->make.tmc && !d->requested)) return; /* NAK */
    d->seen.in_transfers++;
    if (d->make.tmc) {
        send_tmc(d, f);
        return;
    }
    const size_t size = d->chunks[d->chunk_first].size;
    if ((int)size > urb_of(f)->buffer_length) abort();
    memcpy(urb_of(f)->buffer, d->chunks[d->chunk_first].bytes, size);
    next_chunk(d);
    finish(f, 0, size);
}

static size_t string_descriptor(const fake_usb *d, unsigned index, uint8_t *bytes)
{
    if (index == 0) return memcpy(bytes, "\x04\x03\x09\x04", 4), 4;
    const char *text = index == 3 && d->make.serial ? d->make.serial : "Example";
    const size_t size = 2 + 2 * strlen(text);
    bytes[0] = (uint8_t)size, bytes[1] = 3;
    for (size_t i = 0; text[i]; i++) bytes[2 + 2 * i] = (uint8_t)text[i], bytes[3 + 2 * i] = 0;
    return size;
}

static int tmc_control(fake_usb *d, const uint8_t *setup, uint8_t *answer)
{
    const bool pends = d->manners.pending > 0;
    switch (setup[1]) {
    case 3: /* INITIATE_ABORT_BULK_IN */
        if (d->manners.no_abort) return -EPIPE;
        d->seen.aborts++;
        answer[0] = d->requested ? 0x01 : 0x80, answer[1] = d->tag;
        if (d->requested && d->tag != setup[2]) answer[0] = 0x81;
        d->requested = false;
        return 2;
    case 4: /* CHECK_ABORT_BULK_IN_STATUS */
        memset(answer, 0, 8);
        answer[0] = pends ? 0x02 : 0x01;
        if (pends) d->manners.pending--;
        return 8;
    case 5: /* INITIATE_CLEAR */
        d->seen.clears++;
        d->requested = false;
        d->line_size = 0;
        while (d->chunk_count) next_chunk(d);
        d->out_halted = true;
        if (d->make.heard) d->make.heard(d, d->make.self, "!", 1);
        answer[0] = 0x01;
        return 1;
    case 6: /* CHECK_CLEAR_STATUS */
        answer[0] = pends ? 0x02 : 0x01, answer[1] = 0;
        if (pends) d->manners.pending--;
        return 2;
    default: return -EPIPE;
    }
}

static void try_control(fake_usb *d, flying *f)
{
    uint8_t *setup = urb_of(f)->buffer, answer[256];
    const size_t wanted = (size_t)(setup[6] | setup[7] << 8);
    int size = -EPIPE;
    if (setup[0] == 0x80 && setup[1] == 6 && setup[3] == 3)
        size = (int)string_descriptor(d, setup[2], answer);
    if (d->make.tmc && (setup[0] & 0x60) == 0x20) size = tmc_control(d, setup, answer);
    if (size < 0) {
        finish(f, size, 0);
        return;
    }
    const size_t cut = (size_t)size < wanted ? (size_t)size : wanted;
    memcpy(setup + 8, answer, cut);
    finish(f, 0, cut);
}

/* Each end in order: an end whose oldest transfer waits makes the others on it wait. */
static void work(fake_usb *d)
{
    bool in_waits = false, out_waits = false;
    if (d->make.clock) d->make.clock(d->make.self);
    for (size_t i = 0; i < d->count; i++) {
        flying *f = &d->urbs[i];
        if (f->done) continue;
        if (urb_of(f)->type == USBDEVFS_URB_TYPE_CONTROL) {
            try_control(d, f);
            continue;
        }
        bool *waits = is_in(f) ? &in_waits : &out_waits;
        if (!*waits) (is_in(f) ? try_in : try_out)(d, f);
        *waits |= !f->done;
    }
}

static void vanish(fake_usb *d, bool with_error)
{
    d->gone = true;
    for (size_t i = 0; i < d->count; i++)
        if (!d->urbs[i].done) finish(&d->urbs[i], with_error ? -EPROTO : -ENODEV, 0);
}

/* Counts a call; lets the fault happen. */
static void count_call(fake_usb *d)
{
    if (++d->calls != d->fault_at || !d->fault_at) return;
    if (d->fault == FAKE_PROTOCOL_ERROR) {
        for (size_t i = 0; i < d->count; i++)
            if (!d->urbs[i].done) {
                finish(&d->urbs[i], -EPROTO, 0);
                return;
            }
        d->error_next = true; /* nothing under way: the next one */
        return;
    }
    vanish(d, d->fault == FAKE_UNPLUG_ERROR);
}

/* ---- what the kernel does ---- */

static void complete(UMockdevIoctlClient *client, int error)
{
    umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
}

static int submit(fake_usb *d, UMockdevIoctlData *argument)
{
    if (d->gone) return ENODEV;
    if (d->count == FLYING_MOST) return ENOMEM;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_urb), NULL);
    const struct usbdevfs_urb *urb = (const struct usbdevfs_urb *)(void *)data->data;
    UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(
        data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)urb->buffer_length, NULL);
    umockdev_ioctl_data_unref(buffer); /* the request block keeps it */
    const uint8_t in = 0x80 | (d->make.in ? d->make.in : 1), out = d->make.out ? d->make.out : 1;
    if (urb->type != USBDEVFS_URB_TYPE_CONTROL && urb->endpoint != in && urb->endpoint != out) {
        umockdev_ioctl_data_unref(data);
        return ENOENT; /* no such end */
    }
    d->urbs[d->count++] = (flying){.data = data};
    if (d->error_next) finish(&d->urbs[d->count - 1], -EPROTO, 0), d->error_next = false;
    return 0;
}

static bool reap(fake_usb *d, UMockdevIoctlData *argument, int *error)
{
    for (size_t i = 0; i < d->count; i++) {
        if (!d->urbs[i].done) continue;
        UMockdevIoctlData *pointer = umockdev_ioctl_data_resolve(argument, 0, sizeof(gpointer), NULL);
        umockdev_ioctl_data_set_ptr(pointer, 0, d->urbs[i].data);
        umockdev_ioctl_data_unref(pointer);
        umockdev_ioctl_data_unref(d->urbs[i].data);
        memmove(&d->urbs[i], &d->urbs[i + 1], (d->count - i - 1) * sizeof *d->urbs);
        d->count--;
        *error = 0;
        return true;
    }
    *error = d->gone ? ENODEV : EAGAIN;
    return false;
}

static int discard(fake_usb *d, const void *address)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->urbs[i].data->client_addr == (gulong)address && !d->urbs[i].done) {
            d->seen.discards++;
            finish(&d->urbs[i], -ENOENT, (size_t)urb_of(&d->urbs[i])->actual_length);
            return 0;
        }
    return d->gone ? ENODEV : EINVAL;
}

static int clear_halt(fake_usb *d, unsigned end)
{
    if (d->gone) return ENODEV;
    for (size_t i = 0; i < d->count; i++) /* the kernel wants the end idle */
        if (!d->urbs[i].done && urb_of(&d->urbs[i])->endpoint == end) abort();
    d->seen.halts_cleared++;
    *(end & 0x80 ? &d->in_halted : &d->out_halted) = false;
    return 0;
}

static int claim(fake_usb *d)
{
    d->seen.claims++;
    if (d->gone) return ENODEV;
    if (d->manners.claim_fails) return d->manners.claim_fails--, ENOENT;
    return d->manners.claim_error;
}

static unsigned number_at(UMockdevIoctlData *argument)
{
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, sizeof(unsigned), NULL);
    unsigned value;
    memcpy(&value, data->data, sizeof value);
    umockdev_ioctl_data_unref(data);
    return value;
}

static gboolean on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, fake_usb *d)
{
    (void)handler;
    const unsigned long request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client);
    gboolean known = TRUE;
    int error = 0;
    pthread_mutex_lock(&d->lock);
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES: {
        UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, sizeof(guint32), NULL);
        const guint32 can = USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                            USBDEVFS_CAP_REAP_AFTER_DISCONNECT | USBDEVFS_CAP_ZERO_PACKET;
        memcpy(data->data, &can, sizeof can);
        umockdev_ioctl_data_unref(data);
        break;
    }
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM: error = claim(d); break;
    case USBDEVFS_RELEASEINTERFACE: d->seen.releases++, error = d->gone ? ENODEV : 0; break;
    case USBDEVFS_IOCTL: error = ENODATA; break; /* no driver to send away or bring back */
    case USBDEVFS_GETDRIVER: error = ENODATA; break;
    case USBDEVFS_CLEAR_HALT: count_call(d), error = clear_halt(d, number_at(argument)); break;
    case USBDEVFS_SUBMITURB:
        count_call(d);
        error = submit(d, argument);
        if (!error) work(d);
        break;
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY:
        if (!d->gone) work(d);
        if (reap(d, argument, &error)) count_call(d);
        break;
    case USBDEVFS_DISCARDURB:
        count_call(d);
        error = discard(d, *(void **)(void *)argument->data);
        break;
    default: known = FALSE;
    }
    pthread_mutex_unlock(&d->lock);
    if (known) complete(client, error);
    return known;
}

/* ---- the bus ---- */

static void add_hex(char *text, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) sprintf(text + strlen(text), "%02x", bytes[i]);
}

static void describe(const fake_usb *d, char *hex)
{
    const fake_usb_make *m = &d->make;
    const uint8_t in = 0x80 | (m->in ? m->in : 1), out = m->out ? m->out : 1;
    const uint8_t device[18] = {18,
                                1,
                                0,
                                2,
                                0,
                                0,
                                0,
                                64,
                                m->vendor & 0xFF,
                                (uint8_t)(m->vendor >> 8),
                                m->product & 0xFF,
                                (uint8_t)(m->product >> 8),
                                0,
                                1,
                                1,
                                2,
                                m->serial ? 3 : 0,
                                1};
    const uint8_t kind[3] = {m->cdc   ? 2
                             : m->tmc ? 0xFE
                                      : 0xFF,
                             m->cdc   ? 2
                             : m->tmc ? 3
                                      : 0,
                             m->tmc || m->cdc};
    /* An interrupt end stands first, as on real ones: ends are found by what they are. */
    const uint8_t config[39] = {9, 2,       39,      0,       1, 1, 0, 0xC0, 50,  9, 4, 0,  0,
                                3, kind[0], kind[1], kind[2], 0, 7, 5, 0x87, 3,   8, 0, 10, 7,
                                5, in,      2,       0,       2, 0, 7, 5,    out, 2, 0, 2,  0};
    hex[0] = 0;
    add_hex(hex, device, sizeof device);
    add_hex(hex, config, sizeof config);
}

void fake_usb_plug(fake_usb *d)
{
    char hex[200], text[1500], serial[100] = "";
    pthread_mutex_lock(&d->lock);
    d->gone = d->in_halted = d->out_halted = d->requested = false;
    d->fault_at = 0;
    d->line_size = 0;
    while (d->chunk_count) next_chunk(d);
    const unsigned address =
        d->number * 8 + d->plugs++ % 8 + 1; /* the kernel gives a new one at each plug-in */
    pthread_mutex_unlock(&d->lock);
    snprintf(d->node, sizeof d->node, "/dev/bus/usb/001/%03u", address);
    snprintf(d->sys, sizeof d->sys, "/sys/devices/usb1/1-%u", address);
    describe(d, hex);
    if (d->make.serial) snprintf(serial, sizeof serial, "A: serial=%s\\n\n", d->make.serial);
    snprintf(text, sizeof text,
             "P: /devices/usb1/1-%u\nN: bus/usb/001/%03u\nE: SUBSYSTEM=usb\nE: DRIVER=usb\nE: BUSNUM=001\nE: "
             "DEVNUM=%03u\n"
             "E: DEVNAME=/dev/bus/usb/001/%03u\nE: DEVTYPE=usb_device\nA: busnum=1\\n\nA: devnum=%u\\n\n"
             "A: bConfigurationValue=1\\n\nA: speed=480\\n\nA: idVendor=%04x\\n\nA: idProduct=%04x\\n\n"
             "A: manufacturer=Example\\n\nA: product=Example Pico\\n\n%sH: descriptors=%s\n",
             address, address, address, address, address, d->make.vendor, d->make.product, serial, hex);
    if (!umockdev_testbed_attach_ioctl(testbed, d->node, d->handler, NULL) ||
        !umockdev_testbed_add_from_string(testbed, text, NULL))
        abort();
    umockdev_testbed_uevent(testbed, d->sys, "add");
    d->plugged = true;
}

void fake_usb_unplug(fake_usb *d)
{
    if (!d->plugged) return;
    d->plugged = false;
    pthread_mutex_lock(&d->lock);
    if (!d->gone) vanish(d, false);
    pthread_mutex_unlock(&d->lock);
    umockdev_testbed_uevent(testbed, d->sys, "remove");
    umockdev_testbed_detach_ioctl(testbed, d->node, NULL);
    umockdev_testbed_remove_device(testbed, d->sys);
}

fake_usb *fake_usb_new(const fake_usb_make *make)
{
    if (!testbed) testbed = umockdev_testbed_new();
    fake_usb *d = calloc(1, sizeof *d);
    if (!testbed || !d || pthread_mutex_init(&d->lock, NULL)) abort();
    d->make = *make;
    d->number = devices_made++ % 12;
    d->handler = umockdev_ioctl_base_new();
    g_signal_connect_after(d->handler, "handle-ioctl", G_CALLBACK(on_ioctl), d);
    fake_usb_plug(d);
    return d;
}

void fake_usb_free(fake_usb *d)
{
    if (!d) return;
    fake_usb_unplug(d);
    g_object_unref(d->handler);
    for (size_t i = 0; i < d->count; i++) umockdev_ioctl_data_unref(d->urbs[i].data);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

void fake_usb_end(void)
{
    if (testbed) g_object_unref(testbed);
    testbed = NULL;
}

/* ---- for tests ---- */

void fake_usb_answer(fake_usb *d, const void *bytes, size_t size)
{
    pthread_mutex_lock(&d->lock);
    fake_usb_reply(d, bytes, size);
    pthread_mutex_unlock(&d->lock);
}

size_t fake_usb_take(fake_usb *d, char *bytes, size_t room)
{
    pthread_mutex_lock(&d->lock);
    const size_t size = d->heard_size < room ? d->heard_size : room;
    memcpy(bytes, d->heard, size);
    memmove(d->heard, d->heard + size, d->heard_size - size);
    d->heard_size -= size;
    pthread_mutex_unlock(&d->lock);
    return size;
}

void fake_usb_fault(fake_usb *d, fake_fault fault, unsigned at)
{
    pthread_mutex_lock(&d->lock);
    d->fault = fault, d->fault_at = at, d->calls = 0, d->error_next = false;
    pthread_mutex_unlock(&d->lock);
}

unsigned fake_usb_calls(fake_usb *d)
{
    pthread_mutex_lock(&d->lock);
    const unsigned calls = d->calls;
    pthread_mutex_unlock(&d->lock);
    return calls;
}

fake_usb_manners *fake_usb_lock(fake_usb *d)
{
    pthread_mutex_lock(&d->lock);
    return &d->manners;
}

void fake_usb_unlock(fake_usb *d)
{
    pthread_mutex_unlock(&d->lock);
}

fake_usb_seen fake_usb_look(fake_usb *d)
{
    pthread_mutex_lock(&d->lock);
    const fake_usb_seen seen = d->seen;
    pthread_mutex_unlock(&d->lock);
    return seen;
}

/* ---- what the list of ports is made from ---- */

void fake_tty_add(const char *name, unsigned address, uint16_t vendor, uint16_t product, const char *serial,
                  const char *product_name)
{
    char text[1500], says[100] = "";
    if (!testbed) testbed = umockdev_testbed_new();
    if (serial) snprintf(says, sizeof says, "A: serial=%s\\n\n", serial);
    snprintf(
        text, sizeof text,
        "P: /devices/usb1/1-%u\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nA: busnum=1\\n\nA: devnum=%u\\n\n"
        "A: idVendor=%04x\\n\nA: idProduct=%04x\\n\nA: manufacturer=Example\\n\nA: product=%s\\n\n%s",
        address, address, vendor, product, product_name, says);
    if (!umockdev_testbed_add_from_string(testbed, text, NULL)) abort();
    snprintf(text, sizeof text,
             "P: /devices/usb1/1-%u/1-%u:1.0/%s/tty/%s\nN: %s=00\nE: SUBSYSTEM=tty\nE: DEVNAME=/dev/%s\n"
             "L: device=../../../%s\n",
             address, address, name, name, name, name, name);
    if (!umockdev_testbed_add_from_string(testbed, text, NULL)) abort();
}

void fake_usb_bind(const fake_usb *d, const char *driver)
{
    char text[300];
    snprintf(text, sizeof text,
             "P: /devices/usb1/%s/%s:1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n"
             "L: driver=../../../../bus/usb/drivers/%s\n",
             strrchr(d->sys, '/') + 1, strrchr(d->sys, '/') + 1, driver);
    if (!umockdev_testbed_add_from_string(testbed, text, NULL)) abort();
}

const char *fake_usb_node(const fake_usb *d)
{
    return d->node;
}
