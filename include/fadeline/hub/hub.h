/* Hub: the logs of several clinics in one PostgreSQL, and a witness that each only grew.
 *
 * A console delivers its entries and offers a signed checkpoint (push.h). The witness, who alone holds the
 * hub's key, reads back what is really stored, recomputes the tree, compares with the checkpoint, moves the
 * log's head on, and only then cosigns. A log that shows two histories is frozen for good, with the evidence
 * (judge.h).
 *
 *     fl_hub *hub;
 *     status = fl_hub_init("postgresql:///fadeline", &signer.vkey, &made, &error);      // once, by the owner
 *     status = fl_hub_open("postgresql:///fadeline", 0, &hub, &error);
 *     status = fl_hub_enrol(hub, "clinic.example/7/console-2", vkey, "clinic-7", NULL, &error);
 *     fl_hub_close(hub);
 *
 * Everything is in the schema `fadeline` of a database of its own. Rights are the database's: three group
 * roles, and row-level policies. A login in fadeline_site sees the logs of the sites it was given and
 * proposes entries for them (push.h); fadeline_service reads everywhere, writes entries and moves heads;
 * neither can change or delete an entry. The owner of the tables, and members of fadeline_owner (reading
 * only), see all.
 *
 * Nothing here needs a superuser, an extension, a trigger, a sequence, an advisory lock or LISTEN. A
 * connection that is lost and a transaction that has to begin again (SQLSTATE 40001) are tried again by
 * themselves.
 *
 * A hub is real or simulated for ever, as a log is: its name begins with "SIMULATED/" or it does not, and it
 * takes only logs of its own nature.
 */
#ifndef FL_HUB_HUB_H
#define FL_HUB_HUB_H

#include "fadeline/base/error.h"
#include "fadeline/base/place.h"
#include "fadeline/hub/judge.h"

#define FL_HUB_SITE_MAX 63
#define FL_HUB_SCHEMA 2 /* version of the tables */

typedef struct fl_hub fl_hub;

typedef struct fl_hub_about {
    bool simulated, made; /* made: by this call of init */
    bool row_rights;      /* false: this engine has no row-level security, and sites get no logins */
    unsigned version;
    char name[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX];
    char server[80]; /* as the server calls itself */
} fl_hub_about;

/* The hub's cosigning key: a file of mode 0600 with one line. FL_E_FILE when the file exists. */
FL_MUST_USE fl_status fl_hub_key_make(const char *path, const char *name, bool simulated, fl_signer *signer,
                                      fl_error *error);
/* FL_E_NO: there is no such file. FL_E_FILE: others may read it, or it is not such a key. */
FL_MUST_USE fl_status fl_hub_key_read(const char *path, fl_signer *signer, fl_error *error);

/* Makes the tables, roles and policies, or finds them as they should be. FL_E_NO for a database that holds
 * something else, another version, or a hub with another key. */
FL_MUST_USE fl_status fl_hub_init(const char *uri, const fl_vkey *witness, fl_hub_about *about,
                                  fl_error *error);
/* attempts: how often a transaction is tried, 0: six times. The uri must outlive the hub. FL_E_NO: there is
 * no hub in this database. */
FL_MUST_USE fl_status fl_hub_open(const char *uri, unsigned attempts, fl_hub **hub, fl_error *error);
void fl_hub_close(fl_hub *hub); /* NULL is fine */
const fl_hub_about *fl_hub_what(const fl_hub *hub);

/* The owner's act. login: a database role that may then push this site's logs; NULL: none. Doing it again
 * changes nothing; another key or site for a log is FL_E_NO. */
FL_MUST_USE fl_status fl_hub_enrol(fl_hub *hub, const char *origin, const char *vkey, const char *site,
                                   const char *login, fl_error *error);

typedef struct fl_hub_head {
    char origin[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX], site[FL_HUB_SITE_MAX + 1];
    uint64_t log_id; /* the key of its rows: the first 8 bytes of SHA-256(origin) */
    fl_tree tree;    /* as witnessed; tree.size is the head */
    fl_hash root;
    char checkpoint[FL_CHECKPOINT_MAX]; /* the signed note over it; empty at size 0 */
    bool frozen;
} fl_hub_head;

/* FL_E_NO: not enrolled, or not visible to this login. */
FL_MUST_USE fl_status fl_hub_find(fl_hub *hub, const char *origin, fl_hub_head *head, fl_error *error);
/* All that this login sees, by site and origin; free(*heads). */
FL_MUST_USE fl_status fl_hub_logs(fl_hub *hub, fl_hub_head **heads, size_t *count, fl_error *error);
/* The newest cosigned checkpoint (note and cosignature together). FL_E_NO when there is none. */
FL_MUST_USE fl_status fl_hub_cosigned(fl_hub *hub, const fl_hub_head *head,
                                      char note[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX], fl_error *error);
/* The newest evidence of a fork. FL_E_NO when there is none. */
FL_MUST_USE fl_status fl_hub_evidence(fl_hub *hub, const fl_hub_head *head, fl_evidence *evidence,
                                      fl_error *error);
uint64_t fl_hub_log_id(const char *origin);

#endif
