/* Receive: the site's side of the tables. What it puts there are proposals; sending one twice puts it once.
 */
#include "parcel.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOT_PUT 0

typedef struct receiving {
    const fl_hub_head *head;
    uint64_t start;
    const fl_bytes *entries;
    size_t count;
    fl_hash *leaves;
    uint8_t *room; /* of one parcel */
    uint64_t nonce, known;
} receiving;

static size_t pack(const receiving *r, size_t at, size_t count)
{
    uint8_t *to = r->room;
    for (size_t i = at; i < at + count; i++) {
        const size_t size = r->entries[i].size;
        *to++ = (uint8_t)(size >> 8);
        *to++ = (uint8_t)size;
        memcpy(to, r->entries[i].bytes, size);
        to += size;
    }
    return (size_t)(to - r->room);
}

static fl_status is_there(fl_db *db, const fl_arg key[4], const fl_arg *data, bool *same)
{
    PGresult *result;
    size_t size;
    fl_arg args[] = {key[0], key[1], key[2], key[3]};
    const fl_status status = fl_db_run(
        db, "SELECT data FROM fadeline.inbox WHERE log_id = $1 AND first = $2 AND name = $3 AND nonce = $4",
        args, 4, &result);
    if (status != FL_OK) return status;
    const void *bytes = PQntuples(result) == 1 ? fl_db_bytes(result, 0, 0, &size) : NULL;
    *same = bytes && size == data->size && memcmp(bytes, data->bytes, size) == 0;
    PQclear(result);
    return FL_OK;
}

/* A row that is there under this key and says something else is somebody's who wants to be in the way: ours
 * goes beside it. */
static fl_status put_parcel(fl_db *db, receiving *r, size_t at, size_t count, fl_error *error)
{
    static const char insert[] = "INSERT INTO fadeline.inbox(log_id, first, name, nonce, data)"
                                 " VALUES($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    const fl_hash name = fl_parcel_name(r->leaves + at, count);
    fl_arg args[] = {fl_arg_number(r->head->log_id), fl_arg_number(r->start + at),
                     fl_arg_bytes(name.byte, sizeof name), fl_arg_number(0),
                     fl_arg_bytes(r->room, pack(r, at, count))};
    PGresult *result = NULL;
    bool same = false;
    fl_status status = fl_db_run_prepared(db, SLOT_PUT, insert, args, 5, &result);
    const bool put = status == FL_OK && strcmp(PQcmdTuples(result), "1") == 0;
    PQclear(result);
    if (status == FL_OK && !put) status = is_there(db, args, &args[4], &same);
    if (same) r->known += count;
    if (status == FL_OK && !put && !same) {
        args[3] = fl_arg_number(r->nonce);
        status = fl_db_run_prepared(db, SLOT_PUT, insert, args, 5, NULL);
    }
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "the hub does not take the entries", error);
}

static fl_status receive(fl_db *db, void *self, fl_error *error)
{
    receiving *r = self;
    fl_status status = FL_OK;
    r->known = 0;
    for (size_t at = 0; at < r->count && status == FL_OK;) {
        const size_t to_edge = FL_BUNDLE - (size_t)((r->start + at) % FL_BUNDLE);
        const size_t count = r->count - at < to_edge ? r->count - at : to_edge;
        status = put_parcel(db, r, at, count, error);
        at += count;
    }
    return status;
}

