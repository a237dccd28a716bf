#include "parcel.h"

#include <string.h>

#define SLOT_FETCH 2

size_t fl_parcel_count(uint64_t old, uint64_t size)
{
    return old < size ? (size_t)((size - 1) / FL_BUNDLE - old / FL_BUNDLE + 1) : 0;
}

void fl_parcel_span(uint64_t old, uint64_t size, size_t k, uint64_t *first, uint64_t *end)
{
    const uint64_t bundle = old / FL_BUNDLE + k, edge = (bundle + 1) * FL_BUNDLE;
    *first = k ? bundle * FL_BUNDLE : old;
    *end = edge < size ? edge : size;
}

fl_hash fl_parcel_name(const fl_hash *leaves, size_t count)
{
    fl_tree tree = {0};
    for (size_t i = 0; i < count; i++) fl_tree_append(&tree, &leaves[i]);
    return fl_tree_root(&tree);
}

fl_status fl_parcel_open(const void *packed, size_t size, size_t count, const fl_hash *name,
                         fl_parcel *parcel)
{
    const uint8_t *at = packed, *const end = at + size;
    if (!packed || !count || count > FL_BUNDLE) return FL_E_DAMAGED;
    parcel->count = count;
    for (size_t i = 0; i < count; i++) {
        if (end - at < 2) return FL_E_DAMAGED;
        const size_t length = (size_t)at[0] << 8 | at[1];
        if (length < 2 || (size_t)(end - at) < 2 + length) return FL_E_DAMAGED;
        parcel->entry[i] = (fl_bytes){at + 2, length};
        parcel->leaf[i] = fl_tree_leaf(at + 2, length);
        at += 2 + length;
    }
    const fl_hash root = fl_parcel_name(parcel->leaf, count);
    return at == end && fl_hash_same(&root, name) ? FL_OK : FL_E_DAMAGED;
}

static fl_status look(fl_db *db, uint64_t log_id, uint64_t first, const fl_hash *name, PGresult **result)
{
    fl_arg args[] = {fl_arg_number(log_id), fl_arg_number(first), fl_arg_bytes(name->byte, sizeof *name)};
    return fl_db_run_prepared(
        db, SLOT_FETCH,
        "SELECT data, nonce FROM fadeline.inbox WHERE log_id = $1 AND first = $2 AND name = $3", args, 3,
        result);
}

fl_status fl_parcel_fetch(fl_db *db, uint64_t log_id, uint64_t first, size_t count, const fl_hash *name,
                          fl_parcel *parcel, PGresult **result)
{
    const fl_status status = look(db, log_id, first, name, result);
    if (status != FL_OK) return status;
    for (int i = 0; i < PQntuples(*result); i++) {
        size_t size;
        const void *packed = fl_db_bytes(*result, i, 0, &size);
        if (fl_parcel_open(packed, size, count, name, parcel) == FL_OK) return FL_OK;
    }
    PQclear(*result);
    *result = NULL;
    return FL_E_NO;
}

fl_status fl_parcel_sweep(fl_db *db, uint64_t log_id, uint64_t first, size_t count, const fl_hash *name)
{
    PGresult *result;
    fl_parcel parcel;
    fl_status status = look(db, log_id, first, name, &result);
    if (status != FL_OK) return status;
    for (int i = 0; i < PQntuples(result) && status == FL_OK; i++) {
        size_t size;
        const void *packed = fl_db_bytes(result, i, 0, &size);
        if (fl_parcel_open(packed, size, count, name, &parcel) == FL_OK) continue; /* it has come just now */
        fl_arg args[] = {fl_arg_number(log_id), fl_arg_number(first), fl_arg_bytes(name->byte, sizeof *name),
                         fl_arg_number(fl_db_number(result, i, 1))};
        status = fl_db_run(
            db, "DELETE FROM fadeline.inbox WHERE log_id = $1 AND first = $2 AND name = $3 AND nonce = $4",
            args, 4, NULL);
    }
    PQclear(result);
    return status;
}
