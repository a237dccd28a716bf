#include "schema.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"

#include <stdio.h>
#include <string.h>

/* Keys begin with log_id, a piece of a hash: rows of one log lie together, logs lie apart, and no counter is
 * shared by all writers. Nothing refers to anything by a foreign key: the witness recomputes instead, and a
 * look-up in another table for every entry would cost more than it proves. */
static const char tables[] =
    "CREATE SCHEMA fadeline;"
    "CREATE TABLE fadeline.hub(one int8 PRIMARY KEY CHECK(one=1), version int8 NOT NULL, name text NOT NULL,"
    " vkey text NOT NULL, row_rights bool NOT NULL);"
    "CREATE TABLE fadeline.log(origin text PRIMARY KEY, log_id int8 NOT NULL UNIQUE, vkey text NOT NULL,"
    " site text NOT NULL, size int8 NOT NULL DEFAULT 0 CHECK(size>=0), range bytea NOT NULL DEFAULT '\\x',"
    " root bytea NOT NULL, checkpoint text NOT NULL DEFAULT '', frozen bool NOT NULL DEFAULT false);"
    "CREATE TABLE fadeline.entry(log_id int8 NOT NULL, idx int8 NOT NULL CHECK(idx>=0),"
    " leaf bytea NOT NULL CHECK(length(leaf)=32), data bytea NOT NULL CHECK(length(data) BETWEEN 2 AND "
    "65535),"
    " PRIMARY KEY(log_id, idx));"
    /* What sites put there is a proposal: rows with a `nonce` in their key never stand in another one's way.
     */
    "CREATE TABLE fadeline.inbox(log_id int8 NOT NULL, first int8 NOT NULL CHECK(first>=0),"
    " name bytea NOT NULL CHECK(length(name)=32), nonce int8 NOT NULL,"
    " data bytea NOT NULL CHECK(length(data) BETWEEN 4 AND 16777472),"
    " PRIMARY KEY(log_id, first, name, nonce));"
    "CREATE TABLE fadeline.offer(log_id int8 NOT NULL, size int8 NOT NULL CHECK(size>=0),"
    " nonce int8 NOT NULL, note text NOT NULL CHECK(length(note)<4096), old int8 NOT NULL CHECK(old>=0), "
    "old_root bytea NOT NULL,"
    " proof bytea NOT NULL, names bytea NOT NULL,"
    " since_us int8 NOT NULL DEFAULT (extract(epoch FROM now()) * 1000000)::int8,"
    " PRIMARY KEY(log_id, size, nonce));"
    "CREATE TABLE fadeline.cosig(log_id int8 NOT NULL, size int8 NOT NULL, note text NOT NULL,"
    " line text NOT NULL, PRIMARY KEY(log_id, size));"
    "CREATE TABLE fadeline.evidence(log_id int8 NOT NULL, id bytea NOT NULL, kind text NOT NULL,"
    " older text NOT NULL, newer text NOT NULL, root bytea NOT NULL, proof bytea NOT NULL, seen_us int8 NOT "
    "NULL, PRIMARY KEY(log_id, id));"
    "CREATE TABLE fadeline.member(login text NOT NULL, site text NOT NULL, PRIMARY KEY(login, site));";

static const char *const roles[] = {"fadeline_site", "fadeline_service", "fadeline_owner"};

/* No UPDATE or DELETE on entry, cosig or evidence for anybody; log loses no row and takes none but the
 * owner's. Only the witness writes entries; sites propose, and he clears away what is settled. */
static const char grants[] =
    "GRANT USAGE ON SCHEMA fadeline TO fadeline_service, fadeline_owner;"
    "GRANT SELECT ON fadeline.hub, fadeline.log, fadeline.entry, fadeline.inbox,"
    " fadeline.offer, fadeline.cosig, fadeline.evidence, fadeline.member TO fadeline_service, fadeline_owner;"
    "GRANT INSERT ON fadeline.entry, fadeline.inbox, fadeline.offer, fadeline.cosig, fadeline.evidence"
    " TO fadeline_service;"
    "GRANT DELETE ON fadeline.inbox, fadeline.offer TO fadeline_service;"
    "GRANT UPDATE(size, range, root, checkpoint, frozen) ON fadeline.log TO fadeline_service;";

