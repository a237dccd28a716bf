/* Receive: entries go in, once. What is there is compared and never written again. */
#include "handle.h"

#include "fadeline/hub/push.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSERT_ROOM (FL_BUNDLE * 32 + 128)
#define SLOT_PLAIN 0 /* prepared statements of a whole bundle */
#define SLOT_CAREFUL 1

typedef struct receiving {
    const fl_hub_head *head;
    uint64_t start;
    const fl_bytes *entries;
    size_t count;
    fl_hash *leaves;
    bool
        careful; /* some of it may be there: skip what is, then compare. A third slower than a plain insert */
    uint64_t known, first_other;
} receiving;

/* One statement for a bundle: $1 log, $2 first index, then leaf and data of each. Plain SQL of every engine.
 */
static void write_insert(size_t count, bool careful, char sql[INSERT_ROOM])
{
    fl_text text = fl_text_in(sql, INSERT_ROOM);
    fl_text_add_word(&text, "INSERT INTO fadeline.entry(log_id, idx, leaf, data) VALUES ");
    for (size_t i = 0; i < count; i++)
        fl_text_add(&text, "%s($1,$2+%zu,$%zu,$%zu)", i ? "," : "", i, 2 * i + 3, 2 * i + 4);
    if (careful) fl_text_add_word(&text, " ON CONFLICT (log_id, idx) DO NOTHING");
    FL_ASSERT(!text.cut);
}

/* Rows that were there already are compared with what came now. */
static fl_status compare(fl_db *db, receiving *r, size_t at, size_t count, fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(r->head->log_id), fl_arg_number(r->start + at),
                     fl_arg_number(r->start + at + count)};
    fl_status status = fl_db_run(
        db, "SELECT idx, leaf FROM fadeline.entry WHERE log_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx",
        args, 3, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read back the entries", error);
    for (int i = 0; i < PQntuples(result) && status == FL_OK; i++) {
        size_t size;
        const uint64_t index = fl_db_number(result, i, 0);
        const void *leaf = fl_db_bytes(result, i, 1, &size);
        if (size == sizeof(fl_hash) && memcmp(leaf, r->leaves[index - r->start].byte, size) == 0) continue;
        r->first_other = index;
        status =
            fl_error_set(error, FL_E_NO, "entry %llu is another one at the hub", (unsigned long long)index);
    }
    PQclear(result);
    return status;
}

static fl_status put_bundle(fl_db *db, receiving *r, size_t at, size_t count, fl_error *error)
{
    fl_arg args[2 + 2 * FL_BUNDLE];
    char sql[INSERT_ROOM];
    PGresult *result = NULL;
    args[0] = fl_arg_number(r->head->log_id);
    args[1] = fl_arg_number(r->start + at);
    for (size_t i = 0; i < count; i++) {
        args[2 + 2 * i] = fl_arg_bytes(r->leaves[at + i].byte, sizeof(fl_hash));
        args[3 + 2 * i] = fl_arg_bytes(r->entries[at + i].bytes, r->entries[at + i].size);
    }
    write_insert(count, r->careful, sql);
    const fl_status status = count == FL_BUNDLE
                                 ? fl_db_run_prepared(db, r->careful ? SLOT_CAREFUL : SLOT_PLAIN, sql, args,
                                                      2 + 2 * count, &result)
                                 : fl_db_run(db, sql, args, 2 + 2 * count, &result);
    if (status == FL_E_DEVICE && fl_text_same(db->state, "23505") && !r->careful) {
        r->careful = true; /* once more from the beginning, looking */
        return FL_E_NO;
    }
    if (status != FL_OK) return fl_db_failed(db, status, "the hub does not take the entries", error);
    uint64_t put = 0;
    if (fl_read_u64(PQcmdTuples(result), &put) != FL_OK) put = 0;
    PQclear(result);
    if (put == count) return FL_OK;
    r->known += count - put;
    return compare(db, r, at, count, error);
}

static fl_status receive(fl_db *db, void *self, fl_error *error)
{
    receiving *r = self;
    fl_status status = FL_OK;
    r->known = 0;
    for (size_t at = 0; at < r->count && status == FL_OK;) {
        const size_t to_edge = FL_BUNDLE - (size_t)((r->start + at) % FL_BUNDLE);
        const size_t count = r->count - at < to_edge ? r->count - at : to_edge;
        status = put_bundle(db, r, at, count, error);
        at += count;
    }
    return status;
}

fl_status fl_hub_receive(fl_hub *hub, const fl_hub_head *head, uint64_t start, const fl_bytes *entries,
                         size_t count, uint64_t *known, uint64_t *first_other, fl_error *error)
{
    receiving r = {.head = head,
                   .start = start,
                   .entries = entries,
                   .count = count,
                   .careful = start < head->next,
                   .first_other = UINT64_MAX};
    char why[120];
    FL_ASSERT(count <= FL_BUNDLE * FL_BUNDLES);
    if (!count) return *known = 0, FL_OK;
    if (!(r.leaves = malloc(count * sizeof *r.leaves))) return fl_error_set(error, FL_E_MEMORY, "no memory");
    fl_status status = FL_OK;
    for (size_t i = 0; i < count && status == FL_OK; i++) {
        if (!fl_hub_entry_holds(head->origin, start + i, entries[i].bytes, entries[i].size, why, sizeof why))
            status =
                fl_error_set(error, FL_E_DAMAGED, "entry %llu: %s", (unsigned long long)(start + i), why);
        else
            r.leaves[i] = fl_tree_leaf(entries[i].bytes, entries[i].size);
    }
    const bool careful = r.careful;
    if (status == FL_OK) status = fl_db_transact(&hub->db, receive, &r, error);
    if (status == FL_E_NO && r.careful && !careful) status = fl_db_transact(&hub->db, receive, &r, error);
    free(r.leaves);
    *known = r.known;
    *first_other = r.first_other;
    return status;
}

typedef struct offering {
    const fl_hub_head *head;
    const char *note;
    fl_checkpoint checkpoint;
    const fl_claim *claim;
} offering;

static fl_status put_offer(fl_db *db, void *self, fl_error *error)
{
    const offering *o = self;
    fl_arg args[] = {fl_arg_number(o->head->log_id),
                     fl_arg_number(o->checkpoint.size),
                     fl_arg_bytes(o->checkpoint.root.byte, sizeof(fl_hash)),
                     fl_arg_text(o->note),
                     fl_arg_number(o->head->tree.size),
                     fl_arg_bytes(o->claim->root.byte, sizeof(fl_hash)),
                     fl_arg_bytes(o->claim->proof.hash, o->claim->proof.count * sizeof(fl_hash))};
    const fl_status status =
        fl_db_run(db, "INSERT INTO fadeline.offer VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                  args, 7, NULL);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "the hub does not take the checkpoint", error);
}

fl_status fl_hub_offer(fl_hub *hub, const fl_hub_head *head, const char *note, const fl_claim *claim,
                       fl_error *error)
{
    offering o = {.head = head, .note = note, .claim = claim};
    fl_vkey key;
    if (fl_vkey_read(head->vkey, &key) != FL_OK ||
        fl_checkpoint_open(note, strlen(note), &key, &o.checkpoint) != FL_OK)
        return fl_error_set(error, FL_E_NO,
                            "the checkpoint is not signed by the key the log is enrolled with");
    return fl_db_transact(&hub->db, put_offer, &o, error);
}
