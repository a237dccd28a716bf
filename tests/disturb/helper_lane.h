/* Lane: one virtual laser, one cable, one home folder, and one real control process after the other, with an
 * operator at a screen who does what an operator does: signs in, chooses the zone, confirms eyewear, arms,
 * resets faults, fetches the supervisor. Lanes run side by side because they mostly wait.
 */
#ifndef FL_TESTS_DISTURB_HELPER_LANE_H
#define FL_TESTS_DISTURB_HELPER_LANE_H

#include "helper_ledger.h"
#include "helper_relay.h"
#include "page.h"

#include "fadeline/base/random.h"
#include "fadeline/course/plan.h"

#include <stddef.h>
#include <sys/types.h>

typedef struct lane_people { /* made once, copied into every home */
    char home[64]; /* with copies of the programs, so that a build beside a long run changes nothing */
    fl_plan *plan;
} lane_people;

typedef struct lane {
    unsigned index;
    const lane_people *people;
    char folder[64], journal[96], laser_state[96], link[96], laser_link[96], address[96];
    const char *laser_fault; /* for the twin, or NULL */
    fl_random random;
    pid_t twin, control;
    relay *cable;
    page *page;
    ledger ledger;
    int exit_status; /* of the newest control process that ended, as waitpid says */
    unsigned starts;

    /* The screen: */
    int socket;
    int order; /* number of the newest order */
    size_t filled;
    char room[65536];
    char state[24], person[24]; /* of the newest status */
    bool aimed, goggles, seen;  /* a status has come since the newest answer */
    long long fault_number, pulses;
    int64_t waits_since, beaten, not_before; /* ms; 0: no answer is awaited */
    enum {
        LANE_ASKED_NOTHING,
        LANE_ASKED_ARM,
        LANE_ASKED_RESET,
        LANE_ASKED_SERVICE,
        LANE_ASKED_SUPERVISOR,
        LANE_ASKED_OTHER
    } asked;
    bool wants_supervisor, wants_service, served;
    bool wants_reset, wants_second;
    unsigned lines_seen;   /* a disturbed line was confirmed */
    int64_t refused_since; /* ARM was refused for the same code since */
    char refusal[40];
    unsigned told, drops, faults, services; /* events since the start of the lane */
    bool said_bye;

    char fault[300]; /* what went wrong first; empty: nothing */
} lane;

int64_t lane_now(void); /* ms */
void lane_fail(lane *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t lane_draw(lane *l, uint64_t below);

void lane_people_make(lane_people *people);
void lane_people_drop(lane_people *people);

/* Folder, plan, cable and laser; control is not started. false: l->fault says why. */
bool lane_open(lane *l, unsigned index, uint64_t seed, const char *laser_fault, const lane_people *people);
/* Ends what runs, by force, and closes the ledger when nothing went wrong before. The folder goes unless
 * something did. */
void lane_close(lane *l, bool may_be_open);

/* Sends a signal to one process of ours. Never to all of them, which is what kill(-1) does. */
void lane_signal(pid_t process, int number);

bool lane_start_laser(lane *l, bool first);
bool lane_start_control(lane *l);   /* false: it ended, or does not listen; exit_status says how */
bool lane_dial(lane *l);            /* connects the screen */
bool lane_is_alive(lane *l);        /* collects a process that ended */
void lane_collect(lane *l, int ms); /* waits for it to end; by force when it does not */
uint64_t lane_counter(const lane *l);

bool lane_is_armed(const lane *l);
bool lane_is_firing(const lane *l);

/* The operator at work until `until`, or `enough` says so. false: control is gone. */
bool lane_operate(lane *l, int64_t until, bool (*enough)(const lane *l));
/* Only watches and stays present. */
bool lane_watch(lane *l, int64_t until, bool (*enough)(const lane *l));
/* The session is closed as it should be, and control leaves with 0. */
void lane_end_properly(lane *l);
void lane_ask_to_end(lane *l);

#endif
