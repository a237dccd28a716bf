/* Doorman: looks at a PIN on a thread of its own, because scrypt takes a tenth of a second and the tick ten
 * milliseconds.
 *
 *     if (!fl_doorman_ask(doorman, who, pin, 1u << FL_ROLE_OPERATOR, today)) ...  // one at a time
 *     ... some ticks later:
 *     if (fl_doorman_answered(doorman, &answer)) ...
 */
#ifndef FL_SESSION_DOORMAN_H
#define FL_SESSION_DOORMAN_H

#include "fadeline/session/people.h"

#define DOORMAN_LATE_US 10000000

typedef struct fl_doorman fl_doorman;

/* people is borrowed; NULL: nobody can sign in. With `in_place` the answer is there when ask returns. */
FL_MUST_USE fl_status fl_doorman_new(const fl_people *people, bool in_place, fl_doorman **doorman,
                                     fl_error *error);
/* Before the first question: wrong tries in a row that the journal knows, the newest so long ago. Without it
 * a new start would forget a lockout. */
void fl_doorman_resume(fl_doorman *doorman, const fl_people_tries *tries, fl_utc utc_now);
void fl_doorman_free(fl_doorman *doorman); /* NULL is fine */

/* False while another question is open, or when the words are too long. roles: bits 1 << fl_role, one of
 * them is needed. */
FL_MUST_USE bool fl_doorman_ask(fl_doorman *doorman, const char *who, const char *pin, unsigned roles,
                                fl_date today);
/* Whether somebody here has this id: who is nobody may be anybody's name, and is not written down. */
bool fl_doorman_knows(const fl_doorman *doorman, const char *who);
/* True once per question. */
FL_MUST_USE bool fl_doorman_answered(fl_doorman *doorman, fl_people_answer *answer);

/* No question is older than DOORMAN_LATE_US; scrypt takes a tenth of a second, more under load. */
bool fl_doorman_is_well(fl_doorman *doorman);

#endif
