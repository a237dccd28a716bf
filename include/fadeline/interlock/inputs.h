/* Inputs: the 30 bits the interlock sees in one tick, and the words for each.
 *
 * The adapter (module session) turns raw samples into this vector once per tick. 1 always means "proven good"
 * or "present now"; whatever is unknown, stale, disconnected or never configured stays 0. So `fl_inputs in =
 * { 0 };` is a machine about which nothing is known.
 *
 *     fl_inputs in = { .key = true, .link = true };
 *     in.foot = FL_FOOT_PRESSED;
 *     const uint32_t word = fl_inputs_pack(&in);          // bits 0..29
 *
 * The trap: a field wider than its bits. Packing never cuts a number down to a good one: a sensor value
 * outside its range packs as the sensor's worst code, and an unknown order packs as an unknown order.
 *
 * Pure: no allocation, no globals, safe from any thread.
 */
#ifndef FL_INTERLOCK_INPUTS_H
#define FL_INTERLOCK_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

/* Class: what the interlock does when the input is bad. */
typedef enum fl_input_class {
    FL_CLASS_POWER = 1, /* everything off */
    FL_CLASS_STOP,      /* emergency stop, latched until the key is turned off */
    FL_CLASS_HARD,      /* armed: FAULT, latched until reset */
    FL_CLASS_SOFT,      /* armed: drop to standby, order ARM again */
    FL_CLASS_PURPOSE,   /* must be 0 to treat and 1 to calibrate */
    FL_CLASS_SHUTTER,
    FL_CLASS_SENSOR,
    FL_CLASS_ORDER,
    FL_CLASS_TIME,
    FL_CLASS_DEVICE,
} fl_input_class;

/* The layout. One row makes the field, its bit and its words, so they cannot drift.
 *       field      bit width class            1 means */
#define FL_INPUT_LIST(X)                                                                                     \
    X(key, 0, 1, FL_CLASS_POWER, "the key switch is on")                                                     \
    X(estop, 1, 1, FL_CLASS_STOP, "both emergency stop channels are closed")                                 \
    X(remote, 2, 1, FL_CLASS_SOFT, "the room door is closed")                                                \
    X(covers, 3, 1, FL_CLASS_HARD, "every protective cover is closed")                                       \
    X(coolant, 4, 1, FL_CLASS_HARD, "coolant flow and temperature are in range")                             \
    X(head, 5, 1, FL_CLASS_HARD, "the laser reports no fault and is in the mode we expect")                  \
    X(link, 6, 1, FL_CLASS_HARD, "the newest status frame is fresh and valid")                               \
    X(wdog, 7, 1, FL_CLASS_HARD, "the watchdogs of laser and computer are alive")                            \
    X(clock, 8, 1, FL_CLASS_HARD, "the time between two ticks is believable")                                \
    X(journal, 9, 1, FL_CLASS_SOFT, "the journal is open and its last record is durable")                    \
    X(auth, 10, 1, FL_CLASS_SOFT, "an operator with the right role is signed in")                            \
    X(dual, 11, 1, FL_CLASS_SOFT, "a second person has signed where one is needed")                          \
    X(eyewear, 12, 1, FL_CLASS_SOFT, "eyewear for this wavelength is confirmed for everybody")               \
    X(plan, 13, 1, FL_CLASS_SOFT, "the plan is loaded and the laser read it back bit for bit")               \
    X(limits, 14, 1, FL_CLASS_SOFT, "the budgets allow at least one more pulse")                             \
    X(counter, 15, 1, FL_CLASS_SOFT, "the laser's shot counter agrees with the journal")                     \
    X(handpiece, 16, 1, FL_CLASS_SOFT, "the handpiece and its spot are the planned ones")                    \
    X(dock, 17, 1, FL_CLASS_PURPOSE, "the handpiece sits in the calibration port")                           \
    X(sh_closed, 18, 1, FL_CLASS_SHUTTER, "both shutters are proven closed")                                 \
    X(sh_open, 19, 1, FL_CLASS_SHUTTER, "both shutters are proven open")                                     \
    X(energy, 20, 2, FL_CLASS_SENSOR, "what the energy monitor saw since the last tick")                     \
    X(foot, 22, 2, FL_CLASS_SENSOR, "the footswitch")                                                        \
    X(cmd, 24, 3, FL_CLASS_ORDER, "the order that arrived in this tick")                                     \
    X(due, 27, 1, FL_CLASS_TIME, "the deadline of this mode has passed")                                     \
    X(selftest, 28, 2, FL_CLASS_DEVICE, "the self-test of the laser")

/* Position of the lowest bit of a field: FL_BIT_key = 0 ... FL_BIT_selftest = 28. */
typedef enum fl_input_bit {
#define X(field, bit, width, class, good) FL_BIT_##field = (bit),
    FL_INPUT_LIST(X)
#undef X
} fl_input_bit;

#define FL_INPUT_BITS 30
#define FL_INPUT_FIELDS 25

enum { FL_ENERGY_NONE, FL_ENERGY_GOOD, FL_ENERGY_OUT, FL_ENERGY_FAILED };         /* energy */
enum { FL_FOOT_RELEASED, FL_FOOT_PRESSED, FL_FOOT_DISAGREE, FL_FOOT_IMPOSSIBLE }; /* foot */
enum { FL_SELFTEST_RUNNING, FL_SELFTEST_PASS, FL_SELFTEST_FAIL, FL_SELFTEST_IMPOSSIBLE };
typedef enum fl_cmd {
    FL_CMD_NONE,
    FL_CMD_ARM_TREAT,
    FL_CMD_ARM_CAL,
    FL_CMD_STANDBY,
    FL_CMD_RESET,
    FL_CMD_RESET_SERVICE,
    FL_CMD_UNKNOWN_6,
    FL_CMD_UNKNOWN_7,
} fl_cmd;

typedef struct fl_inputs {
    bool key, estop, remote, covers, coolant, head, link, wdog, clock;
    bool journal, auth, dual, eyewear, plan, limits, counter, handpiece, dock;
    bool sh_closed, sh_open;
    uint8_t energy;   /* FL_ENERGY_... */
    uint8_t foot;     /* FL_FOOT_... */
    uint8_t cmd;      /* FL_CMD_... */
    bool due;         /* the concrete core computes this one; what the adapter writes here is ignored */
    uint8_t selftest; /* FL_SELFTEST_... */
} fl_inputs;

/* Bits 0..29 of the result; 30 and 31 are 0. energy, foot and selftest above 3 pack as 3 (failed,
 * impossible), cmd above 7 as 7 (unknown, which disarms). */
uint32_t fl_inputs_pack(const fl_inputs *inputs);
/* Every word with bits 30 and 31 clear unpacks, and packs back to itself. With either set (no packing makes
 * that) the result is all zero: nothing is believed. */
fl_inputs fl_inputs_unpack(uint32_t word);

/* One row per field, in the order of the layout. */
typedef struct fl_input_row {
    const char *name; /* "remote" */
    uint8_t bit, width;
    fl_input_class class;
    const char *good; /* "the room door is closed" */
} fl_input_row;
extern const fl_input_row fl_input_rows[FL_INPUT_FIELDS];

#endif
