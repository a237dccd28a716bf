#include "take.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

#define INSERT_ROOM (FL_BUNDLE * 32 + 128)
#define SLOT_COPY 1 /* prepared statement of a whole bundle */

/* One statement for a bundle: $1 log, $2 first index, then leaf and data of each. Plain SQL of every engine.
 */
static void write_insert(size_t count, char sql[INSERT_ROOM])
{
    fl_text text = fl_text_in(sql, INSERT_ROOM);
    fl_text_add_word(&text, "INSERT INTO fadeline.entry(log_id, idx, leaf, data) VALUES ");
    for (size_t i = 0; i < count; i++)
        fl_text_add(&text, "%s($1,$2+%zu,$%zu,$%zu)", i ? "," : "", i, 2 * i + 3, 2 * i + 4);
    FL_ASSERT(!text.cut);
}

static fl_status copy(fl_db *db, const fl_taking *t, const fl_parcel *parcel, size_t from, uint64_t index)
{
    fl_arg args[2 + 2 * FL_BUNDLE];
    char sql[INSERT_ROOM];
    const size_t count = parcel->count - from;
    args[0] = fl_arg_number(t->head->log_id);
    args[1] = fl_arg_number(index);
    for (size_t i = 0; i < count; i++) {
        args[2 + 2 * i] = fl_arg_bytes(parcel->leaf[from + i].byte, sizeof(fl_hash));
        args[3 + 2 * i] = fl_arg_bytes(parcel->entry[from + i].bytes, parcel->entry[from + i].size);
    }
    write_insert(count, sql);
    return count == FL_BUNDLE ? fl_db_run_prepared(db, SLOT_COPY, sql, args, 2 + 2 * count, NULL)
                              : fl_db_run(db, sql, args, 2 + 2 * count, NULL);
}

/* Parcel k, as far as it lies beyond the head. Once something signed does not hold, nothing more is copied:
 * the rest is only hashed, to learn whether it really is signed. */
static fl_status take_parcel(fl_db *db, fl_taking *t, size_t k)
{
    PGresult *result;
    fl_parcel parcel;
    uint64_t first, end;
    fl_parcel_span(t->offer->old, t->offered->size, k, &first, &end);
    if (end <= t->tree.size) return FL_OK;
    fl_status status = fl_parcel_fetch(db, t->head->log_id, first, (size_t)(end - first), &t->offer->names[k],
                                       &parcel, &result);
    if (status == FL_E_NO) t->missing = t->tree.size;
    if (status != FL_OK) return status;
    const size_t from = (size_t)(t->tree.size - first);
    const uint64_t begins = t->tree.size;
    for (size_t i = from; i < parcel.count; i++) {
        if (t->bad == UINT64_MAX && !fl_hub_entry_holds(t->head->origin, first + i, parcel.entry[i].bytes,
                                                        parcel.entry[i].size, t->why, sizeof t->why))
            t->bad = first + i;
        fl_tree_append(&t->tree, &parcel.leaf[i]);
    }
    if (t->bad == UINT64_MAX) status = copy(db, t, &parcel, from, begins);
    PQclear(result);
    return status;
}

static fl_status take_all(fl_db *db, fl_taking *t)
{
    fl_status status = FL_OK;
    if (t->offer->count != fl_parcel_count(t->offer->old, t->offered->size)) return FL_E_NO;
    if (t->offer->old > t->head->tree.size) { /* the hub was set back since */
        t->missing = t->head->tree.size;
        return FL_E_NO;
    }
    for (size_t k = 0; k < t->offer->count && status == FL_OK; k++) status = take_parcel(db, t, k);
    if (status != FL_OK) return status;
    const fl_hash root = fl_tree_root(&t->tree);
    if (!fl_hash_same(&root, &t->offered->root)) return FL_E_NO;
    return t->bad == UINT64_MAX ? FL_OK : FL_E_DAMAGED;
}

