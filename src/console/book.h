/* Book: the journal and the people, from a page.
 *
 *     fl_journal *journal;
 *     if (book_look(p, &journal, &error) == FL_OK) ... fl_journal_close(journal);     // a snapshot; changes
 * nothing status = book_write(p, &entry, 1, &index, &error);                              // FL_E_BUSY while
 * a session runs
 *
 * The journal has one writer. While fadeline-control holds it a page writes nothing: what belongs to the
 * session goes to control by order, everything else answers 409 and says when. A page opens the journal for
 * the moment of one act.
 *
 * A session by hand is conducted by this process: sign-ins go into its journal, everything else waits as for
 * control.
 *
 * The trap: book_write is durable when it returns FL_OK, and it may take a tenth of a second; never call it
 * from a stream.
 */
#ifndef FL_CONSOLE_BOOK_H
#define FL_CONSOLE_BOOK_H

#include "page.h"

#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

/* FL_E_FILE when there is no journal yet: book_exists asks without an error. */
FL_MUST_USE fl_status book_look(const page *p, fl_journal **journal, fl_error *error);
bool book_exists(const page *p);
/* All or none; `who` of the one who is signed in is added by the caller. *index of the last, may be NULL. */
FL_MUST_USE fl_status book_write(page *p, const fl_entry *entries, size_t count, uint64_t *index,
                                 fl_error *error);
/* The same with a look before: `check` sees the journal as it will be written to, and may refuse (its status
 * and error). */
typedef fl_status book_check(void *self, fl_journal *journal, fl_error *error);
FL_MUST_USE fl_status book_write_if(page *p, book_check *check, void *self, const fl_entry *entries,
                                    size_t count, uint64_t *index, fl_error *error);

/* NULL: there is no file yet, or it is faulty (*error). The caller frees. */
fl_people *book_people(const page *p, fl_error *error);
/* Checks a PIN and journals the sign-in, right or wrong. FL_E_BUSY: the journal is held, nothing was checked;
 * but who was signed in at this very screen may come back to it, and that is journalled as soon as it can be,
 * with `was_us`. */
FL_MUST_USE fl_status book_sign_in(page *p, const char *who, const char *pin, fl_people_answer *answer,
                                   fl_error *error);
/* What the person may do today: role bits, 0 for nobody; *late: the certificate has ended. */
unsigned book_rights(const page *p, const char *who, bool *late);

#endif
