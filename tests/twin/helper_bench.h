/* Bench: the device core with a machine made of plain variables, in simulated time, and the host's side of
 * the talk. Nothing here uses the twin's room: a test says exactly what every sense reads.
 */
#ifndef TESTS_TWIN_BENCH_H
#define TESTS_TWIN_BENCH_H

#include "gl1_device.h"

#include <stdbool.h>
#include <stdint.h>

#define BENCH_PLAN "00112233445566778899AABBCCDDEEFF"
#define BENCH_GOOD                                                                                           \
    (GL1_IN_KEY | GL1_IN_ESTOP_A | GL1_IN_ESTOP_B | GL1_IN_DOOR_A | GL1_IN_DOOR_B | GL1_IN_COVERS |          \
     GL1_IN_FLOW | GL1_IN_TEMPERATURE | GL1_IN_HEAD | GL1_IN_WATCHDOG | GL1_IN_TEST_PASSED |                 \
     GL1_IN_TEST_FINISHED | GL1_IN_ENERGY_SENSOR)
#define BENCH_FEET (GL1_IN_FOOT_A | GL1_IN_FOOT_B)
#define BENCH_SHUT (GL1_IN_SHUT_A | GL1_IN_SHUT_B)
#define BENCH_OPEN (GL1_IN_OPEN_A | GL1_IN_OPEN_B)

typedef struct bench {
    gl1_device device;
    gl1_make make;
    gl1_kept nvm; /* what a power cut leaves */
    uint64_t now_ms;

    uint32_t contacts; /* all of `in` but the shutters */
    uint32_t shutters; /* what their senses say */
    bool follow;       /* shutters follow the drive within one loop */
    uint32_t spot_um, flashes, flashes_a_pulse, energy_uJ;
    uint8_t handpiece;
    uint32_t randoms[4];
    unsigned random_next;
    bool keep_fails, power_cut; /* power_cut: the trigger never comes */

    uint32_t out;
    uint64_t pulses, keeps, self_tests, pulse_at_ms;
    uint64_t kept_before_pulse; /* pulses whose counter was in memory first */

    uint32_t session, number, asked; /* number of the last frame we wrote */
    char sent[700];                  /* everything the device said since bench_clear */
    size_t sent_length;
    char body[256]; /* body of the last good answer; "" when there was none */
    char frame[256];
} bench;

void bench_init(bench *b);
void bench_power_cycle(bench *b); /* memory stays, the rest is new */
void bench_clear(bench *b);
void bench_tick(bench *b, uint64_t ms); /* so many loops of 1 ms */
void bench_bytes(bench *b, const char *bytes, size_t length);
void bench_raw(bench *b, const char *text);

/* Says one line in the present session with the next number; the answer's body, "" when there is none. */
const char *bench_ask(bench *b, const char *body);
const char *bench_ask_as(bench *b, uint32_t session, uint32_t number, const char *body);
void bench_frame(bench *b, uint32_t session, uint32_t number, const char *body); /* to b->frame only */

bool bench_hello(bench *b);
bool bench_commit(bench *b);
bool bench_arm(bench *b);                        /* WARN */
void bench_poll(bench *b, uint64_t ms, bool sh); /* every 10 ms */
bool bench_ready(bench *b);                      /* foot down, shutters open: a grant would fire */
/* A GRANT that would fire, with `replace` ("k=... sp=...") put over its fields; NULL for none. */
const char *bench_grant(bench *b, const char *replace);
uint64_t bench_value(const bench *b, const char *key, int base); /* of b->body; UINT64_MAX: not there */

#endif
