/* Energy: the check of a laser against a meter, and what its outcome allows.
 *
 * Three numbers are compared: what was set, what the laser measured of itself, and what the meter measured. A
 * check that is beyond the lock limit, or that is no check (pulses nobody measured, readings nobody counted),
 * locks the head for treatment until a good one is in the journal; so does one that is too old. It stays free
 * for checks. A laser that was never checked is not good either; who conducts a session decides what that
 * means (src/session/conduct_orders.c).
 *
 *     fl_energy_check check = {.set_J = 0.2, .laser_J = NAN, .readings_J = list, .count = 5, .pulses = 5};
 *     fl_energy_result result;
 *     fl_energy_judge(&device->calibration, &check, &result);
 *     ...
 *     fl_energy_last last = {0};
 *     for every record of the journal: fl_energy_take(&record, "SIM-0007", "alex-755", &last);
 *     switch (fl_energy_standing(&last, &device->calibration, today, simulated)) ...
 *
 * The trap: the meter has an error of its own. The limits are for what it says; when its error reaches over
 * the lock limit the check warns, because nobody knows then.
 */
#ifndef FL_SESSION_ENERGY_H
#define FL_SESSION_ENERGY_H

#include "fadeline/base/date.h"
#include "fadeline/config/device.h"
#include "fadeline/journal/entry.h"

#define FL_ENERGY_LEAST 3  /* readings; fewer say nothing of a spread */
#define FL_ENERGY_MOST 200 /* readings */
#define FL_ENERGY_REASONS 8
#define FL_ENERGY_HEAD 48

typedef struct fl_energy_check {
    double set_J;
    double laser_J; /* mean of what the laser measured of itself; NaN: it does not say */
    const double *readings_J;
    size_t count;
    uint64_t pulses;          /* by the laser's counter */
    bool counted;             /* somebody read it before and after */
    uint64_t over, bad, lost; /* readings that were no numbers */
    bool proven;              /* the meter was set as it must be, before and after */
    double before_ratio;      /* measured over set in the check before; NaN: none */
} fl_energy_check;

typedef enum fl_energy_verdict {
    FL_ENERGY_PASS = 1,
    FL_ENERGY_WARN,
    FL_ENERGY_LOCK,
    FL_ENERGY_VOID /* light was made, and nobody knows how much: locks as well */
} fl_energy_verdict;
const char *fl_energy_verdict_text(fl_energy_verdict verdict); /* "pass", "warn", "lock", "void" */

typedef struct fl_energy_result {
    fl_energy_verdict verdict;
    double mean_J, sd_J, se_J, low_J, high_J; /* NaN without readings */
    double off_percent;                       /* meter against set */
    double unsure_percent;    /* of off_percent: error of the meter and 95 % of the mean, added in squares */
    double laser_off_percent; /* what the laser says against the meter; NaN: it does not say */
    double drift_percent;     /* against the check before; NaN: none */
    char reasons[FL_ENERGY_REASONS][160];
    size_t reason_count;
} fl_energy_result;

void fl_energy_judge(const fl_device_calibration *limits, const fl_energy_check *check,
                     fl_energy_result *result);

/* ---- in the journal ---- */

typedef struct fl_energy_last { /* the newest check of one head; all 0: none */
    bool seen, pass;
    char verdict[8];
    double ratio; /* measured over set; NaN: nobody knows */
    fl_utc at;
} fl_energy_last;

/* Takes a record when it is a check of this laser, and of this head or of no head in particular. */
void fl_energy_take(const fl_record *record, const char *dev, const char *head, fl_energy_last *last);

typedef enum fl_energy_stand {
    FL_STAND_GOOD = 1,
    FL_STAND_NEVER,  /* no check was ever made */
    FL_STAND_DUE,    /* older than due_every_days, or from the future */
    FL_STAND_LOCKED, /* the newest one did not pass */
} fl_energy_stand;

/* A simulated laser without any check is good: there is nothing in it that could drift before it was looked
 * at. A real one is not. */
fl_energy_stand fl_energy_standing(const fl_energy_last *last, const fl_device_calibration *limits,
                                   fl_date today, bool simulated);
const char *fl_energy_stand_code(fl_energy_stand stand); /* NULL: good */
/* The sentence, with the day; room is returned. */
const char *fl_energy_stand_text(const fl_energy_last *last, fl_energy_stand stand, char *room, size_t size);
fl_date fl_energy_due(const fl_energy_last *last, const fl_device_calibration *limits); /* last good day */

#endif
