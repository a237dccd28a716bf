/* USBTMC: a message out, a request for its answer, the answer.
 *
 *     QUIET -> SAYING -> ASKING -> AWAITING -> QUIET
 *                                      | the host speaks again: it wants the old answer no more
 *                                      v
 *                                  ABORTING -> (DRAINING -> CHECKING)* -> QUIET
 *     anything that goes wrong, and `!`:  CLEARING -> CLEAR_CHECK* -> QUIET
 *
 * Every word of GL1 is answered. Other languages over USBTMC are IEEE 488.2: what holds no question mark has
 * no answer, and asking for one would be an error of ours (-420, query unterminated), so it is told and not
 * asked.
 *
 * INITIATE_CLEAR is GL1's `!`, so whatever cannot be mended politely sends the device to SAFE: the right end
 * for a line that no longer understands itself. A device that refuses the clear is lost.
 */
#include "usb_private.h"

#include "fadeline/base/assert.h"

#include <string.h>

enum { DEV_DEP_MSG_OUT = 1, REQUEST_DEV_DEP_MSG_IN = 2, DEV_DEP_MSG_IN = 2 };
enum {
    INITIATE_ABORT_BULK_IN = 3,
    CHECK_ABORT_BULK_IN_STATUS = 4,
    INITIATE_CLEAR = 5,
    CHECK_CLEAR_STATUS = 6
};
enum { STATUS_SUCCESS = 0x01, STATUS_PENDING = 0x02, STATUS_FAILED = 0x80 };
#define TO_INTERFACE (LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE)
#define TO_ENDPOINT (LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_ENDPOINT)
#define EOM 1
#define DRAIN_MS 20
#define ROUNDS_MOST 100 /* of "pending", 2 ms apart */

/* ---- headers ---- */

static void put_header(uint8_t *bytes, uint8_t what, uint8_t tag, uint32_t size, uint8_t attributes)
{
    memset(bytes, 0, USB_TMC_HEADER);
    bytes[0] = what;
    bytes[1] = tag;
    bytes[2] = (uint8_t)~tag;
    for (int i = 0; i < 4; i++) bytes[4 + i] = (uint8_t)(size >> 8 * i);
    bytes[8] = attributes;
}

size_t usb_tmc_message(uint8_t *bytes, uint8_t tag, const uint8_t *text, size_t size)
{
    put_header(bytes, DEV_DEP_MSG_OUT, tag, (uint32_t)size, EOM);
    memcpy(bytes + USB_TMC_HEADER, text, size);
    const size_t whole = (USB_TMC_HEADER + size + 3) / 4 * 4;
    memset(bytes + USB_TMC_HEADER + size, 0, whole - USB_TMC_HEADER - size);
    return whole;
}

size_t usb_tmc_request(uint8_t *bytes, uint8_t tag, uint32_t room)
{
    put_header(bytes, REQUEST_DEV_DEP_MSG_IN, tag, room, 0);
    return USB_TMC_HEADER;
}

bool usb_tmc_answer(const uint8_t *bytes, size_t size, uint8_t tag, size_t room, const uint8_t **text,
                    size_t *text_size, bool *last)
{
    if (size < USB_TMC_HEADER || bytes[0] != DEV_DEP_MSG_IN || bytes[1] != tag ||
        (bytes[1] ^ bytes[2]) != 0xFF)
        return false;
    uint32_t says = 0;
    for (int i = 0; i < 4; i++) says |= (uint32_t)bytes[4 + i] << 8 * i;
    if (says > room || says > size - USB_TMC_HEADER) return false;
    *text = bytes + USB_TMC_HEADER;
    *text_size = says;
    *last = bytes[8] & EOM;
    return true;
}

static uint8_t next_tag(usb_tmc *tmc)
{
    tmc->tag = tmc->tag == 255 ? 1 : (uint8_t)(tmc->tag + 1);
    return tmc->tag;
}

/* ---- steps ---- */

#define TEXT_ROOM (USB_IN_SIZE - USB_TMC_HEADER - 4)

static void ask_control(usb_line *line, usb_tmc_step step, uint8_t type, uint8_t request, uint16_t value,
                        uint16_t index, uint16_t size)
{
    line->tmc.step = step;
    libusb_fill_control_setup(line->control_bytes, type, request, value, index, size);
    line->control.transfer->length = (int)(LIBUSB_CONTROL_SETUP_SIZE + size);
    usb_line_send(line, &line->control);
}

