/* From USB 2.0 (chapter 9), CDC PSTN 1.2 (6.3), USBTMC 1.0 (3.2, 3.3, 4.2) and its USB488 subclass, as far as
 * the drivers of Linux ask for them. */
#include "usb_device.h"

#include <string.h>

#define LE16(n) (uint8_t)((n)&0xFF), (uint8_t)((n) >> 8)
#define ENDPOINT(address, kind, size, interval) 7, 5, address, kind, LE16(size), interval
#define INTERFACE(number, endpoints, class, subclass, protocol)                                              \
    9, 4, number, 0, endpoints, class, subclass, protocol, 0
#define BULK_SIZE 512
#define CONFIGURATION_SIZE (9 + 9 + 3 * 7 + 8 + 9 + 5 + 5 + 4 + 5 + 7 + 9 + 2 * 7 + 9 + 3 * 7)

static const uint8_t device_descriptor[18] = {
    18, 1, LE16(0x0200), 0xEF, 2, 1, 64, LE16(USB_VENDOR), LE16(USB_PRODUCT), LE16(0x0100), 1, 2, 3, 1};
static const uint8_t qualifier[10] = {10, 6, LE16(0x0200), 0xEF, 2, 1, 64, 1, 0};
/* clang-format off */
static const uint8_t configuration[CONFIGURATION_SIZE] = {
    9, 2, LE16(CONFIGURATION_SIZE), 4, 1, 0, 0xC0, 50,
    INTERFACE(0, 3, 0xFF, 0, 0),
        ENDPOINT(0x01, 2, BULK_SIZE, 0), ENDPOINT(0x81, 2, BULK_SIZE, 0), ENDPOINT(0x82, 3, 64, 4),
    8, 11, 1, 2, 2, 2, 1, 0,
    INTERFACE(1, 1, 2, 2, 1),
        5, 0x24, 0, LE16(0x0110), 5, 0x24, 1, 0, 2, 4, 0x24, 2, 6, 5, 0x24, 6, 1, 2,
        ENDPOINT(0x83, 3, 16, 7),
    INTERFACE(2, 2, 0x0A, 0, 0),
        ENDPOINT(0x04, 2, BULK_SIZE, 0), ENDPOINT(0x84, 2, BULK_SIZE, 0),
    INTERFACE(3, 3, 0xFE, 3, 1),
        ENDPOINT(0x05, 2, BULK_SIZE, 0), ENDPOINT(0x85, 2, BULK_SIZE, 0), ENDPOINT(0x86, 3, 2, 7),
};
/* clang-format on */

void usb_init(usb_device *device, const char *serial, const usb_host *host)
{
    memset(device, 0, sizeof *device);
    device->host = *host;
    strncpy(device->serial, serial, sizeof device->serial - 1);
    const uint8_t coding[7] = {0x00, 0x10, 0x0E, 0x00, 0, 0, 8}; /* 921600 8N1, little-endian */
    memcpy(device->line_coding, coding, sizeof coding);
}

static int pipe_of(unsigned endpoint) /* -1: not a bulk pipe */
{
    return endpoint == 1 ? 0 : endpoint == 4 ? 1 : endpoint == 5 ? 2 : -1;
}

/* ---- answers ---- */

/* A host may ask for an OUT request with the IN direction; it gets nothing. */
static void answer(usb_device *device, const usb_transfer *t, const uint8_t *bytes, uint32_t size)
{
    if (t->in && !bytes) size = 0;
    device->host.finish(device->host.self, t, USB_DONE, bytes, size < t->length ? size : t->length);
}

static void refuse(usb_device *device, const usb_transfer *t)
{
    device->host.finish(device->host.self, t, USB_STALL, NULL, 0);
}

/* UTF-16 of plain ASCII. */
static void answer_text(usb_device *device, const usb_transfer *t, const char *text)
{
    uint8_t room[2 + 2 * 126] = {0};
    size_t length = strlen(text);
    if (length > 126) length = 126;
    room[0] = (uint8_t)(2 + 2 * length), room[1] = 3;
    for (size_t i = 0; i < length; i++) room[2 + 2 * i] = (uint8_t)text[i];
    answer(device, t, room, room[0]);
}

