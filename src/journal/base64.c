#include "base64.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *fl_base64(const void *bytes, size_t size, char *room)
{
    const uint8_t *in = bytes;
    char *out = room;
    for (size_t i = 0; i < size; i += 3) {
        const size_t left = size - i;
        const uint32_t group =
            (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (left > 2 ? in[i + 2] : 0u);
        *out++ = letters[group >> 18];
        *out++ = letters[group >> 12 & 63];
        *out++ = left > 1 ? letters[group >> 6 & 63] : '=';
        *out++ = left > 2 ? letters[group & 63] : '=';
    }
    *out = 0;
    return room;
}

fl_status fl_base64_read(const char *text, size_t text_size, void *bytes, size_t room, size_t *size)
{
    if (text_size % 4) return FL_E_FILE;
    size_t pads = 0;
    while (pads < 2 && pads < text_size && text[text_size - 1 - pads] == '=') pads++;
    const size_t whole = text_size / 4 * 3 - pads;
    if (whole > room) return FL_E_FULL;
    uint8_t *out = bytes;
    size_t made = 0;
    for (size_t i = 0; i < text_size; i += 4) {
        uint32_t group = 0;
        for (size_t j = 0; j < 4; j++) {
            const char c = text[i + j];
            const char *found = c ? strchr(letters, c) : NULL;
            const bool pad = c == '=' && i + j >= text_size - pads;
            if (!found && !pad) return FL_E_FILE;
            group = group << 6 | (pad ? 0u : (uint32_t)(found - letters));
        }
        for (int shift = 16; shift >= 0; shift -= 8) {
            const uint8_t byte = (uint8_t)(group >> shift);
            if (made < whole)
                out[made++] = byte;
            else if (byte)
                return FL_E_FILE; /* bits that no byte uses */
        }
    }
    *size = whole;
    return FL_OK;
}