static void clear(usb_line *line)
{
    line->tmc.rounds = 0;
    usb_line_cancel(&line->in);
    usb_line_cancel(&line->out);
    ask_control(line, USB_TMC_CLEARING, TO_INTERFACE, INITIATE_CLEAR, 0, line->ends.interface, 1);
}

static void say_next(usb_line *line)
{
    uint8_t text[USB_SLOT];
    const size_t size = usb_line_next(line, text);
    if (!size) return;
    line->out.transfer->length = (int)usb_tmc_message(line->out_bytes, next_tag(&line->tmc), text, size);
    line->tmc.step = USB_TMC_SAYING;
    line->tmc.told = line->asks_only && !memchr(text, '?', size);
    line->tmc.last = 0;
    usb_line_send(line, &line->out);
}

static void ask(usb_line *line)
{
    line->tmc.asked = next_tag(&line->tmc);
    line->out.transfer->length = (int)usb_tmc_request(line->out_bytes, line->tmc.asked, TEXT_ROOM);
    line->tmc.step = USB_TMC_ASKING;
    usb_line_send(line, &line->out);
}

static void listen_in(usb_line *line, usb_tmc_step step, unsigned ms)
{
    line->tmc.step = step;
    line->in.transfer->timeout = ms;
    usb_line_send(line, &line->in);
}

static void check(usb_line *line)
{
    if (line->tmc.step == USB_TMC_CLEARING || line->tmc.step == USB_TMC_CLEAR_CHECK ||
        line->tmc.step == USB_TMC_CLEAR_DRAIN)
        ask_control(line, USB_TMC_CLEAR_CHECK, TO_INTERFACE, CHECK_CLEAR_STATUS, 0, line->ends.interface, 2);
    else
        ask_control(line, USB_TMC_CHECKING, TO_ENDPOINT, CHECK_ABORT_BULK_IN_STATUS, 0, line->ends.in, 8);
}

/* In the middle of something, a turn only sees whether the host wants something else. */
void usb_tmc_turn(usb_line *line)
{
    usb_tmc *tmc = &line->tmc;
    if (usb_line_take_drop(line)) line->dropped = true;
    const bool clearing = tmc->step >= USB_TMC_CLEARING;
    if (line->control.flying) {
        if (line->dropped && !line->dropping) usb_line_cancel(&line->control);
        return;
    }
    if ((line->dropped && !line->dropping) || ((line->in.halted || line->out.halted) && !clearing)) {
        line->dropping = line->dropped;
        clear(line);
        return;
    }
    if (tmc->rounds && (tmc->step == USB_TMC_CLEAR_CHECK || tmc->step == USB_TMC_CHECKING)) {
        check(line); /* once a turn, and turns are 2 ms apart while something is pending */
        return;
    }
    if (tmc->step == USB_TMC_AWAITING && usb_line_has_next(line)) usb_line_cancel(&line->in);
    if (tmc->step == USB_TMC_QUIET && !line->in.flying && !line->out.flying) say_next(line);
}

/* An error of the bus ends the line in came_back; everything else that is not as it should be is cleared. */
void usb_tmc_out(usb_line *line)
{
    const struct libusb_transfer *out = line->out.transfer;
    if (!usb_line_came_back(line, &line->out) || line->out.halted) return; /* the next turn clears */
    if (line->tmc.step != USB_TMC_SAYING && line->tmc.step != USB_TMC_ASKING)
        return; /* cancelled by a clear */
    if (out->status != LIBUSB_TRANSFER_COMPLETED || out->actual_length != out->length)
        clear(line);
    else if (line->tmc.step == USB_TMC_SAYING && !line->tmc.told && usb_line_room(line, USB_IN_SIZE))
        ask(line);
    else if (line->tmc.step == USB_TMC_SAYING)
        line->tmc.step = USB_TMC_QUIET; /* no answer comes, or nobody reads here and it is not fetched */
    else
        listen_in(line, USB_TMC_AWAITING, 0);
}

/* One piece of the answer. The end of a message is the end of a line, whether or not the device says LF. */
static void take_answer(usb_line *line)
{
    const uint8_t *text;
    size_t size;
    bool last;
    if (!usb_tmc_answer(line->in_bytes, (size_t)line->in.transfer->actual_length, line->tmc.asked, TEXT_ROOM,
                        &text, &size, &last)) {
        clear(line);
        return;
    }
    line->in.stalls = line->out.stalls = 0;
    usb_line_arrived(line, text, size);
    if (size) line->tmc.last = (char)text[size - 1];
    if (last && line->tmc.last && line->tmc.last != '\n') usb_line_arrived(line, (const uint8_t *)"\n", 1);
    if (last || !usb_line_room(line, USB_IN_SIZE))
        line->tmc.step = USB_TMC_QUIET;
    else
        ask(line);
}

