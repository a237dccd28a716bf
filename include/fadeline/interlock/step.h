/* Step: the pure judge. One state and one input vector in; the next state and five outputs out.
 *
 *     fl_interlock_result r = fl_interlock_step(state, fl_inputs_pack(&in));
 *     if (r.outputs.permit) ...                        // true exactly when r.next is EMIT
 *
 * It has no clock (the deadline is an input bit), no memory of its own, no floating point, no input or
 * output: 28 states times 2^30 inputs are all there is, and all of them are enumerated (tests/proof).
 *
 * Do not call it to run a laser: core.h does, with deadlines and the monitor around it.
 */
#ifndef FL_INTERLOCK_STEP_H
#define FL_INTERLOCK_STEP_H

#include "fadeline/interlock/inputs.h"
#include "fadeline/interlock/reason.h"

/* Modes. Codes are words of the extended Hamming (8,4) code: every two differ in at least 4 bits, and the two
 * words 0x00 and 0xFF, which stuck memory makes, are left out. */
#define FL_MODE_LIST(X)                                                                                      \
    X(OFF, 0x1E, "off", "not proven")                                                                        \
    X(SELFTEST, 0x2D, "self-test", "self-test")                                                              \
    X(STANDBY, 0x33, "standby", "standby")                                                                   \
    X(ARMING, 0x4B, "arming", "arming, warning on")                                                          \
    X(READY, 0x55, "ready", "ready")                                                                         \
    X(OPENING, 0x66, "opening", "firing: opening")                                                           \
    X(EMIT, 0x78, "emit", "firing: one grant out")                                                           \
    X(GAP, 0x87, "gap", "firing: between pulses")                                                            \
    X(CLOSING, 0x99, "closing", "firing: closing")                                                           \
    X(FAULT, 0xAA, "fault", "fault, latched")                                                                \
    X(ESTOP, 0xB4, "estop", "emergency stop, latched")

typedef enum fl_mode {
#define X(name, code, word, shown) FL_MODE_##name = (code),
    FL_MODE_LIST(X)
#undef X
} fl_mode;
#define FL_MODE_COUNT 11

enum {
    FL_FLAG_CAL = 1, /* purpose is calibration, else treatment */
    FL_FLAG_FR = 2,  /* footswitch seen released since READY was entered */
    FL_FLAG_NX = 4,  /* CLOSING ends in STANDBY, else READY */
    FL_FLAG_OUT = 8, /* CLOSING still waits for the report of one grant */
    FL_FLAG_SVC = 16 /* service-class fault latched; survives power-off */
};

typedef struct fl_interlock_state {
    uint8_t mode;      /* an fl_mode, or damage */
    uint8_t flags;     /* FL_FLAG_... */
    uint8_t flags_not; /* complement of flags, or damage */
} fl_interlock_state;

typedef struct fl_interlock_outputs {
    bool permit;       /* one pulse is enabled */
    bool token;        /* a new grant is issued in this tick */
    bool shutter_open; /* order to both shutters */
    bool hv;           /* high voltage enabled */
    bool indicator;    /* emission indicator and tone */
} fl_interlock_outputs;

typedef struct fl_interlock_result {
    fl_interlock_state next;
    fl_interlock_outputs outputs;
} fl_interlock_result;

/* The rules R0..R7, first match wins. Any state, any word; a word with bits 30 or 31 set reads as link = 0.
 */
fl_interlock_result fl_interlock_step(fl_interlock_state state, uint32_t inputs);

static inline fl_interlock_state fl_interlock_state_of(fl_mode mode, unsigned flags)
{
    return (fl_interlock_state){(uint8_t)mode, (uint8_t)flags, (uint8_t)~flags};
}
bool fl_interlock_is_well_formed(fl_interlock_state state); /* one of the 28 of section 4 */
bool fl_mode_is_armed(fl_mode mode);                        /* ARMING ... CLOSING */
int fl_mode_index(fl_mode mode);                            /* 0..10 in the order of the list; -1: damage */
const char *fl_mode_word(fl_mode mode);                     /* "standby"; "damaged" */
const char *fl_mode_shown(fl_mode mode);                    /* "arming, warning on" */
extern const fl_mode fl_modes[FL_MODE_COUNT];

/* Why the step went where it went: what a record of this tick lists. Empty when nothing was lost, refused or
 * latched. `next` is the next state of the step (or of the core, after a veto). */
fl_reasons fl_interlock_causes(fl_interlock_state state, uint32_t inputs, fl_interlock_state next);
/* Everything that speaks against ARM now, at once, for the stated purpose: the list a refusal shows. Empty: a
 * step from STANDBY with this order goes to ARMING. The order bits of `inputs` are not looked at. */
fl_reasons fl_interlock_refusals(fl_interlock_state state, uint32_t inputs, bool calibrate);

#endif
