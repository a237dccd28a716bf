/* Witness: believes only what is stored, moves the head, then signs. */
#include "take.h"

#include "fadeline/hub/push.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct witness_run {
    const char *origin;
    const fl_offer *offer;
    const fl_signer *signer;
    const fl_clock *clock;
    fl_hub_head head;
    fl_checkpoint offered;
    fl_taking taking;
    fl_witnessing w;
} witness_run;

static fl_status lock_head(fl_db *db, witness_run *r, fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_text(r->origin)};
    fl_status status =
        fl_db_run(db, "SELECT " FL_HEAD_COLUMNS " FROM fadeline.log l WHERE l.origin = $1 FOR UPDATE", args,
                  1, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot lock the log's head", error);
    if (PQntuples(result) == 1)
        status = fl_hub_read_head(result, 0, &r->head, error);
    else
        status = fl_error_set(error, FL_E_NO, "the hub does not know the log '%s'", r->origin);
    PQclear(result);
    return status;
}

static fl_status open_offer(witness_run *r, fl_error *error)
{
    fl_vkey key;
    if (fl_vkey_read(r->head.vkey, &key) != FL_OK)
        return fl_error_set(error, FL_E_DAMAGED, "the key stored with the log is unusable");
    if (fl_checkpoint_open(r->offer->note, strlen(r->offer->note), &key, &r->offered) == FL_OK) return FL_OK;
    r->w.judgement = FL_JUDGE_WRONG;
    return fl_error_set(error, FL_E_NO, "the checkpoint is not signed by the key the log is enrolled with");
}

static fl_status accuse(fl_db *db, witness_run *r, fl_evidence_kind kind, const char *older,
                        const char *newer, const fl_claim *claim, fl_error *error)
{
    fl_evidence *evidence = &r->w.evidence;
    *evidence = (fl_evidence){.claim = *claim};
    snprintf(evidence->older, sizeof evidence->older, "%s", older);
    snprintf(evidence->newer, sizeof evidence->newer, "%s", newer);
    r->w.has_evidence = true;
    r->w.frozen = kind != FL_EVIDENCE_ROLLBACK;
    const fl_status status = fl_ledger_accuse(db, &r->head, kind, evidence, r->clock->utc(r->clock->self).us);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot write down the evidence", error);
}

static fl_status settle(fl_db *db, const witness_run *r)
{
    return fl_ledger_settle(db, r->head.log_id, r->offered.size, r->offer->note);
}

