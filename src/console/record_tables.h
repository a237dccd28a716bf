/* The parts of a session's record on a screen, in the order of the paper. What was never recorded is said to
 * be so. */
#ifndef FL_CONSOLE_RECORD_TABLES_H
#define FL_CONSOLE_RECORD_TABLES_H

#include "owner.h"

void record_facts(page *p, const fl_session_record *r);
void record_zones(page *p, const fl_session_record *r);     /* planned beside delivered */
void record_intervals(page *p, const fl_session_record *r); /* set beside measured */
void record_counter(page *p, const fl_session_record *r);
void record_remarks(page *p, const fl_session_record *r);
/* One row a pulse, 500 on a page (?from=ENTRY goes on), each leading to its entry. */
void record_pulses(page *p, fl_journal *journal, const fl_session_record *r);
void record_foot(page *p, const fl_session_record *r); /* entries and their hashes */
/* Whether this person's look at this client's record stands in the journal, not long ago. `entries`: of the
 * journal. */
bool record_was_looked_at(const page *p, fl_journal *journal, const char *pat, uint64_t entries);
#define RECORD_LOOK_US (15 * 60 * (int64_t)1000000) /* so long a look that was written down holds */
/* The page that asks for that look; `to` is where it leads, one of our addresses. */
void record_ask_to_look(page *p, const char *pat, const char *sid, const char *to);

#endif
