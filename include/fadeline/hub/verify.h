/* Verify: recompute a log from what the hub stores, and name the first thing that does not hold.
 *
 * Every leaf hash from its data, every root at every cosigned checkpoint, both signatures there, the order
 * and the one encoding of every entry, the counters (journal/counters.h), the head. Nothing is believed
 * because it is stored. All is read in one snapshot.
 *
 * A hub that was set back to an earlier day shows only against a checkpoint it cosigned and somebody kept:
 * hand it in.
 */
#ifndef FL_HUB_VERIFY_H
#define FL_HUB_VERIFY_H

#include "fadeline/hub/hub.h"
#include "fadeline/journal/verify.h"

#define FL_HUB_WAIT_US 86400000000u /* a day: a checkpoint that was offered should be cosigned by then */

typedef struct fl_hub_verify_options {
    const fl_vkey *witness; /* the hub's key, known from elsewhere; NULL: the one it stores */
    const char *const
        *outside; /* checkpoints kept elsewhere, of any log; those of other logs are passed over */
    size_t outside_count;
    void (*progress)(void *self, uint64_t done, uint64_t total); /* entries; NULL: nobody watches */
    void *self;
} fl_hub_verify_options;

typedef struct fl_hub_verified {
    fl_verify_report
        report;        /* as journal/verify.h tells it; checkpoints: cosigned ones; fork: with both notes */
    uint64_t waiting;  /* entries that are signed and offered beyond the head, and not witnessed yet */
    uint64_t waits_us; /* since when the oldest such offer */
    bool overdue;      /* longer than FL_HUB_WAIT_US */
    unsigned outside_used;                 /* of the checkpoints handed in, those of this log */
    bool frozen, evidence_holds, rollback; /* rollback: an older copy was once shown */
} fl_hub_verified;

/* FL_OK. FL_E_DAMAGED: see the report. FL_E_NO: the entries hold, and there is evidence of a fork
 * (report.fork), or the log waits too long (overdue). Options may be NULL. */
FL_MUST_USE fl_status fl_hub_verify(fl_hub *hub, const fl_hub_head *head,
                                    const fl_hub_verify_options *options, fl_hub_verified *verified,
                                    fl_error *error);

/* Reads a log's entries in order, page by page: for the audit. */
typedef struct fl_hub_reader fl_hub_reader;
FL_MUST_USE fl_status fl_hub_reader_new(fl_hub *hub, const fl_hub_head *head, fl_hub_reader **reader);
void fl_hub_reader_free(fl_hub_reader *reader);
/* Points into the reader until the next call. FL_E_NO past the end; FL_E_DAMAGED when it is not canonical. */
FL_MUST_USE fl_status fl_hub_reader_record(void *reader, uint64_t index, fl_record *record);
/* The same, as stored. */
FL_MUST_USE fl_status fl_hub_reader_bytes(void *reader, uint64_t index, const void **bytes, size_t *size);

#endif
