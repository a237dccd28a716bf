/* GL1 device core: what stands between a grant and the trigger of a laser (grant link, sections 4 to 6).
 *
 *     SAFE --first good frame of a session--> STBY --ARM--> WARN --wa ms--> READY
 *      ^  wd, `!`, HELLO, > 3 bad frames        ^   any input bad, STOP, panel edit  |
 *      +------------ from everywhere            +-----------------------------------+   FAULT: latched, RESET
 * only
 *
 *   SAFE   shutters shut, indicator off, nothing believed but HELLO
 *   STBY   settings and commitment may change; shutters shut
 *   WARN   indicator and tone on; every input good in every loop since ARM; shutters shut
 *   READY  as WARN, wa ms later: the only state in which a shutter opens or a grant is looked at
 *   FAULT  as SAFE, but the session may read why; left by RESET naming the cause
 *
 * The one dangerous call is platform->pulse, and it stands in one place: at the end of the list of checks in
 * gl1_grant.c, after the new counter is in non-volatile memory. One grant, one pulse; no grant, no pulse.
 *
 * Portable: no allocation, no floating point, no clock of its own, nine platform functions. Call
 * gl1_device_tick every millisecond with a millisecond count that only grows, and gl1_device_byte for every
 * byte that arrives; call tick first, so that a byte is judged by the present time.
 */
#ifndef TWIN_GL1_DEVICE_H
#define TWIN_GL1_DEVICE_H

#include "gl1_frame.h"

#include <stdbool.h>
#include <stdint.h>

/* `in` of STAT: 1 is good or present; a signal the device does not have reads 0. */
enum {
    GL1_IN_KEY = 1u << 0,
    GL1_IN_ESTOP_A = 1u << 1,
    GL1_IN_ESTOP_B = 1u << 2,
    GL1_IN_DOOR_A = 1u << 3,
    GL1_IN_DOOR_B = 1u << 4,
    GL1_IN_COVERS = 1u << 5,
    GL1_IN_FLOW = 1u << 6,
    GL1_IN_TEMPERATURE = 1u << 7,
    GL1_IN_HEAD = 1u << 8,
    GL1_IN_WATCHDOG = 1u << 9,
    GL1_IN_DOCKED = 1u << 10,
    GL1_IN_SHUT_A = 1u << 11,
    GL1_IN_SHUT_B = 1u << 12,
    GL1_IN_OPEN_A = 1u << 13,
    GL1_IN_OPEN_B = 1u << 14,
    GL1_IN_FOOT_A = 1u << 15,
    GL1_IN_FOOT_B = 1u << 16,
    GL1_IN_TEST_PASSED = 1u << 17,
    GL1_IN_TEST_FINISHED = 1u << 18,
    GL1_IN_ENERGY_SENSOR = 1u << 19,
    GL1_IN_ALL = (1u << 20) - 1,
    /* Causes of a FAULT that no input shows (this device's own; GL1 leaves bits 20 to 31 free). */
    GL1_CAUSE_MEMORY = 1u << 30, /* the counter could not be kept */
    GL1_CAUSE_LIGHT = 1u << 31   /* light nobody ordered */
};

enum {
    GL1_CAP_ENERGY = 1u << 0,
    GL1_CAP_FLASHES = 1u << 1,
    GL1_CAP_SHUTTER_SENSES = 1u << 2,
    GL1_CAP_ANCHOR = 1u << 3,
    GL1_CAP_SPOT_SENSED = 1u << 4,
    GL1_CAP_HANDPIECE = 1u << 5,
    GL1_CAP_TWO_CHANNEL_FOOT = 1u << 6
};

enum {
    GL1_OUT_SHUTTERS = 1u << 0,  /* drive both open; 0 lets the springs shut them */
    GL1_OUT_INDICATOR = 1u << 1, /* emission indicator and tone */
    GL1_OUT_ENABLE = 1u << 2,    /* trigger not inhibited */
    GL1_OUT_SELF_TEST = 1u << 3  /* set in one call only: begin the self-test */
};

enum {
    GL1_WD_MS = 100,      /* hot silence (rule 3) */
    GL1_COLD_MS = 1500,   /* cold silence */
    GL1_GA_MS = 40,       /* life of a grant from the sampling of its STAT */
    GL1_WA_MIN_MS = 2000, /* rule 8 */
    GL1_WA_MS = 3000,     /* by default */
    GL1_CHALLENGE_MS = 3000,
    GL1_STATS_KEPT = 8,
    GL1_AHEAD_MAX = 8, /* a number this far above the last is still taken */
    GL1_BAD_MAX = 3,   /* bad frames within a second */
    GL1_HEADS_MAX = 8,
    GL1_SPOTS_MAX = 16
};
#define GL1_SESSION_MS (24ull * 60 * 60 * 1000)

