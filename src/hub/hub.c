#include "handle.h"
#include "schema.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct making {
    const fl_vkey *witness;
    fl_hub_about about;
} making;

static fl_status make(fl_db *db, void *self, fl_error *error)
{
    making *m = self;
    char vkey[FL_VKEY_TEXT_MAX];
    m->about = (fl_hub_about){0};
    fl_error nothing = {0};
    fl_status status = fl_schema_look(db, &m->about, &nothing);
    if (status == FL_E_NO && !nothing.what[0]) return fl_schema_make(db, m->witness, &m->about, error);
    if (status != FL_OK) {
        if (error) *error = nothing;
        return status;
    }
    if (fl_text_same(fl_vkey_text(m->witness, vkey), m->about.vkey)) return FL_OK;
    fl_error_set(error, FL_E_NO, "this database has a hub already, '%s', with another key", m->about.name);
    return fl_error_hint(error, "its key file belongs to it; a second hub wants a second database");
}

static void name_server(const fl_db *db, fl_hub_about *about)
{
    const char *version = PQparameterStatus(db->conn, "server_version");
    snprintf(about->server, sizeof about->server, "PostgreSQL %.60s", version ? version : "protocol");
}

fl_status fl_hub_init(const char *uri, const fl_vkey *witness, fl_hub_about *about, fl_error *error)
{
    fl_db db;
    making m = {.witness = witness};
    if (witness->type != FL_KEY_COSIGNER)
        return fl_error_set(error, FL_E_FILE, "a hub's key is one for cosignatures");
    fl_status status = fl_db_open(&db, uri, 0, error);
    if (status != FL_OK) return status;
    status = fl_db_transact(&db, make, &m, error);
    if (status == FL_OK) {
        name_server(&db, &m.about);
        *about = m.about;
    }
    fl_db_close(&db);
    return status;
}

static fl_status look_again(fl_db *db, void *self, fl_error *error)
{
    fl_error looked = {0};
    const fl_status status = fl_schema_look(db, self, &looked);
    if (status == FL_E_NO && !looked.what[0]) {
        fl_error_set(&looked, status, "there is no hub in this database");
        fl_error_hint(&looked,
                      "its owner makes one: fadeline hub init --db URI --name hub.example/witness-1");
    }
    if (status != FL_OK && error) *error = looked;
    return status;
}

fl_status fl_hub_open(const char *uri, unsigned attempts, fl_hub **hub, fl_error *error)
{
    fl_hub *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for a hub");
    fl_status status = fl_db_open(&made->db, uri, attempts, error);
    if (status == FL_OK) status = fl_db_transact(&made->db, look_again, &made->about, error);
    if (status == FL_OK) {
        name_server(&made->db, &made->about);
        *hub = made;
    } else
        fl_hub_close(made);
    return status;
}

void fl_hub_close(fl_hub *hub)
{
    if (!hub) return;
    fl_db_close(&hub->db);
    free(hub);
}

const fl_hub_about *fl_hub_what(const fl_hub *hub)
{
    return &hub->about;
}

uint64_t fl_hub_log_id(const char *origin)
{
    uint8_t digest[FL_SHA256_SIZE];
    uint64_t id = 0;
    fl_sha256(origin, strlen(origin), digest);
    for (int i = 0; i < 8; i++) id = id << 8 | digest[i];
    return id;
}

fl_status fl_hub_read_head(const PGresult *result, int row, fl_hub_head *head, fl_error *error)
{
    size_t range_size, root_size;
    const void *range = fl_db_bytes(result, row, 4, &range_size);
    const void *root = fl_db_bytes(result, row, 5, &root_size);
    *head = (fl_hub_head){0};
    bool good = fl_db_text(result, row, 0, head->origin, sizeof head->origin) &&
                fl_db_text(result, row, 1, head->vkey, sizeof head->vkey) &&
                fl_db_text(result, row, 2, head->site, sizeof head->site) &&
                fl_db_text(result, row, 6, head->checkpoint, sizeof head->checkpoint);
    head->log_id = fl_hub_log_id(head->origin);
    head->tree.size = fl_db_number(result, row, 3);
    head->tree.peaks = (unsigned)__builtin_popcountll(head->tree.size);
    good = good && range && root && range_size == head->tree.peaks * sizeof(fl_hash) &&
           root_size == sizeof head->root && head->tree.size <= INT64_MAX;
    if (!good)
        return fl_error_set(error, FL_E_DAMAGED, "the hub's row of log '%s' does not fit its own size",
                            head->origin);
    if (range_size) memcpy(head->tree.peak, range, range_size);
    memcpy(head->root.byte, root, sizeof head->root);
    head->frozen = fl_db_number(result, row, 7) != 0;
    return FL_OK;
}

fl_checkpoint fl_hub_head_checkpoint(const fl_hub_head *head)
{
    fl_checkpoint checkpoint = {.size = head->tree.size, .root = head->root};
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", head->origin);
    return checkpoint;
}

