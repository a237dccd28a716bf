/* World: a whole session in one process and in simulated time. The laser is the twin's own device and room,
 * on a wire of memory; the conduct, the journal and the interlock are the real ones. Nothing here looks at a
 * clock.
 *
 *     world w;
 *     world_open(&w, HELPER_NO_TESTS);
 *     world_ready(&w, "F-L");
 *     world_foot(&w, true);
 *     world_run(&w, 500);
 *     CHECK(world_said(&w, "zone-notice"), ...);
 *     world_close(&w);
 */
#ifndef FL_TESTS_SESSION_HELPER_WORLD_H
#define FL_TESTS_SESSION_HELPER_WORLD_H

#include "../../src/twin/device_file.h"
#include "../../src/twin/twin.h"
#include "conduct.h"
#include "helper_plan.h"

#define WORLD_CODES 256

struct world;
typedef struct world_behind {                             /* a laser behind the gate: helper_behind.h */
    fl_laser_link *(*begin)(struct world *w, void *self); /* a new control process */
    void (*run)(struct world *w, void *self);             /* a millisecond */
    void (*light)(void *self);                            /* the gate lets a pulse through */
    void *self;
} world_behind;

typedef struct world {
    char folder[64];
    fl_plan *plan;
    fl_date date;

    /* the laser, which lives on when the control process dies */
    device_file file;
    twin laser;
    bool dead_line; /* nothing arrives on either side */

    /* simulated time */
    int64_t us, asleep_us, later_us; /* later_us: of wall time only */
    fl_clock clock;

    /* the wire */
    fl_carrier carrier;
    char to_host[16384];
    size_t waiting;
    int64_t bytes_left; /* the control process dies when it has written so many more; -1: never */

    /* the control process */
    fl_journal *journal;
    fl_writer *writer;
    fl_doorman *doorman;
    fl_conduct *conduct;
    const world_behind *behind; /* NULL: none */
    fl_laser_link *second;
    bool killed;
    uint64_t free_bytes;
    bool face_is_silent;
    bool is_real;          /* before the first start: a laser that is not called simulated, and its journal */
    unsigned check_pulses; /* a check in the calibration port; world_calibrate sets it */

    /* what was said to faces */
    int64_t number;
    bool ok;
    char code[64], text[400];
    fl_reasons reasons;
    char codes[WORLD_CODES][48];
    size_t code_count;
} world;

void world_open(world *w, helper_tests tests);
void world_open_behind(world *w, helper_tests tests, const world_behind *behind);
void world_close(world *w);
/* A new control process on the same laser and journal. */
void world_start(world *w);
/* SIGKILL: nothing is written, nothing is told to the laser. */
void world_kill(world *w);

/* After a kill and before a start: the same client is planned anew, so many days later (0: the same day),
 * with six weeks between sessions. */
void world_come_back(world *w, int days, uint64_t seed);

/* After a kill and before a start: the next process checks this head at 4 mm, with so many pulses. */
void world_calibrate(world *w, const char *head, uint64_t energy_uJ, unsigned pulses);
/* And treats again. */
void world_treat(world *w);

void world_run(world *w, int ms);
bool world_until(world *w, fl_mode mode, int ms);
fl_mode world_mode(const world *w);
bool world_order(world *w, fl_face_do what, const char *text, int64_t value); /* whether it was taken */
bool world_note(world *w, const char *about, const char *said);
bool world_sign_in(world *w, const char *who); /* "op:17", or the supervisor "op:9" */
bool world_sign_as(world *w, fl_face_do what, const char *who, const char *reason);
bool world_reconcile(world *w, const char *who);
bool world_said(const world *w, const char *code); /* in an event since the last world_forget */
void world_forget(world *w);
void world_foot(world *w, bool down);
void world_prove(world *w);                   /* moves e-stop, door and foot once */
void world_ready(world *w, const char *zone); /* from the start to READY, eyewear and all */
uint64_t world_pulses(const world *w);        /* the laser's own counter */

/* Number of entries of a kind; `key` and `value` (may be NULL) narrow it. Opens the journal of a world whose
 * process is gone, or reads the running one. */
int world_entries(world *w, const char *kind, const char *key, const char *value);
/* The same for a field that is a number, as digits; NULL: any number. */
int world_count(world *w, const char *kind, const char *key, const char *digits);
/* The journal's own verification: true when intact. Books: pulses it knows, and the counter it stands at. */
bool world_verify(world *w, uint64_t *pulses, uint64_t *counter, bool *outstanding);

#endif
