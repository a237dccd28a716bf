/* The vendor class: one frame a transfer, its LF included. Reading is always on, writing has 50 ms. */
#include "usb_private.h"

#include <string.h>

static void say(usb_line *line, const uint8_t *text, size_t size)
{
    size_t at = 0;
    if (line->ragged && text[0] != '\n') line->out_bytes[at++] = '\n';
    memcpy(line->out_bytes + at, text, size);
    line->out.transfer->length = (int)(at + size);
    line->ragged = false;
    usb_line_send(line, &line->out);
}

void usb_bulk_turn(usb_line *line)
{
    if (!usb_line_mend(line, &line->in) || !usb_line_mend(line, &line->out)) return;
    if (!line->in.flying && usb_line_room(line, USB_IN_SIZE)) usb_line_send(line, &line->in);
    if (usb_line_take_drop(line)) line->dropped = true;
    if (line->out.flying) {
        if (line->dropped && !line->dropping)
            usb_line_cancel(&line->out); /* `!` does not queue behind an order */
        return;
    }
    uint8_t text[USB_SLOT];
    size_t size;
    if (line->dropped) {
        line->dropping = true;
        say(line, (const uint8_t *)"\n!\n", 3);
    } else if ((size = usb_line_next(line, text)))
        say(line, text, size);
}

/* Whatever came is kept, however the transfer ended; an empty packet is nothing. */
void usb_bulk_in(usb_line *line)
{
    const size_t size = (size_t)line->in.transfer->actual_length;
    usb_line_arrived(line, line->in_bytes, size);
    if (size) line->in.stalls = 0;
    if (!usb_line_came_back(line, &line->in)) return; /* the end, and the bell has told */
}

/* Nothing is ever sent again: what the device did not take is lost, and the answer that does not come says
 * so. */
void usb_bulk_out(usb_line *line)
{
    const struct libusb_transfer *out = line->out.transfer;
    if (!usb_line_came_back(line, &line->out)) return;
    const bool whole = out->status == LIBUSB_TRANSFER_COMPLETED && out->actual_length == out->length;
    if (line->dropping && !line->out.halted) line->dropped = false;
    line->dropping = false;
    if (whole) line->out.stalls = 0;
    if (!whole && out->actual_length > 0)
        line->ragged = true; /* half a line: the next one begins with its end */
}
