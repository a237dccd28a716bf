/* The steps of an audit, for those who read a log in another way than from its first entry to its last. */
#ifndef FL_REPORT_AUDIT_PARTS_H
#define FL_REPORT_AUDIT_PARTS_H

#include "audit_collect.h"

/* An empty audit for so many logs; NULL with the error set. */
fl_audit *fl_audit_begin(const fl_audit_options *options, size_t logs, fl_error *error);
/* One entry, in order; index: its position in the history. */
FL_MUST_USE fl_status fl_audit_feed(fl_ledger *ledger, fl_collect *collect, uint64_t index,
                                    const fl_record *record, fl_error *error);
/* Everything of this log was fed: its lines and rows go into the audit. Call once a log. */
FL_MUST_USE fl_status fl_audit_end_log(fl_audit *audit, const fl_verify_report *verified,
                                       const fl_history *history, fl_ledger *ledger, fl_collect *collect,
                                       fl_error *error);
/* The logs to read of a journal with this report. */
FL_MUST_USE fl_status fl_audit_history(fl_journal *journal, const fl_verify_report *report,
                                       fl_history *history, fl_error *error);
/* Every log is in. */
FL_MUST_USE fl_status fl_audit_finish(fl_audit *audit, fl_error *error);

#endif
