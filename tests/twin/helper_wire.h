/* A wire in memory between a driver and a speaker of the twin, with simulated time. */
#ifndef FL_TESTS_TWIN_WIRE_H
#define FL_TESTS_TWIN_WIRE_H

#include "fadeline/base/clock.h"
#include "fadeline/link/carrier.h"
#include "speak.h"

typedef struct wire {
    const speaker *who;
    void *self;
    fl_carrier carrier;
    fl_clock clock;
    int64_t now_us;
    char to_host[8192];
    size_t to_host_size;
} wire;

/* who NULL: the test sets it and `self` itself afterwards. A wrong option ends the test. */
void wire_open(wire *w, const speaker *who, const speak_options *options, bool simulated);
void wire_close(wire *w);
void wire_ms(wire *w); /* one more */
/* What a person at its keys, or another client, says; the answer, which the driver does not see. */
const char *wire_ask(wire *w, const char *sent, char *room, size_t size);

#endif
