/* Ledger: offers and evidence as the hub keeps them, and claims made from its own rows. */
#ifndef FL_HUB_LEDGER_H
#define FL_HUB_LEDGER_H

#include "handle.h"

#include "fadeline/hub/push.h"

typedef enum fl_evidence_kind {
    FL_EVIDENCE_FORK = 1, /* fl_evidence_check holds: the log is frozen */
    FL_EVIDENCE_ROLLBACK  /* an older copy was shown; nothing is frozen */
} fl_evidence_kind;

/* Both in the present transaction. */
FL_MUST_USE fl_status fl_ledger_accuse(fl_db *db, const fl_hub_head *head, fl_evidence_kind kind,
                                       const fl_evidence *evidence, int64_t now_us);
/* About the hub's own history: its root at `size`, and the proof from there to the head. */
FL_MUST_USE fl_status fl_ledger_own_claim(fl_db *db, const fl_hub_head *head, uint64_t size, fl_claim *claim);

/* Leaf hashes out of the rows of `entry`, a page at a time: proofs read them in order, in a few runs. */
typedef struct fl_ledger_leaves fl_ledger_leaves;
FL_MUST_USE fl_status fl_ledger_leaves_new(fl_db *db, uint64_t log_id, fl_ledger_leaves **leaves);
FL_MUST_USE fl_status fl_ledger_leaf(void *leaves, uint64_t index, fl_hash *leaf); /* as fl_leaves.read */

typedef struct fl_ledger_offer {
    char origin[FL_NOTE_NAME_MAX + 1];
    uint64_t size, nonce; /* with the log the key of its row */
    uint64_t waits_us;    /* since it was put there, by the server's clock */
    fl_offer offer;       /* names allocated; the note is not verified */
} fl_ledger_offer;
/* Of all logs that are not frozen, by log and size. log_id: only of this log, frozen or not, all beyond the
 * head. The second is for use within a transaction. */
FL_MUST_USE fl_status fl_ledger_offers(fl_db *db, const uint64_t *log_id, fl_ledger_offer **offers,
                                       size_t *count, fl_error *error);
FL_MUST_USE fl_status fl_ledger_read_offers(fl_db *db, const uint64_t *log_id, fl_ledger_offer **offers,
                                            size_t *count, fl_error *error);
void fl_ledger_free(fl_ledger_offer *offers, size_t count);

/* What the note says is decided: whoever offered it needs no answer any more. In the present transaction. */
FL_MUST_USE fl_status fl_ledger_settle(fl_db *db, uint64_t log_id, uint64_t size, const char *note);
/* This one leads nowhere; another one with the same note may. A transaction of its own. */
FL_MUST_USE fl_status fl_ledger_drop(fl_db *db, const fl_hub_head *head, const fl_ledger_offer *offer,
                                     fl_error *error);
/* The inbox, of what lies below the head. In the present transaction. */
FL_MUST_USE fl_status fl_ledger_tidy(fl_db *db, uint64_t log_id, uint64_t size);

#endif