static void get_descriptor(usb_device *device, const usb_transfer *t)
{
    static const uint8_t languages[4] = {4, 3, LE16(0x0409)};
    switch (t->setup[3]) {
    case 1: answer(device, t, device_descriptor, sizeof device_descriptor); return;
    case 2: answer(device, t, configuration, sizeof configuration); return;
    case 6: answer(device, t, qualifier, sizeof qualifier); return;
    case 3: break;
    default: refuse(device, t); return;
    }
    switch (t->setup[2]) {
    case 0: answer(device, t, languages, sizeof languages); return;
    case 1: answer_text(device, t, "Fadeline (SIMULATED)"); return;
    case 2: answer_text(device, t, "SIM virtual laser, no light"); return;
    case 3: answer_text(device, t, device->serial); return;
    default: refuse(device, t);
    }
}

static void shut_line(usb_device *device)
{
    device->host.heard(device->host.laser, "\n!\n", 3);
}

static void halt(usb_device *device, unsigned address, bool on)
{
    const int pipe = pipe_of(address & 0x0F);
    if (pipe < 0) return;
    if (address & 0x80)
        device->pipes[pipe].halted = on;
    else
        device->out_halted[pipe] = on;
}

static void control_standard(usb_device *device, const usb_transfer *t)
{
    static const uint8_t nothing[2] = {0, 0};
    const unsigned request = t->setup[1], value = t->setup[2] | t->setup[3] << 8u, index = t->setup[4];
    switch (request) {
    case 0: answer(device, t, nothing, 2); return; /* GET_STATUS */
    case 1:                                        /* CLEAR_FEATURE */
    case 3:                                        /* SET_FEATURE */
        if ((t->setup[0] & 0x1F) == 2 && value == 0) halt(device, index, request == 3);
        answer(device, t, NULL, 0);
        return;
    case 6: get_descriptor(device, t); return;
    case 8: answer(device, t, &(uint8_t){(uint8_t)device->configuration}, 1); return;
    case 9:
        device->configuration = value & 0xFF;
        answer(device, t, NULL, 0);
        return;
    case 10: answer(device, t, nothing, 1); return; /* GET_INTERFACE */
    case 11: answer(device, t, NULL, 0); return;    /* SET_INTERFACE */
    default: refuse(device, t);
    }
}

static void control_serial(usb_device *device, const usb_transfer *t, const uint8_t *data)
{
    switch (t->setup[1]) {
    case 0x20:
        if (data && t->length == sizeof device->line_coding)
            memcpy(device->line_coding, data, sizeof device->line_coding);
        answer(device, t, NULL, t->length);
        return;
    case 0x21: answer(device, t, device->line_coding, sizeof device->line_coding); return;
    case 0x22: {
        const bool dtr = t->setup[2] & 1;
        if (device->dtr && !dtr) shut_line(device);
        device->dtr = dtr;
        answer(device, t, NULL, 0);
        return;
    }
    case 0x23: answer(device, t, NULL, 0); return;
    default: refuse(device, t);
    }
}

static void drop_pipe(usb_device *device, int pipe)
{
    device->pipes[pipe].size = 0;
}

/* USBTMC 4.2.1.4: SUCCESS for the question that waits, which then ends with a short packet; "not this one"
 * when another waits; FAILED when none does. */
static void abort_in(usb_device *device, const usb_transfer *t)
{
    const uint8_t tag = t->setup[2];
    const bool ours = device->tmc_wanted && device->tmc_tag == tag;
    const uint8_t status = ours ? 0x01 : device->tmc_wanted ? 0x81 : 0x80;
    if (ours) device->tmc_wanted = false, device->tmc_ended = true, drop_pipe(device, 2);
    answer(device, t, (const uint8_t[]){status, tag}, 2);
}

/* USBTMC 4.2: everything is over as soon as it is asked for, so every CHECK says so. */
static void control_tmc(usb_device *device, const usb_transfer *t)
{
    uint8_t room[24] = {1}; /* STATUS_SUCCESS */
    switch (t->setup[1]) {
    case 1:
        answer(device, t, (const uint8_t[]){0x80, t->setup[2]}, 2);
        return; /* a whole message at once: none is under way */
    case 2: answer(device, t, room, 8); return;
    case 3: abort_in(device, t); return;
    case 4: answer(device, t, room, 8); return;
    case 5:
        shut_line(device);
        device->tmc_wanted = false;
        drop_pipe(device, 2);
        answer(device, t, room, 1);
        return;
    case 6: answer(device, t, room, 2); return;
    case 7:
        room[2] = 0x00, room[3] = 0x01, room[4] = 0, room[12] = 0x00, room[13] = 0x01;
        answer(device, t, room, 24);
        return;
    case 64: answer(device, t, room, 1); return;
    case 128:
        room[1] = t->setup[2];
        answer(device, t, room, 3);
        return; /* READ_STATUS_BYTE */
    default: refuse(device, t);
    }
}