static void abort_answer(usb_line *line)
{
    line->tmc.rounds = 0;
    ask_control(line, USB_TMC_ABORTING, TO_ENDPOINT, INITIATE_ABORT_BULK_IN, line->tmc.asked, line->ends.in,
                2);
}

void usb_tmc_in(usb_line *line)
{
    const struct libusb_transfer *in = line->in.transfer;
    if (!usb_line_came_back(line, &line->in) || line->in.halted) return;
    const bool came = in->status == LIBUSB_TRANSFER_COMPLETED || in->actual_length > 0;
    if (line->tmc.step == USB_TMC_AWAITING && came)
        take_answer(line); /* also when it was about to be given up */
    else if (line->tmc.step == USB_TMC_AWAITING)
        abort_answer(line);
    else if (line->tmc.step == USB_TMC_DRAINING || line->tmc.step == USB_TMC_CLEAR_DRAIN)
        check(line);
}

static void mended(usb_line *line)
{
    line->tmc.step = USB_TMC_QUIET;
    line->tmc.rounds = 0;
}

static void cleared(usb_line *line)
{
    /* The device halts its way in when it clears; whether we saw a stall or not, both ends begin anew. */
    line->in.halted = line->out.halted = true;
    if (!usb_line_mend(line, &line->out) || !usb_line_mend(line, &line->in)) return;
    line->dropped = line->dropping = false;
    mended(line);
}

/* A check said "pending": read what the device still holds (the second byte says whether there is something),
 * or ask again in a moment. */
static void pending(usb_line *line, bool holds)
{
    usb_tmc *tmc = &line->tmc;
    if (++tmc->rounds > ROUNDS_MOST)
        usb_line_lost(line);
    else if (holds && !line->in.flying)
        listen_in(line, tmc->step == USB_TMC_CHECKING ? USB_TMC_DRAINING : USB_TMC_CLEAR_DRAIN, DRAIN_MS);
    else
        tmc->wait = true;
}

/* What a control answer leads to. */
static void took_control(usb_line *line, uint8_t status, uint8_t more)
{
    usb_tmc *tmc = &line->tmc;
    const bool checks = tmc->step == USB_TMC_CHECKING || tmc->step == USB_TMC_CLEAR_CHECK;
    if (checks && status == STATUS_PENDING) {
        pending(line, more & 1);
        return;
    }
    switch (tmc->step) {
    case USB_TMC_ABORTING:
        if (status == STATUS_SUCCESS)
            listen_in(line, USB_TMC_DRAINING, DRAIN_MS);
        else if (status == STATUS_FAILED)
            mended(line); /* it had nothing on the way */
        else
            clear(line);
        break;
    case USB_TMC_CHECKING:
        if (status == STATUS_SUCCESS)
            mended(line);
        else
            clear(line);
        break;
    case USB_TMC_CLEARING:
        if (status != STATUS_SUCCESS) {
            usb_line_lost(line);
            break;
        }
        check(line);
        break;
    case USB_TMC_CLEAR_CHECK:
        if (status != STATUS_SUCCESS)
            usb_line_lost(line);
        else if (line->in.flying || line->out.flying)
            pending(line, false); /* a halt is cleared with nothing under way */
        else
            cleared(line);
        break;
    default: FL_ASSERT(!"a control transfer nobody asked for");
    }
}

void usb_tmc_control(usb_line *line)
{
    const struct libusb_transfer *control = line->control.transfer;
    if (control->status == LIBUSB_TRANSFER_CANCELLED) return; /* closing */
    if (control->status == LIBUSB_TRANSFER_COMPLETED && control->actual_length > 0) {
        const uint8_t *answer = control->buffer + LIBUSB_CONTROL_SETUP_SIZE;
        took_control(line, answer[0], control->actual_length > 1 ? answer[1] : 0);
        return;
    }
    const bool aborting = line->tmc.step == USB_TMC_ABORTING || line->tmc.step == USB_TMC_CHECKING;
    const bool said_no =
        control->status == LIBUSB_TRANSFER_STALL || control->status == LIBUSB_TRANSFER_TIMED_OUT;
    if (aborting && said_no)
        clear(line); /* it does not know how to abort */
    else
        usb_line_lost(line);
}
