/* Cosignatures: what a witness signed about our checkpoints, kept beside them.
 *
 * A cosignature says that at a time this was the largest tree the witness had seen. It is stored only when it
 * holds, and is no entry: it comes after the fact and proves itself.
 */
#ifndef FL_JOURNAL_COSIGN_H
#define FL_JOURNAL_COSIGN_H

#include "fadeline/journal/journal.h"

/* The journal is open for writing. FL_E_NO: the line is not this witness's signature over our checkpoint of
 * `size`, or there is no such checkpoint. Keeping it again changes nothing. */
FL_MUST_USE fl_status fl_journal_keep_cosignature(fl_journal *journal, uint64_t size, const char *line,
                                                  const fl_vkey *witness, fl_error *error);
/* The largest size with a good cosignature of this witness, 0 when there is none. */
FL_MUST_USE fl_status fl_journal_cosigned(fl_journal *journal, const fl_vkey *witness, uint64_t *size);

#endif
