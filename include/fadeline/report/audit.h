/* Audit: does the laser's own counter agree with what was written down?
 *
 * Per device and day: opening and closing counter, what the records explain (treatment, test spots, energy
 * checks, a counter changed by service), and what nothing explains. A day is flagged when the unexplained
 * pulses are more than the tolerance, max(50, 0.5 %) unless told otherwise; so is the whole period, on its
 * own. Devices are never added up against each other: a site with too many and one with too few are two
 * findings, not none.
 *
 *     fl_audit *audit;
 *     fl_audit_options options = { .from = { 2026, 5, 1 }, .to = { 2026, 5, 31 } };
 *     status = fl_audit_new(journal, &options, &audit, &error);     // verifies first; FL_E_DAMAGED when it
 * must fl_audit_print(audit, stdout); fl_audit_free(audit);
 *
 * Every number is a whole count of pulses. unexplained = delta - service - treatment - test - check, always.
 * Gaps of opposite sign do not cancel, not even within one day: unexplained_absolute adds them up without
 * their signs, and that is what is held against the tolerance. 798 too many in the morning and 600 too few at
 * noon are 1,398, not 198.
 *
 * fl_audit_new_from reads any verified log, one or several: a hub audits five sites at once, and five logs
 * never explain each other's pulses. What the thirteen sections of the printed audit hold: audit_sections.h.
 */
#ifndef FL_REPORT_AUDIT_H
#define FL_REPORT_AUDIT_H

#include "fadeline/base/date.h"
#include "fadeline/base/error.h"
#include "fadeline/journal/verify.h"
#include "fadeline/report/audit_sections.h"
#include "fadeline/report/history.h"

#include <stdio.h>

#define FL_AUDIT_TOLERANCE_PULSES 50
#define FL_AUDIT_TOLERANCE_PER_MILLE 5

typedef struct fl_audit_options {
    fl_date from, to;             /* both days belong to it */
    const char *site;             /* NULL: all */
    const char *device;           /* NULL: all */
    int utc_offset_min;           /* days are those of this offset; 0: UTC */
    uint64_t tolerance_pulses;    /* 0: FL_AUDIT_TOLERANCE_PULSES */
    uint64_t tolerance_per_mille; /* of what the counter moved; 0: FL_AUDIT_TOLERANCE_PER_MILLE */
    /* Also of a damaged log, what is good of it: for a page that shows the damage first. journals[i].damaged
     * says it. Never for what is handed out. */
    bool good_part;
} fl_audit_options;

typedef struct fl_audit_line {                                   /* one device, one day or the whole period */
    char dev[FL_DEVICE_ID_MAX + 1], site[FL_AUDIT_SITE_MAX + 1]; /* site empty: never said */
    unsigned log;                                                /* which of the audit's journals */
    fl_date from, to;
    uint64_t opening, closing;
    int64_t delta;   /* closing - opening */
    int64_t service; /* by how much service changed the counter itself */
    uint64_t treatment, test, check;
    int64_t unexplained;
    uint64_t unexplained_absolute; /* of every gap, without its sign */
    uint64_t tolerance;
    bool flag;
} fl_audit_line;

typedef enum fl_audit_finding_kind {
    FL_AUDIT_GAP = 1,     /* the counter moved between two readings and no record says why */
    FL_AUDIT_SERVICE,     /* the counter was changed, with a paper */
    FL_AUDIT_UNSETTLED,   /* a grant whose outcome is still not known at the end of the log */
    FL_AUDIT_INTERRUPTED, /* a session that was opened and not closed */
    FL_AUDIT_CLOCK,       /* the wall clock stepped: times around here are doubtful */
    FL_AUDIT_SILENT,      /* a device that was read before, and not in this period */
    FL_AUDIT_MISMATCH,    /* the control stopped: the counter was not where the records put it */
    FL_AUDIT_FAULT,       /* a service-class fault: light without a grant, a shutter that does not close */
    FL_AUDIT_OPEN_ZONE,   /* a zone by hand was begun and its pulses never counted: flags */
    FL_AUDIT_NEW,         /* a device first seen in this period, in a log that had others before */
    FL_AUDIT_ANCHOR,      /* a laser remembers an anchor that this history does not have: flags its site */
    FL_AUDIT_DAMAGE,      /* a verification beside a session found the journal damaged: flags */
    FL_AUDIT_UNVERIFIED,  /* such a verification was cut off or never possible: information */
    FL_AUDIT_HEALED,      /* the log came back from a copy */
    FL_AUDIT_SUCCESSION,  /* a new log went on with the history of an older one */
    FL_AUDIT_PAST_MISSING /* that older log is not there: figures are from what is; flags */
} fl_audit_finding_kind;

