/* The owner's acts: the hub's key, and which logs it takes. */
#include "handle.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

fl_status fl_hub_key_make(const char *path, const char *name, bool simulated, fl_signer *signer,
                          fl_error *error)
{
    char whole[FL_NOTE_NAME_MAX + 1], text[FL_VKEY_TEXT_MAX], line[FL_VKEY_TEXT_MAX + 1];
    uint8_t seed[32];
    if (fl_place_exists(path)) {
        fl_error_set(error, FL_E_FILE, "there is a file here already");
        fl_error_hint(error, "a hub keeps its key for ever: move the file away only if it is no hub's");
        return fl_error_at(error, path, 0, 0), FL_E_FILE;
    }
    const bool marked = fl_text_begins(name, FL_JOURNAL_SIMULATED);
    if (marked && !simulated)
        return fl_error_set(error, FL_E_FILE, "a real hub's name does not begin with %s",
                            FL_JOURNAL_SIMULATED);
    if (snprintf(whole, sizeof whole, "%s%s", simulated && !marked ? FL_JOURNAL_SIMULATED : "", name) >=
        (int)sizeof whole)
        return fl_error_set(error, FL_E_FILE, "the name is too long");
    if (fl_random_secret(seed, sizeof seed) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    fl_status status = fl_signer_init(signer, whole, FL_KEY_COSIGNER, seed);
    OPENSSL_cleanse(seed, sizeof seed);
    if (status != FL_OK) {
        fl_error_set(error, FL_E_FILE, "'%.100s' cannot be the name of a hub", whole);
        return fl_error_hint(error, "no spaces and no '+', like hub.example/witness-1");
    }
    const int size = snprintf(line, sizeof line, "%s\n", fl_signer_text(signer, text));
    status = fl_place_write(path, line, (size_t)size, 0600, error);
    OPENSSL_cleanse(line, sizeof line);
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

fl_status fl_hub_key_read(const char *path, fl_signer *signer, fl_error *error)
{
    struct stat about;
    char *bytes;
    size_t size;
    if (stat(path, &about) != 0 && errno == ENOENT) {
        fl_error_set(error, FL_E_NO, "there is no hub key here");
        return fl_error_at(error, path, 0, 0), FL_E_NO;
    }
    fl_status status = fl_place_read(path, 4096, &bytes, &size, error);
    if (status != FL_OK) return status;
    if (stat(path, &about) == 0 && about.st_mode & 077) {
        status = fl_error_set(error, FL_E_FILE, "others may read the hub's key");
        fl_error_hint(error, "chmod 600; and if others did read it, the hub needs a new key and a new name");
    } else {
        char *newline = strchr(bytes, '\n');
        if (newline) *newline = 0;
        if (!newline || newline + 1 != bytes + size || fl_signer_read(bytes, signer) != FL_OK ||
            signer->vkey.type != FL_KEY_COSIGNER)
            status = fl_error_set(error, FL_E_FILE, "this is not a hub's key");
    }
    if (status != FL_OK) fl_error_at(error, path, 0, 0);
    OPENSSL_cleanse(bytes, size);
    free(bytes);
    return status;
}

typedef struct enrolment {
    const char *origin, *vkey, *site, *login;
    fl_hub *hub;
} enrolment;

/* A name for GRANT, in double quotes. Names that need more thought than that are refused before. */
static bool is_login(const char *login)
{
    const size_t size = strlen(login);
    return size && size <= 63 &&
           strspn(login, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == size;
}

static fl_status give_login(fl_db *db, const enrolment *e)
{
    char sql[160];
    fl_arg args[] = {fl_arg_text(e->login), fl_arg_text(e->site)};
    snprintf(sql, sizeof sql, "GRANT fadeline_site TO \"%s\"", e->login);
    const fl_status status = fl_db_do(db, sql);
    if (status != FL_OK) return status;
    return fl_db_run(db, "INSERT INTO fadeline.member VALUES($1, $2) ON CONFLICT DO NOTHING", args, 2, NULL);
}

static fl_status enrol(fl_db *db, void *self, fl_error *error)
{
    const enrolment *e = self;
    PGresult *result;
    fl_hub_head head;
    const fl_tree empty = {0};
    const fl_hash root = fl_tree_root(&empty);
    fl_arg args[] = {fl_arg_text(e->origin), fl_arg_number(fl_hub_log_id(e->origin)), fl_arg_text(e->vkey),
                     fl_arg_text(e->site), fl_arg_bytes(root.byte, sizeof root.byte)};
    fl_status status = fl_db_run(db,
                                 "INSERT INTO fadeline.log(origin, log_id, vkey, site, root)"
                                 " VALUES($1, $2, $3, $4, $5) ON CONFLICT (origin) DO NOTHING",
                                 args, 5, NULL);
    if (status == FL_OK)
        status = fl_db_run(db, "SELECT " FL_HEAD_COLUMNS " FROM fadeline.log l WHERE l.origin = $1", args, 1,
                           &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot enrol the log", error);
    status = PQntuples(result) == 1 ? fl_hub_read_head(result, 0, &head, error) : FL_E_BUG;
    PQclear(result);
    if (status != FL_OK) return status;
    if (!fl_text_same(head.vkey, e->vkey)) {
        fl_error_set(error, FL_E_NO, "'%s' is enrolled with another key", e->origin);
        return fl_error_hint(error, "a log keeps its key for ever; a new installation is a new log");
    }
    if (!fl_text_same(head.site, e->site))
        return fl_error_set(error, FL_E_NO, "'%s' is enrolled for site %s, not %s", e->origin, head.site,
                            e->site);
    if (!e->login) return FL_OK;
    status = give_login(db, e);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot give the login its site", error);
}

fl_status fl_hub_enrol(fl_hub *hub, const char *origin, const char *vkey, const char *site, const char *login,
                       fl_error *error)
{
    enrolment e = {origin, vkey, site, login, hub};
    fl_vkey key;
    if (fl_vkey_read(vkey, &key) != FL_OK || key.type != FL_KEY_ED25519 || !fl_text_same(key.name, origin)) {
        fl_error_set(error, FL_E_FILE, "this is not the key of the log '%.100s'", origin);
        return fl_error_hint(error,
                             "fadeline journal checkpoint --json prints origin and key at the console");
    }
    if (!*site || strlen(site) > FL_HUB_SITE_MAX || !fl_entry_takes(site))
        return fl_error_set(error, FL_E_FILE, "a site is a short code of at most %d bytes", FL_HUB_SITE_MAX);
    if (fl_text_begins(origin, FL_JOURNAL_SIMULATED) != hub->about.simulated) {
        fl_error_set(error, FL_E_NO, "a %s log does not go into a %s hub",
                     hub->about.simulated ? "real" : "SIMULATED",
                     hub->about.simulated ? "SIMULATED" : "real");
        return fl_error_hint(error, "virtual pulses never stand beside real ones; take the other hub");
    }
    if (login && !is_login(login))
        return fl_error_set(error, FL_E_FILE, "'%.80s' is no name this program gives rights to", login);
    if (login && !hub->about.row_rights) {
        fl_error_set(error, FL_E_NO,
                     "this engine has no row-level security: a site gets no login of its own");
        return fl_error_hint(error, "push through the service's login, from a machine of the owner");
    }
    return fl_db_transact(&hub->db, enrol, &e, error);
}
