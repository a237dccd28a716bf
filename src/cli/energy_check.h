/* Energy check: what `fadeline energy-check` knows while it works, shared by its two ways to light: a person
 * who sets and fires the laser by hand (energy_hand.c), and fadeline-control (energy_port.c). Both end in
 * energy_record.c. */
#ifndef FL_CLI_ENERGY_CHECK_H
#define FL_CLI_ENERGY_CHECK_H

#include "act.h"
#include "command.h"
#include "energy_meter.h"

#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"
#include "fadeline/session/reading.h"

typedef struct checking {
    const fl_args *args;
    const char *who, *dev; /* dev: as the journal names the laser */
    fl_device *device;
    const fl_device_head *head;
    bool simulated, json;
    double set_mJ, laser_mJ, range, rate_Hz, spot_mm, patience_s;
    unsigned long long wanted, before, after;
    bool has_after;
    fl_mismatch mismatch;
    fl_clock clock; /* the system's, or moved by whole days */
    int64_t days_ahead;
    fl_date today;
    const volatile sig_atomic_t *stop; /* somebody asked to end it */
    fl_journal *journal;
    energy_meter meter;
    fl_people_tries tries;     /* wrong PINs that nobody has made good */
    fl_energy_history history; /* large */
    fl_energy_last last;       /* before this check */

    /* of a check through fadeline-control, from its records */
    int left; /* what it left with */
    uint64_t sid, granted;
    bool is_granted;
    double reports_J[FL_ENERGY_MOST]; /* the laser's own measure */
    size_t report_count;
} checking;

/* energy_hand.c, energy_port.c: the meter is not open yet. From the first light on neither ends without a
 * record. */
fl_status energy_by_hand(checking *c, fl_error *error);
fl_status energy_by_control(checking *c, fl_error *error);

/* energy_narrow.c: a supervisor says why a lock that was a slip holds only where nothing passed since. */
fl_status energy_narrow(checking *c, const char *why, fl_error *error);

/* energy_record.c */
/* Asks for the PIN of `who`, as every other act (act.h); the journal is open. */
fl_status energy_sign(checking *c, act_right right, fl_error *error);
fl_status energy_open_meter(checking *c, fl_error *error);
/* Also reads what stood before this check: `tries`, history, mismatch. */
fl_status energy_open_journal(checking *c, bool by_hand, fl_error *error);
uint64_t energy_journal_size(const checking *c); /* without holding it; 0: there is none yet */
/* What fadeline-control wrote since. FL_E_NO: it never began a check. */
fl_status energy_read_session(checking *c, uint64_t since, fl_error *error);
fl_status energy_mark(checking *c, const char *verdict, fl_error *error);
/* A reading as it comes, for people; energy_meter's `seen`. */
void energy_seen(void *checking, const fl_meter_reading *reading);
/* Judges, writes the verdict and shows it. FL_E_NO: it locks, or no pulse was made and it is taken back. */
fl_status energy_conclude(checking *c, bool proven, fl_error *error);

#endif
