/* Lane: one real twin, one real fadeline-control, a tap on the line between them, and the face of a person
 * who signs in, arms, and gives orders. Several lanes run side by side, each driven by one thread.
 *
 *     lane_people(home);                                   // once: a PIN costs a tenth of a second
 *     lane l;
 *     lane_open(&l, &(lane_options){ .people = home, .script = "every ready +0.1 foot down\n" });
 *     lane_ready(&l);
 *     lane_listen(&l, 500);                                // half a second of life, heartbeats and all
 *     lane_close(&l);
 *
 * With `laser` the twin is a gate, and behind it is a laser that speaks so, on a line of its own and
 * triggered by the gate: laser_said holds what it heard, triggers are in `trigger`.
 *
 * What went wrong first stands in `fault`; every call after it does nothing.
 */
#ifndef FL_TESTS_SESSION_HELPER_LANE_H
#define FL_TESTS_SESSION_HELPER_LANE_H

#include "helper_tap.h"

#include <sys/types.h>

typedef struct lane_options {
    const char *people;   /* folder with people.yaml and its secret */
    const char *script;   /* what the room does after it proved its switches */
    const char *place;    /* where the lane's folder is made; NULL: /tmp */
    bool no_real_time;    /* started without the right to real time and locked memory */
    bool keep_samples;    /* of the tap */
    int spare_descriptor; /* >0: left open in the child, to see whether it is closed */
    const char *program;  /* instead of fadeline-control */
    const char *variable; /* one more of its environment */
    const char *laser; /* of fadeline-twin --speak, behind a gate: microjewel or cfr; NULL: no second line */
    const char *laser_dialect; /* of its device file; NULL: as `laser` */
    const char *laser_faults[6];
} lane_options;

typedef struct lane {
    lane_options options;
    char folder[100], fault[200];
    pid_t twin, control;
    pid_t laser; /* the one behind the gate; -1: none */
    tap tap;
    int face, said; /* said: the twin's standard error */
    int order;
    int64_t beat_us;
    char room[65536];
    unsigned filled;

    /* of the newest status line */
    char state[24], line[4096];
    unsigned statuses;
    /* of the answer to the order that was asked, and of events since lane_forget */
    int asked, answered;
    bool ok;
    char code[64];
    char events[2048];
    void (*told)(struct lane *l, const char *line, void *self); /* every line, on the lane's thread */
    void *told_self;
} lane;

void lane_people(char home[64]); /* made in a folder of its own, op:17 */
void lane_people_gone(const char *home);

bool lane_open(lane *l, const lane_options *options);
void lane_end(lane *l); /* ends the session and waits for the process; lane_close does it too */
void lane_close(
    lane *l); /* ends the session, waits, stops the twin; the folder stays when there is a fault */
void lane_fail(lane *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool lane_start(lane *l);       /* a control process and its first face; lane_open does it */
int lane_left(lane *l, int ms); /* the exit code it leaves with by itself; -1: it does not, -N: signal N */
void lane_kill(lane *l);        /* SIGKILL to the control process */
/* Every word the laser behind the gate has heard so far, in lines `ms word`, into room. */
void lane_laser_heard(const lane *l, char *room, size_t size);
bool lane_laser_start(lane *l); /* lane_open does it; again after lane_laser_pull */
void lane_laser_pull(lane *l);  /* its line is gone */
bool lane_dial(lane *l);
void lane_hang_up(lane *l);
bool lane_listen(lane *l, int ms); /* false: control hung up */
bool lane_until(lane *l, const char *state, int ms);
bool lane_order(lane *l, const char *order); /* `"do":"arm"`, with keys behind order as `...|,"zone":"X"` */
int lane_say(lane *l, const char *order);    /* without waiting: its number */
bool lane_sign_in(lane *l);
bool lane_ready(lane *l);                            /* from wherever it is to READY */
int64_t lane_number(const lane *l, const char *key); /* of the newest status; -1: not there */
bool lane_heard(const lane *l, const char *code);    /* in an event */
void lane_forget(lane *l);

#endif
