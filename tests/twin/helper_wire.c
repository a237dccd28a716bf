#include "helper_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fl_instant now(void *self)
{
    return (fl_instant){((wire *)self)->now_us};
}

static fl_status wire_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    wire *w = carrier->self;
    *got = w->to_host_size < room ? w->to_host_size : room;
    memcpy(bytes, w->to_host, *got);
    w->to_host_size -= *got;
    memmove(w->to_host, w->to_host + *got, w->to_host_size);
    return FL_OK;
}

static fl_status wire_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    wire *w = carrier->self;
    w->who->take(w->self, bytes, size);
    *taken = size;
    return FL_OK;
}

static void wire_gone(fl_carrier *carrier)
{
    (void)carrier;
}

static const fl_carrier_kind wire_kind = {"wire", wire_read, wire_write, NULL, wire_gone};

void wire_open(wire *w, const speaker *who, const speak_options *options, bool simulated)
{
    fl_error error = {0};
    *w = (wire){.who = who, .now_us = 1000000};
    if (who && !(w->self = who->make(options, &error))) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    w->clock = (fl_clock){.now = now, .boot = now, .self = w};
    w->carrier = (fl_carrier){.kind = &wire_kind, .self = w, .fd = -1, .simulated_only = simulated};
}

void wire_close(wire *w)
{
    if (w->who && w->who->free) w->who->free(w->self);
}

void wire_ms(wire *w)
{
    w->now_us += 1000;
    if (!w->who->tick(w->self, (uint64_t)(w->now_us / 1000))) w->carrier.gone = true;
    if (w->to_host_size < sizeof w->to_host / 2)
        w->to_host_size += w->who->give(w->self, w->to_host + w->to_host_size, sizeof w->to_host / 2);
}

const char *wire_ask(wire *w, const char *sent, char *room, size_t size)
{
    w->who->take(w->self, sent, strlen(sent));
    room[w->who->give(w->self, room, size - 1)] = 0;
    return room;
}