typedef struct fl_audit_finding {
    fl_audit_finding_kind kind;
    unsigned log;
    char dev[FL_DEVICE_ID_MAX + 1], site[FL_AUDIT_SITE_MAX + 1];
    fl_date day;
    fl_utc since, until; /* gap: between these two readings */
    bool in_session;     /* gap: both readings belong to one session */
    uint64_t sid, gid;
    int64_t pulses;    /* gap, mismatch: unexplained; service: change of the counter */
    uint64_t old, now; /* counter before and after */
    uint64_t index;    /* of the entry it was found at */
    char text[200];    /* service: who and which paper; fault: codes of the causes */
} fl_audit_finding;

typedef struct fl_audit {
    fl_audit_options options;
    char site[FL_AUDIT_SITE_MAX + 1], device[FL_DEVICE_ID_MAX + 1];
    fl_verify_report *journals; /* 12: one per source, as verified */
    fl_history *histories;      /* beside each: its logs; entries of every row are positions in it */
    size_t journal_count;
    bool simulated; /* any of them is */
    uint64_t
        warm; /* entries of a single log that were taken from a kept summary and not read again; 0: none */
    bool flagged;
    char unlooked[120]; /* why identities (audit_identity.h) were not looked at; "": they were, or nobody
                           asked */
    fl_audit_line *totals, *days; /* totals: one per device; days: by device, then date */
    size_t total_count, day_count;
    fl_audit_finding *findings;
    size_t finding_count;
    uint64_t unexplained_absolute; /* of the totals, every gap without its sign */
    fl_audit_sections sections;
} fl_audit;

/* A log that its caller has verified. record: entry `index`, good until the next call; an error other than
 * FL_OK ends the audit. */
typedef struct fl_audit_source {
    const fl_verify_report *verified; /* entries 0 .. verified->entries - 1 are read */
    fl_status (*record)(void *self, uint64_t index, fl_record *record);
    void *self;
    const fl_history *history; /* its positions are read instead; NULL: it is one log */
} fl_audit_source;

/* The journal is open for reading. FL_E_DAMAGED: it does not verify, and there is no audit of it. */
FL_MUST_USE fl_status fl_audit_new(fl_journal *journal, const fl_audit_options *options, fl_audit **audit,
                                   fl_error *error);
/* FL_E_DAMAGED when one of them says it is. All sources are of one nature, real or simulated: FL_E_REFUSED
 * else. */
FL_MUST_USE fl_status fl_audit_new_from(const fl_audit_source *sources, size_t count,
                                        const fl_audit_options *options, fl_audit **audit, fl_error *error);
void fl_audit_free(fl_audit *audit);

/* Where a row stands: `log` and `index` of any row. *number: the log, counted as in the table `journals`,
 * from 1; returns the own number of the entry in it. */
uint64_t fl_audit_entry(const fl_audit *audit, unsigned log, uint64_t index, size_t *number);
size_t fl_audit_logs(const fl_audit *audit); /* of all histories, the missing one too */
bool fl_audit_finding_flags(fl_audit_finding_kind kind);
bool fl_audit_finding_is_severe(fl_audit_finding_kind kind);

/* Verdict, exceptions, numbers, and the journal's root as the last line. FL_E_IO when the stream fails. */
FL_MUST_USE fl_status fl_audit_print(const fl_audit *audit, FILE *out);
/* One row per device and day, then one per device for the period. Text cells that a spreadsheet would run
 * begin with an apostrophe; numbers are plain. */
FL_MUST_USE fl_status fl_audit_csv(const fl_audit *audit, FILE *out);
FL_MUST_USE fl_status fl_audit_json(const fl_audit *audit, FILE *out);

#endif
