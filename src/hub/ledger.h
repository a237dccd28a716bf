/* Ledger: offers and evidence as the hub keeps them, and claims made from its own rows. */
#ifndef FL_HUB_LEDGER_H
#define FL_HUB_LEDGER_H

#include "handle.h"

typedef enum fl_evidence_kind {
    FL_EVIDENCE_FORK = 1, /* fl_evidence_check holds: the log is frozen */
    FL_EVIDENCE_ROWS,    /* stored entries do not give the signed root: frozen; the rows are the other half */
    FL_EVIDENCE_ROLLBACK /* an older copy was shown; nothing is frozen */
} fl_evidence_kind;

/* Both in the present transaction. */
FL_MUST_USE fl_status fl_ledger_accuse(fl_db *db, const fl_hub_head *head, fl_evidence_kind kind,
                                       const fl_evidence *evidence, int64_t now_us);
/* About the hub's own history: its root at `size`, and the proof from there to the head. */
FL_MUST_USE fl_status fl_ledger_own_claim(fl_db *db, const fl_hub_head *head, uint64_t size, fl_claim *claim);

typedef struct fl_ledger_offer {
    char origin[FL_NOTE_NAME_MAX + 1], note[FL_CHECKPOINT_MAX];
    uint64_t size, old;
    fl_claim claim; /* about the size `old` */
    bool late;      /* not beyond the head, and not one it was cosigned at */
} fl_ledger_offer;
/* Of all logs that are not frozen, by log and size; free(*offers). log_id: only of this log, frozen or not,
 * all beyond the head. */
FL_MUST_USE fl_status fl_ledger_offers(fl_db *db, const uint64_t *log_id, fl_ledger_offer **offers,
                                       size_t *count, fl_error *error);

#endif