static const char site_grants[] =
    "GRANT USAGE ON SCHEMA fadeline TO fadeline_site;"
    "GRANT SELECT ON fadeline.hub, fadeline.log, fadeline.entry, fadeline.inbox, fadeline.offer,"
    " fadeline.cosig, fadeline.evidence, fadeline.member TO fadeline_site;"
    "GRANT INSERT ON fadeline.inbox TO fadeline_site;"
    /* Since when an offer waits, the server says. */
    "GRANT INSERT(log_id, size, nonce, note, old, old_root, proof, names) ON fadeline.offer"
    " TO fadeline_site;";

/* A site sees rows of logs it sees; it sees logs of sites its login was given. */
#define MINE "log_id IN (SELECT l.log_id FROM fadeline.log l)"
#define ALL_OF(table)                                                                                        \
    "ALTER TABLE fadeline." table " ENABLE ROW LEVEL SECURITY;"                                              \
    "CREATE POLICY all_service ON fadeline." table " TO fadeline_service USING (true) WITH CHECK (true);"    \
    "CREATE POLICY all_owner ON fadeline." table " FOR SELECT TO fadeline_owner USING (true);"
#define READS(table)                                                                                         \
    "CREATE POLICY site_reads ON fadeline." table " FOR SELECT TO fadeline_site USING (" MINE ");"
#define ADDS(table)                                                                                          \
    "CREATE POLICY site_adds ON fadeline." table " FOR INSERT TO fadeline_site WITH CHECK (" MINE ");"

static const char policies[] = ALL_OF("log") ALL_OF("entry") ALL_OF("inbox") ALL_OF("offer") ALL_OF("cosig")
    ALL_OF("evidence") ALL_OF("member") "CREATE POLICY site_reads ON fadeline.member FOR SELECT TO "
                                        "fadeline_site USING (login = current_user);"
                                        "CREATE POLICY site_reads ON fadeline.log FOR SELECT TO fadeline_site"
                                        " USING (site IN (SELECT m.site FROM fadeline.member m WHERE m.login "
                                        "= current_user));" READS("entry") READS("inbox") READS("offer")
                                            READS("cosig") READS("evidence") ADDS("inbox") ADDS("offer");

static fl_status count_of(fl_db *db, const char *sql, uint64_t *count)
{
    PGresult *result;
    const fl_status status = fl_db_run(db, sql, NULL, 0, &result);
    if (status != FL_OK) return status;
    *count = fl_db_number(result, 0, 0);
    PQclear(result);
    return FL_OK;
}

