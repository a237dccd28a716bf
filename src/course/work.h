/* The bench on which a plan is made: what every step may read, and the plan it writes. Private to course.
 *
 * Steps run in the order of this header; each reads what earlier ones found and adds reasons. No step ends
 * the work: whoever is told no sees everything that stands in the way.
 */
#ifndef FL_COURSE_WORK_H
#define FL_COURSE_WORK_H

#include "fadeline/course/course.h"
#include "fadeline/course/fade.h"

/* A panel's reading may be 10 % above what the label says and still be honest. */
#define FL_WORK_READING_TOLERANCE 1.10

typedef struct fl_work_zone {
    fl_region region;
    bool shut;            /* locked for good: feature, keep side, region */
    fl_plan_rank shut_by; /* how heavy the reason is that was said for it; none for a person's lock */
    fl_date rests;        /* treated lately: not before; unset: free */
} fl_work_zone;

typedef struct fl_work_setting {
    const fl_device_head *head;
    const fl_wavelength_rule *rule; /* the procedure's */
    bool barred;    /* by rules, clearance, reads or unknown limits: no pulse, not even a test */
    bool test_only; /* by the rules, until a read passed */
    bool passed;    /* a read of this wavelength and spot is on file and good */
    bool preferred; /* the procedure's first spot */
    bool has_physics;
    fl_fluence limit; /* lower of device and rules */
    fl_planner_limit limited_by;
    fl_fluence begin;
    fl_fluence proven; /* a read that lightened, and harmed nothing; 0: none */
    fl_setting physics;
} fl_work_setting;

typedef struct fl_work {
    const fl_course_inputs *in;
    const fl_case_body *body;
    const fl_rules *rules;
    const fl_procedure *procedure;
    const fl_planner_site *site;
    const fl_planner_ink *ink;   /* of the library, or the next */
    fl_planner_ink guessed;      /* a copy with what a guess does not know */
    const fl_planner_ink *cover; /* NULL: none */
    const fl_planner_geometry *geometry;
    fl_date date;
    fl_plan *plan;
    fl_error *error;

    fl_skin_score score;
    fl_skin_decision skin;
    bool tanned;      /* known or suspected */
    unsigned holds;   /* bits 1 << fl_when */
    unsigned regions; /* of the zones, bits 1 << fl_region */
    fl_work_zone zones[FL_PLAN_ZONES];
    fl_work_setting settings[FL_PLAN_SETTINGS]; /* beside plan->settings */
    fl_length spot;                             /* of the zones */
    bool read_needed, read_passed;
    fl_date earliest; /* last of the dates that gates and rests name; at least `date` */
} fl_work;

static inline bool fl_work_holds(const fl_work *w, fl_when when)
{
    return w->holds & 1u << when;
}

fl_status fl_work_look_up(fl_work *w); /* course.c: what the case names; FL_E_FILE for what is not there */
fl_status fl_work_begin(fl_work *w);   /* course.c: the steps up to the gates, for plans and for outlooks */
fl_status fl_work_skin(fl_work *w);    /* skin.c: type, tan; FL_E_RANGE or FL_E_FILE for a bad form */
fl_status fl_work_ink(fl_work *w);     /* ink_seen.c: an ink that was seen or measured, not named */
fl_status fl_work_gates(fl_work *w);   /* gates.c: screening, dates; FL_E_FILE for an unknown question */
fl_status fl_work_history(fl_work *w); /* history.c: earlier sessions, are their records possible */
fl_status fl_work_zones(fl_work *w);   /* zones.c: regions, locks, rests */
void fl_work_conditions(fl_work *w);   /* conditions.c: what rules can name */
fl_status
fl_work_settings(fl_work *w); /* settings.c: which are allowed, what physics leaves, the chosen one */
fl_status fl_work_physics(fl_work *w);      /* physics.c: the planner's answers, into the settings */
fl_status fl_work_alternatives(fl_work *w); /* alternatives.c: what would open a window when none is */
void fl_work_pulses(fl_work *w);            /* zones.c: counts and budgets with the chosen spot */
void fl_work_drawn(fl_work *w);             /* zones_drawn.c: the same for zones with a drawing */
void fl_work_tests(fl_work *w);             /* tests.c: grid and dates */
void fl_work_forecast(fl_work *w);          /* forecast.c: session range */
void fl_work_goal(fl_work *w);              /* gates.c: deadlines */
void fl_work_eyewear(fl_work *w);           /* eyewear.c */

/* When reads of this skin type are due after a placing or a session; NULL: the rules do not say. */
const fl_interval_rule *fl_work_read_window(const fl_work *w);
bool fl_work_concerns(const fl_case_earlier *earlier, const char *zone); /* history.c */

/* A test spot on file: from when to when it is read, and until when its read counts. */
typedef enum fl_work_spot_state {
    FL_SPOT_NONE,       /* placed later than today, or the rules do not say when it is read */
    FL_SPOT_OPEN,       /* not read yet */
    FL_SPOT_EARLY,      /* read before the ink had time to go: no read */
    FL_SPOT_COUNTS,     /* read, in time or late */
    FL_SPOT_EXPIRED,    /* read too long ago */
    FL_SPOT_FOREIGN,    /* made with another device */
    FL_SPOT_IMPOSSIBLE, /* this device cannot have made it */
} fl_work_spot_state;
typedef struct fl_work_spot {
    fl_work_spot_state state;
    bool late; /* read past `by`; it counts */
    fl_date from, by, expires;
} fl_work_spot;
fl_work_spot fl_work_spot_of(const fl_work *w, const fl_case_test *test);

/* Passes of the chosen setting in a day; 1 when nothing is chosen. */
static inline int fl_work_passes(const fl_work *w)
{
    return w->plan->chosen < 0 ? 1 : w->plan->settings[w->plan->chosen].passes;
}

/* Reads of test spots for a wavelength and spot with this device. */
typedef struct fl_work_read {
    bool passed, dark, harmed, open;
    fl_date open_from, open_by;
    fl_fluence highest;   /* that passed */
    fl_fluence lightened; /* highest that passed and lightened the ink; 0: none */
    double share;         /* cleared there; NaN: not recorded */
    const char *id;       /* of the one that decided */
} fl_work_read;
fl_work_read fl_work_read_of(const fl_work *w, fl_wavelength wavelength, fl_length spot);

void fl_work_reads(fl_work *w); /* reads.c: says what is low, late, early or expired */
/* The lowest fluence at which a session of this wavelength gave a low read; 0: none did. */
fl_fluence fl_work_low_at(const fl_work *w, fl_wavelength wavelength);
/* Tells the model every read that counts; how many, and what they were, for people. */
int fl_work_feed(const fl_work *w, fl_fade *fade, char *said, size_t room);

/* Heavier reasons stand before lighter ones; when there is no room the lightest goes. */
void fl_work_why(fl_plan_setting *s, fl_plan_rank rank, const char *code, const char *text,
                 const char *change);
/* What every head is asked, and one head's own; spots are the caller's to add. */
fl_planner_request fl_work_request(const fl_work *w);
void fl_work_request_head(const fl_device_head *head, fl_planner_request *request);

/* What the planner's reasons become, and fluences rounded to the two decimals people set. */
fl_fluence fl_work_down(fl_fluence fluence);
fl_fluence fl_work_up(fl_fluence fluence);
fl_energy fl_work_energy(fl_fluence fluence, fl_length spot); /* whole microjoules */

#endif
