/* Inside a session by hand: manual.c (opening, records, what is shown), manual_orders.c (people, eyewear,
 * what is chosen and seen), manual_count.c (the counter before and after), manual_word.c (a person's word for
 * what does not fit). */
#ifndef FL_SESSION_MANUAL_PRIVATE_H
#define FL_SESSION_MANUAL_PRIVATE_H

#include "allow.h"
#include "fadeline/session/reading.h"
#include "second.h"

#include "fadeline/session/manual.h"

#define MANUAL_TEXT 256
#define MANUAL_SUPERVISOR_HINT "a supervisor types: reconcile WHO PIN WHY"

typedef struct manual_target { /* what the next pulses belong to */
    bool chosen, test;
    size_t index;
    const char *name;
    const fl_plan_setting *setting;
    fl_energy energy;
} manual_target;

struct fl_manual {
    fl_manual_setup setup;
    char plan_hex[2 * FL_SHA256_SIZE + 1];
    fl_past past;
    fl_people_guard guard;

    manual_target target;
    fl_past_count zones[FL_PLAN_ZONES], spots[FL_PLAN_GRID];
    bool locked[FL_PLAN_ZONES];
    fl_past_bars bars;
    bool looked;
    fl_utc tested_at, looked_at;
    bool pulsed, pulsed_test; /* where the newest pulses of this plan were, if anywhere */
    size_t pulsed_index;
    fl_instant pause_until;

    uint64_t sid, tests; /* 0: no session is open; pulses of its test spots */
    char who[MANUAL_TEXT], eyewear[MANUAL_TEXT];
    uint64_t eyewear_nm;

    bool known; /* `counter` is the last reading, or where the open zone was begun */
    uint64_t counter;
    bool read;            /* in this process: `counter` is no older */
    fl_past_by_hand open; /* the zone that was begun; open.open */
    bool stopped;         /* by what was seen in it, or a near miss */
    fl_instant begun_at;  /* when, for how many pulses are possible; 0: in another process */
    fl_rate rate_max;     /* of that laser head at that spot */
    fl_mismatch mismatch; /* a reading that no record explains, and nobody has signed it */
    bool shown_known;     /* of an open zone whose counter went back: */
    uint64_t shown;       /* what it shows */
    fl_over over;         /* more than planned, and nobody has said why */
    char again[32];       /* a doubtful number: typed once more it is believed */
    char again_of;        /* by the order that doubted it: b before, a after */

    fl_second_signed given;
    bool date_unsure, energy_told;
    uint64_t clock_steps;
    fl_entry entries[2]; /* large; made one after the other */
};

/* manual.c */
fl_status manual_load(fl_manual *m, fl_error *error); /* everything from the journal again */
fl_entry *manual_entry(fl_manual *m,
                       fl_kind kind); /* begun in entries[0], with dev, sim and, when open, sid */
fl_status manual_post(fl_manual *m, fl_error *error); /* durable when it returns FL_OK */
void manual_say(fl_manual *m, const char *kind, const char *code, const char *hint, const char *format, ...)
    FL_PRINTF(5, 6);
/* A refusal with its record. Returns FL_E_NO, or what the journal failed with. */
fl_status manual_no(fl_manual *m, fl_error *error, const char *code, const char *hint, const char *format,
                    ...) FL_PRINTF(5, 6);
fl_status manual_refused(fl_manual *m, fl_error *error); /* the same, for an error that was set elsewhere */
fl_allow manual_allowing(const fl_manual *m);
const size_t *manual_zone_index(const fl_manual *m); /* NULL: no zone is chosen */
fl_past_count *manual_count_of(fl_manual *m, bool test, size_t index);
fl_plan_budget manual_budget(const fl_manual *m, bool test, size_t index);
void manual_attend(fl_manual *m); /* before every order: was the wall clock set? */

/* manual_orders.c */
fl_status manual_check_person(fl_manual *m, const char *who, const char *pin, fl_role role, fl_error *error);
manual_target manual_target_zone(const fl_manual *m, size_t index);
manual_target manual_target_spot(const fl_manual *m, size_t index);

#endif