typedef struct gl1_settings {
    uint32_t en_uJ, rr_mHz, sp_um, wl_nm;
} gl1_settings;

typedef struct gl1_head { /* what may be set at one wavelength */
    uint32_t wl_nm, en_min_uJ, rr_max_mHz;
    uint8_t spot_count;
    struct {
        uint32_t sp_um, en_max_uJ; /* the energy limit may bind per spot (a fluence limit) */
    } spots[GL1_SPOTS_MAX];
} gl1_head;

typedef struct gl1_make { /* how this machine was built; borrowed for the life of the device */
    const char *maker, *model, *uid, *fw;
    uint8_t cap;
    uint32_t wa_ms;
    uint8_t head_count;
    gl1_head heads[GL1_HEADS_MAX];
    gl1_settings at_power_on;
} gl1_make;

typedef struct gl1_kept { /* survives power-off */
    uint64_t k;           /* pulses triggered in the life of the device */
    uint64_t g;           /* highest grant ever accepted */
    uint64_t anchor_n;    /* 0 and zeros: none yet */
    uint8_t anchor_r[32];
} gl1_kept;

typedef struct gl1_platform {
    void *self;
    void (*send)(void *self, const char *frame, size_t length);  /* LF included */
    void (*outputs)(void *self, uint32_t out);                   /* every loop and at every change */
    uint32_t (*pulse)(void *self, const gl1_settings *settings); /* trigger once; uJ measured, 0 not known */
    uint32_t (*inputs)(void *self);                              /* bits 0..19, sampled in one instant */
    uint32_t (*spot)(void *self);                                /* um sensed, 0 unknown */
    uint8_t (*handpiece)(void *self);                            /* 00 none, FF unreadable */
    uint32_t (*flashes)(void *self);                             /* seen by the light sensor */
    uint32_t (*random)(void *self);
    bool (*keep)(void *self, const gl1_kept *kept); /* true only when it would survive a power cut now */
} gl1_platform;

typedef enum gl1_state { GL1_SAFE, GL1_STBY, GL1_WARN, GL1_READY, GL1_FAULT } gl1_state;

/* Plain storage, so that a test or a model checker can copy and compare it. Only gl1_*.c writes it. */
typedef struct gl1_device {
    const gl1_make *make;
    gl1_platform on;
    uint64_t now_ms;
    gl1_state state;
    uint32_t in, out, cause;
    bool self_test_due;

    gl1_settings set;
    uint32_t epoch;
    gl1_kept kept;

    bool in_session, taken; /* taken: a frame of this session was obeyed, so SAFE was left */
    uint32_t session, number, gap, hn;
    uint64_t session_began_ms, heard_ms;
    char answer[GL1_LINE_MAX + 2];
    size_t answer_length;

    uint8_t plan[16]; /* the commitment; zeros: none */
    uint32_t challenge;
    uint64_t challenge_ms, warned_ms;
    bool want_open;
    struct {
        uint32_t number;
        uint64_t ms;
        bool valid;
    } stats[GL1_STATS_KEPT];
    unsigned stat_next;

    uint32_t flashes_seen, flashes_owed, energy_uJ;
    uint64_t pulsed_ms, not_shut_ms;
    bool has_pulsed;

    uint64_t bad_ms[GL1_BAD_MAX];
    unsigned bad_count;
    uint64_t bad_total;
    gl1_line line;
} gl1_device;

/* False when the make breaks GL1: wa below 2000 ms, an identity that cannot be in a frame, no head, or
 * settings at power-on that no head allows. `make` is borrowed, `on` and `kept` are copied. */
bool gl1_device_init(gl1_device *device, const gl1_make *make, const gl1_platform *on, const gl1_kept *kept);

void gl1_device_tick(gl1_device *device, uint64_t now_ms);
void gl1_device_byte(gl1_device *device, char byte);

/* The cable is out (DTR dropped, connection closed): the same as a `!`. */
void gl1_device_hangup(gl1_device *device);

/* An edit at the device's own panel (rule 4). False, changing nothing, when a value is out of range. */
bool gl1_device_panel(gl1_device *device, const gl1_settings *edited);

const char *gl1_state_name(gl1_state state); /* "safe", "standby", "warn", "ready", "fault" */
bool gl1_settings_allowed(const gl1_make *make, const gl1_settings *settings);

#endif
