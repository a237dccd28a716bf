/* Session record: one visit, from the journal alone, as numbers first and then on paper.
 *
 *     fl_session_record *record;
 *     fl_session_options options = {.sid = 17, .plan = plan};              // plan NULL: not at hand
 *     status = fl_session_record_new(journal, &options, &record, &error);  // FL_E_NO: no such session
 *     status = fl_session_record_pdf(record, "session-17.pdf", &error);    // or fl_session_record_json
 *     fl_session_record_free(record);
 *
 * An interval is a run of pulses with one zone and one setting between two stops; by hand it is one counted
 * zone. A plan must be the very one the session was opened with (its hash stands in the journal). What was
 * never written down is "not recorded": nothing here is filled in from what was planned.
 *
 * The whole history of the journal is read; an older log that is missing is said on the page.
 *
 * Read by sid, wherever the entries stand: photographs, events and corrections come days later. Times are
 * those of the clock that wrote them, shown with an offset that the caller names.
 */
#ifndef FL_REPORT_SESSION_RECORD_H
#define FL_REPORT_SESSION_RECORD_H

#include "fadeline/base/date.h"
#include "fadeline/course/plan.h"
#include "fadeline/report/history.h"

#include <stdio.h>

#define FL_SESSION_NAME 64
#define FL_SESSION_LINE 600

typedef struct fl_session_options {
    uint64_t sid;
    const fl_plan *plan; /* must outlive the record; NULL: none */
    int utc_offset_min;
    uint64_t entries; /* only the first so many of the newest log: of a damaged one, what is good; 0: all */
} fl_session_options;

typedef struct fl_session_interval {
    char zone[FL_SESSION_NAME], head[FL_SESSION_NAME];
    char purpose; /* 'T', 'S', 'C' as in the journal */
    int64_t began_us, ended_us;
    uint64_t ctr_was, ctr_now, pulses;
    uint64_t unknown;                                    /* grants of it whose pulse nobody could confirm */
    uint64_t wl_nm, spot_um, set_uJ, pulse_ps, rate_mHz; /* 0: not recorded */
    uint64_t measured; /* pulses with a measured energy; the rest is 0 without */
    double mean_uJ, sd_uJ;
    uint64_t least_uJ, most_uJ;
    double rate_Hz;   /* as it came out, from first to last grant; 0: fewer than two */
    uint64_t planned; /* by hand: as confirmed with the zone; 0: not recorded */
    char endpoint[FL_SESSION_NAME], ended_by[FL_SESSION_LINE];
} fl_session_interval;

typedef struct fl_session_zone { /* or test spot */
    char id[FL_SESSION_NAME];
    char purpose;
    bool has_planned;
    uint64_t planned, delivered, unknown;
} fl_session_zone;

typedef enum fl_session_about {
    FL_SESSION_EYEWEAR = 1,
    FL_SESSION_RESPONSE, /* endpoint, pain, reaction, cooling, aftercare */
    FL_SESSION_STOP,     /* drop, fault, emergency stop, refused to arm */
    FL_SESSION_OVERRIDE,
    FL_SESSION_NEAR_MISS,
    FL_SESSION_EVENT,
    FL_SESSION_PHOTO,
    FL_SESSION_CONSENT,
    FL_SESSION_FOLLOW_UP,
    FL_SESSION_CORRECTION,
    FL_SESSION_NOTE
} fl_session_about;

typedef struct fl_session_remark {
    fl_session_about about;
    uint64_t index; /* position of its entry */
    int64_t utc_us;
    char who[FL_SESSION_NAME], what[FL_SESSION_NAME], text[FL_SESSION_LINE];
} fl_session_remark;

typedef struct fl_session_record {
    fl_session_options options;
    bool simulated, by_hand, closed, interrupted;
    /* Texts are empty when not recorded. */
    char site[FL_SESSION_NAME], dev[FL_SESSION_NAME], laser[FL_SESSION_LINE], version[FL_SESSION_NAME],
        profile[FL_SESSION_NAME + 1], pat[FL_SESSION_NAME], who[FL_SESSION_NAME], proc[FL_SESSION_NAME],
        plan[2 * FL_SHA256_SIZE + 1], plan_id[FL_SESSION_NAME], not_before[FL_SESSION_NAME];
    int64_t opened_us, closed_us;
    bool ctr_opened_read, ctr_closed_read;
    uint64_t ctr_opened, ctr_closed, pulses; /* pulses: as session.close states them */
    bool pulses_stated;
    char check[FL_SESSION_LINE]; /* the last energy check of this laser before it, in words */
    fl_session_interval *intervals;
    size_t interval_count;
    fl_session_zone *zones;
    size_t zone_count;
    fl_session_remark *remarks;
    size_t remark_count;
    uint64_t first_index, last_index,
        entries;                       /* positions of the session; entries: of the whole history then */
    fl_history history;                /* its logs; one may be missing: see history.h */
    fl_hash entry_hash, previous_hash; /* leaf of last_index, and of the entry before it */
    bool has_previous;
    char origin[FL_NOTE_NAME_MAX + 1],
        checkpoint[FL_CHECKPOINT_MAX]; /* checkpoint: empty when there is none */
} fl_session_record;

/* FL_E_NO: the log has no such session. FL_E_FILE: the plan is another than the session's. */
FL_MUST_USE fl_status fl_session_record_new(fl_journal *journal, const fl_session_options *options,
                                            fl_session_record **record, fl_error *error);
void fl_session_record_free(fl_session_record *record);

uint64_t fl_session_pulses(const fl_session_record *record,
                           char purpose);                       /* of all intervals; 0: any purpose */
double fl_session_fluence(const fl_session_interval *interval); /* set, J/cm²; 0: not recorded */

FL_MUST_USE fl_status fl_session_record_json(const fl_session_record *record, FILE *out);
FL_MUST_USE fl_status fl_session_record_pdf(const fl_session_record *record, const char *path,
                                            fl_error *error);
/* The same in memory. *bytes: free. */
FL_MUST_USE fl_status fl_session_record_paper(const fl_session_record *record, char **bytes, size_t *size,
                                              fl_error *error);
/* Own number of the entry at a position, and of its log, from 1; which is what the JSON says. */
uint64_t fl_session_entry(const fl_session_record *record, uint64_t position, size_t *number);
const char *fl_session_about_word(fl_session_about about); /* "near-miss" */

#endif
