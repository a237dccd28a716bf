/* Seal: what a journal that ended well leaves for the next opening, so that it need not read 10^7 entries
 * again.
 *
 * Everything a verification learns on its way (the compact range, the counters of every device, the newest
 * start and time), as a note signed by the log's key, written after the last entry and its checkpoint were
 * synced. Opening breaks the seal before anything is written: a journal that was killed, or whose disk
 * failed, has none, and is verified whole. `verify` derives the same text from the entries and compares.
 */
#ifndef FL_JOURNAL_SEAL_H
#define FL_JOURNAL_SEAL_H

#include "handle.h"

#define FL_SEAL_MAX                                                                                          \
    (FL_NOTE_MAX - FL_NOTE_LINE_MAX - 2) /* bytes of the text; with more devices there is no seal */

typedef struct fl_seal {
    char origin[FL_NOTE_NAME_MAX + 1];
    uint64_t full_size;    /* what the last full verification at an opening covered */
    int64_t full_utc_us;   /* and when that was */
    fl_verify_state state; /* fl_counters_fini its counters */
} fl_seal;

/* FL_E_FULL when the text is longer than FL_SEAL_MAX. */
FL_MUST_USE fl_status fl_seal_text(const fl_seal *seal, char *room, size_t room_size, size_t *size);
/* FL_E_DAMAGED when it is not the one text of what it says. The seal is then all 0. */
FL_MUST_USE fl_status fl_seal_read(const char *text, size_t size, fl_seal *seal);

/* Seals a journal that has just been closed with `shutdown`; whatever fails, there is then no seal. */
void fl_seal_close(fl_journal *journal);
/* FL_OK: *seal is what a full verification would find, as far as the end of the log and the key tell; FL_E_NO
 * or anything else: verify it all. Wants a snapshot. */
FL_MUST_USE fl_status fl_seal_trust(fl_journal *journal, fl_seal *seal);
/* After a full verification. FL_OK: there is none, or an old one, or the one these entries have.
 * FL_E_DAMAGED: why. */
FL_MUST_USE fl_status fl_seal_compare(fl_journal *journal, const fl_vkey *key, const fl_verify_state *state,
                                      char *why, size_t why_size);

#endif
