/* Witness: believes only what is stored, moves the head, then signs. */
#include "ledger.h"

#include "fadeline/hub/push.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct witness_run {
    const char *origin, *note;
    const fl_claim *claim; /* NULL: the rows alone decide */
    const fl_signer *signer;
    const fl_clock *clock;
    fl_hub_head head;
    fl_checkpoint offered;
    fl_tree tree;
    char why[120];
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
    if (fl_checkpoint_open(r->note, strlen(r->note), &key, &r->offered) == FL_OK) return FL_OK;
    r->w.judgement = FL_JUDGE_WRONG;
    return fl_error_set(error, FL_E_NO, "the checkpoint is not signed by the key the log is enrolled with");
}

static fl_status take_row(void *self, const fl_hub_row *row)
{
    witness_run *r = self;
    if (row->index != r->tree.size) return FL_E_NO; /* a hole: what comes after it does not matter now */
    const fl_hash leaf = fl_tree_leaf(row->data, row->size);
    const bool same = fl_hash_same(&leaf, &row->leaf);
    if (!same) memcpy(r->why, "its bytes do not have the hash stored with them", 48);
    if (!same || !fl_hub_entry_holds(r->origin, row->index, row->data, row->size, r->why, sizeof r->why)) {
        r->w.bad = row->index;
        return FL_E_DAMAGED;
    }
    fl_tree_append(&r->tree, &leaf);
    return FL_OK;
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

/* Reads back what lies between the head and the offer. FL_OK with judgement ACCEPT when it gives the signed
 * root. */
static fl_status recompute(fl_db *db, witness_run *r, fl_error *error)
{
    r->tree = r->head.tree;
    const fl_status status =
        fl_hub_each_row(db, r->head.log_id, r->head.tree.size, r->offered.size, take_row, r);
    if (r->w.bad != UINT64_MAX)
        return fl_error_set(error, FL_E_DAMAGED, "entry %llu at the hub: %s", (unsigned long long)r->w.bad,
                            r->why);
    if (status != FL_OK && status != FL_E_NO)
        return fl_db_failed(db, status, "cannot read back the entries", error);
    if (r->tree.size < r->offered.size) {
        r->w.missing = r->tree.size;
        return fl_error_set(error, FL_E_NO, "entry %llu has not come yet", (unsigned long long)r->w.missing);
    }
    const fl_hash root = fl_tree_root(&r->tree);
    if (fl_hash_same(&root, &r->offered.root)) return r->w.judgement = FL_JUDGE_ACCEPT, FL_OK;
    /* Somebody enrolled delivered other entries than were signed here: two histories, one of them not yet
     * signed. */
    const fl_claim claim = {.root = root};
    r->w.judgement = FL_JUDGE_FORK;
    return accuse(db, r, FL_EVIDENCE_ROWS, r->head.checkpoint, r->note, &claim, error);
}

static fl_status advance(fl_db *db, witness_run *r, fl_error *error)
{
    PGresult *result;
    fl_tree *tree = &r->tree;
    const uint64_t time_s = (uint64_t)(r->clock->utc(r->clock->self).us / 1000000);
    fl_status status = fl_checkpoint_cosign(&r->offered, r->signer, time_s, r->w.line);
    if (status != FL_OK) return fl_error_set(error, status, "cannot cosign");
    fl_arg args[] = {fl_arg_text(r->origin),
                     fl_arg_number(tree->size),
                     fl_arg_bytes(tree->peak, tree->peaks * sizeof(fl_hash)),
                     fl_arg_bytes(r->offered.root.byte, sizeof(fl_hash)),
                     fl_arg_text(r->note),
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
    fl_arg cosig[] = {fl_arg_number(r->head.log_id), fl_arg_number(tree->size), fl_arg_text(r->note),
                      fl_arg_text(r->w.line)};
    status = fl_db_run(db, "INSERT INTO fadeline.cosig VALUES($1, $2, $3, $4)", cosig, 4, NULL);
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
    return accuse(db, r, r->w.judgement == FL_JUDGE_FORK ? FL_EVIDENCE_FORK : FL_EVIDENCE_ROLLBACK, r->note,
                  r->head.checkpoint, &own, error);
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
    if (r->offered.size < head.size) return judge_late(db, r, &head, error);
    const fl_claim nothing = {0};
    const bool claimed = r->claim || r->offered.size == head.size;
    r->w.judgement =
        claimed ? fl_judge_newer(&head, &r->offered, r->claim ? r->claim : &nothing) : FL_JUDGE_ACCEPT;
    switch (r->w.judgement) {
    case FL_JUDGE_SAME: return repeat_line(db, r, error);
    case FL_JUDGE_FORK:
        return accuse(db, r, FL_EVIDENCE_FORK, r->head.checkpoint, r->note, r->claim ? r->claim : &nothing,
                      error);
    case FL_JUDGE_ACCEPT:
        status = recompute(db, r, error);
        return status == FL_OK && r->w.judgement == FL_JUDGE_ACCEPT ? advance(db, r, error) : status;
    default:
        return fl_error_set(error, FL_E_NO, "the consistency proof does not show that the log only grew");
    }
}

static fl_status say_no(const witness_run *r, fl_error *error)
{
    if (r->w.judgement == FL_JUDGE_ROLLBACK) {
        fl_error_set(error, FL_E_NO, "this copy is older: %llu entries, the hub has witnessed %llu",
                     (unsigned long long)r->offered.size, (unsigned long long)r->head.tree.size);
        return fl_error_hint(error,
                             "it was restored, or the disk lost its end. Write nothing more into it: begin "
                             "a new journal, and keep this one");
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

fl_status fl_hub_witness(fl_hub *hub, const char *origin, const char *note, const fl_claim *claim,
                         const fl_signer *witness, const fl_clock *clock, fl_witnessing *witnessing,
                         fl_error *error)
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
    *r = (witness_run){.origin = origin,
                       .note = note,
                       .claim = claim,
                       .signer = witness,
                       .clock = clock ? clock : fl_clock_system()};
    fl_status status = fl_db_transact(&hub->db, judge, r, error);
    if (status == FL_OK && (r->w.frozen || r->w.judgement == FL_JUDGE_ROLLBACK)) status = say_no(r, error);
    *witnessing = r->w;
    if (status != FL_OK) witnessing->line[0] = 0;
    if (r->w.frozen && !r->w.has_evidence)
        witnessing->has_evidence = fl_hub_evidence(hub, &r->head, &witnessing->evidence, NULL) == FL_OK;
    free(r);
    return status;
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
        fl_witnessing w;
        fl_error said = {0};
        fl_hub_head head;
        if (!i || !fl_text_same(offers[i].origin, offers[i - 1].origin)) cosigned->logs++;
        status = fl_hub_find(hub, offers[i].origin, &head, error);
        if (status != FL_OK) break;
        if (head.frozen) continue; /* an earlier offer of this round froze it */
        /* A claim is about the head of its day; later, the rows alone decide. */
        const fl_claim *claim = offers[i].old == head.tree.size ? &offers[i].claim : NULL;
        const fl_status judged =
            fl_hub_witness(hub, offers[i].origin, offers[i].note, claim, witness, clock, &w, &said);
        if (judged == FL_OK)
            cosigned->signed_now++;
        else if (w.judgement == FL_JUDGE_FORK)
            cosigned->forks++;
        else if (w.judgement != FL_JUDGE_ROLLBACK && judged == FL_E_NO)
            cosigned->waiting++;
        else if (judged == FL_E_DAMAGED) { /* one site's rows stop nobody else */
            if (broken.status == FL_OK)
                fl_error_set(&broken, judged, "'%.100s': %.200s", offers[i].origin, said.what);
        } else if (judged != FL_E_NO) {
            status = judged;
            if (error) *error = said;
        }
    }
    free(offers);
    if (status == FL_OK && broken.status != FL_OK && error) *error = broken;
    return status == FL_OK ? broken.status : status;
}
