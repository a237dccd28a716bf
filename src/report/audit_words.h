/* Sentences of the audit, the same on every page. */
#ifndef FL_REPORT_AUDIT_WORDS_H
#define FL_REPORT_AUDIT_WORDS_H

#include "fadeline/base/text.h"
#include "fadeline/report/audit.h"

#define FL_AUDIT_SENTENCE 480

const char *fl_audit_grouped(int64_t number, char room[32]);                  /* -1,204,310 */
const char *fl_audit_time(const fl_audit *audit, fl_utc time, char room[40]); /* 2026-05-13 12:05:10 */
const char *fl_audit_zone(const fl_audit *audit, char room[16]);              /* "UTC" or "UTC-04:00" */
const char *fl_audit_code(fl_audit_finding_kind kind);                        /* "gap" */
void fl_audit_verdict(const fl_audit *audit, char room[FL_AUDIT_SENTENCE]);
void fl_audit_say(const fl_audit *audit, const fl_audit_finding *finding, char room[FL_AUDIT_SENTENCE]);
/* The last lines of every page, one per log of every journal. */
void fl_audit_proof(const fl_audit *audit, size_t source, size_t log, char room[FL_AUDIT_SENTENCE]);
bool fl_audit_same_device(const fl_audit_line *a, const fl_audit_line *b);
const char *fl_audit_site_or_dash(const char *site);

#endif