static void control(usb_device *device, const usb_transfer *t, const uint8_t *data)
{
    const unsigned kind = t->setup[0] >> 5 & 3u, interface = t->setup[4];
    if (kind == 0)
        control_standard(device, t);
    else if (kind == 1 && interface == 1)
        control_serial(device, t, data);
    else if (kind == 1)
        control_tmc(device, t);
    else
        refuse(device, t);
}

/* ---- bulk, host to laser ---- */

static uint32_t le32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* One message a transfer. A header that is none halts the pipe (USBTMC 3.2.2). */
static bool hear_tmc(usb_device *device, const uint8_t *data, uint32_t length)
{
    if (length < 12 || (data[1] ^ data[2]) != 0xFF || data[1] == 0) return false;
    const uint32_t size = le32(data + 4);
    if (data[0] == 1 && size <= length - 12) {
        device->talks = 5;
        device->host.heard(device->host.laser, (const char *)data + 12, size);
        return true;
    }
    if (data[0] != 2) return false;
    device->tmc_wanted = true;
    device->tmc_ended = false;
    device->tmc_tag = data[1];
    device->tmc_room = size;
    return true;
}

static void flush_pipes(usb_device *device);

static bool strikes(usb_device *device, usb_fault fault)
{
    if (!device->faults[fault]) return false;
    device->faults[fault]--;
    return true;
}

static void bulk_out(usb_device *device, const usb_transfer *t, const uint8_t *data)
{
    const int pipe = pipe_of(t->endpoint);
    if (strikes(device, USB_FAULT_ERROR_OUT)) {
        device->host.finish(device->host.self, t, USB_PROTOCOL, NULL, 0);
        return;
    }
    if (strikes(device, USB_FAULT_STALL_OUT)) device->out_halted[pipe] = true;
    if (device->out_halted[pipe]) {
        refuse(device, t);
        return;
    }
    if (pipe == 2 && !hear_tmc(device, data, t->length)) {
        device->out_halted[pipe] = true;
        refuse(device, t);
        return;
    }
    answer(device, t, NULL, t->length); /* taken: before what the laser says to it */
    if (pipe != 2 && t->length) {
        device->talks = t->endpoint;
        device->host.heard(device->host.laser, (const char *)data, t->length);
    }
    flush_pipes(device);
}

/* ---- bulk, laser to host ---- */

static void take_bytes(usb_pipe *pipe, size_t size)
{
    memmove(pipe->bytes, pipe->bytes + size, pipe->size - size);
    pipe->size -= size;
}

/* One line a transfer or message: GL1 section 8. */
static size_t line_size(const usb_pipe *pipe)
{
    const uint8_t *end = memchr(pipe->bytes, '\n', pipe->size);
    return end ? (size_t)(end - pipe->bytes) + 1 : 0;
}

static bool answer_tmc(usb_device *device, const usb_transfer *t)
{
    usb_pipe *pipe = &device->pipes[2];
    const size_t line = line_size(pipe);
    if (device->tmc_ended) return device->tmc_ended = false, answer(device, t, NULL, 0), true;
    if (!device->tmc_wanted || !line) return false;
    uint8_t room[12 + USB_QUEUE_MAX + 4] = {2, device->tmc_tag, (uint8_t)~device->tmc_tag};
    size_t size = line < device->tmc_room ? line : device->tmc_room;
    if (size > 1 && strikes(device, USB_FAULT_SHORT)) size /= 2;
    if (t->length < 12) return refuse(device, t), true;
    if (size > t->length - 12) size = t->length - 12;
    room[4] = (uint8_t)size, room[5] = (uint8_t)(size >> 8);
    room[8] = size == line; /* EOM */
    memcpy(room + 12, pipe->bytes, size);
    take_bytes(pipe, size);
    device->tmc_wanted = false;
    answer(device, t, room, (uint32_t)(12 + (size + 3) / 4 * 4));
    return true;
}

