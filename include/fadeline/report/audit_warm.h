/* Warm audit: the month's audit of a long log without reading the long log.
 *
 * A summary is what the first N entries left behind in the audit's ledger: lines per laser and day, sessions,
 * facts. It is kept in a file, with the log's tree at N (RFC 6962), and can be deleted at any time. An audit
 * with a summary reads only the entries from N on, hashes them onto that tree, and compares with the newest
 * checkpoint that the log's own key signed: when the roots agree, the entries before N are the ones that were
 * summed up.
 *
 *     status = fl_audit_new_warm(journal, "/home/rae/.cache/fadeline/audit/3f0a.summary", &options, &audit,
 * &error); audit->warm                                   // 0 the first time; later how many entries were not
 * read again
 *
 * What it does not show: an old entry that was changed in the file while its hashes were left as they were.
 * Only reading it does (fadeline journal verify, or an audit without a summary); so what is handed to others
 * is always read whole. Nor does it defend against somebody who may write the summary: its SHA-256 tells
 * accidents, not intent.
 *
 * A summary that is missing, damaged, of another log, another version or another UTC offset, or that the
 * log's checkpoint does not bear out, is not used: the log is verified and read from its first entry, and the
 * summary made anew.
 */
#ifndef FL_REPORT_AUDIT_WARM_H
#define FL_REPORT_AUDIT_WARM_H

#include "fadeline/report/audit.h"

/* As fl_audit_new, for a journal open for reading. A summary that cannot be written is no error. */
FL_MUST_USE fl_status fl_audit_new_warm(fl_journal *journal, const char *path,
                                        const fl_audit_options *options, fl_audit **audit, fl_error *error);
/* Where the summary of this log is kept: in fl_place_cache. */
FL_MUST_USE fl_status fl_audit_warm_place(const fl_journal *journal, char path[FL_PLACE_MAX],
                                          fl_error *error);

#endif