/* A number for the key of a row; chosen outside the transaction, which may run again. */
static fl_status choose_nonce(uint64_t *nonce, fl_error *error)
{
    if (fl_random_secret(nonce, sizeof *nonce) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    *nonce &= INT64_MAX;
    return FL_OK;
}

static fl_status check_entries(receiving *r, size_t *most, fl_error *error)
{
    char why[120];
    size_t sum = 0;
    *most = 0;
    for (size_t i = 0; i < r->count; i++) {
        const fl_bytes *e = &r->entries[i];
        if ((r->start + i) % FL_BUNDLE == 0) sum = 0;
        if (!fl_hub_entry_holds(r->head->origin, r->start + i, e->bytes, e->size, why, sizeof why))
            return fl_error_set(error, FL_E_DAMAGED, "entry %llu: %s", (unsigned long long)(r->start + i),
                                why);
        r->leaves[i] = fl_tree_leaf(e->bytes, e->size);
        sum += 2 + e->size;
        if (sum > *most) *most = sum;
    }
    return FL_OK;
}

fl_status fl_hub_receive(fl_hub *hub, const fl_hub_head *head, uint64_t start, const fl_bytes *entries,
                         size_t count, uint64_t *known, fl_error *error)
{
    receiving r = {.head = head, .start = start, .entries = entries, .count = count};
    size_t most;
    FL_ASSERT(count <= FL_BUNDLE * FL_BUNDLES);
    *known = 0;
    if (!count) return FL_OK;
    if (!(r.leaves = malloc(count * sizeof *r.leaves))) return fl_error_set(error, FL_E_MEMORY, "no memory");
    fl_status status = check_entries(&r, &most, error);
    if (status == FL_OK) status = choose_nonce(&r.nonce, error);
    if (status == FL_OK && !(r.room = malloc(most))) status = fl_error_set(error, FL_E_MEMORY, "no memory");
    if (status == FL_OK) status = fl_db_transact(&hub->db, receive, &r, error);
    free(r.room);
    free(r.leaves);
    *known = r.known;
    return status;
}

typedef struct offering {
    const fl_hub_head *head;
    const fl_offer *offer;
    uint64_t size, nonce;
} offering;

/* The same offer a second time says nothing new, and waits since the first. */
static fl_status put_offer(fl_db *db, void *self, fl_error *error)
{
    const offering *o = self;
    const fl_offer *offer = o->offer;
    const fl_claim *claim = &offer->claim;
    PGresult *result = NULL;
    fl_arg args[] = {fl_arg_number(o->head->log_id),
                     fl_arg_number(o->size),
                     fl_arg_text(offer->note),
                     fl_arg_number(offer->old),
                     fl_arg_bytes(claim->root.byte, sizeof(fl_hash)),
                     fl_arg_bytes(claim->proof.hash, claim->proof.count * sizeof(fl_hash)),
                     fl_arg_bytes(offer->names, offer->count * sizeof(fl_hash)),
                     fl_arg_number(o->nonce)};
    fl_status status =
        fl_db_run(db,
                  "SELECT nonce FROM fadeline.offer WHERE log_id = $1 AND size = $2 AND note = $3 AND old = "
                  "$4 AND old_root = $5 AND proof = $6 AND names = $7 LIMIT 1",
                  args, 7, &result);
    const bool there = status == FL_OK && PQntuples(result) == 1;
    PQclear(result);
    if (status == FL_OK && !there)
        status =
            fl_db_run(db,
                      "INSERT INTO fadeline.offer(log_id, size, note, old, old_root, proof, names, nonce)"
                      " VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                      args, 8, NULL);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "the hub does not take the checkpoint", error);
}

fl_status fl_hub_offer(fl_hub *hub, const fl_hub_head *head, const fl_offer *offer, fl_error *error)
{
    offering o = {.head = head, .offer = offer};
    fl_checkpoint checkpoint;
    fl_vkey key;
    if (fl_vkey_read(head->vkey, &key) != FL_OK ||
        fl_checkpoint_open(offer->note, strlen(offer->note), &key, &checkpoint) != FL_OK)
        return fl_error_set(error, FL_E_NO,
                            "the checkpoint is not signed by the key the log is enrolled with");
    o.size = checkpoint.size;
    const fl_status status = choose_nonce(&o.nonce, error);
    return status == FL_OK ? fl_db_transact(&hub->db, put_offer, &o, error) : status;
}
