/* The device side of the grant link GL1, for the firmware of a laser: what stands between a grant and the
 * trigger.
 *
 * Freestanding C11: no library, no allocation, no floating point, no clock and no port of its own. Copy the
 * two files, fill in nine functions, and call
 *
 *     gl_start(&laser, &make, &board, &kept);     // after every reset of the processor
 *     gl_tick(&laser, ms);                        // every millisecond, ms only grows; first, then the bytes
 *     gl_byte(&laser, byte);                      // for every byte that arrived
 *     gl_hangup(&laser);                          // the cable is out: DTR fell, the connection closed
 *     gl_panel(&laser, &settings);                // somebody edits a setting at the machine
 *
 * from one thread. The page is fadeline-link(7); numbers such as "6.5" below are its sections and rules.
 * `fadeline conform` checks a machine against it, rule by rule. This core is one part of such a machine: the
 * hardware chain (key, emergency stop, door, covers, foot contact, shutter drive) works without the processor
 * (6.9), and a watchdog that this code does not feed opens a relay. It is not certified for anything.
 */
#ifndef GRANT_LINK_H
#define GRANT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GL_LINE_MOST 250 /* bytes before LF */

/* `in` of STAT: 1 is good or present; what the machine does not have reads 0. */
enum {
    GL_KEY = 1 << 0,
    GL_ESTOP = 3 << 1,
    GL_DOOR = 3 << 3,
    GL_COVERS = 1 << 5,
    GL_FLOW = 1 << 6,
    GL_TEMPERATURE = 1 << 7,
    GL_HEAD = 1 << 8,
    GL_WATCHDOG = 1 << 9,
    GL_DOCKED = 1 << 10,
    GL_SHUT = 3 << 11,
    GL_OPEN = 3 << 13,
    GL_FOOT_A = 1 << 15,
    GL_FOOT_B = 1 << 16,
    GL_TEST_PASSED = 1 << 17,
    GL_TEST_FINISHED = 1 << 18,
    GL_ENERGY_SENSOR = 1 << 19
};
#define GL_CAUSE_MEMORY (1u << 30) /* `ca` of a fault that no input shows: the counter could not be kept */
#define GL_CAUSE_LIGHT (1u << 31)  /* light nobody ordered */

enum {
    GL_CAP_ENERGY = 1,
    GL_CAP_FLASHES = 2,
    GL_CAP_SENSES = 4,
    GL_CAP_ANCHOR = 8,
    GL_CAP_SPOT = 16,
    GL_CAP_HANDPIECE = 32,
    GL_CAP_TWO_FEET = 64
};
enum {
    GL_DRIVE_SHUTTERS = 1,
    GL_INDICATOR = 2,
    GL_ENABLE = 4,
    GL_SELF_TEST = 8
}; /* outputs; the last: begin it now */
typedef enum gl_state { GL_SAFE, GL_STBY, GL_WARN, GL_READY, GL_FAULT } gl_state;

typedef struct gl_settings {
    uint32_t en_uJ, rr_mHz, sp_um, wl_nm;
} gl_settings;

typedef struct gl_kept {   /* survives the power: FRAM, for flash wears out in a year */
    uint64_t k, g, anchor; /* pulses in the life of the machine; highest grant ever taken; size of the log */
    uint8_t root[32];
} gl_kept;

typedef struct gl_make {
    const char *maker, *model, *uid, *fw; /* printable, no comma, blank, star or equals sign in uid and fw */
    uint8_t cap;
    uint32_t wa_ms; /* from ARM to READY; at least 2000 */
    gl_settings at_start;
} gl_make;

typedef struct gl_board { /* the nine functions, and what may be set */
    void *self;
    void (*send)(void *self, const char *bytes, size_t size);
    void (*outputs)(void *self, unsigned out);                  /* every loop and at every change */
    uint32_t (*pulse)(void *self, const gl_settings *settings); /* trigger once; uJ measured, 0: not known */
    uint32_t (*inputs)(void *self);                             /* sampled in one instant */
    uint32_t (*spot)(void *self);                               /* um sensed, 0: unknown */
    uint8_t (*handpiece)(void *self);                           /* 00 none, FF unreadable */
    uint32_t (*flashes)(void *self);                            /* seen by the light sensor */
    uint32_t (*random)(void *self);
    bool (*keep)(void *self, const gl_kept *kept); /* true only when it would survive a power cut now */
    bool (*allowed)(void *self, const gl_settings *settings);
} gl_board;

typedef struct gl_device { /* plain storage; only grant_link.c writes it */
    const gl_make *make;
    gl_board on;
    gl_kept kept;
    gl_settings set;
    gl_state state;
    bool in_session, taken, want_open, pulsed, self_test;
    uint8_t plan[16]; /* the commitment; zeros: none */
    uint32_t in, cause, epoch, session, number, gap, hn, challenge, energy_uJ, seen, owed;
    uint64_t now, began, heard, challenged, warned, pulsed_at, not_shut;
    uint64_t bad[3], stat_at[8];
    uint32_t stat_number[8], stats; /* the last eight STAT of this session */
    unsigned bads, line_size, answer_size;
    bool spoiled;
    char line[GL_LINE_MOST], answer[GL_LINE_MOST + 1];
} gl_device;

void gl_start(gl_device *d, const gl_make *make, const gl_board *on, const gl_kept *kept);
void gl_tick(gl_device *d, uint64_t now_ms);
void gl_byte(gl_device *d, char byte);
void gl_hangup(gl_device *d);
bool gl_panel(gl_device *d, const gl_settings *edited); /* false: out of range, nothing changed */

#endif
