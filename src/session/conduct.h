/* Conduct: one session with one laser under one plan, from the first HELLO to the last checkpoint.
 *
 *     listen to the line ─▶ settle the last grant ─▶ adapter ─▶ interlock core (step, monitor) ─▶ records
 *           ▲                                                              │ permit
 *           └──── speak ◀──── GRANT, once, when its record is durable ◀────┘
 *
 * One call of fl_conduct_tick is one tick of the interlock, every 10 ms while hot and at most every 100 ms
 * while cold. It never waits: the journal has a thread of its own (writer.h), sign-in too (doorman.h), faces
 * are told and never asked. Nothing allocates after new. The laser hears of a turn only when every duty of it
 * is done (duties.h).
 *
 * What is true of a grant, in this order: token of the interlock ─▶ RECORDING (posted to the journal) ─▶
 * durable, and the interlock still permits in that very tick ─▶ SENT, once ─▶ reported, refused, or OPEN: it
 * may have made a pulse, counts as delivered, and only the laser's counter in a later status settles it.
 * After a restart the last grant in the journal is OPEN.
 */
#ifndef FL_SESSION_CONDUCT_H
#define FL_SESSION_CONDUCT_H

#include "doorman.h"
#include "faces.h"
#include "laser_link.h"
#include "past.h"
#include "writer.h"

#include "fadeline/course/plan.h"
#include "fadeline/interlock/step.h"
#include "fadeline/link/gl1.h"

typedef struct fl_conduct fl_conduct;

typedef struct fl_conduct_setup { /* everything is borrowed for the life of the conduct, but `expected` and
                                     `past` */
    const fl_plan *plan;
    /* Above 0: the plan is one of calibration.h. ARM is ARM_CAL, the handpiece must be docked, and so many
     * pulses are all there are. */
    unsigned check_pulses;
    fl_carrier *carrier;  /* of the GL1 link: a laser, or the gate of one */
    fl_laser_link *laser; /* behind that gate; NULL: the laser is on the GL1 link itself */
    const fl_clock *clock;
    fl_writer *writer;
    fl_doorman *doorman;
    fl_gl1_expected expected;
    const char *model;
    bool simulated;
    double energy_tolerance; /* of the device file, as a share; 0: not stated */
    int64_t warning_ms;      /* of the device file */
    const fl_device *device; /* its heads and the limits of their energy checks; NULL: nothing is checked */
    fl_past past;
    fl_date today;
    bool date_by_hand;                               /* a person gave the date: only for simulated lasers */
    bool real_time, memory_locked;                   /* what the system granted, for the status */
    fl_status (*nonce)(void *self, uint32_t *value); /* NULL: the operating system's */
    void *nonce_self;

    /* Where words go. heard: when the face that gave an order last said anything; long ago when it is gone.
     */
    void *self;
    void (*answer)(void *self, const fl_face_order *order, fl_status status, const char *code,
                   const char *text, const char *hint, fl_reasons reasons);
    void (*tell)(void *self, const fl_entry *line, bool may_be_lost);
    fl_instant (*heard)(void *self, unsigned face);
    /* When the screens were last served; NULL: there are none to serve. */
    fl_instant (*served)(void *self);
    /* What the process knows of itself, for the status line and the close of a session; NULL: nothing. */
    void (*own)(void *self, fl_entry *line);
} fl_conduct_setup;

FL_MUST_USE fl_status fl_conduct_new(const fl_conduct_setup *setup, fl_conduct **conduct, fl_error *error);
void fl_conduct_free(fl_conduct *conduct);

void fl_conduct_listen(fl_conduct *conduct); /* bytes have come: take them in, decide nothing */
void fl_conduct_tick(fl_conduct *conduct);
void fl_conduct_order(fl_conduct *conduct, const fl_face_order *order);
/* The line of fadeline/session/face.h. */
void fl_conduct_status(const fl_conduct *conduct, fl_entry *line);

bool fl_conduct_is_hot(const fl_conduct *conduct);
/* Leave as soon as nothing is open: stands down, settles, closes the session in the journal. */
/* The journal does not verify (beside.h): no grant from now on, whatever else is good. Told once. */
void fl_conduct_distrust(fl_conduct *conduct);
void fl_conduct_end(fl_conduct *conduct);
bool fl_conduct_has_ended(const fl_conduct *conduct, fl_status *status);

fl_interlock_state fl_conduct_state(const fl_conduct *conduct);
uint64_t fl_conduct_pulses(const fl_conduct *conduct); /* certain, of this session */

#endif
