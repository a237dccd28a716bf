/* Owe: entries that a page makes while a session holds the journal. What is seen on the skin and photographed
 * then cannot wait in somebody's head: it is written into a file at once, and into the journal by whatever
 * writes it next from here, with `was_us`, when it was. The files outlive the console.
 *
 *     status = owe_write(p, check, self, &entry, 1, &error);     // in the journal, or owed to it
 *
 * Of other entries (consent, looks) the journal comes first: book_write, which says busy.
 */
#ifndef FL_CONSOLE_OWE_H
#define FL_CONSOLE_OWE_H

#include "book.h"

/* `check` (NULL: none) sees the journal, as book_write_if has it: a snapshot when the entries are owed. */
FL_MUST_USE fl_status owe_write(page *p, book_check *check, void *self, const fl_entry *entries, size_t count,
                                fl_error *error);
/* Every entry that is owed about this client (NULL: about all), oldest first. */
typedef void owe_each_entry(void *self, const fl_record *record);
void owe_each(const page *p, const char *pat, owe_each_entry *each, void *self);

/* For book.c, which holds the journal for writing. */
FL_MUST_USE fl_status owe_pay(const fl_console *c, fl_journal *journal, fl_error *error);

#endif
