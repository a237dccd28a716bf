/* Energy: the check of a laser against a meter, and what its outcome allows.
 *
 * Three numbers are compared: what was set, what the laser measured of itself, and what the meter measured. A
 * check that is beyond the lock limit, or that is no check (pulses nobody measured, readings nobody counted),
 * locks the head for treatment until a good one is in the journal; so does one that is too old, and one that
 * was begun and never came to a verdict. It stays free for checks. A laser that was never checked is not good
 * either.
 *
 *     fl_energy_check check = {.set_J = 0.2, .laser_J = NAN, .readings_J = list, .count = 5, .pulses = 5};
 *     fl_energy_result result;
 *     fl_energy_judge(&device->calibration, &check, &result);
 *     ...
 *     fl_energy_history history = {0};
 *     for every record of the journal: fl_energy_take(&record, "SIM-0007", &history);
 *     const fl_energy_last last = fl_energy_last_of(&history, device, head);
 *     switch (fl_energy_standing(&last, &device->calibration, today, simulated)) ...
 *
 * In the journal a check is two records of kind `check`, both of them of a head and a wavelength: one with
 * the verdict "begun" and pass 0, durable before the first light, so that whoever dies on the way has locked
 * the head; and its verdict. A check in which provably no pulse was made is taken back ("withdrawn").
 *
 * The trap: a head is a name in a file that people edit. A verdict that locks holds for the name and for the
 * wavelength, and for every head when the file has neither any more; one that passes, only for both together.
 *
 * A lock is not lifted by less than what it found: a later check passes for good only at the same set energy
 * or more, through the grant link when the one that locked went through it, and with the laser's own measure
 * when that had one. One that passes with less stands as "weaker", which is a lock.
 *
 * A lock that only a slip set so high (begun at 2000 mJ and broken off) can be narrowed: a supervisor who made none of the
 * checks signs an entry "narrowed", with a reason. From then on the head treats at the energies at which a check has passed
 * since, as strong but for the energy, and each of these passes ages by itself. It stays locked at and above every energy
 * that was not finished, wherever no check passed, whenever a newer check did not pass, and altogether when anything
 * outstanding was found bad: what a check found is undone by a check only.
 *
 * Another trap: the meter has an error of its own. The limits are for what it says; when its error reaches
 * over the lock limit the check warns, because nobody knows then.
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
    double laser_J; /* mean of what the laser measured of itself; NaN: it does not say, or pulse by pulse: */
    const double *reports_J; /* what it said of each pulse, in order; may be NULL */
    size_t report_count;
    const double *readings_J;
    size_t count;
    size_t wanted;            /* pulses it was to have; 0: nobody said */
    uint64_t pulses;          /* by the laser's counter */
    bool counted;             /* somebody read it before and after */
    uint64_t granted;         /* pulses whose grants are in the journal; when is_granted */
    bool is_granted;          /* the laser fires with grants only */
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
    double laser_J;                           /* what the laser measured of itself, mean; NaN: unknown */
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

#define FL_ENERGY_BEGUN "begun"
#define FL_ENERGY_WITHDRAWN "withdrawn"
#define FL_ENERGY_WEAKER "weaker" /* never in the journal: a pass that does not undo the lock before it */

#define FL_ENERGY_NARROWED "narrowed" /* a supervisor signed, see above */

/* The fields of a check that has no numbers: begun, withdrawn, or narrowed. The entry was begun and has its device. */
void fl_energy_put_mark(fl_entry *entry, const char *verdict, const char *head, uint64_t wl_nm, double set_J,
                        const char *who);

typedef struct fl_energy_strength { /* what a check looked at, and what it takes to undo it */
    uint64_t set_uJ;
    bool granted;  /* behind the interlock, pulse by pulse */
    bool measured; /* the laser's own measure was compared */
} fl_energy_strength;

typedef struct fl_energy_last { /* the newest check of one head; all 0: none */
    bool seen, pass;
    char verdict[12];
    double ratio;                /* measured over set, of the newest that measured; NaN: nobody knows */
    fl_energy_strength strength; /* of a lock: what a check must have to undo it */
    fl_utc at;
} fl_energy_last;

#define FL_ENERGY_MARKS 12 /* locks, and passes, remembered one by one */

typedef struct fl_energy_mark { /* one check */
    fl_energy_strength strength;
    uint64_t place;
    fl_utc at;
    bool failed; /* found bad, and not only begun or broken off */
    char who[24];
} fl_energy_mark;

#define FL_ENERGY_ROWS 32 /* heads by name and wavelength; of any more, those that did not pass lock all */

typedef struct fl_energy_history { /* all 0 to begin */
    struct fl_energy_row {
        char head[FL_ENERGY_HEAD];    /* "": of no head in particular */
        uint64_t wl_nm;               /* 0: the record does not say, as before it was written */
        uint64_t place, place_before; /* among the checks: later is newer, whatever the clocks said */
        uint64_t settled;             /* place of its newest pass: locks before it are undone for this row */
        fl_energy_last last, before;  /* before: what stood when the newest was begun */
        fl_energy_mark locks[FL_ENERGY_MARKS], passed[FL_ENERGY_MARKS]; /* since `settled`; locks: not undone */
        size_t lock_count, passed_count;
        uint64_t narrowed; /* place of the newest narrowing since `settled`; 0: none */
        bool crowded;      /* more locks than there is room for: not narrowed */
    } rows[FL_ENERGY_ROWS];
    size_t count;
    uint64_t taken;
} fl_energy_history;

/* Takes a record when it is a check of this laser. */
void fl_energy_take(const fl_record *record, const char *dev, fl_energy_history *history);
/* The newest check that says something of this head of this device file; not `seen` when there is none. head
 * NULL: one that the file does not have, for which nothing passes. */
fl_energy_last fl_energy_last_of(const fl_energy_history *history, const fl_device *device,
                                 const fl_device_head *head);

typedef enum fl_energy_stand {
    FL_STAND_GOOD = 1,
    FL_STAND_NEVER,  /* no check was ever made */
    FL_STAND_DUE,    /* older than due_every_days, or from the future */
    FL_STAND_LOCKED, /* the newest one did not pass, or has no verdict */
} fl_energy_stand;

/* A simulated laser without any check is good: nothing in it drifts, nothing it says enters a clinic's
 * record, and whoever learns with it should not need a second program for a virtual meter first. Once it was
 * checked it is held to its checks like any other. A real laser is not good before its first one. */
fl_energy_stand fl_energy_standing(const fl_energy_last *last, const fl_device_calibration *limits,
                                   fl_date today, bool simulated);
/* Whether this head may treat at this energy, with what stands for it: as above, and through a narrowed lock. */
fl_energy_stand fl_energy_stand_for(const fl_energy_history *history, const fl_device *device,
                                    const fl_device_head *head, uint64_t set_uJ, fl_date today, bool simulated,
                                    fl_energy_last *last);
/* Whether a narrowing by this person would open anything: the highest energy that it opens, and the lowest that stays
 * locked. FL_E_NO says why not. */
FL_MUST_USE fl_status fl_energy_may_narrow(const fl_energy_history *history, const fl_device *device,
                                           const fl_device_head *head, const char *who, uint64_t *most_uJ,
                                           uint64_t *least_uJ, fl_error *error);
const char *fl_energy_stand_code(fl_energy_stand stand); /* NULL: good */
/* The sentence, with the day; room is returned. */
const char *fl_energy_stand_text(const fl_energy_last *last, fl_energy_stand stand, char *room, size_t size);
fl_date fl_energy_due(const fl_energy_last *last, const fl_device_calibration *limits); /* last good day */

#endif