/* Tables that are neither the system's nor ours. */
static fl_status refuse_foreign(fl_db *db, fl_error *error)
{
    PGresult *result;
    fl_status status = fl_db_run(
        db,
        "SELECT n.nspname::text || '.' || c.relname::text, count(*) OVER () FROM pg_catalog.pg_class c"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', "
        "'f')"
        " AND n.nspname NOT IN ('information_schema', 'fadeline', 'crdb_internal', 'pg_extension')"
        " AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1 LIMIT 1",
        NULL, 0, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot look into the database", error);
    char name[128] = "?";
    const bool foreign = PQntuples(result) > 0;
    const uint64_t count = foreign ? fl_db_number(result, 0, 1) : 0;
    if (foreign && !fl_db_text(result, 0, 0, name, sizeof name)) name[0] = '?';
    PQclear(result);
    if (!foreign) return FL_OK;
    fl_error_set(error, FL_E_NO, "this database holds something else: %s%s", name,
                 count > 1 ? " and more" : "");
    return fl_error_hint(error, "a hub wants a database of its own: createdb fadeline");
}

fl_status fl_schema_look(fl_db *db, fl_hub_about *about, fl_error *error)
{
    uint64_t schemas, marks;
    PGresult *result;
    fl_status status =
        count_of(db, "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = 'fadeline'", &schemas);
    if (status == FL_OK && !schemas) return FL_E_NO;
    if (status == FL_OK)
        status = count_of(db,
                          "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                          " ON n.oid = c.relnamespace WHERE n.nspname = 'fadeline' AND c.relname = 'hub'",
                          &marks);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot look into the database", error);
    if (!marks) {
        fl_error_set(error, FL_E_NO, "there is a schema 'fadeline' here that is not a hub's");
        return fl_error_hint(error, "a hub wants a database of its own: createdb fadeline");
    }
    status = fl_db_run(db, "SELECT version, name, vkey, row_rights FROM fadeline.hub WHERE one = 1", NULL, 0,
                       &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot read whose hub this is", error);
    bool good = PQntuples(result) == 1;
    if (good) {
        about->version = (unsigned)fl_db_number(result, 0, 0);
        about->row_rights = fl_db_number(result, 0, 3) != 0;
        good = fl_db_text(result, 0, 1, about->name, sizeof about->name) &&
               fl_db_text(result, 0, 2, about->vkey, sizeof about->vkey);
        about->simulated = fl_text_begins(about->name, FL_JOURNAL_SIMULATED);
    }
    PQclear(result);
    if (!good) return fl_error_set(error, FL_E_DAMAGED, "this hub does not say whose it is");
    if (about->version == FL_HUB_SCHEMA) return FL_OK;
    fl_error_set(error, FL_E_NO, "this hub's tables are version %u, this program knows %u", about->version,
                 FL_HUB_SCHEMA);
    if (about->version > FL_HUB_SCHEMA)
        return fl_error_hint(error, "use the program the hub was made with, or a newer one");
    return fl_error_hint(
        error, "make a hub in a new database with the same key; every console pushes all it has. Keep "
               "the old one: its checkpoints hold against the new one too");
}

/* Roles belong to the whole server, so they may be there from another hub. */
static fl_status make_roles(fl_db *db, fl_error *error)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        char sql[128];
        uint64_t count;
        snprintf(sql, sizeof sql, "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = '%s'", roles[i]);
        fl_status status = count_of(db, sql, &count);
        snprintf(sql, sizeof sql, "CREATE ROLE %s NOLOGIN", roles[i]);
        if (status == FL_OK && !count) status = fl_db_do(db, sql);
        if (status == FL_OK) continue;
        fl_db_failed(db, status, "cannot make the hub's roles", error);
        return fl_error_hint(error, "have an administrator run CREATE ROLE for %s, %s and %s (all NOLOGIN)",
                             roles[0], roles[1], roles[2]);
    }
    return FL_OK;
}

/* An engine without row-level security says so at the first statement; everything before it stays. */
static fl_status make_policies(fl_db *db, bool *row_rights, fl_error *error)
{
    fl_status status = fl_db_do(db, "SAVEPOINT rights");
    if (status == FL_OK) {
        status = fl_db_do(db, policies);
        *row_rights = status == FL_OK;
        const bool unknown = fl_text_same(db->state, "0A000") || fl_text_same(db->state, "42601");
        if (status == FL_E_DEVICE && unknown) status = fl_db_do(db, "ROLLBACK TO SAVEPOINT rights");
    }
    if (status == FL_OK && *row_rights) status = fl_db_do(db, site_grants);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot give out the rights", error);
}

fl_status fl_schema_make(fl_db *db, const fl_vkey *witness, fl_hub_about *about, fl_error *error)
{
    char vkey[FL_VKEY_TEXT_MAX];
    bool row_rights = false;
    fl_status status = refuse_foreign(db, error);
    if (status == FL_OK) status = make_roles(db, error);
    if (status != FL_OK) return status;
    status = fl_db_do(db, tables);
    if (status == FL_OK) status = fl_db_do(db, grants);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot make the hub's tables", error);
    status = make_policies(db, &row_rights, error);
    if (status != FL_OK) return status;
    fl_arg args[] = {fl_arg_number(FL_HUB_SCHEMA), fl_arg_text(witness->name),
                     fl_arg_text(fl_vkey_text(witness, vkey)), fl_arg_number(row_rights)};
    status = fl_db_run(db, "INSERT INTO fadeline.hub VALUES(1, $1, $2, $3, $4 = 1)", args, 4, NULL);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot mark the hub", error);
    about->made = true;
    return fl_schema_look(db, about, error);
}
