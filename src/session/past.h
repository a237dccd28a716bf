/* Past: what the journal says at start about this laser and this plan.
 *
 * A control process remembers nothing of its own: after a kill, the next one reads everything it needs from
 * the record. The last grant that is not settled counts as outstanding, and as delivered, until the laser's
 * counter says otherwise.
 */
#ifndef FL_SESSION_PAST_H
#define FL_SESSION_PAST_H

#include "fadeline/course/plan.h"
#include "fadeline/journal/journal.h"

typedef struct fl_past_count {
    int pulses;        /* delivered, or possibly delivered */
    bool reason_given; /* a person passed the soft stop */
} fl_past_count;

typedef struct fl_past {
    bool known;               /* the journal names this laser */
    fl_counter_state counter; /* its books; `outstanding` and `in_session` tell what a kill left open */
    uint64_t next_sid;
    bool mismatch; /* the counter was found where no record puts it, and no supervisor has taken it */
    uint64_t mismatch_held;             /* what the records added up to then */
    bool svc;                           /* a service-class fault was latched and never cleared */
    unsigned motion;                    /* FL_MOTION_... proven within 24 h */
    fl_past_count zones[FL_PLAN_ZONES]; /* under this very plan */
    fl_past_count spots[FL_PLAN_GRID];
    int plan_pulses;                     /* of zones and spots together */
    char outstanding_zone[FL_PLAN_NAME]; /* of the newest grant */
    bool outstanding_test;
    bool interrupted; /* a session of this laser was never closed */
    char interrupted_zone[FL_PLAN_NAME];
} fl_past;

/* Reads the whole journal, which must be open for writing; it was verified when it was opened. */
FL_MUST_USE fl_status fl_past_read(fl_journal *journal, const char *device, const fl_plan *plan, fl_utc now,
                                   fl_past *past, fl_error *error);

#endif
