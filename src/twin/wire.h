/* Wire: what becomes of an answer on its way to the host, with everything a bad line may do to it.
 *
 * Frames leave in order at their time; the list of frames under way is bounded, and a frame that finds it
 * full is lost, as in a real buffer.
 */
#ifndef TWIN_WIRE_H
#define TWIN_WIRE_H

#include "gl1_frame.h"

#include "fadeline/base/random.h"

#define WIRE_FRAMES 64

typedef struct twin_wire {
    const char *identity;
    void (*put)(void *self, const char *bytes, size_t length); /* to the carrier */
    void *self;
    fl_random chance;
    uint64_t now_ms;

    uint64_t stalled_until_ms, delay_ms;
    double drop_percent, duplicate_percent, corrupt_rate;
    int64_t k_lie;
    bool echo;

    unsigned first, count;
    struct {
        uint64_t due_ms;
        size_t length;
        char bytes[GL1_LINE_MAX + 2];
    } frames[WIRE_FRAMES];
} twin_wire;

void wire_init(twin_wire *wire, const char *identity, uint64_t seed, void *self,
               void (*put)(void *self, const char *bytes, size_t length));
void wire_tick(twin_wire *wire, uint64_t now_ms);
void wire_send(twin_wire *wire, const char *frame, size_t length);
void wire_heard(twin_wire *wire, const char *bytes, size_t length); /* what the host said; echo lives on it */
void wire_cut(twin_wire *wire);                                     /* nothing is under way any more */

#endif