/* Clears the places of what has not come true, from the first missing one on. */
static fl_status sweep(fl_db *db, const fl_taking *t)
{
    fl_status status = FL_OK;
    if (t->missing < t->offer->old) return FL_OK;
    size_t k = (size_t)(t->missing / FL_BUNDLE - t->offer->old / FL_BUNDLE);
    for (; k < t->offer->count && status == FL_OK; k++) {
        uint64_t first, end;
        fl_parcel_span(t->offer->old, t->offered->size, k, &first, &end);
        status = fl_parcel_sweep(db, t->head->log_id, first, (size_t)(end - first), &t->offer->names[k]);
    }
    return status;
}

fl_status fl_take(fl_db *db, fl_taking *t, fl_error *error)
{
    t->missing = t->bad = UINT64_MAX;
    t->tree = t->head->tree;
    fl_status status = fl_db_do(db, "SAVEPOINT taking");
    if (status != FL_OK) return fl_db_failed(db, status, "cannot take the entries", error);
    status = take_all(db, t);
    if (status == FL_OK) return FL_OK;
    const bool beyond = status == FL_E_DEVICE && fl_text_same(db->state, "23505");
    if (status != FL_E_NO && status != FL_E_DAMAGED && !beyond)
        return fl_db_failed(db, status, "cannot take the entries", error);
    const fl_status back = fl_db_do(db, "ROLLBACK TO SAVEPOINT taking");
    if (back != FL_OK) return fl_db_failed(db, back, "cannot take the entries", error);
    if (beyond) {
        fl_error_set(error, FL_E_DAMAGED, "there are entries beyond the %llu that were ever witnessed",
                     (unsigned long long)t->head->tree.size);
        return fl_error_hint(error, "only the owner of the tables can have put them there or set the head "
                                    "back: fadeline hub verify, and then he removes them");
    }
    if (status == FL_E_DAMAGED)
        return fl_error_set(error, status, "entry %llu is signed for: %s", (unsigned long long)t->bad,
                            t->why);
    const fl_status swept = t->missing != UINT64_MAX ? sweep(db, t) : FL_OK;
    return swept == FL_OK ? status : fl_db_failed(db, swept, "cannot clear the inbox", error);
}

/* The offerer's history: below `old` it is the hub's, from there on his own parcels. */
typedef struct history {
    fl_ledger_leaves *below;
    fl_hash *above;
    uint64_t old, size;
} history;

static fl_status read_history(void *self, uint64_t index, fl_hash *leaf)
{
    const history *h = self;
    if (index < h->old) return fl_ledger_leaf(h->below, index, leaf);
    *leaf = h->above[index - h->old];
    return FL_OK;
}

static fl_status gather(fl_db *db, const fl_taking *t, history *h)
{
    for (size_t k = 0; k < t->offer->count; k++) {
        PGresult *result;
        fl_parcel parcel;
        uint64_t first, end;
        fl_parcel_span(t->offer->old, t->offered->size, k, &first, &end);
        fl_hash *more = realloc(h->above, (size_t)(end - h->old) * sizeof *more);
        if (!more) return FL_E_MEMORY;
        h->above = more;
        const fl_status status = fl_parcel_fetch(db, t->head->log_id, first, (size_t)(end - first),
                                                 &t->offer->names[k], &parcel, &result);
        if (status != FL_OK) return status;
        memcpy(&h->above[first - h->old], parcel.leaf, parcel.count * sizeof(fl_hash));
        PQclear(result);
    }
    return FL_OK;
}

fl_status fl_take_against(fl_db *db, const fl_taking *t, fl_claim *claim)
{
    history h = {.old = t->offer->old, .size = t->offered->size};
    const fl_leaves leaves = {read_history, &h};
    const uint64_t head = t->head->tree.size;
    *claim = (fl_claim){0};
    if (h.old >= head || t->offer->count != fl_parcel_count(h.old, h.size)) return FL_E_NO;
    fl_status status = fl_ledger_leaves_new(db, t->head->log_id, &h.below);
    if (status == FL_OK) status = gather(db, t, &h);
    if (status == FL_OK) status = fl_tree_root_of(&leaves, 0, head, &claim->root);
    if (status == FL_OK) status = fl_tree_prove_consistency(&leaves, head, h.size, &claim->proof);
    free(h.above);
    free(h.below);
    return status;
}
