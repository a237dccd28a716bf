/* Roster, followed: what a journal says of people, through the logs that it succeeded as well, and later only
 * what is new.
 *
 *     fl_roster roster = {0};
 *     uint64_t read = 0;
 *     status = fl_roster_follow(&roster, journal, &read, &error);    // all of it
 *     status = fl_roster_follow(&roster, journal, &read, &error);    // what came since
 *
 * A succession carries no role.change over: who reads the new log alone finds nobody, and would believe the
 * file.
 */
#ifndef FL_SESSION_ROSTER_H
#define FL_SESSION_ROSTER_H

#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

/* Entries from position *read on; *read is then the journal's length. On failure *read stands at the entry
 * that cannot be read, nobody can sign in by this roster, and the error says what to do. */
FL_MUST_USE fl_status fl_roster_follow(fl_roster *roster, fl_journal *journal, uint64_t *read,
                                       fl_error *error);

#endif
