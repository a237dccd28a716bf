#include "fadeline/hub/judge.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <string.h>

/* Whether `claim` about `older_size` is proven by the larger checkpoint. */
static bool is_proven(uint64_t older_size, const fl_checkpoint *larger, const fl_claim *claim)
{
    if (older_size == 0) return claim->proof.count == 0;
    return fl_tree_verify_consistency(older_size, larger->size, &claim->root, &larger->root,
                                      claim->proof.hash, claim->proof.count);
}

fl_judgement fl_judge_newer(const fl_checkpoint *head, const fl_checkpoint *offered, const fl_claim *claim)
{
    FL_ASSERT(offered->size >= head->size);
    if (!fl_text_same(head->origin, offered->origin)) return FL_JUDGE_WRONG;
    if (offered->size == head->size)
        return fl_hash_same(&offered->root, &head->root) ? FL_JUDGE_SAME : FL_JUDGE_FORK;
    if (!is_proven(head->size, offered, claim)) return FL_JUDGE_WRONG;
    if (head->size == 0 || fl_hash_same(&claim->root, &head->root)) return FL_JUDGE_ACCEPT;
    return FL_JUDGE_FORK;
}

fl_judgement fl_judge_older(const fl_checkpoint *head, const fl_checkpoint *offered, const fl_claim *own)
{
    FL_ASSERT(offered->size < head->size);
    if (!fl_text_same(head->origin, offered->origin)) return FL_JUDGE_WRONG;
    if (offered->size == 0) return FL_JUDGE_ROLLBACK;
    if (!is_proven(offered->size, head, own)) return FL_JUDGE_WRONG; /* the hub's own rows are damaged */
    return fl_hash_same(&own->root, &offered->root) ? FL_JUDGE_ROLLBACK : FL_JUDGE_FORK;
}

bool fl_evidence_check(const fl_evidence *evidence, const fl_vkey *log)
{
    fl_checkpoint older, newer;
    if (fl_checkpoint_open(evidence->older, strlen(evidence->older), log, &older) != FL_OK ||
        fl_checkpoint_open(evidence->newer, strlen(evidence->newer), log, &newer) != FL_OK)
        return false;
    if (older.size == newer.size) return fl_checkpoint_is_fork(&older, &newer);
    return older.size && older.size < newer.size && is_proven(older.size, &newer, &evidence->claim) &&
           !fl_hash_same(&evidence->claim.root, &older.root);
}

const char *fl_judgement_text(fl_judgement judgement)
{
    static const char *const all[] = {"?", "accepted", "known already", "rollback", "fork", "not proven"};
    const size_t i = (size_t)judgement;
    return all[i < sizeof all / sizeof *all ? i : 0];
}
