/* Speak: virtual devices that speak a published protocol and no GL1, each in a file of its own, written from
 * the page and never from devices/dialects.
 *
 *     fadeline-twin --speak ophir --pty /tmp/meter --light /tmp/light --fault over@5
 *
 * A device is a row of functions over bytes and milliseconds: it has no clock, no descriptor of the line and
 * no thread, so a test can drive it. Everything it says of itself holds SIM.
 */
#ifndef TWIN_SPEAK_H
#define TWIN_SPEAK_H

#include "carrier.h"

#include "fadeline/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct speak_options {
    const char *light; /* where pulses of light are told, one line `t_ms energy_J` each; NULL: dark */
    const char *state; /* keeps counters over restarts; NULL: nowhere. Lasers only */
    const char *const *faults;
    unsigned fault_count;
} speak_options;

typedef struct speaker {
    const char *name;
    const char *help;                                             /* its faults, for people */
    void *(*make)(const speak_options *options, fl_error *error); /* NULL: *error says why */
    void (*take)(void *self, const char *bytes, size_t size);     /* from the host */
    bool (*tick)(void *self, uint64_t now_ms);                    /* false: it is gone, as if yanked out */
    size_t (*give)(void *self, char *room, size_t size);          /* to the host, what is due by now */
    void (*free)(void *self);
} speaker;

const speaker *speak_find(const char *name); /* NULL: there is none */
void speak_names(char *room, size_t size);   /* "cfr, gentec, ..." */

extern const speaker speak_energymax, speak_gentec, speak_ophir, speak_thorlabs; /* meters */
extern const speaker speak_cfr, speak_insight, speak_microjewel, speak_pilas, speak_q_smart, speak_quanta_ray,
    speak_spi_g4, speak_surelite, speak_ultra; /* lasers */

#endif
