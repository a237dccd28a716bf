/* What the files of the session record share. Private to report. */
#ifndef FL_REPORT_SESSION_RECORD_PARTS_H
#define FL_REPORT_SESSION_RECORD_PARTS_H

#include "fadeline/base/text.h"
#include "fadeline/report/session_record.h"

uint64_t fl_session_count_of(const fl_record *record, const char *key); /* 0 when not there */
/* Empty when not there; cut between characters when too long. */
const char *fl_session_text_of(const fl_record *record, const char *key, char *room, size_t size);

/* "2026-05-04 18:15:42", in the record's offset; "-" for 0. */
const char *fl_session_when(const fl_session_record *record, int64_t utc_us, char room[40]);
const char *fl_session_offset(const fl_session_record *record, char room[16]); /* "UTC+02:00" */

/* Adds what the entry says to the remarks, if it is one. false: no memory. */
bool fl_session_remark_take(fl_session_record *r, uint64_t index, const fl_record *record, int64_t at_us);

#endif
