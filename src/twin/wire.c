#include "wire.h"

#include "fadeline/base/text.h"

#include <string.h>

void wire_init(twin_wire *wire, const char *identity, uint64_t seed, void *self,
               void (*put)(void *self, const char *bytes, size_t length))
{
    *wire = (twin_wire){.identity = identity, .put = put, .self = self};
    fl_random_init(&wire->chance, seed, 2);
}

static bool happens(twin_wire *wire, double percent)
{
    return percent > 0.0 && fl_random_uniform(&wire->chance) * 100.0 < percent;
}

void wire_cut(twin_wire *wire)
{
    wire->first = wire->count = 0;
}

static void flip_bits(twin_wire *wire, char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        for (int bit = 0; bit < 8; bit++)
            if (fl_random_uniform(&wire->chance) < wire->corrupt_rate) bytes[i] ^= (char)(1 << bit);
}

/* A lie with a good check: k of a STAT is replaced and the frame written anew. */
static size_t lie_about_k(const twin_wire *wire, char *frame, size_t length)
{
    char line[GL1_LINE_MAX + 2], body[GL1_LINE_MAX + 1];
    memcpy(line, frame, length);
    gl1_frame read;
    if (length < 2 || !gl1_frame_read(line, length - 1, '<', wire->identity, &read)) return length;
    const char *at = strstr(read.body, " k=");
    uint64_t k;
    if (!fl_text_begins(read.body, "STAT ") || !at || !gl1_read_hex(at + 3, 16, &k)) return length;
    fl_text text = fl_text_in(body, sizeof body);
    fl_text_add(&text, "%.*s k=%016llX%s", (int)(at - read.body), read.body,
                (unsigned long long)(k + (uint64_t)wire->k_lie), at + 3 + 16);
    return gl1_frame_write(frame, '<', wire->identity, read.session, read.number, body);
}

static void queue(twin_wire *wire, const char *frame, size_t length)
{
    if (wire->count == WIRE_FRAMES) return;
    const unsigned place = (wire->first + wire->count++) % WIRE_FRAMES;
    wire->frames[place].due_ms = wire->now_ms + wire->delay_ms;
    wire->frames[place].length = length;
    memcpy(wire->frames[place].bytes, frame, length);
    if (wire->corrupt_rate > 0.0) flip_bits(wire, wire->frames[place].bytes, length);
}

void wire_tick(twin_wire *wire, uint64_t now_ms)
{
    wire->now_ms = now_ms;
    while (wire->count && wire->frames[wire->first].due_ms <= now_ms) {
        wire->put(wire->self, wire->frames[wire->first].bytes, wire->frames[wire->first].length);
        wire->first = (wire->first + 1) % WIRE_FRAMES;
        wire->count--;
    }
}

void wire_send(twin_wire *wire, const char *frame, size_t length)
{
    char room[GL1_LINE_MAX + 2];
    if (wire->now_ms < wire->stalled_until_ms || happens(wire, wire->drop_percent)) return;
    memcpy(room, frame, length);
    if (wire->k_lie) length = lie_about_k(wire, room, length);
    queue(wire, room, length);
    if (happens(wire, wire->duplicate_percent)) queue(wire, room, length);
    wire_tick(wire, wire->now_ms);
}

void wire_heard(twin_wire *wire, const char *bytes, size_t length)
{
    if (wire->echo) wire->put(wire->self, bytes, length);
}
