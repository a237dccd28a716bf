#include "ledger.h"
#include "parcel.h"

#include "fadeline/base/digest.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096 /* leaves */

fl_status fl_ledger_accuse(fl_db *db, const fl_hub_head *head, fl_evidence_kind kind,
                           const fl_evidence *evidence, int64_t now_us)
{
    static const char *const kinds[] = {"", "fork", "rollback"};
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

struct fl_ledger_leaves {
    fl_db *db;
    uint64_t log_id, first, count;
    fl_hash leaf[PAGE];
};

static fl_status fetch(fl_ledger_leaves *p, uint64_t first)
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

fl_status fl_ledger_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    fl_ledger_leaves *p = self;
    if (index < p->first || index >= p->first + p->count) {
        const fl_status status = fetch(p, index);
        if (status != FL_OK) return status;
        if (!p->count) return FL_E_DAMAGED;
    }
    *leaf = p->leaf[index - p->first];
    return FL_OK;
}

fl_status fl_ledger_leaves_new(fl_db *db, uint64_t log_id, fl_ledger_leaves **leaves)
{
    *leaves = calloc(1, sizeof **leaves);
    if (!*leaves) return FL_E_MEMORY;
    (*leaves)->db = db;
    (*leaves)->log_id = log_id;
    return FL_OK;
}

fl_status fl_ledger_own_claim(fl_db *db, const fl_hub_head *head, uint64_t size, fl_claim *claim)
{
    *claim = (fl_claim){0};
    if (!size) return FL_OK;
    fl_ledger_leaves *p;
    fl_status status = fl_ledger_leaves_new(db, head->log_id, &p);
    if (status != FL_OK) return status;
    const fl_leaves leaves = {fl_ledger_leaf, p};
    status = fl_tree_root_of(&leaves, 0, size, &claim->root);
    if (status == FL_OK) status = fl_tree_prove_consistency(&leaves, size, head->tree.size, &claim->proof);
    free(p);
    return status;
}

static bool read_offer(const PGresult *result, int row, fl_ledger_offer *to)
{
    fl_offer *offer = &to->offer;
    size_t root_size, proof_size, names_size;
    const void *root = fl_db_bytes(result, row, 4, &root_size),
               *proof = fl_db_bytes(result, row, 5, &proof_size),
               *names = fl_db_bytes(result, row, 6, &names_size);
    to->size = fl_db_number(result, row, 1);
    offer->old = fl_db_number(result, row, 3);
    offer->count = names_size / sizeof(fl_hash);
    to->nonce = fl_db_number(result, row, 7);
    to->waits_us = fl_db_number(result, row, 8);
    if (!fl_db_text(result, row, 0, to->origin, sizeof to->origin) ||
        !fl_db_text(result, row, 2, offer->note, sizeof offer->note) || root_size != sizeof(fl_hash) ||
        proof_size % sizeof(fl_hash) || proof_size > sizeof offer->claim.proof.hash ||
        names_size != fl_parcel_count(offer->old, to->size) * sizeof(fl_hash))
        return false;
    memcpy(offer->claim.root.byte, root, root_size);
    offer->claim.proof.count = (unsigned)(proof_size / sizeof(fl_hash));
    if (proof_size) memcpy(offer->claim.proof.hash, proof, proof_size);
    if (!names_size) return true;
    if (!(offer->names = malloc(names_size))) return false;
    memcpy(offer->names, names, names_size);
    return true;
}

#define COLUMNS                                                                                              \
    "SELECT l.origin, o.size, o.note, o.old, o.old_root, o.proof, o.names, o.nonce,"                         \
    " (extract(epoch FROM now()) * 1000000)::int8 - o.since_us FROM fadeline.offer o"                        \
    " JOIN fadeline.log l ON l.log_id = o.log_id WHERE "

void fl_ledger_free(fl_ledger_offer *offers, size_t count)
{
    for (size_t i = 0; offers && i < count; i++) free(offers[i].offer.names);
    free(offers);
}

