/* Past: what the journal says at start about this laser, this plan and this client.
 *
 * A control process remembers nothing of its own: after a kill, the next one reads everything it needs from
 * the record. The last grant that is not settled counts as outstanding, and as delivered, until the laser's
 * counter says otherwise.
 *
 * A client is more than a plan: whoever is planned again on the same day keeps the day's counts, locks and
 * bars, and whoever comes back is told how long a zone still rests, whatever laser treated it.
 */
#ifndef FL_SESSION_PAST_H
#define FL_SESSION_PAST_H

#include "fadeline/course/plan.h"
#include "fadeline/journal/journal.h"
#include "fadeline/session/energy.h"
#include "fadeline/session/people.h"
#include "fadeline/session/reading.h"

typedef struct fl_past_count {
    int pulses;        /* delivered, or possibly delivered */
    bool reason_given; /* a person passed the soft stop */
} fl_past_count;

/* Counters that are typed in may move by anything: a count stays at a number that no budget allows. */
#define FL_PAST_MOST 1000000000
static inline int fl_past_sum(int had, int more)
{
    return more > FL_PAST_MOST - had ? FL_PAST_MOST : had + more;
}

typedef struct fl_past_rest { /* of a zone treated on another day */
    fl_date treated;          /* newest such day; unset: never */
    fl_date not_before;       /* end of its interval; unset although treated: nothing says how long */
} fl_past_rest;

typedef struct fl_past_bars { /* settings of test spots that ended badly */
    struct {
        uint64_t wl_nm, spot_um;
    } rows[FL_PLAN_GRID];
    size_t count;
    bool all; /* one that the record does not name, or more than there is room for */
} fl_past_bars;

typedef enum fl_over { /* by hand the counter is read when all is done: more than planned may have been made
                        */
                       FL_OVER_NOT,
                       FL_OVER_SOFT, /* the operator says why */
                       FL_OVER_HARD  /* a supervisor signs */
} fl_over;

typedef struct fl_past_by_hand { /* the newest zone or test spot of this laser that was begun by hand */
    bool open;                   /* and never counted: somebody has to read the counter first */
    bool test, reason_given;     /* reason_given: its soft stop was passed before */
    uint64_t sid, ctr;           /* of which session; where it was begun */
    int had, planned, soft_stop, hard_stop; /* pulses it had before, and its budget */
    char zone[FL_PLAN_NAME], plan[2 * FL_SHA256_SIZE + 1];
} fl_past_by_hand;

typedef enum fl_profile { /* the device file of this plan, against the last session that was armed with this
                             laser */
                          FL_PROFILE_NEW, /* no armed session says which file it was made with */
                          FL_PROFILE_SAME,
                          FL_PROFILE_OTHER /* newer or older: nobody knows */
} fl_profile;

typedef struct fl_past {
    bool known;               /* the journal names this laser */
    fl_counter_state counter; /* its books; `outstanding` and `in_session` tell what a kill left open */
    uint64_t next_sid;
    fl_mismatch mismatch;  /* the counter was found where no record puts it, and nobody has signed it */
    bool svc;              /* a service-class fault was latched and never cleared */
    fl_people_tries tries; /* wrong PINs, up to the newest sign-in */
    fl_utc read_at;        /* when this was read */
    fl_profile profile;
    bool superseded;          /* this plan was run today, and another one of the client after it */
    bool date_unsure;         /* the wall clock stepped and no supervisor has confirmed the date since */
    fl_energy_history checks; /* of this laser, against a meter */
    unsigned motion;          /* FL_MOTION_... proven within 24 h */
    fl_past_count zones[FL_PLAN_ZONES]; /* under this very plan, or this client's under any plan today */
    fl_past_count spots[FL_PLAN_GRID];  /* under this very plan */
    bool closed_today[FL_PLAN_ZONES];   /* treated in a session of today that was closed, not interrupted */
    int plan_pulses;                    /* of zones and spots together */
    fl_past_rest rests[FL_PLAN_ZONES];
    bool locked[FL_PLAN_ZONES]; /* by what was seen under this plan, or today */
    fl_past_bars bars;
    bool looked;                              /* under this plan, after its last test pulse */
    fl_utc tested_at, looked_at;              /* of this plan: newest test pulse, newest good look; 0: none */
    fl_duration pause_left;                   /* after bleeding */
    bool last_known;                          /* the newest grant of this plan: */
    bool last_test;                           /* at a test spot */
    size_t last_index;                        /* which one */
    char outstanding_zone[FL_PLAN_NAME];      /* of the newest grant of this laser; "" of a check */
    bool outstanding_test, outstanding_check; /* its purpose; neither: a treatment */
    fl_past_by_hand by_hand;
    fl_over over;     /* more than planned was made by hand, and nobody has said why */
    bool interrupted; /* a session of this laser was never closed */
    char interrupted_zone[FL_PLAN_NAME];
    uint64_t anchor_base; /* where lasers count this log from (succeed.h) */
    bool anchor_seen;     /* somebody signed for an anchor of this laser that no journal here explains: */
    uint64_t anchor_seen_size; /* this one, the newest */
    fl_hash anchor_seen_root;
} fl_past;

/* Reads the whole journal, which must be open for writing; it was verified when it was opened. And every log
 * before it (succeed.h): a lock does not end with a log. FL_E_FILE when one of them is missing. */
FL_MUST_USE fl_status fl_past_read(fl_journal *journal, const char *device, const fl_plan *plan, fl_utc now,
                                   fl_past *past, fl_error *error);

/* The same for a laser behind a gate. The books are the gate's, since it takes the grants; energy checks
 * count under either name, since they are made on the laser. */
FL_MUST_USE fl_status fl_past_read_behind(fl_journal *journal, const char *gate, const char *laser,
                                          const fl_plan *plan, fl_utc now, fl_past *past, fl_error *error);

bool fl_past_is_barred(const fl_past_bars *bars, uint64_t wl_nm, uint64_t spot_um);
void fl_past_bar(fl_past_bars *bars, uint64_t wl_nm, uint64_t spot_um);

#endif
