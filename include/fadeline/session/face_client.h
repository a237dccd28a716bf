/* The face's end of the socket to fadeline-control: starts it, sends orders, takes lines in.
 *
 * See fadeline/session/face.h for the messages. Nothing here waits longer than it says, and nothing here can
 * make light: an order is a request, and a foot fires.
 */
#ifndef FL_SESSION_FACE_CLIENT_H
#define FL_SESSION_FACE_CLIENT_H

#include "fadeline/base/error.h"
#include "fadeline/session/calibration.h"
#include "fadeline/session/face.h"

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#define FL_FACE_UNKNOWN (-1LL) /* a quantity the last status did not carry: shown as a dash */

typedef struct fl_face_setting {
    long long wavelength_nm, spot_um, fluence_uJ_cm2, energy_uJ, rate_mHz, pulse_ps;
} fl_face_setting;

typedef struct fl_face_room { /* the words of face.h; "": unknown */
    char aim[12], cooling[12], covers[12], door[12], foot[12], key[12], stop[12];
    long long utc_us;
} fl_face_room;

typedef struct fl_face_check { /* the last energy check of the head; day "": none is known */
    char day[12], due[12], verdict[12];
    bool good;         /* it may treat today */
    bool measured;     /* off_ppm is known: it may be below 0 */
    long long off_ppm; /* mean against set */
} fl_face_check;

/* The newest status line, every text terminated. */
typedef struct fl_face_status {
    bool seen, simulated, realtime, memory_locked;
    char state[16], device[64], model[64], client[32], plan[72], person[32], eyewear[64], zone[16],
        fault_text[800];
    const char *side; /* of the zone, the client's: "left", "right"; "": it has none */
    char bad[400];    /* short names of inputs that are not good, separated by blanks */
    fl_face_setting planned, measured;
    fl_face_room room;
    fl_face_check check;
    long long age_ms, counter, fault, zone_pulses, zone_budget, session_pulses, session_budget, ready_in_ms;
} fl_face_status;

typedef struct fl_face_client {
    int socket;
    pid_t control;
    int order; /* number of the last order sent */
    char room[4 * FL_FACE_LINE_MAX];
    size_t filled;
    char socket_path[104]; /* a Unix socket's name has 108 bytes */
    fl_face_status status;
    bool gone;     /* control said bye or closed */
    int exit_code; /* what control left with; valid when gone */
} fl_face_client;

typedef struct fl_face_start {
    const char *plan, *port;
    const char *laser_port, *date;          /* may be NULL */
    bool training;                          /* an exercise: control refuses a real laser */
    const fl_calibration_wish *calibration; /* instead of a plan; NULL: a treatment */
    int said; /* where what control says on standard error goes; 0: where ours goes */
} fl_face_start;

/* Starts fadeline-control (the one beside this program) and connects. FL_E_TIMEOUT when it does not listen in
 * 10 s; when it leaves at once, *error says so and exit_code is its code. */
FL_MUST_USE fl_status fl_face_open(fl_face_client *client, const fl_face_start *start, fl_error *error);
/* Sends one order; `more` (may be NULL, is consumed) holds its further keys. Returns its number, 0
 * when control is gone. */
int fl_face_send(fl_face_client *client, const char *what, json_t *more);
/* The same for who may not wait. Control reads each tick: when there is no room for a line, it hangs, and the
 * line to it is lost (client->gone). */
int fl_face_send_now(fl_face_client *client, const char *what, json_t *more);
/* Waits at most `wait_ms` for one line. The caller decrefs the object; NULL when nothing came or control is
 * gone. A status line is also kept in client->status. */
json_t *fl_face_next(fl_face_client *client, int wait_ms);
/* Waits for control to leave (at most 5 s, then SIGKILL) and returns its exit code. */
int fl_face_close(fl_face_client *client);

/* Which side a zone's id says: T-L, LID-UR. "": none; LIP-L is the lower lip. */
const char *fl_face_side(const char *zone);
const char *fl_face_text(const json_t *message, const char *key); /* "" when absent */
long long fl_face_whole(const json_t *message, const char *key);  /* FL_FACE_UNKNOWN when absent */

#endif
