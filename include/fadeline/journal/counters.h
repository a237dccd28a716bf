/* Counters: what the records say about each laser's shot counter (rules 1 to 4 and 6 of kinds.h).
 *
 * The journal runs them over every entry it takes, verify over every entry it reads: a record that breaks a
 * rule is refused before it is written, so a good log never holds one. When the device says something the
 * rules do not allow (two pulses for one grant), the record of it is a fault and a recon, with the counter as
 * read.
 *
 *     fl_counter_state state;
 *     if (fl_journal_counter(journal, "SIM-0007", &state) && state.outstanding) ... read the counter, write a
 * recon
 */
#ifndef FL_JOURNAL_COUNTERS_H
#define FL_JOURNAL_COUNTERS_H

#include "fadeline/journal/entry.h"

#define FL_DEVICE_ID_MAX 63

typedef struct fl_counter_state {
    char dev[FL_DEVICE_ID_MAX + 1]; /* empty: entries that name no device */
    bool known;                     /* whether ctr was ever read */
    uint64_t ctr;            /* as the records have it; while a grant is outstanding, before that grant */
    uint64_t gid;            /* the newest grant; 0: none yet */
    bool outstanding;        /* it is not settled: it may have fired or not */
    bool unknown;            /* and pulse.unknown was written: only a recon can settle it */
    bool in_session, manual; /* a session.open without its session.close; man = 1 in it */
    bool in_zone;            /* by hand: a zone was begun and its pulses are not counted yet */
    bool zoned;              /* by hand: that session counts zone by zone */
    uint64_t sid, pulses;    /* of that session, or of the last one */
    uint64_t grant_sid;      /* of the newest grant */
} fl_counter_state;

typedef struct fl_counters { /* all 0: nothing read yet; fl_counters_fini frees */
    fl_counter_state *list;
    size_t count, room;
    uint64_t last_sid;
    bool inherits; /* a successor that has nothing of its own yet: `counter` entries with carry = 1 are taken
                    */
    uint64_t grants, pulses, unknowns; /* over all devices; pulses: known to have been made */
} fl_counters;

/* FL_OK; FL_E_DAMAGED with a sentence in why (counters then unchanged), FL_E_MEMORY. */
FL_MUST_USE fl_status fl_counters_take(fl_counters *counters, const fl_record *record, char *why,
                                       size_t why_size);
/* Puts back what was known of a device that is not in the list yet. FL_E_DAMAGED when it is, FL_E_MEMORY. */
FL_MUST_USE fl_status fl_counters_put(fl_counters *counters, const fl_counter_state *state);
/* The state as fields of a `counter` entry that names the device already (rule 7). */
void fl_counters_carry(const fl_counter_state *state, fl_entry *entry);
const fl_counter_state *fl_counters_find(const fl_counters *counters,
                                         const char *dev); /* NULL: never named */
FL_MUST_USE fl_status fl_counters_copy(const fl_counters *from,
                                       fl_counters *to); /* to: all 0 or used before */
void fl_counters_fini(fl_counters *counters);

#endif