typedef struct looking {
    const char *origin;
    fl_hub_head head, *all;
    size_t count;
} looking;

static fl_status look(fl_db *db, void *self, fl_error *error)
{
    looking *l = self;
    PGresult *result;
    fl_arg args[] = {fl_arg_text(l->origin)};
    fl_status status =
        fl_db_run(db, "SELECT " FL_HEAD_COLUMNS " FROM fadeline.log l WHERE l.origin = $1", args, 1, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot ask the hub about the log", error);
    if (PQntuples(result) == 1)
        status = fl_hub_read_head(result, 0, &l->head, error);
    else {
        status = fl_error_set(error, FL_E_NO, "the hub does not know the log '%s'", l->origin);
        fl_error_hint(error, "its owner enrols it: fadeline hub enrol ORIGIN VKEY SITE --db URI");
    }
    PQclear(result);
    return status;
}

fl_status fl_hub_find(fl_hub *hub, const char *origin, fl_hub_head *head, fl_error *error)
{
    looking l = {.origin = origin};
    const fl_status status = fl_db_transact(&hub->db, look, &l, error);
    if (status == FL_OK) *head = l.head;
    return status;
}

static fl_status look_at_all(fl_db *db, void *self, fl_error *error)
{
    looking *l = self;
    PGresult *result;
    free(l->all); /* of an attempt that came to nothing */
    l->all = NULL;
    fl_status status = fl_db_run(
        db, "SELECT " FL_HEAD_COLUMNS " FROM fadeline.log l ORDER BY l.site, l.origin", NULL, 0, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot ask the hub about its logs", error);
    l->count = (size_t)PQntuples(result);
    l->all = calloc(l->count ? l->count : 1, sizeof *l->all);
    if (!l->all) status = fl_error_set(error, FL_E_MEMORY, "no memory for the logs");
    for (size_t i = 0; i < l->count && status == FL_OK; i++)
        status = fl_hub_read_head(result, (int)i, &l->all[i], error);
    PQclear(result);
    return status;
}

fl_status fl_hub_logs(fl_hub *hub, fl_hub_head **heads, size_t *count, fl_error *error)
{
    looking l = {0};
    const fl_status status = fl_db_transact(&hub->db, look_at_all, &l, error);
    if (status != FL_OK) return free(l.all), status;
    *heads = l.all;
    *count = l.count;
    return FL_OK;
}

fl_status fl_hub_cosigned(fl_hub *hub, const fl_hub_head *head,
                          char note[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX], fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(head->log_id)};
    fl_status status = fl_db_run(&hub->db,
                                 "SELECT note || line FROM fadeline.cosig WHERE log_id = $1"
                                 " ORDER BY size DESC LIMIT 1",
                                 args, 1, &result);
    if (status != FL_OK) return fl_db_failed(&hub->db, status, "cannot read the cosignatures", error);
    if (PQntuples(result) != 1)
        status = fl_error_set(error, FL_E_NO, "the hub has not cosigned anything of this log yet");
    else if (!fl_db_text(result, 0, 0, note, FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX))
        status = fl_error_set(error, FL_E_DAMAGED, "the stored cosignature is unusable");
    PQclear(result);
    return status;
}

fl_status fl_hub_evidence(fl_hub *hub, const fl_hub_head *head, fl_evidence *evidence, fl_error *error)
{
    PGresult *result;
    fl_arg args[] = {fl_arg_number(head->log_id)};
    fl_status status = fl_db_run(&hub->db,
                                 "SELECT older, newer, root, proof FROM fadeline.evidence WHERE log_id = $1"
                                 " AND kind = 'fork' ORDER BY seen_us DESC, id LIMIT 1",
                                 args, 1, &result);
    if (status != FL_OK) return fl_db_failed(&hub->db, status, "cannot read the evidence", error);
    if (PQntuples(result) != 1)
        status = fl_error_set(error, FL_E_NO, "there is no evidence of a fork of this log");
    else {
        size_t root_size, proof_size;
        fl_evidence read = {0};
        const void *root = fl_db_bytes(result, 0, 2, &root_size),
                   *proof = fl_db_bytes(result, 0, 3, &proof_size);
        if (!fl_db_text(result, 0, 0, read.older, sizeof read.older) ||
            !fl_db_text(result, 0, 1, read.newer, sizeof read.newer) || root_size != sizeof(fl_hash) ||
            proof_size % sizeof(fl_hash) || proof_size > sizeof read.claim.proof.hash)
            status = fl_error_set(error, FL_E_DAMAGED, "the stored evidence is unusable");
        else {
            memcpy(&read.claim.root, root, root_size);
            if (proof_size) memcpy(read.claim.proof.hash, proof, proof_size);
            read.claim.proof.count = (unsigned)(proof_size / sizeof(fl_hash));
            *evidence = read;
        }
    }
    PQclear(result);
    return status;
}
