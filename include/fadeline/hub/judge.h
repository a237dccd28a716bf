/* Judge: what the hub says to a checkpoint, and what proves that a log has two histories. Pure.
 *
 * The hub has seen a log up to `head`. Somebody offers a newer signed checkpoint and claims which root his
 * own history had where the hub stands, with the consistency proof from there to his checkpoint. Then:
 *
 *     ACCEPT    it only grew. The entries in between still have to come out at the same root.
 *     SAME      the hub has exactly this already.
 *     ROLLBACK  older, and contained in what the hub has: a restored copy. Writing on in it would fork.
 *     FORK      another history under the same key: the claim is proven by the checkpoint itself.
 *     WRONG     the proof shows nothing; nothing is believed and nothing is held against anybody.
 *
 * Evidence is two checkpoints signed by one key, `older` and `newer`, and for different sizes the root the
 * newer history had at the older one's size, with the proof. fl_evidence_check needs the log's key and
 * nothing else: whoever doubts the hub can check it.
 */
#ifndef FL_HUB_JUDGE_H
#define FL_HUB_JUDGE_H

#include "fadeline/journal/checkpoint.h"

typedef enum fl_judgement {
    FL_JUDGE_ACCEPT = 1,
    FL_JUDGE_SAME,
    FL_JUDGE_ROLLBACK,
    FL_JUDGE_FORK,
    FL_JUDGE_WRONG
} fl_judgement;

typedef struct fl_claim { /* about the smaller of the two sizes */
    fl_hash root;         /* of the larger history at the smaller size */
    fl_proof proof;       /* from there to the larger checkpoint */
} fl_claim;

/* Hub at `head`, offered `newer` with offered->size > head->size, or equal (then the claim is not looked at).
 * An empty head (size 0) takes anything with an empty proof. */
fl_judgement fl_judge_newer(const fl_checkpoint *head, const fl_checkpoint *offered, const fl_claim *claim);
/* offered->size < head->size: the hub makes the claim about its own history, from its own entries. */
fl_judgement fl_judge_older(const fl_checkpoint *head, const fl_checkpoint *offered, const fl_claim *own);

typedef struct fl_evidence {
    char older[FL_CHECKPOINT_MAX], newer[FL_CHECKPOINT_MAX];
    fl_claim claim; /* all 0 when the sizes are equal */
} fl_evidence;

/* true: these two notes, both signed by `log`, cannot belong to one history. */
bool fl_evidence_check(const fl_evidence *evidence, const fl_vkey *log);

const char *fl_judgement_text(fl_judgement judgement); /* "fork" */

#endif
