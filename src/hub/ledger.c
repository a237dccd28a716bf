#include "ledger.h"

#include "fadeline/base/digest.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096 /* leaves */

fl_status fl_ledger_accuse(fl_db *db, const fl_hub_head *head, fl_evidence_kind kind,
                           const fl_evidence *evidence, int64_t now_us)
{
    static const char *const kinds[] = {"", "fork", "rows", "rollback"};
    uint8_t id[FL_SHA256_SIZE];
    const fl_piece pieces[] = {{kinds[kind], strlen(kinds[kind])},
                               {evidence->older, strlen(evidence->older)},
                               {evidence->newer, strlen(evidence->newer)}};
    fl_sha256_pieces(pieces, 3, id);
    fl_arg args[] = {fl_arg_number(head->log_id),
                     fl_arg_bytes(id, sizeof id),
                     fl_arg_text(kinds[kind]),
                     fl_arg_text(evidence->older),
                     fl_arg_text(evidence->newer),
                     fl_arg_bytes(evidence->claim.root.byte, sizeof(fl_hash)),
                     fl_arg_bytes(evidence->claim.proof.hash, evidence->claim.proof.count * sizeof(fl_hash)),
                     fl_arg_number((uint64_t)now_us)};
    fl_status status = fl_db_run(
        db, "INSERT INTO fadeline.evidence VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        args, 8, NULL);
    if (status != FL_OK || kind == FL_EVIDENCE_ROLLBACK) return status;
    fl_arg which[] = {fl_arg_text(head->origin)};
    return fl_db_run(db, "UPDATE fadeline.log SET frozen = true WHERE origin = $1", which, 1, NULL);
}

/* Leaf hashes out of the rows, a page at a time: proofs read them in order, in a few runs. */
typedef struct pages {
    fl_db *db;
    uint64_t log_id, first, count;
    fl_hash leaf[PAGE];
} pages;

static fl_status fetch(pages *p, uint64_t first)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(p->log_id), fl_arg_number(first), fl_arg_number(first + PAGE)};
    fl_status status = fl_db_run(
        p->db,
        "SELECT idx, leaf FROM fadeline.entry WHERE log_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx",
        args, 3, &result);
    if (status != FL_OK) return status;
    p->first = first;
    p->count = 0;
    for (int i = 0; i < PQntuples(result); i++) {
        size_t size;
        const void *leaf = fl_db_bytes(result, i, 1, &size);
        if (fl_db_number(result, i, 0) != first + p->count || size != sizeof(fl_hash)) break;
        memcpy(p->leaf[p->count++].byte, leaf, size);
    }
    PQclear(result);
    return FL_OK;
}

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    pages *p = self;
    if (index < p->first || index >= p->first + p->count) {
        const fl_status status = fetch(p, index);
        if (status != FL_OK) return status;
        if (!p->count) return FL_E_DAMAGED;
    }
    *leaf = p->leaf[index - p->first];
    return FL_OK;
}

fl_status fl_ledger_own_claim(fl_db *db, const fl_hub_head *head, uint64_t size, fl_claim *claim)
{
    *claim = (fl_claim){0};
    if (!size) return FL_OK;
    pages *p = calloc(1, sizeof *p);
    if (!p) return FL_E_MEMORY;
    p->db = db;
    p->log_id = head->log_id;
    const fl_leaves leaves = {read_leaf, p};
    fl_status status = fl_tree_root_of(&leaves, 0, size, &claim->root);
    if (status == FL_OK) status = fl_tree_prove_consistency(&leaves, size, head->tree.size, &claim->proof);
    free(p);
    return status;
}

static bool read_offer(const PGresult *result, int row, fl_ledger_offer *offer)
{
    size_t root_size, proof_size;
    const void *root = fl_db_bytes(result, row, 4, &root_size),
               *proof = fl_db_bytes(result, row, 5, &proof_size);
    offer->size = fl_db_number(result, row, 1);
    offer->old = fl_db_number(result, row, 3);
    offer->late = fl_db_number(result, row, 6) != 0;
    if (!fl_db_text(result, row, 0, offer->origin, sizeof offer->origin) ||
        !fl_db_text(result, row, 2, offer->note, sizeof offer->note) || root_size != sizeof(fl_hash) ||
        proof_size % sizeof(fl_hash) || proof_size > sizeof offer->claim.proof.hash)
        return false;
    memcpy(offer->claim.root.byte, root, root_size);
    offer->claim.proof.count = (unsigned)(proof_size / sizeof(fl_hash));
    if (proof_size) memcpy(offer->claim.proof.hash, proof, proof_size);
    return true;
}

#define COLUMNS "SELECT l.origin, o.size, o.note, o.old, o.old_root, o.proof, o.size <= l.size"
#define FROM " FROM fadeline.offer o JOIN fadeline.log l ON l.log_id = o.log_id WHERE "

typedef struct reading {
    const uint64_t *log_id;
    fl_ledger_offer *offers;
    size_t count;
} reading;

static fl_status read_offers(fl_db *db, void *self, fl_error *error)
{
    reading *r = self;
    const uint64_t *log_id = r->log_id;
    free(r->offers); /* of a try whose commit was lost */
    r->offers = NULL;
    /* An offer that is not beyond the head, at a size that was never cosigned, came late: from an older copy,
     * or from another history. Judged once; the evidence remembers. */
    static const char all[] =
        COLUMNS FROM "NOT l.frozen AND (o.size > l.size OR (NOT EXISTS (SELECT 1 FROM fadeline.cosig c"
                     " WHERE c.log_id = o.log_id AND c.size = o.size AND c.note = o.note) AND NOT EXISTS"
                     " (SELECT 1 FROM fadeline.evidence v WHERE v.log_id = o.log_id AND v.older = o.note)))"
                     " ORDER BY o.log_id, o.size";
    static const char one[] = COLUMNS FROM "o.log_id = $1 AND o.size > l.size ORDER BY o.size";
    PGresult *result;
    fl_arg args[] = {fl_arg_number(log_id ? *log_id : 0)};
    const fl_status status = fl_db_run(db, log_id ? one : all, args, log_id != NULL, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the checkpoints offered", error);
    const size_t most = (size_t)PQntuples(result);
    fl_ledger_offer *made = calloc(most ? most : 1, sizeof *made);
    if (!made) return PQclear(result), fl_error_set(error, FL_E_MEMORY, "no memory for the offers");
    size_t good = 0;
    for (size_t i = 0; i < most; i++)
        if (read_offer(result, (int)i, &made[good])) good++; /* an unusable one is nobody's checkpoint */
    PQclear(result);
    r->offers = made;
    r->count = good;
    return FL_OK;
}

/* A transaction, though it only reads: beside others a serializable engine may ask for it again. */
fl_status fl_ledger_offers(fl_db *db, const uint64_t *log_id, fl_ledger_offer **offers, size_t *count,
                           fl_error *error)
{
    reading r = {.log_id = log_id};
    const fl_status status = fl_db_transact(db, read_offers, &r, error);
    if (status != FL_OK) free(r.offers);
    *offers = status == FL_OK ? r.offers : NULL;
    *count = status == FL_OK ? r.count : 0;
    return status;
}