fl_status fl_ledger_read_offers(fl_db *db, const uint64_t *log_id, fl_ledger_offer **offers, size_t *count,
                                fl_error *error)
{
    static const char all[] = COLUMNS "NOT l.frozen ORDER BY o.log_id, o.size, o.since_us, o.nonce",
                      one[] =
                          COLUMNS "o.log_id = $1 AND o.size > l.size ORDER BY o.size, o.since_us, o.nonce";
    PGresult *result;
    fl_arg args[] = {fl_arg_number(log_id ? *log_id : 0)};
    *offers = NULL;
    *count = 0;
    const fl_status status = fl_db_run(db, log_id ? one : all, args, log_id != NULL, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read the checkpoints offered", error);
    const size_t most = (size_t)PQntuples(result);
    fl_ledger_offer *made = calloc(most ? most : 1, sizeof *made);
    if (!made) return PQclear(result), fl_error_set(error, FL_E_MEMORY, "no memory for the offers");
    size_t good = 0;
    for (size_t i = 0; i < most; i++)
        if (read_offer(result, (int)i, &made[good]))
            good++; /* an unusable one is nobody's checkpoint */
        else
            made[good] = (fl_ledger_offer){0};
    PQclear(result);
    *offers = made;
    *count = good;
    return FL_OK;
}

typedef struct reading {
    const uint64_t *log_id;
    fl_ledger_offer *offers;
    size_t count;
} reading;

static fl_status read_offers(fl_db *db, void *self, fl_error *error)
{
    reading *r = self;
    fl_ledger_free(r->offers, r->count); /* of a try whose commit was lost */
    return fl_ledger_read_offers(db, r->log_id, &r->offers, &r->count, error);
}

/* A transaction, though it only reads: beside others a serializable engine may ask for it again. */
fl_status fl_ledger_offers(fl_db *db, const uint64_t *log_id, fl_ledger_offer **offers, size_t *count,
                           fl_error *error)
{
    reading r = {.log_id = log_id};
    const fl_status status = fl_db_transact(db, read_offers, &r, error);
    if (status != FL_OK) {
        fl_ledger_free(r.offers, r.count);
        r = (reading){0};
    }
    *offers = r.offers;
    *count = r.count;
    return status;
}

fl_status fl_ledger_settle(fl_db *db, uint64_t log_id, uint64_t size, const char *note)
{
    fl_arg args[] = {fl_arg_number(log_id), fl_arg_number(size), fl_arg_text(note)};
    return fl_db_run(db, "DELETE FROM fadeline.offer WHERE log_id = $1 AND size = $2 AND note = $3", args, 3,
                     NULL);
}

typedef struct dropping {
    const fl_hub_head *head;
    const fl_ledger_offer *offer;
} dropping;

static fl_status drop_offer(fl_db *db, void *self, fl_error *error)
{
    const dropping *d = self;
    fl_arg args[] = {fl_arg_number(d->head->log_id), fl_arg_number(d->offer->size),
                     fl_arg_number(d->offer->nonce)};
    const fl_status status = fl_db_run(
        db, "DELETE FROM fadeline.offer WHERE log_id = $1 AND size = $2 AND nonce = $3", args, 3, NULL);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot put an offer away", error);
}

fl_status fl_ledger_drop(fl_db *db, const fl_hub_head *head, const fl_ledger_offer *offer, fl_error *error)
{
    dropping d = {head, offer};
    return fl_db_transact(db, drop_offer, &d, error);
}

/* Whole bundles below the head that no offer asks for any more. */
fl_status fl_ledger_tidy(fl_db *db, uint64_t log_id, uint64_t size)
{
    fl_arg args[] = {fl_arg_number(log_id), fl_arg_number(size / FL_BUNDLE * FL_BUNDLE)};
    return fl_db_run(db,
                     "DELETE FROM fadeline.inbox i WHERE i.log_id = $1 AND i.first < $2 AND NOT EXISTS"
                     " (SELECT 1 FROM fadeline.offer o WHERE o.log_id = i.log_id AND o.old <= i.first"
                     " AND o.size > i.first)",
                     args, 2, NULL);
}
