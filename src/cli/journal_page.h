/* Entries of a journal, for people and as JSON. */
#ifndef FL_CLI_JOURNAL_PAGE_H
#define FL_CLI_JOURNAL_PAGE_H

#include "fadeline/journal/journal.h"

/* `bytes` are the entry's own, `record` is read from them. */
void journal_print_entry(uint64_t index, const fl_record *record, const char *bytes, size_t size);
/* One object a line. The entry is JSON already; read, it is the same object, and its bytes are those of the
 * hash unless it holds what no writer of ours takes (base/show.h). */
void journal_print_entry_json(const fl_journal *journal, uint64_t index, const char *bytes, size_t size);

#endif