static fl_status advance(fl_db *db, witness_run *r, fl_error *error)
{
    PGresult *result;
    const fl_tree *tree = &r->taking.tree;
    const uint64_t time_s = (uint64_t)(r->clock->utc(r->clock->self).us / 1000000);
    fl_status status = fl_checkpoint_cosign(&r->offered, r->signer, time_s, r->w.line);
    if (status != FL_OK) return fl_error_set(error, status, "cannot cosign");
    fl_arg args[] = {fl_arg_text(r->origin),
                     fl_arg_number(tree->size),
                     fl_arg_bytes(tree->peak, tree->peaks * sizeof(fl_hash)),
                     fl_arg_bytes(r->offered.root.byte, sizeof(fl_hash)),
                     fl_arg_text(r->offer->note),
                     fl_arg_number(r->head.tree.size)};
    /* The row is locked; the comparison says it again for an engine whose locks are promises. */
    status = fl_db_run(db,
                       "UPDATE fadeline.log SET size = $2, range = $3, root = $4, checkpoint = $5"
                       " WHERE origin = $1 AND size = $6 AND NOT frozen",
                       args, 6, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot move the log's head", error);
    const bool moved = fl_text_same(PQcmdTuples(result), "1");
    PQclear(result);
    if (!moved) return fl_error_set(error, FL_E_BUG, "the head moved under its lock");
    fl_arg cosig[] = {fl_arg_number(r->head.log_id), fl_arg_number(tree->size), fl_arg_text(r->offer->note),
                      fl_arg_text(r->w.line)};
    status = fl_db_run(db, "INSERT INTO fadeline.cosig VALUES($1, $2, $3, $4)", cosig, 4, NULL);
    if (status == FL_OK) status = settle(db, r);
    if (status == FL_OK) status = fl_ledger_tidy(db, r->head.log_id, tree->size);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot store the cosignature", error);
}

/* The answer to the last commit may have been lost: what was signed then is said again. */
static fl_status repeat_line(fl_db *db, witness_run *r, fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(r->head.log_id), fl_arg_number(r->head.tree.size)};
    if (!r->head.tree.size) return FL_OK;
    const fl_status status =
        fl_db_run(db, "SELECT line FROM fadeline.cosig WHERE log_id = $1 AND size = $2", args, 2, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the cosignature", error);
    const bool good = PQntuples(result) == 1 && fl_db_text(result, 0, 0, r->w.line, sizeof r->w.line);
    PQclear(result);
    return good ? FL_OK
                : fl_error_set(error, FL_E_DAMAGED, "the head has no cosignature: the hub is damaged");
}

static fl_status judge_late(fl_db *db, witness_run *r, const fl_checkpoint *head, fl_error *error)
{
    fl_claim own;
    fl_status status = fl_ledger_own_claim(db, &r->head, r->offered.size, &own);
    if (status == FL_E_DAMAGED) own = (fl_claim){0}; /* the judge then calls it WRONG */
    if (status != FL_OK && status != FL_E_DAMAGED)
        return fl_db_failed(db, status, "cannot read the hub's own entries", error);
    r->w.judgement = fl_judge_older(head, &r->offered, &own);
    if (r->w.judgement == FL_JUDGE_WRONG)
        return fl_error_set(error, FL_E_DAMAGED,
                            "the hub's own entries do not give its head; fadeline hub verify");
    /* Offered when it was news, and overtaken since by a longer one of the same history: no copy. */
    if (r->w.judgement == FL_JUDGE_ROLLBACK && r->offer->old < r->offered.size) return FL_OK;
    return accuse(db, r, r->w.judgement == FL_JUDGE_FORK ? FL_EVIDENCE_FORK : FL_EVIDENCE_ROLLBACK,
                  r->offer->note, r->head.checkpoint, &own, error);
}

/* Beyond the head. The claim accuses, the parcels excuse; whoever shows neither is not believed. */
static fl_status judge_news(fl_db *db, witness_run *r, const fl_checkpoint *head, fl_error *error)
{
    const fl_claim *claim = &r->offer->claim;
    fl_judgement claimed = FL_JUDGE_ACCEPT;
    if (r->offer->old == head->size) claimed = fl_judge_newer(head, &r->offered, claim);
    r->w.judgement = claimed;
    if (claimed == FL_JUDGE_FORK)
        return accuse(db, r, FL_EVIDENCE_FORK, r->head.checkpoint, r->offer->note, claim, error);
    r->taking = (fl_taking){.head = &r->head, .offer = r->offer, .offered = &r->offered};
    fl_status status = fl_take(db, &r->taking, error);
    r->w.missing = r->taking.missing;
    r->w.bad = r->taking.bad;
    if (status == FL_OK) return r->w.judgement = FL_JUDGE_ACCEPT, advance(db, r, error);
    if (status != FL_E_NO || r->w.missing != UINT64_MAX) return status == FL_E_NO ? FL_OK : status;
    fl_evidence evidence = {0};
    fl_vkey key;
    r->w.judgement = FL_JUDGE_WRONG;
    status = fl_take_against(db, &r->taking, &evidence.claim);
    if (status == FL_E_NO || status == FL_E_DAMAGED) return FL_OK;
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the entries", error);
    snprintf(evidence.older, sizeof evidence.older, "%s", r->head.checkpoint);
    snprintf(evidence.newer, sizeof evidence.newer, "%s", r->offer->note);
    if (fl_vkey_read(r->head.vkey, &key) != FL_OK || !fl_evidence_check(&evidence, &key)) return FL_OK;
    r->w.judgement = FL_JUDGE_FORK;
    return accuse(db, r, FL_EVIDENCE_FORK, evidence.older, evidence.newer, &evidence.claim, error);
}

/* FL_OK commits whatever was found, also a fork; the judgement says what it was. */
static fl_status judge(fl_db *db, void *self, fl_error *error)
{
    witness_run *r = self;
    r->w = (fl_witnessing){.missing = UINT64_MAX, .bad = UINT64_MAX};
    fl_status status = lock_head(db, r, error);
    if (status == FL_OK) status = open_offer(r, error);
    if (status != FL_OK) return status;
    if (r->head.frozen) return r->w.frozen = true, FL_OK;
    const fl_checkpoint head = fl_hub_head_checkpoint(&r->head);
    const fl_claim nothing = {0};
    if (r->offered.size > head.size) return judge_news(db, r, &head, error);
    if (r->offered.size < head.size)
        status = judge_late(db, r, &head, error);
    else if ((r->w.judgement = fl_judge_newer(&head, &r->offered, &nothing)) == FL_JUDGE_SAME)
        status = repeat_line(db, r, error);
    else
        status = accuse(db, r, FL_EVIDENCE_FORK, r->head.checkpoint, r->offer->note, &nothing, error);
    if (status != FL_OK) return status;
    status = settle(db, r);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot put the offer away", error);
}

static fl_status say_no(const witness_run *r, fl_error *error)
{
    if (r->w.missing != UINT64_MAX)
        return fl_error_set(error, FL_E_NO, "entry %llu has not come yet", (unsigned long long)r->w.missing);
    if (r->w.judgement == FL_JUDGE_WRONG)
        return fl_error_set(error, FL_E_NO,
                            "the entries offered do not lead from the hub's head to the "
                            "checkpoint, and nothing proves another history");
    if (r->w.judgement == FL_JUDGE_ROLLBACK) {
        fl_error_set(error, FL_E_NO, "this copy is older: %llu entries, the hub has witnessed %llu",
                     (unsigned long long)r->offered.size, (unsigned long long)r->head.tree.size);
        return fl_error_hint(error,
                             "it was restored, or the disk lost its end. Write nothing into it: fadeline hub "
                             "restore brings back what is missing");
    }
    if (r->w.judgement == FL_JUDGE_FORK) {
        fl_error_set(error, FL_E_NO, "FORK: this log has two histories under one key; it is frozen");
        return fl_error_hint(error,
                             "two machines wrote one log, or one was restored and went on. Keep both; the "
                             "evidence is stored at the hub");
    }
    fl_error_set(error, FL_E_NO, "this log is frozen: it showed two histories before");
    return fl_error_hint(error, "a frozen log never heals; begin a new journal and have it enrolled");
}

fl_status fl_hub_witness(fl_hub *hub, const char *origin, const fl_offer *offer, const fl_signer *witness,
                         const fl_clock *clock, fl_witnessing *witnessing, fl_error *error)
{
    char vkey[FL_VKEY_TEXT_MAX];
    *witnessing = (fl_witnessing){.missing = UINT64_MAX, .bad = UINT64_MAX};
    if (!fl_text_same(fl_vkey_text(&witness->vkey, vkey), hub->about.vkey)) {
        fl_error_set(error, FL_E_NO, "the key is that of '%s', this hub is '%s'", witness->vkey.name,
                     hub->about.name);
        return fl_error_hint(error, "--hub-key takes the file that hub init wrote for this hub");
    }
    witness_run *r = calloc(1, sizeof *r);
    if (!r) return fl_error_set(error, FL_E_MEMORY, "no memory to witness");
    *r = (witness_run){
        .origin = origin, .offer = offer, .signer = witness, .clock = clock ? clock : fl_clock_system()};
    fl_status status = fl_db_transact(&hub->db, judge, r, error);
    if (status == FL_OK && !r->w.line[0] && r->w.judgement != FL_JUDGE_SAME) status = say_no(r, error);
    *witnessing = r->w;
    if (status != FL_OK) witnessing->line[0] = 0;
    if (r->w.frozen && !r->w.has_evidence)
        witnessing->has_evidence = fl_hub_evidence(hub, &r->head, &witnessing->evidence, NULL) == FL_OK;
    free(r);
    return status;
}

/* One offer of the round. Only what concerns all logs comes back as a failure. */
static fl_status take_turn(fl_hub *hub, const fl_ledger_offer *o, const fl_signer *witness,
                           const fl_clock *clock, fl_cosigned *cosigned, fl_error *broken, fl_error *error)
{
    fl_witnessing w;
    fl_error said = {0};
    fl_hub_head head;
    fl_status status = fl_hub_find(hub, o->origin, &head, &said);
    if (status == FL_OK && head.frozen) return FL_OK; /* an earlier offer of this round froze it */
    if (status == FL_OK) status = fl_hub_witness(hub, o->origin, &o->offer, witness, clock, &w, &said);
    if (status == FL_E_DAMAGED) {
        cosigned->broken++;
        if (broken->status == FL_OK) fl_error_set(broken, status, "'%.100s': %.200s", o->origin, said.what);
        return FL_OK;
    }
    if (status != FL_OK && status != FL_E_NO) {
        if (error) *error = said;
        return status;
    }
    if (status == FL_OK)
        cosigned->signed_now++;
    else if (w.judgement == FL_JUDGE_FORK)
        cosigned->forks++;
    else if (w.missing != UINT64_MAX)
        cosigned->waiting++;
    else if (w.judgement == FL_JUDGE_WRONG)
        return fl_ledger_drop(&hub->db, &head, o, error);
    return FL_OK;
}

fl_status fl_hub_witness_offers(fl_hub *hub, const fl_signer *witness, const fl_clock *clock,
                                fl_cosigned *cosigned, fl_error *error)
{
    fl_error broken = {.status = FL_OK}; /* the first log whose rows do not hold */
    fl_ledger_offer *offers;
    size_t count;
    *cosigned = (fl_cosigned){0};
    fl_status status = fl_ledger_offers(&hub->db, NULL, &offers, &count, error);
    if (status != FL_OK) return status;
    for (size_t i = 0; i < count && status == FL_OK; i++) {
        if (!i || !fl_text_same(offers[i].origin, offers[i - 1].origin)) cosigned->logs++;
        status = take_turn(hub, &offers[i], witness, clock, cosigned, &broken, error);
    }
    fl_ledger_free(offers, count);
    if (status == FL_OK && broken.status != FL_OK && error) *error = broken;
    return status == FL_OK ? broken.status : status;
}
