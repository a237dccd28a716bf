/* Room: the machine around the device core, and the people around the machine.
 *
 * Everything a foot, a hand or a door can do, with the travel of the shutters, the hardware chain that works
 * without any processor (rule 9 of the grant link), the light sensor and the energy sensor. It knows nothing
 * of frames. Time is handed in, so a test runs an hour in a moment.
 *
 *     twin_room room;
 *     room_init(&room, 42);                       // key on, everything shut, docked out, 4 mm, nobody's foot
 *     room_switch(&room, GL1_IN_FOOT_A | GL1_IN_FOOT_B, true);
 *     room_tick(&room, 12, GL1_OUT_SHUTTERS);
 *     uint32_t in = room_inputs(&room);
 */
#ifndef TWIN_ROOM_H
#define TWIN_ROOM_H

#include "gl1_device.h"

#include "fadeline/base/random.h"

/* Inputs that are a contact somebody moves; the rest of `in` follows from the shutters and the self-test. */
#define ROOM_CONTACTS                                                                                        \
    (GL1_IN_KEY | GL1_IN_ESTOP_A | GL1_IN_ESTOP_B | GL1_IN_DOOR_A | GL1_IN_DOOR_B | GL1_IN_COVERS |          \
     GL1_IN_FLOW | GL1_IN_TEMPERATURE | GL1_IN_HEAD | GL1_IN_WATCHDOG | GL1_IN_DOCKED | GL1_IN_FOOT_A |      \
     GL1_IN_FOOT_B | GL1_IN_ENERGY_SENSOR)

typedef enum room_shutter_fault {
    ROOM_SHUTTER_FREE,
    ROOM_SHUTTER_STUCK_OPEN,
    ROOM_SHUTTER_STUCK_SHUT
} room_shutter_fault;

typedef struct room_shutter {
    uint32_t at;               /* 0 shut .. 1000 open */
    uint32_t opening, closing; /* per ms */
    room_shutter_fault fault;
} room_shutter;

typedef struct twin_room {
    uint32_t contacts;
    uint32_t spot_um;  /* where the ring stands; 0: between two marks */
    uint8_t handpiece; /* 00 none, FF unreadable */
    room_shutter shutter_a, shutter_b;
    uint32_t out; /* what the device drives */

    bool self_test_good, self_test_finished;
    uint64_t now_ms, self_test_until_ms;

    uint32_t flashes; /* seen by the light sensor in the life of the machine */
    double light_uJ;  /* of the newest flash, whatever the energy sensor says of it */
    fl_random spread;

    /* Physical faults, set by faults.c. */
    double energy_off_percent; /* of every pulse */
    bool energy_unread;        /* the sensor gives no number */
    bool energy_stuck;         /* it gives the energy that was asked for */
    uint32_t duds;             /* so many next pulses give no light */
    bool foot_b_stuck;         /* contact B no longer follows the foot */
} twin_room;

void room_init(twin_room *room, uint64_t seed);
void room_tick(twin_room *room, uint64_t now_ms, uint32_t out);
void room_switch(twin_room *room, uint32_t contacts, bool on);
void room_self_test(twin_room *room); /* begins; finished after ROOM_SELF_TEST_MS */

uint32_t room_inputs(const twin_room *room);
/* The trigger arrives. Light comes out only when the hardware chain is closed and both shutters stand open.
 * Returns what the energy sensor reads, in uJ, 0 when it reads nothing. */
uint32_t room_pulse(twin_room *room, const gl1_settings *settings);

#define ROOM_SELF_TEST_MS 700

#endif
