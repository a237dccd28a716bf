/* Manual: a session with a laser that nobody can ask anything. A person sets it, a foot fires it, and its
 * shot counter is read before and after every zone and typed in.
 *
 *     sign in ─▶ eyewear ─▶ zone or test spot ─▶ BEFORE ─▶ (set, fire) ─▶ AFTER ─▶ what is seen ─▶ next zone
 *
 * The order BEFORE stands where ARM stands in a driven session: everything that speaks against a pulse is
 * said there. It cannot keep a foot off the switch; what was fired without it is in the counter, and the next
 * reading finds it.
 *
 * Every order is durable in the journal before it is answered with FL_OK, so a process that is killed has
 * lost nothing it acknowledged. A zone that was begun and not counted is found at the next start and has to
 * be counted first. Nothing here asks a clock what to do but the pause after bleeding.
 *
 *     fl_manual *manual;
 *     status = fl_manual_new(&setup, &manual, &error);
 *     status = fl_manual_sign_in(manual, "op:17", "493027", &error);
 *     status = fl_manual_eyewear(manual, 1064, "OD7 M LB9", &error);
 *     status = fl_manual_zone(manual, "F-L", &error);
 *     status = fl_manual_before(manual, "88410", &error);       // FL_E_NO: error has code, sentence and hint
 *     ...
 *     status = fl_manual_after(manual, "88722", &error);
 *     status = fl_manual_end(manual, &error);
 *
 * The trap: FL_E_NO is an answer, recorded, and the session goes on. Any other failure is the journal's: what
 * was ordered did not happen, and nothing goes on.
 */
#ifndef FL_SESSION_MANUAL_H
#define FL_SESSION_MANUAL_H

#include "fadeline/config/device.h"
#include "fadeline/course/plan.h"
#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

typedef struct fl_manual fl_manual;

typedef struct fl_manual_setup { /* everything is borrowed for the life of the session */
    const fl_plan *plan;
    const fl_device *device;
    const char *dev;     /* the laser as the journal names it: fl_manual_name() */
    bool training;       /* into the simulated journal */
    fl_journal *journal; /* open for writing; nobody else writes */
    const fl_people *people;
    const fl_clock *clock;
    fl_date today;
    bool date_by_hand; /* a person gave the date: training only */
    /* What has to be said besides the answer: kind "note", "tone" or "refused". */
    void *self;
    void (*say)(void *self, const char *kind, const char *code, const char *text, const char *hint);
} fl_manual_setup;

/* The identity of the device file, or its id; in training "SIM-TRAINING-" and the id, so that no pulse of an
 * exercise can be taken for one of a laser. */
const char *fl_manual_name(const fl_device *device, bool training, char room[FL_DEVICE_ID_MAX + 1]);

/* The plan, the laser's file and what is set from it, all that a session may be opened with. FL_E_NO or
 * FL_E_DEVICE says why not. On failure plan and device are to be freed all the same; NULL when they were not
 * read. */
FL_MUST_USE fl_status fl_manual_open_plan(const char *path, const char *device_id, fl_plan **plan,
                                          fl_device **device, fl_error *error);

FL_MUST_USE fl_status fl_manual_new(const fl_manual_setup *setup, fl_manual **manual, fl_error *error);
void fl_manual_free(fl_manual *manual); /* leaves the session as it is in the journal */

FL_MUST_USE fl_status fl_manual_sign_in(fl_manual *manual, const char *who, const char *pin, fl_error *error);
FL_MUST_USE fl_status fl_manual_sign_out(fl_manual *manual, fl_error *error);
/* Supervisors: a second person, the true date, and the counter or the pulses nobody planned. */
FL_MUST_USE fl_status fl_manual_second(fl_manual *manual, const char *who, const char *pin, fl_error *error);
FL_MUST_USE fl_status fl_manual_date(fl_manual *manual, const char *who, const char *pin, const char *date,
                                     fl_error *error);
FL_MUST_USE fl_status fl_manual_reconcile(fl_manual *manual, const char *who, const char *pin,
                                          const char *why, fl_error *error);
/* The operator says why a counter is a little ahead. It stays unexplained in the audit. */
FL_MUST_USE fl_status fl_manual_explain(fl_manual *manual, const char *why, fl_error *error);

FL_MUST_USE fl_status fl_manual_eyewear(fl_manual *manual, uint64_t nm, const char *marks, fl_error *error);
FL_MUST_USE fl_status fl_manual_zone(fl_manual *manual, const char *id, fl_error *error);
FL_MUST_USE fl_status fl_manual_spot(fl_manual *manual, uint64_t number, fl_error *error); /* from 1 */
FL_MUST_USE fl_status fl_manual_before(fl_manual *manual, const char *counter, fl_error *error);
FL_MUST_USE fl_status fl_manual_after(fl_manual *manual, const char *counter, fl_error *error);
FL_MUST_USE fl_status fl_manual_endpoint(fl_manual *manual, const char *seen, fl_error *error);
/* What no counter says (fadeline/session/said.h); a near miss is kept with the last reading and the zone. */
FL_MUST_USE fl_status fl_manual_note(fl_manual *manual, const char *about, const char *said, fl_error *error);
FL_MUST_USE fl_status fl_manual_near_miss(fl_manual *manual, const char *what, fl_error *error);
/* FL_E_NO while a zone is not counted. */
FL_MUST_USE fl_status fl_manual_end(fl_manual *manual, fl_error *error);

typedef enum fl_manual_next { /* what is waited for */
                              FL_NEXT_SIGN_IN = 1,
                              FL_NEXT_AFTER,      /* the counter, after the zone that is open */
                              FL_NEXT_EXPLAIN,    /* the operator, */
                              FL_NEXT_SUPERVISOR, /* or a supervisor, says why */
                              FL_NEXT_TARGET,
                              FL_NEXT_EYEWEAR,
                              FL_NEXT_BEFORE /* the counter, before the zone that is chosen */
} fl_manual_next;

typedef struct fl_manual_view {
    fl_manual_next next;
    const char *who;         /* "": nobody */
    const char *zone;        /* chosen, or open; "": none */
    bool chosen, test, open; /* chosen: `index` is one of this plan's zones, or of its test spots */
    bool interrupted;        /* the open zone is of a session that died */
    bool stopped;            /* what was seen or nearly happened in the open zone stops it: nobody fires on */
    size_t index;
    int pulses, planned, stop_at; /* of it, today; stop_at: its soft stop */
    uint64_t begun;               /* counter where the open zone was begun */
    bool known;                   /* `counter`, the last reading, is known */
    uint64_t counter;
    uint64_t sid; /* 0: no session is open */
    uint64_t session_pulses;
    uint64_t wl_nm;           /* of what is chosen; 0: nothing is */
    bool second, date_unsure; /* a second person signs first; a supervisor says the date first */
    long long pause_s;        /* still to wait after what was seen; 0: none */
} fl_manual_view;

void fl_manual_look(const fl_manual *manual, fl_manual_view *view);

#endif