static bool answer_bulk(usb_device *device, const usb_transfer *t)
{
    const int number = pipe_of(t->endpoint);
    if (number < 0) return false; /* an interrupt pipe: nothing is ever told there */
    usb_pipe *pipe = &device->pipes[number];
    if (device->nak) return false;
    if (strikes(device, USB_FAULT_STALL_IN)) pipe->halted = true;
    if (pipe->halted) return refuse(device, t), true;
    if (strikes(device, USB_FAULT_ERROR_IN))
        return device->host.finish(device->host.self, t, USB_PROTOCOL, NULL, 0), true;
    if (strikes(device, USB_FAULT_EMPTY)) return answer(device, t, NULL, 0), true;
    if (number == 2) return answer_tmc(device, t);
    size_t size = number == 0 ? line_size(pipe) : pipe->size;
    if (!size) return false;
    if (size > 1 && strikes(device, USB_FAULT_SHORT)) size /= 2;
    if (size > t->length) size = t->length;
    uint8_t room[USB_QUEUE_MAX];
    memcpy(room, pipe->bytes, size);
    take_bytes(pipe, size);
    answer(device, t, room, (uint32_t)size);
    return true;
}

static void forget(usb_device *device, unsigned at)
{
    device->waiting_count--;
    memmove(&device->waiting[at], &device->waiting[at + 1],
            (device->waiting_count - at) * sizeof device->waiting[0]);
}

/* In the order they came; a pipe without anything keeps all of its own. */
static void flush_pipes(usb_device *device)
{
    for (unsigned i = 0; i < device->waiting_count;) {
        const usb_transfer t = device->waiting[i];
        if (answer_bulk(device, &t))
            forget(device, i);
        else
            i++;
    }
}

/* A device that says NAK leaves the transfer with the host controller, which asks again and again. */
static bool hold(usb_device *device, const usb_transfer *t, const uint8_t *data)
{
    if (!device->nak || t->length > USB_HELD_SIZE || device->held_count == USB_HELD_MAX) return false;
    usb_held *held = &device->held[device->held_count++];
    held->transfer = *t;
    if (t->length) memcpy(held->data, data, t->length);
    return true;
}

static void let_go(usb_device *device, unsigned at)
{
    device->held_count--;
    memmove(&device->held[at], &device->held[at + 1], (device->held_count - at) * sizeof device->held[0]);
}

void usb_nak(usb_device *device, bool on)
{
    device->nak = on;
    while (!device->nak && device->held_count) {
        const usb_held first = device->held[0];
        let_go(device, 0);
        bulk_out(device, &first.transfer, first.data);
    }
    flush_pipes(device);
}

void usb_fail(usb_device *device, usb_fault fault, uint32_t count)
{
    device->faults[fault] = count;
    flush_pipes(device); /* also what is in flight */
}

void usb_submit(usb_device *device, const usb_transfer *t, const uint8_t *data)
{
    if (t->endpoint == 0) {
        control(device, t, data);
        flush_pipes(device);
    } else if (!t->in) {
        if (pipe_of(t->endpoint) < 0 || (t->length && !data))
            refuse(device, t);
        else if (!hold(device, t, data))
            bulk_out(device, t, data);
    } else if (device->waiting_count == USB_WAITING_MAX) {
        refuse(device, t);
    } else {
        device->waiting[device->waiting_count++] = *t;
        flush_pipes(device);
    }
}

bool usb_unlink(usb_device *device, uint32_t number)
{
    for (unsigned i = 0; i < device->waiting_count; i++)
        if (device->waiting[i].number == number) return forget(device, i), true;
    for (unsigned i = 0; i < device->held_count; i++)
        if (device->held[i].transfer.number == number) return let_go(device, i), true;
    return false;
}

void usb_say(usb_device *device, const char *bytes, size_t length)
{
    const int number = pipe_of(device->talks);
    if (number < 0) return;
    usb_pipe *pipe = &device->pipes[number];
    if (length > sizeof pipe->bytes - pipe->size) return; /* lost, as on a wire nobody reads */
    memcpy(pipe->bytes + pipe->size, bytes, length);
    pipe->size += length;
    flush_pipes(device);
}
