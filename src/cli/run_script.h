/* A script for `fadeline run --script FILE`: the orders a person would give, one a line.
 *
 *     sign-in op:17 123456         who, and the PIN
 *     reconcile op:9 801246 why    a supervisor; service op:30 PIN: a service person
 *     second op:9 801246           the second person; date op:9 801246 2026-05-04: a supervisor says it
 *     eyewear 755 OD7 M LB9        wavelength it was confirmed for, then what is printed on it
 *     zone F-L                     or: spots 1
 *     arm | standby | reset | sign-out | end
 *     endpoint frost
 *     note reaction erythema       what is said at the end (fadeline/session/said.h); near-miss WORD
 *     wait ready 20                until the state is READY, at most 20 s (default 30)
 *     wait pulses 12 60            until the session has delivered 12
 *     wait zone 90                 until the zone is done
 *     wait 1.5                     seconds
 *     expect spot-mismatch 10      until something is refused or dropped with this code
 *
 * `foot` is refused: a foot is not an order, it is the room's business. '#' begins a comment. All faults of a
 * script are shown at once, before anything is started.
 */
#ifndef FL_CLI_RUN_SCRIPT_H
#define FL_CLI_RUN_SCRIPT_H

#include "fadeline/session/face_client.h"

#define RUN_SCRIPT_MOST 512

typedef enum run_step_kind {
    STEP_ORDER,
    STEP_WAIT_STATE,
    STEP_WAIT_PULSES,
    STEP_WAIT_ZONE,
    STEP_WAIT_TIME,
    STEP_EXPECT
} run_step_kind;

typedef struct run_step {
    run_step_kind kind;
    unsigned line;
    char word[32];  /* order, state or code */
    char first[32]; /* who, zone, endpoint */
    char rest[120]; /* PIN, eyewear text */
    long long number;
    double seconds;
} run_step;

typedef struct run_script {
    run_step steps[RUN_SCRIPT_MOST];
    size_t count;
} run_script;

/* Reads the file; prints every fault to stderr as file:line:column with a hint. FL_E_FILE when there was one.
 */
FL_MUST_USE fl_status run_script_read(const char *path, run_script *script);
/* One order, as a person types it; *error says what is wrong with it. Waiting is not an order. */
FL_MUST_USE fl_status run_script_line(const char *line, run_step *step, fl_error *error);
/* Words of the order that the journal would keep, against the names of clients (clients/names.h): before it is sent,
 * for the process that conducts has no clients' database. */
FL_MUST_USE fl_status run_script_named(const fl_face_client *client, const run_step *step, fl_error *error);
/* The order of a step, with its keys; returns its number, 0 when control is gone. */
int run_script_send(fl_face_client *client, const run_step *step);

#endif
